"""The title of a page's story and the name of its site, told apart."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from bot.intake.address.urls import display_host
from bot.intake.dates import parse_date
from bot.intake.page.page_data import Node, kinds, names_of, text_of
from bot.intake.page.page_outline import Outline
from bot.intake.page.page_words import letters, plain, tokens, words
from store.records import Precision

_TITLE_LIMIT = 500
_NAME_LIMIT = 80
_NAME_WORDS = 6
_SECTION_WORDS = 3
_SHARED_WORDS = 3
_HEADLINE_FROM = 12
_TAGLINE_FROM = 30
_MARKS = r"[|•·«»/\\–—―~<>→←⋆★☆*‹›⟩⟨▷▶►◆◇◦∙⋅■□▪¦‖⁄∕❘❙∣ǀ│┃｜／⟫⟪¶§※=~-]"
_BETWEEN = re.compile(rf"\s+{_MARKS}+(?:\s+{_MARKS}+)*\s+|\s*(?:\||::)\s*|\s+:\s+")
_BETWEEN_OR_COLON = re.compile(rf"{_BETWEEN.pattern}|:\s+")
_ENDS_BETWEEN = re.compile(rf"(?:{_BETWEEN.pattern})$")
_SURE_BETWEEN = re.compile(r"\s*(?:\||::|«|»)\s*")
# Soft hyphens and marks of no width, with which browsers break long words.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Where the year is written, the day by which others are found does not matter.
_ANY_DAY = date(2000, 1, 1)
_JOINTS = re.compile(r"\s*[:.|–—-]\s+")
# Where channels stand instead of sites, and posts have no headline but a first line.
_CHANNEL_HOSTS = ("t.me", "telegram.me")
_CHANNEL_SITE = "Telegram"
# "Ana Horbach (@ana@social.example)": posts of networks have their writer where others have a headline.
_WRITER = re.compile(r"\(@[\w.@-]{2,80}\)$")
_FIRST_LINE_LIMIT = 200


def source_of(page: Outline, node: Node | None, url: str) -> str:
    """Return the name of the site that published a page, at least its host."""
    host = display_host(url)
    names = [page.meta("og:title")] if is_channel(page, host) else _site_names(page, node)
    for name in names:
        tidy = _name(name, host)
        if tidy:
            return tidy
    return _name_in_title(page, host) or host


def is_channel(page: Outline, host: str) -> bool:
    """Tell whether a page shows the post of a channel: its title is the channel's name."""
    return host in _CHANNEL_HOSTS or (
        page.meta("og:site_name") == _CHANNEL_SITE and page.title.startswith(_CHANNEL_SITE)
    )


def _name_in_title(page: Outline, host: str) -> str:
    """Return the site's name as a page's title has it beside the headline."""
    dated = _parted_by_date(page.title)[1]
    if dated and len(dated.split()) <= _NAME_WORDS:
        return dated
    parts: list[str] = [part.strip() for part in _BETWEEN_OR_COLON.split(page.title)]
    home = {letters(name) for name in page.story.home}
    for part in (*reversed(parts[1:]), *parts[:1]):
        if len(parts) > 1 and letters(part) and (_is_host(part, host) or letters(part) in home):
            return part
    # What the title has beyond the headline that readers see is the site's name, or ends with it.
    last: str = _BETWEEN_OR_COLON.split(page.title)[-1].strip()
    for headline in (page.story.heading, page.meta("og:title", "twitter:title")):
        beside = page.title.removeprefix(headline) if len(headline) > _HEADLINE_FROM else page.title
        if beside != page.title and _BETWEEN_OR_COLON.match(beside) and len(last.split()) <= _NAME_WORDS:
            return last
    return ""


def title_of(page: Outline, node: Node | None, url: str) -> str:
    """Return the headline on which most places of a page agree, without the site's name, "" where there is none.

    Where all differ the one meant for sharing counts, since a first heading may be the site's own.
    """
    host = display_host(url)
    if is_channel(page, host) or _WRITER.search(page.meta("og:title")):
        return page.meta("og:description")[:_FIRST_LINE_LIMIT]
    beside = (part for part in _BETWEEN.split(page.title)[1:] if _is_host(part, host))
    names = (*_site_names(page, node), _parted_by_date(page.title)[1], host, *beside)
    sites = [letters(name) for name in names if letters(name)]
    places = {
        "heading": page.story.heading,
        "data": text_of(node, "headline", "name"),
        "shared": page.meta("og:title", "twitter:title"),
        "cited": page.meta("citation_title", "dc.title", "dcterms.title"),
        "title": page.title,
    }
    home = [letters(name) for name in page.story.home if letters(name)]
    found = {place: without_site(text, [*sites, *home])[:_TITLE_LIMIT] for place, text in places.items()}
    if letters(page.title) == letters(page.story.heading) and ":" in page.title:
        # What readers see in a headline before a colon is a part of it, though it be the site's name.
        found["heading"] = page.story.heading[:_TITLE_LIMIT]
    found = {place: text for place, text in found.items() if _is_headline(text, sites) and not _is_host(text, host)}
    found = {
        place: _shortened(place, text, found) for place, text in found.items() if not _is_cut(text, found.values())
    }
    if not found:
        return ""
    agreed = found[_agreed(found)]
    # A heading of two lines, kicker and headline, has only a space where other places have a colon.
    return next((text for text in found.values() if text != agreed and _JOINTS.sub(" ", text) == agreed), agreed)


