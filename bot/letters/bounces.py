"""Whether a letter is one of ours that came back, for whom, and what that says of their address."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.letters import automatic, dialects
from bot.letters.addresses import addresses, only_address
from bot.letters.automatic import signs, small
from bot.letters.letter import Returned, Verdict
from bot.letters.old_dialects import failed_addresses
from bot.letters.parts import Parcel
from bot.letters.reports import Told, of_parcel
from bot.letters.reports import told as told_in
from bot.letters.verdicts import is_exact, judged, speaks_of_a_reason, speaks_of_delay, speaks_of_trouble

_WHOLE_LIMIT = 4_000
_WORDS_IN_ALL = 12_000  # what is looked at for reasons, shared among the recipients
_WORDS_AT_LEAST = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a letter came: from nobody or not, and to whom of us; `to_bounces` where that takes returned letters."""

    null_path: bool
    ours: Collection[str] = ()
    to_bounces: bool = False


def returned(parcel: Parcel, text: str, arrival: Arrival) -> tuple[Returned, ...]:
    """Return the recipients of ours whom a letter reports as not reached; none where it is no such report.

    `text` is all that the letter says in its own words. A report by RFC 3464 is believed as it stands. Anything else
    must look returned in at least two ways, and not like an absence. A recipient has no address where a report is plain
    but names nobody.
    """
    told = of_parcel(parcel) or _told_in_text(parcel, text, arrival)
    if told:
        return _by_report(parcel, text, told)
    said = dialects.own_text(text)
    if _looks_returned(parcel, said, arrival):
        return _by_words(parcel, said, arrival)
    # Some set their words below what looks like the returned letter.
    whole = text[:_WHOLE_LIMIT]
    return _by_words(parcel, whole, arrival) if whole != said and _looks_returned(parcel, whole, arrival) else ()


def _told_in_text(parcel: Parcel, text: str, arrival: Arrival) -> Sequence[Told]:
    """Return what a report tells whose parts were not marked as such, as some gateways leave it."""
    small_text = text[: _WHOLE_LIMIT * 5].lower()
    if "final-recipient:" not in small_text or "action:" not in small_text:
        return ()
    by_subject = signs().returned_subjects.match(small(parcel.head.text("subject")))
    if not (by_subject or arrival.null_path or _is_report(parcel) or _matches(parcel, signs().daemons)):
        return ()
    return told_in(text)


def _by_report(parcel: Parcel, text: str, told: Sequence[Told]) -> tuple[Returned, ...]:
    concerned = [one for one in told if one.failed or one.delayed]
    said = dialects.heard(dialects.own_text(text))
    original = parcel.original()
    meant = addresses(original.get("to")) if original else []
    found: dict[str, Returned] = {}
    share = _share(len(concerned))
    for one in concerned:
        mail = one.address or (meant[0] if len(meant) == 1 else "")
        if one.delayed:
            found.setdefault(mail, Returned(mail, Verdict.DELAYED, one.status.strip()[:10]))
            continue
        words = one.words[:share]
        if not speaks_of_a_reason(words) and not is_exact(one.status):
            around = said.sure.get(mail) or said.perhaps.get(mail) or (text if len(concerned) == 1 else "")
            words = f"{words} {around[:share]}"
        verdict, status = judged(words, one.status)
        if mail not in found or found[mail].verdict is not Verdict.HARD:
            found[mail] = Returned(mail, verdict, status)
    return tuple(found.values())


def _looks_returned(parcel: Parcel, said: str, arrival: Arrival) -> bool:
    head = parcel.head
    subject = small(head.text("subject"))
    if "x-failed-recipients" in head:
        return True
    if automatic.perhaps_away_by_subject(subject):
        return False
    words = small(said)
    words = small(said)
    by_subject = bool(signs().returned_subjects.match(subject))
    plain = by_subject or _matches(parcel, signs().daemons)
    if not plain and (automatic.says_away(subject, words) or automatic.asks_for_proof(words)):
        return False
    return _suspicions(parcel, said, arrival, by_subject=by_subject)


