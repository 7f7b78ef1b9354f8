"""The readers' web doors against whoever comes with anything but a browser: methods, bodies, hosts, dropped lines."""

import asyncio
from urllib.parse import urlsplit

import pytest

from bot.subscriptions import LEAVE
from bot.tokens import row_token
from tests.cast import World
from tests.flows.published import published, stories
from tests.flows.reader import Visitor
from tests.flows.reader_words import ENGLISH, TONGUES, Words, speak
from tests.flows.test_choosing import page_of
from tests.flows.test_coming_in import count, everything, place_of

pytestmark = pytest.mark.system

NEVER = ("OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
BODIES = {
    "nothing": (b"", "application/x-www-form-urlencoded"),
    "no form": (b"form=&address=&weeks=2&sure=1", "application/x-www-form-urlencoded"),
    "json": (b'{"List-Unsubscribe": "One-Click", "sure": 1}', "application/json"),
    "a header": (b"List-Unsubscribe: One-Click", "text/plain"),
    "no ascii": ("address=дан".encode(), "application/x-www-form-urlencoded"),
    "many fields": (b"&".join(b"sure=1" for _ in range(50)), "application/x-www-form-urlencoded"),
    "parts of nothing": (b"--x--\r\n", "multipart/form-data; boundary=x"),
    "zeros": (b"form=%00&List-Unsubscribe=%00", "application/x-www-form-urlencoded"),
    "much": (b"a" * 2_000_000, "application/octet-stream"),
}
ODD = {
    "en": ("This page cannot be used in this way", "Nothing was changed.", "There is no such page"),
    "uk": ("Цю сторінку так не використовують", "Нічого не змінено.", "Такої сторінки немає"),
}


async def addresses(world: World) -> dict[str, str]:
    """Return every address of a reader's doors, by the methods that it takes."""
    sealer, home = world.services.sealer, await place_of(world)
    leave, confirm = row_token(sealer, LEAVE, 1, 0), row_token(sealer, "confirm", 2, 0)
    looked_at = dict.fromkeys((home, f"{home}/", f"{home}/feed.xml", f"{home}/1", "/", "/health", "/style.css"), "GET")
    own = (f"/choices/{leave}", *(f"/choices/{leave}/{act}" for act in ("form", "pause", "address", "copy", "erase")))
    pressed = (f"{home}/subscribe", f"/leave/{leave}", f"/leave/{leave}/undo", f"/confirm/{confirm}", *own[1:])
    return looked_at | {own[0]: "GET"} | dict.fromkeys(pressed, "GET, POST")


@pytest.mark.parametrize("words", TONGUES, ids=lambda words: words.language)
async def test_no_method_and_no_body_but_those_of_our_forms_changes_anything(newsroom: World, words: Words) -> None:
    await newsroom.readers(1)
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    await speak(newsroom, words.language)
    not_so, unchanged, nowhere = ODD[words.language]
    async with Visitor(newsroom) as eve:
        form = await eve.open(await place_of(newsroom) + "/subscribe")
        await eve.press(form, words.subscribe, address="new@readers.example")
        await eve.letter("new@readers.example")
        before = await everything(newsroom)
        for address, methods in (await addresses(newsroom)).items():
            looks = [(await eve.open(address, method)).status for method in ("GET", "HEAD")]
            assert looks[0] == looks[1], address
            assert looks[0] in (200, 303, 307), address
            for method in NEVER:
                refused = await eve.open(address, method)
                assert (refused.status, not_so in refused.text) == (405, True), (method, address)
                assert refused.answer.headers["allow"] == methods.replace("GET", "GET, HEAD"), address
            if "POST" not in methods:
                continue
            for name, (body, kind) in BODIES.items():
                refused = await eve.send("POST", address, body, kind)
                assert refused.status in (400, 413), (name, address)
                assert "It is our fault" not in refused.text, (name, address)
                if refused.status == 413:
                    assert unchanged in refused.text
        missing = await eve.open("/leave/" + "a" * 5000)
        assert (missing.status, missing.heading) == (404, nowhere)
        assert missing.links == [f"{await place_of(newsroom)}/"]
    assert await everything(newsroom) == before


async def test_own_pages_are_kept_by_nobody_on_the_way_and_no_answer_names_the_host_asked_for(newsroom: World) -> None:
    await newsroom.readers(1)
    async with Visitor(newsroom) as eve:
        there = [*await addresses(newsroom)]
        for address in (*there, *(f"{each}/" for each in there)):
            answer = (await eve.open(address)).answer
            private = address.split("/")[1] in ("choices", "leave", "confirm", "change")
            assert (answer.headers.get("cache-control") == "no-store") == private, address
            assert "set-cookie" not in answer.headers
            assert not urlsplit(answer.headers.get("location", "")).netloc
            assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_line_that_drops_in_the_middle_of_a_form_is_no_error_of_ours(
    newsroom: World, caplog: pytest.LogCaptureFixture
) -> None:
    await newsroom.readers(1)
    assert newsroom.app is not None
    async with Visitor(newsroom) as dan:
        path = (await page_of(newsroom, dan)).path.replace("choices", "leave")
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 26\r\n\r\n"
        for sent in ("", "List-Unsubscribe=One-Clic"):
            _, writer = await asyncio.open_connection("127.0.0.1", newsroom.app.web_port)
            writer.write((head + sent).encode())
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        assert (await dan.open(path)).status == 200
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []
    assert await count(newsroom) == 1


async def test_two_presses_at_once_do_what_one_does(newsroom: World) -> None:
    await newsroom.readers(1)
    async with Visitor(newsroom) as dan, Visitor(newsroom) as tab:
        form = await dan.open(await place_of(newsroom) + "/subscribe")
        await asyncio.gather(*(each.press(form, "Subscribe", address="new@readers.example") for each in (dan, tab)))
        page = await page_of(newsroom, dan)
        moves = [each.press(page, "Change the address", address="dan@elsewhere.example") for each in (dan, tab)]
        assert all(ENGLISH.move_asked in each.text for each in await asyncio.gather(*moves))
        leave = await dan.open(page.path.replace("choices", "leave"))
        gone = await asyncio.gather(*(each.press(leave, ENGLISH.leave) for each in (dan, tab)))
        assert [each.heading for each in gone] == [ENGLISH.left] * 2
        back = await asyncio.gather(*(each.press(gone[0], ENGLISH.undo) for each in (dan, tab)))
        assert sorted(each.heading for each in back) == sorted([ENGLISH.back, ENGLISH.not_back])
        await newsroom.until(lambda: newsroom.mail.mailbox("dan@elsewhere.example"))
    assert len(newsroom.mail.mailbox("new@readers.example")) == 1
    assert len(newsroom.mail.mailbox("dan@elsewhere.example")) == 1
    assert await count(newsroom) == 1


async def test_a_new_address_is_answered_alike_whatever_is_known_of_it(newsroom: World) -> None:
    await newsroom.readers(2)
    loop, times, answers = asyncio.get_running_loop(), [], []
    async with Visitor(newsroom) as dan:
        page = await page_of(newsroom, dan)
        for address in ("new@readers.example", "new@readers.example", "reader1@readers.example", "dan@readers.example"):
            begun = loop.time()
            answers.append((await dan.press(page, ENGLISH.move, address=address)).text)
            times.append(loop.time() - begun)
    assert {*answers} == {answers[0]}
    assert min(times) >= 0.39


async def test_one_readers_form_does_nothing_at_another_readers_door(newsroom: World) -> None:
    await newsroom.readers(2)
    async with Visitor(newsroom) as eve:
        mine, theirs = [
            await page_of(newsroom, eve, each) for each in ("reader1@readers.example", "dan@readers.example")
        ]
        before = await everything(newsroom)
        for form in mine.forms:
            act = form.action.rpartition("/")[2]
            if act in ("form", "pause", "address", "copy", "erase"):
                fields = {**form.fields, "sure": "1", "address": "eve@readers.example"}
                assert (await eve.post(f"{theirs.path}/{act}", fields)).status == 400
        assert await everything(newsroom) == before
