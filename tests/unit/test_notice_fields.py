"""What editors may type for the fields of a notice, and the sentence that refuses the rest."""

from datetime import UTC, date, datetime

import pytest

from bot.errors import Refused
from bot.notices import fields, is_past, last_day
from store.records import Notice, NoticeKind, Speaker

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
NEAR = fields.Near(NOW.date(), NOW, "Europe/Kyiv")
RALLY = Notice(NoticeKind.OTHER, text="Rally\nTea from six.", title="Rally")
LETTER = Notice(NoticeKind.CAMPAIGN, text="Open letter", title="Open letter")


@pytest.mark.parametrize(
    ("field", "words", "key"),
    [
        ("title", "\u200b", "shape-no-words"),
        ("title", "https://x.example/a", "shape-no-links"),
        ("title", "x" * 256, "shape-too-long"),
        ("text", "x" * 4001, "shape-too-long"),
        ("place", "x" * 301, "shape-too-long"),
        ("link", "nowhere", "notices-no-link"),
        ("link", "javascript:alert(1)", "notices-no-link"),
        ("link", "https://a.example/1 https://a.example/2", "notices-no-link"),
        ("languages", "Ukrainian", "notices-no-version"),
        ("languages", "https://x.example/a", "notices-no-version"),
        ("speakers", "Nadia https://x.example/a", "shape-no-links"),
        ("demands", "heat\n" * 21, "notices-many"),
        ("demands", "x" * 301, "shape-too-long"),
        ("signatories", "x" * 121, "shape-too-long"),
        ("start", "8 December", "notices-no-hour"),
        ("start", "31 February 18:30", "shape-no-day"),
        ("start", "soon", "shape-no-day"),
        ("start", "2 November 2026 18:30", "notices-past"),
        ("start", "16 November 8:30", "notices-past"),
        ("start", "28 March 2027 03:30", "notices-hour-skipped"),
        ("start", "8 December 18:30 Atlantis time", "notices-no-zone"),
        ("start", "8 December 2031 18:30", "notices-far"),
        ("until", "31 February", "shape-no-day"),
        ("until", "2 November 2026", "notices-past"),
        ("zone", "Warsaw", "notices-no-start"),
        ("zone", "Atlantis", "notices-no-zone"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_own_sentence(field: str, words: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        fields.typed(RALLY, field, words, NEAR)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("words", "starts", "zone"),
    [
        ("8 December 18:30", datetime(2026, 12, 8, 16, 30, tzinfo=UTC), "Europe/Kyiv"),
        ("8 December 18:30 London time", datetime(2026, 12, 8, 18, 30, tzinfo=UTC), "Europe/London"),
        ("8 грудня 18:30 за Києвом", datetime(2026, 12, 8, 16, 30, tzinfo=UTC), "Europe/Kyiv"),
        ("12.01.2027, 7 pm CET", datetime(2027, 1, 12, 18, 0, tzinfo=UTC), "Europe/Paris"),
    ],
)
def test_a_start_makes_a_meeting_that_prints_until_its_day(words: str, starts: datetime, zone: str) -> None:
    day = starts.date()
    assert fields.typed(RALLY, "start", words, NEAR) == {
        **{"starts": starts, "timezone": zone},
        **{"kind": NoticeKind.MEETING, "until": day},
    }
    assert "kind" not in fields.typed(LETTER, "start", words, NEAR)


def test_lines_lose_their_bullets_and_speakers_are_parted_from_their_organisations() -> None:
    assert fields.typed(LETTER, "demands", "- Heat\n\n2. Light, now", NEAR) == {"demands": ("Heat", "Light, now")}
    speakers = (Speaker("Nadia West", "Union of Weavers"), Speaker("Pavlo Miner"))
    assert fields.typed(LETTER, "speakers", "Nadia West, Union of Weavers\nPavlo Miner", NEAR) == {"speakers": speakers}
    versions = "Ukrainian: https://x.example/uk\nGreek – https://x.example/el"
    assert fields.typed(LETTER, "languages", versions, NEAR) == {"languages": tuple(versions.splitlines())}


def test_a_new_title_stands_in_the_text_where_the_old_one_did() -> None:
    assert fields.typed(RALLY, "title", "Assembly", NEAR) == {"title": "Assembly", "text": "Assembly\nTea from six."}


def test_another_zone_leaves_the_hour_on_the_clock() -> None:
    meeting = Notice(
        NoticeKind.MEETING, starts=datetime(2026, 12, 8, 16, 30, tzinfo=UTC), timezone="Europe/Kyiv", text="Rally"
    )
    moved = fields.in_zone(meeting, "America/New_York", NEAR)
    assert (moved["starts"], moved["until"]) == (datetime(2026, 12, 8, 23, 30, tzinfo=UTC), date(2026, 12, 8))


def test_a_meeting_is_past_after_its_day_in_its_own_zone_and_a_campaign_after_the_day_that_was_settled() -> None:
    late = datetime(2026, 12, 9, 3, 0, tzinfo=UTC)
    meeting = Notice(NoticeKind.MEETING, starts=late, timezone="America/New_York", until=date(2027, 1, 5))
    assert last_day(meeting) == date(2026, 12, 8)
    assert not is_past(meeting, date(2026, 12, 8))
    assert is_past(meeting, date(2026, 12, 9))
    campaign = Notice(NoticeKind.CAMPAIGN, until=date(2027, 1, 5))
    assert not is_past(campaign, date(2027, 1, 5))
    assert is_past(campaign, date(2027, 1, 6))
