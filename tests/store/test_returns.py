"""What comes back by mail: only genuine tokens count, slowly, with a probe before the end; too much stops the run."""

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert, update

from bot import returns, subscriptions
from bot.delivery import setback
from bot.returns import COMPLAINT, HARD, SOFT, Named
from bot.seal import Sealer
from bot.tokens import row_token
from store import bulletins, subscribers
from store import returns as records
from store import schema as t
from store.database import Store
from store.states import DeliveryState, IssueState, SubscriptionState
from tests.store.rows import NOW, all_of, open_issue

SEALER = Sealer(b"a secret of this test, long enough to be one")
STRANGE = Sealer(b"the secret of another installation, long enough")
DAN = "dan@readers.example"


async def bring_in(store: Store, bulletin: int, count: int = 1) -> Named:
    """Let readers come in, Dan first, and return what a token for him names."""
    addresses = [DAN, *(f"reader{number}@readers.example" for number in range(1, count))]
    async with store.transaction() as tx:
        here = await bulletins.get(tx, bulletin)
        await subscriptions.bring_in(tx, SEALER, here, addresses, consent="paper", actor="shell", now=NOW)
        return Named((await subscribers.of_bulletin(tx, bulletin))[0].id, 0)


async def back(store: Store, named: Named, verdict: str, status: str = "", *, day: float = 0) -> None:
    """Let a mail come back, some days after the beginning."""
    async with store.transaction() as tx:
        await returns.bounced(tx, named, verdict, status, NOW + timedelta(days=day))


async def state(store: Store, named: Named) -> tuple[SubscriptionState, float, bool]:
    """Return state, score and whether a probe was sent."""
    async with store.reading() as tx:
        stands = await records.standing(tx, named.subscription)
    assert stands is not None
    return stands.state, round(stands.score, 2), stands.probed_at is not None


async def test_ten_thousand_forged_reports_change_nothing(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin)
    before = [await all_of(store, name) for name in ("subscriptions", "returns", "suppressions", "postbox")]
    genuine, random = row_token(SEALER, returns.BOUNCE, 1, 0), Random(5)
    async with store.transaction() as tx:
        for number in range(10_000):
            named = returns.named_by(SEALER, forged(genuine, number, random), *PURPOSES)
            if named is not None:
                await returns.bounced(tx, named, HARD, "5.1.1", NOW)
                await returns.complained(tx, named, NOW)
    assert [await all_of(store, name) for name in ("subscriptions", "returns", "suppressions", "postbox")] == before
    assert returns.named_by(SEALER, genuine, *PURPOSES) == Named(1, 0)


PURPOSES = (returns.BOUNCE, returns.PROBE, returns.LEAVE)


def forged(genuine: str, number: int, random: Random) -> str:
    """Return a token that is not genuine: of another secret, another purpose, with one letter changed, or of noise."""
    kind = number % 5
    if kind == 0:
        return row_token(STRANGE, returns.BOUNCE, 1, number % 256)
    if kind == 1:
        return row_token(SEALER, "letterbox", 1, number % 256)
    if kind == 2:
        place = random.randrange(len(genuine))
        others = [letter for letter in "abcdefghijklmnopqrstuvwxyz234567" if letter != genuine[place]]
        return genuine[:place] + random.choice(others) + genuine[place + 1 :]
    if kind == 3:
        return genuine[: random.randrange(len(genuine))] + "=" * random.randrange(3)
    return "".join(chr(random.randrange(32, 0x2FF)) for _ in range(random.randrange(60)))


async def test_an_older_generation_counts_for_nothing(store: Store, bulletin: int) -> None:
    named = await bring_in(store, bulletin)
    async with store.transaction() as tx:
        await tx.execute(update(t.subscriptions).values(generation=1))
    await back(store, named, HARD, "5.1.1")
    assert await state(store, named) == (SubscriptionState.ACTIVE, 0.0, False)


async def test_no_such_user_is_probed_and_ended_by_the_probes_bounce(store: Store, bulletin: int) -> None:
    named = await bring_in(store, bulletin)
    await back(store, named, HARD, "5.1.1")
    assert await state(store, named) == (SubscriptionState.ACTIVE, 5.0, True)
    assert [row[1] for row in await all_of(store, "postbox")] == [returns.PROBE]
    await back(store, named, HARD, "5.1.1", day=1)
    assert (await state(store, named))[0] == SubscriptionState.ACTIVE
    await back(store, Named(named.subscription, 0, probe=True), HARD, "5.1.1", day=1)
    assert (await state(store, named))[0] == SubscriptionState.BOUNCED
    assert len(await all_of(store, "postbox")) == 1
    assert await all_of(store, "suppressions") == []


async def test_hard_bounces_of_every_week_end_it_a_week_after_the_probe(store: Store, bulletin: int) -> None:
    named = await bring_in(store, bulletin)
    weeks = 0
    while (await state(store, named))[0] == SubscriptionState.ACTIVE and weeks < 20:
        await back(store, named, HARD, "5.0.0", day=7 * weeks)
        weeks += 1
    assert weeks == 8
    assert len(await all_of(store, "postbox")) == 1


