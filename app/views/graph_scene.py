"""One contestant's network as a graph at one step: everything that is drawn, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF

from engine.network.flow import Flow
from engine.network.flow_place import FlowPlace
from engine.network.graph_columns import Column, columns, strongest, weights_between
from engine.network.state import NetworkState
from engine.network.unit_responses import Responses, responses
from engine.snapshot import Snapshot

from ..theme import Style
from .faces import width_of
from .graph_edges import Gap
from .graph_layout import CHIP_ROOM, NAME, Ask, GraphLayout, NodeColumn, arranged
from .kept import Kept
from .view import Look

# Edges between two columns; where there are more, each unit keeps its strongest.
MOST_EDGES = 96
LONGEST_NAME, NAMED_FROM = 84.0, 260.0


@dataclass(frozen=True, eq=False)
class GraphScene:
    """What a network's graph shows; numbers are computed once a step (`kept`), when asked for."""

    snapshot: Snapshot
    index: int
    look: Look
    style: Style
    body: QRectF
    kept: Kept

    @property
    def state(self) -> NetworkState:
        """The network; of one that diverged, at its last finite step."""
        state: NetworkState = self.snapshot.contestants[self.index]
        return state

    @property
    def moment(self) -> tuple[object, ...]:
        """What names the state: the same step of the same run is the same state."""
        return self.snapshot.experiment, self.index, self.state.step

    @cached_property
    def chain(self) -> tuple[Column, ...]:
        """All columns of the network."""
        network = self.state.training.network
        return self.kept.of("chain", (self.snapshot.experiment, self.index),
                            lambda: columns(network))

    @cached_property
    def place(self) -> FlowPlace | None:
        """Where the example's numbers are, if they flow."""
        return None if self.look.flow is None else FlowPlace.at(self.look.flow, len(self.chain) - 1)

    @cached_property
    def image(self) -> tuple[int, int] | None:
        """(height, width) of the inputs, where they are pictures."""
        return self.state.training.material.data.image

    @cached_property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of inputs and of outputs."""
        data = self.state.training.material.data
        outputs = self.chain[-1].width
        if data.task == "regression":
            return data.columns, data.targets
        if outputs == len(data.classes):
            return data.columns, tuple(map(str, data.classes))
        return data.columns, (f"logit of {data.classes[-1]}",)

    # ---- what is looked at

    @cached_property
    def chosen(self) -> tuple[int, int] | None:
        """The column and unit that the viewer chose."""
        if self.look.layer is None or self.look.unit is None:
            return None
        column = self._column_of(self.look.layer)
        if column is None or self.look.unit >= self.chain[column].width:
            return None
        return column, self.look.unit

    @cached_property
    def subject(self) -> tuple[int, int] | None:
        """The unit whose numbers are written out while they flow.

        It is the chosen one, of outputs that of the right class, or else the loudest.
        """
        place = self.place
        if place is None or not 1 <= place.column < len(self.chain):
            return None
        if self.chosen is not None and self.chosen[0] == place.column:
            return self.chosen
        if self._wanted is not None and self._wanted[0] == place.column:
            return self._wanted
        entry = next((e for e in self.layout.columns if e.number == place.column), None)
        if entry is None:
            return None
        values = np.abs(np.nan_to_num(self.flow.activations(place.column)[list(entry.units)]))
        values = np.where(self.flow.kept[place.column][list(entry.units)], values, -1.0)
        return place.column, entry.units[int(values.argmax())]

    def _column_of(self, layer: int) -> int | None:
        return next((c.number for c in self.chain[1:] if layer in c.places), None)

    @cached_property
    def layout(self) -> GraphLayout:
        """Where everything lies."""
        focus = 1
        if self.place is not None:
            focus = min(self.place.column, len(self.chain) - 1)
        elif self.look.layer is not None:
            focus = self._column_of(self.look.layer) or 1
        ask = Ask(focus, self._kept_units, self.place is not None, self.image is not None,
                  self._margins)
        key = (self.snapshot.experiment, self.index, self.body, self.style, ask)
        return self.kept.of("layout", key,
                            lambda: arranged(self.chain, self.body, self.style, ask))

    @property
    def _kept_units(self) -> tuple[tuple[int, int], ...]:
        """Units that must have nodes: the chosen one, and the class that the example should have.
        """
        return tuple(unit for unit in (self.chosen, self._wanted) if unit is not None)

    @cached_property
    def _wanted(self) -> tuple[int, int] | None:
        """The output of the class that the flowing example should have, if each has its own."""
        classes = self.state.training.material.data.classes
        if self.place is None or len(self.names[1]) != len(classes):
            return None
        return len(self.chain) - 1, int(self.flow.target[0])

    @cached_property
    def _margins(self) -> tuple[float, float]:
        style = self.style
        if self.body.width() < style.px(NAMED_FROM):
            return 0.0, style.px(CHIP_ROOM) if self.place is not None else 0.0
        most = min(style.px(LONGEST_NAME), 0.16 * self.body.width())
        left, right = (min(max((width_of(style, name, NAME) for name in names[:64]), default=0.0)
                           + style.px(8), most) for names in self.names)
        # A class has its colour before its name.
        dot = style.px(12) if self.state.training.material.data.task == "classes" else 0.0
        dot += style.px(CHIP_ROOM) if self.place is not None else 0.0
        return 0.0 if self.image is not None else left, right + dot

    # ---- what is known

    @cached_property
    def responses(self) -> Responses:
        """Maps of the shown units, unless inputs are pictures, and who is dead."""
        wanted = {} if self.image is not None else {e.number: e.units for e in self.layout.columns}
        finest = 24 if self.layout.side > 30 * self.style.unit else 16
        key = (*self.moment, tuple(wanted.items()), finest)
        return self.kept.of("responses", key, lambda: responses(self.state, wanted, finest))

    @cached_property
    def flow(self) -> Flow:
        """The example's numbers."""
        key = (*self.moment, self.look.example)
        return self.kept.of("flow", key, lambda: Flow(self.state, self.look.example))

    @cached_property
    def spot(self) -> tuple[float, float] | None:
        """Where the example lies on a map, as shares from the left and from the top, if it does.

        On a curve only the first says something.
        """
        if self.place is None or self.image is not None or self.responses.over == "components":
            return None
        left, right, bottom, top = self.responses.extent
        across = (float(self.flow.inputs[0]) - left) / (right - left)
        down = 0.5 if self.responses.over == "line" else (
            (top - float(self.flow.inputs[1])) / (top - bottom))
        return (across, down) if 0 <= across <= 1 and 0 <= down <= 1 else None

    @cached_property
    def masked(self) -> bool:
        """Whether there is a dropout that may blank units out."""
        return any(layer.definition.name == "dropout" and layer.hypers["rate"] > 0
                   for layer in self.state.training.network.layers)

    def alive(self, entry: NodeColumn) -> NDArray[np.bool_]:
        """Which of a column's shown units the step's mask keeps, (u,)."""
        if not self.masked:
            return np.ones(len(entry.units), bool)
        if self.image is not None and entry.number == 0:
            return np.ones(1, bool)
        return self.flow.kept[entry.number][list(entry.units)]

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What joins neighbouring columns."""
        shown = self.layout.columns
        return tuple(self._gap(before, after)
                     for before, after in zip(shown, shown[1:], strict=False) if not after.skipped)

    def _gap(self, before: NodeColumn, after: NodeColumn) -> Gap:
        plain = self.image is not None and before.number == 0
        sources = np.arange(before.column.width) if plain else np.array(before.units)
        key = (*self.moment, tuple(before.units), tuple(after.units))
        weights = self.kept.of(("weights", after.number), key, lambda: weights_between(
            self.state, before.column, after.column, sources, np.array(after.units)))
        if plain:
            # All pixels of a picture arrive along one edge.
            with np.errstate(over="ignore", invalid="ignore"):
                weights = np.sqrt(np.square(weights).sum(axis=1, keepdims=True))
        drawn = strongest(weights, MOST_EDGES)
        for entry, axis in ((after, 0), (before, 1)):
            if self.chosen is not None and self.chosen[0] == entry.number:
                # All edges of the unit that is looked at.
                place = entry.units.index(self.chosen[1])
                which = (place, slice(None)) if axis == 0 else (slice(None), place)
                drawn[which] = np.isfinite(weights[which]) & (weights[which] != 0)
        drawn &= self.alive(after)[:, None] & self.alive(before)[None]
        size = np.where(np.isfinite(weights), np.abs(weights), 0.0)
        return Gap(before, after, weights, size / max(float(size.max(initial=0.0)), 1e-300), drawn,
                   plain)

    def carried(self, gap: Gap) -> NDArray[np.float64]:
        """What runs along each edge of a gap, (t, s): weight times activation, or gradient."""
        assert self.place is not None
        with np.errstate(over="ignore", invalid="ignore"):
            if self.place.backward:
                values = self.flow.gradients(gap.after.number)[list(gap.after.units)]
                return np.asarray(gap.weights * values[:, None], np.float64)
            if gap.plain:
                return np.asarray(gap.weights, np.float64)
            values = self.flow.activations(gap.before.number)[list(gap.before.units)]
            return np.asarray(gap.weights * values[None], np.float64)
