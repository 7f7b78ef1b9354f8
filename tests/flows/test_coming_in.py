"""Readers come in by every road, confirm by themselves, and nobody can use it to bother others."""

import asyncio
import re

import pytest

from bot.sandbox.mailbox import Letter
from store import bulletins, subscribers
from store.states import SubscriptionState
from tests.cast import World
from tests.flows.acts import answer, pressed
from tests.flows.published import published, stories
from tests.flows.reader import Seen, Visitor, link_in
from tests.flows.reader_words import ENGLISH, TONGUES, Words, speak

DAN = "dan@readers.example"
IN_BOTH = pytest.mark.parametrize("words", TONGUES, ids=lambda words: words.language)


async def place_of(world: World) -> str:
    async with world.services.store.reading() as tx:
        bulletin = await bulletins.first(tx)
    return f"/{bulletin.slug}"


async def count(world: World, state: SubscriptionState = SubscriptionState.ACTIVE) -> int:
    async with world.services.store.reading() as tx:
        return await subscribers.count(tx, 1, state)


async def came_in(
    world: World, dan: Visitor, address: str = DAN, words: Words = ENGLISH, **ticked: str
) -> tuple[Letter, Seen]:
    """Let somebody subscribe by the form of the archive, and confirm.

    Returns the letter that asked for it, and the page that said so in the end.
    """
    archive = await dan.open(await place_of(world) + "/")
    asked = await dan.press(archive, words.subscribe, address=address)
    assert asked.heading == words.asked
    letter = await dan.letter(address)
    page = await dan.open(link_in(letter, "confirm"))
    assert (page.heading, words.latest in page.text) == (words.confirm_question, "latest" in ticked)
    done = await dan.press(page, words.confirm, **ticked)
    assert done.heading == words.confirmed
    return letter, done


@pytest.mark.parametrize(
    "words", [ENGLISH, pytest.param(TONGUES[1], marks=pytest.mark.system)], ids=lambda words: words.language
)
async def test_a_reader_comes_in_by_the_form_and_a_letter_and_gets_the_latest_issue(
    newsroom: World, words: Words
) -> None:
    await newsroom.readers(1)
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as ana:
        letter, done = await came_in(newsroom, ana, "ana@readers.example", words, latest="1")
        message = letter.message
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Subject"] == words.confirm_subject
        assert f'lang="{words.language}"' in letter.html
        issue = await ana.letter("ana@readers.example", 2)
        choices = await ana.open(next(link for link in done.links if "/choices/" in link))
        assert choices.heading == words.heading
    assert [part.get_content_type() for part in issue.message.walk()][1:] == ["text/plain", "text/html"]
    as_all = newsroom.mail.mailbox(DAN)[0].message
    assert issue.message.keys() == as_all.keys()
    assert issue.message["Subject"] == as_all["Subject"]
    assert await count(newsroom) == 2


async def test_the_answer_and_its_time_are_the_same_whatever_is_known_of_an_address(newsroom: World) -> None:
    await newsroom.readers(1)
    loop = asyncio.get_running_loop()
    async with Visitor(newsroom) as eve:
        form = await eve.open(await place_of(newsroom) + "/subscribe")
        answers, times = [], []
        for address in (DAN, "new@readers.example", "new@readers.example"):
            begun = loop.time()
            answers.append((await eve.press(form, "Subscribe", address=address)).text)
            times.append(loop.time() - begun)
        trap = await eve.press(form, "Subscribe", address="trap@readers.example", website="http://spam.example")
        assert {*answers, trap.text} == {answers[0]}
        assert min(times) >= 0.39
        known = await eve.letter(DAN)
        assert known.message["Subject"] == "You receive News from Ukraine Bulletin already"
        assert (await eve.open(link_in(known, "choices"))).heading == "How it comes to you"
        await eve.letter("new@readers.example")
    assert newsroom.mail.mailbox("trap@readers.example") == []
    assert len(newsroom.mail.mailbox("new@readers.example")) == 1


@IN_BOTH
@pytest.mark.system
async def test_what_is_no_address_or_no_form_of_ours_is_said_in_words_and_does_nothing(
    newsroom: World, words: Words
) -> None:
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as eve:
        path = await place_of(newsroom) + "/subscribe"
        form = await eve.open(path)
        assert f'lang="{words.language}"' in form.text
        for given in NO_ADDRESSES:
            wrong = await eve.press(form, words.subscribe, address=given)
            assert (wrong.status, words.no_address in wrong.text) == (400, True), given
            assert "<script>" not in wrong.text
        forged = await eve.post(path, {"address": DAN, "form": "0" * 32})
        assert forged.status == 400
        assert words.form_old in forged.text
        assert "aria-invalid" not in forged.text
        assert (await eve.open("/confirm/" + "a" * 32)).status == 404
    assert await count(newsroom, SubscriptionState.PENDING) == 0


NO_ADDRESSES = [
    '"><script>@', "", " ", "dan", "dan@localhost", "dan@[127.0.0.1]", "dan@readers.example.", "dan@x@readers.example",
    '"a b"@readers.example', "dan dan@readers.example", "dan@readers..example", ".dan@readers.example",
    "Dan <dan@readers.example>", "dan@readers.example, eve@readers.example", "дан@readers.example",
    "dan@readers.example\r\nBcc: eve@readers.example", "dan@readers.example\0", "dan\u202e@readers.example",
    f"{'a' * 65}@readers.example", f"dan@{'.'.join(['b' * 60] * 4)}.readers.example", "x" * 3000,
]  # fmt: skip


