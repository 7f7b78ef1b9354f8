"""Turns an outbox row into the message it stands for, at the moment it is sent."""

from dataclasses import replace
from datetime import datetime

from bot import acks, desk, file_card, gate_card, guarded, outcomes, people, reader_export, reminders, report_card
from bot.board.draw import desk_board
from bot.delivery import crowd, latest
from bot.delivery.outbox import Drawn
from bot.desk_at import bulletin_at, language_at, posted
from bot.guard import asking
from bot.guard.card import card as guard_card
from bot.guard.card import news as guard_news
from bot.intake import following, strangers
from bot.intake.allowance import Quotas
from bot.intake.message import files, missing
from bot.moderation.waking import FOLDED
from bot.people import cards as people_cards
from bot.post import drawing as letter_drawing
from bot.post import outcome_mail
from bot.queue import alerts
from bot.render.editions import Press
from bot.seal import Sealer
from bot.subscriptions import here
from bot.texts import say
from store import boards, bulletins, items, outbox, senders
from store import issues as issue_records
from store import people as people_records
from store.database import Store, Tx
from store.messages import Card, Text
from store.outbox import Waiting
from store.states import Role


class Drawing:
    """Draws rows by their kind. Persons' chats are opened from their seals only here."""

    def __init__(self, store: Store, sealer: Sealer, press: Press, quotas: Quotas) -> None:
        self._store = store
        self._sealer = sealer
        self._press = press
        self._quotas = quotas
        self._by_kind = {
            "card": self._card,
            FOLDED: self._folded,
            "gate": self._gate,
            "doubt": self._doubt,
            "report": self._report,
            "say": self._say,
            "ack": self._ack,
            "outcome": self._outcome,
            "what-for": self._what_for,
            missing.KIND: self._missing,
            "suggestion": self._suggestion,
            boards.KIND: self._board,
            crowd.KIND: self._crowd,
            reminders.KIND: self._alert,
            files.KIND: self._file,
            asking.CARD: self._guard,
            asking.NEWS: self._guard_news,
            guarded.CONTACT: self._contact,
            guarded.EXPORT: self._export,
            here.LATEST: latest.draw,
            **letter_drawing.by_kind(sealer),
        }

    async def target(self, tx: Tx, row: Waiting) -> int | None:
        """Return the chat a row goes to."""
        if row.person_id is not None:
            return await people.chat_of(tx, self._sealer, row.person_id)
        if row.chat_id is not None:
            return row.chat_id
        of_whom = latest.target if row.kind == here.LATEST else strangers.target
        return await of_whom(tx, self._sealer, row)

    async def settle(self, tx: Tx, row: Waiting, now: datetime, message_id: int | None) -> bool:
        """Let the message that follows an item show what was said of it; forget a stranger who heard everything."""
        erased = False
        if row.kind == here.LATEST and message_id is not None:
            await latest.came(tx, row, message_id)
        if row.kind == "outcome":
            item = await items.get(tx, row.subject_id)
            await following.follow_item(tx, item, now)
            erased = await outcome_mail.tell(tx, item, now)
        return (row.person_id is None and row.chat_id is None and await strangers.forget_settled(tx)) or erased

    async def draw(self, tx: Tx, row: Waiting, now: datetime) -> Drawn | None:
        """Return the message of a row, None when there is nothing left to say."""
        chat = await self.target(tx, row)
        return None if chat is None else await self._by_kind[row.kind](tx, row, chat, now)

    async def _card(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        item = await items.get(tx, row.subject_id)
        if item is None:
            return None
        bulletin = await bulletins.get(tx, item.bulletin_id)
        drawn = await posted(tx, row, chat, await desk.item_card(tx, bulletin, item, now))
        # Of what is settled for good, and never stood here, nothing is left to say.
        return drawn if drawn.edits is not None or drawn.card.buttons else None

    async def _folded(self, _tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        line = Text("↓ ") + str(row.payload["title"])
        return Drawn(chat, Card(line), edits=int(row.payload["message"]), last=True)

    async def _gate(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        issue = await issue_records.get(tx, row.subject_id)
        if issue is None:
            return await self._joined(tx, row, chat)
        bulletin = await bulletins.get(tx, issue.bulletin_id)
        card = await gate_card.gate_card(tx, bulletin, issue, now)
        drawn = await posted(tx, row, chat, card, silent=False)
        if drawn.edits is not None:
            return drawn
        return replace(drawn, before=await gate_card.gate_preview(tx, bulletin, issue, self._press, now))

    async def _joined(self, tx: Tx, row: Waiting, chat: int) -> Drawn | None:
        """Fold the message of an issue that was joined with the one before it, where there is one."""
        edits = await outbox.card(tx, row.kind, row.subject_id, chat)
        if edits is None:
            return None
        return Drawn(chat, Card(Text(say(await language_at(tx, chat), "release-joined"))), edits=edits)

    async def _doubt(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        bulletin = await bulletin_at(tx, chat)
        card = await desk.doubt_card(tx, bulletin, row.subject_id) if bulletin else None
        return None if card is None else await posted(tx, row, chat, card, silent=False)

    async def _report(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        issue = await issue_records.get(tx, row.subject_id)
        if issue is None:
            return None
        bulletin = await bulletins.get(tx, issue.bulletin_id)
        card = await report_card.report(tx, bulletin, issue, bulletin.language)
        return await posted(tx, row, chat, card)

    async def _say(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        if row.person_id is not None:
            language = (await people_records.get(tx, row.person_id)).language
        else:
            language = await language_at(tx, chat)
        sentence = say(language, row.payload["key"], **row.payload["values"])
        return Drawn(chat, Card(Text(sentence)), row.thread_id, silent=bool(row.payload.get("silent")))

    async def _ack(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        followed = await acks.gather(tx, row, now)
        card = await acks.message_card(tx, followed, self._quotas, now)
        places = tuple(("ack", submission.id, senders.PRIVATE) for submission in followed.submissions)
        return Drawn(chat, card, silent=False, edits=followed.message, remember=places, along=followed.along)

    async def _outcome(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        told = await outcomes.draw(tx, row, now)
        if told is None:
            return None
        return Drawn(chat, Card(told.text), silent=False, along=told.along, reply_to=told.reply_to)

    async def _what_for(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        person = await people_records.get(tx, row.person_id or 0)
        card = await desk.what_for_card(tx, int(row.payload["chat"]), person.language)
        return None if card is None else Drawn(chat, card, silent=False)

    async def _missing(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        person = await people_records.get(tx, row.person_id or 0)
        place = (missing.KIND, row.subject_id, senders.PRIVATE)
        edits = await outbox.card(tx, *place)
        text = await missing.ask_text(tx, row.subject_id, person.language, quietly=person.at_risk)
        return Drawn(chat, Card(text), silent=False, edits=edits, remember=(place,))

    async def _suggestion(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        bulletin = await bulletin_at(tx, chat)
        card = await desk.suggestion_card(tx, bulletin, row.subject_id, now) if bulletin else None
        return None if card is None else await posted(tx, row, chat, card)

    async def _board(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        card = await desk_board(tx, await bulletins.get(tx, row.subject_id), now)
        return await posted(tx, row, chat, card)

    async def _guard(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        if row.person_id is None:
            card = await guard_card(tx, row.subject_id, await language_at(tx, chat))
            return await posted(tx, row, chat, card, silent=False)
        person = await people_records.get(tx, row.person_id)
        place = (asking.kind_for(person.id), row.subject_id, senders.PRIVATE)
        edits, card = await outbox.card(tx, *place), await guard_card(tx, row.subject_id, person.language)
        return Drawn(chat, card, silent=False, edits=edits, remember=(place,))

    async def _guard_news(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        person = await people_records.get(tx, row.person_id or 0)
        card = await guard_news(tx, row.subject_id, person.language)
        return None if card is None else Drawn(chat, card, silent=False)

    async def _contact(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        asker, person = [await people_records.get(tx, one) for one in (row.person_id or 0, row.subject_id)]
        contact = await people.chat_of(tx, self._sealer, person.id)
        return Drawn(chat, people_cards.contact_card(person, contact, asker.language))

    async def _export(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        asker, bulletin = await people_records.get(tx, row.person_id or 0), await bulletins.get(tx, row.subject_id)
        if asker.revoked or not asker.role.includes(Role.EDITOR):
            return None

        async def document() -> tuple[str, bytes]:
            content = await reader_export.table(self._store, self._sealer, bulletin.id)
            return f"readers-{bulletin.slug}-{now:%Y-%m-%d}.csv", content

        caption = Text(say(asker.language, "readers-export-here", title=bulletin.title))
        return Drawn(chat, Card(caption), silent=False, document=document)

    async def _file(self, tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        person = await people_records.get(tx, row.person_id or 0)
        card = await file_card.card(tx, row.subject_id, person.language)
        return None if card is None else Drawn(chat, card, silent=False)

    async def _crowd(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        stands = await outbox.card(tx, row.kind, row.subject_id, chat) is not None
        if not stands and not await crowd.size(tx, chat, now):
            return None
        card = await alerts.rush_card(tx, await bulletins.get(tx, row.subject_id), chat, now)
        return await posted(tx, row, chat, card, silent=False)

    async def _alert(self, tx: Tx, row: Waiting, chat: int, now: datetime) -> Drawn | None:
        bulletin, since = await bulletins.get(tx, row.subject_id), datetime.fromisoformat(row.payload["at"])
        card = await alerts.alert_card(tx, bulletin, row.payload["what"], since, now)
        return None if card is None else Drawn(chat, card, row.thread_id, silent=False)
