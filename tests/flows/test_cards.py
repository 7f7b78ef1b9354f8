"""Cards: reasons of one's own, votes, links put off, one's own links, and cards that somebody deleted."""

from typing import Any

import pytest

from bot.sandbox.telegram import Message, Press
from store import bulletins, people, votes
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import answer, article, failed_updates, in_ukrainian, pressed, sent, states
from tests.flows.test_card_edit import name_of, pressed_in_menu, replied, rows


async def set_up(newsroom: World, **columns: Any) -> None:
    """Let the bulletin have other settings."""
    async with newsroom.services.store.transaction() as tx:
        await bulletins.change(tx, (await bulletins.first(tx)).id, **columns)


async def voted(newsroom: World, who: str, card: Message, label: str) -> Press:
    """Let somebody press a section, and wait until the card shows it."""
    before = card.text
    press = await pressed(newsroom, getattr(newsroom, who), card, label)
    await newsroom.until(lambda: card.text != before)
    return press


async def test_the_reasons_are_the_bulletins_own_and_one_may_be_typed(newsroom: World) -> None:
    await set_up(newsroom, reasons=["reason-off-topic", "Nobody can read it without paying for it"])
    first, second, third = [await sent(newsroom, name) for name in "abc"]
    await pressed(newsroom, newsroom.boris, first, "✗ Reject")
    await newsroom.until(lambda: "Off topic" in first.labels)
    assert first.labels == ["Off topic", "Nobody can read it without paying f…", "✎ Other…", "← Back"]
    await pressed(newsroom, newsroom.boris, first, "✎ Other…")
    question = await newsroom.until(lambda: newsroom.desk.find("Why is “Story of a” rejected?"))
    assert question.force_reply
    assert "There are no words in your reply" in await replied(newsroom, question, "\u200b")
    assert "at most 300 fit" in await replied(newsroom, question, "м" * 301)
    words = "We ran the same story,\nbetter told, in May"
    assert await replied(newsroom, question, words) == "Rejected; the sender hears why."
    await newsroom.until(lambda: first.text.startswith("✗ Story of a"))
    await pressed(newsroom, newsroom.boris, first, "↩ Undo")
    await newsroom.until(lambda: "✗ Reject" in first.labels)
    newsroom.boris.send("once more", newsroom.desk, reply_to=question)  # it was answered, so this is just talk
    await pressed(newsroom, newsroom.boris, second, "✗ Reject")
    await newsroom.until(lambda: "✎ Other…" in second.labels)
    seen = second.buttons
    await pressed(newsroom, newsroom.boris, second, "✎ Other…")
    question = await newsroom.until(lambda: newsroom.desk.find("Why is “Story of b” rejected?"))
    await set_up(newsroom, reasons=["Another list"])
    stale = newsroom.clara.press(second, "Nobody can read", buttons=seen)
    await newsroom.until(lambda: stale.answered)
    assert stale.answer_text == "This reason is no longer in the list; the card is drawn again."
    await pressed_in_menu(newsroom, newsroom.clara, second, "Ukraine")
    assert "Already approved by" in await replied(newsroom, question, "too late")
    await set_up(newsroom, reasons=None)
    await pressed(newsroom, newsroom.clara, third, "✗ Reject")
    await newsroom.until(lambda: "We have it already" in third.labels)
    await pressed(newsroom, newsroom.clara, first, "✗ Reject")
    await pressed_in_menu(newsroom, newsroom.clara, first, "✎ Other…")
    question = await newsroom.until(
        lambda: next((m for m in newsroom.desk.visible()[-2:] if "Why is “Story of a” rejected?" in m.words), None)
    )
    await replied(newsroom, question, words)
    assert states(newsroom) == ["rejected", "approved", "pending"]
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: newsroom.ana.private.find("Reason: We ran the same story, better told, in May"))
    assert newsroom.ana.private.find("“Story of a” will not be in the bulletin")
    assert failed_updates(newsroom) == 0


