"""Who wrote a page's story."""

import re
from collections.abc import Iterator
from functools import cache

from bot.intake.date_words import months, one_of, weekdays
from bot.intake.page.page_data import Node, persons_of
from bot.intake.page.page_outline import Outline
from bot.intake.page.page_words import letters, plain, tokens, words

_AUTHORS_LIMIT = 10
_NAME_LIMIT = 60
_NAME_WORDS = 5
_SIGNATURE_LIMIT = 120
# A signature without a colon stands at the heading: further down "By" may begin a sentence.
_SIGNED_STEPS = range(-15, 45)
_METAS = ("author", "article:author", "byl", "parsely-author", "sailthru.author", "article:author_name")
# Greek signatures put the name in the genitive, from which it is not to be told.
_OF_THE = re.compile(r"\s*(?:της|του|των)\s", re.IGNORECASE)
_SHARED_LABEL = re.compile(r"\b(?:by|von|par|por|da|di|przez|από)$|autor|author|автор|napisa|написа", re.IGNORECASE)
_CATALOGUE_METAS = ("citation_author", "dc.creator", "dcterms.creator")
_BY = re.compile(
    r"^\s*(?:(?:written|posted|reported|words|text|story|published)\s+by|by|authors?|автор(?:ка|и|ы)?|текст|par|por|von|"
    r"(?:scritto|pubblicato)\s+da|a\s+cura\s+di|(?:escrito|publicado|texto)\s+por|(?:écrit|rédigé|publié)\s+par|"
    r"propos\s+recueillis\s+par|(?:geschrieben|verfasst|text)\s+von|γράφει\s+[οη]|napisała?|opracowała?|написала?|"
    r"autor(?:en|ka|zy|es|as|a|i)?|auteure?s?|autrice|di(?=\s+[^\s,]+\s+[^\s,])|testo|συντάκτης|συγγραφέας|submitted\s+by|soumis\s+par|"
    r"υποβλήθηκε\s+από|από|(?:dodane|opublikowane|wpisane)\s+przez|eingereicht\s+von|enviado\s+por|inviato\s+da|"
    r"rozmawiała?|rozmawiali|беседовала?|бес[еє]дувала?|розмовляла?|спілкувала?ся|interview(?:ed)?\s+by|entrevista\s+de|"
    r"(?:created|started|contributed)\s+by|(?:words|story|texte?|texto|tekst)(?=\s*:)|підготува(?:ла|в|ли)|"
    r"подготовил[аи]?|опублікува(?:ла|в)|опубликовала?|добавила?|дода(?:ла|в)|dodała?|"
    r"das\s+(?:gespräch|interview)\s+führten?|intervista\s+di)\b\s*:?\s+|^\s*[:—–-]\s*",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s*[,;|•·]\s*(?:(?:and|und|et|та|і|и|και|&)\s+)?|\s/\s|\s+(?:and|und|et|y|e|i|та|і|й|и|και|&)\s+", re.IGNORECASE
)
_LIKE_NAME = re.compile(
    r"[^\W\d_a-zа-яα-ω][\w.’'ʼ-]*(?:\s+(?:de|da|di|du|la|le|van|von|der|den|del|dos)|\s+[^\W\d_a-zа-яα-ω][\w.’'ʼ-]*){1,3}"
)
# "By Ana Horbach posted Aug 18th 2010"
_DATED = re.compile(
    r"\s+(?:le|el|il|em|am|on|del|dnia|στις)\s+\d|"
    r"\s+(?i:(?:posted|published|updated|on)(?:\s|$)|(?:publié|opublikowan|veröffentlicht|pubblicato|publicado|опубл|"
    r"оновлен|обновлен|mis à jour|aktual|δημοσ)\w*)|\s+(?:in|for)\s+(?=[A-Z])|[\s,|–—-]+\d|\s+@"
)
# "5 February 2026, by Ana Horbach"
_BY_AFTER_DATE = re.compile(
    r"\d[^.|]{0,24}?[\s,–—-]+(?:by|par|por|von|di|da|przez|από|авторк?а?:|autore?:)\s+([^\W\d_].{3,80})$", re.IGNORECASE
)
# What an author line says of its pictures after the names of those who wrote.
_PICTURES = re.compile(
    r"[\s,.;|/]+(?:фото|світлини|photos?|fotos?|pictures|bild(?:er)?|zdj\w*|[іи]ллюстрац\w*|ілюстрац\w*|illustrat\w*)\s*:.*$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"[\d@<>]|://|^www\.|\.(?:com|org|net|info|ua|ru|fr|de|es|pl|it|pt|gr|example|test)$", re.IGNORECASE
)


