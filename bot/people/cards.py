"""Draws people for their menus: everybody by role, one person, and what is asked before a role is taken away."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.people.roles import may_change_role, may_rename, may_revoke
from bot.render.style import short_date
from bot.texts import say
from store import people as records
from store.database import Tx
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin, Person
from store.states import Role

PAGE = 10
MUTE_DAYS = (1, 3, 7, 30)
LABEL_LENGTH = 40


async def everybody(tx: Tx) -> list[Person]:
    """Return everybody with a role: the highest first, inside by name."""
    found = [person for person in await records.every(tx) if not person.revoked]
    return sorted(found, key=lambda one: (-one.role.rank, one.pseudonym.casefold()))


async def list_card(tx: Tx, bulletin: Bulletin, page: int, language: str, now: datetime) -> Card:
    """Draw a page of everybody with a role."""
    people = await everybody(tx)
    last = max(0, (len(people) - 1) // PAGE)
    page = min(page, last)
    shown = people[page * PAGE : (page + 1) * PAGE]
    count = f" · {page + 1}/{last + 1}" if last else ""
    lines = [Text.bold(say(language, "people-title", n=len(people))) + count, *_by_role(bulletin, shown, language, now)]
    signs = (("‹", page - 1), ("›", page + 1))
    turn = tuple(Button(sign, f"v1:people.{to}:0:0") for sign, to in signs if 0 <= to <= last)
    invitations = (
        Button("+ " + say(language, "button-invite"), "v1:invite:0:0"),
        Button(say(language, "button-invitations"), "v1:invitations:0:0"),
    )
    return Card(Text.join("\n", lines), (*choices(shown), *((turn,) if turn else ()), invitations))


def found_card(bulletin: Bulletin, found: list[Person], language: str, now: datetime) -> Card:
    """Draw those whom a word has found."""
    lines = _by_role(bulletin, found[:PAGE], language, now)
    lines += [Text(say(language, "people-more", n=len(found) - PAGE))] if len(found) > PAGE else []
    back = (Button(say(language, "button-back"), "v1:people.0:0:0"),)
    return Card(Text.join("\n", lines), (*choices(found[:PAGE]), back))


def choices(people: list[Person]) -> Buttons:
    labels = [Button(person.pseudonym[:LABEL_LENGTH], f"v1:person:{person.id}:0") for person in people]
    return tuple(tuple(labels[start : start + 2]) for start in range(0, len(labels), 2))


def _by_role(bulletin: Bulletin, people: list[Person], language: str, now: datetime) -> list[Text]:
    lines, role = list[Text](), None
    for person in people:
        if person.role != role:
            role = person.role
            lines.append(Text.bold(say(language, f"people-of-{role}")))
        facts = [active(person, language, now), record(person, language), *standing(bulletin, person, language, now)]
        lines.append(Text("· ") + person.pseudonym + " – " + " · ".join(facts))
    return lines


def active(person: Person, language: str, now: datetime) -> str:
    """Return on which day somebody was last active."""
    if person.active_on is None:
        return say(language, "people-never")
    return say(language, "people-active", day=short_date(person.active_on, language, now.year))


def record(person: Person, language: str) -> str:
    """Return how many links somebody sent, and how many of them went in."""
    return say(language, "people-record", n=person.links, accepted=person.accepted)


def standing(bulletin: Bulletin, person: Person, language: str, now: datetime) -> list[str]:
    """Return what keeps somebody's links out now; what is over is not told."""
    zone, said = ZoneInfo(bulletin.timezone), list[str]()
    for key, until in (("people-muted", person.muted_until), ("people-banned", person.banned_until)):
        if until is not None and until > now:
            local = until.astimezone(zone)
            said.append(say(language, key, day=short_date(local.date(), language, now.year), time=f"{local:%H:%M}"))
    return said


async def person_card(tx: Tx, bulletin: Bulletin, viewer: Person, person: Person, language: str, now: datetime) -> Card:
    """Draw somebody with all that the viewer may do about them."""
    people = await everybody(tx)
    page = next((place for place, one in enumerate(people) if one.id == person.id), 0) // PAGE
    lines = [Text.bold(person.pseudonym), Text(say(language, f"role-{person.role}"))]
    lines += [Text(active(person, language, now)), Text(record(person, language))]
    lines += [Text(said) for said in standing(bulletin, person, language, now)]
    buttons = _acts(viewer, person, language, now)
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    return Card(Text.join("\n", lines), (*rows, (Button(say(language, "button-back"), f"v1:people.{page}:0:0"),)))


def _acts(viewer: Person, person: Person, language: str, now: datetime) -> list[Button]:
    wanted: list[str] = []
    if person.role == Role.CONTRIBUTOR:
        wanted += ["mute", "ban"]
        held = (person.muted_until, person.banned_until)
        wanted += ["free"] if any(until is not None and until > now for until in held) else []
    wanted += ["roles"] if may_change_role(viewer) else []
    wanted += ["name"] if may_rename(viewer, person) else []
    wanted += ["contact"] if may_change_role(viewer) and viewer.id != person.id else []
    wanted += ["revoke"] if may_revoke(viewer, person) else []
    return [_button(act, person, language) for act in wanted]


def _button(act: str, person: Person, language: str, argument: str = "", revision: int = 0) -> Button:
    data = f"v1:person-{act}{argument and '.' + argument}:{person.id}:{revision}"
    return Button(say(language, f"button-person-{act}"), data)


def roles_card(person: Person, language: str) -> Card:
    """Ask which role somebody should have; the button holds the one they have now."""
    labels = [
        Button(say(language, f"role-{role}").capitalize(), f"v1:person-role.{role}:{person.id}:{person.role.rank}")
        for role in Role
        if role != person.role
    ]
    return Card(
        Text(say(language, "people-which-role", who=person.pseudonym, role=say(language, f"role-{person.role}"))),
        (tuple(labels[:2]), tuple(labels[2:]), back_to(person, language)),
    )


def days_card(act: str, person: Person, language: str) -> Card:
    """Ask for how many days somebody's links are kept out (`mute`), or they altogether (`ban`)."""
    labels = [
        Button(say(language, "people-days", n=days), f"v1:person-{act}.{days}:{person.id}:0") for days in MUTE_DAYS
    ]
    asked = say(language, f"people-ask-{act}", who=person.pseudonym)
    return Card(Text(asked), (tuple(labels[:2]), tuple(labels[2:]), back_to(person, language)))


def sure_card(person: Person, language: str) -> Card:
    """Ask whether a role is really to be taken away; the button holds the one they have now."""
    sure = Button(say(language, "button-person-sure"), f"v1:person-revoke.yes:{person.id}:{person.role.rank}")
    asked = say(language, "people-ask-revoke", who=person.pseudonym, role=say(language, f"role-{person.role}"))
    return Card(Text(asked), ((sure,), back_to(person, language)))


def back_to(person: Person, language: str) -> tuple[Button, ...]:
    return (Button(say(language, "button-back"), f"v1:person:{person.id}:0"),)


def contact_card(person: Person, user: int, language: str) -> Card:
    """Draw the way to somebody in Telegram, for the owner who asked for it."""
    link = Text.link(say(language, "contact-link"), f"tg://user?id={user}")
    return Card(Text(say(language, "contact-of", who=person.pseudonym, number=user)) + " " + link)
