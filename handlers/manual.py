"""What /help says: the commands that a person may use, those that belong together under one heading."""

from collections.abc import Mapping

from bot.texts import say
from store.messages import Text
from store.records import Person

GROUPS = {
    "you": ("help", "mine", "letterbox", "subscribe", "stop", "rename", "language"),
    "links": ("queue", "letters", "here", "moderate", "sources"),
    "issue": ("issue", "sections", "notice", "notices", "preview", "mail"),
    "release": ("publish", "hold", "continue", "close", "reopen", "report", "correct", "missed", "stats"),
    "people": ("people", "invite", "invitations", "mute", "ban", "unmute", "readers"),
}
REST = "bulletin"
"""What stands in no group is about the bulletin as a whole."""


def explain(person: Person, language: str, lines: Mapping[str, str]) -> Text:
    """Return the help for a person; `lines` are the commands open to them, each with the key of its words."""
    parts = [Text(say(language, f"welcome-{person.role}"))]
    placed = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, REST: tuple(name for name in lines if name not in placed)}
    for group, names in groups.items():
        told = [Text(f"/{name} – {say(language, lines[name])}") for name in names if name in lines]
        if told:
            parts.append(Text.join("\n", [Text.bold(say(language, f"help-group-{group}")), *told]))
    return Text.join("\n\n", parts)
