"""Sections: named, added, ordered and removed, for good or for the open issue only; no item is ever lost by it."""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from bot.errors import Refused
from bot.render import style
from bot.shaping import order
from bot.shaping.opened import Shaper, note, open_issue
from store import bulletins, issues, items, sections
from store.database import Tx
from store.records import Section

MOST = 20
LONGEST = {"title": 100, "short": 20}
SHOWN_WHOLE = 18
"""So much of a label a button shows on every phone."""
STEPS = {"up": -1, "down": 1}
FOR_GOOD = 0
_MARKS = 1_000_000_000


def mark_of(listed: Sequence[Section]) -> int:
    """Return a figure that tells these sections, as they are called and ordered, from any others."""
    return crc32(repr(list(listed)).encode()) % _MARKS


async def listed(tx: Tx, bulletin_id: int, issue_id: int) -> tuple[Section, ...]:
    """Return the sections that are changed for good, or with an issue those that it has."""
    if issue_id == FOR_GOOD:
        return await bulletins.standing_sections(tx, bulletin_id)
    return await bulletins.sections_of(tx, bulletin_id)


def short_for(title: str, others: Sequence[Section]) -> str:
    """Return the label that a new section gets: its title as far as it fits a button, numbered where it is taken."""
    most, taken = SHOWN_WHOLE, {one.short.casefold() for one in others}
    short = title if len(title) <= most else title[: most - 1].rstrip() + "…"
    labels = (short, *(f"{title[: most - 3].rstrip()} {number}" for number in range(2, MOST + 2)))
    return next(label for label in labels if label.casefold() not in taken)


async def add(shaper: Shaper, issue_id: int, words: str) -> int:
    """Add a section behind the others; one that was there before is taken back into use. Returns its id."""
    await _may_change(shaper, issue_id)
    title = _read("title", words)
    there = await _all_in_use(shaper)
    if len({one.id for one in there}) >= MOST:
        raise Refused("sections-most", most=MOST)
    _refuse_twice("title", title, there)
    short = short_for(title, there)
    bulletin_id = shaper.bulletin.id
    old = [one for one in await sections.out_of_use(shaper.tx, bulletin_id) if _same(one.title, title)]
    if issue_id == FOR_GOOD and old:
        section_id = old[0].id
        await sections.revive(shaper.tx, bulletin_id, section_id, title, short)
    else:
        section_id = await sections.add(shaper.tx, bulletin_id, title, short, issue_id or None)
    await _done(shaper, "section-add", section_id, issue_id, title=title)
    return section_id


async def rename(shaper: Shaper, issue_id: int, section_id: int, field: str, words: str) -> None:
    """Give a section another title or label."""
    await _may_change(shaper, issue_id)
    section = await _one(shaper, issue_id, section_id)
    text = _read(field, words)
    _refuse_twice(field, text, [one for one in await _all_in_use(shaper) if one.id != section_id])
    columns: dict[str, Any] = {field: text}
    if issue_id and section.issue_id is None:
        await sections.change_for(shaper.tx, issue_id, section_id, **columns)
    else:
        await sections.change(shaper.tx, section_id, **columns)
        await _let_show(shaper, section_id, field)
    before = getattr(section, field)
    await _done(shaper, f"section-{field}", section_id, issue_id, before=before, after=text)


async def move(shaper: Shaper, issue_id: int, section_id: int, step: str, mark: int) -> None:
    """Move a section up or down among the others."""
    await _may_change(shaper, issue_id)
    there = await _as_seen(shaper, issue_id, mark)
    ids = [one.id for one in there]
    if section_id not in ids or step not in STEPS:
        raise Refused("shape-changed")
    old = ids.index(section_id)
    new = old + STEPS[step]
    if not 0 <= new < len(ids):
        raise Refused("sections-first" if new < 0 else "sections-last")
    ids.insert(new, ids.pop(old))
    for place, one in enumerate(ids):
        if issue_id:
            await sections.change_for(shaper.tx, issue_id, one, position=place)
        else:
            await sections.change(shaper.tx, one, position=place)
    await _done(shaper, "section-move", section_id, issue_id, place=new + 1)


async def remove(shaper: Shaper, issue_id: int, section_id: int, target: int, mark: int) -> None:
    """Take a section out of use; the approved items in it go to the section `target` first."""
    await _may_change(shaper, issue_id)
    await _as_seen(shaper, issue_id, mark)
    section = await _one(shaper, issue_id, section_id)
    await refuse_last(shaper.tx, shaper.bulletin.id, section)
    going = await items_in(shaper.tx, issue_id, section_id)
    if going:
        await _move_all(shaper, going, section_id, target)
    await sections.drop_wishes(shaper.tx, section_id)
    if issue_id and section.issue_id is None:
        await sections.change_for(shaper.tx, issue_id, section_id, hidden=True)
    else:
        await sections.change(shaper.tx, section_id, retired=True)
    await _done(shaper, "section-remove", section_id, issue_id, items=len(going), target=target)


