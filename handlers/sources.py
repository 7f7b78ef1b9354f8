"""The doors of the sources directory: looking up, adding, changing, and the button on a card that names a new one."""

from bot import sources
from bot.intake import source_cards, source_lines, source_lists
from bot.intake.address.hosts import readable_host
from bot.intake.submit import show_card
from bot.sources import Outcome
from handlers.visit import Answer, Asked, Visit, words
from store import bulletins, items
from store import sources as records
from store.messages import Button, Buttons, Card, Text
from store.records import Source, Trust
from store.states import Role

ADD = ("add", "додати")
PAGE = 8
LABEL_LENGTH = 40
LINE_SHOWN = 60
LEFT_OUT_SHOWN = 10


async def directory(visit: Visit) -> Answer:
    """List the sources, look some up by a word, or add those that stand after `add`."""
    first, lines = [*visit.words.split(maxsplit=1), "", ""][:2]
    if first.casefold() in ADD:
        return await _taken(visit, lines) if lines else await ask_new(visit)
    if visit.words:
        return await _found(visit, visit.words)
    return Answer(cards=(await _page(visit, 0),))


async def page(visit: Visit) -> Answer:
    """Turn to another page of the list."""
    return Answer(redraw=await _page(visit, _number(visit)))


async def show(visit: Visit) -> Answer:
    """Show one source."""
    return Answer(redraw=_view(visit, await _there(visit)))


async def trust(visit: Visit) -> Answer:
    """Say how far a source is trusted."""
    wanted = Trust(visit.pressed.argument) if visit.pressed.argument in set(Trust) else Trust.KNOWN
    source = await sources.set_trust(visit.tx, visit.actor, visit.pressed.subject, wanted, visit.now)
    await _follow(visit, source)
    return Answer(toast=visit.say(f"trust-{wanted}"), redraw=_view(visit, source))


async def ask_new(visit: Visit) -> Answer:
    """Ask for the lines of new sources."""
    return Answer(asked=Asked("source", visit.say("source-ask")))


async def take_new(visit: Visit) -> Answer:
    """Take the reply to the question for new sources."""
    return await _taken(visit, visit.message.text)


async def ask_edit(visit: Visit) -> Answer:
    """Ask for the line of a source as it should be."""
    source = await _there(visit)
    asked = visit.say("source-ask-edit", line=source_lines.written(source, visit.language))
    return Answer(asked=Asked("source-edit", asked, source.id))


async def take_edit(visit: Visit) -> Answer:
    """Take the reply to the question of `ask_edit`."""
    lines = [line for line in visit.message.text.splitlines() if line.strip()]
    if len(lines) != 1:
        return words(visit.say_here("source-one-line"))
    entry = source_lines.read_line(lines[0])
    source = await sources.rewrite(visit.tx, visit.actor, visit.subject, entry, visit.now)
    await _follow(visit, source)
    return Answer(cards=(_view(visit, source, visit.say("source-changed", name=source.name)),))


async def ask_remove(visit: Visit) -> Answer:
    """Ask whether a source should really go."""
    source = await _there(visit)
    buttons = (
        (Button(visit.say("button-source-sure"), f"v1:source-remove:{source.id}:0"),),
        (Button(visit.say("button-back"), f"v1:source:{source.id}:0"),),
    )
    return Answer(redraw=Card(Text(visit.say("source-sure", name=source.name)), buttons))


async def remove(visit: Visit) -> Answer:
    """Take a source out of the directory."""
    source = await sources.remove(visit.tx, visit.actor, visit.pressed.subject, visit.now)
    await _follow(visit, source)
    return Answer(redraw=Card(Text(visit.say("source-removed", name=source.name))))


async def add_from_card(visit: Visit) -> Answer:
    """Take the publisher of a card's citation into the directory, as it was read."""
    item, place = await items.get(visit.tx, visit.pressed.subject), _number(visit)
    if item is None or item.bulletin_id != visit.here.id or place >= len(item.citations):
        return Answer(toast=visit.say("desk-gone"), alert=True)
    if item.revision != visit.pressed.revision:  # the name on the card may be another by now
        await show_card(visit.tx, visit.here, item.id, visit.now)
        return Answer(toast=visit.say("desk-changed"), alert=True)
    source, outcome = await sources.add_as_read(visit.tx, visit.actor, item.citations[place], visit.now)
    await show_card(visit.tx, visit.here, item.id, visit.now)
    await _follow(visit, source)
    known = await sources.recognise(visit.tx, item.citations[place])
    keys = {
        Outcome.ADDED: "source-added",
        Outcome.CHANGED: "source-added-address",
        Outcome.SAME: "source-there",
    }
    return Answer(toast=visit.say(keys[outcome], name=source.name[:100], host=readable_host(known.domain)[:60]))


