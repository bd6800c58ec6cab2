"""How training went: loss, accuracy, gradient, weights, update and rate over the steps.

Training rows are solid, test rows dashed. What is noisy is smoothed, with the raw numbers faint
behind; the best test step is flagged.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from . import best_flags
from .best_flags import Flag
from .curve_choice import choice
from .curve_layers import Curve
from .curve_range import limits
from .curve_tracks import QUANTITIES, Scale, Track, heights, scale_of, tracks_of, words_without
from .heads import short
from .labels import apart
from .markers import draw_marker
from .quantity_choice import Segment, paint_segments, segment_at
from .small_axes import paint_words
from .timeline import EndName, Timeline
from .timeline_axes import FEW_DECADES
from .view import Appearance, Look, ViewDefinition

# Strengths of what lies behind the lines, and its width.
NOISE, RAW, RAW_WIDTH = 0.11, 0.30, 1.2
# What the choice of the quantity takes of the view's height.
CHOICE_ROOM = 28.0
# Below this many design pixels of height there is room for the curves alone.
LEAST_HEIGHT = 130.0
# Of more contestants than these only the looked-at one's best step is flagged.
MOST_FLAGS = 3
# Below this many design pixels of height only that one's flag has words.
LEAST_FOR_WORDS = 150.0


class CurvesView(Timeline):
    """One quantity of every contestant; a click on another one asks for that."""

    def __init__(self) -> None:
        super().__init__()
        self._tracks: list[Track] = []
        self._scale: Scale = "log"
        self._words = ""
        self._segments: tuple[Segment, ...] = ()
        self._lines: list[tuple[Track, Curve]] = []
        self._flags: list[Flag] = []
        self._flag_rects: list[QRectF | None] = []
        self._lost: list[tuple[Appearance, QRectF]] = []
        self._hover: QPointF | None = None

    def title(self) -> str:
        return QUANTITIES[self.look.curve].title

    def note(self) -> str:
        if self._words:
            return ""
        read = self._read()
        if read:
            return read
        parts = {track.part for track in self._tracks}
        said = ["train solid, test dashed" if len(parts) == 2 else "",
                QUANTITIES[self.look.curve].explained, "log" if self._scale == "log" else ""]
        return " · ".join(filter(None, said))

    # ---- what is shown, and on which scale

    def restyled(self, style: Style) -> None:
        super().restyled(style)
        self._place()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """The choice at the top, the plot under it."""
        if self.style is None:
            return
        roomy = self.rect().height() >= self.style.px(LEAST_HEIGHT)
        self._segments = choice(self.style, self.look.curve, self.rect().width()) if (
            roomy and self.live) else ()
        top = self.style.px(CHOICE_ROOM) if self._segments else 0.0
        self.plot.setGeometry(self.rect().adjusted(0, top, 0, 0))
        self.plot.layout.activate()
        self._placed()

    def range_key(self, snapshot: Snapshot, look: Look) -> object:
        measured = tuple(trail.evaluations for trail in snapshot.trails)
        return (snapshot.experiment, snapshot.computed, look.loss_scale, self.canvas_size,
                look.curve, measured, look.chosen)

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        if self._segments and not any(s.chosen and s.value == look.curve for s in self._segments):
            self._place()
            self.update()
        super().drawn(snapshot, look)

    def fit(self, snapshot: Snapshot, look: Look) -> tuple[float, float]:
        shown = [appearance for appearance in self._shown if appearance is not None]
        self._scale = scale_of(snapshot, look)
        self._tracks = tracks_of(snapshot, look, shown, self._scale)
        self._words = "" if any(len(track.steps) for track in self._tracks) else words_without(
            snapshot, look, shown)
        self._left.logarithmic = self._scale == "log"
        self._left.percent = self._scale == "percent"
        self.plot.setVisible(not self._words)
        low, high = limits(look.curve, self._scale,
                           [heights(track.raw, self._scale) for track in self._tracks])
        self._left.fine = high - low <= FEW_DECADES
        return low, high

    def padding(self) -> float:
        """At least so much that the texts of ticks at both ends have room."""
        assert self.style is not None
        half = 0.55 * QFontMetricsF(self.style.font(12)).height()
        share = half / max(self.canvas_size[1], 6 * half)
        return max(0.03, share / (1 - 2 * share))

    def margin(self) -> float:
        """A marker's half."""
        assert self.style is not None
        return self.style.px(6)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is not None and self._segments:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_segments(painter, self.style, self._segments)

    def paint_data(self, painter: QPainter, width: float, height: float) -> None:
        assert self.style is not None
        if self._words:
            paint_words(painter, self.style, QRectF(0, 0, width, height), self._words)
        else:
            super().paint_data(painter, width, height)

    def curves(self, snapshot: Snapshot, width: float, height: float) -> tuple[Curve, ...]:
        behind: list[Curve] = []
        self._lines = []
        order = {appearance.index: place for place, appearance in enumerate(self.in_order())}
        current = {appearance.index: appearance for appearance in self.in_order()}
        for track in sorted(self._tracks, key=lambda track: order[track.appearance.index]):
            # Who is highlighted may have changed since the tracks were made.
            appearance = current[track.appearance.index]
            # The noise of several contestants would be one grey cloud.
            if track.noise is not None and (self._alone() or appearance.index == self.look.chosen):
                points = self.growing(
                    appearance.index, track.noise.steps, track.noise.loss, width, height,
                    lambda values: heights(values, self._scale))
                behind.append(Curve(appearance, points, RAW_WIDTH, NOISE))
            if QUANTITIES[self.look.curve].smooth and not track.of_batches:
                at = heights(track.raw, self._scale)
                behind.append(Curve(appearance, self.line(track.steps, at, width, height),
                                    RAW_WIDTH, RAW))
            points = self.line(track.steps, track.line, width, height)
            self._lines.append((track, Curve(appearance, points, dashed=track.part == "test")))
        assert self.style is not None
        self._lost = self._lost_words(snapshot, self.style, width, height)
        self._flag(width, height)
        return (*behind, *(curve for _, curve in self._lines))

    def heads(self, snapshot: Snapshot, now: float) -> list[tuple[Appearance, QPointF]]:
        return [(curve.appearance, at) for track, curve in self._lines
                if track.part == "train" and (at := _on(curve, now)) is not None]

    def paint_over(self, painter: QPainter, snapshot: Snapshot, style: Style, now: float) -> None:
        ground = QColor(style.theme.card)
        best_flags.paint(painter, self._flags, self._flag_rects, style, snapshot.step)
        self._paint_lost(painter, snapshot, style)
        self._paint_reading(painter, style)
        for track, curve in self._lines:
            at = _on(curve, now)
            if track.part == "test" and at is not None:
                painter.setOpacity(curve.appearance.opacity)
                marker = curve.appearance.marker
                draw_marker(painter, marker, at.x(), at.y(), style.px(4), curve.appearance.color,
                            ground)
                draw_marker(painter, marker, at.x(), at.y(), style.px(2), ground)
        painter.setOpacity(1)

    def _paint_lost(self, painter: QPainter, snapshot: Snapshot, style: Style) -> None:
        """The word at the end of those who are diverged by now."""
        painter.setFont(style.font(12, 600))
        for appearance, rect in self._lost:
            if snapshot.contestants[appearance.index].diverged is not None:
                painter.setOpacity(appearance.opacity)
                painter.setPen(QColor(style.theme.warning))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "diverged")
        painter.setOpacity(1)

    def _lost_words(self, snapshot: Snapshot, style: Style, width: float, height: float
                    ) -> list[tuple[Appearance, QRectF]]:
        """Where the word stands for each contestant that diverges sooner or later."""
        metrics = QFontMetricsF(style.font(12, 600))
        wide, high = metrics.horizontalAdvance("diverged") + 2, metrics.height()
        found = []
        for track, curve in self._lines:
            lost = snapshot.trails[track.appearance.index].diverged
            if lost is not None and track.part == "train" and len(curve.points):
                x, y = curve.points[-1].tolist()
                found.append((curve.appearance, QRectF(
                    min(x + style.px(9), width - wide),
                    min(max(y - high / 2, 0.0), height - high), wide, high)))
        rects = apart([rect for _, rect in found], QRectF(0, 0, width, height))
        return [(a, rect) for (a, _), rect in zip(found, rects, strict=True)]

    def end_texts(self) -> list[str]:
        return [text for track in self._tracks if (text := self._end_text(track))]

    def end_names(self) -> list[EndName]:
        return [self.named(curve, text) for track, curve in self._lines
                if (text := self._end_text(track))]

    def _end_text(self, track: Track) -> str:
        """The name; a contestant alone is known, so that its two lines are named instead."""
        if self._alone() and len(self._tracks) > 1:
            return track.part
        return short(track.appearance.name) if track.part == "train" else ""

    def _alone(self) -> bool:
        """Whether one contestant is all that is shown."""
        return len({track.appearance.index for track in self._tracks}) == 1

    # ---- the best test step

    def _flag(self, width: float, height: float) -> None:
        assert self.style is not None
        tested = [pair for pair in self._lines if pair[0].part == "test"]
        first = self._looked_at([curve.appearance for _, curve in tested])
        self._flags = []
        bounds = QRectF(0, 0, min(self.end_of_steps() + self.style.px(4), width), height)
        for track, curve in tested if self.look.curve in ("loss", "accuracy") else []:
            best, own = track.best(largest=self.look.curve == "accuracy"), curve.appearance
            if best is not None and (len(tested) <= MOST_FLAGS or own is first):
                told = own is first or self.look.highlight is None and (
                    height >= self.style.px(LEAST_FOR_WORDS))
                self._flags.append(self._flag_of(own, best, told, own is first, bounds.width()))
        # Its place is found first, so that others make way for it.
        self._flags.sort(key=lambda flag: flag.appearance is not first)
        self._flag_rects = best_flags.placed(
            self._flags, self.style, bounds, [rect for _, rect in self._lost],
            [curve.points for _, curve in self._lines])

    def _looked_at(self, shown: list[Appearance]) -> Appearance | None:
        """The highlighted contestant, or the chosen one, or the only one there is."""
        if len(shown) == 1:
            return shown[0]
        named = [a for a in shown if a.name == self.look.highlight]
        return next(iter(named or [a for a in shown if a.index == self.look.chosen]), None)

    def _flag_of(self, appearance: Appearance, best: tuple[int, float], told: bool, whole: bool,
                 room: float) -> Flag:
        assert self.style is not None
        step, value = best
        height = heights(np.array([value]), self._scale)[0]
        ((x, y),) = self.to_pixels(np.array([[step, height]])).tolist()
        said = f"{self._written(value)} at {step:,}"
        text = said if told else ""
        if whole and best_flags.fits(f"best test {said}", self.style, room):
            text = f"best test {said}"
        return Flag(appearance, step, QPointF(x, y), text, self.look.curve == "accuracy")

    def _written(self, value: float) -> str:
        return f"{number(100 * value)} %" if self._scale == "percent" else number(value)

    # ---- mouse

    def _read(self) -> str:
        """The numbers under the mouse: of the contestant whose curve is nearest."""
        nearest = self._nearest()
        if nearest is None:
            return ""
        index, step = nearest
        found = [(track, read) for track in self._tracks
                 if track.appearance.index == index and (read := track.at(step)) is not None]
        values = [f"{track.part} {self._written(read[1])}" if len(found) > 1 else
                  self._written(read[1]) for track, read in found]
        name = short(found[0][0].appearance.name)
        return f"{name} at {found[0][1][0]:,}: {' · '.join(values)}"

    def _nearest(self) -> tuple[int, int] | None:
        """The contestant whose curve is nearest to the mouse, and the step there."""
        if self._hover is None:
            return None
        mouse, found = self._hover, []
        for _, curve in self._lines:
            at = _on(curve, mouse.x())
            if at is not None:
                found.append((abs(at.y() - mouse.y()), curve.appearance.index))
        step = round(self.to_data(mouse)[0])
        return (min(found)[1], step) if found else None

    def _paint_reading(self, painter: QPainter, style: Style) -> None:
        """Rings at the numbers that the card's note gives."""
        nearest = self._nearest()
        if nearest is None:
            return
        for track, curve in self._lines:
            read = track.at(nearest[1])
            if track.appearance.index == nearest[0] and read is not None:
                height = heights(np.array([read[1]]), self._scale)[0]
                if np.isfinite(height):
                    ((x, y),) = self.to_pixels(np.array([[read[0], height]])).tolist()
                    painter.setPen(QPen(curve.appearance.color, style.px(1.5)))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawEllipse(QPointF(x, y), style.px(5), style.px(5))

    def hovered(self, event: Any) -> None:
        super().hovered(event)
        self._hover = None if event.isExit() else event.pos()
        self.canvas.update()
        self.noted.emit()

    def mouseClickEvent(self, event: Any) -> None:
        segment = segment_at(self._segments, event.pos())
        if segment is None:
            event.ignore()
            return
        event.accept()
        self.asked.emit(segment.kind, segment.value)

    def clicked(self, event: Any) -> None:
        if event.double() and self.look.curve != "loss":
            event.accept()
        else:
            super().clicked(event)


def _on(curve: Curve, x: float) -> QPointF | None:
    """The point of a curve at a column, or at its end where that is before; None for no curve."""
    points = curve.points
    if not len(points):
        return None
    x = min(max(x, float(points[0, 0])), float(points[-1, 0]))
    return QPointF(x, float(np.interp(x, points[:, 0], points[:, 1])))


curves = ViewDefinition(
    "curves", "Curves",
    "Loss, accuracy, gradient, weights, update and learning rate over the steps.", CurvesView,
    weight=(1.0, 1.0), kinds=frozenset({"network"}), measured=True,
)
