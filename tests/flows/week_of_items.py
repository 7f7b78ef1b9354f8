"""A whole week from a file of items: sent by Ana, approved by Boris, a meeting from Clara, released by the schedule."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.sandbox.site import NewsSite
from bot.sandbox.telegram import Message
from store import bulletins
from store.messages import utf16_length
from tests.cast import SECTIONS, World, world
from tests.flows import printed

SPEED = 240.0
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
SHORT = dict(part.split("|") for part in SECTIONS.split(";"))
ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


@dataclass(frozen=True)
class Cited:
    """One citation as the file has it: where its page stands, and what the page says of its date."""

    source: str
    url: str
    day: str

    def printed(self, year: int) -> str:
        """Return the brackets in house style, written here once more without the bot's own words."""
        parts = [int(part) for part in self.day.split("-")]
        when = MONTHS[parts[1] - 1]
        if len(parts) == 3:
            when += f" {parts[2]}{ORDINALS.get(parts[2], 'th')}"
        return f"({self.source}, {when})" if parts[0] == year else f"({self.source}, {when}, {parts[0]})"


@dataclass(frozen=True)
class Story:
    """One item of the file."""

    section: str
    title: str
    language: str
    citations: tuple[Cited, ...]

    def line(self, year: int) -> str:
        return " ".join([self.title, *(cited.printed(year) for cited in self.citations)])

    @property
    def order(self) -> tuple[int, str]:
        """Newest first, a month counting as its last day, ties by title."""
        year, month, day = (int(part) for part in f"{self.citations[0].day}-31".split("-")[:3])
        return -(year * 400 + month * 32 + day), self.title.casefold()


@dataclass(frozen=True)
class WeekOfItems:
    """A file of items with its number, day, meeting and footer."""

    number: int
    day: date
    title: str
    subtitle: str
    footer: str
    stories: tuple[Story, ...]
    meeting: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> "WeekOfItems":
        given = json.loads(path.read_text("utf-8"))
        day = date.fromisoformat(given["date"])
        stories = tuple(
            Story(
                section["title"],
                item["title"],
                item.get("language", "en"),
                tuple(_cited(cited, item["title"], day) for cited in item["citations"]),
            )
            for section in given["sections"]
            for item in section["items"]
        )
        words = (given["title"], given["subtitle"], given["footer"])
        return cls(given["number"], day, *words, stories, given["notices"][0])

    @property
    def expected(self) -> dict[str, list[str]]:
        """Return the lines of each section as they should print, in order."""
        titles = list(dict.fromkeys(story.section for story in self.stories))
        return {
            title: [s.line(self.day.year) for s in sorted(self.stories, key=lambda s: s.order) if s.section == title]
            for title in titles
        }

    @property
    def counts(self) -> list[int]:
        return [len(lines) for lines in self.expected.values()]

    @property
    def lines(self) -> list[str]:
        return [line for lines in self.expected.values() for line in lines]

    @property
    def slug(self) -> str:
        return "-".join(re.findall(r"[a-z0-9]+", self.title.lower()))

    @property
    def links(self) -> list[str]:
        return [cited.url for story in self.stories for cited in story.citations]

    @property
    def notice(self) -> str:
        """Return the meeting as an editor would type it."""
        given = self.meeting
        speakers = "\n".join(f"{one['name']}, {one['organisation']}" for one in given["speakers"])
        when = f"{given['date_text']} from {given['time_text']}"
        place = f"{given['place']}\n{given['directions']}"
        return f"{given['title']}\n{when}\n{place}\n\nSpeakers include:\n{speakers}"


def _cited(given: dict[str, str], title: str, near: date) -> Cited:
    host = "-".join(re.findall(r"[a-z0-9]+", given["source"].lower())) or "paper"
    address = f"http://{host}.example/{quote(title[:40].replace(' ', '-'))}"
    return Cited(given["source"], given.get("url", address), given.get("date") or _day(given["date_text"], near))


def _day(text: str, near: date) -> str:
    """Return `February 5th`, `31 January` or `February` as ISO, in the year in which it is not far ahead."""
    month = next(place for place, name in enumerate(MONTHS, 1) if name in text)
    year = near.year if month <= near.month else near.year - 1
    number = re.search(r"\d+", text)
    return f"{year}-{month:02}-{int(number[0]):02}" if number else f"{year}-{month:02}"


def print_pages(site: NewsSite, week: WeekOfItems) -> None:
    """Give each citation a page of its title, source and date."""
    for story in week.stories:
        for cited in story.citations:
            site.add_article(cited.url, story.title, cited.source, cited.day, story.language)


