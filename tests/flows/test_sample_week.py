"""A sample week of the project's own, in four languages and with all that is hard, from Ana to its readers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.flows import week_of_items as weeks

FILE = Path(__file__).parents[1] / "sample_week.json"
SUNDAY_MORNING = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


@pytest.mark.system
async def test_the_sample_week_reaches_readers_in_every_form(tmp_path: Path) -> None:
    week = weeks.WeekOfItems.read(FILE)
    assert week.counts == [10, 7, 5, 2, 5]
    assert len(week.links) == 30
    async with weeks.played(tmp_path, week, SUNDAY_MORNING) as world:
        weeks.assert_channel_posts(world.channels[0].visible(), week)
        await weeks.assert_same_everywhere(world, week)
        assert "Be patient with the trams (Steppe Courier, November 20th) (Olena Tymkiv, November 18th)" in week.lines
