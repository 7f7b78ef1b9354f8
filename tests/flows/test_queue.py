"""The queue: paged in place, narrowed, approved several at once, and a rush that is told of instead of posted."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.sandbox.telegram import Message, Person, Press
from store import bulletins
from tests.cast import SPEED, World
from tests.flows.acts import (
    answer,
    approved,
    article,
    at_desk,
    failed_updates,
    forged,
    in_ukrainian,
    pressed,
    quiet,
    sent,
    states,
    tables,
)
from tests.flows.test_card_edit import pressed_in_menu
from tests.flows.test_cards import set_up

MANY = 10
RUSH = 36


async def all_sent(newsroom: World, names: Iterable[str], by: Person | None = None) -> None:
    """Let somebody send links to stories of these names in one message, and wait until all of them wait."""
    links = [article(newsroom, name, source=f"Paper {name[0]}") for name in names]
    before = len(states(newsroom))
    (by or newsroom.ana).send("\n".join(links))
    await newsroom.until(lambda: states(newsroom)[before:] == ["pending"] * len(links), 30)


async def chosen(newsroom: World, who: Person, message: Message, label: str) -> Press:
    """Press a button of the queue, and wait until the message is another one."""
    await newsroom.until(lambda: any(each.startswith(label) for each in message.labels))
    before, labels = message.text, message.labels
    press = await pressed(newsroom, who, message, next(each for each in labels if each.startswith(label)))
    await newsroom.until(lambda: (message.text, message.labels) != (before, labels))
    return press


async def test_the_queue_is_one_message_that_is_paged_in_place_with_links_to_the_cards(newsroom: World) -> None:
    newsroom.desk = newsroom.desk.migrate()
    await all_sent(newsroom, [f"a{number}" for number in range(MANY)])
    await quiet(newsroom)
    await approved(newsroom, "z")
    queue = await at_desk(newsroom, newsroom.boris, "/queue", f"{MANY} links wait for a decision.")
    assert "1 is approved for the next issue." in queue.text
    cards = {card.text.splitlines()[0]: card for card in newsroom.desk.visible() if "✗ Reject" in card.labels}
    linked = {entity["url"] for entity in queue.entities if entity["type"] == "text_link"}
    number = -newsroom.desk.id - 1_000_000_000_000
    assert linked == {f"https://t.me/c/{number}/{cards[f'Story of a{one}'].message_id}" for one in range(8)}
    assert queue.labels == ["Filter", "Select", "Bring cards here", "Moderate here", "›"]
    await chosen(newsroom, newsroom.boris, queue, "›")
    assert "1. Story of a8" in queue.text
    assert "3." not in queue.text
    await chosen(newsroom, newsroom.boris, queue, "‹")
    assert "1. Story of a0\nPaper a · " in queue.text
    count = len(newsroom.desk.visible())
    await forged(newsroom, newsroom.boris, queue, "v1:queue.999:0:0")
    await newsroom.until(lambda: "1. Story of a8" in queue.text)
    assert len(newsroom.desk.visible()) == count


@pytest.mark.system
async def test_filters_narrow_the_queue_and_what_is_put_off_stands_apart(newsroom: World) -> None:
    await all_sent(newsroom, ["a", "b"])
    newsroom.jump(days=2)
    await all_sent(newsroom, ["bc"], by=newsroom.clara)
    card = await sent(newsroom, "d", language="uk", source="Paper d")
    await pressed(newsroom, newsroom.boris, card, "☾ Later")
    await pressed_in_menu(newsroom, newsroom.boris, card, "Next week")
    await newsroom.until(lambda: card.text.startswith("☾"))
    queue = await at_desk(newsroom, newsroom.boris, "/queue", "3 links wait for a decision.")
    assert "1 more is put off." in queue.text
    for kind, value, title in (
        ("Source", "Paper a · 1", "Story of a\n"),
        ("Sender", _name(newsroom), "Story of bc"),
        ("Age", "> 1 day · 2", "Story of b\n"),
        ("Language", "English · 3", "Story of bc"),
    ):
        await chosen(newsroom, newsroom.boris, queue, "Filter")
        await chosen(newsroom, newsroom.boris, queue, kind)
        await chosen(newsroom, newsroom.boris, queue, value)
        assert title in queue.text
        assert queue.text.splitlines()[3].startswith("Only ")
        await chosen(newsroom, newsroom.boris, queue, "Show all")
    await chosen(newsroom, newsroom.boris, queue, "☾ Put off")
    assert "Only put off: 1 link" in queue.text
    assert "1. Story of d" in queue.text
    assert "☾ until 23 November, 09:00" in queue.text
    await chosen(newsroom, newsroom.boris, queue, "Show all")
    await chosen(newsroom, newsroom.boris, queue, "Filter")
    await chosen(newsroom, newsroom.boris, queue, "Section")
    await chosen(newsroom, newsroom.boris, queue, "no section · 3")
    await chosen(newsroom, newsroom.boris, queue, "Filter")
    await chosen(newsroom, newsroom.boris, queue, "Source")
    await chosen(newsroom, newsroom.boris, queue, "Paper b · 2")
    assert "Only Paper b · no section: 2 links" in queue.text


def _name(newsroom: World) -> str:
    welcome = newsroom.clara.private.find("known only as").text
    return welcome.partition("only as ")[2].partition(".")[0][:13].rstrip()


async def test_several_are_approved_at_once_each_as_it_was_seen_and_the_changed_ones_are_named(newsroom: World) -> None:
    await all_sent(newsroom, ["a", "b", "c", "d"])
    queue = await at_desk(newsroom, newsroom.boris, "/queue", "4 links wait for a decision.")
    await chosen(newsroom, newsroom.boris, queue, "Select")
    await chosen(newsroom, newsroom.boris, queue, "All / none")
    await chosen(newsroom, newsroom.boris, queue, "☑ 4")
    assert "Approve 3 links into …" in queue.text
    seen = queue.buttons
    card = await open_card(newsroom, "Story of b")
    await pressed(newsroom, newsroom.clara, card, "✎ Edit")
    question = await _asked(newsroom, card, "Title")
    newsroom.clara.send("Another title of b", newsroom.desk, reply_to=question)
    await newsroom.until(lambda: card.text.startswith("Another title"))
    await pressed_in_menu(newsroom, newsroom.clara, card, "✓ Done")
    await newsroom.until(lambda: "✗ Reject" in card.labels)
    await chosen(newsroom, newsroom.boris, queue, "→ Ukraine")
    assert queue.text.startswith(
        "Approved: 2 links, News from Ukraine – general.\n“Another title of b” was left as it is."
    )
    assert states(newsroom) == ["approved", "pending", "approved", "pending"]
    press = newsroom.clara.press(queue, "→ Ukraine", buttons=seen)
    await newsroom.until(lambda: press.answered and "was left as it is. Already approved by" in queue.text)
    assert states(newsroom) == ["approved", "pending", "approved", "pending"]
    old = await forged(newsroom, newsroom.boris, queue, "v1:queue-into.1-3:999:0")
    assert old.answer_text.startswith("This choice is too old.")
    none = await forged(newsroom, newsroom.boris, queue, "v1:queue-into.999-15:1:0")
    assert none.answer_text.startswith("There is no such section any more")
    assert states(newsroom) == ["approved", "pending", "approved", "pending"]
    for who in (newsroom.ana, newsroom.eve):
        await forged(newsroom, who, queue, "v1:queue-into.1-15:1:0")
    assert states(newsroom) == ["approved", "pending", "approved", "pending"]
    assert failed_updates(newsroom) == 0


async def _asked(newsroom: World, card: Message, field: str) -> Message:
    before = newsroom.desk.visible()[-1].message_id
    await pressed_in_menu(newsroom, newsroom.clara, card, field)
    return await newsroom.until(
        lambda: next((m for m in newsroom.desk.visible() if m.message_id > before and m.force_reply), None)
    )


async def test_where_two_must_agree_each_of_a_batch_gets_a_vote(newsroom: World) -> None:
    await set_up(newsroom, quorum=2)
    await all_sent(newsroom, ["a", "b"])
    for who, said in ((newsroom.boris, "Your vote counts for 2 links"), (newsroom.clara, "Approved: 2 links")):
        queue = await at_desk(newsroom, who, "/queue", "2 links wait for a decision.")
        await chosen(newsroom, who, queue, "Select")
        await chosen(newsroom, who, queue, "All / none")
        await chosen(newsroom, who, queue, "→ Analysis")
        assert said in queue.text
    assert states(newsroom) == ["approved", "approved"]


async def test_where_cards_have_no_address_they_come_down_by_their_number_or_all_together(newsroom: World) -> None:
    first, second = await sent(newsroom, "a"), await sent(newsroom, "b")
    queue = await at_desk(newsroom, newsroom.boris, "/queue", "2 links wait for a decision.")
    assert queue.labels[:2] == ["Card 1", "Card 2"]
    await pressed(newsroom, newsroom.boris, queue, "Card 2")
    await newsroom.until(lambda: second.text == "↓ Story of b" and not second.labels)
    fresh = await open_card(newsroom, "Story of b")
    assert fresh.message_id > queue.message_id
    assert first.labels
    await pressed(newsroom, newsroom.boris, queue, "Bring cards here")
    await newsroom.until(lambda: first.text == "↓ Story of a" and fresh.text == "↓ Story of b")
    seen = queue.buttons
    await pressed_in_menu(newsroom, newsroom.clara, await open_card(newsroom, "Story of b"), "Ukraine")
    press = newsroom.boris.press(queue, "Card 2", buttons=seen)
    await newsroom.until(lambda: press.answered and "1 link waits for a decision." in queue.text)
    assert "The card has changed meanwhile" in press.answer_text


@pytest.mark.system
async def test_a_rush_is_told_in_one_message_and_each_decision_brings_the_next_card(newsroom: World) -> None:
    newsroom.clock.set_speed(1.0)  # so that they come faster than cards may be posted
    await all_sent(newsroom, [f"a{number}" for number in range(RUSH)])
    newsroom.clock.set_speed(SPEED)
    summary = await newsroom.until(lambda: newsroom.desk.find("new links wait."))
    await newsroom.until(lambda: f"{RUSH - len(_cards(newsroom))} new links wait." in summary.text)
    await newsroom.until(lambda: len(_cards(newsroom)) >= 5)
    posted = len(_cards(newsroom))
    assert posted <= RUSH - 21
    later = newsroom.clock.now() + timedelta(minutes=3, seconds=40)
    newsroom.jump(minutes=3)  # the group would take sixty more
    await newsroom.until(lambda: newsroom.clock.now() > later)
    assert len(_cards(newsroom)) == posted
    while len(_cards(newsroom)) > 4:
        card = _cards(newsroom)[0]
        await pressed(newsroom, newsroom.boris, card, "Ukraine")
        await newsroom.until(lambda card=card: card.text.startswith("✓"))
    await newsroom.until(lambda: len(_cards(newsroom)) == 5)
    queue = await at_desk(newsroom, newsroom.boris, "/queue", "links wait for a decision.")
    await chosen(newsroom, newsroom.boris, queue, "Select")
    await chosen(newsroom, newsroom.boris, queue, "All / none")
    before = states(newsroom).count("approved")
    await chosen(newsroom, newsroom.boris, queue, "→ Analysis")
    assert states(newsroom).count("approved") == before + 8
    assert len([m for m in newsroom.desk.texts if "new links wait." in m]) == 1
    await pressed(newsroom, newsroom.boris, queue, "Bring cards here")
    await newsroom.until(lambda: summary.text.startswith("The rush is over"), 60)
    await newsroom.until(lambda: len(_cards(newsroom)) == states(newsroom).count("pending"), 60)
    assert len(states(newsroom)) == RUSH
    assert failed_updates(newsroom) == 0


async def open_card(newsroom: World, title: str) -> Message:
    """Return the undecided card of an item; the queue names it too."""
    return await newsroom.until(lambda: next((m for m in _cards(newsroom) if m.text.startswith(title)), None))


def _cards(newsroom: World) -> list[Message]:
    return [message for message in newsroom.desk.visible() if "✗ Reject" in message.labels]


async def test_the_queue_in_private_and_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    await all_sent(newsroom, ["a", "b"])
    await quiet(newsroom)
    newsroom.boris.send("/queue")
    queue = await newsroom.until(lambda: newsroom.boris.private.find("2 посилання чекають на рішення."))
    await chosen(newsroom, newsroom.boris, queue, "Вибрати")
    await chosen(newsroom, newsroom.boris, queue, "Усі / жодного")
    await chosen(newsroom, newsroom.boris, queue, "→ Ukraine")
    assert queue.text.startswith("Схвалено: 2 посилання, News from Ukraine – general.")
    before = tables(newsroom)["items"]
    newsroom.ana.send("/queue")
    assert "moderator" in await answer(newsroom, newsroom.ana) or "модератор" in newsroom.ana.private.texts[-1]
    assert tables(newsroom)["items"] == before
    async with newsroom.services.store.reading() as tx:
        assert (await bulletins.first(tx)).language == "uk"
