"""An optimizer's update rule as one typeset equation, with the current numbers under its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.optimizers.definition import Part

from .numbers import MINUS, unpadded
from .outlines import outlines
from .rule_layout import Column, Layout, lay_out
from .theme import Theme, mixed
from .typefaces import in_plain_letters

Values = Mapping[str, Sequence[str]]

LEADER_FADE = 0.4
SMALLEST_PX = 4.0


class RuleLine:
    """A rule's parts, set as one equation; under each term its numbers and what it means.

    `axes` names the rows where a term has one number for each coordinate; `px` is everywhere the em
    size of the equation in pixels. Raises EquationError.
    """

    def __init__(self, parts: Sequence[Part], axes: Sequence[str] = ("x", "y")) -> None:
        self.parts = tuple(parts)
        self.axes = tuple(axes)
        self._outlines = outlines(tuple(part.tex for part in self.parts))
        self._last: dict[object, Layout] = {}

    def size(self, px: float, values: Values) -> QSizeF:
        """What the rule needs at `px` with the numbers `values`."""
        return self._laid_out(px, values).box.size()

    def draw(self, painter: QPainter, rect: QRectF, px: float, values: Values, theme: Theme,
             colors: Mapping[str, QColor] | None = None) -> None:
        """Draw into the top left of `rect`, at `px` or as much less as makes it fit.

        `values` gives each term's numbers as text, one or one for each axis; `colors` gives terms,
        with their numbers and lines, a colour other than the theme's.
        """
        layout = self.fitted(rect.size(), px, values)
        own, text, quiet = colors or {}, QColor(theme.text), QColor(theme.quiet)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Whole pixels keep the bars of minus signs and roots sharp.
        painter.translate(round(rect.left() - layout.box.left()),
                          round(rect.top() - layout.box.top()))
        for part, outline in zip(self.parts, self._outlines, strict=True):
            outline.draw(painter, 0, 0, layout.px, own.get(part.term, text))
        for column in layout.columns:
            # Mixed, not translucent: stroking with opacity takes seven times as long.
            faint = mixed(own.get(column.term, quiet).name(), theme.card, LEADER_FADE)
            painter.strokePath(column.leader, QPen(faint, max(1.0, layout.px / 24)))
        lettered = in_plain_letters if theme.plain else QFont
        painter.setFont(lettered(layout.number_font))
        for column in layout.columns:
            painter.setPen(own.get(column.term, text))
            _draw_numbers(painter, layout, column, values.get(column.term, ()))
        painter.setFont(lettered(layout.meaning_font))
        painter.setPen(quiet)
        for at, words in (*layout.meanings, *layout.axes):
            painter.drawText(at, words)
        painter.restore()

    def fitted(self, room: QSizeF, px: float, values: Values) -> Layout:
        """The layout at `px`, or at the largest smaller size that fits `room`."""
        layout = self._laid_out(px, values)
        # Type comes in whole pixels, so a size does not shrink quite in proportion: try again.
        for _ in range(6):
            need = layout.box.size()
            share = min(room.width() / need.width(), room.height() / need.height())
            if share >= 1 or layout.px <= SMALLEST_PX:
                break
            layout = self._laid_out(max(SMALLEST_PX, 0.995 * share * layout.px), values)
        return layout

    def _laid_out(self, px: float, values: Values) -> Layout:
        """The layout for numbers as many and, where they are unusually long, as long as these."""
        key = (px, tuple((term, len(texts), max((9, *map(len, texts))))
                         for term, texts in values.items()))
        if key not in self._last:
            if len(self._last) > 16:
                self._last.clear()
            boxes = [outline.box for outline in self._outlines]
            self._last[key] = lay_out(self.parts, boxes, px, values, self.axes)
        return self._last[key]


def _draw_numbers(painter: QPainter, layout: Layout, column: Column, numbers: Sequence[str]
                  ) -> None:
    """Numbers one over another with their digits flush and signs before them; one alone centred."""
    metrics = QFontMetricsF(layout.number_font)
    texts = [unpadded(text) for text in numbers]
    if len(texts) == 1:
        y = (layout.baselines[0] + layout.baselines[-1]) / 2
        x = column.middle - metrics.horizontalAdvance(texts[0]) / 2
        painter.drawText(QPointF(x, y), texts[0])
        return
    for text, y in zip(texts, layout.baselines, strict=False):
        hang = metrics.horizontalAdvance(MINUS) if text.startswith(MINUS) else 0.0
        painter.drawText(QPointF(column.digits_at - hang, y), text)
