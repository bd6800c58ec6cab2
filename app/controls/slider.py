"""A thin slider with a round thumb, and the row of name, value and slider made from a Hyper."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QHelpEvent, QPainter
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.hyper import Hyper

from ..theme import LIGHT, Style, Theme

RESOLUTION = 2000


class ThinSlider(QSlider):
    """A horizontal slider that goes where it is clicked; `theme` gives its colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.theme: Theme = LIGHT
        self.marks: tuple[float, ...] = ()
        """Where it has marks, as shares of its length."""
        self.parts: tuple[str, ...] = ()
        """What the parts between the marks are called, one more than there are marks."""
        self.ready: float = 1.0
        self.thick = False
        self.unit = 1.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _radius(self) -> float:
        return (9.0 if self.thick else 6.5) * self.unit

    def sizeHint(self) -> QSize:
        return QSize(120, round((28 if self.thick else 20) * self.unit))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, round((28 if self.thick else 20) * self.unit))

    def share(self) -> float:
        """Where the thumb stands, 0 to 1."""
        span = self.maximum() - self.minimum()
        return (self.value() - self.minimum()) / span if span else 0.0

    def paintEvent(self, event: Any) -> None:
        theme, radius = self.theme, self._radius()
        width, middle = self.width(), self.height() / 2
        track = (5.0 if self.thick else 3.5) * self.unit
        start, end = radius + 1, width - radius - 1
        thumb = start + self.share() * (end - start)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)

            def bar(left: float, right: float, color: QColor) -> None:
                painter.setBrush(color)
                rect = QRectF(left, middle - track / 2, max(0.0, right - left), track)
                painter.drawRoundedRect(rect, track / 2, track / 2)

            bar(start, end, QColor(theme.hairline))
            if self.ready < 1:
                bar(start, start + self.ready * (end - start), QColor(theme.raised))
            accent = QColor(theme.accent if self.isEnabled() else theme.quiet)
            bar(start, thumb, accent)
            painter.setBrush(QColor(theme.quiet))
            for mark in self.marks:
                x = start + mark * (end - start)
                painter.drawRect(QRectF(x - 1, middle - 8, 2, 16))
            if self.hasFocus():
                ring = QColor(accent)
                ring.setAlphaF(0.3)
                painter.setBrush(ring)
                painter.drawEllipse(QRectF(thumb - radius - 3, middle - radius - 3,
                                           2 * radius + 6, 2 * radius + 6))
            painter.setBrush(accent)
            painter.drawEllipse(QRectF(thumb - radius, middle - radius, 2 * radius, 2 * radius))
            if not self.thick:
                inner = radius - 2.2 * self.unit
                painter.setBrush(QColor(theme.card))
                painter.drawEllipse(QRectF(thumb - inner, middle - inner, 2 * inner, 2 * inner))

    def _value_at(self, x: float) -> int:
        radius = self._radius() + 1
        share = min(1.0, max(0.0, (x - radius) / max(1.0, self.width() - 2 * radius)))
        return self.minimum() + round(share * (self.maximum() - self.minimum()))

    def part_at(self, x: float) -> str:
        """The name of the part under a pixel; empty where parts have none."""
        if len(self.parts) != len(self.marks) + 1:
            return ""
        radius = self._radius() + 1
        share = (x - radius) / max(1.0, self.width() - 2 * radius)
        return self.parts[bisect_right(self.marks, share)]

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and (name := self.part_at(event.pos().x())):
            QToolTip.showText(event.globalPos(), name, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().x()))
            event.accept()

    def mouseMoveEvent(self, event: Any) -> None:
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: Any) -> None:
        self.setSliderDown(False)

    def wheelEvent(self, event: Any) -> None:
        # A panel that is scrolled must not change what the pointer happens to pass over.
        event.ignore()


def exact(value: float) -> str:
    """A value as one would type it, at most six digits."""
    return f"{value:.6g}"


class HyperRow(QWidget):
    """Name, editable value and slider of one hyperparameter."""

    changed = pyqtSignal(float)
    released = pyqtSignal()

    def __init__(self, hyper: Hyper, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hyper = hyper
        self._value = hyper.default
        name = QLabel(label_of(hyper))
        name.setObjectName("small")
        self.field = QLineEdit()
        self.field.setObjectName("value")
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.slider = ThinSlider()
        self.slider.setRange(0, RESOLUTION)
        self.slider.setSingleStep(RESOLUTION // 100)
        self.slider.setPageStep(RESOLUTION // 20)
        self.slider.setAccessibleName(f"{owner} {hyper.name}")
        self.field.setAccessibleName(f"{owner} {hyper.name}, exact value")
        unit = f" {hyper.unit}" if hyper.unit else ""
        self.setToolTip(f"{hyper.doc}\nFrom {hyper.low:g} to {hyper.high:g}{unit}, "
                        f"by default {hyper.default:g}.")
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(name)
        head.addStretch()
        head.addWidget(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addLayout(head)
        layout.addWidget(self.slider)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.released)
        self.field.editingFinished.connect(self._typed)
        self.field.installEventFilter(self)
        self.set_value(hyper.default)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self.slider.theme, self.slider.unit = style.theme, style.unit
        self.slider.updateGeometry()

    def value(self) -> float:
        """The value in force."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value without announcing it."""
        self._value = value
        if not self.field.hasFocus() or not self.field.isModified():
            self.field.setText(exact(value))
        self.field.setProperty("bad", False)
        blocked = self.slider.blockSignals(True)
        if not self.slider.isSliderDown():
            self.slider.setValue(round(self.hyper.position(value) * RESOLUTION))
        self.slider.blockSignals(blocked)
        self.slider.update()

    def _slid(self, position: int) -> None:
        value = float(f"{self.hyper.value(position / RESOLUTION):.4g}")
        self._value = value
        self.field.setText(exact(value))
        self.changed.emit(value)

    def _typed(self) -> None:
        if not self.field.isModified():
            return
        self.field.setModified(False)
        try:
            value = float(self.field.text().replace("\N{MINUS SIGN}", "-").replace(",", "."))
            refusal = self.hyper.refusal(value)
        except ValueError:
            refusal = f"must be a number, not {self.field.text()!r}"
        self.field.setProperty("bad", refusal is not None)
        self.field.style().polish(self.field)  # type: ignore[union-attr]
        if refusal is not None:
            self.field.setToolTip(f"{self.hyper.name} {refusal}")
            return
        self.field.setToolTip("")
        self.set_value(value)
        self.changed.emit(value)
        self.released.emit()

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.field.setModified(False)
            self.set_value(self._value)
            self.field.clearFocus()
            return True
        return False


def label_of(hyper: Hyper) -> str:
    """The name a reader knows, with its symbol."""
    words = {"lr": "learning rate", "eps": "epsilon", "beta1": "beta 1", "beta2": "beta 2"}
    name = words.get(hyper.name, hyper.name.replace("_", " "))
    if name.startswith("beta") and hyper.symbol:
        return hyper.symbol
    unit = f"({hyper.unit})" if hyper.unit else ""
    return " ".join(part for part in (name, hyper.symbol, unit) if part)
