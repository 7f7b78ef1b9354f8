"""Moderators: one press decides, once, whoever else presses; what was decided can be undone; editing is claimed."""

import re

from bot import people
from store import people as people_records
from tests.cast import World
from tests.flows.acts import (
    answer,
    approved,
    article,
    at_desk,
    failed_updates,
    forged,
    pressed,
    quiet,
    sent,
    states,
    tables,
)


def name_of(newsroom: World, who: str) -> str:
    """Return somebody's pseudonym, as the bot told it to them."""
    welcome = getattr(newsroom, who).private.find("known only as")
    return re.search(r"known only as ([\w ]+)\.", welcome.text)[1]


async def test_a_card_tells_all_that_is_known_silently_and_without_preview(newsroom: World) -> None:
    url = article(newsroom, "a", "Крамниця відчинена", source="Степ", language="uk", author="Олена Тимків")
    newsroom.ana.send(f"From my street: {url}")
    card = await newsroom.card("Крамниця відчинена")
    assert card.text.splitlines() == [
        "Крамниця відчинена",
        "Степ, November 15th · herald.example · new source",
        "Ukrainian · Олена Тимків",
        f"{name_of(newsroom, 'ana')} · #1 · 1 sent, 0 in",
        "“From my street:”",
    ]
    assert {"type": "text_link", "offset": 0, "length": 18, "url": url} in card.entities
    assert card.silent
    assert card.preview_disabled
    labels = [[button.label for button in row] for row in card.buttons]
    assert labels == [
        ["Occupied areas", "Ukraine"],
        ["Analysis", "Human rights"],
        ["Solidarity"],
        ["+ add source"],
        ["✗ Reject", "✎ Edit", "☾ Later"],
    ]


