"""What was guessed of a list, in words: who wrote it, how it is written, and what its columns hold."""

from typing import Any

from bot.reader_lists.shape import Column, Kind, Shape
from bot.texts import say

ENCODINGS = {
    **{"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"},
    **{"cp1251": "Windows-1251", "cp1252": "Windows-1252"},
}
_PARTED = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def described(shape: Shape, language: str) -> list[str]:
    """Return the sentences that say how a list is read, for the operator to look at."""
    lines = [say(language, f"reader-list-kind-{shape.kind}", encoding=ENCODINGS[shape.encoding])]
    if shape.delimiter:
        heading = "heading" if shape.heading else "no-heading"
        parted = say(language, f"reader-list-{_PARTED[shape.delimiter]}")
        lines.append(say(language, f"reader-list-{heading}", parted=parted))
        lines.append(say(language, "reader-list-column-address", columns=_names([shape.address], language)))
    for what, columns in (("agreed", shape.agreed), ("status", shape.status)):
        if columns:
            lines.append(say(language, f"reader-list-column-{what}", columns=_names(columns, language)))
    return lines


def _names(columns: list[Column] | tuple[Column, ...], language: str) -> str:
    return ", ".join(
        f"“{column.heading}”" if column.heading else say(language, "reader-list-column", number=column.place + 1)
        for column in columns
    )


def kept(shape: Shape) -> dict[str, Any]:
    """Return a shape as it is kept until somebody has answered."""

    def plain(column: Column) -> list[Any]:
        return [column.place, column.heading]

    return {
        "kind": str(shape.kind),
        "encoding": shape.encoding,
        "delimiter": shape.delimiter,
        "heading": shape.heading,
        "address": plain(shape.address),
        "agreed": [plain(column) for column in shape.agreed],
        "status": [plain(column) for column in shape.status],
    }


def of_kept(found: dict[str, Any]) -> Shape:
    """Return a shape that was kept."""
    return Shape(
        Kind(found["kind"]),
        found["encoding"],
        found["delimiter"],
        found["heading"],
        Column(*found["address"]),
        tuple(Column(*column) for column in found["agreed"]),
        tuple(Column(*column) for column in found["status"]),
    )
