"""What a mail server's words and codes say of a reader's address: gone for good, or only refused this once."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.letters.letter import Verdict

_LISTS = ("soft", "sure", "weak", "hard", "delayed")
_FILE = Path(__file__).with_name("reasons.toml")
_LENGTH_LIMIT = 3_000
# RFC 3463 §2; neither a piece of an internet address nor of a version.
_STATUS = re.compile(r"(?<![\w.:/-])([245])\.(\d{1,2})\.(\d{1,3})(?![\d]|\.\d)")
_REPLY = re.compile(r"(?<![\w.:/\[-])([45]\d\d)(?=[\s-]|$)(?! ?(?:bytes|kb|mb|seconds|days|hours))")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@]{1,80}@[^\s<>\"'(),;:@]{1,120}")
_LINK = re.compile(r"https?://\S{0,200}")
_BLAMING_LINK = re.compile(r"spam|blacklist|blocklist|blocked|/bl[/.]|rbl|abuse|unblock")
_HOST = re.compile(r"\b(?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,18}\b(?:\[[\d.a-f:]+\])?")
_SENDMAIL_DOTS = re.compile(r"\.{2,}")
_REFUSES = re.compile("reject|denie|deny|refus|not accept|block|access")
_HARD_REPLIES = ("556",)
_GENERIC = (".0.0", ".5.0", ".3.0", ".2.0", ".7.0", ".4.0", ".6.0")


@dataclass(frozen=True, slots=True)
class _Reasons:
    soft: re.Pattern[str]
    sure: re.Pattern[str]
    weak: re.Pattern[str]
    hard: re.Pattern[str]
    delayed: re.Pattern[str]
    statuses: frozenset[str]


@cache
def _reasons() -> _Reasons:
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    soft, sure, weak, hard, delayed = (re.compile("|".join(told[name])) for name in _LISTS)
    return _Reasons(soft, sure, weak, hard, delayed, frozenset(told["status"]["hard"]))


def judged(words: str, status: str = "") -> tuple[Verdict, str]:
    """Return what is to be thought of an address, hard or soft, and the status (RFC 3463) that was found, or empty.

    `words` are what the servers said of this one recipient, `status` the report's own field. Words go before codes,
    since many servers say 5.1.1 of a full mailbox and 5.7.1 of an unknown one; a class 4 is never hard, and what
    nobody can read is soft.
    """
    said = _bare(words)
    status = _telling(status, words)
    return (Verdict.HARD if _is_hard(said, words, status) else Verdict.SOFT), status


def _is_hard(said: str, words: str, status: str) -> bool:
    reasons = _reasons()
    reply = _reply(words)
    if status.startswith("4") or (not status and reply.startswith("4")):
        return False
    if reasons.soft.search(said) or _blames_by_link(words):
        return False
    if reasons.sure.search(said) or reply in _HARD_REPLIES:
        return True
    if reasons.weak.search(said):
        return False
    if reasons.hard.search(said) or (status.startswith("5") and status[2:] in reasons.statuses):
        return True
    return _no_mailbox_at_rcpt(said, reply, status)


def _no_mailbox_at_rcpt(said: str, reply: str, status: str) -> bool:
    """Tell whether a server refused a recipient as RFC 5321 §4.2.3 says it of a mailbox, and gave no other reason."""
    at_rcpt = "rcpt to" in said and reply in ("550", "551", "553") and not _REFUSES.search(said)
    return at_rcpt and (not status or status.endswith(_GENERIC))


def _blames_by_link(words: str) -> bool:
    return any(_BLAMING_LINK.search(link) for link in _LINK.findall(words[:_LENGTH_LIMIT].lower()))


def is_exact(status: str) -> bool:
    """Tell whether a code names a reason of its own, not only a class or a subject."""
    found = _STATUS.search(status)
    return bool(found) and not status.strip().endswith(_GENERIC)


def speaks_of_a_reason(words: str) -> bool:
    """Tell whether words hold a code or a known reason of a refusal."""
    said, reasons = _bare(words), _reasons()
    if _STATUS.search(words[:_LENGTH_LIMIT]):
        return True
    return any(list_.search(said) for list_ in (reasons.sure, reasons.soft, reasons.hard))


def speaks_of_trouble(words: str) -> bool:
    """Tell whether words hold a reason of any kind, the vaguest among them, or a delay."""
    said, reasons = _bare(words), _reasons()
    return speaks_of_a_reason(words) or bool(reasons.weak.search(said) or reasons.delayed.search(said))


def speaks_of_delay(words: str) -> bool:
    """Tell whether a report says that a letter is only late."""
    return bool(_reasons().delayed.search(_bare(words)))


def _bare(words: str) -> str:
    """Return words in small letters, without the names of people and hosts, which say nothing of the reason."""
    said = " ".join(words[:_LENGTH_LIMIT].lower().replace("’", "'").split())
    said = said.replace("resolver.adr.", "").replace("resolver.rst.", "restricted ")
    said = _LINK.sub(" ", said)
    said = _ADDRESS.sub("@", said)
    said = _HOST.sub(" ", _SENDMAIL_DOTS.sub(" ", said))
    return " ".join(said.split())


def _telling(status: str, words: str) -> str:
    """Return the more exact of two codes: the report's own field, or the one the server spoke."""
    own = found[0] if (found := _STATUS.search(status)) else ""
    if own and not own.endswith(_GENERIC):
        return own
    spoken = [code[0] for code in _STATUS.finditer(words[:_LENGTH_LIMIT]) if code[1] != "2"]
    exact = [code for code in spoken if not code.endswith(_GENERIC)]
    if exact and (not own or own[0] == exact[0][0] or own.endswith(".0.0")):
        return exact[0]
    return own or next(iter(spoken), "")


def _reply(words: str) -> str:
    """Return the last SMTP reply of class 4 or 5 in some words, empty where there is none."""
    found = _REPLY.findall(words[:_LENGTH_LIMIT])
    return found[-1] if found else ""
