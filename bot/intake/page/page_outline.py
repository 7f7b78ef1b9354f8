"""A page reduced to what it says about itself, in its head and in its story."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from bot.intake.page.page_data import Node, nodes_in
from bot.intake.page.page_parts import text_in
from bot.intake.page.page_story import Story, story_in
from bot.intake.page.page_text import decoded

_LD_JSON = "application/ld+json"
_VALUE_LIMIT = 1000
_VALUES_LIMIT = 20
_FIGURES = re.compile(r"(?<![\d/-])([0-3]?\d)[/-]([0-3]?\d)[/-]20\d\d(?![\d/-])")
_LINES = ("br", "p", "div", "li", "td", "th", "tr", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "section", "ul")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page says about itself. `metas` has lower-case names; every text is on one line.

    `day_first` says whether dates such as 25/11/2025 on the page have the day or the month first, None where none tell.
    """

    metas: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...] = ()
    title: str = ""
    canonical: str = ""
    language: str = ""
    day_first: bool | None = None
    story: Story = field(default_factory=Story)

    def meta(self, *names: str) -> str:
        """Return the first value of the first of these names that has one, else ""."""
        return next((value for name in names for value in self.metas.get(name, ())), "")


def outline(content: bytes, charset: str | None) -> Outline:
    """Return the outline of an HTML page; a page that is none has an empty one."""
    text = decoded(content, charset)
    source = text.encode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8", recover=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return Outline({})
    metas = _metas(root)
    title = next((text_in(element, _VALUE_LIMIT) for element in root.iter("title") if _names_page(element)), "")
    scripts = (script for script in root.iter("script") if _LD_JSON in script.get("type", "").lower())
    nodes = nodes_in("".join(script.itertext()) for script in scripts)
    links = (link for link in root.iter("link") if "canonical" in link.get("rel", "").lower().split())
    _leave_words(root)
    return Outline(
        metas=metas,
        nodes=nodes,
        title=title,
        canonical=next((link.get("href", "").strip() for link in links), ""),
        language=root.get("lang", "") or root.get("xml:lang", ""),
        day_first=_day_first(text),
        story=story_in(root, [title, *metas.get("og:title", ()), *metas.get("twitter:title", ())]),
    )


def _day_first(text: str) -> bool | None:
    """Tell how a page writes its dates in figures, by those that can be read one way only; None where none tell."""
    found = {int(first) > 12 for first, second in _FIGURES.findall(text) if (int(first) > 12) != (int(second) > 12)}
    return found.pop() if len(found) == 1 else None


def _leave_words(root: Any) -> None:
    """Take out what is no text, and part the words of lines that only their markup parts."""
    etree.strip_elements(root, "script", "style", "template", with_tail=False)
    for element in root.iter(*_LINES):
        element.tail = f" {element.tail}" if element.tail else " "
        if element.text and element.tag != "br":
            element.text = f" {element.text}"


def _names_page(title: Any) -> bool:
    """Tell a page's title from the titles that pictures in it have."""
    parent = title.getparent()
    return parent is None or parent.tag != "svg"


def _is_post(meta: Any) -> bool:
    """Tell the description in which channels put the whole of a post; its first line stands for a headline."""
    return bool(meta.get("property", "") == "og:description")


def _metas(root: Any) -> dict[str, tuple[str, ...]]:
    metas: dict[str, tuple[str, ...]] = {}
    for element in root.iter("meta"):
        lines = html.unescape(element.get("content", "")).strip()
        value = " ".join((lines.partition("\n")[0] if _is_post(element) else lines).split())[:_VALUE_LIMIT]
        # In the body itemprop may describe other stories.
        in_head = element.getparent() is not None and element.getparent().tag == "head"
        for attribute in ("property", "name", "http-equiv", *(("itemprop",) if in_head else ())):
            name = element.get(attribute, "").strip().lower()
            if attribute == "http-equiv" and name != "content-language":
                continue  # `date` is there the moment of the answer
            if name and value and len(metas.get(name, ())) < _VALUES_LIMIT:
                metas[name] = (*metas.get(name, ()), value)
    return metas
