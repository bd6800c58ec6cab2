"""What a classifier says over a plane as pixels: its shares mixed from class colours, boundaries.

Scores (F, r, c) on a grid decide: one field is the score of class 1 over class 0, more are those of
the classes themselves. Where two classes are alike the picture is as pale as the ground, whatever
the others are; the boundary runs where the highest score changes hands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .enlarge import ROWS_A_PIECE, Grid, enlarged
from .exponential import C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE
from .kernels import compile_function, import_numba

Picture = NDArray[np.uint32]
Coverage = NDArray[np.uint8]

# Scores of any size are finite, and their differences too.
LARGEST = 1e6


@dataclass(frozen=True)
class Palette:
    """Colours from 0 to 255: of C classes (C, 3), of the ground and of the boundary (3,).

    A class that is certain covers the ground with `strength`, from 0 to 1, and the line covers both
    with `opacity`; `width` is the line's in pixels.
    """

    classes: NDArray[np.float32]
    ground: NDArray[np.float32]
    line: NDArray[np.float32]
    strength: float = 0.38
    opacity: float = 0.9
    width: float = 1.5

    def without_line(self) -> Palette:
        """The same without boundaries."""
        return replace(self, opacity=0.0)


def _edge_of_two(scores, half, wide, out, halo):
    top, far = half + HALF, wide + HALF
    for row in range(out.shape[0]):
        above, here, below = scores[0, row], scores[0, row + 1], scores[0, row + 2]
        line, around = out[row], halo[row]
        for x in range(line.size):
            dx = HALF * (here[x + 2] - here[x])
            dy = HALF * (below[x + 1] - above[x + 1])
            slope = sqrt(dx * dx + dy * dy)
            # A score that is 0 everywhere has no boundary, and one that is 0 on a line has.
            whole = np.float32(255) / (slope + np.float32(1e-20))
            lead = abs(here[x + 1])
            cover = min(max(top * slope - lead, np.float32(0)), slope)
            line[x] = np.uint8(np.int32(cover * whole))
            cover = min(max(far * slope - lead, np.float32(0)), slope)
            around[x] = np.uint8(np.int32(cover * whole))


def _edge_of_many(scores, half, wide, out, halo):
    top, far = half + HALF, wide + HALF
    columns = out.shape[1]
    best, next_best = np.empty(columns, np.float32), np.empty(columns, np.float32)
    first, second = np.empty(columns, np.int32), np.empty(columns, np.int32)
    for row in range(out.shape[0]):
        line, around = out[row], halo[row]
        best[:], next_best[:] = scores[0, row + 1, 1:-1], np.float32(-3e38)
        first[:], second[:] = 0, 0
        for k in range(1, scores.shape[0]):
            score, label = scores[k, row + 1], np.int32(k)
            # Without branches: which class leads cannot be guessed.
            for x in range(columns):
                z, one, two = score[x + 1], best[x], next_best[x]
                leads, follows = z > one, z > two
                second[x] = first[x] if leads else (label if follows else second[x])
                next_best[x] = one if leads else (z if follows else two)
                first[x] = label if leads else first[x]
                best[x] = z if leads else one
        for x in range(columns):
            a, b = first[x], second[x]
            dx = HALF * (scores[a, row + 1, x + 2] - scores[b, row + 1, x + 2]
                         - scores[a, row + 1, x] + scores[b, row + 1, x])
            dy = HALF * (scores[a, row + 2, x + 1] - scores[b, row + 2, x + 1]
                         - scores[a, row, x + 1] + scores[b, row, x + 1])
            slope = sqrt(dx * dx + dy * dy)
            whole = np.float32(255) / (slope + np.float32(1e-20))
            lead = best[x] - next_best[x]
            cover = min(max(top * slope - lead, np.float32(0)), slope)
            line[x] = np.uint8(np.int32(cover * whole))
            cover = min(max(far * slope - lead, np.float32(0)), slope)
            around[x] = np.uint8(np.int32(cover * whole))


def _fill_of_two(scores, margin, colors, ground, line, strength, opacity, edge, out):
    share = opacity / np.float32(255)
    hard = ONE / margin if margin > 0 else np.float32(0)
    red, green, blue = ground[0], ground[1], ground[2]
    red0, green0, blue0 = colors[0, 0] - red, colors[0, 1] - green, colors[0, 2] - blue
    red1, green1, blue1 = colors[1, 0] - red, colors[1, 1] - green, colors[1, 2] - blue
    for row in range(out.shape[0]):
        score, cover, target = scores[0, row + 1], edge[row], out[row]
        for x in range(target.size):
            z = score[x + 1]
            v = -abs(z)
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = (LOWEST if v < LOWEST else v) - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            e = s + s * p
            soft = (ONE - e) / (ONE + e)
            lead = min(abs(z) * hard, ONE) if margin > 0 else soft
            one = HALF + HALF * (lead if z > 0 else -lead)
            zero = ONE - one
            lead *= strength
            a = red + lead * (zero * red0 + one * red1)
            b = green + lead * (zero * green0 + one * green1)
            c = blue + lead * (zero * blue0 + one * blue1)
            over = cover[x] * share
            a += over * (line[0] - a)
            b += over * (line[1] - b)
            c += over * (line[2] - c)
            target[x] = np.uint32((255 << 24) | (np.int32(a + HALF) << 16)
                                  | (np.int32(b + HALF) << 8) | np.int32(c + HALF))


def _fill_of_many(scores, margin, colors, ground, line, strength, opacity, edge, out):
    share = opacity / np.float32(255)
    columns = out.shape[1]
    work = np.empty((6, columns), np.float32)
    top, second, total, red, green, blue = work[0], work[1], work[2], work[3], work[4], work[5]
    for row in range(out.shape[0]):
        top[:], second[:] = scores[0, row + 1, 1:-1], np.float32(-3e38)
        total[:], red[:], green[:], blue[:] = 0, 0, 0, 0
        for k in range(1, scores.shape[0]):
            score = scores[k, row + 1]
            for x in range(columns):
                z = score[x + 1]
                lower = z if z < top[x] else top[x]
                second[x] = lower if lower > second[x] else second[x]
                top[x] = z if z > top[x] else top[x]
        for k in range(scores.shape[0]):
            score = scores[k, row + 1]
            r0, g0, b0 = colors[k, 0], colors[k, 1], colors[k, 2]
            for x in range(columns):
                v = score[x + 1] - top[x]
                n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
                r = (LOWEST if v < LOWEST else v) - n * LN2
                p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
                s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
                # Without shares, the class that leads has all.
                e = (ONE if v >= 0 else np.float32(0)) if margin > 0 else s + s * p
                total[x] += e
                red[x] += e * r0
                green[x] += e * g0
                blue[x] += e * b0
        cover, target = edge[row], out[row]
        for x in range(columns):
            v = second[x] - top[x]
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = (LOWEST if v < LOWEST else v) - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            soft = (ONE - (s + s * p)) / total[x]
            lead = strength * (min(-v / margin, ONE) if margin > 0 else soft)
            a = ground[0] + lead * (red[x] / total[x] - ground[0])
            b = ground[1] + lead * (green[x] / total[x] - ground[1])
            c = ground[2] + lead * (blue[x] / total[x] - ground[2])
            over = cover[x] * share
            a += over * (line[0] - a)
            b += over * (line[1] - b)
            c += over * (line[2] - c)
            target[x] = np.uint32((255 << 24) | (np.int32(a + HALF) << 16)
                                  | (np.int32(b + HALF) << 8) | np.int32(c + HALF))


def _ramp(values, low, scale, colors, out):
    last = np.float32(colors.size - 1)
    for row in range(out.shape[0]):
        value, target = values[0, row + 1], out[row]
        for x in range(target.size):
            place = (value[x + 1] - low) * scale
            target[x] = colors[np.int32(min(max(place, np.float32(0)), last))]


@cache
def _compiled(name: str) -> Any:
    types = import_numba().types
    real = types.float32
    stack, table, vector = real[:, :, ::1], real[:, ::1], real[::1]
    cover, picture = types.uint8[:, ::1], types.uint32[:, ::1]
    fill = (stack, real, table, vector, vector, real, real, cover, picture)
    kinds: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "edge-of-two": (_edge_of_two, (stack, real, real, cover, cover)),
        "edge-of-many": (_edge_of_many, (stack, real, real, cover, cover)),
        "fill-of-two": (_fill_of_two, fill),
        "fill-of-many": (_fill_of_many, fill),
        "ramp": (_ramp, (stack, real, real, types.uint32[::1], picture)),
    }
    function, arguments = kinds[name]
    return compile_function(function, types.void(*arguments), "float32")


def warm() -> None:
    """Compile what decision pictures need."""
    for name in ("edge-of-two", "edge-of-many", "fill-of-two", "fill-of-many", "ramp"):
        _compiled(name)


def decision_picture(scores: Grid, columns: int, rows: int, palette: Palette,
                     margin: float | None = None) -> Picture:
    """Scores (F, r, c) as a picture (rows, columns) of 0xAARRGGBB with its boundaries.

    Colours are mixed by softmax shares, and how far the leading share is ahead of the next says how
    much they cover. With a `margin` scores are no probabilities: the leading class has its colour,
    and covers fully from a lead of so much on.
    """
    number = "two" if len(scores) == 1 else "many"
    edge, fill = _compiled(f"edge-of-{number}"), _compiled(f"fill-of-{number}")
    out, cover = np.empty((rows, columns), np.uint32), np.empty((rows, columns), np.uint8)
    unused = np.empty((min(ROWS_A_PIECE, rows), columns), np.uint8)
    lead = 0.0 if margin is None else max(margin, 1e-6)
    for first, piece in enlarged(_tamed(scores), columns, rows):
        part = slice(first, first + piece.shape[1] - 2)
        edge(piece, palette.width / 2, 0.0, cover[part], unused[: piece.shape[1] - 2])
        fill(piece, lead, palette.classes, palette.ground, palette.line, palette.strength,
             palette.opacity, cover[part], out[part])
    return out


def boundary(scores: Grid, columns: int, rows: int, width: float, halo_width: float
             ) -> tuple[Coverage, Coverage]:
    """How much the boundaries of scores (F, r, c) cover each pixel, and how much a wider halo does.

    Both are (rows, columns), 0 to 255.
    """
    edge = _compiled("edge-of-two" if len(scores) == 1 else "edge-of-many")
    cover, halo = np.empty((rows, columns), np.uint8), np.empty((rows, columns), np.uint8)
    for first, piece in enlarged(_tamed(scores), columns, rows):
        part = slice(first, first + piece.shape[1] - 2)
        edge(piece, width / 2, halo_width / 2, cover[part], halo[part])
    return cover, halo


def shaded(values: Grid, columns: int, rows: int, low: float, high: float,
           colors: Picture) -> Picture:
    """Values (r, c) as shades, `colors` (m,) going from `low` to `high`, (rows, columns)."""
    out = np.empty((rows, columns), np.uint32)
    scale = len(colors) / (high - low)
    for first, piece in enlarged(_tamed(values[None]), columns, rows):
        _compiled("ramp")(piece, low, scale, colors, out[first : first + piece.shape[1] - 2])
    return out


def shaded_each(values: Grid, columns: int, rows: int, low: float, high: float,
                colors: Picture) -> NDArray[np.uint32]:
    """Several small fields (U, r, c) as `shaded` draws each, (U, rows, columns), in one go."""
    out = np.empty((len(values), rows, columns), np.uint32)
    scale, ramp = len(colors) / (high - low), _compiled("ramp")
    for first, piece in enlarged(_tamed(values), columns, rows):
        for place in range(len(values)):
            ramp(piece[place : place + 1], low, scale, colors,
                 out[place, first : first + piece.shape[1] - 2])
    return out


def _tamed(scores: Grid) -> Grid:
    """Scores as numbers that can be compared: what is undefined leads nowhere."""
    # NaN is in no range, so it is caught here, too.
    if scores.size and scores.min() >= -LARGEST and scores.max() <= LARGEST:
        return scores
    return np.clip(np.nan_to_num(scores, nan=0.0, posinf=LARGEST, neginf=-LARGEST),
                   -LARGEST, LARGEST).astype(np.float32)
