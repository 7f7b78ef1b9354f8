"""When the mail server takes nothing from anybody: pauses that grow, one letter as a probe, one alarm; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.delivery.outcome import run_delay


@dataclass(frozen=True, slots=True)
class Breaker:
    """How sending by mail stands. `pauses` counts the troubles since a letter was last taken."""

    pauses: int = 0
    until: datetime | None = None
    alarmed: bool = False

    def after(self, now: datetime, random: Random, *, taken: bool, troubled: bool, alarming: bool) -> "Breaker":
        """Return how it stands after letters were taken, or troubled for a reason that may concern them all.

        An alarming trouble is worth telling at once; any other, such as one letter without an answer, the second time.
        """
        if not troubled:
            return Breaker() if taken else self
        pauses = 1 if taken else self.pauses + 1
        until = now + timedelta(seconds=run_delay(pauses, random))
        return Breaker(pauses, until, alarmed=(self.alarmed and not taken) or alarming or pauses > 1)

    def window(self, now: datetime, full: int) -> int:
        """Return how many letters may be under way."""
        if self.until is not None and self.until > now:
            return 0
        return 1 if self.pauses else full
