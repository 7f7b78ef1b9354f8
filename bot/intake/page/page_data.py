"""The linked data (JSON-LD) of a page: its nodes, the one that describes the page's story, and the names in it."""

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.errors import Refused
from bot.intake.address.urls import canonical
from bot.intake.page.page_words import letters, tokens

Node = Mapping[str, Any]

_NODES_LIMIT = 500
_HEADLINE_FROM = 12
# So many letters of a word stay the same in most of its forms.
_STEM_LENGTH = 5
# Only through these may the story be reached; what hangs on other keys is related, quoted or commented.
_ROADS = ("@graph", "mainEntity", "mainEntityOfPage")
_STORIES = frozenset(
    """report blogposting liveblogposting socialmediaposting discussionforumposting interview scholarlyarticle
    claimreview pressrelease review""".split()
)
_RECORDINGS = frozenset(("videoobject", "audioobject", "podcastepisode", "radioepisode", "tvepisode", "movie", "clip"))
_PAGES = frozenset(("webpage", "itempage", "creativework", "aboutpage"))


def nodes_in(scripts: Iterable[str]) -> tuple[Node, ...]:
    """Return the nodes of all linked data of a page, in order; what cannot be read is left out."""
    found: list[Node] = []
    for script in scripts:
        waiting: list[Any] = [_loaded(script)]
        while waiting and len(found) < _NODES_LIMIT:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value[:_NODES_LIMIT]
            elif isinstance(value, dict):
                found.append(value)
                waiting[:0] = [value[road] for road in _ROADS if isinstance(value.get(road), dict | list)]
    return tuple(found)


def _loaded(script: str) -> Any:
    text = (
        re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", script)
        .strip()
        .rstrip(";")
    )
    without_last_comma, in_a_row = re.sub(r",\s*([}\]])", r"\1", text), re.sub(r"}\s*{", "},{", text)
    for attempt in (text, without_last_comma, f"[{in_a_row}]", html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(text)


def _salvaged(text: str) -> dict[str, str] | None:
    """Return what broken linked data says, where it says it once: quotation marks in a headline break many."""
    types = [name for name in re.findall(r'"@type"\s*:\s*"(\w{1,40})"', text) if is_story({"@type": name})]
    told = {
        key: set(re.findall(rf'"{key}"\s*:\s*"([^"\\]{{4,300}})"\s*[,}}\r\n]', text))
        for key in ("headline", "datePublished", "dateModified", "inLanguage")
    }
    if len(types) != 1 or len(told["datePublished"]) > 1:
        return None
    return {"@type": types[0], **{key: found.pop() for key, found in told.items() if len(found) == 1}}


def kinds(node: Node) -> frozenset[str]:
    """Return the types of a node in lower case, without their vocabulary's address."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(re.split(r"[/#:]", name)[-1].lower() for name in names if isinstance(name, str))


def is_story(node: Node) -> bool:
    return any(kind.endswith("article") or kind in _STORIES for kind in kinds(node))


def is_recording(node: Node) -> bool:
    return bool(kinds(node) & _RECORDINGS)


def main_node(nodes: Sequence[Node], url: str, heading: str, titles: Sequence[str] = ()) -> Node | None:
    """Return the node that describes the page's own story; None where several could.

    `titles` are other headlines that the page announces, perhaps with the site's name beside them.
    """
    announced = [letters(title) for title in (heading, *titles) if letters(title)]
    for belongs in (is_story, is_recording, is_page):
        candidates = [node for node in nodes if belongs(node)]
        own = [node for node in candidates if _names_page(node, url)]
        alike = [node for node in candidates if _is_announced(letters(text_of(node, "headline", "name")), announced)]
        both = [node for node in own if node in alike]
        headlines = {letters(text_of(node, "headline", "name")) for node in candidates}
        alone = len(headlines) == 1 and not any(_addresses(node) for node in candidates)
        alone = alone and _tells_of(text_of(candidates[0], "headline", "name"), (heading, *titles))
        chosen = both or alike or own or (candidates if alone else [])
        if chosen and (not is_page(chosen[0]) or own or len(candidates) == 1):
            return max(chosen, key=lambda node: bool(text_of(node, "datePublished")))
    return None


def _tells_of(headline: str, titles: Sequence[str]) -> bool:
    """Tell whether a headline shares words with a page's titles, as one for search engines does, or has none."""
    said = _stems(headline)
    known = [stems for stems in map(_stems, titles) if stems]
    return not said or not known or any(len(said & stems) >= min(2, len(said)) for stems in known)


def _stems(text: str) -> set[str]:
    return {word[:_STEM_LENGTH] for word in tokens(text) if len(word) >= _STEM_LENGTH - 1}


def is_page(node: Node) -> bool:
    return bool(kinds(node) & _PAGES)


def _is_announced(headline: str, titles: Sequence[str]) -> bool:
    """Tell whether a headline is one of the titles, or a part of one that is long enough to be no chance."""
    return bool(headline) and any(
        headline == title or (len(headline) > _HEADLINE_FROM and (headline in title or title in headline))
        for title in titles
        if len(title) > _HEADLINE_FROM or headline == title
    )


def _names_page(node: Node, url: str) -> bool:
    return any(_same_page(address, url) for address in _addresses(node))


def _addresses(node: Node) -> list[str]:
    """Return the addresses of pages, other than a front page, by which a node says where its story stands."""
    page = node.get("mainEntityOfPage")
    told = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return [address for address in told if isinstance(address, str) and re.match(r"https?://[^/]+/[^#]", address)]


def _same_page(one: str, other: str) -> bool:
    try:
        return canonical(one) == canonical(other)
    except Refused:
        return False


def text_of(node: Node | None, *names: str) -> str:
    """Return the first of the named values that is a text, on one line, "" where there is none."""
    for name in names if node else ():
        value = node.get(name) if node else None
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value.strip():
            return " ".join(html.unescape(value).split())
    return ""


def persons_of(node: Node | None, key: str, nodes: Sequence[Node]) -> tuple[str, ...]:
    """Return the names behind a key without those that the linked data calls an organisation's."""
    value = node.get(key) if node else None
    entries = value if isinstance(value, list) else [value]
    offices = {other["@id"] for other in nodes if isinstance(other.get("@id"), str) and _is_organisation(other)}
    persons = [
        entry
        for entry in entries
        if not isinstance(entry, dict) or not (_is_organisation(entry) or str(entry.get("@id")) in offices)
    ]
    return names_of({key: persons}, key, nodes)


def _is_organisation(node: Node) -> bool:
    names = kinds(node)
    return "person" not in names and any(name.endswith("organization") or name == "corporation" for name in names)


def names_of(node: Node | None, key: str, nodes: Sequence[Node]) -> tuple[str, ...]:
    """Return the names behind a key: texts, nodes with a name, or references to such nodes, one or several."""
    value = node.get(key) if node else None
    names = []
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, str):
            names.append(" ".join(html.unescape(entry).split()))
        elif isinstance(entry, dict):
            twin = next((other for other in nodes if other.get("@id") == entry.get("@id") and "name" in other), entry)
            names.extend(names_of(entry, "name", ()) or names_of(twin, "name", ()))
    return tuple(name for name in names if name)
