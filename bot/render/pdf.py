"""What typst sets: an issue as PDF, A4 and tagged for screen readers, the same bytes each time; and pictures."""

import json
from datetime import UTC
from typing import TYPE_CHECKING, Literal

from bot.render import style
from bot.render.announcement import Announcement
from bot.render.layout import Layout, Line, lay_out
from bot.render.spans import Spans
from bot.render.template import TEMPLATES
from store.records import FrozenIssue

if TYPE_CHECKING:
    from typst import Compiler

_ACCESSIBLE: Literal["ua-1"] = "ua-1"
_NO_BREAK = "\u00a0"


def _spans(spans: Spans) -> list[dict[str, str | None]]:
    return [{"text": span.text, "url": span.url} for span in spans]


def _line(line: Line) -> dict[str, object]:
    title, *rest = _spans(line.spans)
    return {"title": title, "rest": rest, "language": _language(line.language)}


def _notice(notice: Announcement) -> dict[str, object]:
    return {
        "title": notice.title,
        "facts": [_spans(fact) for fact in notice.facts],
        "lists": [{"word": listing.word, "entries": list(listing.entries)} for listing in notice.lists],
        "paragraphs": [_spans(paragraph) for paragraph in notice.paragraphs],
    }


def _language(tag: str) -> str | None:
    """Return the two or three letters that typst takes for a language; it refuses a script or region beside them."""
    return tag.split("-")[0].lower() or None


def _inputs(issue: FrozenIssue, page: Layout) -> str:
    day = style.long_date(issue.date, issue.language)
    return json.dumps(
        {
            "language": _language(page.language),
            "bulletin": page.bulletin,
            "number": issue.number,
            "date": day,
            "document_title": page.heading,
            "heading": page.heading.replace(day, day.replace(" ", _NO_BREAK)),
            "subtitle": page.subtitle,
            "address": page.address,
            "corrected": page.corrected,
            "corrections": list(page.corrections),
            "intro": [_spans(paragraph) for paragraph in page.intro],
            "highlights": page.highlights,
            "sections": [
                {"title": block.title, "items": [_line(line) for line in block.lines]} for block in page.blocks
            ],
            "notices_title": page.notices_title,
            "notices": [_notice(notice) for notice in page.notices],
            "footer": [_spans(paragraph) for paragraph in page.footer],
        },
        ensure_ascii=False,
    )


def prepare(issue: FrozenIssue) -> "Compiler":
    """Return a compiler that holds the issue and its template, and reads nothing else."""
    import typst  # noqa: PLC0415 - heavy, and used here only

    return typst.Compiler(
        TEMPLATES / "issue.typ",
        root=TEMPLATES,
        ignore_system_fonts=True,
        sys_inputs={"issue": _inputs(issue, lay_out(issue))},
    )


def render(issue: FrozenIssue) -> bytes:
    """Return the PDF of an issue.

    It is tagged (PDF/UA-1); only where a letter has no glyph in the fonts at hand, which that standard forbids, it is
    made without tags. Raises RuntimeError, typst's own, if that fails too.
    """
    compiler = prepare(issue)
    moment = int(issue.closed_at.astimezone(UTC).timestamp())
    try:
        made = compiler.compile(format="pdf", timestamp=moment, pdf_standards=_ACCESSIBLE)
    except RuntimeError:
        made = compiler.compile(format="pdf", timestamp=moment, pdf_tags=False)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


def picture(template: str, name: str, values: str, ppi: float) -> bytes:
    """Return as PNG what a template of one page makes of `values`, JSON that it reads by `name` and nothing else.

    Raises RuntimeError, typst's own, if that fails.
    """
    import typst  # noqa: PLC0415 - heavy, and used here only

    compiler = typst.Compiler(TEMPLATES / template, root=TEMPLATES, ignore_system_fonts=True, sys_inputs={name: values})
    made = compiler.compile(format="png", ppi=ppi)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no picture of one page")
    return made
