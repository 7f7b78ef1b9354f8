"""How much somebody may send: quotas, mute and ban with an end; and strangers, where they may suggest."""

from pathlib import Path

import pytest

from bot import control
from bot.errors import OperatorError
from store import people as people_records
from tests.cast import World, settled_world
from tests.flows.acts import (
    answer,
    article,
    at_desk,
    files_of_the_store,
    in_ukrainian,
    pressed,
    quiet,
    sent,
    states,
    tables,
)
from tests.flows.test_moderator import name_of

pytestmark = pytest.mark.system

PAGE = "http://herald.example/page-"


async def test_everybody_hears_what_is_left_of_the_day_and_when_it_begins_anew(tmp_path: Path) -> None:
    async with settled_world(tmp_path, quota_contributor=2) as around, around.running():
        around.ana.send(PAGE + "a")
        await around.until(lambda: around.ana.private.find("You can send 1 more link today."))
        two = f"{PAGE}b {PAGE}c"
        around.ana.send(two)
        refused = await around.until(lambda: around.ana.private.find("so nothing of it was stored"))
        assert "You may send 2 links a day. Today you can send 1 more, but this message holds 2, so" in refused.text
        around.ana.send(PAGE + "d")
        await around.until(lambda: around.ana.private.find("You can send 0 more links today."))
        around.ana.send(PAGE + "e")
        spent = await around.until(lambda: around.ana.private.find("and they are used up"))
        assert spent.text.endswith("send it again after midnight (Europe/Kyiv).")
        around.boris.send(" ".join(PAGE + name for name in "xyz"))
        await around.until(lambda: states(around) == ["pending"] * 5)
        around.jump(days=1)
        around.ana.send(two)
        await around.until(lambda: states(around) == ["pending"] * 7)


async def test_limits_are_told_in_ukrainian(tmp_path: Path) -> None:
    async with settled_world(tmp_path, quota_contributor=1) as around, around.running():
        await in_ukrainian(around)
        name = name_of(around, "ana")
        around.ana.send("http://herald.example/a http://herald.example/b")
        await around.until(lambda: around.ana.private.find("На день вам дозволено 1 посилання, сьогодні лишилося 1"))
        around.ana.send("http://herald.example/a")
        await around.until(lambda: around.ana.private.find("Сьогодні можна надіслати ще 0 посилань."))
        around.ana.send("http://herald.example/b")
        await around.until(lambda: around.ana.private.find("і його вичерпано"))
        around.boris.send(f"/mute {name} 5г")
        said = f"{name} до 16 листопада 2026\N{NARROW NO-BREAK SPACE}р., 14:"
        await around.until(lambda: around.boris.private.find(said))
        told = await around.until(lambda: around.desk.find(said))
        assert told.text.endswith("не може надсилати посилань. /unmute скасовує це.")
        around.ana.send("http://herald.example/b")
        await around.until(lambda: around.ana.private.find("Надсилати посилання ви зможете після 16 листопада 2026"))
        await at_desk(around, around.boris, f"/ban {name}", f"Доступ для {name} закрито до 16 грудня 2026")
        around.ana.send("/mine")
        await around.until(lambda: around.ana.private.find("Доступ до цього бота для вас закрито до 16 грудня 2026"))
        await at_desk(around, around.boris, "/mute", "Напишіть, кого: у відповіді на картку або з псевдонімом")
        await at_desk(around, around.boris, f"/unmute {name}", f"{name} знову може надсилати посилання.")


