"""Notices as editors shape them: added, filled in, ordered, taken out and put back; each change meets its revision."""

from collections.abc import Awaitable, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.notices import fields, is_past
from bot.shaping.opened import Shaper, note
from store import issues, notices
from store.database import Tx
from store.errors import Stale
from store.notices import Kept
from store.records import Notice, NoticeKind

STEPS = {"up": -1, "down": 1}
MOST = 20
MOST_DAYS = 60
DEFAULT_DAYS = 7


async def listed(tx: Tx, bulletin_id: int, day: date) -> list[Kept]:
    """Return the notices that an issue of this date prints, and those that it could: taken out, or suggested."""
    return [one for one in await notices.listed(tx, bulletin_id, day) if not is_past(one.notice, day)]


async def first_day(shaper: Shaper) -> date:
    """Return the date of the open issue: what is past by then is not listed any more."""
    issue = await issues.current(shaper.tx, shaper.bulletin.id)
    return issue.date if issue is not None else _near(shaper).today


async def get(shaper: Shaper, notice_id: int) -> Kept:
    """Return a notice of this bulletin; raises Refused for one that is gone."""
    kept = await notices.get(shaper.tx, notice_id)
    if kept is None or kept.bulletin_id != shaper.bulletin.id:
        raise Refused("notices-none")
    return kept


async def add(shaper: Shaper, notice: Notice) -> int:
    """Add a notice that was read from a text; returns its id."""
    if len(await listed(shaper.tx, shaper.bulletin.id, await first_day(shaper))) >= MOST:
        raise Refused("notices-most", most=MOST)
    notice_id = await notices.add(shaper.tx, shaper.bulletin.id, notice)
    await note(shaper, "notice", f"notice {notice_id}")
    return notice_id


async def take_up(shaper: Shaper, notice: Notice, revision: int) -> None:
    """Let a suggested notice print, as it was read."""
    await _changed(notices.rewrite(shaper.tx, notice, revision, withdrawn=False, suggested=False))
    await note(shaper, "notice", f"notice {notice.id}")


async def fill_in(shaper: Shaper, notice_id: int, field: str, words: str) -> None:
    """Take what somebody typed for a field."""
    kept = await get(shaper, notice_id)
    await _set(shaper, kept, kept.revision, fields.typed(kept.notice, field, words, _near(shaper)))


async def set_zone(shaper: Shaper, notice_id: int, revision: int, zone: str) -> None:
    """Let the hour of a meeting be meant in another time zone."""
    kept = await get(shaper, notice_id)
    await _set(shaper, kept, revision, fields.in_zone(kept.notice, zone, _near(shaper)))


async def set_kind(shaper: Shaper, notice_id: int, revision: int, kind: str) -> None:
    """Let a notice be a meeting, a campaign or something else."""
    if kind not in list(NoticeKind):
        raise Refused("shape-changed")
    await _set(shaper, await get(shaper, notice_id), revision, {"kind": NoticeKind(kind)})


async def leave_out(shaper: Shaper, notice_id: int, revision: int, field: str) -> None:
    """Empty a field."""
    if field not in fields.EMPTY:
        raise Refused("shape-changed")
    await _set(shaper, await get(shaper, notice_id), revision, fields.EMPTY[field])


async def print_for(shaper: Shaper, notice_id: int, revision: int, days: int) -> None:
    """Let a notice print for so many days from today; 0 is the day of its meeting, or the one it has."""
    kept = await get(shaper, notice_id)
    if not 0 <= days <= MOST_DAYS:
        raise Refused("shape-changed")
    today, own = _near(shaper).today, kept.notice.until
    if kept.notice.starts is not None:
        own = kept.notice.starts.astimezone(ZoneInfo(kept.notice.timezone or "UTC")).date()
    until = today + timedelta(days=days) if days or own is None else own
    await _set(shaper, kept, revision, {"until": until})


async def take_out(shaper: Shaper, notice_id: int, revision: int) -> None:
    """Let a notice print nowhere; it can be put back while it is not past."""
    kept = await get(shaper, notice_id)
    if kept.withdrawn:
        raise Refused("shape-changed")
    await _set(shaper, kept, revision, {"withdrawn": True}, "withdraw")


async def put_in(shaper: Shaper, notice_id: int, revision: int) -> None:
    """Put a notice back that was taken out, or take up one that was suggested; without a day it prints for a week."""
    kept = await get(shaper, notice_id)
    if not kept.withdrawn:
        raise Refused("shape-changed")
    until = kept.notice.until or _near(shaper).today + timedelta(days=DEFAULT_DAYS)
    await _set(shaper, kept, revision, {"withdrawn": False, "suggested": False, "until": until}, "notice")


async def move(shaper: Shaper, notice_id: int, revision: int, step: str) -> None:
    """Move a notice up or down among the others."""
    kept = await get(shaper, notice_id)
    there = await listed(shaper.tx, shaper.bulletin.id, await first_day(shaper))
    ids = [one.notice.id for one in there]
    if notice_id not in ids or step not in STEPS:
        raise Refused("shape-changed")
    old = ids.index(notice_id)
    new = old + STEPS[step]
    if not 0 <= new < len(ids):
        raise Refused("notices-first" if new < 0 else "notices-last")
    ids.insert(new, ids.pop(old))
    await _set(shaper, kept, revision, {"position": new + 1}, "move")
    await notices.order(shaper.tx, ids)


async def _set(shaper: Shaper, kept: Kept, revision: int, columns: Mapping[str, Any], act: str = "edit") -> None:
    """Change a notice, write down what, and let the board and the issue's message follow."""
    stored = {key: _plain(value) for key, value in columns.items()}
    await _changed(notices.change(shaper.tx, kept.notice.id, revision, **stored))
    await note(shaper, act, f"notice {kept.notice.id}", fields=sorted(columns))


async def _changed(change: Awaitable[None]) -> None:
    try:
        await change
    except Stale:
        raise Refused("shape-changed") from None


def _plain(value: Any) -> Any:
    """Return a value as it is stored: lists of plain ones."""
    if isinstance(value, tuple):
        return [{"name": one.name, "organisation": one.organisation} if hasattr(one, "name") else one for one in value]
    return value


def _near(shaper: Shaper) -> fields.Near:
    zone = shaper.bulletin.timezone
    return fields.Near(shaper.now.astimezone(ZoneInfo(zone)).date(), shaper.now, zone)
