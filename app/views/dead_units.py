"""Which units are dead, who they were, and since which step: over the data, and over the run.

Over two inputs each unit's line is drawn among the rows, marked to the side where it is on; other
data have a bar a unit. A unit is dead that is at rest on every training row, and nothing of a
gradient reaches it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.layers import Activation
from engine.network.death_series import Death, DeathSeries
from engine.network.resting import Activity, resting_layers
from engine.network.state import NetworkState
from engine.snapshot import Snapshot

from ..theme import Style
from .cloud import paint_cloud
from .dead_units_layout import Body, Layout, arranged
from .death_course import Count, course_axes, entries, paint_course, paint_list, when
from .kept import Kept
from .layer_owner import (
    Owner,
    chip_at,
    paint_chips,
    place_in,
    place_words,
)
from .map_frame import MapFrame
from .panel_grid import paint_head, percent, say
from .plane_extent import Plane
from .plot import round_corners
from .seeking import SeekingView
from .unit_plane import UnitLines, paint_lines, paint_region, unit_lines
from .unit_strip import in_order, paint_scale, paint_strip, unit_at
from .view import Look, ViewDefinition, appearances

REACH = 9.0


class DeadUnits(SeekingView):
    """A panel a contestant; a click on a unit keeps it in focus, one on the run goes there."""

    def __init__(self) -> None:
        super().__init__()
        self._series = DeathSeries()
        self._kept = Kept()
        self._frame: MapFrame | None = None
        self._plane: Plane | None = None
        self._layers: Mapping[int, int] = {}
        self._owner: Owner | None = None
        self._layout = Layout()
        self._lines: dict[int, UnitLines] = {}
        self._hover: int | None = None
        self._complete = True

    # ---- words

    def note(self) -> str:
        frame, owner = self._frame, self._owner
        if frame is None or owner is None:
            return ""
        activity, focus = self._activity(owner.appearance.index), self._focus()
        if focus is None or focus >= len(activity.on):
            rows = f"{activity.rows:,} rows" if activity.rows == activity.of else (
                f"{activity.rows:,} of {activity.of:,} rows")
            return f"on for a share of {rows}" if self._complete else "still looking back"
        if not activity.dead[focus]:
            return f"unit {focus + 1} · on for {percent(float(activity.share[focus]))} of rows"
        death = next(d for d in self._deaths() if d.unit == focus)
        return f"unit {focus + 1} · dead since {when(death)} · gradient 0"

    def _focus(self) -> int | None:
        return self.look.unit if self._hover is None else self._hover

    # ---- numbers

    def restyled(self, style: Style) -> None:
        self._kept.clear()

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        shown = tuple(a for a in appearances(snapshot.experiment, self.style, look)
                      if a is not None)
        frame = self._frame = MapFrame(snapshot, look, self.style, shown, self._kept)
        data = frame.material.data
        self._plane = None if len(data.columns) != 2 else self._kept.of(
            "plane", snapshot.experiment, lambda: Plane(data, (0, 1)))
        having = [a for a in shown if resting_layers(frame.state(a))]
        self._layers = {a.index: place_in(frame.state(a), resting_layers(frame.state(a)),
                                          look.layer) for a in having}
        self._owner, self._lines = None, {}
        if having:
            chosen = frame.chosen() if frame.chosen() in having else having[0]
            state = frame.state(chosen)
            self._owner = Owner(chosen, state, resting_layers(state), self._layers[chosen.index],
                                len(having) == 1)
            self._complete = self._series.trace(snapshot, self._layers, self.patience())
            if not self._complete:
                self.go_on()
        self._arrange(frame)
        self.noted.emit()
        self.update()

    def _activity(self, index: int) -> Activity:
        assert self.snapshot is not None
        return self._series.now(self.snapshot, index)[self._layers[index]]

    def _deaths(self) -> tuple[Death, ...]:
        assert self.snapshot is not None and self._owner is not None
        return self._series.deaths(self.snapshot, self._owner.appearance.index, self._owner.place)

    def _counts(self, frame: MapFrame) -> list[Count]:
        return [Count(a, self._series.table(a.index, self._layers[a.index]),
                      int(self._activity(a.index).dead.sum()))
                for a in frame.shown if a.index in self._layers]

    # ---- layout

    def _arrange(self, frame: MapFrame) -> None:
        self._layout = Layout() if self._owner is None else arranged(
            frame, QRectF(self.rect()), self._owner, self._plane, self._deaths(), live=self.live)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        frame, owner = self._frame, self._owner
        if frame is None or self.style is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if owner is None:
            say(painter, self.rect(), self._absence(frame), frame.style)
            return
        style, snapshot = frame.style, frame.snapshot
        if self._layout.headed:
            kind = owner.state.training.network.layers[owner.place].definition.title
            words = f"{kind} {place_words(owner.state, owner.place)}"
            paint_chips(painter, style, self._layout.chips, words)
        for body in self._layout.bodies:
            self._paint_body(painter, frame, body)
        several = len(self._layers) > 1
        if self._layout.course is not None:
            paint_course(painter, style, self._layout.course, self._counts(frame), snapshot.step,
                         snapshot.experiment.steps)
        if self._layout.listed is not None:
            paint_list(painter, style, self._layout.listed, self._deaths(), owner.appearance,
                       several, self._focus())

    @staticmethod
    def _absence(frame: MapFrame) -> str:
        if not frame.shown:
            return "Every contestant is muted"
        if any(resting_layers(state) for state in frame.snapshot.contestants):
            return "Every contestant whose units can be at rest is muted"
        return _never_at_rest(*map(frame.state, frame.shown))

    def _paint_body(self, painter: QPainter, frame: MapFrame, body: Body) -> None:
        style, appearance = frame.style, body.panel.appearance
        index = appearance.index
        if index not in self._layers:
            paint_head(painter, body.panel.head, appearance, (), frame.lost(appearance), style)
            say(painter, body.panel.body, _never_at_rest(frame.state(appearance)), style)
            return
        activity = self._activity(index)
        count, units = int(activity.dead.sum()), len(activity.on)
        paint_head(painter, body.panel.head, appearance, (
            f"{count:,} of {units:,} dead", f"{count:,} dead", f"{count:,}"),
            frame.lost(appearance), style)
        focus = self._focus()
        focus = focus if focus is not None and focus < units else None
        if body.extent is None:
            self._paint_bars(painter, style, body, activity, focus)
            return
        self._paint_plane(painter, frame, body, activity, focus)
        if body.strip is not None:
            painter.setOpacity(appearance.opacity)
            paint_strip(painter, style, body.strip, activity, in_order(activity, False), focus,
                        appearance.color)
            painter.setOpacity(1)

    def _paint_plane(self, painter: QPainter, frame: MapFrame, body: Body, activity: Activity,
                     focus: int | None) -> None:
        assert body.extent is not None and self._plane is not None
        style, appearance, rect = frame.style, body.panel.appearance, body.main
        state, place = frame.state(appearance), self._layers[appearance.index]
        prepared = self._plane.prepared(body.extent)
        key = (*frame.moment(appearance), place, body.extent, rect.width(), rect.left(),
               rect.top(), focus)
        lines = frame.kept.of(("lines", appearance.index), key, lambda: unit_lines(
            state, place, prepared, rect, activity.dead, focus))
        self._lines[appearance.index] = lines
        painter.fillRect(rect, QColor(style.theme.raised))
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        if focus is not None:
            color = QColor(style.theme.warning) if activity.dead[focus] else appearance.color
            painter.setOpacity(appearance.opacity)
            paint_region(painter, state, place, focus, prepared, rect, lines.planes, color)
        painter.setOpacity(appearance.opacity)
        paint_cloud(painter, rect, body.extent, frame, self._plane)
        paint_lines(painter, style, lines, activity.dead, focus, appearance.color,
                    appearance.opacity)
        painter.restore()
        round_corners(painter, rect, style.px(8), QColor(style.theme.card))

    @staticmethod
    def _paint_bars(painter: QPainter, style: Style, body: Body, activity: Activity,
                    focus: int | None) -> None:
        painter.setOpacity(body.panel.appearance.opacity)
        paint_strip(painter, style, body.main, activity, in_order(activity, True), focus,
                    body.panel.appearance.color)
        painter.setOpacity(1)
        if body.main.left() > body.panel.body.left():
            paint_scale(painter, style, body.main, "units, by the share of rows they are on for")

    # ---- mouse

    def unit_under(self, pixel: QPointF) -> int | None:
        """The unit whose line, bar or entry of the list is under a pixel."""
        assert self.style is not None
        for body in self._layout.bodies:
            index = body.panel.appearance.index
            if index not in self._layers:
                continue
            bars = body.main if body.extent is None else body.strip
            activity = self._activity(index)
            if bars is not None and (found := unit_at(
                    bars, in_order(activity, body.extent is None), self.style, pixel)) is not None:
                return found
            if body.extent is not None and body.main.contains(pixel) and index in self._lines:
                return self._lines[index].nearest(pixel, self.style.px(REACH))
        listed = self._layout.listed
        if listed is not None and listed.contains(pixel):
            return next((entry.death.unit for entry in entries(
                listed, self.style, self._deaths()) if entry.rect.contains(pixel)), None)
        return None

    def hoverEvent(self, event: Any) -> None:
        if self._frame is None or self._owner is None:
            return
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)
        unit = None if event.isExit() else self.unit_under(event.pos())
        if unit != self._hover:
            self._hover = unit
            self.update()
            self.noted.emit()

    def takes_click(self, pixel: QPointF) -> bool:
        if self._owner is None:
            return False
        chip, unit = chip_at(self._layout.chips, pixel), self.unit_under(pixel)
        chosen = next((body.panel.appearance.index for body in self._layout.bodies
                       if body.panel.head.contains(pixel)), None)
        if chip is not None:
            self.asked.emit("layer", chip.place)
        elif unit is not None:
            self.asked.emit("unit", None if unit == self.look.unit else unit)
        elif chosen is not None:
            self.asked.emit("choose", chosen)
        else:
            return False
        return True

    def step_at(self, pixel: QPointF, begun: QPointF) -> float | None:
        frame = self._frame
        if self._layout.course is None or frame is None or not self._layout.course.contains(begun):
            return None
        return course_axes(self._layout.course, frame.style, self._counts(frame),
                           frame.snapshot.experiment.steps).x_of(pixel.x())


def _never_at_rest(*states: NetworkState) -> str:
    functions = sorted({layer.definition.title for state in states
                        for layer in state.training.network.layers
                        if isinstance(layer.definition, Activation)})
    if not functions:
        return "Without an activation function there is no unit that could be at rest"
    if len(functions) == 1:
        return f"{functions[0]} has no value at which it rests: its units never die"
    return (f"{', '.join(functions[:-1])} and {functions[-1]} have no value at which they rest: "
            "their units never die")


dead_units = ViewDefinition(
    "dead-units", "Dead units",
    "The rows with each ReLU's line, which units are dead, since when, and how many over the run.",
    DeadUnits, weight=(1.7, 1.3), kinds=frozenset({"network"}),
)
