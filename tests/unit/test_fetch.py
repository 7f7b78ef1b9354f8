"""The guarded fetch: what it brings, where it stops, and what it says; against real sockets on loopback."""

import asyncio
import gzip
import re
import socket
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from loopback import HTML, Answer, Site, answer, certified, everything_at_home, loopback, moved, open_fetcher, refusal

from bot.errors import OperatorError
from bot.intake.fetching.body import Body
from bot.intake.fetching.fetch import GuardedFetcher
from bot.texts import catalogue
from store.records import MediaType


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.open()
    yield site
    await site.close()


async def test_a_page_is_fetched_without_cookies_or_referrer_by_one_user_agent(site: Site) -> None:
    site.answers["/old"] = moved("/new", Set_Cookie="a=b")
    site.answers["/new"] = answer()
    page = await open_fetcher(site).fetch(f"http://news.test:{site.port}/old#part")
    assert page.url == f"http://news.test:{site.port}/new"
    assert (page.status, page.media_type, page.charset, page.body) == (200, "text/html", "utf-8", HTML)
    for request in site.requests:
        names = {line.split(":")[0].lower() for line in request.splitlines()[1:] if line}
        assert names == {"host", "user-agent", "accept", "accept-encoding"}
    agents = {line for request in site.requests for line in request.splitlines() if line.startswith("User-Agent")}
    assert len(agents) == 1


async def test_five_redirects_are_followed_and_a_sixth_is_not(site: Site) -> None:
    for hop in range(6):
        site.answers[f"/{hop}"] = moved(f"/{hop + 1}", status="301 Moved")
    site.answers["/6"] = answer()
    assert (await open_fetcher(site).fetch(f"http://news.test:{site.port}/1")).body == HTML
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/0")).key == "intake-page-redirects"


@pytest.mark.parametrize(
    "target", ["ftp://news.test/x", "http://ana:pw@news.test/x", "http://[::1", "javascript:1", "\\\\x"]
)
async def test_a_redirect_to_what_is_no_web_address_is_refused(site: Site, target: str) -> None:
    site.answers["/"] = moved(target)
    error = await refusal(open_fetcher(site), f"http://news.test:{site.port}/")
    assert error.key in ("intake-page-redirects", "intake-page-gone")
    assert len(site.requests) <= 2


async def test_a_redirect_with_blanks_and_letters_in_its_path_is_followed(site: Site) -> None:
    site.answers["/"] = moved("/bread riots/é")
    site.answers["/bread%20riots/%C3%A9"] = answer()
    assert (await open_fetcher(site).fetch(f"http://news.test:{site.port}/")).body == HTML


@pytest.mark.parametrize("url", ["http://news.test:8080/", "https://news.test:22/", "http://news.test:6379/"])
async def test_only_web_ports_are_visited(url: str) -> None:
    assert (await refusal(GuardedFetcher(everything_at_home, policy=loopback), url)).key == "intake-page-port"


@pytest.mark.parametrize(
    ("status", "key"),
    [
        ("404 Not Found", "intake-page-gone"),
        ("410 Gone", "intake-page-gone"),
        ("401 Unauthorized", "intake-page-forbidden"),
        ("403 Forbidden", "intake-page-forbidden"),
        ("429 Too Many Requests", "intake-page-forbidden"),
        ("451 Unavailable For Legal Reasons", "intake-page-forbidden"),
        ("500 Oops", "intake-page-server-error"),
        ("503 Busy", "intake-page-server-error"),
        ("418 Teapot", "intake-page-error"),
    ],
)
async def test_each_refusal_of_a_site_has_its_sentence(site: Site, status: str, key: str) -> None:
    site.answers["/"] = answer(status=status)
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/")).key == key


@pytest.mark.parametrize(
    ("kind", "key", "media_type"),
    [
        ("application/pdf", "intake-page-pdf", MediaType.REPORT),
        ("video/mp4", "intake-page-video", MediaType.VIDEO),
        ("audio/mpeg; x=y", "intake-page-audio", MediaType.AUDIO),
        ("application/zip", "intake-page-no-page", ""),
        ("image/png", "intake-page-no-page", ""),
        ("", "intake-page-pdf", MediaType.REPORT),
        ("text/html", "intake-page-pdf", MediaType.REPORT),
    ],
)
async def test_other_files_are_named_and_their_kind_is_known(site: Site, kind: str, key: str, media_type: str) -> None:
    site.answers["/"] = answer(b"%PDF-1.7", kind=kind)
    error = await refusal(open_fetcher(site), f"http://news.test:{site.port}/")
    assert (error.key, error.media_type) == (key, media_type)


