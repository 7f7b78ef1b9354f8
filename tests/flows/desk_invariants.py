"""Twelve things that hold at the desk whatever people do, looked at after every step."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.flows.paper import ANA, CHANNEL, DESK, EVE, REX, Newsroom

# Which states an item may be in after another; None is before it came.
NEXT: dict[str | None, set[str]] = {
    None: {"draft", "pending"},
    "draft": {"pending", "withdrawn", "merged", "rejected"},
    "pending": {"approved", "rejected", "withdrawn", "merged", "draft"},
    "approved": {"pending", "in issue", "carried", "withdrawn", "merged"},
    "carried": {"pending", "approved", "in issue", "withdrawn", "merged"},
    "rejected": {"pending"},
    "withdrawn": {"pending"},
    "merged": {"pending"},
    "in issue": {"approved", "withdrawn after publication"},
    "withdrawn after publication": {"in issue"},
}
LAST_ACT = {"approved": {"approve"}, "rejected": {"reject"}, "in issue": {"approve"}, "merged": {"merge"}}
DECIDING = ("approve", "reject", "undo", "send-back", "merge", "withdraw", "separate", "correct", "revise")


class Watchman:
    """Remembers what was, and looks whether what is may follow from it."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.items: dict[int, tuple[str, int]] = {}
        self.closed: dict[int, tuple[Any, ...]] = {}
        self.posted: dict[int, Any] = {}
        self.heard = 0
        self.told: Counter[tuple[int, str]] = Counter()
        self.decisions: Counter[int] = Counter()

    def look(self) -> None:
        for invariant in INVARIANTS.values():
            invariant(self)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.newsroom.rows(query)


def one_state(watchman: Watchman) -> None:
    """An item is in one state, comes into it from one that may precede it, and its revision grows with it."""
    rows = watchman.rows("SELECT id, state, revision FROM items")
    there = {item: (state, revision) for item, state, revision in rows}
    assert watchman.items.keys() <= there.keys(), "an item is lost"
    for item, (state, revision) in there.items():
        before, old = watchman.items.get(item, (None, 0))
        assert revision >= old, f"the revision of item {item} falls"
        if state != before:
            assert revision > old, f"item {item} becomes {state} in secret"
            assert _reaches(before, state), f"item {item} goes from {before} to {state}"
    watchman.items = there


def _reaches(before: str | None, after: str) -> bool:
    """Say whether one step of a person, which may hold two of an item, leads from one state to another."""
    firsts = NEXT[before]
    return after in firsts or any(after in NEXT[first] for first in firsts)


def numbers(watchman: Watchman) -> None:
    """Numbers are unique and without a gap, and one issue of a bulletin is open."""
    taken = sorted(number for (number,) in watchman.rows("SELECT number FROM issues WHERE number IS NOT NULL"))
    assert taken == list(range(1, len(taken) + 1)), taken
    assert watchman.rows("SELECT next_number FROM bulletins") == [(len(taken) + 1,)]
    assert watchman.rows("SELECT count(*) FROM issues WHERE number IS NULL") == [(1,)]


def closed_stays(watchman: Watchman) -> None:
    """What is closed changes by corrections alone, of which each is written down."""
    query = (
        "SELECT i.id, i.number, i.document, (SELECT count(*) FROM corrections c WHERE c.issue_id = i.id) FROM issues i "
        "WHERE i.number IS NOT NULL"
    )
    there = {issue: (number, document, count) for issue, number, document, count in watchman.rows(query)}
    out = {issue for (issue,) in watchman.rows("SELECT DISTINCT issue_id FROM deliveries WHERE state = 'sent'")}
    for issue, (number, document, count) in watchman.closed.items():
        now = there.get(issue)
        if now is None:
            assert issue not in out, f"issue {number} went out and is open again"
        elif now[1] != document:
            assert now[2] > count or issue not in out, f"issue {number} changed without a correction"
    watchman.closed = there


