"""Points of a scene as places on a picture, tens of thousands of them in every frame.

A camera is the numbers of `Projection.numbers`.
"""

from __future__ import annotations

from functools import cache
from math import inf
from typing import Any

from ..kernels import compile_function, import_numba

import_numba()

from numba.extending import register_jitable  # noqa: E402


@register_jitable
def _place(points, k, camera, nearest):
    """The column, row and depth of a point."""
    x, y, z = points[k, 0] - camera[14], points[k, 1] - camera[15], points[k, 2] - camera[16]
    u = camera[5] * x + camera[6] * y + camera[7] * z
    v = camera[8] * x + camera[9] * y + camera[10] * z
    t = camera[11] * x + camera[12] * y + camera[13] * z
    depth, scale = camera[3] - t, camera[2]
    if camera[4] != 0:
        away = t + camera[3]
        # Asked this way round, NaN stays NaN.
        depth = 1.0 / (nearest if away < nearest else away)
        scale = camera[2] * depth
    return camera[0] + u * camera[17] * scale, camera[1] - v * scale, depth


def _project(points, camera, nearest, pixels):
    for k in range(points.shape[0]):
        pixels[k, 0], pixels[k, 1], pixels[k, 2] = _place(points, k, camera, nearest)


def _project_apart(points, camera, nearest, tolerance, nowhere, kept, pixels):
    count = 0
    for k in range(points.shape[0]):
        column, row, depth = _place(points, k, camera, nearest)
        if not (-inf < depth < inf):
            column = row = depth = nowhere
        if count:
            x, y = column - pixels[count - 1, 0], row - pixels[count - 1, 1]
            if x * x + y * y < tolerance * tolerance:
                continue
        kept[count] = k
        pixels[count, 0], pixels[count, 1], pixels[count, 2] = column, row, depth
        count += 1
    return count


@cache
def compiled(name: str) -> Any:
    """A kernel by its name.

    "project" fills columns, rows and depths (n, 3) of points (n, 3). "apart" does so for those of a
    line that are some pixels apart, and returns how many they are; what is not finite is nowhere.
    """
    types = import_numba().types
    real = types.float64
    points, table = types.Array(real, 2, "C", readonly=True), real[:, ::1]
    kinds: dict[str, tuple[Any, Any]] = {
        "project": (_project, types.void(points, real[::1], real, table)),
        "apart": (_project_apart, types.int64(points, real[::1], real, real, real,
                                              types.int64[::1], table)),
    }
    function, signature = kinds[name]
    return compile_function(function, signature, "float64")


def warm() -> None:
    """Compile what placing points needs."""
    for name in ("project", "apart"):
        compiled(name)
