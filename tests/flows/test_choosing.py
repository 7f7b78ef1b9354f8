"""Readers choose by their private link, and what they choose is honoured when the next issue goes out."""

import json

import pytest

from bot import subscriptions
from bot.tokens import row_token
from store import bulletins, subscribers
from store.states import SubscriptionState
from tests.cast import World
from tests.flows.published import published, stories
from tests.flows.reader import Seen, Visitor, link_in
from tests.flows.test_coming_in import count, everything, place_of

DAN, NEW = "dan@readers.example", "dan@elsewhere.example"
BULLETIN = "News from Ukraine Bulletin"


async def page_of(world: World, dan: Visitor, address: str = DAN) -> Seen:
    """Let a reader open the page of their choices, by the link that every issue of theirs carries."""
    sealer = world.services.sealer
    async with world.services.store.reading() as tx:
        every = await subscribers.of_bulletin(tx, 1)
    mac = sealer.mac(subscriptions.ADDRESS, address)
    reader = next(each for each in every if each.address_mac == mac)
    token = row_token(sealer, subscriptions.LEAVE, reader.id, reader.generation)
    return await dan.open(f"/choices/{token}")


async def test_each_reader_gets_the_form_they_chose_and_who_paused_gets_none(newsroom: World) -> None:
    addresses = await newsroom.readers(4)
    async with Visitor(newsroom) as dan:
        plain, with_pdf, paused = [await page_of(newsroom, dan, each) for each in addresses[1:]]
        assert "It is saved." in (await dan.press(plain, "Save", format="text")).text
        await dan.press(with_pdf, "Save", pdf="1", format="html")
        shown = await dan.press(paused, "Pause", weeks="2")
        assert "Nothing comes before" in shown.text
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    html, text, pdf, none = [newsroom.mail.mailbox(each) for each in addresses]
    assert none == []
    assert html[0].message.get_content_type() == "multipart/alternative"
    assert text[0].message.get_content_type() == "text/plain"
    assert text[0].message.get_content() == html[0].message.get_body(("plain",)).get_content().replace(
        link_in(html[0], "leave")[7:], link_in(text[0], "leave")[7:]
    )
    inner, attached = pdf[0].message.iter_parts()
    assert inner.get_content_type() == "multipart/alternative"
    assert (attached.get_filename(), attached.get_content()[:5]) == (
        f"{(await place_of(newsroom))[1:]}-1.pdf",
        b"%PDF-",
    )
    assert all(each[0].message["List-Unsubscribe-Post"] and not each[0].message.defects for each in (html, text, pdf))


@pytest.mark.system
async def test_a_pause_ends_by_itself(newsroom: World) -> None:
    await newsroom.readers(1)
    async with Visitor(newsroom) as dan:
        await dan.press(await page_of(newsroom, dan), "Pause", weeks="1")
        newsroom.jump(days=8)
        assert "Nothing comes before" not in (await page_of(newsroom, dan)).text


@pytest.mark.parametrize(
    ("language", "undo", "back"),
    [
        ("en", "That was a mistake: send it to me again", "You are back"),
        pytest.param("uk", "Це помилка: надсилайте мені далі", "Ви знову з нами", marks=pytest.mark.system),
    ],
    ids=["en", "uk"],
)
async def test_a_reader_leaves_by_the_page_and_takes_it_back(
    newsroom: World, language: str, undo: str, back: str
) -> None:
    await newsroom.readers(1)
    async with newsroom.services.store.transaction() as tx:
        await tx.exec_driver_sql("UPDATE subscriptions SET language = ?", (language,))
    async with Visitor(newsroom) as dan:
        choices = await page_of(newsroom, dan)
        page = await dan.open(choices.path.replace("choices", "leave"))
        goodbye = await dan.press(page, page.forms[0].buttons[0])
        assert await count(newsroom) == 0
        assert (await dan.open(choices.path)).status == 410
        again = await dan.press(goodbye, undo)
        assert again.heading == back
        assert await count(newsroom) == 1
        await dan.press(page, page.forms[0].buttons[0])
        newsroom.jump(days=3)
        late = await dan.press(await dan.press(page, page.forms[0].buttons[0]), undo)
        assert late.heading != back
    assert await count(newsroom) == 0


