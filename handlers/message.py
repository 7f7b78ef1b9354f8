"""Reads what a person sent as Telegram writes it: texts, captions, forwards, quotes, buttons, rich messages, files."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from telegram import (
    Chat,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    MessageOriginChannel,
)

from bot.intake.message.written import WEB, Stretch, addresses_in, bracketed, without_addresses, written_out
from store.messages import Incoming, SentFile

LINK_ENTITIES: list[str | None] = [MessageEntity.URL, MessageEntity.TEXT_LINK]
TELEGRAM = "https://t.me"
RICH_WORDS = ("text", "title", "caption", "summary", "credit")
RICH_HEADING = "heading"
RICH_DEPTH = 40


def read_message(message: Message, *, edited: bool = False) -> Incoming:
    """Return what a person sent, its links in order, and the words around them.

    A message without a link of its own speaks of the one that it quotes or replies to; a forwarded channel post
    without any link speaks of itself.
    """
    own = _forwarded_from(message)
    rich = _rich(message.api_kwargs.get("rich_message"))
    written = "\n".join(part for part in (_written(message), rich) if part)
    written = WEB.sub(lambda match: "" if _same_place(match[1] or match[2], own) else match[0], written)
    links = _links(message, written, own)
    quoted = () if links else _quoted(message)
    user = message.from_user
    channel = message.forward_origin.chat if isinstance(message.forward_origin, MessageOriginChannel) else None
    return Incoming(
        chat=message.chat.id,
        sender=user.id if user else 0,
        message=message.message_id,
        sent_at=message.date.astimezone(UTC),
        private=message.chat.type == Chat.PRIVATE,
        text=message.text or message.caption or without_addresses(rich),
        links=links or quoted,
        note=_note(written, links),
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        thread=message.message_thread_id if message.is_topic_message else None,
        language=(user.language_code or "") if user else "",
        readable=bool(message.text or message.caption or written or links or quoted or message.media_group_id),
        written=written,
        quoted=bool(quoted),
        forwarded=message.forward_origin is not None,
        album=message.media_group_id or "",
        edited=edited,
        file=_file(message),
        origin=channel.id if channel else 0,
        origin_title=(channel.title or "") if channel else "",
    )


def _links(message: Message, written: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses of a message in the order in which they stand, each once; those of buttons come last."""
    found = [*addresses_in(written)]
    bare = [words for entity, words in _entities(message) if entity.type == MessageEntity.URL and "://" not in words]
    # Telegram marks addresses without a scheme too: they stand where their words stand.
    found += [link for link in bare if f"https://{link}" not in found]
    found += [link for link in _buttons(message) if not _same_place(link, own)]
    if not found and own:
        found = [own[0]]
    return tuple(dict.fromkeys(link for link in found if not _same_place(link, own) or link == own[0]))


def _entities(message: Message) -> Iterator[tuple[MessageEntity, str]]:
    found = message.parse_entities(LINK_ENTITIES) or message.parse_caption_entities(LINK_ENTITIES)
    yield from found.items()


def _written(message: Message) -> str:
    """Return the text or caption with the addresses behind words, and those without a scheme, written out."""
    text = message.text or message.caption or ""
    return _spelled(text, _entities(message))


def _spelled(text: str, entities: Iterable[tuple[MessageEntity, str]]) -> str:
    hidden = []
    for entity, words in entities:
        if entity.type == MessageEntity.TEXT_LINK and entity.url and words != entity.url:
            hidden.append(Stretch(entity.offset, entity.length, entity.url))
        elif entity.type == MessageEntity.URL and "://" not in words and "/" in words.rstrip("/"):
            hidden.append(Stretch(entity.offset, entity.length, f"https://{words}", instead=True))
    return written_out(text, [stretch for stretch in hidden if stretch.url.lower().startswith(("http://", "https://"))])


def _note(written: str, links: tuple[str, ...]) -> str:
    """Return the words around the links, in one line."""
    bare = {link.removeprefix("https://") for link in links} | set(links)
    return " ".join(word for word in without_addresses(written).split() if word not in bare)


