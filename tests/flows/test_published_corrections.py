"""Corrections of what is out: the posts whose text changes are edited, all else follows, and readers may hear of it."""

from tests.cast import World
from tests.flows.acts import quiet
from tests.flows.published import corrected, published, rendering, stories


async def test_a_corrected_title_is_edited_in_the_post_and_stands_in_every_edition(newsroom: World) -> None:
    await stories(newsroom, "ab")
    await published(newsroom, newsroom.clara)
    said = await corrected(newsroom, newsroom.clara, "Title", "Story of the right one")
    channel = newsroom.channels[0]
    await newsroom.until(lambda: "Story of the right one" in channel.texts[0])
    await quiet(newsroom)
    assert len(channel.texts) == 1
    assert "Story of a" not in channel.texts[0]
    sentence = "The title “Story of the right one” was corrected."
    assert sentence in said.text
    for form in ("web", "fragment", "text", "markdown", "json"):
        drawn = (await rendering(newsroom, form)).decode()
        assert sentence in drawn
        assert "Story of a" not in drawn
    assert "Corrected on 16 November 2026" in (await rendering(newsroom, "text")).decode()
    assert newsroom.desk.find(f"Issue 1 was corrected by Little Elder: {sentence}")