async def _taken(visit: Visit, text: str) -> Answer:
    """Add what stands in some lines; one source is shown, of several it is said what became of them."""
    if not visit.who.role.includes(Role.EDITOR):
        return words(visit.say_here("role-needed", role=visit.say_here(f"role-{Role.EDITOR}")))
    lines = source_lists.read_list(text)
    if len(lines) == 1:
        if (refusal := lines[0].refusal) is not None:
            raise refusal
        assert lines[0].entry is not None
        source, outcome = await sources.merge(visit.tx, visit.actor, lines[0].entry, visit.now)
        await _follow(visit, source)
        keys = {Outcome.ADDED: "source-added", Outcome.CHANGED: "source-changed", Outcome.SAME: "source-there"}
        return Answer(cards=(_view(visit, source, visit.say(keys[outcome], name=source.name)),))
    done = await source_lists.bring_in(visit.tx, visit.actor, lines, visit.now)
    await _follow(visit, *done.changed)
    told = [visit.say("sources-summary", **done.counts)]
    told += [
        visit.say("sources-left-out", number=line.number, text=line.text[:LINE_SHOWN], why=visit.say(r.key, **r.values))
        for line, r in done.refused[:LEFT_OUT_SHOWN]
    ]
    return words("\n".join(told))


async def _found(visit: Visit, word: str) -> Answer:
    found = [source for source in await _by_name(visit) if sources.matches(source, word)]
    if not found:
        return words(visit.say_here("sources-not-found", word=word[:100]))
    if len(found) == 1:
        return Answer(cards=(_view(visit, found[0]),))
    lines = [_line(visit, source) for source in found[:PAGE]]
    if len(found) > PAGE:
        lines.append(Text(visit.say("sources-more", n=len(found) - PAGE)))
    return Answer(cards=(Card(Text.join("\n", lines), _choices(found[:PAGE])),))


async def _page(visit: Visit, number: int) -> Card:
    every = await _by_name(visit)
    pages = max(1, -(-len(every) // PAGE))
    number = min(number, pages - 1)
    shown = every[number * PAGE : (number + 1) * PAGE]
    title = visit.say("sources-title", n=len(every)) if every else visit.say("sources-none")
    count = f" · {number + 1}/{pages}" if pages > 1 else ""
    lines = [Text.bold(title) + count if every else Text(title), *(_line(visit, source) for source in shown)]
    turn = [("‹", number - 1), ("›", number + 1)]
    row = tuple(Button(sign, f"v1:sources.{to}:0:0") for sign, to in turn if 0 <= to < pages)
    last = (Button("+ " + visit.say("button-source-new"), "v1:source-new:0:0"),) if _may_change(visit) else ()
    return Card(Text.join("\n", lines), (*_choices(shown), *(row_ for row_ in (row, last) if row_)))


def _choices(found: list[Source]) -> Buttons:
    labels = [Button(source.name[:LABEL_LENGTH], f"v1:source:{source.id}:0") for source in found]
    return tuple(tuple(labels[start : start + 2]) for start in range(0, len(labels), 2))


def _line(visit: Visit, source: Source) -> Text:
    facts = [visit.say(f"trust-{source.trust}"), *(readable_host(domain) for domain in source.domains[:2])]
    return Text("· ") + source.name + " – " + ", ".join(facts)


def _view(visit: Visit, source: Source, said: str = "") -> Card:
    """Draw one source, with the buttons to change it for who may."""
    others = source.names[1:]
    lines = [
        Text(said),
        Text.bold(source.name),
        Text(visit.say("source-also", names=", ".join(others)) if others else ""),
        Text(", ".join(readable_host(domain) for domain in source.domains)),
        Text(" · ".join(part for part in (visit.say(f"trust-{source.trust}"), source.language) if part)),
        Text(source.note),
    ]
    text = Text.join("\n", [line for line in lines if line.text])
    if not _may_change(visit):
        return Card(text)
    marks = {trust: "● " if trust == source.trust else "" for trust in Trust}
    choice = tuple(
        Button(mark + visit.say(f"trust-{trust}"), f"v1:source-trust.{trust}:{source.id}:0")
        for trust, mark in marks.items()
    )
    last = (
        Button("✎ " + visit.say("button-edit"), f"v1:source-edit:{source.id}:0"),
        Button("✗ " + visit.say("button-source-remove"), f"v1:source-away:{source.id}:0"),
    )
    return Card(text, (choice, last))


def _may_change(visit: Visit) -> bool:
    return visit.who.role.includes(Role.EDITOR)


def _number(visit: Visit) -> int:
    argument = visit.pressed.argument
    return min(int(argument), 10_000) if argument.isdigit() and len(argument) < 6 else 0


async def _by_name(visit: Visit) -> list[Source]:
    return sorted(await records.every(visit.tx), key=lambda source: source.name.casefold())


async def _there(visit: Visit) -> Source:
    return await sources.there(visit.tx, visit.pressed.subject)


async def _follow(visit: Visit, *changed: Source) -> None:
    """Let what waits follow the directory."""
    for bulletin in await bulletins.every(visit.tx):
        await source_cards.follow(visit.tx, bulletin, changed, visit.actor, visit.now)
