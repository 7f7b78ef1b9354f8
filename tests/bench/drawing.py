"""Drawing: one reader's letter, and all editions of an issue."""

from dataclasses import replace

from bot.delivery.letters import Letters
from store.records import Delivery, FrozenIssue
from store.states import DeliveryState, SubscriptionState
from store.subscribers import Reader
from tests.bench.closed_issue import PRESS, SEALER, address, sample_week, template
from tests.bench.email_peer import TOKEN_LETTERS, Builder
from tests.bench.figures import Figure, microseconds, rounds

LONGER = 5
BUILT = "an EmailMessage for each reader"


def measure(count: int, letters: int) -> list[Figure]:
    """Draw so many letters, and the whole issue, in each of `count` rounds."""
    return [*_letters(count, letters), _editions(count)]


def _letters(count: int, letters: int) -> list[Figure]:
    cut, builder, writer = template(), Builder(), Letters(SEALER, PRESS.mail_from)
    sealed = SEALER.seal("address", address(1))
    reader = Reader(1, SubscriptionState.ACTIVE, 0, sealed, SEALER.mac("address", address(1)), "readers.example")
    row = Delivery(1, 1, "mail", 1, 0, DeliveryState.SENDING, 1)
    token = "a" * TOKEN_LETTERS

    def built() -> float:
        return microseconds(lambda: builder.letter(1).as_bytes(), max(1, letters // 20))

    def filled() -> float:
        return microseconds(lambda: cut.fill(address(1), f"{token}@news.example", token), letters)

    def written() -> float:
        return microseconds(lambda: writer.write(cut, row, reader), letters)

    return [
        Figure.of_rounds("letter filled in", BUILT, rounds(filled, built, count), "µs"),
        Figure.of_rounds("letter unsealed, signed, filled in", BUILT, rounds(written, built, count), "µs"),
    ]


def _editions(count: int) -> Figure:
    issue = sample_week()
    longer = replace(issue, sections=issue.sections * LONGER)
    drawn = rounds(lambda: _milliseconds(issue), lambda: _milliseconds(longer) / LONGER, count)
    return Figure.of_rounds("all editions of 29 items", f"a {LONGER}th of {LONGER * 29} items", drawn, "ms")


def _milliseconds(issue: FrozenIssue) -> float:
    return microseconds(lambda: PRESS.print(issue), 1) / 1_000
