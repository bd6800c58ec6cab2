"""A caption in the largest type that fits its place, its lines nearly of one length.

A last line of one word is a stumble for whoever reads along, so lines are as short as they can be
without there being more of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextOption

from .theme import Style

LEADING = 1.12
# Lines are narrowed until their widths are known to this share of the place's.
FINENESS = 1 / 64


@dataclass(frozen=True)
class FittedText:
    """A text that is set: draw it wherever it is wanted."""

    lines: QTextLayout
    width: float
    height: float
    px: float
    """The type's design size."""

    def draw(self, painter: QPainter, at: QPointF, color: QColor) -> None:
        """Draw it with its top left corner at a place."""
        painter.setPen(color)
        self.lines.draw(painter, at)


def fitted(text: str, style: Style, sizes: Sequence[float], width: float, height: float,
           weight: int = 400, *, most_lines: int | None = None) -> FittedText:
    """`text` in the first of `sizes`, largest first, in which it fits; in the last if in none."""
    for px in sizes:
        font = style.font(px, weight)
        lines, tall = _set(text, font, width)
        if tall <= height and (most_lines is None or lines.lineCount() <= most_lines):
            break
    count, narrow, wide = lines.lineCount(), width / max(lines.lineCount(), 1), width
    while count > 1 and wide - narrow > width * FINENESS:
        middle = (narrow + wide) / 2
        tried, _ = _set(text, font, middle)
        narrow, wide = (middle, wide) if tried.lineCount() > count else (narrow, middle)
    lines, tall = _set(text, font, wide)
    taken = max((lines.lineAt(k).naturalTextWidth() for k in range(lines.lineCount())), default=0.0)
    return FittedText(lines, taken, tall, px)


def _set(text: str, font: QFont, width: float) -> tuple[QTextLayout, float]:
    """A text in lines of at most this width, and the height that they take."""
    layout = QTextLayout(text, font)
    layout.setTextOption(QTextOption())
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height() * LEADING
    layout.endLayout()
    return layout, height
