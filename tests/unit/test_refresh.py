"""Pages that lead on by themselves are redirects like others, under the same guard."""

import time
from collections.abc import AsyncIterator

import pytest
from loopback import HTML, Site, Switchboard, answer, open_fetcher, refusal

from bot.intake.fetching.fetch import GuardedFetcher
from bot.intake.fetching.refresh import refresh_address, refresh_target


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.open()
    yield site
    await site.close()


@pytest.mark.parametrize(
    ("content", "address"),
    [
        ("0; url=/a", "/a"),
        ("0;URL='/a'", "/a"),
        ('5 ; url = "/a" ', "/a"),
        ("0,/a", "/a"),
        ("1.5;url=/a b", "/a b"),
        ("  3 url=https://news.example/?x=1;y=2", "https://news.example/?x=1;y=2"),
        ("6; url=/a", None),
        ("300; url=/a", None),
        ("0", None),
        ("0;", None),
        ("0; url=", None),
        ("0; url=''", None),
        ("", None),
        ("now; url=/a", None),
        ("0; url=javascript:alert(1)", None),
        ("0; url=app://open", None),
    ],
)
def test_the_address_is_read_as_browsers_read_it(content: str, address: str | None) -> None:
    assert refresh_address(content) == address


META = '<meta http-equiv="refresh" content="0; url=/a">'


@pytest.mark.parametrize(
    "page",
    [
        META,
        META.upper(),
        f"<html><head><title>Moved</title>{META}",
        "<META CONTENT='0;url=/A' HTTP-EQUIV=Refresh />".replace("/A", "/a"),
        f"<script>let a = '<b>'</script><!-- old --><noscript>x</noscript>{META}",
    ],
)
def test_a_page_that_leads_on_is_known(page: str) -> None:
    assert (refresh_target(page) or "").lower() == "/a"


@pytest.mark.parametrize(
    "page",
    [
        f"<!-- {META} --><p>Text",
        f"<!-- {META} <p>never closed",
        f"<script>document.write('{META}')</script>",
        f"<script>{META}",
        f"<noscript>{META}</noscript>",
        f"<template>{META}</template><textarea>{META}</textarea>",
        "x" * 9000 + META,
        "<meta name=refresh content='0; url=/a'>",
        '<meta http-equiv="refresh" content="900; url=/a">',
    ],
)
def test_a_page_that_only_speaks_of_it_stays_where_it_is(page: str) -> None:
    assert refresh_target(page) is None


@pytest.mark.parametrize(
    "piece", ["<", "<!", "<!--", "<a ", "<meta ", "<meta http-equiv=refresh content='0;", "&", "]]>", "\0"]
)
def test_no_beginning_of_a_page_takes_long_to_look_through(piece: str) -> None:
    begun = time.process_time()
    assert refresh_target(piece * (300_000 // len(piece))) is None
    assert refresh_address(piece * (300_000 // len(piece))) is None
    assert time.process_time() - begun < 0.5


async def test_the_fetch_follows_and_says_where_it_ended(site: Site) -> None:
    site.answers["/"] = answer(b'<title>Moved</title><meta http-equiv=refresh content="0;url=/header">')
    site.answers["/header"] = answer(b"<title>Moved on</title>", Refresh="1; url=/story")
    site.answers["/story"] = answer()
    page = await open_fetcher(site).fetch(f"http://news.test:{site.port}/")
    assert (page.url, page.redirected, page.body) == (f"http://news.test:{site.port}/story", True, HTML)
    page = await open_fetcher(site).fetch(f"http://news.test:{site.port}/story")
    assert not page.redirected


async def test_a_page_that_loads_itself_again_is_the_page(site: Site) -> None:
    body = b'<title>Live</title><meta http-equiv=refresh content="5; url=/live#top">'
    site.answers["/live"] = answer(body)
    assert (await open_fetcher(site).fetch(f"http://news.test:{site.port}/live")).body == body
    assert site.connections == 1


async def test_pages_that_lead_on_count_as_hops(site: Site) -> None:
    for hop in range(7):
        site.answers[f"/{hop}"] = answer(b'<meta http-equiv=refresh content="0;url=/%d">' % (hop + 1))
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/0")).key == "intake-page-redirects"
    assert site.connections == 6


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/", "http://nas.local/", "http://[::ffff:10.0.0.1]/", "//2130706433/"]
)
async def test_a_page_leads_nowhere_that_a_redirect_would_not(site: Site, target: str) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return ["93.184.215.14"] if host == "news.test" else [host]

    sockets = Switchboard(site.port)
    site.answers["/"] = answer(b'<meta http-equiv=refresh content="0;url=%b">' % target.encode())
    assert (await refusal(GuardedFetcher(resolver, sockets=sockets), "http://news.test/")).key == "intake-page-private"
    assert sockets.dialled == ["93.184.215.14"]
