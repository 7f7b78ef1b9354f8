"""Editors fill in notices field by field, order and preview them, and past ones fall out by themselves."""

import json

import pytest

from bot.sandbox.telegram import Message, Person
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import answer, at_desk, failed_updates, in_ukrainian, pressed, quiet, tables
from tests.flows.boards import opened, own_board, stories
from tests.flows.printed import fetched

pytestmark = pytest.mark.system

CHANGED = "Somebody changed this meanwhile. Nothing was done; you see it now as it stands."


async def given(newsroom: World, text: str, by: Person | None = None) -> Message:
    """Give a notice in private, and return its form."""
    person = by or newsroom.clara
    before = len(person.private.texts)
    person.send(f"/notice {text}")
    await answer(newsroom, person, before + 1)
    saved = person.private.last()
    await opened(newsroom, person, saved, "≡ All its fields")
    return saved


async def asked(newsroom: World, form: Message, label: str) -> Message:
    """Press what asks for a field, and return the question."""
    there = newsroom.clara.private
    before = there.last().message_id
    await pressed(newsroom, newsroom.clara, form, label)
    return await newsroom.until(
        lambda: next((m for m in there.visible() if m.message_id > before and m.force_reply), None)
    )


async def told(newsroom: World, question: Message, reply: str) -> Message:
    """Reply to a question, and return what the bot says."""
    before = len(newsroom.clara.private.texts)
    newsroom.clara.send(reply, reply_to=question)
    await answer(newsroom, newsroom.clara, before + 1)
    return newsroom.clara.private.last()


async def filled(newsroom: World, form: Message, label: str, reply: str) -> Message:
    """Fill in a field of a form, and return the form as it comes then."""
    return await told(newsroom, await asked(newsroom, form, label), reply)


async def published(newsroom: World, number: int = 1) -> str:
    """Publish the open issue, and return its post."""
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    post = await newsroom.until(lambda: newsroom.channels[0].find(f"News from Ukraine Bulletin {number} ("))
    return post.text


async def test_a_campaign_is_filled_in_and_prints_as_its_preview_shows(newsroom: World) -> None:
    form = await given(newsroom, "Heat for the hospitals")
    before = tables(newsroom)["notices"]
    question = await asked(newsroom, form, "✎ Title")
    assert "A link cannot stand here." in (await told(newsroom, question, "https://x.example/a")).text
    assert tables(newsroom)["notices"] == before
    assert form.labels[:3] == ["Meeting", "Campaign", "● Other"]
    await opened(newsroom, newsroom.clara, form, "Campaign")
    form = await filled(newsroom, form, "✎ Demands", "- Generators for every ward\n- No power cuts")
    form = await filled(newsroom, form, "✎ Signatories", "1,240 people and 35 organisations")
    form = await filled(newsroom, form, "✎ In other languages", "Ukrainian: https://letters.example/uk")
    form = await filled(newsroom, form, "✎ Link", "https://letters.example/heat")
    assert form.text.splitlines()[:7] == [
        *("Heat for the hospitals", "Prints until 23 November 2026", "Link: https://letters.example/heat"),
        *("In other languages: Ukrainian: https://letters.example/uk", "Demands: "),
        *("Generators for every ward", "No power cuts"),
    ]
    await opened(newsroom, newsroom.clara, form, "Until when", "For 4 weeks")
    await newsroom.until(lambda: "Prints until 14 December 2026" in form.text)
    await pressed(newsroom, newsroom.clara, form, "As it will print")
    preview = await newsroom.until(lambda: newsroom.clara.private.find("Read and sign: "))
    assert preview.text.splitlines() == [
        "Heat for the hospitals",
        "Read and sign: https://letters.example/heat",
        "Ukrainian: https://letters.example/uk",
        "Signed by 1,240 people and 35 organisations",
        *("Demands:", "– Generators for every ward", "– No power cuts"),
    ]
    await stories(newsroom, "a")
    assert f"Notices\n\n{preview.text}\n\n" in await published(newsroom)
    served = await fetched(f"http://127.0.0.1:{newsroom.app.web_port}/news-from-ukraine-bulletin/", 1)
    assert b"Demands:\n- Generators for every ward" in served["plain text"]
    assert b"<li>Generators for every ward</li>" in served["web page"]
    assert json.loads(served["JSON"])["notices"][0]["signatories"] == "1,240 people and 35 organisations"


