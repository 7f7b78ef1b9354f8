"""What the guarded acts do: at once where no guard stands, else when a second person agreed or their time is over."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import gate, guard, issues, people
from bot.bulletin_settings import change, chats
from bot.errors import Refused
from bot.guard import Act
from bot.logs import logger
from bot.people.telling import tell, tell_desks
from bot.seal import Sealer
from store import audit, bulletins, outbox
from store import guard as records
from store import issues as issue_records
from store import people as people_records
from store.database import Store, Tx
from store.guard import GuardedAct
from store.records import Bulletin, Gate, Issue, Person
from store.states import IssueState, Role

CONTACT = "contact"
EXPORT = "readers-export"
Json = dict[str, Any]
log = logger("guarded")


async def do_or_ask(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, who: Person, act: Act, payload: Json, now: datetime
) -> GuardedAct | None:
    """Do an act at once; where the guard stands only ask for it, and return what waits then."""
    if await guard.is_on(tx):
        return await guard.ask(tx, bulletin, who, act, payload, now)
    await perform(tx, sealer, bulletin, who.id, act, payload, now)
    return None


async def ask_to_publish(
    tx: Tx, bulletin: Bulletin, who: Person, now: datetime, pressed: gate.Pressed | None, *, going_on: bool = False
) -> bool:
    """Ask for a second person where the guard stands and an issue would be let out before its hour; else False.

    A gate that asks for two persons is enough. Raises Refused for an empty issue, and for a card of before.
    """
    if not await guard.is_on(tx) or bulletin.gate == Gate.TWO:
        return False
    issue = await (_held(tx, bulletin, pressed) if going_on else gate.meant(tx, bulletin, now, pressed))
    if issue is None or issue.held_from == IssueState.SENDING or not gate.is_out_of_schedule(issue, now):
        return False
    gathered = await issues.gather(tx, bulletin.id) if issue.number is None else None
    if issue.number is None and (gathered is None or not gathered.items):
        raise Refused("issue-empty")
    await guard.ask(tx, bulletin, who, Act.PUBLISH, {"issue": issue.id}, now)
    return True


async def ask_to_move(tx: Tx, bulletin: Bulletin, who: Person, field: str, value: Any, now: datetime) -> bool:
    """Ask for a second person where the guard stands and a setting would let the open issue out sooner; else False.

    Else one person could move the hour here, and publish at that hour.
    """
    if field not in change.MOVES_THE_ISSUE or not await guard.is_on(tx):
        return False
    issue = await issue_records.current(tx, bulletin.id)
    moved = {"schedule": bulletin.schedule, "timezone": bulletin.timezone, field: value}
    [due] = change.next_hours(moved["schedule"], moved["timezone"], now, 1)
    if issue is None or issue.state != IssueState.OPEN or due >= issue.due_at:
        return False
    await guard.ask(tx, bulletin, who, Act.HOUR, {"field": field, "value": value}, now)
    return True


async def _held(tx: Tx, bulletin: Bulletin, pressed: gate.Pressed | None) -> Issue | None:
    """Return the issue on hold that /continue, or the button that was pressed, would go on with."""
    found = [*await issue_records.running(tx), await issue_records.current(tx, bulletin.id)]
    held = [i for i in found if i is not None and i.bulletin_id == bulletin.id and i.state == IssueState.HELD]
    return next((issue for issue in held if pressed is None or issue.id == pressed.issue), None)


async def confirm(tx: Tx, sealer: Sealer, act_id: int, who: Person, now: datetime) -> GuardedAct:
    """Let a second person agree, and do the act. Raises Refused, and nothing happened, when it cannot be done now."""
    act = await guard.confirm(tx, act_id, who, now)
    await _perform(tx, sealer, act, now)
    return act


async def tick(store: Store, sealer: Sealer, now: datetime) -> bool:
    """End the acts whose time is over, doing those that were only announced; returns whether there were any."""
    async with store.reading() as tx:
        due = await records.due(tx, now)
    for act in due:
        try:
            async with store.transaction() as tx:
                if await guard.lapse(tx, act, now):
                    await _perform(tx, sealer, act, now)
        except guard.Over:
            continue
        except Refused as why:
            await _fail(store, act, why, now)
        except Exception:
            log.exception("a guarded act broke", act=act.act)
            await _fail(store, act, Refused("guard-broke"), now)
    return bool(due)


async def _fail(store: Store, act: GuardedAct, why: Refused, now: datetime) -> None:
    async with store.transaction() as tx:
        await guard.fail(tx, act, why, now)


async def _perform(tx: Tx, sealer: Sealer, act: GuardedAct, now: datetime) -> None:
    bulletin = await bulletins.get(tx, act.bulletin_id)
    await perform(tx, sealer, bulletin, act.asked_by, Act(act.act), act.payload, now)


async def perform(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, asked_by: int, act: Act, payload: Json, now: datetime
) -> None:
    """Do an act for who asked for it; raises Refused when it cannot be done."""
    await ACTS[act](Doing(tx, sealer, bulletin, asked_by, payload, now))


@dataclass(frozen=True, slots=True)
class Doing:
    """An act being done: for whom, in which bulletin, with what was given."""

    tx: Tx
    sealer: Sealer
    bulletin: Bulletin
    asked_by: int
    given: Json
    now: datetime

    @property
    def actor(self) -> str:
        return f"person {self.asked_by}"


async def _publish(doing: Doing) -> None:
    issue = await issue_records.get(doing.tx, doing.given["issue"])
    if issue is None:
        raise Refused("issue-changed")
    who = await people_records.get(doing.tx, doing.asked_by)
    pressed = gate.Pressed(issue.id, issue.revision)
    if not (await gate.publish(doing.tx, doing.bulletin, who, doing.now, pressed)).goes:
        raise Refused("issue-changed")


async def _grant(doing: Doing) -> None:
    given = doing.given
    expected, role = Role(given["before"]), Role(given["role"])
    await people.change_role(doing.tx, doing.sealer, doing.actor, given["person"], expected, role, doing.now)


async def _invite(doing: Doing) -> None:
    given = doing.given
    await people.offer(doing.tx, given["token_mac"], doing.actor, Role(given["role"]), doing.now, given["hours"])


async def _desk(doing: Doing) -> None:
    """Make a group the moderators' chat."""
    await chats.moderate_in(doing.tx, doing.bulletin, doing.actor, int(doing.given["chat"]), doing.now)


