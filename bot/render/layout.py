"""An issue as every rendering prints it: cleaned, worded, linked and dated once, so that no two of them can differ."""

from dataclasses import dataclass

from bot.render import style
from bot.render.announcement import Announcement, announcement
from bot.render.spans import Span, Spans, written
from bot.texts import say
from store.records import Citation, FrozenIssue, MediaType, PrintedItem


@dataclass(frozen=True, slots=True)
class Line:
    """An item as printed: the title, a word such as "video" or "", and one bracket for each citation.

    `language` is the title's own (BCP 47) where it is not the issue's, else "". `copies` are links to archived copies,
    for pages on the web only: elsewhere they would crowd the line.
    """

    title: Span
    media: str
    brackets: tuple[Spans, ...]
    language: str = ""
    copies: Spans = ()

    @property
    def spans(self) -> Spans:
        """The whole line, `Title (video) (Source, February 5th) (Other, January 31st)`."""
        marks = (Span(f" ({self.media})"),) if self.media else ()
        return (self.title, *marks, *(span for bracket in self.brackets for span in (Span(" "), *bracket)))

    @property
    def links(self) -> tuple[str, ...]:
        """Every address of the line, in order."""
        return tuple(span.url for span in self.spans if span.url)


@dataclass(frozen=True, slots=True)
class Block:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All that is printed of an issue, in order. `highlights` is the whole line or "".

    `corrected` says when it was corrected last, "" where it never was, and `corrections` what; Telegram's messages,
    which are edited one by one, leave both out.
    """

    language: str
    bulletin: str
    heading: str
    subtitle: str
    intro: tuple[Spans, ...]
    highlights: str
    blocks: tuple[Block, ...]
    notices_title: str
    notices: tuple[Announcement, ...]
    footer: tuple[Spans, ...]
    address: str | None
    pdf_address: str | None
    home: str | None
    corrected: str = ""
    corrections: tuple[str, ...] = ()


def heading(issue: FrozenIssue) -> str:
    """Return "News from Ukraine Bulletin 32 (5 February 2023)" in the issue's language."""
    day = style.long_date(issue.date, issue.language)
    name = style.clean(issue.bulletin)
    return say(issue.language, "render-heading", bulletin=name, number=issue.number, date=day)


def bracket(citation: Citation, issue: FrozenIssue, *, linked: bool) -> Spans:
    """Return `(Source, February 5th)`; where `linked`, the source (or what stands in its place) has the link."""
    source = style.clean(citation.source)
    when = style.date_text(citation.date, issue.language, issue.date.year)
    url = style.safe_url(citation.url) if linked else None
    words = [word for word in (source, when) if word]
    if not words and url:  # a second address without source or date must not be lost
        words = [url.split("/")[2]]
    if not words:
        return ()
    if url is None:
        return (Span(f"({', '.join(words)})"),)
    return Span("("), Span(words[0], url), Span("".join(f", {word}" for word in words[1:]) + ")")


def _copies(item: PrintedItem, issue: FrozenIssue) -> Spans:
    """Return a link to the archived copy of each page that has one."""
    kept = (style.safe_url(each.archived) for each in item.citations)
    return tuple(Span(say(issue.language, "render-archived-copy"), url) for url in kept if url)


def line(item: PrintedItem, issue: FrozenIssue) -> Line:
    """Return an item as it is printed in this issue."""
    first = style.safe_url(item.citations[0].url) if item.citations else None
    brackets = [bracket(each, issue, linked=place > 0) for place, each in enumerate(item.citations)]
    language = style.language_tag(item.language)
    return Line(
        title=Span(style.clean(item.title) or first or "…", first),
        media="" if item.media_type is MediaType.ARTICLE else say(issue.language, f"render-{item.media_type}"),
        brackets=tuple(each for each in brackets if each),
        language="" if language == style.language_tag(issue.language) else language,
        copies=_copies(item, issue),
    )


def _highlights(issue: FrozenIssue) -> str:
    words = [style.clean(each) for each in issue.highlights]
    listed = "; ".join(word for word in words if word)
    return say(issue.language, "render-highlights", highlights=listed) if listed else ""


def _corrected(issue: FrozenIssue) -> str:
    if issue.corrected_on is None:
        return ""
    return say(issue.language, "render-corrected", date=style.long_date(issue.corrected_on, issue.language))


def lay_out(issue: FrozenIssue) -> Layout:
    """Return the issue as every rendering prints it."""
    return Layout(
        language=style.language_tag(issue.language) or "en",
        bulletin=style.clean(issue.bulletin),
        heading=heading(issue),
        subtitle=style.clean(issue.subtitle),
        intro=written(issue.intro),
        highlights=_highlights(issue),
        blocks=tuple(
            Block(style.clean(section.title), tuple(line(item, issue) for item in section.items))
            for section in issue.sections
            if section.items
        ),
        notices_title=say(issue.language, "render-notices") if issue.notices else "",
        notices=tuple(announcement(notice, issue) for notice in issue.notices),
        footer=written(issue.footer),
        address=style.safe_url(issue.address),
        pdf_address=style.safe_url(issue.pdf_address),
        home=style.safe_url(issue.home),
        corrected=_corrected(issue),
        corrections=tuple(style.clean(each) for each in issue.corrections),
    )
