"""What the sandbox has seen of promises kept and broken: links lost, posts doubled, letters missing or twice."""

import re
import time
from collections import Counter
from dataclasses import dataclass

from bot.sandbox.stage import Stage
from bot.sandbox.telegram import Chat, Message, Person

_NUMBER = re.compile(r"[#№](\d+)")
_LINKS = ("url", "text_link")
_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Counts:
    """What was seen; `under_way` is what is not answered or delivered yet but still may be."""

    lost: int
    doubled: int
    under_way: int
    letters: int
    letters_twice: int


class Counters:
    """Counts from the sandbox's side alone: what people sent and what came back to them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._taken_at: dict[tuple[int, int], float] = {}
        self._audience: dict[str, frozenset[str]] = {}

    def count(self, *, sending: bool = False, final: bool = False) -> Counts:
        """Count now. `sending`: the bot still delivers; `final`: what is not there now will not come."""
        links = [self._unanswered(person, chat, final=final) for person, chat in self._stage.private_chats()]
        missing, letters, twice = self._letters()
        waits = sending and not final
        return Counts(
            lost=sum(lost for lost, _ in links) + (0 if waits else missing),
            doubled=sum(self._doubled(channel) for channel in self._stage.channels),
            under_way=sum(waiting for _, waiting in links) + (missing if waits else 0),
            letters=letters,
            letters_twice=twice,
        )

    def _doubled(self, channel: Chat) -> int:
        return sum(times - 1 for times in Counter(self._stage.posts(channel)).values())

    def _unanswered(self, person: Person, chat: Chat, *, final: bool) -> tuple[int, int]:
        """How many messages with links were lost in a chat, and how many wait for their answer.

        An acknowledgement carries a number of its own (#17, №17); a link that cannot be taken is answered in words.
        """
        sent = [one for one in chat.messages if one.is_from(person.account) and _has_link(one)]
        answered = len(_numbers(self._stage.telegram.bot.id, chat)) + self._refused(person, chat)
        open_now = max(0, len(sent) - answered)
        waiting = 0 if final else min(open_now, sum(self._is_fresh(chat, one) for one in sent))
        return open_now - waiting, waiting

    def _refused(self, person: Person, chat: Chat) -> int:
        refused, asked = 0, False
        for one in chat.messages:
            if one.is_from(person.account):
                asked = _has_link(one)
            elif asked and not _NUMBER.search(one.words):
                refused, asked = refused + 1, False
        return refused

    def _is_fresh(self, chat: Chat, message: Message) -> bool:
        """Has the bot not fetched the message, or fetched it a moment ago?"""
        waiting = self._stage.telegram.updates.waiting
        key = (chat.id, message.message_id)
        if any(_place(update.get("message", {})) == key for update in waiting):
            return True
        return time.monotonic() - self._taken_at.setdefault(key, time.monotonic()) < _PATIENCE_SECONDS

    def _letters(self) -> tuple[int, int, int]:
        """How many letters are missing, how many came, and how many of them came twice, over all issues."""
        boxes = {
            reader: Counter(one.subject for one in self._stage.mail.mailbox(reader))
            for reader in self._stage.mail.received
        }
        subjects = {subject for box in boxes.values() for subject in box}
        for subject in subjects:
            self._audience.setdefault(subject, frozenset(self._stage.readers) - set(self._stage.left))
        missing = sum(
            1
            for subject in subjects
            for reader in self._audience[subject]
            if boxes.get(reader, Counter())[subject] == 0
        )
        came = sum(box.total() for box in boxes.values())
        twice = sum(times - 1 for box in boxes.values() for times in box.values())
        return missing, came, twice


def _numbers(bot: int, chat: Chat) -> set[str]:
    from_bot = (one for one in chat.messages if one.sender is not None and one.sender.id == bot)
    return {number for one in from_bot for number in _NUMBER.findall(one.words)[:1]}


def _has_link(message: Message) -> bool:
    return any(entity["type"] in _LINKS for entity in message.entities) and not message.words.startswith("/")


def _place(message: dict[str, object]) -> tuple[object, object]:
    chat = message.get("chat")
    return (chat.get("id") if isinstance(chat, dict) else None, message.get("message_id"))
