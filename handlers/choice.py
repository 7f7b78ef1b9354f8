"""Which bulletin an update is about: the one of its moderators' chat, that of its subject, else the person's choice."""

from collections.abc import Sequence

from store import bulletins
from store.database import Tx
from store.records import Bulletin, Person

SHARE = 10**9
"""The subject of a question about a part of a bulletin is the bulletin times this, and what tells the part."""

PER_ISSUE = 1_000_000
"""The same of an issue and one of its sections."""

BULLETIN, PART, SECTION_OF_ISSUE = "bulletin", "part of a bulletin", "section of an issue"
SUBJECTS = {
    **dict.fromkeys(("open", "choose", "back"), "submission"),
    **dict.fromkeys(("fix", "ask", "section", "wish", "withdraw"), "item"),
    **dict.fromkeys(("into", "reject", "because", "card", "undo", "why", "later", "wake", "add-source"), "item"),
    **dict.fromkeys(("cite", "translate", "part", "separate", "issue-item", "ask-light"), "item"),
    **dict.fromkeys(("is-there", "again", "leave-out", "report-settle"), "delivery"),
    **dict.fromkeys(("publish", "hold", "continue", "close", "reopen", "ask-issue", "issue", "correct"), "issue"),
    **dict.fromkeys(("report", "report-again", "report-missed"), "issue"),
    **dict.fromkeys(("until", "take-out", "take-notice", "leave-notice", "notice"), "notice"),
    **dict.fromkeys(("notices", "notice-new"), BULLETIN),
    **dict.fromkeys(("mail-me", "preview-mail", "preview-other", "preview-forget"), BULLETIN),
    **dict.fromkeys(("put", "set", "channels", "channel-add", "channel-try"), BULLETIN),
    **dict.fromkeys(("reasons", "reason", "reason-add", "bulletin-new", "topic", "sections"), BULLETIN),
    **dict.fromkeys(("section-menu", "section-gone", "section-left", "section-move", "section-remove"), "section"),
    **dict.fromkeys(("section-out", "section-ask"), "section"),
    **dict.fromkeys(("section-title?", "section-short?"), SECTION_OF_ISSUE),
    **dict.fromkeys(("sections-same", "section-new?"), "issue"),
    "section-new": BULLETIN,
    **dict.fromkeys(("subscribe", "subscribe-here", "subscribe-mail", "subscribe-latest"), BULLETIN),
    "subscribe-address": BULLETIN,
    "stats": BULLETIN,
    "channel": "channel",
    "reason-change": PART,
}
BEGINNINGS = {
    "notice-": "notice",
    "item-": "item",
    "edit": "item",
    "give-": "item",
    "issue-": "issue",
    "set-": BULLETIN,
}
GENERAL = frozenset(
    (
        "start help stop subscribe letterbox bulletin settings topic sources source invite mute ban unmute people "
        "rename language guard"
    ).split()
)
"""Commands that are about no single bulletin, or that name it themselves."""


def at(every: Sequence[Bulletin], chat: int) -> Bulletin | None:
    """Return the bulletin whose moderators' chat this is."""
    return next((bulletin for bulletin in every if bulletin.moderators_chat == chat), None)


def needs_name(name: str) -> bool:
    """Say whether the answer to a command must name the bulletin that it is about, where there are several."""
    return name.startswith("/") and name[1:] not in GENERAL


async def bulletin_of(
    tx: Tx, every: Sequence[Bulletin], desk: Bulletin | None, person: Person | None, name: str, subject: int
) -> Bulletin | None:
    """Return the bulletin that a press or reply called `name` is about, or a message or command without a subject.

    At a desk it is always the desk's own; where the subject belongs to another one, None: it is not to be touched.
    """
    if len(every) < 2:
        return every[0] if every else None
    own = await _owner_of(tx, name, subject) if subject else None
    if desk is not None:
        return desk if own in (None, desk.id) else None
    wanted = own or (person.bulletin_id if person is not None else None)
    return next((bulletin for bulletin in every if bulletin.id == wanted), every[0])


async def _owner_of(tx: Tx, name: str, subject: int) -> int | None:
    kind = SUBJECTS.get(name) or SUBJECTS.get(name.rstrip("?"))
    kind = kind or next((kind for start, kind in BEGINNINGS.items() if name.startswith(start)), None)
    if kind is None:
        return None
    if kind == SECTION_OF_ISSUE:
        issue, section = divmod(subject, PER_ISSUE)
        kind, subject = ("issue", issue) if issue else ("section", section)
    if kind in (BULLETIN, PART):
        return subject if kind == BULLETIN else subject // SHARE
    return await bulletins.of_subject(tx, kind, subject)
