"""The road to Telegram: each call waits for its turn, and each failure says what it proves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from ssl import PROTOCOL_TLS_CLIENT, SSLContext

from httpx import create_ssl_context
from telegram import (
    Bot,
    ChatMember,
    ChatMemberAdministrator,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.delivery.outcome import Failure, of_telegram_answer, of_telegram_silence
from bot.delivery.pace import Kind, Pace
from bot.errors import NotSent, OperatorError, Refused
from bot.ports import ChatFacts, Clock
from bot.settings import Settings
from store.messages import Buttons, Text

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
POOL_SECONDS = 30.0
_CODES = ((InvalidToken, 401), (Forbidden, 403), (BadRequest, 400), (Conflict, 409))
_UNCHANGED = "message is not modified"
_OLD_QUERY = ("query is too old", "query id is invalid", "query_id_invalid")


def make_bot(settings: Settings) -> Bot:
    """Return the client of the Bot API of the settings; raises OperatorError when there is no token."""
    if settings.telegram_token is None:
        raise OperatorError("BULLETIN_TELEGRAM_TOKEN is not set: give the token that @BotFather gave for your bot.")
    root = settings.telegram_api_url
    # One for both, since reading all certificates takes time; a server of plain HTTP needs none, and trusts none.
    tls = create_ssl_context(trust_env=False) if root.startswith("https:") else SSLContext(PROTOCOL_TLS_CLIENT)
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=_request(64, tls),
        get_updates_request=_request(2, tls),
    )


async def ask_name(settings: Settings) -> str:
    """Return the @name that Telegram knows the token's bot by; raises what its refusal means."""
    try:
        async with make_bot(settings) as bot:
            return bot.username
    except TelegramError as error:
        raise meaning(error) from error


def _request(connections: int, tls: SSLContext) -> HTTPXRequest:
    # The environment's proxies are not for us: what goes to Telegram must not pass a stranger (TELEGRAM.md).
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        pool_timeout=POOL_SECONDS,
        httpx_kwargs={"trust_env": False, "verify": tls},
    )


def meaning(error: TelegramError) -> Failure:
    """Return what an error of the Telegram library proves.

    BadRequest and TimedOut are NetworkErrors there, so the order matters; an error without a class of its own is a
    5xx or an unreadable answer, unless the transport's error behind it says that the request never left.
    """
    words = error.message
    if isinstance(error, ChatMigrated):
        return of_telegram_answer(400, words, moved_to=error.new_chat_id)
    if isinstance(error, RetryAfter):
        wait = error._retry_after  # the public one is deprecated in its present type
        return of_telegram_answer(429, words, retry_after=wait.total_seconds())
    for known, code in _CODES:
        if isinstance(error, known):
            return of_telegram_answer(code, words)
    return of_telegram_silence(words, error.__cause__ if isinstance(error, NetworkError) else None)


