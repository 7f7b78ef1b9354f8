"""An issue: opened, gathered, composed, closed with its number in one transaction, sent; opened again before that."""

from bot.issues.approvals import add_approval, is_let_out, let_out_by, needed
from bot.issues.freezing import freeze, send
from bot.issues.gathering import BEFORE_FREEZE, READY, Gathered, day_of, ensure_open, gather
from bot.issues.printing import compose, imprint, in_order
from bot.issues.reopening import reopen
from bot.issues.words import bring_down, desk, say_about, say_to_desk

__all__ = [
    "BEFORE_FREEZE",
    "READY",
    "Gathered",
    "add_approval",
    "bring_down",
    "compose",
    "day_of",
    "desk",
    "ensure_open",
    "freeze",
    "gather",
    "imprint",
    "in_order",
    "is_let_out",
    "let_out_by",
    "needed",
    "reopen",
    "say_about",
    "say_to_desk",
    "send",
]