async def test_soft_bounces_alone_end_nothing(store: Store, bulletin: int) -> None:
    named = await bring_in(store, bulletin)
    for week in range(22):
        await back(store, named, SOFT, "4.2.2", day=7 * week)
        await back(store, Named(named.subscription, 0, probe=True), SOFT, "4.2.2", day=7 * week + 1)
    assert (await state(store, named))[0] == SubscriptionState.ACTIVE


async def test_a_day_counts_once_by_its_heaviest_and_a_delay_not_at_all(store: Store, bulletin: int) -> None:
    named = await bring_in(store, bulletin)
    await back(store, named, "delayed", "4.4.1")
    assert await all_of(store, "returns") == []
    for verdict in (SOFT, HARD, HARD, SOFT):
        await back(store, named, verdict)
    assert await state(store, named) == (SubscriptionState.ACTIVE, 1.0, False)
    await back(store, named, HARD, day=returns.HALF_LIFE_DAYS)
    assert await state(store, named) == (SubscriptionState.ACTIVE, 1.5, False)


async def test_a_complaint_ends_it_at_once_for_ever_and_is_counted_for_its_run(store: Store, bulletin: int) -> None:
    named = await bring_in(store, bulletin)
    issue = await sending(store, bulletin, {DeliveryState.SENT: 1})
    async with store.transaction() as tx:
        assert (await returns.complained(tx, named, NOW)) == returns.Noted(issue, ended=True)
        assert await returns.complained(tx, named, NOW) is None
        assert await records.in_run(tx, issue, COMPLAINT) == 1
    assert (await state(store, named))[0] == SubscriptionState.COMPLAINED
    await bring_in(store, bulletin)
    assert (await state(store, named))[0] == SubscriptionState.COMPLAINED
    assert [row[:2] for row in await all_of(store, "suppressions")] == [
        (SEALER.mac(subscriptions.ADDRESS, DAN), COMPLAINT)
    ]


async def sending(store: Store, bulletin: int, letters: dict[DeliveryState, int]) -> int:
    """Return an issue that is being sent, with so many letters in each state, to the readers in order."""
    states = [each for each, count in letters.items() for _ in range(count)]
    async with store.transaction() as tx:
        await open_issue(tx, bulletin)
        await tx.execute(update(t.issues).values(state=IssueState.SENDING, number=1))
        await tx.execute(update(t.bulletins).values(moderators_chat=-100))
        row = {"issue_id": 1, "kind": "mail", "part": 0, "attempt": 1, "doubts": 0, "possible_duplicate": False}
        rows = [{**row, "target_id": number, "state": each} for number, each in enumerate(states, 1)]
        await tx.execute(insert(t.deliveries), rows)
    return 1


async def bounce_many(store: Store, issue: int, count: int, now: datetime = NOW) -> list[bool]:
    """Let the mails of the first readers come back, and return what each did to the run."""
    did = []
    for number in range(1, count + 1):
        async with store.transaction() as tx:
            noted = await returns.bounced(tx, Named(number, 0), HARD, "5.1.1", now)
            assert noted is not None
            did.append(await setback.after_bounce(tx, noted.issue, now))
    return did


@pytest.mark.parametrize(("letters", "stops_at"), [(49, 0), (50, 2), (100, 3), (150, 4)])
async def test_more_than_two_percent_of_fifty_put_the_run_on_hold_once(
    store: Store, bulletin: int, letters: int, stops_at: int
) -> None:
    await bring_in(store, bulletin, letters)
    issue = await sending(store, bulletin, {DeliveryState.SENT: letters})
    did = await bounce_many(store, issue, 6)
    assert [place for place, stopped in enumerate(did, 1) if stopped] == ([stops_at] if stops_at else [])
    states = [row[3] for row in await all_of(store, "issues")]
    assert (IssueState.HELD in states) == bool(stops_at)
    said = [row for row in await all_of(store, "outbox") if row[1] == "say"]
    assert len(said) == bool(stops_at)


async def test_a_hint_of_a_block_list_stops_the_run_and_a_run_that_is_over_is_only_told_of(
    store: Store, bulletin: int
) -> None:
    await bring_in(store, bulletin)
    issue = await sending(store, bulletin, {DeliveryState.SENT: 1})
    async with store.transaction() as tx:
        await tx.execute(update(t.issues).values(state=IssueState.SENT))
        assert await setback.after_listing(tx, issue, NOW)
        assert not await setback.after_listing(tx, issue, NOW)
    assert [row[3] for row in await all_of(store, "issues")] == [IssueState.SENT]


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        ("550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org", True),
        ("554 5.7.1 Your IP is blocked", True),
        ("550 5.7.606 Access denied, banned sending IP; see our blacklist", True),
        ("421 4.7.0 unsolicited mail, low reputation of this IP", True),
        ("550 5.1.1 no such user", False),
        ("550 5.2.1 mailbox blocked by its owner", False),
        ("452 4.2.2 over quota", False),
        ("450 4.7.1 greylisted, try again", False),
    ],
)
def test_words_that_hint_at_a_block_list(words: str, hints: bool) -> None:
    assert returns.hints_at_listing(words) is hints
