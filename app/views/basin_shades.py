"""The colours of a map of basins: a hue a minimum, lighter the more steps it takes to get there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from engine.maps import DIVERGED, NOWHERE, Basins

from ..theme import Style, Theme, mixed
from .basin_question import HUES, Maps
from .map_pixels import Layer
from .outcomes import unlike
from .value_scale import Scale, steps_scale

SHADES = 24
# How far the slowest starts are on the way from their minimum's colour to the card's: near black
# hues are gone sooner than near white.
FADED = {"light": 0.74, "dark": 0.56}


def scale_of(pictures: Sequence[Basins]) -> Scale:
    """The steps of nearly all starts that arrive; one scale for all maps beside each other."""
    arrived = [picture.steps[picture.reached >= 0] for picture in pictures]
    return steps_scale(np.concatenate(arrived) if arrived else np.empty(0))


def hue(theme: Theme, place: int) -> QColor:
    """One of the HUES of minima; they are those of classes of data."""
    return QColor(theme.classes[place])


def shade(theme: Theme, place: int, share: float) -> QColor:
    """A hue for a start that comes to its minimum, `share` of the way to the slowest."""
    return mixed(hue(theme, place).name(), theme.card, FADED[theme.name] * share)


def ramp_of(theme: Theme, place: int) -> NDArray[np.int64]:
    """A hue from the fastest starts to the slowest, (SHADES, 3) of 0 to 255."""
    colors = [shade(theme, place, k / (SHADES - 1)) for k in range(SHADES)]
    return np.array([(color.red(), color.green(), color.blue()) for color in colors])


def layer_of(maps: Maps, picture: Basins, scale: Scale, style: Style, opacity: float = 1.0
             ) -> Layer:
    """One of the maps as colours."""
    theme = style.theme
    hues = np.array([ramp_of(theme, k) for k in range(HUES)])
    table = (0xFF000000 + (hues @ [1 << 16, 1 << 8, 1])).astype(np.uint32)
    share = np.rint(scale.share(np.maximum(picture.steps, 1)) * (SHADES - 1)).astype(np.int64)
    # What comes to no minimum has -1 or -2 in place of one, and gets another colour below.
    own = maps.hues if len(maps.hues) else np.zeros(1, np.int64)
    colors = table[own[picture.reached % len(own)], share]
    for outcome in (NOWHERE, DIVERGED):
        colors[picture.reached == outcome] = unlike(theme, outcome).rgba()
    return Layer(colors, picture.reached == DIVERGED, maps.cells, opacity)
