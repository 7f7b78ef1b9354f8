"""What somebody wrote or passed on themselves: without the letter they answer, and without their signature."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.letters.lines import Line

_FILE = Path(__file__).with_name("writing.toml")
_LINE_LIMIT = 400
_LINKS_LIMIT = 200
_WORDS_LIMIT = 20_000
_FRAME = " \t-–—_=*·•>|:#"
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|[^\s@]{1,80}@[^\s@]{1,120}")
_SIGNATURE = re.compile(r"--\s?|—\s?|_{2,5}")
_RULE = re.compile(r"_{20,}|-{30,}")


@dataclass(frozen=True, slots=True)
class Own:
    """The own words of a letter, the links that count, and whether it passes another one on."""

    words: str = ""
    links: tuple[str, ...] = ()
    passed_on: bool = False


@dataclass(frozen=True, slots=True)
class _Habits:
    """The data file as patterns."""

    wrote: re.Pattern[str]
    begins: re.Pattern[str]
    divided: re.Pattern[str]
    passed_on: re.Pattern[str]
    forward_subjects: re.Pattern[str]
    first_names: re.Pattern[str]
    more_names: re.Pattern[str]
    boasts: re.Pattern[str]
    boast_hosts: re.Pattern[str]


@cache
def _file() -> dict[str, str | list[str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def written(name: str) -> str:
    """Return one entry of the data file as a pattern, the lines of a list as its alternatives."""
    value = _file()[name]
    return value if isinstance(value, str) else "|".join(value)


@cache
def _habits() -> _Habits:
    return _Habits(
        wrote=re.compile(rf"(?<!\w)(?:{written('wrote')})(?!\w)"),
        begins=re.compile(written("begins")),
        divided=re.compile(rf"(?:{written('divided')})\b"),
        passed_on=re.compile(rf"(?:{written('passed_on')})(?!\w)"),
        forward_subjects=re.compile(written("forward_subjects")),
        first_names=re.compile(rf"\W{{0,3}}(?:{written('first_names')})\s?\W{{0,3}}[:：]"),
        more_names=re.compile(rf"\W{{0,3}}(?:{written('more_names')})\s?\W{{0,3}}[:：]"),
        boasts=re.compile(rf"\W{{0,4}}(?:{written('boasts')})"),
        boast_hosts=re.compile(written("boast_hosts")),
    )


def own(lines: Sequence[Line], subject: str) -> Own:
    """Return what is a letter's own of its lines.

    A letter that passes another one on, as its subject or a line of its own says, keeps the links of what it passes on;
    a letter that answers loses those of the letter answered. One look at each line, in one direction.
    """
    forwards = bool(_habits().forward_subjects.match(subject.lower()))
    words: list[str] = []
    links: dict[str, None] = {}
    at, signed, introduced = 0, False, False
    while at < len(lines):
        line = lines[at]
        if _passes_on(lines, at, introduced) or (forwards and (line.depth or line.rest or _answers_at(lines, at))):
            _all_links(lines[at:], links)
            return Own(_joined(words), tuple(links), passed_on=True)
        skipped = 1 if line.depth or line.rest else _introduction(lines, at)
        if skipped is None or (not skipped and _answers_at(lines, at)):
            break
        if skipped:
            introduced = introduced or not (line.depth or line.rest)
            at += skipped
            continue
        signed = signed or bool(_SIGNATURE.fullmatch(line.text.strip()) and words)
        if not signed and not _is_boast(line):
            words.append(line.text)
            _all_links((line,), links)
        at += 1
    return Own(_joined(words), tuple(links), passed_on=forwards)


def _joined(words: list[str]) -> str:
    return "\n".join(words).strip()[:_WORDS_LIMIT]


def _all_links(lines: Sequence[Line], links: dict[str, None]) -> None:
    for line in lines:
        if line.links and len(links) < _LINKS_LIMIT:
            links.update(dict.fromkeys(line.links))


def _told(line: Line) -> str:
    return line.text[:_LINE_LIMIT].strip().lower()


def _passes_on(lines: Sequence[Line], at: int, introduced: bool) -> bool:
    """Tell whether a line begins a letter passed on by the sender: not deep in what they answer."""
    told = _told(lines[at]).lstrip(_FRAME)
    if not told or not _habits().passed_on.match(told):
        return False
    if not lines[at].depth:
        return True
    # Some programs quote what they pass on; then nothing quoted stands before it, and nobody "wrote" it.
    own_before = not any(line.depth for line in lines[max(0, at - 3) : at])
    return lines[at].depth == 1 and own_before and not introduced


def _introduction(lines: Sequence[Line], at: int) -> int | None:
    """Return how many lines say that somebody wrote what is quoted next; None where all the rest is what they wrote."""
    told = _told(lines[at])
    if not told or not _habits().begins.match(told):
        return 0 if not told or not told.endswith((":", "：")) else _end(lines, at, 1, told)
    joined = told
    for count in (1, 2, 3):
        if _wrote(joined):
            return _end(lines, at, count, joined)
        if at + count >= len(lines) or lines[at + count].depth or not _told(lines[at + count]):
            break
        joined = f"{joined} {_told(lines[at + count])}"
    return 0


def _wrote(told: str) -> bool:
    """Tell whether a text introduces a quotation: it ends in a colon and has a verb or an address, and a time."""
    if not told.endswith((":", "：", ": >")) or len(told) > _LINE_LIMIT:
        return False
    return bool(_TIME.search(told)) and ("@" in told or bool(_habits().wrote.search(told)))


def _end(lines: Sequence[Line], at: int, count: int, told: str) -> int | None:
    if not _wrote(told):
        return 0
    after = next((line for line in lines[at + count :] if line.text.strip() or line.links), None)
    return count if after is not None and (after.depth or after.rest) else None


def _answers_at(lines: Sequence[Line], at: int) -> bool:
    """Tell whether the letter answered begins at a line: a divider, or a block of From, Sent, To, Subject."""
    told = _told(lines[at])
    framed = told.lstrip(_FRAME)
    if framed and _habits().divided.match(framed) and (framed != told or told.endswith((":", "-"))):
        return True
    if _RULE.fullmatch(told):
        at += 1
        while at < len(lines) and not _told(lines[at]):
            at += 1
    if at >= len(lines) or not _habits().first_names.match(_told(lines[at])):
        return False
    block = [_told(line) for line in lines[at + 1 : at + 9] if _told(line)]
    return sum(bool(_habits().more_names.match(name)) for name in block[:5]) >= 2


def _is_boast(line: Line) -> bool:
    told = _told(line)
    if len(told) > 160 or not _habits().boasts.match(told):
        return False
    return all(_habits().boast_hosts.search(link.lower()) for link in line.links)
