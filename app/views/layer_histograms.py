"""Histograms of every layer, a column each, with the networks above each other on equal axes.

They are counted as in training, on an even share of the training rows (see `layer_look`); gradients
are those of a row's own loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.errors import TrainscopeError
from engine.network.layer_look import LayerLook, common_span
from engine.network.layer_spread import UNUSUAL, Column, Quantity
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .faces import face
from .histogram_bars import paint_bars, paint_dead, strip, top_of
from .histogram_rows import Rows, arranged, fitting
from .histogram_texts import DIVERGED, fitting_texts, paint_axis, paint_names, paint_texts
from .histogram_words import moments_text, percent, said_of
from .looked import looked
from .quantity_choice import (
    TITLES,
    Segment,
    paint_segments,
    room_beside,
    segment_at,
    segments,
)
from .trails import device_ratio
from .view import Appearance, Look, View, ViewDefinition, appearances

MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def running(title: str) -> str:
    """A function's title as it stands in running text: tanh, but ReLU."""
    return title.lower() if title[1:] == title[1:].lower() else title


@dataclass(frozen=True, eq=False)
class Counted:
    """What is shown of a snapshot: whose rows, laid out where, and their counted columns."""

    shown: list[Appearance]
    left_out: int
    rows: Rows
    span: tuple[float, float]
    columns: dict[int, tuple[Column, ...]]
    examples: int


