"""`bulletin demo`: the bot in a sandbox with everything around it, on a page or unattended."""

import asyncio
import json
import os
import signal
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import httpx
from cyclopts import Parameter

from bot.delivery import report as reports
from bot.errors import OperatorError
from bot.render.web import standalone
from bot.sandbox.director import Report
from bot.sandbox.page.server import serving
from bot.sandbox.stage import Stage
from bot.sandbox.theatre import Theatre
from store import bulletins
from store import issues as issue_records
from store.database import Store, open_store
from store.errors import StoreError

PROGRAM = (sys.executable, "-m", "bot")
PORT = 8700
UNATTENDED_PACE = 20.0
FETCH_SECONDS = 30.0
LOOK_SECONDS = 0.1
INTERRUPTED = 130
SUFFIXES = ("pdf", "txt", "md", "json")


async def demo(
    *,
    once: Annotated[bool, Parameter(negative=(), help="Play one week unattended, then stop.")] = False,
    out: Annotated[Path | None, Parameter(help="With --once: folder for everything that came out of it.")] = None,
    port: Annotated[int, Parameter(help="Port of the page.")] = PORT,
    speed: Annotated[float | None, Parameter(help="How fast it is played; 1 is for people who watch.")] = None,
) -> int:
    """Play a week of a bulletin: the bot is real, Telegram and the mail around it are simulated on this machine."""
    if speed is not None and not 0.1 <= speed <= 1000:
        raise OperatorError("--speed takes a number from 0.1 to 1000; 1 is for people who watch.")
    if out is not None and not once:
        raise OperatorError("--out goes with --once: bulletin demo --once --out DIR")
    if once:
        playing = asyncio.ensure_future(_unattended(out, speed or UNATTENDED_PACE))
        _on_signals(playing.cancel)
        with suppress(asyncio.CancelledError):
            return await playing
        return INTERRUPTED
    await _on_a_page(port, speed or 1.0)
    return 0


@asynccontextmanager
async def reporting(stage: Stage) -> AsyncIterator[Report]:
    """Yield how to ask the bot of a stage for its own report of the newest closed issue, None while there is none."""
    file = stage.folder / "data" / "bulletin.db"
    opened: list[Store] = []

    async def newest() -> dict[str, Any] | None:
        if not opened:
            try:
                opened.append(await open_store(f"sqlite:///{file}", create=False))
            except StoreError:  # the bot has not made it yet, or makes it this moment
                return None
        async with opened[0].reading() as tx:
            bulletin = await bulletins.first(tx)
            released = await issue_records.released(tx, bulletin.id) if bulletin else []
            return reports.to_json(await reports.report(tx, released[0])) if released else None

    try:
        yield newest
    finally:
        for store in opened:
            await store.close()


async def _on_a_page(port: int, pace: float) -> None:
    """Serve the page, play the week on it, and go on until Ctrl-C."""
    stop = asyncio.Event()
    _on_signals(stop.set)
    async with Theatre(PROGRAM, reporting, pace) as theatre:
        try:
            page = serving(theatre, port)
            address = await page.__aenter__()
        except OSError as error:
            raise OperatorError(
                f"The page cannot be served on port {port} ({error.strerror}): take another, such as --port {port + 1}"
            ) from None
        try:
            print(f"The sandbox is at {address} – stop it with Ctrl-C.", flush=True)
            if _has_display():
                await asyncio.to_thread(webbrowser.open, address)
            theatre.begin()
            await stop.wait()
        finally:
            await page.__aexit__(None, None, None)


def _on_signals(stop: Callable[[], object]) -> None:
    """Stop in order on Ctrl-C, on SIGTERM and when the terminal goes, so that no bot is left running."""
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(sign, stop)


def _has_display() -> bool:
    # Without one, a text browser would take the terminal.
    return sys.platform in ("darwin", "win32") or any(name in os.environ for name in ("DISPLAY", "WAYLAND_DISPLAY"))


async def _unattended(out: Path | None, pace: float) -> int:
    """Play one week, write down what came out of it, and return 0 only if all went as it should."""
    began = time.monotonic()
    async with Theatre(PROGRAM, reporting, pace) as theatre:
        theatre.begin()
        await _tell_while_it_plays(theatre)
        await theatre.refresh()
        wrong = _what_went_wrong(theatre)
        if out is not None:
            await _write_down(theatre, out)
        stage, counts = theatre.week.stage, theatre.counts(final=True)
        print(f"lost {counts.lost} · posts doubled {counts.doubled} · perhaps sent {theatre.perhaps_sent}")
        print(f"{counts.letters} letters for {len(stage.readers)} readers; {counts.letters_twice} of them came twice.")
        print(f"The bot was killed {stage.bot.kills} time(s). Played in {time.monotonic() - began:.0f} s.")
        if out is not None:
            print(f"Everything that came out of it is in {out}.")
        for sentence in wrong:
            print(sentence, file=sys.stderr)
        if wrong:
            print(f"The last lines of the bot:\n{stage.bot.tail()}", file=sys.stderr)
    return 1 if wrong else 0


async def _tell_while_it_plays(theatre: Theatre) -> None:
    """Print each caption as it comes."""
    told = 0
    ended = asyncio.create_task(theatre.ended())
    while not ended.done() or told < len(theatre.week.director.told):
        for line in theatre.week.director.told[told:]:
            print(line, flush=True)
            told += 1
        await asyncio.wait({ended}, timeout=LOOK_SECONDS)


def _what_went_wrong(theatre: Theatre) -> list[str]:
    """Return a sentence for each promise that was not kept."""
    counts, report = theatre.counts(final=True), theatre.latest_report
    wrong = [theatre.problem] if theatre.problem else []
    if report is None:
        return [*wrong, "No issue was published."]
    checks = {
        f"{counts.lost} link(s) or letter(s) were lost.": counts.lost == 0,
        f"{counts.doubled} post(s) stand in a channel twice.": counts.doubled == 0,
        "Letters came twice that are not marked.": counts.letters_twice <= report["possible duplicates"],
        "The numbers of the bot's report do not add up.": bool(report["adds up"]),
        f"The issue is not sent, it is {report['state']}.": report["state"] == "sent",
    }
    return wrong + [sentence for sentence, kept in checks.items() if not kept]


async def _write_down(theatre: Theatre, out: Path) -> None:
    """Write the chats, the letters, the issue in its forms, the feed and the report into a folder."""
    stage = theatre.week.stage
    out.mkdir(parents=True, exist_ok=True)
    _write_json(out / "telegram.json", stage.telegram.snapshot())
    stage.mail.export(out / "mailbox")
    if theatre.latest_report is None:
        return
    _write_json(out / "report.json", theatre.latest_report)
    async with httpx.AsyncClient(base_url=stage.web, timeout=FETCH_SECONDS, trust_env=False) as client:
        home = (await client.get("/", follow_redirects=True)).url.path
        number = theatre.latest_report["issue"]
        pages = {"issue.html": f"{home}{number}", "feed.xml": f"{home}feed.xml"}
        pages |= {f"issue.{suffix}": f"{home}{number}.{suffix}" for suffix in SUFFIXES}
        for name, path in pages.items():
            answer = await client.get(path)
            answer.raise_for_status()
            page = standalone(answer.text).encode() if name.endswith(".html") else answer.content
            (out / name).write_bytes(page)


def _write_json(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