async def test_a_meeting_gets_its_start_in_a_zone_and_falls_out_after_its_day(newsroom: World) -> None:
    form = await given(newsroom, "Open assembly of the weavers")
    question = await asked(newsroom, form, "✎ Start")
    for reply, said in (
        ("31 February 18:30", "“31 February 18:30” is no day that exists"),
        ("8 May", "No hour was found"),
    ):
        assert said in (await told(newsroom, question, reply)).text
    form = await told(newsroom, question, "24 November 18:30 London time")
    assert "● Meeting" in form.labels
    assert "Start: Tuesday 24 November 2026, 18:30 (London time, UTC)" in form.text
    assert "Prints until 24 November 2026" in form.text
    await opened(newsroom, newsroom.clara, form, "Time zone", "New York")
    await newsroom.until(lambda: "18:30 (New York time, UTC−5)" in form.text)
    form = await filled(newsroom, form, "✎ Speakers", "Nadia West, Union of Weavers\nPavlo Miner")
    form = await filled(newsroom, form, "✎ Place", "Mill Hall")
    await opened(newsroom, newsroom.clara, form, "✗ Empty a field", "✗ Place")
    assert "Place: –" in form.text
    form = await filled(newsroom, form, "✎ Title", "Assembly of weavers")
    await opened(newsroom, newsroom.clara, form, "Until when", "For 4 weeks")
    await newsroom.until(lambda: "Prints until 24 November 2026" in form.text)
    await stories(newsroom, "a")
    assert (
        "Assembly of weavers\nTuesday 24 November 2026, 18:30 (New York time, UTC−5)\n"
        "Speakers:\n– Nadia West, Union of Weavers\n– Pavlo Miner\n"
    ) in await published(newsroom)
    newsroom.jump_to(SUNDAY_HOUR)
    newsroom.jump(days=4)
    await stories(newsroom, "b")
    assert "weavers" not in await published(newsroom, 2)
    empty = await newsroom.until(lambda: newsroom.clara.private.last())
    newsroom.clara.send("/notices")
    listed = await newsroom.until(lambda: newsroom.clara.private.find("There are none yet."))
    assert listed.message_id > empty.message_id
    saved = await told(newsroom, await asked(newsroom, listed, "+ New notice"), "Vigil\n8 January, 18:30")
    assert "Friday 8 January 2027, 18:30 (Kyiv time, UTC+2)" in saved.text


async def test_notices_are_ordered_taken_out_and_put_back_and_late_presses_do_nothing(newsroom: World) -> None:
    for name in ("First", "Second", "Third"):
        last = await given(newsroom, f"{name} rally")
    other = await own_board(newsroom, newsroom.olena)
    await opened(newsroom, newsroom.olena, other, "✉ Notices", "3")
    await opened(newsroom, newsroom.clara, last, "↑ Up")
    assert [line[:8] for line in last.text.splitlines() if line[:1].isdigit()] == ["1. First", "2. Third", "3. Secon"]
    late = await pressed(newsroom, newsroom.olena, other, "Take it out")
    assert late.answer_text == CHANGED
    await opened(newsroom, newsroom.clara, last, "1")
    first = await pressed(newsroom, newsroom.clara, last, "↑ Up")
    assert first.answer_text == "It is the first notice already."
    await opened(newsroom, newsroom.clara, last, "← Back", "1", "Take it out")
    assert "taken out: it prints nowhere" in last.text
    await opened(newsroom, newsroom.olena, other, "Take it out")
    await newsroom.until(lambda: "Put it in" in other.labels)
    await opened(newsroom, newsroom.olena, other, "Put it in")
    await stories(newsroom, "a")
    post = await published(newsroom)
    assert "Notices\n\nThird rally\n\nSecond rally\n\n" in post
    assert "First" not in post
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    await quiet(newsroom)
    before = tables(newsroom)
    forged = ["notice-kind.x:1:1", "notice-kind.meeting:1:99", "notice-zone.0:1:1", "notice-zone.9:99:1"]
    forged += ["notice-until.999:1:2", "notice-until.7:99:1", "notice-empty.title:1:2", "notice-move.x:1:2"]
    forged += ["notice-out:1:2", "notice-in:2:1", "notice-show:99:0", "notice-ask.revision:1:1", "notice-ask.text:99:1"]
    forged += ["notice:99:0", "notices:99:0", "notice-days:99:0", "notice-zones:99:0", "notice-less:99:0"]
    forged += ["until.7:99:1", "until.7:1:1", "take-out:1:1"]
    presses = [newsroom.clara.press_data(last, f"v1:{data}") for data in forged]
    presses += [newsroom.boris.press_data(last, "v1:notice-out:2:2")]
    await newsroom.until(lambda: all(press.answered for press in presses))
    assert "you need the role of editor" in presses[-1].answer_text
    await quiet(newsroom)
    after = tables(newsroom)
    assert {name for name in before if before[name] != after[name]} == {"updates"}
    assert failed_updates(newsroom) == 0


async def test_notices_at_a_desk_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    question = await at_desk(newsroom, newsroom.clara, "/notice", "текстом оголошення")
    letter = "Відкритий лист: тепло для лікарень\n\nВимоги:\n- Генератори\n\nПідписали 1240 осіб і 35 організацій"
    newsroom.clara.send(letter, newsroom.desk, reply_to=question)
    saved = await newsroom.until(lambda: newsroom.desk.find("Доки його друкувати?"))
    await pressed(newsroom, newsroom.clara, saved, "≡ Усі поля")
    board = await newsroom.until(lambda: next((m for m in newsroom.desk.visible() if "● Кампанія" in m.labels), None))
    assert "Вимоги: Генератори\nПідписанти: 1240 осіб і 35 організацій" in board.text
    await opened(newsroom, newsroom.clara, board, "Доки друкувати", "4 тижні")
    await newsroom.until(lambda: "Друкується до 14 грудня 2026" in board.text)
    await pressed(newsroom, newsroom.clara, board, "Як друкуватиметься")
    preview = await newsroom.until(lambda: newsroom.desk.visible()[-1])
    assert preview.text.startswith("Відкритий лист: тепло для лікарень")
