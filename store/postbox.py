"""SQL of the postbox: single mails that wait to be sent. Addresses come in sealed, as does all that is secret."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx

_PUT = upsert(t.postbox)
_MERGE = _PUT.on_conflict_do_update(
    index_elements=["merge_key"], set_={"payload": _PUT.excluded.payload, "not_before": _PUT.excluded.not_before}
)


async def put(
    tx: Tx,
    *,
    kind: str,
    bulletin_id: int,
    address: bytes,
    payload: dict[str, Any],
    now: datetime,
    sealed: bytes | None = None,
    not_before: datetime | None = None,
    merge_key: str | None = None,
) -> None:
    """Add a mail to be sent; one with the `merge_key` of a waiting one takes its place.

    `address` is sealed under `subscriptions.ADDRESS`. `kind` names who writes it (`bot.postbox`): the kind `say` takes
    `{"subject": KEY, "text": KEY, "values": {…}, "language": "uk", "answers": Message-ID or ""}` and is sent with the
    null sender, as every answer of ours is.
    """
    row = {"kind": kind, "bulletin_id": bulletin_id, "address": address, "payload": payload, "sealed": sealed}
    row |= {"not_before": not_before or now, "merge_key": merge_key, "created_at": now, "attempt": 0}
    await tx.execute(_MERGE, row)
