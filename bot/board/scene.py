"""Which view of the board is drawn, for whom, and the buttons that lead from one view to another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.texts import say
from store.database import Tx
from store.messages import Button, Buttons
from store.records import Bulletin, Item

TITLE_LENGTH = 60
LABEL_LENGTH = 18
IN_A_ROW = 4


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name is the action of the buttons that lead to it, with their argument and subject."""

    name: str = "issue"
    argument: str = ""
    subject: int = 0

    def record(self) -> list[Any]:
        """Return what `read` makes the view of again."""
        return [self.name, self.argument, self.subject]

    @classmethod
    def read(cls, record: list[Any]) -> "View":
        return cls(str(record[0]), str(record[1]), int(record[2]))

    @property
    def numbers(self) -> tuple[int, int]:
        """Return the two numbers of an argument such as `12-0`; what is none is 0."""
        first, _, second = self.argument.partition("-")
        return _number(first), _number(second)


@dataclass(frozen=True, slots=True)
class Scene:
    """For what and whom a board is drawn; `shaping` says whether its reader may change the issue.

    `live`: it is the one at the desk, which is redrawn by itself.
    """

    tx: Tx
    bulletin: Bulletin
    language: str
    now: datetime
    shaping: bool = True
    live: bool = True

    def say(self, key: str, /, **values: object) -> str:
        return say(self.language, key, **values)

    def button(self, key: str, data: str, sign: str = "") -> Button:
        """Return a button by the key of its words."""
        return Button(f"{sign} {self.say(key)}".strip(), data)


def pairs(buttons: list[Button]) -> Buttons:
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def rows(buttons: list[Button]) -> Buttons:
    """Return short buttons such as numbers, four in a row."""
    return tuple(tuple(buttons[start : start + IN_A_ROW]) for start in range(0, len(buttons), IN_A_ROW))


def turn(action: str, page: int, pages: int, subject: int, before: str = "") -> Buttons:
    """Return the row that turns pages, where there are several; `before` precedes the page in the argument."""
    if pages < 2:
        return ()
    to = [("‹", page - 1), ("›", page + 1)]
    row = [Button(sign, f"v1:{action}.{before}{number}:{subject}:0") for sign, number in to if 0 <= number < pages]
    return (tuple(row),)


def short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def star(item: Item) -> str:
    """Return the sign of a highlight, "" for an item that is none."""
    return "★ " if item.highlight is not None else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
