"""A walk through the desk by telephone: from thirty links that wait to an issue that is out, and then corrected."""

import os
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.cli.demo import PROGRAM, reporting
from bot.sandbox.page.server import serving
from bot.sandbox.play.opening import open_bulletin
from bot.sandbox.site import WEEK_START
from bot.sandbox.stage import ZONE, Stage
from bot.sandbox.theatre import Theatre
from tests.system.browser import Browser
from tests.system.phone import HEIGHT, WIDTH, Phone
from tests.system.thirty_links import MESSAGES, OCCUPIED, RIGHTS, SECTION_OF, SOLIDARITY, put_up

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]

PICTURES = "WALK_PICTURES"
PACE = 20.0
UNHURRIED = 10.0
MOST_PRESSES = 45
SATURDAY = datetime(WEEK_START.year, WEEK_START.month, WEEK_START.day, 10, tzinfo=ZONE) + timedelta(days=5)
SUNDAY = SATURDAY + timedelta(days=1, hours=8)
WRONG = "Dockers refuse a ship for the third time"
RIGHT = "Dockers refuse a ship for the fourth time"


@pytest.fixture
async def theatre() -> AsyncIterator[Theatre]:
    """A bulletin with its people, and thirty links that Ana and Marta sent on Saturday morning."""
    async with Theatre(PROGRAM, reporting, PACE) as found:
        director, stage = found.week.director, found.week.stage
        await open_bulletin(director)
        await director.travel(SATURDAY)
        for sender, text in put_up(stage.site):
            await director.hear(stage.people[sender], text, f"the acknowledgement of what {sender} sent")
        await director.until("all pages are read", lambda: all(map(acknowledged(stage), SECTION_OF)))
        await director.beat("Thirty links wait. The desk is yours.", "desk", beats=0)
        director.state = "done"
        yield found


