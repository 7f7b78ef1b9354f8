"""One reader's letter, cut from the template of the issue; the same row gives the same bytes after a restart."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.logs import logger
from bot.render import mail_forms
from bot.render.mail import MailTemplate
from bot.seal import Sealer
from bot.subscriptions import ADDRESS
from bot.tokens import row_token
from store import bulletins, corrections, issues
from store.database import Tx
from store.deliveries import CORRECTION, MAIL
from store.records import Delivery
from store.subscribers import Reader

log = logger("delivery")
_KEPT_TEMPLATES = 8
PDF = "pdf"


class Form(NamedTuple):
    """How a reader wants a mail: its text alone or with HTML, with the PDF or without."""

    text_only: bool
    with_pdf: bool


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
        self._templates: OrderedDict[tuple[tuple[int, str, int, int], Form], MailTemplate] = OrderedDict()

    async def templates(
        self, tx: Tx, rows: Iterable[Delivery], readers: Mapping[int, Reader]
    ) -> dict[int, MailTemplate]:
        """Return for each of these rows the template stored for it: the issue as it is now, or a correction of it.

        It is in the form that the row's reader chose. Where none is stored the row is left out.
        """
        made: dict[int, int] = {}
        found: dict[int, MailTemplate] = {}
        for row in rows:
            reader = readers.get(row.target_id)
            if reader is None:
                continue
            if row.issue_id not in made:
                made[row.issue_id] = await corrections.count(tx, row.issue_id)
            number = row.part if row.kind == CORRECTION else 0
            form = Form(reader.format == "text", reader.with_pdf and row.kind != CORRECTION)
            template = await self._template(tx, (row.issue_id, row.kind, number, made[row.issue_id]), form)
            if template is not None:
                found[row.id] = template
        return found

    async def of_issue(self, tx: Tx, issue_id: int, reader: Reader) -> MailTemplate | None:
        """Return the template of an issue as it is now, in the form that a reader chose."""
        made = await corrections.count(tx, issue_id)
        return await self._template(tx, (issue_id, MAIL, 0, made), Form(reader.format == "text", reader.with_pdf))

    async def _template(self, tx: Tx, key: tuple[int, str, int, int], form: Form) -> MailTemplate | None:
        """Return a template by issue, kind, part, and how many corrections it has seen, in one form."""
        if (key, form) not in self._templates:
            stored = await issues.rendering(tx, *key[:3])
            if stored is None:
                return None
            self._templates[key, form] = MailTemplate.of(await _in_form(tx, key[0], stored, form))
            while len(self._templates) > _KEPT_TEMPLATES:
                self._templates.popitem(last=False)
        return self._templates[key, form]

    def write(self, template: MailTemplate, delivery: Delivery, reader: Reader) -> Letter:
        """Return the letter of one ledger row.

        The tokens name the subscription, the Message-ID the row; none of them holds the address. Raises
        OperatorError when the address does not open, ValueError when no header can carry it.
        """
        return self.cut(template, reader, row_token(self._sealer, "message", delivery.id, 0))

    def cut(self, template: MailTemplate, reader: Reader, name: str) -> Letter:
        """Return the letter to one reader whose Message-ID begins with `name`; raises as `write` does."""
        recipient = self._sealer.open(ADDRESS, reader.address)
        leave = row_token(self._sealer, "leave", reader.id, reader.generation)
        bounce = row_token(self._sealer, "bounce", reader.id, reader.generation)
        message = template.fill(recipient, f"{name}@{self._domain}", leave)
        return Letter(f"bounce+{bounce}@{self._domain}", recipient, message)


async def _in_form(tx: Tx, issue_id: int, stored: bytes, form: Form) -> bytes:
    """Return the template in another form; one that cannot be changed goes as it is, since a lost issue is worse."""
    try:
        stored = mail_forms.text_only(stored) if form.text_only else stored
        return await _with_pdf(tx, issue_id, stored) if form.with_pdf else stored
    except ValueError:
        log.exception("a mail cannot be had in another form", issue=issue_id)
        return stored


async def _with_pdf(tx: Tx, issue_id: int, stored: bytes) -> bytes:
    """Return the template with the issue's PDF attached; without one the mail goes as it is."""
    issue, pdf = await issues.get(tx, issue_id), await issues.rendering(tx, issue_id, PDF)
    if issue is None or pdf is None:
        return stored
    bulletin = await bulletins.get(tx, issue.bulletin_id)
    return mail_forms.with_pdf(stored, pdf, f"{bulletin.slug}-{issue.number}.pdf")