def _suspicions(parcel: Parcel, said: str, arrival: Arrival, *, by_subject: bool) -> bool:
    """Tell whether a letter is a returned one by who sent it and by what it says, both together."""
    by_words = bool(signs().returned_texts.search(small(said)))
    reason = speaks_of_trouble(said)
    named = bool(dialects.heard(said, _not_meant(parcel, arrival)).sure)
    if _is_report(parcel) or _matches(parcel, signs().daemons) or not parcel.head.get("from").strip("<> "):
        return (by_subject and (by_words or reason or named)) or (by_words and (reason or named))
    if arrival.null_path or arrival.to_bounces or _matches(parcel, signs().perhaps_daemons):
        return (by_subject and (by_words or reason)) or (by_words and reason and named)
    # A person may well write of returned letters; they do so under another subject, or in an answer.
    return by_subject and by_words and reason and named and "in-reply-to" not in parcel.head


def _is_report(parcel: Parcel) -> bool:
    by_name = signs().daemon_names.search(parcel.head.text("from").lower())
    return parcel.parameters.get("report-type", "").lower() == "delivery-status" or bool(by_name)


def _matches(parcel: Parcel, locals_: re.Pattern[str]) -> bool:
    """Tell whether the localpart of From, or all of a From that is no address, is one of a list."""
    written = parcel.head.get("from")
    local = (only_address(written) or written.strip('<> "')).partition("@")[0].strip('<> "')
    return bool(locals_.fullmatch(local.lower()))


def _by_words(parcel: Parcel, said: str, arrival: Arrival) -> tuple[Returned, ...]:
    subject = parcel.head.text("subject")
    speech = dialects.heard(said, _not_meant(parcel, arrival))
    named = _named(parcel, said, speech, arrival)
    if _only_late(subject, said):
        return tuple(Returned(mail, Verdict.DELAYED, "") for mail in named)
    everything = f"{subject}\n{said}"
    found = []
    share = _share(len(named))
    for mail in named:
        words = (speech.sure.get(mail) or speech.perhaps.get(mail) or everything)[:share]
        if not speaks_of_a_reason(words):
            words = everything if len(named) == 1 else f"{words} {speech.before[:share]}"
        found.append(Returned(mail, *judged(words)))
    return tuple(found)


def _share(recipients: int) -> int:
    return max(_WORDS_AT_LEAST, _WORDS_IN_ALL // max(1, recipients))


def _only_late(subject: str, said: str) -> bool:
    return speaks_of_delay(f"{subject}\n{said}") and not signs().final_texts.search(small(said))


def _not_meant(parcel: Parcel, arrival: Arrival) -> set[str]:
    """Return the addresses in small letters that a report may name without meaning them."""
    head, original = parcel.head, parcel.original()
    own = addresses(head.get("to"), head.get("delivered-to"), head.get("from"), head.get("cc"), head.get("reply-to"))
    if original:
        own += addresses(
            original.get("from"), original.get("return-path"), original.get("sender"), original.get("reply-to")
        )
    return {mail.lower() for mail in (*own, *arrival.ours)}


def _named(parcel: Parcel, said: str, speech: dialects.Heard, arrival: Arrival) -> list[str]:
    """Return who failed, by the plainest thing that tells it; one empty address where nothing does."""
    failed = addresses(*parcel.head.all("x-failed-recipients")) or failed_addresses(parcel.head, said)
    not_meant = _not_meant(parcel, arrival)
    failed = [mail for mail in failed if mail.lower() not in not_meant]
    if failed or speech.sure:
        return failed or list(speech.sure)
    original = parcel.original()
    sent_to = addresses(original.get("to")) if original else []
    return list(speech.perhaps) or (sent_to if len(sent_to) == 1 else []) or [""]
