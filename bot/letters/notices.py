"""Notices of Amazon SES that come as JSON inside a letter, where an operator has them sent by mail."""

import json
from typing import Any

from bot.letters.addresses import address
from bot.letters.letter import Returned, Verdict
from bot.letters.verdicts import judged

_LENGTH_LIMIT = 60_000
_RECIPIENTS_LIMIT = 50
_SIGNS = ('"notificationType"', '"eventType"', '\\"notificationType\\"')
_GONE = frozenset({"general", "noemail", "suppressed", "onaccountsuppressionlist"})


def notice(text: str) -> dict[str, Any]:
    """Return the notice in a text, an empty one where there is none."""
    if not any(sign in text[:_LENGTH_LIMIT] for sign in _SIGNS):
        return {}
    found = _object(text[:_LENGTH_LIMIT])
    inner = found.get("Message")
    return _object(inner) if isinstance(inner, str) else found


def _object(text: str) -> dict[str, Any]:
    start = text.find("{")
    try:
        value = json.JSONDecoder(strict=False).raw_decode(text, start)[0] if start >= 0 else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def kind_of(told: dict[str, Any]) -> str:
    """Return `bounce`, `complaint`, `delivery` …, empty where nothing says it."""
    return str(told.get("notificationType") or told.get("eventType") or "").lower()


def returned(told: dict[str, Any]) -> tuple[Returned, ...]:
    """Return the recipients of a notice of a bounce."""
    bounce = told.get("bounce")
    if not isinstance(bounce, dict) or not isinstance(bounce.get("bouncedRecipients"), list):
        return ()
    permanent = str(bounce.get("bounceType", "")).lower() == "permanent"
    gone = permanent and str(bounce.get("bounceSubType", "")).lower() in _GONE
    recipients = bounce["bouncedRecipients"][:_RECIPIENTS_LIMIT]
    return tuple(_one(one, gone=gone) for one in recipients if isinstance(one, dict))


def _one(one: dict[str, Any], *, gone: bool) -> Returned:
    words, status = str(one.get("diagnosticCode") or ""), str(one.get("status") or "")
    verdict, code = judged(words, status)
    if gone and not words and not status.startswith("4"):
        verdict = Verdict.HARD
    return Returned(address(str(one.get("emailAddress", "")).strip("<> ")), verdict, code)
