"""Boundaries of thinned networks beside that of their mean and of the scaled network, as maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter

from engine.decision_picture import Palette, decision_picture
from engine.network.even_rows import spread_rows
from engine.network.state import NetworkState
from engine.network.thinned import Extent, Grid, ThinnedPlane

from ..theme import Style
from .batch_norm_panels import paint_title
from .dots import Dots
from .faces import face
from .labels import Label, paint
from .plot import round_corners
from .trails import as_image, device_ratio, is_raster, rgb

Array = NDArray[np.float64]
TITLE, GAP, SMALL_GAP = 22.0, 16.0, 6.0
MOST_SINGLE, MOST_DOTS = 12, 140
# Below this side a map says nothing.
LEAST = 24.0


@dataclass(frozen=True)
class Maps:
    """Where the single masks' maps are, the mean's and the scaled network's: squares."""

    single: tuple[QRectF, ...]
    mean: QRectF
    scaled: QRectF
    heading: QRectF
    """Room for the title of the single ones."""

    def moved(self, down: float) -> Maps:
        """The same, so many pixels lower."""
        return Maps(tuple(rect.translated(0, down) for rect in self.single),
                    self.mean.translated(0, down), self.scaled.translated(0, down),
                    self.heading.translated(0, down))


def arranged(rect: QRectF, style: Style) -> Maps | None:
    """Single maps in two rows left of the two large ones, or below them; None without room."""
    title, gap, small_gap = style.px(TITLE), style.px(GAP), style.px(SMALL_GAP)
    beside = _beside(rect, title, gap, small_gap)
    below = _below(rect, title, gap, small_gap)
    best = max(beside, below, key=lambda maps: maps.mean.width())
    if best.mean.width() < style.px(LEAST):
        return None
    slack = rect.bottom() - max(best.single[-1].bottom(), best.mean.bottom())
    return best.moved(float(int(max(slack, 0.0) / 2)))


