"""A corrected issue drawn again: its lines stay in the parts in which they went out, and only those parts change."""

import json
from datetime import UTC, date, datetime

import pytest

from bot.correcting.change import DATE, SOURCE, TITLE, WITHDRAW, Change, Corrected, apply, read
from bot.errors import Refused
from bot.render import telegram
from bot.render.editions import SPLIT, TELEGRAM, Press, as_stored, read_text
from bot.render.feed import updated
from bot.render.redraw import Posted, Posts, editions, redraw
from store.records import Citation, FrozenIssue, PrintedItem, PrintedSection

DAY = date(2023, 2, 8)
PRESS = Press(public_url="https://bulletin.example")


def issue(sections: int = 3, items: int = 12, letters: int = 150) -> FrozenIssue:
    def printed(section: int, number: int) -> PrintedItem:
        url = f"https://times.example/{section}/{number}"
        return PrintedItem(f"Story {section}-{number} " + "x" * letters, (Citation("Times", url, url),))

    return FrozenIssue(
        bulletin="News",
        slug="news",
        number=31,
        date=date(2023, 2, 5),
        language="en",
        timezone="Europe/Kyiv",
        closed_at=datetime(2023, 2, 5, 16, 0, tzinfo=UTC),
        sections=tuple(
            PrintedSection(f"Section {section}", tuple(printed(section, number) for number in range(items)))
            for section in range(sections)
        ),
        highlights=(f"Story 0-0 {'x' * letters}",),
    )


def as_it_went_out(document: FrozenIssue) -> Posted:
    places = telegram.share_out(list(telegram.groups(document)))
    return Posted(tuple(map(as_stored, telegram.render(document))), json.dumps(places).encode())


def again(document: FrozenIssue, posted: Posted, place: int, change: Change) -> tuple[Corrected, Posts]:
    result = apply(document, place, change, DAY)
    return result, redraw(result.before, result.after, place if result.now is None else None, posted)


def titles_in(part: bytes) -> list[str]:
    return [line.split()[1] for line in read_text(part).text.splitlines() if line.startswith("Story ")]


def test_a_longer_title_stays_in_its_part_and_the_other_parts_keep_every_byte() -> None:
    document = issue(sections=5)
    posted = as_it_went_out(document)
    assert len(posted.parts) > 2
    place = len(titles_in(posted.parts[0]))  # the first line of the second part
    _, posts = again(document, posted, place, Change(TITLE, words="Story new " + "y" * 400))
    assert posts.changed == (1,)
    assert [part for n, part in enumerate(posts.parts) if n != 1] == [p for n, p in enumerate(posted.parts) if n != 1]
    assert titles_in(posts.parts[1]) == ["new", *titles_in(posted.parts[1])[1:]]


def test_the_press_prints_the_corrected_messages_and_all_else_anew() -> None:
    document = issue(sections=1, items=2)
    printed = {(form, part): content for form, part, content in PRESS.print(document)}
    posted = Posted((printed[TELEGRAM, 0],), printed[SPLIT, 0])
    assert posted == as_it_went_out(document)
    result, posts = again(document, posted, 1, Change(TITLE, words="Right"))
    drawn = {(form, part): content for form, part, content in editions(result.after, posts, PRESS)}
    assert set(drawn) == set(printed)
    assert [form for form, _ in drawn if drawn[form, 0] == printed[form, 0]] == [SPLIT]


def test_a_second_correction_keeps_the_boundaries_of_the_first_day() -> None:
    document = issue()
    posted = as_it_went_out(document)
    where = [titles_in(part) for part in posted.parts]
    for number in range(3):
        place = len(where[0]) - 1 - number
        result, posts = again(document, posted, place, Change(TITLE, words="Story short"))
        assert posts.changed == (0,)
        document = result.after
        posted = Posted(posts.parts, json.dumps(posts.split).encode())
    assert [len(titles_in(part)) for part in posted.parts] == [len(titles) for titles in where]
    assert [titles_in(part) for part in posted.parts[1:]] == where[1:]
    assert [titles_in(read) for read in posted.parts] != [titles_in(part) for part in as_it_went_out(document).parts], (
        "anew it would be split otherwise"
    )


