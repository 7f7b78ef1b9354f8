"""Writes single mails by their kind, at the moment they are sent; what is of no use any more is not written."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.delivery.letters import Letter, Letters
from bot.logs import logger
from bot.render import single
from bot.render.mail import Sender
from bot.render.single import Automatic, Head, Said
from bot.returns import PROBE
from bot.seal import Sealer
from bot.subscriptions import ADDRESS, CONFIRM, LEAVE, mark
from bot.subscriptions.coming import KNOWN, LATEST, LATEST_WORD, WAIT_HOURS
from bot.subscriptions.moving import NEW, OLD
from bot.texts import say
from bot.tokens import row_token
from store import bulletins, choices, opt_in, subscribers
from store.database import Tx
from store.opt_in import READING
from store.postbox import DOUBTS, Single
from store.states import SubscriptionState

SAY = "say"
ANSWER = "answer"
"""The kind of a moderator's answer to a letter; the subject and the words are sealed under this purpose too."""
OF_NO_USE = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED, SubscriptionState.COMPLAINED)
log = logger("postbox")


class Writing:
    """Writes the mails of one installation; `public_url` has no slash at its end.

    `hears`: letters reach the bot, so that people are told what an answer does.
    """

    def __init__(self, sealer: Sealer, sender: Sender, public_url: str, *, hears: bool = False) -> None:
        self._sealer = sealer
        self._sender = sender
        self._public_url = public_url
        self._hears = hears
        self._letters = Letters(sealer, sender.address)
        self._by_kind: dict[str, Callable[[Tx, Single, str], Awaitable[Letter | None]]] = {
            CONFIRM: self._confirm,
            KNOWN: self._known,
            LATEST: self._latest,
            OLD: self._change,
            NEW: self._change,
            SAY: self._say,
            PROBE: self._probe,
            ANSWER: self._answer,
        }

    async def write(self, tx: Tx, row: Single) -> Letter | None:
        """Return the mail of a row, the same bytes each time; None when there is nothing to say any more.

        Raises OperatorError when the address does not open, ValueError when no header can carry it.
        """
        write = self._by_kind.get(row.kind)
        if write is None:
            log.error("nobody writes mails of this kind", kind=row.kind)
            return None
        recipient = self._sealer.open(ADDRESS, row.address)
        if not await opt_in.may_be_written_to(tx, mark(self._sealer, recipient)):
            return None
        return await write(tx, row, recipient)

    async def _confirm(self, tx: Tx, row: Single, recipient: str) -> Letter | None:
        found = await opt_in.standing(tx, int(row.payload["subscription"]))
        if found is None or found.generation != row.payload["generation"] or found.state in OF_NO_USE:
            return None
        if found.asked_at is None or found.asked_at < row.created_at:
            return None  # somebody took it back meanwhile
        token = row_token(self._sealer, CONFIRM, found.id, found.generation)
        said = await self._about(tx, row, CONFIRM, f"{self._public_url}/confirm/{token}", hours=WAIT_HOURS)
        if self._hears:
            language = self._language(row)
            answer = say(language, "single-confirm-answer", word=say(language, LATEST_WORD))
            said = replace(said, end=f"{answer}\n\n{said.end}")
        return await self._generated(tx, row, recipient, said, found.id, found.generation, answer_to=token)

    async def _known(self, tx: Tx, row: Single, recipient: str) -> Letter | None:
        found = await opt_in.standing(tx, int(row.payload["subscription"]))
        if found is None or found.state not in READING:
            return None
        token = row_token(self._sealer, LEAVE, found.id, found.generation)
        said = await self._about(tx, row, KNOWN, f"{self._public_url}/choices/{token}")
        return await self._generated(tx, row, recipient, said, found.id, found.generation)

    async def _change(self, tx: Tx, row: Single, recipient: str) -> Letter | None:
        change = await choices.get_change(tx, int(row.payload["change"]))
        found = await opt_in.standing(tx, int(row.payload["subscription"]))
        if change is None or found is None:
            return None
        token = row_token(self._sealer, row.kind, change.id, 0)
        said = await self._about(tx, row, row.kind, f"{self._public_url}/change/{token}", hours=WAIT_HOURS)
        return await self._generated(tx, row, recipient, said, found.id, found.generation)

    async def _latest(self, tx: Tx, row: Single, _recipient: str) -> Letter | None:
        """Return the mail of an issue to one reader, as all others had it."""
        reader = (await subscribers.readers(tx, [int(row.payload["subscription"])])).get(row.payload["subscription"])
        if reader is None or reader.generation != row.payload["generation"] or reader.state not in READING:
            return None
        template = await self._letters.of_issue(tx, int(row.payload["issue"]), reader)
        return None if template is None else self._letters.cut(template, reader, self._name(row))

    async def _say(self, tx: Tx, row: Single, recipient: str) -> Letter:
        payload, language = row.payload, self._language(row)
        values = payload.get("values", {})
        said = Said(say(language, payload["subject"], **values), say(language, payload["text"], **values))
        given = {name: str(payload.get(name, "")) for name in ("answers", "answer_to")}
        return Letter("", recipient, await self._built(tx, row, recipient, said, "auto-replied", **given))

    async def _probe(self, tx: Tx, row: Single, recipient: str) -> Letter:
        """Return a mail that tries whether an address still receives; what bounces of it is told by its token."""
        payload, language = row.payload, self._language(row)
        said = Said(*(say(language, payload[name], **payload["values"]) for name in ("subject", "text")))
        token = row_token(self._sealer, PROBE, int(payload["subscription"]), int(payload["generation"]))
        message = await self._built(tx, row, recipient, said, "auto-generated")
        return Letter(f"bounce+{token}@{self._sender.domain}", recipient, message)

    async def _answer(self, tx: Tx, row: Single, recipient: str) -> Letter | None:
        """Return what a moderator wrote: a person's mail, which may be answered and may bounce."""
        if row.sealed is None:
            return None
        subject, _, text = self._sealer.open(ANSWER, row.sealed).partition("\n")
        answers = str(row.payload.get("answers", ""))
        title = (await bulletins.get(tx, row.bulletin_id)).title
        plain = say(self._language(row), "letter-stranger-subject", title=title)
        said = Said(f"Re: {subject}" if subject else plain, text)
        message = await self._built(tx, row, recipient, said, "", answers=answers)
        token = row_token(self._sealer, ANSWER, int(row.payload["letter"]), 0)
        return Letter(f"bounce+{token}@{self._sender.domain}", recipient, message)

    async def _about(self, tx: Tx, row: Single, key: str, link: str, **values: object) -> Said:
        """Return what a mail about a subscription says; nothing in it is of the choosing of whoever asked for it."""
        bulletin = await bulletins.get(tx, row.bulletin_id)
        language, values = self._language(row), {"bulletin": bulletin.title, **values}
        subject, text, words, end = (
            say(language, f"single-{key}-{part}", **values) for part in ("subject", "text", "button", "end")
        )
        return Said(subject, text, link, words, end)

    async def _generated(
        self,
        tx: Tx,
        row: Single,
        recipient: str,
        said: Said,
        subscription: int,
        generation: int,
        *,
        answer_to: str = "",
    ) -> Letter:
        """Return a mail that nobody wrote; what bounces of it comes back, as that of an issue does."""
        bounce = row_token(self._sealer, "bounce", subscription, generation)
        message = await self._built(tx, row, recipient, said, "auto-generated", answer_to=answer_to)
        return Letter(f"bounce+{bounce}@{self._sender.domain}", recipient, message)

    async def _built(
        self,
        tx: Tx,
        row: Single,
        recipient: str,
        said: Said,
        automatic: Automatic,
        *,
        answers: str = "",
        answer_to: str = "",
    ) -> bytes:
        mailbox, _, domain = self._sender.address.partition("@")
        head = Head(
            bulletin=(await bulletins.get(tx, row.bulletin_id)).title,
            sender=self._sender.address,
            reply_to=f"{mailbox}+{answer_to}@{domain}" if answer_to else self._sender.reply_to or self._sender.address,
            recipient=recipient,
            message_id=f"{self._name(row)}@{self._sender.domain}",
            moment=row.created_at,
            language=self._language(row),
            automatic=automatic,
            answers=answers,
        )
        return single.build(head, said)

    def _language(self, row: Single) -> str:
        return str(row.payload.get("language") or "en")

    def _name(self, row: Single) -> str:
        """Return the first half of a Message-ID: the same each time a row is sent, another for what replaces it."""
        told: dict[str, Any] = {key: value for key, value in sorted(row.payload.items()) if key != DOUBTS}
        return self._sealer.mac("single", f"{row.id} {row.created_at.isoformat()} {row.kind} {told}")[:32]
