"""A step taken apart: the optimizer's rule with its numbers, and the arrows drawn at the ball."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.optimizers import Part
from engine.snapshot import StepAnatomy

from ..numbers import number
from ..rule_line import RuleLine
from ..theme import Style
from . import arrow_table, rule_table
from .view import View, ViewDefinition, appearances

# The rule's em, and from which on what stands under its terms can be read.
EM, LEAST_EM = 34.0, 24.0
_WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


@lru_cache(maxsize=64)
def rule_line(rule: tuple[Part, ...]) -> RuleLine:
    """A rule, typeset once."""
    return RuleLine(rule)


class AnatomyView(View):
    """The rule above, and below it a column for each arrow with its two coordinates."""

    def note(self) -> str:
        taken = self.snapshot.anatomy if self.snapshot is not None else None
        if self.snapshot is None or taken is None:
            return ""
        name = self.snapshot.experiment.contestants[taken.index].name
        return f"{name}, {taken.moment.step - 1:,} → {taken.moment.step:,}"

    def drawn(self, snapshot: Any, look: Any) -> None:
        self.update()
        self.noted.emit()

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.snapshot.anatomy is None:
            self._paint_absence(painter, self.style)
            return
        taken, style, rect = self.snapshot.anatomy, self.style, self.rect()
        own = appearances(self.snapshot.experiment, style, self.look)[taken.index]
        color = own.color if own is not None else QColor(style.theme.text)
        entries = arrow_table.entries_of(taken, style, color)
        tall = rect.height() > 0.9 * rect.width()
        need = arrow_table.height(entries, style, tall=tall)
        gap = style.px(18 if tall else 8)
        room = QSizeF(rect.width(), rect.height() - need - gap)
        if room.height() < style.px(96) or rect.width() < style.px(230 if tall else 330):
            # Too small for both: the rule has the numbers that matter.
            self._paint_rule(painter, style, taken, rect)
            return
        used = self._paint_rule(painter, style, taken, QRectF(QPointF(0, 0), room))
        # In a tall card the table follows the rule, in a wide one it stands at the foot.
        top = used + gap if tall else rect.height() - need
        arrow_table.paint(painter, entries, style, QRectF(0, top, rect.width(), need), tall=tall)

    def _paint_rule(self, painter: QPainter, style: Style, taken: StepAnatomy, rect: QRectF
                    ) -> float:
        """Paint the rule and return how far down it reaches."""
        assert self.snapshot is not None
        contestant = self.snapshot.experiment.contestants[taken.index]
        definition = contestant.optimizer.definition
        values = {}
        for name, value in taken.anatomy.terms.items():
            entries = np.atleast_1d(np.asarray(value, float))
            values[name] = [number(float(entry), fixed=len(entries) > 1) for entry in entries]
        line, em = rule_line(definition.rule), style.px(EM)
        fitted = line.fitted(rect.size(), em, values)
        lines = len(values) * style.px(arrow_table.LINE) + style.px(64)
        if fitted.px < style.px(LEAST_EM) and lines <= rect.height():
            return rule_table.paint(painter, definition.rule, values, style, rect)
        line.draw(painter, rect, em, values, style.theme)
        return rect.top() + fitted.box.height()

    def _paint_absence(self, painter: QPainter, style: Style) -> None:
        """Say why there is no step: nobody is chosen, or the chosen one has diverged."""
        assert self.snapshot is not None
        chosen = self.look.chosen
        text = "Choose a contestant to take its step apart."
        color = style.theme.quiet
        if chosen is not None and chosen < len(self.snapshot.contestants):
            diverged = self.snapshot.contestants[chosen].diverged
            if diverged is not None:
                text, color = str(diverged), style.theme.warning
        painter.setFont(style.font(15))
        painter.setPen(QColor(color))
        painter.drawText(self.rect(), _WRAP, text)


step_anatomy = ViewDefinition(
    "step-anatomy", "Anatomy of a step",
    "The chosen contestant's rule with its numbers, and what became of the gradient.", AnatomyView,
    weight=(1.0, 1.0),
)
