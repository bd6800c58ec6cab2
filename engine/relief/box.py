"""The box around a relief: a floor with a grid, walls at the back, and where its ticks stand.

What it draws lies behind or below the surface for every camera that looks down, so it is painted
first and needs no test of depths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .camera import Projection
from .field import Relief
from .sizes import FLOOR, HEIGHT

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Axis:
    """An edge of the box on a picture: its two ends (2, 2), its ticks (n, 2) and their values, and
    the direction (2,) away from the box, all in pixels."""

    ends: Array
    ticks: Array
    values: tuple[float, ...]
    outwards: Array


@dataclass(frozen=True, eq=False)
class BoxPicture:
    """A box on a picture, in pixels: the floor's corners (4, 2), lines (2, 2), and three axes."""

    floor: Array
    outline: list[Array]
    grid: list[Array]
    x: Axis
    y: Axis
    z: Axis


def box_picture(relief: Relief, projection: Projection, x_ticks: Sequence[float],
                y_ticks: Sequence[float], z_ticks: Sequence[float]) -> BoxPicture:
    """The box as a camera sees it, with ticks at those values that lie within it."""
    (hx, hy), eye = relief.half, projection.eye
    # The two sides towards the eye, where the axes of the plane are written.
    front_x, front_y = np.copysign(hx, eye[0]), np.copysign(hy, eye[1])
    xs = _within(relief.placed(np.array([[value, 0.0] for value in x_ticks]).reshape(-1, 2))[:, 0],
                 x_ticks, hx)
    ys = _within(relief.placed(np.array([[0.0, value] for value in y_ticks]).reshape(-1, 2))[:, 1],
                 y_ticks, hy)
    raised = relief.raised(np.array(z_ticks, float).reshape(-1))
    zs = [(float(z), value) for z, value in zip(raised, z_ticks, strict=True)
          if -1e-9 <= z <= HEIGHT * 1.001]

    def seen(*points: tuple[float, float, float]) -> Array:
        return projection.project(np.array(points, float))[:, :2]

    floor = seen((-hx, -hy, FLOOR), (hx, -hy, FLOOR), (hx, hy, FLOOR), (-hx, hy, FLOOR))
    grid = [seen((x, -hy, FLOOR), (x, hy, FLOOR)) for x, _ in xs]
    grid += [seen((-hx, y, FLOOR), (hx, y, FLOOR)) for y, _ in ys]
    for z, _ in zs:
        grid.append(seen((-front_x, -hy, z), (-front_x, hy, z)))
        grid.append(seen((-hx, -front_y, z), (hx, -front_y, z)))
    back = [(-front_x, -front_y), (front_x, -front_y), (-front_x, front_y)]
    outline = [np.concatenate([floor, floor[:1]])]
    outline += [seen((x, y, FLOOR), (x, y, HEIGHT)) for x, y in back]
    outline.append(seen((front_x, -front_y, HEIGHT), (-front_x, -front_y, HEIGHT),
                        (-front_x, front_y, HEIGHT)))
    middle = seen((0, 0, FLOOR))[0]
    sides = [seen((x, y, FLOOR))[0] for x, y in back[1:]]
    # Heights are written at the upright edge that is furthest to the left.
    left = back[1:][int(np.argmin([side[0] for side in sides]))]
    return BoxPicture(
        floor, outline, grid,
        _axis(seen((-hx, front_y, FLOOR), (hx, front_y, FLOOR)),
              [(seen((x, front_y, FLOOR))[0], value) for x, value in xs], middle),
        _axis(seen((front_x, -hy, FLOOR), (front_x, hy, FLOOR)),
              [(seen((front_x, y, FLOOR))[0], value) for y, value in ys], middle),
        _axis(seen((*left, 0.0), (*left, HEIGHT)),
              [(seen((*left, z))[0], value) for z, value in zs], None))


def _within(places: Array, values: Sequence[float], half: float) -> list[tuple[float, float]]:
    return [(float(place), value) for place, value in zip(places, values, strict=True)
            if abs(place) <= half * 1.0001]


def _axis(ends: Array, ticks: list[tuple[Array, float]], middle: Array | None) -> Axis:
    """An axis whose words stand away from the floor's middle, or to the left for an upright one."""
    outwards = np.array([-1.0, 0.0])
    if middle is not None:
        along = ends[1] - ends[0]
        outwards = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
        if outwards @ (ends.mean(axis=0) - middle) < 0:
            outwards = -outwards
    places = np.array([place for place, _ in ticks]).reshape(-1, 2)
    return Axis(ends, places, tuple(value for _, value in ticks), outwards)
