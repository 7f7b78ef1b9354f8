"""The `bulletin` command: what an operator types. Commands are loaded when they are asked for, so help is quick."""

import sys
from importlib.metadata import version

from cyclopts import App
from rich.console import Console

from bot.errors import OperatorError, Refused
from bot.texts import say
from store.errors import StoreError

app = App(
    name="bulletin",
    help="Collect, moderate and publish a numbered digest of links.",
    version=version("bulletin-bot"),
)
app.command("bot.cli.run:run", name="run", help="Run the bot until it is stopped.")
app.command("bot.cli.demo:demo", name="demo", help="Play a week of a bulletin, Telegram simulated.")
app.command("bot.cli.doctor:doctor", name="doctor", help="Say what is well, what is broken, and what to do.")
app.command("bot.cli.issue:preview", name="preview", help="Print the next issue as it would be published now.")
app.command("bot.cli.issue:app", name="issue", help="Look at issues, and let them out.")
app.command("bot.cli.report:report", name="report", help="Show what became of an issue.")
app.command("bot.cli.readers:app", name="subscribers", help="Readers by e-mail.")
app.command("bot.cli.people:app", name="people", help="Who has a role, by pseudonym.")
app.command("bot.cli.inspect:inspect", name="inspect", help="Show what the bot would make of a page, or of letters.")
app.command("bot.cli.sources:app", name="sources", help="The directory of publishers.")
app.command("bot.cli.run:migrate", name="migrate", help="Bring the database to this version.")


def main() -> None:
    """Run the command; a mistake is told in one sentence, and the exit code is 1."""
    try:
        result = app(result_action="return_value")
    except (OperatorError, StoreError) as error:
        _fail(str(error))
    except Refused as refusal:
        _fail(say("en", refusal.key, **refusal.values))
    except KeyboardInterrupt:
        sys.exit(130)
    else:
        sys.exit(result if isinstance(result, int) else 0)


def _fail(sentence: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, markup=False)
    sys.exit(1)
