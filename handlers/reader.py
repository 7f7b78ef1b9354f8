"""The readers' doors in Telegram: what this bot is, where the bulletin is read, how it comes here, and how to leave."""

from bot.errors import Refused
from bot.subscriptions import here
from handlers.visit import Answer, Visit
from store import bulletins
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin


async def about(visit: Visit) -> str:
    """Say to a stranger what this bot is for, where the bulletin is read, and how to become a contributor."""
    channels = await bulletins.channels_of(visit.tx, visit.here.id)
    names = ", ".join(visit.say("stranger-name", name=channel.title) for channel in channels if not channel.paused)
    ways = [visit.say("stranger-channel", names=names)] if names else []
    home = visit.services.press.addresses(visit.here.slug).home
    ways += [visit.say("stranger-web", address=home)] if home else []
    ways += [visit.say("stranger-here" if visit.services.postman is None else "stranger-mail")]
    where = visit.say("stranger-or").join(ways)
    key = "stranger-suggest" if visit.services.settings.strangers == "suggest" else "stranger"
    return visit.say(key, title=visit.here.title, where=where)


async def begin(visit: Visit) -> Answer:
    """Let the issues of the button's bulletin come to this chat from now on; also the undo of leaving."""
    _check(visit)
    came = await here.come(visit.tx, visit.services.sealer, visit.here, visit.chat, visit.now)
    words = visit.say("subscribe-here-done" if came.new else "subscribe-here-already", title=visit.here.title)
    latest = Button(visit.say("button-latest"), f"v1:subscribe-latest:{visit.here.id}:0")
    return Answer(redraw=Card(Text(words), ((latest,),) if came.latest else ()))


async def latest(visit: Visit) -> Answer:
    """Let the latest issue come to this chat at once; once only, however often that is pressed."""
    _check(visit)
    reader = await here.reader_at(visit.tx, visit.services.sealer, visit.here, visit.chat)
    if reader is None:
        raise Refused("subscribe-here-not")
    if not await here.send_latest(visit.tx, reader, visit.now):
        return Answer(toast=visit.say("subscribe-latest-had"))
    return Answer(redraw=Card(Text(visit.say("subscribe-latest-coming", title=visit.here.title))))


async def stop(visit: Visit) -> Answer:
    """Let nothing come to this chat any more, at once; people with a role are told who can take it back."""
    left = await here.stop(visit.tx, visit.services.sealer, visit.chat, visit.now) if visit.private else []
    titles = ", ".join(visit.say("stranger-name", name=each.title) for each in left)
    said = [visit.say("stop-here", titles=titles)] if left else []
    if visit.person or not left:
        said.append(visit.say("stop-contributor" if visit.person else "stop-stranger"))
    return Answer(cards=(Card(Text("\n\n".join(said)), _back(visit, left)),))


def _back(visit: Visit, left: list[Bulletin]) -> Buttons:
    """Return a button for each bulletin that was left, to let it come again."""
    alone = len(left) == 1
    labels = {each.id: visit.say("button-undo" if alone else "button-again-here", title=each.title) for each in left}
    return tuple((Button(label, f"v1:subscribe-here:{bulletin}:0"),) for bulletin, label in labels.items())


def _check(visit: Visit) -> None:
    if not visit.private:
        raise Refused("subscribe-in-private")
    if visit.pressed.subject != visit.here.id:
        raise Refused("bulletin-other")
