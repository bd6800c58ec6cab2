"""Points under a brush, as maps and curves show them before any network has seen them."""

from __future__ import annotations

from functools import partial
from math import ceil, log
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from engine.data import Data
from engine.network.problem import NetworkProblem

from ..theme import Style, marker_of
from . import data_points
from .data_points import MOST_TEST, MOST_TRAIN, Cloud, Inks
from .draft import Draft
from .ground import Ground
from .map_frame import MapFrame
from .markers import draw_marker
from .trails import is_raster

DOT = 4.0
# Points are drawn smaller where there are so many times as many.
A_STEP = 1.25


def paint_draft(painter: QPainter, draft: Draft, ground: Ground, frame: MapFrame, ratio: float,
                share: float = 1.0) -> None:
    """The points over a ground; `share` is their size, by that of points on a map.

    Which of them are test rows is known where the snapshot has learnt from them.
    """
    style, body, count = frame.style, ground.body, len(draft.sketch.labels)
    local, card = QRectF(0, 0, body.width(), body.height()), QColor(style.theme.card)
    inks = frame.kept.of("draft inks", (style, count), lambda: (
        data_points.class_inks(style, count) if count else Inks(
            (QColor(style.theme.quiet),), ("circle",))))
    # By steps: markers of another size would be drawn anew for every point that is added.
    steps = ceil(log(len(draft.sketch) + 1) / log(A_STEP))
    radius = share * data_points.point_radius(local, round(A_STEP**steps), style)
    experiment, problem = frame.snapshot.experiment, frame.snapshot.experiment.problem
    assert isinstance(problem, NetworkProblem)

    def clouds(new: bool) -> list[Cloud]:
        return clouds_of(draft, ground, local, frame.material.data, problem.dataset, new)

    def layer_of(new: bool) -> QImage:
        return data_points.layer(clouds(new), inks, radius, local, ratio, card)

    if is_raster(painter):
        key = (draft.base, experiment, ground.extent, ground.placing, body.width(), body.height(),
               ratio, style, radius)
        sketch = draft.sketch
        old = sketch.rows >= 0
        # While points are added, those that were there are not drawn anew.
        stays = sketch.rows[old].tobytes(), sketch.kinds[old].tobytes()
        for new, part in ((False, stays), (True, sketch)):
            painter.drawImage(body.topLeft(), frame.kept.of(
                ("draft", new), (*key, part), partial(layer_of, new)))
        return
    painter.save()
    painter.translate(body.topLeft())
    painter.setClipRect(local)
    for new in (False, True):
        data_points.paint_vectors(painter, clouds(new), inks, radius, local, card)
    painter.restore()


def clouds_of(draft: Draft, ground: Ground, local: QRectF, data: Data | None, table: Any,
              new: bool) -> list[Cloud]:
    """The points that are new, or the others, as clouds over `local`.

    Which of the others are test rows is known of those of `table`, which `data` are.
    """
    sketch, pixels, kinds = draft.sketch, ground.pixels(draft.sketch, local), draft.sketch.kinds
    if new:
        added = sketch.rows < 0
        return [Cloud(pixels[added], kinds[added], True)]
    test = np.zeros(len(sketch), bool)
    if data is not None and draft.base is table:
        test = np.isin(sketch.rows, data.test_rows)
    found = []
    for mask, most, train in ((~test & (sketch.rows >= 0), MOST_TRAIN, True),
                              (test, MOST_TEST, False)):
        # The last ones, which are those drawn last.
        places = np.flatnonzero(mask)[-most:]
        found.append(Cloud(pixels[places], kinds[places], train))
    return found


def paint_brush(painter: QPainter, draft: Draft, at: QPointF, style: Style) -> None:
    """The brush under the mouse: its reach as a ring, and the class in its middle."""
    brush, theme = draft.brush, style.theme
    erasing = brush.tool == "erase"
    radius = style.px(brush.spread if brush.tool == "draw" else brush.reach)
    ring = QColor(theme.text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if radius > style.px(DOT):
        halo = QColor(theme.card)
        halo.setAlphaF(0.7)
        for color, width in ((halo, 3.4), (ring, 1.3)):
            line = Qt.PenStyle.SolidLine if brush.tool != "paint" else Qt.PenStyle.DashLine
            painter.setPen(QPen(color, style.px(width), line))
            painter.drawEllipse(at, radius, radius)
    if erasing:
        arm = style.px(DOT)
        painter.setPen(QPen(ring, style.px(1.6), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm))
        painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm))
        return
    labels = draft.sketch.labels
    place = labels.index(brush.label) if brush.label in labels else 0
    color = style.class_color(place) if labels else QColor(theme.quiet)
    draw_marker(painter, marker_of(place) if labels else "circle", at.x(), at.y(), style.px(DOT),
                color, QColor(theme.card))
