"""The element that carries the headline of a page's story."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from bot.intake.page.page_parts import is_headline, is_logo, own_text, text_in
from bot.intake.page.page_words import letters

_TEXT_LIMIT = 1000
_CANDIDATES_LIMIT = 200
_ELEMENTS_LIMIT = 5000
# A part of a title is its headline only if it is as long as one.
_HEADLINE_FROM = 12


def heading_in(body: Any, titles: Sequence[str]) -> Any | None:
    """Return the element that carries the headline: the one the head announces, else the likeliest."""
    announced = [letters(title) for title in titles if letters(title)]
    first = [element for element in islice(body.iter("h1"), _CANDIDATES_LIMIT) if text_in(element, _TEXT_LIMIT)]
    named = list(islice(_named(body), _CANDIDATES_LIMIT))
    lesser = islice(body.iter("h2", "h3"), _CANDIDATES_LIMIT)
    candidates = ((element, letters(text_in(element, _TEXT_LIMIT))) for element in chain(first, named, lesser))
    told = [(element, text) for element, text in candidates if _is_announced(text, announced) and not is_logo(element)]
    if told:
        # The whole of an announced title counts more than its beginning, and that more than the site's name at its end.
        best, text = max(told, key=lambda one: (one[1] in announced, _begins(one[1], announced), len(one[1])))
        beside = _beside_site(body, text, announced) if text not in announced else None
        return best if beside is None else beside
    own = [element for element in first if not is_logo(element)]
    inside = (element for element in own if any(True for _ in element.iterancestors("article", "main")))
    likely = chain(filter(is_headline, own), inside, own, named, first)
    found = next(likely, None)
    if found is None:
        return _written_large(body, announced)
    beside = _beside_site(body, letters(text_in(found, _TEXT_LIMIT)), announced)
    return found if beside is None else beside


def _beside_site(body: Any, text: str, titles: Sequence[str]) -> Any | None:
    """Return the element with the longer rest of an announced title, where a heading is only the site's name in it."""
    rests = {title.removeprefix(text).removesuffix(text) for title in titles} - {*titles, ""}
    longer = {rest for rest in rests if len(rest) > len(text)}
    elements = islice(body.iter("h1", "h2", "h3", "b", "strong", "p", "div", "td"), _ELEMENTS_LIMIT if longer else 0)
    for element in elements:
        beginning = letters(own_text(element))
        likely = beginning and any(rest.startswith(beginning) for rest in longer)
        if likely and letters(text_in(element, _TEXT_LIMIT)) in longer:
            return element
    return None


def _begins(text: str, titles: Sequence[str]) -> bool:
    return any(title.startswith(text) for title in titles)


def _written_large(body: Any, titles: Sequence[str]) -> Any | None:
    """Return the element of a page without headings whose whole text is one that the head announces."""
    for element in islice(body.iter("font", "b", "strong", "big", "p", "div", "td", "span"), _ELEMENTS_LIMIT):
        beginning = letters(own_text(element))
        likely = beginning and any(title.startswith(beginning) for title in titles) and not is_logo(element)
        text = letters(text_in(element, _TEXT_LIMIT)) if likely else ""
        if text in titles or (len(text) > _HEADLINE_FROM and any(title.startswith(text) for title in titles)):
            return element
    return None


def _named(body: Any) -> Iterator[Any]:
    """Yield the elements, other than `h1`, whose markup calls them a headline."""
    elements = body.iter("h2", "h3", "h4", "div", "span", "p", "td")
    return (element for element in elements if is_headline(element) and text_in(element, _TEXT_LIMIT))


def _is_announced(text: str, titles: Sequence[str]) -> bool:
    return bool(text) and any(title == text or (len(text) > _HEADLINE_FROM and text in title) for title in titles)
