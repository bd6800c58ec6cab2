"""Sliding from one picture of the same points to another: turned on the way, and not crushed.

A straight way between two pictures that lie turned to each other runs through a smaller, crumpled
one. So the second is first laid on the first (orthogonal Procrustes, Schönemann 1966), points go
straight from the one to the other, and the whole turns on the way by what was undone: both ends are
exactly the pictures. Pictures that are mirror images turn over like a sheet of paper.
"""

from __future__ import annotations

from math import atan2, cos, pi, sin

import numpy as np
from numpy.typing import NDArray

Exact = NDArray[np.float64]


def alignment(points: Exact, target: Exact) -> Exact:
    """The rotation or mirroring R (2, 2) for which `points` @ R lie nearest to `target`, (n, 2).

    Both are compared about their means. The identity, where one of them is a single point.
    """
    cross = (points - points.mean(0)).T @ (target - target.mean(0))
    size = np.abs(cross).max()
    if not size > 0:
        return np.eye(2)
    left, _, right = np.linalg.svd(cross / size)
    return np.asarray(left @ right)


def part_of_turn(turn: Exact, share: float) -> Exact:
    """A part of a rotation or mirroring (2, 2): nothing of it at 0, all at 1."""
    if np.linalg.det(turn) > 0:
        angle = share * atan2(turn[0, 1], turn[0, 0])
        return np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    # A mirroring is symmetric; what it turns round is the direction across its axis.
    _, vectors = np.linalg.eigh((turn + turn.T) / 2)
    across = vectors[:, 0]
    return np.asarray(np.eye(2) - (1 - cos(pi * share)) * np.outer(across, across))


def slid(before: Exact, after: Exact, turn: Exact, share: float) -> Exact:
    """Points on their way from `before` to `after` (…, 2), both about the middle of the picture.

    `turn` is the `alignment` of the two pictures, `share` goes from 0 to 1.
    """
    if share <= 0:
        return before
    if share >= 1:
        return after
    return np.asarray(((1 - share) * before + share * (after @ turn.T))
                      @ part_of_turn(turn, share))