def audit_equals_state(watchman: Watchman) -> None:
    """What the audit trail says last of an item is what the item is."""
    marks = ", ".join(f"'{act}'" for act in DECIDING)
    # To be joined to another, or parted from it, is done to the one that is joined: the other stays what it is.
    whose = "iif(act IN ('merge', 'separate'), json_extract(payload, '$.source'), subject)"
    query = f"SELECT {whose}, act FROM audit WHERE act IN ({marks}) AND subject LIKE 'item %' ORDER BY id"
    last = dict(watchman.rows(query))
    for item, (state, _) in watchman.items.items():
        act = last.get(f"item {item}")
        if state in LAST_ACT:
            assert act in LAST_ACT[state], f"item {item} is {state}, the audit trail says {act}"
        elif state == "pending":
            acts = watchman.rows(f"SELECT actor, act FROM audit WHERE subject = 'item {item}'")
            assert act not in ("approve", "reject"), f"item {item} waits, the audit trail says {acts}"


def audit_is_whole(watchman: Watchman) -> None:
    """Every row of the audit trail is chained to the one before."""
    previous = "0" * 64
    for payload, payload_hash, before, _ in watchman.rows(
        "SELECT payload, payload_hash, previous_hash, hash FROM audit ORDER BY id"
    ):
        words = json.dumps(json.loads(payload), sort_keys=True, ensure_ascii=False)
        assert hashlib.sha256(words.encode()).hexdigest() == payload_hash
        assert before == previous, "the audit trail is broken"
        previous = _


def told_once(watchman: Watchman) -> None:
    """A sender hears of a decision once for each time that it was made, and of none that was not."""
    paper, rows = watchman.newsroom.paper, watchman.rows
    for chat, text in paper.every[watchman.heard :]:
        if chat == ANA:
            heard = re.findall(r"#(\d+) “(.*)” (is approved|will not be in)", text)
            watchman.told.update((int(number), title) for number, title, _ in heard)
    watchman.heard = len(paper.every)
    acts = "SELECT subject FROM audit WHERE act IN ('approve', 'reject')"
    made = Counter(int(subject.split()[1]) for (subject,) in rows(acts) if subject.startswith("item "))
    times: Counter[tuple[int, str]] = Counter()
    query = "SELECT i.id, s.number, i.title, i.merged_into_id FROM items i JOIN submissions s ON s.id = i.submission_id"
    for item, number, _title, whole in rows(query):
        times[number, ""] += made[item] + (made[whole] if whole else 0)
    heard_of: Counter[int] = Counter()
    for (number, _), count in watchman.told.items():
        heard_of[number] += count
    for number, count in heard_of.items():
        assert count <= times[number, ""], f"of #{number} its sender heard {count} times"


def votes_suffice(watchman: Watchman) -> None:
    """What is decided was decided by as many as the bulletin asks for, each of whom may."""
    query = "SELECT i.id, p.role FROM items i JOIN people p ON p.id = i.decided_by"
    assert [row for row in watchman.rows(query) if row[1] == "contributor"] == []
    undecided = "SELECT id FROM items WHERE state IN ('approved', 'rejected', 'in issue') AND decided_by IS NULL"
    assert watchman.rows(undecided) == []
    settled = watchman.rows("SELECT count(*) FROM audit WHERE act = 'set-quorum'")[0][0]
    ((quorum,),) = watchman.rows("SELECT quorum FROM bulletins")
    decisions = "SELECT payload FROM audit WHERE act IN ('approve', 'reject')" if not settled and quorum > 1 else ""
    for (payload,) in watchman.rows(decisions) if decisions else ():
        assert len(set(json.loads(payload).get("votes", ()))) >= quorum, "one person has decided alone"


