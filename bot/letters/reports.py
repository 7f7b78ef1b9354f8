"""Reports of delivery as RFC 3464 has them, and as servers write them in spite of it; complaints by RFC 5965."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.letters.addresses import reported
from bot.letters.parts import FEEDBACK, STATUS, Parcel

_FIELD = re.compile(r"([A-Za-z][\w-]{1,40})[ \t]*:[ \t]*(.*)")
_LOOKED_AT = 60_000
_RECIPIENTS_LIMIT = 100
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]{1,80}@[^\s<>\"'(),;:\[\]]{1,120}")
_NAMES = ("original-recipient", "final-recipient", "x-actual-recipient", "x-original-recipient", "recipient")
_REASONS = ("diagnostic-code", "x-powermta-bouncecategory", "x-supplementary-info", "reason")
_BEGINS = frozenset({"final-recipient", "original-recipient"})
_NO_COMPLAINTS = frozenset({"not-spam", "auth-failure", "dmarc", "dkim"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a report tells of one recipient: `action` and the other fields as they stand there, in small letters."""

    address: str
    action: str
    status: str
    words: str

    @property
    def delayed(self) -> bool:
        return self.action.startswith("delay")

    @property
    def failed(self) -> bool:
        if self.action.startswith(("deliver", "relay", "expand", "delay")):
            return False
        return bool(self.action) or not self.status.startswith("2")


def told(text: str) -> list[Told]:
    """Return what the text of a `message/delivery-status` part tells of each recipient."""
    groups = list(_groups(text[:_LOOKED_AT]))
    return [_told(group) for group in groups if _is_of_a_recipient(group)][:_RECIPIENTS_LIMIT]


def of_parcel(parcel: Parcel) -> list[Told]:
    """Return what all the delivery reports in a letter tell."""
    return [one for part in parcel.parts if part.kind in STATUS for one in told(part.text())]


def _is_of_a_recipient(group: dict[str, str]) -> bool:
    return any(name in group for name in _NAMES) or ("action" in group and "status" in group)


def _groups(text: str) -> Iterator[dict[str, str]]:
    """Yield the fields of each block; a block in which a second recipient begins is two."""
    group: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and last and line.strip():
            group[last] = f"{group[last]} {line.strip()}"[:2_000]
            continue
        field = _FIELD.match(line)
        name = field[1].lower() if field else ""
        if not line.strip() or (name in _BEGINS and name in group):
            if group:
                yield group
            group, last = {}, ""
        if field:
            last = name
            group[name] = f"{group[name]} {field[2]}"[:2_000] if name in group else field[2][:2_000]
    if group:
        yield group


def _told(group: dict[str, str]) -> Told:
    mail = next((found for name in _NAMES if (found := _address(group.get(name, "")))), "")
    words = " ".join(group.get(name, "") for name in _REASONS)
    action = group.get("action", "").partition("(")[0].strip().lower()
    return Told(mail, action, group.get("status", ""), words)


def _address(value: str) -> str:
    """Return the address of a field such as `rfc822; ana@example.org`, in whatever brackets it stands."""
    kind, mark, rest = value.partition(";")
    if mark and "400" in kind:
        return ""
    found = _ADDRESS.search(rest if mark else value)
    return reported(found[0]) if found else ""


def complains(parcel: Parcel) -> bool:
    """Tell whether a letter reports that a reader called one of ours spam; reports of other kinds are none."""
    part = parcel.first(FEEDBACK)
    if part is None:
        return parcel.parameters.get("report-type", "").lower() == "feedback-report"
    kinds = {
        group["feedback-type"].strip().lower()
        for group in _groups(part.text()[:_LOOKED_AT])
        if "feedback-type" in group
    }
    return not kinds or bool(kinds - _NO_COMPLAINTS)


def is_feedback(parcel: Parcel) -> bool:
    return parcel.first(FEEDBACK) is not None