class LayerHistograms(View):
    """A row a network, a column a layer; click a column to choose the layer."""

    choosing = True
    """Whether it offers the choice of a quantity itself."""
    unusual = UNUSUAL
    """How many times as far as the usual one a layer must reach not to widen the range."""
    hidden = False
    """Whether hidden layers alone are shown, where there are any."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._columns: dict[int, tuple[Column, ...]] = {}
        self._span = (0.0, 1.0)
        self._shown: list[Appearance] = []
        self._left_out = 0
        self.examples = 0
        """How many training rows were looked at."""
        self._rows: Rows | None = None
        self._segments: tuple[Segment, ...] = ()
        self._refusal = ""
        self._hover: tuple[int, int] | None = None

    # ---- words

    def title(self) -> str:
        what = f"{TITLES[self.look.histogram]} by layer"
        functions = self.functions() - {""}
        if self.look.histogram.endswith("activation") and len(functions) == 1:
            what += f", {functions.pop()}"
        return what

    def note(self) -> str:
        if not self._columns or self._refusal:
            return ""
        # Whoever was under the mouse may have left the race.
        if self._hover is not None and self._hover[0] < len(self._shown):
            return self._hovered_text(*self._hover)
        return self.span_words() + self._rows_words()

    def _rows_words(self) -> str:
        """How many rows were looked at, where it is not all of them: what is dead depends on it."""
        assert self.snapshot is not None
        count = len(self.snapshot.contestants[0].training.material.train_x)
        return f" · {self.examples:,} of {count:,} rows" if self.examples < count else ""

    @property
    def hovered(self) -> bool:
        """Whether the note is about what is under the pointer."""
        return self._hover is not None

    def span_words(self) -> str:
        """The layers and the range of the numbers, and how they are counted."""
        if not self._columns or self._refusal:
            return ""
        depth = max(map(len, self._columns.values()))
        low, high = (number(end, 2) for end in self._span)
        text = f"{f'1 to {depth}, ' if depth > 1 else ''}from {low} to {high}"
        if self.look.count_scale == "log":
            text += " · log counts"
        if self._left_out:
            text += f" · {self._left_out} more need room"
        return text

    def functions(self) -> set[str]:
        """The titles of the activation functions in sight, in small letters as in running text."""
        return {running(column.function) for row in self._columns.values() for column in row}

    def _hovered_text(self, row: int, place: int) -> str:
        appearance = self._shown[row]
        found = self._columns.get(appearance.index, ())
        if place >= len(found):
            return ""
        column = found[place]
        mean, std = moments_text(column.histogram.mean, column.histogram.std)
        outside = column.histogram.below + column.histogram.above
        parts = [f"{appearance.name}, {column.name}: mean {mean}", f"std {std}", *said_of(column)]
        if outside:
            parts.append(f"{percent(outside / column.total)} outside")
        return " · ".join(parts)

    # ---- numbers

    def prepare(self, snapshot: Snapshot, look: Look) -> None:
        if self.style is not None:
            self._count(snapshot, look, self.style)

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._refusal = ""
        try:
            found = self._count(snapshot, look, self.style)
        except TrainscopeError as error:
            self._refusal, self._columns = str(error), {}
        else:
            self._shown, self._left_out, self._rows = found.shown, found.left_out, found.rows
            self._span, self._columns = found.span, found.columns
            self.examples = found.examples
        self.noted.emit()
        self.update()

    def resizeEvent(self, event: Any) -> None:
        self.redraw()

    def _count(self, snapshot: Snapshot, look: Look, style: Style) -> Counted:
        """What there is to be shown; raises RunError where a pass needs too much memory."""
        what, rect = look.histogram, self.rect()
        every = [a for a in appearances(snapshot.experiment, style, look) if a is not None]
        shown = every
        if not fitting(style, rect.width(), rect.height(), len(every)):
            wanted = [a for a in every if a.name == look.highlight or (
                look.highlight is None and a.index == look.chosen)]
            shown = wanted or every[:1]
        found = looked(snapshot, shown, look)
        depths = [self._depth(entry, what) for entry in found]
        rows = arranged(
            style, max(rect.width(), 1.0), max(rect.height(), 1.0), max(len(found), 1),
            max(depths, default=1), 2 if "activation" in what else 1,
            head=self.choosing and self.live)
        span = common_span(found, what, self.unusual, self.hidden) if found else (0.0, 1.0)
        bins = rows.bins(style)
        columns = {appearance.index: entry.columns(what, bins, span)[:depth]
                   for appearance, entry, depth in zip(shown, found, depths, strict=True)}
        return Counted(shown, len(every) - len(shown), rows, span, columns,
                       found[0].rows if found else 0)

    def _depth(self, found: LayerLook, what: Quantity) -> int:
        """How many columns a network has."""
        depth, blocks = found.depth(what), len(found.probe.blocks)
        return depth - 1 if self.hidden and depth == blocks > 1 else depth

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        style, snapshot = self.style, self.snapshot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._refusal or not self._shown or self._rows is None:
            painter.setFont(style.font(14))
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(self.rect(), int(MIDDLE),
                             self._refusal or "Every contestant is muted")
            return
        rows, logarithmic = self._rows, self.look.count_scale == "log"
        scale = top_of([c for found in self._columns.values() for c in found], logarithmic)
        self._paint_choice(painter, style, rows)
        taken = self._segments[0].rect.left() if self._segments else self.rect().width()
        paint_names(painter, style, rows, self._shown, self._said(snapshot),
                    self.rect().width(), taken)
        texts = fitting_texts(style, rows, self._columns)
        for row, appearance in enumerate(self._shown):
            found = self._columns[appearance.index]
            painter.setOpacity(appearance.opacity)
            if rows.strips:
                panel = rows.panels[row]
                panel = QRectF(panel.left(), panel.top(), len(found) * rows.column, panel.height())
                painter.drawImage(panel, strip(found, scale, appearance.color, style, logarithmic))
            else:
                self._paint_panels(painter, style, rows, row, found, scale)
            for place, column in enumerate(found):
                paint_dead(painter, style, rows.cell(row, place), column)
                self._mark_chosen(painter, style, rows.cell(row, place), column)
            paint_texts(painter, style, rows, row, texts[appearance.index])
        painter.setOpacity(1)
        paint_axis(painter, style, rows, list(self._columns.values()))

    def _paint_panels(self, painter: QPainter, style: Style, rows: Rows, row: int,
                      found: Sequence[Column], scale: tuple[float, float]) -> None:
        cells = [rows.cell(row, place) for place in range(len(found))]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.raised))
        corner = style.px(4) if rows.column > style.px(30) else 0.0
        for cell in cells:
            painter.drawRoundedRect(cell, corner, corner)
        paint_bars(painter, style, cells, found, scale, self._shown[row].color,
                   self.look.count_scale == "log", device_ratio(painter))

    def _mark_chosen(self, painter: QPainter, style: Style, cell: QRectF, column: Column) -> None:
        if self.look.layer is not None and column.place == self.look.layer:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(style.theme.accent), style.px(1.5)))
            painter.drawRoundedRect(cell, style.px(4), style.px(4))

    def _paint_choice(self, painter: QPainter, style: Style, rows: Rows) -> None:
        width = self.rect().width()
        first = face(style, 14, 600)[1].horizontalAdvance(self._shown[0].name)
        room = width if rows.beside else room_beside(style, width, first)
        self._segments = segments(style, self.look, width, 0.0, room, counts=True) if (
            self.choosing and self.live) else ()
        paint_segments(painter, style, self._segments)

    def _said(self, snapshot: Snapshot) -> list[list[str]]:
        """What stands behind each row's name: that it is lost, and functions of its own."""
        several = len(self.functions()) > 1 and "activation" in self.look.histogram
        said = []
        for appearance in self._shown:
            lost = snapshot.contestants[appearance.index].diverged is not None
            own = sorted({running(c.function) for c in self._columns[appearance.index]} - {""})
            said.append(([DIVERGED] if lost else []) + (
                [" and ".join(own)] if several and own else []))
        return said

    # ---- mouse

    def hoverEvent(self, event: Any) -> None:
        at = None if event.isExit() else self._cell_at(event.pos())
        if at != self._hover:
            self._hover = at
            self.noted.emit()

    def mouseClickEvent(self, event: Any) -> None:
        segment = segment_at(self._segments, event.pos())
        at = self._cell_at(event.pos())
        if segment is not None:
            self.asked.emit(segment.kind, segment.value)
        elif at is not None and at[1] < len(self._columns.get(self._shown[at[0]].index, ())):
            place = self._columns[self._shown[at[0]].index][at[1]].place
            self.asked.emit("layer", None if place == self.look.layer else place)
        elif (row := self._name_at(event.pos())) is not None:
            self.asked.emit("choose", self._shown[row].index)
        else:
            event.ignore()
            return
        event.accept()

    def _cell_at(self, pixel: QPointF) -> tuple[int, int] | None:
        """Row and column of the panel under a pixel."""
        if self._rows is None or self._refusal:
            return None
        for row, panel in enumerate(self._rows.panels[: len(self._shown)]):
            if panel.contains(pixel):
                return row, int((pixel.x() - panel.left()) / (self._rows.column + self._rows.gap))
        return None

    def _name_at(self, pixel: QPointF) -> int | None:
        boxes = self._rows.names[: len(self._shown)] if self._rows is not None else ()
        return next((row for row, box in enumerate(boxes) if box.contains(pixel)), None)


layer_histograms = ViewDefinition(
    "layer-histograms", "Layer histograms",
    "How every layer's activations, gradients or weights are spread.", LayerHistograms,
    weight=(1.6, 1.0), kinds=frozenset({"network"}),
)
