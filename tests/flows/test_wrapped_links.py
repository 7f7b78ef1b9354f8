"""Links as people copy them from networks, mail programs and archives: what is stored, and what is known again."""

import sqlite3
from urllib.parse import quote

from tests.cast import World
from tests.flows.acts import article


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
