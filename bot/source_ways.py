"""By what a publisher is recognised: the domain or channel in an address, and its names however they are written."""

import re
import unicodedata
from urllib.parse import urlsplit

# Hosts that many publish on: each host below them, or each channel in their path, is somebody else's.
_SHARED_HOSTS = frozenset(
    (
        *("blogspot.com", "wordpress.com", "substack.com", "medium.com", "livejournal.com", "tumblr.com", "ghost.io"),
        *("wixsite.com", "weebly.com", "github.io", "gitlab.io", "netlify.app", "vercel.app", "pages.dev", "web.app"),
        *("google.com", "telegra.ph", "teletype.in", "patreon.com", "buttondown.com", "beehiiv.com", "archive.org"),
    )
)
_ANY_NAME = r"[\w.-]+"
_CHANNELS = {
    "t.me": r"(?!(?:c|s|joinchat|share|addlist)(?:/|$))\w+",
    "youtube.com": r"@[\w.-]+|(?:c|channel|user)/[\w-]+",
    "facebook.com": r"(?:groups|people)/[^/]+|(?!(?:watch|share|reel|photo|story|permalink|events|l)\b)" + _ANY_NAME,
    "medium.com": r"@[\w.-]+|(?!p/)" + _ANY_NAME,
    "x.com": r"(?!(?:i|home|search|hashtag|intent)(?:/|$))\w+",
    "instagram.com": r"(?!(?:p|reel|reels|stories|explore|tv)(?:/|$))" + _ANY_NAME,
    "tiktok.com": r"@[\w.-]+",
    "vk.com": r"(?!(?:wall|video|photo)-?\d)" + _ANY_NAME,
    "linkedin.com": r"(?:company|in)/[^/]+",
    "patreon.com": r"(?!(?:posts|c)(?:/|$))" + _ANY_NAME,
    "teletype.in": r"@[\w.-]+",
    "soundcloud.com": _ANY_NAME,
    "vimeo.com": r"(?!\d+(?:/|$))" + _ANY_NAME,
    "threads.net": r"@[\w.-]+",
    "bsky.app": r"profile/[^/]+",
}
_ALSO = {"telegram.me": "t.me", "twitter.com": "x.com", "fb.com": "facebook.com"}
_SECOND_LEVEL = ("co", "com", "gov", "edu", "ac", "org", "net")
_COUNTRIES_WITH_SECOND_LEVELS = ("ua", "uk", "ru", "pl", "br", "au", "nz", "tr", "il", "ge", "kz", "by", "za", "jp")


def fold(name: str) -> str:
    """Return a name without regard to case, punctuation, spaces and accents; "" where nothing is left."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())[:255]


def domains_of(address: str) -> tuple[str, ...]:
    """Return what an address in canonical form may stand under in the directory, the most particular first.

    On hosts that many publish on this is the whole host or the channel alone; without a channel it is nothing.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    host = _ALSO.get(host, host)
    if "." not in host or ":" in host or re.fullmatch(r"[\d.]+", host):
        return ()
    if host in _CHANNELS:
        channel = re.match(_CHANNELS[host], parts.path.removeprefix("/"))
        return (f"{host}/{channel[0].lower()}",) if channel else ()
    labels = host.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    if host in _SHARED_HOSTS:
        return ()
    if "blogspot" in labels[1:] or not _SHARED_HOSTS.isdisjoint(above) or not _CHANNELS.keys().isdisjoint(above):
        return (host,)
    return tuple(name for name in above if not _is_suffix(name))


def _is_suffix(name: str) -> bool:
    """Tell whether everybody of a country registers below a name, as below `com.ua`."""
    second, _, country = name.partition(".")
    return second in _SECOND_LEVEL and country in _COUNTRIES_WITH_SECOND_LEVELS