@pytest.mark.parametrize("kind", ["text/html", "application/xhtml+xml", 'TEXT/HTML ; Charset="UTF-8"', ""])
async def test_a_page_is_taken_however_its_type_is_written(site: Site, kind: str) -> None:
    site.answers["/"] = answer(kind=kind)
    assert (await open_fetcher(site).fetch(f"http://news.test:{site.port}/")).body == HTML


RAW_DEFLATE = zlib.compressobj(wbits=-15)
PACKED = {
    "gzip": gzip.compress(HTML),
    "x-gzip": gzip.compress(HTML),
    "deflate": zlib.compress(HTML),
    "DEFLATE": RAW_DEFLATE.compress(HTML) + RAW_DEFLATE.flush(),
    "identity": HTML,
}


@pytest.mark.parametrize("encoding", PACKED)
async def test_packed_pages_are_unpacked(site: Site, encoding: str) -> None:
    site.answers["/"] = answer(PACKED[encoding], Content_Encoding=encoding)
    assert (await open_fetcher(site).fetch(f"http://news.test:{site.port}/")).body == HTML


@pytest.mark.parametrize("behind", [b"", b"\0\0\0", b"\x1f", b"words"])
def test_what_is_packed_in_several_members_is_read_to_the_end_wherever_the_wire_cuts_it(behind: bytes) -> None:
    packed = gzip.compress(HTML[:7]) + gzip.compress(b"") + gzip.compress(HTML[7:]) + behind
    for cut in range(len(packed) + 1):
        body = Body("gzip", 1000)
        for piece in (packed[:cut], packed[cut:]):
            body.add(piece)
        assert body.content == HTML


def test_members_end_at_the_limit_and_are_not_counted_for_ever() -> None:
    body = Body("gzip", 1000)
    assert body.add(gzip.compress(b"a" * 999)) is True
    assert body.add(gzip.compress(b"bcd")) is False
    assert body.content == b"a" * 999 + b"b"
    hollow = Body("gzip", 2_000_000)
    assert hollow.add(gzip.compress(b"") * 2_000) is False


@pytest.mark.parametrize(("encoding", "body"), [("gzip", HTML), ("deflate", b"\xff\xff\xff\xff")])
async def test_what_cannot_be_unpacked_is_called_damaged(site: Site, encoding: str, body: bytes) -> None:
    site.answers["/"] = answer(body, Content_Encoding=encoding)
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/")).key == "intake-page-broken"


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "br, gzip", "aes128gcm"])
async def test_what_comes_packed_as_nobody_asked_is_refused_in_words(site: Site, encoding: str) -> None:
    site.answers["/"] = answer(gzip.compress(gzip.compress(HTML)), Content_Encoding=encoding)
    assert (await refusal(open_fetcher(site), f"http://news.test:{site.port}/")).key == "intake-page-packed"
    assert "Accept-Encoding: gzip, identity" in site.requests[0]


