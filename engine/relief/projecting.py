"""Points of a scene as places on a picture, tens of thousands of them in every frame.

A camera is the numbers of `Projection.numbers`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ..kernels import compile_function, import_numba


def _project(points, camera, nearest, pixels):
    middle_x, middle_y, focal, far, perspective = (
        camera[0], camera[1], camera[2], camera[3], camera[4] != 0)
    rx, ry, rz, ux, uy, uz, tx, ty, tz = (
        camera[5], camera[6], camera[7], camera[8], camera[9], camera[10], camera[11], camera[12],
        camera[13])
    stretch = camera[17]
    for k in range(points.shape[0]):
        x, y, z = points[k, 0] - camera[14], points[k, 1] - camera[15], points[k, 2] - camera[16]
        u, v, t = rx * x + ry * y + rz * z, ux * x + uy * y + uz * z, tx * x + ty * y + tz * z
        depth, scale = far - t, focal
        if perspective:
            away = t + far
            # Asked this way round, NaN stays NaN.
            depth = 1.0 / (nearest if away < nearest else away)
            scale = focal * depth
        pixels[k, 0], pixels[k, 1], pixels[k, 2] = (
            middle_x + u * stretch * scale, middle_y - v * scale, depth)


@cache
def compiled() -> Any:
    """The kernel that fills columns, rows and depths (n, 3) of points (n, 3)."""
    types = import_numba().types
    real = types.float64
    return compile_function(
        _project, types.void(types.Array(real, 2, "C", readonly=True), real[::1], real,
                             real[:, ::1]), "float64")
