"""`bulletin doctor`: what is well, what wants a look, what is broken, and what to do."""

import asyncio
import json
import socket
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cyclopts import Parameter

from bot import guard
from bot.bulletin_settings.create import section
from bot.cli.reach import Config, settings_of
from bot.delivery.telegram import ask_name
from bot.errors import NotSent, OperatorError, PerhapsSent
from bot.mailbox.account import Account, Unreachable, account_of
from bot.settings import Settings, plain
from store import bulletins, people
from store.database import check_version, driver_url, open_store
from store.errors import StoreError
from store.records import Bulletin, Channel
from store.states import Role

OK, WARN, FAIL = "ok", "warn", "fail"
CONNECT_SECONDS = 10.0
ENOUGH_EDITORS = 3
FIXED_SQLITE = (3, 51, 3)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `verdict` is ok, warn or fail, `todo` names the setting or command to mend it."""

    what: str
    verdict: str
    found: str
    todo: str = ""


async def doctor(
    *,
    json_: Annotated[bool, Parameter(name="--json", negative=(), help="For programs: one JSON array.")] = False,
    config: Config = None,
) -> int:
    """Look at settings, files, database, Telegram, mail and web; exit with 1 when something is broken."""
    settings = settings_of(config)
    findings = [*_files(settings), _sqlite()]
    findings += await asyncio.to_thread(lambda: [*_mail(settings), *_letters(settings)])
    findings += await _telegram(settings)
    findings += await _store(settings)
    if json_:
        print(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            print(
                f"{finding.verdict:<5} {finding.what}: {finding.found}"
                + (f"\n      {finding.todo}" * bool(finding.todo))
            )
    return int(any(finding.verdict == FAIL for finding in findings))


def _files(settings: Settings) -> Iterator[Finding]:
    key = settings.data_dir.resolve().parent / f"{settings.data_dir.resolve().name}.key"
    for path in (settings.data_dir, Path(str(driver_url(settings.database).database)), key):
        if not path.exists():
            yield Finding(str(path), OK, "not there yet; `bulletin run` makes it")
        elif path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(str(path), FAIL, "others on this machine can read it", f"Run: chmod go-rwx {path}")
        else:
            yield Finding(str(path), OK, "only the bot's own user can read it")


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    if tuple(map(int, version.split("."))) >= FIXED_SQLITE:
        return Finding("SQLite", OK, version)
    return Finding("SQLite", OK, f"{version}; safe, since the bot writes through one connection only")


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.mail_missing:
        missing = ", ".join(settings.mail_missing)
        yield Finding("mail", WARN, "no mail goes out", f"To send mail, set: {missing}.")
        return
    url = urlsplit(plain(settings.smtp_url) or "")
    port = url.port or (465 if url.scheme == "smtps" else 25)
    try:
        socket.create_connection((url.hostname or "", port), CONNECT_SECONDS).close()
    except OSError as error:
        yield Finding("mail", FAIL, f"{url.hostname}:{port} does not answer ({error})", "Check BULLETIN_SMTP_URL.")
    else:
        yield Finding("mail", OK, f"{url.hostname}:{port} answers")


def _letters(settings: Settings) -> Iterator[Finding]:
    """Look at the roads on which letters come in."""
    url = plain(settings.mailbox_url)
    if url is None and not settings.lmtp_listen:
        todo = "To read letters, set BULLETIN_MAILBOX_URL or BULLETIN_LMTP_LISTEN; docs/mailbox.md says how."
        yield Finding("letters", WARN, "no letters are read, nor what comes back from readers", todo)
        return
    if url is not None:
        yield _mailbox(account_of(url))
    if settings.lmtp_listen:
        yield _door(settings.lmtp_listen)
    if not settings.authserv_id:
        todo = "Set BULLETIN_AUTHSERV_ID to the name with which your own mail server begins Authentication-Results."
        yield Finding("senders of letters", WARN, "nothing vouches for them; each is asked to confirm", todo)


def _mailbox(account: Account) -> Finding:
    from bot.mailbox.session import Session  # noqa: PLC0415 - imap-tools is needed only where there is a mailbox

    try:
        session = Session(account)
        waiting = len(session.waiting())
    except Unreachable as error:
        todo = "Check BULLETIN_MAILBOX_URL." if error.setting else "Check the network and BULLETIN_MAILBOX_URL."
        return Finding("mailbox", FAIL, str(error), todo)
    news = "tells of new letters at once" if session.can_idle else "is asked for new letters every minute (no IDLE)"
    session.close()
    return Finding("mailbox", OK, f"{account.host} lets the bot in and {news}; waiting in {account.folder}: {waiting}")


def _door(listen: str) -> Finding:
    """Say whether our own mail server can hand letters over."""
    path, name = listen.removeprefix("unix:"), f"letters at {listen}"
    host, _, port = listen.rpartition(":")
    if path != listen and not Path(path).parent.is_dir():
        return Finding(name, FAIL, f"there is no folder {Path(path).parent}", f"Run: mkdir -p {Path(path).parent}")
    try:
        if path != listen:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(path)
        else:
            socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
    except OSError:
        return Finding(name, OK, "nobody takes them now; `bulletin run` does")
    return Finding(name, OK, "they are taken")


async def _telegram(settings: Settings) -> list[Finding]:
    try:
        return [Finding("Telegram", OK, f"the token is that of @{await ask_name(settings)}")]
    except OperatorError as error:
        return [Finding("Telegram", FAIL, "there is no token", str(error))]
    except NotSent as error:
        if error.permanent:
            todo = "Set BULLETIN_TELEGRAM_TOKEN to the one @BotFather gave."
            return [Finding("Telegram", FAIL, "the token is not known there", todo)]
        reason = error.reason
    except PerhapsSent as error:
        reason = str(error)
    todo = "Check the network and BULLETIN_TELEGRAM_API_URL."
    return [Finding("Telegram", FAIL, f"does not answer ({reason})", todo)]


async def _store(settings: Settings) -> list[Finding]:
    if not Path(str(driver_url(settings.database).database)).exists():
        return []
    try:
        await asyncio.to_thread(check_version, settings.database)
        store = await open_store(settings.database, create=False)
    except StoreError as error:
        return [Finding("database", FAIL, str(error))]
    try:
        async with store.reading() as tx:
            bulletin = await bulletins.first(tx)
            channels = await bulletins.channels_of(tx, bulletin.id) if bulletin else []
            editors = len(await people.with_role(tx, Role.EDITOR, Role.OWNER))
            guarded = await guard.is_on(tx)
    finally:
        await store.close()
    findings = [Finding("database", OK, "of this program's version")]
    if bulletin is None:
        return findings
    return [
        *findings,
        *_desk(bulletin, channels),
        *_guard(editors, guarded),
        *_overridden(settings, bulletin, channels),
    ]


def _guard(editors: int, on: bool) -> Iterator[Finding]:
    """Recommend that far-reaching acts need two persons, from three editors on."""
    if on:
        yield Finding("far-reaching acts", OK, "two persons are needed")
    elif editors >= ENOUGH_EDITORS:
        todo = "An owner writes /guard to the bot, so that no stolen account can do them alone."
        yield Finding("far-reaching acts", WARN, f"one of {editors} editors and owners is enough", todo)


def _desk(bulletin: Bulletin, channels: list[Channel]) -> Iterator[Finding]:
    if bulletin.moderators_chat is None:
        todo = "Add the bot to the moderators' group; the owner is asked in Telegram what it is for."
        yield Finding("moderators' chat", WARN, "none yet", todo)
    if not channels:
        yield Finding("channels", WARN, "none yet", "Add the bot to a channel as an administrator who may post.")
    for channel in channels:
        if channel.paused:
            todo = "Make the bot an administrator there who may post."
            yield Finding(f"channel {channel.title}", WARN, f"paused: {channel.problem}", todo)
        else:
            yield Finding(f"channel {channel.title}", OK, "posts go there")


def _overridden(settings: Settings, bulletin: Bulletin, channels: list[Channel]) -> Iterator[Finding]:
    """Name the settings of the environment that no longer count, since chat changed them after the first start."""
    now: dict[str, Callable[[Bulletin], object]] = {
        "title": lambda b: b.title,
        "language": lambda b: b.language,
        "timezone": lambda b: b.timezone,
        "schedule": lambda b: b.schedule,
        "cutoff": lambda b: b.cutoff_minutes,
        "moderators_chat": lambda b: b.moderators_chat,
        "sections": lambda b: [section.title for section in b.sections],
        "channels": lambda _: [str(channel.chat_id) for channel in channels if not channel.removed],
    }
    given = {name: getattr(settings, name) for name in now}
    given["sections"] = [section(words)[0] for words in settings.sections]
    if any(name.startswith("@") for name in settings.channels):  # Telegram alone knows which chats these are
        del now["channels"]
    for name, value in now.items():
        if name in settings.model_fields_set and given[name] != value(bulletin):
            found = f"counts at first start only; chat made it {value(bulletin)!r}"
            yield Finding(f"BULLETIN_{name.upper()}", WARN, found, "Change it in Telegram with /settings.")
