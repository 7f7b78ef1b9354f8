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
from tests.flows.reader import Visitor, link_in
from tests.system.browser import Browser, Page

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

AXE = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
WIDTHS = {"phone": 390, "desk": 1280}
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' | ')))"  # noqa: E501
DAN = "dan@readers.example"


@pytest.fixture(params=["en", "uk"])
async def pages(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """Every kind of page, by name, and the language that they speak."""
    language = request.param
    async with settled_world(tmp_path) as around, around.running():
        yield language, await addresses(around, language)


async def addresses(world: World, language: str) -> dict[str, str]:
    services = world.services
    async with services.store.transaction() as tx:
        await bulletins.change(tx, 1, language=language)
        columns = {"schedule": "sun 18:00", "timezone": "UTC", "language": language}
        await bulletins.add(tx, sections=[("News", "News")], slug="second", title="The Second Bulletin", **columns)
        here = await bulletins.get(tx, 1)
        await subscriptions.bring_in(
            tx,
            services.sealer,
            here,
            [DAN, "eve@readers.example"],
            consent="paper",
            actor="shell",
            now=world.clock.now(),
        )
        mac = services.sealer.mac(subscriptions.ADDRESS, DAN)
        dan = (await choices.of_address(tx, mac))[0]
    root = f"http://127.0.0.1:{world.app.web_port}" if world.app else ""
    token = row_token(services.sealer, "leave", dan.id, 0)
    async with Visitor(world) as reader:
        form = await reader.open(f"/{here.slug}/subscribe")
        await reader.press(form, form.forms[0].buttons[0], address="new@readers.example")
        confirm = link_in(await reader.letter("new@readers.example"), "confirm")
        page = await reader.open(f"/choices/{token}")
        move = next(each for each in page.forms if each.action.endswith("/address"))
        await reader.post(move.action, {**move.fields, "address": "dan@elsewhere.example"})
        change = link_in(await reader.letter(DAN), "change")
    return {
        "archive": f"{root}/{here.slug}/",
        "subscribe": f"{root}/{here.slug}/subscribe",
        "confirm": root + confirm,
        "choices": f"{root}/choices/{token}",
        "change": root + change,
        "leave": f"{root}/leave/{token}",
        "nowhere": f"{root}/confirm/nothing",
    }


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
                dark = size == "phone" and name == "choices"
                page = await browser.open(address, width, 900, phone=size == "phone", dark=dark)
                assert await page.run("document.documentElement.lang") == language
                await look(page, f"{language}-{size}-{name}")


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_reader_goes_all_the_way_with_scripts_and_without(
    pages: tuple[str, dict[str, str]], scripts: bool
) -> None:
    language, places = pages
    async with Browser() as browser:
        page = await browser.open("data:text/html,", 390, 844, phone=True)
        await page.call("Emulation.setScriptExecutionDisabled", {"value": not scripts})

        async def at(name: str) -> None:
            await page.call("Page.navigate", {"url": places[name]})
            await page.until("location.protocol === 'http:' && document.readyState === 'complete'")

        kind = f"{language}-{'with' if scripts else 'without'}"
        await at("subscribe")
        await submit(page, "form", "document.querySelector('#address').value = 'olga@readers.example'")
        await look(page, f"{kind}-asked", scripts=scripts)
        await at("subscribe")
        await submit(page, "form", "document.querySelector('#address').type = 'text'; address.value = 'nonsense@'")
        assert await page.run("document.activeElement !== null && !!document.querySelector('[role=alert]')")
        await look(page, f"{kind}-wrong", scripts=scripts)
        await at("confirm")
        await submit(page, "form", "document.querySelector('#latest').click()")
        await look(page, f"{kind}-confirmed", scripts=scripts)
        await at("choices")
        await submit(page, "form[action$='/pause']")
        await look(page, f"{kind}-paused", scripts=scripts)
        await at("leave")
        await submit(page, "form")
        await look(page, f"{kind}-left", scripts=scripts)
        await submit(page, "form")
        await look(page, f"{kind}-back", scripts=scripts)
        await at("choices")
        await submit(page, "form[action$='/erase']", "document.querySelector('#sure').click()")
        await look(page, f"{kind}-erased", scripts=scripts)
