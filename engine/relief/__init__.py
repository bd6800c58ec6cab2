"""Height fields in three dimensions, drawn without a graphics card: the same pixels everywhere.

    relief = surface_relief(surfaces["saddle"], (-2, 2), (-2, 2))
    projection = Camera(azimuth=-50, elevation=30).onto(1920, 1080, relief.radius)
    picture = np.full((1080, 1920), 0xFFFFFFFF, np.uint32)
    depths = draw_surface(relief, projection, paint, picture)

A surface is triangles whose depths are written band by band, on all cores, and shaded where they
are seen (`surface`); trails lie on those same triangles (`trails`). Nothing here knows of Qt; words
are written by whoever shows the picture, at places that the projection tells.
"""

from __future__ import annotations

from .box import Axis, BoxPicture, box_picture
from .camera import Camera, Projection
from .field import Draped, Relief, surface_relief
from .leaving import last_place
from .picture import BoxPaint, Canvas, ReliefPicture, draw_relief
from .shading import Light, Paint
from .sight import seen, share_free
from .surface import draw_surface
from .ticks import height_ticks
from .trails import Trail, TrailLook

__all__ = [
    "Axis", "BoxPaint", "BoxPicture", "Camera", "Canvas", "Draped", "Light", "Paint", "Projection",
    "Relief", "ReliefPicture", "Trail", "TrailLook", "box_picture", "draw_relief", "draw_surface",
    "height_ticks", "last_place", "seen", "share_free", "surface_relief",
]
