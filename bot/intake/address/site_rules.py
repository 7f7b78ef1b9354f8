"""The data files about addresses, read once, and the look-up of what they say of a site."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

_FOLDER = Path(__file__).parent
_Rule = TypeVar("_Rule")


@dataclass(frozen=True, slots=True)
class Sites:
    """What sites.toml says; each field is explained there."""

    homes: frozenset[str]
    not_mirrors: frozenset[str]
    chosen_names: dict[str, bool]
    fragments: dict[str, bool]
    shorteners: dict[str, bool]
    shortener_paths: dict[str, list[str]]
    same: dict[str, str]
    only: dict[str, list[str]]
    keep: dict[str, list[str]]
    drop: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Some parameters that do not name a page, and whose they are; each field is explained in tracking.toml."""

    whose: str
    known_from: str
    names: list[str] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    certain: bool = False
    doubtful: bool = False
    values: str = ""


@cache
def read_data(name: str) -> Mapping[str, Any]:
    """Return what one of the data files beside this module says."""
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


@cache
def sites() -> Sites:
    """Return what is known of single sites."""
    data: dict[str, Any] = dict(read_data("sites.toml"))
    for name in ("chosen_names", "fragments", "shorteners"):
        data[name] = dict.fromkeys(data[name], True)
    for name in ("homes", "not_mirrors"):
        data[name] = frozenset(data[name])
    return Sites(**data)


@cache
def groups() -> tuple[Group, ...]:
    """Return the groups of tracking parameters."""
    return tuple(Group(**group) for group in read_data("tracking.toml")["group"])


@cache
def versions() -> dict[str, list[str]]:
    """Return the parameters that choose how a page is shown, each with the values that do so."""
    return dict(read_data("tracking.toml")["versions"])


def suffixes(host: str) -> Iterator[str]:
    """Yield a host and the hosts above it, the longest first."""
    while host:
        yield host
        host = host.partition(".")[2]


def by_site(rules: Mapping[str, _Rule], host: str) -> _Rule | None:
    """Return what is said of a host, else of the nearest host above it."""
    return next((rules[name] for name in suffixes(host) if name in rules), None)
