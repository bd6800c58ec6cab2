"""The way of a unit's two weights: straight, or in a zig-zag where its inputs are all positive.

Shaded are the quadrants into which one row can move the weights, given the signs that its inputs
have; see `engine.network.weight_path` for why, and for what a batch may do beyond that.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter

from engine.network.weight_path import (
    UnitStep,
    WeightPath,
    WeightPaths,
    two_input_layers,
    unit_step,
)
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .faces import face
from .gradual import GradualView
from .kept import Kept
from .layer_owner import (
    HEAD,
    Chip,
    Owner,
    chip_at,
    layer_chips,
    layer_words,
    paint_chips,
    place_in,
    word_chips,
)
from .panel_grid import Panel, paint_head, panels, percent, say
from .plot import round_corners
from .quiet_axes import BOTTOM, LEFT, Extent, paint_bottom, paint_left
from .view import Appearance, Look, ViewDefinition, appearances
from .weight_plane import WeightPlane, WeightView, extent_of

LEAST_PANEL, LEAST_ALONE = 120.0, 24.0
# From these sizes of a body on it has a line of words below, and numbers on its axes.
LEAST_WITH_WORDS, LEAST_WITH_AXES = 110.0, (170.0, 150.0)
SIGNS = {1: "positive", -1: "negative"}


@dataclass(frozen=True, eq=False)
class Body:
    """A contestant's panel: its plane, and the line of words below, if there is room."""

    panel: Panel
    plane: QRectF
    words: QRectF | None
    axes: bool


