"""Acts that need two: one person alone gets none of them done, a second one confirms or stops, or time settles it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import guarded as acts
from bot.guard import Act, loosens
from bot.sandbox.telegram import Message
from store import bulletins
from store.records import Bulletin, Gate
from tests.cast import World, settled_world
from tests.flows.acts import answer, approved, forged, in_ukrainian, issue_states, pressed, quiet, tables
from tests.flows.test_moderator import name_of
from tests.flows.test_people import acts_of, chosen, from_bot, menu_of, person_of, told

pytestmark = pytest.mark.system

ANNOUNCED = "It needs a second person"


@pytest.fixture
async def twos(newsroom: World) -> World:
    """A newsroom in which far-reaching acts need two persons: there are an owner and an editor."""
    await guard_on(newsroom)
    return newsroom


async def guard_on(world: World) -> None:
    menu = await told(world, world.olena, "/guard")
    await chosen(world, world.olena, menu, "Ask for two persons", "Far-reaching acts need two persons now.")
    await world.until(lambda: world.desk.find("Far-reaching acts need two persons now."))


async def publishes(world: World) -> None:
    await approved(world, "a")
    assert "needs a second person" in (await told(world, world.olena, "/publish")).text


async def grants(world: World) -> None:
    menu = await menu_of(world, world.olena, "ana")
    await pressed(world, world.olena, menu, "Change role")
    await world.until(lambda: "Editor" in menu.labels)
    press = await pressed(world, world.olena, menu, "Editor")
    assert "needs a second person" in press.answer_text


async def invites(world: World) -> None:
    said = await told(world, world.olena, "/invite moderator")
    assert "the link works once another editor or owner has confirmed it" in said.text


async def changes_the_desk(world: World) -> None:
    await purpose(world, world.tg.group("Other room", [world.olena]), "Moderators' chat")


async def adds_a_channel(world: World) -> None:
    await purpose(world, world.tg.channel("Other news", world.olena), "Publish here")


async def purpose(world: World, chat: Any, label: str) -> None:
    """Add the bot to a chat and press what it is for."""
    world.olena.add_bot(chat, can_post_messages=True, can_edit_messages=True)
    question = await world.until(lambda: world.olena.private.find(f"“{chat.title}”"))
    world.olena.press(question, label)
    await world.until(lambda: "needs a second person" in question.text)


async def reveals(world: World) -> None:
    menu = await menu_of(world, world.olena, "ana")
    assert "needs a second person" in (await pressed(world, world.olena, menu, "Show contact")).answer_text


async def switches_it_off(world: World) -> None:
    assert "needs a second person" in (await told(world, world.olena, "/guard off")).text


async def loosens_the_gate(world: World) -> None:
    menu = await told(world, world.olena, "/settings")
    press = await forged(world, world.olena, menu, "v1:put.gate-automatic:1:0")
    assert "needs a second person" in press.answer_text


async def moves_the_hour_here(world: World) -> None:
    menu = await told(world, world.olena, "/settings")
    press = await forged(world, world.olena, menu, "v1:put.schedule-mon-1000:1:0")
    assert "needs a second person" in press.answer_text


async def exports(world: World) -> None:
    await world.readers(1)
    assert "needs a second person" in (await told(world, world.olena, "/readers export")).text


ACTS = {
    Act.PUBLISH: publishes,
    Act.GRANT: grants,
    Act.INVITE: invites,
    Act.DESK: changes_the_desk,
    Act.CHANNEL: adds_a_channel,
    Act.CONTACT: reveals,
    Act.GATE: loosens_the_gate,
    Act.HOUR: moves_the_hour_here,
    Act.UNGUARD: switches_it_off,
    Act.EXPORT: exports,
}
STORED = ("people", "invitations", "bulletins", "channels", "deliveries", "issues")


def stored(world: World) -> dict[str, Any]:
    """Return all that a guarded act could change."""
    rows = tables(world)
    facts = [row for row in rows["installation"] if row[0] == "guard"]
    return {**{name: rows[name] for name in STORED if name not in ("people", "issues")}, "facts": facts} | {
        "people": [row[:5] for row in rows["people"]],
        "issues": issue_states(world),
    }


def asked_acts(world: World) -> list[tuple[str, str]]:
    """Return every guarded act with its state."""
    return [(row[2], row[7]) for row in tables(world)["guarded_acts"]]


async def open_cards(world: World, count: int) -> list[Message]:
    """Return the messages at the desk about so many acts that wait."""
    await world.until(lambda: len(confirmable(world)) == count)
    return confirmable(world)


def confirmable(world: World) -> list[Message]:
    return [message for message in world.desk.visible() if "✓ Confirm" in message.labels]


async def test_a_lone_actor_gets_none_of_them_done(twos: World) -> None:
    for act in ACTS.values():
        await act(twos)
    cards = await open_cards(twos, len(ACTS))
    assert not any(card.silent for card in cards)
    await twos.until(lambda: sum(ANNOUNCED in text for text in twos.clara.private.texts) == len(ACTS))
    before = stored(twos)
    for number, card in enumerate(cards, 1):
        press = await pressed(twos, twos.olena, card, "✓ Confirm")
        assert press.answer_text.startswith("You asked for this yourself")
        person = (twos.boris, twos.ana, twos.eve)[number % 3]
        assert (
            "you need the role of editor" in (await forged(twos, person, card, f"v1:guard-yes:{number}:0")).answer_text
        )
    twos.jump(minutes=15, seconds=30)
    await twos.until(
        lambda: all(card.text.endswith("Nobody confirmed it in time. Nothing happened.") for card in cards)
    )
    await twos.until(lambda: sum("Nobody confirmed it" in text for text in twos.olena.private.texts) == len(ACTS))
    for number in range(1, len(ACTS) + 1):
        late = await forged(twos, twos.clara, cards[0], f"v1:guard-yes:{number}:0")
        assert late.answer_text.startswith("It is settled already")
    await quiet(twos)
    assert {name: rows for name, rows in stored(twos).items() if rows != before[name]} == {}
    assert {state for _, state in asked_acts(twos)} == {"expired"}
    assert not twos.olena.private.find("in Telegram: number")
    assert not twos.channels[0].texts
    assert not any(message.document for message in twos.olena.private.visible())


async def test_an_issue_that_was_closed_early_is_not_let_out_by_one_person(twos: World) -> None:
    await approved(twos, "a")
    await told(twos, twos.olena, "/close")
    assert "needs a second person" in (await told(twos, twos.olena, "/publish")).text
    assert "for already" in (await told(twos, twos.olena, "/continue")).text
    await pressed(twos, twos.clara, (await open_cards(twos, 1))[0], "✓ Confirm")
    await twos.until(lambda: twos.channels[0].texts)


def test_every_act_that_is_kept_can_be_done() -> None:
    assert set(acts.ACTS) == set(Act)
    assert set(ACTS) == set(Act)


async def test_a_moderator_stops_any_of_them(twos: World) -> None:
    stoppable = (grants, invites, changes_the_desk)
    for act in stoppable:
        await act(twos)
    before, cards = stored(twos), await open_cards(twos, len(stoppable))
    for card in cards:
        await pressed(twos, twos.boris, card, "✗ Stop")
    who = name_of(twos, "boris")
    await twos.until(lambda: all(card.text.endswith(f"Stopped by {who}. Nothing happened.") for card in cards))
    await twos.until(lambda: sum("Stopped by" in text for text in twos.olena.private.texts) == len(stoppable))
    assert stored(twos) == before
    assert {state for _, state in asked_acts(twos)} == {"stopped"}


async def test_a_second_editor_confirms_and_it_is_done_at_once(twos: World) -> None:
    clara = name_of(twos, "clara")
    for act in (grants, adds_a_channel, reveals, changes_the_desk, switches_it_off):
        await act(twos)
        private = await twos.until(
            lambda: next((m for m in from_bot(twos, twos.clara) if "✓ Confirm" in m.labels), None)
        )
        assert private.text.startswith(f"{name_of(twos, 'olena')} wants to do this:")
        press = await pressed(twos, twos.clara, private, "✓ Confirm")
        assert press.answer_text == "Confirmed: it is done."
        await twos.until(lambda private=private: private.text.endswith(f"Confirmed by {clara}, and done."))
        await quiet(twos)
    assert (await person_of(twos, twos.ana)).role == "editor"
    assert [row[3] for row in tables(twos)["channels"]] == ["News 1", "Other news"]
    assert twos.olena.private.find("in Telegram: number")
    room = next(chat for chat in twos.tg.chats if chat.title == "Other room")
    assert room.find("will be decided here")
    assert room.find("Far-reaching acts need one person only now.")
    assert {state for _, state in asked_acts(twos)} == {"done"}
    assert sum(f"Confirmed by {clara}, and done." in text for text in twos.olena.private.texts) == 5
    done = [row for row in tables(twos)["audit"] if row[3] == "done"]
    assert {row[2] for row in done} == {f"person {(await person_of(twos, twos.clara)).id}"}


async def test_an_invitation_works_only_once_it_is_confirmed_and_its_token_is_kept_nowhere(twos: World) -> None:
    link = (await told(twos, twos.olena, "/invite moderator")).text.rpartition("\n")[2]
    [card] = await open_cards(twos, 1)
    twos.eve.open_link(link)
    assert "was taken back" in await answer(twos, twos.eve)
    assert link.rpartition("=")[2] not in str(tables(twos))
    await pressed(twos, twos.clara, card, "✓ Confirm")
    twos.eve.open_link(link)
    await twos.until(lambda: twos.eve.private.find("Here you are known only as"))
    assert (await person_of(twos, twos.eve)).role == "moderator"


async def test_what_was_asked_for_survives_a_restart(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as around:
        async with around.running():
            await guard_on(around)
            await grants(around)
            [card] = await open_cards(around, 1)
        async with around.running():
            await pressed(around, around.clara, card, "✓ Confirm")
            await around.until(lambda: card.text.endswith("and done."))
            assert (await person_of(around, around.ana)).role == "editor"


async def test_what_waits_follows_a_group_that_moves_and_what_is_settled_does_not(twos: World) -> None:
    await reveals(twos)
    await pressed(twos, twos.boris, (await open_cards(twos, 1))[0], "✗ Stop")
    await quiet(twos)
    await grants(twos)
    await open_cards(twos, 1)
    twos.desk = twos.desk.migrate()
    [card] = await open_cards(twos, 1)
    await pressed(twos, twos.clara, card, "✓ Confirm")
    await twos.until(lambda: card.text.endswith("and done."))
    await quiet(twos)
    assert sum("wants to do this" in text for text in twos.desk.texts) == 1


async def test_two_who_confirm_and_stop_at_once_have_one_effect(twos: World) -> None:
    for _ in range(5):
        before = len(acts_of(twos))
        await reveals(twos)
        [card] = await open_cards(twos, 1)
        data = [button.data for row in card.buttons for button in row]
        hands = (twos.clara, twos.boris)
        presses = [person.press_data(card, one) for _ in range(2) for person, one in zip(hands, data, strict=True)]
        await twos.until(lambda presses=presses: all(press.answered for press in presses))
        settled = [act for act in acts_of(twos)[before:] if act in ("done", "stopped")]
        assert len(settled) == 1
        assert acts_of(twos)[before:].count("reveal") == (settled == ["done"])
        await twos.until(lambda card=card: not card.labels)
        await quiet(twos)


async def test_what_cannot_be_done_any_more_is_said_and_goes_on_waiting(twos: World) -> None:
    await grants(twos)
    menu = await menu_of(twos, twos.boris, "ana")
    await pressed(twos, twos.boris, menu, "Take role away")
    await twos.until(lambda: "Yes, take it away" in menu.labels)
    await pressed(twos, twos.boris, menu, "Yes, take it away")
    press = await pressed(twos, twos.clara, (await open_cards(twos, 1))[0], "✓ Confirm")
    assert press.answer_text.startswith("The role was changed meanwhile")
    assert [state for _, state in asked_acts(twos)] == ["waiting"]
    again = await menu_of(twos, twos.olena, "clara")
    await pressed(twos, twos.olena, again, "Show contact")
    press = await pressed(twos, twos.olena, again, "Show contact")
    assert press.answer_text.startswith("The same is asked for already")
    gone = await forged(twos, twos.clara, menu, "v1:guard-no:999:0")
    assert gone.answer_text.startswith("There is no such request")


async def test_what_somebody_asked_for_ends_with_their_role(twos: World) -> None:
    await grants(twos)
    second = twos.tg.person("Maksym")
    link = (await told(twos, twos.olena, "/invite owner")).text.rpartition("\n")[2]
    clara = await twos.until(lambda: next((m for m in from_bot(twos, twos.clara) if "as owner" in m.text), None))
    await pressed(twos, twos.clara, clara, "✓ Confirm")
    second.open_link(link)
    await twos.until(lambda: second.private.find("known only as"))
    olena = await person_of(twos, twos.olena)
    menu = await told(twos, second, f"/people {olena.pseudonym}")
    await forged(twos, second, menu, f"v1:person-role.moderator:{olena.id}:3")
    await twos.until(lambda: twos.desk.find("Stopped, since the role of the person was changed."))
    assert [state for _, state in asked_acts(twos)] == ["stopped", "done"]
    assert (await person_of(twos, twos.ana)).role == "contributor"


async def alone(world: World) -> None:
    """Let the owner take the only editor's role away."""
    menu = await menu_of(world, world.olena, "clara")
    await pressed(world, world.olena, menu, "Take role away")
    await world.until(lambda: "Yes, take it away" in menu.labels)
    await pressed(world, world.olena, menu, "Yes, take it away")


