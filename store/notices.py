"""SQL of notices: those that print until their day, those taken out, and those that stood in a pasted digest."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, case, delete, select, update

from store import schema as t
from store.database import Tx, insert_row
from store.errors import Stale
from store.records import Notice, NoticeKind, Speaker

_BESIDE = ("bulletin_id", "withdrawn", "suggested", "position", "revision")


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice as it is kept; `revision` guards each change. One that is `withdrawn` prints nowhere."""

    notice: Notice
    bulletin_id: int
    revision: int
    withdrawn: bool
    suggested: bool


async def add(tx: Tx, bulletin_id: int, notice: Notice, *, suggested: bool = False) -> int:
    """Add a notice behind the others; a suggested one prints only when an editor has taken it up."""
    kept = {"bulletin_id": bulletin_id, "withdrawn": suggested, "suggested": suggested}
    return await insert_row(tx, t.notices, **kept, **_columns(notice))


async def get(tx: Tx, notice_id: int) -> Kept | None:
    row = (await tx.execute(select(t.notices).where(t.notices.c.id == notice_id))).first()
    return None if row is None else _kept(row)


async def change(tx: Tx, notice_id: int, revision: int, **columns: Any) -> None:
    """Change a notice of this revision; raises Stale when somebody was first."""
    c = t.notices.c
    statement = update(t.notices).where(c.id == notice_id, c.revision == revision)
    if (await tx.execute(statement.values(revision=c.revision + 1, **columns))).rowcount != 1:
        raise Stale


async def rewrite(tx: Tx, notice: Notice, revision: int, **columns: Any) -> None:
    """Put a notice in the place of the one with its id; raises Stale when somebody was first."""
    await change(tx, notice.id, revision, **_columns(notice), **columns)


async def listed(tx: Tx, bulletin_id: int, day: date) -> list[Kept]:
    """Return the notices whose last day has not passed, in order, those that are taken out among them."""
    c = t.notices.c
    query = select(t.notices).where(c.bulletin_id == bulletin_id, c.until.is_(None) | (c.until >= day))
    query = query.order_by(c.position.is_(None), c.position, c.id)
    return [_kept(row) for row in (await tx.execute(query)).all()]


async def order(tx: Tx, notice_ids: Sequence[int]) -> None:
    """Give notices the places in which they are named."""
    c, places = t.notices.c, {notice_id: place for place, notice_id in enumerate(notice_ids, 1)}
    await tx.execute(update(t.notices).where(c.id.in_(places)).values(position=case(places, value=c.id)))


async def complete_suggestion(tx: Tx, notice_id: int, words: str) -> None:
    """Add the rest of its text to a suggested notice."""
    c = t.notices.c
    whole: dict[str, Any] = {"text": c.text + "\n" + words, "revision": c.revision + 1}
    await tx.execute(update(t.notices).where(c.id == notice_id, c.suggested.is_(True)).values(**whole))


async def drop_suggestion(tx: Tx, notice_id: int) -> bool:
    """Forget a suggested notice; False when it was settled before."""
    c = t.notices.c
    return (await tx.execute(delete(t.notices).where(c.id == notice_id, c.suggested.is_(True)))).rowcount == 1


def _columns(notice: Notice) -> dict[str, Any]:
    return {key: value for key, value in asdict(notice).items() if key != "id"}


def _kept(row: Row[Any]) -> Kept:
    values = row._asdict()
    beside = {key: values.pop(key) for key in _BESIDE}
    del beside["position"]
    speakers = tuple(Speaker(**speaker) for speaker in row.speakers)
    lists = {name: tuple(values[name]) for name in ("demands", "languages")}
    return Kept(Notice(**{**values, **lists, "kind": NoticeKind(row.kind), "speakers": speakers}), **beside)
