"""The line above a network's graph: whose it is, and which example or what the colours mean."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from ..theme import Style
from .faces import face, width_of
from .layer_owner import HEAD, Owner, paint_owner
from .signed import signed

SIZE = 12
BACK, ON = "‹", "›"


class ExampleChoice:
    """The training row whose numbers flow, with arrows to the rows before and after, if `live`."""

    def __init__(self) -> None:
        self.live = True
        self.place: int | None = None
        self._rects = (QRectF(), QRectF(), QRectF())

    def width(self, style: Style) -> float:
        """How much room it takes; none where nothing flows."""
        if self.place is None:
            return 0.0
        return face(style, SIZE, 500, True)[1].horizontalAdvance(self._text) + style.px(52)

    @property
    def _text(self) -> str:
        return "" if self.place is None else f"row {self.place + 1:,}"

    def paint(self, painter: QPainter, style: Style, right: float) -> None:
        """Paint it at the right end of the head."""
        if self.place is None:
            self._rects = (QRectF(), QRectF(), QRectF())
            return
        arrow, height = style.px(22), style.px(HEAD - 6)
        width = self.width(style)
        left = right - width
        self._rects = (QRectF(left, 0, arrow, height),
                       QRectF(left + arrow, 0, width - 2 * arrow, height),
                       QRectF(right - arrow, 0, arrow, height))
        font, _ = face(style, SIZE, 500, True)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.text))
        painter.drawText(self._rects[1], Qt.AlignmentFlag.AlignCenter, self._text)
        if not self.live:
            return
        font, _ = face(style, 16, 500)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.accent))
        for rect, text in ((self._rects[0], BACK), (self._rects[2], ON)):
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def clicked(self, pixel: QPointF, rows: int) -> tuple[int | None] | None:
        """The row that a click asks for, in a tuple: its number leaves the choice to the step."""
        if self.place is None:
            return None
        back, here, on = self._rects
        if back.contains(pixel):
            return ((self.place - 1) % rows,)
        if on.contains(pixel):
            return ((self.place + 1) % rows,)
        return (None,) if here.contains(pixel) else None


def paint_head(painter: QPainter, style: Style, owner: Owner, example: ExampleChoice, width: float
               ) -> None:
    """The contestant at the left, the example at the right, and what the colours mean."""
    taken = example.width(style)
    example.paint(painter, style, width)
    right = width - taken - (style.px(14) if taken else 0)
    legend = _legend_width(style)
    names = width_of(style, owner.appearance.name, 14, 600) + style.px(40)
    if names + legend <= right:
        _paint_legend(painter, style, right - legend)
        right -= legend + style.px(12)
    paint_owner(painter, style, owner, "", (), max(right, 1.0))


def _legend_width(style: Style) -> float:
    return width_of(style, "positive", SIZE) + width_of(style, "negative", SIZE) + style.px(54)


def _paint_legend(painter: QPainter, style: Style, left: float) -> None:
    font, metrics = face(style, SIZE)
    painter.setFont(font)
    middle = style.px(HEAD) / 2 - style.px(3)
    baseline = middle + (metrics.ascent() - metrics.descent()) / 2
    for sign, text in ((1, "positive"), (-1, "negative")):
        painter.fillRect(QRectF(left, middle - style.px(1.5), style.px(14), style.px(3)),
                         signed(style.theme, sign))
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(QPointF(left + style.px(20), baseline), text)
        left += style.px(20 + 14) + width_of(style, text, SIZE)
