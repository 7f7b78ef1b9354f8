"""The gate: what is due is shown before it goes out, let out, put on hold, gone on with, closed early, opened again."""

from bot.gate.clock import hold_after_absence, tick
from bot.gate.early import close, may_close, reopen
from bot.gate.going import Pressed, Released, go_on, hold, is_out_of_schedule, meant, publish
from bot.gate.opening import refresh

__all__ = [
    "Pressed",
    "Released",
    "close",
    "go_on",
    "hold",
    "hold_after_absence",
    "is_out_of_schedule",
    "may_close",
    "meant",
    "publish",
    "refresh",
    "reopen",
    "tick",
]
