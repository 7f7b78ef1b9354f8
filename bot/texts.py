"""Every sentence said to people, by key and language, from the catalogues in `bot/locale/`."""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locale"
FALLBACK = "en"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue."""
    return tuple(sorted(path.name for path in LOCALES.iterdir() if path.is_dir()))


@cache
def catalogue(language: str) -> tuple[dict[str, str | tuple[str, ...]], Callable[[int], int]]:
    """Return the sentences of a language by key, and the function that picks its plural form."""
    sentences: dict[str, str | tuple[str, ...]] = {}
    rule = "n != 1"
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        rule = catalog.plural_expr
        for message in catalog:
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                sentences[key] = message.string if isinstance(message.string, str) else tuple(message.string or ())
    return sentences, gettext.c2py(rule)


def known_language(wanted: str | None) -> str:
    """Return the nearest language the bot speaks: `uk-UA` gives `uk`, an unknown one English."""
    base = (wanted or "").replace("_", "-").split("-")[0].lower()
    return base if base in languages() else FALLBACK


def say(language: str | None, key: str, /, **values: object) -> str:
    """Return the sentence `key` in a language, filled in; `n` picks the plural form.

    Raises KeyError for a key that the English catalogue does not have.
    """
    for name in (known_language(language), FALLBACK):
        sentences, pick = catalogue(name)
        forms = sentences.get(key)
        if not forms:
            continue
        if isinstance(forms, str):
            return forms.format(**values)
        number = values.get("n", 0)
        return forms[pick(number if isinstance(number, int) else 0)].format(**values)
    raise KeyError(key)
