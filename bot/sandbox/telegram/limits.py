"""How often the bot may send and edit, counted in the sandbox's time."""

import math
from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.clock import Clock
from bot.sandbox.telegram.accounts import Place
from bot.sandbox.telegram.errors import too_many_requests

_ALL_PER_SECOND = 30
_CHAT_PER_SECOND = 1
_CHAT_BURST = 3
_GROUP_PER_MINUTE = 20
_MINUTE_SECONDS = 60.0


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a steady rate."""

    per_second: float
    size: float
    tokens: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.size

    def wait(self, now: float) -> float:
        """Seconds until the next token; 0 when there is one."""
        self.tokens = min(self.size, self.tokens + max(0.0, now - self.at) * self.per_second)
        self.at = now
        return max(0.0, (1 - self.tokens) / self.per_second)

    def take(self) -> None:
        """Use one token."""
        self.tokens -= 1


@dataclass(slots=True)
class Window:
    """At most so many within the last minute."""

    most: int
    taken: deque[float] = field(default_factory=deque)
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until there is room again; 0 when there is."""
        self.at = now
        while self.taken and self.taken[0] <= now - _MINUTE_SECONDS:
            self.taken.popleft()
        return self.taken[0] + _MINUTE_SECONDS - now if len(self.taken) >= self.most else 0.0

    def take(self) -> None:
        """Count one."""
        self.taken.append(self.at)


class Limits:
    """The limits of one bot: in all, per chat, and per minute in groups and channels."""

    def __init__(self, clock: Clock, *, enforced: bool = True) -> None:
        self.enforced = enforced
        self._clock = clock
        self._all = Bucket(_ALL_PER_SECOND, _ALL_PER_SECOND)
        self._counters: dict[tuple[int, str], list[Bucket | Window]] = {}

    def spend(self, chat: Place, act: str) -> None:
        """Count one act, "send" or "edit", in a chat; ApiError 429 when it is one too many."""
        if not self.enforced:
            return
        now = self._clock.now().timestamp()
        counters = [self._all, *self._of(chat, act)]
        wait = max(counter.wait(now) for counter in counters)
        # The tokens are sums of small fractions: what is missing by less than a microsecond is there.
        if wait > 1e-6:
            raise too_many_requests(max(1, math.ceil(wait)))
        for counter in counters:
            counter.take()

    def _of(self, chat: Place, act: str) -> "list[Bucket | Window]":
        key = (chat.id, act)
        if key not in self._counters:
            counters: list[Bucket | Window] = []
            if chat.kind in ("private", "channel"):
                counters.append(Bucket(_CHAT_PER_SECOND, _CHAT_BURST))
            if chat.kind != "private":
                counters.append(Window(_GROUP_PER_MINUTE))
            self._counters[key] = counters
        return self._counters[key]