def authors_of(page: Outline, node: Node | None, source: str) -> tuple[str, ...]:
    """Return the names of a story's authors in their order; an editorial office or the site itself is none."""
    linked = persons_of(node, "author", page.nodes)
    shared = page.meta("twitter:data1") if _SHARED_LABEL.search(page.meta("twitter:label1")) else ""
    more = linked and all(name in shared for name in linked)
    for place in (
        (shared,) if more else linked,
        tuple(value for name in _METAS for value in page.metas.get(name, ())),
        tuple(_turned(value) for name in _CATALOGUE_METAS for value in page.metas.get(name, ())),
        tuple(part for line in page.story.bylines for part in _signed(line)),
        tuple(part for step, line in page.story.signatures for part in _signature(step, line)),
        (shared,),
        tuple(line for line in page.story.linked if _all_names(line)),
    ):
        found: list[str] = []
        for line in place:
            for name in _people(line):
                others = [letters(other) for other in found]
                known = letters(name) in (letters(source), *others) or _is_office(name, source)
                if not known and len(found) < _AUTHORS_LIMIT:
                    found.append(name)
        if found:
            return tuple(found)
    return ()


def _is_office(name: str, source: str) -> bool:
    """Tell whether a name is that of an editorial office, or the site's with its legal form or a section after it."""
    said = tokens(name)
    beyond = said - tokens(source)
    return not said.isdisjoint(words().editorial) or (
        len(source.split()) > 1 and len(beyond) < 3 and said > tokens(source)
    )


def _undated(line: str) -> str:
    parts = _DATED.split(line, maxsplit=1)
    return _month_left().sub("", parts[0]) if len(parts) > 1 else line


@cache
def _month_left() -> re.Pattern[str]:
    """Return what stays of a date at the end of a signature that is cut at its figures."""
    return re.compile(rf"(?:[\s,|]+(?:{one_of((*months(), *weekdays()))})\.?)+$", re.IGNORECASE)


def _turned(name: str) -> str:
    """Return a name that a library catalogue has as "Surname, Given name" in the order in which it is spoken."""
    surname, comma, given = name.partition(",")
    return f"{given.strip()} {surname.strip()}" if comma and "," not in given else name


def _signed(line: str) -> list[str]:
    """Return the parts of a visible author line that are names: what follows "By", else what is written like names."""
    after = _BY_AFTER_DATE.search(line)
    if after and _all_names(_undated(after[1]).split(",")[0].strip()):
        return [_undated(after[1])]
    parts = re.split(r"\s*[|•·]\s*|\s+[–—]\s+", line)
    named = [part for part in parts if _BY.match(part)]
    return named or [part for part in parts if _all_names(part)]


def _signature(step: int, line: str) -> Iterator[str]:
    """Yield the names in a line whose markup says nothing: all that follows "By" is written like names."""
    part = re.split(r"\s*[|•·]\s*|\s+[–—]\s+", line[:_SIGNATURE_LIMIT])[0]
    named = _undated(_BY.sub("", part, count=1))
    if named != part and (step in _SIGNED_STEPS or ":" in part) and _all_names(named.split(",")[0].strip()):
        yield named


def _all_names(part: str) -> bool:
    return all(map(_LIKE_NAME.fullmatch, _AND.split(part)))


def _people(line: str) -> Iterator[str]:
    """Yield the names in an author line; a line with anything but names in it yields nothing."""
    line = _PICTURES.sub("", line)
    if (_NO_NAME.search(line.strip()) and not _BY.match(line)) or _OF_THE.match(line):
        return
    bare = _BY.sub("", re.sub(r"\s*\([^)]*\)", "", line), count=1)
    bare = _undated(bare)
    names = [name.strip(" .:—–-") for name in _AND.split(bare)]
    if any(len(name) > _NAME_LIMIT or len(name.split()) > _NAME_WORDS for name in names):
        return
    for position, name in enumerate(names):
        # After a comma also what the person does, or for whom: "Ana Horbach, CNN".
        beside = position > 0 and (not tokens(name).isdisjoint(words().offices) or (name.isupper() and " " not in name))
        if len(name) > 1 and plain(name) not in words().nobody and not beside:
            yield name
