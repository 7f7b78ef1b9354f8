"""What people see of one small issue, kept in tests/golden; UPDATE_GOLDEN=1 writes the files anew.

And that every rendering holds the same titles in the same order.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from render_sample import ISSUE
from test_render_pdf import elements, items, words
from test_render_text import printed
from test_render_web import Page

from bot.render import data, feed, mail, telegram, text, web
from bot.render.style import clean
from store.records import FrozenIssue

GOLDEN = Path(__file__).parents[1] / "golden"
UKRAINIAN = replace(
    ISSUE,
    language="uk",
    bulletin="Щотижнева нитка",
    subtitle="Вигадані новини",
    corrected_on=date(2023, 2, 8),
    corrections=(
        "Виправлено дату матеріалу «Cities without light»: 3 лютого.",
        "Виправлено *посилання* на «<Мирний> план».",
    ),
)
SENDER = mail.Sender(
    address="bulletin@thread.example",
    domain="thread.example",
    leave="https://thread.example/leave/",
    leave_mailbox="bulletin+leave@thread.example",
    reply_to="editors@thread.example",
    help="https://thread.example/help",
)


def as_telegram(issue: FrozenIssue) -> str:
    return json.dumps([asdict(part) for part in telegram.render(issue)], ensure_ascii=False, indent=1) + "\n"


def as_mail(issue: FrozenIssue) -> str:
    template = mail.MailTemplate.build(issue, SENDER)
    return template.fill("dan@reader.example", "m1@thread.example", "D" * 43).decode("ascii").replace("\r\n", "\n")


def as_mail_page(issue: FrozenIssue) -> str:
    return mail.render(issue, SENDER.leave).html


def as_page(issue: FrozenIssue) -> str:
    return web.render_issue(issue, feed_address="https://thread.example/feed.xml")


def as_feed(issue: FrozenIssue) -> str:
    return feed.render(issue.bulletin, issue.home, f"{issue.home}/feed.xml", [issue]).decode()


def as_pdf_words(issue: FrozenIssue) -> str:
    titles = [words(each) for each in elements(issue, "heading")]
    return "\n".join([*titles, "", *items(issue)]) + "\n"


DRAWN: dict[str, Callable[[FrozenIssue], str]] = {
    "telegram.json": as_telegram,
    "mail.eml": as_mail,
    "mail.html": as_mail_page,
    "issue.html": as_page,
    "fragment.html": web.render_fragment,
    "issue.txt": text.plain,
    "issue.md": text.markdown,
    "issue.json": data.to_json,
    "feed.xml": as_feed,
    "pdf-words.txt": as_pdf_words,
}
CASES = [(language, name) for language in ("en", "uk") for name in DRAWN]


@pytest.mark.parametrize(("language", "name"), CASES)
def test_people_see_what_the_golden_file_shows(language, name):
    drawn = DRAWN[name](ISSUE if language == "en" else UKRAINIAN)
    path = GOLDEN / f"render-{language}-{name}"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(drawn.encode())
    assert drawn == path.read_bytes().decode()


def test_no_golden_file_is_left_over():
    assert {path.name for path in GOLDEN.glob("render-*")} == {f"render-{language}-{name}" for language, name in CASES}


def titles_in(issue: FrozenIssue, body: str) -> list[str]:
    """Return the titles of an issue in the order in which they first stand in a rendering."""
    flat = re.sub(r"\s+", " ", body)
    titles = [clean(item.title) for section in issue.sections for item in section.items]
    assert all(title in flat for title in titles)
    return sorted(titles, key=lambda title: flat.index(title))


def test_every_rendering_holds_the_same_titles_in_the_same_order():
    wanted = [item.title for section in ISSUE.sections for item in section.items]
    bodies = {
        "telegram": "\n".join(part.text for part in telegram.render(ISSUE)),
        "mail text": mail.render(ISSUE).text,
        "mail": Page(as_mail_page(ISSUE)).text,
        "page": Page(as_page(ISSUE)).text,
        "fragment": Page(web.render_fragment(ISSUE)).text,
        "text": text.plain(ISSUE),
        "markdown": printed(text.markdown(ISSUE)),
        "json": "\n".join(
            each["title"] for part in json.loads(data.to_json(ISSUE))["sections"] for each in part["items"]
        ),
        "feed": unescape(unescape(as_feed(ISSUE))),
        "pdf": "\n".join(items(ISSUE)),
    }
    assert {name: titles_in(ISSUE, body) for name, body in bodies.items()} == dict.fromkeys(bodies, wanted)
