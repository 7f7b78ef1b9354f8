"""Who wrote a page's story, in which language, and of what kind it is."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.intake.hosts import site
from bot.intake.page_data import Node, is_recording, kinds, names_of, text_of
from bot.intake.page_outline import Outline
from bot.intake.page_words import letters, plain, tokens, words
from store.records import MediaType

_AUTHORS_LIMIT = 10
_NAME_LIMIT = 60
_NAME_WORDS = 5
_METAS = ("author", "article:author", "byl", "parsely-author")
_CATALOGUE_METAS = ("citation_author", "dc.creator", "dcterms.creator")
_BY = re.compile(
    r"^\s*(?:(?:written|posted|reported|words|text|story)\s+by|by|authors?|автори?|автор|текст|par|por|von|autore?n?|auteur|di|"
    r"autor(?:ka)?|συντάκτης)\b\s*:?\s+|^\s*[:—–-]\s*",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*[,;/|•·]\s*|\s+(?:and|und|et|y|e|i|та|і|й|и|και|&)\s+", re.IGNORECASE)
_LIKE_NAME = re.compile(
    r"[^\W\d_a-zа-яα-ω][\w.’'ʼ-]*(?:\s+(?:de|da|di|du|la|le|van|von|der|den|del|dos)|\s+[^\W\d_a-zа-яα-ω][\w.’'ʼ-]*){1,3}"
)
_NOBODY = frozenset(
    ("admin", "administrator", "editor", "editors", "staff", "redaction", "redaktion", "redaccion", "redakcja", "guest",
     "webmaster", "редакция", "редакцiя", "редакція", "anonymous", "author", "news desk", "newsroom", "адміністратор")
)  # fmt: skip
_LANGUAGE_ALIASES = {"ua": "uk", "gr": "el", "cz": "cs"}
# Letters that only one of the languages of bulletins has.
_OWN_LETTERS = {
    "uk": "ґєії", "ru": "ыэъё", "de": "ß", "pl": "ąęłńśźż", "es": "ñ¿¡", "pt": "ãõ", "fr": "œ", "it": "ìò",
}  # fmt: skip
_SCRIPTS = {"uk": "cyrillic", "ru": "cyrillic", "be": "cyrillic", "bg": "cyrillic", "sr": "", "el": "greek"}
_REPORTS = frozenset(("report", "scholarlyarticle", "techreport", "techarticle"))


def authors_of(page: Outline, node: Node | None, source: str) -> tuple[str, ...]:
    """Return the names of a story's authors in their order; an editorial office or the site itself is none."""
    for place in (
        names_of(node, "author", page.nodes),
        tuple(value for name in _METAS for value in page.metas.get(name, ())),
        tuple(_turned(value) for name in _CATALOGUE_METAS for value in page.metas.get(name, ())),
        tuple(part for line in page.story.bylines for part in _signed(line)),
        tuple(part for stamp in page.story.stamps for part in _signed(stamp.text) if stamp.marked and _BY.match(part)),
    ):
        found: list[str] = []
        for line in place:
            for name in _people(line):
                others = [letters(other) for other in found]
                if letters(name) not in (letters(source), *others) and len(found) < _AUTHORS_LIMIT:
                    found.append(name)
        if found:
            return tuple(found)
    return ()


def _turned(name: str) -> str:
    """Return a name that a library catalogue has as "Surname, Given name" in the order in which it is spoken."""
    surname, comma, given = name.partition(",")
    return f"{given.strip()} {surname.strip()}" if comma and "," not in given else name


def _signed(line: str) -> list[str]:
    """Return the parts of a visible author line that are names: what follows "By", else what is written like names."""
    parts = re.split(r"\s*[|•·]\s*|\s+[–—]\s+", line)
    named = [part for part in parts if _BY.match(part)]
    return named or [part for part in parts if all(map(_LIKE_NAME.fullmatch, _AND.split(part)))]


def _people(line: str) -> Iterator[str]:
    """Yield the names in an author line; a line with anything but names in it yields nothing."""
    bare = _BY.sub("", re.sub(r"\s*\([^)]*\)", "", line), count=1)
    names = [name.strip(" .:—–-") for name in _AND.split(bare)]
    if any(
        len(name) > _NAME_LIMIT or len(name.split()) > _NAME_WORDS or re.search(r"[\d@<>]|://", name) for name in names
    ):
        return
    yield from (name for name in names if len(name) > 1 and plain(name) not in _NOBODY)


def language_of(page: Outline, node: Node | None, title: str) -> str | None:
    """Return the language of a story (BCP 47, without region), None where the page leaves it open.

    What the page declares counts unless the title is written in another script; letters that one language alone has
    decide between Ukrainian and Russian, since sites in both often declare one of them for all pages.
    """
    by_letters = _by_letters(title)
    declared = (
        page.language,
        page.meta("og:locale"),
        text_of(node, "inLanguage"),
        page.meta("content-language", "language"),
    )
    for tag in declared:
        match = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag)
        if match is None:
            continue
        language = _LANGUAGE_ALIASES.get(match[1].lower(), match[1].lower())
        if _fits(language, title):
            return by_letters if {language, by_letters} == {"uk", "ru"} else language
    return by_letters


def _by_letters(title: str) -> str | None:
    found = {language for language, own in _OWN_LETTERS.items() if set(title.lower()) & set(own)}
    if not found and re.search(r"[α-ω]", plain(title)):
        return "el"
    return found.pop() if len(found) == 1 else None


def _fits(language: str, title: str) -> bool:
    """Tell whether a language is written in the script in which most of a title is."""
    text = title.casefold()
    counts = {
        "cyrillic": len(re.findall(r"[а-яёіїєґў]", text)),
        "greek": len(re.findall(r"[α-ωάέήίόύώϊϋ]", text)),
        "": len(re.findall(r"[a-zà-ÿ]", text)),
    }
    if language == "sr" or not any(counts.values()):
        return True
    return counts[_SCRIPTS.get(language, "")] * 2 >= max(counts.values())


def media_type_of(page: Outline, node: Node | None, title: str, url: str) -> MediaType:
    """Return what kind of thing a page is: a film, a recording, a report, an interview, else an article."""
    host = site(urlsplit(url).hostname or "")
    kind = page.meta("og:type").lower()
    types = kinds(node) if node else frozenset()
    recording = node is not None and is_recording(node)
    if kind.startswith("video") or host in words().video_sites or (recording and any("video" in t for t in types)):
        return MediaType.VIDEO
    if kind.startswith("music") or host in words().audio_sites or recording:
        return MediaType.AUDIO
    if types & _REPORTS or page.meta("citation_title"):
        return MediaType.REPORT
    return MediaType.INTERVIEW if _interview(title) else MediaType.ARTICLE


def _interview(title: str) -> bool:
    return not words().interviews.isdisjoint(tokens(title)) or "інтерв" in title.casefold()
