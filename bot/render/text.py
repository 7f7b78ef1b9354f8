"""An issue as plain text and as Markdown (CommonMark), for those who post it on."""

import re
from collections.abc import Iterable

from bot.render.announcement import Announcement
from bot.render.layout import Layout, Line, lay_out
from bot.render.spans import Spans
from bot.texts import say
from store.records import FrozenIssue

_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|#$])")
_LINE_START = re.compile(r"(?m)^([+=-])|^(\d{1,9})([.)])")
_FORMS = (("render-web", "address"), ("render-pdf", "pdf_address"))


def _shown(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def plain_line(line: Line) -> str:
    """Return an item with its addresses below it, a line each."""
    return "\n".join((_shown(line.spans), *dict.fromkeys(line.links)))


def _underlined(title: str, mark: str) -> str:
    return f"{title}\n{mark * min(len(title), 72)}"


def _plain_notice(notice: Announcement) -> str:
    lines = [notice.title] if notice.title else []
    lines += [_shown(fact) for fact in notice.facts]
    for listing in notice.lists:
        lines += [f"{listing.word}:", *(f"- {entry}" for entry in listing.entries)]
    paragraphs = "\n\n".join(_shown(paragraph) for paragraph in notice.paragraphs)
    return "\n".join([*lines, paragraphs] if paragraphs else lines)


def _plain_blocks(page: Layout) -> Iterable[str]:
    yield _underlined(page.heading, "=") + (f"\n{page.subtitle}" if page.subtitle else "")
    forms = [(say(page.language, key), getattr(page, name)) for key, name in _FORMS]
    yield "\n".join(f"{word}: {url}" for word, url in forms if url)
    yield "\n".join([page.corrected, *(f"- {sentence}" for sentence in page.corrections)])
    yield from (_shown(paragraph) for paragraph in page.intro)
    yield page.highlights
    for block in page.blocks:
        yield _underlined(block.title, "-")
        yield from (plain_line(line) for line in block.lines)
    if page.notices:
        yield _underlined(page.notices_title, "-")
        yield from (_plain_notice(notice) for notice in page.notices)
    if page.footer:
        yield "* * *"
        yield from (_shown(paragraph) for paragraph in page.footer)


def plain(issue: FrozenIssue) -> str:
    """Return the issue as plain text, each item followed by its addresses, a line each."""
    return "\n\n".join(block for block in _plain_blocks(lay_out(issue)) if block) + "\n"


def escape(text: str) -> str:
    """Return a text that CommonMark prints as it stands."""
    marked = _SPECIAL.sub(r"\\\1", text)
    return _LINE_START.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", marked)


def _marked(spans: Spans) -> str:
    whole = ""
    for span in spans:
        at_start = not whole or whole.endswith("\n")
        text = escape(span.text) if at_start else escape(f"x{span.text}")[1:]
        if span.url and whole.endswith("!"):
            whole = whole[:-1] + "\\!"  # `![` would make a picture of the link
        whole += f"[{text}](<{span.url}>)" if span.url else text
    return whole


def _breaks(text: str) -> str:
    return text.replace("\n", "\\\n")


def _marked_notice(notice: Announcement) -> str:
    lines = [f"**{escape(notice.title)}**"] if notice.title else []
    lines += [_marked(fact) for fact in notice.facts]
    parts = [lines] if lines else []
    for listing in notice.lists:
        word, entries = f"{escape(listing.word)}:", "\n".join(f"- {escape(entry)}" for entry in listing.entries)
        # the first word stands with the facts above it, a later one apart from the list above it
        parts = [[*parts[0], word], [entries]] if len(parts) == 1 else [*parts, [word], [entries]]
    blocks = [part[0] if part[0].startswith("- ") else _breaks("\n".join(part)) for part in parts]
    return "\n\n".join([*blocks, *(_breaks(_marked(paragraph)) for paragraph in notice.paragraphs)])


def _marked_blocks(page: Layout) -> Iterable[str]:
    yield f"# {escape(page.heading)}"
    yield f"*{escape(page.subtitle)}*" if page.subtitle else ""
    forms = [(say(page.language, key), getattr(page, name)) for key, name in _FORMS]
    yield " · ".join(f"[{escape(word)}](<{url}>)" for word, url in forms if url)
    yield f"**{escape(page.corrected)}**" if page.corrected else ""
    yield "\n".join(f"- {escape(f'x{sentence}')[1:]}" for sentence in page.corrections)
    yield from (_breaks(_marked(paragraph)) for paragraph in page.intro)
    yield escape(page.highlights)
    for block in page.blocks:
        yield f"## {escape(block.title)}"
        yield "\n".join(f"- {_marked(line.spans)}" for line in block.lines)
    if page.notices:
        yield f"## {escape(page.notices_title)}"
        yield from (_marked_notice(notice) for notice in page.notices)
    if page.footer:
        yield "---"
        yield from (_breaks(_marked(paragraph)) for paragraph in page.footer)


def markdown(issue: FrozenIssue) -> str:
    """Return the issue as CommonMark; whatever stands in a title prints as it stands there."""
    return "\n\n".join(block for block in _marked_blocks(lay_out(issue)) if block) + "\n"
