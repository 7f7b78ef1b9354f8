"""Readers by letter: asking to come, confirming, and leaving. Who is written in From is believed of nobody."""

from email_validator import EmailNotValidError

from bot import subscriptions
from bot.post import human, letterbox
from bot.post.answers import answer, may_answer, say_by_mail
from bot.post.arrival import Arrival
from bot.subscriptions import coming
from bot.tokens import read_row_token, row_token
from store import bulletins, returns, subscribers
from store.states import SubscriptionState

LEAVE, CONFIRM = "leave", "confirm"
STILL_HERE = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED, SubscriptionState.PENDING)


def address_of(arrival: Arrival) -> str:
    """Return the address of the sender in the form in which it is kept, "" where it is none."""
    try:
        return subscriptions.normal(arrival.letter.sender)
    except EmailNotValidError:
        return ""


async def subscribe(arrival: Arrival) -> None:
    """Send the address a mail that asks it to confirm, as the web page does; a program is asked nothing."""
    address = address_of(arrival)
    if arrival.letter.automatic or not address:
        await arrival.finish()
        return
    await arrival.finish()
    await subscriptions.ask(
        arrival.tx, arrival.sealer, arrival.bulletin, address, arrival.language, arrival.now, consent="letter"
    )


async def confirm(arrival: Arrival) -> bool:
    """Confirm a subscription by a reply to our question; False where the token is no genuine one.

    The latest issue goes to the new reader at once where the reply asks for it, as on the page to confirm.
    """
    found = read_row_token(arrival.sealer, CONFIRM, letterbox.plain_token(arrival.letter.token))
    if found is None:
        return False
    await arrival.finish()
    confirmed = await subscriptions.confirm(arrival.tx, *found, arrival.now)
    if confirmed is not None:
        comes = confirmed.new and confirmed.latest is not None and coming.wants_latest(arrival.letter.words)
        if comes:
            await coming.send_latest(arrival.tx, confirmed, arrival.now)
        await answer(arrival, "letter-subscribed-latest" if comes else "letter-subscribed")
    elif await may_answer(arrival, CONFIRM):
        await answer(arrival, "letter-confirm-over")
    return True


async def unsubscribe(arrival: Arrival) -> None:
    """Let a reader go by a genuine token; without one, send a reader of that address the link by which to leave."""
    found = read_row_token(arrival.sealer, LEAVE, arrival.letter.token) if arrival.letter.token else None
    stands = await returns.standing(arrival.tx, found[0]) if found is not None else None
    if found is not None and stands is not None and stands.generation % 256 == found[1]:
        await arrival.finish()
        await subscriptions.leave(arrival.tx, stands.id, stands.generation, arrival.now)
        if stands.state in STILL_HERE and not arrival.letter.automatic:
            bulletin = await bulletins.get(arrival.tx, stands.bulletin_id)
            key, more = "letter-goodbye", {"title": bulletin.title, "merge_key": f"goodbye:{stands.id}"}
            await say_by_mail(arrival.tx, bulletin.id, stands.address, key, stands.language, arrival.now, **more)
        return
    await _send_link(arrival)


async def _send_link(arrival: Arrival) -> None:
    """Send the links by which an address leaves, where it reads something; for any other a person looks at it."""
    address = address_of(arrival)
    mac = arrival.sealer.mac(subscriptions.ADDRESS, address)
    there = [one for one in await subscribers.of_address(arrival.tx, mac) if one.state in STILL_HERE] if address else []
    if arrival.letter.automatic:
        await arrival.finish()
    elif not there:
        await human.to_desk(arrival)
    else:
        await arrival.finish()
        if await may_answer(arrival, LEAVE):
            tokens = [row_token(arrival.sealer, LEAVE, one.id, one.generation) for one in there]
            home = arrival.services.settings.public_url
            await answer(arrival, "letter-leave-link", links="\n".join(f"{home}/leave/{token}" for token in tokens))
