"""The pages on which readers come, confirm, choose and leave; complete without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.render import style
from bot.render.tongues import language_name
from bot.render.web import Form, page, render_message
from bot.texts import languages, say

PAUSE_WEEKS = (1, 2, 3, 4, 6, 8, 12, 26)


@dataclass(frozen=True, slots=True)
class Entry:
    """The form by which somebody subscribes; `problem` is why it was not taken, or empty, `wrong` if the address is."""

    action: str
    token: str
    given: str = ""
    problem: str = ""
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """Another bulletin of this installation, and whether the reader has it."""

    id: int
    title: str
    read: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the page of a reader's choices shows. `action` is its own address; `tokens` are by what a form does.

    `wrong` is the form that `problem` is about, and `given` the address that was typed into it; both may be empty.
    """

    bulletin: str
    action: str
    address: str
    form: str
    with_pdf: bool
    language: str
    paused_until: date | None
    leave: str
    tokens: dict[str, str]
    others: Sequence[Other] = field(default=())
    notice: str = ""
    problem: str = ""
    wrong: str = ""
    given: str = ""


def subscribe_page(language: str, bulletin: str, entry: Entry, *, home: str = "") -> str:
    """Return the page with the form by which somebody subscribes."""
    return page("subscribe.html", language, bulletin=bulletin, home=home, entry=entry)


def told(
    language: str,
    what: str,
    bulletin: str,
    *,
    home: str = "",
    form: Form | None = None,
    more: tuple[str, str] | None = None,
) -> str:
    """Return a page that says one thing, by the middle of its two sentences' keys.

    It may offer one button, and below it `more`: the address of another page, and its words.
    """
    title, body = (say(language, f"page-{what}-{part}", bulletin=bulletin) for part in ("title", "body"))
    return render_message(title, body, language, bulletin=bulletin, home=home, form=form, more=more)


def leave_page(language: str, bulletin: str, action: str, *, home: str = "", choices: str = "") -> str:
    """Return the page behind the leave link: one button that POSTs what a mail program would (RFC 8058).

    `choices` is the address of the page on which all else can be chosen.
    """
    form = Form(action, say(language, "render-leave-button"), fields=(("List-Unsubscribe", "One-Click"),))
    more = (choices, say(language, "render-leave-choices")) if choices else None
    return told(language, "leave", bulletin, home=home, form=form, more=more)


def choices_page(language: str, shown: Choices, *, home: str = "") -> str:
    """Return the page on which a reader chooses how the bulletin comes to them."""
    until = style.long_date(shown.paused_until, language) if shown.paused_until else ""
    return page(
        "choices.html",
        language,
        bulletin=shown.bulletin,
        home=home,
        shown=shown,
        until=until,
        weeks=PAUSE_WEEKS,
        languages=[(code, language_name(code, code).capitalize()) for code in languages()],
    )
