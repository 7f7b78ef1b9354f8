"""The records of a table with the lines in which they begin; a stray quotation mark swallows none of them."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

RECORD_LINES = 50
"""So many lines one record may take; a quotation mark that is open for longer was never meant to be one."""
Record = tuple[int, list[str]]


def records(lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[Record]:
    """Yield number and cells of each record; an empty delimiter means that a line is one cell."""
    waiting: deque[tuple[int, str]] = deque()
    source = iter(lines)
    while (line := waiting.popleft() if waiting else next(source, None)) is not None:
        if not delimiter or '"' not in line[1]:
            yield line[0], line[1].split(delimiter) if delimiter else [line[1]]
            continue
        together = [line]
        while _is_open(together) and len(together) < RECORD_LINES:
            following = waiting.popleft() if waiting else next(source, None)
            if following is None:
                break
            together.append(following)
        if _is_open(together):
            waiting.extendleft(reversed(together[1:]))
            together = [line]
        yield from _parsed(together, delimiter)


def _is_open(together: list[tuple[int, str]]) -> bool:
    return sum(text.count('"') for _, text in together) % 2 == 1


def _parsed(together: list[tuple[int, str]], delimiter: str) -> Iterator[Record]:
    """Yield the records of lines whose quotation marks are even.

    Where one goes over several lines and an address stands in a line behind its first, its lines are yielded without
    cells: they were perhaps records of their own, and must neither vanish unseen nor be mixed up.
    """
    reader, done = csv.reader([text + "\n" for _, text in together], delimiter=delimiter), 0
    for cells in reader:
        own, done = together[done : reader.line_num], reader.line_num
        if any("@" in text for _, text in own[1:]):
            yield from ((number, []) for number, text in own if "@" in text)
        else:
            yield own[0][0], [cell.strip("\n") for cell in cells]
