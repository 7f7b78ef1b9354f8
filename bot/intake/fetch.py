"""The guarded fetch of one page: public addresses, web ports, HTML, a few hops, little time, little memory."""

import asyncio
import ssl
from collections.abc import Container
from urllib.parse import unquote, urljoin, urlsplit

import httpcore
import httpx

from bot.errors import OperatorError, Refused, Unreadable
from bot.intake.addresses import is_local_name, is_public, literal_address
from bot.intake.body import Body
from bot.intake.network import GuardedNetwork, Policy, Resolver, resolve_by_system
from bot.intake.urls import check_link
from bot.ports import Page
from store.records import MediaType

_REDIRECTS_LIMIT = 5
_TOTAL_SECONDS = 5.0
_PAGE_LIMIT_BYTES = 1_000_000
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
    only hosts that spell out an address or a local name are refused, and the proxy must keep the rest away from
    private networks. `policy`, `ports`, `tls` and the limits are arguments for tests; no setting reaches them.
    """

    def __init__(
        self,
        resolver: Resolver | None = None,
        proxy: str | None = None,
        *,
        policy: Policy = is_public,
        ports: Container[int] = _WEB_PORTS,
        tls: ssl.SSLContext | None = None,
        total_seconds: float = _TOTAL_SECONDS,
        limit_bytes: int = _PAGE_LIMIT_BYTES,
    ) -> None:
        if proxy and urlsplit(proxy).scheme not in ("http", "https"):
            raise OperatorError("BULLETIN_FETCH_PROXY: write it as http://host:port")
        self._network = GuardedNetwork(resolver or resolve_by_system, policy)
        self._proxy = proxy
        self._policy = policy
        self._ports = ports
        self._tls = tls
        self._total_seconds = total_seconds
        self._limit_bytes = limit_bytes

    async def fetch(self, url: str) -> Page:
        """Fetch one page, at most its first 1,000,000 decoded bytes; raises `Unreadable` with a text key."""
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._follow(url)
        except (TimeoutError, httpcore.TimeoutException):
            raise Unreadable("intake-page-slow") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            raise Unreadable(_failure_key(error)) from error

    async def _follow(self, url: str) -> Page:
        address = self._checked(url)
        for _ in range(_REDIRECTS_LIMIT + 1):
            page = await self._get(address)
            if isinstance(page, Page):
                return page
            address = self._checked(_target(address, page))
        raise Unreadable("intake-page-redirects")

    def _checked(self, url: str) -> str:
        """Return a link made ready for fetching; the fragment stays here."""
        try:
            parts = urlsplit(check_link(url))
        except Refused as refused:
            raise Unreadable(refused.key) from None
        host = parts.hostname or ""
        literal = literal_address(host)
        if self._proxy and (is_local_name(host) if literal is None else not self._policy(literal)):
            raise Unreadable("intake-page-private")
        if (parts.port or (443 if parts.scheme == "https" else 80)) not in self._ports:
            raise Unreadable("intake-page-port")
        return parts._replace(fragment="").geturl()

    async def _get(self, url: str) -> Page | str:
        """Return the page at an address, or the address that it redirects to."""
        async with self._pool(url) as pool, pool.stream("GET", url, headers=_HEADERS) as response:
            headers = httpx.Headers(response.headers)
            if response.status in _REDIRECTS and headers.get("location"):
                return headers["location"]
            if response.status >= 400:
                raise Unreadable(_status_key(response.status), status=response.status)
            return await self._page(url, response, headers)

    async def _page(self, url: str, response: httpcore.Response, headers: httpx.Headers) -> Page:
        media_type, charset = _content_type(headers.get("content-type", ""))
        if media_type not in ("", *_HTML):
            raise _not_html(media_type)
        body = Body(headers.get("content-encoding", ""), self._limit_bytes)
        async for chunk in response.aiter_stream():
            if not body.add(chunk):
                break
        if not media_type and not body.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise _not_html("")
        return Page(url, response.status, media_type or "text/html", charset, body.content)

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


def _status_key(status: int) -> str:
    return _STATUS_KEYS.get(status, "intake-page-server-error" if status >= 500 else "intake-page-error")


def _content_type(header: str) -> tuple[str, str | None]:
    media_type, *parameters = header.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return media_type.strip().lower(), value.strip().strip("\"'").lower() or None
    return media_type.strip().lower(), None


def _not_html(media_type: str) -> Unreadable:
    """Return the error for what is no page but may be an item all the same: a PDF, a film, a recording."""
    if media_type in ("application/pdf", "application/x-pdf"):
        return Unreadable("intake-page-pdf", media_type=MediaType.REPORT)
    if media_type.startswith("video/"):
        return Unreadable("intake-page-video", media_type=MediaType.VIDEO)
    if media_type.startswith("audio/"):
        return Unreadable("intake-page-audio", media_type=MediaType.AUDIO)
    return Unreadable("intake-page-no-page")
