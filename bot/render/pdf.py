"""An issue as PDF, typeset by typst: A4, tagged for screen readers, the same bytes for the same issue."""

import json
from datetime import UTC
from typing import TYPE_CHECKING

from bot.render import style
from bot.render.layout import Announcement, Layout, Line, Spans, lay_out
from bot.render.template import TEMPLATES
from store.records import FrozenIssue

if TYPE_CHECKING:
    from typst import Compiler

_ACCESSIBLE = "ua-1"


def _spans(spans: Spans) -> list[dict[str, str | None]]:
    return [{"text": span.text, "url": span.url} for span in spans]


def _line(line: Line) -> dict[str, object]:
    rest = tuple(span for span in line.spans[1:])
    return {"title": _spans((line.title,))[0], "rest": _spans(rest), "language": _language(line.language)}


def _notice(notice: Announcement) -> dict[str, object]:
    return {
        "title": notice.title,
        "facts": [_spans(fact) for fact in notice.facts],
        "speakers_word": notice.speakers_word,
        "speakers": list(notice.speakers),
        "paragraphs": [_spans(paragraph) for paragraph in notice.paragraphs],
    }


def _language(tag: str) -> str | None:
    """Return the two or three letters that typst takes for a language; it refuses a script or region beside them."""
    return tag.split("-")[0].lower() or None


def _inputs(issue: FrozenIssue, page: Layout) -> str:
    return json.dumps(
        {
            "language": _language(page.language),
            "bulletin": page.bulletin,
            "number": issue.number,
            "date": style.long_date(issue.date, issue.language),
            "heading": page.heading,
            "subtitle": page.subtitle,
            "address": page.address,
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


def _compile(compiler: "Compiler", moment: int, standard: str | None) -> bytes:
    made = compiler.compile(
        format="pdf",
        timestamp=moment,
        pdf_standards=[standard] if standard else [],  # type: ignore[list-item]
        pdf_tags=standard is not None,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


def render(issue: FrozenIssue) -> bytes:
    """Return the PDF of an issue.

    It is tagged (PDF/UA-1); only where a letter has no glyph in the fonts at hand, which that standard forbids, it is
    made without tags. Raises `typst.TypstError` if that fails too.
    """
    import typst  # noqa: PLC0415 - heavy, and used here only

    compiler = typst.Compiler(
        (TEMPLATES / "issue.typ").read_bytes(),
        root=TEMPLATES,
        ignore_system_fonts=True,
        sys_inputs={"issue": _inputs(issue, lay_out(issue))},
    )
    moment = int(issue.closed_at.astimezone(UTC).timestamp())
    try:
        return _compile(compiler, moment, _ACCESSIBLE)
    except typst.TypstError:
        return _compile(compiler, moment, None)
