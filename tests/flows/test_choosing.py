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
from tests.flows.reader_words import TONGUES, UKRAINIAN, Words, speak
from tests.flows.test_coming_in import count, everything, place_of

DAN, NEW = "dan@readers.example", "dan@elsewhere.example"
BULLETIN = "News from Ukraine Bulletin"
IN_BOTH = pytest.mark.parametrize("words", TONGUES, ids=lambda words: words.language)


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


@IN_BOTH
@pytest.mark.system
async def test_a_pause_is_told_and_ends_by_itself_or_at_a_press(newsroom: World, words: Words) -> None:
    await newsroom.readers(1)
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as dan:
        page = await page_of(newsroom, dan)
        assert page.heading == words.heading
        assert words.page_of in page.text
        for weeks in ("two", "-1", "1000", "٣"):
            refused = await dan.press(page, words.pause, weeks=weeks)
            assert (refused.status, words.no_weeks in refused.text) == (400, True)
        began = await dan.press(page, words.pause, weeks="2")
        assert words.pause_began in began.text
        assert words.paused in began.text
        over = await dan.press(began, words.go_on)
        assert words.pause_over in over.text
        await dan.press(over, words.pause, weeks="1")
        newsroom.jump(days=8)
        assert words.pause in str((await page_of(newsroom, dan)).forms)


@pytest.mark.system
async def test_a_chosen_language_is_spoken_from_the_next_page_on(newsroom: World) -> None:
    await newsroom.readers(1)
    async with Visitor(newsroom) as dan:
        page = await dan.press(await page_of(newsroom, dan), "Save", format="text", language="uk")
        assert UKRAINIAN.saved in page.text
        assert 'id="text" name="format" value="text" checked' in page.text
        goodbye = await dan.press(await dan.open(page.path.replace("choices", "leave")[:-5]), UKRAINIAN.leave)
        assert goodbye.heading == UKRAINIAN.left
        old = await dan.open(page.path[:-5])
        assert (old.status, old.heading) == (410, UKRAINIAN.link_dead)


@pytest.mark.parametrize(
    "words",
    [TONGUES[0], pytest.param(TONGUES[1], marks=pytest.mark.system)],
    ids=lambda words: words.language,
)
async def test_a_reader_leaves_by_the_page_and_takes_it_back(newsroom: World, words: Words) -> None:
    await newsroom.readers(1)
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as dan:
        choices = await page_of(newsroom, dan)
        page = await dan.open(choices.path.replace("choices", "leave"))
        assert page.heading == words.leave_question
        goodbye = await dan.press(page, words.leave)
        assert goodbye.heading == words.left
        assert await count(newsroom) == 0
        closed = await dan.open(choices.path)
        assert (closed.status, closed.heading) == (410, words.link_dead)
        again = await dan.press(goodbye, words.undo)
        assert (again.heading, words.to_choices in again.text) == (words.back, True)
        assert await count(newsroom) == 1
        assert (await dan.press(goodbye, words.undo)).heading == words.not_back
        await dan.press(page, words.leave)
        newsroom.jump(days=3)
        late = await dan.press(await dan.press(page, words.leave), words.undo)
        assert late.heading == words.not_back
        forgotten = await dan.press(goodbye, words.undo)
        assert (forgotten.status, forgotten.heading) == (400, words.not_back)
    assert await count(newsroom) == 0


async def test_one_click_takes_exactly_the_body_of_the_standard(newsroom: World) -> None:
    await newsroom.readers(2)
    async with Visitor(newsroom) as dan:
        path = (await page_of(newsroom, dan)).path.replace("choices", "leave")
        for body in ({"List-Unsubscribe": "Two-Clicks"}, {"List-Unsubscribe": "One-Click", "more": ""}, {}):
            assert (await dan.post(path, body)).status == 400
        in_parts = {"List-Unsubscribe": (None, "One-Click")}
        for parts in (
            {**in_parts, "more": (None, "1")},
            {"more": (None, "1"), **in_parts},
            {"other": (None, "One-Click")},
        ):
            assert (await dan.post_parts(path, parts)).status == 400
        assert await count(newsroom) == 2
        async with Visitor(newsroom) as eve:
            other = (await page_of(newsroom, eve, "reader1@readers.example")).path.replace("choices", "leave")
            assert (await eve.post_parts(other, in_parts)).status == 200
        assert await count(newsroom) == 1
        answered = await dan.send("POST", path, b"List-Unsubscribe=One-Click\r\n")
        assert (answered.status, answered.answer.headers.get("set-cookie")) == (200, None)
    assert await count(newsroom) == 0


