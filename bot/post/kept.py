"""What is kept of a letter, sealed, while somebody must confirm it or decide on it."""

import json
from dataclasses import asdict, dataclass

from bot.letters.letter import Letter
from bot.render.style import clean, clean_block
from bot.seal import Sealer
from bot.subscriptions import mark

PURPOSE = "letter"
MOST_WORDS = 20_000
MOST_LINKS = 200
LONGEST_SUBJECT = 300


@dataclass(frozen=True, slots=True)
class Kept:
    """The parts of a letter by which it can be shown, answered and taken in; raw mail is never kept.

    `trusted`: our own mail server found that it really comes from the domain of `sender`. `person` is the contributor
    to whose secret address it came, 0 where it came to none.
    """

    sender: str
    subject: str
    words: str
    links: tuple[str, ...]
    message_id: str
    language: str
    trusted: bool
    problem: str = ""
    person: int = 0
    automatic: bool = False

    @property
    def answerable(self) -> bool:
        """Whether its sender may be written to: a program is never answered."""
        return bool(self.sender) and not self.automatic


def reference(message_id: str) -> str:
    """Return a Message-ID as In-Reply-To names it (RFC 5322 §3.6.4), "" for none."""
    return f"<{message_id.strip('<> ')}>" if message_id else ""


def is_proven(letter: Letter) -> bool:
    """Say whether an aligned DMARC pass stands behind the address in From (RFC 7489 §3.1)."""
    domain = letter.sender.rpartition("@")[2].lower()
    return bool(domain) and letter.passed.lower() == domain


def keep(letter: Letter, person: int = 0) -> Kept:
    return Kept(
        letter.sender,
        clean(letter.subject)[:LONGEST_SUBJECT],
        clean_block(letter.words[:MOST_WORDS]),
        letter.links[:MOST_LINKS],
        letter.message_id,
        letter.language,
        is_proven(letter),
        letter.problem,
        person,
        letter.automatic,
    )


def seal(sealer: Sealer, kept: Kept) -> bytes:
    return sealer.seal(PURPOSE, json.dumps(asdict(kept), ensure_ascii=False))


def unseal(sealer: Sealer, content: bytes) -> Kept:
    found = json.loads(sealer.open(PURPOSE, content))
    return Kept(**{**found, "links": tuple(found["links"])})


def sender_mac(sealer: Sealer, address: str) -> str | None:
    """Return the HMAC by which what somebody wrote is found when their address is erased; None for no address."""
    return mark(sealer, address) if address else None


def masked(address: str) -> str:
    """Return an address as moderators see it: `d…@readers.example`."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if at and name else ""
