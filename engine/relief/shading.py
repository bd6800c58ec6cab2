"""Depths as a picture: the surface lit and with its isolines, where it is seen.

Where a place lies in the scene follows from its depth, and from that its height and the slope of
the field there; so light runs smoothly over triangles, and lines of one height have one width on
the picture. Pixels within the surface are shaded once, those at its edges at up to four places.

Numbers that are looked up are gathered in a loop of their own: the other two have neither branches
nor tables, and become vector instructions, which makes 6 ns a place of 49.

Source: Phong 1975, Illumination for computer generated pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

import numpy as np

from ..kernels import compile_function, import_numba
from .raster import APART

import_numba()

from numba.extending import register_jitable  # noqa: E402

ZERO, HALF, ONE, TWO = np.float32(0), np.float32(0.5), np.float32(1), np.float32(2)
QUARTER, WHITE, TINY = np.float32(0.25), np.float32(255), np.float32(1e-9)
# Lines closer than three pixels melt into the shading instead of into a block.
MELTING = np.float32(0.33)
BLOCK = 512
TOGETHER = 64
"""What is left of a vector loop is done one by one, at ten times the cost."""
Colour = tuple[float, float, float]

PLACES = tuple(np.float32(place) for place in APART)


@dataclass(frozen=True)
class Light:
    """How bright a surface is, as factors of its colour.

    `shade` is what it has turned away from the light and `full` turned towards it; where it mirrors
    the light, so much white as `gloss` (0 to 1) is mixed in. The underside has `under` of that, lit
    as much from below, so that its shape is seen, too.
    `right`, `up` and `back` say where the light comes from, as the eye sees it.
    """

    shade: float = 0.7
    full: float = 1.04
    gloss: float = 0.1
    under: float = 0.8
    right: float = -0.5
    up: float = 0.75
    back: float = 0.45


@dataclass(frozen=True)
class Paint:
    """Colours of three numbers of 0 to 255 of the lowest and the highest band, and of isolines.

    Isolines cover with `strength` and are `width` pixels wide.
    """

    low: Colour
    high: Colour
    line: Colour
    strength: float = 0.5
    width: float = 1.0
    light: Light = Light()


@register_jitable
def _shade(columns, rows, depths, camera, slopes, box, colours, look, light, work, places, red,
           green, blue):
    """The colours of samples, as many as a multiple of TOGETHER."""
    middle_x, middle_y, focal, far, perspective = (
        camera[0], camera[1], camera[2], camera[3], camera[4])
    flat_view = ONE - perspective
    rx, ry = camera[5], camera[6]
    ux, uy, uz = camera[8], camera[9], camera[10]
    tx, ty, tz = camera[11], camera[12], camera[13]
    ox, oy, oz, stretch = camera[14], camera[15], camera[16], camera[17]
    # To the right on the picture, which may be stretched.
    sx, sy, narrow = rx * stretch, ry * stretch, ONE / stretch
    half_x, half_y, per_unit, last = box[0], box[1], box[2], box[3]
    top_x, top_y = np.float32(slopes.shape[1] - 1.001), np.float32(slopes.shape[0] - 1.001)
    scale_x = np.float32(slopes.shape[1] - 1) / (half_x + half_x)
    scale_y = np.float32(slopes.shape[0] - 1) / (half_y + half_y)
    red0, green0, blue0 = colours[0, 0], colours[0, 1], colours[0, 2]
    red1, green1, blue1 = ((colours[1, 0] - red0) / last, (colours[1, 1] - green0) / last,
                           (colours[1, 2] - blue0) / last)
    line_r, line_g, line_b = colours[2, 0], colours[2, 1], colours[2, 2]
    strength, reach, dark, span, gloss, under = (look[0], look[1], look[2], look[3], look[4],
                                                 look[5])
    lx, ly, lz = light[0], light[1], light[2]
    xs, ys, zs, units, along_x, along_y = work[0], work[1], work[2], work[3], work[4], work[5]
    table, across = slopes.reshape(-1), np.int32(2 * slopes.shape[1])
    # Unsigned, so that no place is asked whether it counts from the end.
    right, up, other = np.uint64(2), np.uint64(across), np.uint64(1)
    for first in range(0, columns.size, BLOCK):
        size = min(BLOCK, columns.size - first)
        column, row = columns[first : first + size], rows[first : first + size]
        depth = depths[first : first + size]
        # Where it is, on the picture and in the field.
        for k in range(size):
            w = perspective / depth[k] + flat_view
            t = perspective * (w - far) + flat_view * (far - depth[k])
            unit = w / focal
            u, v = (column[k] - middle_x) * unit * narrow, (middle_y - row[k]) * unit
            x, y = u * rx + v * ux + t * tx, u * ry + v * uy + t * ty
            xs[k], ys[k], zs[k], units[k] = x, y, v * uz + t * tz, unit
            gx = min(max((x + ox + half_x) * scale_x, ZERO), top_x)
            gy = min(max((y + oy + half_y) * scale_y, ZERO), top_y)
            j, i = np.int32(gx), np.int32(gy)
            along_x[k], along_y[k] = gx - np.float32(j), gy - np.float32(i)
            places[k] = i * across + j + j
        # How the field slopes there, from the four points around.
        for k in range(size):
            fx, fy, at = along_x[k], along_y[k], np.uint64(places[k])
            a, b, c, d = table[at], table[at + right], table[at + up], table[at + up + right]
            low, high = a + fx * (b - a), c + fx * (d - c)
            along_x[k] = low + fy * (high - low)
            at += other
            a, b, c, d = table[at], table[at + right], table[at + up], table[at + up + right]
            low, high = a + fx * (b - a), c + fx * (d - c)
            along_y[k] = low + fy * (high - low)
        reds, greens = red[first : first + size], green[first : first + size]
        blues = blue[first : first + size]
        for k in range(size):
            x, y, z, zx, zy = xs[k], ys[k], zs[k], along_x[k], along_y[k]
            # How a step on the surface goes over the picture, and how many pixels a band takes.
            m, n = ux + uz * zx, uy + uz * zy
            p, q = n * zx - m * zy, sx * zy - sy * zx
            flat = abs(sx * n - sy * m) / (units[k] * (sqrt(p * p + q * q) * per_unit + TINY))
            band = (z + oz) * per_unit
            level = np.floor(band + HALF)
            there = min(max(level, ZERO), ONE) * min(max(last + ONE - level, ZERO), ONE)
            cover = min(max(reach - abs(band - level) * flat, ZERO), ONE)
            cover *= there * strength * min(ONE, MELTING * flat)
            # Light, on the side that is seen.
            norm = ONE / sqrt(ONE + zx * zx + zy * zy)
            ex, ey, ez = perspective * x + far * tx, perspective * y + far * ty, (
                perspective * z + far * tz)
            away = ONE / sqrt(ex * ex + ey * ey + ez * ez)
            facing = (ez - zx * ex - zy * ey) * norm * away
            turned = -ONE if facing > ZERO else ONE
            lit = (lz - turned * (zx * lx + zy * ly)) * norm
            side = under if facing > ZERO else ONE
            # Wrapped around, so that no part of a surface is lost in the dark.
            bright = (lit + ONE) * HALF
            factor = side * (dark + span * bright * bright)
            mirrored = (ex * lx + ey * ly + turned * ez * lz) * away
            shine = max(TWO * abs(facing) * lit + mirrored, ZERO)
            shine *= shine
            shine *= shine
            shine *= shine * gloss * side
            shade = min(max(np.floor(band), ZERO), last)
            r, g, b = red0 + shade * red1, green0 + shade * green1, blue0 + shade * blue1
            r = min((r + (line_r - r) * cover) * factor, WHITE)
            g = min((g + (line_g - g) * cover) * factor, WHITE)
            b = min((b + (line_b - b) * cover) * factor, WHITE)
            reds[k], greens[k], blues[k] = (r + (WHITE - r) * shine, g + (WHITE - g) * shine,
                                            b + (WHITE - b) * shine)


def _paint(first_row, depths, fine, edges, spans, found, camera, slopes, box, colours, look,
           light, picture):
    # `depths` and `spans` have a row more above and below; `fine` has four lines a row; `found` are
    # the places of edges, row and column.
    rows, columns = edges.shape
    room = (max(columns, 4 * found.shape[0]) // TOGETHER + 2) * TOGETHER
    samples, out = np.ones((3, room), np.float32), np.empty((3, room), np.float32)
    work, places = np.empty((6, BLOCK), np.float32), np.empty(BLOCK, np.int32)
    for x in range(room):
        samples[0, x] = np.float32(x) + HALF
    for row in range(rows):
        here = depths[row + 1]
        left, right = spans[row + 1, 0], spans[row + 1, 1]
        if left >= right:
            continue
        # A stretch is shaded as a whole, also where nothing is or an edge, so that none of its
        # places has to be looked for.
        count = right - left
        end = left + (count + TOGETHER - 1) // TOGETHER * TOGETHER
        samples[1, left:end] = np.float32(first_row + row) + HALF
        samples[2, left:end] = ONE
        seen, at = here[left:right], samples[2, left:right]
        for x in range(count):
            at[x] = seen[x] if seen[x] > ZERO else ONE
        _shade(samples[0, left:end], samples[1, left:end], samples[2, left:end], camera, slopes,
               box, colours, look, light, work, places, out[0, left:end], out[1, left:end],
               out[2, left:end])
        red, green, blue = out[0, left:right], out[1, left:right], out[2, left:right]
        edge, pixels = edges[row, left:right], picture[first_row + row, left:right]
        for x in range(count):
            color = np.uint32((255 << 24) | (np.int32(red[x] + HALF) << 16)
                              | (np.int32(green[x] + HALF) << 8) | np.int32(blue[x] + HALF))
            pixels[x] = color if seen[x] > ZERO and edge[x] == 0 else pixels[x]
    for n in range(found.shape[0]):
        row, x = found[n, 0], found[n, 1]
        for k in range(4):
            depth = fine[4 * row + k, x]
            samples[0, 4 * n + k] = np.float32(x) + PLACES[k]
            samples[1, 4 * n + k] = np.float32(first_row + row) + (np.float32(k) + HALF) * QUARTER
            samples[2, 4 * n + k] = depth if depth > ZERO else ONE
    end = (4 * found.shape[0] + TOGETHER - 1) // TOGETHER * TOGETHER
    _shade(samples[0, :end], samples[1, :end], samples[2, :end], camera, slopes, box, colours,
           look, light, work, places, out[0, :end], out[1, :end], out[2, :end])
    for n in range(found.shape[0]):
        row, x = found[n, 0], found[n, 1]
        r, g, b, weight = ZERO, ZERO, ZERO, ZERO
        for k in range(4):
            share = QUARTER if fine[4 * row + k, x] > ZERO else ZERO
            r += share * out[0, 4 * n + k]
            g += share * out[1, 4 * n + k]
            b += share * out[2, 4 * n + k]
            weight += share
        pixel, rest = picture[first_row + row, x], ONE - weight
        r += rest * np.float32((pixel >> 16) & 255)
        g += rest * np.float32((pixel >> 8) & 255)
        b += rest * np.float32(pixel & 255)
        picture[first_row + row, x] = np.uint32((255 << 24) | (np.int32(r + HALF) << 16)
                                                | (np.int32(g + HALF) << 8) | np.int32(b + HALF))


@cache
def compiled() -> Any:
    """The kernel that paints a band of rows."""
    types = import_numba().types
    real = types.float32
    table, vector, pairs = real[:, ::1], real[::1], types.int32[:, ::1]
    return compile_function(
        _paint, types.void(types.int64, table, table, types.uint8[:, ::1], pairs, pairs, vector,
                           real[:, :, ::1], vector, table, vector, vector,
                           types.uint32[:, ::1]), "float32")
