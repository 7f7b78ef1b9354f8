"""The `bulletin` command: what an operator types."""

import sys

from cyclopts import App
from rich.console import Console

from bot.cli import doctor, issue, people, readers, report, run
from bot.errors import OperatorError, Refused
from bot.texts import say
from store.errors import StoreError

app = App(name="bulletin", help="Collect, moderate and publish a numbered digest of links.", help_on_error=False)
app.command(run.run)
app.command(run.migrate)
app.command(doctor.doctor)
app.command(issue.preview)
app.command(issue.app)
app.command(report.report)
app.command(readers.app)
app.command(people.app)


def main() -> None:
    """Run the command; a mistake is told in one sentence, and the exit code is 1."""
    try:
        result = app(result_action="return_value")
    except OperatorError as error:
        _fail(str(error))
    except StoreError as error:
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
