"""Everyone's boundary on one map: lines in the contestants' colours, under a head of their names.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.decision_picture import Coverage, Picture, boundary
from engine.enlarge import Grid
from engine.strokes import compose

from .map_frame import MapFrame
from .markers import draw_marker
from .panel_grid import NAME, paint_head, verdict
from .trails import ink_of, rgb

LINE, HALO = 2.6, 5.2
# A head of names takes at most this part of the height.
MOST_HEAD, SMALL_NAME = 0.45, 12.0


Spots = tuple[tuple[int, float, float], ...]
"""Contestants' places among those shown, each with a point (x, y) on its line."""


def lines_over(ground: Picture, fields: Sequence[Grid], frame: MapFrame, ratio: float
               ) -> tuple[Picture, Spots]:
    """The boundary of each contestant's scores over a picture; the highlighted one is on top.

    Returns the picture, and where on its line each contestant's marker may stand.
    """
    rows, columns = ground.shape
    order = sorted(range(len(fields)), key=lambda k: frame.shown[k].name == frame.look.highlight)
    width = frame.style.px(LINE) * ratio
    covers = [boundary(fields[k], columns, rows, width, width * HALO / LINE) for k in order]
    core, halo = np.stack([line for line, _ in covers]), np.stack([wide for _, wide in covers])
    out = np.empty_like(ground)
    compose(ground, np.zeros_like(core), halo, core, ink_of([frame.shown[k] for k in order]),
            np.array(rgb(QColor(frame.style.theme.card))), 0.0, (0, 0, columns, rows), out)
    spots = []
    for layer, k in enumerate(order):
        at = _on_line(core[layer], (k + 1) / (len(fields) + 1))
        if at is not None:
            spots.append((k, at[0] / ratio, at[1] / ratio))
    return out, tuple(spots)


def _on_line(cover: Coverage, across: float) -> tuple[float, float] | None:
    """The pixel of a line nearest to a share of the width, and there to the middle; None: no line.
    """
    rows, columns = cover.shape
    # Away from the border, where half a marker would be cut off.
    edge = min(rows, columns) // 12
    inner = cover[edge : rows - edge, edge : columns - edge] > 127
    crossed = np.flatnonzero(inner.any(axis=0))
    if not len(crossed):
        return None
    column = crossed[np.argmin(np.abs(crossed + edge - across * columns))]
    found = np.flatnonzero(inner[:, column])
    row = found[np.argmin(np.abs(found + edge - rows / 2))]
    return float(column + edge) + 0.5, float(row + edge) + 0.5


def paint_markers(painter: QPainter, body: QRectF, spots: Spots, frame: MapFrame) -> None:
    """Each contestant's marker on its line: the second sign, next to colour."""
    card = QColor(frame.style.theme.card)
    for place, x, y in spots:
        shown = frame.shown[place]
        painter.setOpacity(shown.opacity)
        draw_marker(painter, shown.marker, body.left() + x, body.top() + y, frame.style.px(6),
                    shown.color, card)
    painter.setOpacity(1)


def paint_names(painter: QPainter, area: QRectF, frame: MapFrame) -> float:
    """Marker, name and verdict of each contestant, in as many columns as fit; returns the height.
    """
    style, count = frame.style, len(frame.shown)
    for size in (NAME, SMALL_NAME):
        line = style.px(size + 10 if size == NAME else size + 5)
        metrics = QFontMetricsF(style.font(size, 600))
        widest = max(metrics.horizontalAdvance(a.name) for a in frame.shown) + style.px(7 * size)
        columns = max(1, min(count, int(area.width() / widest)))
        most = max(1, int(MOST_HEAD * area.height() / line))
        if ceil(count / columns) <= most:
            break
        columns = ceil(count / most)
    columns = ceil(count / ceil(count / columns))
    gap = style.px(12)
    width = (area.width() - (columns - 1) * gap) / columns
    for place, appearance in enumerate(frame.shown):
        row, column = divmod(place, columns)
        paint_head(painter, QRectF(area.left() + column * (width + gap), area.top() + row * line,
                                   width, line), appearance,
                   verdict(frame.state(appearance), frame.judged(appearance)),
                   frame.lost(appearance), style, size)
    return ceil(count / columns) * line + style.px(4)
