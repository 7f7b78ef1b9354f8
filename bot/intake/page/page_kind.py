"""In which language a page's story is written, and of what kind it is."""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.intake.address.hosts import site
from bot.intake.page.page_data import Node, is_recording, kinds, text_of
from bot.intake.page.page_outline import Outline
from bot.intake.page.page_words import plain, tokens, words
from store.records import MediaType

_LANGUAGE_ALIASES = {"ua": "uk", "gr": "el", "cz": "cs"}
# Letters that only one of the languages of bulletins has.
_OWN_LETTERS = {
    "uk": "ґєії", "ru": "ыэъё", "de": "ß", "pl": "ąęłńśźż", "es": "ñ¿¡", "pt": "ãõ", "fr": "œ", "it": "ìò",
}  # fmt: skip
_SCRIPTS = {"uk": "cyrillic", "ru": "cyrillic", "be": "cyrillic", "bg": "cyrillic", "sr": "", "el": "greek"}
_REPORTS = frozenset(("report", "scholarlyarticle", "techreport", "techarticle"))
# So many common words of another language overrule what a page declares.
_OVERRULING_WORDS = 12
_OVERRULING_TIMES = 2
# Of a short text fewer do, where hardly any is of yet another language.
_FEW_WORDS = 6
_MANY_TIMES = 5


def language_of(page: Outline, node: Node | None, title: str) -> str | None:
    """Return the language of a story (BCP 47, without region), None where the page leaves it open.

    What the page declares counts unless its title is in another script, or its text clearly in another language: many
    systems declare English on every page. Letters that one language alone has decide between Ukrainian and Russian.
    """
    by_letters, by_words = _by_letters(title), _by_words(page.story.sample)
    declared = (
        page.language,
        page.meta("og:locale"),
        text_of(node, "inLanguage"),
        page.meta("content-language", "language", "dc.language"),
    )
    for tag in declared:
        match = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag)
        if match is None:
            continue
        language = _LANGUAGE_ALIASES.get(match[1].lower(), match[1].lower())
        if not _fits(language, title):
            continue
        if {language, by_letters} == {"uk", "ru"}:
            return by_letters
        overruled = by_words is not None and language in words().languages and _fits(by_words, title)
        return by_words if overruled else language
    return by_letters or (by_words if by_words and _fits(by_words, title) else None)


def _by_words(text: str) -> str | None:
    """Return the language whose common words a text has far more often than those of any other."""
    found = Counter(re.findall(r"[^\W\d_]+", plain(text)))
    hits = sorted(
        ((sum(found[word] for word in common), language) for language, common in words().languages.items()),
        reverse=True,
    )
    (most, language), (next_most, _) = hits[:2]
    sure = most >= _OVERRULING_WORDS and most >= _OVERRULING_TIMES * next_most
    return language if sure or (most >= _FEW_WORDS and most >= _MANY_TIMES * next_most) else None


def tag_of(page: Outline, node: Node | None, language: str | None) -> str | None:
    """Return the tag of a page's language with the country that it declares, or whose dates it writes: `en-gb`."""
    if language == "en" and page.day_first is not None:
        return "en-gb" if page.day_first else "en-us"
    declared = [page.language, text_of(node, "inLanguage"), page.meta("content-language")]
    # American English is what the networks' tags say by default.
    declared += [tag for tag in (page.meta("og:locale"),) if not tag.lower().endswith("us")]
    for tag in declared:
        plain_tag = tag.strip().lower().replace("_", "-")
        if language and plain_tag.startswith(f"{language}-"):
            return plain_tag
    return language


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
    if kind.startswith(("music", "audio")) or host in words().audio_sites or recording:
        return MediaType.AUDIO
    if types & _REPORTS or page.meta("citation_title", "citation_technical_report_number"):
        return MediaType.REPORT
    if "interview" in types or _interview(title):
        return MediaType.INTERVIEW
    return _by_title(title) or _by_labels(page, node) or MediaType.ARTICLE


def _by_title(title: str) -> MediaType | None:
    """Return the kind that a title announces at its edges: "Video: …", "… (podcast)", "[ВІДЕО]"."""
    edges = re.split(r"[\[\]():|]", plain(title))
    return _named_kind([edges[0], *edges[-2:]]) if len(edges) > 1 else None


def _by_labels(page: Outline, node: Node | None) -> MediaType | None:
    """Return the kind that the story's section or a label beside its heading names, if they agree."""
    section = node.get("articleSection") if node else None
    sections = [text for text in (section if isinstance(section, list) else [section]) if isinstance(text, str)]
    return _named_kind([*sections, *page.metas.get("article:section", ())]) or _named_kind(page.story.labels)


def _named_kind(labels: Iterable[str]) -> MediaType | None:
    told = {plain(label).strip(" .:") for label in labels}
    found = {kind for kind, names in words().kinds.items() if told & names}
    return MediaType(found.pop()) if len(found) == 1 else None


def _interview(title: str) -> bool:
    return not words().interviews.isdisjoint(tokens(title)) or "інтерв" in title.casefold()
