"""Scenes of a newsroom on paper, and a valid press of every button there is, found by pressing what is shown."""

import re
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot import issues, people, previews
from bot.delivery import plan, tell
from bot.letters.letter import Kind, Letter
from bot.post.letterbox import LETTERBOX
from bot.post.take import receive
from bot.shaping import sections
from bot.tokens import row_token
from handlers import routes
from store import bulletins, deliveries
from store import issues as records
from store.records import Section
from store.states import DeliveryState, IssueState, Role
from tests.flows.paper import ANA, BORIS, CLARA, DESK, EVE, OLENA, SECTIONS, Newsroom, Paper

OTHER_DESK, OTHER_CHANNEL, ELSEWHERE, ANNA = -2001, -2002, -3001, 31
IN_ROLE = {Role.CONTRIBUTOR: ANA, Role.MODERATOR: BORIS, Role.EDITOR: CLARA, Role.OWNER: OLENA, None: ANA}
NOTICE = "Open assembly, 25 November 2026, 18:30, Weavers’ Hall"
TYPED = {"notice-new": NOTICE, "sections": "Letters [Letters]", "set-ask": "Another title"}
COMMANDS = (
    *(
        "/queue",
        "/issue",
        "/people",
        "/settings",
        "/sources",
        "/guard",
        "/stats last",
        "/invite moderator",
        "/sections",
    ),
    *("/notices", "/language", "/report", "/correct", "/letters"),
)
DEEP = ("person", "queue-pick", "section-menu", "invitations", "section-gone")
ENOUGH = 7
"""How many kinds of one button are pressed at most to find out where they lead."""

DRAWN = ("updates", "outbox", "cards", "boards", "prompts", "seats", "selections", "sqlite_sequence")
"""What is written for what is shown, and says nothing about what was decided."""

BY_HAND = """
INSERT INTO files (id, key, person_id, file_id, name, album, note, attempt, received_at, asks, found)
SELECT 1, 'a file', id, 'file', 'links.docx', '', '', 0, '2026-11-16 09:00:00.000000', 'links', '{}'
FROM people WHERE role = 'editor' ORDER BY id LIMIT 1;
INSERT INTO notices (id, bulletin_id, kind, title, text, place, speakers, demands, signatories, languages, withdrawn,
 suggested, revision) VALUES (50, 1, 'meeting', 'Assembly', 'Assembly', '', '[]', '[]', '', '[]', 1, 1, 1);
INSERT INTO installation (key, value)
VALUES ('chat:-3001', '{"title": "Hall", "kind": "supergroup", "can_post": true}');
"""
SHAPED = """
INSERT INTO notices (id, bulletin_id, kind, title, text, place, speakers, demands, signatories, languages,
 until, starts, timezone, withdrawn, suggested, position, revision)
VALUES (60, 1, 'meeting', 'One', 'One', '', '[]', '[]', '', '[]', '2026-12-01',
 '2026-11-25 16:30:00.000000', 'Europe/Kyiv', 0, 0, 1, 1),
 (61, 1, 'campaign', 'Two', 'Two', '', '[]', '[]', '', '[]', '2026-12-01',
 '2026-11-25 16:30:00.000000', 'Europe/Kyiv', 0, 0, 2, 1);
INSERT INTO section_changes (issue_id, section_id, title, hidden) VALUES (1, 3, 'Letters', 0);
INSERT INTO sections (id, bulletin_id, title, short, position, retired) VALUES (40, 1, 'Old', 'Old', 9, 1);
UPDATE items SET section_id = 40 WHERE id = 6;
UPDATE items SET state = 'approved' WHERE id = 6;
UPDATE items SET position = 1 WHERE id = 1;
"""
HANDMADE = (
    *((CLARA, CLARA, "file-in:1:0"), (CLARA, CLARA, "file-away:1:0"), (CLARA, CLARA, "preview-forget:1:0")),
    *((CLARA, DESK, "take-notice:50:1"), (CLARA, DESK, "leave-notice:50:1"), (BORIS, DESK, "queue-open.0:0:0")),
    *((OLENA, OLENA, "moderate-here:3001:0"), (OLENA, OLENA, "publish-here:3001:0")),
    *((OLENA, OLENA, "not-this-one:3001:0"), (BORIS, DESK, "sources.0:0:0"), (CLARA, DESK, "mail-me:1:0")),
    *((CLARA, CLARA, "preview-other:1:0"), (CLARA, CLARA, "bulletin:2:0"), (OLENA, DESK, "topic.alarm_thread:1:0")),
    *((CLARA, DESK, "issue-standing.footer:1:1"), (OLENA, DESK, "channel-try:1:0"), (BORIS, DESK, "uninvite:1:0")),
    *((ANA, ANA, "mine.0:0:0"), (OLENA, DESK, "person-roles:4:0"), (OLENA, DESK, "person-role.editor:4:1")),
    *((ANA, ANA, "letterbox-new:0:0"), (EVE, EVE, "subscribe:1:0"), (EVE, EVE, "subscribe-mail:1:0")),
    (BORIS, DESK, "letters.0:0:0"),
    *((OLENA, DESK, "person-contact:4:0"), (BORIS, DESK, "separate:4:3"), (BORIS, DESK, "part:5:3")),
)
"""Buttons that stand below files, mail and new chats, which there are none of on paper."""