def _forwarded_from(message: Message) -> tuple[str, ...]:
    """Return the addresses of the public channel that a message was forwarded from: its post first, then itself."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginChannel) and origin.chat.username:
        home = f"{TELEGRAM}/{origin.chat.username}"
        return f"{home}/{origin.message_id}", home
    return ()


def _same_place(link: str, places: tuple[str, ...]) -> bool:
    """Tell whether a link leads to one of these places of Telegram, however it is written."""
    return any(_plain_place(link) == _plain_place(place) for place in places)


def _plain_place(link: str) -> str:
    plain = re.sub(r"^(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?:s/)?", "", link.lower())
    return plain.partition("?")[0].rstrip("/")


def _buttons(message: Message) -> list[str]:
    keyboard = message.reply_markup
    if not isinstance(keyboard, InlineKeyboardMarkup):
        return []
    urls = [button.url for row in keyboard.inline_keyboard for button in row if button.url]
    return [url for url in urls if url.lower().startswith(("http://", "https://"))]


def _quoted(message: Message) -> tuple[str, ...]:
    """Return the links that a message without its own speaks of: of the quote, else of what it replies to."""
    found: list[str] = []
    if message.quote is not None:
        spelled = _spelled(message.quote.text, _quote_entities(message))
        found = addresses_in(spelled)
    outside = message.external_reply
    if not found and outside is not None:
        preview = outside.link_preview_options
        found = [str(preview.url)] if preview is not None and preview.url else []
        origin = outside.origin
        if not found and isinstance(origin, MessageOriginChannel) and origin.chat.username:
            found = [f"{TELEGRAM}/{origin.chat.username}/{origin.message_id}"]
    before = message.reply_to_message
    if not found and before is not None and not (before.from_user and before.from_user.is_bot):
        own = _forwarded_from(before)
        found = list(_links(before, _written(before), own))
    return tuple(dict.fromkeys(found))


def _quote_entities(message: Message) -> Iterator[tuple[MessageEntity, str]]:
    quote = message.quote
    for entity in (quote.entities or ()) if quote is not None else ():
        units = (
            quote.text.encode("utf-16-le")[2 * entity.offset : 2 * (entity.offset + entity.length)] if quote else b""
        )
        if entity.type in LINK_ENTITIES:
            yield entity, units.decode("utf-16-le", "replace")


def _file(message: Message) -> SentFile | None:
    document = message.document
    if document is None:
        return None
    return SentFile(document.file_id, document.file_name or "", document.mime_type or "", document.file_size or 0)


def _rich(value: Any, depth: int = 0) -> str:
    """Return the words of a rich message (Bot API 10.1) a line to a block, its addresses written out.

    A newer kind of block is read as far as it has words where the known ones have them.
    """
    if depth > RICH_DEPTH:
        return ""
    if isinstance(value, list):
        return "\n".join(part for part in (_rich(inner, depth + 1) for inner in value) if part)
    if not isinstance(value, dict):
        return ""
    own = "".join(_inline(value[key], depth) for key in RICH_WORDS if key in value)
    link = value.get("url")
    own += f" {bracketed(link)}" if isinstance(link, str) and WEB.match(link) else ""
    mark = "# " if RICH_HEADING in str(value.get("type", "")) and own else ""
    below = [_rich(inner, depth + 1) for key, inner in value.items() if key not in RICH_WORDS]
    return "\n".join(part for part in (mark + own, *below) if part.strip())


def _inline(value: Any, depth: int) -> str:
    """Return running text: a string, a list of pieces, or a piece that is formatted or carries an address."""
    if depth > RICH_DEPTH:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_inline(piece, depth + 1) for piece in value)
    if not isinstance(value, dict):
        return ""
    words = "".join(_inline(value[key], depth + 1) for key in RICH_WORDS if key in value)
    link = value.get("url")
    return f"{words} {bracketed(link)}" if isinstance(link, str) and WEB.match(link) else words
