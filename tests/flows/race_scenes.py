"""The scenes in which presses are raced, and which presses: every button that decides something is among them."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.shaping import sections
from store import bulletins
from tests.flows.desk_scenes import BY_HAND, SHAPED, Scene, Shown, Stage
from tests.flows.paper import ANA, BELLA, BORIS, CHANNEL, CHRIS, CLARA, DESK, EVE, OLENA

HANDS = (CLARA, CHRIS, OLENA, BORIS, BELLA)
OWN = ("withdraw", "wish", "own-letter")
"""What a sender presses in the chat with the bot."""

ALONE = {
    "bulletin": "chooses what the commands of one person mean",
    "language": "chooses how one person is spoken to",
    "preview-forget": "forgets the address of who presses",
    "person-contact": "shows something to who presses, and leaves everything as it was",
    "invite-for": "makes a link of its own at every press, which no other press is about",
}
"""Buttons that decide something but meet no other press, each with the reason."""

WANTED, ANOTHER = "because.a3024726", "0ec37ff0"
PENDING = (
    *("into.1:3:2", "into.2:3:2", f"{WANTED}:3:2", "later.hours:3:2", "edit.title:3:2", "withdraw.yes:3:2"),
    *("add-source.0:3:2", "edit-language.uk:3:2", "edit-section.2:3:2", "why:3:2", "reject:3:2", "card:3:2"),
    *("letter-ignore:1:0", "letter-take:1:0", "letter-subscribe:1:0", "own-letter-yes:2:0", "own-letter-no:2:0"),
)
PUT_OFF = (
    *("wake:3:3", "into.1:3:3", f"{WANTED}:3:3", "later.morning:3:3", "withdraw.yes:3:3", "wish.2:3:3"),
    *("edited:3:3", "edit-section.2:3:3"),
)
PICKED = (
    *("queue-into.1-1:1:0", "queue-into.2-3:1:0", "into.2:3:2", f"{WANTED}:3:2", "later.hours:3:2"),
    *("withdraw.yes:3:2", "close:1:1"),
)
KNOWN = (
    *("source-trust.trusted:1:0", "source-trust.doubtful:1:0", "source-remove:1:0", "add-source.0:3:2"),
    *("into.1:3:2", "card:3:2"),
)
STORIES = ("cite.1-3:4:2", "translate.1-3:4:2", "into.1:4:2", f"{WANTED}:4:2", "undo:1:3", "withdraw.yes:1:3")
TOLD_APART = ("separate:4:3", "part:5:3", "into.1:5:3", f"{WANTED}:5:3", "undo:2:{0}", "close:1:1")
SHAPING = (
    *("undo:1:3", "item-move.down:1:3", "item-into.2:1:3", "item-over:1:3", "item-light:1:3", "item-edit:1:3"),
    *("withdraw.yes:1:3", "close:1:1", "issue-date.later:1:1", "edit.title:1:3"),
    *("undo:2:3", "item-move.up:2:3", "issue-skip.yes:1:1"),
)
SHAPED_AGAIN = (
    *("item-stay:3:4", "undo:3:4", "issue-no.intro:1:2", "issue-standing.footer:1:2", "issue-unskip:1:2"),
    *("section-out.1:40:0", "item-move.down:1:3", "close:1:2"),
)
NOTICES = (
    *("notice-empty.start:60:1", "notice-kind.campaign:60:1", "notice-move.down:60:1", "notice-out:60:1"),
    *("notice-until.0:60:1", "notice-zone.0:60:1", "until.7:60:1", "take-out:60:1"),
)
SUGGESTED = ("take-notice:50:1", "leave-notice:50:1", "notice-in:61:2", "notice-move.up:60:1", "close:1:1")
SENDING = (
    *("hold:1:3", "is-there:1:0", "again:1:0", "leave-out:1:0", "into.1:3:2"),
    *("report-settle.there:1:0", "report-settle.again:1:0"),
)
HELD = ("continue:1:{0}", "hold:1:{0}", "leave-out:1:0", "report-settle.again:1:0")
CLOSED = ("publish:1:2", "reopen:1:2", "hold:1:2", "continue:1:2", "into.1:3:2", "undo:1:3")
CORRECTING = (
    *("correct-do:1:0", "correct-do:2:0", "correct-no:1:0", "correct-ask.0-withdraw-0:1:0", "report-again:1:0"),
    "hold:1:{0}",
)
GUARDED = ("guard-yes:1:0", "guard-no:1:0", "into.1:3:2")
SETTLING = (
    *(
        "put.language-uk:1:0",
        "put.quorum-2:1:0",
        "channel.pause:1:0",
        "reasons.house:1:0",
        "reason.a3024726-remove:1:0",
    ),
    *(f"{WANTED}:3:2", "close:1:1", "guard.on:0:0"),
)
PEOPLE = (
    *("person-ban.1:{0}:0", "person-mute.7:{0}:0", "person-free:{0}:0", "person-revoke.yes:{0}:0"),
    *("person-role.editor:{0}:0", "uninvite:1:0", "withdraw.yes:3:2", "into.1:3:2"),
)
READING = ("subscribe-here:1:0", "subscribe-latest:1:0")
FILES = ("file-in:1:0", "file-away:1:0")
PLACES = ("moderate-here:3001:0", "publish-here:3001:0", "not-this-one:3001:0")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A scene, what is pressed in it, and whose hands press; in private each press comes from that person's chat."""

    scene: Scene
    actions: tuple[str, ...]
    hands: tuple[int, ...] = HANDS
    private: bool = False

    def pressed(self, data: str, hand: int) -> tuple[int, int, int, str]:
        own = data.startswith(OWN)
        who = ANA if own else self.hands[hand % len(self.hands)]
        return who, who if own or self.private else DESK, 1, f"v1:{data}"


