"""The readers' doors in Telegram: what this bot is, where the bulletin is read, and how to leave."""

from handlers.visit import Answer, Visit, words
from store import bulletins


async def about(visit: Visit) -> str:
    """Say to a stranger what this bot is for, where the bulletin is read, and how to become a contributor."""
    channels = await bulletins.channels_of(visit.tx, visit.here.id)
    names = ", ".join(visit.say("stranger-name", name=channel.title) for channel in channels if not channel.paused)
    ways = [visit.say("stranger-channel", names=names)] if names else []
    home = visit.services.press.addresses(visit.here.slug).home
    ways += [visit.say("stranger-web", address=home)] if home else []
    ways += [visit.say("stranger-mail")] if visit.services.postman is not None else []
    where = visit.say("stranger-or").join(ways) or visit.say("stranger-ask")
    key = "stranger-suggest" if visit.services.settings.strangers == "suggest" else "stranger"
    return visit.say(key, title=visit.here.title, where=where)


async def stop(visit: Visit) -> Answer:
    """Say how to receive nothing more; people with a role are told who can take it back."""
    return words(visit.say("stop-contributor" if visit.person else "stop-stranger"))
