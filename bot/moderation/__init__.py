"""What moderators do with a link: decide alone or by votes, edit, put off; each takes effect once, and is audited."""

from bot.moderation.claims import release, start_edit
from bot.moderation.decide import approve, reject, undo
from bot.moderation.line import edit, keep_copy
from bot.moderation.snooze import put_off, wake
from bot.moderation.verdict import Verdict, parts_of, sender_of, too_late, wait_again

__all__ = [
    "Verdict",
    "approve",
    "edit",
    "keep_copy",
    "parts_of",
    "put_off",
    "reject",
    "release",
    "sender_of",
    "start_edit",
    "too_late",
    "undo",
    "wait_again",
    "wake",
]