def test_a_withdrawn_item_leaves_its_part_and_the_heading_goes_to_the_next_line() -> None:
    document = issue(sections=2, items=10)
    posted = as_it_went_out(document)
    result, posts = again(document, posted, 10, Change(WITHDRAW))
    drawn = [read_text(part) for part in posts.parts]
    assert "1-0" not in "".join(text.text for text in drawn)
    assert [title for part in posts.parts for title in titles_in(part)] == [
        title for part in posted.parts for title in titles_in(part) if title != "1-0"
    ]
    whole = "\n\n".join(text.text for text in drawn)
    assert "Section 1\n\nStory 1-1" in whole
    assert len(posts.parts) == len(posted.parts)
    assert all(text.units <= telegram.LIMIT_UNITS for text in drawn)
    assert result.sentence == "An item in “Section 1” was withdrawn."


def test_a_part_of_which_all_is_withdrawn_keeps_its_first_line() -> None:
    document = issue(sections=1, items=40, letters=170)
    posted = as_it_went_out(document)
    last = len(posted.parts) - 1
    for _ in titles_in(posted.parts[last]):
        place = sum(len(section.items) for section in document.sections) - 1
        result, posts = again(document, posted, place, Change(WITHDRAW))
        document, posted = result.after, Posted(posts.parts, json.dumps(posts.split).encode())
    assert read_text(posted.parts[last]).text == f"issue 31 · {last + 1}/{last + 1}"


def test_a_correction_that_would_not_fit_is_refused_with_a_sentence() -> None:
    document = issue(sections=1, items=60, letters=40)
    posted = as_it_went_out(document)
    result, posts = again(document, posted, 1, Change(TITLE, words="Story a " + "y" * 480))
    longer = Posted(posts.parts, posted.split)
    with pytest.raises(Refused) as refusal:
        again(result.after, longer, 2, Change(TITLE, words="Story b " + "y" * 480))
    assert refusal.value.key == "published-too-long"
    assert refusal.value.values["part"] == 1


def test_an_issue_that_would_be_drawn_otherwise_today_is_left_alone() -> None:
    document = issue()
    posted = as_it_went_out(document)
    older = Posted((posted.parts[0].replace(b"Story 0-3", b"Older 0-3"), *posted.parts[1:]), None)
    for wrong in (Posted(posted.parts, b"[0, 1]"), Posted(posted.parts[:-1], posted.split), older):
        with pytest.raises(Refused, match="published-drawn-otherwise"):
            again(document, wrong, 0, Change(TITLE, words="Other"))
    assert again(document, Posted(posted.parts, None), 0, Change(TITLE, words="Other"))[1].changed == (0,)


def test_sentences_repeat_neither_a_wrong_title_nor_a_withdrawn_one() -> None:
    document = issue(sections=1, items=2, letters=1)
    dated = apply(document, 0, read(DATE, 0, "3 February 2023", DAY), DAY).after
    assert dated.corrections == ("The date of “Story 0-0 x” was corrected: February 3rd.",)
    named = apply(dated, 0, Change(TITLE, words="Right"), DAY).after
    assert named.corrections == (
        "The date of “Right” was corrected: February 3rd.",
        "The title “Right” was corrected.",
    )
    assert named.highlights == ("Right",)
    gone = apply(named, 0, Change(WITHDRAW), DAY).after
    assert gone.corrections == (
        "An item in “Section 0” was corrected.",
        "An item in “Section 0” was corrected.",
        "An item in “Section 0” was withdrawn.",
    )
    assert gone.highlights == ()


def test_a_feed_program_sees_each_correction_even_two_of_one_day() -> None:
    document = issue(sections=1, items=2)
    once = apply(document, 0, Change(TITLE, words="A"), document.date).after
    twice = apply(once, 0, Change(SOURCE, words="B"), document.date).after
    later = apply(twice, 0, Change(TITLE, words="C"), DAY).after
    moments = [updated(each) for each in (document, once, twice, later)]
    assert moments == sorted(set(moments))
    assert moments[-1] < datetime(2023, 2, 8, 1, tzinfo=UTC)
