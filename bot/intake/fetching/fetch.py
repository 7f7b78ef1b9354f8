"""The guarded fetch of one page: public addresses, web ports, HTML, a few hops, little time, little memory."""

import asyncio
import ssl
from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpcore
import httpx

from bot.errors import OperatorError, Refused, Unreadable
from bot.intake.address.addresses import is_local_name, is_public, literal_address
from bot.intake.address.urls import check_link
from bot.intake.fetching.body import Body
from bot.intake.fetching.kinds import file_kind, is_pdf, no_page
from bot.intake.fetching.network import GuardedNetwork, Policy, Resolver, SystemResolver
from bot.intake.fetching.refresh import refresh_address, refresh_target
from bot.intake.fetching.walls import LOOKED_AT_BYTES, WALL_STATUSES, door_at, wall_in
from bot.intake.page.page_text import decoded
from bot.ports import Page
from store.records import MediaType

_REDIRECTS_LIMIT = 5
_TOTAL_SECONDS = 5.0
# What the guard lets in. The reader takes less (`page_facts.HTML_LIMIT_BYTES`): its time grows with the tags of a page,
# and what a page says about itself stands at its beginning, while the guard only has to keep bombs out.
_PAGE_LIMIT_BYTES = 2_000_000
_LOOK_FOR_REFRESH_BYTES = 16_384
_WEB_PORTS = (80, 443)
_REDIRECTS = (301, 302, 303, 307, 308)
_HTML = ("text/html", "application/xhtml+xml")
_HEADERS: tuple[tuple[bytes | str, bytes | str], ...] = (
    ("User-Agent", "BulletinBot/1.0 (reads a page once when a person sends its link)"),
    ("Accept", "text/html,application/xhtml+xml;q=0.9"),
    ("Accept-Encoding", "gzip, identity"),
)
_STATUS_KEYS = {
    404: "intake-page-gone",
    410: "intake-page-gone",
    401: "intake-page-forbidden",
    402: "intake-page-forbidden",
    403: "intake-page-forbidden",
    407: "intake-page-forbidden",
    429: "intake-page-forbidden",
    451: "intake-page-forbidden",
}


