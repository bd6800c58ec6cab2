"""The rows as points over a part of the inputs' plane, kept as a picture while that stays."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter

from engine.network.rows_now import RowsNow

from . import data_points, quiet_axes
from .data_points import Cloud, Inks
from .map_frame import MapFrame
from .plane_extent import Plane
from .quiet_axes import Extent
from .trails import device_ratio, is_raster
from .value_ramp import Ramp


def rows_of(frame: MapFrame) -> RowsNow:
    """The rows as they lie at the frame's step."""
    drifts = frame.material.drift is not None
    step = frame.snapshot.step if drifts else 0
    return frame.kept.of("rows", (frame.snapshot.experiment, step),
                         lambda: RowsNow(frame.material, step))


def ramp_of(frame: MapFrame) -> Ramp:
    """The shades of a regression's targets."""
    def made() -> Ramp:
        targets = frame.material.data.train_y[:, 0]
        low, high = float(targets.min()), float(targets.max())
        return Ramp(frame.style.theme, low, high if high > low else low + 1.0)

    return frame.kept.of("ramp", (frame.snapshot.experiment, frame.style), made)


def inks_of(frame: MapFrame) -> Inks:
    """The points' colours: those of classes, or shades of a target."""
    classes = len(frame.material.data.classes)
    return frame.kept.of("inks", (frame.snapshot.experiment, frame.style), lambda: (
        data_points.class_inks(frame.style, classes) if classes else ramp_of(frame).inks()))


def paint_cloud(painter: QPainter, body: QRectF, extent: Extent, frame: MapFrame, plane: Plane
                ) -> None:
    """Training and test rows in a body that shows `extent`."""
    # The layer is as large as the body and lies over any of the bodies of that size.
    rect = QRectF(0, 0, body.width(), body.height())
    card, rows = QColor(frame.style.theme.card), rows_of(frame)
    inks = inks_of(frame)

    def clouds() -> list[Cloud]:
        found = []
        for part, most in ((rows.train, data_points.MOST_TRAIN),
                           (rows.test, data_points.MOST_TEST)):
            x, y = part.x[:most], part.y[:most]
            kinds = y if frame.material.data.classes else ramp_of(frame).kinds(y)
            points = quiet_axes.to_pixels(plane.shown(x), extent, rect)
            found.append(Cloud(points, np.asarray(kinds, np.intp), part is rows.train))
        return found

    shown = (min(len(rows.train.x), data_points.MOST_TRAIN)
             + min(len(rows.test.x), data_points.MOST_TEST))
    radius = data_points.point_radius(rect, shown, frame.style)
    if not is_raster(painter):
        painter.save()
        painter.translate(body.topLeft())
        painter.setClipRect(rect)
        data_points.paint_vectors(painter, clouds(), inks, radius, rect, card)
        painter.restore()
        return
    ratio = device_ratio(painter)
    key = (rows, extent, rect.width(), rect.height(), ratio, frame.style)
    layer = frame.kept.of("points", key, lambda: data_points.layer(
        clouds(), inks, radius, rect, ratio, card))
    painter.drawImage(body.topLeft(), layer)
