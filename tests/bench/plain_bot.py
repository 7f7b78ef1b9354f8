"""The peer of the intake: a plain bot of python-telegram-bot that stores a row for each link, and does nothing else."""

import sys
from pathlib import Path

import aiosqlite
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

TABLE = "CREATE TABLE links (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, url TEXT NOT NULL)"


async def open_database(application: Application) -> None:  # type: ignore[type-arg]
    connection = await aiosqlite.connect(Path(sys.argv[3]))
    await connection.execute("PRAGMA journal_mode=WAL")
    await connection.execute("PRAGMA synchronous=FULL")
    await connection.execute(TABLE)
    await connection.commit()
    application.bot_data["database"] = connection


async def store(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Store the links of a message, and answer it once they are."""
    message, user = update.effective_message, update.effective_user
    if message is None or user is None:
        return
    rows = [(user.id, url) for url in message.parse_entities(["url"]).values()]
    database: aiosqlite.Connection = context.bot_data["database"]
    await database.executemany("INSERT INTO links (user_id, url) VALUES (?, ?)", rows)
    await database.commit()


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.callback_query is not None:
        await update.callback_query.answer("Done")


def main() -> None:
    """Poll with a token at an address: `plain_bot TOKEN API_URL DATABASE`."""
    builder = Application.builder().token(sys.argv[1]).base_url(f"{sys.argv[2]}/bot").post_init(open_database)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, store))
    application.add_handler(CallbackQueryHandler(answer))
    application.run_polling()


if __name__ == "__main__":
    main()
