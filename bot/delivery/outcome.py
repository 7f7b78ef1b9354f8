"""What an answer, a refusal or a silence proves, and how long to wait before the next try; pure."""

import re
from random import Random

import httpx

from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.returns import hints_at_listing

GIVE_UP_SECONDS = 3 * 24 * 3600.0
MAIL_FIRST_SECONDS = 60.0
MAIL_LONGEST_SECONDS = 4 * 3600.0
TELEGRAM_FIRST_SECONDS = 2.0
TELEGRAM_LONGEST_SECONDS = 10 * 60.0
RUN_FIRST_SECONDS = 30.0
RUN_LONGEST_SECONDS = 15 * 60.0
_JITTER = 0.25
_WORDS_CHARACTERS = 200

# Only these prove that a request never left: all else may have been written, in part or whole.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_GONE = ("chat not found", "group chat was deactivated", "user is deactivated", "peer_id_invalid")
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_ADDRESS = re.compile(r"\S*@\S*")
_ABOUT_THE_READER = ("5.1.", "5.2.")
_AUTHENTICATION = frozenset({530, 534, 535, 538})
_REFUSED = re.compile(r"(5\d\d)(?: (5\.\d{1,3}\.\d{1,3}))?(?: |$)")
_LISTED = " (block list)"
_RELAYING = re.compile(r"\brelay", re.IGNORECASE)

Failure = NotSent | PerhapsSent | ChatMoved


def retry_delay(
    attempt: int, random: Random, *, first: float = MAIL_FIRST_SECONDS, longest: float = MAIL_LONGEST_SECONDS
) -> float | None:
    """Return the seconds to wait after the failed try number `attempt` (from 1): doubling, jittered by a quarter.

    None when all tries together have taken three days.
    """
    spent = sum(_step(before, first, longest) for before in range(1, attempt))
    if spent >= GIVE_UP_SECONDS:
        return None
    return _step(attempt, first, longest) * random.uniform(1 - _JITTER, 1 + _JITTER)


def telegram_delay(attempt: int, random: Random, failure: NotSent | PerhapsSent) -> float | None:
    """Return the seconds to wait after a failed call: what Telegram says, or a growing while.

    None when three days of failures that concern this chat alone are over; while Telegram itself is away nothing ends.
    """
    if isinstance(failure, NotSent) and failure.retry_after is not None:
        return failure.retry_after
    delay = retry_delay(attempt, random, first=TELEGRAM_FIRST_SECONDS, longest=TELEGRAM_LONGEST_SECONDS)
    away = isinstance(failure, NotSent) and failure.whose == "run"
    return TELEGRAM_LONGEST_SECONDS if delay is None and away else delay


def run_delay(pauses: int, random: Random) -> float:
    """Return the seconds for which everything waits after the refusal number `pauses` (from 1) that concerns all."""
    return _step(pauses, RUN_FIRST_SECONDS, RUN_LONGEST_SECONDS) * random.uniform(1, 1 + _JITTER)


def _step(attempt: int, first: float, longest: float) -> float:
    return min(longest, first * 2.0 ** min(attempt - 1, 30))


def of_telegram_answer(
    code: int, words: str, *, retry_after: float | None = None, moved_to: int | None = None
) -> Failure:
    """Return what an error answer of the Bot API means; `code` is its HTTP status."""
    if moved_to is not None:
        return ChatMoved(moved_to)
    if code == 429:
        return NotSent(words, permanent=False, retry_after=retry_after or 1.0)
    if code in (401, 404):
        return NotSent(words, permanent=True, whose="run")
    if code == 409:
        return NotSent(words, permanent=False, whose="run")
    if code == 403 or (code == 400 and any(sign in words.lower() for sign in _GONE)):
        return ChatGone(words)
    if 400 <= code < 500:
        return NotSent(words, permanent=True)
    return PerhapsSent(words)


def of_telegram_silence(words: str, cause: BaseException | None) -> Failure:
    """Return what a request without an answer means, by the transport's error behind it."""
    if isinstance(cause, _NEVER_LEFT):
        return NotSent(words, permanent=False, whose="run")
    return PerhapsSent(words)


def of_smtp_reply(step: str, code: int, words: str) -> NotSent:
    """Return what a refusal means; `step` is CONNECT, AUTH, MAIL, RCPT, DATA or DOT (the answer to the final dot).

    At RCPT it is about the reader's address, unless it asks for authentication, denies relaying or speaks of a block
    list; its words may repeat the address, so only the codes are kept. Before that it is about us; at the end, by the
    kind of its enhanced code (RFC 3463: x.1 address, x.2 mailbox). Before MAIL nothing is permanent: the operator mends
    it.
    """
    found = _ENHANCED.match(words)
    enhanced = found[1] if found else ""
    permanent = code >= 500 and step not in ("CONNECT", "AUTH")
    if step == "RCPT":
        listed = hints_at_listing(words)
        ours = permanent and (code in _AUTHENTICATION or listed or bool(_RELAYING.search(words)))
        reason = f"{code} {enhanced}".strip() + (_LISTED if listed else "")
    else:
        theirs = step in ("DATA", "DOT") and (not permanent or enhanced.startswith(_ABOUT_THE_READER))
        ours = not theirs
        reason = f"{code} {_ADDRESS.sub('…', words)}"[:_WORDS_CHARACTERS]
    return NotSent(reason, permanent=permanent, whose="run" if ours else "target")


def refused_status(reason: str) -> str | None:
    """Return the enhanced code (RFC 3463) of a refusal for good, "" where it had none; None for what is no answer."""
    found = _REFUSED.match(reason)
    return None if found is None else found[2] or ""
