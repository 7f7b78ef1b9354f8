"""The numbers: medians and slowest tenths, times in words, small counts of people hidden, bars that fit a phone."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import stats
from bot.render import numbers
from store import bulletins, issues, items
from store.database import Store, Tx
from store.states import IssueState, ItemState
from tests.empty_store import empty_store
from tests.store.rows import NOW, STORY, add_bulletin

WEEK = timedelta(weeks=1)


def test_the_median_and_the_slowest_tenth_are_read_off_the_counts() -> None:
    minutes = dict.fromkeys(range(1, 101), 1)
    assert (stats.quantile(minutes, 0.5), stats.quantile(minutes, 0.9)) == (50, 90)
    assert stats.quantile({5: 9, 700: 1}, 0.5) == 5
    assert stats.quantile({5: 9, 700: 2}, 0.9) == 700
    assert stats.quantile({}, 0.5) == 0


@pytest.mark.parametrize(
    ("minutes", "english", "ukrainian"),
    [
        (0, "1 minute", "1 хвилину"),
        (2, "2 minutes", "2 хвилини"),
        (15, "15 minutes", "15 хвилин"),
        (21, "21 minutes", "21 хвилину"),
        (120, "2 hours", "2 години"),
        (60 * 47, "47 hours", "47 годин"),
        (60 * 48, "2 days", "2 дні"),
        (60 * 24 * 11, "11 days", "11 днів"),
    ],
)
def test_a_time_is_as_coarse_as_it_is_long(minutes: int, english: str, ukrainian: str) -> None:
    assert (stats.span(minutes, "en"), stats.span(minutes, "uk")) == (english, ukrainian)


def test_people_are_counted_from_ten_on() -> None:
    assert [stats.people(number, "en") for number in (0, 1, 9, 10, 4120)] == [*["fewer than 10"] * 3, "10", "4,120"]
    assert stats.people(9, "uk") == "менше ніж 10"


def test_a_row_fits_a_phone_and_what_is_hidden_has_no_bar() -> None:
    bars = (numbers.Bar("A publisher with a name of many words", "4,120", 1.0), numbers.Bar("Few", "fewer than 10", 0))
    lines = numbers.text(numbers.Sheet("en", "News", "Numbers", "", (numbers.Block("By source", bars),))).text.split(
        "\n"
    )
    assert lines[-2:] == ["▇▇▇▇▇▇▇▇ 4,120 · A publisher with…", "fewer than 10 · Few"]
    assert max(map(len, lines)) <= numbers.LINE


async def closed_issue(tx: Tx, bulletin: int, week: int, minutes: list[int]) -> None:
    """Add a closed issue with items that were decided so many minutes after they came."""
    at = NOW + week * WEEK
    await issues.open_next(tx, bulletin, due_at=at, due_local=f"week {week}", day=at.date())
    opened = await issues.current(tx, bulletin)
    assert opened is not None
    section = (await bulletins.sections_of(tx, bulletin))[week % 2].id
    columns = {"bulletin_id": bulletin, "section_id": section, "issue_id": opened.id, "state": ItemState.IN_ISSUE}
    decided = at - timedelta(days=1)
    for number in minutes:
        moments = {"created_at": decided - timedelta(minutes=number), "decided_at": decided}
        await items.add(tx, citations=[STORY], title="A story", **columns, **moments)
    await issues.change(
        tx, opened.id, opened.revision, states=(opened.state,), state=IssueState.SENT, number=week, frozen_at=at
    )


async def sheets(store: Store, bulletin: int) -> dict[str, str]:
    """Return the text of every period in English."""
    async with store.reading() as tx:
        kept = await bulletins.get(tx, bulletin)
        return {each: numbers.text(await stats.gather(tx, kept, each, "en")).text for each in stats.PERIODS}


async def test_each_period_counts_its_own_issues_and_the_decisions_made_for_them(tmp_path: Path) -> None:
    store = await empty_store(tmp_path / "bulletin.db")
    async with store.transaction() as tx:
        bulletin = await add_bulletin(tx)
        other = await add_bulletin(tx, "other")
        for week in range(1, 13):
            await closed_issue(tx, bulletin, week, [10 * week] * (2 if week == 1 else 1))
        await closed_issue(tx, other, 1, [5000] * 20)
    found = await sheets(store, bulletin)
    await store.close()
    assert "Issue 12\n\nItems by section\n▇▇▇▇▇▇▇▇ 1 · News\n" in found["last"]
    assert "within 2 hours.\n(1 link was decided.)" in found["last"]
    assert "Issues 3–12\n\nItems by section\n▇▇▇▇▇▇▇▇ 5 · News\n▇▇▇▇▇▇▇▇ 5 · Analysis" in found["ten"]
    assert "▇▇▇▇▇▇▇▇ 10 · Kherson Herald" in found["ten"]
    assert "within 70 minutes.\nThe slowest tenth: after more than 110 minutes.\n(10 links were" in found["ten"]
    assert "Issues 1–12" in found["all"]
    assert "▇▇▇▇▇▇▇▇ 13 · Kherson Herald" in found["all"]
    assert "(13 links were decided.)" in found["all"]
