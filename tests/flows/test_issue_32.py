"""Issue 32 as it was really published: its 29 items travel from Ana to every form in which readers get them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.flows import week_of_items as weeks

pytestmark = pytest.mark.system

FILE = Path(__file__).parents[3] / "shared/data/bulletin-32.json"
SUNDAY_MORNING = datetime(2023, 2, 5, 7, 0, tzinfo=UTC)


@pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not on this machine")
async def test_the_29_items_of_issue_32_reach_readers_in_every_form(tmp_path: Path) -> None:
    week = weeks.WeekOfItems.read(FILE)
    assert week.counts == [10, 7, 5, 2, 5]
    assert len(week.links) == 30
    async with weeks.played(tmp_path, week, SUNDAY_MORNING) as world:
        weeks.assert_channel_posts(world.channels[0].visible(), week)
        await weeks.assert_same_everywhere(world, week)
        assert "Be careful what you wish for (Meduza, February 1st) (Alice Zhuravel, January 31st)" in week.lines