def without_site(title: str, sites: Sequence[str]) -> str:
    """Return a title without the site's name at its end or beginning; `sites` are names by their letters."""
    text = _parted_by_date(" ".join(title.translate(_UNSEEN).split()))[0]
    while True:
        parts = list(_BETWEEN_OR_COLON.finditer(text))
        if not parts:
            return text
        last, first = parts[-1], parts[0]
        if _names_site(text[last.end() :], sites):
            text = text[: last.start()].strip()
        elif _names_site(text[: first.start()], sites) and len(text) - first.end() > first.start():
            text = text[first.end() :].strip()
        else:
            return text


def _parted_by_date(title: str) -> tuple[str, str]:
    """Return a title and the site's name where a date parts them: "Title - 5 February 2026 - Site"; else the title."""
    parts = list(_BETWEEN.finditer(title)) if _YEAR.search(title) else []
    for before, after in pairwise(parts):
        part = title[before.end() : after.start()]
        dated = _YEAR.search(part) and parse_date(part, near=_ANY_DAY).precision is Precision.DAY
        if dated and before.start() > _HEADLINE_FROM:
            return title[: before.start()], title[after.end() :]
    return title, ""


def _site_names(page: Outline, node: Node | None) -> Iterator[str]:
    yield from page.metas.get("og:site_name", ())[:1]
    yield from names_of(node, "publisher", page.nodes)
    for kind in ("website", "newsmediaorganization", "organization"):
        yield from (text_of(other, "name") for other in page.nodes if kind in kinds(other))
    yield page.meta("application-name", "citation_journal_title", "dc.publisher", "dcterms.publisher")


def _name(name: str, host: str) -> str:
    """Return a site's name without the sentence that some sites add to it, "" for what is no name."""
    tidy = " ".join(name.split())
    if len(tidy) > _TAGLINE_FROM:
        parts = _BETWEEN_OR_COLON.split(tidy)
        tidy = next((part for part in parts if _is_host(part, host)), parts[0]).strip()
    if "://" in tidy:
        return ""
    return tidy if len(tidy) <= _NAME_LIMIT and letters(tidy) else ""


def _is_host(part: str, host: str) -> bool:
    """Tell whether a part of a title is the name that the host has too: "Kyiv Courier" of kyiv-courier.example."""
    label = max(host.split(".")[:-1] or [host], key=len)
    name = letters(part)
    return len(name) > 2 and (name == letters(host) or name == letters(label) or name == "the" + letters(label))


def _names_site(part: str, sites: Sequence[str]) -> bool:
    name = letters(part)
    # "CNN Politics" beside the headline is the site and its section.
    said = part.split()[:_SECTION_WORDS]
    section = len(part.split()) <= _SECTION_WORDS and any(
        letters(" ".join(said[:count])) in sites for count in range(1, len(said))
    )
    return bool(name) and len(part.split()) <= _NAME_WORDS and (section or any(_alike(name, site) for site in sites))


def _alike(name: str, site: str) -> bool:
    """Tell whether two names are one, or one is most of the other: "Zmina" and "Zmina.info"."""
    shorter, longer = sorted((name, site), key=len)
    return name == site or (len(shorter) > 3 and shorter in longer and len(shorter) > 0.6 * len(longer))


def _is_headline(text: str, sites: Sequence[str]) -> bool:
    name = letters(text)
    first = plain(_BETWEEN.split(text, maxsplit=1)[0]).partition("...")[0].strip(" .!?…")
    return bool(name) and name not in sites and first not in words().walls


def _is_cut(text: str, others: Iterable[str]) -> bool:
    """Tell whether a text is only the beginning of another, as titles for sharing often are."""
    stem = text.rstrip(" .…")
    return text.endswith(("…", "...")) and any(other != text and other.startswith(stem) for other in others)


def _shortened(place: str, text: str, found: dict[str, str]) -> str:
    """Return another place's text where this one is that text and a site's or section's name after it."""
    if place == "heading":
        return text
    for other in sorted(found.values(), key=len, reverse=True):
        rest = text[len(other) :] if len(other) > _HEADLINE_FROM and text.startswith(other) else ""
        if rest and _BETWEEN.match(rest):
            return other
    heading = found.get("heading", "")
    front = text.removesuffix(heading) if len(heading) > _HEADLINE_FROM and text.endswith(heading) else ""
    if len(front) < len(heading) and _ENDS_BETWEEN.search(front):
        return heading  # "SITE - TITLE"
    sure = _SURE_BETWEEN.split(text)
    return sure[0].strip() if place == "title" and len(found) == 1 and len(sure[0].split()) > 2 else text


def _agreed(found: dict[str, str]) -> str:
    votes = {place: sum(letters(text) == letters(other) for other in found.values()) for place, text in found.items()}
    best = max(votes.values())
    if best == 1 and "heading" in found and _tells_the_same(found):
        return "heading"
    order = (
        ("heading", "data", "shared", "cited", "title") if best > 1 else ("shared", "data", "cited", "heading", "title")
    )
    return next(place for place in order if votes.get(place) == best)


def _tells_the_same(found: dict[str, str]) -> bool:
    """Tell whether the heading shares most of its words with another place, and so is no name of the site."""
    said = tokens(found["heading"])
    others = (tokens(text) for place, text in found.items() if place != "heading")
    return any(len(said & other) >= _SHARED_WORDS and len(said & other) * 2 >= len(said) for other in others)