@asynccontextmanager
async def played(directory: Path, week: WeekOfItems, start: datetime) -> AsyncIterator[World]:
    """Play the week in London, where its meeting is; the clock runs fast, since a group takes 20 cards a minute."""
    here = world(directory, start=start, speed=SPEED, title=week.title, timezone="Europe/London")
    async with here as around, around.running():
        await around.settle_in()
        await around.readers(1)
        print_pages(around.site, week)
        await prepare(around, week)
        await moderate(around, week)
        await announce_meeting(around, week)
        await let_out_by_schedule(around, week)
        yield around


async def prepare(world: World, week: WeekOfItems) -> None:
    """Let the next issue carry the week's number, title block and footer, as an editor of many years has them."""
    async with world.services.store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        await bulletins.change(tx, bulletin.id, next_number=week.number, subtitle=week.subtitle, footer=week.footer)


async def moderate(world: World, week: WeekOfItems) -> None:
    """Let Ana send every story in a message of its own, and Boris press the section on every card."""
    for story in week.stories:
        world.ana.send("\n".join(cited.url for cited in story.citations))
    waiting = {story.title: story for story in week.stories}
    while waiting:
        card = await world.until(lambda: next(_ready(world, waiting), None), 60)
        story = waiting.pop(_title(card))
        pressed = world.boris.press(card, SHORT[story.section])
        await world.until(lambda pressed=pressed: pressed.answered)
        assert pressed.answer_text == f"Approved: {story.section}"
    await world.until(lambda: sum(m.words.startswith("✓") for m in world.desk.visible()) == len(week.stories), 60)


def _ready(world: World, waiting: dict[str, Story]) -> Iterator[Message]:
    """Yield the open cards whose every citation is there; that of two pages becomes one when both are read."""
    for message in world.desk.visible():
        story = waiting.get(_title(message))
        if story and message.buttons and all(cited.source in message.words for cited in story.citations):
            yield message


def _title(message: Message) -> str:
    return message.words.partition("\n")[0]


async def announce_meeting(world: World, week: WeekOfItems) -> Message:
    """Let Clara give the meeting with /notice, and say that it prints until its day."""
    world.clara.send("/notice", world.desk)
    question = await world.until(lambda: world.desk.find("Reply to this message with the text of the notice"))
    world.clara.send(week.notice, world.desk, reply_to=question)
    saved = await world.until(lambda: world.desk.find("Until when should it print?"))
    world.clara.press(saved, "Until that day")
    await world.until(lambda: "In the next issues until" in saved.words)
    return saved


async def let_out_by_schedule(world: World, week: WeekOfItems) -> None:
    """Let the hour come, and the gate pass by itself."""
    hour = datetime.combine(week.day, datetime.min.time(), ZoneInfo(world.settings.timezone)) + timedelta(hours=18)
    world.jump_to(hour)
    gate = await world.until(lambda: world.desk.find("It is published at 19:00 by itself"))
    assert f"{len(week.stories)} links" in gate.words
    world.jump_to(hour + timedelta(minutes=61))
    await world.until(lambda: world.desk.find(f"Issue {week.number} is out"), 60)


def assert_channel_posts(posts: list[Message], week: WeekOfItems) -> None:
    """Check the posts: two or more, none too long, all sections with their lines in order, every link, the meeting."""
    assert len(posts) >= 2
    assert max(utf16_length(post.words) for post in posts) <= 4096
    blocks = printed.of_posts(posts)
    assert printed.sections_in(blocks, week.expected) == week.expected
    assert week.notice.partition("\n\n")[0] in blocks
    assert blocks[-1] == week.footer
    assert set(week.links) <= {entity["url"] for post in posts for entity in post.entities if "url" in entity}


async def assert_same_everywhere(world: World, week: WeekOfItems) -> None:
    """Check that mail, web page, text, Markdown, JSON, feed and PDF print the same lines in the same order."""
    await world.mail.until(lambda: world.mail.letters, 60)
    (letter,) = world.mail.letters
    assert set(week.links) <= printed.hrefs(letter)
    files = await printed.fetched(f"http://127.0.0.1:{world.app.web_port}/{week.slug}/", week.number)
    blocks = {
        "mail, HTML": printed.of_html(letter.html),
        "mail, text": printed.of_text(letter.text),
        "web page": printed.of_html(files["web page"].decode()),
        "plain text": printed.of_text(files["plain text"].decode()),
        "Markdown": printed.of_markdown(files["Markdown"].decode()),
        "JSON": printed.of_json(files["JSON"].decode()),
        "feed": printed.of_feed(files["feed"], week.number),
        "PDF": printed.of_pdf(files["PDF"], week.expected, week.lines),
    }
    for form, found in blocks.items():
        assert printed.sections_in(found, week.expected) == week.expected, form
