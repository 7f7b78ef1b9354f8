"""The view of one item: where it stands among its neighbours, and every press that moves it."""

from bot.board.lists import CARRIED, items_view
from bot.board.overview import numbered
from bot.board.scene import LABEL_LENGTH, Scene, View, pairs, short
from bot.issues import READY, Gathered, gather, in_order
from bot.render import style
from store import items
from store.messages import Button, Buttons, Card, Text
from store.records import Item

TITLE_SHOWN = 200
NEIGHBOUR_LENGTH = 40


async def item_view(scene: Scene, view: View) -> Card:
    """Draw an item that is approved; one that is so no more gives way to the choice of a section."""
    gathered = await gather(scene.tx, scene.bulletin.id)
    item = await items.get(scene.tx, view.subject)
    if gathered is None or item is None or item.state not in READY or item.bulletin_id != scene.bulletin.id:
        return await items_view(scene, View("issue-items"))
    if item.skips_issue_id == gathered.issue.id:
        return _carried(scene, gathered, item)
    return _standing(scene, gathered, item)


def _carried(scene: Scene, gathered: Gathered, item: Item) -> Card:
    at = f"{item.id}:{item.revision}"
    text = _title(scene, item) + "\n\n" + scene.say("board-is-carried")
    take = (scene.button("button-take-back", f"v1:item-stay:{at}", "↩"),)
    return Card(text, (take, (scene.button("button-back", f"v1:issue-items.{CARRIED}:{gathered.issue.id}:0"),)))


def _standing(scene: Scene, gathered: Gathered, item: Item) -> Card:
    own = [one for one in in_order(gathered) if one.section_id == item.section_id]
    place = next((number for number, one in enumerate(own) if one.id == item.id), 0)
    section = next((section for section in gathered.sections if section.id == item.section_id), None)
    title = style.clean(section.title) if section else ""
    where = scene.say("board-place", section=title, place=place + 1, n=len(own))
    lines = [Text.italic(where), *_among(gathered, own, place, _title(scene, item))]
    if item.highlight is not None:
        words = item.highlight or style.clean(item.title)
        lines.append(Text("★ " + scene.say("board-is-highlight", words=words)))
    return Card(Text.join("\n", lines), _buttons(scene, gathered, item, place, len(own)))


def _title(scene: Scene, item: Item) -> Text:
    url = style.safe_url(item.citations[0].url) if item.citations else None
    told = [style.citation_text(cited, scene.language, scene.now.year) for cited in item.citations[:3]]
    title = Text.link(short(style.clean(item.title), TITLE_SHOWN) or "…", url)
    return title + "".join(f" {words}" for words in told if words)


def _among(gathered: Gathered, own: list[Item], place: int, title: Text) -> list[Text]:
    """Return an item between the one before it and the one behind it."""
    numbers, lines = numbered(gathered), []
    for number, one in enumerate(own):
        if number == place:
            lines.append(Text(f"▸ {numbers[one.id]}. ") + title)
        elif abs(number - place) == 1:
            lines.append(Text(f"   {numbers[one.id]}. {short(style.clean(one.title), NEIGHBOUR_LENGTH)}"))
    return lines


def _buttons(scene: Scene, gathered: Gathered, item: Item, place: int, count: int) -> Buttons:
    at = f"{item.id}:{item.revision}"
    steps = [scene.button("button-up", f"v1:item-move.up:{at}", "↑")] if place else []
    steps += [scene.button("button-down", f"v1:item-move.down:{at}", "↓")] if place < count - 1 else []
    steps += [scene.button("button-top", f"v1:item-move.top:{at}", "⤒")] if place > 1 else []
    others = [
        Button("→ " + short(section.short, LABEL_LENGTH - 2), f"v1:item-into.{section.id}:{at}")
        for section in scene.bulletin.sections
        if section.id != item.section_id
    ]
    lit = item.highlight is not None
    more = [
        scene.button("button-unlight" if lit else "button-light", f"v1:item-light:{at}", "☆" if lit else "★"),
        scene.button("button-light-words", f"v1:ask-light:{at}", "✎"),
        scene.button("button-over", f"v1:item-over:{at}", "⇥"),
    ]
    more += [scene.button("button-edit-item", f"v1:item-edit:{at}", "✎")] if scene.live else []
    up = (scene.button("button-back", f"v1:issue-items.{item.section_id}-0:{gathered.issue.id}:0"),)
    return (*((tuple(steps),) if steps else ()), *pairs(others), *pairs(more), up)
