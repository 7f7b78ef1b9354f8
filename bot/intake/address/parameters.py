"""Parameters of addresses: which of them name a page, and which only follow a reader around."""

import re
from functools import cache
from urllib.parse import unquote

from bot.intake.address.link_parts import joined, one_spelling, pairs
from bot.intake.address.link_paths import is_script
from bot.intake.address.site_rules import Group, by_site, groups, sites, versions

_LIKELY_NUMBER = re.compile(r"\d{4}|\d.*/|/.*\d")
# Marks that somebody added with a second `?` or a semicolon.
_SECOND_QUERY = re.compile(r"[?;](?=(?:utm_\w+|fbclid|gclid|igshid)=)")


def naming(host: str, path: str, query: str) -> str:
    """Return the parameters that say which page is meant, in the order and spelling by which they are compared."""
    spelled = _SECOND_QUERY.sub("&", one_spelling(query.replace("%20", "+"), query=True))
    given = pairs(spelled)
    kept = [pair for pair in given if _names_page(host, *pair)]
    if not kept and is_script(path):
        # Something must say which page of the script is meant; of what is left it can only be this.
        kept = [pair for pair in given if _names_page(host, *pair, doubt=True)]
    return joined(sorted(kept, key=lambda pair: pair[0]))


def without_marks(host: str, query: str) -> str:
    """Return a query without the marks that nobody uses for anything else; the rest stays as it is."""
    given = [piece.removeprefix("amp;") for piece in query.split("&")]
    kept = [piece for piece in given if not _is_mark(host, piece.partition("=")[0])]
    return query if kept == query.split("&") else "&".join(kept)


def _is_mark(host: str, raw: str) -> bool:
    name = unquote(raw).casefold()
    if name in (by_site(sites().keep, host) or ()) or name in sites().only.get(host, ()):
        return False
    group = _group(name)
    return group is not None and group.certain


def _names_page(host: str, raw: str, value: str, *, doubt: bool = False) -> bool:
    """Tell whether a parameter says which page is meant; in `doubt`, what some sites use for that does so."""
    rules = sites()
    name = unquote(raw).casefold()
    only = rules.only.get(host)
    if only is not None:
        return name in only
    if name in (by_site(rules.keep, host) or ()):
        return True
    if name in (by_site(rules.drop, host) or ()) or value.casefold() in versions().get(name, ()):
        return False
    group = _group(name)
    if group is None:
        return True
    if group.doubtful and (doubt or _LIKELY_NUMBER.search(unquote(value))):
        return True
    return bool(group.values) and re.fullmatch(group.values, unquote(value), re.IGNORECASE) is None


@cache
def _named() -> dict[str, Group]:
    return {name.casefold(): group for group in groups() for name in group.names}


@cache
def _prefixed() -> tuple[tuple[str, Group], ...]:
    return tuple((prefix.casefold(), group) for group in groups() for prefix in group.prefixes)


def _group(name: str) -> Group | None:
    """Return the group of tracking parameters that a name, in lower case, belongs to."""
    found = _named().get(name)
    return found or next((group for prefix, group in _prefixed() if name.startswith(prefix)), None)
