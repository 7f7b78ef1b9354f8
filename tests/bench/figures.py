"""A figure beside its peer's, the table they make, and how a piece of work is timed."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured here and at its peer; only the ratio, how many times better ours is, travels to other machines.

    `more_is_better`: for rates; else, for times and sizes, less is. `limit` is what we promise, where we do.
    """

    what: str
    peer_name: str
    ours: float
    peer: float
    unit: str
    more_is_better: bool = False
    limit: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.peer if self.more_is_better else self.peer / self.ours

    @classmethod
    def of_rounds(
        cls,
        what: str,
        peer_name: str,
        rounds: Iterable[tuple[float, float]],
        unit: str,
        *,
        more_is_better: bool = False,
    ) -> "Figure":
        """Return the medians of rounds, each of which measured both, one after the other."""
        ours, peer = zip(*rounds, strict=True)
        return cls(what, peer_name, median(ours), median(peer), unit, more_is_better)


def microseconds(work: Callable[[], object], times: int) -> float:
    """Return how long one call takes, as the mean of many."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times * 1e6


def rounds(ours: Callable[[], float], peer: Callable[[], float], count: int) -> list[tuple[float, float]]:
    """Warm both up, then measure them in turns, so that whatever else the machine does meets both."""
    ours(), peer()
    return [(ours(), peer()) for _ in range(count)]


def show(figures: Iterable[Figure]) -> None:
    table = Table("what", "ours", "limit", "peer", "unit", "ratio", "peer is", box=None)
    for column in table.columns[1:4] + table.columns[5:6]:
        column.justify = "right"
    for figure in figures:
        limit = "" if figure.limit is None else _short(figure.limit)
        numbers = _short(figure.ours), limit, _short(figure.peer), figure.unit, f"{figure.ratio:.2f}"
        table.add_row(figure.what, *numbers, figure.peer_name)
    Console(width=150).print(table)


def _short(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"