def meetings(stage: Stage) -> Iterator[Meeting]:
    """Yield a week with links that wait, the same as it is shaped, settled and sent, and what comes after."""
    week = stage.keep()
    yield Meeting(week, PENDING)
    mark = sections.mark_of(stage.newsroom.run(stage.listed()))
    yield Meeting(week, (*SHAPING, f"section-move.down-1:1:{mark}", f"section-remove.1-2:1:{mark}"))
    yield Meeting(week, STORIES)
    for before in (_waiting, _shaped, _running, _settled):
        stage.set_back(week)
        yield from before(stage)
    stage.set_back(week)


def _waiting(stage: Stage) -> Iterator[Meeting]:
    """Yield what waits: a link that was put off, links that are ticked, stories that were put together."""
    week = stage.keep()
    _press(stage, BORIS, "later.hours:3:2")
    _press(stage, CLARA, "edit.title:3:3")
    yield Meeting(stage.keep(), PUT_OFF)
    stage.set_back(week)
    _press(stage, BORIS, "queue-pick.0:0:0")
    yield Meeting(stage.keep(), PICKED)
    stage.set_back(week)
    _press(stage, BORIS, "add-source.0:4:2")
    yield Meeting(stage.keep(), KNOWN)
    stage.set_back(week)
    _press(stage, BORIS, "cite.1-3:4:2", "translate.2-3:5:2")
    yield Meeting(stage.keep(), _at(stage, TOLD_APART, "items", 2))


def _shaped(stage: Stage) -> Iterator[Meeting]:
    """Yield an issue that was shaped: with sections of its own, an intro, an item kept for the next, and notices."""
    seen = stage.newsroom.seen
    seen.executescript(SHAPED)
    seen.executescript(BY_HAND)
    seen.execute("UPDATE issues SET intro = 'Words' WHERE id = 1")
    seen.execute("UPDATE notices SET withdrawn = 1, revision = 2 WHERE id = 61")
    yield Meeting(stage.keep(), SUGGESTED)
    yield Meeting(stage.keep(), NOTICES)
    yield Meeting(stage.keep(), FILES, (CLARA, CLARA), private=True)
    yield Meeting(stage.keep(), PLACES, (OLENA, OLENA), private=True)
    _press(stage, CLARA, "issue-skip.yes:1:1", "into.2:3:2", "item-over:3:3", "issue-items.1-0:1:0")
    mark = sections.mark_of(stage.newsroom.run(stage.listed()))
    newest = _shown(stage, "issue-newest")
    yield Meeting(stage.keep(), (*SHAPED_AGAIN, f"sections-same:1:{mark}", newest))


