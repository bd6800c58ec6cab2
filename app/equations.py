"""A typeset equation, drawn at any size and in any colour as filled paths.

LaTeX is typeset once; what is drawn 60 times a second is a path that is already there.
"""

from __future__ import annotations

from PyQt6.QtCore import QSizeF
from PyQt6.QtGui import QColor, QPainter

from .outlines import UNITS_PER_EM, outlines


class Equation:
    """A LaTeX text, typeset; `px` is everywhere the em size in pixels. Raises EquationError."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        (self._outline,) = outlines((tex,))

    def size(self, px: float) -> QSizeF:
        """The size of what is drawn, to the edge of the ink."""
        return self._outline.box.size() * (px / UNITS_PER_EM)

    def ascent(self, px: float) -> float:
        """How far it reaches above its baseline."""
        return -self._outline.box.top() * px / UNITS_PER_EM

    def draw(self, painter: QPainter, x: float, baseline_y: float, px: float, color: QColor
             ) -> None:
        """Draw it with the left edge of its ink at `x` and its baseline at `baseline_y`."""
        left = self._outline.box.left() * px / UNITS_PER_EM
        self._outline.draw(painter, x - left, baseline_y, px, color)
