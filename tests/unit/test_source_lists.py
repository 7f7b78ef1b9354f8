"""Lists of sources are read in the forms in which people keep them, and what cannot be used is named."""

import json

import pytest

from bot.errors import Refused
from bot.intake.source_lines import read_line, written
from bot.intake.source_lists import read_list
from bot.sources import Entry
from bot.texts import languages
from store.records import Source, Trust

KHPG = Entry("Kharkiv Group", ("KHPG", "ХПГ"), ("khpg.example",), Trust.TRUSTED, "en", "prisons, Crimea")

LINES = [
    ("Kharkiv Group | KHPG, ХПГ | khpg.example | trusted | en | prisons, Crimea", KHPG),
    ("Kharkiv Group|KHPG; ХПГ|https://www.khpg.example/en/|Trusted|en|prisons, Crimea", KHPG),
    ("Kharkiv Group | KHPG, ХПГ | khpg.example | надійне | en | prisons, Crimea", KHPG),
    ("Echo", Entry("Echo")),
    ("Echo | echo.example | doubtful", Entry("Echo", (), ("echo.example",), Trust.DOUBTFUL)),
    ("Echo | uk | a town paper", Entry("Echo", (), (), None, "uk", "a town paper")),
    ("Echo | the Echo | echo.example, t.me/echo", Entry("Echo", ("the Echo",), ("echo.example", "t.me/echo"))),
    ("Echo | | echo.example | | |", Entry("Echo", (), ("echo.example",))),
    ("- Kharkiv Group (KHPG, ХПГ) – https://khpg.example/en/", Entry("Kharkiv Group", KHPG.aliases, KHPG.domains)),
    ("3. Steppe Post: steppe.example", Entry("Steppe Post", (), ("steppe.example",))),
    ("Node.js Weekly", Entry("Node.js Weekly")),
]

REFUSED = [
    ("| KHPG", "source-no-name"),
    ("– (…)", "source-no-name"),
    ("Echo | | not a domain | | |", "source-domain"),
    ("Echo | | substack.com | | |", "source-domain"),
    ("Echo | | | surely | |", "source-trust"),
    ("Echo | | | | Ukrainian |", "source-language"),
    ("Echo | a | b | c | d | e | f", "source-parts"),
    ("Echo | known | trusted", "source-part"),
    ("Echo | | | | | " + "n" * 501, "source-note"),
    ("E" * 256, "source-long-name"),
    ("Echo | " + ", ".join(f"Echo {number}" for number in range(51)), "source-many"),
]

TABLES = [
    'name,aliases,domains,trust,language,note\nKharkiv Group,KHPG;ХПГ,khpg.example,trusted,en,"prisons, Crimea"\n',
    "Note;Trust;Name;Website;Other names;Lang\nprisons, Crimea;trusted;Kharkiv Group;khpg.example;KHPG, ХПГ;en\n",
    "\nНазва\tІнші назви\tСайт\tДовіра\tМова\tПримітка\nKharkiv Group\tKHPG, ХПГ\tkhpg.example\tнадійне\ten\t"
    "prisons, Crimea\n",
    "Name | Aliases | Domains | Trust | Language | Note\nKharkiv Group | KHPG, ХПГ | khpg.example | trusted | en | "
    "prisons, Crimea\n",
    "# ours\n\nKharkiv Group | KHPG, ХПГ | khpg.example | trusted | en | prisons, Crimea\n",
    json.dumps(
        {
            "sources": [
                {
                    "name": "Kharkiv Group",
                    "aliases": ["KHPG", "ХПГ"],
                    "domains": "khpg.example",
                    "trust": "trusted",
                    "language": "en",
                    "note": "prisons, Crimea",
                }
            ]
        }
    ),
]


@pytest.mark.parametrize(("line", "entry"), LINES)
def test_a_line_is_read(line: str, entry: Entry) -> None:
    assert read_line(line) == entry


@pytest.mark.parametrize(("line", "key"), REFUSED)
def test_a_line_that_cannot_be_used_says_why(line: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        read_line(line)
    assert refused.value.key == key


@pytest.mark.parametrize("text", TABLES)
def test_a_list_is_read_in_each_form(text: str) -> None:
    assert [line.entry for line in read_list(text)] == [KHPG]


def test_a_bad_entry_keeps_none_of_the_others_back() -> None:
    lines = read_list("name,domains\nEcho,echo.example\n,nowhere.example\nSteppe,com.ua\n\nDawn,dawn.example\n")
    assert [(line.number, line.refusal.key if line.refusal else "") for line in lines] == [
        (2, ""),
        (3, "source-no-name"),
        (4, "source-domain"),
        (6, ""),
    ]
    listed = read_list(json.dumps([{"name": "Echo"}, "Dawn", {"domains": []}]))
    assert [line.refusal.key if line.refusal else "" for line in listed] == ["", "source-json", "source-no-name"]
    with pytest.raises(Refused):
        read_list('{"sources": 7}')
    with pytest.raises(Refused):
        read_list('[{"name": ')


def test_what_is_written_for_an_edit_reads_as_the_same() -> None:
    source = Source(3, KHPG.name, Trust.TRUSTED, (KHPG.name, *KHPG.aliases), KHPG.domains, "en", "prisons, Crimea")
    assert [read_line(written(source, language)) for language in languages()] == [KHPG, KHPG]
