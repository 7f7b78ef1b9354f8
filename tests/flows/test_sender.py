"""The sender's side: one message that follows what was sent; corrections, withdrawals, and the list of it all."""

import re

import pytest

from bot.sandbox.telegram import Message, Person
from store import outbox
from store import people as people_records
from tests.cast import World
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


async def message_of(newsroom: World, number: int, person: Person | None = None) -> Message:
    """Return the message that follows a submission of Ana's."""
    who = person or newsroom.ana
    return await newsroom.until(lambda: next((m for m in who.private.visible() if f"#{number}" in m.words), None))


async def asked(newsroom: World, person: Person, message: Message, label: str) -> Message:
    """Let a sender press a field of their item, and return the question."""
    before = len(person.private.visible())
    await pressed(newsroom, person, message, label)
    return await newsroom.until(lambda: next((m for m in person.private.visible()[before:] if m.force_reply), None))


async def corrected(newsroom: World, message: Message, label: str, words: str) -> str:
    """Let Ana correct a field by the buttons of her message, and return what she is told."""
    if label not in message.labels:
        await pressed(newsroom, newsroom.ana, message, "✎ Correct")
        await newsroom.until(lambda: label in message.labels)
    question = await asked(newsroom, newsroom.ana, message, label)
    before = len(newsroom.ana.private.texts)
    newsroom.ana.send(words, reply_to=question)
    told = await answer(newsroom, newsroom.ana, before + 1)
    await newsroom.until(lambda: "✎ Correct" in message.labels or "nothing was changed" in told)
    return told


