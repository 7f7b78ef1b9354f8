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
app.command("bot.cli.run:run", name="run")
app.command("bot.cli.demo:demo", name="demo")
app.command("bot.cli.doctor:doctor", name="doctor")
app.command("bot.cli.issue:preview", name="preview")
app.command("bot.cli.issue:app", name="issue")
app.command("bot.cli.report:report", name="report")
app.command("bot.cli.readers:app", name="subscribers")
app.command("bot.cli.people:app", name="people")
app.command("bot.cli.run:migrate", name="migrate")


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
