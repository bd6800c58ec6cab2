"""The colours of a map of settings: the lower the loss, or the fewer steps, the fuller."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.maps import DIVERGED, NOWHERE, Settings

from ..theme import Style, Theme, mixed
from .map_pixels import Layer
from .outcomes import unlike
from .quiet_axes import Extent
from .value_scale import Scale, steps_scale

SHADES = 256
# How far the worst value's shade is on the way from a surface's deepest colour to its highest.
PALE = {"light": 0.72, "dark": 0.3}
# Losses further below the start than so many decades are all the same.
DECADES = 12.0


def scale_of(picture: Settings, value: str, logarithmic: bool) -> Scale:
    """What a map's shades stand for: `value` is "loss" or "steps"."""
    if value == "steps":
        return steps_scale(picture.steps[picture.steps >= 0])
    found = picture.loss[~(picture.diverged | picture.risen)]
    start, lowest = picture.start_loss, picture.lowest
    least = float(found.min()) if len(found) else start
    if not logarithmic or not start > lowest or least < lowest - 1e-9 * abs(lowest):
        return Scale(least, start, "final loss", logarithmic=False)
    floor = lowest + (start - lowest) * 10.0**-DECADES
    what = "loss above the minimum" if lowest else "final loss"
    return Scale(max(least, floor), start, what, offset=lowest, below=least < floor)


def worthless(picture: Settings, value: str) -> NDArray[np.bool_]:
    """Where runs have come to nothing that has a shade, though they did not diverge."""
    if value == "steps":
        return (picture.steps < 0) & ~picture.diverged
    return picture.risen


def layer_of(picture: Settings, scale: Scale, value: str, cells: Extent, style: Style,
             opacity: float = 1.0) -> Layer:
    """The map as colours that fill `cells`."""
    theme = style.theme
    shown = picture.steps if value == "steps" else picture.loss
    share = np.nan_to_num(scale.share(shown.astype(float)), nan=1.0)
    colors = ramp(theme)[np.rint(share * (SHADES - 1)).astype(np.int64)]
    colors[worthless(picture, value)] = unlike(theme, NOWHERE).rgba()
    colors[picture.diverged] = unlike(theme, DIVERGED).rgba()
    return Layer(colors, picture.diverged, cells, opacity)


@lru_cache(maxsize=8)
def ramp(theme: Theme) -> NDArray[np.uint32]:
    """The shades from the best value to the worst, (SHADES,): none is like the card's ground."""
    deep = mixed(theme.accent, theme.text, 0.62).name()
    stops = [deep, theme.accent, mixed(theme.accent, theme.surface_low, 0.75).name(),
             mixed(theme.surface_low, theme.surface_high, PALE[theme.name]).name()]
    places = np.linspace(0, len(stops) - 1, SHADES)
    return np.array([mixed(stops[min(int(place), len(stops) - 2)],
                           stops[min(int(place), len(stops) - 2) + 1],
                           place - min(int(place), len(stops) - 2)).rgba() for place in places],
                    np.uint32)
