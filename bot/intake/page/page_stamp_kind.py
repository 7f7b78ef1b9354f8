"""What a date on a page is the date of: of publication, of a change, or of something else."""

import re
from collections.abc import Iterable

from bot.intake.page.page_story import Stamp
from bot.intake.page.page_words import names_in, plain, tokens, words


def kind_of(stamp: Stamp) -> str:
    """Tell whether the text of a stamp, its markup, or what stands before it speaks of publication or of a change."""
    opening = re.split(r"\d", plain(stamp.text), maxsplit=1)[0]
    if not tokens(stamp.text).isdisjoint(words().published):
        return "published"
    return (
        _kind_of_words(re.split(r"[\W_]+", opening))
        or _kind_of_words(reversed(re.split(r"[\W_]+", re.split(r"\d", plain(stamp.context))[-1])))
        or _kind_of_names(names_in(stamp.label))
        or _kind_of_names(names_in(stamp.around))
        or _kind_of_text(stamp.text)
    )


def _kind_of_words(found: Iterable[str]) -> str:
    for word in found:
        if word in words().published:
            return "published"
        if word in words().as_of:
            return "as of"
        if word in words().updated:
            return "updated"
        if word in words().other_dates or word in words().rights:
            return "other"
    return ""


def _kind_of_names(names: frozenset[str]) -> str:
    if names & words().published_names:
        return "published"
    if names & words().updated:
        return "updated"
    return "other" if names & words().other_names else ""


def _kind_of_text(text: str) -> str:
    return "other" if tokens(text) & words().rights or "©" in text else ""
