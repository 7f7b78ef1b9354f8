"""Who has a role: listed, changed, renamed, taken away by one person, and invited for a time, all by buttons."""

import json
import re
from pathlib import Path

import pytest

from bot.cli import people as shell
from bot.cli.doctor import doctor
from bot.errors import OperatorError
from bot.sandbox.telegram import Message
from bot.sandbox.telegram import Person as Somebody
from bot.settings import PREFIX
from store import people as records
from store.records import Person
from store.states import Role
from tests.cast import World
from tests.flows.acts import answer, article, at_desk, forged, in_ukrainian, pressed, quiet, sent, tables
from tests.flows.test_moderator import name_of
from tests.flows.world_process import environment

pytestmark = pytest.mark.system


async def told(world: World, person: Somebody, words: str, reply_to: Message | None = None) -> Message:
    """Let somebody write to the bot in private, and return what it answers."""
    last = person.send(words, reply_to=reply_to)
    return await world.until(lambda: next((m for m in from_bot(world, person) if m.message_id > last.message_id), None))


def from_bot(world: World, person: Somebody) -> list[Message]:
    """Return what the bot has said to somebody in private."""
    return [m for m in person.private.visible() if m.sender == world.tg.bot]


async def menu_of(world: World, by: Somebody, who: str) -> Message:
    """Open the menu of one person in somebody's private chat."""
    menu = await told(world, by, "/people")
    await chosen(world, by, menu, name_of(world, who), name_of(world, who))
    return menu


async def chosen(world: World, by: Somebody, menu: Message, label: str, begins: str) -> str | None:
    """Press a button of a menu, wait until it begins so, and return what the press was answered."""
    press = await pressed(world, by, menu, label)
    await world.until(lambda: menu.text.startswith(begins))
    return press.answer_text


async def person_of(world: World, user: Somebody) -> Person:
    """Return how somebody stands in the store."""
    services = world.services
    async with services.store.reading() as tx:
        found = await records.by_mac(tx, services.sealer.mac("contact", f"tg:{user.id}"))
    assert found is not None
    return found


def acts_of(world: World) -> list[str]:
    """Return what the audit trail holds, oldest first."""
    return [row[3] for row in tables(world)["audit"]]


async def test_the_list_shows_everybody_by_role_with_the_last_day_and_the_record(newsroom: World) -> None:
    await sent(newsroom, "a")
    newsroom.jump(days=1)
    menu = await told(newsroom, newsroom.boris, "/people")
    names = {who: name_of(newsroom, who) for who in ("olena", "clara", "boris", "ana")}
    assert menu.text.splitlines() == [
        "4 people have a role.",
        "Owners",
        f"· {names['olena']} – last active on 16 November · 0 sent, 0 in",
        "Editors",
        f"· {names['clara']} – last active on 16 November · 0 sent, 0 in",
        "Moderators",
        f"· {names['boris']} – last active on 17 November · 0 sent, 0 in",
        "Contributors",
        f"· {names['ana']} – last active on 16 November · 1 sent, 0 in",
    ]
    assert str(newsroom.ana.id) not in str(menu.api())
    await chosen(newsroom, newsroom.boris, menu, names["ana"], names["ana"])
    assert menu.labels == ["Take no links", "Keep out", "Take role away", "← Back"]
    await chosen(newsroom, newsroom.boris, menu, "← Back", "4 people")
    found = await told(newsroom, newsroom.boris, f"/people {names['clara'].lower()}")
    assert found.text.startswith(names["clara"])
    assert found.labels == ["← Back"]
    assert "Nobody" in (await told(newsroom, newsroom.boris, "/people Nobody Here")).text
    newsroom.ana.send("/people")
    assert "you need the role of moderator" in await answer(newsroom, newsroom.ana)


