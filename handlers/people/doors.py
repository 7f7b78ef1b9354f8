"""All doors about people by the action of their buttons and the purpose of their questions, with their roles."""

from handlers.people import everybody, guard, invitations, naming
from handlers.visit import Door
from store.states import Role

BUTTONS: dict[str, tuple[Door, Role]] = {
    "people": (everybody.page, Role.MODERATOR),
    "person": (everybody.show, Role.MODERATOR),
    "person-mute": (everybody.ask_mute, Role.MODERATOR),
    "person-ban": (everybody.ask_ban, Role.MODERATOR),
    "person-free": (everybody.free, Role.MODERATOR),
    "person-revoke": (everybody.revoke, Role.MODERATOR),
    "person-roles": (everybody.ask_role, Role.OWNER),
    "person-role": (everybody.give_role, Role.OWNER),
    "person-contact": (everybody.reveal, Role.OWNER),
    "person-name": (naming.ask_name, Role.CONTRIBUTOR),
    "invite": (invitations.ask, Role.MODERATOR),
    "invite-for": (invitations.make, Role.MODERATOR),
    "invitations": (invitations.list_open, Role.MODERATOR),
    "uninvite": (invitations.take_back, Role.MODERATOR),
    "language": (naming.choose_language, Role.CONTRIBUTOR),
    "guard": (guard.switch, Role.OWNER),
    "guard-yes": (guard.confirm, Role.EDITOR),
    "guard-no": (guard.stop, Role.MODERATOR),
}

ANSWERS: dict[str, tuple[Door, Role]] = {naming.ASKED: (naming.take_name, Role.CONTRIBUTOR)}
