"""A letter read from its bytes: what it is, who may have sent it, what it says, where it leads; never raises.

The order in which a letter is told apart, first what a machine sends, then what a person may ask for:

1. a complaint (RFC 5965), 2. a report of delivery or a returned letter, 3. a wish to leave with its token, 4. any other
automatic letter, 5. leaving, confirming, subscribing, an answer to a question of ours, 6. links, 7. all the rest.
"""

import logging
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.letters import automatic, bounces, notices, reports, wishes
from bot.letters.addresses import addresses, domain_of, only_address
from bot.letters.fields import Head
from bot.letters.letter import Kind, Letter, Returned
from bot.letters.lines import Line, html_lines, plain_lines
from bot.letters.own import Own, own
from bot.letters.parts import FEEDBACK, Parcel, take_apart
from bot.letters.proof import passed
from bot.letters.tongue import language_of

_log = logging.getLogger(__name__)
_ID = re.compile(r"<([^<>\s]{1,400}@[^<>\s]{1,400})>")
_IDS_LIMIT = 50
_SUBJECT_LIMIT = 1_000
_TEXT_LIMIT = 150_000
_OPENING = 300
_OUR_TOKEN = re.compile(
    r"(?:bounce\+|subject=(?:leave|unsubscribe)(?:%20|\+| ))([A-Za-z0-9_=.-]{8,200})", re.IGNORECASE
)
_COMPLAINT = re.compile(
    r"complaint about message from|\[?abuse report|email feedback report|spam complaint"
    r"|this is an? (?:email |e-mail )?abuse report",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Bodies:
    """The readable parts of a letter as lines, and as one text."""

    plain: list[Line]
    page: list[Line]
    text: str


def read(
    raw: bytes,
    *,
    envelope_from: str | None = None,
    envelope_to: Sequence[str] = (),
    authserv_id: str = "",
    our_domain: str = "",
    our_addresses: Collection[str] = (),
) -> Letter:
    """Read a letter from its bytes, whatever they are; what could not be read is named in `problem`.

    `envelope_from` is None where the server did not tell it, empty for the null path. `authserv_id` is our own mail
    server's name in Authentication-Results. `our_domain` and `our_addresses` tell which recipients are ours; where both
    are empty, those with a + are taken for ours.
    """
    try:
        parcel = take_apart(raw)
        ours = [mail.lower() for mail in our_addresses]
        sent_to = _sent_to(parcel.head, envelope_to, our_domain, ours)
        return _read(parcel, automatic.has_null_path(parcel.head, envelope_from), sent_to, authserv_id, our_domain)
    except Exception as error:  # noqa: BLE001 a letter that breaks the reading goes to a person, and stops no other
        _log.warning("a letter could not be read: %s", type(error).__name__)
        return Letter(Kind.HUMAN, problem="unreadable", automatic=True)


def _sent_to(head: Head, envelope_to: Sequence[str], our_domain: str, ours: Sequence[str]) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
    found = addresses(*envelope_to, *(value for name in names for value in head.all(name)))
    return tuple(mail for mail in found if wishes.is_of_ours(mail, our_domain, ours))


def _read(parcel: Parcel, null_path: bool, sent_to: tuple[str, ...], authserv_id: str, our_domain: str) -> Letter:
    head = parcel.head
    subject = head.text("subject")[:_SUBJECT_LIMIT]
    froms = head.all("from")
    sender = only_address(froms[0]) if len(froms) == 1 else ""
    bodies = _bodies(parcel)
    mine = _own(bodies, subject)
    way = wishes.road(sent_to)
    answered = _ids(head)
    arrival = bounces.Arrival(null_path, sent_to, way.to_bounces)
    kind, returned = _kind(parcel, bodies, mine, way, arrival)
    if kind is None:
        to_us = bool(our_domain) and any(domain_of(one) == our_domain.lower() for one in answered)
        kind = wishes.wish(way, subject, mine) or (Kind.REPLY if to_us else None)
    if kind is None:
        kind = Kind.SUBMISSION if mine.links else Kind.HUMAN
    return Letter(
        kind,
        sender=sender,
        sent_to=sent_to,
        subject=subject,
        words=mine.words,
        links=mine.links if kind not in (Kind.BOUNCE, Kind.COMPLAINT, Kind.AUTO_REPLY) else (),
        returned=returned,
        message_id=next(iter(_ID.findall(head.get("message-id"))), ""),
        in_reply_to=answered,
        token=way.token or wishes.leaving_token(subject) or _enclosed_token(parcel, kind),
        automatic=kind in (Kind.BOUNCE, Kind.COMPLAINT, Kind.AUTO_REPLY)
        or automatic.is_automatic(head, null_path=null_path),
        passed=passed(head, authserv_id, sender),
        language=language_of(head, f"{subject}\n{mine.words}"),
        problem=parcel.problem,
    )


def _kind(
    parcel: Parcel, bodies: _Bodies, mine: Own, way: wishes.Road, arrival: bounces.Arrival
) -> tuple[Kind | None, tuple[Returned, ...]]:
    """Return what a letter is where a machine sent it, and None where a person may have."""
    head = parcel.head
    subject = head.text("subject")[:_SUBJECT_LIMIT]
    spoken = _COMPLAINT.match(subject) or _COMPLAINT.search(bodies.text[:_OPENING])
    if reports.complains(parcel) or (spoken and parcel.original()):
        return Kind.COMPLAINT, ()
    if reports.is_feedback(parcel):
        return Kind.AUTO_REPLY, ()
    told = notices.notice(bodies.text)
    if notices.kind_of(told) == "complaint":
        return Kind.COMPLAINT, ()
    if returned := notices.returned(told) or bounces.returned(parcel, bodies.text, arrival):
        return Kind.BOUNCE, returned
    if wishes.leaving_token(subject) or (way.word in ("leave", "unsubscribe") and way.token):
        return Kind.UNSUBSCRIBE, ()
    notice = parcel.kind == "multipart/report"
    if notice or arrival.null_path or automatic.answers_by_itself(head) or automatic.away_by_subject(subject):
        return Kind.AUTO_REPLY, ()
    if told or (automatic.perhaps_away_by_subject(subject) and automatic.says_away("", mine.words) and not mine.links):
        return Kind.AUTO_REPLY, ()
    if way.to_bounces and (automatic.says_away(subject, mine.words) or automatic.asks_for_proof(mine.words)):
        return Kind.AUTO_REPLY, ()
    return None, ()


def _bodies(parcel: Parcel) -> _Bodies:
    plain = "\n".join(
        part.text()[:_TEXT_LIMIT] for part in parcel.parts if part.kind.startswith("text") and _is_plain(part.kind)
    )
    pages = "\n".join(part.text()[:_TEXT_LIMIT] for part in parcel.parts if part.kind == "text/html")
    page = html_lines(pages) if pages.strip() else []
    text = plain if plain.strip() else "\n".join(line.text for line in page)
    return _Bodies(plain_lines(plain), page, text[:_TEXT_LIMIT])


def _is_plain(kind: str) -> bool:
    return kind in ("text/plain", "text", "text/x-plain", "text/enriched")


def _own(bodies: _Bodies, subject: str) -> Own:
    """Return what is a letter's own; where it came in both forms, the links of the page go first, as they are whole."""
    plain, page = own(bodies.plain, subject), own(bodies.page, subject)
    if not page.links:
        return Own(plain.words or page.words, plain.links, plain.passed_on or page.passed_on)
    more = [link for link in plain.links if not any(whole.startswith(link) for whole in page.links)]
    return Own(plain.words or page.words, tuple(dict.fromkeys((*page.links, *more))), plain.passed_on or page.passed_on)


def _ids(head: Head) -> tuple[str, ...]:
    found = _ID.findall(head.get("in-reply-to")) + _ID.findall(head.get("references"))[-_IDS_LIMIT:]
    return tuple(dict.fromkeys(found))[:_IDS_LIMIT]


def _enclosed_token(parcel: Parcel, kind: Kind) -> str:
    """Return the token that the letter of ours bears which a report encloses, empty where it bears none."""
    if kind not in (Kind.BOUNCE, Kind.COMPLAINT):
        return ""
    original = parcel.original()
    names = ("return-path", "x-original-from", "list-unsubscribe", "x-list-unsubscribe", "sender")
    told = [original.get(name) for name in names] if original else []
    feedback = parcel.first(FEEDBACK)
    told += [feedback.text()[:20_000]] if feedback else []
    return next((found[1] for text in told if (found := _OUR_TOKEN.search(text))), "")
