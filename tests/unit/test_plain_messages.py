"""Messages with links and words: labels in ten languages, section names, and what is left as the note."""

from datetime import date

import pytest

from bot.intake.message import plain
from bot.intake.message.entries import Entry
from bot.intake.message.written import Stretch, addresses_in, without_addresses, written_out
from store.records import Precision, PublicationDate
from tests.unit.test_paste import ANALYSIS, MONDAY, RIGHTS, SECTIONS, SOLIDARITY

A, B = "https://zmina.test/a", "https://zmina.test/b"


def read(text: str, *, labelled: bool = True) -> tuple[list[Entry], str]:
    return plain.read(text, addresses_in(text), SECTIONS, MONDAY, labelled=labelled)


LABELS = [
    ("title", "source", "date", "section", "5 February", "Solidarity"),
    ("заголовок", "джерело", "дата", "розділ", "5 лютого", "Міжнародна солідарність"),
    ("Заголовок", "Источник", "Дата", "Раздел", "5 февраля", "Солидарность"),
    ("Titre", "Source", "Date", "Rubrique", "5 février", "Solidarité"),
    ("Titel", "Quelle", "Datum", "Rubrik", "5. Februar", "Solidarität"),
    ("Título", "Fuente", "Fecha", "Sección", "5 de febrero", "Solidaridad"),
    ("Tytuł", "Źródło", "Data", "Dział", "5 lutego", "Solidarność"),
    ("Titolo", "Fonte", "Data", "Sezione", "5 febbraio", "Solidarietà"),
    ("Título", "Fonte", "Data", "Secção", "5 de fevereiro", "Solidariedade"),
    ("Τίτλος", "Πηγή", "Ημερομηνία", "Ενότητα", "5 Φεβρουαρίου", "Αλληλεγγύη"),
]


@pytest.mark.parametrize(("title", "source", "when", "section", "day", "name"), LABELS)
def test_labels_are_understood_in_ten_languages(
    title: str, source: str, when: str, section: str, day: str, name: str
) -> None:
    (entry,), note = read(f"{A}\n{title}: Bread\n{source} : Zmina\n{when}: {day}\n{section}: {name}")
    assert (entry.title, entry.citations[0].source, entry.section_id) == ("Bread", "Zmina", SOLIDARITY)
    assert entry.citations[0].date == PublicationDate(Precision.DAY, date(2023, 2, 5))
    assert entry.told == ("title", "source", "date", "section")
    assert note == ""


def test_what_a_label_cannot_mean_stays_in_the_note() -> None:
    (entry,), note = read(f"date: soon\nsection: sports\nsource: {A}\nPS: read it")
    assert (entry.title, entry.told) == ("", ())
    assert note == "date: soon section: sports source: PS: read it"


def test_in_words_that_are_not_the_senders_nothing_is_a_label() -> None:
    (entry,), note = read(f"title: Bread\nAnalysis\n{A}", labelled=False)
    assert entry.told == ()
    assert note == "title: Bread Analysis"


PLACES = [
    (f"Analysis\n{A}\n{B}", [ANALYSIS, ANALYSIS]),
    (f"{A}\n{B}\nAnalysis", [ANALYSIS, ANALYSIS]),
    (f"Analysis\n{A}\n\nHuman rights\n{B}", [ANALYSIS, RIGHTS]),
    (f"{A}\nAnalysis\n{B}", [None, ANALYSIS]),
    (f"section: analysis\n{A}\n{B}", [ANALYSIS, ANALYSIS]),
    (f"{A}\nsection: analysis\n\n{B}\nsection: solidarity", [ANALYSIS, SOLIDARITY]),
    (f"{A}\nsection: analysis\ntitle: One\n\n{B}", [ANALYSIS, None]),
    (f"section: analysis\n{A}\nsection: solidarity\n{B}", [ANALYSIS, SOLIDARITY]),
    (f"{A}\nAnalysis\n\n{B}\nSolidarity", [ANALYSIS, SOLIDARITY]),
    (f"{A}\n\nAnalysis\n\n{B}", [None, ANALYSIS]),
    (f"Analysis of the week {A}\n{B}", [None, None]),
]


@pytest.mark.parametrize(("text", "sections"), PLACES)
def test_a_section_counts_for_the_links_below_it_or_at_the_end_for_those_above(
    text: str, sections: list[int | None]
) -> None:
    assert [entry.section_id for entry in read(text)[0]] == sections


def test_a_label_belongs_to_the_link_beside_it() -> None:
    before = read(f"title: One\n{A}\n\ntitle: Two\n{B}")[0]
    after = read(f"{A}\ntitle: One\n\n{B}\ntitle: Two")[0]
    assert [entry.title for entry in before] == [entry.title for entry in after] == ["One", "Two"]


def test_hidden_addresses_are_written_out_behind_their_words() -> None:
    text = "😀 Read this, or herald.test/x."
    hidden = [Stretch(3, 10, f"{A} b"), Stretch(17, 13, "https://herald.test/x", instead=True)]
    written = written_out(text, hidden)
    assert written == f"😀 Read this, <{A}%20b> or  <https://herald.test/x>."
    assert addresses_in(written) == [f"{A}%20b", "https://herald.test/x"]
    assert without_addresses(written) == "😀 Read this, or"


def test_marks_of_the_sentence_are_no_part_of_an_address() -> None:
    text = f"({A}), “{B}”; https://x.test/a_(b)! https://x.test/c…"
    assert addresses_in(text) == [A, B, "https://x.test/a_(b)", "https://x.test/c"]
