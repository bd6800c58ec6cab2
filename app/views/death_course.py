"""How many units were dead over the run, a line a contestant, and a list of who died when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.network.death_series import Death, DeathTable

from ..theme import Style
from .faces import face, width_of
from .heads import short
from .labels import stack
from .markers import draw_marker
from .small_axes import SmallAxes, paint_bottom, paint_left, tick_height
from .trails import FAINT
from .view import Appearance

Array = NDArray[np.float64]
HEAD, LINE, WIDTH = 24.0, 20.0, 2.2


@dataclass(frozen=True)
class Count:
    """A contestant's dead units over the run, `now` of them at this step."""

    appearance: Appearance
    table: DeathTable | None
    now: int


@dataclass(frozen=True)
class Entry:
    """A line of the list: whose it is, and where it is written."""

    death: Death
    rect: QRectF


def course_axes(rect: QRectF, style: Style, counts: Sequence[Count], last: int) -> SmallAxes:
    """The plot below its title, with room for numbers at the left and names at the right."""
    top = _ceiling(counts)
    left = width_of(style, f"{top:,}", 12, tabular=True) + style.px(10)
    body = rect.adjusted(left, style.px(HEAD), -_gutter(style, counts, rect.width()),
                         -tick_height(style))
    # Never inside out, however small the card.
    body.setSize(body.size().expandedTo(QRectF(0, 0, 8, 8).size()))
    return SmallAxes(body, (0.0, float(max(last, 1))), (0.0, float(top)))