async def test_in_a_group_of_one_it_happens_after_a_while_unless_somebody_stops_it(newsroom: World) -> None:
    await alone(newsroom)
    newsroom.jump(hours=25)
    await guard_on(newsroom)
    await reveals(newsroom)
    [card] = await open_cards(newsroom, 1)
    assert "As there is no second editor or owner, it happens at" in card.text
    await pressed(newsroom, newsroom.boris, card, "✗ Stop")
    await newsroom.until(lambda: "Stopped by" in card.text and newsroom.olena.private.find("Stopped by"))
    await grants(newsroom)
    [card] = await open_cards(newsroom, 1)
    newsroom.jump(minutes=10)
    await quiet(newsroom)
    assert (await person_of(newsroom, newsroom.ana)).role == "contributor"
    newsroom.jump(minutes=6)
    await newsroom.until(lambda: card.text.endswith("Nobody stopped it; it is done."))
    assert (await person_of(newsroom, newsroom.ana)).role == "editor"
    assert "reveal" not in acts_of(newsroom)


async def test_who_takes_the_others_roles_away_first_is_not_alone_for_a_day(twos: World) -> None:
    await reveals(twos)
    await alone(twos)
    await grants(twos)
    twos.jump(minutes=16)
    await twos.until(lambda: twos.desk.find("Nobody confirmed it in time."))
    twos.jump(hours=23)
    await quiet(twos)
    assert asked_acts(twos) == [("contact", "expired"), ("grant", "announced")]
    assert "reveal" not in acts_of(twos)
    twos.jump(hours=1)
    await twos.until(lambda: asked_acts(twos)[1] == ("grant", "done"))


