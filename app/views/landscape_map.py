"""The map of a landscape: contours, every contestant's way over them, heads and axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import ceil, isnan

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.landscape.field import Extent
from engine.landscape.picture import Head, LandscapePicture, PathOnPlane
from engine.snapshot import Snapshot, Trail

from ..theme import Style
from . import quiet_axes
from .faces import face
from .heads import Heads
from .kept import Kept, Same
from .landscape_ways import Canvas, Ways
from .landscape_words import axis_words, shorter
from .level_key import paint_key, place_of_key
from .plot import round_corners
from .trails import (
    HALO,
    TRAIL,
    as_image,
    device_ratio,
    draw_as_vectors,
    draw_polyline,
    is_raster,
)
from .view import Appearance

KEY = "loss"
LEFT, BOTTOM, CAPTION = quiet_axes.LEFT, quiet_axes.BOTTOM, 17.0
# Lower maps have no line of its own for what is across: it stands at the numbers' end.
LEAST_WITH_CAPTION = 204.0
# Smaller maps have no numbers beside them.
LEAST_WITH_AXES = 150.0
# What is further out is nowhere.
MOST_PIXELS = 1e9


class LandscapeMap:
    """Paints one picture after another; what it keeps it could make again."""

    def __init__(self) -> None:
        self.body = QRectF()
        """Where the map itself was painted last."""
        self.extent: Extent = ((0.0, 1.0), (0.0, 1.0))
        self._canvas: Canvas | None = None
        self._ways: Ways | None = None
        self._heads = Heads()
        self._kept = Kept()

    def preparing(self, step: int) -> Callable[[LandscapePicture], Ways | None]:
        """What makes the ways of a picture that is to come, on another thread; see `take`."""
        canvas, before = self._canvas, self._ways

        def prepare(picture: LandscapePicture) -> Ways | None:
            on_it = {path.contestant for path in picture.paths}
            if canvas is None or {shown.index for shown in canvas.shown} != on_it:
                return None
            ways = Ways(picture, replace(canvas, extent=picture.field.extent), before)
            ways.trails.at(step)
            return ways

        return prepare

    def take(self, ways: Ways | None) -> None:
        """Take ways made elsewhere, for the next picture that is painted."""
        if ways is not None:
            self._ways = ways

    def paint(self, painter: QPainter, style: Style, rect: QRectF, picture: LandscapePicture,
              heads: Mapping[int, Head], shown: Sequence[Appearance], snapshot: Snapshot) -> None:
        """Everything inside of a rectangle; `shown` are contestants in the order of painting."""
        self.extent = picture.field.extent
        self.body, axes = body_in(style, rect, picture)
        inner = QRectF(0, 0, self.body.width(), self.body.height())
        painter.save()
        painter.translate(self.body.topLeft())
        painter.setClipRect(inner, Qt.ClipOperation.IntersectClip)
        on_plane = [a for a in shown if a.index in heads]
        self._paint_ways(painter, inner, picture, heads, on_plane, style, snapshot)
        self._paint_marks(painter, style, inner, picture)
        trails = {path.contestant: on_surface(path, heads[path.contestant], snapshot)
                  for path in picture.paths}
        key = self._place_of_key(style, inner, picture)
        self._heads.paint(painter, lambda x, y: self._pixel((x, y), inner), on_plane,
                          replace(snapshot, trails=trails), style,  # type: ignore[arg-type]
                          inner, (Same(picture.paths), self._canvas),
                          lambda points: self._pixels(points, inner),
                          [key] if not key.isEmpty() else [],
                          # Where a zoom leaves a network out, it is seen in which direction it is.
                          stays=lambda trail: trail.diverged is not None)
        paint_key(painter, style, key, picture.levels, KEY)
        round_corners(painter, inner, style.px(8), QColor(style.theme.card))
        painter.restore()
        if axes:
            self._paint_axes(painter, style, axis_words(picture, snapshot))

    def point_at(self, pixel: QPointF) -> tuple[float, float]:
        """The point of the plane under a pixel of the view."""
        return quiet_axes.to_point(pixel, _flat(self.extent), self.body)

    def pixel_of(self, point: tuple[float, float]) -> QPointF:
        """The pixel of the view over a point of the plane."""
        return self._pixel(point, self.body)

    # ---- parts

    def _paint_ways(self, painter: QPainter, inner: QRectF, picture: LandscapePicture,
                    heads: Mapping[int, Head], shown: Sequence[Appearance], style: Style,
                    snapshot: Snapshot) -> None:
        raster = is_raster(painter)
        ratio = device_ratio(painter) if raster else 2.0
        self._canvas = canvas = Canvas((inner.width(), inner.height()), ratio, style,
                                       tuple(shown), self.extent)
        if self._ways is None or not self._ways.shows(picture, canvas):
            self._ways = Ways(picture, canvas, self._ways)
        ways = self._ways
        if raster:
            painter.drawImage(inner, ways.trails.at(snapshot.step))
        else:
            painter.drawImage(inner, as_image(ways.ground))
            draw_as_vectors(painter, ways.vectors, style, snapshot.step)
        for place, appearance in enumerate(shown):
            ends = ways.end_of(place, snapshot.step, np.array(heads[appearance.index].point))
            painter.setOpacity(appearance.opacity)
            draw_polyline(painter, ends, QColor(style.theme.surface_high), style.px(HALO))
            draw_polyline(painter, ends, appearance.color, style.px(TRAIL))
        painter.setOpacity(1)

    def _paint_marks(self, painter: QPainter, style: Style, inner: QRectF,
                     picture: LandscapePicture) -> None:
        """The points that a plane goes through, or the one that it is around."""
        painter.setPen(QPen(QColor(style.theme.text), style.px(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if picture.marks is not None:
            for x, y in self._pixels(picture.marks, inner):
                painter.drawEllipse(QPointF(x, y), style.px(11), style.px(11))
        elif picture.plane.kind in ("random", "hessian"):
            at, arm = self._pixel((0.0, 0.0), inner), style.px(12)
            painter.setPen(QPen(QColor(style.theme.quiet), style.px(1.2)))
            painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
            painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))

    def _place_of_key(self, style: Style, inner: QRectF, picture: LandscapePicture) -> QRectF:
        levels = picture.levels
        key = (Same(picture.paths), levels, self.extent, style, inner.width(), inner.height())
        return self._kept.of("key", key, lambda: place_of_key(
            style, inner, KEY, levels, self._pixels(
                np.concatenate([path.points for path in picture.paths]), inner)))

    def _paint_axes(self, painter: QPainter, style: Style, words: tuple[str, str]) -> None:
        extent = _flat(self.extent)
        font, metrics = face(style, quiet_axes.SIZE)
        if _has_caption(style, self.body):
            quiet_axes.paint_bottom(painter, self.body, extent, style)
            text = _fitting(style, words[0], self.body.width())
            painter.setFont(font)
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(QPointF(
                self.body.center().x() - metrics.horizontalAdvance(text) / 2,
                self.body.bottom() + style.px(BOTTOM + CAPTION) - metrics.descent()), text)
        else:
            quiet_axes.paint_bottom(painter, self.body, extent, style,
                                    _fitting(style, words[0], 0.36 * self.body.width()))
        quiet_axes.paint_left(painter, self.body, extent, style)
        text = _fitting(style, words[1], self.body.height())
        painter.save()
        painter.translate(self.body.left() - style.px(LEFT + 3), self.body.top()
                          + metrics.horizontalAdvance(text))
        painter.rotate(-90)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(QPointF(0, 0), text)
        painter.restore()

    def _pixels(self, points: NDArray[np.float64], inner: QRectF) -> NDArray[np.float64]:
        return quiet_axes.to_pixels(points, _flat(self.extent), inner)

    def _pixel(self, point: tuple[float, float], inner: QRectF) -> QPointF:
        x, y = (min(max(0.0 if isnan(at) else at, -MOST_PIXELS), MOST_PIXELS)
                for at in quiet_axes.to_pixel(point, _flat(self.extent), inner))
        return QPointF(x, y)


def on_surface(path: PathOnPlane, head: Head, snapshot: Snapshot) -> Trail:
    """A path as trails on surfaces are, with the head at the step that is shown."""
    k = int(np.searchsorted(path.steps, snapshot.step, side="right"))
    steps = np.concatenate([path.steps[:k], [snapshot.step], path.steps[k:]])
    points = np.concatenate([path.points[:k], [head.point], path.points[k:]])
    # Losses would take a pass over all rows for every step, and nobody asks for them here.
    nothing = np.empty(0)
    return Trail(steps, points, nothing, nothing,
                 snapshot.contestants[path.contestant].diverged)


def body_in(style: Style, rect: QRectF, picture: LandscapePicture) -> tuple[QRectF, bool]:
    """Where in a rectangle the map itself is, and whether it has axes."""
    axes = min(rect.width(), rect.height()) >= style.px(LEAST_WITH_AXES)
    if not axes:
        return QRectF(_in_one_unit(rect, picture).toRect()), axes
    whole = rect.adjusted(style.px(LEFT + CAPTION), 0, 0, -style.px(BOTTOM + CAPTION))
    body = QRectF(_in_one_unit(whole, picture).toRect())
    if not _has_caption(style, body):
        # The line that is saved is not to make it so high that there would be one.
        whole.setHeight(min(rect.height() - style.px(BOTTOM),
                            ceil(style.px(LEAST_WITH_CAPTION)) - 2))
        body = QRectF(_in_one_unit(whole, picture).toRect())
    return body, axes


def room_of(style: Style, rect: QRectF, picture: LandscapePicture) -> QRectF:
    """The part of a rectangle that the map takes, its axes included."""
    body, axes = body_in(style, rect, picture)
    if not axes:
        return body
    below = BOTTOM + CAPTION if _has_caption(style, body) else BOTTOM
    return body.adjusted(-style.px(LEFT + CAPTION), 0, 0, style.px(below))


def _has_caption(style: Style, body: QRectF) -> bool:
    """Whether what is across has a line of its own, so that numbers go along the whole axis."""
    return body.height() >= style.px(LEAST_WITH_CAPTION)


def _in_one_unit(rect: QRectF, picture: LandscapePicture) -> QRectF:
    """The part of a rectangle in which both axes have one unit, in its middle.

    Random directions are as long as the network's weights, each in its own way, and fill it.
    """
    if picture.plane.kind == "random":
        return rect
    (left, right), (bottom, top) = picture.field.extent
    unit = min(rect.width() / (right - left), rect.height() / (top - bottom))
    body = QRectF(0, 0, unit * (right - left), unit * (top - bottom))
    body.moveCenter(rect.center())
    return body


def _fitting(style: Style, text: str, room: float) -> str:
    """As much of what an axis holds as there is room for."""
    _, metrics = face(style, quiet_axes.SIZE)
    return next((trial for trial in shorter(text) if metrics.horizontalAdvance(trial) < room), "")


def _flat(extent: Extent) -> quiet_axes.Extent:
    (left, right), (bottom, top) = extent
    return left, right, bottom, top
