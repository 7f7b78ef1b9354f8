"""Notices: read from what an editor typed or pasted, filled in field by field, printed until they are past."""

from bot.notices.current import is_past, last_day, printing
from bot.notices.given import read_json
from bot.notices.reading import TITLE_LENGTH, day, read, summary

__all__ = ["TITLE_LENGTH", "day", "is_past", "last_day", "printing", "read", "read_json", "summary"]
