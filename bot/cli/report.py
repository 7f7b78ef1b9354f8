"""`bulletin report`: what became of an issue."""

import json
from typing import Annotated

from cyclopts import Parameter

from bot.cli.reach import Config, Slug, reading
from bot.delivery import report as reports
from bot.errors import OperatorError
from store import issues as issue_records


async def report(
    number: int,
    *,
    json_: Annotated[bool, Parameter(name="--json", negative=(), help="For programs: one JSON object.")] = False,
    bulletin: Slug = None,
    config: Config = None,
) -> None:
    """Show for each channel and for the mail what was sent, what waits, and what was refused."""
    async with reading(config, bulletin) as shelf, shelf.store.reading() as tx:
        issue = await issue_records.numbered(tx, shelf.bulletin.id, number)
        if issue is None:
            raise OperatorError(f"There is no issue {number}; `bulletin issue list` shows which there are.")
        found = await reports.report(tx, issue)
    if json_:
        print(json.dumps(reports.to_json(found), ensure_ascii=False))
    else:
        print(reports.in_words(found, "en"))