async def test_what_is_put_off_comes_back_by_itself_and_is_not_lost_when_the_issue_closes(newsroom: World) -> None:
    first, second = await sent(newsroom, "a"), await sent(newsroom, "b")
    await pressed(newsroom, newsroom.boris, first, "☾ Later")
    await newsroom.until(lambda: "Next week" in first.labels)
    assert first.labels == ["In 3 hours", "Tomorrow morning", "Next week", "After this issue", "← Back"]
    await pressed(newsroom, newsroom.boris, first, "In 3 hours")
    await newsroom.until(lambda: first.text.startswith("☾ Story of a · until 1"))
    assert first.labels == ["☀ Wake"]
    press = await pressed(newsroom, newsroom.clara, first, "☀ Wake")
    assert press.answer_text == "It waits for a decision again."
    await pressed_in_menu(newsroom, newsroom.boris, first, "☾ Later")
    await pressed_in_menu(newsroom, newsroom.boris, first, "Tomorrow morning")
    await newsroom.until(lambda: first.text == "☾ Story of a · until 17 November, 09:00")
    await pressed(newsroom, newsroom.boris, second, "☾ Later")
    await pressed_in_menu(newsroom, newsroom.boris, second, "After this issue")
    await newsroom.until(lambda: second.text == "☾ Story of b · until this issue is closed")
    newsroom.jump(hours=25)
    fresh = await newsroom.until(
        lambda: next((m for m in newsroom.desk.visible()[-1:] if m.text.startswith("Story of a\n")), None)
    )
    assert " · 25 h" in fresh.text or " · 26 h" in fresh.text
    await newsroom.until(lambda: first.text == "↓ Story of a" and not first.labels)
    await pressed_in_menu(newsroom, newsroom.boris, fresh, "Ukraine")
    newsroom.jump_to(SUNDAY_HOUR)
    await newsroom.until(lambda: newsroom.desk.find("It is published at"))
    assert second.labels == ["☀ Wake"]
    newsroom.jump(minutes=61)
    await newsroom.until(lambda: states(newsroom) == ["in issue", "pending"])
    await newsroom.until(lambda: second.text == "↓ Story of b")
    again = await newsroom.card("Story of b")
    assert again.text.endswith(" · 6 days")


