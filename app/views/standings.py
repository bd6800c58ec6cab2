"""Who stands where: marker, name and loss of every contestant, for the last row of a hall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.experiment import Experiment, SurfaceContestant

from ..numbers import number
from ..theme import Style
from .markers import draw_marker
from .view import Appearance, View, ViewDefinition, appearances

FAIR, OWN_STARTS = "Same start, same number of gradients.", "Same number of gradients."
WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

# From the left edge to a name, and from there to a loss at least; in design pixels.
MARKER, GAP = 26.0, 8.0
# Digits of losses, and shares of the letters' usual size, that are tried until names are whole.
TRIED = ((3, 1.0), (2, 1.0), (2, 0.88), (2, 0.77))
# A loss of so many digits is hardly ever wider; what it is now would let letters pulse.
WIDE = {3: "0.00000", 2: "0.0000"}


class Standings(View):
    """A line a contestant, in the order of the race's file, so that nothing jumps."""

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        style, snapshot = self.style, self.snapshot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect()
        shown = [a for a in appearances(snapshot.experiment, style, self.look) if a is not None]
        quiet = style.font(13)
        painter.setFont(quiet)
        painter.setPen(QColor(style.theme.quiet))
        room = QRectF(0, 0, rect.width(), rect.height())
        fairness = FAIR if _from_one_start(snapshot.experiment, shown) else OWN_STARTS
        painter.drawText(room, WRAP, fairness)
        top = painter.boundingRect(room, WRAP, fairness).height() + style.px(12)
        line = min(style.px(34), (rect.height() - top) / max(1, len(shown)))
        largest = min(17.0, 0.6 * line / style.unit)
        digits, size = _fitting(shown, style, largest, rect.width() - style.px(MARKER + GAP))
        names, values = style.font(size, 500), style.font(size, 400, tabular=True)
        metrics = QFontMetricsF(names)
        for row, appearance in enumerate(shown):
            state = snapshot.contestants[appearance.index]
            middle = top + (row + 0.5) * line
            baseline = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.setOpacity(appearance.opacity)
            draw_marker(painter, appearance.marker, style.px(8), middle, style.px(6.5),
                        appearance.color)
            lost = state.diverged is not None
            text = "diverged" if lost else number(state.loss, digits)
            painter.setFont(values)
            painter.setPen(QColor(style.theme.warning if lost else style.theme.text))
            width = QFontMetricsF(values).horizontalAdvance(text)
            painter.drawText(QPointF(rect.width() - width, baseline), text)
            painter.setFont(names)
            painter.setPen(style.ink(appearance.color))
            room = rect.width() - width - style.px(MARKER + GAP)
            painter.drawText(
                QRectF(style.px(MARKER), middle - metrics.height() / 2, room, metrics.height()),
                Qt.AlignmentFlag.AlignVCenter,
                metrics.elidedText(appearance.name, Qt.TextElideMode.ElideRight, room),
            )
        painter.setOpacity(1)


def _fitting(shown: Sequence[Appearance], style: Style, largest: float, room: float
             ) -> tuple[int, float]:
    """Digits of losses and the size of letters with which every name is whole beside its loss, as
    far as there are any."""
    for digits, share in TRIED:
        size = largest * share
        names = QFontMetricsF(style.font(size, 500))
        loss = QFontMetricsF(style.font(size, 400, tabular=True)).horizontalAdvance(WIDE[digits])
        if all(names.horizontalAdvance(one.name) + loss <= room for one in shown):
            return digits, size
    return TRIED[-1][0], largest * TRIED[-1][1]


def _from_one_start(experiment: Experiment, shown: Sequence[Appearance]) -> bool:
    every = (experiment.contestants[appearance.index] for appearance in shown)
    return not any(isinstance(one, SurfaceContestant) and one.start is not None for one in every)


standings = ViewDefinition(
    "standings", "Loss now", "Marker, name and loss of every contestant.", Standings,
    weight=(0.62, 1.0), kinds=frozenset({"surface", "network"}),
)
