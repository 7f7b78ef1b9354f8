"""The sandbox's page in a browser: the whole week with the real bot, then somebody's own turn."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.system.browser import Browser, Page

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]

WEEK_SECONDS = 240.0
LINK = "http://occupation-notebook.example/notes/a-market-of-one-hour"
CAPTION = "document.getElementById('caption').textContent"
WORDS_OF_DESK = "document.querySelector('#panel-desk .body').innerText"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a demo that plays eight times as fast as for people."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--speed", "8"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        line = demo.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found is not None, line
        yield found[0]
        demo.terminate()
        demo.wait(timeout=60)


async def count(page: Page, name: str) -> int:
    return int(await page.run(f"document.getElementById('count-{name}').textContent"))


async def click(page: Page, selector: str, words: str) -> None:
    """Click the last element of this kind that carries these words."""
    script = f"[...document.querySelectorAll({selector!r})].filter((one) => one.textContent.includes({words!r})).at(-1)"
    await page.until(f"!!({script})")
    await page.run(f"({script}).click()")


async def its_turn(page: Page) -> None:
    """Wait for the end of the play, which says when it cannot come to it."""
    await page.until("['done', 'failed'].includes(document.body.dataset.play)", WEEK_SECONDS)
    assert (await page.run(CAPTION)).startswith("Your turn")


async def test_a_week_is_seen_and_then_it_is_your_turn(address: str):
    async with Browser() as browser:
        page = await browser.open(address, 1440, 900)
        await its_turn(page)
        assert (await count(page, "lost"), await count(page, "doubled")) == (0, 0)
        assert "Issue 1 is out." in await page.run(WORDS_OF_DESK)
        assert "The bot is the real one" in await page.run(
            "document.querySelector('header').innerText.replace('the', 'The')"
        )
        await click(page, "#composer button", "Send")
        title = "‘They asked for my phone before they asked my name’"
        await page.until(f"{WORDS_OF_DESK}.includes({title!r})")
        await click(page, "#panel-desk .key", "Analysis")
        await page.until("document.getElementById('toasts').innerText.includes('Ana is not in this chat')")
        await click(page, "#cast label", "Boris")
        await click(page, "#panel-desk .key", "Analysis")
        await page.until(f"{WORDS_OF_DESK}.includes({title!r} + ' → Analysis')")
        await click(page, ".boxes button", "lina")
        await click(page, ".choices button", "Headers")
        await page.until("document.querySelector('.letter pre').textContent.includes('List-Unsubscribe')")
        await click(page, ".tools button", "Mailboxes")
        assert browser.complaints == []


async def test_trouble_made_on_the_page_loses_and_doubles_nothing(address: str):
    async with Browser() as browser:
        page = await browser.open(address, 1440, 900)
        await its_turn(page)
        await click(page, ".trouble button", "Double press")
        await page.until("document.getElementById('toasts').innerText.includes('One press counts.')")
        await click(page, ".trouble button", "Flood")
        await click(page, ".trouble button", "Kill the bot")
        await page.until("document.getElementById('bot-state').textContent === 'bot is down'")
        await page.run(f"document.getElementById('words').value = {LINK!r}")
        await click(page, "#composer button", "Send")
        await page.until("document.getElementById('count-under-way').textContent === '1'")
        await page.until("document.getElementById('bot-state').textContent === 'bot runs'")
        await page.until(f"{WORDS_OF_DESK}.includes('A market that opens for one hour')", 90)
        await page.until("document.getElementById('count-under-way').textContent === '0'")
        assert (await count(page, "lost"), await count(page, "doubled")) == (0, 0)
        assert browser.complaints == []


async def test_again_clears_the_page_for_a_fresh_week(address: str):
    async with Browser() as browser:
        page = await browser.open(address, 1440, 900)
        await page.until("document.querySelectorAll('#panel-ana .bubble').length > 2", WEEK_SECONDS)
        await click(page, ".controls button", "Again")
        await page.until("document.querySelectorAll('#panel-ana .bubble').length === 0")
        await page.until("document.querySelectorAll('#panel-olena .bubble').length > 1", 90)
        assert browser.complaints == []


async def test_a_phone_shows_one_chat_at_a_time_and_never_scrolls_sideways(address: str):
    async with Browser() as browser:
        page = await browser.open(address, 390, 844, phone=True)
        await page.until("document.querySelectorAll('#panel-desk .bubble').length > 1", 60)
        assert await page.run("document.documentElement.scrollWidth") <= 390
        panels = "[...document.querySelectorAll('.panel')].filter((one) => one.offsetParent)"
        await click(page, ".controls button", "Pause")
        for name, key in (("Marta", "marta"), ("Mail", "mail"), ("Web", "web"), ("Moderators", "desk")):
            await click(page, "#tabs button", name)
            assert await page.run(f"{panels}.map((one) => one.dataset.key)") == [key]
        assert browser.complaints == []
