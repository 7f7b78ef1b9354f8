"""Several bulletins in one installation: nothing of it is seen with one; with two, every answer says which."""

import json
from pathlib import Path

import pytest

from bot.cli import issue as shell
from bot.cli import report as report_shell
from bot.errors import OperatorError
from bot.sandbox.telegram import Chat, Message
from tests.cast import World, settled_world
from tests.flows.acts import answer, approved, article, forged, in_ukrainian, pressed, sent, tables
from tests.flows.settings_acts import asked, opened, replied, settled, turned
from tests.flows.world_process import environment

pytestmark = pytest.mark.system


async def second(world: World, title: str = "Weekly Digest") -> Message:
    """Let the owner make a second bulletin, and return its settings."""
    question = await asked(world, await opened(world), "New bulletin")
    made = await replied(world, question, title)
    assert f"“{title}” is made" in made.text
    found: Message = await world.until(lambda: world.olena.private.find(f"Settings of “{title}”"))
    return found


async def second_desk(world: World) -> Chat:
    """Let the second bulletin have a moderators' chat of its own."""
    desk = world.tg.group("Digest desk", [world.olena, world.boris, world.clara])
    world.olena.add_bot(desk, can_delete_messages=True)
    await world.purpose("Digest desk", "Moderators' chat")
    await world.until(lambda: desk.find("Weekly Digest will be decided here"))
    return desk


async def card_at(world: World, desk: Chat, title: str) -> Message:
    found: Message = await world.until(
        lambda: next((m for m in desk.visible() if title in m.words and m.buttons), None)
    )
    return found


async def test_with_one_bulletin_nothing_of_several_is_seen_and_with_two_each_answer_says_which(
    newsroom: World,
) -> None:
    newsroom.boris.send("/help")
    assert "/bulletin" not in await answer(newsroom, newsroom.boris, len(newsroom.boris.private.texts))
    before = len(newsroom.boris.private.texts)
    newsroom.boris.send("/queue")
    assert not (await answer(newsroom, newsroom.boris, before + 1)).startswith("News from Ukraine Bulletin")
    newsroom.ana.send("/bulletin")
    await newsroom.until(lambda: newsroom.ana.private.find("There is only one bulletin: “News from Ukraine Bulletin”"))
    await _each_answer_says_which(newsroom)


async def test_a_second_bulletin_begins_like_the_first_and_has_its_own_desk_and_links(newsroom: World) -> None:
    menu = await second(newsroom)
    assert "Schedule: Sundays 18:00" in menu.text
    assert settled(newsroom, "slug", "language", "timezone", bulletin=2) == ("weekly-digest", "en", "Europe/Kyiv")
    desk = await second_desk(newsroom)
    newsroom.ana.send("/bulletin")
    choice = await newsroom.until(lambda: newsroom.ana.private.find("is about “News from Ukraine Bulletin”"))
    assert choice.labels == ["● News from Ukraine Bulletin", "Weekly Digest"]
    await sent(newsroom, "a")
    await pressed(newsroom, newsroom.ana, choice, "Weekly Digest")
    await newsroom.until(lambda: "is about “Weekly Digest”" in choice.text)
    newsroom.ana.send(article(newsroom, "b"))
    card = await card_at(newsroom, desk, "Story of b")
    assert "Weekly Digest" in (await newsroom.until(lambda: newsroom.ana.private.find("Story of b"))).text
    assert newsroom.desk.find("Story of b") is None
    assert desk.find("Story of a") is None
    await pressed(newsroom, newsroom.boris, card, "Analysis")
    await newsroom.until(lambda: card.text.startswith("✓"))

    newsroom.clara.send("/publish", desk)
    await newsroom.until(lambda: desk.find("Weekly Digest 1\n"))
    await newsroom.until(lambda: settled(newsroom, "next_number", bulletin=2) == (2,))
    assert settled(newsroom, "next_number") == (1,)
    assert newsroom.desk.find("Weekly Digest") is None
    taken = await replied(newsroom, await asked(newsroom, await opened(newsroom), "New bulletin"), "WEEKLY digest")
    assert "There is a bulletin “WEEKLY digest” already" in taken.text


