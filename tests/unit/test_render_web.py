"""The web pages and the feed: complete, accessible, and with every word a text, whatever it holds."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from render_sample import ISSUE, filled_with, hostile_issues, issue_of, item

from bot.render import feed, mail, reader_pages, web
from bot.render.style import clean

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
WORDY = ("content", "title")  # attributes that carry words of the issue, not structure
VOID = {"meta", "link", "br", "input"}


class Page(HTMLParser):
    """The tags of a page with their attributes, its words, and whether each tag is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = tuple((name, "…" if name in WORDY and tag in ("meta", "link") else value) for name, value in attrs)
        self.tags.append((tag, kept))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.tags.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        if not data.startswith("[if mso]") and data != "<![endif]":
            self.tags.append(("comment", ()))

    @property
    def text(self) -> str:
        return "".join(self.words)

    def values(self, tag: str, name: str) -> list[str]:
        return [value or "" for each, attrs in self.tags if each == tag for key, value in attrs if key == name]


def as_page(issue):
    return web.render_issue(issue, feed_address="https://thread.example/feed.xml")


def as_mail(issue):
    return mail.render(issue, "https://thread.example/leave/").html


@pytest.mark.parametrize("drawn", [as_page, web.render_fragment, as_mail], ids=["page", "fragment", "mail"])
def test_500_hostile_words_leave_the_tree_as_it_is(drawn):
    for words in hostile_issues():
        page, plain = Page(drawn(filled_with(words))), Page(drawn(filled_with(["x"] * len(words))))
        assert page.tags == plain.tags
        assert page.open == plain.open == []
        assert all(clean(word) in page.text for word in words)


def test_the_page_names_its_language_its_other_forms_and_its_own_address():
    page = Page(as_page(ISSUE))
    assert page.values("html", "lang") == ["en"]
    address = ISSUE.address
    assert page.values("link", "href")[:-1] == [
        address,
        f"{address}.txt",
        f"{address}.md",
        f"{address}.json",
        f"{address}.pdf",
        "https://thread.example/feed.xml",
    ]
    assert "uk" in page.values("span", "lang")


def test_the_page_carries_no_script_and_no_style_of_its_own():
    html = as_page(ISSUE)
    assert not re.search(r"(?i)<script|\son[a-z]+=|javascript:|<style|\sstyle=|<img", html)
    assert Page(html).values("link", "href").count("/style.css") == 1
    assert not re.search(r"@import|url\(", web.STYLESHEET)


def test_a_page_read_as_a_file_brings_its_style():
    html = web.standalone(as_page(ISSUE))
    assert f"<style>{web.STYLESHEET}</style>" in html
    assert "/style.css" not in html


def test_headings_go_down_in_order():
    levels = [int(tag[1]) for tag, _ in Page(as_page(ISSUE)).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " javascript:x", "https://a@eve.example/", None]
)
def test_only_web_addresses_become_links(url):
    for drawn in (as_page, as_mail, web.render_fragment):
        page = Page(drawn(issue_of([item("A title", url=url)])))
        assert all(urlsplit(link).scheme == "https" for link in page.values("a", "href") if not link.startswith("#"))
        assert "A title" in page.text


def test_without_addresses_the_page_offers_no_other_forms():
    page = Page(web.render_issue(issue_of([item("A title")])))
    assert page.values("link", "href") == ["/style.css"]
    assert page.values("a", "href") == ["#issue", "https://river.example/1"]


def test_the_archive_lists_the_issues_in_the_order_given():
    offer = "/thread/feed.xml"
    entries = [web.IndexEntry(number, ISSUE.date, f"/thread/{number}") for number in (33, 32)]
    page = Page(
        web.render_index("The <Weekly> Thread", "uk", entries, subtitle="x", footer="a\n\nb", feed_address=offer)
    )
    assert page.values("a", "href") == [offer, "/thread/33", "/thread/32"]
    assert "Випуск 33 5 лютого 2023" in page.text.replace("\n", "")
    assert "The <Weekly> Thread" in page.text
    assert "No issue has been published yet." in Page(web.render_index("T", "en", [])).text


def test_the_leave_page_has_one_button_that_posts_what_a_mail_program_would():
    page = Page(reader_pages.leave_page("en", "The <b>Weekly</b> Thread", "/leave/token", home=ISSUE.home))
    assert page.values("form", "method") == ["post"]
    assert page.values("form", "action") == ["/leave/token"]
    assert page.values("input", "name") == ["List-Unsubscribe"]
    assert page.values("input", "value") == ["One-Click"]
    assert [tag for tag, _ in page.tags].count("button") == 1
    assert "Leave The <b>Weekly</b> Thread?" in page.text


def test_short_pages_say_one_thing_in_the_readers_language():
    assert "Вас відписано" in Page(reader_pages.told("uk", "left", "Нитка", home=ISSUE.home)).text
    assert "There is no such page" in Page(web.error_page("en", 404)).text
    assert "Something went wrong" in Page(web.error_page("de", 503)).text
    page = Page(web.render_message("<i>", "one\n\n<b>two", "en", form=web.Form("/x", "<go>", (("a", '"'),))))
    assert page.open == []
    assert page.values("input", "value") == ['"']
    assert {"<i>", "one", "<b>two", "<go>"} <= set(page.words)


def feed_of(issues):
    return feed.render("The Weekly Thread", ISSUE.home, f"{ISSUE.home}/feed.xml", issues)


def test_the_feed_has_all_that_rfc_4287_requires():
    older = replace(ISSUE, number=31, closed_at=datetime(2023, 1, 29, 16, tzinfo=UTC))
    root = ElementTree.fromstring(feed_of([ISSUE, older]))
    for scope in (root, *root.findall("atom:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(scope.findall(f"atom:{name}", ATOM)) == 1
            assert scope.findtext(f"atom:{name}", "", ATOM)
    assert root.findtext("atom:author/atom:name", "", ATOM) == "The Weekly Thread"
    assert root.findtext("atom:updated", "", ATOM) == "2023-02-05T16:00:00Z"
    assert [link.get("rel") for link in root.findall("atom:link", ATOM)] == ["alternate", "self"]
    ids = [each.text for each in root.findall("atom:entry/atom:id", ATOM)]
    assert ids == ["tag:thread.example,2023-02-05:thread/32", "tag:thread.example,2023-01-29:thread/31"]


def test_the_feed_carries_the_whole_issue_as_escaped_html():
    content = ElementTree.fromstring(feed_of([ISSUE])).find("atom:entry/atom:content", ATOM)
    assert content is not None
    assert content.get("type") == "html"
    assert content.text == web.render_fragment(ISSUE)


def test_a_feed_with_hostile_words_stays_well_formed():
    for words in hostile_issues():
        root = ElementTree.fromstring(feed_of([filled_with(words)]))
        assert Page(root.findtext("atom:entry/atom:content", "", ATOM)).open == []
        assert len(list(root.iter())) == len(list(ElementTree.fromstring(feed_of([ISSUE])).iter()))


def test_an_empty_feed_is_a_feed():
    assert ElementTree.fromstring(feed_of([])).findtext("atom:id", "", ATOM) == ISSUE.home
