"""The words of titles, by which a story is found again under nearly the same one.

What `marks` returns stands in the table `title_words`: whoever changes it lays a migration that fills the table anew.
"""

import re
import unicodedata
from functools import cache
from hashlib import blake2b
from pathlib import Path

LETTERS_LIMIT = 1000
WORDS_LIMIT = 32
WORD_LENGTH = 40
STEM_LENGTH = 6
_STOP_WORDS = Path(__file__).with_name("stopwords.txt")
_ALONE = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"}
_APOSTROPHES = "'’ʼ‘`´"
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|dell|all|nell|sull|dall|un|gl|quest|quell)'(?=[^\W\d_]{2})")
_GROUPS = re.compile(r"(?<=\d)[ .,'](?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+\s*$")
_PLURAL = re.compile(r"[a-z]{2,}[^\W\dsui]s$")


def folded(text: str) -> str:
    """Return a text as it is compared: without case, accents, invisible letters, elided articles and possessive s."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(map(_bare, unicodedata.normalize("NFKD", plain.replace("´", "'"))))
    if "'" in plain:
        plain = _ELIDED.sub(" ", _POSSESSIVE.sub("", plain))
    return _GROUPS.sub("", plain).replace("'", "").replace("`", "")


@cache
def _bare(letter: str) -> str:
    if unicodedata.category(letter) in ("Mn", "Cf"):
        return ""
    return "'" if letter in _APOSTROPHES else _ALONE.get(letter, letter)


def all_words(title: str) -> tuple[str, ...]:
    """Return every word of a title in order; an address that stands for a title that is not known has none."""
    return () if _ADDRESS.match(title) else tuple(_WORD.findall(folded(title[:LETTERS_LIMIT])))


def words(title: str) -> tuple[str, ...]:
    """Return the words of a title that tell its story, in order, without plural s; all of them where all are small."""
    found, small = all_words(title), _small_words()
    telling = [word for word in found if word not in small] or found
    return tuple(word[:-1] if word[-1] == "s" and _PLURAL.match(word) else word for word in telling)


def stem(word: str) -> str:
    """Return the beginning of a word, which its endings leave alone; one that begins with a digit is kept whole."""
    return word[: WORD_LENGTH if word[0].isdigit() else STEM_LENGTH]


def marks(title: str) -> frozenset[str]:
    """Return what an item is found by: the stems of its title, a mark for all of them, one for all but the numbers."""
    stems = stems_of(title)
    return frozenset((*stems[:WORDS_LIMIT], *whole_marks(stems)))


def stems_of(title: str) -> list[str]:
    """Return the stems of a title's words, each once, in the order in which they stand."""
    return list(dict.fromkeys(stem(word) for word in words(title)))


def whole_marks(stems: list[str]) -> tuple[str, ...]:
    """Return the marks that titles of the same stems share, and titles that differ in their numbers alone."""
    in_order = sorted(stems)
    unnumbered = [word for word in in_order if not word[0].isdigit()]
    return tuple(sign + _digest(chosen) for sign, chosen in (("=", in_order), ("#", unnumbered)) if chosen)


def _digest(chosen: list[str]) -> str:
    return blake2b(" ".join(chosen).encode("utf-8", "replace"), digest_size=12).hexdigest()


@cache
def _small_words() -> frozenset[str]:
    lines = _STOP_WORDS.read_text("utf-8").splitlines()
    text = " ".join(line for line in lines if not line.startswith("#"))
    return frozenset(word for small in text.split() for word in _WORD.findall(folded(small)))
