"""An issue as Telegram messages: text with entities, split between items, within every limit of Telegram."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.render.announcement import Announcement, announcement
from bot.render.layout import Layout, Line, lay_out
from bot.render.spans import Span, Spans
from bot.texts import say
from store.messages import Text, utf16_length
from store.records import FrozenIssue, Notice

LIMIT_UNITS = 4096
LIMIT_ENTITIES = 100
AIM_UNITS = 3500  # what is left to the limit is for later corrections of a part
_FIRST_LINE_UNITS = 80  # kept free for "issue 32 · 2/3"
_HEADING_UNITS = 600
_PART_UNITS = AIM_UNITS - _FIRST_LINE_UNITS
_BLOCK_UNITS = _PART_UNITS - _HEADING_UNITS - 2  # so that the longest heading and the longest item fit one part
_BLOCK_LINKS = 40  # of one item or notice; more would crowd out its neighbours
_GAP = "\n\n"
ITEM = "item"
_WORD_JOINER = "\u2060"
_LIVELY = re.compile(r"(?<!\w)([@/])(?=\w)")


@dataclass(frozen=True, slots=True)
class _Block:
    """What is never split; a heading stays with what follows it. `kind` is what it is a piece of."""

    text: Text
    heading: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What always stands in one part. `name` tells it from the others: what it is, and the how manieth of those."""

    name: tuple[str, int]
    text: Text


def defuse(text: str) -> str:
    """Return a text in which Telegram finds no mention and no command: a word joiner follows each @ and /."""
    return _LIVELY.sub(rf"\1{_WORD_JOINER}", text)


def shorten(text: str, units: int) -> str:
    """Return a text of at most so many UTF-16 units, its end replaced by … where it was longer."""
    if utf16_length(text) <= units:
        return text
    kept = text[: max(units - 1, 0)]
    while utf16_length(kept) > units - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _linked(spans: Iterable[Span]) -> Text:
    whole = Text()
    for span in spans:
        crowded = len(whole.entities) >= _BLOCK_LINKS
        shown = span.text if span.url == span.text else defuse(span.text)
        whole += Text(shown) if crowded else Text.link(shown, span.url)
    return whole


def _item(line: Line) -> Text:
    """Return an item; one that would not fit a part by itself loses the end of its title, then its last brackets."""
    marks = Text(defuse(f" ({line.media})") if line.media else "")
    for bracket in line.brackets:
        longer = marks + " " + _linked(Span(shorten(span.text, _HEADING_UNITS), span.url) for span in bracket)
        if longer.units > _BLOCK_UNITS // 2 or len(longer.entities) > _BLOCK_LINKS:
            break
        marks = longer
    title = shorten(defuse(line.title.text), _BLOCK_UNITS - marks.units)
    return Text.link(title, line.title.url) + marks


def _stretches(text: str) -> Iterable[Span]:
    """Yield a text in stretches that end between two words, each a small part of a message."""
    for match in re.finditer(r"\s*\S{1,400}(?:\s+\S{1,80}){0,4}|\s+", text):
        yield Span(match.group())


def _cut(paragraph: Spans) -> Iterable[Text]:
    """Yield a written paragraph in pieces that fit a part; nearly always it is one piece."""
    piece = Text()
    for span in paragraph:
        for word in [span] if span.url else _stretches(span.text):
            added = _linked([Span(shorten(word.text, _BLOCK_UNITS), word.url)])
            longer = piece + added
            if longer.units > _BLOCK_UNITS or len(longer.entities) > _BLOCK_LINKS:
                yield piece
                longer = added
            piece = longer
    yield piece


def _trimmed(text: Text) -> Text:
    """Return a text without white space around it; Telegram would take it off and leave the entities behind."""
    start = utf16_length(text.text) - utf16_length(text.text.lstrip())
    moved = tuple(
        type(entity)(entity.kind, entity.offset - start, entity.length, entity.url) for entity in text.entities
    )
    return Text(text.text.strip(), moved)


def _written(paragraphs: Iterable[Spans]) -> list[_Block]:
    pieces = (_trimmed(piece) for paragraph in paragraphs for piece in _cut(paragraph))
    return [_Block(piece) for piece in pieces if piece.text]


def _heading(text: str) -> Text:
    return Text.bold(shorten(defuse(text), _HEADING_UNITS))


