"""Paths of addresses: without what marks a small, printed or otherwise dressed version of the same page."""

import re

from bot.intake.link_parts import one_spelling

_PRINTED = frozenset(
    "print printable printview print-view print_view printversion print-version print_version printerfriendly "
    "printer-friendly printer_friendly".split()
)
_INDEX = re.compile(r"(?i)(?:index\.(?:html?|shtml|php)|default\.aspx?)")
_SESSION = re.compile(r"(?i);jsessionid=[^/;]*")
_COMMENTS = re.compile(r"comment-page-\d+")
# RFE/RL's system: `/a/title/1234567.html` and, small, `/amp/title/1234567.html`.
_NUMBERED = re.compile(r"\d{6,}\.html")
_SCRIPT = re.compile(r"(?i)\.(?:php\d?|aspx?|cgi|jsp|jsf|cfm|pl|do|dll|exe|phtml|action)$")


def plain_path(path: str) -> str:
    """Return a path without dot segments, doubled slashes, version marks and the slash at its end."""
    segments: list[str] = []
    for segment in _SESSION.sub("", one_spelling(path)).split("/")[1:]:
        if segment == "..":
            del segments[-1:]
        elif segment not in (".", ""):
            segments.append(segment)
    while True:
        before = list(segments)
        _undress(segments)
        if segments == before:
            return "/" + "/".join(segments)


def is_script(path: str) -> bool:
    """Tell whether a path names a program (`article.php`), so that its parameters must name the page."""
    return _SCRIPT.search(path) is not None


def _undress(segments: list[str]) -> None:
    """Take off one layer of version marks in place; what would leave nothing stays."""
    if segments and _INDEX.fullmatch(segments[-1]):
        segments.pop()
    if len(segments) > 1 and (segments[-1].lower() in _PRINTED or _COMMENTS.fullmatch(segments[-1])):
        segments.pop()
    # A number behind /print may count printed articles, not those of the site.
    if len(segments) > 1 and segments[0].lower() in _PRINTED and not (len(segments) == 2 and segments[1].isdigit()):
        segments.pop(0)
    marks = [place for place, segment in enumerate(segments) if segment.lower() == "amp"]
    if marks and len(segments) > 1:
        del segments[marks[-1]]
    if len(segments) > 1 and segments[0] == "a" and _NUMBERED.fullmatch(segments[-1]):
        segments.pop(0)
    if segments:
        segments[-1] = re.sub(r"(?i)(?<=.)\.(?:amp|print)(?=\.html?$|$)", "", segments[-1])
