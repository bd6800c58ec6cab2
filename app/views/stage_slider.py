"""A slider over the stages of a network, painted into a view: films and stills have no widgets."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ..theme import Style

ALL = "all"
# A click this near to a stage, in parts of the way to the next one, means the stage.
NEAR = 0.25


class StageSlider:
    """A track with a mark for every stage, and the word that goes back to all of them at once.

    One that is not `live` says where one is among the stages, and nothing where all are shown.
    """

    def __init__(self, word: str = ALL) -> None:
        self.live = True
        self._word = word
        self._track = QRectF()
        self._all = QRectF()
        self._reach = 0.0
        self._last = 0

    def height(self, style: Style) -> float:
        """How much room it takes at the bottom of a view."""
        return style.px(22) + QFontMetricsF(style.font(12)).height()

    def paint(self, painter: QPainter, style: Style, bounds: QRectF, names: Sequence[str],
              value: float | None) -> None:
        """Paint it along the bottom of `bounds`; without a value all stages are shown."""
        if not self.live and value is None:
            return
        font = style.font(12)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        self._last = len(names) - 1
        self._reach = style.px(12)
        word = metrics.horizontalAdvance(self._word)
        y = bounds.bottom() - metrics.height() - style.px(10)
        left = bounds.left() + style.px(10)
        offered = self.live and value is not None
        right = bounds.right() - style.px(10) - (word + style.px(26) if offered else 0)
        self._track = QRectF(left, y, max(right - left, 1.0), 0)
        self._paint_track(painter, style, value)
        self._paint_names(painter, style, bounds, names, value)
        self._all = QRectF()
        if offered:
            baseline = y + (metrics.ascent() - metrics.descent()) / 2
            painter.setPen(QColor(style.theme.accent))
            painter.drawText(QPointF(bounds.right() - word - style.px(2), baseline),
                             self._word)
            self._all = QRectF(bounds.right() - word - style.px(10), y - metrics.height(),
                               word + style.px(10), 2 * metrics.height())

    def takes(self, pixel: QPointF) -> bool:
        """Whether a press there moves the slider."""
        return self._track.adjusted(-self._reach, -self._reach, self._reach,
                                    self._reach).contains(pixel)

    def is_all(self, pixel: QPointF) -> bool:
        """Whether a press there asks for all stages."""
        return self._all.contains(pixel)

    def value_at(self, pixel: QPointF, *, near_stage: bool = False) -> float:
        """The value at a pixel, 0 to the last stage; `near_stage` takes a stage that is near."""
        share = (pixel.x() - self._track.left()) / self._track.width()
        value = min(max(share, 0.0), 1.0) * self._last
        if near_stage and abs(value - round(value)) < NEAR:
            return float(round(value))
        return round(value, 3)

    def _at(self, value: float) -> float:
        return self._track.left() + self._track.width() * value / max(self._last, 1)

    def _paint_track(self, painter: QPainter, style: Style, value: float | None) -> None:
        y = self._track.top()
        pen = QPen(QColor(style.theme.hairline), style.px(3))
        painter.setPen(pen)
        painter.drawLine(QPointF(self._track.left(), y), QPointF(self._track.right(), y))
        accent = QColor(style.theme.accent)
        thumb = None if value is None else self._at(min(max(value, 0.0), self._last))
        if thumb is not None:
            painter.setPen(QPen(accent, style.px(3)))
            painter.drawLine(QPointF(self._track.left(), y), QPointF(thumb, y))
        painter.setPen(QPen(QColor(style.theme.quiet), style.px(1.4)))
        if self._track.width() / max(self._last, 1) >= style.px(7):
            for place in range(self._last + 1):
                x = self._at(place)
                painter.drawLine(QPointF(x, y - style.px(3.5)), QPointF(x, y + style.px(3.5)))
        if thumb is not None and self.live:
            painter.setPen(QPen(accent, style.px(2)))
            painter.setBrush(QColor(style.theme.card))
            painter.drawEllipse(QPointF(thumb, y), style.px(6.5), style.px(6.5))

    def _paint_names(self, painter: QPainter, style: Style, bounds: QRectF, names: Sequence[str],
                     value: float | None) -> None:
        """The stages' names under their marks: both ends, and those between that have room.

        Stages without a name have none.
        """
        metrics = QFontMetricsF(painter.font())
        baseline = bounds.bottom() - metrics.descent()
        taken: list[tuple[float, float]] = []
        for place in dict.fromkeys((0, self._last, *range(self._last + 1))):
            if not names[place]:
                continue
            width = metrics.horizontalAdvance(names[place])
            left = self._at(place) - width / 2
            left = min(max(left, bounds.left()), bounds.right() - width)
            gap = style.px(8)
            if any(left < end + gap and start - gap < left + width for start, end in taken):
                continue
            taken.append((left, left + width))
            here = value is not None and round(value) == place
            painter.setPen(QColor(style.theme.text if here else style.theme.quiet))
            painter.drawText(QPointF(left, baseline), names[place])
