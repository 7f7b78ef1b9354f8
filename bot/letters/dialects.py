"""Returned letters that are no report by any standard: who could not be reached, and what was said of them."""

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.letters.addresses import address

_FILE = Path(__file__).with_name("dialects.toml")
_LINES_LIMIT = 500
_LINE_LIMIT = 600
_WORDS_LIMIT = 2_500
_FOUND_LIMIT = 50

_TRANSCRIPT = re.compile(r"transcript|session|error|reason|addresses|recipient|report", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]|]{1,80}@[^\s<>\"'(),;:\[\]|]{1,120}")
_OPENS = re.compile(r"\W{0,6}<?\S{1,80}@")
_SERVERS = re.compile(r"(?:mailer-?daemon|postmaster|mail-?daemon|abuse|helpdesk|noreply|no-reply)@?.*", re.IGNORECASE)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(tomllib.loads(_FILE.read_text(encoding="utf-8"))[name]), re.IGNORECASE)


@dataclass(slots=True)
class Heard:
    """What a letter in no standard form says: of each address that failed, and before any was named."""

    before: str = ""
    sure: dict[str, str] = field(default_factory=dict)
    perhaps: dict[str, str] = field(default_factory=dict)


def own_text(text: str) -> str:
    """Return what a mail server itself says, up to the letter that it returns."""
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number >= _LINES_LIMIT:
            break
        line = line[:_LINE_LIMIT]
        if lines and _pattern("original").match(line) and not _TRANSCRIPT.search(line):
            break
        lines.append(line)
    return "\n".join(lines)


def heard(text: str, not_these: Collection[str] = ()) -> Heard:
    """Return the addresses that a mail server names as failed, each with the lines that speak of it.

    `not_these` are addresses in small letters that cannot be meant: our own, and the server's.
    """
    said = Heard()
    current = ""
    for line in text.split("\n"):
        for mail, sure in _named(line, not_these):
            known = said.sure if sure else said.perhaps
            if len(known) < _FOUND_LIMIT:
                known.setdefault(mail, "")
            if sure or not said.sure:
                current = mail
        place = said.sure if current in said.sure else said.perhaps
        if current in place and len(place[current]) < _WORDS_LIMIT:
            place[current] += line + "\n"
        elif not current and len(said.before) < _WORDS_LIMIT:
            said.before += line + "\n"
    return said


def _named(line: str, not_these: Collection[str]) -> Iterator[tuple[str, bool]]:
    if _pattern("others").search(line[:120]) and not _OPENS.match(line):
        return
    for found in _ADDRESS.finditer(line):
        mail = address(found[0].strip(".'`").removeprefix("rfc822;"))
        if mail and mail.lower() not in not_these and not _SERVERS.match(mail):
            yield mail, bool(_pattern("before").search(line[: found.start()]))
