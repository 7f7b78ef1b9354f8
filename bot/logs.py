"""Structured logs whose every line passes a redaction, so that no token or password is written down."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO
from urllib.parse import quote, quote_plus, unquote

import structlog

MASK = "***"
SHORTEST_SECRET = 4  # what is shorter stands in ordinary words too
TOKEN = re.compile(r"\d{5,}(?::|%(?:25)*3[Aa])[A-Za-z0-9_-]{30,}")
PASSWORD_IN_URL = re.compile(r"(?<=://)[^/?#\s:@]*:[^/?#\s]+(?=@)")
QUIET = ("httpx", "httpcore", "telegram", "aiosqlite", "asyncio", "uvicorn", "alembic")


class Redaction:
    """Replaces known secrets, and whatever looks like one, by `***`."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {spelling for secret in secrets for spelling in _spellings(secret) if len(spelling) >= SHORTEST_SECRET}
        longest_first = map(re.escape, sorted(known, key=len, reverse=True))
        self._known = re.compile("|".join(longest_first), re.IGNORECASE) if known else None

    def __call__(self, line: str) -> str:
        if self._known is not None:
            line = self._known.sub(MASK, line)
        return PASSWORD_IN_URL.sub(MASK, TOKEN.sub(MASK, line))


def _spellings(secret: str) -> set[str]:
    """Return the ways in which a secret, or the part of it that opens doors, may stand in a line of a log."""
    password = PASSWORD_IN_URL.search(secret)
    parts = {secret, secret.partition(":")[2] if TOKEN.fullmatch(secret) else secret}
    parts |= {password[0].partition(":")[2]} if password else set()
    parts |= {unquote(part) for part in parts}
    once = {written for part in parts for written in _written(part)}
    return once | {twice for written in once for twice in _written(written)}  # as a repr within a line of JSON


def _written(text: str) -> tuple[str, ...]:
    in_addresses = (quote(text), quote(text, safe=""), quote_plus(text))
    return (text, *in_addresses, repr(text)[1:-1], json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])


class RedactingFormatter(logging.Formatter):
    """Formats through structlog, then redacts the whole line, tracebacks included."""

    def __init__(self, redact: Redaction, inner: logging.Formatter) -> None:
        super().__init__()
        self._redact = redact
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(self._inner.format(record))


class NoUpdates(logging.Filter):
    """Drops lines of the Telegram library that carry whole updates, names included."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        return "Update(" not in line and "Received data was" not in line


def set_up(level: str, form: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Send all logs, ours and the libraries', through one redacting handler."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "text":
        last = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    inner = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_tracebacks(form), last],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(RedactingFormatter(Redaction(secrets), inner))
    handler.addFilter(NoUpdates())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that comes while one runs is no news
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd writes down whatever a mail server says
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _tracebacks(form: str) -> list[Any]:
    return [structlog.processors.format_exc_info] if form == "json" else []


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of one room."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log
