"""The writing commands of the shell, performed by whoever holds the store: the running bot or the command itself."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from bot import gate, issues, notices, people, reader_commands
from bot.correcting import by_command
from bot.delivery import settle
from bot.errors import OperatorError, Refused
from bot.gate.going import closed_unsent
from bot.intake import allowance, source_cards, source_lists
from bot.services import Services
from bot.texts import say
from store import audit, bulletins
from store import issues as issue_records
from store import notices as notice_records
from store.database import Tx
from store.records import Bulletin, Issue
from store.states import Role

Json = dict[str, Any]
ACTOR = "shell"
NOBODY = "Nobody of that pseudonym has a role; `bulletin people list` shows who has."


async def chosen(tx: Tx, slug: str | None) -> Bulletin:
    """Return the bulletin of a name in addresses; without one, the only one. Raises OperatorError that names them."""
    every = await bulletins.every(tx)
    if not every:
        raise OperatorError("There is no bulletin yet: start the bot once with `bulletin run`.")
    names = ", ".join(bulletin.slug for bulletin in every)
    if slug is None and len(every) > 1:
        raise OperatorError(f"There are several bulletins: add --bulletin {every[-1].slug}, or another of {names}.")
    found = next((bulletin for bulletin in every if slug in (None, bulletin.slug)), None)
    if found is None:
        raise OperatorError(f"There is no bulletin “{slug}”; there are {names}.")
    return found


async def freeze(services: Services, arguments: Json) -> Json:
    """Close the open issue and give it its number; it waits until `send` lets it out."""
    now = services.clock.now()
    async with services.store.transaction() as tx:
        bulletin = await chosen(tx, arguments.get("bulletin"))
        await issues.ensure_open(tx, bulletin, now)
    issue = await issues.freeze(services.store, bulletin.id, services.press, ACTOR, now, on_hold=True)
    return {"number": issue.number}


async def send(services: Services, arguments: Json) -> Json:
    """Let a closed issue out, closing the open one first where none is."""
    async with services.store.transaction() as tx:
        bulletin = await chosen(tx, arguments.get("bulletin"))
        closed = await closed_unsent(tx, bulletin.id)
        issue = (await gate.publish(tx, bulletin, None, services.clock.now())).issue if closed else None
    if issue is None:
        issue = await issues.freeze(services.store, bulletin.id, services.press, ACTOR, services.clock.now())
    async with services.store.reading() as tx:
        issue = await issue_records.get(tx, issue.id) or issue
    await issues.send(services.store, issue)
    services.bell.ring()
    return {"number": issue.number}


async def hold(services: Services, arguments: Json) -> Json:
    async with services.store.transaction() as tx:
        issue = await gate.hold(tx, await chosen(tx, arguments.get("bulletin")), None, services.clock.now())
    return {"number": issue.number}


async def go_on(services: Services, arguments: Json) -> Json:
    async with services.store.transaction() as tx:
        issue = (await gate.go_on(tx, await chosen(tx, arguments.get("bulletin")), None, services.clock.now())).issue
    services.bell.ring()
    return {"number": issue.number}


async def notice(services: Services, arguments: Json) -> Json:
    """Add a notice from the JSON of a file; `bot.notices.given` knows its keys."""
    async with services.store.transaction() as tx:
        bulletin = await chosen(tx, arguments.get("bulletin"))
        found = notices.read_json(arguments["notice"], bulletin.timezone)
        notice_id = await notice_records.add(tx, bulletin.id, found)
        await audit.note(tx, at=services.clock.now(), actor=ACTOR, act="notice", subject=f"notice {notice_id}")
    return {"id": notice_id}


async def resend_failed(services: Services, arguments: Json) -> Json:
    """Queue what was refused, is on hold or was left out of an issue once more."""
    async with services.store.transaction(long=True) as tx:
        issue = await numbered(tx, await chosen(tx, arguments.get("bulletin")), int(arguments["number"]))
        count = await settle.send_failed(tx, issue.id, ACTOR, services.clock.now())
    services.bell.ring()
    return {"queued": count}


async def correct(services: Services, arguments: Json) -> Json:
    """Correct an item of a published issue."""
    wanted = {name: arguments[name] for name in ("number", "item", "given", "citation", "withdraw", "mail")}
    async with services.store.reading() as tx:
        bulletin = await chosen(tx, arguments.get("bulletin"))
    done = await by_command.correct(services.store, services.press, bulletin, now=services.clock.now(), **wanted)
    services.bell.ring()
    return {"sentence": done.sentence, "edits": done.edits, "letters": done.letters}


class _OnlyLooked(Exception):
    """Ends a transaction whose outcome was only to be seen."""


async def import_sources(services: Services, arguments: Json) -> Json:
    """Take entries into the sources directory; with `dry_run` it is only said what would become of them."""
    lines = [source_lists.line_of(fields) for fields in arguments["entries"]]
    done: source_lists.BroughtIn | None = None
    with suppress(_OnlyLooked):
        async with services.store.transaction() as tx:
            done = await source_lists.bring_in(tx, ACTOR, lines, services.clock.now())
            if arguments["dry_run"]:
                raise _OnlyLooked
            for bulletin in await bulletins.every(tx):
                await source_cards.follow(tx, bulletin, done.changed, ACTOR, services.clock.now())
    services.bell.ring()
    assert done is not None
    left_out = [(line.number, say("en", why.key, **why.values)) for line, why in done.refused]
    return {**done.counts, "left_out": left_out}


async def invite(services: Services, arguments: Json) -> Json:
    """Make a one-time invitation."""
    async with services.store.transaction() as tx:
        role, hours = Role(arguments["role"]), int(arguments.get("hours", people.INVITATION_HOURS))
        token = await people.invite(tx, services.sealer, ACTOR, role, services.clock.now(), hours)
        username = await bulletins.fact(tx, "bot_username", "")
    return {"token": token, "username": username}


async def revoke(services: Services, arguments: Json) -> Json:
    """Take somebody's role away, by pseudonym."""
    async with services.store.transaction() as tx:
        person = await people.named(tx, str(arguments["pseudonym"]))
        if person is None:
            raise OperatorError(NOBODY)
        await people.revoke(tx, services.sealer, ACTOR, person.id, services.clock.now())
    services.bell.ring()
    return {"pseudonym": person.pseudonym}


