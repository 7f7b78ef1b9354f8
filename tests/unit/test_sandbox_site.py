"""The sandbox's news site through its forward proxy, asked by a real HTTP client over a real socket."""

import asyncio
import datetime as dt
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import html

from bot.sandbox.news.press import sources
from bot.sandbox.news.traps import HOSTILE_TITLE, MISLABELLED_TITLE
from bot.sandbox.news.week import week
from bot.sandbox.proxy import ForwardProxy
from bot.sandbox.site import NewsSite

MONDAY = dt.date(2026, 11, 16)
SAMPLE_WEEK = Path(__file__).parents[1] / "sample_week.json"


@pytest.fixture
def site() -> NewsSite:
    return NewsSite(MONDAY, slow_seconds=0.02)


@pytest.fixture
async def proxy(site: NewsSite) -> AsyncIterator[ForwardProxy]:
    async with ForwardProxy(site) as proxy:
        yield proxy


@pytest.fixture
async def web(proxy: ForwardProxy) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(proxy=proxy.url, trust_env=False, timeout=5) as web:
        yield web


def tree_of(response: httpx.Response) -> Any:
    """The page as a browser reads it, in the charset its habit declares or else UTF-8."""
    return html.fromstring(response.content.decode(response.charset_encoding or "utf-8"))


def meta(tree: Any, name: str) -> str | None:
    found = tree.xpath(f"//meta[@property='{name}' or @name='{name}']/@content")
    return found[0] if found else None


async def test_every_article_is_served_in_its_language_with_its_title(site: NewsSite, web: httpx.AsyncClient) -> None:
    assert len(site.articles) >= 14
    assert {article.language for article in site.articles.values()} == {"en", "uk", "fr", "de"}
    for article in site.articles.values():
        page = await web.get(article.url)
        tree = tree_of(page)
        assert page.status_code == 200
        assert tree.xpath("//h1/text()") == [article.title]
        assert tree.get("lang") == article.language
        assert tree.xpath("//article//p[not(@class)]/text()") == list(article.paragraphs)


async def test_linked_data_carries_source_date_and_authors(site: NewsSite, web: httpx.AsyncClient) -> None:
    article = site.articles["water"]
    tree = tree_of(await web.get(article.url))
    [script] = tree.xpath("//script[@type='application/ld+json']/text()")
    data = json.loads(script)
    assert data["headline"] == article.title
    assert data["datePublished"] == "2026-11-18"
    assert data["publisher"]["name"] == "Kherson Herald"
    assert [author["name"] for author in data["author"]] == ["Marko Sahan", "Olena Tymkiv"]
    assert meta(tree, "og:site_name") == "Kherson Herald"
    assert article.url == "http://kherson-herald.example/2026/11/18/six-weeks-without-water"


async def test_a_graph_of_linked_data_hides_the_article_behind_the_site(site: NewsSite, web: httpx.AsyncClient) -> None:
    [script] = tree_of(await web.get(site.articles["bookshop"].url)).xpath("//script/text()")
    kinds = {node["@type"]: node for node in json.loads(script)["@graph"]}
    assert kinds["WebSite"]["name"] == "Crimea Court Diary"
    assert kinds["NewsArticle"]["datePublished"] == "2026-11-18"


async def test_opengraph_carries_a_published_time_beside_a_banner_of_another_year(
    site: NewsSite, web: httpx.AsyncClient
) -> None:
    tree = tree_of(await web.get(site.articles["property"].url))
    assert (meta(tree, "article:published_time") or "").startswith("2026-11-20T")
    assert meta(tree, "author") == "A. Reed-Kovalska"
    assert "12 March 2021" in tree.xpath("string(//div[@class='banner'])")
    assert "2020" in tree.xpath("string(//footer)")


async def test_a_plain_site_has_only_a_title_with_suffix_and_a_time(site: NewsSite, web: httpx.AsyncClient) -> None:
    tree = tree_of(await web.get(site.articles["nurses"].url))
    assert tree.xpath("string(//title)").endswith(" – Labour Line")
    assert tree.xpath("//time/@datetime") == ["2026-11-16"]
    assert tree.xpath("string(//*[@class='author'])") == "By Hanna Birch"
    assert meta(tree, "og:title") is None


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("dockers", "17 листопада 2026"),
        ("legal-desk", "18 novembre 2026 | Claire Aubrac-Denis"),
        ("care-home", "19. November 2026 | Jette Morgenroth"),
    ],
)
async def test_some_sites_say_the_date_in_words_only(
    site: NewsSite, web: httpx.AsyncClient, key: str, words: str
) -> None:
    page = await web.get(site.articles[key].url)
    tree = tree_of(page)
    assert tree.xpath("string(//p[@class='byline'])") == words
    assert not tree.xpath("//meta[@property] | //time | //script")