class ZigZag(GradualView):
    """A panel a contestant; its layer and unit can be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._paths = WeightPaths()
        self._kept = Kept()
        self._planes: dict[int, WeightPlane] = {}
        self._shown: tuple[Appearance, ...] = ()
        self._units: dict[int, tuple[int, int]] = {}
        self._owner: Owner | None = None
        self._bodies: tuple[Body, ...] = ()
        self._layer_chips: tuple[Chip, ...] = ()
        self._unit_chips: tuple[Chip, ...] = ()
        self._headed = False
        self._complete = True

    # ---- words

    def note(self) -> str:
        if self._owner is None or not self._bodies:
            return ""
        path = self._path(self._bodies[0].panel.appearance.index)
        if not self._complete:
            return "still looking back"
        if path is not None and len(path.steps) > 1 and path.steps[1] > 1:
            return f"every {path.steps[1]:,}th step"
        return "shaded: where one row can move it"

    # ---- numbers

    def restyled(self, style: Style) -> None:
        self._planes = {}

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._shown = tuple(a for a in appearances(snapshot.experiment, self.style, look)
                            if a is not None)
        self._units = {}
        for appearance in self._shown:
            state = snapshot.contestants[appearance.index]
            if places := two_input_layers(state):
                place = place_in(state, places, look.layer)
                count = state.training.network.layers[place].fan_out
                unit = look.unit if look.unit is not None and look.unit < count else 0
                self._units[appearance.index] = place, unit
        having = [a for a in self._shown if a.index in self._units]
        self._owner = None
        if having:
            having.sort(key=lambda a: (a.name != look.highlight, a.index != look.chosen))
            state = snapshot.contestants[having[0].index]
            self._owner = Owner(having[0], state, two_input_layers(state),
                                self._units[having[0].index][0], len(having) == 1)
            self._complete = self._paths.follow(snapshot, self.patience(), tuple(self._units))
            if not self._complete:
                self.go_on()
        self._arrange(self.style)
        self.noted.emit()
        self.update()

    def _path(self, index: int) -> WeightPath | None:
        key = (self._paths.version, self._units[index])
        return self._kept.of(("path", index), key,
                             lambda: self._paths.path(index, *self._units[index]))

    def _step(self, index: int) -> UnitStep:
        assert self.snapshot is not None
        state = self.snapshot.contestants[index]
        key = (self.snapshot.experiment, state.step, self._units[index])
        return self._kept.of(("step", index), key, lambda: unit_step(state, *self._units[index]))

    # ---- layout

    def _arrange(self, style: Style) -> None:
        px, rect = style.px, QRectF(self.rect())
        self._bodies, self._layer_chips, self._unit_chips = (), (), ()
        self._headed = False
        owner = self._owner
        if owner is None:
            return
        if rect.height() >= px(170):
            place, unit = self._units[owner.appearance.index]
            units = owner.state.training.network.layers[place].fan_out
            if self.live:
                self._layer_chips = layer_chips(style, owner, rect.width(), 0.35 * rect.width())
                right = rect.width()
                if self._layer_chips:
                    right = self._layer_chips[0].rect.left() - px(62)
                self._unit_chips = word_chips(
                    style, [str(k + 1) for k in range(units)], range(units), unit, right,
                    min(0.4 * rect.width(), right - px(60)))
            self._headed = units > 1 or len(owner.places) > 1
            if self._headed:
                rect.setTop(rect.top() + px(HEAD) - px(2))
        grid = panels(self._shown, rect, 1.05, style, px(LEAST_PANEL))
        if not grid:
            grid = panels([owner.appearance], rect, 1.05, style, px(LEAST_ALONE))
        self._bodies = tuple(self._body(style, panel) for panel in grid)

    @staticmethod
    def _body(style: Style, panel: Panel) -> Body:
        px, plane, words = style.px, panel.body, None
        if plane.height() >= px(LEAST_WITH_WORDS):
            line = face(style, 13)[1].height()
            words = QRectF(plane.left(), plane.bottom() - line, plane.width(), line)
            plane = plane.adjusted(0, 0, 0, -line - px(4))
        axes = (plane.width() >= px(LEAST_WITH_AXES[0])
                and plane.height() >= px(LEAST_WITH_AXES[1]))
        if axes:
            plane = plane.adjusted(px(LEFT), 0, 0, -px(BOTTOM))
        # Whole pixels, as the picture of the way has.
        plane = QRectF(round(plane.left()), round(plane.top()), max(int(plane.width()), 8),
                       max(int(plane.height()), 8))
        return Body(panel, plane, words, axes)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        owner, style = self._owner, self.style
        if owner is None:
            say(painter, self.rect(), "No unit has two inputs; behind a layer of two units all have"
                if self._shown else "Every contestant is muted", style)
            return
        place, unit = self._units[owner.appearance.index]
        layer, = layer_words(owner.state, (place,))
        paint_chips(painter, style, self._layer_chips)
        words = f"Weights of unit {unit + 1}, layer {layer}" if self._headed else ""
        paint_chips(painter, style, self._unit_chips, words, label="unit")
        for body in self._bodies:
            self._paint_body(painter, style, body)

    def _paint_body(self, painter: QPainter, style: Style, body: Body) -> None:
        assert self.snapshot is not None
        appearance = body.panel.appearance
        index, state = appearance.index, self.snapshot.contestants[appearance.index]
        lost = state.diverged is not None
        if index not in self._units:
            paint_head(painter, body.panel.head, appearance, (), lost, style)
            say(painter, body.panel.body, "None of its units has two inputs", style)
            return
        step, path = self._step(index), self._path(index)
        so_far = None if path is None else path.until(state.step)
        paint_head(painter, body.panel.head, appearance, _agreement(so_far), lost, style)
        shown = WeightView(appearance, path, step, state.lr, state.step)
        extent: Extent = extent_of(shown, body.plane)
        self._planes.setdefault(index, WeightPlane()).paint(painter, style, body.plane, extent,
                                                            shown)
        round_corners(painter, body.plane, style.px(8), QColor(style.theme.card))
        if body.axes:
            paint_bottom(painter, body.plane, extent, style, "w₁")
            paint_left(painter, body.plane, extent, style, "w₂")
        if body.words is not None:
            _paint_words(painter, style, body.words, _said(step, so_far))

    # ---- mouse

    def mouseClickEvent(self, event: Any) -> None:
        at = event.pos()
        if (chip := chip_at(self._layer_chips, at)) is not None:
            wish: tuple[str, int] = ("layer", chip.place)
        elif (chip := chip_at(self._unit_chips, at)) is not None:
            wish = ("unit", chip.place)
        elif (index := self._contestant_at(at)) is not None:
            wish = ("choose", index)
        else:
            event.ignore()
            return
        event.accept()
        self.asked.emit(*wish)

    def _contestant_at(self, at: QPointF) -> int | None:
        return next((body.panel.appearance.index for body in self._bodies
                     if body.panel.head.united(body.panel.body).contains(at)), None)


def _agreement(path: WeightPath | None) -> tuple[str, ...]:
    """How often both components had one sign, from the longest text to the shortest."""
    if path is None or not isfinite(path.agreeing):
        return ()
    share = percent(round(path.agreeing, 2)) if 0.01 <= path.agreeing < 0.99 else percent(
        path.agreeing)
    share = share.replace(".0 %", " %")
    return f"components agree on {share} of steps", f"agree {share}"


def _said(step: UnitStep, path: WeightPath | None) -> tuple[str, ...]:
    """Why the way is as it is, and how much longer than the straight one."""
    first, second = step.signs
    if first * second == 0:
        why = "inputs of both signs"
    elif first == second:
        why = f"inputs all {SIGNS[first]}"
    else:
        why = "inputs of opposite signs"
    more = "" if first * second == 0 or step.one_sided else ", rows pull both ways"
    detour = path.detour if path is not None else float("nan")
    way = f" · {number(detour, 2)} × the direct way" if isfinite(detour) else ""
    return f"{why}{more}{way}", f"{why}{way}", why


def _paint_words(painter: QPainter, style: Style, rect: QRectF, texts: tuple[str, ...]) -> None:
    font, metrics = face(style, 13)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    for text in texts:
        if metrics.horizontalAdvance(text) <= rect.width():
            painter.drawText(QPointF(rect.left(), rect.bottom() - metrics.descent()), text)
            return


zig_zag = ViewDefinition(
    "zig-zag", "Zig-zag",
    "The way of a unit's two weights, and the quadrants that the signs of its inputs leave open.",
    ZigZag, weight=(1.4, 1.1), kinds=frozenset({"network"}),
)