class GuardedFetcher:
    """Fetches pages for `bot.ports.Fetcher`.

    Without a proxy every address of every hop is checked here and connected to as checked. With `proxy` (the address
    of an HTTP forward proxy, http targets in absolute form, https by CONNECT) names are resolved *by the proxy*: here
    only local names and hosts that spell out an address are refused, and the proxy must keep the rest away from
    private networks. What follows the star is there for tests; no setting reaches it.
    """

    def __init__(
        self,
        resolver: Resolver | None = None,
        proxy: str | None = None,
        *,
        policy: Policy = is_public,
        local_name: Callable[[str], bool] = is_local_name,
        sockets: httpcore.AsyncNetworkBackend | None = None,
        ports: Container[int] = _WEB_PORTS,
        tls: ssl.SSLContext | None = None,
        total_seconds: float = _TOTAL_SECONDS,
        limit_bytes: int = _PAGE_LIMIT_BYTES,
    ) -> None:
        if proxy and urlsplit(proxy).scheme not in ("http", "https"):
            raise OperatorError("BULLETIN_FETCH_PROXY: write it as http://host:port")
        self._network = GuardedNetwork(resolver or SystemResolver(), policy, sockets)
        self._proxy = proxy
        self._policy = policy
        self._local_name = local_name
        self._ports = ports
        self._tls = tls
        self._total_seconds = total_seconds
        self._limit_bytes = limit_bytes

    async def fetch(self, url: str) -> Page:
        """Fetch one page, at most its first 2,000,000 decoded bytes; raises `Unreadable` with a text key."""
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._follow(url)
        except (TimeoutError, httpcore.TimeoutException):
            raise Unreadable("intake-page-slow") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            raise Unreadable(_failure_key(error)) from error

    async def _follow(self, url: str) -> Page:
        asked = address = self._checked(url)
        for hop in range(_REDIRECTS_LIMIT + 1):
            got = await self._get(address)
            if isinstance(got, Page):
                if door := door_at(address, asked):
                    raise Unreadable(door)
                return replace(got, redirected=hop > 0)
            address = self._checked(_target(address, got))
        raise Unreadable("intake-page-redirects")

    def _checked(self, url: str) -> str:
        """Return a link made ready for fetching; the fragment stays here."""
        try:
            parts = urlsplit(check_link(url))
        except Refused as refused:
            raise Unreadable(refused.key) from None
        host = parts.hostname or ""
        literal = literal_address(host)
        if self._local_name(host) if literal is None else not self._policy(literal):
            raise Unreadable("intake-page-private")
        if (parts.port or (443 if parts.scheme == "https" else 80)) not in self._ports:
            raise Unreadable("intake-page-port")
        return parts._replace(fragment="").geturl()

    async def _get(self, url: str) -> Page | str:
        """Return the page at an address, or the address that it leads on to."""
        async with self._pool(url) as pool, pool.stream("GET", url, headers=_HEADERS) as response:
            headers = httpx.Headers(response.headers)
            if response.status in _REDIRECTS and headers.get("location"):
                return headers["location"]
            if response.status >= 400:
                raise Unreadable(await _refusal_key(response, headers), status=response.status)
            page = await self._page(url, response, headers)
        if wall := wall_in(headers, page.body):
            raise Unreadable(wall)
        return _leads_on(page, headers) or page

    async def _page(self, url: str, response: httpcore.Response, headers: httpx.Headers) -> Page:
        media_type, charset = _content_type(headers.get("content-type", ""))
        kind = file_kind(media_type, headers.get("content-disposition", ""), url)
        if kind is not None or media_type not in ("", *_HTML):
            raise no_page(kind)
        content = await _taken(response, headers, self._limit_bytes)
        if is_pdf(content):
            raise no_page(MediaType.REPORT)
        if not media_type and not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise no_page(None)
        return Page(url, response.status, media_type or "text/html", charset, content)

    def _pool(self, url: str) -> httpcore.AsyncConnectionPool:
        if self._tls is None and url.startswith("https:"):
            self._tls = httpx.create_ssl_context(trust_env=False)
        if self._proxy is None:
            return httpcore.AsyncConnectionPool(
                ssl_context=self._tls, max_keepalive_connections=0, network_backend=self._network
            )
        parts = urlsplit(self._proxy)
        auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return httpcore.AsyncHTTPProxy(
            proxy_url=parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(),
            proxy_auth=auth,
            ssl_context=self._tls,
            max_keepalive_connections=0,
        )


async def _taken(response: httpcore.Response, headers: httpx.Headers, limit_bytes: int) -> bytes:
    """Return the unpacked beginning of an answer's body."""
    body = Body(headers.get("content-encoding", ""), limit_bytes)
    async for chunk in response.aiter_stream():
        if not body.add(chunk):
            break
    return body.content


def _leads_on(page: Page, headers: httpx.Headers) -> str | None:
    """Return where a page leads by itself within a few seconds; one that only loads itself again leads nowhere."""
    target = refresh_address(headers.get("refresh", ""))
    if target is None:
        target = refresh_target(decoded(page.body[:_LOOK_FOR_REFRESH_BYTES], page.charset))
    if target is None:
        return None
    with suppress(ValueError):
        return None if urldefrag(urljoin(page.url, target)).url == page.url else target
    return None


def _target(address: str, location: str) -> str:
    """Return where a redirect leads; one that leads nowhere, or from https to http, is refused."""
    try:
        target = check_link(urljoin(address, location.strip().replace(" ", "%20")))
    except (Refused, ValueError):
        raise Unreadable("intake-page-redirects") from None
    if address.startswith("https:") and target.startswith("http:"):
        raise Unreadable("intake-page-redirects")
    return target


def _failure_key(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "intake-page-certificate"
        cause = cause.__cause__ or cause.__context__
    return "intake-page-unreachable"


async def _refusal_key(response: httpcore.Response, headers: httpx.Headers) -> str:
    """Return the sentence for an answer of 400 and more: a page that asks for a proof has its own."""
    status = response.status
    key = _STATUS_KEYS.get(status, "intake-page-server-error" if status >= 500 else "intake-page-error")
    if status not in WALL_STATUSES:
        return key
    body = b""
    with suppress(Unreadable):
        body = await _taken(response, headers, LOOKED_AT_BYTES)
    return wall_in(headers, body) or key


def _content_type(header: str) -> tuple[str, str | None]:
    media_type, *parameters = header.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return media_type.strip().lower(), value.strip().strip("\"'").lower() or None
    return media_type.strip().lower(), None
