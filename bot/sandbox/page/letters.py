"""Letters and news pages as the browser shows them: shut in, without scripts, links led to where they work."""

import html
import re
from urllib.parse import quote

from bot.sandbox.mailbox import Letter
from bot.sandbox.site import NewsSite

# Nothing runs and nothing is loaded, whatever stands in a letter or on a page.
SHUT_IN = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)
_INVENTED = re.compile(r"""(href\s*=\s*["'])(http://[^"'/?#]+\.example\b[^"']*)""", re.IGNORECASE)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_NOT_HERE = "<!doctype html><meta charset=utf-8><title>No such page</title><p>There is no such page in the sandbox."


def shown_letter(letter: Letter) -> str:
    """A letter's HTML for a frame: links to invented sites lead to the sandbox's copy, all open in a new tab."""
    if not letter.html:
        return f"<!doctype html><meta charset=utf-8><pre>{html.escape(letter.text)}</pre>"
    led = _INVENTED.sub(lambda found: found[1] + html.escape(news_link(html.unescape(found[2]))), letter.html)
    base = '<base target="_blank">'
    return _HEAD.sub(lambda found: found[0] + base, led, count=1) if _HEAD.search(led) else base + led


def news_link(url: str) -> str:
    """Where the page shows an address of an invented site."""
    return f"/news?url={quote(url, safe='')}"


def news_page(site: NewsSite, url: str) -> tuple[int, bytes, str]:
    """Status, body and type of a page of the invented press."""
    try:
        answer = site.respond("GET", url)
    except ValueError:
        answer = None
    if answer is None or not isinstance(answer.body, bytes):
        return 404, _NOT_HERE.encode(), "text/html; charset=utf-8"
    return answer.status, answer.body, answer.headers.get("Content-Type", "text/html; charset=utf-8")