class Shown(NamedTuple):
    """A button as it stands on somebody's screen."""

    chat: int
    message: int
    data: str

    @property
    def action(self) -> str:
        return self.data.split(":")[1].partition(".")[0]

    @property
    def kind(self) -> str:
        """Return what the button is for, whichever thing it is about."""
        if self.action in DEEP:
            return self.data
        return re.sub(r"\d+|\b[0-9a-f]{8}\b", "#", self.data.split(":")[1])


@dataclass(frozen=True, slots=True)
class Scene:
    """A newsroom at one moment, to which it can be set back."""

    database: sqlite3.Connection
    paper: Paper
    time: datetime


class Example(NamedTuple):
    """A press that is allowed to somebody, in the scene where it is."""

    scene: Scene
    user: int
    shown: Shown
    changes: bool


class Stage:
    """A newsroom with two bulletins, and everything that can be pressed in it as its week goes on."""

    def __init__(self) -> None:
        self.newsroom = Newsroom()
        self.found: dict[str, Example] = {}
        self.said: dict[str, str] = {}
        self.tried: Counter[str] = Counter()
        self.kinds: set[str] = set()
        self.begin()

    def begin(self) -> None:
        """Begin with two bulletins and two contributors, with links that wait and some that are decided."""
        self.newsroom.begin()
        self.newsroom.run(self._lay())
        self.says(OLENA, "add\nHerald; herald.example")
        for number in range(3):
            self.says(ANA, f"title: Story {number}\nhttp://herald.example/{number}")
        for item in (1, 2):
            self.newsroom.presses(BORIS, DESK, self.card(item), f"v1:into.1:{item}:2")
        self.says(BORIS, "title: Story 0\nhttp://courier.example/0")
        self.says(BORIS, "title: Die Geschichte\nlanguage: de\nhttp://bote.example/0")
        self.says(ANA, "http://herald.example/8\nhttp://herald.example/9")
        self.newsroom.run(self._letters())
        self.draw()

    async def _letters(self) -> None:
        """Let a letter come for the moderators, and one to Ana's secret address that nothing proves to be hers."""
        services = self.newsroom.services
        person = self.newsroom.ids[ANA]
        asked = Letter(Kind.HUMAN, sender="dan@readers.example", words="Who are you?", links=("http://dan.example/1",))
        token = row_token(services.sealer, LETTERBOX, person, 0)
        sent = ("http://herald.example/by-letter",)
        unproven = Letter(Kind.SUBMISSION, sender="ana@letters.example", token=token, words=sent[0], links=sent)
        for key, letter in (("letter-1", asked), ("letter-2", unproven)):
            await receive(services, letter, key)

    async def _lay(self) -> None:
        newsroom, given = self.newsroom, {"language": "en", "timezone": "Europe/Kyiv", "schedule": "sun 18:00"}
        now, sealer, random = newsroom.clock.now(), newsroom.sealer, newsroom.services.random
        async with newsroom.store.transaction() as tx:
            await people.admit(tx, sealer, random, user=ANNA, role=Role.CONTRIBUTOR, language="en", now=now)
            other = await bulletins.add(
                tx, sections=SECTIONS, slug="other", title="Other Bulletin", moderators_chat=OTHER_DESK, **given
            )
            await bulletins.add_channel(tx, other, OTHER_CHANNEL, "Others")
            await issues.ensure_open(tx, await bulletins.get(tx, other), now)

    def says(self, user: int, words: str, *, desk: bool = False) -> None:
        self.newsroom.writes(user, words, desk=desk)
        self.newsroom.read_pages()
        self.draw()

    def draw(self) -> None:
        """Let the outbox say everything."""
        for _ in range(12):
            if not self.newsroom.rows("SELECT 1 FROM outbox LIMIT 1"):
                return
            self.newsroom.run(self.newsroom.outbox.step())
            self.newsroom.clock.time += timedelta(seconds=3)

    def card(self, item: int) -> int:
        """Return the message of an item's card at the desk."""
        found = self.newsroom.rows(f"SELECT message_id FROM cards WHERE kind = 'card' AND subject_id = {item}")
        return int(found[0][0])

    def keep(self) -> Scene:
        memory = sqlite3.connect(":memory:")
        self.newsroom.seen.backup(memory)
        return Scene(memory, self.newsroom.paper.copy(), self.newsroom.clock.time)

    def set_back(self, scene: Scene) -> None:
        scene.database.backup(self.newsroom.seen)
        shown, there = scene.paper.copy(), self.newsroom.paper
        there.said, there.every, there.pressable = shown.said, shown.every, shown.pressable
        there.last = shown.last
        self.newsroom.clock.time = scene.time

    def everything(self, without: tuple[str, ...] = ("updates",)) -> dict[str, Any]:
        """Return the whole database, but which updates came and on which day somebody was active."""
        found: dict[str, Any] = {}
        for table in self.newsroom.tables:
            if table not in without:
                read = self.newsroom.seen.execute(f"SELECT * FROM {table}")
                kept = [place for place, column in enumerate(read.description) if column[0] != "active_on"]
                rows = [[row[place] for place in kept] for row in read.fetchall()]
                if table == "installation" and without == DRAWN:
                    rows = [row for row in rows if not row[0].startswith("board:")]
                found[table] = rows
        return found

    # --- Finding what can be pressed ---

    def find(self) -> dict[str, Example]:
        """Return a press of every button that is found, each allowed to somebody."""
        week = self.keep()
        self.newsroom.seen.executescript(SHAPED)
        self.says(ANA, "/mine")
        self.says(BORIS, "/moderate")
        self.explore()
        mark = sections.mark_of(self.newsroom.run(self.listed()))
        self.press(self.keep(), Shown(DESK, 1, f"v1:sections-same:1:{mark}"), CLARA)
        self.newsroom.presses(CLARA, DESK, 1, "v1:close:1:1")
        self.draw()
        self.explore()
        self.newsroom.presses(CLARA, DESK, 1, "v1:publish:1:2")
        self.newsroom.time_passes(1)
        self.draw()
        self.newsroom.run(self.in_doubt())
        self.draw()
        self.explore()
        revision = self.newsroom.rows("SELECT revision FROM issues WHERE id = 1")[0][0]
        self.press(self.keep(), Shown(DESK, 1, f"v1:hold:1:{revision}"), BORIS)
        self.press(self.keep(), Shown(DESK, 1, f"v1:continue:1:{revision + 1}"), CLARA)
        self.newsroom.seen.execute("UPDATE deliveries SET state = 'sent', message_id = 900 + id")
        self.newsroom.send_posts()
        self.explore()
        for data in ("subscribe-here:1:0", "subscribe-latest:1:0"):
            self.press(self.keep(), Shown(EVE, 1, f"v1:{data}"), EVE)
        scene, user, shown, _ = self.found["correct-do"]
        self.set_back(scene)
        self.press(scene, Shown(shown.chat, shown.message, shown.data.replace("correct-do", "correct-mail.on")), user)
        self.set_back(week)
        self.handmade()
        return self.found

    async def listed(self) -> tuple[Section, ...]:
        """Return the sections of the open issue."""
        async with self.newsroom.store.reading() as tx:
            return await sections.listed(tx, 1, 1)

    async def in_doubt(self) -> None:
        """Let every post of the issue be perhaps sent."""
        newsroom = self.newsroom
        async with newsroom.store.reading() as tx:
            frozen = [issue for issue in await records.running(tx) if issue.state == IssueState.FROZEN]
        for issue in frozen:
            await plan.plan(newsroom.store, issue)
        async with newsroom.store.transaction() as tx:
            for row in await deliveries.next_parts(tx, newsroom.clock.now()):
                await deliveries.claim_one(tx, row.id, newsroom.clock.now())
                await deliveries.record(tx, row.id, DeliveryState.IN_DOUBT)
                await tell.doubt(tx, row, newsroom.clock.now())

    def handmade(self) -> None:
        self.newsroom.seen.executescript(BY_HAND)
        self.says(BORIS, "/invite contributor", desk=True)
        self.newsroom.presses(BORIS, DESK, 1, "v1:cite.1-3:4:2")
        self.newsroom.presses(BORIS, DESK, 1, "v1:translate.2-3:5:2")
        sealed = self.newsroom.sealer.seal(previews.ADDRESS, "clara@readers.example")
        self.newsroom.seen.execute("UPDATE people SET mail_address = ? WHERE role = 'editor'", (sealed,))
        for user, chat, data in HANDMADE:
            shown = Shown(chat, 1, f"v1:{data}")
            scene = self.keep()
            self.press(scene, shown, user)
            self.set_back(scene)

    def explore(self) -> None:
        """Say every command, then press whatever is shown, and what is shown then; come back to where it began."""
        before = self.keep()
        for command in COMMANDS:
            self.says(OLENA, command, desk=True)
        waiting = [self.keep()]
        while waiting:
            scene = waiting.pop(0)
            every = [Shown(said.chat, said.message, data) for said in scene.paper.said.values() for data in said.data]
            for shown in every:
                if shown.action in routes.BUTTONS and shown.kind not in self.kinds:
                    self.kinds.add(shown.kind)
                    if self.tried[shown.action] < ENOUGH:
                        waiting += self._follow(scene, shown)
        self.set_back(before)

    def _follow(self, scene: Scene, shown: Shown) -> list[Scene]:
        user = IN_ROLE[routes.BUTTONS[shown.action].role] if shown.chat == DESK else shown.chat
        self.set_back(scene)
        asked = {key for key, said in self.newsroom.paper.said.items() if said.ask}
        self.press(scene, shown, user)
        self.draw()
        after = [self.keep()]
        new = [said for key, said in self.newsroom.paper.said.items() if said.ask and key not in asked]
        for said in new:
            words = TYPED.get(shown.action, "Another title")
            self.newsroom.writes(user, words, desk=said.chat == DESK, reply_to=said.message)
            self.draw()
            after.append(self.keep())
        return after

    def press(self, scene: Scene, shown: Shown, user: int) -> None:
        """Press a button, and remember it if it is the first of its action, or the first that changes anything."""
        before = self.everything(DRAWN)
        self.newsroom.presses(user, *shown)
        changes = self.everything(DRAWN) != before
        self.tried[shown.action] += 1
        if self.newsroom.paper.answers[-1]:
            self.said[shown.action] = self.newsroom.paper.answers[-1]
        if shown.action not in self.found or (changes and not self.found[shown.action].changes):
            self.found[shown.action] = Example(scene, user, shown, changes)
