"""What sites put in the place of a page is told from the page, and a story that looks like it stays a story."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from loopback import HTML, Site, answer, moved, open_fetcher, refusal

from bot.intake.fetching.walls import door_at, wall_in
from bot.intake.page.metadata import read_page

CLOUDFLARE = (
    b"<!DOCTYPE html><html lang=en-US><head><title>Just a moment...</title>"
    b'<meta name="robots" content="noindex,nofollow"><meta http-equiv="refresh" content="360"></head><body>'
    b"<noscript>Enable JavaScript and cookies to continue</noscript>"
    b"<script>(function(){window._cf_chl_opt={cvId:'3',cZone:'news.example'}})();</script></body></html>"
)
WALLS = {
    "Cloudflare": CLOUDFLARE,
    "Cloudflare in another language": CLOUDFLARE.replace(b"Just a moment...", "Трохи зачекайте…".encode()),
    "Cloudflare that says no": b"<title>Attention Required! | Cloudflare</title><div class=cf-error-details>No</div>",
    "DDoS-Guard": b"<title>DDoS-Guard</title><script src='/.well-known/ddos-guard/js-challenge/index.js'></script>",
    "Incapsula": b'<html><head><META NAME="robots"></head><iframe id="main-iframe" src="/_Incapsula_Resource?S=3">'
    b"Request unsuccessful. Incapsula incident ID: 31-1</iframe>",
    "PerimeterX": b"<title>Access to this page has been denied</title><div id='px-captcha'></div>",
    "DataDome": b"<title>news.example</title><p>Please enable JS and disable any ad blocker</p>"
    b"<script src='https://ct.captcha-delivery.com/c.js'></script>",
    "Akamai": b"<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\nReference&#32;&#35;"
    b"\n<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18\n</BODY>",
    "Akamai that computes": b"<div id=sec-if-cpt-container></div>",
    "AWS": b"<title></title><script>window.gokuProps = {}</script><div id='challenge-container'></div>",
    "Imperva": b"<title>Pardon Our Interruption</title><p>As you were browsing something made us think you are a bot.",
    "Sucuri": b"<html><title>You are being redirected...</title><script>sucuri_cloudproxy_js='';</script></html>",
    "Anubis": "<title>Making sure you’re not a bot!</title><script id=anubis_challenge></script>".encode(),
    "Yandex": b"<title>\xd0\x9e\xd0\xb9!</title><form action='/checkcaptcha?key=1'></form>",
    "a captcha": b"<html><head><title>  Robot\n Check </title></head><p>Type the letters you see</p>",
    "a title alone": b"<title>Verifying you are human&hellip;</title>",
}


@pytest.mark.parametrize("name", WALLS)
def test_a_proof_of_being_human_is_no_page(name: str) -> None:
    assert wall_in({}, WALLS[name]) == "intake-page-wall"


@pytest.mark.parametrize(
    "headers", [{"cf-mitigated": "challenge"}, {"x-amzn-waf-action": "captcha"}, {"x-vercel-mitigated": "challenge"}]
)
def test_a_proof_is_known_by_its_headers_too(headers: dict[str, str]) -> None:
    assert wall_in(headers, b"<title>Anything</title>") == "intake-page-wall"


@pytest.mark.parametrize(
    "title",
    ["Before you continue to YouTube", "Bevor Sie zu Google weitergehen", "Перш ніж продовжити роботу з Google"],
)
def test_a_question_of_consent_is_no_page(title: str) -> None:
    assert wall_in({}, f"<title>{title}</title><form action=/save>".encode()) == "intake-page-consent"


@pytest.mark.parametrize(
    "html",
    [
        b"<title>Just a moment: how a wall of questions keeps readers out | Herald</title><p>Text",
        b"<meta property=og:title content='Access denied'><title>Access denied</title><p>The commissioner was sent off",
        b"<title>Security check</title><article><h1>Security check</h1><p>At the border they wait for hours",
        b"<title>Captcha</title><script type='application/ld+json'>{'@type': 'NewsArticle'}</script>",
        b"<title>Bread</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><p>Text",
        b"<title>Bread</title><script src='/_Incapsula_Resource?SWJIYLWA=7'></script><p>Text",
        b"<title>Bread</title><script src='https://js.datadome.co/tags.js'></script><p>Text",
        b"<title>Bread</title><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script><p>Text",
        b"<title>Bread</title><!--" + b"x" * 100_000 + b"--><p>_cf_chl_opt",
        b"",
    ],
)
def test_a_story_is_not_taken_for_a_wall(html: bytes) -> None:
    assert wall_in({"server": "cloudflare", "cf-ray": "1", "x-datadome": "protected"}, html) is None


@pytest.mark.parametrize(
    ("address", "asked", "key"),
    [
        ("https://consent.maps.example/ml?continue=x", "https://maps.example/place", "intake-page-consent"),
        ("https://guce.paper.example/consent", "https://paper.example/a", "intake-page-consent"),
        ("https://www.network.example/login/?next=%2Fa", "https://network.example/a", "intake-page-login"),
        ("https://network.example/accounts/login/", "https://network.example/p/1", "intake-page-login"),
        ("https://network.example/authwall?trk=1", "https://network.example/posts/1", "intake-page-login"),
        ("https://accounts.search.example/v3/identifier", "https://docs.search.example/d/1", "intake-page-login"),
        ("https://consent.maps.example/why", "https://consent.maps.example/x", None),
        ("https://paper.example/login", "https://paper.example/login/", None),
        ("https://paper.example/2025/login-wall-story", "https://short.example/7", None),
        ("https://paper.example/consent/story", "https://short.example/7", None),
    ],
)
def test_a_door_at_the_end_of_redirects_is_no_page(address: str, asked: str, key: str | None) -> None:
    assert door_at(address, asked) == key


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.open()
    yield site
    await site.close()


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "403 Forbidden", "429 Slow", "503 Busy"])
async def test_the_fetch_says_that_a_wall_stands_there_whatever_its_status(site: Site, status: str) -> None:
    site.answers["/"] = answer(CLOUDFLARE, status=status)
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/")).key == "intake-page-wall"


async def test_a_refusal_without_such_signs_keeps_its_own_sentence(site: Site) -> None:
    site.answers["/"] = answer(b"<title>Members only</title>", status="403 Forbidden")
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/")).key == "intake-page-forbidden"
    site.answers["/"] = answer(b"\xff", status="503 Busy", Content_Encoding="br")
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/")).key == "intake-page-server-error"


async def test_a_login_at_the_end_of_redirects_is_told(site: Site) -> None:
    site.answers["/post/1"] = moved("/login?next=/post/1")
    site.answers["/login?next=/post/1"] = answer()
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/post/1")).key == "intake-page-login"
    assert (await open_fetcher(site).fetch(f"http://news.test:{site.port}/login?next=/post/1")).body == HTML


async def test_a_pay_wall_hides_the_text_but_not_title_and_date(site: Site) -> None:
    html = (
        b"<html lang=en><title>Bread for all | Herald</title><meta property=og:title content='Bread for all'>"
        b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bread for all",'
        b' "datePublished": "2025-02-05T08:00:00Z", "isAccessibleForFree": false}</script>'
        b"<h1>Bread for all</h1><p>To read on, please subscribe.</p></html>"
    )
    site.answers["/a"] = answer(html)
    page = await open_fetcher(site).fetch(f"http://news.test:{site.port}/a")
    facts = read_page(page.body, page.charset, "http://news.example/a", date(2025, 2, 8))
    assert (facts.title, facts.published.start) == ("Bread for all", date(2025, 2, 5))
