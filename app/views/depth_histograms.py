"""Histograms forward and backward at once: how all layers' activations and gradients are spread.

Lectures on inits show both, for several schemes above each other: what a scheme does to signals on
their way through the layers, and to gradients on their way back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.network.layer_spread import Quantity
from engine.snapshot import Snapshot

from ..theme import Style
from .layer_histograms import LayerHistograms
from .quantity_choice import HEIGHT, Segment, paint_segments, segment_at
from .view import Look, View, ViewDefinition

HEAD, BETWEEN = 26.0, 28.0
# Beside each other where that leaves both wider than high; else above each other.
BESIDE = 1.6


class OneWay(LayerHistograms):
    """The histograms of one of the two quantities."""

    choosing = False
    # One scheme that explodes is beside others here as a rule, and these are to be seen.
    unusual = 3.0
    # What the output layer gives back is of another size than what comes to the layers before.
    hidden = True

    def __init__(self, what: Quantity, words: str) -> None:
        super().__init__()
        self.what, self.words = what, words

    def prepare(self, snapshot: Snapshot, look: Look) -> None:
        super().prepare(snapshot, replace(look, histogram=self.what))

    def draw(self, snapshot: Snapshot, look: Look) -> None:
        super().draw(snapshot, replace(look, histogram=self.what))

    def said(self) -> str:
        """What is behind the words of its head: layers and range."""
        return self.span_words()


class DepthHistograms(View):
    """Activations and gradients side by side, or above each other in a tall card."""

    def __init__(self) -> None:
        super().__init__()
        self.ways = (OneWay("activation", "Forward: activations"),
                     OneWay("gradient", "Backward: gradients"))
        self._segment: Segment | None = None
        for way in self.ways:
            way.setParentItem(self)
            way.asked.connect(self.asked)
            way.noted.connect(self.noted)
            way.noted.connect(self.update)

    def title(self) -> str:
        functions = self.ways[0].functions() - {""}
        return "Activations and gradients by layer" + (
            f", {functions.pop()}" if len(functions) == 1 else "")

    def note(self) -> str:
        for way in self.ways:
            if way.hovered:
                return way.note()
        rows = self.ways[0].examples
        return f"{rows:,} rows" if rows else ""

    def restyled(self, style: Style) -> None:
        self._arrange()
        for way in self.ways:
            way.restyle(style)

    def prepare(self, snapshot: Snapshot, look: Look) -> None:
        for way in self.ways:
            way.prepare(snapshot, look)

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        for way in self.ways:
            way.draw(snapshot, look)
        self.update()

    def resizeEvent(self, event: Any) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if self.style is None:
            return
        head, gap = self.style.px(HEAD), self.style.px(BETWEEN)
        width, height = self.rect().width(), self.rect().height()
        if width > BESIDE * height:
            half = (width - gap) / 2
            places = [QRectF(k * (half + gap), head, half, height - head) for k in (0, 1)]
        else:
            half = (height - gap / 2) / 2
            places = [QRectF(0, k * (half + gap / 2) + head, width, half - head) for k in (0, 1)]
        for way, place in zip(self.ways, places, strict=True):
            way.setGeometry(QRectF(place.topLeft(), place.size().expandedTo(_LEAST)))

    # ---- painting and mouse

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        style = self.style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words, quiet = style.font(13, 500), style.font(12, tabular=True)
        metrics, small = QFontMetricsF(words), QFontMetricsF(quiet)
        self._segment = self._log_segment(style)
        for way in self.ways:
            box = way.geometry()
            right = box.right()
            if self._segment is not None and self._segment.rect.bottom() > box.top() - style.px(
                    HEAD) and self._segment.rect.left() < right and way is self._upper_right():
                right = self._segment.rect.left() - style.px(8)
            baseline = box.top() - style.px(HEAD) + metrics.ascent()
            painter.setPen(QColor(style.theme.quiet))
            painter.setFont(words)
            text = metrics.elidedText(way.words, Qt.TextElideMode.ElideRight, right - box.left())
            painter.drawText(QPointF(box.left(), baseline), text)
            left = box.left() + metrics.horizontalAdvance(text) + style.px(10)
            said = way.said()
            if said and left + small.horizontalAdvance(said) <= right:
                painter.setFont(quiet)
                painter.drawText(QPointF(left, baseline), said)
        if self._segment is not None:
            paint_segments(painter, style, (self._segment,))

    def _upper_right(self) -> OneWay:
        first, second = self.ways
        return second if second.geometry().top() == first.geometry().top() else first

    def _log_segment(self, style: Style) -> Segment | None:
        """The choice of logarithmic counts, in the upper right corner."""
        log = self.look.count_scale == "log"
        wide = QFontMetricsF(style.font(12)).horizontalAdvance("log") + style.px(14)
        box = self._upper_right().geometry()
        if box.width() < style.px(200):
            return None
        return Segment("count_scale", "linear" if log else "log", "log", log, QRectF(
            box.right() - wide, box.top() - style.px(HEAD) - style.px(2), wide, style.px(HEIGHT)))

    def mouseClickEvent(self, event: Any) -> None:
        found = segment_at((self._segment,), event.pos()) if self._segment is not None else None
        if found is None:
            event.ignore()
            return
        event.accept()
        self.asked.emit(found.kind, found.value)


_LEAST = QRectF(0, 0, 8, 8).size()

depth_histograms = ViewDefinition(
    "depth-histograms", "Forward and backward",
    "How activations and gradients are spread in every layer, both at once.", DepthHistograms,
    weight=(1.6, 1.6), kinds=frozenset({"network"}),
)
