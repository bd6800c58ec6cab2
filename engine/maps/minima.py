"""The minima of a surface: those that are published, and those that are found.

A point is a minimum where the gradient vanishes, the Hessian is positive definite and all points
around it are higher. Saddles, ridges and level floors are none, however small the gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..jets import value_gradient_hessian
from ..kernels import SURFACE, compile_function, import_numba, pointer_type
from ..surfaces import Surface
from ..table import Box

Array = NDArray[np.float64]

# Of a search: starts along a side, and the distance at which two ends are one point, as a share of
# the domain's shorter side.
GRID, SAME = 32, 1e-3
MOST_ROUNDS = 80


def polish(surface, points, scale, arrived):
    """Lead every point (n, 2) down to a minimum by Newton's method; `arrived` (n,) where it ends.

    Where the Hessian is not positive definite it is shifted until it is, so that every step leads
    down and none ends on a saddle.
    """
    grad, ahead, behind = np.empty(2), np.empty(2), np.empty(2)
    trial, step, moved = np.empty(2), np.empty(2), np.empty(2)
    h = 1e-6 * scale
    for i in range(points.shape[0]):
        point = points[i]
        arrived[i] = False
        for _ in range(MOST_ROUNDS):
            loss = surface(point, grad)
            moved[:] = point
            moved[0] = point[0] + h
            surface(moved, ahead)
            moved[0] = point[0] - h
            surface(moved, behind)
            a, b = (ahead[0] - behind[0]) / (2 * h), (ahead[1] - behind[1]) / (2 * h)
            moved[0] = point[0]
            moved[1] = point[1] + h
            surface(moved, ahead)
            moved[1] = point[1] - h
            surface(moved, behind)
            b = 0.5 * (b + (ahead[0] - behind[0]) / (2 * h))
            c = (ahead[1] - behind[1]) / (2 * h)
            if not np.isfinite(loss + grad[0] + grad[1] + a + b + c):
                break
            middle, spread = 0.5 * (a + c), np.hypot(0.5 * (a - c), b)
            lowest = middle - spread
            definite = lowest > 0
            if not definite:
                shift = 0.1 * (abs(middle) + spread) - lowest
                a, c = a + shift, c + shift
            determinant = a * c - b * b
            if determinant <= 0:
                break
            step[0] = (b * grad[1] - c * grad[0]) / determinant
            step[1] = (b * grad[0] - a * grad[1]) / determinant
            length = np.hypot(step[0], step[1])
            if length > 0.1 * scale:
                step *= 0.1 * scale / length
            if length < 1e-9 * scale:
                arrived[i] = definite
                break
            share = 1.0
            while share > 1e-9:
                trial[:] = point + share * step
                if surface(trial, ahead) < loss:
                    break
                share *= 0.5
            if share <= 1e-9:
                # Losses differ by rounding only: as near as it gets.
                arrived[i] = definite and length < 1e-6 * scale
                break
            point[:] = trial


@cache
def compiled_polish() -> Any:
    """`polish`, compiled or read from the cache once."""
    types = import_numba().types
    real = types.float64
    return compile_function(polish, types.void(
        pointer_type(SURFACE), real[:, ::1], real, types.boolean[::1]), "float64")


@dataclass(frozen=True, eq=False)
class Minima:
    """Minima by their places, `points` (M, 2), with their losses (M,): published ones first."""

    surface: Surface
    points: Array
    losses: Array

    def radius(self, tolerance: float) -> float:
        """How near a run must stay to have arrived: a share of the domain's shorter side.

        It is less where two minima are so close that their discs would touch.
        """
        apart = np.hypot(*(self.points[:, None] - self.points).transpose(2, 0, 1))
        apart[np.diag_indices(len(apart))] = np.inf
        return float(min(tolerance * scale_of(self.surface), 0.45 * apart.min(initial=np.inf)))

    def with_ends(self, ends: Array, within: tuple[Box, ...] = ()) -> Minima:
        """These and whatever other ones the points (n, 2) lead to; itself where there are none.

        Where areas are given, those outside of all of them are left out.
        """
        found = _found(self.surface, ends[np.isfinite(ends).all(axis=1)], self.points)
        if within:
            found = found[np.any([_inside(found, area) for area in within], axis=0)]
        if not len(found):
            return self
        losses = np.array([self.surface.value(*point) for point in found])
        order = np.lexsort((found[:, 1], found[:, 0], losses.round(9)))
        return Minima(self.surface, np.concatenate([self.points, found[order]]),
                      np.concatenate([self.losses, losses[order]]))


@lru_cache(maxsize=64)
def minima_of(surface: Surface, box: Box) -> Minima:
    """The minima of a surface in its domain and in `box`, ((x low, x high), (y low, y high)).

    Other ones may be found outside by what runs end at; see `Minima.with_ends`.
    """
    points = np.array([*surface.minima, *surface.local_minima], float).reshape(-1, 2)
    known = Minima(surface, points, np.array([surface.value(*point) for point in points]))
    areas = tuple(dict.fromkeys((surface.domain, box)))
    return known.with_ends(np.concatenate([_grid(area) for area in areas]), areas)


def scale_of(surface: Surface) -> float:
    """The shorter side of a surface's domain."""
    return float(min(high - low for low, high in surface.domain))


def _grid(box: Box) -> Array:
    """Points (n, 2) all over a box."""
    x, y = (low + (np.arange(GRID) + 0.5) / GRID * (high - low) for low, high in box)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _inside(points: Array, box: Box) -> NDArray[np.bool_]:
    """Which of the points (n, 2) lie in a box, (n,)."""
    low, high = np.array(box).T
    return ((points >= low) & (points <= high)).all(axis=1)


def _found(surface: Surface, starts: Array, known: Array) -> Array:
    """The minima (n, 2) that the starts (n, 2) lead to and that are not known."""
    points, arrived = np.ascontiguousarray(starts, float).copy(), np.zeros(len(starts), bool)
    compiled_polish()(surface.kernel.compiled(), points, scale_of(surface), arrived)
    left, same = points[arrived], SAME * scale_of(surface)
    for point in known:
        left = left[np.hypot(*(left - point).T) > same]
    found = []
    while len(left):
        point, left = left[0], left[np.hypot(*(left - left[0]).T) > same]
        if is_minimum(surface, point):
            found.append(point)
    return np.array(found).reshape(-1, 2)


def is_minimum(surface: Surface, point: Array) -> bool:
    """Whether the Hessian is positive definite there and every neighbour is higher."""
    loss, gradient, hessian = value_gradient_hessian(surface.kernel.function, *map(float, point))
    if not (np.isfinite(hessian).all() and np.isfinite(gradient).all()):
        return False
    if np.linalg.eigvalsh(hessian)[0] <= 0:
        return False
    # Rounding may make a level floor's Hessian definite; its neighbours are not higher.
    turns = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    radius = SAME * scale_of(surface)
    around = np.array([surface.value(point[0] + radius * np.cos(turn),
                                     point[1] + radius * np.sin(turn)) for turn in turns])
    return bool((around - loss > 1e-12 * np.abs(around - loss).max()).all())
