"""Pasted digests: what is one, and how each of its lines is read; an issue as it was really printed, and its forms."""

import json
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from bot.intake.message import paste
from bot.intake.message.entries import Digest, Entry, GoingOn, Place, with_links
from bot.intake.message.headings import section_of
from store.records import Bulletin, Citation, Precision, PublicationDate, Section

MONDAY = date(2023, 2, 6)
NAMES = (
    ("News from the territories occupied by Russia", "Occupied areas"),
    ("News from Ukraine – general", "Ukraine"),
    ("Analysis and comment", "Analysis"),
    ("Research of human rights abuses", "Human rights"),
    ("International solidarity", "Solidarity"),
)
SECTIONS = tuple(Section(number, title, short, number) for number, (title, short) in enumerate(NAMES, 1))
OCCUPIED, GENERAL, ANALYSIS, RIGHTS, SOLIDARITY = (section.id for section in SECTIONS)
FOOTER = "This digest is put together by volunteers of three towns."
HERALD = Bulletin(
    1, "herald", "Herald of Rivertown", "en", "Europe/Kyiv", "sun 18:00", footer=FOOTER, sections=SECTIONS
)
SHARED = Path(__file__).parents[3] / "shared"
ISSUE_TEXT = next(iter(sorted(SHARED.glob("seeds/000*.txt"))), SHARED / "seeds/000.txt")
ISSUE_DATA = SHARED / "data/bulletin-32.json"


def read(text: str, before: GoingOn | None = None) -> Digest:
    found = paste.read(text, HERALD, MONDAY, before)
    assert found is not None
    return found


def lines(digest: Digest) -> list[tuple[int | None, str, list[tuple[str, str | None]]]]:
    """Return section, title, and source and address of each citation."""
    return [
        (entry.section_id, entry.title, [(cited.source, cited.url) for cited in entry.citations])
        for entry in digest.entries
    ]


def day(year: int, month: int, number: int) -> PublicationDate:
    return PublicationDate(Precision.DAY, date(year, month, number))


DIGEST = """Herald of Rivertown 7 (5 February 2023)

A digest of good news – DOWNLOAD AS A PDF <https://herald.test/7.pdf>

In this week's bulletin: bread; the new bridge.

NEWS FROM THE TERRITORIES OCCUPIED BY RUSSIA

• Bread is baked again (Zmina, February 5th) https://zmina.test/bread

• The bridge stands (Meduza, 31 January) (Alice Zhuravel, January 31st)
https://meduza.test/bridge

• A school opens (August 12th, Kyiv Independent)

• A well is dug (Zmina 3 February)

Analysis & comment:

1. Who pays for bread? – Zmina, February 2nd

2. “We will not leave” – General Staff

3. Report on wells (Cedos (Ukraine), May 2nd) <https://cedos.test/wells>

Solidarity

Letters of miners (, 1 December)

20-26 February week of action (ENSU, February)

Old and new (People & Nature, December 2022)

An open question <https://herald.test/question>

Notice of a meeting in Rivertown

Reading circle: Tuesday 21st of February from 6:30 pm
Town library, Main street. Join: <https://meet.test/x>

This digest is put together by volunteers of three towns.
Write to us (Post office, February 1st)
"""


def test_each_form_of_a_line_becomes_an_entry_of_its_section() -> None:
    assert lines(read(DIGEST)) == [
        (OCCUPIED, "Bread is baked again", [("Zmina", "https://zmina.test/bread")]),
        (OCCUPIED, "The bridge stands", [("Meduza", "https://meduza.test/bridge"), ("Alice Zhuravel", None)]),
        (OCCUPIED, "A school opens", [("Kyiv Independent", None)]),
        (OCCUPIED, "A well is dug", [("Zmina", None)]),
        (ANALYSIS, "Who pays for bread?", [("Zmina", None)]),
        (ANALYSIS, "“We will not leave” – General Staff", []),
        (ANALYSIS, "Report on wells", [("Cedos (Ukraine)", "https://cedos.test/wells")]),
        (SOLIDARITY, "Letters of miners", [("", None)]),
        (SOLIDARITY, "20-26 February week of action", [("ENSU", None)]),
        (SOLIDARITY, "Old and new", [("People & Nature", None)]),
        (SOLIDARITY, "An open question", [("", "https://herald.test/question")]),
    ]


