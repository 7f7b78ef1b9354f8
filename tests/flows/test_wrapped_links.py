"""Links as people copy them from networks, mail programs and archives: what is stored, and what is known again."""

import sqlite3
from urllib.parse import quote

import pytest

from bot.texts import say
from tests.cast import World
from tests.flows.acts import article, in_ukrainian
from tests.flows.looks import stored

pytestmark = pytest.mark.system

# Each stands behind the address of a story: where somebody came from, who shared it, which letter it was in.
MARKS = (
    "utm_source=tg&utm_medium=social fbclid=IwAR2x gclid=Cj0 dclid=CP msclkid=3f yclid=9 mc_cid=1a&mc_eid=2b "
    "igsh=MzR si=Ab3xYz ref=home ref_src=twsrc spm=a2g0 _ga=2.1 at_medium=mail xtor=RSS-1 wt_mc=tw cmpid=news "
    "ns_source=x smid=tw partner=rss hsCtaTracking=5c _hsenc=p2"
).split()
STORIES = {"en": ("herald.example", "/2026/11/bread-and-roses"), "uk": ("хвиля.example", "/новини/хліб-знову-печуть-7")}

KNOWN = {"en": "Perhaps known already: ", "uk": "Можливо, вже відоме: "}


def spellings(host: str, path: str) -> list[str]:
    """Return one address as people, programs, networks and search engines write it."""
    ascii_host, story = host.encode("idna").decode(), quote(path)
    inside = quote(f"http://{ascii_host}{story}", safe="")
    return [
        f"HTTP://{host.upper()}{path}", f"https://{ascii_host}:443{story}", f"http://{ascii_host}:80{story}/",
        f"http://{host}{path}#comments", f"http://{host}{path}#:~:text=bread",
        f"http://{ascii_host}{story.lower()}", f"http://www.{host}{path}", f"http://m.{host}{path}",
        f"http://amp.{host}{path}", f"http://{host}{path}/amp", f"http://{host}{path}?amp=1",
        f"http://{host}{path}/print", f"http://{host}{path}?print=1",
        f"https://www.google.com/amp/s/{ascii_host}{story}", f"https://www.bing.com/amp/s/{ascii_host}{story}",
        f"https://x.cdn.ampproject.org/c/s/{ascii_host}{story}", f"https://x.bing-amp.com/c/s/{ascii_host}{story}",
        f"https://web.archive.org/web/20261115101500/http://{ascii_host}{story}",
        f"https://www.google.com/url?q={inside}&sa=D", f"https://l.facebook.com/l.php?u={inside}&h=AT0",
        *(f"http://{host}{path}?{mark}" for mark in MARKS),
    ]  # fmt: skip


def cited(newsroom: World) -> list[tuple[str, str | None]]:
    with sqlite3.connect(f"file:{newsroom.settings.data_dir}/bulletin.db?mode=ro", uri=True) as store:
        return store.execute("SELECT url, archived FROM citations ORDER BY item_id").fetchall()


async def test_of_a_link_from_a_network_the_page_inside_is_stored_and_known_again_from_a_mail(newsroom: World) -> None:
    url = article(newsroom, "bread")
    newsroom.ana.send(f"https://l.facebook.com/l.php?u={quote(url + '?fbclid=IwAR2x', safe='')}&h=AT0")
    await newsroom.card("Story of bread")
    assert cited(newsroom) == [(url, None)]
    newsroom.ana.send(f"https://eur01.safelinks.protection.outlook.com/?url={quote(url, safe='')}&data=05%7C01")
    await newsroom.until(lambda: newsroom.ana.private.find("Perhaps known already"))


async def test_of_an_archived_page_the_live_one_is_read_and_the_copy_kept(newsroom: World) -> None:
    url = article(newsroom, "bread")
    copy = f"https://web.archive.org/web/20261115101500/{url}"
    newsroom.ana.send(copy)
    await newsroom.card("Story of bread")
    assert cited(newsroom) == [(url, copy)]