class TelegramCourier:
    """Telegram, one call each; implements `bot.ports.Courier`."""

    def __init__(self, bot: Bot, pace: Pace, clock: Clock) -> None:
        self._bot = bot
        self._pace = pace
        self._clock = clock

    async def send(
        self,
        chat: int,
        text: Text,
        buttons: Buttons = (),
        *,
        thread: int | None = None,
        silent: bool = False,
        preview: bool = False,
        ask: bool = False,
        reply_to: int | None = None,
    ) -> int:
        """Send one message and return its id."""
        async with self._turn(chat, "send"):
            message = await self._bot.send_message(
                chat,
                text.text,
                entities=_entities(text),
                reply_markup=ForceReply() if ask else _keyboard(buttons),
                message_thread_id=thread,
                disable_notification=silent,
                link_preview_options=LinkPreviewOptions(is_disabled=not preview),
                reply_parameters=_reply(reply_to),
            )
        return message.message_id

    async def edit(self, chat: int, message: int, text: Text, buttons: Buttons = ()) -> None:
        """Change one message; a message that already reads so is a success."""
        try:
            async with self._turn(chat, "edit"):
                await self._bot.edit_message_text(
                    text.text,
                    chat_id=chat,
                    message_id=message,
                    entities=_entities(text),
                    reply_markup=_keyboard(buttons),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
        except NotSent as error:
            if _UNCHANGED not in error.reason.lower():
                raise

    async def send_file(
        self, chat: int, name: str, content: bytes, caption: str = "", *, thread: int | None = None
    ) -> int:
        """Send one file and return the message's id."""
        async with self._turn(chat, "send"):
            message = await self._bot.send_document(
                chat, document=content, filename=name, caption=caption or None, message_thread_id=thread
            )
        return message.message_id

    async def send_photo(
        self, chat: int, name: str, content: bytes, caption: str = "", *, thread: int | None = None
    ) -> int:
        """Send one picture, without a sound, since it goes with a message; return the id of its own."""
        send = partial(self._bot.send_photo, chat, content, filename=name, disable_notification=True)
        async with self._turn(chat, "send"):
            message = await send(caption=caption or None, message_thread_id=thread)
        return message.message_id

    async def download(self, file_id: str, limit_bytes: int) -> bytes:
        """Fetch a file that somebody sent; raises Refused for one that is larger."""
        try:
            file = await self._bot.get_file(file_id)
            if (file.file_size or 0) > limit_bytes:
                raise Refused("file-too-large", n=limit_bytes // 1_000_000)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise meaning(error) from error

    async def answer(self, query: str, text: str = "", *, alert: bool = False) -> None:
        """Answer a button press; an old or unknown query is no error."""
        try:
            await self._bot.answer_callback_query(query, text=text or None, show_alert=alert)
        except TelegramError as error:
            if not any(sign in error.message.lower() for sign in _OLD_QUERY):
                raise meaning(error) from error

    async def facts(self, chat: int | str) -> ChatFacts:
        """Ask what a chat is, by its id or @name, and what the bot may do there."""
        try:
            about = await self._bot.get_chat(chat)
            me = await self._bot.get_chat_member(chat, int(self._bot.token.partition(":")[0]))
        except TelegramError as error:
            raise meaning(error) from error
        title = about.title or about.full_name or ""
        post, edit, pin = _rights(about.type, me)
        return ChatFacts(about.id, str(about.type), title, post, edit, pin, about.username or "")

    @asynccontextmanager
    async def _turn(self, chat: int, kind: Kind) -> AsyncIterator[None]:
        """Wait until the pace allows one call, and give a failure of it its meaning."""
        while (ready := self._pace.ready_at(chat, now := self._clock.now(), kind)) > now:
            await self._clock.sleep((ready - now).total_seconds())
        self._pace.took(chat, now, kind)
        try:
            yield
        except TelegramError as error:
            failure = meaning(error)
            if isinstance(failure, NotSent) and failure.retry_after is not None:
                self._pace.told_to_wait(chat, self._clock.now() + timedelta(seconds=failure.retry_after))
            raise failure from error


def _rights(kind: str, me: ChatMember) -> tuple[bool, bool, bool]:
    """Return whether the bot may post, edit posts, and pin."""
    if kind == "private" or me.status == ChatMember.OWNER:
        return True, True, True
    if isinstance(me, ChatMemberAdministrator):
        if kind == "channel":
            return bool(me.can_post_messages), bool(me.can_edit_messages), bool(me.can_edit_messages)
        return True, True, bool(me.can_pin_messages)
    inside = me.status == ChatMember.MEMBER or (
        me.status == ChatMember.RESTRICTED and bool(getattr(me, "can_send_messages", False))
    )
    return inside and kind != "channel", inside and kind != "channel", False


def _entities(text: Text) -> list[MessageEntity]:
    return [MessageEntity(entity.kind, entity.offset, entity.length, url=entity.url) for entity in text.entities]


def _keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(each.label, callback_data=each.data or None, url=each.url or None) for each in row]
            for row in buttons
        ]
    )


def _reply(message: int | None) -> ReplyParameters | None:
    return ReplyParameters(message, allow_sending_without_reply=True) if message is not None else None
