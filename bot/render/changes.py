"""What a card says of a page that changed between its approval and the closing of the issue."""

from bot.texts import say
from store.messages import Text
from store.records import Item

UNSEEN = "recheck-unseen"


def lines(item: Item, language: str) -> list[Text]:
    """Return a line for each thing that was found when the pages of an item were looked at again."""
    return [Text("⚠ " + _sentence(change, language)) for change in _changes(item)]


def folded(item: Item, language: str) -> str:
    """Return what the folded card of a decided item adds: that a page could not be looked at again."""
    unseen = any(change["key"] == UNSEEN for change in _changes(item))
    return " · ⚠ " + say(language, "recheck-unseen-folded") if unseen else ""


def _changes(item: Item) -> list[dict[str, object]]:
    return list((item.found_change or {}).get("changes", ()))


def _sentence(change: dict[str, object], language: str) -> str:
    values = change["values"]
    given = dict(values) if isinstance(values, dict) else {}
    if "why" in given:
        given["why"] = say(language, str(given["why"]))
    return say(language, str(change["key"]), **given)
