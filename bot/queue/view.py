"""Which part of the queue is looked at: the page, and what it is narrowed to; written into each of its buttons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType

from store.queue import Waiter

PAGE = 8
MARK_LENGTH = 6
ASLEEP = "z"
Matches = Callable[[Waiter, datetime], str]


def mark(words: str) -> str:
    """Return what a button calls a source by, which may be too long for it, or of letters that it cannot carry."""
    return sha256(words.encode()).hexdigest()[:MARK_LENGTH]


def _age(waiter: Waiter, now: datetime) -> str:
    return str(min(9, (now - waiter.created_at) // timedelta(days=1)))


VALUES: dict[str, Matches] = {
    "s": lambda waiter, _: str(waiter.section_id or 0),
    "o": lambda waiter, _: mark(waiter.source),
    "l": lambda waiter, _: waiter.language or "0",
    "p": lambda waiter, _: str(waiter.person_id or 0),
    "d": _age,
}
"""What an item has of each kind that the queue can be narrowed by: section, source, language, sender, age in days."""
KINDS = {"section": "s", "source": "o", "language": "l", "sender": "p", "age": "d"}


@dataclass(frozen=True, slots=True)
class View:
    """A page of the queue and, by the letters of `VALUES`, what it is narrowed to; `ASLEEP` shows what was put off."""

    page: int = 0
    only: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def read(cls, written: str) -> "View":
        """Return the view of a button; what it does not understand of one it leaves out."""
        page, *tokens = written.split("_")
        known = {token[0]: token[1:] for token in tokens if token and (token[0] in VALUES or token == ASLEEP)}
        return cls(int(page) if page.isdecimal() and len(page) < 5 else 0, known)

    def __str__(self) -> str:
        return "_".join([str(self.page), *(f"{kind}{value}" for kind, value in sorted(self.only.items()))])

    @property
    def asleep(self) -> bool:
        return ASLEEP in self.only

    def at(self, page: int) -> "View":
        """Return another page of the same."""
        return View(page, self.only)

    def narrowed(self, kind: str, value: str) -> "View":
        """Return the first page of what is narrowed by one thing more."""
        return View(0, {**self.only, kind: value})

    def without(self, kind: str) -> "View":
        """Return the first page of what is narrowed by one thing less."""
        return View(0, {name: value for name, value in self.only.items() if name != kind})

    def chosen(self, waiting: Sequence[Waiter], now: datetime) -> list[Waiter]:
        """Return what belongs to the view, on whichever page."""
        return [waiter for waiter in waiting if self._holds(waiter, now)]

    def of_page(self, chosen: Sequence[Waiter]) -> tuple[int, list[Waiter]]:
        """Return the page that is shown, the last one where there are not so many, and what stands on it."""
        page = min(self.page, max(0, -(-len(chosen) // PAGE) - 1))
        return page, list(chosen[page * PAGE : (page + 1) * PAGE])

    def _holds(self, waiter: Waiter, now: datetime) -> bool:
        if self.asleep != (waiter.snoozed_until is not None):
            return False
        for kind, value in self.only.items():
            if kind == "d":
                if int(_age(waiter, now)) < (int(value) if value.isdecimal() else 0):
                    return False
            elif kind != ASLEEP and VALUES[kind](waiter, now) != value:
                return False
        return True
