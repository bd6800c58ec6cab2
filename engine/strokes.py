"""Wide antialiased lines as coverage: how much of each pixel a line covers, 0 to 255.

Coverage is joined by its maximum, so a line that crosses itself does not darken, a line can be
drawn in pieces without a seam, and pieces may come in any order: a picture depends on what is drawn
and never on how one came to it. A painter's strokes cost seconds for a long noisy line, because
they are joined to one shape first; this takes about 0.3 µs a point.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil, floor, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import compile_function, import_numba

Box = tuple[int, int, int, int]
Coverage = NDArray[np.uint8]
# Nearly all pixels of a line's box are not on it: so many at a time are marked as touched.
STRETCH = 16
NO_MARKS = np.empty((0, 0), np.uint8)


def _stroke(points, first, last, core_half, halo_half, core, halo, marks, top_row, bottom_row,
            box):
    columns = core.shape[1]
    reach = max(core_half, halo_half) + 0.5
    haloed = halo_half > 0
    box_left, box_top, box_right, box_bottom = box[0], box[1], box[2], box[3]
    for k in range(first, last):
        ax, ay, bx, by = points[k, 0], points[k, 1], points[k + 1, 0], points[k + 1, 1]
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        # A gap; NaN fails every comparison.
        if not square >= 0:
            continue
        top = max(top_row, int(floor(min(ay, by) - reach)))
        bottom = min(bottom_row, int(ceil(max(ay, by) + reach)) + 1)
        low, high = min(ax, bx) - reach, max(ax, bx) + reach
        inverse = 1 / square if square > 0 else 0.0
        crosses_rows = abs(dy) > 1e-9
        lean, strip = 0.0, 0.0
        if crosses_rows:
            lean, strip = dx / dy, reach * sqrt(square) / abs(dy)
        for row in range(top, bottom):
            py = row + 0.5 - ay
            left, right = low, high
            if crosses_rows:
                # Only where the line's own strip crosses this row.
                middle = ax + py * lean
                left, right = max(left, middle - strip), min(right, middle + strip)
            start, end = max(0, int(floor(left - 0.5))), min(columns, int(ceil(right + 0.5)))
            if start >= end:
                continue
            box_left, box_right = min(box_left, start), max(box_right, end)
            box_top, box_bottom = min(box_top, row), max(box_bottom, row + 1)
            if marks.size > 0:
                for place in range(start // STRETCH, (end - 1) // STRETCH + 1):
                    marks[row, place] = 1
            # Stored without a branch: whether a pixel is covered more than before cannot be
            # guessed, and a wrong guess costs as much as five pixels.
            core_line, halo_line = core[row, start:end], halo[row, start:end]
            for place in range(core_line.size):
                # Noise goes over the same pixels again and again. A full core has a full halo.
                if core_line[place] == 255:
                    continue
                px = place + start + 0.5 - ax
                along = min(max((px * dx + py * dy) * inverse, 0.0), 1.0)
                ex, ey = px - along * dx, py - along * dy
                distance = sqrt(ex * ex + ey * ey)
                share = min(max(core_half + 0.5 - distance, 0.0), 1.0)
                core_line[place] = max(core_line[place], np.uint8(np.int32(255 * share + 0.5)))
                if haloed:
                    share = min(max(halo_half + 0.5 - distance, 0.0), 1.0)
                    halo_line[place] = max(halo_line[place], np.uint8(np.int32(255 * share + 0.5)))
    box[0], box[1], box[2], box[3] = box_left, box_top, box_right, box_bottom


def _paint(points, lines, widths, colors, top_row, bottom_row, core, halo, marks, picture):
    box = np.empty(4, np.int64)
    for n in range(lines.shape[0]):
        box[0], box[1], box[2], box[3] = core.shape[1], core.shape[0], 0, 0
        _stroke(points, lines[n, 0], lines[n, 1] - 1, widths[n, 0] / 2, widths[n, 1] / 2, core,
                halo, marks, top_row, bottom_row, box)
        opacity = widths[n, 2]
        for row in range(box[1], box[3]):
            for place in range(box[0] // STRETCH, (box[2] - 1) // STRETCH + 1):
                if marks[row, place] == 0:
                    continue
                marks[row, place] = 0
                first, last = place * STRETCH, min((place + 1) * STRETCH, core.shape[1])
                around, line = halo[row, first:last], core[row, first:last]
                target = picture[row, first:last]
                for x in range(line.size):
                    outer, inner = around[x], line[x]
                    if outer | inner:
                        pixel = target[x]
                        red, green, blue = (float((pixel >> 16) & 255), float((pixel >> 8) & 255),
                                            float(pixel & 255))
                        share = outer * opacity / 255
                        red += (colors[n, 3] - red) * share
                        green += (colors[n, 4] - green) * share
                        blue += (colors[n, 5] - blue) * share
                        share = inner * opacity / 255
                        red += (colors[n, 0] - red) * share
                        green += (colors[n, 1] - green) * share
                        blue += (colors[n, 2] - blue) * share
                        target[x] = (255 << 24) | (int(red + 0.5) << 16) | (
                            int(green + 0.5) << 8) | int(blue + 0.5)
                        around[x] = line[x] = 0


def _compose(ground, faint, halo, core, colors, opacity, halo_color, faintness, box, out):
    left, right = box[0], box[2]
    touched = np.empty(right - left, np.uint8)
    for row in range(box[1], box[3]):
        # Most pixels have no line on them: looked for thirty-two at a time (by vector
        # instructions), they cost a quarter of what they cost one by one.
        touched[:] = 0
        for c in range(colors.shape[0]):
            faint_line, halo_line = faint[c, row, left:right], halo[c, row, left:right]
            for place in range(touched.size):
                touched[place] |= faint_line[place] | halo_line[place]
        for place in range(touched.size):
            column = left + place
            pixel = ground[row, column]
            if touched[place]:
                red = float((pixel >> 16) & 255)
                green = float((pixel >> 8) & 255)
                blue = float(pixel & 255)
                for c in range(colors.shape[0]):
                    cover = faint[c, row, column]
                    if cover:
                        share = cover * faintness * opacity[c] / 255
                        red += (colors[c, 0] - red) * share
                        green += (colors[c, 1] - green) * share
                        blue += (colors[c, 2] - blue) * share
                for c in range(colors.shape[0]):
                    cover = halo[c, row, column]
                    if cover:
                        share = cover * opacity[c] / 255
                        red += (halo_color[0] - red) * share
                        green += (halo_color[1] - green) * share
                        blue += (halo_color[2] - blue) * share
                        share = core[c, row, column] * opacity[c] / 255
                        red += (colors[c, 0] - red) * share
                        green += (colors[c, 1] - green) * share
                        blue += (colors[c, 2] - blue) * share
                pixel = (255 << 24) | (int(red + 0.5) << 16) | (int(green + 0.5) << 8) | int(
                    blue + 0.5)
            out[row, column] = pixel


def _tint(core, colors, opacity, out):
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            red = green = blue = alpha = 0.0
            for c in range(colors.shape[0]):
                cover = core[c, row, column]
                if cover:
                    share = cover * opacity[c] / 255
                    red += (colors[c, 0] - red) * share
                    green += (colors[c, 1] - green) * share
                    blue += (colors[c, 2] - blue) * share
                    alpha += (1 - alpha) * share
            pixel = 0
            if alpha > 0:
                # Colours started from 0 and were mixed in by their shares: they are premultiplied.
                pixel = (int(255 * alpha + 0.5) << 24) | (int(red + 0.5) << 16) | (
                    int(green + 0.5) << 8) | int(blue + 0.5)
            out[row, column] = pixel


@cache
def _compiled(name: str) -> Any:
    types = import_numba().types
    if name == "paint":
        from numba.extending import register_jitable

        # Numba is not imported before it is needed, so this is no decorator.
        register_jitable(_stroke)
    real, whole = types.float64, types.int64
    plane, stack = types.uint8[:, ::1], types.uint8[:, :, ::1]
    picture, vector, table = types.uint32[:, ::1], real[::1], real[:, ::1]
    kinds: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "stroke": (_stroke, (table, whole, whole, real, real, plane, plane, plane, whole, whole,
                             whole[::1])),
        "paint": (_paint, (table, whole[:, ::1], table, table, whole, whole, plane, plane,
                           plane, picture)),
        "compose": (_compose, (picture, stack, stack, stack, table, vector, vector, real,
                               whole[::1], picture)),
        "tint": (_tint, (stack, table, vector, picture)),
    }
    function, arguments = kinds[name]
    return compile_function(function, types.void(*arguments), "float64")


def warm() -> None:
    """Compile what drawing lines needs."""
    for name in ("stroke", "paint", "compose", "tint"):
        _compiled(name)


@dataclass(frozen=True)
class Ink:
    """What C lines are painted with: colours (C, 3) of 0 to 255, opacities (C,) of 0 to 1."""

    colors: NDArray[np.float64]
    opacity: NDArray[np.float64]


def stroke(points: NDArray[np.float64], first: int, last: int, width: float, core: Coverage,
           halo: Coverage | None = None, halo_width: float = 0.0) -> Box:
    """Add the segments `first` to `last` of a line to coverages (rows, columns).

    `points` (n, 2) are in pixels, in C-order; where one is NaN, the line has a gap. A halo
    is at least as wide as its line, and all pieces of the line are drawn with it. Returns the box
    (left, top, right, bottom) that may have changed; an empty one has right 0.
    """
    box = np.array([core.shape[1], core.shape[0], 0, 0])
    last = min(last, len(points) - 1)
    if last > first:
        wide = halo_width / 2 if halo is not None else 0.0
        _compiled("stroke")(points, first, last, width / 2, wide, core,
                            core if halo is None else halo, NO_MARKS, 0, core.shape[0], box)
    left, top, right, bottom = (int(side) for side in box)
    return (left, top, right, bottom) if right > left else (0, 0, 0, 0)


def paint(points: NDArray[np.float64], lines: NDArray[np.int64], widths: NDArray[np.float64],
          colors: NDArray[np.float64], rows: tuple[int, int], core: Coverage, halo: Coverage,
          marks: Coverage, picture: NDArray[np.uint32]) -> None:
    """Paint n lines on the `rows` (from, to) of an opaque picture (rows, columns) of 0xAARRGGBB.

    A line is the points from `lines[k, 0]` up to `lines[k, 1]` (n, 2). Its `widths` (n, 3) are its
    own, its halo's, which may be 0, and its opacity; its `colors` (n, 6) its own and its halo's, of
    0 to 255. One comes over the other, but a line does not darken itself. Both coverages (rows,
    columns) and `marks` (see `marks_for`) are 0 before and after, so bands of rows can be painted
    on several threads.
    """
    _compiled("paint")(points, lines, widths, colors, *rows, core, halo, marks, picture)


def marks_for(shape: tuple[int, int]) -> Coverage:
    """Which stretches of a picture's rows a line has touched: none."""
    rows, columns = shape
    return np.zeros((rows, -(-columns // STRETCH)), np.uint8)


def compose(ground: NDArray[np.uint32], faint: Coverage, halo: Coverage, core: Coverage, ink: Ink,
            halo_color: NDArray[np.float64], faintness: float, box: Box,
            out: NDArray[np.uint32]) -> None:
    """Paint C lines over `ground` into `out`, both (rows, columns) of 0xAARRGGBB, within `box`.

    Coverages are (C, rows, columns). Faint lines come first, then each line's halo and core.
    """
    _compiled("compose")(ground, faint, halo, core, ink.colors, ink.opacity, halo_color, faintness,
                         np.array(box), out)


def tint(core: Coverage, ink: Ink) -> NDArray[np.uint32]:
    """C coverages (C, rows, columns) as one premultiplied picture (rows, columns)."""
    out = np.empty(core.shape[1:], np.uint32)
    _compiled("tint")(core, ink.colors, ink.opacity, out)
    return out
