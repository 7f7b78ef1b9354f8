"""The many addresses that networks give one post, film or person, each brought to one form."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from bot.intake.address.link_parts import value_of
from bot.intake.address.platforms import PLATFORMS, Place
from bot.intake.address.site_rules import by_site, sites

# What stands in front of a network's name, or in place of its ending, and says only who looks at it from where.
_DRESSED_HOSTS = (
    (re.compile(r"[a-z]{2}(?:-[a-z]{2})?\.(facebook\.com|linkedin\.com)"), r"\1"),
    (re.compile(r"([\w-]+)\.blogspot\.(?:com?\.)?[a-z]{2,3}"), r"\1.blogspot.com"),
)
_FILM_PATH = re.compile(r"/(?:shorts|live|embed|v|e|vi|watch)/([\w-]+)")
_FILM_SHORT = re.compile(r"/([\w-]+)")
_NO_FILMS = ("videoseries", "live_stream")


def own_place(place: Place) -> Place:
    """Return the one form of an address within its network; elsewhere the address stays as it is."""
    host = sites().same.get(place.host, place.host)
    for pattern, plain in _DRESSED_HOSTS:
        if pattern.fullmatch(host):
            host = pattern.sub(plain, host)
    if host.startswith("nitter.") and "/status/" in place.path:
        host = "x.com"
    rule = _NETWORKS.get("t.me" if host.endswith(".t.me") else host) or by_site(PLATFORMS, host)
    place = place._replace(host=host)
    return rule(place) if rule is not None else place


def _youtube(place: Place) -> Place:
    pattern = _FILM_SHORT if place.host == "youtu.be" else _FILM_PATH
    match = pattern.fullmatch(place.path)
    film = match[1] if match else value_of(place.query, "v") if place.path == "/watch" else ""
    found = value_of(place.query, "list")
    if film == "videoseries" and found:
        return place._replace(host="youtube.com", path="/playlist", query=f"list={found}")
    if not film or film in _NO_FILMS:
        return place
    moment = _seconds(value_of(place.query, "t", "start", "time_continue"))
    return Place("youtube.com", "/watch", f"v={film}" + (f"&t={moment}" if moment else ""))


def _seconds(moment: str) -> int:
    match = re.fullmatch(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?", moment)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _x(place: Place) -> Place:
    """A post has its number, whoever the address says wrote it; names know no case."""
    if match := re.match(r"/(?:i/web|[^/]+)/status(?:es)?/(\d+)(?:/|$)", place.path):
        return Place("x.com", f"/i/status/{match[1]}")
    if re.fullmatch(r"/\w{1,15}", place.path):
        return place._replace(path=place.path.lower())
    return place


def _telegram(place: Place) -> Place:
    """`/s/` and `name.t.me` only show a channel otherwise; a post has its number whatever thread it stands in."""
    path = place.path
    if place.host.endswith(".t.me"):
        path = "/" + place.host.removesuffix(".t.me") + path.rstrip("/")
    path = re.sub(r"^/s(?=/[A-Za-z]\w+)", "", path)
    path = re.sub(r"^/joinchat/", "/+", path)
    path = re.sub(r"^/%2B(?=[\w-]+$)", "/+", path)
    if match := re.fullmatch(r"/(c/\d+|[A-Za-z]\w{3,31})(?:/\d+)?/(\d+)", path):
        return Place("t.me", f"/{match[1].lower()}/{match[2]}")
    if re.fullmatch(r"/[A-Za-z]\w{3,31}(?:/s/\d+)?", path):
        path = path.lower()
    return place._replace(host="t.me", path=path)


def _facebook(place: Place) -> Place:
    path, query = place.path, place.query
    post, owner = value_of(query, "story_fbid"), value_of(query, "id")
    if path in ("/permalink.php", "/story.php") and post and owner:
        return place._replace(path="/permalink.php", query=f"story_fbid={post}&id={owner}")
    if path in ("/photo", "/photo.php") and value_of(query, "fbid"):
        return place._replace(path="/photo", query=f"fbid={value_of(query, 'fbid')}")
    if path in ("/watch", "/watch/live", "/video.php") and value_of(query, "v"):
        return place._replace(path="/watch", query=f"v={value_of(query, 'v')}")
    if match := re.fullmatch(r"/[^/]+/videos(?:/[^/]+)?/(\d+)", path):
        return place._replace(path="/watch", query=f"v={match[1]}")
    if match := re.fullmatch(r"/groups/([^/]+)/(?:permalink|posts)/(\d+)", path):
        return place._replace(path=f"/groups/{match[1].lower()}/posts/{match[2]}", query="")
    if (match := re.fullmatch(r"/groups/([^/]+)", path)) and (post := value_of(query, "multi_permalinks")):
        return place._replace(path=f"/groups/{match[1].lower()}/posts/{post}", query="")
    if match := re.fullmatch(r"/([\w.]+)/posts(?:/[^/]+)?/(\d+|pfbid\w+)", path):
        return place._replace(path=f"/{match[1].lower()}/posts/{match[2]}", query="")
    if re.fullmatch(r"/[A-Za-z][\w.]{4,}", path) and not path.endswith(".php"):
        path = path.lower()
    return place._replace(path=path)


def _instagram(place: Place) -> Place:
    if match := re.match(r"/(?:[\w.]+/)?(?:p|reel|reels|tv)/([\w-]{5,})(?:/|$)", place.path):
        return Place("instagram.com", f"/p/{match[1]}") if match[1] != "audio" else place
    return place._replace(path=place.path.lower()) if re.fullmatch(r"/[\w.]+", place.path) else place


def _threads(place: Place) -> Place:
    match = re.match(r"/(?:@[\w.]+/post|t)/([\w-]+)(?:/|$)", place.path)
    return Place("threads.com", f"/t/{match[1]}") if match else place


def _tiktok(place: Place) -> Place:
    pattern = r"/(?:(?:@[\w.-]*/)?(?:video|photo)|v|embed(?:/v\d)?|player/v1)/(\d+)(?:\.html)?"
    match = re.fullmatch(pattern, place.path)
    return Place("tiktok.com", f"/video/{match[1]}") if match else place


def _vk(place: Place) -> Place:
    """What lies open above a page (`?w=wall-1_2`, `?z=photo-1_2`) is what the link means."""
    thing = r"(wall|photo|video|clip|topic|story|page)(-?\d+_\d+)"
    if match := re.fullmatch(rf"/{thing}", place.path):
        return place._replace(query="")
    for name in ("w", "z"):
        if match := re.match(thing, unquote(value_of(place.query, name))):
            return place._replace(path=f"/{match[0]}", query="")
    return place


def _reddit(place: Place) -> Place:
    """A thread has its number; what stands behind its title is one answer in it."""
    if place.host == "redd.it":
        match = re.fullmatch(r"/(\w{4,})", place.path)
        return Place("reddit.com", f"/comments/{match[1]}") if match else place
    pattern = r"(?:/(?:r|u|user)/[^/]+)?/comments/(\w+)(?:/[^/]*(?:/(\w+))?)?"
    if match := re.fullmatch(pattern, place.path):
        return Place("reddit.com", f"/comments/{match[1]}" + (f"/_/{match[2]}" if match[2] else ""))
    return place


def _linkedin(place: Place) -> Place:
    if match := re.search(r"(activity|ugcPost|share)[:-](\d{15,})", unquote(place.path)):
        return Place(place.host, f"/feed/update/urn:li:{match[1]}:{match[2]}")
    return place


_NETWORKS: dict[str, Callable[[Place], Place]] = {
    "youtube.com": _youtube,
    "youtu.be": _youtube,
    "x.com": _x,
    "t.me": _telegram,
    "facebook.com": _facebook,
    "instagram.com": _instagram,
    "threads.com": _threads,
    "tiktok.com": _tiktok,
    "vk.com": _vk,
    "reddit.com": _reddit,
    "redd.it": _reddit,
    "linkedin.com": _linkedin,
}
