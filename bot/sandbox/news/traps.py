"""Addresses at which a careless reader of web pages comes to grief, each by name."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from bot.sandbox.news.answers import Answer, html, redirect

_SITE = "http://kherson-herald.example"
_SHORT = "http://lnk.example"
_BIG_BYTES = 30 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_MANY_HOPS = 12

TRAPS = {
    "not-found": f"{_SITE}/archive/the-bridge-report",
    "bot-wall": f"{_SITE}/members/interview",
    "server-error": f"{_SITE}/broken",
    "pdf": f"{_SITE}/files/report.pdf",
    "plain-text": f"{_SITE}/robots.txt",
    "empty": f"{_SITE}/empty",
    "no-title": f"{_SITE}/untitled",
    "hostile-title": f"{_SITE}/hostile",
    "wrong-charset": f"{_SITE}/mislabelled",
    "big": f"{_SITE}/everything",
    "slow": f"{_SITE}/slow",
    "redirect-chain": f"{_SITE}/go/1",
    "redirect-loop": f"{_SITE}/go/round",
    "redirect-many": f"{_SITE}/hop/1",
    "redirect-private": f"{_SITE}/go/inside",
    "redirect-metadata": f"{_SITE}/go/cloud",
    "redirect-file": f"{_SITE}/go/file",
    "short-link": f"{_SHORT}/k7",
}
HOSTILE_TITLE = "<b>News</b> =?UTF-8?Q?=0ABcc:_eve@elsewhere.example?= \u202egnp.exe"
MISLABELLED_TITLE = "Крамниця на розі відчинена"


def traps(article_url: str, slow_seconds: float) -> dict[str, Answer]:
    """Every trap by its address; chains of redirects that end at all end at `article_url`."""
    return {
        **_pages(slow_seconds),
        **_redirects(article_url),
        TRAPS["pdf"]: Answer(200, _pdf("Report"), {"Content-Type": "application/pdf"}),
        TRAPS["big"]: Answer(200, _big, {"Content-Type": "text/html; charset=utf-8"}),
    }


def missing() -> Answer:
    """What a known site says of an address it does not know."""
    return html("<title>Page not found</title><h1>404</h1><p>There is nothing at this address.</p>", 404)


def _pages(slow_seconds: float) -> dict[str, Answer]:
    async def slow() -> AsyncIterator[bytes]:
        for byte in "<title>A page that takes its time</title>" + "<p>slowly</p>" * 1000:
            yield byte.encode()
            await asyncio.sleep(slow_seconds)

    escaped = HOSTILE_TITLE.replace("<", "&lt;")
    mislabelled = f'<meta charset="utf-8"><title>{MISLABELLED_TITLE}</title><p>Від ранку.'.encode()
    wall = "<title>Just a moment…</title><p>Checking that you are not a robot. Please switch JavaScript on.</p>"
    html_type = "text/html; charset=utf-8"
    return {
        TRAPS["bot-wall"]: html(wall, 403),
        TRAPS["server-error"]: html("<title>Error</title><p>Our database is having a rest.</p>", 500),
        TRAPS["plain-text"]: Answer(200, b"User-agent: *\nDisallow:\n", {"Content-Type": "text/plain"}),
        TRAPS["empty"]: Answer(200, b"", {"Content-Type": html_type}),
        TRAPS["no-title"]: html("<p>Somebody forgot the headline."),
        TRAPS["hostile-title"]: html(f"<title>{escaped}</title><h1>{escaped}</h1>"),
        TRAPS["wrong-charset"]: Answer(200, mislabelled, {"Content-Type": "text/html; charset=iso-8859-1"}),
        TRAPS["slow"]: Answer(200, slow, {"Content-Type": html_type}),
    }


def _redirects(article_url: str) -> dict[str, Answer]:
    hops = {f"{_SITE}/hop/{hop}": redirect(f"/hop/{hop + 1}") for hop in range(1, _MANY_HOPS)}
    return {
        TRAPS["redirect-chain"]: redirect("/go/2", 301),
        f"{_SITE}/go/2": redirect(f"{_SITE}/go/3", 307),
        f"{_SITE}/go/3": redirect(article_url, 308),
        TRAPS["redirect-loop"]: redirect("/go/round"),
        TRAPS["redirect-private"]: redirect("http://10.0.0.5/admin"),
        TRAPS["redirect-metadata"]: redirect("http://169.254.169.254/latest/meta-data/"),
        TRAPS["redirect-file"]: redirect("file:///etc/passwd"),
        TRAPS["short-link"]: redirect(article_url, 301),
        **hops,
        f"{_SITE}/hop/{_MANY_HOPS}": redirect(article_url),
    }


async def _big() -> AsyncIterator[bytes]:
    yield b"<title>Everything we ever printed</title>"
    paragraph = b"<p>One more paragraph of a page that does not want to end.</p>\n"
    chunk = paragraph * (_CHUNK_BYTES // len(paragraph))
    for _ in range(_BIG_BYTES // len(chunk) + 1):
        yield chunk


def _pdf(title: str) -> bytes:
    content = f"BT /F1 24 Tf 72 720 Td ({title}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
    ]
    file = bytearray(b"%PDF-1.4\n")
    offsets = list(_append_objects(file, objects))
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(file)


def _append_objects(file: bytearray, objects: list[bytes]) -> Iterator[int]:
    for number, content in enumerate(objects, 1):
        yield len(file)
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
