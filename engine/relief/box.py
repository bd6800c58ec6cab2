"""The box around a relief: a floor with a grid, walls at the back, and where its ticks stand.

What it draws lies behind or below the surface for every camera that looks down, so it is painted
first and needs no test of depths. Walls stand at the back and words at the front, which are other
sides as a camera goes round: within some degrees of that one fades and the other comes up, so that
nothing leaps from side to side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..camera import smooth
from .camera import Projection
from .field import Relief
from .sizes import FLOOR, HEIGHT

Array = NDArray[np.float64]

# Sides change over so many degrees before a wall is seen from its edge, and within so many to both
# sides of there: looked at squarely a box has numbers of the plane at its right, of heights at its
# left.
BEFORE, FADING = 8.0, 3.1
SIDES = (-1.0, 1.0)


class Stroke(NamedTuple):
    """A line (n, 2) in pixels, and how much of its opacity it has."""

    line: Array
    strength: float


@dataclass(frozen=True, eq=False)
class Axis:
    """An edge of the box on a picture: its two ends (2, 2), its ticks (n, 2) and their values, the
    direction (2,) away from the box, all in pixels, and how much of it is to be seen, 0 to 1."""

    name: str
    ends: Array
    ticks: Array
    values: tuple[float, ...]
    outwards: Array
    strength: float


@dataclass(frozen=True, eq=False)
class BoxPicture:
    """A box on a picture, in pixels: the floor's corners (4, 2), lines, and edges named x, y and z
    that words stand at: one of each, or two of a kind that change over."""

    floor: Array
    outline: list[Stroke]
    grid: list[Stroke]
    axes: list[Axis]


def box_picture(relief: Relief, projection: Projection, x_ticks: Sequence[float],
                y_ticks: Sequence[float], z_ticks: Sequence[float]) -> BoxPicture:
    """The box as a camera sees it, with ticks at those values that lie within it."""
    (hx, hy) = relief.half
    xs = _within(relief.placed(np.array([[value, 0.0] for value in x_ticks]).reshape(-1, 2))[:, 0],
                 x_ticks, hx)
    ys = _within(relief.placed(np.array([[0.0, value] for value in y_ticks]).reshape(-1, 2))[:, 1],
                 y_ticks, hy)
    raised = relief.raised(np.array(z_ticks, float).reshape(-1))
    zs = [(float(z), value) for z, value in zip(raised, z_ticks, strict=True)
          if -1e-9 <= z <= HEIGHT * 1.001]
    front_x, front_y = _front(projection)

    scene: list[tuple[float, float, float]] = []

    def line(*points: tuple[float, float, float]) -> slice:
        """Remember points that are projected with all others, at once."""
        scene.extend(points)
        return slice(len(scene) - len(points), len(scene))

    low = [(-hx, -hy, FLOOR), (hx, -hy, FLOOR), (hx, hy, FLOOR), (-hx, hy, FLOOR)]
    middle, floor = line((0, 0, FLOOR)), line(*low)
    grid = [(line((x, -hy, FLOOR), (x, hy, FLOOR)), 1.0) for x, _ in xs]
    grid += [(line((-hx, y, FLOOR), (hx, y, FLOOR)), 1.0) for y, _ in ys]
    outline = [(line(*low, low[0]), 1.0)]
    edges = []
    for side in SIDES:
        x, y = side * hx, side * hy
        for z, _ in zs:
            grid.append((line((x, -hy, z), (x, hy, z)), front_x[-side]))
            grid.append((line((-hx, y, z), (hx, y, z)), front_y[-side]))
        outline.append((line((x, -hy, HEIGHT), (x, hy, HEIGHT)), front_x[-side]))
        outline.append((line((-hx, y, HEIGHT), (hx, y, HEIGHT)), front_y[-side]))
        edges.append(("x", line((-hx, y, FLOOR), (hx, y, FLOOR)),
                      line(*((at, y, FLOOR) for at, _ in xs)), front_y[side]))
        edges.append(("y", line((x, -hy, FLOOR), (x, hy, FLOOR)),
                      line(*((x, at, FLOOR) for at, _ in ys)), front_x[side]))
    for x, y in ((x, y) for x in SIDES for y in SIDES):
        foot, top = (x * hx, y * hy, FLOOR), (x * hx, y * hy, HEIGHT)
        outline.append((line(foot, top), 1 - front_x[x] * front_y[y]))
        # Heights are written at the upright edge that is furthest to the left.
        left = front_x[-x] * front_y[y] if x == y else front_x[x] * front_y[-y]
        edges.append(("z", line((*foot[:2], 0.0), top), line(*((*foot[:2], z) for z, _ in zs)),
                      left))
    pixels = projection.project(np.array(scene, float))[:, :2]
    values = {name: tuple(value for _, value in found)
              for name, found in (("x", xs), ("y", ys), ("z", zs))}

    def strokes(lines: list[tuple[slice, float]]) -> list[Stroke]:
        return [Stroke(pixels[place], strength) for place, strength in lines if strength]

    return BoxPicture(
        pixels[floor], strokes(outline), strokes(grid),
        [_axis(name, pixels[ends], pixels[ticks], values[name], pixels[middle][0], strength)
         for name, ends, ticks, strength in edges if strength])


def _front(projection: Projection) -> tuple[dict[float, float], dict[float, float]]:
    """How much each of the two sides along x, and along y, is the one towards the eye."""
    _, up, forward = projection.axes
    # Over the floor towards the eye, also for one that looks straight down.
    x, y = up[:2] * forward[2] - forward[:2] * up[2]
    turned = (x * cos(radians(BEFORE)) - y * sin(radians(BEFORE)),
              y * cos(radians(BEFORE)) + x * sin(radians(BEFORE)))
    x, y = (smooth(0.5 + float(way) / sin(radians(FADING)) / 2) for way in turned)
    return {1.0: x, -1.0: 1 - x}, {1.0: y, -1.0: 1 - y}


def _within(places: Array, values: Sequence[float], half: float) -> list[tuple[float, float]]:
    return [(float(place), value) for place, value in zip(places, values, strict=True)
            if abs(place) <= half * 1.0001]


def _axis(name: str, ends: Array, ticks: Array, values: tuple[float, ...], middle: Array,
          strength: float) -> Axis:
    """An axis whose words stand away from the floor's middle, or to the left for an upright one."""
    outwards = np.array([-1.0, 0.0])
    if name != "z":
        along = ends[1] - ends[0]
        outwards = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
        if outwards @ (ends.mean(axis=0) - middle) < 0:
            outwards = -outwards
    return Axis(name, ends, ticks, values, outwards, strength)