def _running(stage: Stage) -> Iterator[Meeting]:
    """Yield an issue that is closed, then going out, on hold, and out and about to be corrected."""
    seen = stage.newsroom.seen
    stage.newsroom.run(_second_channel(stage))
    _press(stage, CLARA, "close:1:1")
    yield Meeting(stage.keep(), CLOSED)
    _press(stage, CLARA, "publish:1:2")
    stage.newsroom.time_passes(1)
    stage.newsroom.run(stage.in_doubt())
    sending = stage.keep()
    yield Meeting(sending, SENDING)
    _press(stage, BORIS, "hold:1:3")
    yield Meeting(stage.keep(), _at(stage, HELD))
    stage.set_back(sending)
    seen.execute("UPDATE deliveries SET state = 'sent', message_id = 900 + id")
    stage.newsroom.send_posts()
    seen.execute("UPDATE deliveries SET state = 'refused', message_id = NULL WHERE id = 2")
    for who, title in ((CLARA, "A better title"), (CHRIS, "The best title")):
        _answer(stage, who, "correct-ask.0-title-0:1:0", title)
    yield Meeting(stage.keep(), _at(stage, CORRECTING))
    yield Meeting(stage.keep(), READING, (EVE, EVE), private=True)


def _settled(stage: Stage) -> Iterator[Meeting]:
    """Yield an act that waits for a second person, and a newsroom of three owners who settle it."""
    week = stage.keep()
    _press(stage, OLENA, "guard.on:0:0", "close:1:1", "guard.off:0:0")
    yield Meeting(stage.keep(), GUARDED)
    stage.set_back(week)
    ids = stage.newsroom.ids
    stage.newsroom.seen.execute(f"UPDATE people SET role = 'owner' WHERE id IN ({ids[CLARA]}, {ids[CHRIS]})")
    owners = stage.keep()
    _press(stage, OLENA, f"reason.{ANOTHER}-remove:1:0")
    _answer(stage, OLENA, "set-ask.title:1:0", "Another title")
    yield Meeting(stage.keep(), (*SETTLING, _shown(stage, "set-back")))
    stage.set_back(owners)
    stage.says(OLENA, "/invite contributor", desk=True)
    yield Meeting(stage.keep(), tuple(data.format(ids[ANA]) for data in PEOPLE))


async def _second_channel(stage: Stage) -> None:
    async with stage.newsroom.store.transaction() as tx:
        await bulletins.add_channel(tx, stage.newsroom.bulletin, CHANNEL - 10, "More news")


def _press(stage: Stage, who: int, *every: str) -> None:
    for data in every:
        stage.newsroom.presses(who, DESK, 1, f"v1:{data}")


def _answer(stage: Stage, who: int, data: str, words: str) -> None:
    """Press a button that asks, and answer."""
    _press(stage, who, data)
    asked = next(said for said in reversed(stage.newsroom.paper.said.values()) if said.ask)
    stage.newsroom.writes(who, words, desk=True, reply_to=asked.message)


def _at(stage: Stage, actions: tuple[str, ...], table: str = "issues", row: int = 1) -> tuple[str, ...]:
    """Return these presses with the revision that the issue, or another row, has now."""
    revision = stage.newsroom.rows(f"SELECT revision FROM {table} WHERE id = {row}")[0][0]
    return tuple(data.format(revision) for data in actions)


def _shown(stage: Stage, action: str) -> str:
    """Return the newest button of this action that is shown, without its version."""
    stage.draw()
    every = (Shown(*shown) for shown in reversed(stage.newsroom.paper.pressable))
    return next(shown.data for shown in every if shown.action == action).removeprefix("v1:")
