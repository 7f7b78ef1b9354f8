"""Errors by what the caller can do about them; those for people carry the key of a sentence in `bot.texts`."""


class Refused(Exception):
    """What a person asked for cannot be done; `key` and `values` name the sentence that says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Unreadable(Refused):
    """A page could not be read; the item is kept with what is known. `media_type` is set where headers told it."""

    def __init__(self, key: str, *, media_type: str = "", **values: object) -> None:
        super().__init__(key, **values)
        self.media_type = media_type


class OperatorError(Exception):
    """The operator must change something; the message names the setting or command that mends it."""


class NotSent(Exception):
    """It is proven that nothing was sent.

    `permanent`: trying again cannot help. `retry_after`: seconds to wait, as the other side said, or None.
    `whose`: "target" (this address or chat), "run" (every one would fare the same: policy, authentication, token).
    """

    def __init__(
        self, reason: str, *, permanent: bool, retry_after: float | None = None, whose: str = "target"
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.whose = whose


class PerhapsSent(Exception):
    """Nobody can know whether it was sent: it was written, and no answer was read."""


class ChatMoved(Exception):
    """A group became a supergroup; `chat` is its new id."""

    def __init__(self, chat: int) -> None:
        super().__init__(f"the chat moved to {chat}")
        self.chat = chat


class ChatGone(NotSent):
    """The bot was blocked or removed there (403): pause this target, others go on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)
