"""Pseudonyms: two words that say nothing about a person; how they are found, and chosen anew."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from random import Random

from bot.errors import Refused
from bot.people.telling import tell_desks
from store import audit
from store import people as records
from store.database import Tx
from store.records import Person

SHORTEST, LONGEST = 3, 40
WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")
FIRST_WORDS = tuple(
    "amber brave bright calm clear coastal early eastern gentle golden green hidden honest kind late light little "
    "lucky mild misty modest northern open patient plain quick quiet ready red silver simple slow southern spring "
    "steady still strong summer sunny tall warm western white wide wild winter wise young".split()
)
SECOND_WORDS = tuple(
    "alder apple aspen badger beech birch bittern blackbird cedar cherry clover crane curlew deer dove elder elm fern "
    "finch fox goose hare hawk hazel heron ivy jay juniper kestrel lark linden lynx maple marten oak oriole otter owl "
    "pine plover poplar quail raven reed robin rowan sorrel sparrow starling stork swallow swift thistle thrush "
    "walnut willow wren yarrow".split()
)


async def named(tx: Tx, pseudonym: str) -> Person | None:
    """Return the person with a role who is known by a pseudonym."""
    wanted = _folded(pseudonym)
    found = (person for person in await records.every(tx) if _folded(person.pseudonym) == wanted)
    return next((person for person in found if not person.revoked), None)


def check_name(given: str) -> str:
    """Return a pseudonym as it will stand: two words of letters; raises Refused for anything else.

    A word mixes no scripts, so that nobody can look like somebody else by a letter of another alphabet.
    """
    name = " ".join(unicodedata.normalize("NFC", given).split())
    words = name.split(" ")
    if not SHORTEST <= len(name) <= LONGEST or len(words) != 2 or not all(WORD.fullmatch(word) for word in words):
        raise Refused("rename-form", n=LONGEST)
    if any(len({_script(letter) for letter in word if letter.isalpha()} - {"MODIFIER"}) > 1 for word in words):
        raise Refused("rename-mixed")
    return name


async def rename(tx: Tx, actor: str, person_id: int, given: str, now: datetime) -> str:
    """Give somebody another pseudonym and return it; the desks hear it. Raises Refused when it will not do."""
    before, name = await records.get(tx, person_id), check_name(given)
    if before.revoked:
        raise Refused("people-gone")
    if name == before.pseudonym:
        raise Refused("rename-same", name=name)
    wanted = _folded(name)
    if any(_folded(other.pseudonym) == wanted for other in await records.every(tx) if other.id != person_id):
        raise Refused("rename-taken", name=name)
    await records.change(tx, person_id, pseudonym=name)
    await audit.note(tx, at=now, actor=actor, act="rename", subject=f"person {person_id}", after=name)
    await tell_desks(tx, now, "person-renamed", before=before.pseudonym, after=name)
    return name


async def free_pseudonym(tx: Tx, random: Random) -> str:
    """Return a pseudonym that nobody has."""
    taken = {_folded(person.pseudonym) for person in await records.every(tx)}
    name = two_words(random)
    number = 1
    while _folded(name) in taken:
        number += 1
        name = two_words(random) if number < 20 else f"{two_words(random)} {number}"
    return name


def two_words(random: Random, words: tuple[Sequence[str], Sequence[str]] = (FIRST_WORDS, SECOND_WORDS)) -> str:
    """Return a pseudonym that says nothing about a person."""
    return f"{random.choice(words[0])} {random.choice(words[1])}".title()


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _script(letter: str) -> str:
    """Return the alphabet of a letter, by the first word of its Unicode name."""
    return unicodedata.name(letter, "?").split()[0]