def paint_course(painter: QPainter, style: Style, rect: QRectF, counts: Sequence[Count],
                 step: int, last: int) -> None:
    """What is past full, what is to come faint, with a cursor at now and names beside."""
    paint_title(painter, style, rect, ("Dead units over the run", "Dead units"))
    axes = course_axes(rect, style, counts, last)
    top = int(axes.y[1])
    ticks = [0, top] if top % 2 or axes.rect.height() < style.px(90) else [0, top // 2, top]
    paint_left(painter, style, axes, ticks, [f"{tick:,}" for tick in ticks])
    paint_bottom(painter, style, axes, [0, last], ["step 0", f"{last:,}"], rect)
    now = float(round(axes.pixel(step, 0).x()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for count in counts:
        if count.table is None:
            continue
        color, opacity = count.appearance.color, count.appearance.opacity
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for part, share in zip(_split(_stairs(axes, count.table, style), now), (1.0, FAINT),
                               strict=True):
            painter.setOpacity(share * opacity)
            painter.drawRects(part)  # type: ignore[call-overload]
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setOpacity(1)
    painter.fillRect(QRectF(now - style.px(0.5), axes.rect.top(), style.px(1), axes.rect.height()),
                     QColor(style.theme.quiet))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for count in counts:
        at = axes.pixel(step, min(count.now, top))
        painter.setOpacity(count.appearance.opacity)
        draw_marker(painter, count.appearance.marker, at.x(), at.y(), style.px(5.5),
                    count.appearance.color, QColor(style.theme.card))
    painter.setOpacity(1)
    _paint_names(painter, style, axes, rect, counts)


def _stairs(axes: SmallAxes, table: DeathTable, style: Style) -> list[QRectF]:
    """Counts as stairs, a count holding until another one was seen, in bars of whole pixels.

    A polyline with smooth edges takes ten times as long.
    """
    turns = np.flatnonzero(np.diff(table.dead, prepend=-1))
    wide = max(round(style.px(WIDTH)), 1)
    steps = np.append(table.steps[turns], table.steps[-1])
    x = np.round(axes.pixels(steps, np.zeros(len(steps)))[:, 0])
    y = np.round(axes.pixels(np.zeros(len(turns)), table.dead[turns])[:, 1] - wide / 2)
    flat = [QRectF(left, top, max(right - left, 0.0) + wide, wide)
            for left, right, top in zip(x[:-1].tolist(), x[1:].tolist(), y.tolist(), strict=True)]
    upright = [QRectF(at, min(one, other) + wide, wide, max(abs(other - one) - wide, 0.0))
               for at, one, other in zip(x[1:-1].tolist(), y[:-1].tolist(), y[1:].tolist(),
                                         strict=True)]
    return [*flat, *upright]


def _split(bars: Sequence[QRectF], now: float) -> tuple[list[QRectF], list[QRectF]]:
    """Bars as far as they lie before now, and as far as they lie behind."""
    past = [QRectF(bar.left(), bar.top(), min(bar.right(), now) - bar.left(), bar.height())
            for bar in bars if bar.left() < now]
    ahead = [QRectF(max(bar.left(), now), bar.top(), bar.right() - max(bar.left(), now),
                    bar.height()) for bar in bars if bar.right() > now]
    return past, ahead


def _ceiling(counts: Sequence[Count]) -> int:
    """A round number that no count is above: all of the units, if they are few."""
    units = max((count.table.units for count in counts if count.table is not None), default=4)
    most = max([count.now for count in counts] + [
        int(count.table.dead.max()) for count in counts if count.table is not None] + [1])
    rounds = [n * 10**k for k in range(7) for n in (1, 2, 4, 6, 8)]
    return min(units, next(value for value in rounds if value >= max(most, 4)))


def _gutter(style: Style, counts: Sequence[Count], width: float) -> float:
    widest = max((width_of(style, short(count.appearance.name), 12, 600) for count in counts),
                 default=0.0) + style.px(14)
    return widest if len(counts) > 1 and widest < 0.36 * width else style.px(8)


def _paint_names(painter: QPainter, style: Style, axes: SmallAxes, rect: QRectF,
                 counts: Sequence[Count]) -> None:
    """Names where lines end; with one contestant there is nothing to tell apart."""
    left = axes.rect.right() + style.px(10)
    shown = [count for count in counts if count.table is not None]
    if len(counts) < 2 or rect.right() - left < style.px(20):
        return
    font, metrics = face(style, 12, 600)
    line = 0.95 * metrics.height()
    shown = shown[: max(int((axes.rect.height() + line) / line), 1)]
    ends = [axes.pixel(0, float(count.table.dead[-1])).y() for count in shown if count.table]
    middles = stack(ends, line, axes.rect.top() - line / 2, axes.rect.bottom() + line / 2)
    painter.setFont(font)
    for count, middle in zip(shown, middles, strict=True):
        painter.setOpacity(count.appearance.opacity)
        painter.setPen(style.ink(count.appearance.color))
        painter.drawText(QPointF(left, middle + (metrics.ascent() - metrics.descent()) / 2),
                         short(count.appearance.name))
    painter.setOpacity(1)


# ---- who died when


def entries(rect: QRectF, style: Style, deaths: Sequence[Death]) -> tuple[Entry, ...]:
    """The lines for which there is room under the title, the latest deaths if not for all."""
    room = int((rect.height() - style.px(HEAD)) // style.px(LINE))
    if len(deaths) > room:
        # A line says how many are left out.
        deaths = deaths[len(deaths) - max(room - 1, 0):]
    return tuple(Entry(death, QRectF(rect.left(), rect.top() + style.px(HEAD + place * LINE),
                                     rect.width(), style.px(LINE)))
                 for place, death in enumerate(deaths))


def when(death: Death) -> str:
    """Since which step a unit is dead, as exactly as it is known so far."""
    if death.from_start:
        return "the start"
    return f"{death.by:,}" if death.exact else f"{death.after + 1:,}–{death.by:,}"


def paint_list(painter: QPainter, style: Style, rect: QRectF, deaths: Sequence[Death],
               owner: Appearance, several: bool, focus: int | None) -> None:
    """One contestant's dead units, in the order in which they died."""
    title, metrics = face(style, 13, 500)
    paint_title(painter, style, rect, ("Dead now, since step",) if deaths else ("None is dead",),
                indent=style.px(17) if several else 0.0)
    if several:
        painter.setOpacity(owner.opacity)
        draw_marker(painter, owner.marker, rect.left() + style.px(6),
                    rect.top() + metrics.ascent() - metrics.capHeight() / 2, style.px(4.6),
                    owner.color)
        painter.setOpacity(1)
    font, small = face(style, 13, tabular=True)
    down = (style.px(LINE) + small.ascent() - small.descent()) / 2
    listed = entries(rect, style, deaths)
    painter.setFont(font)
    for entry in listed:
        mine = entry.death.unit == focus
        if mine:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(style.theme.raised))
            painter.drawRoundedRect(entry.rect.adjusted(-style.px(4), 0, style.px(4), 0),
                                    style.px(5), style.px(5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(style.theme.text if mine else style.theme.quiet))
        left, right = f"unit {entry.death.unit + 1}", when(entry.death)
        base = entry.rect.top() + down
        painter.drawText(QPointF(rect.left(), base), left)
        wide = small.horizontalAdvance(right)
        if wide + small.horizontalAdvance(left) + style.px(8) <= rect.width():
            painter.setPen(QColor(style.theme.text))
            painter.drawText(QPointF(rect.right() - wide, base), right)
    left_out = len(deaths) - len(listed)
    y = rect.top() + style.px(HEAD + len(listed) * LINE)
    if left_out and y + style.px(LINE) <= rect.bottom() + 1:
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(QPointF(rect.left(), y + down),
                         f"and {left_out} earlier" if listed else f"{left_out} units")


def paint_title(painter: QPainter, style: Style, rect: QRectF, texts: Sequence[str],
                indent: float = 0.0) -> None:
    """The longest of the texts that fits, over a plot or a list; none is cut."""
    font, metrics = face(style, 13, 500)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    for text in texts:
        if width_of(style, text, 13, 500) <= rect.width() - indent:
            painter.drawText(rect.topLeft() + QPointF(indent, metrics.ascent()), text)
            return


def list_height(style: Style, deaths: Sequence[Death]) -> float:
    """How high the list would like to be."""
    return style.px(HEAD + LINE * len(deaths))
