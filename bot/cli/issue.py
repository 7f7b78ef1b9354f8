"""`bulletin issue …` and `bulletin preview`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from bot import issues
from bot.app import press_of
from bot.cli.correct import correct
from bot.cli.reach import Config, Shelf, Slug, reading, writing
from bot.errors import OperatorError
from bot.render import data, editions, mail, telegram, text, web
from store import issues as issue_records
from store.records import FrozenIssue

app = App(name="issue", help="Look at issues, and let them out.")
app.command(correct)
Format = Literal["telegram", "text", "markdown", "html", "fragment", "mail", "pdf", "json"]
AsJson = Annotated[bool, Parameter(name="--json", negative=(), help="For programs: one JSON value.")]


@app.command(name="list")
async def list_issues(*, json_: AsJson = False, bulletin: Slug = None, config: Config = None) -> None:
    """List the issues, newest first."""
    async with reading(config, bulletin) as shelf, shelf.store.reading() as tx:
        released = await issue_records.closed(tx, shelf.bulletin.id)
        current = await issue_records.current(tx, shelf.bulletin.id)
    found = [current, *released] if current else released
    if json_:
        print(json.dumps([{"number": i.number, "date": i.date.isoformat(), "state": i.state} for i in found]))
        return
    for issue in found:
        name = f"issue {issue.number}" if issue.number else f"next issue ({shelf.bulletin.next_number})"
        print(f"{name:<20} {issue.date.isoformat()}  {issue.state}")


@app.command
async def show(number: int, *, bulletin: Slug = None, config: Config = None) -> None:
    """Show a published issue as plain text."""
    async with reading(config, bulletin) as shelf:
        print(text.plain(await _frozen(shelf, number)))


@app.command
async def notice(file: Path, *, bulletin: Slug = None, config: Config = None) -> None:
    """Add a notice from a JSON file.

    Its keys: kind (meeting, campaign, other), title, text, starts, timezone, place, join_url, speakers (name,
    organisation), demands, signatories, languages ("Ukrainian: https://…"), until.
    """
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OperatorError(f"{file} cannot be read as JSON: {error}.") from None
    async with writing(config) as hand:
        done = await hand.perform("notice", bulletin=bulletin, notice=given)
    print(f"Notice {done['id']} is in the next issue.")


@app.command
async def freeze(*, bulletin: Slug = None, config: Config = None) -> None:
    """Close the open issue and give it its number, without sending it."""
    async with writing(config) as hand:
        done = await hand.perform("freeze", bulletin=bulletin)
    print(f"Issue {done['number']} is closed. `bulletin issue send` lets it out.")


@app.command
async def send(*, bulletin: Slug = None, config: Config = None) -> None:
    """Let the closed issue out; without one, the open issue is closed first."""
    async with writing(config) as hand:
        done = await hand.perform("send", bulletin=bulletin)
    print(f"Issue {done['number']} goes out as soon as the bot runs; `bulletin report {done['number']}` shows how far.")


@app.command
async def hold(*, bulletin: Slug = None, config: Config = None) -> None:
    """Put the countdown, or the running broadcast, on hold."""
    async with writing(config) as hand:
        await hand.perform("hold", bulletin=bulletin)
    print("On hold. `bulletin issue continue` goes on.")


@app.command(name="continue")
async def go_on(*, bulletin: Slug = None, config: Config = None) -> None:
    """Go on with what is on hold."""
    async with writing(config) as hand:
        await hand.perform("continue", bulletin=bulletin)
    print("Going on.")


@app.command
async def resend_failed(number: int, *, bulletin: Slug = None, config: Config = None) -> None:
    """Send the posts and letters of an issue that were refused once more."""
    async with writing(config) as hand:
        done = await hand.perform("resend-failed", bulletin=bulletin, number=number)
    print(f"{done['queued']} are sent once more.")


async def preview(
    *,
    format: Format = "text",  # the option is named so
    out: Path | None = None,
    bulletin: Slug = None,
    config: Config = None,
) -> None:
    """Print the next issue as it would be published now."""
    async with reading(config, bulletin) as shelf:
        async with shelf.store.reading() as tx:
            gathered = await issues.gather(tx, shelf.bulletin.id)
        if gathered is None or not gathered.items:
            raise OperatorError("Nothing is approved for the next issue yet.")
        document = issues.compose(gathered, press_of(shelf.settings), gathered.issue.due_at)
        content = drawn(document, format, press_of(shelf.settings))
    if out is not None:
        out.write_bytes(content)
        print(f"Written to {out}.")
    else:
        sys.stdout.buffer.write(content)


def drawn(document: FrozenIssue, form: Format, press: editions.Press) -> bytes:
    """Return one edition of an issue."""
    if form == "pdf":
        return press.pdf(document)
    if form == "telegram":
        return "\n\n– – –\n\n".join(part.text for part in telegram.render(document)).encode() + b"\n"
    if form == "mail":
        sender = press.sender()
        if sender is None:
            raise OperatorError("No mail is set up: set BULLETIN_SMTP_URL, BULLETIN_MAIL_FROM and BULLETIN_PUBLIC_URL.")
        template = mail.MailTemplate.build(document, sender)
        return template.fill("reader@example.org", "preview@example.org", "preview")
    draw = {
        "text": text.plain,
        "markdown": text.markdown,
        "html": lambda issue: web.standalone(web.render_issue(issue)),
        "fragment": web.render_fragment,
        "json": data.to_json,
    }
    return draw[form](document).encode()


async def _frozen(shelf: Shelf, number: int) -> FrozenIssue:
    async with shelf.store.reading() as tx:
        issue = await issue_records.numbered(tx, shelf.bulletin.id, number)
        if issue is None:
            raise OperatorError(f"There is no issue {number}; `bulletin issue list` shows which there are.")
        return editions.from_record(await issue_records.document(tx, issue.id))
