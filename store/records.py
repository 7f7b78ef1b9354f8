"""The frozen records of a bulletin: people, items, issues, readers, deliveries, and the states they pass through."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may do; each role includes the ones before it."""

    CONTRIBUTOR = "contributor"
    MODERATOR = "moderator"
    EDITOR = "editor"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def includes(self, other: "Role") -> bool:
        return self.rank >= other.rank


class Precision(StrEnum):
    """How exactly a publication date is known; a missing date stays missing."""

    DAY = "day"
    MONTH = "month"
    RANGE = "range"
    NONE = "none"


class ItemState(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    IN_ISSUE = "in issue"
    CARRIED = "carried"
    WITHDRAWN_AFTER = "withdrawn after publication"


class IssueState(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    FROZEN = "frozen"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    SKIPPED = "skipped"


class SubscriptionState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class MediaType(StrEnum):
    ARTICLE = "article"
    VIDEO = "video"
    AUDIO = "audio"
    REPORT = "report"
    INTERVIEW = "interview"


class NoticeKind(StrEnum):
    MEETING = "meeting"
    CAMPAIGN = "campaign"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A date as exact as it is known: DAY uses `start`; MONTH the first of the month in `start`; RANGE both ends.

