"""The many addresses that encyclopedias, document stores, film and writing platforms give one page."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from bot.intake.address.link_parts import PATH_SAFE, encoded, pairs, value_of


class Place(NamedTuple):
    """Where an address points: its host without `www.`, its plain path, its query and its fragment as sent."""

    host: str
    path: str
    query: str = ""
    fragment: str = ""


def _wikipedia(place: Place) -> Place:
    """`en.m.wikipedia.org` is `en.wikipedia.org`; a space and an underscore are the same."""
    host = place.host.replace(".m.", ".")
    path, query = place.path, place.query
    title = value_of(query, "title")
    if path == "/w/index.php" and title and len(pairs(query)) == 1:
        path, query = f"/wiki/{encoded(unquote(title.replace('+', ' ')), PATH_SAFE)}", ""
    return place._replace(host=host, path=path.replace("%20", "_"), query=query)


def _documents(place: Place) -> Place:
    """`/edit`, `/view`, `/u/0/` open one document; a table's sheet has its number behind `gid=`."""
    pattern = r"/(document|spreadsheets|presentation|forms|drawings)(?:/u/\d+)?/d/(e/)?([\w-]+)(?:/.*)?"
    match = re.fullmatch(pattern, place.path)
    if match is None:
        return place
    sheet = re.match(r"gid=(\d+)", place.fragment)
    number = sheet[1] if sheet else value_of(place.query, "gid")
    query = f"gid={number}" if match[1] == "spreadsheets" and number.strip("0") else ""
    return Place(place.host, f"/{match[1]}/d/{match[2] or ''}{match[3]}", query)


def _drive(place: Place) -> Place:
    name = value_of(place.query, "id")
    if match := re.fullmatch(r"/file(?:/u/\d+)?/d/([\w-]+)(?:/.*)?", place.path):
        return Place(place.host, f"/file/d/{match[1]}")
    if place.path in ("/open", "/uc") and name:
        return Place(place.host, f"/file/d/{name}")
    if match := re.fullmatch(r"/drive(?:/u/\d+)?(?:/mobile)?/folders/([\w-]+)", place.path):
        return Place(place.host, f"/drive/folders/{match[1]}")
    return place


def _vimeo(place: Place) -> Place:
    pattern = r"/(?:video/|channels/[^/]+/|groups/[^/]+/videos/)?(\d+)(?:/([0-9a-f]{6,}))?"
    match = re.fullmatch(pattern, place.path)
    if match is None:
        return place
    key = match[2] or value_of(place.query, "h")
    return Place("vimeo.com", f"/{match[1]}", f"h={key}" if key else "")


def _dailymotion(place: Place) -> Place:
    pattern = r"/(\w+)" if place.host == "dai.ly" else r"/(?:embed/)?video/([A-Za-z0-9]+)(?:_.*)?"
    match = re.fullmatch(pattern, place.path)
    return Place("dailymotion.com", f"/video/{match[1]}") if match else place


def _spotify(place: Place) -> Place:
    return place._replace(path=re.sub(r"^/(?:intl-[a-z]{2}(?:-[a-z]{2})?|embed)(?=/)", "", place.path))


def _podcasts(place: Place) -> Place:
    match = re.fullmatch(r"/(?:[a-z]{2}/)?podcast/(?:[^/]+/)?(id\d+)", place.path)
    return place._replace(path=f"/podcast/{match[1]}") if match else place


def _medium(place: Place) -> Place:
    match = re.search(r"(?:-|/p/)([0-9a-f]{10,12})$", place.path)
    return Place("medium.com", f"/p/{match[1]}") if match else place


def _substack(place: Place) -> Place:
    match = re.fullmatch(r"/pub/([\w-]+)(/p/.+)", place.path)
    if place.host == "open.substack.com" and match:
        place = place._replace(host=f"{match[1].lower()}.substack.com", path=match[2])
    return place._replace(path=re.sub(r"^(/p/[^/]+)/comments$", r"\1", place.path))


PLATFORMS: dict[str, Callable[[Place], Place]] = {
    **dict.fromkeys(
        ("wikipedia.org", "wikinews.org", "wikisource.org", "wikimedia.org", "wikidata.org", "wiktionary.org"),
        _wikipedia,
    ),
    "docs.google.com": _documents,
    "drive.google.com": _drive,
    "vimeo.com": _vimeo,
    "dailymotion.com": _dailymotion,
    "dai.ly": _dailymotion,
    "open.spotify.com": _spotify,
    "podcasts.apple.com": _podcasts,
    "medium.com": _medium,
    "substack.com": _substack,
}
