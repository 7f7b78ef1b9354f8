"""Citation lines in all the forms that real issues have."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.intake.message.citations import read_line
from store.records import NO_DATE, Citation, Precision, PublicationDate

ISSUE_DAY = date(2023, 2, 5)
ISSUE_32 = Path(__file__).parents[3] / "shared" / "data" / "bulletin-32.json"


def cited(source: str, year: int, month: int, day: int) -> Citation:
    return Citation(source, date=PublicationDate(Precision.DAY, date(year, month, day)))


LINES = [
    ("Bread (Zmina, February 5th)", "Bread", [cited("Zmina", 2023, 2, 5)]),
    (
        "Be careful what you wish for (Meduza, February 1st) (Alice Zhuravel, January 31st)",
        "Be careful what you wish for",
        [cited("Meduza", 2023, 2, 1), cited("Alice Zhuravel", 2023, 1, 31)],
    ),
    ("Bread (August 12th, Kyiv Independent)", "Bread", [cited("Kyiv Independent", 2022, 8, 12)]),
    ("Bread (12 August 2022, Radio 24)", "Bread", [cited("Radio 24", 2022, 8, 12)]),
    ("Bread (Zmina February 3rd)", "Bread", [cited("Zmina", 2023, 2, 3)]),
    ("Bread (Zmina,February 3rd)", "Bread", [cited("Zmina", 2023, 2, 3)]),
    ("Bread (Zmina ,  February  3rd ).", "Bread", [cited("Zmina", 2023, 2, 3)]),
    ("Bread (Zmina, February 3, 2022)", "Bread", [cited("Zmina", 2022, 2, 3)]),
    ("Bread (Cedos (Ukraine), May 2nd)", "Bread", [cited("Cedos (Ukraine)", 2022, 5, 2)]),
    ("Bread (, 1 December)", "Bread", [cited("", 2022, 12, 1)]),
    ("Bread (5 February)", "Bread", [cited("", 2023, 2, 5)]),
    ("Bread (full text) (Zmina, May 2nd)", "Bread (full text)", [cited("Zmina", 2022, 5, 2)]),
    ("Bread – Zmina, February 5th", "Bread", [cited("Zmina", 2023, 2, 5)]),
    ("Bread — Zmina — 3 February", "Bread", [cited("Zmina", 2023, 2, 3)]),
    ("Bread – General Staff – Zmina, 3 February", "Bread – General Staff", [cited("Zmina", 2023, 2, 3)]),
    ("Bread (People & Nature, 31 January)", "Bread", [cited("People & Nature", 2023, 1, 31)]),
    ("Bread (161 Crew, 30 January)", "Bread", [cited("161 Crew", 2023, 1, 30)]),
    ("Bread (Theresa May, 5 June)", "Bread", [cited("Theresa May", 2022, 6, 5)]),
    ("Хліб (Радіо 24, 5 лютого 2023 року)", "Хліб", [cited("Радіо 24", 2023, 2, 5)]),
    ("Du pain (Le Monde, 1er février 2026)", "Du pain", [cited("Le Monde", 2026, 2, 1)]),
    ("Bread (Theresa May)", "Bread", [Citation("Theresa May")]),
    ("Bread (Zmina)", "Bread", [Citation("Zmina")]),
    ("Bread (video)", "Bread (video)", []),
    ("Bread (2)", "Bread (2)", []),
    ("“Bread for all” – General Staff", "“Bread for all” – General Staff", []),
    ("Talks in Rome – 5 May treaty", "Talks in Rome – 5 May treaty", []),
    ("Bread.", "Bread.", []),
    ("(Zmina, February 3rd)", "(Zmina, February 3rd)", []),
    ("Bread ) (Zmina, May 2nd", "Bread ) (Zmina, May 2nd", []),
    ("", "", []),
]


@pytest.mark.parametrize(("line", "title", "citations"), LINES)
def test_a_line_is_read_as_its_writer_meant_it(line: str, title: str, citations: list[Citation]) -> None:
    assert read_line(line, ISSUE_DAY) == (title, tuple(citations))


def test_a_month_and_a_range_keep_their_precision() -> None:
    _, (month,) = read_line("Week of action (ENSU, February)", ISSUE_DAY)
    assert month.date == PublicationDate(Precision.MONTH, date(2023, 2, 1))
    title, (week,) = read_line("20-26 February week of action – ENSU, 20 – 26 February", ISSUE_DAY)
    assert title == "20-26 February week of action"
    assert week.date == PublicationDate(Precision.RANGE, date(2023, 2, 20), date(2023, 2, 26))


def test_an_address_behind_a_citation_belongs_to_it() -> None:
    line = "Bread (Zmina, Feb 3) https://www.zmina.test/1?utm_source=t (Meduza, Feb 4) <https://meduza.test/2>"
    title, (first, second) = read_line(line, ISSUE_DAY)
    assert title == "Bread"
    assert (first.source, first.url, first.canonical) == (
        "Zmina",
        "https://www.zmina.test/1?utm_source=t",
        "https://zmina.test/1",
    )
    assert (second.source, second.url) == ("Meduza", "https://meduza.test/2")


def test_the_marks_of_a_title_before_its_address_stay() -> None:
    for title in ("Who pays for bread?", "To work!", "“We stay”", "Bread…"):
        assert read_line(f"{title} – https://zmina.test/1", ISSUE_DAY)[0] == title
        assert read_line(f"{title} (Zmina, Feb 5) 👉 <https://zmina.test/1>.", ISSUE_DAY)[0] == title


def test_a_title_with_an_address_alone_has_a_citation_that_knows_nothing_else() -> None:
    title, (citation,) = read_line("Bread https://zmina.test/1", ISSUE_DAY)
    assert (title, citation.source, citation.url, citation.date) == ("Bread", "", "https://zmina.test/1", NO_DATE)


def test_a_line_of_the_longest_message_is_read_at_once() -> None:
    for line in ("(a, 5 May)" * 400, "x – " * 1000 + "5 May", "(" * 4096, "x (" + "word, " * 680 + "5 May)"):
        assert read_line(line, ISSUE_DAY)[0]


@pytest.mark.skipif(not ISSUE_32.exists(), reason="the issue as data is not part of the package")
def test_every_item_of_issue_32_is_read_as_it_was_printed() -> None:
    issue = json.loads(ISSUE_32.read_text(encoding="utf-8"))
    items = [item for section in issue["sections"] for item in section["items"]]
    assert len(items) == 29
    for item in items:
        printed = item["title"] + "".join(f" ({c['source']}, {c['date_text']})" for c in item["citations"])
        title, citations = read_line(printed, ISSUE_DAY)
        assert title == item["title"]
        assert [citation.source for citation in citations] == [c["source"] for c in item["citations"]]
        assert all(c.date.start and date(2023, 1, 23) <= c.date.start <= ISSUE_DAY for c in citations)
