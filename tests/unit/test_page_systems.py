"""Whole pages as news systems write them, with their boxes, banners and scripts, and what must be read from each."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.intake.page.page_facts import PageFacts, read_page
from store.records import Precision, PublicationDate

PAGES = Path(__file__).parent / "pages"
EXPECTED = [json.loads(line) for line in (PAGES / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


def plain(facts: PageFacts) -> dict[str, Any]:
    """Return facts in the form of the index."""
    return {
        "title": facts.title,
        "source": facts.source,
        "authors": list(facts.authors),
        "published": {"value": written(facts.published), "precision": facts.published.precision.value},
        "language": facts.language,
        "media_type": facts.media_type.value,
        "original_source": facts.original_source or None,
    }


def written(published: PublicationDate) -> str | None:
    """Return a date as the index has it: 2026-02-05, 2026-02, or 2026-02-05/2026-02-11."""
    start = published.start.isoformat() if published.start else None
    if start is None or published.precision is Precision.DAY:
        return start
    return start[:7] if published.precision is Precision.MONTH else f"{start}/{published.end}"


@pytest.mark.parametrize("page", EXPECTED, ids=lambda page: page["file"].removesuffix(".html"))
def test_a_page_tells_what_its_makers_meant(page: dict[str, Any]) -> None:
    html = (PAGES / "systems" / page["file"]).read_bytes()
    read = plain(read_page(html, page["charset"], page["url"], date.fromisoformat(page["near"])))
    also = page.get("accept", {})
    assert read == {name: read[name] if read[name] in also.get(name, []) else page[name] for name in read}