@pytest.mark.parametrize("filling", [b"\0", b" "])
async def test_a_gibibyte_in_a_megabyte_is_not_unpacked(site: Site, filling: bytes) -> None:
    # After a full flush a packer starts anew, so that one packed mebibyte can stand there a thousand times.
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(b"<html>") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(filling * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = start + piece * 1024
    assert len(bomb) < 1_100_000
    assert len(zlib.decompressobj(31).decompress(start + piece * 2)) == 2 * 2**20 + 6
    site.answers["/"] = answer(bomb, Content_Encoding="gzip")
    tracemalloc.start()
    page = await open_fetcher(site).fetch(f"http://news.test:{site.port}/")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(page.body) == 2_000_000
    assert peak < 16_000_000


async def test_what_unpacks_to_nothing_without_end_is_left(site: Site) -> None:
    async def hollow(writer: asyncio.StreamWriter, piece: bytes) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n")
        writer.write(b"\x1f\x8b\x08\x08" + bytes(6))  # a header whose next part is a name
        writer.write(b"" if piece.startswith(b"n") else b"name\0")
        while True:
            writer.write(piece)
            await writer.drain()

    for piece in (b"\0\0\0\xff\xff" * 10_000, b"n" * 65_536):
        site.answers["/"] = lambda writer, piece=piece: hollow(writer, piece)  # type: ignore[misc]
        page = await open_fetcher(site, total_seconds=20).fetch(f"http://news.test:{site.port}/")
        assert page.body == b""


@pytest.mark.parametrize("line", [b"X: y\r\n", b"x", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_a_head_without_end_is_left(site: Site, line: bytes) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        if not line.startswith(b"HTTP"):
            writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(line * (8192 // len(line)))
            await writer.drain()

    site.answers["/"] = endless
    error = await refusal(open_fetcher(site, total_seconds=0.5), f"http://news.test:{site.port}/")
    assert error.key in ("intake-page-unreachable", "intake-page-slow")


async def test_of_a_page_without_end_only_the_beginning_is_read(site: Site) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML)
        while True:
            writer.write(b" " * 65_536)
            await writer.drain()

    site.answers["/"] = endless
    page = await open_fetcher(site).fetch(f"http://news.test:{site.port}/")
    assert len(page.body) == 2_000_000
    assert page.body.startswith(HTML)


async def trickle(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("slow", [trickle, silence])
async def test_a_slow_site_is_left_when_the_time_is_up(site: Site, slow: Answer) -> None:
    site.answers["/"] = slow
    begun = time.monotonic()
    error = await refusal(open_fetcher(site, total_seconds=0.3), f"http://news.test:{site.port}/")
    assert error.key == "intake-page-slow"
    assert 0.25 < time.monotonic() - begun < 2


async def test_a_slow_name_server_is_left_when_the_time_is_up() -> None:
    async def sleepy(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    error = await refusal(GuardedFetcher(sleepy, total_seconds=0.1), "http://news.test/")
    assert error.key == "intake-page-slow"


async def test_a_closed_door_and_an_unknown_name_have_their_sentences(site: Site) -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    await site.close()
    error = await refusal(open_fetcher(site), f"http://news.test:{site.port}/")
    assert error.key == "intake-page-unreachable"
    assert (await refusal(GuardedFetcher(unknown), "http://news.test/")).key == "intake-page-no-such-site"


async def test_a_site_that_talks_nonsense_is_unreachable(site: Site) -> None:
    for path, reply in {"/a": b"SSH-2.0-OpenSSH\r\n\r\n", "/b": b"", "/c": answer()[:-20]}.items():
        site.answers[path] = reply
        error = await refusal(open_fetcher(site), f"http://news.test:{site.port}{path}")
        assert error.key == "intake-page-unreachable"


async def test_the_next_address_is_tried_when_the_first_does_not_answer(site: Site) -> None:
    site.answers["/"] = answer()
    await site.servers[0].start_serving()
    site.servers[0].close()  # the IPv4 door; the IPv6 one stays open

    async def both(host: str, port: int) -> Sequence[str]:
        return ["::1", "127.0.0.1"]

    fetcher = GuardedFetcher(both, policy=loopback, ports=(site.port,))
    assert (await fetcher.fetch(f"http://news.test:{site.port}/")).body == HTML


async def test_https_is_checked_and_never_steps_down_to_http(site: Site, tmp_path: Path) -> None:
    server, client = certified("news.test", tmp_path)
    safe = Site()
    await safe.open(server)
    safe.answers["/"] = answer()
    safe.answers["/down"] = moved(f"http://news.test:{site.port}/")
    site.answers["/"] = answer()
    site.answers["/up"] = moved(f"https://news.test:{safe.port}/")
    ports = (site.port, safe.port)
    fetcher = GuardedFetcher(everything_at_home, policy=loopback, ports=ports, tls=client)
    assert (await fetcher.fetch(f"https://news.test:{safe.port}/")).body == HTML
    assert (await fetcher.fetch(f"http://news.test:{site.port}/up")).body == HTML
    assert (await refusal(fetcher, f"https://news.test:{safe.port}/down")).key == "intake-page-redirects"
    assert len([request for request in site.requests if request.startswith("GET / ")]) == 0
    strict = GuardedFetcher(everything_at_home, policy=loopback, ports=ports)
    assert (await refusal(strict, f"https://news.test:{safe.port}/")).key == "intake-page-certificate"
    assert (await refusal(fetcher, f"https://other.test:{safe.port}/")).key == "intake-page-certificate"
    await safe.close()


async def test_a_proxy_is_asked_by_name_and_gets_whole_addresses(site: Site) -> None:
    site.answers["http://news.test/x"] = answer()
    fetcher = GuardedFetcher(proxy=f"http://ana:secret@127.0.0.1:{site.port}")
    assert (await fetcher.fetch("http://news.test/x")).body == HTML
    assert (await refusal(fetcher, "https://news.test/x")).key == "intake-page-unreachable"
    assert [request.splitlines()[0] for request in site.requests] == [
        "GET http://news.test/x HTTP/1.1",
        "CONNECT news.test:443 HTTP/1.1",
    ]
    assert all("Proxy-Authorization: Basic YW5hOnNlY3JldA==" in request for request in site.requests)


def test_a_proxy_that_is_no_web_proxy_is_told_to_the_operator() -> None:
    with pytest.raises(OperatorError, match="FETCH_PROXY"):
        GuardedFetcher(proxy="socks5://127.0.0.1:9050")


def test_every_sentence_of_the_intake_is_there_in_both_languages() -> None:
    used = set()
    for module in (Path(__file__).parents[2] / "bot/intake").rglob("*.py"):
        used |= set(re.findall(r'"(intake-[a-z-]+)"', module.read_text(encoding="utf-8")))
    assert len(used) > 20
    for language in ("en", "uk"):
        assert used <= set(catalogue(language)[0])
