"""Where contestants begin, as rings on a surface that the mouse takes hold of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.experiment import Experiment, SurfaceContestant

from ..kinds import surface_of
from ..theme import Style
from .view import Appearance

Place = tuple[float, float]
# So near a ring, in design units, the mouse takes hold of it.
GRIP = 16.0


@dataclass(frozen=True)
class Start:
    """The race's start, or the own one of a contestant, whose appearance it has."""

    at: Place
    whose: Appearance | None = None

    @property
    def index(self) -> int | None:
        """Whose it is, None for the race's."""
        return self.whose.index if self.whose is not None else None

    def wish(self, at: Place) -> tuple[str, object]:
        """What a view asks for, to have it elsewhere."""
        return ("start", at) if self.whose is None else ("own_start", (self.whose.index, at))


def starts_of(experiment: Experiment, shown: Iterable[Appearance | None]) -> tuple[Start, ...]:
    """The race's start, and those that contestants who are shown have of their own."""
    found = [Start(surface_of(experiment).start)]
    for appearance in shown:
        if appearance is None:
            continue
        one = experiment.contestants[appearance.index]
        if isinstance(one, SurfaceContestant) and one.start is not None:
            found.append(Start(one.start, appearance))
    return tuple(found)


def start_at(starts: Sequence[Start], pixel: QPointF | None,
             to_pixel: Callable[[float, float], QPointF], style: Style) -> Start | None:
    """The start that the mouse can take hold of at a pixel: the nearest one."""
    if pixel is None:
        return None
    offsets = [pixel - to_pixel(*start.at) for start in starts]
    away = [float(np.hypot(offset.x(), offset.y())) for offset in offsets]
    place = int(np.argmin(away))
    return starts[place] if away[place] < style.px(GRIP) else None


def now(held: Start | None, starts: Iterable[Start]) -> Start | None:
    """The start that is held, where it is by now."""
    if held is None:
        return None
    return next((start for start in starts if start.index == held.index), None)


def paint_starts(painter: QPainter, starts: Iterable[Start],
                 to_pixel: Callable[[float, float], QPointF], style: Style,
                 held: Start | None = None) -> None:
    """A ring at each, larger where it can be taken hold of; own ones in their contestant's colour.
    """
    painter.setBrush(QColor(style.theme.card))
    for start in starts:
        own = start.whose
        painter.setOpacity(own.opacity if own is not None else 1.0)
        painter.setPen(QPen(own.color if own is not None else QColor(style.theme.text),
                            style.px(2.2)))
        radius = style.px((7 if own is None else 5.5) + (1.5 if start == held else 0))
        painter.drawEllipse(to_pixel(*start.at), radius, radius)
    painter.setOpacity(1)