def test_dates_keep_their_precision_and_what_is_not_said_is_not_told() -> None:
    entries = {entry.title: entry for entry in read(DIGEST).entries}
    assert entries["Bread is baked again"].citations[0].date == day(2023, 2, 5)
    assert [cited.date for cited in entries["The bridge stands"].citations] == [day(2023, 1, 31), day(2023, 1, 31)]
    assert entries["A school opens"].citations[0].date == day(2022, 8, 12)
    month = entries["20-26 February week of action"].citations[0].date
    assert month == PublicationDate(Precision.MONTH, date(2023, 2, 1))
    assert entries["Bread is baked again"].told == ("title", "source", "date", "section")
    assert entries["Letters of miners"].told == ("title", "date", "section")
    assert entries["“We will not leave” – General Staff"].told == ("title", "section")
    # Words beside a link without a source may be anything: the page's own title counts.
    assert entries["An open question"].told == ("section",)


def test_the_notice_is_kept_apart_and_the_standing_words_are_dropped() -> None:
    digest = read(DIGEST)
    assert digest.notices == (
        "Notice of a meeting in Rivertown\n\nReading circle: Tuesday 21st of February from 6:30 pm\n"
        "Town library, Main street. Join: https://meet.test/x",
    )
    assert digest.note == ""
    assert digest.state.place is Place.END


UKRAINIAN = """Вісник Річкового № 7 (5 лютого 2023)

Новини з окупованих територій:
Хліб знову печуть (ZMINA, 5 лютого) https://zmina.test/khlib
Міст стоїть (Радіо 24, 31 січня 2023 року)

Аналітика і коментарі
Хто платить за хліб? – Тиждень, 2 лютого

Міжнародна солідарність
Листи шахтарів (грудень 2022)

Оголошення
Зустріч читачів 21 лютого о 18:30

Щоб отримувати бюлетень, напишіть нам.
"""


def test_a_ukrainian_digest_is_read_the_same_way() -> None:
    digest = read(UKRAINIAN)
    assert lines(digest) == [
        (OCCUPIED, "Хліб знову печуть", [("ZMINA", "https://zmina.test/khlib")]),
        (OCCUPIED, "Міст стоїть", [("Радіо 24", None)]),
        (ANALYSIS, "Хто платить за хліб?", [("Тиждень", None)]),
        (SOLIDARITY, "Листи шахтарів", [("", None)]),
    ]
    assert digest.notices == ("Оголошення\nЗустріч читачів 21 лютого о 18:30",)
    assert digest.entries[1].citations[0].date == day(2023, 1, 31)


