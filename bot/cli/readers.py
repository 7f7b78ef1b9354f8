"""`bulletin subscribers …`: readers by e-mail."""

import json
import os
from pathlib import Path
from typing import Annotated, TextIO

from cyclopts import App, Parameter

from bot import reader_export
from bot.cli.reach import Config, Shelf, Slug, reading, writing
from bot.cli.reader_import import import_readers
from bot.errors import OperatorError
from bot.reader_commands import in_form
from bot.seal import Sealer, load_secret
from bot.settings import plain
from store import reader_copies
from store.states import SubscriptionState

app = App(name="subscribers", help="Readers by e-mail.")
app.command(import_readers, name="import")
AsJson = Annotated[bool, Parameter(name="--json", negative=(), help="For programs: one JSON object.")]
PROVIDERS_SHOWN = 10


@app.command(name="list")
async def list_readers(
    *,
    state: Annotated[SubscriptionState | None, Parameter(help="Only those in this state.")] = None,
    addresses: Annotated[bool, Parameter(negative=(), help="Show the addresses; it is written down.")] = False,
    json_: AsJson = False,
    bulletin: Slug = None,
    config: Config = None,
) -> None:
    """Count the readers by state and by mail provider; addresses stay sealed unless they are asked for."""
    if addresses:
        await _note("list readers", bulletin, config)
    async with reading(config, bulletin) as shelf:
        async with shelf.store.reading(long=True) as tx:
            states = await reader_copies.by_state(tx, shelf.bulletin.id)
            of = state or SubscriptionState.ACTIVE
            providers = await reader_copies.by_provider(tx, shelf.bulletin.id, of)
        counted = {str(one): number for one, number in states.items() if state in (None, one)}
        if addresses:
            await _print_addresses(shelf, state, as_json=json_)
        elif json_:
            print(json.dumps({"states": counted, "providers": providers}, ensure_ascii=False))
        else:
            _print_counts(counted, providers, of)


def _print_counts(counted: dict[str, int], providers: dict[str, int], of: SubscriptionState) -> None:
    for name, number in counted.items():
        print(f"{name:<12} {number:>9,}")
    if providers:
        print(f"\n{of}, by provider:")
    shown = list(providers.items())[:PROVIDERS_SHOWN]
    for name, number in shown:
        print(f"{name:<24} {number:>9,}")
    if rest := sum(providers.values()) - sum(number for _, number in shown):
        print(f"{'others':<24} {rest:>9,}")


async def _print_addresses(shelf: Shelf, state: SubscriptionState | None, *, as_json: bool) -> None:
    async for rows in reader_export.pages(shelf.store, _sealer(shelf), shelf.bulletin.id, state):
        for address, stands, since, *_ in rows:
            told = {"address": address, "state": stands, "since": since}
            print(json.dumps(told) if as_json else f"{stands:<12} {since}  {address}")


@app.command(name="export")
async def export_readers(file: Path, *, bulletin: Slug = None, config: Config = None) -> None:
    """Write all readers with their states and consent into a CSV file that only you can read; it is written down."""
    try:
        out = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")
    except FileExistsError:
        raise OperatorError(f"{file} is there already; give another name.") from None
    except OSError as error:
        raise OperatorError(f"{file} cannot be written: {error.strerror}.") from None
    try:
        with out:
            count = await _write_out(out, bulletin, config)
    except BaseException:
        file.unlink()
        raise
    print(
        f"{count:,} readers stand in {file}. Keep it where nobody else reads it, and delete it when it is not needed."
    )


async def _write_out(out: TextIO, bulletin: str | None, config: Path | None) -> int:
    """Write the table of readers, and note that it was written; returns how many they are."""
    count = 0
    await _note("export readers", bulletin, config)
    async with reading(config, bulletin) as shelf:
        out.write(reader_export.as_csv([reader_export.HEADING]))
        async for rows in reader_export.pages(shelf.store, _sealer(shelf), shelf.bulletin.id):
            out.write(reader_export.as_csv(rows))
            count += len(rows)
    return count


@app.command(name="show")
async def show_reader(address: str, *, bulletin: Slug = None, config: Config = None) -> None:
    """Print a copy of all that is kept of one person, as JSON; it is written down that it was made."""
    wanted = in_form(address)
    await _note("show a reader", bulletin, config)
    async with reading(config, bulletin) as shelf, shelf.store.reading() as tx:
        print(json.dumps(await reader_export.copy(tx, _sealer(shelf), wanted), ensure_ascii=False, indent=1))


@app.command(name="erase")
async def erase_reader(address: str, *, config: Config = None) -> None:
    """Erase everything about one person, in every bulletin; no import brings them back."""
    async with writing(config) as hand:
        await hand.perform("erase-reader", address=address)
    print(
        "Whatever was kept of this address is erased: the address, consent, choices, questions that waited for an\n"
        "answer, what letters from it held that wait for somebody, and mails that waited to be sent. Issues still\n"
        "count their letters, as those of nobody. Only a mark stays that cannot be read back, so that no import\n"
        "brings the address in again. Backups that were made before still hold it: delete them after 30 days."
    )


async def _note(act: str, bulletin: str | None, config: Path | None) -> None:
    async with writing(config) as hand:
        await hand.perform("note-readers", act=act, bulletin=bulletin)


def _sealer(shelf: Shelf) -> Sealer:
    return Sealer(load_secret(plain(shelf.settings.secret_key), shelf.settings.data_dir))
