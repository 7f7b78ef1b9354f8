"""The owner's doors: what a chat that the bot was added to is for."""

from bot import desk, guarded
from bot.bulletin_settings import chats
from bot.delivery import healing
from bot.guard import Act
from bot.services import Services
from handlers.visit import Answer, Visit
from store import bulletins, desks, outbox
from store import people as people_records
from store.messages import Button, Card, Text
from store.states import Role


async def membership(visit: Visit) -> Answer:
    """Remember a chat the bot was added to, and ask the owner what it is for; pause a channel it was removed from."""
    change = visit.membership
    if change is None or change.kind == "private":
        return Answer()
    key = f"chat:{change.chat}"
    ours = await bulletins.channels_at(visit.tx, change.chat)
    if not change.present:
        await bulletins.forget_fact(visit.tx, key)
        if any([await bulletins.pause_channel(visit.tx, channel.id, "removed") for channel in ours]):
            await _tell_owners(visit, "chat-lost", title=change.title)
        return Answer()
    await bulletins.set_fact(visit.tx, key, {"title": change.title, "kind": change.kind, "can_post": change.can_post})
    moderated = await desks.used_by(visit.tx, change.chat)
    for channel in ours if change.can_post else ():
        if channel.problem != chats.BY_HAND:
            await bulletins.add_channel(visit.tx, channel.bulletin_id, change.chat, change.title)
    for bulletin_id in moderated:
        await desk.bring_all(visit.tx, bulletin_id, visit.now)
    if not ours and not moderated:
        for owner in await people_records.with_role(visit.tx, Role.OWNER):
            await desk.ask_purpose(visit.tx, owner.id, change.chat, visit.now)
    return Answer()


async def moderate_here(visit: Visit) -> Answer:
    """Make a group the moderators' chat; the number on the button is the group's id without its sign."""
    chat = -visit.pressed.subject
    title = await chats.may_moderate(visit.tx, visit.here, chat)
    payload, sealer, name = {"chat": chat, "title": title}, visit.services.sealer, await _name(visit)
    waits = await guarded.do_or_ask(visit.tx, sealer, visit.here, visit.who, Act.DESK, payload, visit.now)
    said = visit.say("moderate-here-done", title=title) if waits is None else visit.say("guard-asked")
    return Answer(redraw=Card(Text(name + said)))


async def publish_here(visit: Visit) -> Answer:
    """Make a chat one of the channels, once Telegram has said that the bot may post there."""
    chat, press, bulletin, who = -visit.pressed.subject, visit.pressed, visit.here, visit.who
    say, name = visit.say, await _name(visit)
    if await bulletins.fact(visit.tx, f"chat:{chat}") is None:
        return Answer(toast=say("chat-unknown"), alert=True)

    async def look(services: Services) -> None:
        facts = await services.courier.facts(chat)
        if facts.can_post:
            async with services.store.transaction() as tx:
                payload, now = {"chat": chat, "title": facts.title}, services.clock.now()
                waits = await guarded.do_or_ask(tx, services.sealer, bulletin, who, Act.CHANNEL, payload, now)
            services.bell.ring()
            said = say("publish-here-done", title=facts.title) if waits is None else say("guard-asked")
            await services.courier.edit(press.chat, press.message, Text(name + said))
        else:
            again = ((Button(say("button-try-again"), f"v1:publish-here:{-chat}:0"),),)
            await services.courier.edit(press.chat, press.message, Text(say("chat-no-right", title=facts.title)), again)

    return Answer(then=look)


async def not_this_one(visit: Visit) -> Answer:
    """Leave a chat unused, and forget that it was asked about."""
    await bulletins.forget_fact(visit.tx, f"chat:{-visit.pressed.subject}")
    return Answer(redraw=Card(Text(visit.say("chat-unused"))))


async def _name(visit: Visit) -> str:
    """Return the bulletin's name as the first line of an answer, where there are several; else nothing."""
    return f"{visit.here.title}\n" if await bulletins.are_several(visit.tx) else ""


async def _tell_owners(visit: Visit, key: str, **values: object) -> None:
    for owner in await people_records.with_role(visit.tx, Role.OWNER):
        payload = {"key": key, "values": values}
        await outbox.put(visit.tx, now=visit.now, kind="say", payload=payload, person_id=owner.id)


async def migrated(visit: Visit) -> Answer:
    """Follow a group that became a supergroup, and draw what is open there again."""
    await healing.follow(visit.tx, visit.chat, visit.subject, visit.now)
    return Answer()
