"""Looks at a citation's page once more, and tells what has changed since it was seen."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlsplit

from bot.errors import Refused, Unreadable
from bot.intake.address import urls
from bot.intake.page.metadata import PageFacts, PageReader
from bot.logs import logger
from bot.ports import Fetcher, Page
from bot.render.style import clean
from store.records import Citation, PageSeen

GONE = "intake-page-gone"
NO_SITE = "intake-page-no-such-site"
ASTRAY = ("intake-page-private", "intake-page-port")
UNREACHABLE = "intake-unreachable"
TITLE_SHOWN = 200
_SEPARATOR = re.compile(r"\s+[|–—·•»:-]+\s+")
_SUFFIX_WORDS = 4
_SAME_WORD = 0.85
log = logger("recheck")


@dataclass(frozen=True, slots=True)
class Change:
    """What has changed, as the key and the values of a sentence."""

    key: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a page showed.

    `page` is what stands there now; `change` what that changes; `problem` why it could not be seen, as a text key.
    `reached`: the site answered, whatever it said.
    """

    page: PageSeen | None = None
    change: Change | None = None
    problem: str = ""
    reached: bool = True


async def look(
    fetcher: Fetcher, reader: PageReader, cited: Citation, before: PageSeen | None, item_id: int, now: datetime
) -> Look:
    """Fetch the page of a citation under the guard and compare it with what was seen before."""
    try:
        page = await fetcher.fetch(cited.url or "")
        facts = await reader.read(page)
    except Unreadable as error:
        return unread(error, cited, before, item_id, now)
    except Exception:  # one page must never keep the others from being looked at
        log.exception("a page could not be looked at again")
        return Look(problem=UNREACHABLE, reached=False)
    return compared(page, facts, cited, before, item_id, now)


def compared(
    page: Page, facts: PageFacts, cited: Citation, before: PageSeen | None, item_id: int, now: datetime
) -> Look:
    """Return the look at a page that was read, compared with what was seen before."""
    seen = _seen(page, facts, cited, item_id, now)
    kept = replace(seen, title=seen.title or (before.title if before is not None else ""))
    return Look(kept, _change(seen, before, cited))


def unread(error: Unreadable, cited: Citation, before: PageSeen | None, item_id: int, now: datetime) -> Look:
    """Return the look at a page that could not be read, for the reason of the error."""
    if error.key == GONE:
        status = error.values.get("status")
        return gone(cited, before, item_id, now, status=status if isinstance(status, int) else 404)
    if error.key in ASTRAY:  # it was a page like others when it was sent
        return (
            Look(None, Change("recheck-astray", {"why": error.key})) if before is not None else Look(problem=error.key)
        )
    if error.media_type:  # a file: it is there, and has no title to compare
        kept = before or PageSeen(item_id, cited.canonical or "", None, None, "", now)
        return Look(replace(kept, checked_at=now))
    return Look(problem=error.key, reached=error.key not in (NO_SITE, "intake-page-slow", "intake-page-unreachable"))


def gone(cited: Citation, before: PageSeen | None, item_id: int, now: datetime, *, status: int = 0) -> Look:
    """Return the look at an address with nothing behind it: no page, or without a `status` not even a site.

    That is no change where there was nothing before either.
    """
    seen = PageSeen(item_id, cited.canonical or "", None, None, "", now)
    if before is not None and before.address is None and not before.title:
        return Look(seen)
    host = urlsplit(cited.url or "").hostname or ""
    values = {"host": host, "status": status} if status else {"host": host}
    return Look(seen, Change("recheck-gone" if status else "recheck-no-site", values))


def is_other_title(before: str, now: str, names: Iterable[str] = ()) -> bool:
    """Tell whether a title says something else now: not in case, punctuation, a mended word or a site's suffix."""
    one, two = _words(before), _words(now)
    if not one or not two or one == two:
        return False
    known = {tuple(_words(name)) for name in names}
    if two in _without_suffix(before, known) or one in _without_suffix(now, known):
        return False
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    for what, left, left_end, right, right_end in matcher.get_opcodes():
        if what == "equal":
            continue
        if left_end - left != right_end - right:
            return True
        if not all(map(_same_word, one[left:left_end], two[right:right_end])):
            return True
    return False


def _seen(page: Page, facts: PageFacts, cited: Citation, item_id: int, now: datetime) -> PageSeen:
    try:
        address = urls.canonical(page.url)
    except Refused:
        address = cited.canonical or ""
    return PageSeen(item_id, cited.canonical or "", address, facts.canonical, facts.title, now)


def _change(seen: PageSeen, before: PageSeen | None, cited: Citation) -> Change | None:
    if before is None or seen.address is None:
        return None
    if before.address is not None and not urls.same_site(seen.address, before.address):
        hosts = [urlsplit(address).hostname or "" for address in (before.address, seen.address)]
        return Change("recheck-moved", {"before": hosts[0], "now": hosts[1]})
    host = urlsplit(seen.address).hostname or ""
    if is_other_title(before.title, seen.title, (cited.source, host, host.partition(".")[0])):
        values = {"before": clean(before.title)[:TITLE_SHOWN], "now": clean(seen.title)[:TITLE_SHOWN]}
        return Change("recheck-title", values)
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", clean(text).casefold())


def _without_suffix(title: str, names: set[tuple[str, ...]]) -> list[list[str]]:
    """Return the words of a title without its last or first part, where that looks like the name of a site."""
    parts = _SEPARATOR.split(title)
    shortened = []
    for part, rest in ((parts[-1], parts[:-1]), (parts[0], parts[1:])) if len(parts) > 1 else ():
        words = _words(part)
        plain = len(words) <= _SUFFIX_WORDS and not any(letter.isdigit() for letter in part)
        if plain or tuple(words) in names:
            shortened.append([word for kept in rest for word in _words(kept)])
    return shortened


def _same_word(one: str, two: str) -> bool:
    """Tell whether two words are one, mended or inflected; numbers are never."""
    if not (one.isalpha() and two.isalpha()) or one[0] != two[0]:
        return False
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= _SAME_WORD
