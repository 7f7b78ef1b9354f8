"""The sandbox's news site: every invented host and its pages, answered in this process without any socket."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from bot.sandbox.news.answers import Answer
from bot.sandbox.news.pages import Printer
from bot.sandbox.news.press import Article, Source, articles
from bot.sandbox.news.traps import TRAPS, missing, traps

WEEK_START = dt.date(2026, 11, 16)
_SAFE_IN_ADDRESS = "%/?:@!$&'()*+,;=~-._[]"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that reached the site."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


class NewsSite:
    """All pages by address; `start` is the Monday on which the week of the demo begins.

    `articles` holds, by key, what each page of the press means to say; `traps` the special addresses by name.
    """

    def __init__(self, start: dt.date = WEEK_START, *, slow_seconds: float = 1.0) -> None:
        self.requests: list[Asked] = []
        self.articles: dict[str, Article] = {}
        self.traps: Mapping[str, str] = TRAPS
        self._printer = Printer()
        self._answers: dict[str, Answer] = {}
        self._hosts: set[str] = set()
        self._print_all(articles(start))
        for url, answer in traps(self.articles["schools"].url, slow_seconds).items():
            self._put(url, answer)

    def add(
        self,
        url: str,
        html: str | bytes,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        content_type: str = "text/html; charset=utf-8",
    ) -> None:
        """Serve `html` at an http address of any invented host, in place of what was there."""
        body = html.encode() if isinstance(html, str) else html
        self._put(url, Answer(status, body, {"Content-Type": content_type, **(headers or {})}))

    def add_article(
        self,
        url: str,
        title: str,
        source: str,
        date_iso: str | None,
        language: str,
        author: str | None = None,
    ) -> Article:
        """Serve a page with full metadata; `date_iso` is a day, a month ("2026-11") or None."""
        host = urlsplit(url).hostname or ""
        site = Source(host, source, host, language, "jsonld", f" | {source}")
        article = Article(url, url, title, source, language, date_iso, (author,) if author else ())
        self._print(site, article)
        return article

    def remove(self, url: str) -> None:
        """Let an address go dead; its host stays known."""
        self._answers.pop(_key(url), None)

    def knows(self, host: str) -> bool:
        return host.lower() in self._hosts

    def respond(self, method: str, url: str, headers: Mapping[str, str] | None = None) -> Answer | None:
        """Note the request and answer it; None when there is no such host."""
        self.requests.append(Asked(method, url, dict(headers or {})))
        key = _key(url)
        if not self.knows(urlsplit(key).hostname or ""):
            return None
        # Sites do not care for parameters they do not know, such as those that track people.
        return self._answers.get(key) or self._answers.get(key.partition("?")[0]) or missing()

    def _print_all(self, press: list[tuple[Source, Article]]) -> None:
        by_source: dict[str, tuple[Source, list[Article]]] = {}
        for source, article in press:
            self._print(source, article)
            self.articles[article.key] = article
            by_source.setdefault(source.key, (source, []))[1].append(article)
        for source, printed in by_source.values():
            self.add(f"http://{source.host}/", self._printer.front(source, printed))

    def _print(self, source: Source, article: Article) -> None:
        body, content_type = self._printer.article(source, article)
        self._put(article.url, Answer(200, body, {"Content-Type": content_type}))

    def _put(self, url: str, answer: Answer) -> None:
        key = _key(url)
        self._hosts.add(urlsplit(key).hostname or "")
        self._answers[key] = answer


def _key(url: str) -> str:
    """The address in one spelling: no fragment, no default port, host and odd characters in ASCII."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"the sandbox's sites are reached by http names only, not {url!r}")
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
    if ":" in host:  # an IPv6 address
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port not in (None, 80) else ""
    query = f"?{quote(parts.query, safe=_SAFE_IN_ADDRESS)}" if parts.query else ""
    return f"http://{host}{port}{quote(parts.path or '/', safe=_SAFE_IN_ADDRESS)}{query}"
