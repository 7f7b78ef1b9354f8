"""The one way through every Telegram door: find the route, check the role, commit once, then answer."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Chat, Update
from telegram.ext import Application, ContextTypes, TypeHandler

from bot import people
from bot.errors import ChatMoved, NotSent, PerhapsSent, Refused
from bot.intake import allowance
from bot.logs import logger
from bot.services import Services
from bot.texts import say
from handlers import choice, finding, reader
from handlers import incoming as reading
from handlers.editor.board import lend
from handlers.incoming import Knock
from handlers.settings import several
from handlers.speech import Speech
from handlers.visit import Answer, Visit, person_language, words
from store import bulletins, outbox, updates
from store.database import Tx
from store.messages import Card, Text
from store.records import Bulletin
from store.states import Role

FAILURES = 3
log = logger("door")

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Takes updates in: each takes effect once, in one transaction with the note that it was dealt with."""

    services: Services
    speech: Speech
    failed: set[int]

    async def handle(self, update: Update, _context: ContextTypes.DEFAULT_TYPE | None = None) -> None:
        """Deal with one update; a failure is counted, and remembered in `failed` so that it is tried again."""
        self.failed.discard(update.update_id)
        try:
            await self._pass(update)
        except Exception:  # whatever went wrong in one update must not end the others
            log.exception("an update failed", update_id=update.update_id)
            self.failed.add(update.update_id)  # first of all, since counting may fail too, as on a full disk
            await self._count_failure(update)

    async def handle_together(self, batch: Sequence[Update], enough: Callable[[], object]) -> int:
        """Deal with messages of a rush in one transaction, until it is enough; returns how many took effect.

        Where one fails or is refused nothing takes effect, and each is to be dealt with by itself. The bell is left to
        the caller, since whoever it wakes takes time from those that wait.
        """
        services, said, count = self.services, list[tuple[Knock, Answer, str]](), 0
        try:
            async with services.store.transaction() as tx:
                every = await bulletins.every(tx)
                for update in batch:
                    knock = reading.read_knock(update)
                    new = await updates.begin(tx, update.update_id, services.clock.now().date())
                    if new and knock is not None:
                        said.append((knock, *await self._enter(tx, update, knock, every)))
                    count += 1
                    await asyncio.sleep(0)  # nothing above waits for another thread
                    if enough():
                        break
        except Exception:  # noqa: BLE001  # it is told of when the same update fails by itself
            return 0
        for knock, answer, language in said:
            self.speech.begin(knock, answer, language)
        return count

    async def _pass(self, update: Update) -> None:
        services = self.services
        knock = reading.read_knock(update)
        answer, language = Answer(), "en"
        try:
            async with services.store.transaction() as tx:
                if not await updates.begin(tx, update.update_id, services.clock.now().date()):
                    return
                if knock is not None:
                    answer, language = await self._enter(tx, update, knock, await bulletins.every(tx))
        except Refused as refusal:
            async with services.store.transaction() as tx:
                if not await updates.begin(tx, update.update_id, services.clock.now().date()):
                    return
            answer = await self._refused(refusal, update, knock)
        finally:
            if update.callback_query is not None:
                await self._answer_press(update.callback_query.id, answer)
        services.bell.ring()
        if knock is not None:
            self.speech.begin(knock, answer, language)

    async def _enter(self, tx: Tx, update: Update, knock: Knock, every: Sequence[Bulletin]) -> tuple[Answer, str]:
        user = reading.user_of(update)
        person = await people.find(tx, self.services.sealer, user) if user else None
        language = person_language(person, knock.language)
        desk = choice.at(every, knock.chat)
        found = await finding.find_route(tx, self.services, knock, at_desk=desk is not None)
        if found is None:
            return Answer(), language
        subject = knock.press.subject if knock.press is not None else found.subject
        bulletin = await choice.bulletin_of(tx, every, desk, person, found.name, subject)
        if bulletin is None and desk is not None:
            return Answer(toast=say(language, "bulletin-other"), alert=True), language
        route = found.route
        if person is not None and bulletin is not None:
            now = self.services.clock.now()
            if not route.always:
                allowance.check_standing(bulletin, person, now)
            await people.note_active(tx, bulletin, person, now)
        visit = Visit(
            tx=tx,
            services=self.services,
            now=self.services.clock.now(),
            chat=knock.chat,
            private=knock.private,
            user=user,
            person=person,
            bulletin=bulletin,
            language=language,
            words=found.words,
            incoming=knock.incoming,
            press=knock.press,
            membership=knock.membership,
            subject=found.subject,
        )
        if route.role is not None and (person is None or not person.role.includes(route.role)):
            return await _not_yours(visit, route.role), language
        if found.question is not None and route.once:
            await outbox.answered(tx, self._mac(knock.chat), found.question)
        answer = await route.door(visit)
        if answer.redraw is not None:
            await lend(visit)
        if len(every) > 1 and bulletin is not None and choice.needs_name(found.name):
            answer = several.about(answer, bulletin)
        return answer, visit.spoken

    def _mac(self, chat: int) -> str:
        return self.services.sealer.mac("chat", str(chat))

    async def _refused(self, refusal: Refused, update: Update, knock: Knock | None) -> Answer:
        async with self.services.store.reading() as tx:
            user = reading.user_of(update)
            person = await people.find(tx, self.services.sealer, user) if user else None
            desk = choice.at(await bulletins.every(tx), knock.chat) if knock else None
        language = person_language(person, knock.language if knock else "")
        if update.callback_query is not None:
            return Answer(toast=say(language, refusal.key, **refusal.values), alert=True)
        spoken = desk.language if desk is not None else language
        return Answer(cards=(Card(Text(say(spoken, refusal.key, **refusal.values))),))

    async def _answer_press(self, query: str, answer: Answer) -> None:
        try:
            await self.services.courier.answer(query, answer.toast, alert=answer.alert)
        except (NotSent, PerhapsSent, ChatMoved) as error:
            log.warning("a press was not answered", reason=str(error))

    async def _count_failure(self, update: Update) -> None:
        async with self.services.store.transaction() as tx:
            failures = await updates.failed(tx, update.update_id, self.services.clock.now().date())
        if failures >= FAILURES:
            await self.set_aside(update.update_id)
            self.failed.discard(update.update_id)

    async def set_aside(self, update_id: int) -> None:
        """Take an update as dealt with, and tell the moderators that it was not."""
        now = self.services.clock.now()
        async with self.services.store.transaction() as tx:
            await updates.set_aside(tx, update_id, now.date())
            bulletin = await bulletins.first(tx)
            if bulletin is not None:
                payload = {"key": "update-set-aside", "values": {"number": update_id}}
                await outbox.put_at_desk(tx, bulletin, now=now, kind="say", payload=payload, subject_id=bulletin.id)


async def _not_yours(visit: Visit, role: Role) -> Answer:
    """Say which role is missing; to a stranger in private, what this bot is."""
    if visit.press is not None:
        return Answer(toast=visit.say("role-needed", role=visit.say(f"role-{role}")), alert=True)
    if visit.incoming is None or not (visit.private or visit.incoming.text.startswith("/")):
        return Answer()
    if visit.private and visit.person is None:
        return words(await reader.about(visit))
    needed = visit.say_here("role-needed", role=visit.say_here(f"role-{role}"))
    return words(needed if visit.user else visit.say_here("role-anonymous"))


def goes_together(update: Update) -> bool:
    """Tell whether an update is a plain message to the bot, which leaves everybody's standing and settings alone."""
    message = update.message
    if message is None or message.chat.type != Chat.PRIVATE:
        return False
    return not (message.text or "").startswith("/")


def install(application: AnyApplication, keeper: Doorkeeper) -> None:
    """Let every update through the doorkeeper, one after the other where they come one after the other."""
    application.add_handler(TypeHandler(Update, keeper.handle, block=True))