async def test_a_muted_contributor_hears_until_when_and_is_free_after_it(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    ana = name_of(newsroom, "ana")
    newsroom.boris.send("/mute 2d", newsroom.desk, reply_to=card)
    said = await newsroom.until(lambda: newsroom.desk.find(f"{ana} is muted until 18 November 2026, "))
    assert "/unmute ends it." in said.text
    newsroom.ana.send(article(newsroom, "b"))
    refused = await newsroom.until(lambda: newsroom.ana.private.find("You cannot send links until 18 November 2026"))
    assert "send it again after that" in refused.text
    newsroom.ana.send("/mine")
    await newsroom.until(lambda: newsroom.ana.private.find("You have sent one message"))
    assert states(newsroom) == ["pending"]
    newsroom.jump(days=2, hours=1)
    newsroom.ana.send(article(newsroom, "b"))
    await newsroom.card("Story of b")


async def test_who_is_meant_must_be_clear_and_a_banned_contributor_gets_one_sentence(newsroom: World) -> None:
    await at_desk(newsroom, newsroom.boris, "/mute", "Write whom: as a reply to a card")
    await at_desk(newsroom, newsroom.boris, "/ban Nobody Known 3d", "Nobody here is known as Nobody Known.")
    clara = name_of(newsroom, "clara")
    await at_desk(newsroom, newsroom.boris, f"/mute {clara}", f"{clara} has the role of editor.")
    newsroom.ana.send("/mute Somebody 3d")
    await newsroom.until(lambda: newsroom.ana.private.find("you need the role of moderator"))
    async with newsroom.services.store.reading() as tx:
        assert [p for p in await people_records.every(tx) if p.muted_until or p.banned_until] == []
    await sent(newsroom, "a")
    message = await newsroom.until(
        lambda: next((m for m in newsroom.ana.private.visible() if "✎ Correct" in m.labels), None)
    )
    ana = name_of(newsroom, "ana")
    newsroom.clara.send(f"/ban {ana.lower()} 1w")
    await newsroom.until(lambda: newsroom.clara.private.find(f"{ana} is kept out until 23 November 2026"))
    await newsroom.until(lambda: newsroom.desk.find(f"{ana} is kept out until 23 November 2026"))
    for words in (article(newsroom, "b"), "/mine", "/help"):
        before = len(newsroom.ana.private.texts)
        newsroom.ana.send(words)
        assert (await answer(newsroom, newsroom.ana, before + 1)).startswith("You are kept out of this bot until 23 No")
    press = await pressed(newsroom, newsroom.ana, message, "✗ Withdraw")
    assert press.answer_text.startswith("You are kept out")
    newsroom.boris.send(f"/unmute {ana}")
    await newsroom.until(lambda: newsroom.boris.private.find(f"{ana} may send links again."))
    newsroom.ana.send(article(newsroom, "b"))
    await newsroom.card("Story of b")
    acts = [row[3] for row in tables(newsroom)["audit"]]
    assert [act for act in acts if act in ("mute", "ban", "unmute")] == ["ban", "unmute"]


async def test_the_shell_mutes_and_bans_too(newsroom: World) -> None:
    ana, data = name_of(newsroom, "ana"), newsroom.settings.data_dir
    done = await control.ask(data, "keep-out", {"act": "mute", "pseudonym": ana, "days": 2})
    assert done["pseudonym"] == ana
    await newsroom.until(lambda: newsroom.desk.find(f"{ana} is muted until 18 November 2026"))
    newsroom.ana.send(article(newsroom, "a"))
    await newsroom.until(lambda: newsroom.ana.private.find("You cannot send links until 18 November 2026"))
    await control.ask(data, "keep-out", {"act": "ban", "pseudonym": ana, "days": 5})
    newsroom.ana.send("/mine")
    await newsroom.until(lambda: newsroom.ana.private.find("You are kept out of this bot until 21 November 2026"))
    await control.ask(data, "keep-out", {"act": "unmute", "pseudonym": ana.upper()})
    newsroom.ana.send(article(newsroom, "a"))
    await newsroom.card("Story of a")
    with pytest.raises(OperatorError, match="is no contributor"):
        await control.ask(data, "keep-out", {"act": "mute", "pseudonym": name_of(newsroom, "clara"), "days": 2})
    with pytest.raises(OperatorError, match="Nobody of that pseudonym"):
        await control.ask(data, "keep-out", {"act": "ban", "pseudonym": "Nobody Known", "days": 2})


async def test_a_strangers_link_is_marked_told_and_then_forgotten(tmp_path: Path, every_line: object) -> None:
    async with settled_world(tmp_path, strangers="suggest") as around, around.running():
        before = tables(around)
        around.eve.send(f"whisper-of-eve {article(around, 'a')}")
        received = await around.until(lambda: around.eve.private.find("Received, thank you."))
        assert received.labels == []
        card = await around.card("Story of a")
        assert "from a stranger" in card.text.splitlines()
        assert "“whisper-of-eve”" in card.text
        assert str(around.eve.id).encode() not in files_of_the_store(around)
        contact, mac = _contact(around)
        assert contact in files_of_the_store(around)
        await pressed(around, around.boris, card, "Analysis")
        around.jump(minutes=1)
        told = await around.until(lambda: around.eve.private.find("is approved for the bulletin"))
        assert told.text == "“Story of a” is approved for the bulletin, section Analysis and comment. Thank you."
        await quiet(around)
        await around.until(lambda: _contact(around) == (None, None))
        traces = [contact, mac.encode(), str(around.eve.id).encode(), b"whisper-of-eve", b"Eve"]
        traces += [key.encode() for key in _keys_of(around, before)]
        await around.until(lambda: not [trace for trace in traces if trace in files_of_the_store(around)])
        assert str(around.eve.id) not in every_line.getvalue()
        assert "whisper-of-eve" not in every_line.getvalue()
        await pressed(around, around.boris, card, "↩ Undo")
        await around.until(lambda: "Ukraine" in card.labels)
        assert "from a stranger" in card.text
        await quiet(around)
        assert sum("being considered" in text for text in around.eve.private.texts) == 0


def _contact(around: World) -> tuple[bytes | None, str | None]:
    row = tables(around)["submissions"][-1]
    blobs = [value for value in row if isinstance(value, bytes)]
    macs = [value for value in row if isinstance(value, str) and len(value) == 64]
    return (blobs or [None])[0], (macs or [None])[0]


def _keys_of(around: World, before: dict[str, list[tuple[object, ...]]]) -> list[str]:
    chat = around.services.sealer.mac("chat", str(around.eve.private.id))
    assert chat not in str(before)
    return [chat]


async def test_a_stranger_whose_link_joined_another_hears_of_the_whole_before_being_forgotten(tmp_path: Path) -> None:
    async with settled_world(tmp_path, strangers="suggest") as around, around.running():
        whole = await sent(around, "a")
        again = around.site.add_article("http://steppe.example/a", "Story of a", "The Steppe", None, "en")
        around.eve.send(again.url)
        await around.until(lambda: around.eve.private.find("Received, thank you."))
        part = await around.until(lambda: next((m for m in around.desk.visible() if "stranger" in m.words), None))
        await pressed(around, around.boris, part, "+ Citation")
        await around.until(lambda: "merged" in states(around))
        await quiet(around)
        assert _contact(around) != (None, None)
        await pressed(around, around.boris, whole, "Analysis")
        around.jump(minutes=1)
        await around.until(lambda: around.eve.private.find("is approved for the bulletin, section Analysis"))
        await around.until(lambda: _contact(around) == (None, None))


async def test_strangers_hear_a_rejection_and_their_quotas_in_their_language(tmp_path: Path) -> None:
    async with settled_world(tmp_path, strangers="suggest") as around, around.running():
        await in_ukrainian(around)
        yurko = around.tg.person("Yurko", language="uk")
        yurko.start()
        await around.until(lambda: yurko.private.find("Щоб запропонувати своє, надішліть його сюди"))
        yurko.send(article(around, "a"))
        await around.until(lambda: yurko.private.find("Отримано, дякуємо."))
        yurko.send(" ".join(article(around, name) for name in "bcd"))
        await around.until(lambda: yurko.private.find("Одночасно можуть чекати до 3 ваших посилань"))
        yurko.send(article(around, "b"))
        other = await around.card("Story of b")
        await pressed(around, around.boris, other, "Solidarity")
        card = await around.card("Story of a")
        assert "від незнайомця" in card.text.splitlines()
        await pressed(around, around.boris, card, "✗ Відхилити")
        await around.until(lambda: "Застаріле" in card.labels)
        await pressed(around, around.boris, card, "Застаріле")
        around.jump(minutes=1)
        await around.until(lambda: yurko.private.find("«Story of b» схвалено до бюлетеня, рубрика «International"))
        await around.until(lambda: yurko.private.find("«Story of a» не увійде до бюлетеня. Причина: Застаріле"))
        await around.until(lambda: _contact(around) == (None, None))
        assert states(around) == ["rejected", "approved"]


async def test_all_strangers_have_a_quota_a_day_and_who_blocks_the_bot_is_forgotten_too(tmp_path: Path) -> None:
    async with settled_world(tmp_path, strangers="suggest") as around, around.running():
        for number in range(7):
            person = around.tg.person(f"Stranger {number}")
            person.send(" ".join(f"{PAGE}s{number}{name}" for name in "abc"))
            await around.until(lambda person=person: len(person.private.texts) > 1)
        assert person.private.find("Too many links were suggested today")
        await around.until(lambda: states(around) == ["pending"] * 18)
        around.eve.send(" ".join(article(around, f"e{name}") for name in "ab"))
        await around.until(lambda: around.eve.private.find("Received 2 links, thank you."))
        around.jump(days=1)
        person.send(PAGE + "s6a")
        await around.until(lambda: person.private.find("Received, thank you."))
        around.eve.block_bot()
        await pressed(around, around.boris, await around.card("Story of ea"), "Analysis")
        await pressed(around, around.boris, await around.card("Story of eb"), "Analysis")
        around.jump(minutes=1)
        await around.until(lambda: len(_known_strangers(around)) == 7)
        async with around.services.store.transaction() as tx:
            ana = next(p for p in await people_records.every(tx) if p.role == "contributor")
            await people_records.change(tx, ana.id, revoked=True)
        before = len(around.ana.private.texts)
        around.ana.send(article(around, "a"))
        assert "To suggest one" in await answer(around, around.ana, before + 1)
        assert len(states(around)) == 21


def _known_strangers(around: World) -> list[object]:
    return [row for row in tables(around)["submissions"] if any(isinstance(value, bytes) for value in row)]