async def test_one_press_decides_and_a_second_one_hears_who_was_first(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    seen = card.buttons
    first = await pressed(newsroom, newsroom.boris, card, "Ukraine")
    assert (first.answer_text, first.show_alert) == ("Approved: News from Ukraine – general", False)
    await newsroom.until(lambda: card.text.startswith("✓"))
    assert card.text == f"✓ Story of a → Ukraine · {name_of(newsroom, 'boris')}"
    assert card.labels == ["↩ Undo", "✎ Edit"]
    late = newsroom.clara.press(card, "Solidarity", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert late.answer_text == f"Already approved by {name_of(newsroom, 'boris')}. Nothing was changed."
    assert late.show_alert
    assert states(newsroom) == ["approved"]


async def test_a_rejection_asks_for_its_reason_and_can_be_left_again(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    await pressed(newsroom, newsroom.boris, card, "✗ Reject")
    await newsroom.until(lambda: "Off topic" in card.labels)
    await pressed(newsroom, newsroom.boris, card, "← Back")
    await newsroom.until(lambda: "Ukraine" in card.labels)
    await pressed(newsroom, newsroom.boris, card, "✗ Reject")
    await newsroom.until(lambda: "Off topic" in card.labels)
    press = await pressed(newsroom, newsroom.boris, card, "Source not reliable enough")
    assert press.answer_text == "Rejected; the sender hears why."
    await newsroom.until(
        lambda: card.text == f"✗ Story of a · source not reliable enough · {name_of(newsroom, 'boris')}"
    )


async def test_an_undo_after_the_sender_heard_is_told_too(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: newsroom.ana.private.find("is approved for the bulletin"))
    press = await pressed(newsroom, newsroom.clara, card, "↩ Undo")
    assert press.answer_text == "Undone: it waits for a decision again."
    await newsroom.until(lambda: newsroom.ana.private.find("#1 “Story of a” is being considered again."))
    await newsroom.until(lambda: "Ukraine" in card.labels)
    assert states(newsroom) == ["pending"]


async def test_a_card_warns_of_what_was_met_before(newsroom: World) -> None:
    await approved(newsroom, "a")
    again = newsroom.site.add_article("http://m.herald.example/a", "The same on a phone", "Herald", None, "en")
    newsroom.ana.send(f"{again.url}?fbclid=1")
    card = await newsroom.card("The same on a phone")
    assert "↺ approved for the next issue, sent today" in card.text.splitlines()
    assert "Herald · no date" in card.text


async def test_the_likeliest_section_comes_first(newsroom: World) -> None:
    await approved(newsroom, "a", "Solidarity")
    card = await sent(newsroom, "b")
    assert card.labels[:2] == ["Solidarity", "Occupied areas"]
    other = await sent(newsroom, "c", source="Somebody Else")
    assert other.labels[0] == "Occupied areas"


async def test_the_queue_brings_the_cards_down_to_the_end_of_the_chat(newsroom: World) -> None:
    old = await sent(newsroom, "a")
    seen = old.buttons
    await approved(newsroom, "b")
    told = await at_desk(newsroom, newsroom.boris, "/queue", "1 link waits for a decision.")
    assert "1 is approved for the next issue." in told.text
    assert "1. Story of a" in told.text
    await pressed(newsroom, newsroom.boris, told, "Bring cards here")
    fresh = await newsroom.until(
        lambda: next((m for m in newsroom.desk.visible() if m.message_id > told.message_id and m.buttons), None)
    )
    assert fresh.text.startswith("Story of a")
    await newsroom.until(lambda: old.text == "↓ Story of a" and not old.labels)
    late = newsroom.boris.press(old, "Ukraine", buttons=seen)
    await newsroom.until(lambda: late.answered and fresh.text.startswith("✓"))


async def test_a_press_without_the_role_does_nothing(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    newsroom.eve.join(newsroom.desk)
    newsroom.ana.join(newsroom.desk)
    await quiet(newsroom)
    before = tables(newsroom)
    for person in (newsroom.eve, newsroom.ana):
        for label in ("Ukraine", "✗ Reject", "✎ Edit", "☾ Later"):
            press = await pressed(newsroom, person, card, label)
            assert press.answer_text.startswith("For this you need the role of moderator")
            assert press.show_alert
    after = tables(newsroom)
    assert {name for name in before if before[name] != after[name]} == {"updates"}


async def test_somebody_whose_role_was_taken_away_decides_nothing_more(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    services = newsroom.services
    async with services.store.transaction() as tx:
        boris = await people.find(tx, services.sealer, newsroom.boris.id)
        await people.revoke(tx, services.sealer, "shell", boris.id, newsroom.clock.now())
        assert (await people_records.get(tx, boris.id)).revoked
    press = await pressed(newsroom, newsroom.boris, card, "Ukraine")
    assert "you need the role" in press.answer_text
    assert states(newsroom) == ["pending"]


FORGED = [
    "v1:into.1:1",
    "v1:into.1:1:",
    "v1:into.1",
    "v1:into:1:2",
    "v1:into.99:1:2",
    "v1:into.-1:1:2",
    "v1:into.x:1:2",
    "v1:into.1:999:2",
    "v1:into.1:1:999",
    "v1:because.99:1:999",
    "v1:into.²:1:2",
    "v1:undo:1:2",
    "v1:drop-tables:1:2",
    "v2:into.1:1:2",
    "into",
    "'; DELETE FROM items; --",
    "v1:publish-here:1:0",
    "v1:moderate-here:1:0",
    "🦊" * 16,
]


async def test_forged_and_cut_off_data_do_nothing(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    await quiet(newsroom)
    before = tables(newsroom)
    for data in FORGED:
        await forged(newsroom, newsroom.boris, card, data)
    await quiet(newsroom)
    after = tables(newsroom)
    assert {name for name in before if before[name] != after[name]} == {"updates"}
    assert failed_updates(newsroom) == 0


async def test_a_press_in_another_chat_does_nothing(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    data = next(button.data for row in card.buttons for button in row if button.label == "Ukraine")
    elsewhere = newsroom.tg.group("Elsewhere", [newsroom.boris, newsroom.clara])
    newsroom.boris.add_bot(elsewhere)
    there = newsroom.boris.send("a message that is there", elsewhere)
    private = newsroom.boris.private.visible()[-1]
    for message in (there, private):
        await forged(newsroom, newsroom.boris, message, data)
    assert states(newsroom) == ["pending"]


async def test_the_desk_speaks_the_language_of_the_bulletin(newsroom: World) -> None:
    oksana = newsroom.tg.person("Oksana", language="uk")
    newsroom.olena.send("/invite moderator")
    oksana.open_link((await answer(newsroom, newsroom.olena)).rpartition("\n")[2])
    await newsroom.until(lambda: oksana.private.find("Вітаємо"))
    oksana.join(newsroom.desk)
    card = await sent(newsroom, "a")
    press = await pressed(newsroom, oksana, card, "Ukraine")
    assert press.answer_text == "Схвалено: News from Ukraine – general"
    await newsroom.until(lambda: card.text.startswith("✓"))
    oksana.send("/queue")
    await newsroom.until(lambda: oksana.private.find("0 посилань чекають на рішення."))


async def test_a_command_without_the_role_is_told_what_is_missing(newsroom: World) -> None:
    await sent(newsroom, "a")
    newsroom.boris.send("/queue")
    await newsroom.until(lambda: newsroom.boris.private.find("1 link waits for a decision."))
    newsroom.ana.send("/queue")
    await newsroom.until(lambda: newsroom.ana.private.find("you need the role of moderator"))
    newsroom.eve.join(newsroom.desk)
    await at_desk(newsroom, newsroom.eve, "/queue", "you need the role of moderator")
    newsroom.olena.send("/queue", newsroom.desk, anonymous=True)
    await newsroom.until(lambda: newsroom.desk.find("in the name of the group"))