async def test_where_a_shortened_link_led_is_stored_in_its_place(newsroom: World) -> None:
    url = article(newsroom, "bread")
    newsroom.site.add("http://bit.ly/3AbCdE", "", 301, {"Location": f"{url}?utm_source=bitly"})
    newsroom.site.add("http://bit.ly/dead", "", 301, {"Location": "http://herald.example/"})
    newsroom.site.add("http://herald.example/", "<title>The Herald, all of today's news</title>")
    newsroom.ana.send("http://bit.ly/3AbCdE")
    await newsroom.card("Story of bread")
    assert cited(newsroom) == [(url, None)]
    newsroom.ana.send("http://bit.ly/dead")
    await newsroom.card("all of today")
    assert cited(newsroom)[1:] == [("http://bit.ly/dead", None)]


def print_pages(newsroom: World, host: str, path: str) -> None:
    """Print a story, two pages of a script, a page that declares another to be itself, and some that declare a list."""
    page = '<html lang="uk"><head><link rel="canonical" href="{}"></head><body><h1>{}</h1></body></html>'
    pages = {
        path: ("", "Хліб знову печуть"),
        "/view.php?id=7&part=1": ("", "Нічний потяг"),
        "/?part=1&id=8": ("", "Колодязь"),
        "/share/99": (path, "Вулиця без світла"),
        "/first-2026": ("/", "Погода"),
        "/second-2026": ("/", "Рахунок матчу"),
        "/third-2026": ("/news", "Сад узимку"),
        "/fourth-2026": ("/news", "Міст через річку"),
    }
    for place, (own, title) in pages.items():
        newsroom.site.add(f"http://{host}{place}", page.format(own, title))
    story = f"http://{host.encode('idna').decode()}{quote(path)}"
    newsroom.site.add("http://bit.ly/3AbCdE", "", 301, {"Location": f"{story}?utm_source=bitly"})


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_however_an_address_is_written_it_is_one_page_and_known_again(newsroom: World, language: str) -> None:
    if language == "uk":
        await in_ukrainian(newsroom)
    host, path = STORIES[language]
    print_pages(newsroom, host, path)
    plain = [
        f"http://{host}{path}", f"http://{host}/view.php?id=7&part=1", f"http://{host}/?part=1&id=8",
        f"http://{host}/#!/story/1", f"http://{host}/#!/story/2", "https://www.youtube.com/watch?v=abcdefghijk",
        "https://www.youtube.com/watch?v=bcdefghijkl&t=5", "https://t.me/rivertown_live/5",
    ]  # fmt: skip
    newsroom.ana.send("\n".join(plain))
    await newsroom.until(lambda: newsroom.ana.private.find(say(language, "received", number=1, n=8)))
    written = [
        f"http://{host}/view.php?part=1&id=7", f"http://{host}/?id=8&part=1&utm_id=3", f"http://{host}/#!/story/1/",
        f"http://www.{host}/#!/story/2", "https://youtu.be/abcdefghijk?si=Ab3", "https://t.me/s/rivertown_live/5?single",
        "https://m.youtube.com/watch?feature=share&t=5&v=bcdefghijkl",
    ]  # fmt: skip
    await known_of(newsroom, language, 1, [*spellings(host, path)], 1)
    await known_of(newsroom, language, 2, written, len(written))
    named = stored(newsroom, "SELECT count(*), count(DISTINCT canonical) FROM citations")
    assert named == [(len(plain) + 1 + len(written), len(plain))]
    # A redirect counts, and what a page calls itself; but no home page and no section, which many call themselves.
    names = ("share/99", "first-2026", "second-2026", "third-2026", "fourth-2026")
    declaring = ["http://bit.ly/3AbCdE", *(f"http://{host}/{name}" for name in names)]
    await known_of(newsroom, language, 3, declaring, 6, known=2)


async def known_of(newsroom: World, language: str, number: int, links: list[str], count: int, known: int = 0) -> None:
    """Let Boris send links, and see how many items they are and how many of them the answer calls known."""
    newsroom.boris.send("\n".join(links))
    beginning, known_already = say(language, "received", number=number, n=count), KNOWN[language]
    told = await newsroom.until(lambda: newsroom.boris.private.find(beginning))
    await newsroom.until(lambda: told.text.count(f"· {say(language, 'state-pending')}") == count)
    assert told.text.count(known_already) == (known or count)