def _beside(rect: QRectF, title: float, gap: float, small_gap: float) -> Maps:
    side = float(int(min(rect.height() - title, (rect.width() - 2 * gap) / 3)))
    small = float(int((side - small_gap) / 2))
    room = rect.width() - 2 * (side + gap)
    columns = int(min(max((room + small_gap) // max(small + small_gap, 1.0), 2), MOST_SINGLE // 2))
    wide = columns * small + (columns - 1) * small_gap
    top = rect.top() + title
    single = tuple(
        QRectF(rect.left() + column * (small + small_gap),
               top + row * (side - small), small, small)
        for row in range(2) for column in range(columns))
    left = rect.left() + wide + gap
    size = QSizeF(side, side)
    return Maps(single, QRectF(QPointF(left, top), size),
                QRectF(QPointF(left + side + gap, top), size),
                QRectF(rect.left(), rect.top(), wide, title))


def _below(rect: QRectF, title: float, gap: float, small_gap: float) -> Maps:
    # The row of small ones is (side + gap / 2) / 2 high, or nearly.
    side = float(int(min((rect.width() - gap) / 2,
                         (rect.height() - 2 * title - gap) / 1.5)))
    whole = 2 * side + gap
    small = float(int((whole - 3 * small_gap) / 4))
    size, top = QSizeF(side, side), rect.top() + title
    low = top + side + 0.5 * gap
    rows = 2 if low + title + 2 * small + small_gap <= rect.bottom() else 1
    return Maps(
        tuple(QRectF(rect.left() + column * (small + small_gap),
                     low + title + row * (small + small_gap), small, small)
              for row in range(rows) for column in range(4)),
        QRectF(QPointF(rect.left(), top), size),
        QRectF(QPointF(rect.left() + side + gap, top), size),
        QRectF(rect.left(), low, whole, title))


class MapPainter:
    """Paints the maps of one step; pictures are kept for as long as they stay the same."""

    def __init__(self) -> None:
        self._key: object = None
        self._pictures: dict[str, QImage] = {}
        self._dots = {False: Dots(), True: Dots()}
        self._covers: dict[bool, tuple[object, QImage]] = {}
        """By whether the map is a small one: what lies over it, and for what that was drawn."""

    def paint(self, painter: QPainter, style: Style, maps: Maps, found: ThinnedPlane,
              state: NetworkState, color: QColor) -> None:
        """All maps with titles and the training rows."""
        ratio = device_ratio(painter)
        key = (found, maps.mean.width(), len(maps.single), maps.single[0].width(), style, ratio,
               color.rgba())
        if key != self._key:
            self._key, self._pictures = key, {}
        palette = _palette(style, state, color, ratio)
        grids = [*((f"mask {k + 1}", grid, rect) for k, (grid, rect) in
                   enumerate(zip(found.single, maps.single, strict=False))),
                 ("mean", found.mean, maps.mean), ("scaled", found.scaled, maps.scaled)]
        for name, grid, rect in grids:
            small = name.startswith("mask")
            if name not in self._pictures:
                self._pictures[name] = _picture(grid, rect, palette, found.margin, ratio)
            painter.drawImage(rect.topLeft(), self._pictures[name])
            self._paint_cover(painter, style, rect, found.extent, state, small)
            if small and rect.width() >= style.px(70):
                _paint_number(painter, style, rect, name)
        paint_title(painter, style, maps.heading, (
            "Single masks: thinned networks", "Single masks", "Masks"))
        for rect, texts in ((maps.mean, (f"Mean of {found.masks} masks", "Mean")),
                            (maps.scaled, ("Scaled network, as in use", "Scaled, in use",
                                           "Scaled"))):
            paint_title(painter, style, rect.translated(0, -style.px(TITLE)), texts)

    def _paint_cover(self, painter: QPainter, style: Style, rect: QRectF, extent: Extent,
                     state: NetworkState, small: bool) -> None:
        """The training rows and the corners, as one picture as long as neither moves."""
        ratio = device_ratio(painter)
        if not is_raster(painter):
            _paint_rows(painter, style, rect, extent, state, small, self._dots[small])
            return
        material = state.training.material
        step = state.step if material.drift is not None else None
        key = (material, step, rect.width(), style, ratio)
        if self._covers.get(small, (None,))[0] != key:
            side = max(1, round(rect.width() * ratio))
            image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
            image.setDevicePixelRatio(ratio)
            image.fill(0)
            with QPainter(image) as inner:
                inner.setRenderHint(QPainter.RenderHint.Antialiasing)
                _paint_rows(inner, style, QRectF(0, 0, rect.width(), rect.height()), extent, state,
                            small, self._dots[small])
            self._covers[small] = key, image
        painter.drawImage(rect.topLeft(), self._covers[small][1])


def _picture(grid: Grid, rect: QRectF, palette: Palette, margin: float | None, ratio: float
             ) -> QImage:
    side = max(2, round(rect.width() * ratio))
    image = as_image(decision_picture(grid, side, side, palette, margin))
    image.setDevicePixelRatio(ratio)
    return image


def _palette(style: Style, state: NetworkState, color: QColor, ratio: float) -> Palette:
    classes = len(state.training.material.data.classes)
    return Palette(
        np.array([rgb(style.class_color(k)) for k in range(classes)], np.float32),
        np.array(rgb(QColor(style.theme.card)), np.float32),
        np.array(rgb(color), np.float32), width=style.px(2) * ratio)


def _paint_rows(painter: QPainter, style: Style, rect: QRectF, extent: Extent,
                state: NetworkState, small: bool, dots: Dots) -> None:
    """Training rows as dots in their classes' colours; the card's colour over the corners."""
    rows, classes = _rows(state)
    left, right, bottom, top = extent
    scale = np.array([rect.width() / (right - left), -rect.height() / (top - bottom)])
    points = (rows - np.array([left, top])) * scale + np.array([rect.left(), rect.top()])
    # Drifting rows may lie outside.
    inside = ((points > [rect.left() + 2, rect.top() + 2])
              & (points < [rect.right() - 2, rect.bottom() - 2])).all(1)
    colors = [style.class_color(k) for k in range(int(classes.max(initial=0)) + 1)]
    dots.paint(painter, points[inside], classes[inside], colors, style.px(1.5 if small else 2.4),
               QColor(style.theme.card))
    round_corners(painter, rect, style.px(5 if small else 8), QColor(style.theme.card))


def _rows(state: NetworkState) -> tuple[Array, NDArray[np.int64]]:
    """Some training rows as they are at this step (n, 2), and their classes (n,)."""
    material = state.training.material
    places = spread_rows(len(material.train_x), MOST_DOTS)
    rows = material.at(material.data.train_x[places], state.step)
    return np.asarray(rows, float), material.train_y[places, 0].astype(np.int64)


def _paint_number(painter: QPainter, style: Style, rect: QRectF, name: str) -> None:
    font, metrics = face(style, 12, 500)
    color = QColor(style.theme.text)
    wide, tall = metrics.horizontalAdvance(name), metrics.height()
    box = QRectF(rect.left() + style.px(6), rect.top() + style.px(3), wide, tall)
    paint(painter, [Label(name, box.center(), color)], [box], font, QColor(style.theme.card),
          style.px(3), 1e9)
    painter.setPen(Qt.PenStyle.NoPen)
