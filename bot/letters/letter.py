"""What is read out of a letter."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a letter is, by all that can be told from itself alone."""

    SUBMISSION = "submission"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    CONFIRM = "confirm"
    REPLY = "reply"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto-reply"
    HUMAN = "human"


class Verdict(StrEnum):
    """What a report says of one recipient; a delay is no failure."""

    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True)
class Returned:
    """One recipient of a report; `status` is of RFC 3463, such as `5.1.1`, or empty."""

    address: str
    verdict: Verdict
    status: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it was read; nothing in it is authority for who sent it.

    `sender` is the one address in From, empty where there is none or more than one. `sent_to` are the addresses of ours
    it came to, the envelope's first. `words` are the sender's own, without quoted history and signature; `links` are in
    their order, each once. `token` is what stands behind the + of an address of ours or behind `leave` in the subject.
    `passed` is the domain for which our own mail server found an aligned DMARC pass, empty where it found none.
    `problem` says why it could not be read to its end, empty when it could.
    """

    kind: Kind
    sender: str = ""
    sent_to: tuple[str, ...] = ()
    subject: str = ""
    words: str = ""
    links: tuple[str, ...] = ()
    returned: tuple[Returned, ...] = ()
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    token: str = ""
    automatic: bool = False
    passed: str = ""
    language: str = ""
    problem: str = ""
