"""A ring around the control that a lesson's beat invites the viewer to use.

A control is found by the name that it has for those who cannot see it, which every control has; so
a new one can be pointed at without being told of here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from PyQt6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QScrollArea, QWidget

from ..theme import LIGHT, Style
from .layer_list import LayerLine
from .slider import HyperRow

CALLED = {"problem.test_fraction": "test share", "clip": "gradient clipping",
          "problem.start": "start x", "problem.domain": "domain x from"}
"""Settings that the window calls otherwise than files do, the problem's and contestants' ones."""
GAP, WIDTH, RADIUS = 5.0, 2.5, 9.0


class Pointer(QWidget):
    """Lies over a scroll area's contents, lets the mouse through, and follows what it rings."""

    def __init__(self, area: QScrollArea) -> None:
        inner = area.widget()
        assert inner is not None
        super().__init__(inner)
        self._area, self._inner = area, inner
        self._style = Style(LIGHT)
        self.target: QWidget | None = None
        self._key: str | None = None
        # A card that is built anew gets its place in several steps: where it was brought last.
        self._brought: object = None
        self._scrolled = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner.installEventFilter(self)
        bar = area.verticalScrollBar()
        assert bar is not None
        bar.sliderPressed.connect(self._let_go)
        self.hide()

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self.update()

    def point_at(self, key: str | None) -> None:
        """Ring the control of a setting's key, such as "SGD.lr", and bring it into sight; None: no
        control. Where there is no such control now, nothing is ringed."""
        self._key, self.target = key, None
        if key is not None:
            unfold(self._inner, key)
        self._find()

    def _find(self) -> None:
        """Take the control that is there now; cards that are built anew have other ones."""
        before, self.target = self.target, control_of(self._inner, self._key) if self._key else None
        self.setVisible(self.target is not None)
        if self.target is not None and self.target is not before:
            self._scrolled, self._brought = False, None
            self._place()
            QTimer.singleShot(0, self._bring)

    def _let_go(self) -> None:
        self._scrolled = True

    def _bring(self) -> None:
        """Bring what is rung into sight where it has come to lie, until the viewer scrolls."""
        target = self.target
        if target is None or self._scrolled:
            return
        at = target.mapTo(self._inner, QPoint(0, 0)), target.size()
        if at != self._brought:
            self._brought = at
            self._area.ensureWidgetVisible(target, 0, round(self._style.px(60)))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Go where the control goes."""
        if event is not None and event.type() == QEvent.Type.Wheel:
            self._let_go()
        if event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            if self._key is not None:
                self._find()
            self._place()
            # The scroll area takes note of the new size after this.
            QTimer.singleShot(0, self._bring)
        return False

    def _place(self) -> None:
        self.setGeometry(self._inner.rect())
        self.raise_()
        self.update()

    def ring(self) -> QRectF:
        """Where the ring is, in the contents' pixels; nothing where there is none."""
        target = self.target
        if target is None or not target.isVisible():
            return QRectF()
        corner, gap = target.mapTo(self._inner, QPoint(0, 0)), self._style.px(GAP)
        return QRectF(corner.x(), corner.y(), target.width(), target.height()).adjusted(
            -gap, -gap, gap, gap)

    def paintEvent(self, event: Any) -> None:
        ring = self.ring()
        if ring.isEmpty():
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            color = QColor(self._style.theme.accent)
            painter.setPen(QPen(color, self._style.px(WIDTH)))
            color.setAlphaF(0.10)
            painter.setBrush(color)
            radius = self._style.px(RADIUS)
            painter.drawRoundedRect(ring, radius, radius)


def control_of(panel: QWidget, key: str) -> QWidget | None:
    """The control that sets a key: "SGD.lr" is "SGD lr", and any owner will do for the problem's.

    Of a row with a slider the whole row; None where no such control is shown.
    """
    controls = [control for control in panel.findChildren(QWidget) if control.accessibleName()]
    for pattern in _names(key):
        for control in controls:
            if re.fullmatch(pattern, control.accessibleName()) and control.isVisibleTo(panel):
                row = control.parentWidget()
                return row if isinstance(row, HyperRow) else control
    return None


def _names(key: str) -> Iterator[str]:
    """Patterns of the names that the control of a key may have, the fittest first."""
    # A choice is set where its name is.
    owner, _, name = key.removesuffix(".name").rpartition(".")
    name = re.escape(CALLED.get(key, CALLED.get(name, name)))
    if owner.partition(".")[0] in ("", "problem"):
        yield rf".*[ -]{name}|{name}"
        return
    owner, listed, place = owner.partition(".layers[")
    owner = re.escape(owner.removesuffix(".init"))
    if listed:
        # In a list each layer has its own row; a regular stack has one for all of them.
        yield rf"{owner} layer {int(place.rstrip(']')) + 1} .* {name}"
        yield rf"{owner} (dropout )?{name}"
        return
    yield rf"{owner} {name}"
    # Of layers that are listed one by one, the first that has it stands for all.
    yield rf"{owner} layer \d+ .* {name}"
    if name in ("depth", "activation"):
        # A list has no control for either, but both are changed in it.
        yield rf"{owner} layers"


def unfold(panel: QWidget, key: str) -> None:
    """Open the layer of a list whose control sets a key, if it is closed."""
    owner, listed, rest = key.partition(".layers[")
    place = int(rest.partition("]")[0]) if listed else 0
    if not listed:
        owner, _, name = key.rpartition(".")
        if name != "width":
            return
    for line in panel.findChildren(LayerLine):
        if line.fold.accessibleName().startswith(f"{owner} layer {place + 1} "):
            line.open()
