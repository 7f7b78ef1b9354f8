"""The Atom feed of a bulletin (RFC 4287), an entry for each issue."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from bot.render import style
from bot.render.layout import heading
from bot.render.web import render_fragment
from store.records import FrozenIssue

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text or None
    return element


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def entry_id(issue: FrozenIssue, home: str) -> str:
    """Return the id of an issue, the same for ever: a tag of site, day of closing, bulletin and number (RFC 4151)."""
    host = urlsplit(home).hostname or "localhost"
    return f"tag:{host},{issue.closed_at.astimezone(UTC):%Y-%m-%d}:{issue.slug}/{issue.number}"


def updated(issue: FrozenIssue) -> datetime:
    """Return when an issue last changed: a second later for each correction, so that none of one day passes unseen."""
    if issue.corrected_on is None:
        return issue.closed_at
    day = datetime.combine(issue.corrected_on, time(), ZoneInfo(issue.timezone))
    return max(issue.closed_at, day) + timedelta(seconds=len(issue.corrections))


def _entry(feed: ElementTree.Element, issue: FrozenIssue, home: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", entry_id(issue, home))
    _add(entry, "title", heading(issue))
    _add(entry, "updated", _moment(updated(issue)))
    _add(entry, "published", _moment(issue.closed_at))
    if address := style.safe_url(issue.address):
        _add(entry, "link", rel="alternate", type="text/html", href=address)
    if pdf := style.safe_url(issue.pdf_address):
        _add(entry, "link", rel="related", type="application/pdf", href=pdf)
    if subtitle := style.clean(issue.subtitle):
        _add(entry, "summary", subtitle)
    _add(entry, "content", render_fragment(issue), type="html")


def render(feed_title: str, home: str, feed_address: str, issues: Sequence[FrozenIssue]) -> bytes:
    """Return the feed of these issues, in the order given; `home` is the archive's address and the feed's id."""
    feed = ElementTree.Element("feed", {"xmlns": _ATOM})
    if issues and (language := style.language_tag(issues[0].language)):
        feed.set("xml:lang", language)
    title = style.clean(feed_title)
    _add(feed, "id", home)
    _add(feed, "title", title)
    _add(feed, "updated", _moment(max(map(updated, issues), default=_NEVER)))
    _add(_add(feed, "author"), "name", title)
    _add(feed, "link", rel="alternate", type="text/html", href=home)
    _add(feed, "link", rel="self", type="application/atom+xml", href=feed_address)
    for issue in issues:
        _entry(feed, issue, home)
    ElementTree.indent(feed)
    text: str = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()