async def test_one_message_follows_an_item_to_its_issue(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    message = await message_of(newsroom, 1)
    await newsroom.until(lambda: "waits for a decision" in message.text)
    assert message.text.splitlines() == [
        "Received #1. Thank you. You will hear what becomes of it.",
        "In time for the issue of Sunday 22 November 2026.",
        "· Story of a",
        "  Herald, November 15th · waits for a decision",
    ]
    assert message.labels == ["✎ Correct", "✗ Withdraw"]
    await pressed(newsroom, newsroom.boris, card, "Analysis")
    newsroom.jump(minutes=1)
    told = await newsroom.until(lambda: newsroom.ana.private.find("is approved for the bulletin"))
    assert told.reply_to.message_id == message.message_id
    await newsroom.until(lambda: "approved, section Analysis and comment" in message.text)
    assert message.text.startswith("#1\n· Story of a")
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.until(lambda: "  Herald, November 15th · in issue 1" in message.text)
    assert message.labels == []
    assert sum("Story of a" in text for text in newsroom.ana.private.texts) == 2


async def test_the_message_tells_a_rejection_with_its_reason_but_not_before_it_can_be_undone_unheard(
    newsroom: World,
) -> None:
    card = await sent(newsroom, "a")
    message = await message_of(newsroom, 1)
    await newsroom.until(lambda: "waits for a decision" in message.text)
    newsroom.clock.set_speed(5)
    await pressed(newsroom, newsroom.boris, card, "✗ Reject")
    await newsroom.until(lambda: "Too old" in card.labels)
    await pressed(newsroom, newsroom.boris, card, "Too old")
    newsroom.jump(seconds=30)
    await pressed(newsroom, newsroom.ana, message, "✎ Correct")
    await newsroom.until(lambda: "waits for a decision" in message.text and "Title: Story of a" in message.text)
    newsroom.jump(seconds=40)
    await newsroom.until(lambda: "not taken: Too old" in message.text)


async def test_a_sender_corrects_every_field_and_gives_a_title_that_could_not_be_read(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    message = await message_of(newsroom, 1)
    await newsroom.until(lambda: message.labels)
    told = await corrected(newsroom, message, "Title", "A better  title")
    assert told == "Changed, Title: A better title"
    await newsroom.until(lambda: card.text.startswith("A better title\n"))
    assert await corrected(newsroom, message, "Source", "The Steppe") == "Changed, Source: The Steppe"
    assert await corrected(newsroom, message, "Date", "14 November") == "Changed, Date: November 14th"
    assert await corrected(newsroom, message, "Note", "From my street") == "Changed, Note: From my street"
    await newsroom.until(lambda: "“From my street”" in card.text)
    assert card.text.startswith("A better title\nThe Steppe, November 14th · herald.example")
    await newsroom.until(lambda: "A better title\n  The Steppe, November 14th" in message.text)
    assert "nothing was changed" in await corrected(newsroom, message, "Date", "soon")
    assert await corrected(newsroom, message, "Date", "-") == "Changed, Date: none"
    await pressed(newsroom, newsroom.ana, message, "✎ Correct")
    await newsroom.until(lambda: "Section" in message.labels)
    await pressed(newsroom, newsroom.ana, message, "Section")
    await newsroom.until(lambda: "Solidarity" in message.labels)
    press = await pressed(newsroom, newsroom.ana, message, "Solidarity")
    assert press.answer_text == "Changed, Section: International solidarity"
    await newsroom.until(lambda: card.labels[0] == "Solidarity")
    assert states(newsroom) == ["pending"]
    newsroom.ana.send(newsroom.site.traps["bot-wall"])
    card = await newsroom.card(newsroom.site.traps["bot-wall"])
    message = await message_of(newsroom, 2)
    await newsroom.until(lambda: "Which is it? Reply to this message" in message.text)
    before = len(newsroom.ana.private.texts)
    newsroom.ana.send("What stands behind the wall", reply_to=message)
    told = await answer(newsroom, newsroom.ana, before + 1)
    assert told == "Changed, Title: What stands behind the wall"
    await newsroom.until(lambda: card.text.startswith("What stands behind the wall\n"))
    await newsroom.until(lambda: "Which is it?" not in message.text)


async def test_a_correction_of_an_approved_link_brings_it_back_to_the_moderators(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    newsroom.jump(minutes=1)
    message = await message_of(newsroom, 1)
    await newsroom.until(lambda: "approved, section" in message.text and message.labels)
    told = await corrected(newsroom, message, "Title", "Another title")
    assert told == "Changed, Title: Another title\nIt was approved before; the moderators look at it once more."
    assert states(newsroom) == ["pending"]
    said = await newsroom.until(lambda: newsroom.desk.find("The sender changed an approved link (Title)"))
    assert said.text.endswith(": Another title")
    fresh = await newsroom.card("Another title")
    assert fresh.message_id > said.message_id
    await newsroom.until(lambda: card.text.startswith("↓") and not card.labels)
    await newsroom.until(lambda: "waits for a decision" in message.text)
    await pressed(newsroom, newsroom.boris, fresh, "Solidarity")
    newsroom.jump(minutes=1)
    await newsroom.until(lambda: "approved, section International solidarity" in message.text)


async def test_a_withdrawal_takes_effect_at_once_until_the_issue_is_closed(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    newsroom.jump(minutes=1)
    message = await message_of(newsroom, 1)
    await newsroom.until(lambda: "approved, section" in message.text and message.labels)
    await pressed(newsroom, newsroom.ana, message, "✗ Withdraw")
    await newsroom.until(lambda: message.labels == ["✗ Yes, withdraw it", "← Back"])
    assert states(newsroom) == ["approved"]
    press = await pressed(newsroom, newsroom.ana, message, "✗ Yes")
    assert press.answer_text == "Withdrawn; it will not be in the bulletin."
    await newsroom.until(lambda: "· withdrawn" in message.text and not message.labels)
    await newsroom.until(lambda: card.text == "– Story of a · withdrawn" and not card.labels)
    await newsroom.until(lambda: newsroom.desk.find("The sender withdrew an approved link: Story of a"))
    await approved(newsroom, "b")
    newsroom.jump(minutes=1)
    second = await message_of(newsroom, 2)
    await newsroom.until(lambda: "approved, section" in second.text)
    seen = second.buttons
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.until(lambda: "in issue 1" in second.text)
    late = newsroom.ana.press(second, "✗ Withdraw", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert late.answer_text.startswith("It is in issue 1, which is closed")
    assert states(newsroom) == ["withdrawn", "in issue"]


async def test_several_links_of_one_message_are_chosen_by_number(newsroom: World) -> None:
    links = [article(newsroom, f"n{number}") for number in range(1, 11)]
    newsroom.ana.send("\n".join(links))
    message = await message_of(newsroom, 1)
    await newsroom.until(lambda: states(newsroom) == ["pending"] * 10 and message.labels)
    await quiet(newsroom)
    await pressed(newsroom, newsroom.ana, message, "✎ Correct or withdraw")
    await newsroom.until(lambda: message.labels[:2] == ["#1.1", "#1.2"])
    assert [len(row) for row in message.buttons] == [4, 4, 1, 1]
    await pressed(newsroom, newsroom.ana, message, "▶")
    await newsroom.until(lambda: message.labels == ["#1.9", "#1.10", "◀", "← Back"])
    await pressed(newsroom, newsroom.ana, message, "#1.9")
    await newsroom.until(lambda: "✗ Withdraw" in message.labels)
    assert "Title: Story of n9" in message.text
    await pressed(newsroom, newsroom.ana, message, "✗ Withdraw")
    await newsroom.until(lambda: "✗ Yes, withdraw it" in message.labels)
    await pressed(newsroom, newsroom.ana, message, "✗ Yes")
    await newsroom.until(lambda: states(newsroom)[8] == "withdrawn")
    await newsroom.until(lambda: "#1.9 Story of n9\n  Herald, November 15th · withdrawn" in message.text)
    assert states(newsroom).count("pending") == 9


async def test_acknowledgements_that_wait_for_one_person_become_one_message_and_mine_has_pages(
    newsroom: World,
) -> None:
    newsroom.tg.fault("flood", chat=newsroom.ana.private, method="sendMessage", retry_after=600)
    for number in range(1, 13):
        newsroom.ana.send(article(newsroom, f"n{number}"))
    await newsroom.until(lambda: states(newsroom) == ["pending"] * 12)
    newsroom.jump(hours=1)
    message = await newsroom.until(lambda: newsroom.ana.private.find("Received #1–#12: 12 links."))
    await quiet(newsroom)
    lines = message.text.splitlines()
    assert [f"#{number} Story of n{number}" for number in range(1, 13)] == [line for line in lines if line[0] == "#"]
    assert [text.splitlines()[0] for text in newsroom.ana.private.texts if text.startswith("Received")] == [lines[0]]
    for card in [message for message in newsroom.desk.visible() if message.buttons]:
        newsroom.boris.press(card, "Analysis")
    await newsroom.until(lambda: states(newsroom) == ["approved"] * 12)
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: message.text.count("approved, section Analysis") == 12, 20)
    told = [text for text in newsroom.ana.private.texts if "is approved for the bulletin" in text]
    assert sum(text.count("is approved") for text in told) == 12
    assert len(told) < 12
    await pressed(newsroom, newsroom.ana, message, "✎ Correct or withdraw")
    await newsroom.until(lambda: message.labels[:2] == ["#1", "#2"])
    newsroom.ana.send("/mine")
    listed = await newsroom.until(lambda: newsroom.ana.private.find("You have sent 12 messages with links"))
    assert listed.labels == ["#12", "#11", "#10", "#9", "#8", "#7", "#6", "#5", "▶"]
    await pressed(newsroom, newsroom.ana, listed, "▶")
    await newsroom.until(lambda: listed.labels == ["#4", "#3", "#2", "#1", "◀"])


async def test_mine_lists_what_somebody_sent_and_opens_it_again(newsroom: World) -> None:
    newsroom.ana.send("/mine")
    await newsroom.until(lambda: newsroom.ana.private.find("You have sent nothing yet."))
    await approved(newsroom, "a")
    newsroom.jump(minutes=1)
    newsroom.ana.send(f"{article(newsroom, 'b')} {article(newsroom, 'c')}")
    await newsroom.until(lambda: states(newsroom) == ["approved", "pending", "pending"])
    first = await message_of(newsroom, 1)
    await newsroom.until(lambda: "approved, section" in first.text)
    newsroom.ana.send("/mine")
    listed = await newsroom.until(lambda: newsroom.ana.private.find("You have sent 2 messages with links"))
    assert listed.text.splitlines()[1:] == [
        "#2 2 links: Story of b, … · waits for a decision",
        "#1 Story of a · approved, section Analysis and comment",
    ]
    assert listed.labels == ["#2", "#1"]
    await pressed(newsroom, newsroom.ana, listed, "#1")
    again = await newsroom.until(
        lambda: next((m for m in newsroom.ana.private.visible() if m.message_id > listed.message_id), None)
    )
    assert again.text.startswith("#1\n· Story of a")
    await newsroom.until(lambda: first.text == "↓ #1" and not first.labels)
    await pressed(newsroom, newsroom.ana, again, "✗ Withdraw")
    await newsroom.until(lambda: "✗ Yes, withdraw it" in again.labels)
    await pressed(newsroom, newsroom.ana, again, "✗ Yes")
    await newsroom.until(lambda: "withdrawn" in again.text)


FORGED = ["fix:{item}:{rev}", "ask.title:{item}:{rev}", "section:{item}:{rev}", "wish.1:{item}:{rev}"]
FORGED += ["withdraw:{item}:{rev}", "withdraw.yes:{item}:{rev}", "choose.0:{sub}:0", "back:{sub}:0", "open:{sub}:0"]
WRONG = ["fix:999:1", "withdraw.yes:999:1", "wish.99:{item}:{rev}", "wish.x:{item}:999", "withdraw.yes:{item}:999"]
WRONG += ["ask.state:{item}:{rev}", "ask:{item}:{rev}", "open:999:0", "choose.²:999:0", "withdraw.yes:{item}", "fix"]


async def test_only_the_sender_can_press_for_their_own_links_and_not_on_what_has_changed(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    message = await message_of(newsroom, 1)
    await newsroom.until(lambda: message.labels)
    newsroom.boris.send("/mine")
    boris = await newsroom.until(lambda: newsroom.boris.private.find("You have sent nothing yet."))
    newsroom.eve.start()
    eve = await newsroom.until(lambda: newsroom.eve.private.find("This bot collects links"))
    await quiet(newsroom)
    item, sub = tables(newsroom)["items"][0][0], tables(newsroom)["submissions"][0][0]
    rev = int(message.buttons[0][0].data.rpartition(":")[2])
    before = tables(newsroom)
    for data in FORGED:
        pressing = "v1:" + data.format(item=item, rev=rev, sub=sub)
        for person, there in ((newsroom.boris, boris), (newsroom.eve, eve), (newsroom.boris, card)):
            press = await forged(newsroom, person, there, pressing)
            assert press.show_alert, (data, person)
    for data in WRONG:
        await forged(newsroom, newsroom.ana, message, "v1:" + data.format(item=item, rev=rev, sub=sub))
    await quiet(newsroom)
    after = tables(newsroom)
    assert {name for name in before if before[name] != after[name]} == {"updates"}
    assert states(newsroom) == ["pending"]
    assert failed_updates(newsroom) == 0
    assert boris.text.startswith("You have sent nothing yet.")
    assert all(len(button.data) <= 64 for row in message.buttons for button in row)
    await pressed(newsroom, newsroom.ana, message, "← Back")
    await newsroom.until(lambda: "✗ Withdraw" in message.labels)
    await pressed(newsroom, newsroom.ana, message, "✗ Withdraw")
    await newsroom.until(lambda: "✗ Yes, withdraw it" in message.labels)
    seen = message.buttons
    await pressed(newsroom, newsroom.boris, card, "Solidarity")
    await newsroom.until(lambda: states(newsroom) == ["approved"])
    stale = newsroom.ana.press(message, "✗ Yes", buttons=seen)
    await newsroom.until(lambda: stale.answered)
    assert stale.answer_text == "This has changed meanwhile; look at it and press once more."
    assert states(newsroom) == ["approved"]


async def test_somebody_at_risk_is_told_nothing_that_others_could_read(newsroom: World) -> None:
    services = newsroom.services
    async with services.store.transaction() as tx:
        ana = next(p for p in await people_records.every(tx) if p.role == "contributor")
        await people_records.change(tx, ana.id, at_risk=True)
    card = await sent(newsroom, "a")
    message = await newsroom.until(lambda: newsroom.ana.private.find("Thank you, it has arrived."))
    await pressed(newsroom, newsroom.boris, card, "Solidarity")
    newsroom.jump(minutes=5)
    await quiet(newsroom)
    newsroom.ana.send("/mine")
    await newsroom.until(lambda: newsroom.ana.private.find("Nothing is listed here"))
    assert message.labels == []
    said = "\n".join(m.words for m in newsroom.ana.private.visible() if not m.is_from(newsroom.ana.account))
    assert not re.search(r"Story|herald|#1|approved", said)


async def changed(newsroom: World, message: Message, label: str, words: str) -> str:
    """Let Ana correct a field in Ukrainian, and return what she is told."""
    if label not in message.labels:
        await pressed(newsroom, newsroom.ana, message, "✎ Виправити")
        await newsroom.until(lambda: label in message.labels)
    question = await asked(newsroom, newsroom.ana, message, label)
    before = len(newsroom.ana.private.texts)
    newsroom.ana.send(words, reply_to=question)
    return await answer(newsroom, newsroom.ana, before + 1)


@pytest.mark.system
async def test_in_ukrainian_a_sender_corrects_withdraws_and_lists(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    ana = newsroom.ana
    ana.send("/mine")
    await newsroom.until(lambda: ana.private.find("Ви ще нічого не надсилали."))
    card = await sent(newsroom, "a")
    message = await newsroom.until(lambda: ana.private.find("· чекає на рішення"))
    assert message.text.splitlines() == [
        "Отримано №1. Дякуємо. Ми повідомимо, що з ним станеться.",
        "Вчасно до випуску (неділя, 22 листопада 2026\N{NARROW NO-BREAK SPACE}р.).",
        "· Story of a",
        "  Herald, 15 листопада · чекає на рішення",
    ]
    assert message.labels == ["✎ Виправити", "✗ Відкликати"]
    assert (await changed(newsroom, message, "Назва", "Хліб")) == "Змінено, Назва: Хліб"
    await newsroom.until(lambda: message.labels == ["✎ Виправити", "✗ Відкликати"])
    assert (await changed(newsroom, message, "Джерело", "Степ")) == "Змінено, Джерело: Степ"
    assert "не вдалося прочитати дату" in await changed(newsroom, message, "Дата", "колись")
    assert (await changed(newsroom, message, "Дата", "14 листопада")) == "Змінено, Дата: 14 листопада"
    assert (await changed(newsroom, message, "Примітка", "З моєї вулиці")) == "Змінено, Примітка: З моєї вулиці"
    await newsroom.until(lambda: card.text.startswith("Хліб\nСтеп, 14 листопада") and "«З моєї вулиці»" in card.text)
    await pressed(newsroom, ana, message, "✎ Виправити")
    await newsroom.until(lambda: "Рубрика" in message.labels)
    assert message.labels == ["Назва", "Джерело", "Дата", "Рубрика", "Примітка", "✗ Відкликати", "← Назад"]
    await pressed(newsroom, ana, message, "Рубрика")
    await newsroom.until(lambda: "Solidarity" in message.labels)
    press = await pressed(newsroom, ana, message, "Solidarity")
    assert press.answer_text == "Змінено, Рубрика: International solidarity"
    await newsroom.until(lambda: card.labels[0] == "Solidarity")
    await pressed(newsroom, newsroom.boris, card, "Ukraine")
    newsroom.jump(minutes=1)
    await newsroom.until(lambda: ana.private.find("№1 «Хліб» схвалено до бюлетеня, рубрика «News from Ukraine – gen"))
    await newsroom.until(lambda: "· схвалено, рубрика «News from Ukraine – general»" in message.text)
    told = await changed(newsroom, message, "Назва", "Добрий хліб")
    assert told == "Змінено, Назва: Добрий хліб\nРаніше це схвалили; модератори переглянуть ще раз."
    await newsroom.until(lambda: newsroom.desk.find("Дописувач змінив схвалене посилання (Назва)"))
    await pressed(newsroom, newsroom.boris, await newsroom.card("Добрий хліб"), "Ukraine")
    newsroom.jump(minutes=1)
    await newsroom.until(lambda: "· схвалено" in message.text and "✗ Відкликати" in message.labels)
    await pressed(newsroom, ana, message, "✗ Відкликати")
    await newsroom.until(lambda: "✗ Так, відкликати" in message.labels)
    press = await pressed(newsroom, ana, message, "✗ Так")
    assert press.answer_text == "Відкликано; цього не буде в бюлетені."
    await newsroom.until(lambda: "· відкликано" in message.text)
    await newsroom.until(lambda: newsroom.desk.find("Дописувач відкликав схвалене посилання: Добрий хліб"))
    ana.send("/mine")
    listed = await newsroom.until(lambda: ana.private.find("Ви надіслали 1 повідомлення з посиланнями, нові згори."))
    assert listed.labels == ["№1"]
    assert await _waits_for_nobody(newsroom)


@pytest.mark.system
async def test_in_ukrainian_the_message_follows_to_rejection_and_issue(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    ana = newsroom.ana
    newsroom.tg.fault("flood", chat=ana.private, method="sendMessage", retry_after=600)
    first, second = await sent(newsroom, "a"), await sent(newsroom, "b")
    newsroom.jump(hours=1)
    message = await newsroom.until(lambda: ana.private.find("Отримано №1–№2: 2 посилання. Дякуємо."))
    assert message.labels == ["✎ Виправити чи відкликати"]
    await pressed(newsroom, newsroom.boris, first, "✗ Відхилити")
    await newsroom.until(lambda: "Застаріле" in first.labels)
    await pressed(newsroom, newsroom.boris, first, "Застаріле")
    await pressed(newsroom, newsroom.boris, second, "Ukraine")
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: ana.private.find("№1 «Story of a» не увійде до бюлетеня. Причина: Застаріле"))
    await newsroom.until(lambda: "№1 Story of a\n  Herald, 15 листопада · не взято: Застаріле" in message.text)
    await pressed(newsroom, ana, message, "✎ Виправити чи відкликати")
    await newsroom.until(lambda: message.text.startswith("Яке саме?"))
    await pressed(newsroom, ana, message, "№2")
    await newsroom.until(lambda: "✗ Відкликати" in message.labels)
    seen = message.buttons
    await at_desk(newsroom, newsroom.clara, "/publish", "Публікується зараз.")
    await newsroom.until(lambda: "№2 Story of b\n  Herald, 15 листопада · у випуску 1" in message.text)
    late = ana.press(message, "✗ Відкликати", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert late.answer_text.startswith("Це у випуску 1, який уже закрито, тож тут цього вже не змінити.")


async def _waits_for_nobody(newsroom: World) -> bool:
    await quiet(newsroom)
    async with newsroom.services.store.reading() as tx:
        return await outbox.count(tx) == 0
