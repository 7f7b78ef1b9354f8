"""Wrappers with a spelling of their own: mail gateways, Disqus, search results, translated pages, base64."""

import binascii
import re
import string
from base64 import urlsafe_b64decode
from collections.abc import Callable
from urllib.parse import SplitResult, unquote

from bot.intake.address.link_parts import joined, pairs, value_of
from bot.intake.address.site_rules import by_site

# Proofpoint v3 writes runs of taken-out letters as `**A` (two), `**B` (three) and so on.
_RUNS = {
    letter: length for length, letter in enumerate(string.ascii_letters.swapcase() + string.digits + "-_", start=2)
}
_BASE64 = re.compile(r"(?:a1)?(aHR0c[\w+/=-]+)")


def opened(host: str, parts: SplitResult) -> str | None:
    """Return the address inside of such a link, None where there is none or it cannot be read."""
    opener = by_site(_OPENERS, host)
    return opener(parts) if opener is not None else None


def from_base64(text: str) -> str:
    """Return the web address that a text spells in base64, as Bing and Sophos write it; empty where it does not."""
    match = _BASE64.fullmatch(text)
    return "" if match is None else _decoded(match[1])


def _decoded(text: str) -> str:
    try:
        return urlsafe_b64decode(text.rstrip("=").translate(str.maketrans("+/", "-_")) + "==").decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _proofpoint(parts: SplitResult) -> str | None:
    """Open versions 2 (`-` for `%`, `_` for `/`) and 3 (`*` for letters that follow behind, in base64)."""
    if parts.path.rstrip("/") == "/v2/url":
        return unquote(value_of(parts.query, "u").translate(str.maketrans("-_", "%/")))
    whole = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    match = re.match(r"/v3/__(.+?)__;(.*?)!", whole)
    if match is None:
        return None
    letters, used = _decoded(match[2]), 0

    def taken_out(mark: re.Match[str]) -> str:
        nonlocal used
        length = _RUNS.get(mark[0][-1], 1) if len(mark[0]) == 3 else 1
        used += length
        return letters[used - length : used]

    address = re.sub(r"\*(?:\*.)?", taken_out, unquote(match[1]) if "%3A//" in match[1] else match[1])
    return re.sub(r"^(https?:/)(?=[^/])", r"\1/", address) if used <= len(letters) else None


def _three_underscores(parts: SplitResult) -> str | None:
    """Open Avanan's and Check Point's form: `/v2/___https://…___.key`."""
    whole = parts.path + (f"?{parts.query}" if parts.query else "")
    match = re.search(r"/v2/(?:r\d+/)?___(.+?)___\.", whole)
    return match and re.sub(r"^(https?:/)(?=[^/])", r"\1/", match[1])


def _disqus(parts: SplitResult) -> str | None:
    """Open `disq.us/url?url=https%3A%2F%2F…%3Akey`."""
    return re.sub(r":[\w-]{20,}$", "", unquote(value_of(parts.query, "url")))


def _google_news(parts: SplitResult) -> str | None:
    """Open the older links to Google's news, which spell the address out; the newer ones name it to Google alone."""
    match = re.fullmatch(r"(?:/rss)?/(?:articles|read)/(CBM[\w-]+)", parts.path)
    try:
        # Two numbers, a length in one byte or two, then the address.
        whole = urlsafe_b64decode(match[1] + "==") if match else b""
        at = whole.index(b'"', 2) + 1
        length, at = (whole[at], at + 1) if whole[at] < 128 else ((whole[at] & 127) + whole[at + 1] * 128, at + 2)
        address = whole[at : at + length].decode("ascii")
    except (ValueError, IndexError):
        return None
    return address if len(address) == length else None


def _yahoo(parts: SplitResult) -> str | None:
    match = re.search(r"/RU=([^/]+)", parts.path)
    return match and unquote(match[1])


def _translated(parts: SplitResult) -> str | None:
    """Open `news-example-org.translate.goog/story?_x_tr_sl=…`: two hyphens stand for one."""
    host = (parts.hostname or "").removesuffix(".translate.goog")
    if "-" not in host or "." in host:
        return None
    name = host.replace("--", "\0").replace("-", ".").replace("\0", "-")
    query = joined([pair for pair in pairs(parts.query) if not pair[0].startswith("_x_tr_")])
    return f"https://{name}{parts.path}" + (f"?{query}" if query else "")


def _turbo(parts: SplitResult) -> str | None:
    """Open Yandex's small versions: `/turbo/news.example/s/story`, on turbopages.org without `/turbo`."""
    match = re.match(r"(/turbo)?/((?:[\w-]+\.)+[\w-]+)/([sh])(/.*)", parts.path)
    if match is None or not (match[1] or (parts.hostname or "").endswith("turbopages.org")):
        return None
    scheme = "https" if match[3] == "s" else "http"
    return f"{scheme}://{match[2]}{match[4]}" + (f"?{parts.query}" if parts.query else "")


_OPENERS: dict[str, Callable[[SplitResult], str | None]] = {
    "urldefense.proofpoint.com": _proofpoint,
    "urldefense.com": _proofpoint,
    "urldefense.us": _proofpoint,
    "url.avanan.click": _three_underscores,
    "protect.checkpoint.com": _three_underscores,
    "disq.us": _disqus,
    "news.google.com": _google_news,
    "r.search.yahoo.com": _yahoo,
    "translate.goog": _translated,
    "turbopages.org": _turbo,
    "yandex.ru": _turbo,
    "yandex.com": _turbo,
}
