"""What an editor types for the fields of a notice, looked at before it is taken: each refusal says what to write."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake.dates import dates_in, parse_date
from bot.notices.reading import AHEAD_OF_ARTICLES_DAYS, BACK_DAYS, TITLE_LENGTH, clock_in, speaker, without_bullet
from bot.notices.reading import MOST_LINES as MOST
from bot.notices.reading import zone_named as _zone_named
from bot.render import style
from bot.render.announcement import ZONE_IN_WORDS, language_version
from store.records import Notice, NoticeKind, Precision, Speaker

LONGEST = {"title": TITLE_LENGTH, "text": 4000, "place": 300, "signatories": 120}
LINE_LENGTH = 300
TYPED_LENGTH = 60
FARTHEST_DAYS = 730
ASKED = ("title", "text", "start", "place", "link", "speakers", "languages", "demands", "signatories", "until", "zone")
BY_KIND = {
    NoticeKind.MEETING: ("start", "place", "link", "speakers", "languages"),
    NoticeKind.CAMPAIGN: ("link", "languages", "demands", "signatories"),
    NoticeKind.OTHER: ("start", "place", "link", "languages"),
}
EMPTY: dict[str, dict[str, object]] = {
    "start": {"starts": None, "timezone": None},
    "place": {"place": ""},
    "link": {"join_url": None},
    "speakers": {"speakers": ()},
    "languages": {"languages": ()},
    "demands": {"demands": ()},
    "signatories": {"signatories": ""},
}
"""What may be left out of a notice, and what it is without it."""


@dataclass(frozen=True, slots=True)
class Near:
    """When and where a field is typed: the day, the moment, and the zone that is meant where none is named."""

    today: date
    now: datetime
    timezone: str


def shown(notice: Notice, field: str) -> str:
    """Return what a field holds, a line for each of several; "" where there is nothing."""
    if field == "speakers":
        return "\n".join(", ".join(part for part in (one.name, one.organisation) if part) for one in notice.speakers)
    if field in ("languages", "demands"):
        return "\n".join(getattr(notice, field))
    if field == "link":
        return notice.join_url or ""
    return str(getattr(notice, field))


def is_set(notice: Notice, field: str) -> bool:
    return notice.starts is not None if field == "start" else bool(shown(notice, field))


def typed(notice: Notice, field: str, words: str, near: Near) -> dict[str, object]:
    """Return the columns that a reply changes; raises Refused for what cannot be taken."""
    if not style.clean(words):
        raise Refused("shape-no-words")
    if field == "start":
        return _start(notice, words, near)
    if field == "zone":
        return in_zone(notice, _zone(words), near)
    if field == "until":
        return {"until": _until(words, near)}
    if field == "title":
        return _title(notice, words)
    if field == "link":
        return {"join_url": _link(words)}
    if field in ("speakers", "languages", "demands"):
        return {field: _several(field, words)}
    return {field: _words(field, words)}


def in_zone(notice: Notice, zone: str, near: Near) -> dict[str, object]:
    """Return what a notice's start is when its hour is meant in another zone: the hour on the clock stays."""
    if notice.starts is None:
        raise Refused("notices-no-start")
    local = notice.starts.astimezone(ZoneInfo(notice.timezone or near.timezone)).replace(tzinfo=None)
    return _at(notice, local, zone, near)


def _start(notice: Notice, words: str, near: Near) -> dict[str, object]:
    day, clock = _day(words, near), clock_in(words)
    if clock is None:
        raise Refused("notices-no-hour")
    named = _zone_named(match.group()) if (match := ZONE_IN_WORDS.search(words)) else None
    if match and named is None:
        raise Refused("notices-no-zone", typed=match.group())
    zone = named or notice.timezone or near.timezone
    return _at(notice, datetime.combine(day, clock), zone, near)


def _at(notice: Notice, local: datetime, zone: str, near: Near) -> dict[str, object]:
    """Return a start; a meeting prints until its day, unless an earlier one was chosen for it."""
    starts = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise Refused("notices-hour-skipped", typed=f"{local:%H:%M}")
    if starts <= near.now:
        raise Refused("notices-past")
    columns: dict[str, object] = {"starts": starts, "timezone": zone}
    if notice.kind != NoticeKind.CAMPAIGN:
        columns |= {"kind": NoticeKind.MEETING, "until": local.date()}
    return columns


def _day(words: str, near: Near) -> date:
    """Return the one day that is named; raises Refused for none, one that there is not, a past and a distant one."""
    ahead = near.today + timedelta(days=AHEAD_OF_ARTICLES_DAYS - BACK_DAYS)
    exact = parse_date(words, near=ahead)
    found = [exact] if exact.precision == Precision.DAY else list(dates_in(words, near=ahead, whole=False))
    day = next((one.start for one in found if one.precision == Precision.DAY), None)
    if day is None:
        raise Refused("shape-no-day", typed=style.clean(words)[:TYPED_LENGTH])
    if day < near.today:
        raise Refused("notices-past")
    if day > near.today + timedelta(days=FARTHEST_DAYS):
        raise Refused("notices-far", day=day.isoformat())
    return day


def _until(words: str, near: Near) -> date:
    return _day(words, near)


def _zone(words: str) -> str:
    zone = _zone_named(words)
    if zone is None:
        raise Refused("notices-no-zone", typed=style.clean(words)[:TYPED_LENGTH])
    return zone


def _title(notice: Notice, words: str) -> dict[str, object]:
    """Return the title; where the text begins with the old one it does with the new one, so that it prints once."""
    title = _words("title", words)
    first, _, rest = notice.text.partition("\n")
    if notice.title and style.clean(first) == style.clean(notice.title):
        return {"title": title, "text": f"{title}\n{rest}" if rest else title}
    return {"title": title}


def _words(field: str, words: str) -> str:
    text = style.clean_block(words) if field == "text" else style.clean(words)
    if len(text) > LONGEST[field]:
        raise Refused("shape-too-long", n=len(text), most=LONGEST[field])
    if field in ("title", "signatories") and any(url for _, url in style.find_links(text)):
        raise Refused("shape-no-links")
    return text


def _link(words: str) -> str:
    text = style.clean(words)
    pieces = list(style.find_links(text))
    if len(pieces) != 1 or pieces[0][1] is None:
        raise Refused("notices-no-link")
    return str(pieces[0][1])


def _several(field: str, words: str) -> tuple[object, ...]:
    lines = [without_bullet(line) for line in words.splitlines() if style.clean(line)]
    if len(lines) > MOST:
        raise Refused("notices-many", n=len(lines), most=MOST)
    for line in lines:
        if len(line) > LINE_LENGTH:
            raise Refused("shape-too-long", n=len(line), most=LINE_LENGTH)
        if field == "languages" and not all(language_version(line)):
            raise Refused("notices-no-version", typed=line[:TYPED_LENGTH])
        if field == "speakers" and any(url for _, url in style.find_links(line)):
            raise Refused("shape-no-links")
    speakers: tuple[Speaker, ...] = tuple(speaker(line) for line in lines) if field == "speakers" else ()
    return speakers or tuple(lines)
