"""A relief's surface drawn over a picture, on all cores: bands of rows, each for itself.

A band's depths fit into a core's cache, are shaded at once and forgotten but for one of each pixel.
No band knows of another, so the picture is the same on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..at_once import at_once, cores
from . import edges, raster, shading
from .camera import Projection
from .field import Relief
from .mesh import CHUNK
from .shading import Paint
from .sizes import HEIGHT

Picture = NDArray[np.uint32]
Depths = NDArray[np.float32]

# Rows of pixels of a band: tiles fit in, and four depths a pixel of it into a core's cache.
ROWS_A_BAND = 8 * raster.TILE


def warm() -> None:
    """Compile what drawing a surface needs."""
    for name in ("reaches", "cover"):
        raster.compiled(name)
    edges.compiled()
    shading.compiled()


def draw_surface(relief: Relief, projection: Projection, paint: Paint, picture: Picture,
                 threads: int | None = None,
                 draw_behind: Callable[[int, int], None] | None = None,
                 out: Depths | None = None) -> Depths:
    """Draw the surface over an opaque picture (rows, columns) of 0xAARRGGBB.

    What is behind it may be drawn by `draw_behind`, from one row up to another one, before the
    surface comes to those rows. Returns the depth of what is seen in the middle of each pixel,
    (rows, columns), 0 where there is none of it: see `Projection`; in `out`, if that is given.
    """
    rows, columns = picture.shape
    triangles = relief.mesh.triangles
    pixels = projection.project(relief.mesh.points)
    reaches = np.empty((-(-len(triangles) // CHUNK), 4))
    raster.compiled("reaches")(pixels, triangles, CHUNK, reaches)
    top, bottom = reaches[:, 0].min(initial=rows), reaches[:, 1].max(initial=0)
    seen = np.empty((rows, columns), np.float32) if out is None else out
    mesh = pixels, triangles, CHUNK, reaches
    constants = _constants(relief, projection, paint)
    cover, find_edges = raster.compiled("cover"), edges.compiled()
    paint_rows = shading.compiled()

    # Whoever has drawn a band takes the next one: cores are seldom equally quick.
    bands = iter(range(0, rows, ROWS_A_BAND))

    def work() -> None:
        depths = np.empty((ROWS_A_BAND + 2, columns + raster.LANES.size), np.float32)
        fine = np.empty((len(raster.APART) * ROWS_A_BAND, columns + raster.LANES.size),
                        np.float32)
        marks = np.empty((ROWS_A_BAND, columns), np.uint8)
        spans = np.empty((ROWS_A_BAND + 2, 2), np.int32)
        places = np.empty((ROWS_A_BAND * columns, 2), np.int32)
        tiles = raster.tiles_of(ROWS_A_BAND, columns)
        for start in bands:
            end = min(start + ROWS_A_BAND, rows)
            count = end - start
            if draw_behind is not None:
                draw_behind(start, end)
            if top > end or bottom < start:
                seen[start:end] = 0
                continue
            near, marked = depths[: count + 2], marks[:count]
            four = fine[: len(raster.APART) * count]
            # A row more above and below, since the neighbours' depths say where edges are.
            cover(*mesh, start - 1, raster.MIDDLE, raster.LANES, raster.EVERYWHERE, near)
            found = find_edges(near, projection.focal, projection.perspective, marked, tiles,
                               spans, places)
            if found:
                cover(*mesh, start, raster.APART, raster.LANES, tiles, four)
            paint_rows(start, near, four, marked, spans, places[:found], *constants, picture)
            seen[start:end] = near[1:-1, :columns]

    at_once([work] * (threads or cores()))
    return seen


def _constants(relief: Relief, projection: Projection, paint: Paint
               ) -> tuple[NDArray[np.float32], ...]:
    """What the shading kernel takes besides depths and pictures."""
    light = paint.light
    towards = np.array([light.right, light.up, -light.back]) @ projection.axes
    towards /= np.linalg.norm(towards)
    bands = relief.levels.bands
    look = [paint.strength, paint.width / 2 + 0.5, light.shade, light.full - light.shade,
            light.gloss, light.under]
    box = [*relief.half, bands / HEIGHT, bands - 1]
    single = np.float32
    return (projection.numbers().astype(single), relief.slopes, np.array(box, single),
            np.array([paint.low, paint.high, paint.line], single), np.array(look, single),
            towards.astype(single))
