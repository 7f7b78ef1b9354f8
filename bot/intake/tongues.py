"""The addresses under which a site keeps one story in its other languages: `/en/1608811834` beside `/1608811834`."""

import re
from urllib.parse import SplitResult, urlsplit

LANGUAGES = ("en", "eng", "uk", "ua", "ukr", "ru", "rus", "fr", "de", "es", "pl", "it", "pt", "el")
_NUMBER = re.compile(r"\d{4}")
_WORDS_OF_A_SLUG = 3
_LABELS_OF_A_SITE = 2


def in_other_languages(address: str) -> set[str]:
    """Return where the other languages of a story would stand; none for an address that names no single story."""
    parts = urlsplit(address)
    if not _names_story(parts.path):
        return set()
    found = {parts._replace(path=path).geturl() for path in _paths(parts)}
    found |= {parts._replace(netloc=host).geturl() for host in _hosts(parts)}
    return found - {address}


def _names_story(path: str) -> bool:
    """Say whether the last part of a path can belong to one story alone: a long number, or several words."""
    last = next((part for part in reversed(path.split("/")) if part), "")
    return bool(_NUMBER.search(last)) or len(re.findall(r"[^\W_]+", last)) >= _WORDS_OF_A_SLUG


def _paths(parts: SplitResult) -> list[str]:
    first, _, rest = parts.path.lstrip("/").partition("/")
    if first not in LANGUAGES:
        return [f"/{language}{parts.path}" for language in LANGUAGES]
    return [f"/{rest}", *(f"/{language}/{rest}" for language in LANGUAGES)]


def _hosts(parts: SplitResult) -> list[str]:
    """Return the other hosts; where the path names the language, the host does not."""
    first, _, rest = parts.netloc.partition(".")
    if first in LANGUAGES and len(rest.split(".")) >= _LABELS_OF_A_SITE:
        return [rest, *(f"{language}.{rest}" for language in LANGUAGES)]
    if parts.path.lstrip("/").partition("/")[0] in LANGUAGES:
        return []
    return [f"{language}.{parts.netloc}" for language in LANGUAGES]
