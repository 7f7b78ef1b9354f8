"""Draws whichever view of the board is open, and watches the clock for the one that stands at the desk."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.board import times
from bot.board.item import item_view
from bot.board.lists import items_view, lights_view
from bot.board.notices import days_view, less_view, notice_view, notices_view, zones_view
from bot.board.overview import overview
from bot.board.scene import Scene, View
from bot.board.sections import gone_view, left_view, section_view, sections_view
from bot.board.words import day_view, skip_view, texts_view
from bot.ports import Clock
from store import boards, bulletins, issues
from store.database import Store, Tx
from store.messages import Card
from store.records import Bulletin

VIEWS: dict[str, Callable[[Scene, View], Awaitable[Card]]] = {
    "issue": overview,
    "issue-items": items_view,
    "issue-item": item_view,
    "issue-lights": lights_view,
    "issue-texts": texts_view,
    "issue-day": day_view,
    "issue-skip": skip_view,
    "notices": notices_view,
    "notice": notice_view,
    "notice-zones": zones_view,
    "notice-days": days_view,
    "notice-less": less_view,
    "sections": sections_view,
    "section-menu": section_view,
    "section-gone": gone_view,
    "section-left": left_view,
}
VIEW_MINUTES = 10
"""A menu that nobody has pressed for so long gives way to the issue at the next redrawing."""


async def draw(scene: Scene, view: View) -> Card:
    """Draw a view; who may not shape the issue sees the issue alone."""
    return await VIEWS.get(view.name if scene.shaping else "issue", overview)(scene, view)


async def desk_board(tx: Tx, bulletin: Bulletin, now: datetime) -> Card:
    """Draw the board that stands at the desk, in the view that is open there."""
    view, found = View(), await boards.view_of(tx, bulletin)
    if found is not None and now - found[1] < timedelta(minutes=VIEW_MINUTES):
        view = View.read(found[0])
    return await draw(Scene(tx, bulletin, bulletin.language, now), view)


class Watching:
    """Has the boards at the desks redrawn when the time that is left reads differently."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._said: dict[int, list[str]] = {}

    async def step(self) -> int:
        """Look at every board; returns how many are to be redrawn."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            told = [(bulletin, await _told(tx, bulletin, now)) for bulletin in await bulletins.every(tx)]
        changed = [bulletin for bulletin, said in told if said and self._said.get(bulletin.id, said) != said]
        self._said = {bulletin.id: said for bulletin, said in told}
        if changed:
            async with self._store.transaction() as tx:
                for bulletin in changed:
                    await boards.refresh(tx, bulletin, now)
        return len(changed)


async def _told(tx: Tx, bulletin: Bulletin, now: datetime) -> list[str]:
    """Return what a board says of the time; nothing where none stands."""
    issue = await issues.current(tx, bulletin.id)
    if issue is None or not await boards.stands(tx, bulletin):
        return []
    return times.lines(issue, bulletin, bulletin.language, now)
