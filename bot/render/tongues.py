"""Languages by their names: as they are called on a card, and as people write them."""

import re
from functools import cache

from babel import Locale

from bot.render.style import locale_of
from bot.texts import languages

COMMON = ("en", "uk", "ru", "fr", "de", "es", "pl", "it", "pt", "el")
"""The languages that people write to the bot in."""
CODE_LENGTH = 10
_CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}")


def language_name(code: str | None, language: str | None) -> str:
    """Return how a language is called in another one: "Ukrainian"; its code where it has no name there."""
    if not code:
        return ""
    base, _, rest = code.replace("_", "-").partition("-")
    name = str(locale_of(language).languages.get(base.lower(), base))
    name = name[:1].upper() + name[1:]
    return f"{name} ({rest})" if rest else name


def language_code(words: str) -> str | None:
    """Return the code that a code or a name stands for, in any language that the bot speaks; None for neither."""
    wanted = " ".join(words.split()).casefold()
    if wanted in _names():
        return _names()[wanted]
    if not _CODE.fullmatch(wanted):
        return None
    base, *rest = wanted.replace("_", "-").split("-")
    if base not in Locale("en").languages:
        return None
    code = "-".join((base, *(part.upper() if len(part) == 2 else part for part in rest)))
    return code if len(code) <= CODE_LENGTH else None


@cache
def _names() -> dict[str, str]:
    """Return the codes of languages by their names, each name in the languages that the bot speaks and in its own."""
    found: dict[str, str] = {}
    for code in COMMON:
        found[str(Locale(code).languages[code]).casefold()] = code
    for spoken in languages():
        for code, name in Locale(spoken).languages.items():
            if _CODE.fullmatch(code):
                found.setdefault(str(name).casefold(), code.replace("_", "-"))
    return found
