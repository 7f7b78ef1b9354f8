"""The first view of the board: the issue with its sections and items, what waits, and the way to its menus."""

from dataclasses import dataclass, field

from bot.board import times
from bot.board.scene import LABEL_LENGTH, TITLE_LENGTH, Scene, View, pairs, short, star, turn
from bot.issues import Gathered, gather, in_order
from bot.render import style
from bot.shaping.order import carried
from store import items
from store.messages import Button, Buttons, Card, Text
from store.records import Issue, Item, Section
from store.states import ItemState

PAGE_UNITS = 2800
PAGE_ITEMS = 40
"""Of 100 entities a message may have; every item is a link, every section a bold line."""


@dataclass(slots=True)
class _Page:
    lines: list[Text] = field(default_factory=list)
    units: int = 0
    items: int = 0


async def overview(scene: Scene, view: View) -> Card:
    """Draw the open issue; a long one is turned over by its sections."""
    gathered = await gather(scene.tx, scene.bulletin.id)
    if gathered is None:
        return Card(Text(scene.say("board-none")))
    pages = _pages(scene, gathered)
    number = min(view.numbers[0], len(pages) - 1)
    head = [_name(scene, gathered, number, len(pages))]
    tail: list[Text] = []
    if number == 0:
        head += _head(scene, gathered)
    if number == len(pages) - 1:
        tail = await _tail(scene, gathered)
    lines = [*head, *pages[number].lines, *tail]
    left = left_buttons(gathered.left) if scene.shaping else ()
    return Card(Text.join("\n", lines), (*left, *_buttons(scene, gathered.issue, number, len(pages))))


def numbered(gathered: Gathered) -> dict[int, int]:
    """Return the number under which each item stands on the board."""
    return {item.id: number for number, item in enumerate(in_order(gathered), 1)}


def item_line(item: Item, number: int) -> Text:
    """Return an item in one line: its number, a star where it is a highlight, its linked title."""
    url = style.safe_url(item.citations[0].url) if item.citations else None
    return Text(f"{number}. {star(item)}") + Text.link(short(style.clean(item.title), TITLE_LENGTH) or "…", url)


def _name(scene: Scene, gathered: Gathered, page: int, pages: int) -> Text:
    number = gathered.issue.number or scene.bulletin.next_number
    name = scene.say("issue-name", title=scene.bulletin.title, number=number)
    return Text.bold(name) + (f" · {page + 1}/{pages}" if pages > 1 else "")


def _head(scene: Scene, gathered: Gathered) -> list[Text]:
    issue = gathered.issue
    date = style.weekday_date(issue.date, scene.language)
    told = [date, *times.lines(issue, scene.bulletin, scene.language, scene.now)]
    return [Text(line) for line in told]


def _pages(scene: Scene, gathered: Gathered) -> list[_Page]:
    numbers, pages = numbered(gathered), [_Page()]
    empty: list[str] = []
    for section in gathered.sections:
        own = [item for item in in_order(gathered) if item.section_id == section.id]
        if not own:
            empty.append(section.short)
            continue
        heading = Text("\n") + Text.bold(f"{style.clean(section.title)} · {len(own)}")
        heading += "\n⚠ " + scene.say("board-section-left") if section in gathered.left else ""
        _add(pages, heading, 0, room=TITLE_LENGTH * 3)
        for item in own:
            _add(pages, item_line(item, numbers[item.id]), 1)
    if empty:
        _add(pages, Text("\n" + scene.say("board-empty", sections=", ".join(empty))), 0)
    return pages


def _add(pages: list[_Page], line: Text, count: int, room: int = 0) -> None:
    """Put a line on the last page, or on a new one where it finds no room; a heading needs some for what follows."""
    last = pages[-1]
    full = last.units + line.units + room > PAGE_UNITS or last.items + count + bool(room) > PAGE_ITEMS
    if full and last.lines:
        pages.append(last := _Page())
    last.lines.append(line)
    last.units += line.units + 1
    last.items += count


async def _tail(scene: Scene, gathered: Gathered) -> list[Text]:
    """Say what else there is: what waits, what was carried over, notices, highlights, texts of the issue's own."""
    issue = gathered.issue
    counts = await items.counts(scene.tx, scene.bulletin.id)
    over = await carried(scene.tx, scene.bulletin, issue)
    lit = sum(item.highlight is not None for item in gathered.items)
    lines = [
        scene.say("board-pending", n=counts.get(ItemState.PENDING, 0)),
        scene.say("board-carried", n=len(over)) if over else "",
        scene.say("board-notices", n=len(gathered.notices)) if gathered.notices else "",
        scene.say("board-highlights", n=lit) if lit else "",
        _own_texts(scene, issue),
    ]
    return [Text(""), *(Text(line) for line in lines if line)]


def _own_texts(scene: Scene, issue: Issue) -> str:
    """Name the texts that this issue has of its own."""
    own = [field for field in ("subtitle", "footer") if getattr(issue, field) is not None]
    own = ["intro", *own] if issue.intro else own
    return scene.say("board-own", what=", ".join(scene.say(f"board-{field}") for field in own)) if own else ""


def _buttons(scene: Scene, issue: Issue, page: int, pages: int) -> Buttons:
    at = f"{issue.id}:0"
    turning = turn("issue", page, pages, issue.id)
    fresh = () if scene.live else ((scene.button("button-refresh", f"v1:issue.{page}:{at}", "↻"),),)
    if not scene.shaping:
        return (*turning, *fresh)
    menus = [
        scene.button("button-items", f"v1:issue-items:{at}", "≡"),
        scene.button("button-highlights", f"v1:issue-lights:{at}", "★"),
        scene.button("button-texts", f"v1:issue-texts:{at}", "✎"),
        scene.button("button-day", f"v1:issue-day:{at}"),
        scene.button("button-sections", f"v1:sections.{issue.id}:{scene.bulletin.id}:0", "§"),
        scene.button("button-notices", f"v1:notices:{scene.bulletin.id}:0", "✉"),
    ]
    close = scene.button("button-close", f"v1:close:{issue.id}:{issue.revision}")
    return (*turning, *pairs(menus), (close,), *fresh)


def back(scene: Scene, issue_id: int) -> tuple[Button, ...]:
    """Return the row that leads back to the issue."""
    return (scene.button("button-back", f"v1:issue:{issue_id}:0"),)


def left_buttons(left: tuple[Section, ...]) -> Buttons:
    """Return a button for each section that stands in the issue only because items are left in it."""
    return pairs([Button(f"⚠ → {short(one.short, LABEL_LENGTH - 4)}", f"v1:section-left:{one.id}:0") for one in left])


def section_label(title: str, count: int) -> str:
    """Return a section's short label with the count of its items, as a phone shows it whole."""
    return f"{short(title, LABEL_LENGTH - 4)} · {count}"
