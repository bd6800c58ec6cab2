"""Where the panels of networks lie that are shown layer by layer over their run, and their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.network.depth_series import DepthTable
from engine.snapshot import Snapshot

from ..theme import Style
from .depth_statistics import STATISTICS, said
from .markers import draw_marker
from .view import Appearance, Look

NAME, AXIS, LAYERS, NOW = 24.0, 20.0, 26.0, 52.0
LEAST_FIELD, LEAST_WIDTH, GOOD_ROW = 26.0, 250.0, 16.0
# A panel narrower than this has no room for numbers at its right.
LEAST_FOR_NOW = 220.0
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Panel:
    """One network's place: its name's, and its field's, which is `last` steps wide."""

    appearance: Appearance
    name: QRectF
    field: QRectF
    last: int

    def x(self, step: Any) -> Any:
        """Where a step is, or many."""
        return self.field.left() + step / max(1, self.last) * self.field.width()

    def step_at(self, x: float) -> int:
        """The step at a pixel."""
        share = (x - self.field.left()) / self.field.width()
        return min(max(round(share * self.last), 0), self.last)


def arranged(style: Style, rect: QRectF, every: Sequence[Appearance], look: Look, depth: int,
             last: int) -> tuple[Panel, ...]:
    """Panels for all networks of `depth` layers, or for one where there is room for no more."""
    px = style.px
    axis = px(AXIS) if rect.height() >= px(110) else 0.0
    height, shown = rect.height() - axis, list(every)

    def field_of(count: int, across: int) -> float:
        rows = -(-max(count, 1) // across)
        return (height + px(6)) / rows - px(NAME + 6)

    most = max(1, min(len(every), int(rect.width() // px(LEAST_WIDTH))))
    across = next((n for n in range(1, most + 1)
                   if field_of(len(every), n) >= depth * px(GOOD_ROW)), most)
    if field_of(len(every), across) < px(LEAST_FIELD) and len(every) > 1:
        wanted = [a for a in every if a.name == look.highlight or (
            look.highlight is None and a.index == look.chosen)]
        shown, across = wanted or [every[0]], 1
    field, gap = max(field_of(len(shown), across), 1.0), px(16)
    width = (rect.width() - gap * (across - 1)) / across
    now = px(NOW) if width >= px(LEAST_FOR_NOW) else 0.0
    panels = []
    for place, appearance in enumerate(shown):
        left, top = place % across * (width + gap), place // across * (field + px(NAME + 6))
        panels.append(Panel(
            appearance, QRectF(left, top, width, px(NAME)),
            QRectF(left + px(LAYERS), top + px(NAME), max(width - px(LAYERS) - now, 1), field),
            last))
    return tuple(panels)


def look_at(table: DepthTable, step: int) -> int:
    """The last look at or before a step."""
    return max(int(np.searchsorted(table.steps, step, side="right")) - 1, 0)


# ---- words


def paint_name(painter: QPainter, style: Style, snapshot: Snapshot, panel: Panel, right: float
               ) -> None:
    """Marker, name, and whether it diverged, up to the pixel `right`."""
    px, box, appearance = style.px, panel.name, panel.appearance
    metrics = QFontMetricsF(style.font(14, 600))
    line = QRectF(box.left() + px(18), box.top(), box.width(), px(20))
    draw_marker(painter, appearance.marker, box.left() + px(6), line.center().y(), px(5),
                appearance.color)
    name = metrics.elidedText(appearance.name, Qt.TextElideMode.ElideRight,
                              max(right - line.left(), 0.0))
    painter.setFont(style.font(14, 600))
    painter.setPen(style.ink(appearance.color))
    painter.drawText(line, int(LEFT), name)
    if snapshot.contestants[appearance.index].diverged is not None:
        line.translate(metrics.horizontalAdvance(name) + px(10), 0)
        painter.setFont(style.font(12))
        if line.left() + QFontMetricsF(painter.font()).horizontalAdvance("diverged") <= right:
            painter.setPen(QColor(style.theme.warning))
            painter.drawText(line, int(LEFT), "diverged")


def paint_layers(painter: QPainter, style: Style, panel: Panel, table: DepthTable, step: int,
                 statistic: str, chosen: int | None) -> None:
    """Numbers of the layers at the left, and what the statistic is at a step at the right."""
    font = style.font(12, tabular=True)
    metrics = QFontMetricsF(font)
    field, row = panel.field, panel.field.height() / len(table.names)
    every = max(1, -int(-0.9 * metrics.height() // row))
    look = look_at(table, step)
    painter.setFont(font)
    for place, name in enumerate(table.names):
        if place % every:
            continue
        painter.setPen(QColor(style.theme.accent if table.places[place] == chosen
                              else style.theme.quiet))
        top = field.top() + (place + 0.5) * row - metrics.height() / 2
        text = "out" if name == "output" else str(place + 1)
        painter.drawText(QRectF(panel.name.left(), top, style.px(LAYERS), metrics.height()),
                         int(LEFT), text)
        room = panel.name.right() - field.right() - style.px(5)
        fitting = [text for text in said(statistic, table, look, place)
                   if metrics.horizontalAdvance(text) <= room]
        if fitting:
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(QRectF(field.right() + style.px(5), top, room, metrics.height()),
                             int(RIGHT), fitting[0])


def paint_steps(painter: QPainter, style: Style, panel: Panel, statistic: str) -> None:
    """The first and the last step under a panel."""
    painter.setFont(style.font(12, tabular=True))
    painter.setPen(QColor(style.theme.quiet))
    under = QRectF(panel.field.left(), panel.field.bottom(), panel.field.width(), style.px(AXIS))
    painter.drawText(under, int(LEFT), "step 0")
    painter.drawText(under, int(RIGHT), f"{panel.last:,}")
    if panel.name.right() - under.right() > style.px(NOW) - 1:
        under.setRight(panel.name.right())
        painter.drawText(under, int(RIGHT), STATISTICS[statistic].unit)
