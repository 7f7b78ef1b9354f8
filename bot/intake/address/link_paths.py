"""Paths of addresses: without what marks a small, printed or otherwise dressed version of the same page."""

import re

from bot.intake.address.link_parts import one_spelling

_PRINTED = frozenset(
    "print printable printview print-view print_view printversion print-version print_version printerfriendly "
    "printer-friendly printer_friendly imprimir imprimer drucken drukuj".split()
)
_SMALL = frozenset(("amp", "amphtml"))
# Behind these stands a word that people chose, which may be "amp" or "print".
_WORD_FOLLOWS = frozenset(
    "wiki tag tags topic topics category categories hashtag keyword word words dictionary define definition label "
    "labels section sections search r u user users author authors company people browse explore".split()
)
# What sticks to a pasted address: a space of any kind, and marks added with `&` where a `?` belongs.
_STUCK = re.compile(r"(?:(?:%20|%C2%A0|%E2%80%8[B-F]|%EF%BB%BF)+|&(?:utm_\w+|fbclid|gclid)=[^/]*)$")
_INDEX = re.compile(r"(?i)(?:index\.(?:html?|shtml|php)|default\.aspx?)")
_SESSION = re.compile(r"(?i);jsessionid=[^/;]*")
_COMMENTS = re.compile(r"comment-page-\d+")
# RFE/RL's system: `/a/title/1234567.html` and, small, `/amp/title/1234567.html`.
_NUMBERED = re.compile(r"\d{6,}\.html")
_SCRIPT = re.compile(r"(?i)\.(?:php\d?|aspx?|cgi|jsp|jsf|cfm|pl|do|dll|exe|phtml|action)$")


def plain_path(path: str, *, chosen_names: bool = False) -> str:
    """Return a path without dot segments, doubled slashes, version marks and the slash at its end.

    With `chosen_names` its segments are names that people chose, and none of them marks a version.
    """
    segments: list[str] = []
    for segment in _SESSION.sub("", _STUCK.sub("", one_spelling(path))).split("/")[1:]:
        if segment == "..":
            del segments[-1:]
        elif segment not in (".", ""):
            segments.append(segment)
    while not chosen_names:
        before = list(segments)
        _undress(segments)
        if segments == before:
            break
    return "/" + "/".join(segments)


def is_script(path: str) -> bool:
    """Tell whether a path names a program (`article.php`), so that its parameters must name the page."""
    return _SCRIPT.search(path) is not None


def _undress(segments: list[str]) -> None:
    """Take off one layer of version marks in place; what would leave nothing stays."""
    if segments and _INDEX.fullmatch(segments[-1]):
        segments.pop()
    many = len(segments) > 1
    if many and (_COMMENTS.fullmatch(segments[-1]) or (segments[-1].lower() in _PRINTED and _is_mark(segments, -1))):
        segments.pop()
    # A number behind /print may count printed articles, not those of the site.
    if len(segments) > 1 and segments[0].lower() in _PRINTED and not (len(segments) == 2 and segments[1].isdigit()):
        segments.pop(0)
    marks = [place for place, step in enumerate(segments) if step.lower() in _SMALL and _is_mark(segments, place)]
    if marks and len(segments) > 1:
        del segments[marks[-1]]
    if len(segments) > 1 and segments[0] == "a" and _NUMBERED.fullmatch(segments[-1]):
        segments.pop(0)
    if segments:
        segments[-1] = re.sub(r"(?i)(?<=.)\.(?:amp|print)(?=\.html?$|$)", "", segments[-1])


def _is_mark(segments: list[str], place: int) -> bool:
    before = segments[place - 1].lower() if place % len(segments) else ""
    return before not in _WORD_FOLLOWS