def acknowledged(stage: Stage) -> Callable[[str], bool]:
    """Whether somebody who sent a link of this title has read so."""
    told = "\n".join(one.words for sender in (stage.ana, stage.marta) for one in sender.private.visible())
    return lambda title: title in told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures are kept."""
    found = Path(os.environ.get(PICTURES) or tmp_path)
    found.mkdir(parents=True, exist_ok=True)
    return found


async def test_thirty_links_become_an_issue_and_a_correction_by_telephone(theatre: Theatre, folder: Path):
    async with Browser() as browser, serving(theatre, 0) as address:
        phone = await Phone.at(browser, address, folder)
        await decide_by_batch(phone)
        await decide_one_by_one(phone)
        await shape(phone)
        await theatre.week.director.travel(SUNDAY)
        theatre.week.stage.clock.set_speed(UNHURRIED)  # the countdown of an hour is not what lets the issue out
        await publish(phone)
        await correct(phone)
        await see_it_corrected(phone, theatre, browser)
        assert browser.complaints == []
    told = f"{len(phone.presses)} presses, {len(phone.commands)} command(s), {len(phone.replies)} reply(ies)"
    print(f"\nA 30-item issue by telephone: {told}; pictures in {folder}")
    print(" · ".join(phone.presses))
    assert len(phone.presses) + len(phone.commands) + len(phone.replies) <= MOST_PRESSES


async def decide_by_batch(phone: Phone) -> None:
    """Clara approves two messages that are about one subject each, a page of the queue at a time."""
    await phone.open("Moderators", "Clara")
    await phone.can_press("✗ Reject")
    await phone.nothing_new_comes()
    await phone.picture("thirty-links-wait")
    await phone.command("/queue")
    await phone.sees("30 links wait")
    await phone.picture("queue")
    for section in (OCCUPIED, RIGHTS):
        await phone.press("Select")
        await phone.press("All / none")
        await phone.can_press(f"→ {section}")
        await phone.picture(f"batch-{section.split()[0].lower()}")
        await phone.press(f"→ {section}")
        await phone.can_press("Select")
    await phone.sees("14 links wait")
    await phone.picture("sixteen-approved")


async def decide_one_by_one(phone: Phone) -> None:
    """Boris takes the rest in his private chat, where each press brings the next link into its place."""
    await phone.open("Moderators", "Boris")
    await phone.press("Moderate here")
    await phone.open("Boris", "Boris")
    waiting = [title for _, links in MESSAGES[2:] for _, _, title in links]
    for place, title in enumerate(waiting, 1):
        await phone.can_press(SECTION_OF[title], title)
        if place in (1, 8):
            await phone.picture(f"moderate-here-{place}")
        await phone.press(SECTION_OF[title], title)
    await phone.sees("Nothing waits.")
    await phone.picture("nothing-waits")
    open_cards = "[...document.querySelectorAll('#panel-desk .key')].filter((one) => one.textContent === '✗ Reject')"
    await phone.page.until(f"{open_cards}.length === 0")


async def shape(phone: Phone) -> None:
    """Clara puts an item first in its section, and into the line of highlights."""
    await phone.open("Moderators", "Clara")
    await phone.command("/issue")
    await phone.can_press("Items")
    await phone.picture("issue")
    await phone.press("Items")
    await phone.press(f"{SOLIDARITY} · 4")
    await phone.sees("newest first")
    number = number_of(await phone.message_with("newest first"), WRONG)
    await phone.picture("items-of-a-section")
    await phone.press(number, "newest first")
    await phone.press("Up", WRONG)
    await phone.sees("1 of 4")
    await phone.picture("item-on-top")
    await phone.press("Highlight", WRONG)
    await phone.can_press("No highlight", WRONG)
    for shown in ("Newest first again", f"{RIGHTS} · 9", "Highlights"):
        await phone.press("Back")
        await phone.can_press(shown)
    await phone.picture("issue-shaped")


def number_of(message: str, title: str) -> str:
    """The number that an item has in a message."""
    line = next(line for line in message.splitlines() if title in line)
    return line.partition(".")[0].strip()


async def publish(phone: Phone) -> None:
    """On Sunday Clara looks at what will go out, and lets it out before its hour."""
    await phone.can_press("Publish now")
    await phone.picture("gate")
    await phone.command("/preview")
    await phone.sees("So far only this chat has seen it.")
    await phone.picture("preview")
    await phone.press("Publish now")
    await phone.sees("Issue 1 is out.")
    await phone.picture("out")
    await phone.open("Channel", "Clara")
    await phone.picture("channel")


async def correct(phone: Phone) -> None:
    """Clara corrects a title from the report."""
    await phone.open("Moderators", "Clara")
    await phone.press("Correct", "Issue 1 is out.")
    await phone.press("5. International so…")
    await phone.can_press("30", "Issue 1 (22")
    number = number_of(await phone.message_with("Issue 1 (22"), WRONG)
    await phone.picture("correct-which")
    await phone.press(number, "Issue 1 (22")
    await phone.press("Title", WRONG)
    await phone.sees("The title is now:")
    await phone.picture("correct-how")
    await phone.reply(RIGHT)
    await phone.can_press("Correct it", RIGHT)
    await phone.picture("correct-last-word")
    await phone.press("Correct it", RIGHT)
    await phone.sees("Issue 1 was corrected.")
    await phone.picture("corrected")


async def see_it_corrected(phone: Phone, theatre: Theatre, browser: Browser) -> None:
    """The channel's post is edited in its place, and the web issue says what was corrected and when."""
    await phone.open("Channel", "Clara")
    await phone.sees(RIGHT)
    post = await phone.message_with(RIGHT)
    assert WRONG not in post
    assert "edited" in post
    await phone.picture("channel-corrected")
    stage = theatre.week.stage
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        home = (await client.get(f"{stage.web}/", follow_redirects=True)).url
    web = await browser.open(f"{home}1", WIDTH, HEIGHT, phone=True)
    words = str(await web.run("document.body.innerText"))
    assert "Corrected on" in words
    assert RIGHT in words
    assert WRONG not in words
    await web.run(
        "[...document.querySelectorAll('body *')].filter((one) => one.textContent.includes('Corrected on')).at(-1)"
        ".scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    await phone.picture("web-corrected", of=web)
