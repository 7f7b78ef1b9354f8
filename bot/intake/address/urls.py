"""Addresses as people send them: what is a link, which two links are the same page, how a host is shown."""

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from bot.errors import Refused
from bot.intake.address.hosts import readable_host, site
from bot.intake.address.link_parts import DEFAULT_PORTS, QUERY_SAFE, encoded, one_spelling, parts_of
from bot.intake.address.link_paths import is_script, plain_path
from bot.intake.address.networks import own_place
from bot.intake.address.parameters import naming, without_marks
from bot.intake.address.platforms import Place
from bot.intake.address.site_rules import by_site, sites
from bot.intake.address.wrappers import layers

_LENGTH_LIMIT = 2048
_FORMS_LIMIT = 16
_REMEMBERED = 1024  # addresses: one is asked for again and again while its message is dealt with
_KEPT_FRAGMENTS = ("!", "/")
_LANGUAGES = frozenset(
    "uk ua en ru de fr es it pl pt el ro cs sk hu bg sr hr sl lt lv et fi sv no da nl tr ka hy az kk be zh ja ko ar "
    "fa he hi ukr eng rus deu fra esp ita pol por gre".split()
)
_DAYS = re.compile(r"/(?:19|20)\d\d(?:/\d\d?){0,2}")
_LISTS = frozenset(
    "category categories tag tags topic topics section sections author authors archive search rubric page".split()
)


@lru_cache(_REMEMBERED)
def check_link(url: str) -> str:
    """Return a link as a plain ASCII address, with a scheme; raises `Refused` for what is no web address.

    The host comes back in lower case and punycode; path, parameters and fragment stay as they were sent.
    """
    checked = urlunsplit(parts_of(url))
    if len(checked) > _LENGTH_LIMIT:
        raise Refused("intake-link-too-long")
    return checked


def unwrapped(url: str) -> str:
    """Return the address to fetch and to print for what a person pasted; raises `Refused` like `check_link`.

    Of a redirect, a share button, a mail gateway, a kept AMP version or an archived copy it is the address inside.
    Marks that nobody uses but to tell who clicked or shared are taken off; everything else stays as it was sent.
    """
    parts = _innermost(url)
    host = site(parts.hostname or "")
    return check_link(urlunsplit(parts._replace(query=without_marks(host, parts.query))))


def archived_copy(url: str) -> str | None:
    """Return the address of the kept copy that a link leads to, None where it leads to none.

    Only archives whose links carry the archived address are known; a search engine's cache does not last.
    """
    around = None
    for layer in layers(url):
        if layer.archived and around is not None:
            address = urlunsplit(around)
            return address if len(address) <= _LENGTH_LIMIT else None
        around = layer.parts
    return None


@lru_cache(_REMEMBERED)
def canonical(url: str) -> str:
    """Return the form of an address by which the same page is recognised; it is a name, not an address to open.

    Scheme, small-screen hosts, tracking parameters, their order, wrappers and the like make no difference. Applying it
    twice changes nothing. Raises `Refused` like `check_link`, and for an address that is wrapped in itself for ever.
    """
    form = _form(url)
    for _ in range(_FORMS_LIMIT):
        again = _form(form)
        if again == form:
            return form
        form = again
    raise Refused("intake-link-unclear")


def is_shortener(url: str) -> bool:
    """Tell whether a link only stands for another address that nobody can see in it (bit.ly, t.co).

    The guarded fetch follows it like any redirect. Callers use this to let the address where the fetch ended count as
    the item's own, to compare and to print; of other links the redirect only adds a second address to compare.
    """
    parts = parts_of(url)
    host, path = site(parts.hostname or ""), parts.path.rstrip("/")
    if by_site(sites().shorteners, host):
        return bool(path)
    ways = by_site(sites().shortener_paths, host) or ()
    return any(fnmatchcase(path, f"{way}?*") for way in ways)


def believed(declared: str, here: str) -> str | None:
    """Return the canonical form of what a page declares as its own address (`rel=canonical`), None if it is no proof.

    It must be a page of the same site and language, and look like a story: sites that declare their home page, a
    section or a page without its number on every story would make all their stories one.
    """
    try:
        own, place = canonical(declared), canonical(here)
    except Refused:
        return None
    if own == place:
        return own
    if not same_site(own, place) or _language(own) != _language(place):
        return None
    return own if _names_story(urlsplit(own), urlsplit(place)) else None


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses belong to one site: the same host, or one a subdomain of the other."""
    first, second = (site(urlsplit(url).hostname or "") for url in (one, other))
    return bool(first and second) and (first == second or first.endswith(f".{second}") or second.endswith(f".{first}"))


def display_host(url: str) -> str:
    """Return the host as people know it; a host that only looks like another one stays in punycode."""
    return readable_host(parts_of(url).hostname or "")


def _innermost(url: str) -> SplitResult:
    *_, last = layers(url)
    return last.parts


def _form(url: str) -> str:
    parts = _innermost(url)
    host = site(parts.hostname or "")
    port = parts.port if parts.port not in DEFAULT_PORTS.values() else None
    chosen = by_site(sites().chosen_names, sites().same.get(host, host)) is True
    place = Place(host, plain_path(parts.path, chosen_names=chosen), parts.query, parts.fragment)
    place = own_place(place) if port is None else place
    netloc = (f"[{place.host}]" if ":" in place.host else place.host) + (f":{port}" if port else "")
    query = naming(place.host, place.path, place.query)
    return urlunsplit(("https", netloc, place.path, query, _fragment(place.host, place.fragment)))


def _fragment(host: str, fragment: str) -> str:
    """Return a fragment that says which page is meant: a route of a program, or what some sites put there."""
    if by_site(sites().fragments, host):
        return fragment
    if not fragment.startswith(_KEPT_FRAGMENTS):
        return ""
    path, _, query = fragment.partition(":~:")[0].partition("?")
    path, query = one_spelling(path).rstrip("/"), naming(host, path, query)
    if query:
        return encoded(f"{path or '/'}?{query}", QUERY_SAFE)
    return "" if path in ("", "!") else encoded(path, QUERY_SAFE)


def _language(url: str) -> str:
    """Return the language that an address names in its host or at the beginning of its path."""
    parts = urlsplit(url)
    first = re.split(r"[-_]", parts.path.split("/")[1] if "/" in parts.path else "")[0].lower()
    label = (parts.hostname or "").partition(".")[0]
    return next((word for word in (first, label) if word in _LANGUAGES), "")


def _names_story(own: SplitResult, here: SplitResult) -> bool:
    """Tell whether a declared address looks like that of one story, seen from the page that declares it."""
    path = unquote(own.path)
    last = path.rpartition("/")[2]
    telling = any(letter.isdigit() for letter in last) or len(re.findall(r"[-_]", last)) > 1
    if is_script(path) or not last:
        # Only a number says which page of a script is meant: `?lang=uk` names none.
        same_page = own.path != here.path or set(own.query.split("&")) <= set(here.query.split("&"))
        return same_page and any(letter.isdigit() for letter in own.query)
    if own.path == here.path and own.query:
        return set(own.query.split("&")) <= set(here.query.split("&"))
    if own.path == here.path:
        return telling or re.search(r"[-_]", last) is not None
    if here.path.startswith(f"{own.path}/") or _DAYS.fullmatch(path):
        return False
    steps = path.strip("/").split("/")
    if steps[0] in _LISTS and len(steps) < 3:
        return False
    # What the address of this page says behind its path may be all that names it.
    same_name = last == unquote(here.path).rpartition("/")[2] and not (here.query and not own.query)
    return telling or same_name
