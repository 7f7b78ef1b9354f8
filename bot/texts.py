"""Every sentence said to people, by key and language, from the catalogues in `bot/locale/`."""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locale"
FALLBACK = "en"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue."""
    return tuple(sorted(path.stem for path in LOCALES.glob("*.po")))


@cache
def catalogue(language: str) -> tuple[Catalog, Callable[[int], int]]:
    """Return the catalogue of a language and the function that picks its plural form."""
    with (LOCALES / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    pick: Callable[[int], int] = gettext.c2py(catalog.plural_expr)  # type: ignore[attr-defined]
    return catalog, pick


def known_language(wanted: str | None) -> str:
    """Return the nearest language the bot speaks: `uk-UA` gives `uk`, an unknown one English."""
    base = (wanted or "").replace("_", "-").split("-")[0].lower()
    return base if base in languages() else FALLBACK


def say(language: str | None, key: str, /, **values: object) -> str:
    """Return the sentence `key` in a language, filled in; `n` picks the plural form.

    Raises KeyError for a key that the English catalogue does not have.
    """
    for name in (known_language(language), FALLBACK):
        catalog, pick = catalogue(name)
        message = catalog.get(key)
        if message is None or not message.string:
            continue
        forms = message.string
        if isinstance(forms, str):
            return forms.format(**values)
        number = values.get("n", 0)
        return forms[pick(number if isinstance(number, int) else 0)].format(**values)
    raise KeyError(key)
