"""What a page says of its story: title, source, authors, date, language, kind, and its own address."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin

from bot.errors import Refused
from bot.intake.address.urls import believed, display_host
from bot.intake.page.page_data import main_node
from bot.intake.page.page_dates import publication_date
from bot.intake.page.page_kind import language_of, media_type_of, tag_of
from bot.intake.page.page_outline import Outline, outline
from bot.intake.page.page_people import authors_of
from bot.intake.page.page_source import original_source_of
from bot.intake.page.page_text import decoded
from bot.intake.page.page_titles import source_of, title_of
from store.records import NO_DATE, MediaType, Precision, PublicationDate

HTML_LIMIT_BYTES = 1_000_000
_LAST_RESORT_LIMIT_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page; what it does not tell stays empty.

    `canonical` is in the form of `urls.canonical`; `original_source` is whom the site names as its own source.
    """

    title: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    published: PublicationDate = NO_DATE
    language: str | None = None
    media_type: MediaType = MediaType.ARTICLE
    canonical: str | None = None
    original_source: str = ""


def bare_facts(url: str) -> PageFacts:
    """Return what is known of a page that could not be read: its host."""
    try:
        return PageFacts(source=display_host(url))
    except Refused:
        return PageFacts()


def read_page(html: bytes, charset: str | None, url: str, near: date) -> PageFacts:
    """Return what an HTML page says of its story; of a longer page than 1,000,000 bytes only the beginning is read.

    `near` is the day of reading: dates without a year lie before it, and none lies after it.
    """
    page = outline(html[:HTML_LIMIT_BYTES], charset)
    node = main_node(page.nodes, url, page.story.heading, (page.meta("og:title"), page.title))
    source = source_of(page, node, url)
    title = title_of(page, node, url)
    authors = authors_of(page, node, source)
    if not title and not page.title and len(html) <= _LAST_RESORT_LIMIT_BYTES:
        title, guessed = _last_resort(html[:HTML_LIMIT_BYTES], charset, url)
        authors = authors or guessed
    language = language_of(page, node, title)
    return PageFacts(
        title=title,
        source=source,
        authors=authors,
        published=publication_date(page, node, url, tag_of(page, node, language), near),
        language=language,
        media_type=media_type_of(page, node, title, url),
        canonical=_own_address(page, url),
        original_source=original_source_of(page, node, source, url),
    )


def to_json(facts: PageFacts) -> dict[str, Any]:
    """Return facts as plain values."""
    ends = [day.isoformat() if day else None for day in (facts.published.start, facts.published.end)]
    return asdict(facts) | {"published": [facts.published.precision.value, *ends]}


def from_json(value: dict[str, Any]) -> PageFacts:
    """Return facts from plain values; raises ValueError, KeyError or TypeError for what are none."""
    precision, *ends = value["published"]
    start, end = (date.fromisoformat(day) if day else None for day in ends)
    return PageFacts(
        title=_sound(value["title"]),
        source=_sound(value["source"]),
        authors=tuple(_sound(name) for name in value["authors"]),
        published=PublicationDate(Precision(precision), start, end),
        language=str(value["language"]) if value["language"] else None,
        media_type=MediaType(value["media_type"]),
        canonical=str(value["canonical"]) if value["canonical"] else None,
        original_source=_sound(value["original_source"]),
    )


def _sound(text: object) -> str:
    """Return a text that can be written as UTF-8: a lone surrogate, as JSON may carry one, becomes a question mark."""
    return str(text).encode("utf-8", "replace").decode()


def _own_address(page: Outline, url: str) -> str | None:
    """Return the address a page declares as its own, where it can be believed."""
    if not page.canonical:
        return None
    try:
        return believed(urljoin(url, page.canonical), url)
    except ValueError:
        return None


def _last_resort(html: bytes, charset: str | None, url: str) -> tuple[str, tuple[str, ...]]:
    """Ask trafilatura for a title and its authors; never for a date, which it would guess."""
    from trafilatura import extract_metadata  # noqa: PLC0415 (heavy, and seldom needed)

    found = extract_metadata(decoded(html, charset), default_url=url, extensive=False)
    if found is None or not found.title:
        return "", ()
    return " ".join(found.title.split()), tuple(found.author.split("; ")) if found.author else ()
