"""The visible story of a page: its heading, and what near it is dated or signed; not boxes, comments, banners."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.intake.page.page_heading import heading_in
from bot.intake.page.page_parts import is_marked, label_of, line_of, machine_value, stands_by_link, text_in
from bot.intake.page.page_walk import Walk

_STAMP_TEXT_LIMIT = 240
_HEADING_LIMIT = 1000
_SAMPLE_LIMIT = 4000
_LINE_LIMIT = 80
_LINKS_LIMIT = 10
_NEARBY_LIMIT = 60
_CONTEXT_WORDS = 6
_RUN_TOGETHER = re.compile(r"\d[^\W\d_]{3}|[^\W\d_]{3}\d")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Something dated in the story: `label` is what its markup calls it, `around` what that of its parent does.

    `context` stands right before it, `value` is its machine date or "", `marked` says whether the markup calls it a
    date. `steps` counts the elements since the heading, negative before it; `inside` says whether the container of the
    heading holds it, `paragraphs` how many of them stand between the heading and it, `line` tells the stamps that
    stand in one parent, `linked` whether a link stands beside it, as beside the date of another story.
    """

    label: str
    around: str
    context: str
    value: str
    text: str
    marked: bool
    steps: int
    inside: bool
    paragraphs: int
    line: int
    linked: bool


@dataclass(frozen=True, slots=True)
class Story:
    """`home` are the names that links to the front page carry, `labels` words near the heading that name a kind,
    `facts` those that label what is known of an event.

    `signatures` are lines that begin as a signature does; `linked` texts of links to authors' pages near the heading;
    `sources` lines that may name an original source, each with
    its steps since the heading and the first link in it; `sample` is some of the text.
    """

    heading: str = ""
    home: tuple[str, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    bylines: tuple[str, ...] = ()
    signatures: tuple[tuple[int, str], ...] = ()
    linked: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    facts: frozenset[str] = frozenset()
    sources: tuple[tuple[int, str, str], ...] = ()
    sample: str = ""


def story_in(root: Any, titles: Sequence[str]) -> Story:
    """Return what is visible of a page's story; `titles` are the headlines that its head announces."""
    body = root.find("body")
    body = root if body is None else body  # the tag may be left out, and the parser does not always add it
    heading = heading_in(body, titles)
    walk = Walk(body, heading)
    walk.go()
    return Story(
        heading=text_in(heading, _HEADING_LIMIT) if heading is not None else "",
        home=tuple(_home_names(body)),
        stamps=tuple(_stamps(walk)),
        bylines=tuple(line for line in walk.bylines if line),
        signatures=tuple((step - walk.start, line) for step, line in walk.signatures if line),
        linked=tuple(line for line in walk.linked if line),
        labels=tuple(text for _, text in walk.labels),
        facts=frozenset(walk.facts),
        sources=tuple((step - walk.start, line, link) for step, line, link in walk.sources),
        sample=" ".join(walk.sample)[:_SAMPLE_LIMIT],
    )


def _home_names(body: Any) -> Iterator[str]:
    links = [link for link in body.iter("a") if link.get("href", "").rstrip("/").count("/") in (0, 2)][:_LINKS_LIMIT]
    for link in links:
        if link.get("href") == "/" or link.get("rel") == "home" or link.get("href", "").startswith("http"):
            yield from (link.get("title", ""), link.get("aria-label", ""), text_in(link, _LINE_LIMIT))
            yield from (image.get("alt", "") for image in link.iter("img"))


def _stamps(walk: Walk) -> Iterator[Stamp]:
    lines: dict[Any, int] = {}
    for step, element in walk.dated:
        text, value = line_of(element, _STAMP_TEXT_LIMIT + 1), machine_value(element)
        if _RUN_TOGETHER.search(text) and len(element):  # <span>05</span><span>Feb</span><span>2024</span>
            text = " ".join(" ".join(element.itertext()).split())
        if len(text) > _STAMP_TEXT_LIMIT and not value:
            continue
        parent = element.getparent()
        yield Stamp(
            label=label_of(element),
            around=" ".join(label_of(parent).split()[:_CONTEXT_WORDS]) if parent is not None else "",
            context=_before(element),
            value=value,
            text=text if len(text) <= _STAMP_TEXT_LIMIT else "",
            marked=is_marked(element),
            steps=step - walk.start,
            inside=walk.is_around_heading(element),
            paragraphs=walk.paragraphs_before(step),
            line=lines.setdefault(parent, len(lines)),
            linked=parent is not None and stands_by_link(element),
        )


def _before(element: Any) -> str:
    """Return what stands right before an element on its line, or before the line that it alone fills."""
    parent, previous = element.getparent(), element.getprevious()
    if previous is not None:
        nearby = f"{_label_text(previous)} {previous.tail or ''}"
    elif parent is not None and (parent.text or "").strip():
        nearby = (parent.text or "")[-_NEARBY_LIMIT:]
    elif parent is not None and parent.getprevious() is not None and len(parent) == 1:
        nearby = _label_text(parent.getprevious())
    else:
        nearby = ""
    return " ".join(nearby.split()[-_CONTEXT_WORDS:])


def _label_text(element: Any) -> str:
    """Return the text of an element that may say what the next one is: "Published", "Last updated on:"."""
    text = text_in(element, _NEARBY_LIMIT) if element.tag != "time" else ""
    return text if len(text.split()) < _CONTEXT_WORDS or text.endswith((":", "–", "-")) else ""
