"""Time zones as people name them: by the city, in English or Ukrainian, with suggestions for what is misspelt."""

from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

from bot.setting_values import accepted_zone
from bot.texts import languages

SUGGESTED = 6
LIKENESS = 0.72
NO_PLACES = ("Etc/", "posix/", "right/", "SystemV/", "US/")


def read(text: str) -> tuple[str, ...]:
    """Return the zone that a name stands for, or several that it may stand for; none when there is nothing like it."""
    wanted = _fold(text)
    exact = {_fold(zone): zone for zone in (*_zones(), "UTC")}
    if wanted in exact:
        return (exact[wanted],)
    if accepted_zone(text.strip()):
        return (text.strip(),)
    named = _by_city()
    if wanted in named:
        return named[wanted][:SUGGESTED]
    near = [name for name in named if wanted and name.startswith(wanted)]
    near += get_close_matches(wanted, list(named), SUGGESTED, LIKENESS)
    return tuple(dict.fromkeys(zone for name in near for zone in named[name]))[:SUGGESTED]


def is_certain(text: str, zone: str) -> bool:
    """Say whether a name stands for this zone and no other."""
    wanted = _fold(text)
    return accepted_zone(text.strip()) or _fold(zone) == wanted or _by_city().get(wanted) == (zone,)


@cache
def _zones() -> tuple[str, ...]:
    """Return the zones of places, each under its present name."""
    older = get_global("zone_aliases")
    return tuple(
        sorted(
            zone
            for zone in available_timezones()
            if "/" in zone and not zone.startswith(NO_PLACES) and zone not in older
        )
    )


@cache
def _by_city() -> dict[str, tuple[str, ...]]:
    """Return the zones by the names of their cities."""
    found: dict[str, list[str]] = {}
    older: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        older.setdefault(new, []).append(old)
    cities = [Locale(language).time_zones for language in languages()]
    for zone in _zones():
        names = [each.rpartition("/")[2].replace("_", " ") for each in (zone, *older.get(zone, ()))]
        names += [told.get(each, {}).get("city", "") for told in cities for each in (zone, *older.get(zone, ()))]
        for name in dict.fromkeys(_fold(name) for name in names if name):
            found.setdefault(name, []).append(zone)
    return {name: tuple(zones) for name, zones in found.items()}


def _fold(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("’", "'").split()).casefold()
