"""The web doors: the archive, the readers' pages, Telegram's webhook, health."""

from handlers.web.front import build

__all__ = ["build"]
