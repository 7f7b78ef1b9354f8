"""Many links at once: a moderator's press is answered before them, and what somebody sent keeps its order."""

import pytest

from tests.cast import World
from tests.flows.acts import approved, article, failed_updates, pressed, sent, states
from tests.flows.world_process import ledger

pytestmark = pytest.mark.system

MANY = 40
KEPT = "SELECT count(*) FROM updates WHERE kept IS NOT NULL"
MORE = 200  # Telegram gives a hundred at once


async def test_a_press_overtakes_the_links_that_others_sent_before_it(newsroom: World) -> None:
    card = await sent(newsroom, "first")
    links = [article(newsroom, f"many-{number}") for number in range(MANY)]
    for link in links:
        newsroom.ana.send(link)
    await pressed(newsroom, newsroom.boris, card, "Analysis")
    assert len(states(newsroom)) < MANY, "the press waited for the links"
    await newsroom.until(lambda: len(states(newsroom)) == 1 + MANY, 30)
    assert states(newsroom)[0] == "approved"
    assert failed_updates(newsroom) == 0


async def test_a_press_overtakes_even_what_stands_before_it_where_telegram_gives_no_more(newsroom: World) -> None:
    card = await sent(newsroom, "first")
    for number in range(MORE):
        (newsroom.ana, newsroom.clara)[number % 2].send(f"http://herald.example/more/{number}")
    press = newsroom.boris.press(card, "Analysis")
    await newsroom.until(lambda: press.answered)
    assert len(states(newsroom)) < MORE - 100, "the press waited for the links"
    await newsroom.until(lambda: len(states(newsroom)) == 1 + MORE, 30)
    assert states(newsroom)[0] == "approved"
    assert failed_updates(newsroom) == 0
    assert ledger(newsroom).number(KEPT) == 0, "what was written is kept longer than it is needed"


async def test_a_press_stays_behind_what_the_same_person_wrote_before_it(newsroom: World) -> None:
    card = await approved(newsroom, "first")
    link = article(newsroom, "second")
    newsroom.boris.send(link)
    press = newsroom.boris.press(card, "↩ Undo")
    await newsroom.until(lambda: press.answered)
    assert len(states(newsroom)) == 2
