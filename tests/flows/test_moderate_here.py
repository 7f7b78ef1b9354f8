"""Moderate here: a moderator goes through the queue in one private message, with what the cards can do."""

import pytest

from bot.sandbox.telegram import Message, Person, Press
from tests.cast import World
from tests.flows.acts import article, failed_updates, forged, in_ukrainian, pressed, quiet, sent, states, tables
from tests.flows.test_queue import all_sent, open_card

pytestmark = pytest.mark.system


async def seated(newsroom: World, who: Person, said: str = " of ") -> Message:
    """Let somebody send /moderate in private, and return the message in which the items come one after the other."""
    after = who.send("/moderate").message_id
    return await _next(newsroom, who, after, said)


async def _next(newsroom: World, who: Person, after: int, said: str) -> Message:
    return await newsroom.until(
        lambda: next((m for m in who.private.visible() if m.message_id > after and said in m.words), None)
    )


async def chosen(newsroom: World, who: Person, seat: Message, label: str) -> Press:
    """Press a button at a seat, and wait until another thing stands there."""
    await newsroom.until(lambda: label in seat.labels)
    before, labels = seat.text, seat.labels
    press = await pressed(newsroom, who, seat, label)
    await newsroom.until(lambda: (seat.text, seat.labels) != (before, labels))
    return press


async def test_the_next_item_takes_the_place_of_the_last_with_undo_and_skip(newsroom: World) -> None:
    await all_sent(newsroom, ["a", "b", "c"])
    await quiet(newsroom)
    seat = await seated(newsroom, newsroom.boris)
    assert seat.text.startswith("1 of 3\n\nStory of a\n")
    assert seat.labels[-4:] == ["✗ Reject", "✎ Edit", "☾ Later", "Skip →"]
    press = await chosen(newsroom, newsroom.boris, seat, "Ukraine")
    assert press.answer_text == "Approved: News from Ukraine – general"
    assert seat.text.startswith("✓ Story of a → Ukraine · ")
    assert "\n2 of 3\n\nStory of b\n" in seat.text
    card = await newsroom.until(lambda: newsroom.desk.find("✓ Story of a → Ukraine"))
    await chosen(newsroom, newsroom.boris, seat, "↩ Undo")
    assert seat.text.startswith("1 of 3\n\nStory of a\n")
    await newsroom.until(lambda: "✗ Reject" in card.labels)
    await chosen(newsroom, newsroom.boris, seat, "Skip →")
    assert seat.text.startswith("2 of 3\n\nStory of b\n")
    await chosen(newsroom, newsroom.boris, seat, "✗ Reject")
    assert "2 of 3\n\nStory of b\n" in seat.text
    assert "Off topic" in seat.labels
    await chosen(newsroom, newsroom.boris, seat, "← Back")
    await chosen(newsroom, newsroom.boris, seat, "✗ Reject")
    await chosen(newsroom, newsroom.boris, seat, "Off topic")
    assert "\n3 of 3\n\nStory of c\n" in seat.text
    await chosen(newsroom, newsroom.boris, seat, "☾ Later")
    await chosen(newsroom, newsroom.boris, seat, "Tomorrow morning")
    assert seat.text.startswith("☾ Story of c · until 17 November, 09:00\nNothing waits.\n")
    assert "Since you began: 0 approved, 1 rejected, 1 put off." in seat.text
    assert "1 link that you skipped still waits." in seat.text
    await chosen(newsroom, newsroom.boris, seat, "Look again")
    assert seat.text.startswith("1 of 1\n\nStory of a\n")
    await chosen(newsroom, newsroom.boris, seat, "Analysis")
    assert states(newsroom) == ["approved", "rejected", "pending"]
    assert seat.labels == ["↩ Undo", "Look again"]
    await quiet(newsroom)
    assert newsroom.desk.find("✗ Story of b")
    assert newsroom.desk.find("☾ Story of c")
    assert failed_updates(newsroom) == 0


async def test_editing_and_reasons_of_ones_own_work_there_and_the_seat_moves_below_them(newsroom: World) -> None:
    await all_sent(newsroom, ["a", "b"])
    seat = await seated(newsroom, newsroom.boris)
    await chosen(newsroom, newsroom.boris, seat, "✎ Edit")
    assert "is editing this until" in seat.text
    await pressed(newsroom, newsroom.boris, seat, "Title")
    question = await newsroom.until(lambda: newsroom.boris.private.find("The title is now"))
    assert question.force_reply
    newsroom.boris.send("A better title", reply_to=question)
    again = await _next(newsroom, newsroom.boris, question.message_id, "1 of 2\n\nA better title")
    await newsroom.until(lambda: seat.text == "↓" and not seat.labels)
    await chosen(newsroom, newsroom.boris, again, "✓ Done")
    await chosen(newsroom, newsroom.boris, again, "✗ Reject")
    await pressed(newsroom, newsroom.boris, again, "✎ Other…")
    why = await newsroom.until(lambda: newsroom.boris.private.find("Why is “A better title” rejected?"))
    newsroom.boris.send("Nobody reads this", reply_to=why)
    third = await _next(newsroom, newsroom.boris, why.message_id, "2 of 2\n\nStory of b")
    assert third.text.startswith("✗ A better title · ")
    late = newsroom.boris.press_data(again, f"v1:into.2:2:{_revision(newsroom, 2)}")
    await newsroom.until(lambda: late.answered)
    assert "You go through the queue in another message now" in late.answer_text
    assert states(newsroom) == ["rejected", "pending"]
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: newsroom.ana.private.find("Reason: Nobody reads this"))


