"""The views in which an item is chosen: the sections, the items of one, what was carried over, the highlights."""

from bot.board.overview import back, item_line, numbered, overview, section_label
from bot.board.scene import Scene, View, pairs, rows, short, turn
from bot.issues import Gathered, gather, in_order
from bot.render import style
from bot.shaping.order import carried, mark_of
from store.messages import Button, Card, Text
from store.records import Item

PAGE = 12
WORDS_LENGTH = 80
CARRIED = "carried"


async def items_view(scene: Scene, view: View) -> Card:
    """Draw the choice of a section, or of an item in the section of the view."""
    gathered = await gather(scene.tx, scene.bulletin.id)
    if gathered is None:
        return await overview(scene, View())
    if view.argument.startswith(CARRIED):
        return await _carried(scene, gathered)
    section_id, page = view.numbers
    own = [item for item in in_order(gathered) if item.section_id == section_id]
    return _section(scene, gathered, own, page) if own else await _sections(scene, gathered)


async def _sections(scene: Scene, gathered: Gathered) -> Card:
    issue, choices = gathered.issue, []
    for section in gathered.sections:
        count = sum(item.section_id == section.id for item in gathered.items)
        if count:
            choices.append(Button(section_label(section.short, count), f"v1:issue-items.{section.id}-0:{issue.id}:0"))
    over = await carried(scene.tx, scene.bulletin, issue)
    if over:
        label = section_label(scene.say("button-carried"), len(over))
        choices.append(Button(label, f"v1:issue-items.{CARRIED}:{issue.id}:0"))
    said = scene.say("board-choose-section" if choices else "board-no-items")
    return Card(Text(said), (*pairs(choices), back(scene, issue.id)))


def _section(scene: Scene, gathered: Gathered, own: list[Item], page: int) -> Card:
    issue, numbers = gathered.issue, numbered(gathered)
    section = next(section for section in gathered.sections if section.id == own[0].section_id)
    pages = -(-len(own) // PAGE)
    page = min(page, pages - 1)
    by_hand = any(item.position is not None for item in own)
    order = scene.say("board-by-hand" if by_hand else "board-newest-first")
    lines = [Text.bold(style.clean(section.title)), Text.italic(order)]
    choices = []
    for item in own[page * PAGE : (page + 1) * PAGE]:
        lines.append(item_line(item, numbers[item.id]) + _facts(scene, item))
        choices.append(Button(str(numbers[item.id]), f"v1:issue-item:{item.id}:{item.revision}"))
    again = f"v1:issue-newest.{section.id}:{issue.id}:{mark_of(own)}"
    last = [scene.button("button-newest", again)] if by_hand else []
    buttons = (
        *rows(choices),
        *turn("issue-items", page, pages, issue.id, f"{section.id}-"),
        *((button,) for button in last),
        (scene.button("button-back", f"v1:issue-items:{issue.id}:0"),),
    )
    return Card(Text.join("\n", lines), buttons)


async def _carried(scene: Scene, gathered: Gathered) -> Card:
    issue = gathered.issue
    over = await carried(scene.tx, scene.bulletin, issue)
    if not over:
        return await _sections(scene, gathered)
    lines, choices = [Text.bold(scene.say("board-carried", n=len(over)))], []
    for number, item in enumerate(over[:PAGE], 1):
        lines.append(item_line(item, number) + _facts(scene, item))
        choices.append(Button(str(number), f"v1:issue-item:{item.id}:{item.revision}"))
    if len(over) > PAGE:
        lines.append(Text(scene.say("queue-more", n=len(over) - PAGE)))
    up = (scene.button("button-back", f"v1:issue-items:{issue.id}:0"),)
    return Card(Text.join("\n", lines), (*rows(choices), up))


async def lights_view(scene: Scene, view: View) -> Card:
    """Draw the line "In this week's bulletin", and every item with a button to choose it for that line or not."""
    gathered = await gather(scene.tx, scene.bulletin.id)
    if gathered is None:
        return await overview(scene, View())
    issue, every, numbers = gathered.issue, in_order(gathered), numbered(gathered)
    pages = max(1, -(-len(every) // PAGE))
    page = min(view.numbers[0], pages - 1)
    lit = [
        short(style.clean(item.highlight or item.title), WORDS_LENGTH) for item in every if item.highlight is not None
    ]
    line = scene.say("render-highlights", highlights="; ".join(lit)) if lit else scene.say("board-no-highlights")
    lines = [Text.italic(line), Text("\n" + scene.say("board-choose-highlights" if every else "board-no-items"))]
    choices, wording = [], []
    for item in every[page * PAGE : (page + 1) * PAGE]:
        at, mark = f"{item.id}:{item.revision}", "★ " if item.highlight is not None else ""
        lines.append(item_line(item, numbers[item.id]))
        choices.append(Button(f"{mark}{numbers[item.id]}", f"v1:item-light.{page}:{at}"))
        if mark:
            wording.append(Button(f"✎ {numbers[item.id]}", f"v1:ask-light:{at}"))
    turning = turn("issue-lights", page, pages, issue.id)
    return Card(Text.join("\n", lines), (*rows(choices), *rows(wording), *turning, back(scene, issue.id)))


def _facts(scene: Scene, item: Item) -> Text:
    """Return sources and dates after a title, as they print."""
    year = scene.now.year
    told = [style.citation_text(cited, scene.language, year) for cited in item.citations[:2]]
    return Text("".join(f" {short(words, WORDS_LENGTH)}" for words in told if words))