@IN_BOTH
@pytest.mark.system
async def test_a_new_address_is_confirmed_at_both_and_makes_all_links_new(newsroom: World, words: Words) -> None:
    await newsroom.readers(1)
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as dan:
        page = await page_of(newsroom, dan)
        wrong = await dan.press(page, words.move, address="dan elsewhere")
        assert (wrong.status, words.no_address in wrong.text) == (400, True)
        assert 'value="dan elsewhere" aria-invalid="true" aria-describedby="problem move-note"' in wrong.text
        asked = await dan.press(page, words.move, address=NEW.title())
        assert words.move_asked in asked.text
        letters = [await dan.letter(each) for each in (DAN, NEW)]
        assert tuple(str(each.message["Subject"]) for each in letters) == words.move_subjects
        links = [link_in(each, "change") for each in letters]
        assert tuple([(await dan.open(each)).heading for each in links]) == words.move_questions
        for link, heading in zip(reversed(links), (words.half, words.moved), strict=True):
            confirmed = await dan.press(await dan.open(link), words.confirm)
            assert confirmed.heading == heading
        assert words.moved_body in confirmed.text
        for link in links:
            done = await dan.open(link)
            assert (done.status, done.heading, words.done_already in done.text) == (410, words.link_dead, True)
        for old in (page.path, page.path.replace("choices", "leave")):
            dead = await dan.open(old)
            assert (dead.status, dead.heading) == (410, words.link_dead)
        assert (await dan.post(page.path.replace("choices", "leave"), ONE_CLICK)).status == 410
        assert NEW in (await page_of(newsroom, dan, NEW)).text
    await speak(newsroom, "en")
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    assert len(newsroom.mail.mailbox(NEW)) == 2
    assert len(newsroom.mail.mailbox(DAN)) == 1


ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@IN_BOTH
@pytest.mark.system
async def test_a_reader_sees_what_is_kept_and_has_it_erased(newsroom: World, words: Words) -> None:
    await newsroom.readers(2)
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as dan:
        page = await page_of(newsroom, dan)
        copy = await dan.press(page, words.copy)
        assert copy.answer.headers["content-disposition"].startswith("attachment")
        kept = json.loads(copy.text)
        assert kept["address"] == DAN
        assert [(each["bulletin"], each["state"]) for each in kept["subscriptions"]] == [(BULLETIN, "active")]
        assert kept["letters"] == [{"issue": 1, "kind": "mail", "state": "sent"}]
        hasty = await dan.press(page, words.erase)
        assert words.not_sure in hasty.text
        assert hasty.text.count('aria-invalid="true"') == 1
        sealed = (await everything(newsroom))[0][0].address
        erased = await dan.press(page, words.erase, sure="1")
        assert (erased.heading, words.mark in erased.text) == (words.erased, True)
        for button, fields in ((words.erase, {"sure": "1"}), (words.copy, {}), (words.save, {}), (words.move, {})):
            late = await dan.press(page, button, **fields)
            assert (late.status, late.heading) == (410, words.link_dead)
        form = await dan.open(await place_of(newsroom) + "/subscribe")
        await dan.press(form, words.subscribe, address=DAN)
    data = newsroom.settings.data_dir
    assert all(sealed not in file.read_bytes() for file in data.glob("bulletin.db*"))
    assert len(newsroom.mail.mailbox(DAN)) == 1
    assert await count(newsroom) == 1
    assert await count(newsroom, SubscriptionState.PENDING) == 0


@IN_BOTH
@pytest.mark.system
async def test_a_reader_takes_another_bulletin_and_stops_it(newsroom: World, words: Words) -> None:
    await newsroom.readers(1)
    async with newsroom.services.store.transaction() as tx:
        second = await bulletins.add(
            tx, sections=[("News", "News")], slug="second", title="Second", language="en", timezone="UTC",
            schedule="sun 18:00",
        )  # fmt: skip
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as dan:
        page = await dan.press(await page_of(newsroom, dan), words.receive)
        async with newsroom.services.store.reading() as tx:
            assert await subscribers.count(tx, second) == 1
            there = (await subscribers.of_bulletin(tx, second))[0]
        await dan.press(page, words.stop)
        async with newsroom.services.store.reading() as tx:
            assert await subscribers.count(tx, second) == 0
        closed = await dan.open(f"/choices/{row_token(newsroom.services.sealer, 'leave', there.id, 0)}")
        assert (closed.status, "/second/subscribe" in closed.text, BULLETIN in closed.text) == (410, True, False)


@IN_BOTH
@pytest.mark.system
async def test_a_form_of_somewhere_else_chooses_nothing(newsroom: World, words: Words) -> None:
    await newsroom.readers(1)
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as eve:
        page = await page_of(newsroom, eve)
        before = await everything(newsroom)
        for act in ("form", "pause", "bulletin", "address", "copy", "erase"):
            fields = {"form": "f" * 32, "sure": "1", "weeks": "3", "address": NEW, "format": "text"}
            answered = await eve.post(f"{page.path}/{act}", fields)
            assert (answered.status, words.form_old in answered.text) == (400, True)
        other = page.form(words.pause)
        assert (await eve.post(f"{page.path}/erase", {**other.fields, "sure": "1"})).status == 400
        assert (await eve.post(f"{page.path}/nonsense", other.fields)).status == 404
    assert await everything(newsroom) == before
