"""The control by which one example is stepped through a network, painted into the view."""

from __future__ import annotations

from math import ceil, floor

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.network.flow_place import last_stage, stage_names

from ..theme import Style
from .stage_slider import StageSlider

BUTTON = 24.0


class FlowBar:
    """Two arrows that take a stage each, and a slider over all stages; in films, a track of them.
    """

    def __init__(self) -> None:
        self.live = True
        self._slider = StageSlider("off")
        self._buttons = (QRectF(), QRectF())
        self._value: float | None = None
        self._last = 1

    def height(self, style: Style) -> float:
        """How much room it takes at the bottom of a view."""
        return self._slider.height(style)

    def paint(self, painter: QPainter, style: Style, bounds: QRectF, outputs: int,
              value: float | None) -> None:
        """Paint it along the bottom of `bounds`; without a value nothing flows."""
        self._last, self._value = last_stage(outputs), value
        if value is not None:
            self._value = min(max(value, 0.0), float(self._last))
        side = style.px(BUTTON)
        top = bounds.bottom() - self.height(style)
        self._buttons = (QRectF(bounds.left(), top, side, side),
                         QRectF(bounds.left() + side, top, side, side))
        self._slider.live = self.live
        track = bounds
        if self.live:
            for rect, forward in zip(self._buttons, (False, True), strict=True):
                able = self.stepped(forward) != self._value
                _paint_arrow(painter, style, rect, forward, able)
            track = bounds.adjusted(2 * side + style.px(6), 0, -style.px(4), 0)
        self._slider.paint(painter, style, track, stage_names(outputs), self._value)

    def stepped(self, forward: bool) -> float | None:
        """The next stage, or the one before; nothing flows before the first."""
        if self._value is None:
            return 0.0 if forward else None
        if forward:
            return float(min(floor(self._value) + 1, self._last))
        return None if self._value == 0 else float(ceil(self._value) - 1)

    def takes(self, pixel: QPointF) -> bool:
        """Whether a drag that begins there moves the slider."""
        return self._slider.takes(pixel)

    def dragged(self, pixel: QPointF) -> float:
        """The value at a pixel."""
        return self._slider.value_at(pixel)

    def clicked(self, pixel: QPointF) -> tuple[float | None] | None:
        """The value that a click asks for, in a tuple; None where there is nothing to click."""
        for rect, forward in zip(self._buttons, (False, True), strict=True):
            if rect.contains(pixel):
                return (self.stepped(forward),)
        if self._slider.takes(pixel):
            return (self._slider.value_at(pixel, near_stage=True),)
        return (None,) if self._slider.is_all(pixel) else None


def _paint_arrow(painter: QPainter, style: Style, rect: QRectF, forward: bool, able: bool) -> None:
    color = QColor(style.theme.accent if able else style.theme.quiet)
    painter.setOpacity(1.0 if able else 0.4)
    painter.setPen(QPen(color, style.px(2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))
    reach = style.px(4.5) if forward else -style.px(4.5)
    middle = rect.center()
    tip = QPointF(middle.x() + reach / 2, middle.y())
    for side in (-1, 1):
        painter.drawLine(QPointF(middle.x() - reach / 2, middle.y() + side * abs(reach)), tip)
    painter.setOpacity(1)
