"""Links that do not simply lead to a page: walls, doors, files, pages that lead on; each is kept and told in words."""

import pytest

from bot.sandbox.telegram import Message
from bot.texts import say
from tests.cast import World
from tests.flows.acts import answer, article, invitation, states

HERALD = "http://herald.example"
WALL = "<title>Just a moment...</title><script>window._cf_chl_opt = {}</script>"
KEPT = {
    "wall": "intake-page-wall",
    "consent": "intake-page-consent",
    "post": "intake-page-login",
    "packed": "intake-page-packed",
    "get?id=7": "intake-page-pdf",
    "film": "intake-page-video",
    "talk.mp3": "intake-page-audio",
    "away": "intake-page-private",
}


def print_pages(world: World) -> None:
    site = world.site
    site.add(f"{HERALD}/wall", WALL)
    site.add(f"{HERALD}/consent", "<title>Before you continue to the Herald</title>")
    site.add(f"{HERALD}/post", "", status=302, headers={"Location": "/login?next=/post"})
    site.add(f"{HERALD}/login", "<title>Log in to the Herald</title>")
    site.add(f"{HERALD}/packed", b"\x0b\x02\x80x\x03", headers={"Content-Encoding": "br"})
    report = {"Content-Disposition": 'attachment; filename="report.pdf"'}
    site.add(f"{HERALD}/get?id=7", b"%PDF-1.7", headers=report, content_type="application/octet-stream")
    site.add(f"{HERALD}/film", b"\0\0\0\x18ftypmp42", content_type="video/mp4")
    site.add(f"{HERALD}/talk.mp3", b"ID3", content_type="application/octet-stream")
    site.add(f"{HERALD}/away", '<meta http-equiv="refresh" content="0; url=http://169.254.169.254/latest/">')


def with_words(messages: list[Message], *words: str) -> Message | None:
    return next((message for message in messages if all(word in message.words for word in words)), None)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_what_stands_in_the_place_of_a_page_is_never_its_title(newsroom: World, language: str) -> None:
    print_pages(newsroom)
    link = await invitation(newsroom, newsroom.boris)
    dan = newsroom.tg.person("Dan", language=language)
    dan.open_link(link)
    await answer(newsroom, dan, 0)
    dan.send("\n".join(f"{HERALD}/{name}" for name in KEPT))
    told = await newsroom.until(
        lambda: with_words(dan.private.visible(), *(say(language, key) for key in KEPT.values())), 20
    )
    for name, key in KEPT.items():
        card = await newsroom.card(f"{HERALD}/{name}")
        assert f"⚠ {say('en', key)}" in card.text.splitlines()
    assert "Just a moment" not in told.text
    assert states(newsroom) == ["pending"] * len(KEPT)
    assert not [asked for asked in newsroom.site.requests if "169.254" in asked.url]


async def test_a_page_that_leads_on_gives_the_story_it_leads_to(newsroom: World) -> None:
    story = article(newsroom, "story", "Bread for all")
    newsroom.site.add(f"{HERALD}/old", f'<title>Moved</title><meta http-equiv=refresh content="0; url={story}">')
    newsroom.site.add("http://short.example/7", "", status=301, headers={"Location": f"{HERALD}/old"})
    newsroom.ana.send("http://short.example/7")
    card = await newsroom.card("Bread for all")
    assert "⚠" not in card.text
    assert [asked.url for asked in newsroom.site.requests] == ["http://short.example/7", f"{HERALD}/old", story]
