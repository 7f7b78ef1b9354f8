"""What moderators type for the fields of an item, looked at before it is taken: each refusal says what to write."""

import re
from datetime import date
from functools import cache

from bot.errors import Refused
from bot.intake.date_words import fold, months, one_of
from bot.intake.dates import parse_date
from bot.render.style import clean
from bot.render.tongues import language_code
from store.records import NO_DATE, PublicationDate

TITLE_LETTERS = 500
SOURCE_LETTERS = 120
AUTHORS_MOST = 20
AUTHOR_LETTERS = 100
CITATIONS_MOST = 12
REASON_LETTERS = 300
NOTHING = ("-", "–", "—")
_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
_ALONE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/\S*")


def title(words: str) -> str:
    """Return a title in one line; raises Refused for none, a long one, and a link in its place."""
    found = _one_line(words)
    if not found:
        raise Refused("edit-title-empty")
    if _holds_link(found):
        raise Refused("edit-title-link")
    if len(found) > TITLE_LETTERS:
        raise Refused("edit-title-long", n=TITLE_LETTERS, given=len(found))
    return found


def source(words: str) -> str:
    """Return the name of a source; raises Refused for none, a long one, and a link in its place."""
    found = _one_line(words)
    if not found:
        raise Refused("edit-source-empty")
    check_source(found)
    return found


def check_source(name: str) -> None:
    """Raise Refused for a source that is too long, a link, or that ends in what was meant as a date and is none."""
    for part in name.split(",")[1:]:
        if _like_a_date().fullmatch(fold(part)):
            raise Refused("edit-date-none", what=part.strip()[:60])
    if _holds_link(name):
        raise Refused("edit-source-link")
    if len(name) > SOURCE_LETTERS:
        raise Refused("edit-source-long", n=SOURCE_LETTERS, given=len(name))


def publication_date(words: str, near: date) -> PublicationDate:
    """Return a date as exact as it is written, none for a dash; raises Refused for what is no date."""
    found = _one_line(words)
    if not found:
        raise Refused("edit-date-empty")
    when = NO_DATE if found in NOTHING else parse_date(found, near=near)
    if when == NO_DATE and found not in NOTHING:
        raise Refused("edit-date-none", what=found[:60])
    return when


def authors(words: str) -> tuple[str, ...]:
    """Return the names between semicolons, none for a dash; raises Refused for too many, long ones and links."""
    found = _one_line(words)
    if not found:
        raise Refused("edit-authors-empty")
    if found in NOTHING:
        return ()
    names = tuple(dict.fromkeys(name.strip() for name in found.split(";") if name.strip()))
    if not names:
        raise Refused("edit-authors-empty")
    if len(names) > AUTHORS_MOST or any(len(name) > AUTHOR_LETTERS for name in names):
        raise Refused("edit-authors-long", n=AUTHORS_MOST, letters=AUTHOR_LETTERS)
    if any(_holds_link(name) for name in names):
        raise Refused("edit-authors-link")
    return names


def language(words: str) -> str | None:
    """Return the code of a language that is named or coded, None for a dash; raises Refused for anything else."""
    found = _one_line(words)
    if not found:
        raise Refused("edit-language-empty")
    if found in NOTHING:
        return None
    code = language_code(found)
    if code is None:
        raise Refused("edit-language-none", what=found[:60])
    return code


def reason(words: str) -> str:
    """Return a reason of one's own for a rejection; raises Refused for none and for a long one."""
    found = _one_line(words)
    if not found:
        raise Refused("why-empty")
    if len(found) > REASON_LETTERS:
        raise Refused("why-long", n=REASON_LETTERS, given=len(found))
    return found


def _one_line(words: str) -> str:
    """Return words in one line, "" where nothing in them can be seen."""
    return " ".join(words.split()) if clean(words) else ""


@cache
def _like_a_date() -> re.Pattern[str]:
    """Return what is written like a day of a month: "31 February", which is none and so was left with the source."""
    month = rf"(?:{one_of(months())})\b\.?"
    return re.compile(rf"\d{{1,2}}(?:st|nd|rd|th)?[\s.]+{month}(?:\s+\d{{4}})?|{month}\s+\d{{1,2}}(?:st|nd|rd|th)?")


def _holds_link(words: str) -> bool:
    return bool(_LINK.search(words) or _ALONE.fullmatch(words))