async def test_publishing_at_its_hour_needs_one_person(twos: World) -> None:
    await approved(twos, "a")
    twos.jump(days=6, hours=9, minutes=5)
    gate = await twos.until(lambda: next((m for m in twos.desk.visible() if "Publish now" in m.labels), None))
    await pressed(twos, twos.clara, gate, "Publish now")
    await twos.until(lambda: twos.channels[0].texts)
    assert asked_acts(twos) == []


async def test_it_is_off_at_first_and_the_owner_alone_switches_it_on(newsroom: World) -> None:
    assert "one person only" in (await told(newsroom, newsroom.olena, "/guard off")).text
    assert "you need the role of owner" in (await told(newsroom, newsroom.clara, "/guard on")).text
    menu = await menu_of(newsroom, newsroom.olena, "ana")
    assert "sent to you in private" in (await pressed(newsroom, newsroom.olena, menu, "Show contact")).answer_text
    assert asked_acts(newsroom) == []


async def test_a_gate_is_loosened_and_an_issue_let_out_sooner_by_two(twos: World) -> None:
    for act, said in (
        (loosens_the_gate, "let issues out more easily: at their hour, without waiting"),
        (moves_the_hour_here, "let the next issue come out sooner: Mondays 10:00"),
    ):
        await act(twos)
        [card] = await open_cards(twos, 1)
        assert said in card.text
        await pressed(twos, twos.clara, card, "✓ Confirm")
        await quiet(twos)
    async with twos.services.store.reading() as tx:
        bulletin = await bulletins.first(tx)
    assert (bulletin.gate, bulletin.schedule) == (Gate.AUTOMATIC, "mon 10:00")
    later = await forged(twos, twos.olena, twos.olena.private.last(), "v1:put.schedule-sun-1800:1:0")
    assert "needs a second person" not in later.answer_text
    assert not confirmable(twos)


