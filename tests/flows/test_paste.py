"""A whole digest pasted into the chat: its lines become items in their sections, its notice goes to the editors."""

import json
import re
from typing import Any

import pytest

from bot.sandbox.telegram import Person
from tests.cast import SECTIONS, World
from tests.flows.acts import article, pressed, states, tables
from tests.flows.looks import items_of, link_in, stored
from tests.flows.test_reading_messages import ukrainian
from tests.unit.test_paste import ANALYSIS, DIGEST, ISSUE_DATA, ISSUE_TEXT, UKRAINIAN

TITLES = [part.partition("|")[0] for part in SECTIONS.split(";")]
FILED = """
    SELECT s.title, i.title, c.source, c.date_precision, c.date_start, i.state
    FROM items i LEFT JOIN citations c ON c.item_id = i.id LEFT JOIN sections s ON s.id = i.wanted_section_id
    ORDER BY i.id, c.position
"""


def issue_32() -> dict[str, Any]:
    """Return the issue as data."""
    return json.loads(ISSUE_DATA.read_text(encoding="utf-8"))


async def test_a_pasted_digest_becomes_drafts_that_ask_for_their_links(newsroom: World) -> None:
    padding = "\n".join(f"A line of filling words number {number:04} and so on" for number in range(80))
    text = DIGEST.replace("Analysis & comment:", f"Sports:\n\n{padding}\n\nAnalysis & comment:")
    parts = newsroom.ana.paste(text)
    assert len(parts) == 2
    await newsroom.until(lambda: len(states(newsroom)) == 11)
    asked = await newsroom.until(lambda: newsroom.ana.private.find("lines of #1 have no link yet"))
    assert len(tables(newsroom)["submissions"]) == 1
    filed = stored(newsroom, FILED)
    assert (TITLES[0], "A school opens", "Kyiv Independent", "day", "2022-08-12", "draft") in filed
    assert (TITLES[2], "Who pays for bread?", "Zmina", "day", "2023-02-02", "draft") in filed
    assert (TITLES[4], "20-26 February week of action", "ENSU", "month", "2023-02-01", "draft") in filed
    assert "A school opens" in asked.text
    assert await newsroom.until(lambda: newsroom.ana.private.find("#1: 1 notice of your text went to the editors."))
    await the_notice_is_taken_up(newsroom)
    await links_are_given_in_replies(newsroom)
    await a_paste_in_ukrainian_is_answered_in_ukrainian(newsroom)


async def the_notice_is_taken_up(newsroom: World) -> None:
    card = await newsroom.until(lambda: newsroom.desk.find("A notice in a pasted digest"))
    assert "Town library, Main street. Join: https://meet.test/x" in card.text
    await pressed(newsroom, newsroom.boris, card, "Print this notice")
    assert stored(newsroom, "SELECT withdrawn FROM notices") == [(1,)]
    await pressed(newsroom, newsroom.clara, card, "Print this notice")
    await newsroom.until(lambda: "For a week" in card.labels)
    ((withdrawn, place),) = stored(newsroom, "SELECT withdrawn, place FROM notices")
    assert (withdrawn, place) == (0, "Town library, Main street. Join: https://meet.test/x")


async def links_are_given_in_replies(newsroom: World) -> None:
    asked = await newsroom.until(lambda: newsroom.ana.private.find("have no link yet"))
    waiting = [line for line in asked.text.splitlines() if line[:1].isdigit()]
    first, well = article(newsroom, "first"), article(newsroom, "well")
    number = next(line.partition(".")[0] for line in waiting if "A well is dug" in line)
    newsroom.ana.send(f"{number} {well}\n{first}", reply_to=asked)
    await newsroom.until(lambda: newsroom.ana.private.find("Taken: 2 links for #1."))
    # What the sender has told stays, whatever the page says.
    card = await newsroom.card("A well is dug")
    assert card.text.splitlines()[1].startswith("Zmina, February 3rd, 2023")
    assert "Asked for: News from the territories occupied by Russia" in card.text
    await newsroom.until(lambda: "A well is dug" not in asked.text)
    assert dict(items_of(newsroom))["A school opens"] == first
    # The line once more, now with its link, is no second item; of a reply with too much nothing is lost in silence.
    payer = article(newsroom, "payer")
    newsroom.ana.send(f"Who pays for bread? – Zmina, February 2nd {payer}")
    await newsroom.until(lambda: newsroom.ana.private.find("Taken: 1 link for #1."))
    assert dict(items_of(newsroom))["Who pays for bread?"] == payer
    await newsroom.until(lambda: "Who pays for bread?" not in asked.text)
    left = len(re.findall(r"^\d+\. ", asked.text, re.MULTILINE))
    links = [article(newsroom, f"x{number}") for number in range(left)]
    newsroom.ana.send("\n".join(["http://ana:secret@herald.example/x", *links, article(newsroom, "y")]), reply_to=asked)
    told = await newsroom.until(lambda: newsroom.ana.private.find("carries a name or password"))
    assert "One more link came than lines wait for." in told.text
    assert len(states(newsroom)) == 11


