"""Reads one source as people write it: parts between bars, or running text with an address in it."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale

from bot.errors import Refused
from bot.intake.address import urls
from bot.render.style import clean
from bot.source_ways import domains_of, fold
from bot.sources import Entry
from bot.texts import languages, say
from store.records import Source, Trust

_FIELDS = ("name", "aliases", "domains", "trust", "language", "note")
_NAME_LENGTH = 255
_NOTE_LENGTH = 500
_PARTS_LIMIT = 50
_MARKS = re.compile(r"^\s*(?:[-–—*•·]|\d{1,3}[.)])\s+")
_DOMAIN = re.compile(r"(?:https?://)?[^\s/@|()]+\.[^\W\d_][\w-]+(?:/\S*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?|HTTPS?)://\S+|(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?(?![\w@])")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


def read_line(line: str) -> Entry:
    """Read `Name | alias, alias | domain, domain | trust | language | note`, or `Name (Alias) – https://site/`.

    All six parts are read in that order; of fewer, each is recognised by its form. Raises Refused.
    """
    if "|" not in line:
        return _free_line(line)
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > len(_FIELDS):
        raise Refused("source-parts", n=len(_FIELDS))
    fields = dict(zip(_FIELDS, parts, strict=True)) if len(parts) == len(_FIELDS) else _by_form(parts)
    return read_entry(fields)


def _free_line(line: str) -> Entry:
    """Read a line of running text: its addresses, other names in brackets, and the name that is left."""
    domains = [found.rstrip(".,;:)") for found in _ADDRESS.findall(line)]
    rest = _MARKS.sub("", _ADDRESS.sub(" ", line))
    aliases = [part.strip() for inside in re.findall(r"\(([^()]*)\)", rest) for part in re.split(r"[,;]", inside)]
    name = re.sub(r"\([^()]*\)?", " ", rest)
    name = " ".join(name.split()).strip(" -–—:,;<>")
    return read_entry({"name": name, "aliases": aliases, "domains": domains})


def _by_form(parts: list[str]) -> dict[str, str]:
    """Tell parts apart that stand in no full order: a trust, a language, domains, other names, a note."""
    fields = {"name": parts[0]}
    for part in filter(None, parts[1:]):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        if fold(part) in _trusts():
            kind = "trust"
        elif _is_language(part):
            kind = "language"
        elif all(_DOMAIN.fullmatch(piece) for piece in pieces):
            kind = "domains"
        else:
            kind = "note" if {"aliases", "domains", "trust", "language"} & fields.keys() else "aliases"
        if kind in fields:
            raise Refused("source-part", part=part[:100])
        fields[kind] = part
    return fields


@cache
def _trusts() -> dict[str, Trust]:
    words = {fold(say(language, f"trust-{trust}")): trust for language in languages() for trust in Trust}
    return words | {str(trust): trust for trust in Trust}


def _is_language(text: str) -> bool:
    return bool(_LANGUAGE.fullmatch(text)) and text.partition("-")[0] in Locale("en").languages


def read_entry(fields: Mapping[str, Any]) -> Entry:
    """Read a source from its fields, each as written; raises Refused for what cannot be used."""
    name = _name(str(fields.get("name") or ""))
    trust, language = str(fields.get("trust") or "").strip(), str(fields.get("language") or "").strip()
    if trust and fold(trust) not in _trusts():
        raise Refused("source-trust", what=trust[:100])
    if language and not _is_language(language):
        raise Refused("source-language", what=language[:100])
    note = clean(str(fields.get("note") or ""))
    if len(note) > _NOTE_LENGTH:
        raise Refused("source-note", n=_NOTE_LENGTH)
    return Entry(
        name=name,
        aliases=tuple(_name(piece) for piece in _pieces(fields.get("aliases"))),
        domains=tuple(dict.fromkeys(read_domain(piece) for piece in _pieces(fields.get("domains")))),
        trust=_trusts()[fold(trust)] if trust else None,
        language=language or None,
        note=note or None,
    )


def _pieces(value: object) -> list[str]:
    pieces = value if isinstance(value, list) else re.split(r"[,;|]", str(value or ""))
    found = [str(piece).strip() for piece in pieces if str(piece).strip()]
    if len(found) > _PARTS_LIMIT:
        raise Refused("source-many", n=_PARTS_LIMIT)
    return found


def _name(text: str) -> str:
    name = clean(text)
    if not fold(name):
        raise Refused("source-no-name")
    if len(name) > _NAME_LENGTH:
        raise Refused("source-long-name", n=_NAME_LENGTH)
    return name


def read_domain(text: str) -> str:
    """Return what an address or a bare domain stands under in the directory; raises Refused for one that is shared."""
    try:
        found = domains_of(urls.canonical(text))
    except Refused:
        found = ()
    if not found:
        raise Refused("source-domain", what=text[:100])
    return found[0]


def written(source: Source, language: str) -> str:
    """Return a source as the line that `read_line` reads, its trust as it is called in a language."""
    parts = (
        source.name,
        ", ".join(source.names[1:]),
        ", ".join(source.domains),
        say(language, f"trust-{source.trust}"),
        source.language or "",
        source.note.replace("|", "/"),
    )
    return " | ".join(parts)
