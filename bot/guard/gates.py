"""When one gate is looser than another."""

from store.records import Bulletin, Gate

STRICT = (Gate.AUTOMATIC, Gate.COUNTDOWN, Gate.EDITOR, Gate.TWO)
"""From the loosest gate to the strictest."""


def loosens(bulletin: Bulletin, gate: Gate, minutes: int) -> bool:
    """Say whether a gate would let issues out more easily than the bulletin's own: by fewer people, or sooner."""
    before, after = STRICT.index(bulletin.gate), STRICT.index(gate)
    if before != after:
        return after < before
    return gate == Gate.COUNTDOWN and minutes < bulletin.gate_minutes
