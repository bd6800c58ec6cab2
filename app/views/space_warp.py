"""Space as the chosen contestant bends it: a grid and the data after every layer.

All stages stand side by side; or one large picture slides from stage to stage, where the slider
below it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from pyqtgraph.functions import arrayToQPolygonF

from engine.network.slide import alignment, slid
from engine.network.warp import Stage, Warp, between, warp
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style, mixed
from .dots import Dots
from .heads import short
from .markers import draw_marker
from .plot import Array
from .small_axes import paint_words
from .stage_slider import StageSlider
from .step_cache import StepCache
from .view import Appearance, Look, View, ViewDefinition, appearances

LINE, DOT = 1.0, 2.6
# What a picture leaves free at each side of its panel, in parts of the shorter side.
PAD = 0.06
SMALLEST = 92.0
"""Sides of a panel, in design units, below which stages in between are left out."""
SHADES = 12
"""Colours of a regression's targets, from the first class's to the second's."""
OF_VARIANCE = " of variance"
OVERFLOW = "Its outputs overflow"


@dataclass(frozen=True)
class Panel:
    """A picture in `rect`: one stage, or two with how far it has come from the first to the second.

    `caption` is written below, in `foot`.
    """

    rect: QRectF
    before: int
    after: int
    share: float
    caption: str


