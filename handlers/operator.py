"""The owner's doors: what a chat that the bot was added to is for."""

from bot import desk, guarded
from bot.delivery import healing
from bot.guard import Act
from bot.services import Services
from handlers.visit import Answer, Visit
from store import bulletins, outbox
from store import people as people_records
from store.messages import Button, Card, Text
from store.states import Role


async def membership(visit: Visit) -> Answer:
    """Remember a chat the bot was added to, and ask the owner what it is for; pause a channel it was removed from."""
    change = visit.membership
    if change is None or change.kind == "private":
        return Answer()
    key = f"chat:{change.chat}"
    channels = await bulletins.channels_of(visit.tx, visit.here.id)
    ours = next((channel for channel in channels if channel.chat_id == change.chat), None)
    if not change.present:
        await bulletins.forget_fact(visit.tx, key)
        if ours is not None and await bulletins.pause_channel(visit.tx, ours.id, "removed"):
            await _tell_owners(visit, "chat-lost", title=change.title)
        return Answer()
    await bulletins.set_fact(visit.tx, key, {"title": change.title, "kind": change.kind, "can_post": change.can_post})
    if ours is not None and change.can_post:
        await bulletins.add_channel(visit.tx, visit.here.id, change.chat, change.title)
    elif change.chat == visit.here.moderators_chat:
        await desk.bring_all(visit.tx, visit.here.id, visit.now)
    elif ours is None:
        for owner in await people_records.with_role(visit.tx, Role.OWNER):
            await desk.ask_purpose(visit.tx, owner.id, change.chat, visit.now)
    return Answer()


async def moderate_here(visit: Visit) -> Answer:
    """Make a group the moderators' chat; the number on the button is the group's id without its sign."""
    chat = -visit.pressed.subject
    fact = await bulletins.fact(visit.tx, f"chat:{chat}")
    if fact is None:
        return Answer(toast=visit.say("chat-unknown"), alert=True)
    payload = {"chat": chat, "title": fact["title"]}
    sealer = visit.services.sealer
    waits = await guarded.do_or_ask(visit.tx, sealer, visit.here, visit.who, Act.DESK, payload, visit.now)
    said = visit.say("moderate-here-done", title=fact["title"]) if waits is None else visit.say("guard-asked")
    return Answer(redraw=Card(Text(said)))


async def publish_here(visit: Visit) -> Answer:
    """Make a chat one of the channels, once Telegram has said that the bot may post there."""
    chat, press, bulletin, who = -visit.pressed.subject, visit.pressed, visit.here, visit.who
    say = visit.say
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
            await services.courier.edit(press.chat, press.message, Text(said))
        else:
            again = ((Button(say("button-try-again"), f"v1:publish-here:{-chat}:0"),),)
            await services.courier.edit(press.chat, press.message, Text(say("chat-no-right", title=facts.title)), again)

    return Answer(then=look)


async def not_this_one(visit: Visit) -> Answer:
    """Leave a chat unused, and forget that it was asked about."""
    await bulletins.forget_fact(visit.tx, f"chat:{-visit.pressed.subject}")
    return Answer(redraw=Card(Text(visit.say("chat-unused"))))


async def _tell_owners(visit: Visit, key: str, **values: object) -> None:
    for owner in await people_records.with_role(visit.tx, Role.OWNER):
        payload = {"key": key, "values": values}
        await outbox.put(visit.tx, now=visit.now, kind="say", payload=payload, person_id=owner.id)


async def migrated(visit: Visit) -> Answer:
    """Follow a group that became a supergroup, and draw what is open there again."""
    await healing.follow(visit.tx, visit.chat, visit.subject, visit.now)
    return Answer()
