"""The roles of people and the states that items, issues, deliveries and subscriptions pass through."""

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


class ItemState(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
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


class Topic(StrEnum):
    """What messages in the moderators' chat are about; each kind may have a topic of its own there."""

    CARDS = "cards"
    ISSUE = "issue"
    ALARMS = "alarms"
