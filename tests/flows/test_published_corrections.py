"""Corrections of what is out: the posts whose text changes are edited, all else follows, and readers may hear of it."""

import pytest

from bot.cli import correct as shell
from bot.errors import OperatorError, Refused
from bot.render.editions import read_text
from bot.sandbox.telegram import Message
from store import corrections, items
from store.states import ItemState
from tests.cast import World
from tests.flows.acts import answer, approved, forged, in_ukrainian, pressed, quiet, tables
from tests.flows.pdf_text import words_of
from tests.flows.printed import fetched
from tests.flows.published import chosen, issue_of, leave, menu, published, rendering, stories, written
from tests.flows.world_process import environment

pytestmark = pytest.mark.system


def links(message: Message) -> list[str | None]:
    return [entity.get("url") for entity in message.entities]


EDITED = ("web", "fragment", "text", "markdown", "json")


async def test_a_corrected_title_is_edited_in_its_post_alone_and_stands_in_every_edition(newsroom: World) -> None:
    await stories(newsroom, [f"{n:02} " + "x" * 150 for n in range(30)])
    await published(newsroom, newsroom.clara)
    channel = newsroom.channels[0]
    first, second = channel.texts
    card = await menu(newsroom, newsroom.clara, "/correct 1")
    await chosen(newsroom, newsroom.clara, card, "1. Analysis", "▶", "▶", "▶", "30")
    preview = await written(newsroom, newsroom.clara, card, "Title", "The right story")
    assert "Was\nStory of 29 xxx" in preview.text
    assert "Now\nThe right story (Herald, November 15th)" in preview.text
    assert "1 post changes in each channel." in preview.text
    assert preview.labels == ["✓ Correct it", "✗ Cancel"]
    await chosen(newsroom, newsroom.clara, preview, "✓ Correct it")
    await newsroom.until(lambda: "The right story" in channel.texts[1])
    await quiet(newsroom)
    assert channel.texts[0] == first
    assert channel.texts[1] == second.replace("Story of 29 " + "x" * 150, "The right story")
    assert len(newsroom.tg.calls_of("editMessageText", channel)) == 1
    sentence = "The title “The right story” was corrected."
    drawn = {form: (await rendering(newsroom, form)).decode() for form in EDITED}
    assert [form for form, text in drawn.items() if sentence not in text or "Story of 29" in text] == []
    assert "Corrected on 16 November 2026" in drawn["text"]
    served = await fetched(f"http://127.0.0.1:{newsroom.app.web_port}/news-from-ukraine-bulletin/", 1)
    assert "".join(sentence.split()) in words_of(served["PDF"])
    assert newsroom.desk.find("Issue 1 was corrected by ").text.endswith(f": {sentence}")
    async with newsroom.services.store.reading() as tx:
        assert [item.title for item in await items.several(tx, [30])] == ["The right story"]
        (made,) = await corrections.of_issue(tx, (await issue_of(newsroom)).id)
    assert (made.number, made.item_id, made.mailed) == (1, 30, False)
    assert any("correct issue" in row for row in tables(newsroom)["audit"])


