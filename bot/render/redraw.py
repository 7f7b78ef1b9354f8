"""A corrected issue drawn again: every edition anew, Telegram's messages with the boundaries they went out with."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Refused
from bot.render import telegram
from bot.render.editions import SPLIT, TELEGRAM, Press, as_stored, read_text
from bot.render.telegram import ITEM, LIMIT_ENTITIES, LIMIT_UNITS, Group
from store.messages import Text
from store.records import FrozenIssue


@dataclass(frozen=True, slots=True)
class Posted:
    """What was stored of an issue's messages: the parts, and which part each group stands in, None where unknown."""

    parts: tuple[bytes, ...]
    split: bytes | None


@dataclass(frozen=True, slots=True)
class Posts:
    """The messages of a corrected issue as they are stored, which of them have changed, and the part of each group."""

    parts: tuple[bytes, ...]
    changed: tuple[int, ...]
    split: tuple[int, ...]


def editions(after: FrozenIssue, posts: Posts, press: Press) -> list[tuple[str, int, bytes]]:
    """Return (format, part, content) of every edition of a corrected issue."""
    rest = [edition for edition in press.print(after) if edition[0] not in (TELEGRAM, SPLIT)]
    parts = [(TELEGRAM, part, content) for part, content in enumerate(posts.parts)]
    return [*parts, (SPLIT, 0, json.dumps(posts.split).encode()), *rest]


def redraw(before: FrozenIssue, after: FrozenIssue, withdrawn: int | None, posted: Posted) -> Posts:
    """Draw the messages of an issue that was corrected; `withdrawn` is the place of the item that is gone.

    Each line stays in the part in which it went out, and parts without a change keep every byte. Raises Refused when
    a part would become longer than Telegram takes, or when what went out cannot be drawn again.
    """
    old, new = list(telegram.groups(before)), list(telegram.groups(after))
    places = _places(before, old, posted)
    moved = _follow(old, places, new, withdrawn)
    count = len(posted.parts)
    were, are = (
        telegram.put_together(before, old, places, count),
        telegram.put_together(after, new, moved, count),
    )
    changed = tuple(part for part in range(count) if were[part] != are[part])
    for part in changed:
        _check(are[part], part)
    stored = tuple(as_stored(are[part]) if part in changed else posted.parts[part] for part in range(count))
    return Posts(stored, changed, moved)


def _places(issue: FrozenIssue, found: Sequence[Group], posted: Posted) -> tuple[int, ...]:
    if posted.split is not None:
        places = tuple(int(place) for place in json.loads(posted.split))
        if len(places) == len(found) and all(place < len(posted.parts) for place in places):
            return places
    else:
        places = telegram.share_out(found)
        drawn = telegram.put_together(issue, found, places, max(places, default=-1) + 1)
        if list(drawn) == [read_text(part) for part in posted.parts]:
            return places
    raise Refused("published-drawn-otherwise")


def _follow(
    old: Sequence[Group], places: Sequence[int], new: Sequence[Group], withdrawn: int | None
) -> tuple[int, ...]:
    """Return the part of each group of the corrected issue: the one in which it stood, or the one before it stands."""
    stood = {group.name: place for group, place in zip(old, places, strict=True)}
    moved: list[int] = []
    for group in new:
        kind, number = group.name
        if kind == ITEM and withdrawn is not None and number >= withdrawn:
            number += 1
        moved.append(stood.get((kind, number), moved[-1] if moved else 0))
    return tuple(moved)


def _check(text: Text, part: int) -> None:
    if text.units > LIMIT_UNITS:
        raise Refused("published-too-long", part=part + 1, n=text.units - LIMIT_UNITS)
    if len(text.entities) > LIMIT_ENTITIES:
        raise Refused("published-too-many-links", part=part + 1, n=LIMIT_ENTITIES)
