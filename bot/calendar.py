"""When an issue is due: weekly hours in the bulletin's zone, through daylight-saving changes (pure)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def parse(schedule: str) -> tuple[int, time]:
    """Return the weekday (Monday is 0) and the hour of a schedule such as `sun 18:00`."""
    day, clock = schedule.split()
    hour, minute = clock.split(":")
    return WEEKDAYS.index(day), time(int(hour), int(minute))


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a local hour in UTC; in a gap the first valid instant, in an overlap the first of the two."""
    local = datetime.combine(day, clock, zone)
    there_and_back = local.astimezone(UTC).astimezone(zone)
    if there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None):
        return local.astimezone(UTC)
    low, high = local.astimezone(UTC) - timedelta(hours=3), local.astimezone(UTC) + timedelta(hours=3)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def next_due(schedule: str, timezone: str, after: datetime) -> tuple[datetime, str, date]:
    """Return the first due hour later than `after`: in UTC, as local text (`2026-11-22 18:00`), and its local day."""
    weekday, clock = parse(schedule)
    zone = ZoneInfo(timezone)
    day = after.astimezone(zone).date()
    while True:
        if day.weekday() == weekday:
            due = moment(day, clock, zone)
            if due > after:
                return due, f"{day.isoformat()} {clock:%H:%M}", day
        day += timedelta(days=1)
