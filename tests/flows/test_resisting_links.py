"""Links that do not simply lead to a page: walls, doors, files, pages that lead on; each is kept and told in words."""

import gzip

import pytest

from bot.sandbox.telegram import Message
from bot.texts import say
from tests.cast import World
from tests.flows.acts import article, in_ukrainian, states
from tests.flows.test_reading_messages import ukrainian

pytestmark = pytest.mark.system

HERALD = "http://herald.example"
WALL = "<title>Just a moment...</title><script>window._cf_chl_opt = {}</script>"
REFUSED = {"subscribers": 402, "forbidden": 403, "gone": 410}
KEPT = {
    "wall": "intake-page-wall",
    "proof": "intake-page-wall",
    "subscribers": "intake-page-forbidden",
    "forbidden": "intake-page-forbidden",
    "gone": "intake-page-gone",
    "consent": "intake-page-consent",
    "post": "intake-page-login",
    "packed": "intake-page-packed",
    "get?id=7": "intake-page-pdf",
    "film": "intake-page-video",
    "talk.mp3": "intake-page-audio",
    "photo": "intake-page-no-page",
    "away": "intake-page-private",
    "inside": "intake-page-private",
    "far/0": "intake-page-redirects",
}
NEVER_ASKED = {"http://10.0.0.1/": "intake-page-private", "http://herald.example:8080/": "intake-page-port"}
ASKED = {
    "en": "Its title could not be read. Which is it? Reply to this message",
    "uk": "Назву не вдалося прочитати. Яка вона? Дайте назву у відповіді",
}
SILENT = ("cookie", "referer", "authorization", "origin")


def print_pages(world: World) -> None:
    site = world.site
    site.add(f"{HERALD}/wall", WALL)
    site.add(f"{HERALD}/proof", WALL, status=403)
    for name, status in REFUSED.items():
        site.add(f"{HERALD}/{name}", "<title>Subscribe to the Herald</title>", status=status)
    site.add(f"{HERALD}/consent", "<title>Before you continue to the Herald</title>")
    site.add(f"{HERALD}/post", "", status=302, headers={"Location": "/login?next=/post"})
    site.add(f"{HERALD}/login", "<title>Log in to the Herald</title>")
    site.add(f"{HERALD}/packed", b"\x0b\x02\x80x\x03", headers={"Content-Encoding": "br"})
    report = {"Content-Disposition": 'attachment; filename="report.pdf"'}
    for number in (7, 8):
        address = f"{HERALD}/get?id={number}"
        site.add(address, b"%PDF-1.7", headers=report, content_type="application/octet-stream")
    site.add(f"{HERALD}/film", b"\0\0\0\x18ftypmp42", content_type="video/mp4")
    site.add(f"{HERALD}/talk.mp3", b"ID3", content_type="application/octet-stream")
    site.add(f"{HERALD}/photo", b"\xff\xd8\xff", content_type="image/jpeg")
    for hop in range(6):
        site.add(f"{HERALD}/far/{hop}", "", status=302, headers={"Location": f"/far/{hop + 1}", "Set-Cookie": "a=b"})
    site.add(f"{HERALD}/far/6", "<title>Six redirects away</title>")
    site.add(f"{HERALD}/inside", "", status=302, headers={"Location": "http://10.0.0.5/admin"})
    site.add(f"{HERALD}/away", '<meta http-equiv="refresh" content="0; url=http://169.254.169.254/latest/">')


def with_words(messages: list[Message], *words: str) -> Message | None:
    return next((message for message in messages if all(word in message.words for word in words)), None)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_what_stands_in_the_place_of_a_page_is_never_its_title(newsroom: World, language: str) -> None:
    if language == "uk":
        await in_ukrainian(newsroom)
    print_pages(newsroom)
    reasons = {f"{HERALD}/{name}": key for name, key in KEPT.items()} | NEVER_ASKED
    links = list(reasons)
    for some in (links[:9], links[9:]):
        newsroom.ana.send("\n".join(some))
        words = [say(language, "ack-unread", why=say(language, reasons[link])) for link in some]
        told = await newsroom.until(lambda words=words: with_words(newsroom.ana.private.visible(), *words), 20)
        assert "Just a moment" not in told.text
        assert told.text.count(say(language, "ack-ask-there")) == len(some)
    for link, key in reasons.items():
        card = await newsroom.card(link)
        assert f"⚠ {say(language, key)}" in card.text.splitlines()
    assert states(newsroom) == ["pending"] * len(links)
    assert not [asked for asked in newsroom.site.requests if not asked.url.startswith(f"{HERALD}/")]
    assert not [asked for asked in newsroom.site.requests if asked.url.endswith("/far/6")]
    assert not [name for asked in newsroom.site.requests for name in asked.headers if name.lower() in SILENT]
    assert len({asked.headers["User-Agent"] for asked in newsroom.site.requests}) == 1
    await the_title_of_a_file_is_asked_of_its_sender(newsroom, language)


async def the_title_of_a_file_is_asked_of_its_sender(newsroom: World, language: str) -> None:
    newsroom.ana.send(f"{HERALD}/get?id=8")
    asked = await newsroom.until(lambda: newsroom.ana.private.find(ASKED[language]))
    newsroom.ana.send("Хто рахує хліб", reply_to=asked)
    card = await newsroom.card("Хто рахує хліб")
    assert {"en": "report", "uk": "звіт"}[language] in card.text
    await newsroom.until(lambda: ASKED[language] not in asked.text)


async def test_a_page_that_leads_on_gives_the_story_it_leads_to(newsroom: World) -> None:
    story = article(newsroom, "story", "Bread for all")
    newsroom.site.add(f"{HERALD}/old", f'<title>Moved</title><meta http-equiv=refresh content="0; url={story}">')
    newsroom.site.add("http://short.example/7", "", status=301, headers={"Location": f"{HERALD}/old"})
    newsroom.ana.send("http://short.example/7")
    card = await newsroom.card("Bread for all")
    assert "⚠" not in card.text
    assert [asked.url for asked in newsroom.site.requests] == ["http://short.example/7", f"{HERALD}/old", story]


async def test_a_page_that_never_ends_is_kept_and_of_one_that_grows_without_end_the_beginning_is_read(
    newsroom: World,
) -> None:
    oksana = await ukrainian(newsroom)
    bomb = gzip.compress(b"<html><head><title>Bread for all</title></head><body>" + b" " * 50_000_000)
    newsroom.site.add(f"{HERALD}/bomb", bomb, headers={"Content-Encoding": "gzip"})
    said = {newsroom.ana: "The page could not be read: the site took too long to answer."}
    said |= {oksana: "Сторінку не вдалося прочитати: сайт надто довго не відповідав."}
    for person in said:
        person.send(f"{newsroom.site.traps['slow']}\n{HERALD}/bomb")
    for person, sentence in said.items():
        told = await newsroom.until(lambda person=person, sentence=sentence: person.private.find(sentence), 20)
        assert " Bread for all\n" in told.text
    assert states(newsroom) == ["pending"] * 4
