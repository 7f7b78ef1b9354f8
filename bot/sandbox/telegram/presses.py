"""A press on a button, as the person sees it: sent, and after a while answered."""

import time
from dataclasses import dataclass, field

from bot.sandbox.telegram.accounts import Account, Json
from bot.sandbox.telegram.messages import Message


@dataclass(slots=True, eq=False)
class Press:
    """One callback query."""

    id: str
    sender: Account
    message: Message
    data: str
    answered: bool = False
    answer_text: str | None = None
    show_alert: bool = False
    answer_url: str | None = None
    # Real time, not the sandbox's: a clock that runs a thousand times faster would leave the bot no time at all.
    pressed_at: float = field(default_factory=time.monotonic)

    def api(self) -> Json:
        """The press as a CallbackQuery object."""
        return {
            "id": self.id,
            "from": self.sender.api(),
            "chat_instance": str(8_000_000_000_000_000 + abs(self.message.chat.id)),
            "message": self._inaccessible() if self.message.deleted else self.message.api(),
            "data": self.data,
        }

    def answer(self, text: str | None, *, show_alert: bool, url: str | None) -> None:
        """Show the bot's answer to the person who pressed."""
        self.answered, self.answer_text, self.show_alert, self.answer_url = True, text, show_alert, url

    def _inaccessible(self) -> Json:
        return {"chat": self.message.chat.api(), "message_id": self.message.message_id, "date": 0}
