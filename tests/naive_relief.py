"""Slow, obvious twins of how reliefs are drawn: rays through pixels, and triangles one by one."""

import math

import numpy as np


def camera_axes(azimuth, elevation):
    """Right, up and forward of an eye that looks down at the origin."""
    a, e = math.radians(azimuth), math.radians(elevation)
    towards_eye = np.array([math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e)])
    forward = -towards_eye
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    return right, np.cross(right, forward), forward


def seen_at(point, camera, projection):
    """Where a pinhole camera shows a point, and how far in front of the eye that is.

    The picture is as large, as far to a side and as much stretched as a projection's.
    """
    focal, middle, across = _picture(projection)
    right, up, forward = camera_axes(camera.azimuth, camera.elevation)
    if math.isinf(camera.distance):
        offset = np.array(point) - camera.centre
        return (middle[0] + across * offset @ right, middle[1] - focal * offset @ up,
                offset @ forward)
    offset = np.array(point) - (np.array(camera.centre) - camera.distance * forward)
    w = offset @ forward
    return middle[0] + across * (offset @ right) / w, middle[1] - focal * (offset @ up) / w, w


def _picture(projection):
    return projection.focal, projection.middle, projection.focal * projection.stretch


def ray(column, row, camera, projection):
    """The eye, and the direction that is seen at a place of the picture, one unit forward."""
    focal, middle, across = _picture(projection)
    right, up, forward = camera_axes(camera.azimuth, camera.elevation)
    eye = np.array(camera.centre) - camera.distance * forward
    return eye, forward + (column - middle[0]) / across * right + (middle[1] - row) / focal * up


def nearest_triangle(pixels, triangles, columns, rows):
    """The largest depth in the middle of every pixel, 0 where there is no triangle."""
    depths = np.zeros((rows, columns))
    for corners in triangles:
        (ax, ay, az), (bx, by, bz), (cx, cy, cz) = pixels[corners]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if area == 0:
            continue
        for row in range(max(0, math.floor(min(ay, by, cy))),
                         min(rows, math.ceil(max(ay, by, cy)) + 1)):
            for column in range(max(0, math.floor(min(ax, bx, cx))),
                                min(columns, math.ceil(max(ax, bx, cx)) + 1)):
                x, y = column + 0.5, row + 0.5
                b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
                c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
                if min(b, c, 1 - b - c) >= 0:
                    depth = az + b * (bz - az) + c * (cz - az)
                    depths[row, column] = max(depths[row, column], depth)
    return depths


def height_on_mesh(z, half, x, y):
    """The height of the triangles of a field over a place of the plane, NaN beside them."""
    rows, columns = z.shape
    across, upwards = (x / half[0] + 1) / 2 * (columns - 1), (y / half[1] + 1) / 2 * (rows - 1)
    if not (0 <= across <= columns - 1 and 0 <= upwards <= rows - 1):
        return math.nan
    j, i = min(int(across), columns - 2), min(int(upwards), rows - 2)
    fx, fy = across - j, upwards - i
    if fx >= fy:
        return z[i, j] + fx * (z[i, j + 1] - z[i, j]) + fy * (z[i + 1, j + 1] - z[i, j + 1])
    return z[i, j] + fy * (z[i + 1, j] - z[i, j]) + fx * (z[i + 1, j + 1] - z[i + 1, j])


def clearance(z, half, point, eye, samples=400):
    """How far above the surface the way from a point to the eye stays at least; -: it is hidden.

    The beginning of the way, which is on the surface, does not count.
    """
    lowest = math.inf
    for k in range(1, samples):
        share = k / samples
        at = np.array(point) + (np.array(eye) - point) * share * 0.6
        ground = height_on_mesh(z, half, at[0], at[1])
        if not math.isnan(ground) and np.linalg.norm(at - point) > 0.05:
            lowest = min(lowest, at[2] - ground)
    return lowest
