"""What is said at the desk about an issue."""

from datetime import datetime

from bot.moderation.waking import FOLDED
from bot.texts import say
from store import boards, outbox
from store.database import Tx
from store.records import Bulletin, Issue
from store.states import Topic


async def desk(tx: Tx, bulletin: Bulletin, issue_id: int, kind: str, now: datetime) -> None:
    """Queue the drawing of an issue's message in the moderators' chat."""
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind=kind,
        payload={"at": now.isoformat()},
        subject_id=issue_id,
        merge_key=f"{kind}:{issue_id}",
    )
    if kind == "gate":
        await boards.refresh(tx, bulletin, now)


async def bring_down(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    """Let the next drawing of an issue's message come to the end of the chat; the one that stands there folds."""
    chat = bulletin.moderators_chat
    old = None if chat is None else await outbox.card(tx, "gate", issue.id, chat)
    if chat is None or old is None:
        return
    await outbox.forget_card(tx, "gate", issue.id, chat)
    number = issue.number or bulletin.next_number
    title = say(bulletin.language, "issue-name", title=bulletin.title, number=number)
    payload = {"title": title, "message": old}
    await outbox.put_at_desk(tx, bulletin, now=now, kind=FOLDED, payload=payload, subject_id=issue.id)


async def say_to_desk(tx: Tx, bulletin: Bulletin, now: datetime, key: str, **values: object) -> None:
    """Queue a sentence that wants attention for the moderators' chat."""
    await say_about(tx, bulletin, Topic.ALARMS, now, key, **values)


async def say_about(tx: Tx, bulletin: Bulletin, topic: Topic, now: datetime, key: str, /, **values: object) -> None:
    """Queue a sentence for the moderators' chat, for the topic of what it is about."""
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind="say",
        topic=topic,
        payload={"key": key, "values": values},
        subject_id=bulletin.id,
    )
