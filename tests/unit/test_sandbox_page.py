"""The server behind the sandbox's page: who may act, what it tells, how strangers' HTML is shown."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.sandbox.page.server import serving
from bot.sandbox.theatre import Theatre
from tests.unit.test_sandbox_play import LINK, SLEEPER, no_report

TELL_SECONDS = 10


@dataclass
class Open:
    """A page that is open in somebody's browser."""

    theatre: Theatre
    client: httpx.AsyncClient
    token: str

    async def act(self, **what: object) -> dict[str, str]:
        answer = await self.client.post("/act", json=what, headers={"X-Page-Token": self.token})
        return answer.raise_for_status().json()

    @asynccontextmanager
    async def told(self) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
        async with self.client.stream("GET", "/events", params={"token": self.token}) as answer:
            answer.raise_for_status()
            yield events(answer)


async def events(answer: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def next_with(told: AsyncIterator[tuple[str, Any]], key: str) -> Any:
    """The next thing of this kind that the page is told."""
    async with asyncio.timeout(TELL_SECONDS):
        async for _, content in told:
            if key in content:
                return content[key]
    raise AssertionError(f"the page was told nothing of {key}")


@pytest.fixture
async def page() -> AsyncIterator[Open]:
    async with (
        Theatre(SLEEPER, no_report, 1000) as theatre,
        serving(theatre, 0) as address,
        httpx.AsyncClient(base_url=address, trust_env=False, timeout=TELL_SECONDS) as client,
    ):
        source = (await client.get("/")).text
        found = re.search(r'name="page-token" content="([^"]+)"', source)
        assert found is not None
        yield Open(theatre, client, found[1])


async def test_no_other_site_can_act(page: Open):
    act = {"act": "send", "who": "ana", "chat": page.theatre.week.stage.ana.private.id, "text": "from elsewhere"}
    for headers in ({}, {"X-Page-Token": "guessed"}, {"X-Page-Token": page.token, "Host": "rebound.example"}):
        assert (await page.client.post("/act", json=act, headers=headers)).status_code == 403
    assert (await page.client.get("/", headers={"Host": "rebound.example"})).status_code == 403
    assert (await page.client.get("/events", params={"token": "guessed"})).status_code == 403
    assert page.theatre.week.stage.ana.private.messages == []


async def test_the_page_loads_nothing_from_elsewhere(page: Open):
    answer = await page.client.get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    names = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert names
    for name in names:
        assert name.startswith("static/")
        assert (await page.client.get(f"/{name}")).status_code == 200
    assert (await page.client.get("/static/..%2Fserver.py")).status_code == 404


async def test_an_open_page_is_told_everything_and_then_what_changes(page: Open):
    stage = page.theatre.week.stage
    async with page.told() as told:
        name, everything = await anext(told)
        assert name == "all"
        assert [one["name"] for one in everything["cast"]] == ["Ana", "Boris", "Clara", "Dan"]
        assert {"desk", "channel-1", "channel-2", "ana", "marta", "olena"} <= set(everything["panels"])
        assert await page.act(act="send", who="ana", chat=stage.ana.private.id, text=f"For you {LINK}") == {"said": ""}
        messages = await next_with(told, "messages")
        assert [one["text"] for one in messages] == [f"For you {LINK}"]
        assert messages[0]["entities"][0]["type"] == "url"
        before = everything["state"]["now"]
        await page.act(act="control", what="hour")
        assert (await next_with(told, "state"))["now"] >= before + 3600


async def test_a_fresh_week_reaches_the_open_page(page: Open):
    page.theatre.week.stage.ana.send("from the first week")
    async with page.told() as told:
        _, first = await anext(told)
        assert [chat["title"] for chat in first["chats"] if chat["messages"]] == ["Ana"]
        await page.act(act="control", what="again")
        chats = await next_with(told, "chats")
        assert [chat["title"] for chat in chats if chat["messages"]] == []


async def test_pause_and_step_and_going_on(page: Open):
    director = page.theatre.week.director
    for control, state in (("pause", "paused"), ("go-on", "playing"), ("step", "paused")):
        await page.act(act="control", what=control)
        assert director.state == state


async def test_what_cannot_be_done_is_told_in_a_sentence(page: Open):
    stage = page.theatre.week.stage
    desk = stage.desk.id
    assert "Ana is not in Moderators" in (await page.act(act="send", who="ana", chat=desk, text="hello"))["refused"]
    assert "Ana, Boris or Clara" in (await page.act(act="send", who="dan", chat=desk, text="hello"))["refused"]
    assert "gone" in (await page.act(act="press", who="boris", chat=desk, message_id=77, data="v1"))["refused"]
    assert "does not exist" in (await page.act(act="control", what="explode"))["refused"]
    assert "down" in (await page.act(act="control", what="kill"))["refused"]
    assert "no open card" in (await page.act(act="control", what="double-press"))["refused"]
    assert "no leave link" in (await page.act(act="leave", who="dan@readers.example"))["said"]


async def test_the_mail_server_hangs_and_works_again(page: Open):
    assert "never answers" in (await page.act(act="control", what="mail-hangs"))["said"]
    assert page.theatre.mail_hangs
    assert "again" in (await page.act(act="control", what="mail-hangs"))["said"]
    assert not page.theatre.mail_hangs


async def test_a_letter_is_shown_shut_in_with_links_that_work_in_the_sandbox(page: Open):
    html = f'<html><head></head><body><script>alert(1)</script><a href="{LINK}?a=1&amp;b=2">one</a></body></html>'
    letter = f"Subject: Hello\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    page.theatre.week.stage.mail.accept("b@sandbox.example", ["dan@readers.example"], letter.encode())
    shown = await page.client.get("/letters/1")
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    led = re.search(r'href="([^"]+)"', shown.text)
    assert led is not None
    news = await page.client.get(led[1])
    assert "Teachers in the occupied part" in news.text
    assert news.headers["content-security-policy"].startswith("sandbox ")
    facts = (await page.client.get("/letters/1.json")).json()
    assert facts["subject"] == "Hello"
    assert (await page.client.get("/letters/2")).status_code == 404


async def test_only_invented_sites_are_shown(page: Open):
    for url in ("http://127.0.0.1/", "https://kherson-herald.example/", "file:///etc/passwd", ""):
        assert (await page.client.get("/news", params={"url": url})).status_code == 404
