"""The HTML templates of the package, filled with autoescape on."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.texts import say

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["say"] = say
    return environment


def fill(name: str, **values: object) -> str:
    """Return the template `name` filled in; every value is text, never markup."""
    return _environment().get_template(name).render(**values)
