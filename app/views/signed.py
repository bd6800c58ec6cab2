"""The two colours of a sign, for weights and what units answer: no contestant's, no class's."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from ..theme import Theme, mixed

POSITIVE = {"light": "#1A961F", "dark": "#46D842"}
NEGATIVE = {"light": "#BB1FD0", "dark": "#D43BFA"}
SHADES = 255
# The strongest answer of a map; lines have the full colour.
STRENGTH = 0.86


def signed(theme: Theme, value: float) -> QColor:
    """The colour of a value's sign."""
    return QColor((NEGATIVE if value < 0 else POSITIVE)[theme.name])


def tinted(theme: Theme, share: float, ground: str) -> QColor:
    """A ground with as much of a sign's colour as the share, from -1 to 1, is large."""
    end = (NEGATIVE if share < 0 else POSITIVE)[theme.name]
    return mixed(ground, end, min(abs(share), 1.0))


@lru_cache(maxsize=4)
def shades(theme: Theme) -> NDArray[np.uint32]:
    """From the largest negative value to the largest positive one, (SHADES,) of 0xAARRGGBB."""
    middle = (SHADES - 1) / 2
    return np.array([tinted(theme, STRENGTH * (k - middle) / middle, theme.raised).rgba()
                     for k in range(SHADES)], np.uint32)
