"""The pages that the reader is tested with are as many, as mixed and as full of traps as they are said to be."""

import json
from pathlib import Path

PAGES = Path(__file__).parent / "pages"
EXPECTED = [json.loads(line) for line in (PAGES / "expected.jsonl").read_text(encoding="utf-8").splitlines()]

LANGUAGES = {"en", "uk", "ru", "fr", "de", "es", "pl", "it", "pt", "el"}
TRAPS = {
    "AMP",
    "JSON-LD graph",
    "RDFa",
    "author is the organisation",
    "banner year",
    "breadcrumbs as title",
    "class updated on the only date",
    "comment dates",
    "copyright line",
    "date banner",
    "date in the title",
    "date range",
    "event's own date",
    "live blog",
    "meta refresh",
    "microdata",
    "missing title",
    "month-only date",
    "no date at all",
    "no year",
    "og:title is the site's name",
    "only URL date",
    "related-articles dates",
    "relative dates",
    "several NewsArticle",
    "several authors",
    "site suffixes",
    "swapped languages",
    "title begins as the site's name",
    "title with dash naming a speaker",
    "two dates",
    "updated stands first",
    "updated vs published",
    "wrong charset",
}


def test_every_page_is_expected_and_every_expected_page_is_there() -> None:
    assert sorted(page["file"] for page in EXPECTED) == sorted(path.name for path in (PAGES / "systems").iterdir())


def test_the_pages_are_of_many_systems_and_ten_languages() -> None:
    assert len(EXPECTED) >= 120
    assert len({page["system"] for page in EXPECTED}) >= 50
    assert {page["language"] for page in EXPECTED} >= LANGUAGES


def test_every_trap_lies_on_some_page() -> None:
    assert set() == TRAPS - {trap for page in EXPECTED for trap in page["traps"]}


def test_the_pages_stay_small_enough_to_be_reviewed() -> None:
    assert sum(path.stat().st_size for path in (PAGES / "systems").iterdir()) < 700_000
