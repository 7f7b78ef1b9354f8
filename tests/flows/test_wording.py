"""Editors give an issue texts of its own and its date, and skip a week."""

from datetime import timedelta

from bot.sandbox.telegram import Message
from store import bulletins
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import answer, at_desk, in_ukrainian, issue_states, pressed, quiet
from tests.flows.boards import board_at_desk, opened, own_board, stories


async def post_of(newsroom: World, number: int = 1) -> Message:
    """Let Clara publish the issue at once, and return its post."""
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    return await newsroom.until(lambda: newsroom.channels[0].find(f"News from Ukraine Bulletin {number}"))


async def asked(newsroom: World, board: Message, label: str, words: str) -> Message:
    """Let Clara press what asks for a text on a private board, and return the question."""
    await pressed(newsroom, newsroom.clara, board, label)
    return await newsroom.until(lambda: newsroom.clara.private.find(words))


async def told(newsroom: World, question: Message, reply: str) -> str:
    """Let Clara reply to a question, and return what the bot says."""
    before = len(newsroom.clara.private.texts)
    newsroom.clara.send(reply, reply_to=question)
    return await answer(newsroom, newsroom.clara, before + 1)


async def test_an_issue_says_what_an_editor_wrote_and_the_next_one_what_it_always_says(newsroom: World) -> None:
    async with newsroom.services.store.transaction() as tx:
        await bulletins.change(tx, 1, subtitle="By volunteers", footer="Write to us: http://us.example/contact")
    await stories(newsroom, "a")
    board = await own_board(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "✎ Texts")
    assert board.text.splitlines() == [
        *("Introduction", "none", "", "Subtitle (the bulletin's own)", "By volunteers", ""),
        *("Footer (the bulletin's own)", "Write to us: http://us.example/contact"),
    ]
    question = await asked(newsroom, board, "✎ Subtitle", "The subtitle of this issue now:")
    assert question.force_reply
    assert "By volunteers" in question.text
    for reply, said in (
        ("x" * 201, "That is 201 characters long; at most 200 fit."),
        ("http://herald.example/a", "A link cannot stand here."),
        ("\u200b", "There are no words in your reply."),
    ):
        assert said in await told(newsroom, question, reply)
    assert "Subtitle\nOn winter" in await told(newsroom, question, "On\nwinter")
    question = await asked(newsroom, board, "✎ Introduction", "The introduction of this issue now:")
    assert "That is 1501 characters long" in await told(newsroom, question, "x" * 1501)
    assert "See http://us.example/map" in await told(newsroom, question, "Dear readers.\n\nSee http://us.example/map")
    late = await pressed(newsroom, newsroom.clara, board, "✗ None")
    assert "Somebody changed this meanwhile." in late.answer_text
    await newsroom.until(lambda: "On winter" in board.text)
    assert [label for label in board.labels if label[0] in "✗↩"] == ["✗ None", "↩ Bulletin's own", "✗ None"]
    await opened(newsroom, newsroom.clara, board, "↩ Bulletin's own")
    assert "Subtitle (the bulletin's own)\nBy volunteers" in board.text
    footer = board.buttons[2][1]
    assert footer.label == "✗ None"
    newsroom.clara.press_data(board, footer.data)
    await newsroom.until(lambda: "Footer\nnone" in board.text)
    await opened(newsroom, newsroom.clara, board, "← Back")
    assert "Of its own: introduction, footer" in board.text
    post = await post_of(newsroom)
    assert all(words in post.text for words in ("By volunteers\n", "Dear readers.\n\nSee http://us.example/map\n"))
    assert "Write to us" not in post.text
    await stories(newsroom, "b")
    second = await post_of(newsroom, 2)
    assert "Dear readers." not in second.text
    assert "Write to us" in second.text


NO_DAYS = {
    "31 February": "“31 February” is no day that exists",
    "February": "is no day that exists, or not one day alone",
    "29 November 2031": "29 November 2031 is more than two months away.",
    "http://herald.example/a": "is no day that exists",
    "16 November 2026": "Issue 1 carries the date of 17 November 2026; this one cannot carry an earlier one.",
}


