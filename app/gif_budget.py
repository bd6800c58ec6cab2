"""How a GIF is made small: fewer frames, fewer colours and a smaller picture, step by step.

Text must stay readable and motion smooth for as long as can be, so the steps take a little of each
in turn. A step is tried only if it may fit by what the one before it had, which counts bytes as
pixels times frames times bits a pixel; files shrink less than that, so no step that fits is passed
over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

from .encoding import film_formats
from .picture_file import Size

MEGABYTE = 1_000_000
SMALLEST_SIDE = 160

# Of the asked size; frames a second at most; colours.
_STEPS = (
    (1, 240, 256), (1, 25, 256), (1, 25, 128), (1, 20, 128), (0.75, 25, 128), (0.75, 20, 128),
    (0.75, 20, 64), (0.6, 20, 128), (0.6, 20, 64), (0.5, 20, 64), (0.4, 20, 64), (1 / 3, 20, 64),
    (1 / 3, 10, 64), (1 / 3, 10, 32), (0.25, 10, 64), (0.25, 10, 32), (1 / 6, 10, 32),
)


@dataclass(frozen=True)
class Rung:
    """One way to make a film."""

    size: Size
    fps: int
    colors: int

    def __str__(self) -> str:
        return (f"{self.size[0]}x{self.size[1]}, {self.fps} frames a second, "
                f"{self.colors} colours")

    @property
    def bits(self) -> float:
        """Bits a second if nothing were compressed, to compare steps by."""
        return self.size[0] * self.size[1] * self.fps * log2(self.colors)


def rungs(size: Size, fps: int) -> Iterator[Rung]:
    """From what was asked for down to what is barely readable."""
    rates = sorted(film_formats["gif"].rates, reverse=True)
    last: Rung | None = None
    smallest = size
    for share, most, colors in _STEPS:
        smaller = round(size[0] * share / 2) * 2, round(size[1] * share / 2) * 2
        if share != 1 and min(smaller) >= SMALLEST_SIDE:
            smallest = smaller
        rate = fps if fps <= most else next(rate for rate in rates if rate <= most)
        rung = Rung(smallest, rate, colors)
        if last is None or rung.bits < last.bits:
            yield rung
            last = rung


def worth_trying(rung: Rung, tried: Rung, size: float, limit: float) -> bool:
    """Whether a step may fit into `limit` bytes where another one had `size`."""
    return size * rung.bits / tried.bits <= limit
