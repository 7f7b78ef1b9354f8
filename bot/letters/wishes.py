"""What a letter asks for in one word: to come, to go, to confirm; the words stand in `writing.toml`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bot.letters.addresses import domain_of, plus_part
from bot.letters.letter import Kind
from bot.letters.own import Own, written

_LEAVE = re.compile(r"(?:leave|unsubscribe)[ \t]+([A-Za-z0-9_=.-]{8,200})", re.IGNORECASE)
_SUBJECT_LIMIT = 300
_SHORT_WORDS = 60
_ENDS = " \t\n.,;!?:\"'«»“”„()[]*<>-–—"
_COMING = frozenset({"subscribe", "join"})
_GOING = frozenset({"unsubscribe", "leave"})
# What stands before a token behind the + of an address of ours; a bounce's token stands behind the + alone.
_MARKED = re.compile(r"(confirm|q|leave|unsubscribe|subscribe|bounce)[-.](.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Road:
    """By which of our addresses a letter came: the word behind its +, and the token."""

    word: str = ""
    token: str = ""
    to_bounces: bool = False


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    names = ("subscribe", "unsubscribe", "refusing", "answer_subjects")
    return {name: re.compile(written(name)) for name in names}


def road(sent_to: Sequence[str]) -> Road:
    """Return the first road that an address of ours names, an empty one where none has a +."""
    for mail in sent_to:
        base, rest = plus_part(mail)
        if not rest:
            continue
        if rest.lower() in _COMING | _GOING | {"confirm", "q", "bounce"}:
            return Road(rest.lower())
        marked = _MARKED.fullmatch(rest)
        word, token = (marked[1].lower(), marked[2]) if marked else ("", rest)
        return Road(word, token, to_bounces=base in ("bounce", "bounces") or word == "bounce")
    return Road(to_bounces=any(plus_part(mail)[0] in ("bounce", "bounces") for mail in sent_to))


def is_of_ours(mail: str, our_domain: str, our_addresses: Sequence[str]) -> bool:
    """Tell whether an address is one of ours; where nothing is known of us, whether it has a +."""
    if not our_domain and not our_addresses:
        return bool(plus_part(mail)[1])
    if our_domain and domain_of(mail) == our_domain.lower():
        return True
    base = f"{plus_part(mail)[0]}@{domain_of(mail)}"
    return any(mail.lower() == ours or base == ours for ours in our_addresses)


def leaving_token(subject: str) -> str:
    """Return the token of the subject that our List-Unsubscribe writes, empty where it is none."""
    found = _LEAVE.fullmatch(subject.strip()[:_SUBJECT_LIMIT])
    return found[1] if found else ""


def wish(way: Road, subject: str, own: Own) -> Kind | None:
    """Return what a letter of a person asks for, None where it asks nothing of this kind.

    What somebody wrote goes before the address they wrote to: whoever answers a question of ours with "stop" has not
    confirmed anything.
    """
    said = _only(own.words)
    refuses = bool(said) and bool(_patterns()["refusing"].match(said))
    if way.word in _GOING or _is("unsubscribe", said):
        return Kind.UNSUBSCRIBE
    if way.word == "confirm":
        return Kind.HUMAN if refuses else Kind.CONFIRM
    if way.word in _COMING:
        return Kind.HUMAN if refuses else Kind.SUBSCRIBE
    if way.word == "q":
        return Kind.REPLY
    if _is("subscribe", said):
        return Kind.SUBSCRIBE
    return None if own.links else _by_subject(subject, said)


def _by_subject(subject: str, said: str) -> Kind | None:
    """Return what a subject asks for; only where it is nobody else's, and the letter says little or nothing more."""
    if _patterns()["answer_subjects"].match(subject.lower()) or len(said) > 2 * _SHORT_WORDS:
        return None
    asked = _only(subject)
    if _is("unsubscribe", asked):
        return Kind.UNSUBSCRIBE
    return Kind.SUBSCRIBE if _is("subscribe", asked) else None


def _only(text: str) -> str:
    return " ".join(text[:500].lower().replace("’", "'").strip(_ENDS).split())


def _is(name: str, said: str) -> bool:
    return 0 < len(said) <= _SHORT_WORDS and bool(_patterns()[name].fullmatch(said))
