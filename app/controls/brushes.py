"""The palette for drawing points: classes, tools, the spray, and an empty plane."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.data.sketch import MOST_LABELS
from engine.hyper import Hyper

from ..theme import LIGHT, Style, marker_of
from ..views.draft import Brush, Draft, Tool
from ..views.markers import draw_marker
from .hyper_rows import as_kept, row_of

OWNER = "drawing"
SPREAD = Hyper("spread", Brush.spread, 0.0, 120.0, unit="pixels", slider=(0.0, 60.0),
               doc="The radius of the brush: how far points are strewn while the mouse is dragged, "
                   "and how far around it is erased and painted. A click sets a single point.")
COUNT = Hyper("count", Brush.count, 1, 20, whole=True, unit="points", slider=(1, 10),
              doc="How many points are strewn at once while the mouse is dragged.")
TOOLS: tuple[tuple[Tool, str, str], ...] = (
    ("draw", "Draw", "Click for a point, drag for a spray of them"),
    ("paint", "Paint", "Put points that are there into the chosen class (P)"),
    ("erase", "Erase", "Take points away (E)"),
)
CHIP, A_ROW = 30.0, 6


class ClassChip(QAbstractButton):
    """A class's brush: its colour and marker, with a ring around the one in hand."""

    def __init__(self, place: int, label: int) -> None:
        super().__init__()
        self.place, self.label = place, label
        self._look = Style(LIGHT)
        self.setCheckable(True)
        self.setAccessibleName(f"{OWNER} class {label}")
        key = f" (key {place + 1})" if place < 9 else ""
        self.setToolTip(f"Draw points of class {label}{key}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._look = style
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        side = round(self._look.px(CHIP))
        return QSize(side, side)

    def paintEvent(self, event: Any) -> None:
        style, theme = self._look, self._look.theme
        rect = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.45)
            edge = theme.accent if self.isChecked() or self.hasFocus() else theme.hairline
            painter.setPen(QPen(QColor(edge), 2.0 if self.isChecked() else 1.0))
            painter.setBrush(QColor(theme.raised if self.isChecked() else theme.card))
            painter.drawRoundedRect(rect, style.px(7), style.px(7))
            middle = rect.center()
            draw_marker(painter, marker_of(self.place), middle.x(), middle.y(), style.px(6),
                        style.class_color(self.place))


class Brushes(QWidget):
    """Announces what is chosen; shows a draft's brush."""

    asked = pyqtSignal(str, object)
    """("brush", {field: value}), ("class", place) and ("sheet", "add", "remove" or "clear")."""

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[ClassChip] = []
        self._shown: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(7)
        self._chips = QWidget()
        self._grid = QGridLayout(self._chips)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(5)
        self.more = _small("+", "add a class", "A class more", lambda: self._ask("sheet", "add"))
        self.less = _small("−", "remove the last class",
                           "The last class goes, and its points with it",
                           lambda: self._ask("sheet", "remove"))
        column.addWidget(self._chips)
        row = QHBoxLayout()
        row.setSpacing(5)
        self.tools: dict[Tool, QPushButton] = {}
        for tool, text, doc in TOOLS:
            button = _small(text, text.lower(), doc, partial(self._ask, "brush", {"tool": tool}))
            button.setCheckable(True)
            self.tools[tool] = button
            row.addWidget(button, 1)
        column.addLayout(row)
        self.spread, self.count = (row_of(hyper, OWNER, Style(LIGHT)) for hyper in (SPREAD, COUNT))
        for hyper, line in ((SPREAD, self.spread), (COUNT, self.count)):
            line.changed.connect(lambda value, hyper=hyper: self._ask(
                "brush", {hyper.name: as_kept(hyper, value)}))
            column.addWidget(line)
        self.clear = _small("Empty plane", "empty plane", "All points go; Undo brings them back",
                            lambda: self._ask("sheet", "clear"))
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.clear)
        column.addLayout(foot)

    def show_draft(self, draft: Draft, style: Style) -> None:
        """Show the brush in hand, and a chip for each class."""
        labels, brush = draft.sketch.labels, draft.brush
        self.clear.setEnabled(len(draft.sketch) > 0)
        if (labels, brush, style) == self._shown:
            # Nothing else changes while a stroke goes on.
            return
        self._shown = labels, brush, style
        if [chip.label for chip in self.chips] != [*labels]:
            self._build_chips(labels)
        for chip in self.chips:
            chip.restyle(style)
            chip.setChecked(chip.label == brush.label and brush.tool != "erase")
        side = round(style.px(CHIP))
        for button in (self.less, self.more):
            button.setFixedSize(side, side)
        self._chips.setVisible(bool(labels))
        self.more.setEnabled(len(labels) < MOST_LABELS)
        self.less.setEnabled(len(labels) > 2)
        for tool, button in self.tools.items():
            button.setChecked(tool == brush.tool)
            button.setVisible(tool != "paint" or bool(labels))
        for row, value in ((self.spread, brush.spread), (self.count, brush.count)):
            row.restyle(style)
            row.set_value(value)
        self.count.setEnabled(brush.tool == "draw")

    def _build_chips(self, labels: tuple[int, ...]) -> None:
        for chip in self.chips:
            self._grid.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [ClassChip(place, label) for place, label in enumerate(labels)]
        for chip in self.chips:
            chip.clicked.connect(lambda _, place=chip.place: self._ask("class", place))
        for place, widget in enumerate((*self.chips, self.less, self.more)):
            self._grid.addWidget(widget, place // A_ROW, place % A_ROW)
        self._grid.setColumnStretch(A_ROW, 1)

    def _ask(self, kind: str, value: Any) -> None:
        # A click has unchecked its button, or checked it; what is in force is shown again.
        self._shown = None
        self.asked.emit(kind, value)


def _small(text: str, name: str, doc: str, slot: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName("tight")
    button.setAccessibleName(f"{OWNER} {name}")
    button.setToolTip(doc)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _: slot())
    return button