async def a_paste_in_ukrainian_is_answered_in_ukrainian(newsroom: World) -> None:
    oksana = await ukrainian(newsroom)
    bread, other = article(newsroom, "bread", "Хліб"), article(newsroom, "other")
    text = UKRAINIAN.replace("https://zmina.test/khlib", "").replace("Хліб знову печуть", "Хліб знову печуть")
    oksana.send(text, entities=[link_in(text, "Хліб знову печуть", bread)])
    oksana.send(f"а це окремо {other}")
    asked = await newsroom.until(lambda: oksana.private.find("3 рядки з №1 ще не мають посилань."))
    await newsroom.until(lambda: oksana.private.find("№1: 1 оголошення з вашого тексту передано редакторам."))
    card = await newsroom.card("Хліб знову печуть")
    assert card.text.splitlines()[1].startswith("ZMINA, February 5th, 2023")
    # A plain link soon after a paste is a submission of its own.
    card = await newsroom.card("Story of other")
    assert "“а це окремо”" in card.text
    numbers = [row[3] for row in tables(newsroom)["submissions"]]
    assert numbers == [1, 1, 2]
    links = [article(newsroom, name) for name in ("a", "b", "c")]
    oksana.send("\n".join(links), reply_to=asked)
    await newsroom.until(lambda: oksana.private.find("№1: тепер кожен рядок має посилання. Дякуємо."))
    await newsroom.until(lambda: states(newsroom)[11:] == ["pending"] * 5)
    card = await newsroom.until(lambda: newsroom.desk.find("Зустріч читачів"))
    await pressed(newsroom, newsroom.clara, card, "Leave it out")
    await newsroom.until(lambda: "This notice is settled." in card.text)
    assert len(stored(newsroom, "SELECT * FROM notices")) == 1
    await messages_within_ten_seconds_are_one_paste(newsroom, oksana)


async def messages_within_ten_seconds_are_one_paste(newsroom: World, oksana: Person) -> None:
    oksana.send("Аналітика\nПерше слово (Тиждень, 5 лютого)\nДруге слово (Тиждень, 4 лютого)")
    oksana.send("Третє слово (Тиждень, 3 лютого)\nЧетверте слово (Тиждень, 2 лютого)")
    newsroom.jump(seconds=11)
    oksana.send("П'яте слово (Тиждень, 3 лютого)\nШосте слово (Тиждень, 2 лютого)")
    query = (
        "SELECT s.number, i.wanted_section_id FROM items i JOIN submissions s ON s.id = i.submission_id ORDER BY i.id"
    )
    filed = [(3, ANALYSIS)] * 4 + [(4, None)] * 2
    await newsroom.until(lambda: stored(newsroom, query)[-6:] == filed)


@pytest.mark.skipif(not ISSUE_DATA.exists(), reason=f"{ISSUE_DATA} is not on this machine")
async def test_the_paste_of_issue_32_yields_its_29_items_and_the_notice(newsroom: World) -> None:
    issue = issue_32()
    assert len(newsroom.ana.paste(ISSUE_TEXT.read_text(encoding="utf-8"))) == 2
    asked = await newsroom.until(lambda: newsroom.ana.private.find("29 lines of #1 have no link yet"))
    wanted = [
        (section["title"], item["title"], cited["source"])
        for section in issue["sections"]
        for item in section["items"]
        for cited in item["citations"]
    ]
    filed = stored(newsroom, FILED)
    assert [row[:3] for row in filed] == wanted
    assert {row[5] for row in filed} == {"draft"}
    assert all("2023-01-23" <= row[4] <= "2023-02-05" for row in filed)
    assert len(states(newsroom)) == 29
    assert "29. Support trade union aid to Ukrainian workers!" in asked.text
    card = await newsroom.until(lambda: newsroom.desk.find("A notice in a pasted digest"))
    assert "Boothroyd Room" in card.text
    assert "Ukraine Solidarity Campaign Public Meeting" in card.text
    await newsroom.until(lambda: newsroom.ana.private.find("#1: 1 notice of your text went to the editors."))
    assert len(tables(newsroom)["submissions"]) == 1