def _revision(newsroom: World, item: int) -> int:
    return next(row for row in tables(newsroom)["items"] if row[0] == item)[5]


async def test_two_at_the_same_item_and_a_press_without_a_seat(newsroom: World) -> None:
    await all_sent(newsroom, ["a", "b", "c"])
    first = await seated(newsroom, newsroom.boris)
    second = await seated(newsroom, newsroom.clara)
    await chosen(newsroom, newsroom.boris, first, "Ukraine")
    press = await chosen(newsroom, newsroom.clara, second, "Analysis")
    assert press.answer_text.startswith("Already approved by ")
    assert "2 of 3\n\nStory of b\n" in second.text
    before = tables(newsroom)["items"]
    data = f"v1:into.2:2:{_revision(newsroom, 2)}"
    for who, told in (
        (newsroom.olena, "To decide here, send /moderate first."),
        (newsroom.ana, "you need the role of moderator"),
        (newsroom.eve, "you need the role of moderator"),
    ):
        who.send("/help")
        forgery = await forged(newsroom, who, await _said_by_the_bot(newsroom, who), data)
        assert told in forgery.answer_text
    await forged(newsroom, newsroom.boris, first, "v1:into.2:999:1")
    await forged(newsroom, newsroom.boris, first, "v1:skip:999:1")
    assert tables(newsroom)["items"] == before
    assert "2 of 3\n\nStory of b\n" in first.text
    card = await open_card(newsroom, "Story of b")
    await pressed(newsroom, newsroom.clara, card, "✎ Edit")
    press = await pressed(newsroom, newsroom.boris, first, "Ukraine")
    assert "is editing this until" in press.answer_text
    assert tables(newsroom)["items"][1][6] == "pending"
    await chosen(newsroom, newsroom.boris, first, "Skip →")
    assert "3 of 3\n\nStory of c\n" in first.text
    assert failed_updates(newsroom) == 0


async def _said_by_the_bot(newsroom: World, who: Person) -> Message:
    return await newsroom.until(lambda: next((m for m in who.private.visible() if m.is_from(newsroom.tg.bot)), None))


async def test_it_is_opened_from_the_group_and_keeps_no_private_chat_in_the_clear(newsroom: World) -> None:
    await sent(newsroom, "a")
    newsroom.boris.send("/moderate", newsroom.desk)
    await newsroom.until(lambda: newsroom.desk.find("The queue is open in your private chat with me."))
    seat = await newsroom.until(lambda: newsroom.boris.private.find("1 of 1"))
    seats = await newsroom.until(lambda: [row for row in tables(newsroom)["seats"] if row[2]])
    assert seats[0][2:] == (seat.message_id, 1, "[]")
    assert not [row for row in tables(newsroom)["cards"] if row[3] == newsroom.boris.private.id]
    newsroom.clara.send("/queue")
    queue = await newsroom.until(lambda: newsroom.clara.private.find("1 link waits for a decision."))
    await pressed(newsroom, newsroom.clara, queue, "Card 1")
    await newsroom.until(lambda: "1 of 1" in queue.text and "✗ Reject" in queue.labels)
    await chosen(newsroom, newsroom.clara, queue, "Analysis")
    assert queue.text.startswith("✓ Story of a → Analysis")
    assert "Nothing waits." in queue.text
    newsroom.ana.send(article(newsroom, "b"))
    await newsroom.until(lambda: states(newsroom) == ["approved", "pending"])
    await chosen(newsroom, newsroom.clara, queue, "Look again")
    assert "Story of b" in queue.text


async def test_in_ukrainian_each_moderator_reads_their_own_language(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    await all_sent(newsroom, ["a", "b"])
    seat = await seated(newsroom, newsroom.boris, "1 з 2")
    await chosen(newsroom, newsroom.boris, seat, "✗ Відхилити")
    await chosen(newsroom, newsroom.boris, seat, "Не за темою")
    assert "2 з 2\n\nStory of b" in seat.text
    await chosen(newsroom, newsroom.boris, seat, "Далі →")
    assert "Нічого не чекає." in seat.text
    assert "Відколи ви почали: схвалено 0, відхилено 1, відкладено 0." in seat.text


async def test_a_card_that_was_on_its_way_when_its_item_was_decided_here_folds_all_the_same(newsroom: World) -> None:
    newsroom.tg.fault("slow", chat=newsroom.desk, method="sendMessage", seconds=2)
    await all_sent(newsroom, ["a"])
    seat = await seated(newsroom, newsroom.boris)
    await chosen(newsroom, newsroom.boris, seat, "Ukraine")
    await newsroom.until(lambda: newsroom.desk.find("Story of a"))
    await newsroom.until(lambda: newsroom.desk.find("✓ Story of a → Ukraine"))
    assert not any("✗ Reject" in card.labels for card in newsroom.desk.visible())
