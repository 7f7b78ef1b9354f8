"""A rush at the desk: five hundred submissions in a minute into a group that takes twenty messages a minute."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from bot.logs import set_up
from bot.sandbox.telegram import Message, Person
from tests.bench.figures import Figure
from tests.bench.intake import CARDS, SENDERS, card_buttons, fill
from tests.bench.rush import PRESS_EVERY_SECONDS
from tests.cast import World, settled_world
from tests.flows.world_process import ledger, process

MINUTE_SECONDS = 60.0
LATER_SECONDS = 120.0
PEER = "one card a submission, as fast as the group takes them"
WAITING = "SELECT COUNT(*) FROM items WHERE state NOT IN ('draft', 'in issue')"
UNPOSTED = """SELECT COUNT(*) FROM items WHERE state = 'pending' AND NOT EXISTS
    (SELECT 1 FROM cards WHERE kind = 'card' AND subject_id = items.id) AND NOT EXISTS
    (SELECT 1 FROM outbox WHERE kind = 'card' AND subject_id = items.id)"""


async def measure(links: int, folder: Path) -> list[Figure]:
    """Let so many links come within a minute of everybody's clock, while somebody presses buttons all the time."""
    (folder / "desk").mkdir()
    async with settled_world(folder / "desk", quota_contributor=0) as world:
        senders = [world.tg.person(f"Sender {number}") for number in range(SENDERS)]
        await fill(world, 1, senders)
        async with process(world) as bot:
            await bot.start()
            buttons = await card_buttons(world)
            world.clock.set_speed(1.0)
            before = len(world.desk.visible())
            presses = await _rush(world, senders, links, buttons)
            lost = CARDS + links - ledger(world).number(WAITING) + ledger(world).number(UNPOSTED)
            posts, refused = len(world.desk.visible()) - before, _refusals(world)
    if refused > 1:
        raise RuntimeError(f"Telegram refused the bot {refused} times for its haste")
    what, kept = f"{links} links in a minute", links - lost
    return [
        Figure(f"{what}: messages in the moderators' chat", PEER, posts, links, "messages", limit=60),
        Figure(
            f"{what}: kept, with a card or one to come", "all", kept, links, "links", more_is_better=True, limit=links
        ),
        Figure(f"{what}: slowest press", "what is promised", max(presses) * 1e3, 300, "ms", limit=300),
    ]


async def _rush(world: World, senders: list[Person], links: int, buttons: list[tuple[Message, str]]) -> list[float]:
    """Send evenly over the minute, press every now and then, and wait until all is dealt with."""
    presses: list[float] = []
    over = asyncio.Event()
    pressing = asyncio.create_task(_press_until(over, world, buttons, presses))
    start = perf_counter()
    for number in range(links):
        url = f"http://paper-{number % 40}.example/2026/11/desk-{number}"
        world.site.add_article(url, f"Story {number} of a rush", "Paper", "2026-11-15", "en")
        senders[number % len(senders)].send(url)
        await asyncio.sleep(max(0.0, start + MINUTE_SECONDS * (number + 1) / links - perf_counter()))
    over.set()
    await pressing
    try:
        await _until(lambda: ledger(world).number(WAITING) >= links + CARDS)
    except TimeoutError:
        raise RuntimeError(f"of {links} links only {ledger(world).number(WAITING) - CARDS} wait") from None
    return presses


async def _press_until(
    over: asyncio.Event, world: World, buttons: list[tuple[Message, str]], presses: list[float]
) -> None:
    while not over.is_set():
        start, (card, data) = perf_counter(), buttons[len(presses) % len(buttons)]
        pressed = world.boris.press_data(card, data)
        await _until(lambda pressed=pressed: pressed.answered)  # type: ignore[misc]
        presses.append(perf_counter() - start)
        await asyncio.sleep(PRESS_EVERY_SECONDS)


async def _until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(LATER_SECONDS):
        while not true():  # noqa: ASYNC110 (another process makes it true)
            await asyncio.sleep(0.01)


def _refusals(world: World) -> int:
    """Return how often the group was written to too fast."""
    return sum("Too Many Requests" in call.outcome for call in world.tg.calls)


if __name__ == "__main__":
    set_up("WARNING", "text", [])
    measured = asyncio.run(measure(int(sys.argv[1]), Path(sys.argv[2])))
    print(json.dumps([asdict(figure) for figure in measured]))
