"""What a map's pixels look like whose runs come to nothing, on the map and in its legend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter

from engine.maps import DIVERGED, NOWHERE

from ..theme import Style, Theme, mixed
from .trails import as_image

# On a dark card a grey has to be lighter than the palest shade of any value.
GROUNDS = {"light": {NOWHERE: 0.16, DIVERGED: 0.05}, "dark": {NOWHERE: 0.42, DIVERGED: 0.05}}
STRIPE, STRIPES_APART, FINE_STRIPES = 0.26, 7.0, 3.5
# One word for one hatch and one for one grey, wherever they stand.
DIVERGES, UNCONVERGED = "diverges", "not converged"


def unlike(theme: Theme, outcome: int) -> QColor:
    """The ground of runs that end near no minimum, or diverge."""
    return mixed(theme.card, theme.quiet, GROUNDS[theme.name][outcome])


def stripe(theme: Theme) -> QColor:
    """The stripes over runs that diverge."""
    return mixed(theme.card, theme.quiet, GROUNDS[theme.name][DIVERGED] + STRIPE)


def striped(size: tuple[int, int], width: float) -> NDArray[np.bool_]:
    """Where the stripes of a picture of (columns, rows) are, each `width` wide and as far apart."""
    columns, rows = size
    along = np.add.outer(np.arange(rows), np.arange(columns))
    return np.asarray((along // max(width, 1.0)).astype(np.int64) % 2 == 0)


def stripe_over(pixels: NDArray[np.uint32], lost: NDArray[np.bool_], style: Style, ratio: float
                ) -> None:
    """Put the stripes over those pixels (rows, columns) whose runs are `lost`."""
    if lost.any():
        stripes = striped(pixels.shape[::-1], style.px(STRIPES_APART) * ratio)
        pixels[lost & stripes] = stripe(style.theme).rgba()


def paint_ground(painter: QPainter, rect: QRectF, outcome: int, style: Style) -> None:
    """An outcome's ground as a legend shows it."""
    painter.fillRect(rect, unlike(style.theme, outcome))
    if outcome == DIVERGED:
        size = (max(1, round(rect.width())), max(1, round(rect.height())))
        colors = np.where(striped(size, style.px(FINE_STRIPES)), stripe(style.theme).rgba(),
                          unlike(style.theme, outcome).rgba()).astype(np.uint32)
        painter.drawImage(rect.topLeft(), as_image(colors))
