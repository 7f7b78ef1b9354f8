"""Returned letters that are no report by any standard: who could not be reached, and what was said of them."""

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

from bot.letters.addresses import reported

_FILE = Path(__file__).with_name("dialects.toml")
_LINES_LIMIT = 500
_LINE_LIMIT = 600
_WORDS_LIMIT = 2_500
_FOUND_LIMIT = 30

_TRANSCRIPT = re.compile(r"transcript|session|error|reason|addresses|recipient|report", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{}~.-]{1,80}@[A-Za-z0-9.-]{1,120}")
_BRACKETS = " \t>*<\"'([-•"
_BEFORE_LIMIT = 40
_IN_A_LINE_LIMIT = 10
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
    for found in islice(_ADDRESS.finditer(line), _IN_A_LINE_LIMIT):
        mail = reported(found[0].lstrip(".").strip("'`").removeprefix("rfc822;"))
        if mail and mail.lower() not in not_these and not _SERVERS.match(mail):
            yield mail, _is_meant(line[: found.start()])


def _is_meant(before: str) -> bool:
    """Tell whether what stands before an address says that it is the one that failed."""
    return not before.strip(_BRACKETS) or bool(_pattern("before").search(before[-_BEFORE_LIMIT:]))