class SpaceWarp(View):
    """Panels of all stages, or one that slides between them."""

    def __init__(self) -> None:
        super().__init__()
        self._warps: StepCache[Warp] = StepCache(warp)
        self._dots = Dots()
        self._slider = StageSlider()

    def note(self) -> str:
        found = self.warp()
        if found is None or self.look.warp is None:
            return ""
        before, after, share = between(found.stages, self.look.warp)
        near = found.stages[after if share > 0.5 else before]
        return _caption(near, full=True)

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        self.update()
        self.noted.emit()

    def contestant(self) -> Appearance | None:
        """Who is shown: the chosen one, else the highlighted one, else the first that is shown."""
        if self.snapshot is None or self.style is None:
            return None
        shown = appearances(self.snapshot.experiment, self.style, self.look)
        chosen = self.look.chosen
        if chosen is not None and chosen < len(shown) and shown[chosen] is not None:
            return shown[chosen]
        there = [a for a in shown if a is not None]
        return next((a for a in there if a.name == self.look.highlight), next(iter(there), None))

    def warp(self) -> Warp | None:
        """The stages that are shown, None without a contestant."""
        shown = self.contestant()
        if shown is None or self.snapshot is None:
            return None
        return self._warps.of(self.snapshot, shown.index)

    # ---- layout

    def panels(self) -> tuple[Panel, ...]:
        """What is painted where."""
        found, style = self.warp(), self.style
        if found is None or style is None:
            return ()
        area = QRectF(0, self._head_height(), self.rect().width(), self.rect().height()
                      - self._head_height() - self._slider.height(style))
        caption = self._caption_height()
        if self.look.warp is not None:
            before, after, share = between(found.stages, self.look.warp)
            area.setHeight(max(area.height(), 8.0))
            width = min(area.width(), 1.7 * area.height())
            area = QRectF((area.width() - width) / 2, area.top(), width, area.height())
            return (Panel(area, before, after, share, ""),)
        places, columns, side = _arranged(
            len(found.stages), area.width(), area.height(), style.px(12), caption,
            style.px(SMALLEST))
        rows = ceil(len(places) / columns)
        wide, high = side
        left = (area.width() - columns * wide - (columns - 1) * style.px(12)) / 2
        top = area.top() + (area.height() - rows * (high + caption)
                            - (rows - 1) * style.px(6)) / 2
        return tuple(
            Panel(QRectF(left + place % columns * (wide + style.px(12)),
                         top + place // columns * (high + caption + style.px(6)), wide, high),
                  stage, stage, 0.0, _caption(found.stages[stage]))
            for place, stage in enumerate(places))

    def _head_height(self) -> float:
        assert self.style is not None
        return QFontMetricsF(self.style.font(13, 600)).height() + self.style.px(6)

    def _caption_height(self) -> float:
        assert self.style is not None
        return QFontMetricsF(self.style.font(12)).height() + self.style.px(5)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        found, shown = self.warp(), self.contestant()
        if found is None or shown is None:
            paint_words(painter, self.style, self.rect(), "Every contestant is muted")
            return
        self._paint_head(painter, self.style, shown)
        for panel in self.panels():
            self._paint_panel(painter, self.style, found, panel)
        self._slider.live = self.live
        self._slider.paint(painter, self.style, self.rect(),
                           [stage.name for stage in found.stages], self.look.warp)

    def _paint_head(self, painter: QPainter, style: Style, shown: Appearance) -> None:
        assert self.snapshot is not None
        font = style.font(13, 600)
        metrics = QFontMetricsF(font)
        middle = metrics.height() / 2
        draw_marker(painter, shown.marker, style.px(6), middle, style.px(5.5), shown.color)
        painter.setFont(font)
        painter.setPen(style.ink(shown.color))
        lost = self.snapshot.contestants[shown.index].diverged is not None
        text = f"{short(shown.name)} diverged" if lost else short(shown.name)
        room = self.rect().width() - style.px(18)
        painter.drawText(QPointF(style.px(18), middle + (metrics.ascent() - metrics.descent()) / 2),
                         metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))

    def _paint_panel(self, painter: QPainter, style: Style, found: Warp, panel: Panel) -> None:
        rect = panel.rect
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.raised))
        painter.drawRoundedRect(rect, style.px(8), style.px(8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        first, second = found.stages[panel.before], found.stages[panel.after]
        if first.finite and second.finite:
            lines, points = self.carried(found, panel)
            large = min(rect.width(), rect.height()) > style.px(220)
            # A bend of a small picture shows with half as many points.
            self._paint_grid(painter, style, lines if large else lines[:, ::2])
            self._paint_boundary(painter, style, found, panel)
            self._dots.paint(painter, points, self._numbers(found), self._colors(style, found),
                             style.px(DOT * (1.35 if large else 1.0)), QColor(style.theme.raised))
        else:
            paint_words(painter, style, rect.adjusted(4, 0, -4, 0), OVERFLOW)
        if panel.caption:
            font = style.font(12)
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(style.theme.quiet))
            text = next((text for text in (panel.caption, panel.caption.removesuffix(OF_VARIANCE))
                         if metrics.horizontalAdvance(text) <= rect.width()), first.name)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(QPointF(rect.center().x() - metrics.horizontalAdvance(text) / 2,
                                     rect.bottom() + style.px(3) + metrics.ascent()), text)

    def carried(self, found: Warp, panel: Panel) -> tuple[Array, Array]:
        """Pixels of the grid (G, S, 2) and of the rows (n, 2) in a panel.

        Each stage fills the panel; see `engine.network.slide` for the way between two of them.
        """
        first, second = found.stages[panel.before], found.stages[panel.after]
        centre = np.array([panel.rect.center().x(), panel.rect.center().y()])
        shift, scale = self._fit(first, panel.rect)
        lines, points = first.lines * scale + shift, first.points * scale + shift
        if panel.share > 0:
            shift, scale = self._fit(second, panel.rect)
            after = second.points * scale + shift
            turn = alignment(points, after)
            lines = slid(lines - centre, second.lines * scale + shift - centre, turn, panel.share)
            points = slid(points - centre, after - centre, turn, panel.share)
            # What turns needs more room than what stands.
            room = np.array([panel.rect.width(), panel.rect.height()]) * (0.5 - PAD / 2)
            most = max(float((np.abs(part) / room).max()) for part in (lines, points))
            lines, points = lines / max(most, 1.0) + centre, points / max(most, 1.0) + centre
        return lines, points

    def _fit(self, stage: Stage, rect: QRectF) -> tuple[Array, Array]:
        """Shift and scale (2,) from a stage's coordinates to pixels; both axes have one unit."""
        assert self.style is not None
        left, right, bottom, top = stage.extent
        pad = PAD * min(rect.width(), rect.height())
        scale = min((rect.width() - 2 * pad) / max(right - left, 1e-300),
                    (rect.height() - 2 * pad) / max(top - bottom, 1e-300))
        # Where all of it is one point, that is the middle.
        scale = min(scale, 1e290)
        factors = np.array([scale, -scale])
        centre = np.array([rect.center().x(), rect.center().y()])
        middle = np.array([left / 2 + right / 2, bottom / 2 + top / 2])
        return centre - middle * factors, factors

    def _paint_grid(self, painter: QPainter, style: Style, lines: Array) -> None:
        color = QColor(style.theme.isoline)
        # Qt paints a line of at most a pixel six times as fast as a wider one.
        painter.setPen(QPen(color, 1.0 if style.unit < 1.4 else style.px(LINE)))
        for line in lines:
            painter.drawPolyline(arrayToQPolygonF(line[:, 0], line[:, 1]))

    def _paint_boundary(self, painter: QPainter, style: Style, found: Warp, panel: Panel) -> None:
        """Where two classes' logits are the same, or a single one is 0."""
        last = found.stages[-1]
        at = panel.after if panel.share > 0.999 else panel.before if panel.share < 0.001 else None
        if at != found.last or len(found.classes) != 2 or not last.exact:
            return
        shift, scale = self._fit(last, panel.rect)
        far = 4 * (panel.rect.width() + panel.rect.height())
        origin, along = shift, np.array([1.0, -1.0]) if last.width == 2 else np.array([0.0, 1.0])
        painter.save()
        painter.setClipRect(panel.rect, Qt.ClipOperation.IntersectClip)
        pen = QPen(QColor(style.theme.text), style.px(1.4))
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        # From the point of the line that is nearest to the middle: it may lie far outside.
        centre = np.array([panel.rect.center().x(), panel.rect.center().y()])
        unit = along / np.linalg.norm(along)
        near = origin + ((centre - origin) @ unit) * unit
        if np.abs(near - centre).max() < far:
            start, end = near - far * unit, near + far * unit
            painter.drawLine(QPointF(*map(float, start)), QPointF(*map(float, end)))
        painter.restore()

    def _numbers(self, found: Warp) -> NDArray[np.int64]:
        """Which of the colours each row has."""
        if found.classes:
            return found.targets.astype(np.int64)
        low, high = float(found.targets.min()), float(found.targets.max())
        share = (found.targets - low) / max(high - low, 1e-300)
        return np.rint(share * (SHADES - 1)).astype(np.int64)

    def _colors(self, style: Style, found: Warp) -> list[QColor]:
        if found.classes:
            return [style.class_color(place) for place in range(len(found.classes))]
        first, second = style.theme.classes[:2]
        return [mixed(first, second, place / (SHADES - 1)) for place in range(SHADES)]

    # ---- mouse

    def mouseDragEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._slider.takes(
                event.buttonDownPos()):
            event.accept()
            self.asked.emit("warp", self._slider.value_at(event.pos()))
        else:
            event.ignore()

    def mouseClickEvent(self, event: Any) -> None:
        if self._slider.takes(event.pos()):
            event.accept()
            self.asked.emit("warp", self._slider.value_at(event.pos(), near_stage=True))
        elif self._slider.is_all(event.pos()):
            event.accept()
            self.asked.emit("warp", None)
        else:
            panel = next((p for p in self.panels() if p.rect.contains(event.pos())), None)
            if panel is None or self.look.warp is not None:
                event.ignore()
                return
            event.accept()
            self.asked.emit("warp", float(panel.before))

    def hoverEvent(self, event: Any) -> None:
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)