async def test_source_date_and_link_are_corrected_in_ukrainian_and_wrong_ones_refused(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    await stories(newsroom, "ab", title="Подія {}")
    await published(newsroom, newsroom.clara, "uk")
    channel, clara = newsroom.channels[0], newsroom.clara
    for field, words, printed in (
        ("Джерело", "Вісник", "Подія a (Вісник, 15 листопада)"),
        ("Дата", "14.11.2026", "Подія a (Вісник, 14 листопада)"),
    ):
        card = await menu(newsroom, clara)
        await chosen(newsroom, clara, card, "1.", "1")
        preview = await written(newsroom, clara, card, field, words)
        assert printed in preview.text
        if field == "Джерело":
            await chosen(newsroom, clara, preview, "✓ Виправити")
            await newsroom.until(lambda printed=printed: printed in channel.texts[0])
    card = await menu(newsroom, clara)
    await chosen(newsroom, clara, card, "1.", "1")
    for field, words, said in (
        ("Дата", "31 лютого", "дат"),
        ("Назва", "https://herald.example/z", "посилання"),
        ("Посилання", "тут і там", "Надішліть рівно одне посилання"),
        ("Посилання", "http://herald.example/a", "Саме так там і написано"),
        ("Назва", "x" * 501, "500"),
    ):
        assert said in (await written(newsroom, clara, card, field, words)).text
    preview = await written(newsroom, clara, card, "Посилання", "http://other.example/right")
    assert "http://other.example/right" in preview.text
    await chosen(newsroom, clara, preview, "✓ Виправити")
    await newsroom.until(
        lambda: "http://other.example/right" in [entity.get("url") for entity in channel.visible()[0].entities]
    )
    text = (await rendering(newsroom, "text")).decode()
    assert "Виправлено 16 листопада 2026" in text
    assert "- Виправлено джерело матеріалу «Подія a»: Вісник." in text
    assert "- Виправлено посилання на «Подія a»." in text


async def test_a_withdrawn_item_leaves_every_place_and_its_sender_hears_of_it(newsroom: World) -> None:
    await approved(newsroom, "a")
    await stories(newsroom, "b")
    await published(newsroom, newsroom.clara)
    channel = newsroom.channels[0]
    card = await menu(newsroom, newsroom.clara)
    await chosen(newsroom, newsroom.clara, card, "1.")
    await chosen(newsroom, newsroom.clara, card, "2" if "2. Story of a" in card.text else "1")
    await chosen(newsroom, newsroom.clara, card, "✗ Take it out", "✓ Correct it")
    await newsroom.until(lambda: "Story of a" not in channel.texts[0])
    await newsroom.until(lambda: newsroom.ana.private.find("was taken out of issue 1 after it went out."))
    for form in EDITED:
        drawn = (await rendering(newsroom, form)).decode()
        assert "Story of a" not in drawn
        assert "An item in “Analysis and comment” was withdrawn." in drawn
    async with newsroom.services.store.reading() as tx:
        (item,) = [item for item in await items.several(tx, [1, 2]) if item.title == "Story of a"]
    assert item.state == ItemState.WITHDRAWN_AFTER


async def test_what_is_stale_forged_or_without_a_right_changes_nothing(newsroom: World) -> None:
    clara, olena, boris = newsroom.clara, newsroom.olena, newsroom.boris
    clara.send("/correct")
    assert "No issue is out yet." in await answer(newsroom, clara)
    await stories(newsroom, "abc")
    await published(newsroom, clara)
    for words, said in (("/correct 99", "no issue 99"), ("/correct next", "“next” is not the number of an issue")):
        assert said in (await menu(newsroom, clara, words)).text
    before = len(boris.private.texts)
    boris.send("/correct")
    assert "editor" in await answer(newsroom, boris, before + 1)

    mine, hers = await menu(newsroom, clara), await menu(newsroom, olena)
    for person, card in ((clara, mine), (olena, hers)):
        await chosen(newsroom, person, card, "1.", "1")
    first = await written(newsroom, clara, mine, "Title", "Story of Clara")
    second = await written(newsroom, olena, hers, "Title", "Story of Olena")
    drafts = {"Clara": (clara, first, first.buttons[0][0].data), "Olena": (olena, second, second.buttons[0][0].data)}
    both = [clara.press(first, "✓ Correct it"), olena.press(second, "✓ Correct it")]
    await newsroom.until(lambda: all(press.answered for press in both))
    post = newsroom.channels[0]
    winner = await newsroom.until(lambda: next((name for name in drafts if f"Story of {name}" in post.texts[0]), None))
    loser = next(name for name in drafts if name != winner)
    late = await forged(newsroom, *drafts[loser])
    assert late.show_alert
    assert "corrected by somebody else meanwhile" in late.answer_text
    again = await forged(newsroom, *drafts[winner])
    assert "made or dropped already" in again.answer_text
    stale = await pressed(newsroom, olena, hers, "✗ Take it out")
    assert stale.show_alert
    await newsroom.until(lambda: "1. Analysis" in hers.text)
    copies = [data for _, _, data in drafts.values()]
    forgeries = ("correct-do:9999:0", "correct-item.99:1:1", "correct-ask.0-colour-0:1:1", "correct-in.-1:77:1")
    for data in forgeries:
        press = await forged(newsroom, clara, hers, f"v1:{data}")
        assert press.show_alert or "Issue 1" in hers.text
    for data in (*copies, "v1:correct:1:0", "v1:report-again:1:0"):
        assert (await forged(newsroom, boris, first, data)).show_alert
    mine = await menu(newsroom, clara)
    await chosen(newsroom, clara, mine, "1.", "2")
    third = await written(newsroom, clara, mine, "Source", "Other")
    await chosen(newsroom, clara, third, "✗ Cancel")
    await quiet(newsroom)
    assert len(tables(newsroom)["corrections"]) == 1
    assert post.texts[0].count("Story of") == 3


async def test_those_who_got_the_issue_by_mail_hear_of_a_correction_unless_they_left(newsroom: World) -> None:
    readers = await newsroom.readers(5)
    await stories(newsroom, "ab")
    newsroom.mail.fault("refuse", readers[1])
    await published(newsroom, newsroom.clara)
    await leave(newsroom, readers[2])
    card = await menu(newsroom, newsroom.clara)
    await chosen(newsroom, newsroom.clara, card, "1.", "1")
    preview = await written(newsroom, newsroom.clara, card, "Title", "The right story")
    await chosen(newsroom, newsroom.clara, preview, "☐ Tell mail readers")
    assert "☑ Tell mail readers" in preview.labels
    await chosen(newsroom, newsroom.clara, preview, "✓ Correct it")
    assert "3 readers get a letter on it." in preview.text
    kept = [readers[0], *readers[3:]]
    await newsroom.mail.until(lambda: all(len(newsroom.mail.received[each]) == 2 for each in kept), 10)
    await newsroom.until(lambda: newsroom.desk.find("Letters on corrections: 3 sent"))
    assert len(newsroom.mail.received[readers[2]]) == 1
    assert readers[1] not in newsroom.mail.received
    issue, letter = (each.message for each in newsroom.mail.mailbox(readers[0]))
    assert letter["Subject"] == f"Correction: {issue['Subject']}"
    assert letter["List-Unsubscribe"] == issue["List-Unsubscribe"]
    assert letter["Message-ID"] != issue["Message-ID"]
    body = letter.get_body(("plain",)).get_content()
    assert "The title “The right story” was corrected." in body
    assert "http://herald.example/a" in body
    assert "Story of" not in body
    assert read_text(await rendering(newsroom, "telegram")).text == newsroom.channels[0].visible()[0].text


async def test_the_shell_lists_the_items_and_corrects_one_through_the_running_bot(
    newsroom: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(newsroom.settings).items():
        monkeypatch.setenv(name, value)
    await stories(newsroom, "ab")
    await published(newsroom, newsroom.clara)
    await shell.correct(1)
    assert "   2  Story of b (Herald, November 15th)" in capsys.readouterr().out
    with pytest.raises(OperatorError, match="exactly one of --title"):
        await shell.correct(1, item=1, title="A", source="B")
    with pytest.raises(OperatorError, match="Say which item with --item"):
        await shell.correct(1, withdraw=True)
    with pytest.raises((Refused, OperatorError)):
        await shell.correct(1, item=3, title="A")
    assert tables(newsroom)["correction_drafts"] == []
    await shell.correct(1, item=2, title="The right story")
    assert "The title “The right story” was corrected. 1 posts are edited" in capsys.readouterr().out
    await newsroom.until(lambda: "The right story" in newsroom.channels[0].texts[0])
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 was corrected by the operator: The title"))
