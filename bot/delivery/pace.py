"""How fast Telegram may be used: the next moment a chat is ready, counted well below the limits that are known."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

# Telegram allows about 30 a second in all, 1 a second in a chat, 20 a minute in a group or channel. It counts when a
# request arrives and we when it leaves, so each of ours keeps a distance from its limit.
ALL_PER_SECOND = 25.0
ALL_BURST = 5
CHAT_PER_SECOND = 0.95
CHAT_BURST = 2
GROUP_MOST = 20
GROUP_WINDOW_SECONDS = 62.0
_KEPT_CHATS = 1_000


Kind = Literal["send", "edit"]
"""Sending and editing are counted apart."""


@dataclass(slots=True)
class _Bucket:
    """Tokens that come back at a steady rate; times are seconds since the epoch."""

    per_second: float
    size: int
    tokens: float
    at: float = 0.0

    def _full_at(self, now: float) -> float:
        return min(float(self.size), self.tokens + max(0.0, now - self.at) * self.per_second)

    def ready(self, now: float) -> float:
        return now + max(0.0, 1 - self._full_at(now)) / self.per_second

    def take(self, now: float) -> None:
        self.tokens, self.at = self._full_at(now) - 1, now

    def idle(self, now: float) -> bool:
        return self._full_at(now) >= self.size


@dataclass(slots=True)
class _Place:
    """What was done in one chat: a bucket, and for groups and channels the acts of the last minute."""

    group: bool
    bucket: _Bucket = field(default_factory=lambda: _Bucket(CHAT_PER_SECOND, CHAT_BURST, CHAT_BURST))
    window: deque[float] = field(default_factory=deque)

    def ready(self, now: float) -> float:
        ready = self.bucket.ready(now)
        if len(self.window) >= GROUP_MOST:
            ready = max(ready, self.window[-GROUP_MOST] + GROUP_WINDOW_SECONDS)
        return ready

    def take(self, now: float) -> None:
        self.bucket.take(now)
        if self.group:
            self.window.append(now)
            while self.window[0] <= now - GROUP_WINDOW_SECONDS:
                self.window.popleft()

    def idle(self, now: float) -> bool:
        return self.bucket.idle(now) and (not self.window or self.window[-1] <= now - GROUP_WINDOW_SECONDS)


class Pace:
    """The pace of one bot. Ask `ready_at`, and say `took` at once when the moment has come."""

    def __init__(self) -> None:
        self._all = _Bucket(ALL_PER_SECOND, ALL_BURST, ALL_BURST)
        self._places: dict[tuple[int, Kind], _Place] = {}
        self._waits: dict[int, datetime] = {}

    def ready_at(self, chat: int, now: datetime, kind: Kind = "send") -> datetime:
        """Return the first moment from `now` on at which this may be done in this chat."""
        at = now.timestamp()
        place = self._places.get((chat, kind))
        seconds = max(self._all.ready(at), place.ready(at) if place else at)
        told = self._waits.get(chat, now)
        return max(told, now if seconds <= at else datetime.fromtimestamp(seconds, UTC))

    def took(self, chat: int, now: datetime, kind: Kind = "send") -> None:
        """Count one act in a chat; a negative chat id is a group or channel."""
        at = now.timestamp()
        if len(self._places) > _KEPT_CHATS:
            self._forget_idle(now)
        self._all.take(at)
        self._places.setdefault((chat, kind), _Place(group=chat < 0)).take(at)

    def told_to_wait(self, chat: int, until: datetime) -> None:
        """Leave a chat alone until this moment, as Telegram asked (429 counts for one chat)."""
        self._waits[chat] = max(until, self._waits.get(chat, until))

    def _forget_idle(self, now: datetime) -> None:
        at = now.timestamp()
        self._places = {key: place for key, place in self._places.items() if not place.idle(at)}
        self._waits = {chat: until for chat, until in self._waits.items() if until > now}
