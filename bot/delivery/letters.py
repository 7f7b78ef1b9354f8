"""One reader's letter, cut from the template of the issue; the same row gives the same bytes after a restart."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.render.mail import MailTemplate
from bot.seal import Sealer
from bot.subscriptions import ADDRESS
from bot.tokens import row_token
from store import corrections, issues
from store.database import Tx
from store.deliveries import CORRECTION
from store.records import Delivery
from store.subscribers import Reader

_KEPT_TEMPLATES = 4


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to the mail server: envelope sender, recipient, and the message with CRLF line ends."""

    envelope_from: str
    recipient: str
    message: bytes


class Letters:
    """Writes the letters of all issues; `mail_from` is the address the issues come from."""

    def __init__(self, sealer: Sealer, mail_from: str) -> None:
        self._sealer = sealer
        self._domain = mail_from.rpartition("@")[2]
        self._templates: OrderedDict[tuple[int, str, int, int], MailTemplate] = OrderedDict()

    async def templates(self, tx: Tx, rows: Iterable[Delivery]) -> dict[int, MailTemplate]:
        """Return for each of these rows the template stored for it: the issue as it is now, or a correction of it.

        Where none is stored the row is left out.
        """
        made: dict[int, int] = {}
        found: dict[int, MailTemplate] = {}
        for row in rows:
            if row.issue_id not in made:
                made[row.issue_id] = await corrections.count(tx, row.issue_id)
            number = row.part if row.kind == CORRECTION else 0
            template = await self._template(tx, (row.issue_id, row.kind, number, made[row.issue_id]))
            if template is not None:
                found[row.id] = template
        return found

    async def _template(self, tx: Tx, key: tuple[int, str, int, int]) -> MailTemplate | None:
        """Return a template by issue, kind, part, and how many corrections it has seen."""
        if key not in self._templates:
            stored = await issues.rendering(tx, *key[:3])
            if stored is None:
                return None
            self._templates[key] = MailTemplate.of(stored)
            while len(self._templates) > _KEPT_TEMPLATES:
                self._templates.popitem(last=False)
        return self._templates[key]

    def write(self, template: MailTemplate, delivery: Delivery, reader: Reader) -> Letter:
        """Return the letter of one ledger row.

        The tokens name the subscription, the Message-ID the row; none of them holds the address. Raises
        OperatorError when the address does not open, ValueError when no header can carry it.
        """
        recipient = self._sealer.open(ADDRESS, reader.address)
        leave = row_token(self._sealer, "leave", reader.id, reader.generation)
        bounce = row_token(self._sealer, "bounce", reader.id, reader.generation)
        message_id = f"{row_token(self._sealer, 'message', delivery.id, 0)}@{self._domain}"
        message = template.fill(recipient, message_id, leave)
        return Letter(f"bounce+{bounce}@{self._domain}", recipient, message)
