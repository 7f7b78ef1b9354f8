"""A notice as every rendering prints it: facts a line each, lists under their word, and what was written."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import get_timezone_location

from bot.render import style
from bot.render.spans import Span, Spans, spans_of, written
from bot.texts import say
from store.records import FrozenIssue, Notice, NoticeKind

ZONE_IN_WORDS = re.compile(
    r"\b(UTC|GMT|BST|UK|CES?T|EES?T)\b|\b([A-Z]\w+(?: [A-Z]\w+)?) time\b|\bза (Києвом|київським)"
)
_NOTHING: dict[str, Any] = {
    **{"starts": None, "place": "", "signatories": ""},
    **dict.fromkeys(("speakers", "demands", "languages"), ()),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines under a word, such as speakers and demands."""

    word: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Announcement:
    """A notice as printed: a title or "", facts a line each, lists under their words, then what was written."""

    title: str
    facts: tuple[Spans, ...]
    lists: tuple[Listing, ...]
    paragraphs: tuple[Spans, ...]


def announcement(notice: Notice, issue: FrozenIssue) -> Announcement:
    """Return a notice as it is printed.

    Where its text holds the title, the text prints as written, and of the rest only what does not stand in it, below
    a title with which it begins; where there is no title, the text alone: nothing is printed a second time.
    """
    title, text = style.clean(notice.title), style.clean(notice.text)
    whole = bool(text) and (not title or title in text)
    if whole and not title:
        notice = replace(notice, **_NOTHING)
    if not title and not whole:
        title = say(issue.language, f"render-{notice.kind}")
    told = text if whole else ""
    known = (
        Listing(say(issue.language, "render-speakers"), _speakers(notice, told)),
        Listing(say(issue.language, "render-demands"), _unsaid([style.clean(each) for each in notice.demands], told)),
    )
    facts, lists = _facts(notice, issue, told), tuple(one for one in known if one.entries)
    first, _, rest = style.clean_block(notice.text).partition("\n")
    if whole and first == title and (facts or lists):
        return Announcement(title, facts, lists, written(rest))
    return Announcement("" if whole else title, facts, lists, written(notice.text))


def language_version(line: str) -> tuple[str, str | None]:
    """Return language and address of a line such as "Ukrainian: https://…"."""
    pieces = list(style.find_links(style.clean(line)))
    url = next((url for _, url in pieces if url), None)
    name = next((words for words, url in pieces if not url), "")
    return name.strip(" :–—-"), url


def when_text(starts: datetime, zone: ZoneInfo, language: str) -> str:
    """Return the start of a meeting in its own zone: "Tuesday 21 February 2023, 18:30 (London time, UTC)"."""
    moment = starts.astimezone(zone)
    day = style.weekday_date(moment.date(), language)
    time = moment.strftime("%H:%M")
    if zone.key in ("UTC", "Etc/UTC"):
        return f"{day}, {time} (UTC)"
    city = str(get_timezone_location(zone, locale=style.locale_of(language), return_city=True))
    return say(language, "render-when", day=day, time=time, city=city, offset=_offset(moment))


def _facts(notice: Notice, issue: FrozenIssue, told: str) -> tuple[Spans, ...]:
    """Return what is known of a notice, a line each; `told` is the text, where that is to hold all."""
    facts: list[Spans] = []
    zone = _zone(notice, issue)
    if notice.starts is not None and not _says_when(told, notice.starts.astimezone(zone), issue):
        facts.append((Span(when_text(notice.starts, zone, issue.language)),))
    if notice.place and style.clean(notice.place) not in told:
        facts.append(spans_of(style.clean(notice.place)))
    url = style.safe_url(notice.join_url)
    if url and (not told or (notice.join_url or "") not in notice.text):
        word = "render-sign" if notice.kind == NoticeKind.CAMPAIGN else "render-join"
        facts.append((Span(say(issue.language, word) + " "), Span(url, url)))
    for line in _unsaid([style.clean(each) for each in notice.languages], told):
        if (language_version(line)[1] or line) not in told:
            facts.append(spans_of(line))
    signed = style.clean(notice.signatories)
    if signed and signed not in told:
        facts.append((Span(say(issue.language, "render-signed", who=signed)),))
    if notice.until is not None and not told and not _ends_itself(notice):
        day = style.long_date(notice.until, issue.language)
        facts.append((Span(say(issue.language, "render-until", date=day)),))
    return tuple(facts)


def _ends_itself(notice: Notice) -> bool:
    """Say whether the day until which a notice prints says nothing more: that of a meeting whose start is told."""
    return notice.kind == NoticeKind.MEETING and notice.starts is not None


def _speakers(notice: Notice, told: str) -> tuple[str, ...]:
    """Return a line for each speaker whose name does not stand in the text."""
    known = [(style.clean(each.name), style.clean(each.organisation)) for each in notice.speakers]
    lines = [", ".join(part for part in both if part) for both in known if not told or both[0] not in told]
    return tuple(line for line in lines if line)


def _unsaid(lines: list[str], told: str) -> tuple[str, ...]:
    """Return the lines that do not stand in the text."""
    return tuple(line for line in lines if line and line not in told)


def _says_when(told: str, starts: datetime, issue: FrozenIssue) -> bool:
    """Say whether a text holds the day, the hour and, where it is not the bulletin's own, the zone of a start."""
    hour, minute = starts.hour, starts.minute
    half = rf"0?{hour % 12 or 12}(?:[:.]{minute:02}){'' if minute else '?'}\s*{'p' if hour >= 12 else 'a'}\.?m"
    clock = rf"(?<!\d)(?:0?{hour}[:.h]{minute:02}(?!\d)|{half})"
    day = rf"(?<!\d)0?{starts.day}(?!\d)"
    at_home = getattr(starts.tzinfo, "key", "") == issue.timezone
    named = at_home or ZONE_IN_WORDS.search(told) is not None
    return named and bool(re.search(clock, told, re.IGNORECASE)) and bool(re.search(day, told))


def _zone(notice: Notice, issue: FrozenIssue) -> ZoneInfo:
    for name in (notice.timezone, issue.timezone):
        try:
            return ZoneInfo(name or "")
        except (ZoneInfoNotFoundError, ValueError, OSError):  # "" is a directory to ZoneInfo
            continue
    return ZoneInfo("UTC")


def _offset(moment: datetime) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