@pytest.mark.system
async def test_an_address_is_known_however_it_is_written_and_each_can_be_written_to(newsroom: World) -> None:
    written = {
        " DAN@Readers.Example ": "dan@readers.example",
        "mailto:olga@readers.example": "olga@readers.example",
        "<o'brien%x!y@readers.example>": "o'brien%x!y@readers.example",
        "dan@читач.example": "dan@xn--80ap4asd.example",
        f"{'a' * 64}@readers.example": f"{'a' * 64}@readers.example",
        f"a@{'.'.join(['b' * 60] * 4)}.example": f"a@{'.'.join(['b' * 60] * 4)}.example",
    }
    async with Visitor(newsroom) as dan:
        form = await dan.open(await place_of(newsroom) + "/subscribe")
        for given in written:
            assert (await dan.press(form, "Subscribe", address=given)).heading == ENGLISH.asked
        for address in written.values():
            assert link_in(await dan.letter(address), "confirm")
        again = await dan.press(form, "Subscribe", address="dan@READERS.example")
        assert again.heading == ENGLISH.asked
    assert await count(newsroom, SubscriptionState.PENDING) == len(written)


@IN_BOTH
@pytest.mark.system
async def test_a_link_to_confirm_works_once_and_not_after_two_days(newsroom: World, words: Words) -> None:
    await speak(newsroom, words.language)
    async with Visitor(newsroom) as dan:
        letter, _ = await came_in(newsroom, dan, words=words)
        page = await dan.open(link_in(letter, "confirm"))
        again = await dan.press(page, words.confirm)
        assert again.heading == words.confirmed_before
        form = await dan.open(await place_of(newsroom) + "/subscribe")
        await dan.press(form, words.subscribe, address="late@readers.example")
        late = await dan.letter("late@readers.example")
        newsroom.jump(hours=49)
        gone = await dan.open(link_in(late, "confirm"))
        assert (gone.status, gone.heading) == (410, words.link_dead)
        assert any(link.endswith("/subscribe") for link in gone.links)
        await newsroom.until(lambda: pending_is_gone(newsroom))
    assert await count(newsroom) == 1


async def pending_is_gone(world: World) -> bool:
    return await count(world, SubscriptionState.PENDING) == 0


@pytest.mark.system
async def test_by_chat_anybody_asks_for_themselves_and_an_editor_for_one_person(newsroom: World) -> None:
    newsroom.eve.send("/subscribe")
    await answer(newsroom, newsroom.eve, 1)
    await pressed(newsroom, newsroom.eve, newsroom.eve.private.last(), "By e-mail")
    question = await newsroom.until(lambda: newsroom.eve.private.find("To which e-mail address"))
    newsroom.eve.send("no address", reply_to=question)
    await answer(newsroom, newsroom.eve, 4)
    newsroom.eve.send(DAN, reply_to=newsroom.eve.private.last())
    await newsroom.until(lambda: newsroom.eve.private.find("a letter is on its way"))
    newsroom.clara.send("/readers add olga@readers.example")
    await newsroom.until(lambda: newsroom.clara.private.find("a letter is on its way"))
    newsroom.ana.send("/readers add ana@readers.example")
    await newsroom.until(lambda: newsroom.ana.private.find("editor"))
    async with Visitor(newsroom) as reader:
        for address in (DAN, "olga@readers.example"):
            page = await reader.open(link_in(await reader.letter(address), "confirm"))
            assert (await reader.press(page, "Confirm")).status == 200
    assert newsroom.mail.mailbox("ana@readers.example") == []
    assert await count(newsroom) == 2


async def test_to_look_at_a_link_changes_nothing(newsroom: World) -> None:
    await newsroom.readers(1)
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    async with Visitor(newsroom) as scanner:
        form = await scanner.open(await place_of(newsroom) + "/subscribe")
        await scanner.press(form, "Subscribe", address="new@readers.example")
        letters = [newsroom.mail.mailbox(DAN)[0], await scanner.letter("new@readers.example")]
        links = {link for letter in letters for link in links_in(letter)}
        assert {link.split("/")[1] for link in links} >= {"leave", "choices", "confirm"}
        await newsroom.until(lambda: nothing_waits(newsroom))
        before = await everything(newsroom)
        for link in links:
            assert [(await scanner.open(link, each)).status for each in ("GET", "HEAD", "OPTIONS")] == [200, 200, 405]
        assert await everything(newsroom) == before


def links_in(letter: Letter) -> set[str]:
    body = "".join(str(part.get_content()) for part in letter.message.walk() if not part.is_multipart())
    found = body + str(letter.message["List-Unsubscribe"] or "")
    return {"/" + each for each in re.findall(r"http://bulletin\.sandbox\.example/([\w/.-]+)", found)}


async def nothing_waits(world: World) -> bool:
    async with world.services.store.reading() as tx:
        return not (await tx.exec_driver_sql("SELECT id FROM postbox UNION ALL SELECT id FROM outbox")).all()


async def everything(world: World) -> list[object]:
    tables = ("subscribers", "subscriptions", "suppressions", "confirmation_mails", "address_changes", "postbox")
    async with world.services.store.reading() as tx:
        return [(await tx.exec_driver_sql(f"SELECT * FROM {table}")).all() for table in (*tables, "deliveries")]
