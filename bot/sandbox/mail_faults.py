"""The faults a tester may switch on in the sandbox's mail server, by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.sandbox.mailbox import canonical

FaultName = Literal[
    "defer",  # 451 4.7.1 at RCPT
    "defer-greylist",  # 450 4.2.0 at RCPT, in the words of a greylisting server
    "refuse",  # 550 5.1.1 at RCPT
    "refuse-listed",  # 550 5.7.1 at RCPT, in the words of a server that asks a block list
    "refuse-policy",  # 550 5.7.1 after the final dot
    "hang",  # the final dot is never answered and the letter is NOT stored
    "drop-after-dot",  # the letter IS stored, then the connection is closed without the answer
    "slow",  # the letter is stored, the answer comes after `seconds`
    "drop-before",  # closed at connect, without a greeting
    "too-many",  # 421 at connect, then closed
    "mute",  # the connection is taken and never greeted
]
_AT_RCPT: Final = frozenset({"defer", "defer-greylist", "refuse", "refuse-listed"})
_AT_CONNECT: Final = frozenset({"drop-before", "too-many", "mute"})
_AT_DOT: Final = frozenset(get_args(FaultName)) - _AT_RCPT - _AT_CONNECT


@dataclass(slots=True)
class Fault:
    """A fault that is switched on; `left` counts how often it will still strike, None is until cleared."""

    name: FaultName
    recipient: str | None
    left: int | None
    seconds: float


class FaultBook:
    """Which faults are on; the one named for a recipient strikes before one that is meant for everybody."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self, name: FaultName, recipient: str | None = None, times: int | None = None, seconds: float = 0.5
    ) -> None:
        """Switch a fault on, for one recipient or for all, for the next `times` or until cleared."""
        if name not in get_args(FaultName):
            raise ValueError(f"no such fault: {name!r}; there are {', '.join(get_args(FaultName))}")
        if recipient is not None and name in _AT_CONNECT:
            raise ValueError(f"{name!r} strikes at connect, where no recipient is known yet")
        address = None if recipient is None else canonical(recipient)
        self._faults.append(Fault(name, address, times, seconds))

    def clear(self) -> None:
        self._faults.clear()

    def strike_connection(self) -> FaultName | None:
        fault = self._take(_AT_CONNECT, ())
        return fault.name if fault else None

    def strike_recipient(self, recipient: str) -> FaultName | None:
        fault = self._take(_AT_RCPT, (recipient,))
        return fault.name if fault else None

    def strike_letter(self, recipients: Iterable[str]) -> Fault | None:
        return self._take(_AT_DOT, recipients)

    def _take(self, names: frozenset[str], recipients: Iterable[str]) -> Fault | None:
        if not self._faults:
            return None
        known = {canonical(recipient) for recipient in recipients}
        fitting = [fault for fault in self._faults if fault.name in names]
        named = [fault for fault in fitting if fault.recipient in known]
        fault = next(iter(named or [fault for fault in fitting if fault.recipient is None]), None)
        if fault is not None and fault.left is not None:
            fault.left -= 1
            if fault.left <= 0:
                self._faults.remove(fault)
        return fault
