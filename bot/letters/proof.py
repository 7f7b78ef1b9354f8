"""What our own mail server found out about a sender (RFC 8601), read strictly: a doubt is no proof."""

import re
from collections.abc import Iterator

from bot.letters.addresses import domain_of
from bot.letters.fields import Head

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"|([;=])|([^\s"();=]++)|\s++|(.)', re.DOTALL)


def passed(head: Head, authserv_id: str, sender: str) -> str:
    """Return the domain of the sender for which our mail server found an aligned DMARC pass, else an empty text.

    Only the topmost Authentication-Results counts, and only where it bears our server's own name: those below it may
    have been written by anybody (RFC 8601 §5). That our server takes foreign ones of its name away, as §5 asks of it,
    cannot be seen from here.
    """
    results = head.all("authentication-results")
    if not authserv_id or not sender or not results:
        return ""
    statements = _statements(results[0])
    if statements is None or not statements or not _is_ours(statements[0], authserv_id):
        return ""
    dmarc = [found for found in map(_properties, statements[1:]) if found.get("method") == "dmarc"]
    domain = domain_of(sender)
    if len(dmarc) != 1 or dmarc[0].get("result") != "pass":
        return ""
    return domain if domain_of(dmarc[0].get("header.from", "")) == domain else ""


def _is_ours(first: list[str], authserv_id: str) -> bool:
    """Tell whether the first statement is our server's name, with nothing but a version of the format behind it."""
    rest = first[1:]
    return bool(first) and first[0].lower() == authserv_id.lower() and (not rest or rest == ["1"])


def _statements(value: str) -> list[list[str]] | None:
    """Return the words of each statement, comments left out; None where quotes or comments do not close."""
    statements: list[list[str]] = [[]]
    text = _without_comments(value)
    if text is None:
        return None
    for quoted, mark, word, odd in _TOKEN.findall(text):
        if odd:
            return None
        if mark == ";":
            statements.append([])
        elif mark:
            statements[-1].append(mark)
        elif word:
            statements[-1].append(word)
        elif quoted:
            statements[-1].append(quoted if quoted != "=" else "quoted")
    return statements


def _without_comments(value: str) -> str | None:
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for letter in value:
        if escaped:
            escaped = False
        elif letter == "\\" and (quoted or depth):
            escaped = True
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
            continue
        elif letter == ")" and not quoted:
            depth -= 1
            if depth < 0:
                return None
            kept.append(" ")
            continue
        if not depth:
            kept.append(letter)
    return None if depth or quoted else "".join(kept)


def _properties(words: list[str]) -> dict[str, str]:
    """Return the method, its result and the properties of one statement, such as `header.from`."""
    found: dict[str, str] = {}
    for name, value in _assignments(words):
        if not found:
            found = {"method": name.partition("/")[0], "result": value.lower()}
        elif name in found:
            return {"method": found["method"]}  # said twice: nobody knows which one a reader would take
        else:
            found[name] = value.lower()
    return found


def _assignments(words: list[str]) -> Iterator[tuple[str, str]]:
    for at, word in enumerate(words):
        if word == "=" and 0 < at < len(words) - 1:
            yield words[at - 1].lower(), words[at + 1]
