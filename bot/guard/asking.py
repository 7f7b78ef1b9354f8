"""Asking for an act that needs two: it is announced, and a second editor or owner confirms it within its time."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.errors import Refused
from store import audit, bulletins, outbox, people
from store import guard as records
from store.database import Tx
from store.guard import ActState, GuardedAct
from store.records import Bulletin, Person
from store.senders import PRIVATE
from store.states import Role, Topic

MINUTES = 15
ALONE_HOURS = 24
"""So long nobody counts as alone after taking the roles of the others away: else one could do both, one by one."""

ON = "guard"
ALONE_SINCE = "guard-alone-since"
SECONDS_WHO = (Role.EDITOR, Role.OWNER)
CARD, NEWS = "guard", "guard-news"


class Act(StrEnum):
    """What can be guarded, by the name under which it is kept."""

    PUBLISH = "publish"
    GRANT = "grant"
    INVITE = "invite"
    DESK = "desk"
    CHANNEL = "channel"
    CONTACT = "contact"
    GATE = "gate"
    HOUR = "hour"
    UNGUARD = "unguard"
    EXPORT = "export"


class Over(Refused):
    """The act does not wait any more; nothing was changed, and its message is to be drawn again."""


def kind_for(person_id: int) -> str:
    """Return the kind under which an act's message in somebody's private chat is remembered."""
    return f"{CARD}-{person_id}"


async def is_on(tx: Tx) -> bool:
    """Say whether the guarded acts need two here; off until the owner switches it on."""
    return bool(await bulletins.fact(tx, ON, False))


async def switch(tx: Tx, actor: str, on: bool, now: datetime) -> bool:
    """Switch the guard on or off; False when it was so already."""
    if await is_on(tx) == on:
        return False
    await bulletins.set_fact(tx, ON, on)
    await audit.note(tx, at=now, actor=actor, act="guard", subject="installation", on=on)
    return True


async def ask(tx: Tx, bulletin: Bulletin, who: Person, act: Act, payload: dict[str, Any], now: datetime) -> GuardedAct:
    """Announce an act instead of doing it; raises Refused when the same one waits already.

    While there are fewer than two editors and owners it happens after its time, unless somebody stops it.
    """
    for other in await records.waiting(tx):
        if (other.act, other.bulletin_id, other.payload) == (act, bulletin.id, payload):
            raise Refused("guard-asked-already")
    alone = await _seconds(tx) < 2
    until = now + timedelta(minutes=MINUTES)
    if alone and (since := await bulletins.fact(tx, ALONE_SINCE)) is not None:
        until = max(until, datetime.fromisoformat(since) + timedelta(hours=ALONE_HOURS))
    act_id = await records.add(
        tx,
        bulletin_id=bulletin.id,
        act=act,
        payload=payload,
        asked_by=who.id,
        asked_at=now,
        until=until,
        state=ActState.ANNOUNCED if alone else ActState.WAITING,
    )
    asked = await _there(tx, act_id)
    await audit.note(tx, at=now, actor=f"person {who.id}", act="ask", subject=f"guarded act {act_id}", what=act)
    await _draw(tx, asked, now)
    for second in await people.with_role(tx, *SECONDS_WHO):
        if second.id != who.id:
            await _show(tx, asked, second.id, now)
    return asked


async def confirm(tx: Tx, act_id: int, who: Person, now: datetime) -> GuardedAct:
    """Let a second person agree; whoever calls it does the act in the same transaction.

    Raises Over when it does not wait any more, Refused when who asked for it would confirm it alone.
    """
    act = await _open(tx, act_id, now)
    if act.asked_by == who.id:
        raise Refused("guard-own")
    await _settle(tx, act, ActState.DONE, who.id, now)
    return act


async def stop(tx: Tx, act_id: int, who: Person, now: datetime) -> GuardedAct:
    """Let anybody at the desk stop an act that waits; raises Over when it does not wait any more."""
    act = await _open(tx, act_id, now)
    await _settle(tx, act, ActState.STOPPED, who.id, now)
    return act


async def lapse(tx: Tx, act: GuardedAct, now: datetime) -> bool:
    """End an act whose time is over; True when it was only announced, and is to be done now by whoever calls it."""
    if act.state == ActState.ANNOUNCED and await _seconds(tx) < 2:
        await _settle(tx, act, ActState.DONE, None, now)
        return True
    await _settle(tx, act, ActState.EXPIRED, None, now)
    return False


async def fail(tx: Tx, act: GuardedAct, why: Refused, now: datetime) -> None:
    """Note that an act could not be done when its time came, and why."""
    payload = {**act.payload, "why": {"key": why.key, "values": why.values}}
    await _settle(tx, act, ActState.FAILED, None, now, payload=payload)


async def drop_acts_of(tx: Tx, person_id: int, now: datetime) -> None:
    """Stop what somebody asked for who may not ask for it any more."""
    for act in await records.waiting(tx):
        if act.asked_by == person_id:
            await _settle(tx, act, ActState.STOPPED, None, now)


async def note_alone(tx: Tx, now: datetime) -> None:
    """Remember when fewer than two editors and owners were left, after a role was taken away."""
    if await _seconds(tx) < 2:
        await bulletins.set_fact(tx, ALONE_SINCE, now.isoformat())


async def _seconds(tx: Tx) -> int:
    return len(await people.with_role(tx, *SECONDS_WHO))


async def _there(tx: Tx, act_id: int) -> GuardedAct:
    act = await records.get(tx, act_id)
    if act is None:
        raise Refused("guard-gone")
    return act


async def _open(tx: Tx, act_id: int, now: datetime) -> GuardedAct:
    act = await _there(tx, act_id)
    if act.state not in records.OPEN or act.until <= now:
        raise Over("guard-over")
    return act


async def _settle(tx: Tx, act: GuardedAct, state: ActState, by: int | None, now: datetime, **columns: Any) -> None:
    """Settle an act once; raises Over when somebody was quicker."""
    if not await records.settle(tx, act.id, state, by, **columns):
        raise Over("guard-over")
    actor = "clock" if by is None else f"person {by}"
    await audit.note(tx, at=now, actor=actor, act=state, subject=f"guarded act {act.id}", what=act.act)
    await _draw(tx, act, now)
    for second in await people.with_role(tx, *SECONDS_WHO):
        if await outbox.card(tx, kind_for(second.id), act.id, PRIVATE) is not None:
            await _show(tx, act, second.id, now)
    if by != act.asked_by:
        await outbox.put(tx, now=now, kind=NEWS, payload={}, person_id=act.asked_by, subject_id=act.id)


async def _show(tx: Tx, act: GuardedAct, person_id: int, now: datetime) -> None:
    """Queue the drawing of an act's message in somebody's private chat."""
    payload, key = {"at": now.isoformat()}, f"{CARD}:{act.id}:{person_id}"
    await outbox.put(tx, now=now, kind=CARD, payload=payload, person_id=person_id, subject_id=act.id, merge_key=key)


async def _draw(tx: Tx, act: GuardedAct, now: datetime) -> None:
    """Queue the drawing of an act's message at the desk."""
    bulletin = await bulletins.get(tx, act.bulletin_id)
    payload = {"at": now.isoformat()}
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind=CARD,
        topic=Topic.ALARMS,
        payload=payload,
        subject_id=act.id,
        merge_key=f"{CARD}:{act.id}",
    )
