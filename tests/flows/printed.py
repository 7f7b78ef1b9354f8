"""Reads an issue back out of every form in which readers get it, as the blocks of text that follow one another."""

import json
import re
from collections.abc import Iterable
from xml.etree import ElementTree

import httpx
from lxml import html

from bot.sandbox.mailbox import Letter
from bot.sandbox.telegram import Message
from tests.flows.pdf_text import words_of

ATOM = "{http://www.w3.org/2005/Atom}"
HTML_BLOCKS = "//h2 | //section/ul/li | //p[@class='i']"
MARKDOWN_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(<[^>]*>\)")
SUFFIXES = {"web page": "", "plain text": ".txt", "Markdown": ".md", "JSON": ".json", "PDF": ".pdf"}


async def fetched(archive: str, number: int) -> dict[str, bytes]:
    """Return the issue's web page, its files and the feed, as the bot's own web front serves them."""
    async with httpx.AsyncClient(trust_env=False) as client:
        places = {name: f"{archive}{number}{suffix}" for name, suffix in SUFFIXES.items()}
        answers = {name: await client.get(place) for name, place in {**places, "feed": f"{archive}feed.xml"}.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    return {name: answer.content for name, answer in answers.items()}


def sections_in(blocks: Iterable[str], titles: Iterable[str]) -> dict[str, list[str]]:
    """Return what stands under each section's title, up to the notices."""
    found: dict[str, list[str]] = {}
    under: list[str] | None = None
    known = set(titles)
    for block in blocks:
        if block in known:
            under = found.setdefault(block, [])
        elif block == "Notices":
            break
        elif under is not None:
            under.append(block)
    return found


def of_posts(posts: list[Message]) -> list[str]:
    """Return the blocks of the channel's posts; those after the first begin with which part they are."""
    return [block for place, post in enumerate(posts) for block in post.words.split("\n\n")[place > 0 :]]


def of_html(page: str) -> list[str]:
    return [_one_line(str(element.text_content())) for element in html.fromstring(page).xpath(HTML_BLOCKS)]


def of_text(text: str) -> list[str]:
    """Return the titles and lines of plain text, without the addresses and rules under them."""
    return [line for line in text.splitlines() if line and not re.fullmatch(r"https?://\S+|-+|=+", line)]


def of_markdown(text: str) -> list[str]:
    """Return the headings and list items of Markdown as they read once they are drawn."""
    marked = re.findall(r"(?m)^(?:## |- )(.*)$", text)
    return [re.sub(r"\\(.)", r"\1", MARKDOWN_LINK.sub(r"\1", line)) for line in marked]


def of_json(text: str) -> list[str]:
    """Return what the values of the JSON say, put together as an issue prints it."""
    blocks = []
    for section in json.loads(text)["sections"]:
        blocks.append(section["title"])
        for item in section["items"]:
            cited = [f"({one['source']}, {one['date']['text']})" for one in item["citations"]]
            blocks.append(" ".join([item["title"], *cited]))
    return blocks


def of_feed(xml: bytes, number: int) -> list[str]:
    """Return the blocks of an issue's entry in the feed."""
    entries = ElementTree.fromstring(xml).findall(f"{ATOM}entry")
    entry = next(one for one in entries if f" {number} (" in one.findtext(f"{ATOM}title", ""))
    return of_html(entry.findtext(f"{ATOM}content", ""))


def of_pdf(pdf: bytes, titles: Iterable[str], lines: Iterable[str]) -> list[str]:
    """Return those of the titles and lines that stand in the PDF, in the order in which they stand there."""
    words = words_of(pdf)
    places = {block: words.find("".join(block.split())) for block in (*titles, *lines)}
    return sorted((block for block, place in places.items() if place >= 0), key=lambda block: places[block])


def hrefs(letter: Letter) -> set[str]:
    return {str(link) for link in html.fromstring(letter.html).xpath("//a/@href")}


def _one_line(text: str) -> str:
    return " ".join(text.split())
