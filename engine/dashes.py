"""A line cut into dashes, which may then be drawn by whatever draws lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def dashes(points: Array, on: float, off: float, rows: tuple[float, float] | None = None
           ) -> list[Array]:
    """Pieces (m, 2) of a line (n, 2), each `on` long, with gaps of `off` between them.

    Lengths are measured along the line, from its first point on, in the units of the points; the
    last piece may be shorter. With `rows`, a lowest and a highest y, only pieces that come between
    them are made, where they would be among all.
    """
    if len(points) < 2:
        return []
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    starts = np.arange(0.0, along[-1], on + off)
    ends = np.minimum(starts + on, along[-1])
    if rows is not None:
        kept = _within(points[:, 1], along, rows, starts, ends)
        starts, ends = starts[kept], ends[kept]
    places = np.unique(np.concatenate([along, starts, ends]))
    line = np.stack([np.interp(places, along, points[:, 0]),
                     np.interp(places, along, points[:, 1])], axis=1)
    firsts, lasts = np.searchsorted(places, starts), np.searchsorted(places, ends)
    return [line[first : last + 1] for first, last in zip(firsts, lasts, strict=True)]


def _within(y: Array, along: Array, rows: tuple[float, float], starts: Array, ends: Array
            ) -> NDArray[np.bool_]:
    """Which pieces of a line, from `starts` to `ends` of it, come between the rows."""
    climb = np.diff(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = (np.array(rows)[:, None] - y[:-1]) / climb
    # A level segment is between them as a whole, or not at all: from -inf to inf, or beyond.
    enter = np.clip(np.nan_to_num(shares.min(axis=0), nan=0.0), 0, 1)
    leave = np.clip(np.nan_to_num(shares.max(axis=0), nan=1.0), 0, 1)
    seen = (np.minimum(y[:-1], y[1:]) <= rows[1]) & (np.maximum(y[:-1], y[1:]) >= rows[0])
    first = (along[:-1] + enter * np.diff(along))[seen]
    last = (along[:-1] + leave * np.diff(along))[seen]
    # The first stretch between the rows that ends no sooner than a piece begins.
    after = np.searchsorted(last, starts)
    return np.append(first, np.inf)[after] <= ends
