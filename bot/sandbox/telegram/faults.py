"""Faults by name: what may go wrong between the bot and Telegram, and when it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

FaultName = Literal[
    "flood",
    "blocked",
    "kicked",
    "moved",
    "slow",
    "5xx",
    "5xx-after",
    "drop-before",
    "drop-after-accept",
    "hang",
    "hang-after",
]
# These let the request happen first, and only then keep the answer back.
AFTER: frozenset[str] = frozenset({"5xx-after", "drop-after-accept", "hang-after"})


@dataclass(slots=True, eq=False)
class Fault:
    """One fault that waits for its call; `hits` tells how often it has struck."""

    name: FaultName
    methods: frozenset[str]
    chat_id: int | None = None
    times: int | None = 1
    retry_after: int = 5
    seconds: float = 1.0
    to_chat_id: int | None = None
    hits: int = 0

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Does this call meet the fault? Without a method named, every one does but getUpdates."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.chat_id is not None and chat_id != self.chat_id:
            return False
        return method in self.methods if self.methods else method != "getupdates"

    def clear(self) -> None:
        """Let the fault strike no more."""
        self.times = self.hits


@dataclass(slots=True)
class Faults:
    """All faults set, in the order in which they were."""

    waiting: list[Fault] = field(default_factory=list)

    def add(
        self, name: FaultName, methods: str | Sequence[str] | None, chat_id: int | None, times: int | None
    ) -> Fault:
        """Set a fault; `times=None` is for ever."""
        named = [methods] if isinstance(methods, str) else methods or []
        fault = Fault(name, frozenset(one.lower() for one in named), chat_id, times)
        self.waiting.append(fault)
        return fault

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The first fault that this call meets, counted as struck."""
        for fault in self.waiting:
            if fault.strikes(method, chat_id):
                fault.hits += 1
                return fault
        return None

    def clear(self) -> None:
        """Let no fault strike any more."""
        for fault in self.waiting:
            fault.clear()
        self.waiting.clear()
