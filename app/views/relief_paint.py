"""How reliefs look in a theme: the surface in the map's colours, lit, on a quiet floor."""

from __future__ import annotations

from PyQt6.QtGui import QColor

from engine.relief import BoxPaint, Light, Paint, TrailLook

from ..theme import Style, Theme, mixed
from .trails import FAINT, FAINT_TRAIL, HALO, TRAIL

# On dark ground light is what is added: a lit slope is brighter than its colour on the map.
LIGHTS = {
    "light": Light(shade=0.74, full=1.06, gloss=0.1, under=0.8),
    "dark": Light(shade=0.75, full=1.6, gloss=0.1, under=0.75),
}

# On dark ground isolines are lighter than the map's, since lit slopes are. The floor is so far from
# the card's colour to its lines, and those to words, that on it shadows are seen, and darker ones.
LIGHTER = {"light": 0.0, "dark": 0.2}
FLOOR_SHADE, GRID_SHADE = {"light": 0.4, "dark": 1.0}, {"light": 0.0, "dark": 0.2}
SHADOWS = {"light": 0.22, "dark": 0.5}

# Isolines of a slope are close to one another, and seen among shades of light.
STRENGTH = 0.58

Colour = tuple[float, float, float]


def paint_of(style: Style, ratio: float) -> Paint:
    """The surface's colours; `ratio` is device pixels to a pixel."""
    theme = style.theme
    line = mixed(theme.isoline, theme.text, LIGHTER[theme.name])
    return Paint(_levels(theme.surface_low), _levels(theme.surface_high), _levels(line), STRENGTH,
                 max(1.0, style.unit * ratio), LIGHTS[theme.name])


def around_of(style: Style, ratio: float) -> BoxPaint:
    """The colours of what is around the surface."""
    theme = style.theme
    return BoxPaint(
        ground=_levels(theme.card),
        floor=_levels(mixed(theme.card, theme.hairline, FLOOR_SHADE[theme.name])),
        grid=_levels(mixed(theme.hairline, theme.quiet, GRID_SHADE[theme.name])),
        outline=_levels(mixed(theme.hairline, theme.quiet, 0.35)),
        rim=_levels(mixed(theme.isoline, theme.quiet, 0.3)), width=max(1.0, style.unit * ratio))


def trail_look(style: Style, ratio: float) -> TrailLook:
    """Trails in the widths that they have on the map."""
    scale = style.unit * ratio
    return TrailLook(halo=_levels(style.theme.surface_high), shadow=_shadow(style.theme),
                     width=TRAIL * scale, faint_width=FAINT_TRAIL * scale,
                     halo_width=HALO * scale, future=FAINT,
                     darkness=SHADOWS[style.theme.name])


def _shadow(theme: Theme) -> Colour:
    return _levels("#000000") if theme.name == "dark" else _levels(theme.text)


def _levels(color: QColor | str) -> Colour:
    color = QColor(color)
    return float(color.red()), float(color.green()), float(color.blue())
