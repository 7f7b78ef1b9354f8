"""The readers' pages in Chromium: at the width of a phone and of a desk, with scripts and without, and by axe-core.

PICTURES=DIR keeps what was seen.
"""

import os
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path

import pytest

from bot import subscriptions
from bot.tokens import row_token
from store import bulletins, choices
from tests.cast import World, settled_world
from tests.flows.published import published, stories
from tests.flows.reader import Visitor, link_in
from tests.flows.reader_words import speak
from tests.flows.test_coming_in import place_of
from tests.system.browser import Browser, Page

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

AXE = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
WIDTHS = {"phone": 390, "desk": 1280}
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' | ')))"  # noqa: E501
DAN, EVE, NEW = "dan@readers.example", "eve@readers.example", "new@readers.example"


@pytest.fixture(params=["en", "uk"])
async def pages(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """Every kind of page, by name, and the language that they speak."""
    language = request.param
    async with settled_world(tmp_path) as around, around.running():
        yield language, await addresses(around, language)


async def addresses(world: World, language: str) -> dict[str, str]:
    assert world.app is not None
    root, sealer = f"http://127.0.0.1:{world.app.web_port}", world.services.sealer
    dan, eve = await readers(world)
    await stories(world, ["one"])
    await published(world, world.clara)
    await speak(world, language)
    token = row_token(sealer, "leave", dan, 0)
    async with Visitor(world) as reader:
        home = await place_of(world)
        form = await reader.open(f"{home}/subscribe")
        await reader.press(form, form.forms[0].buttons[0], address=NEW)
        page = await reader.open(f"/choices/{row_token(sealer, 'leave', eve, 0)}")
        move = next(each for each in page.forms if each.action.endswith("/address"))
        await reader.post(move.action, {**move.fields, "address": "eve@elsewhere.example"})
        own = {
            "confirm": link_in(await reader.letter(NEW), "confirm"),
            "change": link_in(await reader.letter(EVE, 2), "change"),
            "change-new": link_in(await reader.letter("eve@elsewhere.example"), "change"),
        }
    places = own | {
        "archive": f"{home}/",
        "subscribe": f"{home}/subscribe",
        "choices": f"/choices/{token}",
        "leave": f"/leave/{token}",
        "closed": f"/leave/{row_token(sealer, 'leave', dan, 9)}",
        "confirm-gone": f"/confirm/{row_token(sealer, 'confirm', dan, 9)}",
        "change-gone": f"/change/{row_token(sealer, 'change-old', 99, 0)}",
        "nowhere": "/confirm/nothing",
        "not-so": "/telegram/webhook",
    }
    return {name: root + path for name, path in places.items()}


async def readers(world: World) -> tuple[int, int]:
    """Let Dan and Eve be readers, and another bulletin be there; return their subscriptions."""
    services = world.services
    async with services.store.transaction() as tx:
        columns = {"schedule": "sun 18:00", "timezone": "UTC", "language": "en"}
        await bulletins.add(tx, sections=[("News", "News")], slug="second", title="The Second Bulletin", **columns)
        here = await bulletins.get(tx, 1)
        how = {"consent": "paper", "actor": "shell", "now": world.clock.now()}
        await subscriptions.bring_in(tx, services.sealer, here, [DAN, EVE], **how)
        found = [await choices.of_address(tx, services.sealer.mac(subscriptions.ADDRESS, each)) for each in (DAN, EVE)]
    return found[0][0].id, found[1][0].id


async def look(page: Page, name: str, *, scripts: bool = True) -> None:
    """Check a page as it stands: nothing scrolls sideways, axe-core finds nothing; keep a picture of all of it."""
    wide = await page.run("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], f"{name} is {wide[0]} wide"
    await page.call("Page.setBypassCSP", {"enabled": True})
    await page.call("Emulation.setScriptExecutionDisabled", {"value": False})  # for axe-core, after the page was loaded
    await page.run(AXE + "; 0")
    assert await page.run(RUN) == [], name
    await page.call("Emulation.setScriptExecutionDisabled", {"value": not scripts})
    if folder := os.environ.get("PICTURES"):
        height = await page.run("Math.ceil(document.documentElement.getBoundingClientRect().height)")
        width = wide[1]
        size = {"width": width, "height": max(int(height), 600), "deviceScaleFactor": 1, "mobile": width < 500}
        await page.call("Emulation.setDeviceMetricsOverride", size)
        await page.picture(Path(folder) / f"{name}.png")


async def submit(page: Page, form: str, before: str = "") -> None:
    """Fill in and send a form by its buttons, as a person does; works without scripts in the page."""
    await page.run("window.here = 1")
    await page.run(f"{before}; document.querySelector({form!r}).querySelector('button').click(); 0")
    await page.until("window.here === undefined && document.readyState === 'complete'")


async def test_every_page_can_be_read_by_everybody_at_every_width(pages: tuple[str, dict[str, str]]) -> None:
    language, places = pages
    async with Browser() as browser:
        for size, width in WIDTHS.items():
            for name, address in places.items():
                page = await browser.open(address, width, 900, phone=size == "phone", dark=size == "phone")
                assert await page.run("document.documentElement.lang") == language
                await look(page, f"{language}-{size}-{name}")


AS_TEXT = (
    "document.querySelector('#address').type = 'text'; document.querySelector('#address').removeAttribute('maxlength')"
)
WALK = (
    # where, or "" to stay; the form; what is done before its button is pressed; what is seen then
    ("subscribe", "form", "document.querySelector('#address').value = 'olga@readers.example'", "asked"),
    ("subscribe", "form", f"{AS_TEXT}; address.value = 'nonsense@'", "wrong"),
    ("subscribe", "form", "document.querySelector('[name=form]').value = '0'; address.value = 'a@b.example'", "old"),
    ("subscribe", "form", f"{AS_TEXT}; address.value = 'a'.repeat(5000)", "much"),
    ("confirm", "form", "document.querySelector('#latest').click()", "confirmed"),
    ("confirm", "form", "", "confirmed-before"),
    ("choices", "form[action$='/form']", "document.querySelector('#text').click()", "saved"),
    ("", "form[action$='/pause']", "", "paused"),
    ("", "form[action$='/pause']", "", "resumed"),
    ("", "form[action$='/bulletin']", "", "second"),
    ("", "form[action$='/address']", f"{AS_TEXT}; address.value = 'nonsense@'", "move-wrong"),
    ("", "form[action$='/address']", "address.value = 'dan@elsewhere.example'", "move-asked"),
    ("", "form[action$='/erase']", "document.querySelector('#sure').removeAttribute('required')", "not-sure"),
    ("change", "form", "", "half"),
    ("change-new", "form", "", "moved"),
    ("leave", "form", "", "left"),
    ("", "form", "", "back"),
    ("leave", "form", "", "left-again"),
    ("", "form", "document.querySelector('[name=form]').value = '0'", "not-back"),
    ("leave", "form", "", "left-at-last"),
    ("", "form", "", "back-at-last"),
    ("choices", "form[action$='/erase']", "document.querySelector('#sure').click()", "erased"),
)


@pytest.mark.parametrize(("pages", "scripts"), [("en", True), ("uk", False)], indirect=["pages"])
async def test_a_reader_goes_all_the_way(pages: tuple[str, dict[str, str]], scripts: bool) -> None:
    language, places = pages
    width, kind = (390, f"{language}-with") if scripts else (1280, f"{language}-without")
    async with Browser() as browser:
        page = await browser.open("data:text/html,", width, 844, phone=scripts, dark=not scripts)
        await page.call("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        for where, form, before, seen in WALK:
            if where:
                await page.run("window.here = 1")
                await page.call("Page.navigate", {"url": places[where]})
                await page.until("window.here === undefined && document.readyState === 'complete'")
            await submit(page, form, before)
            assert await page.run("document.documentElement.lang") == language
            wrong = await page.run("!!document.querySelector('[role=alert]')")
            assert wrong == (seen in ("wrong", "old", "move-wrong", "not-sure")), seen
            await look(page, f"{kind}-{seen}", scripts=scripts)