async def _each_answer_says_which(newsroom: World) -> None:
    await second(newsroom)
    before = len(newsroom.olena.private.texts)
    newsroom.olena.send("/queue")
    assert (await answer(newsroom, newsroom.olena, before + 1)).startswith("Weekly Digest\n")
    newsroom.boris.send("/queue")
    await newsroom.until(lambda: newsroom.boris.private.find("News from Ukraine Bulletin\n"))
    newsroom.boris.send("/queue", newsroom.desk)
    await newsroom.until(lambda: newsroom.desk.find("News from Ukraine Bulletin\n"))
    newsroom.boris.send("/help")
    await newsroom.until(lambda: newsroom.boris.private.find("/bulletin – which bulletin you speak of, now “News from"))
    newsroom.boris.send("/bulletin", newsroom.desk)
    await newsroom.until(lambda: newsroom.desk.find("This chat moderates “News from Ukraine Bulletin”."))
    newsroom.olena.send("/preview")
    await newsroom.until(lambda: newsroom.olena.private.texts[-1].startswith(("Weekly Digest", "Nothing")))


async def test_presses_and_replies_concern_the_bulletin_of_their_subject(newsroom: World) -> None:
    menu = await opened(newsroom)
    await second(newsroom)
    await turned(newsroom, menu, "Votes", "Votes that a decision needs: 1")
    await turned(newsroom, menu, "3", "Votes that a decision needs: 3")
    question = await asked(newsroom, await turned(newsroom, menu, "‹ Settings", "Settings of “News"), "Subtitle")
    await replied(newsroom, question, "Of the first")
    assert settled(newsroom, "quorum", "subtitle") == (3, "Of the first")
    assert settled(newsroom, "quorum", "subtitle", bulletin=2) == (1, "")
    assert settled(newsroom, "quorum", "title", bulletin=2) == (1, "Weekly Digest")


async def test_a_card_of_one_bulletin_cannot_be_pressed_from_another_one_s_desk(newsroom: World) -> None:
    await second(newsroom)
    desk = await second_desk(newsroom)
    card = await sent(newsroom, "a")
    data = next(button.data for row in card.buttons for button in row if button.label == "Analysis")
    greeting = await newsroom.until(lambda: desk.find("will be decided here"))
    press = await forged(newsroom, newsroom.boris, greeting, data)
    assert "belongs to another bulletin" in press.answer_text
    assert [row[3] for row in tables(newsroom)["audit"] if row[3] == "approve"] == []
    taken = await forged(newsroom, newsroom.olena, await opened(newsroom), f"v1:set-desk.{-newsroom.desk.id}:2:0")
    assert "moderates “News from Ukraine Bulletin” already" in taken.answer_text


async def test_the_shell_asks_which_bulletin_once_there_are_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with settled_world(tmp_path) as world:
        async with world.running():
            await approved(world, "a")
            await second(world)
        for name, value in environment(world.settings).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(OperatorError, match="--bulletin weekly-digest"):
            await shell.list_issues()
        with pytest.raises(OperatorError, match=r"no bulletin “daily”.*news-from-ukraine-bulletin, weekly-digest"):
            await shell.list_issues(bulletin="daily")
        with pytest.raises(OperatorError, match="--bulletin"):
            await shell.freeze()
        with pytest.raises(OperatorError, match="There is no issue 1"):
            await report_shell.report(1, bulletin="weekly-digest")
        capsys.readouterr()
        await shell.list_issues(json_=True, bulletin="weekly-digest")
        assert [issue["number"] for issue in json.loads(capsys.readouterr().out)] == [None]
        await shell.preview(bulletin="news-from-ukraine-bulletin")
        assert "Story of a" in capsys.readouterr().out
        await shell.freeze(bulletin="news-from-ukraine-bulletin")
        assert "Issue 1 is closed" in capsys.readouterr().out


async def test_several_bulletins_speak_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    question = await asked(newsroom, await opened(newsroom), "Новий бюлетень")
    made = await replied(newsroom, question, "Огляд тижня")
    assert made.text.startswith("Бюлетень «Огляд тижня» створено")
    assert settled(newsroom, "slug", "language", bulletin=2) == ("bulletin", "uk")
    newsroom.ana.send("/bulletin")
    await newsroom.until(lambda: newsroom.ana.private.find("стосується «News from Ukraine Bulletin»"))
