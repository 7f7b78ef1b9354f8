"""Who has let an issue out: whose press counts, for what was seen, and how many presses its gate asks for."""

from bot.issues.gathering import Gathered, gather
from bot.issues.printing import imprint
from store import people
from store.database import Tx
from store.records import Bulletin, Gate, Issue, Person
from store.states import Role

_NEEDED = {Gate.EDITOR: 1, Gate.TWO: 2}


def needed(bulletin: Bulletin) -> int:
    """Return how many persons must let an issue out; 0 where the clock may."""
    return _NEEDED.get(bulletin.gate, 0)


async def let_out_by(tx: Tx, issue: Issue, gathered: Gathered | None = None) -> list[Person]:
    """Return who has let an issue out as it is now, and may do so still.

    A press counts for what would have been printed then; what is closed does not change. `gathered` spares gathering.
    """
    if not issue.approvals:
        return []
    seen = None
    if issue.number is None:
        gathered = gathered or await gather(tx, issue.bulletin_id)
        seen = imprint(gathered) if gathered is not None else ""
    ids = dict.fromkeys(given.person for given in issue.approvals if seen in (None, given.imprint))
    found = [await people.get(tx, person) for person in ids]
    return [person for person in found if not person.revoked and person.role.includes(Role.EDITOR)]


async def is_let_out(tx: Tx, bulletin: Bulletin, issue: Issue, gathered: Gathered | None = None) -> bool:
    """Say whether as many persons have let an issue out as the gate of its bulletin asks for."""
    return len(await let_out_by(tx, issue, gathered)) >= needed(bulletin)


def add_approval(issue: Issue, by: list[Person], gathered: Gathered | None) -> list[dict[str, object]]:
    """Return the approvals of these persons for an issue as it is now, as the store keeps them."""
    seen = imprint(gathered) if gathered is not None and issue.number is None else ""
    return [{"person": person.id, "imprint": seen} for person in by]
