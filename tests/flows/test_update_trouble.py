"""An update that cannot be dealt with is tried three times, set aside with an alarm, and keeps no other one waiting."""

import io
from pathlib import Path

from tests.cast import World
from tests.flows.acts import acknowledged
from tests.flows.test_races import newsroom_with_a_webhook
from tests.flows.world_process import ledger

# A disk, a bug or a broken row: whatever it is, the store refuses what this one message asks for.
REFUSE = """
CREATE TRIGGER refuse BEFORE INSERT ON items WHEN new.title LIKE '%unlucky%' BEGIN SELECT RAISE(ABORT, 'no'); END
"""
ALLOW = "DROP TRIGGER refuse"
TIMES = "SELECT failures, done FROM updates WHERE failures > 0"


async def change(around: World, statement: str) -> None:
    async with around.services.store.transaction() as tx:
        await tx.exec_driver_sql(statement)


async def test_an_update_that_fails_three_times_is_set_aside_and_blocks_nobody(
    newsroom: World, every_line: io.StringIO
) -> None:
    await change(newsroom, REFUSE)
    newsroom.ana.send("http://herald.example/unlucky")
    newsroom.ana.send("http://herald.example/lucky")
    await newsroom.until(lambda: newsroom.ana.private.find("Received #1"))
    alarm = await newsroom.until(lambda: newsroom.desk.find("set aside"))
    assert "send it again" in alarm.words
    assert ledger(newsroom).rows(TIMES) == [(3, 1)]
    assert every_line.getvalue().count("an update failed") == 3
    assert ledger(newsroom).number("SELECT count(*) FROM submissions") == 1
    assert sum("set aside" in text for text in newsroom.desk.texts) == 1


async def test_an_update_that_fails_among_others_takes_nothing_of_them_with_it(newsroom: World) -> None:
    await change(newsroom, REFUSE)
    for number in range(1, 5):
        newsroom.ana.send("http://herald.example/unlucky" if number == 3 else f"http://herald.example/{number}")
    await newsroom.until(lambda: set().union(*acknowledged(newsroom.ana)) == {1, 2, 3})
    await newsroom.until(lambda: newsroom.desk.find("set aside"))
    store = ledger(newsroom)
    assert store.rows(TIMES) == [(3, 1)]
    links = [url.rpartition("/")[2] for (url,) in store.rows("SELECT url FROM citations ORDER BY item_id")]
    assert links == ["1", "2", "4"]


async def test_an_update_that_fails_for_a_moment_takes_effect_once_in_the_end(newsroom: World) -> None:
    newsroom.clock.set_speed(1)  # so that the second try comes a whole second later
    await change(newsroom, REFUSE)
    newsroom.ana.send("http://herald.example/unlucky")
    await newsroom.until(lambda: ledger(newsroom).rows(TIMES))
    await change(newsroom, ALLOW)
    await newsroom.until(lambda: newsroom.ana.private.find("Received #1"))
    assert ledger(newsroom).number("SELECT count(*) FROM submissions") == 1
    assert newsroom.desk.find("set aside") is None


async def test_a_press_that_fails_is_answered_and_the_next_one_takes_effect(newsroom: World) -> None:
    newsroom.site.add_article("http://herald.example/a", "A story", "Herald", "2026-11-15", "en")
    newsroom.ana.send("http://herald.example/a")
    card = await newsroom.card("A story")
    await change(newsroom, "CREATE TRIGGER refuse BEFORE UPDATE ON items BEGIN SELECT RAISE(ABORT, 'no'); END")
    failing = newsroom.boris.press(card, "Analysis")
    await newsroom.until(lambda: failing.answered and newsroom.desk.find("set aside"))
    await change(newsroom, ALLOW)
    newsroom.boris.press(card, "Analysis")
    await newsroom.until(lambda: "✓" in card.text)
    assert ledger(newsroom).number("SELECT count(*) FROM audit WHERE act = 'approve'") == 1


async def test_an_update_that_fails_by_webhook_is_offered_three_times_and_set_aside(
    tmp_path: Path, every_line: io.StringIO
) -> None:
    async with newsroom_with_a_webhook(tmp_path) as newsroom:
        await change(newsroom, REFUSE)
        newsroom.ana.send("http://herald.example/unlucky")
        newsroom.ana.send("http://herald.example/lucky")
        await newsroom.until(lambda: newsroom.ana.private.find("Received #1"))
        await newsroom.until(lambda: newsroom.desk.find("set aside"))
        await newsroom.until(lambda: not newsroom.tg.updates.waiting)
        assert ledger(newsroom).rows(TIMES) == [(3, 1)]
    assert every_line.getvalue().count("an update failed") == 3


async def test_updates_that_come_twice_at_once_take_effect_once(tmp_path: Path) -> None:
    async with newsroom_with_a_webhook(tmp_path) as newsroom:
        newsroom.tg.webhook.copies = 2
        for number in range(1, 6):
            newsroom.ana.send(f"http://herald.example/{number}")
        newsroom.eve.start("an-invitation-that-nobody-made")
        await newsroom.until(lambda: set().union(*acknowledged(newsroom.ana)) == set(range(1, 6)))
        await newsroom.until(lambda: not newsroom.tg.updates.waiting)
        assert ledger(newsroom).number("SELECT count(*) FROM submissions") == 5
        assert ledger(newsroom).number("SELECT count(*) FROM items") == 5
        assert sum("This invitation was used already" in text for text in newsroom.eve.private.texts) == 1


async def test_an_update_of_an_unknown_form_is_set_aside_and_the_bot_hears_what_comes_after(
    newsroom: World, every_line: io.StringIO
) -> None:
    newsroom.ana.send("http://herald.example/before")
    strange = newsroom.tg.updates.put("message", {"message_id": 7, "text": "from Ana, in a form of next year"})
    newsroom.ana.send("http://herald.example/after")
    await newsroom.until(lambda: set().union(*acknowledged(newsroom.ana)) == {1, 2})
    alarm = await newsroom.until(lambda: newsroom.desk.find("set aside"))
    assert str(strange["update_id"]) in alarm.words
    assert "in a form of next year" not in every_line.getvalue()


async def test_an_update_of_an_unknown_form_by_webhook_is_set_aside_and_not_offered_again(tmp_path: Path) -> None:
    async with newsroom_with_a_webhook(tmp_path) as newsroom:
        newsroom.tg.updates.put("message", {"message_id": 7, "text": "from Ana, in a form of next year"})
        await newsroom.until(lambda: newsroom.desk.find("set aside"))
        await newsroom.until(lambda: not newsroom.tg.updates.waiting)