async def test_the_date_is_chosen_by_buttons_and_by_hand(newsroom: World) -> None:
    await stories(newsroom, "a")
    board = await own_board(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "Date, skip a week", "Today")
    assert "Monday 16 November 2026" in board.text
    seen = board.buttons
    await opened(newsroom, newsroom.clara, board, "Tue 17 Nov ›")
    assert "Tuesday 17 November 2026" in board.text
    late = newsroom.clara.press(board, "‹ Sun 15 Nov", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert "Somebody changed this meanwhile." in late.answer_text
    assert (await post_of(newsroom)).text.startswith("News from Ukraine Bulletin 1 (17 November 2026)")
    await stories(newsroom, "b")
    second = await own_board(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, second, "Date, skip a week")
    assert "Its due day" not in second.labels
    question = await asked(newsroom, second, "✎ Type a date", "The issue carries the date of 29 November 2026.")
    for reply, said in NO_DAYS.items():
        assert said in await told(newsroom, question, reply)
    assert "Monday 23 November 2026" in await told(newsroom, question, "Nov 23rd")
    latest = newsroom.clara.private.last()
    await opened(newsroom, newsroom.clara, latest, "Its due day")
    assert "Sunday 29 November 2026" in latest.text


async def test_a_skipped_week_uses_no_number_and_can_be_taken_back(newsroom: World) -> None:
    await stories(newsroom, "a")
    board = await board_at_desk(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "Date, skip a week", "Skip this week")
    assert board.text.startswith("Skip this week? Nothing goes out on 22 November 2026.")
    seen = board.buttons
    done = await opened(newsroom, newsroom.clara, board, "Yes, skip this week")
    assert done.answer_text == "The issue is due on 29 November 2026 now."
    await newsroom.until(lambda: newsroom.desk.find("This week is skipped: nothing goes out on 22 November 2026."))
    again = newsroom.olena.press(board, "Yes, skip this week", buttons=seen)
    await newsroom.until(lambda: again.answered)
    assert "Somebody changed this meanwhile." in again.answer_text
    back = await opened(newsroom, newsroom.clara, board, "↩ Not skipped after all")
    assert back.answer_text == "The issue is due on 22 November 2026 now."
    await newsroom.until(lambda: newsroom.desk.find("The week is not skipped after all"))
    await opened(newsroom, newsroom.clara, board, "Skip this week", "Yes, skip this week")
    seen = board.buttons
    newsroom.jump_to(SUNDAY_HOUR + timedelta(minutes=5))
    await quiet(newsroom)
    assert issue_states(newsroom) == {None: "open"}
    late = newsroom.clara.press(board, "↩ Not skipped after all", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert late.answer_text == "No week is skipped that could be taken back. Nothing was changed."
    newsroom.jump_to(SUNDAY_HOUR + timedelta(days=7, minutes=5))
    await newsroom.until(lambda: newsroom.desk.find("by itself"))
    newsroom.jump(minutes=61)
    post = await newsroom.until(lambda: newsroom.channels[0].find("Story of a"))
    assert post.text.startswith("News from Ukraine Bulletin 1 (29 November 2026)")


async def test_an_issue_behind_its_gate_is_shaped_and_skipped_as_well(newsroom: World) -> None:
    await stories(newsroom, "ab")
    newsroom.jump_to(SUNDAY_HOUR)
    await newsroom.until(lambda: newsroom.desk.find("by itself"))
    board = await own_board(newsroom, newsroom.clara)
    assert "Closing, out Sun 22 Nov 19:00, in" in board.text
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Analysis · 2", "1", "⇥ To the next issue")
    await newsroom.until(lambda: newsroom.desk.find("Analysis and comment: 1"))
    await opened(newsroom, newsroom.clara, board, "← Back", "← Back", "← Back", "Date, skip a week", "Skip this week")
    await opened(newsroom, newsroom.clara, board, "Yes, skip this week")
    assert issue_states(newsroom) == {None: "open"}
    newsroom.jump(hours=2)
    await quiet(newsroom)
    assert newsroom.channels[0].visible() == []


async def test_an_issue_is_shaped_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    await stories(newsroom, "ab")
    board = await own_board(newsroom, newsroom.clara)
    assert "Вихід нд 22 лист. 18:00, за 6 днів" in board.text
    assert "0 посилань чекають на рішення" in board.text
    await opened(newsroom, newsroom.clara, board, "≡ Матеріали", "Analysis · 2", "1")
    moved = await opened(newsroom, newsroom.clara, board, "↓ Вниз")
    assert moved.answer_text == "Переміщено."
    over = await opened(newsroom, newsroom.clara, board, "⇥ До наступного")
    assert over.answer_text == "Відкладено до наступного випуску."
    await opened(newsroom, newsroom.clara, board, "↩ Повернути", "★ До головного")
    assert "★ У цьому випуску: «Story of" in board.text
    await opened(newsroom, newsroom.clara, board, "← Назад", "← Назад", "← Назад", "✎ Тексти")
    question = await asked(newsroom, board, "✎ Вступ", "Вступ цього випуску зараз:")
    assert "Вступ\nДорогі читачі" in await told(newsroom, question, "Дорогі читачі")
    await opened(newsroom, newsroom.clara, board, "← Назад", "Дата, пропуск")
    question = await asked(newsroom, board, "✎ Ввести дату", "Дата на випуску зараз: 22 листопада 2026")
    assert "«31 лютого» – такого дня немає" in await told(newsroom, question, "31 лютого")
    assert "понеділок, 23 листопада 2026" in await told(newsroom, question, "23 листопада")
    await opened(newsroom, newsroom.clara, board, "Пропустити тиждень", "Так, пропустити")
    await newsroom.until(lambda: newsroom.desk.find("Цей тиждень пропускаємо: 22 листопада 2026"))
    newsroom.clara.send("/help")
    said = await answer(newsroom, newsroom.clara)
    assert "Наступний випуск\n/issue – відкритий випуск: що в ньому є і як його скласти" in said