def nobody_acts_without_a_role(watchman: Watchman) -> None:
    """Nothing is done by a stranger, nor by somebody whose role was taken away before."""
    rex = watchman.newsroom.ids[REX]
    joined = "SELECT max(id) FROM audit WHERE act = 'join' AND subject = ?"
    row = watchman.newsroom.seen.execute(joined, (f"person {rex}",)).fetchone()[0]
    done = "SELECT act FROM audit WHERE actor = ? AND id > ?"
    assert watchman.newsroom.seen.execute(done, (f"person {rex}", row)).fetchall() == []
    others = "SELECT DISTINCT actor FROM audit WHERE actor NOT LIKE 'person %'"
    assert {actor for (actor,) in watchman.rows(others)} <= {"clock", "contributor"}
    sent = "SELECT act FROM audit WHERE actor = 'contributor' AND act IN ('approve', 'reject', 'undo', 'merge')"
    assert watchman.rows(sent) == []
    people = {person for (person,) in watchman.rows("SELECT id FROM people")}
    actors = watchman.rows("SELECT DISTINCT actor FROM audit WHERE actor LIKE 'person %'")
    assert {int(actor.split()[1]) for (actor,) in actors} <= people
    assert [text for chat, text in watchman.newsroom.paper.every if chat == EVE and "Received" in text] == []


def items_print_once(watchman: Watchman) -> None:
    """What stands in a closed issue is in no other, and every issue holds what its document prints."""
    printed: Counter[int] = Counter()
    for issue, document in watchman.rows("SELECT id, document FROM issues WHERE number IS NOT NULL"):
        ids = [item["item_id"] for section in json.loads(document)["sections"] for item in section["items"]]
        printed.update(ids)
        inside = watchman.rows(f"SELECT id FROM items WHERE issue_id = {issue} AND state = 'in issue'")
        assert sorted(ids) == sorted(item for (item,) in inside), f"issue {issue}"
    assert [item for item, count in printed.items() if count > 1] == []
    assert (
        watchman.rows(
            "SELECT id FROM items WHERE issue_id IS NOT NULL AND state NOT IN "
            "('in issue', 'withdrawn after publication')"
        )
        == []
    )


def ledger_adds_up(watchman: Watchman) -> None:
    """Every post is in the ledger once, and what was sent stays sent."""
    keys = watchman.rows("SELECT issue_id, kind, target_id, part FROM deliveries")
    assert len(keys) == len(set(keys))
    query = "SELECT id, issue_id, part, message_id FROM deliveries WHERE state = 'sent' AND kind = 'telegram'"
    there = {row[0]: row[1:] for row in watchman.rows(query)}
    for row, before in watchman.posted.items():
        assert there.get(row) == before, f"post {row} was sent and is {there.get(row)}"
    watchman.posted = there
    assert [chat for chat, _ in watchman.newsroom.paper.every if chat == CHANNEL] == []


def nothing_is_lost_between_sections(watchman: Watchman) -> None:
    """Every approved item stands in a section that there is, and places in a section are nobody's twice."""
    orphans = (
        "SELECT id FROM items WHERE state IN ('approved', 'carried', 'in issue') "
        "AND (section_id IS NULL OR section_id NOT IN (SELECT id FROM sections))"
    )
    assert watchman.rows(orphans) == []
    assert watchman.rows("SELECT count(*) > 0 FROM sections WHERE retired = 0 AND issue_id IS NULL") == [(1,)]


def cards_are_single(watchman: Watchman) -> None:
    """An item has one message with buttons at the desk, and only one that is undecided can be approved there."""
    said = watchman.newsroom.paper.said
    cards = dict(watchman.rows(f"SELECT message_id, subject_id FROM cards WHERE kind = 'card' AND chat_id = {DESK}"))
    waiting = {subject for kind, subject in watchman.rows("SELECT kind, subject_id FROM outbox") if kind == "card"}
    for message, item in cards.items():
        shown = said[DESK, message].data
        state = watchman.items[item][0]
        if item not in waiting and any(data.startswith("v1:into") for data in shown):
            assert state in ("pending", "draft"), f"the card of item {item}, which is {state}, offers to approve it"


INVARIANTS: dict[str, Callable[[Watchman], None]] = {
    "one state": one_state,
    "numbers": numbers,
    "closed stays closed": closed_stays,
    "audit equals state": audit_equals_state,
    "audit is whole": audit_is_whole,
    "told once": told_once,
    "votes suffice": votes_suffice,
    "nobody acts without a role": nobody_acts_without_a_role,
    "items print once": items_print_once,
    "ledger adds up": ledger_adds_up,
    "nothing is lost between sections": nothing_is_lost_between_sections,
    "cards are single": cards_are_single,
}
