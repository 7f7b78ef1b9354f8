"""`bulletin subscribers`: a list is shown before it is taken in; readers are counted, exported, shown and erased."""

import csv
import json
from pathlib import Path

import pytest

from bot.cli import readers as shell
from bot.cli.reader_import import import_readers
from bot.errors import OperatorError
from store import audit, subscribers
from store.database import Store
from store.seen import Seen
from tests.cast import KEY, TOKEN
from tests.store.rows import all_of

DAN, EVE, OLGA = "dan@readers.example", "eve@readers.example", "olga@readers.example"
LIST = f"Name;E-mail;OPTIN_TIME\nDan;DAN@readers.example;2024-05-07\nEve;{EVE};\nNobody;nobody;\nDan again;{DAN};\n"


@pytest.fixture
async def config(tmp_path: Path, store: Store, bulletin: int) -> Path:
    """The settings of an installation with one bulletin."""
    file = tmp_path / "config.env"
    file.write_text(
        f"BULLETIN_TELEGRAM_TOKEN={TOKEN}\nBULLETIN_SECRET_KEY={KEY}\nBULLETIN_DATA_DIR={tmp_path / 'data'}\n"
    )
    return file


async def imported(config: Path, text: str, *, consent: str = "paper list, May", name: str = "list.csv") -> None:
    file = config.with_name(name)
    file.write_text(text)
    assert await import_readers(file, consent=consent, yes=True, config=config) == 0


