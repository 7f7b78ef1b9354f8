"""Every button of the bot, pressed by whom, where and when nobody may: nothing in the database changes."""

from collections.abc import Iterator

import pytest

from handlers import routes
from store.states import Role
from tests.flows.desk_scenes import ANNA, DRAWN, ELSEWHERE, OTHER_DESK, Example, Stage
from tests.flows.paper import ANA, BORIS, CLARA, DESK, EVE, REX

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
ANONYMOUS_ADMIN = 1087968824
FAR = 1000
"""How far from a row its like in the other bulletin stands."""

TOO_LOW = {Role.MODERATOR: ANA, Role.EDITOR: BORIS, Role.OWNER: CLARA}
COPIED = ("items", "issues", "notices", "sections", "channels", "submissions", "deliveries", "corrections")
MOVED = ("id", "issue_id", "section_id", "submission_id", "wanted_section_id", "skips_issue_id")

VIEWS = frozenset(
    "ask ask-issue ask-light back bulletin-new card channel-add channel-try channels choose correct correct-in "
    "correct-item correct-mail fix letter-answer letters letters-card subscribe subscribe-mail "
    "letterbox-new invitations invite issue issue-day issue-item issue-items issue-lights issue-texts "
    "mail-me mine notice notice-ask notice-days notice-less notice-new notice-show notice-zones notices open people "
    "person person-name person-roles preview-other queue queue-by queue-card queue-down queue-open queue-pick "
    "reason-add reject report report-missed seat section section-ask section-gone section-left section-menu "
    "section-new sections set set-ask set-desk set-hour set-topics skip source source-away source-edit source-new "
    "sources stats topic why".split()
)
"""Buttons that show something or ask for words: what they write is what is shown. Mail and topics are not on paper."""

OF_ALL = frozenset(
    "bulletin guard guard-no guard-yes invite-for language letter-ignore letter-subscribe letter-take "
    "moderate-here not-this-one person-ban person-contact "
    "person-free person-mute person-revoke person-role publish-here source-remove source-trust uninvite".split()
)
"""What belongs to no single bulletin, so that it may be done at either desk; roles are the installation's too."""

ONES_OWN = frozenset(["preview-forget"])
"""What is about who presses, whatever the button names."""

SAME_AGAIN = frozenset(
    "correct-ask invite-for issue-newest language moderate-here person-ban person-contact person-free person-mute "
    "publish-here source-trust".split()
)
"""Pressed once more these do once more what they did: a link more, or the same value set, and noted, again."""


MEANT = {"of another": ONES_OWN, "at another desk": OF_ALL, "without its argument": frozenset({"item-light"})}


def every_like_in_the_other_bulletin(stage: Stage) -> None:
    """Give the other bulletin a copy of everything, with the same revisions."""
    seen = stage.newsroom.seen
    seen.execute("DELETE FROM issues WHERE bulletin_id = 2")
    for table in COPIED:
        names = [row[1] for row in seen.execute(f"PRAGMA table_info({table})")]
        values = {name: f"{name} + {FAR}" if name in MOVED else name for name in names}
        if "bulletin_id" in names:
            values["bulletin_id"] = "2"
        if table == "submissions":
            values["person_id"] = str(stage.newsroom.ids[BORIS])
            values["number"] = f"number + {FAR} * id"
        only = " WHERE bulletin_id = 1" if "bulletin_id" in names else ""
        seen.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values.values())} FROM {table}{only}")


def nobodys(stage: Stage, action: str, example: Example) -> Iterator[str]:
    """Press as nobody may, and say what changed all the same; nothing at all may."""
    (_, user, shown, _), newsroom = example, stage.newsroom
    role = routes.BUTTONS[action].role
    before = stage.everything()
    own = shown.chat > 0
    cases = {
        "a stranger": (EVE, EVE if own else DESK, shown.data),
        "somebody whose role was taken away": (REX, REX if own else DESK, shown.data),
        "an anonymous admin": (ANONYMOUS_ADMIN, DESK, shown.data),
        "a copy in a chat that is not ours": (user, ELSEWHERE, shown.data),
        "without its revision": (user, shown.chat, shown.data.rpartition(":")[0]),
        "with half a revision": (user, shown.chat, shown.data.rpartition(":")[0] + ":"),
        "without its subject": (user, shown.chat, ":".join(shown.data.split(":")[:2])),
        "of another version": (user, shown.chat, "v2" + shown.data[2:]),
        "cut short": (user, shown.chat, shown.data[: len(shown.data) // 2].rpartition(":")[0]),
    }
    if role is None:
        del cases["a stranger"], cases["somebody whose role was taken away"]  # these doors are open to them
    if role in TOO_LOW:
        low = TOO_LOW[role]
        cases["too low a role"] = (low, low if own else DESK, shown.data)
    for case, (who, chat, data) in cases.items():
        newsroom.presses(who, chat, shown.message, data)
        if stage.everything() != before:
            yield f"{action}, {case}: {data}"
            stage.set_back(example.scene)


def wrongly(stage: Stage, action: str, example: Example) -> Iterator[str]:
    """Press what is allowed about something else, or elsewhere; say what changed but what is shown."""
    scene, user, shown, _ = example
    every_like_in_the_other_bulletin(stage)
    full = stage.keep()
    start, subject, revision = shown.data.rsplit(":", 2)
    others = {f"{start}:{other}:{revision}" for other in (int(subject) + FAR, 999_999) if subject != "0"}
    cases = [("of another", user, shown.chat, data) for data in sorted(others)]
    cases.append(("at another desk", user, OTHER_DESK, shown.data))
    if "." in start:
        cases.append(("without its argument", user, shown.chat, f"{start.partition('.')[0]}:{subject}:{revision}"))
    if user == ANA and shown.chat == ANA:
        cases.append(("of somebody else", ANNA, ANNA, shown.data))
    before = stage.everything(DRAWN)
    for case, who, chat, data in cases:
        stage.newsroom.presses(who, chat, shown.message, data)
        if stage.everything(DRAWN) != before and action not in MEANT.get(case, ()):
            yield f"{action}, {case}: {data}, {stage.newsroom.paper.answers[-1][:60]}"
        stage.set_back(full)
    stage.set_back(scene)


def again(stage: Stage, action: str, example: Example) -> Iterator[str]:
    """Press as it is allowed, let the update come again, and press once more."""
    before = stage.everything(DRAWN)
    stage.newsroom.presses(example.user, *example.shown)
    after = stage.everything()
    if (stage.everything(DRAWN) != before) != (action not in VIEWS):
        yield f"{action}: {'changes something' if action in VIEWS else 'changes nothing'}"
    stage.newsroom.comes_again()
    if stage.everything() != after:
        yield f"{action}, the same update again"
    after = stage.everything(DRAWN)
    stage.newsroom.presses(example.user, *example.shown)
    if (stage.everything(DRAWN) != after) and action not in SAME_AGAIN:
        yield f"{action}, pressed again after its effect: {stage.newsroom.paper.answers[-1][:60]}"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    there = Stage()
    there.find()
    yield there
    there.newsroom.close()


def test_a_valid_press_of_every_button_is_known(stage: Stage) -> None:
    assert set(routes.BUTTONS) - set(stage.found) == set()


@pytest.mark.parametrize("wrong", [nobodys, wrongly, again])
def test_no_forged_press_has_an_effect(stage: Stage, wrong: object) -> None:
    changed: list[str] = []
    for action, example in sorted(stage.found.items()):
        stage.set_back(example.scene)
        changed += wrong(stage, action, example)  # type: ignore[operator]
    assert not changed, "\n".join(changed)
