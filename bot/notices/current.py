"""Which notices print: until the day that was settled, a meeting never after its own day."""

from datetime import date
from zoneinfo import ZoneInfo

from store import notices
from store.database import Tx
from store.records import Notice, NoticeKind


def last_day(notice: Notice) -> date | None:
    """Return the last day on which a notice prints; a meeting's is its own day in its own zone, or an earlier one."""
    if notice.kind != NoticeKind.MEETING or notice.starts is None:
        return notice.until
    own = notice.starts.astimezone(ZoneInfo(notice.timezone or "UTC")).date()
    return own if notice.until is None else min(own, notice.until)


def is_past(notice: Notice, day: date) -> bool:
    """Say whether a notice prints no more in an issue of this date."""
    last = last_day(notice)
    return last is not None and last < day


async def printing(tx: Tx, bulletin_id: int, day: date) -> tuple[Notice, ...]:
    """Return the notices that an issue of this date prints, in order."""
    kept = await notices.listed(tx, bulletin_id, day)
    return tuple(one.notice for one in kept if not one.withdrawn and not is_past(one.notice, day))
