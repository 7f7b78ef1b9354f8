"""The process that sends an issue is killed while it sends: nobody loses a letter, no channel gets a post twice."""

from pathlib import Path

import pytest

from tests.flows.kill_run import Result, Trial, broadcast_under_kills

BETWEEN = (0.05, 0.95)


def check(trial: Trial, found: Result) -> None:
    """What must hold after any number of kills."""
    parts = [f"Part {n + 1} of issue 7" for n in range(trial.parts)]
    twice = {to for to, copies in found.copies.items() if copies > 1}
    assert len(found.killed_at) == trial.kills
    assert found.posts == {f"News {n + 1}": parts for n in range(trial.channels)}, "posts doubled, lost or out of order"
    assert [to for to, copies in found.copies.items() if copies == 0] == [], "readers without mail"
    assert sum(copies - 1 for copies in found.copies.values()) <= trial.window * trial.kills
    assert twice <= found.marked
    assert found.unmarked == [], "a second copy came before its row was marked"
    assert found.unlike == [], "a second copy had other bytes or another Message-ID"
    assert found.report.adds_up
    assert found.report.rows == trial.total
    assert found.report.mail.by_word["sent"] == trial.readers
    assert found.report.possible_duplicates >= len(twice)
    assert found.ever_in_doubt > 0, "no row was ever in doubt: the kills hit nothing"


@pytest.mark.crash
@pytest.mark.timeout(110)
async def test_two_kills_lose_no_reader_and_double_no_post(tmp_path: Path) -> None:
    trial = Trial(kills=2, channels=2, readers=60, seed=5)
    found = await broadcast_under_kills(tmp_path, trial)

    check(trial, found)
    assert found.doubts_of_posts > 0


@pytest.mark.crash
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1])
async def test_twenty_kills_all_over_a_broadcast_to_two_thousand_readers(tmp_path: Path, seed: int) -> None:
    trial = Trial(kills=20, channels=3, readers=2_000, seed=seed)
    found = await broadcast_under_kills(tmp_path, trial)
    inside = [share for share in found.killed_at if BETWEEN[0] <= share <= BETWEEN[1]]
    more = sum(copies - 1 for copies in found.copies.values())
    print(f"killed at {[round(share, 2) for share in found.killed_at]}; {more} second copies, each marked before; ")
    print(f"{found.ever_in_doubt} rows were in doubt, {found.doubts_of_posts} of them posts")

    check(trial, found)
    assert len(inside) >= 0.75 * trial.kills
