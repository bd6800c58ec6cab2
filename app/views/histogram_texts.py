"""The words around the histograms of several networks: names, numbers under panels, layers below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.network.layer_spread import Column

from ..theme import Style
from . import labels
from .faces import face
from .histogram_rows import Rows
from .histogram_words import chosen_texts, inside_texts
from .markers import draw_marker
from .view import Appearance

LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
# A panel lower than this would be all text.
LEAST_INSIDE = 24.0

DIVERGED = "diverged"


def paint_names(painter: QPainter, style: Style, rows: Rows, shown: Sequence[Appearance],
                said: Sequence[Sequence[str]], width: float, taken: float) -> None:
    """Marker and name of each row and what is `said` of it, in a view of that width.

    On the line of names above the first row there is room up to `taken`.
    """
    px = style.px
    size = min(14.0, 0.75 * rows.names[0].height() / style.unit)
    (font, metrics), (quiet, small) = face(style, size, 600), face(style, 12)
    for row, (appearance, box) in enumerate(zip(shown, rows.names, strict=True)):
        right = min(box.right(), taken - px(10)) if row == 0 and not rows.beside else box.right()
        height = box.height() if rows.beside else px(20)
        painter.setOpacity(appearance.opacity)
        draw_marker(painter, appearance.marker, px(6), box.top() + height / 2,
                    px(min(5.0, 0.35 * size)), appearance.color)
        left = px(18)
        name = metrics.elidedText(appearance.name, Qt.TextElideMode.ElideRight,
                                  max(right - left, 0.0))
        painter.setFont(font)
        painter.setPen(style.ink(appearance.color))
        painter.drawText(QRectF(left, box.top(), width, height), int(LEFT), name)
        left += metrics.horizontalAdvance(name) + px(10)
        painter.setFont(quiet)
        for word in said[row]:
            if left + small.horizontalAdvance(word) > right:
                break
            painter.setPen(QColor(style.theme.warning if word == DIVERGED else style.theme.quiet))
            painter.drawText(QRectF(left, box.top(), width, height), int(LEFT), word)
            left += small.horizontalAdvance(word) + px(10)
    painter.setOpacity(1)


def fitting_texts(style: Style, rows: Rows, columns: Mapping[int, Sequence[Column]]
                  ) -> dict[int, list[tuple[str, ...]]]:
    """What stands under the panels, of one kind for all rows, so that they can be compared."""
    every = [column for found in columns.values() for column in found]
    _, metrics = face(style, 12, tabular=True)
    if rows.lines:
        texts = chosen_texts(every, rows.lines, metrics, rows.column + rows.gap / 2)
    else:
        low = rows.strips or rows.panels[0].height() < style.px(LEAST_INSIDE)
        texts = [()] * len(every) if low else inside_texts(
            every, metrics, rows.column - style.px(8))
    chosen = iter(texts)
    return {index: [next(chosen) for _ in found] for index, found in columns.items()}


def paint_texts(painter: QPainter, style: Style, rows: Rows, row: int,
                texts: Sequence[tuple[str, ...]]) -> None:
    """The texts of one row's panels, under them or, without room there, in their corners."""
    if not rows.lines:
        _paint_inside(painter, style, rows, row, [lines[0] for lines in texts if lines])
        return
    painter.setFont(face(style, 12, tabular=True)[0])
    painter.setPen(QColor(style.theme.quiet))
    for place, lines in enumerate(texts):
        cell = rows.cell(row, place)
        for line, text in enumerate(lines):
            top = cell.bottom() + style.px(1 + 16 * line)
            painter.drawText(QRectF(cell.left() - rows.gap, top, cell.width() + 2 * rows.gap,
                                    style.px(17)), Qt.AlignmentFlag.AlignCenter, text)


def _paint_inside(painter: QPainter, style: Style, rows: Rows, row: int, texts: Sequence[str]
                  ) -> None:
    font, metrics = face(style, 12, tabular=True)
    for place, text in enumerate(texts):
        cell, width = rows.cell(row, place), metrics.horizontalAdvance(text)
        rect = QRectF(cell.right() - width - style.px(4), cell.top() + style.px(1), width,
                      metrics.height())
        labels.paint(painter, [labels.Label(text, rect.center(), QColor(style.theme.quiet))],
                     [rect], font, QColor(style.theme.raised), style.px(3), rect.height())


def paint_axis(painter: QPainter, style: Style, rows: Rows, networks: Sequence[Sequence[Column]]
               ) -> None:
    """The layers' numbers below, as many as have room."""
    longest = max(networks, key=len)
    if rows.axis is None or len(longest) < 2:
        return
    font, metrics = face(style, 12, tabular=True)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    step = rows.column + rows.gap
    right = -1.0
    every = max(1, -int(-(metrics.horizontalAdvance("00") + style.px(6)) // step))
    ends = len({len(found) for found in networks}) == 1
    for place, column in enumerate(longest):
        text = column.name if ends and column.name == "output" else str(column.number)
        width = metrics.horizontalAdvance(text)
        middle = rows.axis.left() + place * step + rows.column / 2
        left = min(middle - width / 2, rows.axis.right() - width)
        if (place % every and text != "output") or left < right + style.px(4):
            continue
        painter.drawText(QRectF(left, rows.axis.top(), width + 1, rows.axis.height()),
                         Qt.AlignmentFlag.AlignBottom, text)
        right = left + width
