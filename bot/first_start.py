"""The first start: a bulletin from the settings, which chat changes from then on; and the owner's one-time link."""

from datetime import datetime
from random import Random

from bot import issues, people
from bot.bulletin_settings.create import section, slug
from bot.errors import OperatorError
from bot.seal import Sealer
from bot.settings import Settings
from bot.texts import say
from store import audit, bulletins, invitations
from store import people as people_records
from store.database import Store
from store.records import Bulletin
from store.states import Role


async def check_key(store: Store, sealer: Sealer) -> None:
    """Remember the key that this database is sealed with; raises OperatorError when it is opened with another."""
    proof = sealer.mac("key", "this is the key")
    async with store.transaction() as tx:
        known = await bulletins.fact(tx, "key-proof")
        if known is None:
            await bulletins.set_fact(tx, "key-proof", proof)
        elif known != proof:
            raise OperatorError(
                "This database was made with another key: put its key file back, or set BULLETIN_SECRET_KEY to its key."
            )


async def prepare(store: Store, sealer: Sealer, random: Random, settings: Settings, now: datetime) -> Bulletin:
    """Make the bulletin of a new installation, let the owner of the settings in, and open the next issue."""
    async with store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        if bulletin is None:
            sections = [section(given) for given in settings.sections]
            bulletin_id = await bulletins.add(
                tx,
                sections=sections,
                slug=slug(settings.title),
                title=settings.title,
                language=settings.language,
                timezone=settings.timezone,
                schedule=settings.schedule,
                cutoff_minutes=settings.cutoff,
                footer=say(settings.language, "default-footer"),
                moderators_chat=settings.moderators_chat,
            )
            await bulletins.set_fact(tx, "channels-wanted", settings.channels)
            await audit.note(tx, at=now, actor="clock", act="first start", subject=f"bulletin {bulletin_id}")
            bulletin = await bulletins.get(tx, bulletin_id)
        if settings.owner_id is not None and not await people.is_known(tx, sealer, settings.owner_id):
            language = settings.language
            await people.admit(tx, sealer, random, user=settings.owner_id, role=Role.OWNER, language=language, now=now)
        await issues.ensure_open(tx, bulletin, now)
    return bulletin


async def owner_token(store: Store, sealer: Sealer, now: datetime) -> str | None:
    """Return the token of a fresh one-time owner link, None when there is an owner; older links are void."""
    async with store.transaction() as tx:
        if await people_records.with_role(tx, Role.OWNER):
            return None
        await invitations.void(tx, Role.OWNER)
        return await people.invite(tx, sealer, "shell", Role.OWNER, now)
