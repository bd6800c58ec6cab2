"""An equation as a widget: typeset, and shrunk where the room is short."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ..equations import Equation
from .beat_words import EM


class EquationLabel(QWidget):
    """A typeset equation, shrunk where the room is short."""

    def __init__(self) -> None:
        super().__init__()
        self._equation: Equation | None = None
        self.color = self.accent = "#000000"
        self.em = EM
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_tex(self, tex: str, term: str = "") -> None:
        """Show another equation, or none; its `term` stands out."""
        self._equation = Equation(tex, term) if tex else None
        self.setVisible(bool(tex))
        self.setAccessibleName(tex)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._equation is None:
            return QSize(0, 0)
        size = self._equation.size(self.em)
        return QSize(round(size.width()) + 4, round(size.height()) + 4)

    def paintEvent(self, event: Any) -> None:
        if self._equation is None:
            return
        em = self.em
        natural = self._equation.size(em)
        em *= min(1.0, (self.width() - 4) / natural.width())
        size = self._equation.size(em)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            top = (self.height() - size.height()) / 2
            self._equation.draw(painter, self.width() - size.width() - 2,
                                top + self._equation.ascent(em), em, QColor(self.color),
                                QColor(self.accent))