def test_a_gate_is_looser_by_fewer_people_or_less_time() -> None:
    bulletin = Bulletin(1, "news", "News", "en", "Europe/Kyiv", "sun 18:00")
    assert [loosens(bulletin, gate, 60) for gate in Gate] == [True, False, False, False]
    assert [loosens(bulletin, Gate.COUNTDOWN, minutes) for minutes in (59, 60, 61)] == [True, False, False]
    assert loosens(replace(bulletin, gate=Gate.TWO), Gate.EDITOR, 60)


async def test_acts_that_need_two_are_told_in_ukrainian(twos: World) -> None:
    await in_ukrainian(twos)
    menu = await told(twos, twos.olena, f"/people {name_of(twos, 'ana')}")
    press = await pressed(twos, twos.olena, menu, "Показати контакт")
    assert press.answer_text.startswith("Для цього потрібна друга особа.")
    asked = await twos.until(lambda: twos.desk.find("хоче зробити таке:"))
    assert asked.labels == ["✓ Підтвердити", "✗ Зупинити"]
    assert f"побачити, як зв’язатися з {name_of(twos, 'ana')} у Telegram" in asked.text
    await pressed(twos, twos.clara, asked, "✓ Підтвердити")
    await twos.until(lambda: asked.text.endswith(f"Підтверджено: {name_of(twos, 'clara')}. Зроблено."))
    await twos.until(lambda: twos.ana.private.find("переглянув, як зв’язатися з вами"))