async def move_out(shaper: Shaper, section_id: int, target: int) -> None:
    """Move the approved items of a section that is out of use to another one."""
    if section_id in {one.id for one in await bulletins.sections_of(shaper.tx, shaper.bulletin.id)}:
        raise Refused("shape-changed")
    going = await sections.held(shaper.tx, section_id)
    if not going:
        raise Refused("shape-changed")
    await _move_all(shaper, going, section_id, target)


async def like_every_issue(shaper: Shaper, issue_id: int, mark: int) -> None:
    """Let the open issue have the sections of every issue again; those of its own stay."""
    await _may_change(shaper, issue_id)
    await _as_seen(shaper, issue_id, mark)
    await sections.forget_changes(shaper.tx, issue_id)
    await _done(shaper, "sections-as-always", 0, issue_id)


async def items_in(tx: Tx, issue_id: int, section_id: int) -> list[int]:
    """Return the approved items that must go elsewhere when a section is removed.

    One that is kept for the next issue stays where only this issue goes without the section.
    """
    going = await sections.held(tx, section_id)
    one = await bulletins.section(tx, section_id)
    if issue_id == FOR_GOOD or one.issue_id is not None:
        return going
    found = [await items.get(tx, item_id) for item_id in going]
    return [item.id for item in found if item is not None and item.skips_issue_id != issue_id]


async def refuse_last(tx: Tx, bulletin_id: int, section: Section) -> None:
    """Raise Refused for the last section: an item must have somewhere to stand, in this issue and in every one."""
    standing = await bulletins.standing_sections(tx, bulletin_id)
    shown = await bulletins.sections_of(tx, bulletin_id)
    if [one.id for one in standing] == [section.id] or [one.id for one in shown] == [section.id]:
        raise Refused("sections-only-one")


async def _move_all(shaper: Shaper, going: Sequence[int], section_id: int, target: int) -> None:
    if target == 0:
        raise Refused("sections-hold", n=len(going))
    shown = await bulletins.sections_of(shaper.tx, shaper.bulletin.id)
    if target == section_id or target not in {one.id for one in shown}:
        raise Refused("desk-no-section")
    for item_id in going:
        item = await items.get(shaper.tx, item_id)
        if item is not None:
            await order.move_into(shaper, item.id, item.revision, target)


async def _may_change(shaper: Shaper, issue_id: int) -> None:
    """Raise Refused for an issue that is closed, and for another bulletin's."""
    if issue_id != FOR_GOOD:
        await open_issue(shaper.tx, shaper.bulletin, issue_id)


async def _as_seen(shaper: Shaper, issue_id: int, mark: int) -> tuple[Section, ...]:
    there = await listed(shaper.tx, shaper.bulletin.id, issue_id)
    if mark_of(there) != mark:
        raise Refused("shape-changed")
    return there


async def _one(shaper: Shaper, issue_id: int, section_id: int) -> Section:
    for one in await listed(shaper.tx, shaper.bulletin.id, issue_id):
        if one.id == section_id:
            return one
    raise Refused("sections-gone")


async def _all_in_use(shaper: Shaper) -> list[Section]:
    """Return the sections as every issue has them, and as the open one has them: no two may be called alike."""
    standing = await bulletins.standing_sections(shaper.tx, shaper.bulletin.id)
    return [*standing, *await bulletins.sections_of(shaper.tx, shaper.bulletin.id)]


async def _let_show(shaper: Shaper, section_id: int, field: str) -> None:
    """Let a new name show in the open issue too, where the section had one for that alone."""
    issue = await issues.current(shaper.tx, shaper.bulletin.id)
    if issue is None:
        return
    if section_id in {one.section_id for one in await sections.changes_of(shaper.tx, issue.id)}:
        await sections.change_for(shaper.tx, issue.id, section_id, **{field: None})


def _read(field: str, words: str) -> str:
    text = style.clean(words)
    if not text:
        raise Refused("shape-no-words")
    if any(url for _, url in style.find_links(text)) or text.lower().startswith("www."):
        raise Refused("shape-no-links")
    if len(text) > LONGEST[field]:
        raise Refused("shape-too-long", n=len(text), most=LONGEST[field])
    return text


def _refuse_twice(field: str, text: str, others: Sequence[Section]) -> None:
    if any(_same(getattr(one, field), text) for one in others):
        raise Refused("sections-twice", title=text)


def _same(one: str, other: str) -> bool:
    return style.clean(one).casefold() == style.clean(other).casefold()


async def _done(shaper: Shaper, act: str, section_id: int, issue_id: int, **details: Any) -> None:
    """Write down what was done; a change for one issue names it."""
    scope: dict[str, Any] = {"issue": issue_id} if issue_id else {}
    subject = f"section {section_id}" if section_id else f"bulletin {shaper.bulletin.id}"
    await sections.draw_cards(shaper.tx, shaper.bulletin, shaper.now)
    await note(shaper, act, subject, **scope, **details)
