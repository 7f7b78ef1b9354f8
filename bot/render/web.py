"""The web pages: an issue, the archive and short messages; complete, without scripts or images."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from bot.render import style
from bot.render.layout import lay_out
from bot.render.spans import written
from bot.render.template import TEMPLATES, fill
from bot.texts import say
from store.records import FrozenIssue

STYLESHEET = (TEMPLATES / "style.css").read_text("utf-8")
"""What the site serves as /style.css, so that a page needs no style of its own and a policy can forbid any."""

_LINK = '<link rel="stylesheet" href="/style.css">'


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An issue in the archive; `address` is where it stands, absolute or from the site's root."""

    number: int
    date: date
    address: str


@dataclass(frozen=True, slots=True)
class Form:
    """One button that POSTs to `action`; `fields` are sent along unseen, `boxes` (name, words) if they are ticked.

    A `quiet` button is beside the point of its page.
    """

    action: str
    button: str
    fields: tuple[tuple[str, str], ...] = ()
    boxes: tuple[tuple[str, str], ...] = ()
    quiet: bool = False


def place(address: str) -> str | None:
    """Return an address on the web or, from its root, on this site; None for anything else."""
    on_site = address.startswith("/") and not address.startswith("//")
    return address if on_site else style.safe_url(address)


def page(name: str, language: str, *, bulletin: str = "", home: str = "", **values: object) -> str:
    """Return the template of a page filled in, with what each shows: its language, the bulletin and the way home."""
    tag = style.language_tag(language) or "en"
    return fill(name, language=tag, bulletin=style.clean(bulletin), home=place(home), **values)


def standalone(html: str) -> str:
    """Return a page that is to be read as a file: it carries the style that the site would serve."""
    return html.replace(_LINK, f"<style>{STYLESHEET}</style>", 1)


def render_issue(issue: FrozenIssue, *, feed_address: str = "") -> str:
    """Return the page of an issue.

    Where the issue has an address, the page names its other forms: the address followed by .txt, .md and .json.
    """
    layout = lay_out(issue)
    return fill("issue.html", language=layout.language, page=layout, feed=place(feed_address))


def render_fragment(issue: FrozenIssue) -> str:
    """Return the issue as bare HTML without a head or a style, to paste into another site or to put in a feed."""
    return fill("fragment.html", page=lay_out(issue))


def render_index(
    bulletin: str,
    language: str,
    issues: Sequence[IndexEntry],
    *,
    subtitle: str = "",
    footer: str = "",
    feed_address: str = "",
    entry: object = None,
) -> str:
    """Return the archive page: the issues in the order given, each with its number, date and address.

    `entry` is the form by which somebody subscribes (`reader_pages.Entry`), None where no mail goes out.
    """
    entries = [
        (say(language, "render-issue", number=each.number), style.long_date(each.date, language), each)
        for each in issues
    ]
    return page(
        "index.html",
        language,
        bulletin=bulletin,
        subtitle=style.clean(subtitle),
        footer=written(footer),
        entries=entries,
        feed=place(feed_address),
        entry=entry,
    )


def render_message(
    title: str,
    body: str,
    language: str,
    *,
    bulletin: str = "",
    home: str = "",
    form: Form | None = None,
    more: tuple[str, str] | None = None,
) -> str:
    """Return a page that says one thing and may offer one button, and below it a link with its words."""
    return page(
        "message.html",
        language,
        bulletin=bulletin,
        home=home,
        title=style.clean(title),
        body=written(body),
        form=form,
        more=more,
    )


def error_page(language: str, status: int, *, bulletin: str = "", home: str = "") -> str:
    """Return a page for an HTTP error in plain words."""
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    told = HTTPStatus.NOT_FOUND if status == HTTPStatus.NOT_FOUND else HTTPStatus.METHOD_NOT_ALLOWED
    key = "render-error" if ours else f"render-error-{told}"
    title, body = say(language, f"{key}-title"), say(language, f"{key}-body")
    return render_message(title, body, language, bulletin=bulletin, home=home)