async def _channel(doing: Doing) -> None:
    """Make a chat one of the channels; that the bot may post there was asked before."""
    chat, title = int(doing.given["chat"]), str(doing.given["title"])
    await chats.publish_in(doing.tx, doing.bulletin.id, doing.actor, chat, title, doing.now)


async def _contact(doing: Doing) -> None:
    """Show somebody's contact to who asked for it, in private; the person hears it."""
    tx, person_id = doing.tx, int(doing.given["person"])
    person = await people_records.get(tx, person_id)
    if person.revoked:
        raise Refused("people-gone")
    await audit.note(tx, at=doing.now, actor=doing.actor, act="reveal", subject=f"person {person_id}")
    await outbox.put(tx, now=doing.now, kind=CONTACT, payload={}, person_id=doing.asked_by, subject_id=person_id)
    await tell(tx, person_id, doing.now, "contact-revealed")


async def _gate(doing: Doing) -> None:
    given = doing.given
    changed = await change.put(doing.tx, doing.bulletin, doing.actor, "gate", Gate(given["gate"]), doing.now)
    await change.put(doing.tx, changed, doing.actor, "gate_minutes", int(given["gate_minutes"]), doing.now)


async def _hour(doing: Doing) -> None:
    given = doing.given
    await change.put(doing.tx, doing.bulletin, doing.actor, given["field"], given["value"], doing.now)


async def _unguard(doing: Doing) -> None:
    await guard.switch(doing.tx, doing.actor, False, doing.now)
    await tell_desks(doing.tx, doing.now, "guard-is-off")


async def _export(doing: Doing) -> None:
    """Send the list of readers to who asked for it, in private; the desks hear it."""
    tx, now, bulletin = doing.tx, doing.now, doing.bulletin
    await audit.note(tx, at=now, actor=doing.actor, act="export readers", subject=f"bulletin {bulletin.id}")
    key = f"{EXPORT}:{bulletin.id}:{doing.asked_by}"
    whose = {"person_id": doing.asked_by, "subject_id": bulletin.id}
    await outbox.put(tx, now=now, kind=EXPORT, payload={}, merge_key=key, patient=False, **whose)
    who = (await people_records.get(tx, doing.asked_by)).pseudonym
    await tell_desks(tx, now, "readers-exported", who=who, title=bulletin.title)


ACTS: dict[Act, Callable[[Doing], Awaitable[None]]] = {
    Act.PUBLISH: _publish,
    Act.GRANT: _grant,
    Act.INVITE: _invite,
    Act.DESK: _desk,
    Act.CHANNEL: _channel,
    Act.CONTACT: _contact,
    Act.GATE: _gate,
    Act.HOUR: _hour,
    Act.UNGUARD: _unguard,
    Act.EXPORT: _export,
}
