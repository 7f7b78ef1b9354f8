"""The readers' doors in Telegram: for now, how to leave."""

from handlers.visit import Answer, Visit, words


async def stop(visit: Visit) -> Answer:
    """Say how to receive nothing more; people with a role are told who can take it back."""
    return words(visit.say("stop-contributor" if visit.person else "stop-stranger"))
