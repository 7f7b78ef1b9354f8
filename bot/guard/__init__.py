"""The acts that need two: asked for, announced, confirmed or stopped by another, and over when their time is."""

from bot.guard.asking import (
    Act,
    Over,
    ask,
    confirm,
    drop_acts_of,
    fail,
    is_on,
    lapse,
    note_alone,
    stop,
    switch,
)
from bot.guard.gates import loosens

__all__ = [
    "Act",
    "Over",
    "ask",
    "confirm",
    "drop_acts_of",
    "fail",
    "is_on",
    "lapse",
    "loosens",
    "note_alone",
    "stop",
    "switch",
]
