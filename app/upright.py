"""A frame that is higher than wide, for telephones: everything stands in one column.

    title, in up to two lines
    step
    board, its views one below the other
    caption
    equation

Measures are in units of 1/1080 of the frame's width.
"""

from __future__ import annotations

from math import inf

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from .arrangement import Rows
from .equations import Equation
from .fitted_text import fitted
from .theme import Style

DESIGN_WIDTH = 1080.0
MARGIN, TITLE_TOP = 56.0, 64.0
BOARD_TOP, BOARD_BOTTOM, BOARD_BOTTOM_BARE = 250.0, 400.0, 64.0
CAPTION_HEIGHT, CAPTION_HEIGHT_ALONE = 216.0, 320.0
MOST_IN_COLUMN = 4
# The smallest type has room for one line more above the board.
MOST_LINES = 3
TITLE_SIZES = (56.0, 50.0, 44.0, 38.0, 32.0)
CAPTION_SIZES = (42.0, 38.0, 34.0, 31.0, 28.0, 25.0, 22.0)


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
    said = fitted(title, style, TITLE_SIZES, width, inf, 600, most_lines=2)
    words = title.split()
    while said.lines.lineCount() > MOST_LINES and len(words) > 1:
        del words[-1]
        said = fitted(f"{' '.join(words)}…", style, TITLE_SIZES[-1:], width, inf, 600)
    quiet = style.font(30, tabular=True)
    metrics = QFontMetricsF(quiet)
    # Both together are centred above the board, so that a short title leaves no hole.
    total = said.height + 10 * u + metrics.height()
    top = TITLE_TOP * u + max(0.0, ((BOARD_TOP - 28 - TITLE_TOP) * u - total) / 2)
    left = (MARGIN + 8) * u
    said.draw(painter, QPointF(left, top), QColor(style.theme.text))
    painter.setFont(quiet)
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(left, top + said.height + 10 * u + metrics.ascent()), subtitle)


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
        said = fitted(caption, style, CAPTION_SIZES, width, room)
        said.draw(painter, QPointF(left, top), QColor(style.theme.text))
        top += said.height
    if equation:
        below = rect.height() - 48 * u
        size = equation.size(1.0)
        em = min(44 * u, width / size.width(), (below - top - 24 * u) / size.height())
        middle = (top + below) / 2
        equation.draw(painter, left, middle - equation.size(em).height() / 2 + equation.ascent(em),
                      em, QColor(style.theme.text), QColor(style.theme.accent))


def _badge_font(style: Style) -> QFont:
    return style.font(24, 600)


def badge_width(style: Style, text: str) -> float:
    """How wide a badge is, in pixels."""
    return QFontMetricsF(_badge_font(style)).horizontalAdvance(text) + style.px(36)


def paint_badge(painter: QPainter, at: QPointF, style: Style, text: str) -> QRectF:
    """A few words on the accent's colour; where they are."""
    badge = QRectF(at.x(), at.y(), badge_width(style, text), style.px(50))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.accent))
    painter.drawRoundedRect(badge, style.px(25), style.px(25))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(_badge_font(style))
    painter.setPen(QColor(style.theme.on_accent))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
    return badge