LINK = "https://zmina.test/a"
PLAIN = [
    f"look at this {LINK}",
    f"look at this {LINK} (thanks to Olha)",
    f"Two for you: {LINK} and this one {LINK}2",
    f"See what they write about 5 February: {LINK}",
    f"{LINK}\n{LINK}2\n{LINK}3",
    f"Analysis and comment\n{LINK}",
    f"Bread is dear\nI read it here (Zmina): {LINK} and there {LINK}2",
    f"Some links of this week:\n\n{LINK} - a talk with a miner (great!)\n{LINK}2 - a report (HRW)",
    f"Zmina (5 February): {LINK}\nMeduza: {LINK}2",
    f"Bread is dear again (Zmina, 5 February) {LINK} but see {LINK}2 and the words below",
    "hello",
    "we meet on Monday (5 February)",
    "see you (in Kyiv, 5 February)",
    f"We spoke of it at length (at the club, 5 February), and now this: {LINK}\nand this {LINK}2",
    "🦊" * 4096,
    "",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_message_with_words_and_links_is_no_digest(text: str) -> None:
    assert paste.read(text, HERALD, MONDAY) is None


ONE = Entry(
    "Bread is dear again",
    (Citation("Zmina", LINK, LINK, day(2023, 2, 5)),),
    told=("title", "source", "date"),
)


@pytest.mark.parametrize(
    "text",
    [
        f"Bread is dear again (Zmina, February 5th) {LINK}",
        f"Bread is dear again <{LINK}> (Zmina, February 5th)",
        f"Bread is dear again (Zmina, February 5th) <{LINK}>.",
        f"Bread is dear again (Zmina <{LINK}>, February 5th)",
        f"Bread is dear again (Zmina, February 5th)\n{LINK}",
        f"{LINK}\nBread is dear again (Zmina, February 5th)",
        f"{LINK} Bread is dear again (Zmina, February 5th)",
        f"Bread is dear again – Zmina, 5 February {LINK}",
        f"- Bread is dear again (Zmina, 5 Feb 2023) — {LINK}",
    ],
)
def test_a_single_line_that_names_source_and_date_is_an_item(text: str) -> None:
    assert read(text).entries == (ONE,)


def test_words_around_a_single_line_are_the_note() -> None:
    digest = read(f"This one is good:\n\nBread is dear again (Zmina, February 5th) {LINK}\n\nThank you!")
    assert digest.entries == (ONE,)
    assert digest.note == "This one is good:\nThank you!"


def test_links_on_lines_of_their_own_go_to_the_titles_beside_them() -> None:
    titles = ["Bread is dear again (Zmina, February 5th)", "The bridge stands (Meduza, February 4th)"]
    addresses = ["https://zmina.test/a", "https://meduza.test/b"]
    below = "\n\n".join(chain(*zip(titles, addresses, strict=True)))
    above = "\n".join(chain(*zip(addresses, titles, strict=True)))
    for text in (below, above):
        assert [entry.citations[0].url for entry in read(text).entries] == addresses


def test_as_many_links_as_titles_before_them_are_theirs_in_order() -> None:
    digest = read("Bread is dear (Zmina, 5 Feb)\n\nThe bridge stands (Meduza, 4 Feb)\n\nhttps://a.test\nhttps://b.test")
    assert [entry.citations[0].url for entry in digest.entries] == ["https://a.test", "https://b.test"]


def test_pictures_and_arrows_around_a_line_are_no_part_of_it() -> None:
    digest = read("🇺🇦 Bread is dear (Zmina, 5 Feb) 👉 https://a.test\n▶️ № 5 stands (Meduza, 4 Feb) → https://b.test")
    assert [entry.title for entry in digest.entries] == ["Bread is dear", "№ 5 stands"]


def test_titles_that_a_letter_wrapped_are_put_together() -> None:
    text = (
        "Bread is dear again, and the bakers of three towns say that\nit will stay so until spring comes to\n"
        "the river (Zmina, February 5th)\n\nThe bridge stands (Meduza, February 4th)"
    )
    assert [entry.title.split()[-1] for entry in read(text).entries] == ["river", "stands"]


def test_lines_with_a_source_but_no_date_are_items_where_all_are_so() -> None:
    digest = read(f"Bread is dear (Zmina) {LINK}\nThe bridge stands (Meduza) {LINK}2")
    assert [(entry.title, entry.told) for entry in digest.entries] == [
        ("Bread is dear", ("title", "source")),
        ("The bridge stands", ("title", "source")),
    ]


def test_below_a_heading_that_the_bulletin_does_not_have_nothing_is_filed() -> None:
    digest = read("Analysis:\nBread is dear (Zmina, 5 Feb)\n\nSports of the week:\nA race is run (Zmina, 4 Feb)")
    assert [entry.section_id for entry in digest.entries] == [ANALYSIS, None]


HEADINGS = [
    ("news from the TERRITORIES occupied by Russia:", OCCUPIED),
    ("Occupied areas", OCCUPIED),
    ("Analysis & Comment", ANALYSIS),
    ("ANALYSIS", ANALYSIS),
    ("News from Ukraine - General", GENERAL),
    ("News from Ukraine", GENERAL),
    ("Human rights abuses", RIGHTS),
    ("Міжнародна солідарність", SOLIDARITY),
    ("Solidarité internationale", SOLIDARITY),
    ("Права людини", RIGHTS),
    ("News from Russia", None),
    ("News", None),
    ("Sports", None),
    ("", None),
]


@pytest.mark.parametrize(("heading", "section"), HEADINGS)
def test_a_heading_means_one_section_or_none(heading: str, section: int | None) -> None:
    found = section_of(heading, SECTIONS, loosely=True)
    assert (found.id if found else None) == section


def together(first: str, second: str) -> tuple[list[Entry], list[str]]:
    """Read two messages of one paste, as the intake puts them together."""
    before = read(first)
    state = replace(before.state, cut=True)
    after = read(second, state)
    entries = list(before.entries)
    if after.mended is not None and after.mended.title:
        entries[-1] = after.mended
    elif after.mended is not None:
        entries[-1] = replace(entries[-1], citations=with_links(entries[-1].citations, after.mended.citations))
    notices = list(before.notices)
    if after.notice_goes_on:
        notices[-1] += "\n" + after.notices[0]
    return [*entries, *after.entries], [*notices, *after.notices[after.notice_goes_on :]]


def cuts(text: str, beginning: str) -> list[int]:
    """Return where Telegram may cut a text: between its lines, once the first item is whole."""
    return [place for place, letter in enumerate(text) if letter == "\n" and place > text.index(beginning)]


@pytest.mark.parametrize("text", [DIGEST, UKRAINIAN], ids=["en", "uk"])
def test_wherever_telegram_cuts_a_paste_between_lines_the_same_is_read(text: str) -> None:
    whole = read(text)
    for place in cuts(text, "(Meduza" if text is DIGEST else "(Радіо"):
        entries, notices = together(text[:place].strip(), text[place:].strip() or "\n")
        assert tuple(entries[: len(whole.entries)]) == whole.entries
        assert len(entries) == len(whole.entries)
        assert len(notices) == len(whole.notices)


def test_a_line_that_telegram_cut_in_its_middle_is_put_together() -> None:
    first = "Analysis\nBread is dear (Zmina, 5 Feb)\nThe bridge stands and will stand"
    before = read(first + " " * 3000)
    assert before.state.open_line == "The bridge stands and will stand"
    after = read("for ever (Meduza, 4 Feb) https://meduza.test/b", before.state)
    assert after.mended is not None
    assert (after.mended.title, after.mended.section_id) == ("The bridge stands and will stand for ever", ANALYSIS)
    assert after.mended.citations[0].url == "https://meduza.test/b"


def test_links_alone_after_a_long_paste_are_given_to_no_line() -> None:
    before = read("Analysis\nBread is dear (Zmina, 5 Feb)\nThe bridge stands (Meduza, 4 Feb)" + " " * 3000)
    assert before.state.cut
    assert paste.read("https://a.test", HERALD, MONDAY, before.state) is None


@pytest.mark.skipif(not ISSUE_DATA.exists(), reason="the issue is not part of the package")
def test_the_29_items_and_the_notice_of_issue_32_are_read_from_its_text() -> None:
    issue = json.loads(ISSUE_DATA.read_text(encoding="utf-8"))
    digest = read(ISSUE_TEXT.read_text(encoding="utf-8"))
    wanted = [
        (number, item["title"], [cited["source"] for cited in item["citations"]])
        for number, section in enumerate(issue["sections"], 1)
        for item in section["items"]
    ]
    found = [(e.section_id, e.title, [cited.source for cited in e.citations]) for e in digest.entries]
    assert found == wanted
    assert len(found) == 29
    assert all(cited.date.start for entry in digest.entries for cited in entry.citations)
    assert all(entry.lacks_link for entry in digest.entries)
    assert len(digest.notices) == 1
    assert digest.notices[0].startswith("Notice of a meeting in the UK")
    assert digest.notices[0].endswith("Nearest Tube Station: Westminster.")
