"""The numbers of a bulletin, drawn twice: as a message with small bars for a phone, and as one picture."""

import json
from dataclasses import asdict, dataclass

from bot.render import pdf
from store.messages import Text

LINE = 35
BAR = 8
BLOCK = "▇"
PPI = 216.0
"""The page is 360 points wide, as a phone is; three pixels to each."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what is counted, the count in words, and how long its bar is, from 0 for none to 1 for the longest."""

    label: str
    count: str
    share: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """What belongs under one heading: bars, then sentences."""

    title: str
    bars: tuple[Bar, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All numbers, in words of one language."""

    language: str
    bulletin: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...]


def text(sheet: Sheet) -> Text:
    """Return the numbers as one message."""
    head = Text.bold(sheet.title) + (f"\n{sheet.subtitle}" if sheet.subtitle else "")
    return Text.join("\n\n", [head, *(_block(block) for block in sheet.blocks)])


def picture(sheet: Sheet) -> bytes:
    """Return the numbers as a PNG; raises RuntimeError, typst's own, if that fails."""
    return pdf.picture("numbers.typ", "sheet", json.dumps(asdict(sheet), ensure_ascii=False), PPI)


def cut(label: str, room: int) -> str:
    """Return a label in at most so many characters."""
    return label if len(label) <= room else label[: room - 1].rstrip() + "…"


def _block(block: Block) -> Text:
    rows = [line for bar in block.bars for line in _row(bar)]
    return Text.join("\n", [Text.bold(block.title), *(Text(line) for line in (*rows, *block.lines))])


def _row(bar: Bar) -> list[str]:
    """Return a line that a phone shows without a break, and the note below it."""
    blocks = BLOCK * max(1, round(bar.share * BAR)) + " " if bar.share else ""
    head = f"{blocks}{bar.count} · "
    room = max(LINE - len(head), LINE // 3)
    return [head + cut(bar.label, room), *([f"   {bar.note}"] if bar.note else [])]
