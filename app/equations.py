"""A typeset equation, drawn at any size and in any colour as filled paths.

LaTeX is typeset once; what is drawn 60 times a second is a path that is already there.
"""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSizeF
from PyQt6.QtGui import QColor, QPainter

from engine.beat import parts_of

from .outlines import UNITS_PER_EM, outlines


class Equation:
    """A LaTeX text, typeset; `px` is everywhere the em size in pixels. Raises EquationError.

    Where a `term` of it is named, it is drawn in a colour of its own.
    """

    def __init__(self, tex: str, term: str = "") -> None:
        self.tex = tex
        parts = parts_of(tex, term) if term else (tex,)
        told = [(part, place % 2 == 1) for place, part in enumerate(parts) if part.strip()]
        self._stressed = tuple(stressed for _, stressed in told)
        self._outlines = outlines(tuple(part for part, _ in told)) if told else outlines((tex,))
        self._box = QRectF()
        for outline in self._outlines:
            self._box = self._box.united(outline.box)

    def size(self, px: float) -> QSizeF:
        """The size of what is drawn, to the edge of the ink."""
        return self._box.size() * (px / UNITS_PER_EM)

    def ascent(self, px: float) -> float:
        """How far it reaches above its baseline."""
        return -self._box.top() * px / UNITS_PER_EM

    def draw(self, painter: QPainter, x: float, baseline_y: float, px: float, color: QColor,
             accent: QColor | None = None) -> None:
        """Draw it with the left edge of its ink at `x` and its baseline at `baseline_y`."""
        left = self._box.left() * px / UNITS_PER_EM
        for outline, stressed in zip(self._outlines, self._stressed, strict=True):
            outline.draw(painter, x - left, baseline_y, px,
                         accent if stressed and accent is not None else color)
