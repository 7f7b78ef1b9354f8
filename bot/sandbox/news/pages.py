"""How an article becomes a page in its source's habit, bytes and content type."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.sandbox.news.press import Article, Source

_TEMPLATES = Environment(
    loader=PackageLoader("bot.sandbox", "news/templates"), autoescape=True, undefined=StrictUndefined
)


class Printer:
    """Renders pages from the packaged templates, everything escaped."""

    def article(self, source: Source, article: Article) -> tuple[bytes, str]:
        """The page of one article, encoded as its source does, and the content type it is served with."""
        undeclared = source.charset == "undeclared"
        charset = "utf-8" if undeclared else source.charset
        html = _TEMPLATES.get_template(f"{source.habit}.html").render(
            source=source,
            article=article,
            declared_charset="" if undeclared else charset,
            linked_data=_linked_data(article),
            date_words=_date_words(source, article),
        )
        return html.encode(charset), "text/html" if undeclared else f"text/html; charset={charset}"

    def front(self, source: Source, articles: Sequence[Article]) -> str:
        """The front page of a source, with links to its articles."""
        return _TEMPLATES.get_template("front.html").render(source=source, articles=articles)


def _linked_data(article: Article) -> dict[str, Any]:
    authors = [{"@type": "Person", "name": name} for name in article.authors]
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "inLanguage": article.language,
        "mainEntityOfPage": article.url,
        "publisher": {"@type": "Organization", "name": article.source},
        "datePublished": article.date_iso,
        "author": authors,
    }
    return {key: value for key, value in data.items() if value}


def _date_words(source: Source, article: Article) -> str:
    try:
        day = dt.date.fromisoformat(article.date_iso or "")
    except ValueError:  # a month, or no date at all
        return article.date_iso or ""
    return format_date(day, source.date_pattern, locale=article.language)