def _opening(page: Layout) -> list[_Block]:
    lines = [_heading(page.heading)]
    if page.subtitle:
        lines.append(Text.italic(shorten(defuse(page.subtitle), _HEADING_UNITS)))
    addresses = [("render-web", page.address), ("render-pdf", page.pdf_address)]
    links = [Text.link(say(page.language, key), url) for key, url in addresses if url]
    if links:
        lines.append(Text.join(" · ", links))
    highlights = _written([(Span(page.highlights),)] if page.highlights else [])
    first = [_Block(Text.join("\n", lines)), *_written(page.intro)]
    return [*first, *_of_kind("highlights", highlights)]


def _notice(notice: Announcement) -> list[_Block]:
    lines = [_heading(notice.title)] if notice.title else []
    lines += [_linked(fact) for fact in notice.facts]
    for listing in notice.lists:
        lines += [Text(f"{listing.word}:"), *(Text(f"– {defuse(entry)}") for entry in listing.entries)]
    paragraphs = _written(notice.paragraphs)
    together = Text.join("\n", lines)
    if together.units > _BLOCK_UNITS:
        return [block for each in lines for block in _written([(Span(each.text),)])] + paragraphs
    if lines and paragraphs and together.units + paragraphs[0].text.units < _BLOCK_UNITS:
        return [_Block(together + "\n" + paragraphs[0].text), *paragraphs[1:]]
    return ([_Block(together)] if lines else []) + paragraphs


def notice_text(notice: Notice, issue: FrozenIssue) -> tuple[Text, ...]:
    """Return a notice as the messages of an issue print it, a text for each part that it may be split into."""
    return tuple(block.text for block in _notice(announcement(notice, issue)))


def _of_kind(kind: str, blocks: Iterable[_Block]) -> list[_Block]:
    return [replace(block, kind=kind) for block in blocks]


def _blocks(page: Layout) -> list[_Block]:
    blocks = _opening(page)
    for section in page.blocks:
        blocks.append(_Block(_heading(section.title), heading=True))
        blocks += [_Block(_item(line), kind=ITEM) for line in section.lines]
    if page.notices:
        blocks.append(_Block(_heading(page.notices_title), heading=True))
        blocks += [block for notice in page.notices for block in _notice(notice)]
    return blocks + _written(page.footer)


def groups(issue: FrozenIssue) -> Iterable[Group]:
    """Yield what stands together: each block, a heading with the one after it; items are counted from 0."""
    waiting, counted = Text(), Counter[str]()
    for block in _blocks(lay_out(issue)):
        text = waiting + _GAP + block.text if waiting.text else block.text
        if block.heading:
            waiting = text
        else:
            yield Group((block.kind, counted[block.kind]), text)
            counted[block.kind] += 1
            waiting = Text()


def _fits(text: Text, more: Text) -> bool:
    units = text.units + len(_GAP) + more.units
    return units <= _PART_UNITS and len(text.entities) + len(more.entities) < LIMIT_ENTITIES


def share_out(found: Sequence[Group]) -> tuple[int, ...]:
    """Return the part that each group goes into, counted from 0: as many together as fit."""
    places: list[int] = []
    filled = Text()
    for group in found:
        begins = bool(places) and not _fits(filled, group.text)
        filled = filled + _GAP + group.text if places and not begins else group.text
        places.append(places[-1] + begins if places else 0)
    return tuple(places)


def put_together(issue: FrozenIssue, found: Sequence[Group], places: Sequence[int], parts: int) -> tuple[Text, ...]:
    """Return the messages of an issue whose groups were shared out so; later ones begin with "issue 32 · 2/3"."""
    whole: list[list[Text]] = [[_first_line(issue, part + 1, parts)] if part else [] for part in range(parts)]
    for group, place in zip(found, places, strict=True):
        whole[place].append(group.text)
    return tuple(Text.join(_GAP, texts) for texts in whole)


def render(issue: FrozenIssue) -> tuple[Text, ...]:
    """Return the messages of an issue, in order."""
    found = list(groups(issue))
    places = share_out(found)
    return put_together(issue, found, places, max(places, default=-1) + 1)


def _first_line(issue: FrozenIssue, place: int, parts: int) -> Text:
    return Text.italic(say(issue.language, "render-part", number=issue.number, part=place, parts=parts))
