"""The memory of the bot: records in, records out; it knows nothing of Telegram, mail or HTML."""
