"""Where somebody is on a relief who may have left it: on the rim, where the way went out last.

One that diverges leaps from side to side, so that a marker which followed it would flicker between
two of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .field import Relief

Array = NDArray[np.float64]

# Points that are looked through for where a way left.
MOST_OUTSIDE = 4000
# Of one who was never inside, a place further out than so many sizes of the plane is passed over.
FAR_OUT = 20.0
# From the rim outwards, in the scene.
BEYOND = 0.1


def last_place(relief: Relief, path: Array, index: int) -> tuple[Array, Array | None]:
    """The point (2,) of the relief where a way (n, 2) is at an index, or where it left before that.

    In that case a point comes with it that is beyond the rim in the way's direction. One who was
    never inside is on the rim towards where it is, as seen from the middle. What is not finite is
    passed over.
    """
    low, high = np.array([relief.x_range, relief.y_range]).T
    if ((low <= path[index]) & (path[index] <= high)).all():
        return path[index], None
    # All at once; an even first one is on the same side at the next step, too.
    first = max(index - MOST_OUTSIDE, 0) // 2 * 2
    part = path[first : index + 1]
    part = part[np.isfinite(part).all(axis=1)]
    inside = ((low <= part) & (part <= high)).all(axis=1)
    if not len(part):
        return (low + high) / 2, None
    if inside[-1]:
        return part[-1], None
    if not inside.any():
        here = (low + high) / 2
        near = np.flatnonzero((np.abs(part - here) <= FAR_OUT * (high - low)).all(axis=1))
        there = part[near[-1] if len(near) else 0]
    else:
        last = int(np.flatnonzero(inside)[-1])
        here, there = part[last], part[last + 1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        shares = (np.where(there > here, high, low) - here) / (there - here)
    rim = here + np.where(there == here, np.inf, shares).min() * (there - here)
    return _with_beyond(relief, np.clip(rim, low, high), there)


def _with_beyond(relief: Relief, rim: Array, outside: Array) -> tuple[Array, Array]:
    start, end = relief.placed(np.stack([rim, outside]))
    way = (end - start) / max(float(np.abs(end - start).max()), 1e-300)
    return rim, relief.found(start + BEYOND * way / np.hypot(*way))
