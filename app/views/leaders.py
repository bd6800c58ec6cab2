"""Lines from heads to names that had to give way: they cross no name, and pale ones need none.

A heap of pale names says less than the markers below it, so a faded contestant's name fades the
further it is from its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PyQt6.QtCore import QLineF, QRectF

from engine.camera import smooth

# A faded contestant's name is whole up to so many heights from its place, and gone from there on.
PALE = (0.5, 1.1)


def near_enough(away: float, opacity: float) -> float:
    """How much is seen of a name so many heights of it from its place: all, if it is not faded."""
    return 1.0 if opacity >= 1 else 1 - smooth((away - PALE[0]) / (PALE[1] - PALE[0]))


def outside(line: QLineF, rects: Sequence[QRectF]) -> Iterator[QLineF]:
    """The pieces of a line that are in none of the rectangles."""
    covered = sorted(filter(None, (_within(line, rect) for rect in rects)))
    start = 0.0
    for first, last in [*covered, (1.0, 1.0)]:
        if first > start:
            yield QLineF(line.pointAt(start), line.pointAt(first))
        start = max(start, last)


def _within(line: QLineF, rect: QRectF) -> tuple[float, float] | None:
    """From which share of a line to which it is in a rectangle."""
    first, last = 0.0, 1.0
    for start, way, low, high in ((line.x1(), line.dx(), rect.left(), rect.right()),
                                  (line.y1(), line.dy(), rect.top(), rect.bottom())):
        if abs(way) < 1e-9:
            if not low < start < high:
                return None
            continue
        ends = sorted(((low - start) / way, (high - start) / way))
        first, last = max(first, ends[0]), min(last, ends[1])
    return (first, last) if first < last else None
