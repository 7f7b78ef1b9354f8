"""Pieces of a line, each a link where it has an address."""

from dataclasses import dataclass

from bot.render import style


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line, a link where it has an address."""

    text: str
    url: str | None = None


Spans = tuple[Span, ...]


def spans_of(text: str) -> Spans:
    """Return a text as pieces, its addresses linked."""
    return tuple(Span(piece, url) for piece, url in style.find_links(text))


def written(text: str) -> tuple[Spans, ...]:
    """Return the paragraphs of what somebody wrote, as pieces with their addresses linked."""
    return tuple(spans_of(paragraph) for paragraph in style.paragraphs(text))
