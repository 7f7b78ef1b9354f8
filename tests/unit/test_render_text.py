"""Plain text, Markdown and JSON: every word prints as it stands."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from render_sample import A_WEEK, FEBRUARY, ISSUE, LETTER, day, filled_with, hostile_issues, issue_of, item

from bot.render.data import to_dict, to_json
from bot.render.style import clean, clean_block
from bot.render.text import escape, markdown, plain
from store.records import Citation, PrintedItem


def tokens(source: str) -> list[Token]:
    """Return what a CommonMark reader makes of a text, inline tokens among the blocks."""
    return [each for block in MarkdownIt("commonmark").parse(source) for each in (block, *(block.children or ()))]


def shape(source: str) -> list[tuple[str, str, dict[str, object]]]:
    return [(each.type, each.tag, dict(each.attrs)) for each in tokens(source) if each.type != "text"]


def printed(source: str) -> str:
    return "".join("\n" if "break" in each.type else each.content for each in tokens(source) if not each.children)


def test_500_hostile_words_leave_the_markdown_tree_as_it_is():
    plain_shape = shape(markdown(filled_with(["x"] * 20)))
    for words in hostile_issues():
        source = markdown(filled_with(words))
        assert shape(source) == plain_shape
        text = printed(source)
        assert all(clean(word) in text for word in words)


@settings(deadline=None)
@given(st.text())
def test_any_escaped_text_prints_as_it_stands(text):
    paragraph = clean_block(text).replace("\n\n", "\n")
    assert printed(escape(paragraph).replace("\n", "\\\n")) == paragraph


@pytest.mark.parametrize(
    "line", ["1. one", "- x", "+ x", "===", "---", "# x", "> x", "    x", "~~~", "| x |", "![x", "12) x"]
)
def test_no_line_of_a_notice_becomes_a_list_or_a_heading(line):
    for text in (line, f"first\n{line}", f"see https://river.example/x\n{line}", f"https://river.example/x {line}"):
        issue = issue_of([], notices=(replace(LETTER, text=text),))
        kinds = {each.type for each in tokens(markdown(issue))}
        assert kinds <= {
            "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "hardbreak",
            "link_open", "link_close",
        }  # fmt: skip
        assert clean_block(text) in printed(markdown(issue))


def test_an_exclamation_mark_before_a_link_makes_no_picture():
    issue = issue_of([], footer="Read!https://river.example/x")
    assert "image" not in {each.type for each in tokens(markdown(issue))}


def test_plain_text_names_every_address_under_its_item():
    text = plain(ISSUE)
    assert (
        "Be careful what you ask for (Meadow, February 1st) (Alice Field, January 31st)\n"
        "https://meadow.example/ask\nhttps://alice.example/notes/(1)\n"
    ) in text
    assert "A plain title [no link] *yet* (Harbour <Radio>)\n\n" in text
    assert text.startswith("The Weekly Thread 32 (5 February 2023)\n======")


def test_json_says_how_exactly_each_date_is_known():
    items = [
        item("a", when=day(2022, 12, 31)),
        item("b", when=FEBRUARY),
        item("c", when=A_WEEK),
        PrintedItem("d", (Citation("x", "javascript:x", archived="javascript:y"),), ("Ana\u0000 Field",), "uk"),
    ]
    record = json.loads(to_json(issue_of(items)))
    first, second, third, fourth = record["sections"][0]["items"]
    assert first["citations"][0]["date"] == {
        "precision": "day",
        "start": "2022-12-31",
        "end": None,
        "text": "December 31st, 2022",
    }
    assert second["citations"][0]["date"]["text"] == "February"
    assert third["citations"][0]["date"]["end"] == "2023-02-26"
    assert fourth == {
        "title": "d",
        "citations": [
            {
                "source": "x",
                "url": None,
                "archived": None,
                "date": {"precision": "none", "start": None, "end": None, "text": ""},
            }
        ],
        "authors": ["Ana Field"],
        "language": "uk",
        "media_type": "article",
    }


def test_json_is_the_dictionary_and_the_same_each_time():
    assert json.loads(to_json(ISSUE)) == to_dict(ISSUE)
    assert to_json(ISSUE) == to_json(replace(ISSUE, date=date(2023, 2, 5)))
    assert to_dict(ISSUE)["closed_at"] == "2023-02-05T16:00:00+00:00"
