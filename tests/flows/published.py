"""A published issue in a world, and how editors correct it."""

import re
from collections.abc import Sequence
from datetime import date

from bot import subscriptions
from bot.sandbox.telegram import Message, Person
from bot.tokens import read_row_token
from store import bulletins, issues, items, subscribers
from store.records import Citation, Issue, Precision, PublicationDate
from store.states import ItemState
from tests.cast import World
from tests.flows.acts import answer, pressed

DAY = PublicationDate(Precision.DAY, date(2026, 11, 15))


async def stories(world: World, names: Sequence[str], short: str = "Analysis", title: str = "Story of {}") -> None:
    """Let stories with links be approved in a section, without the doors that bring them."""
    async with world.services.store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        section = next(section for section in bulletin.sections if section.short == short)
        columns = {"bulletin_id": bulletin.id, "section_id": section.id, "state": ItemState.APPROVED}
        columns |= {"created_at": world.clock.now()}
        await items.add_all(
            tx,
            [
                {**columns, "title": title.format(name), "citations": [cited(name)], "position": place}
                for place, name in enumerate(names)
            ],
        )


def cited(name: str) -> Citation:
    url = f"http://herald.example/{name}"
    return Citation("Herald", url, url, DAY)


async def published(world: World, by: Person, language: str = "en") -> Issue:
    """Let an editor publish the open issue, and return it once it is out."""
    by.send("/publish", world.desk)
    await world.until(lambda: world.desk.find("is out." if language == "en" else "Випуск 1"), 20)
    return await issue_of(world)


async def issue_of(world: World, number: int = 1) -> Issue:
    async with world.services.store.reading() as tx:
        bulletin = await bulletins.first(tx)
        found = await issues.numbered(tx, bulletin.id, number)
    assert found is not None
    return found


async def menu(world: World, by: Person, words: str = "/correct") -> Message:
    """Let an editor ask for the menu in private, and return it."""
    before = len(by.private.texts)
    by.send(words)
    await answer(world, by, before + 1)
    return by.private.last()


async def chosen(world: World, by: Person, card: Message, *labels: str) -> None:
    """Let somebody press one button after the other on a message, each once it is there."""
    for label in labels:
        await world.until(lambda label=label: any(label in each for each in card.labels))
        before = (card.text, card.labels)
        await pressed(world, by, card, next(each for each in card.labels if label in each))
        await world.until(lambda before=before: (card.text, card.labels) != before)


async def written(world: World, by: Person, card: Message, field: str, words: str) -> Message:
    """Let somebody press a field of an item and reply with words; return what the bot says to it."""
    before = len(by.private.texts)
    await pressed(world, by, card, field)
    await answer(world, by, before)
    question = by.private.last()
    by.send(words, reply_to=question)
    await answer(world, by, before + 2)
    return by.private.last()


async def corrected(world: World, by: Person, field: str, words: str, place: str = "1", section: str = "1.") -> Message:
    """Let an editor correct a field of an item from the command to the last word, and return the message of it."""
    card = await menu(world, by)
    await chosen(world, by, card, section, place)
    preview = await written(world, by, card, field, words)
    await chosen(world, by, preview, "✓ Correct it")
    return preview


async def rendering(world: World, form: str, part: int = 0, number: int = 1) -> bytes:
    """Return a stored edition of an issue."""
    issue = await issue_of(world, number)
    async with world.services.store.reading() as tx:
        content = await issues.rendering(tx, issue.id, form, part)
    assert content is not None
    return content


async def leave(world: World, reader: str) -> None:
    """Let a reader leave by the link of the letter."""
    link = world.mail.mailbox(reader)[0].message["List-Unsubscribe"]
    row, generation = read_row_token(world.services.sealer, "leave", re.search(r"/leave/([^>]+)>", link)[1])
    async with world.services.store.transaction() as tx:
        await subscriptions.leave(tx, row, generation, world.clock.now())


async def gone(world: World, reader: str) -> None:
    """Let a reader who got no letter leave, as by a letter of before."""
    services = world.services
    mac = services.sealer.mac(subscriptions.ADDRESS, reader)
    async with services.store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        row = next(each for each in await subscribers.of_bulletin(tx, bulletin.id) if each.address_mac == mac)
        await subscriptions.leave(tx, row.id, row.generation, world.clock.now())
