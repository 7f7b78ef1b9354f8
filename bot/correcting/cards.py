"""The menu in which a published issue is corrected: section, item, what of it, and the last word."""

from bot.correcting.change import DATE, FIELDS, LINK, SOURCE, TITLE, WITHDRAW, Change, Corrected, item_at
from bot.correcting.published import Published, printed
from bot.render import style
from bot.texts import say
from store.corrections import Draft
from store.messages import Button, Buttons, Card, Text
from store.records import Citation, PrintedItem

PAGE = 8
IN_A_ROW = 4
LABEL = 20
TITLE_LETTERS = 70
LINE_LETTERS = 600


def sections(found: Published, language: str) -> Card:
    """Draw the sections of an issue to choose from."""
    at = f"{found.issue.id}:{found.seen}"
    labels = [style.clean(section.title) for section in found.document.sections]
    numbered = [f"{number}. {label}" for number, label in enumerate(labels, start=1)]
    buttons = [Button(_cut(label), f"v1:correct-in.{place}:{at}") for place, label in enumerate(numbered)]
    lines = [_head(found, language), Text(say(language, "published-choose-section")), *map(Text, numbered)]
    report = (Button(say(language, "button-report"), f"v1:report:{found.issue.id}:0"),)
    return Card(Text.join("\n", lines), (*_pairs(buttons), report))


def items(found: Published, section: int, page: int, language: str) -> Card:
    """Draw the items of a section, a page of them; of one that is not there the sections."""
    if not 0 <= section < len(found.document.sections):
        return sections(found, language)
    at, chosen = f"{found.issue.id}:{found.seen}", found.document.sections[section]
    first = sum(len(each.items) for each in found.document.sections[:section])
    last = max(0, (len(chosen.items) - 1) // PAGE)
    page = min(max(page, 0), last)
    lines = [_head(found, language), Text.bold(style.clean(chosen.title))]
    numbers: list[Button] = []
    for place, item in list(enumerate(chosen.items, start=first))[page * PAGE : (page + 1) * PAGE]:
        lines.append(Text(f"{place + 1}. {_short(style.clean(item.title), TITLE_LETTERS)}"))
        numbers.append(Button(str(place + 1), f"v1:correct-item.{place}:{at}"))
    turn = [Button("◀", f"v1:correct-in.{section}-{page - 1}:{at}")] if page else []
    turn += [Button("▶", f"v1:correct-in.{section}-{page + 1}:{at}")] if page < last else []
    rows = [tuple(numbers[start : start + IN_A_ROW]) for start in range(0, len(numbers), IN_A_ROW)]
    back = (Button(say(language, "button-back"), f"v1:correct:{at}"),)
    return Card(Text.join("\n", lines), (*rows, *([tuple(turn)] if turn else []), back))


def item(found: Published, place: int, language: str) -> Card:
    """Draw one item with all that may be corrected of it; raises Refused when there is none."""
    chosen, at = item_at(found.document, place), f"{found.issue.id}:{found.seen}"
    several = len(chosen.citations) > 1
    asked = [Button(say(language, f"published-field-{TITLE}"), f"v1:correct-ask.{place}-{TITLE}-0:{at}")]
    for number in range(max(1, len(chosen.citations))):
        for field in (SOURCE, DATE, LINK):
            label = say(language, f"published-field-{field}") + (f" {number + 1}" if several else "")
            asked.append(Button(label, f"v1:correct-ask.{place}-{field}-{number}:{at}"))
    asked.append(Button("✗ " + say(language, "published-field-withdraw"), f"v1:correct-ask.{place}-{WITHDRAW}-0:{at}"))
    lines = [_head(found, language), Text(_short(printed(chosen, found.document), LINE_LETTERS))]
    lines.append(Text(say(language, "published-choose-field")))
    back = (Button(say(language, "button-back"), f"v1:correct-in.{_section_of(found, place)}:{at}"),)
    return Card(Text.join("\n\n", lines), (*_pairs(asked), back))


def preview(
    found: Published, draft: Draft, result: Corrected, language: str, *, mail: bool, may_mail: bool, posts: int
) -> Card:
    """Draw what a correction changes, and ask for the last word; `posts` is how many messages it edits."""
    lines = [_head(found, language), Text.bold(say(language, "published-was"))]
    lines.append(Text(_short(printed(result.was, result.before), LINE_LETTERS)))
    lines.append(Text.bold(say(language, "published-now")))
    now = printed(result.now, result.after) if result.now is not None else say(language, "published-nothing")
    links = [cited.url for cited in result.now.citations if cited.url] if result.now is not None else []
    lines.append(Text("\n".join([_short(now, LINE_LETTERS), *links])))
    lines.append(Text(say(language, "published-prints", sentence=result.sentence)))
    lines.append(Text(say(language, "published-posts", n=posts)))
    chosen = ".mail" if mail else ""
    do = Button("✓ " + say(language, "button-correct-it"), f"v1:correct-do{chosen}:{draft.id}:0")
    no = Button("✗ " + say(language, "button-correct-no"), f"v1:correct-no:{draft.id}:0")
    box = ("☑ " if mail else "☐ ") + say(language, "button-correct-mail")
    also = Button(box, f"v1:correct-mail{'' if mail else '.on'}:{draft.id}:0")
    return Card(Text.join("\n", lines), ((do, no), *(((also,),) if may_mail else ())))


def settled(issue_id: int, number: int, sentences: list[str], language: str) -> Card:
    """Draw what stands in the place of a confirmed correction."""
    report = Button(say(language, "button-report"), f"v1:report:{issue_id}:0")
    more = Button(say(language, "button-correct"), f"v1:correct:{issue_id}:0")
    head = Text.bold(say(language, "published-issue", number=number))
    return Card(Text.join("\n", [head, *map(Text, sentences)]), ((report, more),))


def value_of(item: PrintedItem, change: Change, language: str) -> str:
    """Return what a field of an item says now, "" for nothing."""
    cited = item.citations[change.citation] if change.citation < len(item.citations) else Citation()
    if change.field == DATE:
        return style.date_text(cited.date, language, 0)
    given = {TITLE: item.title, SOURCE: cited.source, LINK: cited.url or ""}
    return style.clean(given[change.field])


def known_field(field: str) -> bool:
    """Say whether a button names something that may be corrected."""
    return field in FIELDS or field == WITHDRAW


def _head(found: Published, language: str) -> Text:
    day = style.long_date(found.issue.date, language)
    return Text.bold(say(language, "published-head", number=found.issue.number, date=day))


def _section_of(found: Published, place: int) -> int:
    for number, section in enumerate(found.document.sections):
        if place < len(section.items):
            return number
        place -= len(section.items)
    return 0


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def _cut(label: str) -> str:
    return _short(label, LABEL)


def _pairs(buttons: list[Button]) -> Buttons:
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