async def test_charsets_are_as_bad_as_in_real_life(site: NewsSite, web: httpx.AsyncClient) -> None:
    old = await web.get(site.articles["dockers"].url)
    assert old.headers["content-type"] == "text/html; charset=windows-1251"
    assert "Порт без докерів".encode("cp1251") in old.content
    silent = await web.get(site.articles["care-home"].url)
    assert silent.headers["content-type"] == "text/html"
    assert b"charset" not in silent.content
    assert "große".encode() in silent.content
    lying = await web.get(site.traps["wrong-charset"])
    assert lying.charset_encoding == "iso-8859-1"
    assert MISLABELLED_TITLE.encode() in lying.content


async def test_a_page_without_a_date_has_none_but_a_copyright_year(site: NewsSite, web: httpx.AsyncClient) -> None:
    article = site.articles["boots"]
    page = await web.get(article.url)
    assert article.date_iso is None
    assert re.findall(r"20\d\d", page.text) == ["2017"]


async def test_dates_and_addresses_move_with_the_first_day(site: NewsSite) -> None:
    later = NewsSite(MONDAY + dt.timedelta(days=350))
    assert later.articles["schools"].url == "http://kherson-herald.example/2027/11/01/lessons-by-telephone"
    for key, article in site.articles.items():
        moved = later.articles[key]
        assert (moved.date_iso is None) == (article.date_iso is None)
        if article.date_iso is not None and moved.date_iso is not None:
            apart = dt.date.fromisoformat(moved.date_iso) - dt.date.fromisoformat(article.date_iso)
            assert apart.days == 350


async def test_every_source_has_a_front_page_that_links_its_articles(site: NewsSite, web: httpx.AsyncClient) -> None:
    linked = []
    for source in sources().values():
        page = await web.get(f"http://{source.host}/")
        linked += tree_of(page).xpath("//li/a/@href")
    assert sorted(linked) == sorted(article.url for article in site.articles.values())


@pytest.mark.parametrize(
    ("trap", "status", "content_type"),
    [
        ("not-found", 404, "text/html; charset=utf-8"),
        ("bot-wall", 403, "text/html; charset=utf-8"),
        ("server-error", 500, "text/html; charset=utf-8"),
        ("pdf", 200, "application/pdf"),
        ("plain-text", 200, "text/plain"),
        ("empty", 200, "text/html; charset=utf-8"),
        ("no-title", 200, "text/html; charset=utf-8"),
        ("redirect-private", 302, "text/html; charset=utf-8"),
        ("redirect-metadata", 302, "text/html; charset=utf-8"),
        ("redirect-file", 302, "text/html; charset=utf-8"),
    ],
)
async def test_each_trap_answers_as_it_is_named(
    site: NewsSite, web: httpx.AsyncClient, trap: str, status: int, content_type: str
) -> None:
    page = await web.get(site.traps[trap])
    assert (page.status_code, page.headers["content-type"]) == (status, content_type)
    assert page.headers["connection"] == "close"


async def test_the_pdf_is_a_pdf_whose_table_of_objects_is_right(site: NewsSite, web: httpx.AsyncClient) -> None:
    file = (await web.get(site.traps["pdf"])).content
    assert file.startswith(b"%PDF-1.4\n")
    assert file.endswith(b"%%EOF\n")
    for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n", file), 1):
        assert file[int(offset) :].startswith(b"%d 0 obj\n" % number)
    assert file[int(re.findall(rb"startxref\n(\d+)", file)[0]) :].startswith(b"xref\n")


async def test_the_hostile_title_stays_text(site: NewsSite, web: httpx.AsyncClient) -> None:
    tree = tree_of(await web.get(site.traps["hostile-title"]))
    assert tree.xpath("string(//title)") == HOSTILE_TITLE
    assert not tree.xpath("//b")


async def test_the_big_page_is_a_stream_of_more_than_thirty_megabytes(site: NewsSite, web: httpx.AsyncClient) -> None:
    size = 0
    async with web.stream("GET", site.traps["big"]) as page:
        assert "content-length" not in page.headers
        async for chunk in page.aiter_raw():
            size += len(chunk)
    assert size > 30 * 1024 * 1024


