"""How a picture slides from one beat's look to the next one's: eased, and alike in every film."""

from __future__ import annotations

from typing import Any

from .picture import Picture

Ends = tuple[float, float]
Zoom = tuple[Ends, Ends]
# The keys of a picture that are rectangles.
ZOOMS = ("zoom", "plane_zoom")
Eye = tuple[float, float, float]

USUAL_CAMERA: Eye = (-60.0, 34.0, 1.0)
"""Azimuth, elevation and zoom where nothing else is said."""


def smooth(share: float) -> float:
    """An even share of the time as a share of the way that starts and ends gently, 0 to 1."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def between(before: Picture, after: Picture, share: float) -> Picture:
    """The picture at a share of the way: zoom, camera and numbers slide, all else is as it will be.
    """
    if share >= 1 or before == after:
        return after
    sliding: dict[str, Any] = {
        key: start + share * (end - start) for key, start, end in _numbers(before, after)}
    for key in ZOOMS:
        start, end = getattr(before, key), getattr(after, key)
        if start is not None and end is not None:
            sliding[key] = between_zooms(start, end, share)
    if before.camera != after.camera:
        sliding["camera"] = between_cameras(before.camera or USUAL_CAMERA,
                                            after.camera or USUAL_CAMERA, share)
    return after.replaced(**sliding)


def between_zooms(before: Zoom, after: Zoom, share: float) -> Zoom:
    """The rectangle at a share of the way from one to another.

    Its sides grow by equal factors in equal times, and one point of the plane stands still in it,
    so that the camera seems to move at one speed.
    """
    (x, y) = (_between_ends(start, end, share) for start, end in zip(before, after, strict=True))
    return x, y


def between_cameras(before: Eye, after: Eye, share: float) -> Eye:
    """The camera at a share of the way, the shortest one round; it nears by equal factors."""
    turn = (after[0] - before[0] + 180) % 360 - 180
    return (before[0] + share * turn, before[1] + share * (after[1] - before[1]),
            before[2] * (after[2] / before[2]) ** share)


def orbited(picture: Picture, degrees: float) -> Picture:
    """The picture after its camera has gone round by so many degrees."""
    if not degrees:
        return picture
    azimuth, elevation, zoom = picture.camera or USUAL_CAMERA
    return picture.replaced(camera=((azimuth + degrees + 180) % 360 - 180, elevation, zoom))


def _between_ends(before: Ends, after: Ends, share: float) -> Ends:
    wide, narrow = before[1] - before[0], after[1] - after[0]
    width = wide * (narrow / wide) ** share
    # The share of the way that the ends have gone is that by which the width has changed.
    gone = share if abs(wide - narrow) < 1e-9 * wide else (wide - width) / (wide - narrow)
    low = before[0] + gone * (after[0] - before[0])
    return low, low + width


def _numbers(before: Picture, after: Picture) -> list[tuple[str, float, float]]:
    ends = ((key, getattr(before, key), getattr(after, key)) for key in Picture.model_fields)
    return [(key, start, end) for key, start, end in ends
            if isinstance(start, float) and isinstance(end, float) and start != end]