async def test_many_people_come_in_pages(newsroom: World) -> None:
    services = newsroom.services
    async with services.store.transaction() as tx:
        for number in range(14):
            await records.add(
                tx,
                pseudonym=f"Pale Stoat {number}",
                role=Role.CONTRIBUTOR,
                language="en",
                contact=b"",
                contact_mac=str(number),
            )
    menu = await at_desk(newsroom, newsroom.boris, "/people", "18 people have a role.")
    assert "1/2" in menu.text
    assert menu.labels[-3:] == ["›", "+ Invite", "Invitations"]
    await pressed(newsroom, newsroom.clara, menu, "›")
    await newsroom.until(lambda: "2/2" in menu.text)
    last = next(label for label in menu.labels if label.startswith("Pale Stoat"))
    await chosen(newsroom, newsroom.clara, menu, last, last)
    await pressed(newsroom, newsroom.clara, menu, "← Back")
    await newsroom.until(lambda: "2/2" in menu.text)


async def test_a_contributor_is_muted_and_let_in_again_by_buttons(newsroom: World) -> None:
    menu = await menu_of(newsroom, newsroom.boris, "ana")
    ana = name_of(newsroom, "ana")
    await chosen(newsroom, newsroom.boris, menu, "Take no links", "For how long")
    assert menu.labels == ["1 day", "3 days", "7 days", "30 days", "← Back"]
    await chosen(newsroom, newsroom.boris, menu, "3 days", ana)
    assert "muted until 19 November, 09:0" in menu.text
    await newsroom.until(lambda: newsroom.desk.find(f"{ana} is muted until 19 November 2026"))
    newsroom.ana.send(article(newsroom, "a"))
    assert "19 November" in await answer(newsroom, newsroom.ana)
    await chosen(newsroom, newsroom.boris, menu, "Let in again", ana)
    await newsroom.until(lambda: "muted" not in menu.text)
    assert (await person_of(newsroom, newsroom.ana)).muted_until is None
    newsroom.jump(days=10)
    editor = await person_of(newsroom, newsroom.clara)
    press = await forged(newsroom, newsroom.boris, menu, f"v1:person-ban.3:{editor.id}:0")
    assert "has the role of editor" in press.answer_text
    assert (await person_of(newsroom, newsroom.clara)).banned_until is None


