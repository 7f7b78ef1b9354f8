"""Readers: they come by double opt-in or with proof of consent, choose, leave at once, and are never revived."""

from bot.subscriptions.addresses import ADDRESS, GROUPS, mark, normal, provider, sealed, taken
from bot.subscriptions.coming import CONFIRM, Confirmed, ask, bring_in, confirm, sweep
from bot.subscriptions.leaving import LEAVE, bulletin_of, leave, undo

__all__ = [
    "ADDRESS",
    "CONFIRM",
    "GROUPS",
    "LEAVE",
    "Confirmed",
    "ask",
    "bring_in",
    "bulletin_of",
    "confirm",
    "leave",
    "mark",
    "normal",
    "provider",
    "sealed",
    "sweep",
    "taken",
    "undo",
]