async def test_whoever_leaves_a_stream_early_disturbs_nobody(site: NewsSite, web: httpx.AsyncClient) -> None:
    for trap in ("big", "slow"):
        async with web.stream("GET", site.traps[trap]) as page:
            assert await anext(page.aiter_raw())
    assert (await web.get(site.articles["schools"].url)).status_code == 200


async def test_the_slow_page_comes_byte_by_byte(site: NewsSite, web: httpx.AsyncClient) -> None:
    async with web.stream("GET", site.traps["slow"]) as page:
        stream = page.aiter_raw()
        before = time.monotonic()
        text = b"".join([await anext(stream) for _ in range(10)])
        assert time.monotonic() - before > 9 * 0.02 * 0.5
        assert len(text) < 20
        assert b"<title>A page that takes its time".startswith(text)


async def test_a_chain_of_redirects_ends_at_an_article_and_a_loop_never(site: NewsSite, web: httpx.AsyncClient) -> None:
    goal = site.articles["schools"].url
    chain = await web.get(site.traps["redirect-chain"], follow_redirects=True)
    assert [hop.status_code for hop in chain.history] == [301, 307, 308]
    assert str(chain.url) == goal
    assert str((await web.get(site.traps["short-link"], follow_redirects=True)).url) == goal
    assert len((await web.get(site.traps["redirect-many"], follow_redirects=True)).history) == 12
    with pytest.raises(httpx.TooManyRedirects):
        await web.get(site.traps["redirect-loop"], follow_redirects=True)


async def test_tracking_parameters_lead_to_the_same_page_but_a_page_number_counts(
    site: NewsSite, web: httpx.AsyncClient
) -> None:
    article = site.articles["schools"]
    tracked = await web.get(article.url + "?utm_source=chat#top")
    assert tracked.content == (await web.get(article.url)).content
    nurses, fund = [(await web.get(site.articles[key].url)).text for key in ("nurses", "strike-fund")]
    assert nurses != fund