async def test_a_list_is_shown_first_and_nothing_happens_until_it_is_agreed_to(
    config: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    file = config.with_name("list.csv")
    file.write_text(LIST)
    assert await import_readers(file, consent="May", dry_run=True, config=config) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown == [
        "Read as a table, in UTF-8.",
        "The first line names the columns; semicolons stand between them.",
        "Addresses: “E-mail”.",
        "Day of consent: “OPTIN_TIME”.",
        "        2  new readers",
        "        0  readers already",
        "        0  left or may not be written to, and stay so",
        "        1  stand there more than once",
        "        1  lines left out",
        "           line 4: no e-mail address stands there",
        "Nothing was imported.",
    ]
    with pytest.raises(OperatorError, match="--dry-run first, then add --yes"):
        await import_readers(file, consent="May", config=config)
    with pytest.raises(OperatorError, match="Say with --consent"):
        await import_readers(file, consent=" ", yes=True, config=config)
    with pytest.raises(OperatorError, match="There is no file"):
        await import_readers(file.with_name("other"), consent="May", yes=True, config=config)
    assert await all_of(store, "subscribers") == []


async def test_an_import_keeps_the_consent_with_its_day_and_no_name_and_reports_each_line_left_out(
    config: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, report = tmp_path / "list.csv", tmp_path / "left-out.csv"
    file.write_text(LIST)
    assert await import_readers(file, consent="May", yes=True, report=report, json_=True, config=config) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["imported"], told["new"], told["doubled"], told["rejected"]) == (2, 2, 1, 1)
    assert report.read_text() == "line,reason\n4,no e-mail address stands there\n"
    assert report.stat().st_mode & 0o777 == 0o600
    async with store.reading() as tx:
        rows = (await tx.exec_driver_sql("SELECT consent FROM subscriptions ORDER BY id")).scalars().all()
    assert list(rows) == ["May (2024-05-07)", "May"]
    kept = b"".join(one.read_bytes() for one in (tmp_path / "data").iterdir() if one.is_file())
    assert [trace for trace in (b"Nobody", b"Dan again", b"dan@", b"DAN@") if trace in kept] == []
    with pytest.raises(OperatorError, match="is there already"):
        await import_readers(file, consent="May", yes=True, report=report, config=config)


async def test_who_left_or_was_erased_is_counted_apart_and_never_revived(
    config: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    await imported(config, f"{DAN}\n{EVE}\n")
    async with store.transaction() as tx:
        await tx.exec_driver_sql("UPDATE subscriptions SET state = 'left' WHERE id = 2")
    await shell.erase_reader("DAN@Readers.example", config=config)
    capsys.readouterr()
    await imported(config, f"{DAN}\n{EVE}\n{OLGA}\n")
    shown = capsys.readouterr().out
    assert "        1  new readers\n" in shown
    assert "        2  left or may not be written to, and stay so\n" in shown
    assert "1 new reader came." in shown
    async with store.reading() as tx:
        assert await subscribers.count(tx, 1) == 1
        acts = await audit.acts(tx, "bulletin 1")
    assert acts == [("shell", "import readers")] * 2


async def test_erasing_says_the_same_of_everybody_and_leaves_the_address_in_no_file(
    config: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await imported(config, f"{DAN}\n{EVE}\n")
    async with store.reading() as tx:
        dan = (await subscribers.of_bulletin(tx, 1))[0]
    capsys.readouterr()
    await shell.erase_reader(OLGA, config=config)
    unknown = capsys.readouterr().out
    await shell.erase_reader(DAN, config=config)
    assert capsys.readouterr().out == unknown
    kept = b"".join(one.read_bytes() for one in (tmp_path / "data").iterdir() if one.is_file())
    assert dan.address not in kept
    await shell.show_reader(DAN, config=config)
    copied = json.loads(capsys.readouterr().out)
    assert copied["subscriptions"] == copied["letters"] == []
    assert copied["must_not_be_written_to"][0]["reason"] == "erased"
    with pytest.raises(OperatorError, match="no e-mail address"):
        await shell.erase_reader("dan", config=config)


async def test_readers_are_counted_without_addresses_and_shown_or_exported_only_with_a_trace(
    config: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await imported(config, f"{DAN}\n=eve@gmail.com\n{OLGA}\n", consent="=May")
    async with store.transaction() as tx:
        await tx.exec_driver_sql("UPDATE subscriptions SET state = 'paused' WHERE id = 3")
    capsys.readouterr()
    await shell.list_readers(json_=True, config=config)
    told = json.loads(capsys.readouterr().out)
    assert (told["states"]["active"], told["states"]["paused"], told["states"]["left"]) == (2, 1, 0)
    assert told["providers"] == {"gmail": 1, "readers.example": 1}
    await shell.list_readers(config=config)
    assert "@" not in capsys.readouterr().out
    await shell.list_readers(state="paused", addresses=True, config=config)  # type: ignore[arg-type]
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()] == [OLGA]
    file = tmp_path / "readers.csv"
    await shell.export_readers(file, config=config)
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert [row["address"] for row in rows] == [DAN, "'=eve@gmail.com", OLGA]
    assert [(row["state"], row["consent"]) for row in rows] == [*[("active", "'=May")] * 2, ("paused", "'=May")]
    with pytest.raises(OperatorError, match="is there already"):
        await shell.export_readers(file, config=config)
    with pytest.raises(OperatorError, match="no bulletin"):
        await shell.export_readers(tmp_path / "none.csv", bulletin="daily", config=config)
    assert not (tmp_path / "none.csv").exists()
    await shell.show_reader(DAN, config=config)
    async with store.reading() as tx:
        acts = [act for _, act in await audit.acts(tx, "bulletin 1")]
    assert acts == ["import readers", "list readers", "export readers", "show a reader"]


async def test_of_an_exported_list_only_who_reads_is_taken_in_again(
    config: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await imported(config, f"{DAN}\n=eve@gmail.com\n{OLGA}\n")
    async with store.transaction() as tx:
        await tx.exec_driver_sql("UPDATE subscriptions SET state = 'left' WHERE id = 3")
    await shell.export_readers(tmp_path / "readers.csv", config=config)
    capsys.readouterr()
    await import_readers(tmp_path / "readers.csv", consent="May", dry_run=True, json_=True, config=config)
    told = json.loads(capsys.readouterr().out)
    assert (told["known"], told["new"], told["rejected"]) == (2, 0, 1)


async def test_some_thousands_come_in_batch_by_batch_each_once(
    config: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"Reader{n % 4500}@Readers{n % 4500 % 7}.example" for n in range(5000)]
    await imported(config, "\n".join(lines))
    shown = capsys.readouterr().out
    there = 4500
    assert f"{there:,} new readers came." in shown
    assert len(await all_of(store, "subscribers")) == there
    await imported(config, "\n".join(lines))
    assert f"{there:>9,}  readers already" in capsys.readouterr().out


def test_what_was_seen_is_known_again_and_nothing_else() -> None:
    with Seen() as seen:
        assert [seen.before(word) for word in ("a", "b", "a", "A", "b")] == [False, False, True, False, True]
