"""A frame that is wider than high: title and step above the board, caption and equation below it.

Measures are in units of 1/1080 of the frame's height, or of 1/1440 of its width, if that is
scarcer; `style` is of that unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from .equations import Equation
from .fitted_text import FittedText, fitted
from .theme import Style
from .upright import badge_width, paint_badge

MARGIN, TITLE_BASE = 72.0, 92.0
CAPTION_TOP, CAPTION_HEIGHT = 172.0, 132.0
CAPTION_SIZES = (34.0, 31.0, 28.0, 25.0, 22.0)
FORMULA_EM, FORMULA_SHARE = 38.0, 0.45
"""An equation's size, and what share of its band it may take; a wider one is drawn smaller."""


def title_room(width: float, style: Style, subtitle: str) -> float:
    """How wide a title may be beside a subtitle, in pixels."""
    return (width - 2 * MARGIN * style.unit
            - QFontMetricsF(style.font(27, tabular=True)).horizontalAdvance(subtitle))


def title_width(style: Style, title: str) -> float:
    """How wide a title is, in pixels."""
    return QFontMetricsF(style.font(44, 600)).horizontalAdvance(title)


def paint_title(painter: QPainter, width: float, style: Style, title: str, subtitle: str) -> None:
    """The title, which ends in an ellipsis where it is too long, and the step at the right."""
    u, large, quiet = style.unit, style.font(44, 600), style.font(27, tabular=True)
    side = QFontMetricsF(quiet).horizontalAdvance(subtitle)
    painter.setFont(large)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(QPointF(MARGIN * u, TITLE_BASE * u), QFontMetricsF(large).elidedText(
        title, Qt.TextElideMode.ElideRight, title_room(width, style, subtitle)))
    painter.setFont(quiet)
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(width - MARGIN * u - side, TITLE_BASE * u), subtitle)


@dataclass(frozen=True)
class CaptionBand:
    """A caption's words, laid out; places are in the frame's pixels."""

    caption: FittedText | None
    room: QRectF
    """What the caption has."""
    equation: Equation | None
    em: float
    right: float
    """Where the equation ends."""
    badge: str

    @property
    def fits(self) -> bool:
        """Whether the caption is no higher than its room, in its smallest type."""
        return self.caption is None or self.caption.height <= self.room.height()


def caption_band(size: QSizeF, style: Style, caption: str, equation: Equation | None,
                 badge: str = "", aside: QRectF | None = None) -> CaptionBand:
    """Lay out what is below the board; `aside` is kept free at the right."""
    u, em = style.unit, FORMULA_EM * style.unit
    room = QRectF(MARGIN * u, size.height() - CAPTION_TOP * u, size.width() - 2 * MARGIN * u,
                  CAPTION_HEIGHT * u)
    if aside is not None:
        room.setRight(aside.left() - 40 * u)
    right = room.right()
    if equation is not None:
        em *= min(1.0, FORMULA_SHARE * room.width() / equation.size(em).width())
        room.setRight(right - equation.size(em).width() - 56 * u)
    if badge:
        room.setLeft(room.left() + badge_width(style, badge) + 28 * u)
    said = fitted(caption, style, CAPTION_SIZES, room.width(), room.height()) if caption else None
    return CaptionBand(said, room, equation, em, right, badge)


def paint_caption(painter: QPainter, band: CaptionBand, style: Style) -> None:
    """The caption at the left, a badge before it, and the equation at the right."""
    u, room, theme = style.unit, band.room, style.theme
    middle = room.center().y()
    if band.equation is not None:
        size = band.equation.size(band.em)
        band.equation.draw(painter, band.right - size.width(),
                           middle - size.height() / 2 + band.equation.ascent(band.em), band.em,
                           QColor(theme.text), QColor(theme.accent))
    if band.badge:
        paint_badge(painter, QPointF(MARGIN * u, middle - 25 * u), style, band.badge)
    if band.caption is not None:
        band.caption.draw(painter, QPointF(room.left(), middle - band.caption.height / 2),
                          QColor(theme.text))
