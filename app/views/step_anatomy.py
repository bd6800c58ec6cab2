"""A step taken apart: the optimizer's rule with its numbers, and the arrows drawn at the ball."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.optimizers import Part
from engine.snapshot import StepAnatomy

from ..numbers import number
from ..rule_line import RuleLine
from ..theme import Style
from .arrows import DASHES
from .view import View, ViewDefinition, appearances

_ELIDE = Qt.TextElideMode.ElideRight
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
        return f"{name}, step {taken.moment.step - 1:,} → {taken.moment.step:,}"

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
        table = style.px(72)
        room = QSizeF(rect.width(), rect.height() - table - style.px(10))
        if room.height() < style.px(96) or rect.width() < style.px(330):
            # Too small for both: the rule has the numbers that matter.
            self._paint_rule(painter, style, taken, rect)
            return
        self._paint_rule(painter, style, taken, QRectF(QPointF(0, 0), room))
        self._paint_table(painter, style, taken,
                          QRectF(0, rect.height() - table, rect.width(), table))

    def _paint_rule(self, painter: QPainter, style: Style, taken: StepAnatomy, rect: QRectF
                    ) -> None:
        assert self.snapshot is not None
        contestant = self.snapshot.experiment.contestants[taken.index]
        definition = contestant.optimizer.definition
        values = {}
        for name, value in taken.anatomy.terms.items():
            entries = np.atleast_1d(np.asarray(value, float))
            values[name] = [number(float(entry), fixed=len(entries) > 1) for entry in entries]
        rule_line(definition.rule).draw(painter, rect, style.px(34), values, style.theme)

    def _paint_table(self, painter: QPainter, style: Style, taken: StepAnatomy, rect: QRectF
                     ) -> None:
        assert self.snapshot is not None
        own = appearances(self.snapshot.experiment, style, self.look)[taken.index]
        color = own.color if own is not None else QColor(style.theme.text)
        lr = taken.moment.hypers["lr"]
        columns = (
            ("−lr·gradient", "gradient", QColor(style.theme.quiet), -lr * taken.moment.g),
            ("−lr·direction", "direction", QColor(style.theme.accent),
             -lr * taken.anatomy.direction),
            ("scale", "scale", QColor(style.theme.quiet), taken.anatomy.scale),
            ("step", "step", color, taken.step),
        )
        heads, figures = style.font(12.5), style.font(13.5, 500)
        metrics = QFontMetricsF(figures)
        label = style.px(20)
        width = (rect.width() - label) / len(columns)
        line = rect.height() / 3
        painter.setPen(QPen(QColor(style.theme.hairline), style.px(1)))
        painter.drawLine(rect.topLeft(), rect.topRight())
        baseline = (line + metrics.ascent() - metrics.descent()) / 2
        for row, axis in enumerate("xy", start=1):
            painter.setFont(heads)
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(QPointF(0, rect.top() + row * line + baseline), axis)
        for place, (head, kind, ink, values) in enumerate(columns):
            left = rect.left() + label + place * width
            self._paint_sign(painter, style, kind, ink, QPointF(left, rect.top() + line / 2))
            painter.setFont(heads)
            painter.setPen(QColor(style.theme.quiet))
            room = width - style.px(30)
            text = QFontMetricsF(heads).elidedText(head, _ELIDE, room)
            painter.drawText(QPointF(left + style.px(26), rect.top() + baseline), text)
            painter.setFont(figures)
            painter.setPen(QColor(style.theme.text))
            for row, value in enumerate(np.broadcast_to(values, 2), start=1):
                painter.drawText(QPointF(left, rect.top() + row * line + baseline),
                                 number(float(value)))

    @staticmethod
    def _paint_sign(painter: QPainter, style: Style, kind: str, ink: QColor, at: QPointF) -> None:
        """The stroke by which an arrow is found again on the surface."""
        u = style.unit
        if kind == "scale":
            painter.setPen(QPen(ink, 1.6 * u))
            painter.drawLine(QLineF(at.x(), at.y(), at.x() + 20 * u, at.y()))
            painter.drawLine(QLineF(at.x() + 10 * u, at.y() - 5 * u, at.x() + 10 * u,
                                    at.y() + 5 * u))
            return
        pen = QPen(ink, (3 if kind == "step" else 2) * u)
        pen.setCapStyle(pen.capStyle().FlatCap)
        if DASHES[kind]:
            pen.setDashPattern(DASHES[kind])
        painter.setPen(pen)
        painter.drawLine(QLineF(at.x(), at.y(), at.x() + 20 * u, at.y()))

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
