"""A frame that is higher than wide, for telephones: everything stands in one column.

    title, in up to two lines
    step
    board, its views one below the other
    caption
    equation

Measures are in units of 1/1080 of the frame's width.
"""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QTextLayout, QTextOption

from .arrangement import Rows
from .equations import Equation
from .theme import Style

DESIGN_WIDTH = 1080.0
MARGIN, TITLE_TOP = 56.0, 64.0
BOARD_TOP, BOARD_BOTTOM, BOARD_BOTTOM_BARE = 250.0, 400.0, 64.0
CAPTION_HEIGHT, CAPTION_HEIGHT_ALONE = 216.0, 320.0
MOST_IN_COLUMN = 4
# The smallest type has room for one line more above the board.
MOST_LINES = 3


def is_upright(width: float, height: float) -> bool:
    """Whether a frame of this size stands: a square one, or nearly so, does not."""
    return height > 1.2 * width


def stacked(rows: Rows) -> Rows:
    """Views one below the other; where there are many, in rows of two."""
    names = [name for row in rows for name in row]
    wide = 1 if len(names) <= MOST_IN_COLUMN else 2
    return tuple(tuple(names[k : k + wide]) for k in range(0, len(names), wide))


def board_place(width: float, height: float, captioned: bool) -> QRectF:
    """Where the board stands."""
    u = width / DESIGN_WIDTH
    bottom = BOARD_BOTTOM if captioned else BOARD_BOTTOM_BARE
    return QRectF(round(MARGIN * u), round(BOARD_TOP * u), round(width - 2 * MARGIN * u),
                  round(height - (BOARD_TOP + bottom) * u))


def paint_title(painter: QPainter, rect: QRectF, style: Style, title: str, subtitle: str) -> None:
    """The title in the largest type in which it takes two lines, and the step under it."""
    u = style.unit
    width = rect.width() - 2 * (MARGIN + 8) * u
    for px in (56, 50, 44, 38, 32):
        lines, height = _set(title, style, px, 600, width)
        if lines.lineCount() <= 2:
            break
    words = title.split()
    while lines.lineCount() > MOST_LINES and len(words) > 1:
        del words[-1]
        lines, height = _set(f"{' '.join(words)}…", style, px, 600, width)
    quiet = style.font(30, tabular=True)
    metrics = QFontMetricsF(quiet)
    # Both together are centred above the board, so that a short title leaves no hole.
    total = height + 10 * u + metrics.height()
    top = TITLE_TOP * u + max(0.0, ((BOARD_TOP - 28 - TITLE_TOP) * u - total) / 2)
    left = (MARGIN + 8) * u
    painter.setPen(QColor(style.theme.text))
    lines.draw(painter, QPointF(left, top))
    painter.setFont(quiet)
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(left, top + height + 10 * u + metrics.ascent()), subtitle)


def paint_caption(painter: QPainter, rect: QRectF, style: Style, caption: str, equation:
                  Equation | None, badge: str = "") -> None:
    """The caption under the board, a `badge` before it, and the equation under the caption."""
    u = style.unit
    left, width = (MARGIN + 8) * u, rect.width() - 2 * (MARGIN + 8) * u
    top = rect.height() - (BOARD_BOTTOM - 32) * u
    room = (CAPTION_HEIGHT if equation else CAPTION_HEIGHT_ALONE) * u
    if badge:
        taken = paint_badge(painter, QPointF(left, top), style, badge).height() + 14 * u
        top, room = top + taken, room - taken
    if caption:
        for px in (42, 38, 34, 31, 28, 25, 22):
            lines, height = _set(caption, style, px, 400, width)
            if height <= room:
                break
        painter.setPen(QColor(style.theme.text))
        lines.draw(painter, QPointF(left, top))
        top += height
    if equation:
        below = rect.height() - 48 * u
        size = equation.size(1.0)
        em = min(44 * u, width / size.width(), (below - top - 24 * u) / size.height())
        middle = (top + below) / 2
        equation.draw(painter, left, middle - equation.size(em).height() / 2 + equation.ascent(em),
                      em, QColor(style.theme.text), QColor(style.theme.accent))


def paint_badge(painter: QPainter, at: QPointF, style: Style, text: str) -> QRectF:
    """A few words on the accent's colour; where they are."""
    font = style.font(24, 600)
    width = QFontMetricsF(font).horizontalAdvance(text) + style.px(36)
    badge = QRectF(at.x(), at.y(), width, style.px(50))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.accent))
    painter.drawRoundedRect(badge, style.px(25), style.px(25))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.on_accent))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
    return badge


def _set(text: str, style: Style, px: float, weight: int, width: float
         ) -> tuple[QTextLayout, float]:
    """A text in lines of this width, and its height."""
    layout = QTextLayout(text, style.font(px, weight))
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height() * 1.12
    layout.endLayout()
    return layout, height
