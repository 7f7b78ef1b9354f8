"""The PDF: the same bytes each time, tagged where it can be, its links live and its words never markup."""

import json
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from render_sample import ISSUE, filled_with, hostile_issues, issue_of, item

from bot.render import pdf
from bot.render.style import clean
from store.records import FrozenIssue

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def inside(document: bytes) -> bytes:
    """Return a PDF with its compressed streams opened."""
    opened = [document]
    for stream in STREAM.findall(document):
        unpacker = zlib.decompressobj()
        try:
            opened.append(unpacker.decompress(stream))
        except zlib.error:  # an image or a font that is not deflated
            continue
    return b"\n".join(opened)


def links(document: bytes) -> set[str]:
    return {each.decode("latin-1").replace("\\", "") for each in re.findall(rb"/URI ?\((.*?)\) ?>>", inside(document))}


def is_tagged(document: bytes) -> bool:
    return b"/StructTreeRoot" in inside(document)


def elements(issue: FrozenIssue, kind: str) -> list[dict[str, object]]:
    """Return the elements of one kind that typst makes of an issue."""
    found: list[dict[str, object]] = json.loads(pdf.prepare(issue).query(kind))
    return found


KINDS = ("heading", "link", "list", "par", "emph", "strong", "raw", "math.equation", "enum", "terms", "image", "quote")


def shape(issue: FrozenIssue) -> dict[str, list[tuple[object, int]]]:
    """Return how many elements of each kind typst makes, where each leads, and how many parts each has."""
    return {
        kind: [(each.get("dest"), len(each.get("children", ()))) for each in elements(issue, kind)]  # type: ignore[arg-type]
        for kind in KINDS
    }


def items(issue: FrozenIssue) -> list[str]:
    """Return the items as the PDF prints them, in order."""
    before = bool(issue.corrections)  # they are a list too, and stand above
    lists = elements(issue, "list")[before : before + len(issue.sections)]
    return [words(child) for each in lists for child in each["children"]]  # type: ignore[attr-defined]


def words(element: object) -> str:
    """Return the words of a typst element, whatever it is made of."""
    if isinstance(element, dict):
        if element.get("func") == "space":
            return " "
        return "".join(words(element[key]) for key in ("text", "body", "child", "children") if key in element)
    if isinstance(element, list):
        return "".join(words(each) for each in element)
    return element if isinstance(element, str) else ""


def test_the_same_issue_gives_the_same_bytes_in_another_process(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path; from bot.render import pdf; from render_sample import ISSUE\n"
        "Path(sys.argv[2]).write_bytes(pdf.render(ISSUE))"
    )
    target = tmp_path / "issue.pdf"
    subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent), str(target)], check=True)
    assert target.read_bytes() == pdf.render(ISSUE)


def test_every_address_is_a_live_link():
    assert links(pdf.render(ISSUE)) == {
        "https://river.example/news/1?id=7",
        "https://meadow.example/ask",
        "https://alice.example/notes/(1)",
        "https://xn--e1auee.example/%D1%80%D1%96%D0%BA",
        "https://net.example/",
        "https://phones.example/",
        "https://meet.example/room?x=1&y=2",
        "https://letters.example/heat",
        "https://letters.example/uk/heat",
        "https://letters.example/el/heat",
        "https://letters.example/nurses",
        "https://thread.example/about",
        "https://thread.example/issues/32",
    }


def test_ukrainian_greek_and_polish_titles_are_set_and_tagged():
    titles = ["Рік у підпіллі: ґанок, їжак", "Φωνές από τη Μαριούπολη", "Zażółć gęślą jaźń", "Ça va, Müßiggänger?"]
    document = pdf.render(issue_of([item(title) for title in titles], language="uk"))
    assert document.startswith(b"%PDF-1.7")
    assert is_tagged(document)
    assert b"/Lang" in inside(document)


@pytest.mark.parametrize("title", ["A week of action 🚩", "中文标题", "\U0010fffd"])
def test_a_letter_without_a_glyph_costs_the_tags_and_not_the_pdf(title):
    document = pdf.render(issue_of([item(title)]))
    assert document.startswith(b"%PDF-1.7")
    assert not is_tagged(document)
    assert links(document) == {"https://river.example/1"}


@pytest.mark.parametrize("language", ["", "sr-Latn", "pt-BR", "no such language", "e"])
def test_any_language_tag_gives_a_pdf(language):
    assert is_tagged(pdf.render(issue_of([replace(item("A title"), language=language)], language=language)))


def test_an_issue_with_nothing_beside_its_heading_gives_a_pdf():
    assert is_tagged(pdf.render(issue_of([], sections=())))


def test_300_items_run_over_several_pages():
    document = pdf.render(issue_of([item(f"A title of some length, as they are, number {n}") for n in range(300)]))
    assert len(re.findall(rb"/Type ?/Page\b", inside(document))) >= 5


@pytest.mark.system
def test_500_hostile_words_are_printed_and_never_read_as_markup():
    expected = shape(filled_with(["x"] * 20))
    for texts in hostile_issues():
        issue = filled_with(texts)
        assert shape(issue) == expected
        printed = [f"{text} ({text}, February 5th) ({text}, February)" for text in map(clean, texts)]
        assert items(issue) == printed


def test_no_script_address_becomes_a_link():
    assert links(pdf.render(issue_of([item("A title", url="javascript:alert(1)")]))) == set()
