"""The issue that is measured with: the sample week of 29 items, and a store in which it is closed and has readers."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from bot.render.editions import MAIL, Press
from bot.render.mail import MailTemplate
from bot.seal import Sealer
from bot.subscriptions import ADDRESS
from store import bulletins, issues, subscribers
from store.database import Store, Tx
from store.records import (
    Citation,
    FrozenIssue,
    Issue,
    Notice,
    NoticeKind,
    Precision,
    PrintedItem,
    PrintedSection,
    PublicationDate,
    Speaker,
)
from store.states import IssueState
from store.subscribers import Newcomer

SAMPLE = Path(__file__).parents[1] / "sample_week.json"
CLOSED_AT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
PRESS = Press("https://bulletin.example", "bulletin@news.example", "editors@news.example")
SEALER = Sealer(b"a secret of this measurement, long enough")
_BATCH = 1_000


def address(reader: int) -> str:
    return f"reader-{reader}@readers.example"


def _citation(given: dict[str, str]) -> Citation:
    parts = [int(part) for part in given["date"].split("-")]
    precision = Precision.DAY if len(parts) == 3 else Precision.MONTH
    when = PublicationDate(precision, date(*[*parts, 1][:3]))
    return Citation(given["source"], given["url"], given["url"], when)


def sample_week() -> FrozenIssue:
    """Return the sample week as a closed issue."""
    given = json.loads(SAMPLE.read_text("utf-8"))
    sections = tuple(
        PrintedSection(
            section["title"],
            tuple(
                PrintedItem(item["title"], tuple(map(_citation, item["citations"])), language=item["language"])
                for item in section["items"]
            ),
        )
        for section in given["sections"]
    )
    meeting = given["notices"][0]
    notice = Notice(
        NoticeKind.MEETING,
        title=meeting["title"],
        starts=datetime.fromisoformat(meeting["starts"]).replace(tzinfo=UTC),
        timezone=meeting["timezone"],
        place=meeting["place"],
        speakers=tuple(Speaker(**speaker) for speaker in meeting["speakers"]),
    )
    places = PRESS.addresses("news")
    return FrozenIssue(
        bulletin=given["title"],
        slug="news",
        number=given["number"],
        date=date.fromisoformat(given["date"]),
        language="en",
        timezone="Europe/Kyiv",
        closed_at=CLOSED_AT,
        sections=sections,
        subtitle=given["subtitle"],
        notices=(notice,),
        footer=given["footer"],
        address=places.issue(given["number"]),
        pdf_address=places.pdf(given["number"]),
        home=places.home,
    )


def template() -> MailTemplate:
    sender = PRESS.sender()
    assert sender is not None
    return MailTemplate.build(sample_week(), sender)


async def close(store: Store, readers: int) -> Issue:
    """Put the closed issue and its readers into an empty store, as `bot.issues.freeze` leaves them."""
    async with store.transaction() as tx:
        bulletin = await bulletins.add(
            tx,
            sections=[("News", "News")],
            slug="news",
            title="News",
            language="en",
            timezone="Europe/Kyiv",
            schedule="sun 18:00",
        )
        for start in range(1, readers + 1, _BATCH):
            some = [_newcomer(n) for n in range(start, min(start + _BATCH, readers + 1))]
            day = CLOSED_AT.date()
            await subscribers.import_readers(tx, bulletin, some, language="en", consent="invented", day=day)
        return await close_for_all(tx, bulletin)


async def close_for_all(tx: Tx, bulletin: int) -> Issue:
    """Put the closed issue into a store without issues; it goes to all readers who are there."""
    await issues.open_next(tx, bulletin, due_at=CLOSED_AT, due_local="2026-11-22 18:00", day=CLOSED_AT.date())
    until = await subscribers.last_id(tx)
    values = {"state": IssueState.FROZEN, "number": 7, "frozen_at": CLOSED_AT, "audience_until": until}
    await issues.change(tx, 1, 1, states=(IssueState.OPEN,), **values)
    await issues.add_renderings(tx, 1, [(MAIL, 0, template().stored)])
    issue = await issues.get(tx, 1)
    assert issue is not None
    return issue


def _newcomer(reader: int) -> Newcomer:
    sealed, mac = SEALER.seal(ADDRESS, address(reader)), SEALER.mac(ADDRESS, address(reader))
    return Newcomer(sealed, mac, "readers.example")