async def test_where_two_must_agree_votes_are_counted_and_an_undo_clears_them(newsroom: World) -> None:
    await set_up(newsroom, quorum=2)
    boris, clara = name_of(newsroom, newsroom.boris), name_of(newsroom, newsroom.clara)
    card = await sent(newsroom, "a")
    seen = card.buttons
    press = await voted(newsroom, "boris", card, "Analysis")
    assert press.answer_text == "Your vote counts: 1 of 2 for it. You can still change it."
    assert card.text.splitlines()[-1] == f"✓ 1 of 2: {boris} (Analysis)"
    late = newsroom.clara.press(card, "Analysis", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert "The card has changed meanwhile" in late.answer_text
    await voted(newsroom, "boris", card, "Ukraine")
    await pressed(newsroom, newsroom.clara, card, "✗ Reject")
    await pressed_in_menu(newsroom, newsroom.clara, card, "Off topic")
    await newsroom.until(lambda: card.text.endswith(f"✓ 1 of 2: {boris} (Ukraine)\n✗ 1 of 2: {clara} (Off topic)"))
    assert states(newsroom) == ["pending"]
    press = await voted(newsroom, "olena", card, "Solidarity")
    assert press.answer_text == "Approved: International solidarity"  # of equals what was pressed last
    await pressed(newsroom, newsroom.boris, card, "↩ Undo")
    await newsroom.until(lambda: "Ukraine" in card.labels)
    assert "1 of 2" not in card.text
    await voted(newsroom, "boris", card, "Ukraine")
    services = newsroom.services
    async with services.store.transaction() as tx:
        gone = await people.get(tx, (await votes.counting(tx, 1))[0].person_id)
        await people.change(tx, gone.id, revoked=True)
    await voted(newsroom, "clara", card, "Ukraine")
    assert card.text.splitlines()[-1] == f"✓ 1 of 2: {clara} (Ukraine)"
    assert states(newsroom) == ["pending"]
    assert failed_updates(newsroom) == 0


async def test_ones_own_link_needs_another_moderator_where_the_bulletin_says_so(newsroom: World) -> None:
    newsroom.boris.send(article(newsroom, "a"))
    card = await newsroom.card("Story of a")
    await set_up(newsroom, approve_own=False)
    press = await pressed(newsroom, newsroom.boris, card, "Ukraine")
    assert press.answer_text == ("You sent this yourself, so another moderator has to approve it. Nothing was changed.")
    assert press.show_alert
    assert states(newsroom) == ["pending"]
    await pressed(newsroom, newsroom.clara, card, "Ukraine")
    await newsroom.until(lambda: states(newsroom) == ["approved"])
    await pressed_in_menu(newsroom, newsroom.boris, card, "↩ Undo")
    await set_up(newsroom, approve_own=True)
    await pressed_in_menu(newsroom, newsroom.boris, card, "Ukraine")
    await newsroom.until(lambda: states(newsroom) == ["approved"])


async def test_a_card_that_was_deleted_by_hand_is_posted_again(newsroom: World) -> None:
    first = await sent(newsroom, "a")
    newsroom.boris.delete(first)
    message = await newsroom.until(lambda: newsroom.ana.private.find("Story of a"))
    await pressed(newsroom, newsroom.ana, message, "✎ Correct")
    await pressed_in_menu(newsroom, newsroom.ana, message, "Title")
    question = await newsroom.until(lambda: next((m for m in newsroom.ana.private.visible() if m.force_reply), None))
    newsroom.ana.send("A better title", reply_to=question)
    again = await newsroom.card("A better title")
    assert again.message_id > first.message_id
    newsroom.clara.delete(again)
    late = newsroom.boris.press(again, "✎ Edit")
    await newsroom.until(lambda: late.answered)
    third = await newsroom.until(lambda: next((m for m in newsroom.desk.visible() if "✓ Done" in m.labels), None))
    await pressed(newsroom, newsroom.boris, third, "✓ Done")
    await pressed_in_menu(newsroom, newsroom.boris, third, "Ukraine")
    await newsroom.until(lambda: third.text.startswith("✓ A better title"))
    assert [m for m in newsroom.desk.visible() if "better title" in m.words] == [third]


@pytest.mark.system
async def test_in_ukrainian_cards_are_edited_put_off_voted_on_and_rejected(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    await set_up(newsroom, quorum=2)
    card = await sent(newsroom, "a")
    await pressed(newsroom, newsroom.boris, card, "✎ Правити")
    await newsroom.until(lambda: "✓ Готово" in card.labels)
    assert f"✎ {name_of(newsroom, newsroom.boris)} править це до " in card.text
    await pressed(newsroom, newsroom.boris, card, "Дата")
    question = await newsroom.until(lambda: newsroom.desk.find("Дата «Story of a» зараз: 15 листопада 2026"))
    assert "«31 лютого» не схоже на дату" in await replied(newsroom, question, "31 лютого")
    assert await replied(newsroom, question, "14 листопада") == "Дата: 14 листопада 2026\u202fр."
    await pressed_in_menu(newsroom, newsroom.boris, card, "Мова")
    await pressed_in_menu(newsroom, newsroom.boris, card, "Французька")
    await newsroom.until(lambda: "Французька" in card.text.splitlines())
    await pressed(newsroom, newsroom.boris, card, "✓ Готово")
    await pressed_in_menu(newsroom, newsroom.boris, card, "☾ Пізніше")
    await pressed_in_menu(newsroom, newsroom.boris, card, "Завтра вранці")
    await newsroom.until(lambda: card.text == "☾ Story of a · до 17 листопада, 09:00")
    await pressed(newsroom, newsroom.boris, card, "☀ Повернути")
    await newsroom.until(lambda: "Ukraine" in card.labels)
    press = await voted(newsroom, "boris", card, "Ukraine")
    assert press.answer_text == "Ваш голос зараховано: 1 з 2 за. Його ще можна змінити."
    await set_up(newsroom, quorum=1)
    await pressed(newsroom, newsroom.clara, card, "✗ Відхилити")
    await pressed_in_menu(newsroom, newsroom.clara, card, "✎ Інша…")
    question = await newsroom.until(lambda: newsroom.desk.find("Чому «Story of a» відхилено?"))
    assert "Знаків у причині 301" in await replied(newsroom, question, "м" * 301)
    await replied(newsroom, question, "Уже було в травні")
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: newsroom.ana.private.find("Причина: Уже було в травні"))
    assert rows(newsroom, "SELECT reason FROM items") == [("Уже було в травні",)]
    assert await answer(newsroom, newsroom.ana, 0)
