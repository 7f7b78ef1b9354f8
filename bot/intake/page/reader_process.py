"""The child process that reads pages, one after the other, so that a hostile page can take down nothing else.

On its standard input: a line of JSON (url, charset, near, seconds, bytes), then that many bytes of HTML. On its
standard output: a line "ready", then a line of JSON for each page. It ends when its input ends, or when a page takes
longer than `seconds`.
"""

import json
import os
import resource
import signal
import sys
from datetime import date
from typing import Any, BinaryIO

from bot.intake.page.page_facts import bare_facts, read_page, to_json

_MEMORY_LIMIT_BYTES = 300_000_000
# Fresh it holds 25 MB, after an ordinary page 30, with trafilatura 65.
_TIRED_BYTES = 100_000_000


def main() -> None:
    """Answer pages until the input ends."""
    for limit, value in (
        (resource.RLIMIT_AS, _MEMORY_LIMIT_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    pages, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(b"ready\n")
    answers.flush()
    while header := pages.readline():
        page = json.loads(header)
        # The parent ends a child that takes too long; where the parent is gone, the system does.
        signal.alarm(page["seconds"])
        answers.write(_answer(page, pages))
        answers.flush()
        signal.alarm(0)


def _answer(page: dict[str, Any], pages: BinaryIO) -> bytes:
    html = pages.read(page["bytes"])
    try:
        facts = read_page(html, page["charset"], page["url"], date.fromisoformat(page["near"]))
    except MemoryError:
        raise  # the process ends, and its memory with it
    except Exception:  # noqa: BLE001 (whatever a page provokes, its host is still known)
        facts = bare_facts(page["url"])
    # A process that has grown says so and is replaced, since freed memory does not always return.
    return json.dumps({"facts": to_json(facts), "tired": _resident_bytes() > _TIRED_BYTES}).encode() + b"\n"


def _resident_bytes() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


if __name__ == "__main__":
    main()
