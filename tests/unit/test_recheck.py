"""What counts as a change of a page between its approval and the closing of the issue."""

from datetime import UTC, datetime

import pytest

from bot.errors import Unreadable
from bot.intake import recheck
from bot.intake.address import urls
from bot.intake.page.page_facts import PageFacts
from bot.ports import Page
from store.records import Citation, PageSeen

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
URL = "https://herald.example/a"
CITED = Citation("The Herald", URL, urls.canonical(URL))

SAME = [
    ("Storm warning", "STORM WARNING!"),
    ("Storm warning", "Storm warning | The Herald"),
    ("Storm warning – Herald", "Storm warning"),
    ("The Herald: news", "The Herald: news · Latest from Kyiv"),
    ("Government says “no”", "Goverment says 'no'"),
    ("Шторм попереджають", "Шторм попереджаються"),
    ("Storm warning", ""),
    ("", "Storm warning"),
]
OTHER = [
    ("Storm warning", "Storm warning lifted"),
    ("12 killed in strike", "13 killed in strike"),
    ("Court says it is legal", "Court says it is illegal"),
    ("War diary – Day 1", "War diary – Day 2"),
    ("Storm warning", "Buy pills"),
    ("He can come", "He cannot come"),
    ("Шторм попереджають", "Дешеві ліки"),
]


@pytest.mark.parametrize(("before", "now"), SAME)
def test_a_suffix_a_mended_word_and_another_spelling_are_no_other_title(before: str, now: str) -> None:
    assert not recheck.is_other_title(before, now, ("The Herald", "herald.example"))


@pytest.mark.parametrize(("before", "now"), OTHER)
def test_other_words_are_another_title(before: str, now: str) -> None:
    assert recheck.is_other_title(before, now, ("The Herald", "herald.example"))


def seen(address: str | None = URL, title: str = "Storm warning") -> PageSeen:
    return PageSeen(7, CITED.canonical or "", address, None, title, NOW)


def read(address: str, title: str, before: PageSeen | None) -> recheck.Look:
    return recheck.compared(Page(address, 200, "text/html", None, b""), PageFacts(title=title), CITED, before, 7, NOW)


def unread(error: Unreadable, before: PageSeen | None) -> recheck.Look:
    return recheck.unread(error, CITED, before, 7, NOW)


def test_the_same_page_is_no_change_and_is_noted_as_seen_now() -> None:
    assert read("http://www.herald.example/a", "Storm warning", seen()) == recheck.Look(seen())


def test_an_address_that_leads_to_another_site_is_a_change() -> None:
    found = read("https://casino.example/win", "Storm warning", seen())
    assert found.change == recheck.Change("recheck-moved", {"before": "herald.example", "now": "casino.example"})
    assert read("https://live.herald.example/a", "Storm warning", seen()).change is None


def test_another_title_is_a_change_and_a_lost_one_keeps_what_was_known() -> None:
    found = read(URL, "Storm warning lifted", seen())
    assert found.change == recheck.Change("recheck-title", {"before": "Storm warning", "now": "Storm warning lifted"})
    assert read(URL, "", seen()) == recheck.Look(seen())


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_a_change_once(status: int) -> None:
    error = Unreadable("intake-page-gone", status=status)
    found = unread(error, seen())
    assert found.change == recheck.Change("recheck-gone", {"host": "herald.example", "status": status})
    assert found.page == seen(None, "")
    assert unread(error, found.page).change is None
    assert unread(error, None).change is not None
    vanished = recheck.gone(CITED, seen(), 7, NOW)
    assert vanished.change == recheck.Change("recheck-no-site", {"host": "herald.example"})


def test_what_cannot_be_read_is_no_change() -> None:
    for key in ("intake-page-slow", "intake-page-server-error", "intake-page-forbidden", "intake-page-no-such-site"):
        found = unread(Unreadable(key), seen())
        assert (found.page, found.change, found.problem) == (None, None, key)
    report = unread(Unreadable("intake-page-pdf", media_type="report"), seen())
    assert report == recheck.Look(seen())
