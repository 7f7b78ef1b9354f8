"""The views in which editors change sections, for good or for this issue only, and empty one that is out of use."""

from bot.board.overview import back, overview
from bot.board.scene import LABEL_LENGTH, Scene, View, pairs, rows, short
from bot.issues import gather
from bot.render import style
from bot.shaping import sections as rules
from store import bulletins, issues
from store import sections as records
from store.messages import Button, Card, Text
from store.records import Section


async def sections_view(scene: Scene, view: View) -> Card:
    """Draw the sections of every issue, or of this one; the argument is the issue, 0 for good."""
    issue = await issues.current(scene.tx, scene.bulletin.id)
    issue_id = view.numbers[0]
    if issue is None or issue_id not in (rules.FOR_GOOD, issue.id):
        return await overview(scene, View())
    listed = await rules.listed(scene.tx, scene.bulletin.id, issue_id)
    changes = {one.section_id: one for one in await records.changes_of(scene.tx, issue.id)} if issue_id else {}
    lines = [Text.bold(scene.say("sections-issue" if issue_id else "sections-good"))]
    for place, section in enumerate(listed, 1):
        lines.append(_line(scene, place, section, own=_is_own(section, changes)))
    hidden = [await bulletins.section(scene.tx, one) for one in changes if changes[one].hidden]
    if hidden:
        named = ", ".join(style.clean(one.title) for one in hidden)
        lines.append(Text("\n" + scene.say("sections-left-out", sections=named)))
    lines.append(Text("\n" + scene.say("sections-issue-note" if issue_id else "sections-good-note")))
    numbers = [
        Button(str(place), f"v1:section-menu.{issue_id}:{section.id}:0") for place, section in enumerate(listed, 1)
    ]
    other = rules.FOR_GOOD if issue_id else issue.id
    label = "button-sections-good" if issue_id else "button-sections-issue"
    menus = [
        scene.button("button-section-new", f"v1:section-new.{issue_id}:{scene.bulletin.id}:0", "+"),
        scene.button(label, f"v1:sections.{other}:{scene.bulletin.id}:0"),
    ]
    if changes:
        same = f"v1:sections-same:{issue_id}:{rules.mark_of(listed)}"
        menus.append(scene.button("button-sections-same", same, "↩"))
    return Card(Text.join("\n", lines), (*rows(numbers), *pairs(menus), back(scene, issue.id)))


def _is_own(section: Section, changes: dict[int, records.Change]) -> bool:
    """Say whether an issue alone has a section, or calls it so."""
    change = changes.get(section.id)
    return section.issue_id is not None or (change is not None and bool(change.title or change.short))


def _line(scene: Scene, place: int, section: Section, *, own: bool) -> Text:
    line = Text(f"{place}. ") + style.clean(section.title) + " " + Text.italic(f"[{style.clean(section.short)}]")
    return line + (f" · {scene.say('sections-own')}" if own else "")


async def section_view(scene: Scene, view: View) -> Card:
    """Draw one section with all that can be done with it; one that is gone gives way to the list."""
    issue_id = view.numbers[0]
    listed = await rules.listed(scene.tx, scene.bulletin.id, issue_id)
    place = next((place for place, one in enumerate(listed) if one.id == view.subject), None)
    if place is None:
        return await sections_view(scene, View("sections", str(issue_id)))
    section, mark = listed[place], rules.mark_of(listed)
    count = len(await records.held(scene.tx, section.id))
    lines = [
        Text.bold(style.clean(section.title)),
        Text(scene.say("sections-label", short=style.clean(section.short))),
        Text(scene.say("sections-place", place=place + 1, n=len(listed))),
        Text(scene.say("sections-items", n=count)),
        Text("\n" + scene.say("sections-issue" if issue_id else "sections-good")),
    ]
    steps = [("up", "↑")] if place else []
    steps += [("down", "↓")] if place < len(listed) - 1 else []
    moves = [
        scene.button(f"button-{step}", f"v1:section-move.{step}-{issue_id}:{section.id}:{mark}", sign)
        for step, sign in steps
    ]
    names = [
        scene.button(f"button-section-{field}", f"v1:section-ask.{field}-{issue_id}:{section.id}:0", "✎")
        for field in rules.LONGEST
    ]
    gone = (scene.button("button-section-remove", f"v1:section-gone.{issue_id}:{section.id}:0", "✗"),)
    return Card(Text.join("\n", lines), (*pairs([*moves, *names]), gone, _to_list(scene, issue_id)))


async def gone_view(scene: Scene, view: View) -> Card:
    """Ask whether a section is to be removed, and where its items go then."""
    issue_id = view.numbers[0]
    listed = await rules.listed(scene.tx, scene.bulletin.id, issue_id)
    section = next((one for one in listed if one.id == view.subject), None)
    if section is None:
        return await sections_view(scene, View("sections", str(issue_id)))
    going = await rules.items_in(scene.tx, issue_id, section.id)
    beginning, mark = f"v1:section-remove.{issue_id}-", rules.mark_of(listed)
    title = style.clean(section.title)
    said = scene.say("sections-gone-issue" if issue_id else "sections-gone-good", title=title)
    up = (scene.button("button-back", f"v1:section-menu.{issue_id}:{section.id}:0"),)
    if not going:
        yes = (scene.button("button-section-remove", f"{beginning}0:{section.id}:{mark}", "✗"),)
        return Card(Text(said), (yes, up))
    where = await _targets(scene, section.id, lasting=issue_id == rules.FOR_GOOD)
    choices = [
        Button("→ " + short(one.short, LABEL_LENGTH - 2), f"{beginning}{one.id}:{section.id}:{mark}") for one in where
    ]
    return Card(Text(said + "\n\n" + scene.say("sections-where", n=len(going))), (*pairs(choices), up))


async def left_view(scene: Scene, view: View) -> Card:
    """Ask where the items of a section go that this issue does not have."""
    gathered = await gather(scene.tx, scene.bulletin.id)
    section = next((one for one in gathered.left if one.id == view.subject), None) if gathered else None
    if gathered is None or section is None:
        return await overview(scene, View())
    count = sum(item.section_id == section.id for item in gathered.items)
    said = Text.bold(style.clean(section.title)) + "\n" + scene.say("sections-left", n=count)
    where = await _targets(scene, section.id, lasting=False)
    choices = [
        Button("→ " + short(one.short, LABEL_LENGTH - 2), f"v1:section-out.{one.id}:{section.id}:0") for one in where
    ]
    return Card(said, (*pairs(choices), back(scene, gathered.issue.id)))


async def _targets(scene: Scene, section_id: int, *, lasting: bool) -> list[Section]:
    """Return the sections of this issue that items can go to; for good rather those that last."""
    shown = [one for one in await bulletins.sections_of(scene.tx, scene.bulletin.id) if one.id != section_id]
    return [one for one in shown if one.issue_id is None] or shown if lasting else shown


def _to_list(scene: Scene, issue_id: int) -> tuple[Button, ...]:
    return (scene.button("button-back", f"v1:sections.{issue_id}:{scene.bulletin.id}:0"),)
