"""Again before the issue closes: what is gone, leads elsewhere or reads otherwise goes back to the moderators."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.telegram import Message
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import approved, article, asked_for_line, in_ukrainian, pressed, quiet, states

pytestmark = pytest.mark.system

CUTOFF = SUNDAY_HOUR - timedelta(hours=1)
RENDERING = "SELECT content FROM renderings WHERE format = '{}'"


async def card_that_came(newsroom: World, words: str) -> Message:
    """Return the open card that says what was found."""
    return await newsroom.until(
        lambda: next((m for m in newsroom.desk.visible() if words in m.words and m.buttons), None)
    )


def asked(newsroom: World, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{newsroom.settings.data_dir}/bulletin.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def looked_at(newsroom: World) -> int:
    """Return how many pages were looked at since the cut-off."""
    return asked(newsroom, "SELECT count(*) FROM pages WHERE checked_at >= '2026-11-22 15:00'")[0][0]


async def test_what_changed_goes_back_and_one_press_takes_it_as_it_is_now(newsroom: World) -> None:
    old = {name: await approved(newsroom, name, title=f"Story of {name}, as sent") for name in ("a", "b", "c", "same")}
    newsroom.jump(minutes=2)
    heard = [f"“Story of {name}, as sent” is approved" for name in old]
    await newsroom.until(lambda: all(newsroom.ana.private.find(words) for words in heard))
    newsroom.site.remove("http://herald.example/a")
    article(newsroom, "b", "Something else altogether")
    newsroom.site.add("http://herald.example/c", "", 301, {"Location": "http://casino.example/win"})
    newsroom.site.add("http://casino.example/win", "<title>Story of c, as sent</title>")
    article(newsroom, "same", "Story of same, as sent | Herald")
    newsroom.jump_to(CUTOFF)
    gone = await card_that_came(newsroom, "⚠ The page is gone: herald.example answers 404.")
    other = await card_that_came(
        newsroom, "⚠ The title was “Story of b, as sent” and is now “Something else altogether”."
    )
    moved = await card_that_came(
        newsroom, "⚠ The link now leads to casino.example; when it was sent it led to herald.example."
    )
    assert gone.text.startswith("Story of a, as sent")
    assert states(newsroom) == ["pending", "pending", "pending", "approved"]
    told = await newsroom.until(lambda: newsroom.desk.find("3 links changed since they were approved"))
    assert "Story of a, as sent; Story of b, as sent; Story of c, as sent." in told.text
    await newsroom.until(lambda: newsroom.ana.private.find("“Story of a, as sent” is being considered again."))
    await newsroom.until(lambda: old["a"].text == "↓ Story of a, as sent" and not old["a"].labels)
    assert other.labels[0] == "Analysis"

    await pressed(newsroom, newsroom.boris, other, "Analysis")
    await newsroom.until(lambda: other.text.startswith("✓"))
    newsroom.jump_to(SUNDAY_HOUR)
    gate = await newsroom.until(lambda: newsroom.desk.find("published at"))
    await pressed(newsroom, newsroom.clara, gate, "Publish now")
    post = await newsroom.until(lambda: newsroom.channels[0].find("Story of same, as sent"))
    assert "Story of b, as sent" in post.text
    assert "Story of a, as sent" not in post.text
    assert states(newsroom) == ["pending", "in issue", "pending", "in issue"]
    assert moved.labels
    acts = asked(newsroom, "SELECT actor, act FROM audit WHERE act = 'send-back'")
    assert acts == [("clock", "send-back")] * 3


async def test_each_page_is_looked_at_once_and_what_is_accepted_stays(newsroom: World) -> None:
    await approved(newsroom, "a")
    newsroom.site.remove("http://herald.example/a")
    newsroom.jump_to(CUTOFF - timedelta(minutes=5))
    await quiet(newsroom)
    before = len(newsroom.site.requests)
    newsroom.jump_to(CUTOFF)
    card = await card_that_came(newsroom, "The page is gone")
    await pressed(newsroom, newsroom.boris, card, "Analysis")
    await newsroom.until(lambda: card.text.startswith("✓"))
    late = await approved(newsroom, "late")
    newsroom.site.remove("http://herald.example/late")
    newsroom.jump(minutes=30)
    await quiet(newsroom)
    assert states(newsroom) == ["approved", "approved"]
    assert late.text.startswith("✓")
    assert [r.url for r in newsroom.site.requests[before:]] == [
        f"http://herald.example/{name}" for name in ("a", "late")
    ]


async def test_a_site_that_does_not_answer_is_tried_again_and_only_shown(newsroom: World) -> None:
    url = article(newsroom, "a")
    card = await approved(newsroom, "a")
    newsroom.site.add(url, "down", 503)
    newsroom.jump_to(CUTOFF)
    for tries in (1, 2):
        await newsroom.until(lambda tries=tries: [r.url for r in newsroom.site.requests].count(url) == 1 + tries)
        assert "⚠" not in card.text
        newsroom.jump(minutes=6)
    await newsroom.until(lambda: card.text.endswith("· ⚠ could not be looked at again"))
    assert states(newsroom) == ["approved"]
    newsroom.jump_to(SUNDAY_HOUR)
    await newsroom.until(lambda: newsroom.desk.find("published at"))
    newsroom.jump(minutes=61)
    await newsroom.until(lambda: newsroom.channels[0].find("Story of a"))


async def test_an_issue_is_not_held_up_by_pages_that_take_their_time_and_prints_the_copy(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    copy = "https://archive.ph/AbCd1"
    newsroom.boris.send(copy, newsroom.desk, reply_to=card)
    await newsroom.until(lambda: newsroom.desk.find("The archived copy is kept with: Story of a"))
    newsroom.site.remove("http://herald.example/a")
    newsroom.clara.send("/publish")
    await newsroom.until(lambda: newsroom.channels[0].find("Story of a"))
    assert looked_at(newsroom) == 0
    page, record = (bytes(asked(newsroom, RENDERING.format(kind))[0][0]).decode() for kind in ("web", "json"))
    assert f'<a href="{copy}" rel="noopener noreferrer">archived copy</a>' in page
    assert f'"archived": "{copy}"' in record


async def test_an_archived_copy_comes_by_a_reply_to_the_card_or_with_an_edit(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    copy = "https://archive.ph/AbCd1"
    newsroom.boris.send("just talking, no link", newsroom.desk, reply_to=card)
    newsroom.boris.send(f"saved it {copy}", newsroom.desk, reply_to=card)
    await newsroom.until(lambda: newsroom.desk.find("The archived copy is kept with: Story of a"))
    assert asked(newsroom, "SELECT archived FROM citations") == [(copy,)]
    await quiet(newsroom)
    await pressed(newsroom, newsroom.boris, card, "↩ Undo")
    await newsroom.until(lambda: "herald.example · archived copy" in card.text)
    question = await asked_for_line(newsroom, newsroom.boris, card)
    other = "https://web.archive.org/web/2026/http://herald.example/a"
    newsroom.boris.send(f"(Herald, November 14th) archive: {other}", newsroom.desk, reply_to=question)
    await newsroom.until(lambda: "Herald, November 14th · herald.example · archived copy" in card.text)
    assert other in [entity.get("url") for entity in card.entities]
    assert asked(newsroom, "SELECT archived FROM citations") == [(other,)]


async def test_in_ukrainian_what_changed_is_told_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    cards = {name: await approved(newsroom, name, title=f"Story of {name}, as sent") for name in "abcde"}
    copy = "https://archive.ph/AbCd1"
    newsroom.boris.send(f"збережено {copy}", newsroom.desk, reply_to=cards["e"])
    await newsroom.until(lambda: newsroom.desk.find("Архівну копію збережено разом із: Story of e, as sent"))
    newsroom.jump(minutes=2)
    heard = [f"«Story of {name}, as sent» схвалено" for name in cards]
    await newsroom.until(lambda: all(newsroom.ana.private.find(words) for words in heard))
    newsroom.site.add("http://herald.example/a", "", 302, {"Location": "http://192.168.0.7/admin"})
    newsroom.site.remove("http://herald.example/b")
    article(newsroom, "c", "Щось геть інше")
    newsroom.site.add("http://herald.example/d", "", 301, {"Location": "http://casino.example/win"})
    newsroom.site.add("http://casino.example/win", "<title>Story of d, as sent</title>")
    newsroom.jump_to(CUTOFF)
    await card_that_came(newsroom, "⚠ Посилання більше не веде на сторінку: Сторінку не прочитано")
    await card_that_came(newsroom, "⚠ Сторінки вже немає: herald.example відповідає 404.")
    await card_that_came(newsroom, "⚠ Назва була «Story of c, as sent», а тепер – «Щось геть інше».")
    await card_that_came(newsroom, "⚠ Посилання тепер веде на casino.example; коли його надіслали, вело на her")
    await newsroom.until(lambda: newsroom.desk.find("4 посилання змінилися після схвалення і знову чекають на вас"))
    await newsroom.until(lambda: newsroom.ana.private.find("«Story of d, as sent» розглядають ще раз."))
    assert states(newsroom) == ["pending"] * 4 + ["approved"]
