"""Previews: messages and PDF into the chat, the mail to whoever asks for it, to an address that only they see."""

from bot import previews
from bot.errors import ChatGone, Refused
from bot.services import Services
from bot.texts import say
from handlers.asking import ask
from handlers.visit import Answer, Asked, Visit, words
from store import people
from store.messages import Button, Text
from store.states import Role

PURPOSE = "preview-mail"


async def preview(visit: Visit) -> Answer:
    """Send the exact messages and the PDF of the issue as it would be published now, and its mail to an editor.

    In private an address may follow the command: the mail goes there from then on.
    """
    given = visit.words.strip()
    if given and not visit.private:
        return words(visit.say_here("preview-address-in-private"))
    editor = visit.who.role.includes(Role.EDITOR)
    if given and not editor:
        raise Refused("role-needed", role=visit.say(f"role-{Role.EDITOR}"))
    if given:
        await _keep(visit, given)
    chat, thread, bulletin_id = visit.chat, visit.message.thread, visit.here.id
    language = visit.spoken
    user, private = visit.user, visit.private
    address = await previews.address_of(visit.tx, visit.services.sealer, visit.who.id)

    async def show(services: Services) -> None:
        await previews.send_preview(services, bulletin_id, chat, thread, language)
        if not editor:
            return
        if not private:
            await _offer(services, chat, thread, bulletin_id, language)
        else:
            await _mail_or_ask(services, user, bulletin_id, address, language)

    return Answer(then=show)


async def mail_me(visit: Visit) -> Answer:
    """Mail the preview to the editor who presses at the desk; all that names an address is said to them in private."""
    services, user, bulletin_id, language = visit.services, visit.user, visit.here.id, visit.language
    if services.postman is None:
        missing = ", ".join(services.settings.mail_missing)
        return Answer(toast=visit.say("preview-mail-missing", settings=missing), alert=True)
    address = await previews.address_of(visit.tx, services.sealer, visit.who.id)

    async def mail(services: Services) -> None:
        try:
            await _mail_or_ask(services, user, bulletin_id, address, language)
        except Refused as refusal:
            await services.courier.send(user, Text(say(language, refusal.key, **refusal.values)))
        except ChatGone:
            return  # who has closed the chat with the bot cannot be written to

    key = "preview-look-into-private" if address is None else "preview-to-yours"
    return Answer(toast=visit.say(key), then=mail)


async def other_address(visit: Visit) -> Answer:
    """Ask for another address, with the one it is now."""
    address = await previews.address_of(visit.tx, visit.services.sealer, visit.who.id)
    if not visit.private or address is None:
        return Answer(toast=visit.say("preview-address-in-private"), alert=True)
    return Answer(asked=Asked(PURPOSE, visit.say("preview-ask-other", address=address), visit.here.id))


async def forget_address(visit: Visit) -> Answer:
    """Forget where a person wanted to see the mail."""
    await people.change(visit.tx, visit.who.id, mail_address=None)
    return Answer(toast=visit.say("preview-forgotten"))


async def take_address(visit: Visit) -> Answer:
    """Take the reply to the question for an address, and mail the preview there; ask again for what is no address."""
    try:
        address = await _keep(visit, visit.message.text)
    except Refused as refusal:
        return Answer(asked=Asked(PURPOSE, visit.say(refusal.key, **refusal.values), visit.subject))
    user, bulletin_id, language = visit.user, visit.here.id, visit.language

    async def mail(services: Services) -> None:
        await _mail_or_ask(services, user, bulletin_id, address, language)

    return Answer(then=mail)


async def _keep(visit: Visit, given: str) -> str:
    address = previews.read_address(given)
    await previews.keep_address(visit.tx, visit.services.sealer, visit.who, address, visit.now)
    return address


async def _mail_or_ask(services: Services, user: int, bulletin_id: int, address: str | None, language: str) -> None:
    """Mail the preview and say so in private; ask there for the address where none is known yet."""
    if services.postman is None:
        raise Refused("preview-mail-missing", settings=", ".join(services.settings.mail_missing))
    if address is None:
        await ask(services, user, Asked(PURPOSE, say(language, "preview-ask-address"), bulletin_id))
        return
    await previews.mail_preview(services, bulletin_id, address)
    row = tuple(
        Button(say(language, f"button-{action}"), f"v1:{action}:{bulletin_id}:0")
        for action in ("preview-other", "preview-forget")
    )
    await services.courier.send(user, Text(say(language, "preview-mailed", address=address)), (row,))


async def _offer(services: Services, chat: int, thread: int | None, bulletin_id: int, language: str) -> None:
    """Offer the mail at the desk by a button; no address is said there."""
    if services.postman is None:
        missing = ", ".join(services.settings.mail_missing)
        await services.courier.send(chat, Text(say(language, "preview-mail-missing", settings=missing)), thread=thread)
        return
    button = Button(say(language, "button-mail-me"), f"v1:mail-me:{bulletin_id}:0")
    await services.courier.send(
        chat, Text(say(language, "preview-mail-offer")), ((button,),), thread=thread, silent=True
    )
