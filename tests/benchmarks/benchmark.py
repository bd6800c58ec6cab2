"""What a benchmark is: the quantities it measures, against whom, and what is promised of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from engine.registry import Registry


@dataclass(frozen=True)
class Goal:
    """What is promised: a value and, where there is a peer, how many times as good as theirs."""

    at_least: float | None = None
    at_most: float | None = None
    times_theirs: float | None = None

    @property
    def wants_more(self) -> bool:
        """Whether a larger value is the better one."""
        return self.at_most is None

    def met(self, ours: float, ratio: float | None) -> bool | None:
        """Whether the promise is kept; None if that hangs on a peer that is not there."""
        if self.at_least is not None and ours < self.at_least:
            return False
        if self.at_most is not None and ours > self.at_most:
            return False
        if self.times_theirs is None:
            return True
        return None if ratio is None else ratio >= self.times_theirs

    def __str__(self) -> str:
        parts = [f"≥ {readable(self.at_least)}" if self.at_least is not None else "",
                 f"≤ {readable(self.at_most)}" if self.at_most is not None else "",
                 f"≥ {readable(self.times_theirs)} × theirs" if self.times_theirs else ""]
        return ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Quantity:
    """One row of the table; `peer` says who 'theirs' is, if anybody."""

    title: str
    unit: str
    goal: Goal
    peer: str = ""


@dataclass(frozen=True)
class Span:
    """What repeated measurements gave: the value that counts, the lowest and the highest."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Span:
        """The median of measurements, with their range."""
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True)
class Figure:
    """A quantity as measured; `theirs` is None without a peer, or where it is not installed."""

    ours: Span
    theirs: Span | None = None
    note: str = ""


@dataclass(frozen=True)
class Benchmark:
    """Quantities that are measured together, in a process of their own.

    `measure` returns a figure for each quantity, in their order.
    """

    name: str
    quantities: tuple[Quantity, ...]
    measure: Callable[[], Sequence[Figure]]


@dataclass(frozen=True)
class Row:
    """A line of the table and of the file; `ratio` is how many times as good as theirs ours is."""

    name: str
    ours: float
    theirs: float | None
    ratio: float | None
    unit: str
    goal: str
    met: bool | None
    note: str
    peer: str
    spread: tuple[float, float]
    benchmark: str

    def plain(self) -> dict[str, Any]:
        """What JSON can hold."""
        return asdict(self)


def row(benchmark: Benchmark, quantity: Quantity, figure: Figure) -> Row:
    """A quantity and its figure as a line of the table."""
    ours, theirs = figure.ours.value, figure.theirs.value if figure.theirs else None
    ratio = None
    if theirs is not None:
        ratio = ours / theirs if quantity.goal.wants_more else theirs / ours
    return Row(
        quantity.title, ours, theirs, ratio, quantity.unit, str(quantity.goal),
        quantity.goal.met(ours, ratio), figure.note, quantity.peer,
        (figure.ours.low, figure.ours.high), benchmark.name,
    )


def readable(value: float) -> str:
    """A number with the three digits that a noisy machine's measurement deserves."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:.3g} M"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


benchmarks: Registry[Benchmark] = Registry("benchmark", "tests.benchmarks.rows", Benchmark)
"""One file a topic in `rows/`; names begin with the topic, so that the table is in order."""