async def test_an_unknown_host_and_a_private_address_get_502_and_no_connection(
    proxy: ForwardProxy, web: httpx.AsyncClient
) -> None:
    listening = asyncio.Event()

    async def touched(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listening.set()
        writer.close()

    server = await asyncio.start_server(touched, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for url in (
        "http://nowhere.example/x",
        "http://10.0.0.5/admin",
        f"http://127.0.0.1:{port}/",
    ):
        page = await web.get(url)
        assert (page.status_code, page.text) == (502, "There is no such host in the sandbox.\n")
    assert len(proxy.asked) == 3
    assert not listening.is_set()
    server.close()


async def test_connect_is_refused_and_so_is_writing(proxy: ForwardProxy, web: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.ProxyError, match="403"):
        await web.get("https://kherson-herald.example/")
    assert proxy.asked == ["kherson-herald.example:443"]
    assert (await web.post("http://kherson-herald.example/", content=b"x")).status_code == 405


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: kherson-herald.example\r\n\r\n", 400),
        (b"GET http://[bad/ HTTP/1.1\r\n\r\n", 400),
        (b"GET http://[::1]/ HTTP/1.1\r\n\r\n", 502),
        (b"hello\r\n\r\n", 400),
        (b"GET http://kherson-herald.example/ HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431),
        (b"HEAD http://kherson-herald.example/ HTTP/1.1\r\n\r\n", 200),
    ],
)
async def test_the_proxy_takes_only_whole_addresses_in_sound_requests(
    proxy: ForwardProxy, request_bytes: bytes, status: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(request_bytes)
    head, _, body = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
    writer.close()
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert (body == b"") == request_bytes.startswith(b"HEAD")


async def test_the_site_notes_who_asked_for_what_and_how(site: NewsSite, web: httpx.AsyncClient) -> None:
    await web.get("http://labour-line.example/?p=812", headers={"User-Agent": "bulletin"})
    [asked] = site.requests
    assert (asked.method, asked.url) == ("GET", "http://labour-line.example/?p=812")
    assert asked.headers["User-Agent"] == "bulletin"


async def test_a_test_can_add_pages_of_its_own_and_take_them_away(site: NewsSite, web: httpx.AsyncClient) -> None:
    site.add("http://газета.example/стаття?назва=так", "<title>Так</title>", headers={"X-Habit": "own"})
    page = await web.get("http://газета.example/стаття?назва=так")
    assert (page.text, page.headers["x-habit"]) == ("<title>Так</title>", "own")
    site.add("http://own.example/a", b"\xff", status=410, content_type="image/png")
    page = await web.get("http://own.example/a")
    assert (page.status_code, page.content, page.headers["content-type"]) == (410, b"\xff", "image/png")
    site.remove("http://own.example/a")
    assert (await web.get("http://own.example/a")).status_code == 404
    with pytest.raises(ValueError, match="http names only"):
        site.add("https://own.example/", "")


async def test_an_article_of_any_host_has_full_metadata_and_its_title_stays_text(
    site: NewsSite, web: httpx.AsyncClient
) -> None:
    title = "“Quotes” & </script><b>‘bold’</b> – Київ"
    site.add_article("http://own.example/a", title, "People & Nature", "2026-11", "en", author="A. N. Author")
    site.add_article("http://own.example/b", "No date", "Own", None, "de")
    tree = tree_of(await web.get("http://own.example/a"))
    data = json.loads(tree.xpath("//script/text()")[0])
    assert (data["headline"], data["datePublished"]) == (title, "2026-11")
    assert data["publisher"]["name"] == meta(tree, "og:site_name") == "People & Nature"
    assert data["author"][0]["name"] == "A. N. Author"
    assert meta(tree, "og:title") == title
    assert tree.xpath("string(//title)") == f"{title} | People & Nature"
    assert "datePublished" not in (await web.get("http://own.example/b")).text


async def test_the_week_has_eight_messages_of_two_people_with_live_links_but_one(
    site: NewsSite, web: httpx.AsyncClient
) -> None:
    messages = week(MONDAY)
    assert len(messages) == 8
    assert {message.sender for message in messages} == {"ana", "marta"}
    assert all(before.at < after.at for before, after in pairwise(messages))
    assert messages[0].at == dt.datetime(2026, 11, 16, 7, 12, tzinfo=dt.UTC)
    assert messages[-1].at.date() < dt.date(2026, 11, 22)
    links = [link for message in messages for link in message.links]
    count = Counter(link.outcome for link in links)
    assert (count["duplicate"], count["dead"], count["rejected"]) == (1, 1, 1)
    assert count["approved"] >= 8
    for message in messages:
        assert "{" not in message.text
        for link in message.links:
            assert link.url in message.text
            assert (await web.get(link.url)).status_code == (404 if link.outcome == "dead" else 200)
            assert (link.section is not None) == (link.outcome == "approved")
            assert (link.reason is not None) != (link.outcome == "approved")


async def test_no_message_of_the_week_links_an_article_of_the_future(site: NewsSite) -> None:
    dates = {article.url: article.date_iso for article in site.articles.values()}
    seen = []
    for message in week(MONDAY):
        for link in message.links:
            date_iso = dates.get(link.url.partition("?utm")[0])
            if date_iso is not None:
                assert date_iso <= message.at.date().isoformat()
                seen.append(link.url)
    assert len(seen) >= 10


async def test_the_sample_week_has_the_shape_of_a_real_issue(web: httpx.AsyncClient, site: NewsSite) -> None:
    issue = json.loads(SAMPLE_WEEK.read_text("utf-8"))
    items = [item for section in issue["sections"] for item in section["items"]]
    citations = [(item, citation) for item in items for citation in item["citations"]]
    assert [len(section["items"]) for section in issue["sections"]] == [10, 7, 5, 2, 5]
    assert len({citation["url"] for _, citation in citations}) == 30
    assert [len(item["citations"]) for item in items].count(2) == 1
    assert {item["language"] for item in items} == {"en", "uk", "fr", "de"}
    assert max(len(item["title"]) for item in items) > 150
    habits = [
        re.sub(r"\d+(st|nd|rd|th)?", r"#\1", re.sub(r"[A-Z]\w+", "M", citation["date_text"]))
        for _, citation in citations
    ]
    assert set(habits) == {"M #st", "M #th", "# M", "M"}
    assert len(issue["notices"][0]["speakers"]) == 4
    for item, citation in citations:
        assert urlsplit(citation["url"]).hostname.endswith(".example")
        site.add_article(citation["url"], item["title"], citation["source"], citation["date"], item["language"])
    for item, citation in citations:
        assert meta(tree_of(await web.get(citation["url"])), "og:title") == item["title"]
