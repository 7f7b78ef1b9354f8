"""The Ukrainian catalogues are set as Ukrainian is, and call one thing by one name."""

import re
from pathlib import Path

import pytest

CATALOGUES = Path(__file__).parents[2] / "bot" / "locale" / "uk"
STRAY = {
    "a dash as English has it": "—",
    "an apostrophe of a typewriter": r"\w'\w",
    "quotes of a typewriter, or of English": r'\\"|[“”]',
    "another word for a section": r"(?i)\bрозділ(?!я)",
    "a figure before a noun of one form": r"\{given\} знаків|на \{n\} символ",
    "both genders in one word": r"\(ла\)|\(а\)",
}


@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
def test_no_sentence_strays(stray: str) -> None:
    lines = (line for file in sorted(CATALOGUES.glob("*.po")) for line in file.read_text().splitlines())
    assert [line for line in lines if line.startswith("msgstr") and re.search(stray, line)] == []
