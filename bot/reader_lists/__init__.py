"""Lists of readers: what a file of addresses holds, whatever program wrote it, read row by row and taken in."""

from bot.reader_lists.importing import Batch, batches, bring_in
from bot.reader_lists.importing import look as standing
from bot.reader_lists.reading import Rejected, Row, look, read
from bot.reader_lists.shape import Column, Kind, Shape, hint_of

__all__ = [
    "Batch",
    "Column",
    "Kind",
    "Rejected",
    "Row",
    "Shape",
    "batches",
    "bring_in",
    "hint_of",
    "look",
    "read",
    "standing",
]
