"""The week that the demo plays: how it opens, its days, its Sunday."""

from bot.sandbox.director import Director
from bot.sandbox.play.opening import open_bulletin
from bot.sandbox.play.sunday import close_issue
from bot.sandbox.play.weekdays import fill_issue

# An invented article that the week leaves alone: for whoever watches.
SPARE = "checkpoint"


async def play(director: Director) -> None:
    """Play one week from the first start of the bot to the last reader's letter; raises Stuck when it cannot go on."""
    await open_bulletin(director)
    await fill_issue(director)
    await close_issue(director)
    link = director.stage.site.articles[SPARE].url
    director.state, director.your_turn = "done", link
    director.act_speed()
    await director.beat(f"Your turn: send this link as Ana: {link}", "ana", beats=0)
