"""What is marked on a map of settings: contestants that are its pixels, and what theory knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter

from engine.experiment import Experiment
from engine.hyper import Hyper
from engine.maps.theory import Quadratic

from ..theme import Style
from . import hyper_axis
from .chips import Chip, paint_chips
from .heads import short
from .markers import draw_marker
from .settings_theory import kept_inside, paint_theory, place
from .view import Appearance

# The mouse is on a mark, in design units, as near as that.
GRIP = 12.0
# A marker with its border, and a name beside it, are as far from a map's edge.
WHOLE = 15.0


@dataclass(frozen=True)
class Mark:
    """A contestant, and where on the map its own settings are."""

    appearance: Appearance
    at: QPointF


def marks_of(experiment: Experiment, asked: Sequence[Experiment | None], whose: int,
             shown: Sequence[Appearance | None], axes: tuple[Hyper, Hyper], body: QRectF,
             style: Style) -> list[Mark]:
    """The contestants whose runs the map has: those that differ from its own in the axes alone.

    `asked` has for each contestant what its own map would hang on, None where it has no such axes.
    """
    found = []
    for appearance in shown:
        if appearance is None or asked[appearance.index] != asked[whose]:
            continue
        hypers = experiment.contestants[appearance.index].optimizer.hypers()
        if all(hyper_axis.inside(axis, hypers[axis.name]) for axis in axes):
            at = kept_inside(place(body, axes, hypers), body, style.px(WHOLE))
            found.append(Mark(appearance, at))
    return found


def mark_at(marks: Sequence[Mark], pixel: QPointF, style: Style) -> Mark | None:
    """The one under the mouse."""
    return next((mark for mark in marks if QPointF.dotProduct(
        pixel - mark.at, pixel - mark.at) < style.px(GRIP) ** 2), None)


def paint_marks(painter: QPainter, body: QRectF, axes: tuple[Hyper, Hyper], marks: Sequence[Mark],
                experiment: Experiment, whose: int, known: Quadratic | None, style: Style) -> None:
    """Contestants and theory, with words beside them where there is room."""
    radius = style.px(9)
    taken = [_around(mark.at, radius) for mark in marks]
    chips = [Chip((short(mark.appearance.name),), (mark.at,), style.px(13),
                  mark.appearance.opacity) for mark in marks]
    painter.save()
    painter.setClipRect(body)
    if known is not None:
        optimizer = experiment.contestants[whose].optimizer
        theory = paint_theory(painter, body, axes, optimizer.definition, optimizer.hypers(), known,
                              style)
        # Nothing is to lie over the target of the fastest pair either.
        taken += [_around(at, style.px(14)) for chip in theory for at in chip.places
                  if len(chip.places) == 1]
        chips += theory
    for mark in marks:
        shown = mark.appearance
        painter.setOpacity(shown.opacity)
        draw_marker(painter, shown.marker, mark.at.x(), mark.at.y(), style.px(7.5), shown.color,
                    QColor(style.theme.card))
        painter.setOpacity(1)
    paint_chips(painter, body, chips, taken, style)
    painter.restore()


def _around(at: QPointF, radius: float) -> QRectF:
    return QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
