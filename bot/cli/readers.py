"""`bulletin subscribers …`: readers by e-mail."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import track

from bot import subscriptions
from bot.cli.reach import Config, Slug, reading, writing
from bot.errors import OperatorError
from store import subscribers
from store.states import SubscriptionState

app = App(name="subscribers", help="Readers by e-mail.")
BATCH = 1000
SHOWN = 20


@app.command(name="list")
async def list_readers(
    *,
    json_: Annotated[bool, Parameter(name="--json", negative=(), help="For programs: one JSON object.")] = False,
    bulletin: Slug = None,
    config: Config = None,
) -> None:
    """Count the readers by state; addresses stay sealed."""
    async with reading(config, bulletin) as shelf, shelf.store.reading() as tx:
        counts = {str(state): await subscribers.count(tx, shelf.bulletin.id, state) for state in SubscriptionState}
    if json_:
        print(json.dumps(counts))
        return
    for state, number in counts.items():
        print(f"{state:<12} {number}")


@app.command(name="import")
async def import_readers(
    file: Path,
    *,
    consent: Annotated[str, Parameter(help="When and how these people agreed, such as: paper list, May 2025.")],
    bulletin: Slug = None,
    config: Config = None,
) -> None:
    """Subscribe the addresses of a text file (one a line) or a CSV file.

    Who left, or must not be written to, stays so. Addresses that are none are listed and left out.
    """
    if not file.is_file():
        raise OperatorError(f"There is no file {file}.")
    if not consent.strip():
        raise OperatorError("Say with --consent when and how these people agreed to be written to.")
    read = subscriptions.read_file(file)
    batches = [read.addresses[start : start + BATCH] for start in range(0, len(read.addresses), BATCH)]
    came = 0
    async with writing(config) as hand:
        bar = Console(stderr=True)
        for batch in track(batches, "Importing", console=bar, disable=not bar.is_terminal):
            done = await hand.perform("import-readers", bulletin=bulletin, addresses=list(batch), consent=consent)
            came += int(done["came"])
    known = len(read.addresses) - came
    print(f"{came} new readers; {known} were known or must not be written to; {read.doubled} stood there twice.")
    for rejected in read.rejected[:SHOWN]:
        print(f"  line {rejected.line}: {rejected.text!r} is left out: {rejected.why}")
    if len(read.rejected) > SHOWN:
        print(f"  and {len(read.rejected) - SHOWN} more lines are left out")
