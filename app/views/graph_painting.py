"""How a graph's columns are painted: heads, nodes, names, numbers, and what was left out."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from engine.network.graph_columns import matrix

from ..numbers import number
from .faces import face
from .graph_layout import DETAIL, NAME, NodeColumn
from .graph_names import paint_names, stacked
from .graph_nodes import (
    CORNER,
    NOT_REACHED,
    brief,
    ink_image,
    map_images,
    paint_blank,
    paint_chips,
    paint_curve,
    paint_dead,
    paint_disc,
    paint_frame,
    paint_spot,
    scale_of,
)
from .graph_scene import GraphScene
from .kept import Kept
from .trails import device_ratio, is_raster


class GraphPainting:
    """Paints scenes; pictures of nodes are kept for the step."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def paint(self, painter: QPainter, scene: GraphScene, hovered: tuple[int, int] | None) -> None:
        """Everything but the edges."""
        whole = painter.opacity()
        for entry in scene.layout.columns:
            reached = scene.place is None or entry.number <= scene.place.forward_to
            painter.setOpacity(whole * (1.0 if reached else NOT_REACHED))
            self._paint_column(painter, scene, entry)
            painter.setOpacity(whole)
            self._paint_rings(painter, scene, entry, hovered)
            paint_names(painter, scene, entry)
        if scene.place is not None:
            for entry in scene.layout.columns:
                self._paint_numbers(painter, scene, entry)
            self._paint_loss(painter, scene)

    def paint_way_to_loss(self, painter: QPainter, scene: GraphScene) -> None:
        """What joins the outputs and the loss, and the dots on it."""
        style, place, rect = scene.style, scene.place, scene.layout.loss
        entry = scene.layout.columns[-1]
        if place is None or rect is None or entry.number != place.outputs:
            return
        end = QPointF(rect.left(), rect.center().y())
        passing = place.gap == place.outputs or (place.backward and place.column == place.outputs)
        color = QColor(style.theme.quiet)
        color.setAlphaF(0.55 if passing else 0.2)
        for node in entry.nodes:
            start = QPointF(node.right(), node.center().y())
            painter.setPen(QPen(color, style.px(1)))
            painter.drawLine(start, end)
            if passing and place.share > 0:
                share = 1 - place.share if place.backward else place.share
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(style.theme.quiet))
                painter.drawEllipse(start + (end - start) * share, style.px(3.5), style.px(3.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)

    # ---- nodes

    def _paint_column(self, painter: QPainter, scene: GraphScene, entry: NodeColumn) -> None:
        alive, dead = scene.alive(entry), scene.responses.dead.get(entry.number)
        draw = self._drawing(painter, scene, entry)
        for place, (unit, rect) in enumerate(zip(entry.units, entry.nodes, strict=True)):
            if not alive[place]:
                paint_blank(painter, scene.style, rect)
                continue
            draw(place, rect)
            if dead is not None and dead[unit]:
                paint_dead(painter, scene.style, rect)

    def _drawing(self, painter: QPainter, scene: GraphScene, entry: NodeColumn
                 ) -> Callable[[int, QRectF], None]:
        """What draws a node of a column, by its place among those shown."""
        style = scene.style
        if scene.image is not None and entry.number > 1:
            values = scene.flow.activations(entry.number)
            scale = scale_of(values)
            shares = np.clip(np.nan_to_num(values[list(entry.units)]) / scale, -1, 1)
            return lambda place, rect: paint_disc(painter, style, rect, float(shares[place]))
        if scene.image is None and scene.responses.over == "line":
            curves = scene.responses.maps[entry.number][:, 0]
            scale = scale_of(curves)
            at = None if scene.spot is None else scene.spot[0]
            return lambda place, rect: paint_curve(painter, style, rect, curves[place], scale, at)
        images = self._images(painter, scene, entry)

        spot = scene.spot

        def draw(place: int, rect: QRectF) -> None:
            painter.drawImage(rect, images[place])
            if spot is not None:
                paint_spot(painter, style, rect, *spot)

        return draw

    def _images(self, painter: QPainter, scene: GraphScene, entry: NodeColumn) -> list[QImage]:
        style = scene.style
        ratio = device_ratio(painter) if is_raster(painter) else 2.0
        side = max(round(entry.nodes[0].width() * ratio), 2)
        radius = style.px(CORNER) * ratio
        example = scene.flow.row if scene.image is not None and entry.number == 0 else None
        key = (*scene.moment, entry.units, side, style, example)

        def make() -> list[QImage]:
            if scene.image is None:
                return map_images(scene.responses.maps[entry.number], side, style.theme, radius)
            state, (height, width) = scene.state, scene.image
            if entry.number == 0:
                data = state.training.material.data
                pixels = data.transform.inverse(np.asarray(scene.flow.inputs, float)[None])
                low, high = float(data.raw.x[:1000].min()), float(data.raw.x[:1000].max())
                return [ink_image(pixels.reshape(height, width), low, max(high, low + 1e-9),
                                  side, style.theme, radius)]
            assert entry.column.block is not None
            layer = state.training.network.layers[entry.column.block.weights]
            weights = matrix(state, layer)[list(entry.units), 0]
            images = weights.reshape(-1, height, width)[:, ::-1]
            return map_images(np.ascontiguousarray(images, np.float32), side, style.theme, radius)

        return self._kept.of(("images", entry.number), key, make)

    def _paint_rings(self, painter: QPainter, scene: GraphScene, entry: NodeColumn,
                     hovered: tuple[int, int] | None) -> None:
        """The unit that is looked at, and the one under the mouse."""
        style = scene.style
        at = scene.subject or scene.chosen
        for which, color in ((at, style.theme.accent), (hovered, style.theme.text)):
            if which is not None and which[0] == entry.number and which[1] in entry.units:
                rect = entry.nodes[entry.units.index(which[1])]
                paint_frame(painter, style, rect, QColor(color), style.px(2), style.px(3))

    # ---- numbers of the example

    def _paint_numbers(self, painter: QPainter, scene: GraphScene, entry: NodeColumn) -> None:
        place = scene.place
        assert place is not None
        if entry.number > place.forward_to or (scene.image is not None and entry.number == 0):
            return
        back = entry.number >= place.back_to and entry.number > 0
        values = scene.flow.gradients(entry.number) if back else scene.flow.activations(
            entry.number)
        alive = scene.alive(entry)
        nodes = [rect for rect, here in zip(entry.nodes, alive, strict=True) if here]
        chosen = [values[unit] for unit, here in zip(entry.units, alive, strict=True) if here]
        if entry.number == place.outputs and nodes and stacked(scene, nodes[0].height()):
            down = face(scene.style, NAME)[1].height() / 2 + 1
            nodes = [rect.translated(0, down) for rect in nodes]
        paint_chips(painter, scene.style, nodes, [float(value) for value in chosen],
                    scale_of(values), gradient=back)

    def _paint_loss(self, painter: QPainter, scene: GraphScene) -> None:
        place, rect, style = scene.place, scene.layout.loss, scene.style
        if place is None or rect is None:
            return
        loss, there = scene.flow.loss, place.forward_to > len(scene.chain) - 1
        small, bold = face(style, DETAIL)[0], face(style, NAME, 600, True)[0]
        painter.setPen(QPen(QColor(style.theme.accent if place.column == len(scene.chain)
                                   else style.theme.hairline), style.px(1.4)))
        painter.setBrush(QColor(style.theme.raised))
        painter.drawRoundedRect(rect, style.px(8), style.px(8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(small)
        painter.setPen(QColor(style.theme.quiet))
        half = rect.height() / 2
        painter.drawText(QRectF(rect.left(), rect.top() + style.px(3), rect.width(),
                                half - style.px(3)), Qt.AlignmentFlag.AlignCenter, "loss")
        if there:
            painter.setFont(bold)
            painter.setPen(QColor(style.theme.text))
            painter.drawText(QRectF(rect.left(), rect.top() + half, rect.width(),
                                    half - style.px(3)), Qt.AlignmentFlag.AlignCenter,
                             number(loss) if isfinite(loss) else brief(loss))
