"""Draws what was found in a file that an editor sent, and asks whether it shall take effect."""

from typing import Any

from bot.reader_lists.words import described, of_kept
from bot.texts import say
from store import files
from store.database import Tx
from store.messages import Button, Card, Text
from store.records import WaitingFile

CONSENT_LENGTH = 200


def consent_of(file: WaitingFile) -> str:
    """Return what the words beside a list say of its readers' consent."""
    return " ".join(file.note.split())[:CONSENT_LENGTH]


async def card(tx: Tx, file_id: int, language: str) -> Card | None:
    """Draw the question about a file; None when it was answered already."""
    file = await files.get(tx, file_id)
    if file is None or file.found is None or file.asks not in (files.READERS, files.LINKS):
        return None
    readers = file.asks == files.READERS
    lines = _of_readers(file, file.found, language) if readers else _of_links(file.found, language)
    go = "button-import" if readers else "button-hand-in"
    take = [Button(say(language, go), f"v1:file-in:{file.id}:0")] if not readers or file.found["new"] else []
    away = Button(say(language, "button-cancel"), f"v1:file-away:{file.id}:0")
    return Card(Text("\n".join(lines)), ((*take, away),))


def _of_links(found: dict[str, Any], language: str) -> list[str]:
    lines = [say(language, "file-links", n=found["links"])]
    lines += [say(language, "file-sections", n=found["sections"])] if found["sections"] else []
    return [*lines, say(language, "file-nothing-yet")]


def _of_readers(file: WaitingFile, found: dict[str, Any], language: str) -> list[str]:
    lines = [say(language, "file-readers", n=found["new"]), *described(of_kept(found["shape"]), language)]
    lines += [say(language, "file-readers-known", n=found["known"])] if found["known"] else []
    lines += [say(language, "file-readers-away", n=found["away"])] if found["away"] else []
    lines += [say(language, "reader-list-doubled", n=found["doubled"])] if found["doubled"] else []
    if found["bad"]:
        shown = ", ".join(str(line) for line in found["lines"]) + ("…" if found["bad"] > len(found["lines"]) else "")
        lines.append(say(language, "file-readers-bad", n=found["bad"], lines=shown))
    if consent_of(file):
        lines.append(say(language, "file-consent", consent=consent_of(file)))
    return [*lines, say(language, "file-nothing-yet")]
