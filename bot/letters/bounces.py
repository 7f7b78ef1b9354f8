"""Whether a letter is one of ours that came back, for whom, and what that says of their address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.letters import automatic, dialects
from bot.letters.addresses import addresses, only_address
from bot.letters.automatic import signs, small
from bot.letters.letter import Returned, Verdict
from bot.letters.old_dialects import failed_addresses
from bot.letters.parts import Parcel
from bot.letters.reports import Told, of_parcel
from bot.letters.verdicts import judged, speaks_of_a_reason, speaks_of_delay


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
    told = of_parcel(parcel)
    if told:
        return _by_report(parcel, text, told)
    said = dialects.own_text(text)
    if not _looks_returned(parcel, said, arrival):
        return ()
    return _by_words(parcel, said, arrival)


def _by_report(parcel: Parcel, text: str, told: Sequence[Told]) -> tuple[Returned, ...]:
    concerned = [one for one in told if one.failed or one.delayed]
    said = dialects.heard(dialects.own_text(text))
    original = parcel.original()
    meant = addresses(original.get("to")) if original else []
    found: dict[str, Returned] = {}
    for one in concerned:
        mail = one.address or (meant[0] if len(meant) == 1 else "")
        if one.delayed:
            found.setdefault(mail, Returned(mail, Verdict.DELAYED, one.status.strip()[:10]))
            continue
        words = one.words
        if not speaks_of_a_reason(words):
            around = said.sure.get(mail) or said.perhaps.get(mail) or (text if len(concerned) == 1 else "")
            words = f"{words} {around}"
        verdict, status = judged(words, one.status)
        if mail not in found or found[mail].verdict is not Verdict.HARD:
            found[mail] = Returned(mail, verdict, status)
    return tuple(found.values())


def _looks_returned(parcel: Parcel, said: str, arrival: Arrival) -> bool:
    head = parcel.head
    subject = small(head.text("subject"))
    if "x-failed-recipients" in head:
        return True
    if automatic.away_by_subject(subject):
        return False
    words = small(said)
    by_subject = bool(signs().returned_subjects.match(subject))
    by_words = bool(signs().returned_texts.search(words))
    daemon = _is_daemon(parcel)
    if not by_subject and (automatic.says_away(subject, words) or automatic.asks_for_proof(words)):
        return False
    reason = speaks_of_a_reason(said)
    report = parcel.parameters.get("report-type", "").lower() == "delivery-status"
    if by_subject and (daemon or arrival.null_path or report):
        return by_words or reason or arrival.to_bounces or bool(dialects.heard(said).sure)
    if (daemon or report) and by_words:
        return True
    if arrival.null_path or arrival.to_bounces or by_subject or daemon:
        return by_words and reason
    return False


def _is_daemon(parcel: Parcel) -> bool:
    """Tell whether From names a mail server's own mailbox, or nobody."""
    written = parcel.head.get("from")
    sender = only_address(written)
    local = (sender or written.strip("<> ")).rpartition("@")[0] or written.strip('<> "')
    if not written.strip("<> ") or signs().daemons.fullmatch(local.lower()):
        return True
    return bool(signs().daemon_names.search(parcel.head.text("from").lower()))


def _by_words(parcel: Parcel, said: str, arrival: Arrival) -> tuple[Returned, ...]:
    subject = parcel.head.text("subject")
    speech = dialects.heard(said, _not_meant(parcel, arrival))
    named = _named(parcel, said, speech)
    if _only_late(subject, said):
        return tuple(Returned(mail, Verdict.DELAYED, "") for mail in named)
    everything = f"{subject}\n{said}"
    found = []
    for mail in named:
        words = speech.sure.get(mail) or speech.perhaps.get(mail) or everything
        if not speaks_of_a_reason(words):
            words = everything if len(named) == 1 else f"{speech.before} {words}"
        found.append(Returned(mail, *judged(words)))
    return tuple(found)


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


def _named(parcel: Parcel, said: str, speech: dialects.Heard) -> list[str]:
    """Return who failed, by the plainest thing that tells it; one empty address where nothing does."""
    failed = addresses(*parcel.head.all("x-failed-recipients"))
    if failed or speech.sure:
        return failed or list(speech.sure)
    original = parcel.original()
    sent_to = addresses(original.get("to")) if original else []
    return failed_addresses(parcel.head, said) or list(speech.perhaps) or (sent_to if len(sent_to) == 1 else []) or [""]