def _caption(stage: Stage, *, full: bool = False) -> str:
    """A stage's name, and how much of it the picture shows."""
    if isnan(stage.kept):
        said = "nothing varies" if stage.finite else "overflow"
    elif stage.exact:
        said = "1 unit" if stage.width == 1 else f"{stage.width} units"
        if stage.place is None:
            said = said.replace("unit", "input")
        said = f"{said}, exact" if full else said
    else:
        said = f"{_percent(stage.kept)}{OF_VARIANCE}"
        said = f"{stage.width:,} units, {said}" if full else said
    return f"{stage.name} · {said}"


def _percent(share: float) -> str:
    """Whole per cents, but never 100 for less than all of it."""
    return "> 99 %" if 0.995 <= share < 1 - 1e-6 else f"{number(round(100 * share))} %"


def _arranged(count: int, width: float, height: float, gap: float, caption: float,
              smallest: float) -> tuple[list[int], int, tuple[float, float]]:
    """The stages that are shown, in how many columns, and the size of a panel.

    As few rows as make panels largest; where they would be too small, fewer stages, evenly chosen.
    """
    best: tuple[int, float, tuple[float, float]] = (1, 0.0, (1.0, 1.0))
    shown = count
    while True:
        best = (1, 0.0, (1.0, 1.0))
        for columns in range(1, shown + 1):
            rows = ceil(shown / columns)
            wide = max((width - gap * (columns - 1)) / columns, 1.0)
            high = max((height - gap / 2 * (rows - 1)) / rows - caption, 1.0)
            size = min(wide, 1.25 * high), min(high, 1.25 * wide)
            if min(size) > best[1]:
                best = columns, min(size), size
        if best[1] >= smallest or shown <= min(2, count):
            break
        shown -= 1
    places = [round(place * (count - 1) / max(shown - 1, 1)) for place in range(shown)]
    return places, best[0], best[2]


space_warp = ViewDefinition(
    "space-warp", "Space warp",
    "A grid and the data carried through every layer of the chosen contestant.", SpaceWarp,
    weight=(2.0, 1.0), kinds=frozenset({"network"}),
)