async def test_one_moderator_takes_a_role_away_with_all_that_hangs_on_it(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    boris, link = await person_of(newsroom, newsroom.boris), (await told(newsroom, newsroom.boris, "/invite")).text
    await pressed(newsroom, newsroom.boris, card, "✎ Edit")
    await told(newsroom, newsroom.boris, "/rename")
    other = await invited(newsroom, "moderator")
    menu = await menu_of(newsroom, other, "boris")
    assert menu.labels == ["Take role away", "← Back"]
    await chosen(newsroom, other, menu, "Take role away", "Take the role of moderator away from")
    said = await chosen(newsroom, other, menu, "Yes, take it away", "4 people")
    assert said == f"{boris.pseudonym} has no role any more."
    await newsroom.until(lambda: newsroom.boris.private.find("Your role here was taken away"))
    await newsroom.until(lambda: newsroom.desk.find(f"{boris.pseudonym} has no role any more."))
    rows = tables(newsroom)
    assert [row for row in rows["prompts"] if newsroom.services.sealer.mac("chat", str(newsroom.boris.id)) in row] == []
    await newsroom.until(lambda: "is editing" not in card.text)
    await pressed(newsroom, newsroom.clara, card, "✎ Edit")
    newsroom.eve.open_link(link.rpartition("\n")[2])
    assert "was taken back" in await answer(newsroom, newsroom.eve)
    await newsroom.until(lambda: "✓ Done" in card.labels)
    press = await pressed(newsroom, newsroom.boris, card, "✓ Done")
    assert "you need the role" in press.answer_text
    assert acts_of(newsroom).count("revoke") == 1


async def invited(world: World, role: str, name: str = "Maksym") -> Somebody:
    """Let the owner invite somebody new."""
    person = world.tg.person(name)
    setattr(world, name.lower(), person)
    await world.invite(person, role)
    person.join(world.desk)
    return person


async def test_nobody_takes_a_higher_role_away_nor_that_of_the_last_owner(newsroom: World) -> None:
    clara, olena = await person_of(newsroom, newsroom.clara), await person_of(newsroom, newsroom.olena)
    menu = await menu_of(newsroom, newsroom.boris, "clara")
    press = await forged(newsroom, newsroom.boris, menu, f"v1:person-revoke.yes:{clara.id}:{Role.EDITOR.rank}")
    assert press.answer_text.startswith("This person has a higher role than you")
    menu = await menu_of(newsroom, newsroom.olena, "olena")
    await chosen(newsroom, newsroom.olena, menu, "Take role away", "Take the role of owner away")
    said = await chosen(newsroom, newsroom.olena, menu, "Yes, take it away", olena.pseudonym)
    assert said.startswith("This is the last owner.")
    press = await forged(newsroom, newsroom.olena, menu, f"v1:person-role.editor:{olena.id}:{Role.OWNER.rank}")
    assert press.answer_text.startswith("This is the last owner.")
    assert "revoke" not in acts_of(newsroom)
    assert "role" not in acts_of(newsroom)


async def test_a_role_taken_away_twice_at_once_is_taken_once_and_a_changed_one_not_at_all(newsroom: World) -> None:
    boris = await person_of(newsroom, newsroom.boris)
    menus = [await menu_of(newsroom, by, "boris") for by in (newsroom.clara, newsroom.olena)]
    data = f"v1:person-revoke.yes:{boris.id}:{Role.MODERATOR.rank}"
    presses = [by.press_data(menu, data) for by, menu in zip((newsroom.clara, newsroom.olena), menus, strict=True)]
    await newsroom.until(lambda: all(press.answered for press in presses))
    said = sorted(press.answer_text for press in presses)
    assert sum(text.startswith(boris.pseudonym) for text in said) == 1
    assert sum("Nothing was changed." in text for text in said) == 1
    await newsroom.until(lambda: all(menu.text.startswith("3 people") for menu in menus))
    assert acts_of(newsroom).count("revoke") == 1
    ana = await person_of(newsroom, newsroom.ana)
    stale = await forged(newsroom, newsroom.olena, menus[1], f"v1:person-revoke.yes:{ana.id}:{Role.EDITOR.rank}")
    assert stale.answer_text.startswith("The role was changed meanwhile")
    assert not (await person_of(newsroom, newsroom.ana)).revoked


async def test_the_owner_changes_a_role_and_the_person_hears_it(newsroom: World) -> None:
    menu = await menu_of(newsroom, newsroom.olena, "boris")
    assert menu.labels == ["Change role", "Rename", "Show contact", "Take role away", "← Back"]
    await chosen(newsroom, newsroom.olena, menu, "Change role", name_of(newsroom, "boris") + " is moderator now.")
    assert menu.labels == ["Contributor", "Editor", "Owner", "← Back"]
    seen = menu.buttons
    await chosen(newsroom, newsroom.olena, menu, "Editor", name_of(newsroom, "boris") + "\neditor")
    await newsroom.until(lambda: newsroom.boris.private.find("Your role here is editor from now on."))
    await newsroom.until(lambda: newsroom.desk.find(f"{name_of(newsroom, 'boris')} is editor now."))
    late = newsroom.olena.press(menu, "Contributor", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert late.answer_text.startswith("The role was changed meanwhile")
    press = await forged(newsroom, newsroom.clara, menu, late.data)
    assert "you need the role of owner" in press.answer_text
    assert (await person_of(newsroom, newsroom.boris)).role == Role.EDITOR


async def test_the_owner_sees_a_contact_in_private_only_and_the_person_hears_it(newsroom: World) -> None:
    ana = await person_of(newsroom, newsroom.ana)
    menu = await at_desk(newsroom, newsroom.olena, f"/people {ana.pseudonym}", ana.pseudonym)
    press = await pressed(newsroom, newsroom.olena, menu, "Show contact")
    assert press.answer_text == "It is sent to you in private. The person is told, too."
    shown = await newsroom.until(lambda: newsroom.olena.private.find(f"{ana.pseudonym} in Telegram"))
    assert f"tg://user?id={newsroom.ana.id}" in [entity.get("url") for entity in shown.entities]
    await newsroom.until(lambda: newsroom.ana.private.find("An owner of this bulletin has looked up"))
    await quiet(newsroom)
    assert not any(str(newsroom.ana.id) in str(message.api()) for message in newsroom.desk.visible() if message != menu)
    assert acts_of(newsroom)[-1] == "reveal"
    press = await forged(newsroom, newsroom.clara, menu, f"v1:person-contact:{ana.id}:0")
    assert "you need the role of owner" in press.answer_text


async def test_a_pseudonym_is_two_words_that_nobody_has(newsroom: World) -> None:
    ana, boris = name_of(newsroom, "ana"), name_of(newsroom, "boris")
    asked = await told(newsroom, newsroom.ana, "/rename")
    assert asked.force_reply
    assert f"Now it is {ana}." in asked.text
    for bad in (
        "Single",
        "Three Small Words",
        "@ana fox",
        "Ana 17",
        "https://t.me/ana fox",
        "x" * 30 + " " + "y" * 30,
        ".",
    ):
        said = await told(newsroom, newsroom.ana, bad, asked)
        assert said.text.startswith("A pseudonym is two words of letters"), bad
    assert "already" in (await told(newsroom, newsroom.ana, boris.upper(), asked)).text
    assert "two alphabets" in (await told(newsroom, newsroom.ana, "Аmber Fox", asked)).text
    done = await told(newsroom, newsroom.ana, "  тиха   Чапля ", asked)
    assert done.text == "Here you are known as тиха Чапля from now on."
    await newsroom.until(lambda: newsroom.desk.find(f"{ana} is called тиха Чапля from now on."))
    assert (
        await told(newsroom, newsroom.ana, "/rename Quiet Bear")
    ).text == "Here you are known as Quiet Bear from now on."
    card = await sent(newsroom, "a")
    assert "Quiet Bear · #1" in card.text


async def test_editors_rename_those_below_them_and_moderators_nobody_else(newsroom: World) -> None:
    ana, olena = await person_of(newsroom, newsroom.ana), await person_of(newsroom, newsroom.olena)
    menu = await menu_of(newsroom, newsroom.clara, "ana")
    await pressed(newsroom, newsroom.clara, menu, "Rename")
    question = await newsroom.until(lambda: newsroom.clara.private.find("another pseudonym"))
    assert (await told(newsroom, newsroom.clara, "Calm Otter", question)).text.startswith("Calm Otter\ncontributor")
    for by, who in ((newsroom.boris, ana), (newsroom.clara, olena)):
        press = await forged(newsroom, by, from_bot(newsroom, by)[-1], f"v1:person-name:{who.id}:0")
        assert press.answer_text.startswith("This person has a higher role") or by is newsroom.boris
    assert acts_of(newsroom).count("rename") == 1


async def test_everybody_chooses_the_language_they_are_spoken_to_in(newsroom: World) -> None:
    asked = await told(newsroom, newsroom.ana, "/language")
    assert asked.labels == ["● English", "Українська"]
    await chosen(newsroom, newsroom.ana, asked, "Українська", "Відтепер я говорю з вами українською.")
    assert asked.labels == ["English", "● Українська"]
    newsroom.ana.send(article(newsroom, "a"))
    await newsroom.until(lambda: newsroom.ana.private.find("Отримано №1."))
    assert (await told(newsroom, newsroom.ana, "/language English")).text == "From now on I speak English to you."
    assert (await told(newsroom, newsroom.ana, "/language Klingon")).text == "In which language should I speak to you?"


async def test_an_invitation_is_made_listed_and_taken_back_by_buttons(newsroom: World) -> None:
    menu = await told(newsroom, newsroom.olena, "/people")
    await chosen(newsroom, newsroom.olena, menu, "+ Invite", "To which role")
    await chosen(newsroom, newsroom.olena, menu, "Editor", "For how long should the invitation as editor")
    assert menu.labels == ["1 hour", "24 hours", "7 days", "← Back"]
    await pressed(newsroom, newsroom.olena, menu, "1 hour")
    week = (
        await newsroom.until(lambda: newsroom.olena.private.find("role of editor, works once, and is good for 1 hour"))
    ).text
    contributor = (await told(newsroom, newsroom.boris, "/invite 7d")).text
    assert "role of contributor, works once, and is good for 7 days" in contributor
    listed = await told(newsroom, newsroom.boris, "/people")
    await chosen(newsroom, newsroom.boris, listed, "Invitations", "2 invitations can still be used:")
    lines = listed.text.splitlines()
    assert re.fullmatch(rf"1\. editor, made by {name_of(newsroom, 'olena')}, until 16 November, 1\d:\d\d", lines[1])
    assert re.fullmatch(
        rf"2\. contributor, made by {name_of(newsroom, 'boris')}, until 23 November, \d\d?:\d\d", lines[2]
    )
    seen = listed.buttons
    await chosen(newsroom, newsroom.boris, listed, "✗ 1. Take back", "1 invitation can still be used:")
    late = newsroom.boris.press(listed, "✗ 1. Take back", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert late.answer_text.endswith("Nothing was changed.")
    newsroom.eve.open_link(week.rpartition("\n")[2])
    assert "was taken back" in await answer(newsroom, newsroom.eve)
    dan = newsroom.tg.person("Dan")
    dan.open_link(contributor.rpartition("\n")[2])
    who = re.search(r"known only as ([\w ]+)\.", await answer(newsroom, dan))[1]
    host = name_of(newsroom, "boris")
    joined = await newsroom.until(lambda: newsroom.desk.find(f"{who} has joined as contributor, invited by {host}."))
    assert joined.silent
    await chosen(newsroom, newsroom.boris, listed, "← Back", "5 people")
    await chosen(newsroom, newsroom.boris, listed, "Invitations", "There is no invitation")


async def test_an_hours_invitation_ends_after_an_hour(newsroom: World) -> None:
    link = (await told(newsroom, newsroom.boris, "/invite 1h")).text.rpartition("\n")[2]
    newsroom.jump(hours=1, minutes=1)
    newsroom.eve.open_link(link)
    assert "is over" in await answer(newsroom, newsroom.eve)


async def test_links_to_higher_roles_are_made_in_private_and_by_the_owner_only(newsroom: World) -> None:
    said = await at_desk(newsroom, newsroom.olena, "/invite moderator", "Whoever opens such a link")
    assert "t.me" not in said.text
    menu = await told(newsroom, newsroom.boris, "/people")
    await chosen(newsroom, newsroom.boris, menu, "+ Invite", "To which role")
    assert menu.labels == ["Contributor", "← Back"]
    press = await forged(newsroom, newsroom.boris, menu, "v1:invite-for.owner:24:0")
    assert press.answer_text.startswith("Only the owner invites")
    await forged(newsroom, newsroom.boris, menu, "v1:invite-for.contributor:9999:0")
    await forged(newsroom, newsroom.boris, menu, "v1:invite-for.king:24:0")
    assert "no such role or time" in (await told(newsroom, newsroom.olena, "/invite moderator 3y")).text
    assert [row for row in tables(newsroom)["invitations"] if not row[4]] == []


async def test_a_button_of_somebody_who_is_gone_shows_the_list(newsroom: World) -> None:
    for data in ("v1:person:9999:0", "v1:person-mute.3:9999:0", "v1:person-revoke.yes:9999:1"):
        menu = await menu_of(newsroom, newsroom.boris, "ana")
        press = await forged(newsroom, newsroom.boris, menu, data)
        assert press.answer_text.startswith("This person has no role any more.")
        await newsroom.until(lambda menu=menu: menu.text.startswith("4 people"))


async def test_people_are_managed_in_ukrainian(newsroom: World) -> None:
    ana = name_of(newsroom, "ana")
    await in_ukrainian(newsroom)
    menu = await told(newsroom, newsroom.olena, "/people")
    assert menu.text.startswith("4 особи мають роль.\nВласники")
    assert "Дописувачі" in menu.text
    await chosen(
        newsroom, newsroom.olena, menu, ana, f"{ana}\nдописувач\nостання дія: 16 листопада\nнадіслано 0, увійшло 0"
    )
    await chosen(newsroom, newsroom.olena, menu, "Змінити роль", f"Тепер роль {ana}: дописувач.")
    await chosen(newsroom, newsroom.olena, menu, "Модератор", f"{ana}\nмодератор")
    await newsroom.until(lambda: newsroom.ana.private.find("Відтепер ваша роль тут – модератор."))
    await chosen(newsroom, newsroom.olena, menu, "Забрати роль", "Забрати в")
    await chosen(newsroom, newsroom.olena, menu, "Так, забрати", "3 особи")
    await newsroom.until(lambda: newsroom.desk.find(f"{ana} більше не має ролі."))
    assert "діє протягом" not in (link := await told(newsroom, newsroom.olena, "/invite редактор 7д")).text
    assert "роль «редактор», спрацює один раз; строк дії: 7 днів." in link.text


def config_of(world: World, folder: Path) -> Path:
    """Write the settings of a world as the operator's file, and return it."""
    wanted = {name: value for name, value in environment(world.settings).items() if name.startswith(PREFIX)}
    (folder / "config.env").write_text("".join(f"{name}={value}\n" for name, value in wanted.items()))
    return folder / "config.env"


async def test_the_shell_lists_people_and_invitations_and_takes_roles_away(
    newsroom: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = config_of(newsroom, tmp_path)
    ana = await person_of(newsroom, newsroom.ana)
    menu = await told(newsroom, newsroom.boris, "/people")
    for days, act in ((1, "mute"), (30, "ban")):
        await forged(newsroom, newsroom.boris, menu, f"v1:person-{act}.{days}:{ana.id}:0")
    newsroom.jump(days=2)
    await shell.invite("moderator", hours=1, config=config)
    assert capsys.readouterr().out.startswith("https://t.me/bulletin_bot?start=")
    await shell.list_people(config=config)
    listed = capsys.readouterr().out.splitlines()
    of_ana = next(line for line in listed if ana.pseudonym in line)
    assert "0 links sent, 0 in, last active on 2026-11-16" in of_ana
    assert "muted" not in of_ana
    assert "kept out until 2026-12-16" in of_ana
    assert re.fullmatch(r"an invitation +moderator +by the shell, until 2026-11-18 \d\d:\d\d UTC", listed[-1])
    await shell.revoke(name_of(newsroom, "boris"), config=config)
    await newsroom.until(lambda: newsroom.boris.private.find("Your role here was taken away"))
    with pytest.raises(OperatorError, match="last owner"):
        await shell.revoke(name_of(newsroom, "olena"), config=config)


async def test_doctor_recommends_two_persons_from_three_editors_on(
    newsroom: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = config_of(newsroom, tmp_path)
    found = []
    for command in ("", "/invite editor", "/guard on"):
        if command == "/invite editor":
            await newsroom.invite(newsroom.tg.person("Maksym"), "editor")
        elif command:
            await told(newsroom, newsroom.olena, command)
        await doctor(json_=True, config=config)
        printed = json.loads(capsys.readouterr().out.splitlines()[-1])
        found += [next((one["verdict"] for one in printed if one["what"] == "far-reaching acts"), "")]
    assert found == ["", "warn", "ok"]
