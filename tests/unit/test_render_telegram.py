"""An issue as Telegram messages: limits, splits, and entities that name exactly what they should."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from render_sample import ISSUE, LETTER, MEETING, issue_of, item

from bot.render.style import clean
from bot.render.telegram import AIM_UNITS, LIMIT_ENTITIES, LIMIT_UNITS, defuse, render
from store.messages import Entity, Text, utf16_length
from store.records import Citation, FrozenIssue, PrintedItem, PrintedSection

LONG = (
    "A title of the length that titles have in this bulletin, with a name or two in it, and what somebody said, number"
)
BARE = "https://\u2060river.example/1"  # what stands for a title of which nothing may be printed
words = st.text(
    st.one_of(st.characters(), st.sampled_from("😀𝒜🇺🇦👩\u200d👧éй ()[]@/\n\u0301\u202e")), min_size=1, max_size=60
)


def named(part: Text, entity: Entity) -> str:
    """Return the text an entity stands on, counted in UTF-16 units as Telegram counts."""
    units = part.text.encode("utf-16-le")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def links(parts: tuple[Text, ...]) -> list[tuple[str, str | None]]:
    return [(named(part, each), each.url) for part in parts for each in part.entities if each.kind == "text_link"]


def headings(part: Text) -> list[str]:
    return [named(part, each) for each in part.entities if each.kind == "bold"]


def assert_within_limits(parts: tuple[Text, ...]) -> None:
    for part in parts:
        assert 0 < part.units <= AIM_UNITS < LIMIT_UNITS
        assert len(part.entities) <= LIMIT_ENTITIES
        assert part.text == part.text.strip()
        for entity in part.entities:
            stretch = named(part, entity)
            assert stretch
            assert stretch == stretch.strip()


def many(count: int) -> FrozenIssue:
    return issue_of([item(f"{LONG} {number}", url=f"https://river.example/{number}") for number in range(count)])


def test_the_heading_comes_first_and_the_footer_last():
    (part,) = render(ISSUE)
    assert headings(part)[0] == "The Weekly Thread 32 (5 February 2023)"
    assert part.text.startswith("The Weekly Thread 32 (5 February 2023)\nA digest of invented news\n")
    assert part.text.endswith("or see https://thread.example/about.")
    assert ("Read on the web", ISSUE.address) in links((part,))
    assert ("PDF", ISSUE.pdf_address) in links((part,))


def test_the_title_carries_the_first_address_and_the_second_source_its_own():
    found = links(render(ISSUE))
    assert ("Be careful what you ask for", "https://meadow.example/ask") in found
    assert ("Alice Field", "https://alice.example/notes/(1)") in found
    assert "Be careful what you ask for (Meadow, February 1st) (Alice Field, January 31st)" in render(ISSUE)[0].text


def test_a_second_address_without_source_or_date_is_not_lost():
    twice = PrintedItem("Twice", (Citation("Meadow", "https://m.example/"), Citation("", "https://n.example/x")))
    (part,) = render(issue_of([twice]))
    assert part.text.endswith("Twice (Meadow) (n.example)")
    assert links((part,))[-1] == ("n.example", "https://n.example/x")


def test_29_items_make_at_least_two_messages_within_the_limits():
    parts = render(many(29))
    assert len(parts) >= 2
    assert_within_limits(parts)
    assert [name for name, _ in links(parts)] == [f"{LONG} {number}" for number in range(29)]


def test_200_items_stay_whole_and_in_order():
    parts = render(many(200))
    assert_within_limits(parts)
    assert [name for name, _ in links(parts)] == [f"{LONG} {number}" for number in range(200)]
    total = len(parts)
    assert [part.text.split("\n")[0] for part in parts[1:]] == [f"issue 32 · {n}/{total}" for n in range(2, total + 1)]


def test_200_short_items_stay_within_100_entities_a_message():
    twice = (Citation("A", "https://a.example/"), Citation("B", "https://b.example/"))
    parts = render(issue_of([PrintedItem(f"t{number}", twice) for number in range(200)]))
    assert_within_limits(parts)
    assert len(links(parts)) == 400


def test_a_section_heading_never_ends_a_message():
    for length in range(40, 400, 7):
        sections = tuple(PrintedSection(f"Section {n}", (item("x" * length), item("y" * length))) for n in range(20))
        parts = render(issue_of([], sections=sections))
        assert_within_limits(parts)
        titles = {section.title for section in sections}
        assert not titles & {part.text.split("\n")[-1] for part in parts}
        assert [title for part in parts for title in headings(part)][1:] == [section.title for section in sections]


def test_an_item_longer_than_a_message_loses_the_end_of_its_title():
    parts = render(issue_of([item("before"), item("😀" * 5000, source="River Post"), item("after")]))
    assert_within_limits(parts)
    shortened = links(parts)[1][0]
    assert re.fullmatch("😀+…", shortened)
    assert [name for name, _ in links(parts)] == ["before", shortened, "after"]
    assert f"{shortened} (River Post)" in "".join(part.text for part in parts)


def test_an_item_with_a_hundred_citations_stays_within_the_limits():
    crowd = tuple(Citation(f"Source {n} " + "s" * n, f"https://s{n}.example/") for n in range(150))
    assert_within_limits(render(issue_of([PrintedItem("Crowd", crowd)])))


def test_a_long_notice_and_footer_are_split_between_words_and_lose_none():
    text = " ".join(f"word{number}" for number in range(3000))
    parts = render(issue_of([item("one")], notices=(replace(LETTER, text=text),), footer=text))
    assert_within_limits(parts)
    assert re.findall(r"word\d+", "\n".join(part.text for part in parts)) == 2 * text.split()


def test_very_long_headings_and_speakers_stay_within_the_limits():
    long = "Section " * 900
    meeting = replace(MEETING, title=long, speakers=MEETING.speakers * 200, place=long)
    sections = (PrintedSection(long, (item("one"),)),)
    parts = render(
        replace(
            ISSUE, bulletin=long, subtitle=long, intro=long, highlights=(long,), sections=sections, notices=(meeting,)
        )
    )
    assert_within_limits(parts)


def test_no_mention_and_no_command_comes_alive():
    (part,) = render(issue_of([item("@eve says /stop and t.me/x and/or a@b.example", source="/start")]))
    assert not re.search(r"(?<!\w)[@/](?=\w)", part.text)
    assert part.text.replace("\u2060", "").endswith("@eve says /stop and t.me/x and/or a@b.example (/start)")


def test_an_unsafe_address_prints_unlinked():
    for url in ("tg://resolve?domain=eve", "javascript:alert(1)", "https://bank.example@eve.example"):
        parts = render(issue_of([item("A title", url=url)]))
        assert links(parts) == []
        assert parts[0].text.endswith("A title (River Post)")


def test_the_text_of_a_whole_notice_prints_once_as_written():
    whole = replace(
        MEETING, title="", text="Public meeting\n21 February, 18:30, Mill Hall\nhttps://meet.example/room?x=1&y=2"
    )
    (part,) = render(issue_of([], notices=(whole,)))
    assert part.text.endswith(
        "Notices\n\nPublic meeting\n21 February, 18:30, Mill Hall\nhttps://meet.example/room?x=1&y=2"
    )


def test_a_meeting_says_its_time_in_its_own_zone():
    kyiv = replace(MEETING, text="", timezone="Europe/Kyiv", starts=datetime(2023, 7, 4, 15, 30, tzinfo=UTC))
    (part,) = render(issue_of([], notices=(kyiv,)))
    assert "Tuesday 4 July 2023, 18:30 (Kyiv time, UTC+3)" in part.text
    (lost,) = render(issue_of([], notices=(replace(kyiv, timezone="No/Such"),)))
    assert "18:30 (Kyiv time, UTC+3)" in lost.text


@settings(deadline=None)
@given(st.lists(st.tuples(words, words), min_size=1, max_size=12))
def test_every_entity_stands_on_its_title_whatever_its_letters(rows):
    parts = render(issue_of([item(title, source) for title, source in rows]))
    assert_within_limits(parts)
    assert [name for name, _ in links(parts)] == [defuse(clean(title)) or BARE for title, _ in rows]


@settings(deadline=None)
@given(words, words)
def test_offsets_survive_what_stands_before_them(title, section):
    sections = (PrintedSection(section, (item("first"), item(title), item("last"))),)
    parts = render(issue_of([], sections=sections))
    assert links(parts)[0][0] == "first"
    assert links(parts)[-1][0] == "last"
    assert sum(utf16_length(named(part, each)) for part in parts for each in part.entities) == sum(
        each.length for part in parts for each in part.entities
    )
