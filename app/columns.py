"""Columns of small text: as near to where they belong as their widths allow, in balanced lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise


@dataclass(frozen=True)
class Extent:
    """A column that would like its middle at `wanted` and takes `left` and `right` of it."""

    wanted: float
    left: float
    right: float


def spread(columns: Sequence[Extent], gap: float) -> list[float]:
    """Middles in the given order, at least `gap` between neighbours, nearest to the wanted ones.

    Nearest in the sum of squares: columns that collide form a block, which stands at the mean of
    what its members want (isotonic regression by pooling adjacent violators).
    """
    offsets = [0.0]
    for before, after in pairwise(columns):
        offsets.append(offsets[-1] + before.right + gap + after.left)
    blocks: list[tuple[float, int]] = []
    for column, offset in zip(columns, offsets, strict=False):
        mean, count = column.wanted - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, size = blocks.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        blocks.append((mean, count))
    anchors = [mean for mean, count in blocks for _ in range(count)]
    return [anchor + offset for anchor, offset in zip(anchors, offsets, strict=False)]


def wrapped(text: str, width: Callable[[str], float], limit: float) -> list[str]:
    """`text` in the fewest lines no wider than `limit` (but for a single long word), evenly filled.

    `width` measures a line.
    """
    words = text.split()
    for breaks in range(len(words)):
        choices = [_lines(words, places) for places in
                   combinations(range(1, len(words)), breaks)]
        best = min(choices, key=lambda lines: max(map(width, lines)))
        if max(map(width, best)) <= limit:
            return best
    return words


def _lines(words: Sequence[str], breaks: Sequence[int]) -> list[str]:
    ends = (0, *breaks, len(words))
    return [" ".join(words[start:end]) for start, end in pairwise(ends)]
