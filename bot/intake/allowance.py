"""How much somebody may send: links a day by role, and the days on which they may send none."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.render.style import long_date
from bot.settings import Settings
from store.records import Bulletin, Person
from store.states import Role

NEAR_LINKS = 10


@dataclass(frozen=True, slots=True)
class Quotas:
    """Links a day that one person may send; 0 sets no limit. `moderator` counts for the higher roles too."""

    contributor: int = 0
    moderator: int = 0

    def of(self, role: Role) -> int:
        return self.contributor if role == Role.CONTRIBUTOR else self.moderator


NO_QUOTAS = Quotas()


def quotas_of(settings: Settings) -> Quotas:
    return Quotas(settings.quota_contributor, settings.quota_moderator)


def left(person: Person, quotas: Quotas, today: date) -> int | None:
    """Return how many links a person may still send today; None without a limit."""
    quota = quotas.of(person.role)
    return max(0, quota - (person.links_that_day if person.active_on == today else 0)) if quota else None


def check(bulletin: Bulletin, person: Person, links: int, quotas: Quotas, now: datetime) -> None:
    """Raise Refused, with the moment from which on it works again, when somebody may not send so many links now."""
    check_standing(bulletin, person, now)
    if person.muted_until is not None and person.muted_until > now:
        raise Refused("muted", **in_words(bulletin, person.language, person.muted_until))
    remaining = left(person, quotas, now.astimezone(ZoneInfo(bulletin.timezone)).date())
    if remaining is None or links <= remaining:
        return
    values = {"n": quotas.of(person.role), "zone": bulletin.timezone}
    if remaining:
        raise Refused("quota-over", left=remaining, links=links, **values)
    raise Refused("quota-spent", **values)


def check_standing(bulletin: Bulletin, person: Person, now: datetime) -> None:
    """Raise Refused when a person is kept out altogether."""
    if person.banned_until is not None and person.banned_until > now:
        raise Refused("banned", **in_words(bulletin, person.language, person.banned_until))


def in_words(bulletin: Bulletin, language: str, moment: datetime) -> dict[str, str]:
    """Return the day and the time of a moment in the bulletin's zone, as values of a sentence."""
    local = moment.astimezone(ZoneInfo(bulletin.timezone))
    return {"day": long_date(local.date(), language), "time": f"{local:%H:%M}"}
