"""What an element of a page is by its markup: a date, a signature, a headline, or something beside the story."""

import re
from collections.abc import Collection
from itertools import chain, islice
from typing import Any

from bot.intake.page.page_words import names_in, plain, words

_VALUE_LIMIT = 80
_LINE_LIMIT = 100
_PARTS_LIMIT = 8
_SIBLINGS_LIMIT = 40
_HEADLINE_FROM = 15
_LINK_CELLS = frozenset(("td", "h2", "h3", "h4", "b", "strong"))
_SKIPPED_TAGS = frozenset(
    """script style noscript template nav aside form select svg iframe dialog button figure figcaption
    blockquote""".split()
)
_SKIPPED_ROLES = frozenset(
    ("navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alert", "menu", "menubar", "feed")
)
# `entry-footer` and `has-sidebar` belong to the story, and blogs name the line above a post `date-header`.
_STORY_PARTS = frozenset(("footer", "header", "sidebar", "banner", "comments", "comment", "topbar", "topline", "popup"))
_DATE_PARTS = frozenset(("header", "popup"))
# What these name stands, inside the story's own box, around its headline or below its text.
_OWN_PARTS = frozenset(("footer", "header", "topbar", "topline"))
_MESSAGE = frozenset(("message", "footer"))
_LINE_TAGS = frozenset(
    """p span div li small em b strong td a font i address dd dt label summary abbr h2 h3 h4 h5 h6 u section center
    ins article main header footer body""".split()
)
_DATE_TAGS = frozenset(("time", "relative-time", "local-time", "bsp-timestamp", "amp-timeago", "time-ago"))
_AUTHOR_RELATIONS = frozenset(("author", "sioc:has_creator", "schema:author", "dc:creator", "dcterms:creator"))
_BREAKS = frozenset(("br", "p", "div", "hr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "img"))
_NAMING = ("itemprop", "property", "class", "id", "data-testid", "data-test", "data-hook", "data-qa")
_STORY_TYPE = re.compile(r"(?:Article|Posting|Report|Comment|Event|Review|VideoObject|Product)\s*$", re.IGNORECASE)
# Endings of names such as `createdate` and `postdate`; the others end so by chance or mean something else.
_NO_DATE_NAMES = frozenset(
    ("update", "lastupdate", "candidate", "mandate", "validate", "consolidate", "startdate", "enddate")
)


def text_in(element: Any, limit: int = 240) -> str:
    """Return the text of an element on one line, at most `limit` characters."""
    pieces, length = [], 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > limit * 2:
            break
    return " ".join("".join(pieces).split())[:limit]


def label_of(element: Any) -> str:
    """Return what the markup of an element calls it."""
    label = " ".join(element.get(name, "") for name in _NAMING)
    return f"{label} pubdate" if element.get("pubdate") is not None else label


def is_elsewhere(element: Any) -> bool:
    """Tell whether an element holds something other than the story."""
    tag = element.tag
    if tag in ("aside", "footer", "header") and _describes_story(element):
        return False
    if tag in _SKIPPED_TAGS or element.get("role", "").lower() in _SKIPPED_ROLES:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if names == " " and tag not in ("header", "footer"):
        return False
    found = names_in(names)
    whole = tag in ("header", "footer") or not words().elsewhere_names.isdisjoint(names.lower().split())
    if whole and not any(True for _ in element.iterancestors("article", "main")):
        return True
    forgiven = _STORY_PARTS if found & words().wrappers else _DATE_PARTS if found & words().dates else frozenset()
    if found >= _MESSAGE:  # what channels write below a post
        forgiven = _OWN_PARTS
    return tag != "main" and bool((found & words().elsewhere) - forgiven)


def is_own_part(element: Any) -> bool:
    """Tell whether an element in a story's box, `news-header` or `footer`, can date or sign the story."""
    if element.tag in _SKIPPED_TAGS or element.get("role", "").lower() in _SKIPPED_ROLES:
        return False
    names = names_in(f"{element.get('class', '')} {element.get('id', '')}")
    return bool(names & _OWN_PARTS) and not (names & words().elsewhere) - _OWN_PARTS


def _describes_story(element: Any) -> bool:
    """Tell whether the names of a part of the page say that it holds what is known of the story: `article-meta`."""
    found = names_in(f"{element.get('class', '')} {element.get('id', '')}")
    about = bool(found & words().wrappers) and bool(found & (words().dates | words().dates_perhaps))
    return about and not (found & words().elsewhere) - _STORY_PARTS


def is_story_box(element: Any) -> bool:
    """Tell whether an element holds one story, its own date and signature included."""
    if element.tag == "article":
        return True
    kind = element.get("itemtype") or element.get("typeof") or ""
    return bool(kind) and _STORY_TYPE.search(kind[-_VALUE_LIMIT:]) is not None


def is_headline(element: Any) -> bool:
    names = element.get("class", "").lower().split()
    return "headline" in element.get("itemprop", "").split() or not words().headlines.isdisjoint(names)


def is_logo(element: Any) -> bool:
    """Tell a heading that is the site's own name: a link to its front page, or named so."""
    if not words().logos.isdisjoint(names_in(f"{element.get('class', '')} {element.get('id', '')}")):
        return True
    return any(link.get("href") == "/" for link in element.iter("a"))


def is_marked(element: Any) -> bool:
    """Tell whether the markup calls an element a date."""
    if element.tag in _DATE_TAGS:
        return True
    label = label_of(element)
    return bool(label.strip()) and names_date(names_in(label))


def names_date(names: Collection[str]) -> bool:
    return any(name in words().dates or (name.endswith("date") and name not in _NO_DATE_NAMES) for name in names)


def is_dated(element: Any) -> bool:
    """Tell whether an element may date the story: marked as a date, or a short line with figures in it."""
    if is_marked(element):
        return True
    if element.tag == "br":
        return _has_figures(line_of(element))
    return element.tag in _LINE_TAGS and (_has_figures(element.text) or _has_figures_between(element))


def line_of(element: Any, limit: int = 240) -> str:
    """Return the text of an element, only its first line where that is a line; of a break the line after it."""
    if element.tag == "br":
        following = element.getnext()
        whole = following is None or following.tag in _BREAKS
        return " ".join((element.tail or "").split())[:limit] if whole else ""
    if len(element) and element[0].tag == "br" and (element.text or "").strip():
        return " ".join(element.text.split())[:limit]
    return text_in(element, limit)


def stands_by_link(element: Any) -> bool:
    """Tell whether a link as long as a headline stands beside an element, or fills the line after it."""
    following, parent = element.getnext(), element.getparent()
    beside = [part for part in islice(parent, _SIBLINGS_LIMIT) if part is not element]
    cells = chain.from_iterable(islice(part.iterchildren("a"), 1) for part in beside if part.tag in _LINK_CELLS)
    links = [*(part for part in beside if part.tag == "a"), *cells]
    link = next(following.iter("a"), None) if following is not None else None
    if link is not None and text_in(link) == text_in(following):
        links.insert(0, link)
    return any(len(text_in(link)) > _HEADLINE_FROM for link in links[:_PARTS_LIMIT])


def _has_figures_between(element: Any) -> bool:
    """Tell whether a line has figures in its own text between or after its parts: `<p><b>Ana</b>, 5 May</p>`."""
    return 0 < len(element) <= _PARTS_LIMIT and any(_has_figures(part.tail) for part in element)


def _has_figures(text: str | None) -> bool:
    line = (text or "").strip()
    return 4 < len(line) < _LINE_LIMIT and any(letter.isdigit() for letter in line)


def machine_value(element: Any) -> str:
    """Return the date that an element has for machines, "" where it has none."""
    for name in ("datetime", "content", "data-datetime", "data-date", "data-timestamp", "data-utime", "timestamp"):
        value = element.get(name)
        if value and any(letter.isdigit() for letter in value):
            return str(value)[:_VALUE_LIMIT]
    for name, value in element.attrib.items():
        named = name.startswith("data-") and ("date" in name or "time" in name) and "pdat" not in name
        if named and 7 < len(value) < _VALUE_LIMIT and sum(letter.isdigit() for letter in value) > 5:
            return str(value)
    title = element.get("title", "") if element.tag in ("abbr", "time", "span", "a", "div", "p") else ""
    return title[:_VALUE_LIMIT] if sum(letter.isdigit() for letter in title) > 3 else ""


def is_byline(element: Any) -> bool:
    relations = element.get("rel", "").lower().split()
    if element.get("itemprop", "").lower() == "author" or not _AUTHOR_RELATIONS.isdisjoint(relations):
        return True
    names = element.get("class", "")
    if "field--name-uid" in names:
        return True
    return bool(names) and not words().authors.isdisjoint(names_in(names))


def own_text(element: Any) -> str:
    """Return the first words of an element without accents, its own or those of the first element in it."""
    text = (element.text or "").strip()
    if not text and len(element):
        text = (element[0].text or "").strip()
    return plain(text[:_VALUE_LIMIT]) if text else ""
