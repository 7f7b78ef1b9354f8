"""People: one-time invitations, roles, pseudonyms, and contacts that stay sealed."""

from bot.people.contacts import CONTACT, chat_of, find, is_known, telegram_contact
from bot.people.invitations import INVITATION_HOURS, accept, invite, offer, take_back
from bot.people.names import check_name, named, rename, two_words
from bot.people.roles import admit, change_role, may_change_role, may_rename, may_revoke, revoke
from bot.people.standing import ban, free, mute, note_active

__all__ = [
    "CONTACT",
    "INVITATION_HOURS",
    "accept",
    "admit",
    "ban",
    "change_role",
    "chat_of",
    "check_name",
    "find",
    "free",
    "invite",
    "is_known",
    "may_change_role",
    "may_rename",
    "may_revoke",
    "mute",
    "named",
    "note_active",
    "offer",
    "rename",
    "revoke",
    "take_back",
    "telegram_contact",
    "two_words",
]