async def test_one_click_takes_exactly_the_body_of_the_standard(newsroom: World) -> None:
    await newsroom.readers(2)
    async with Visitor(newsroom) as dan:
        path = (await page_of(newsroom, dan)).path.replace("choices", "leave")
        for body in ({"List-Unsubscribe": "Two-Clicks"}, {"List-Unsubscribe": "One-Click", "more": "1"}, {}):
            assert (await dan.post(path, body)).status == 400
        assert await count(newsroom) == 2
        in_parts = {"List-Unsubscribe": (None, "One-Click")}
        async with Visitor(newsroom) as eve:
            other = (await page_of(newsroom, eve, "reader1@readers.example")).path.replace("choices", "leave")
            assert (await eve.post_parts(other, in_parts)).status == 200
        assert await count(newsroom) == 1
        answered = await dan.post(path, {"List-Unsubscribe": "One-Click"})
        assert (answered.status, answered.answer.headers.get("set-cookie")) == (200, None)
    assert await count(newsroom) == 0


@pytest.mark.system
async def test_a_new_address_is_confirmed_at_both_and_makes_all_links_new(newsroom: World) -> None:
    await newsroom.readers(1)
    async with Visitor(newsroom) as dan:
        page = await page_of(newsroom, dan)
        asked = await dan.press(page, "Change the address", address=NEW)
        assert "a letter is on its way to each" in asked.text
        for address, heading in ((NEW, "One of two is confirmed"), (DAN, "The issues come to the new address")):
            link = link_in(await dan.letter(address), "change")
            confirmed = await dan.press(await dan.open(link), "Confirm")
            assert confirmed.heading == heading
            assert (await dan.open(link)).status == (200 if address == NEW else 410)
        assert (await dan.open(page.path)).status == 410
        assert NEW in (await page_of(newsroom, dan, NEW)).text
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    assert len(newsroom.mail.mailbox(NEW)) == 2
    assert len(newsroom.mail.mailbox(DAN)) == 1


@pytest.mark.system
async def test_a_reader_sees_what_is_kept_and_has_it_erased(newsroom: World) -> None:
    await newsroom.readers(2)
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    async with Visitor(newsroom) as dan:
        page = await page_of(newsroom, dan)
        copy = await dan.press(page, "Download a copy")
        assert copy.answer.headers["content-disposition"].startswith("attachment")
        kept = json.loads(copy.text)
        assert kept["address"] == DAN
        assert [(each["bulletin"], each["state"]) for each in kept["subscriptions"]] == [(BULLETIN, "active")]
        hasty = await dan.press(page, "Erase everything")
        assert "Nothing was erased" in hasty.text
        sealed = (await everything(newsroom))[0][0].address
        erased = await dan.press(page, "Erase everything", sure="1")
        assert erased.heading == "Everything is erased"
        assert (await dan.open(page.path)).status == 410
        form = await dan.open(await place_of(newsroom) + "/subscribe")
        await dan.press(form, "Subscribe", address=DAN)
    data = newsroom.settings.data_dir
    assert all(sealed not in file.read_bytes() for file in data.glob("bulletin.db*"))
    assert len(newsroom.mail.mailbox(DAN)) == 1
    assert await count(newsroom) == 1
    assert await count(newsroom, SubscriptionState.PENDING) == 0


@pytest.mark.system
async def test_a_reader_takes_another_bulletin_and_stops_it(newsroom: World) -> None:
    await newsroom.readers(1)
    async with newsroom.services.store.transaction() as tx:
        second = await bulletins.add(
            tx, sections=[("News", "News")], slug="second", title="Second", language="en", timezone="UTC",
            schedule="sun 18:00",
        )  # fmt: skip
    async with Visitor(newsroom) as dan:
        page = await dan.press(await page_of(newsroom, dan), "Receive")
        async with newsroom.services.store.reading() as tx:
            assert await subscribers.count(tx, second) == 1
        await dan.press(page, "Stop")
        async with newsroom.services.store.reading() as tx:
            assert await subscribers.count(tx, second) == 0


@pytest.mark.system
async def test_a_form_of_somewhere_else_chooses_nothing(newsroom: World) -> None:
    await newsroom.readers(1)
    async with Visitor(newsroom) as eve:
        page = await page_of(newsroom, eve)
        before = await everything(newsroom)
        for act in ("form", "pause", "bulletin", "address", "copy", "erase"):
            fields = {"form": "f" * 32, "sure": "1", "weeks": "3", "address": NEW, "format": "text"}
            answered = await eve.post(f"{page.path}/{act}", fields)
            assert (answered.status, "open for long" in answered.text) == (400, True)
        other = page.form("Pause")
        assert (await eve.post(f"{page.path}/erase", {**other.fields, "sure": "1"})).status == 400
        assert (await eve.post(f"{page.path}/nonsense", other.fields)).status == 404
    assert await everything(newsroom) == before
