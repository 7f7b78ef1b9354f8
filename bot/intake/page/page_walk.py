"""One pass over a page's body that collects what belongs to its story and leaves out what stands beside it."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from bot.intake.page.page_parts import is_byline, is_dated, is_elsewhere, is_own_part, is_story_box, own_text, text_in
from bot.intake.page.page_words import names_in, plain, words

_ELEMENTS_LIMIT = 25_000
_LINES_LIMIT = 20
_STAMPS_LIMIT = 300
_LABEL_LENGTH = 30
_PARAGRAPH_LENGTH = 100
_LINE_OF_TEXT_LENGTH = 60
_LABEL_STEPS = 12
_LESSER_LABEL_STEPS = 80
_SIGNED_STEPS = 45
_SAMPLE_LENGTH = 4000
_LINE_LENGTH = 80
_SIBLINGS_LIMIT = 200
_BESIDE_LIMIT = 10
_ENDS_LIMIT = 50
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "legend")
_LINES = frozenset(("p", "div", "span", "li", "em", "i", "small", "strong", "b", "td", "th", "dd", "dt", "footer", "a"))
_MORE_LINES = frozenset((*_HEADINGS, "address", "cite", "section", "label", "font", "u"))
_OF_READERS = ("comment", "leave a", "комент", "коммент", "kommentar", "komentarz", "σχολια")
_OF_STORIES = re.compile(r"(?:Article|Posting|Report|VideoObject)\s*$", re.IGNORECASE)
_OF_AUTHORS = re.compile(
    r"/(?:authors?|autor(?:es|en|ka|zy|a)?|auteure?s?|autor[ei]|avtory?|journalists?|firmas?|syntaktis)/[^/]",
    re.IGNORECASE,
)
_PUNCTUATION = " :.()[]0123456789…›»→|–-"


class Walk:
    """What was found, each with its step: the number of elements passed; `start` is the step of the heading."""

    def __init__(self, body: Any, heading: Any | None) -> None:
        self._body = body
        self._heading = heading
        above = list(heading.iterancestors()) if heading is not None else []
        boxes = [element for element in above if element.tag not in ("body", "html")]
        self._kept = {*above, heading}
        self._own = next((element for element in boxes if is_story_box(element)), None)
        self._around = {*boxes[:2]} | ({self._own} if self._own is not None else set())
        self._heads = {element for element in boxes[:3] if element.tag == "header" or element is self._own}
        self._over: set[Any] = set()
        self._sampled = self._ends = 0
        self._paragraphs: list[int] = []
        self.start = 0
        self.dated: list[tuple[int, Any]] = []
        self.bylines: list[str] = []
        self.signatures: list[tuple[int, str]] = []
        self.linked: list[str] = []
        self.facts: set[str] = set()
        self.labels: list[tuple[int, str]] = []
        self.sources: list[tuple[int, str, str]] = []
        self.sample: list[str] = []

    def go(self) -> None:
        """Walk."""
        walker = etree.iterwalk(self._body, events=("start",))
        for step, (_, element) in enumerate(walker):
            if step > _ELEMENTS_LIMIT:
                break
            if element is self._heading:
                self.start = step
            if element not in self._kept and (
                element in self._over or self._is_beside(element) or self._is_other_story(step, element)
            ):
                walker.skip_subtree()
                continue
            self._take(step, element)

    def is_around_heading(self, element: Any) -> bool:
        """Tell whether the box of the story, or the nearest boxes of its heading, hold an element."""
        return any(above in self._around for above in chain((element,), element.iterancestors()))

    def paragraphs_before(self, step: int) -> int:
        """Return how many paragraphs of text stand between the heading and a step."""
        return bisect_left(self._paragraphs, step) - bisect_left(self._paragraphs, self.start)

    def _is_beside(self, element: Any) -> bool:
        """Tell whether an element holds something other than the story, also by where it stands."""
        if not is_elsewhere(element):
            return False
        if element.getparent() in self._heads and is_own_part(element):
            self._heads.add(element)
            return False
        return True

    def _is_other_story(self, step: int, element: Any) -> bool:
        """Tell whether an element is another story's box: the page's own holds the heading, or stands alone."""
        if not is_story_box(element):
            return False
        if self._own is None and not self.paragraphs_before(step):
            beside = (islice(element.itersiblings(preceding=before), _BESIDE_LIMIT) for before in (False, True))
            named = _OF_STORIES.search(element.get("itemtype") or element.get("typeof") or "Article")
            if named and not any(is_story_box(sibling) for sibling in chain.from_iterable(beside)):
                self._own = element
        inner = element.tag != "article" and "Comment" not in (element.get("itemtype") or "")
        return element is not self._own and not (inner and any(above is self._own for above in element.iterancestors()))

    def _take(self, step: int, element: Any) -> None:
        if len(self.dated) < _STAMPS_LIMIT and is_dated(element):
            self.dated.append((step, element))
        if len(self.bylines) < _LINES_LIMIT and is_byline(element):
            self.bylines.append(text_in(element))
        if element.tag == "a" and self._leads_to_author(step, element):
            self.linked.append(text_in(element, _LINE_LENGTH))
        if element.tag == "br" and len(element.tail or "") > _LINE_OF_TEXT_LENGTH:
            self._take_line(step, element.tail)
        if element.tag == "p" or len((element.text or "").strip()) > _PARAGRAPH_LENGTH:
            self._take_text(step, element)
        if element.tail and (element.tag == "br" or (self.dated and self.dated[-1][1] is element)):
            self._take_tail(step, element)
        if element.tag in _LINES or element.tag in _MORE_LINES:
            beginning = own_text(element)
            if beginning:
                self._take_words(step, element, beginning)

    def _leads_to_author(self, step: int, link: Any) -> bool:
        close = self.start and step - self.start < _SIGNED_STEPS and not self.paragraphs_before(step)
        return bool(
            close and len(self.linked) < _LINES_LIMIT and _OF_AUTHORS.search(link.get("href", "")[:_LINE_LENGTH])
        )

    def _take_text(self, step: int, element: Any) -> None:
        if len(self._paragraphs) > _LINES_LIMIT and self._sampled > _SAMPLE_LENGTH:
            return
        text = text_in(element, _SAMPLE_LENGTH)
        if len(text) > _PARAGRAPH_LENGTH and element is not self._heading:
            self._paragraphs.append(step)
        if self._sampled < _SAMPLE_LENGTH:
            self.sample.append(text)
            self._sampled += len(text)

    def _take_line(self, step: int, text: str) -> None:
        """Take text that only breaks part into paragraphs."""
        self._paragraphs.append(step)
        if self._sampled < _SAMPLE_LENGTH:
            self.sample.append(text[:_SAMPLE_LENGTH])
            self._sampled += len(text)

    def _take_tail(self, step: int, element: Any) -> None:
        """Take a line that only a break or a date before it begins: `<br>Author: Ana Horbach`."""
        line = " ".join(element.tail.split()).lstrip("|•·,–— ")
        first = plain(line[:_LABEL_LENGTH]).replace(":", " ").split(" ", 1)[0]
        if first not in words().by or len(self.signatures) >= _LINES_LIMIT:
            return
        following = element.getnext()
        if following is not None and (line.endswith(":") or " " not in line):
            line = f"{line} {text_in(following, _LINE_LENGTH)}"
        self.signatures.append((step, line[: _LINE_LENGTH * 3]))

    def _take_words(self, step: int, element: Any, beginning: str) -> None:
        first = beginning.replace(":", " ").split(" ", 1)[0]
        if first in words().by and len(self.signatures) < _LINES_LIMIT:
            self.signatures.append((step, _whole(element)))
        named = first in words().sources or beginning.startswith(_phrases())
        if named and len(self.sources) < _LINES_LIMIT:
            link = next((text_in(link, _LINE_LENGTH) for link in element.iter("a")), "")
            self.sources.append((step, _whole(element), link))
        if len(beginning) > _LABEL_LENGTH:
            return
        word = plain(text_in(element, _LABEL_LENGTH * 2)).strip(_PUNCTUATION)
        if word in words().ends and (element.tag in _HEADINGS or not word.startswith(_OF_READERS)):
            self._leave_out_after(element)
        if word in words().event_facts and self.start and step - self.start < _LESSER_LABEL_STEPS:
            self.facts.add(word)
        if len(self.labels) < _LINES_LIMIT and self._names_kind(step, element, word):
            self.labels.append((step, word))

    def _names_kind(self, step: int, element: Any, word: str) -> bool:
        """Tell whether a label names the story's kind; menus and boxes name films and recordings all over a page."""
        if not any(word in kinds for kinds in words().kinds.values()):
            return False
        if not self.start:
            return not words().labels.isdisjoint(names_in(f"{element.get('class', '')} {element.get('id', '')}"))
        often = word in words().kinds["video"] | words().kinds["audio"]
        return step - self.start < (_LABEL_STEPS if often else _LESSER_LABEL_STEPS)

    def _leave_out_after(self, element: Any) -> None:
        """Leave out what follows "Read also": the rest of its box, or where the box is the story's, the next list."""
        self._ends += 1
        if self._ends > _ENDS_LIMIT:
            return
        following = list(islice(element.itersiblings(), _SIBLINGS_LIMIT))
        if element.getparent() not in self._kept:
            self._over.update(following)
            return
        for sibling in following if element.tag in _HEADINGS else following[:1]:
            if sibling.tag in (*_HEADINGS, "footer", "time"):
                break
            self._over.add(sibling)


@cache
def _phrases() -> tuple[str, ...]:
    return (*words().first_published, "this article was", "this story was", "this text was", "this piece was")


def _whole(element: Any) -> str:
    """Return a line; of a label that stands alone, such as "Author:", with what follows it."""
    text = text_in(element)
    if not text.endswith(":") and element.tag not in ("dt", "th"):
        return text
    tail = " ".join((element.tail or "").split())
    following = element.getnext()
    if not tail and following is not None:
        tail = ", ".join(text_in(part) for part in _items(following))
    return f"{text.rstrip(' :')}: {tail}" if tail else ""


def _items(element: Any) -> Iterator[Any]:
    return element.iterchildren("li") if element.tag in ("ul", "ol") else iter([element])
