"""The visible story of a page: its heading, and what near it is dated or signed; not boxes, comments, banners."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from bot.intake.page_words import letters, tokens, words

_ELEMENTS_LIMIT = 60_000
_BYLINES_LIMIT = 20
_STAMPS_LIMIT = 300
_TEXT_LIMIT = 240
_LINE_LIMIT = 80
_LINKS_LIMIT = 10
_NEARBY_LIMIT = 60
_SKIPPED_TAGS = frozenset(
    ("script", "style", "noscript", "template", "nav", "aside", "form", "select", "svg", "iframe")
)
# `entry-footer` and `has-sidebar` belong to the story, and blogs name the line above a post `date-header`.
_STORY_PARTS = frozenset(("footer", "header", "sidebar", "banner"))
_DATE_PARTS = frozenset(("header",))
_LINE_TAGS = frozenset(("p", "span", "div", "li", "small", "em", "b", "strong", "td", "a", "font", "i", "address"))


@dataclass(frozen=True, slots=True)
class Stamp:
    """Something dated in the story: `label` is what its markup calls it, `context` what stands around it.

    `value` is its machine date or "", `marked` says whether the markup calls it a date. `steps` counts the
    elements since the heading, negative before it.
    """

    label: str
    context: str
    value: str
    text: str
    marked: bool
    steps: int


@dataclass(frozen=True, slots=True)
class Story:
    """`home` are the names that links to the site's front page carry."""

    heading: str = ""
    home: tuple[str, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    bylines: tuple[str, ...] = ()


def story_in(root: Any, titles: Sequence[str]) -> Story:
    """Return what is visible of a page's story; `titles` are the headlines that its head announces."""
    body = root.find("body")
    if body is None:
        return Story()
    heading = _heading(body, [letters(title) for title in titles])
    kept = set(heading.iterancestors()) | {heading} if heading is not None else set()
    articles = list(body.iter("article"))
    own = next((article for article in articles if article in kept), articles[0] if articles else None)
    dated: list[tuple[int, Any]] = []
    bylines: list[str] = []
    steps, start = 0, 0
    walker = etree.iterwalk(body, events=("start",))
    for steps, (_, element) in enumerate(walker):
        if steps > _ELEMENTS_LIMIT:
            break
        if element is heading:
            start = steps
        if element not in kept and (_elsewhere(element) or (element.tag == "article" and element is not own)):
            walker.skip_subtree()
            continue
        if len(dated) < _STAMPS_LIMIT and _is_dated(element):
            dated.append((steps, element))
        if len(bylines) < _BYLINES_LIMIT and _is_byline(element):
            bylines.append(text_in(element))
    stamps = (_stamp(element, step - start) for step, element in dated)
    return Story(
        heading=text_in(heading, _TEXT_LIMIT * 4) if heading is not None else "",
        home=tuple(_home_names(body)),
        stamps=tuple(stamp for stamp in stamps if stamp is not None),
        bylines=tuple(line for line in bylines if line),
    )


def _home_names(body: Any) -> Iterator[str]:
    links = [link for link in body.iter("a") if link.get("href", "").rstrip("/").count("/") in (0, 2)][:_LINKS_LIMIT]
    for link in links:
        if link.get("href") == "/" or link.get("rel") == "home" or link.get("href", "").startswith("http"):
            yield from (link.get("title", ""), link.get("aria-label", ""), text_in(link, _LINE_LIMIT))
            yield from (image.get("alt", "") for image in link.iter("img"))


def text_in(element: Any, limit: int = _TEXT_LIMIT) -> str:
    """Return the text of an element on one line, at most `limit` characters."""
    pieces, length = [], 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > limit * 2:
            break
    return " ".join("".join(pieces).split())[:limit]


def _heading(body: Any, titles: Sequence[str]) -> Any | None:
    """Return the element that carries the headline: the one the head announces, else the likeliest."""
    candidates = [element for element in body.iter("h1") if text_in(element)]
    if not candidates:
        named = (element for element in body.iter("h2", "h3", "div", "span", "p") if _is_headline(element))
        return next((element for element in named if text_in(element)), None)
    for element in candidates:
        text = letters(text_in(element, _TEXT_LIMIT * 4))
        if text and any(title == text or (len(text) > 12 and title.startswith(text)) for title in titles):
            return element
    inside = (element for element in candidates if any(True for _ in element.iterancestors("article", "main")))
    return next(filter(_is_headline, candidates), None) or next(inside, candidates[0])


def _is_headline(element: Any) -> bool:
    names = element.get("class", "").lower().split()
    return element.get("itemprop", "") == "headline" or not words().headlines.isdisjoint(names)


def _elsewhere(element: Any) -> bool:
    """Tell whether an element holds something other than the story."""
    if element.tag in _SKIPPED_TAGS:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}".lower()
    if names == " " and element.tag not in ("header", "footer"):
        return False
    found = tokens(names)
    whole = element.tag in ("header", "footer") or not words().elsewhere_names.isdisjoint(names.split())
    if whole and not any(True for _ in element.iterancestors("article", "main")):
        return True
    forgiven = _STORY_PARTS if found & words().wrappers else _DATE_PARTS if found & words().dates else frozenset()
    return element.tag != "main" and bool((found & words().elsewhere) - forgiven)


def _is_dated(element: Any) -> bool:
    return _is_marked(element) or (element.tag in _LINE_TAGS and _is_short_line(element))


def _is_marked(element: Any) -> bool:
    if element.tag == "time" or "date" in element.get("itemprop", "").lower():
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return names != " " and not words().dates.isdisjoint(tokens(names))


def _is_short_line(element: Any) -> bool:
    text = (element.text or "").strip()
    return 5 < len(text) < _LINE_LIMIT and any(letter.isdigit() for letter in text)


def _is_byline(element: Any) -> bool:
    if element.get("itemprop", "").lower() == "author" or "author" in element.get("rel", "").lower().split():
        return True
    names = element.get("class", "")
    return bool(names) and not words().authors.isdisjoint(tokens(names))


def _stamp(element: Any, steps: int) -> Stamp | None:
    text = text_in(element, _TEXT_LIMIT + 1)
    value = element.get("datetime") or element.get("content") or ""
    if len(text) > _TEXT_LIMIT and not value:
        return None
    label = " ".join(element.get(name, "") for name in ("itemprop", "class", "id"))
    label += " pubdate" if element.get("pubdate") is not None else ""
    return Stamp(label, _before(element), value[:_LINE_LIMIT], text, _is_marked(element), steps)


def _before(element: Any) -> str:
    """Return what stands right before an element on its line, and what its parent is called."""
    parent, previous = element.getparent(), element.getprevious()
    nearby = (parent.get("class", "") if parent is not None else "").split()[:4]
    if previous is not None:
        nearby += [text_in(previous, _NEARBY_LIMIT) if previous.tag != "time" else "", previous.tail or ""]
    elif parent is not None:
        nearby.append((parent.text or "")[-_NEARBY_LIMIT:])
    return " ".join(nearby)
