"""What an issue says in words of its own: introduction, subtitle and footer, the bulletin's standing ones in reach."""

from bot.errors import Refused
from bot.render import style
from bot.shaping.opened import Shaper, change_issue, note, open_issue
from store.records import Bulletin, Issue

LONGEST = {"intro": 1500, "subtitle": 200, "footer": 1000}
STANDING = ("subtitle", "footer")
"""These print as the bulletin has them unless an issue has its own."""


def printed(issue: Issue, bulletin: Bulletin, field: str) -> str:
    """Return a text as the issue prints it now."""
    own: str | None = getattr(issue, field)
    return own if own is not None else getattr(bulletin, field)


async def write(shaper: Shaper, issue_id: int, field: str, words: str) -> None:
    """Let this issue alone print a text; raises Refused for one that is empty, too long, or of a wrong kind."""
    issue = await open_issue(shaper.tx, shaper.bulletin, issue_id)
    text = style.clean(words) if field == "subtitle" else style.clean_block(words)
    if not text.strip():
        raise Refused("shape-no-words")
    if len(text) > LONGEST[field]:
        raise Refused("shape-too-long", n=len(text), most=LONGEST[field])
    if field == "subtitle" and any(url for _, url in style.find_links(text)):
        raise Refused("shape-no-links")
    await _change(shaper, issue, issue.revision, field, text)


async def leave_out(shaper: Shaper, issue_id: int, revision: int, field: str) -> None:
    """Let this issue print no such text."""
    await _change(shaper, await open_issue(shaper.tx, shaper.bulletin, issue_id), revision, field, "")


async def print_standing(shaper: Shaper, issue_id: int, revision: int, field: str) -> None:
    """Let this issue print the bulletin's own subtitle or footer again."""
    await _change(shaper, await open_issue(shaper.tx, shaper.bulletin, issue_id), revision, field, None)


async def _change(shaper: Shaper, issue: Issue, revision: int, field: str, text: str | None) -> None:
    await change_issue(shaper, issue, revision, **{field: text})
    await note(shaper, field, f"issue {issue.id}", before=getattr(issue, field), after=text)