async def keep_out(services: Services, arguments: Json) -> Json:
    """Mute or ban a contributor for some days, or end both, as `act` says; the moderators are told."""
    now, act = services.clock.now(), str(arguments["act"])
    until = now + timedelta(days=int(arguments.get("days", 0)))
    async with services.store.transaction() as tx:
        person = await people.named(tx, str(arguments["pseudonym"]))
        if person is None:
            raise OperatorError(NOBODY)
        if act == "unmute":
            await people.free(tx, ACTOR, person.id, now)
        elif person.role != Role.CONTRIBUTOR:
            raise OperatorError(f"{person.pseudonym} is no contributor; `bulletin people revoke` takes the role away.")
        else:
            await (people.mute if act == "mute" else people.ban)(tx, ACTOR, person.id, until, now)
        key = {"mute": "standing-muted", "ban": "standing-banned"}.get(act, "standing-free")
        for bulletin in await bulletins.every(tx):
            when = {} if act == "unmute" else allowance.in_words(bulletin, bulletin.language, until)
            await issues.say_to_desk(tx, bulletin, now, key, who=person.pseudonym, **when)
    services.bell.ring()
    return {"pseudonym": person.pseudonym, "until": until.isoformat(timespec="minutes")}


async def numbered(tx: Tx, bulletin: Bulletin, number: int) -> Issue:
    """Return an issue by its number; raises Refused when there is none."""
    issue = await issue_records.numbered(tx, bulletin.id, number)
    if issue is None:
        raise Refused("issue-unknown", number=number)
    return issue


def _of_a_bulletin(
    rule: Callable[[Services, Bulletin, Json], Awaitable[Json]],
) -> Callable[[Services, Json], Awaitable[Json]]:
    """Return a command that finds its bulletin before it begins."""

    async def perform(services: Services, arguments: Json) -> Json:
        async with services.store.reading() as tx:
            bulletin = await chosen(tx, arguments.get("bulletin"))
        return await rule(services, bulletin, arguments)

    return perform


COMMANDS: dict[str, Callable[[Services, Json], Awaitable[Json]]] = {
    "freeze": freeze,
    "send": send,
    "hold": hold,
    "continue": go_on,
    "notice": notice,
    "resend-failed": resend_failed,
    "correct": correct,
    "import-sources": import_sources,
    "invite": invite,
    "revoke": revoke,
    "keep-out": keep_out,
    "erase-reader": reader_commands.erase,
    **{name: _of_a_bulletin(rule) for name, rule in reader_commands.COMMANDS.items()},
}


async def perform(services: Services, command: str, arguments: Json) -> Json:
    return await COMMANDS[command](services, arguments)
