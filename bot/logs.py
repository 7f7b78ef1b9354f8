"""Structured logs whose every line passes a redaction, so that no token or password is written down."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog

MASK = "***"
TOKEN = re.compile(r"\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
PASSWORD_IN_URL = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")
QUIET = ("httpx", "httpcore", "telegram", "aiosqlite", "apscheduler", "asyncio", "uvicorn.access", "hpack")


class Redaction:
    """Replaces known secrets, and whatever looks like one, by `***`."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({s for s in secrets if len(s) >= 4}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, line: str) -> str:
        if self._known is not None:
            line = self._known.sub(MASK, line)
        return PASSWORD_IN_URL.sub(MASK, TOKEN.sub(MASK, line))


class RedactingFormatter(logging.Formatter):
    """Formats through structlog, then redacts the whole line, tracebacks included."""

    def __init__(self, redact: Redaction, inner: logging.Formatter) -> None:
        super().__init__()
        self._redact = redact
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(self._inner.format(record))


class NoUpdates(logging.Filter):
    """Drops lines of the Telegram library that carry a whole update, names included."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Update(" not in record.getMessage()


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
