"""One network in the panel: who it is, how it stands, and all that can be set about it."""

from __future__ import annotations

from functools import partial
from math import isnan

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.contestant import Contestant
from engine.experiment import NetworkContestant
from engine.hyper import Hyper
from engine.inits import inits
from engine.network.state import NetworkState
from engine.snapshot import ContestantState

from ..numbers import number
from ..theme import Style
from .card import Card, Wish
from .choice_box import ChoiceBox
from .elided import ElidedLabel
from .hyper_rows import HyperRows
from .layer_list import LayerList
from .layer_stack import layers_of, nearest_stack, stack_of, summary
from .method import add_clip, add_hypers, add_optimizer, add_schedule
from .stack_controls import StackControls

PENALTIES = (
    Hyper("l1", 0.0, 0.0, 1e6, "log", slider=(0.0, 1.0),
          doc="Adds l1 · Σ|W| to the loss, over weights and not biases: many of them become 0."),
    Hyper("l2", 0.0, 0.0, 1e6, "log", slider=(0.0, 1.0),
          doc="Adds l2/2 · ΣW² to the loss, over weights and not biases: all of them stay small."),
)


class NetworkCard(Card):
    """Layers on a line and the learning rate; where it is chosen everything else too.

    Where inits are compared (`scheme`) the init takes the learning rate's place.
    """

    def __init__(self, index: int, contestant: Contestant, style: Style, chosen: bool,
                 scheme: bool = False) -> None:
        self.scheme = scheme
        super().__init__(index, contestant, style, chosen)

    def build(self, chosen: bool) -> None:
        self.layers: StackControls | LayerList | None = None
        self._one_by_one = False
        self._add_summary()
        hypers = self.contestant.optimizer.definition.hypers
        if self.scheme:
            self._add_init()
        else:
            add_hypers(self, hypers[:1])
        if chosen:
            self._add_layers()
            if not self.scheme:
                self.add_group("Init")
                self._add_init()
            self.add_group("Method")
            add_optimizer(self)
            add_hypers(self, hypers if self.scheme else hypers[1:])
            add_schedule(self)
            add_clip(self)
            for hyper in PENALTIES:
                self.add_row(hyper, partial(_set, hyper.name), partial(self._penalty, hyper.name))

    @property
    def network(self) -> NetworkContestant:
        """The contestant that is shown."""
        assert isinstance(self.contestant, NetworkContestant)
        return self.contestant

    def standing(self, state: NetworkState) -> tuple[str, str]:
        return (f"batch {number(state.loss)}",
                "The loss over the batch of the next step, as in training.")

    def show_state(self, state: ContestantState) -> None:
        super().show_state(state)
        assert isinstance(state, NetworkState)
        hidden = self.contestant.muted or state.diverged is not None
        self.test.setText("" if hidden else _tested(state))

    # ---- building

    def _penalty(self, name: str) -> float:
        return self.network.fields()[name]

    def _add_summary(self) -> None:
        self.summary, self.test = ElidedLabel(), QLabel()
        self.test.setObjectName("small")
        self.test.setToolTip("On rows that it is not trained on, as in use: dropout is off, batch "
                             "norm uses its running statistics.")
        line = QHBoxLayout()
        line.addWidget(self.summary, 1)
        line.addWidget(self.test)
        self.column.addLayout(line)
        self._shows.append(lambda: self.summary.setText(summary(self.network.layers)))

    def _add_layers(self) -> None:
        self.add_group("Layers")
        holder = QWidget()
        self._holder = QVBoxLayout(holder)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self._holder.setSpacing(6)
        self.column.addWidget(holder)
        self.one_by_one = QPushButton("Edit layer by layer")
        self.one_by_one.setAccessibleName(f"{self.contestant.name}, edit layer by layer")
        self.one_by_one.clicked.connect(lambda: self._list_layers(True))
        self.column.addWidget(self.one_by_one)
        self._shows.append(self._show_layers)

    def _show_layers(self) -> None:
        """Show the controls that the layers can have: a regular stack's, or one by one."""
        listed = self.network.layers
        wanted = LayerList if self._one_by_one or stack_of(listed) is None else StackControls
        if type(self.layers) is not wanted:
            self._replace_layers(wanted(self.contestant.name, self.look))
        assert self.layers is not None
        self.layers.show_layers(listed)
        self.one_by_one.setVisible(wanted is StackControls)

    def _replace_layers(self, controls: StackControls | LayerList) -> None:
        if self.layers is not None:
            self._holder.removeWidget(self.layers)
            self.layers.hide()
            self.layers.deleteLater()
        self.layers = controls
        controls.changed.connect(lambda layers: self.ask("set", {"layers": layers}))
        controls.released.connect(lambda: self.ask("release", None))
        if isinstance(controls, LayerList):
            controls.stack_asked.connect(lambda: self._list_layers(False))
        self._holder.addWidget(controls)

    def _list_layers(self, one_by_one: bool) -> None:
        self._one_by_one = one_by_one
        layers = self.network.layers
        if not one_by_one and stack_of(layers) is None:
            self.ask("set", {"layers": layers_of(nearest_stack(layers))})
        else:
            self._show_layers()

    def _add_init(self) -> None:
        box = ChoiceBox("init", self.contestant.name)
        box.add(inits.values())
        self.add_choice("init" if self.scheme else "weights", box,
                        lambda name: ("set", {"init": {"name": name}}),
                        lambda: self.network.init.name)
        rows = HyperRows(self.contestant.name)
        rows.changed.connect(lambda name, value: self.ask(
            "set", {"init": {**self.network.init.plain(), name: value}}))
        rows.released.connect(lambda: self.ask("release", None))
        self.init_rows = rows
        self.column.addWidget(rows)
        self._shows.append(lambda: rows.show_values(
            self.network.init.definition.hypers, self.network.init.hypers(), self.look))


def _set(name: str, value: float) -> Wish:
    return "set", {name: value}


def _tested(state: NetworkState) -> str:
    """How good it is on the test rows, if there are any."""
    test = state.test
    if isnan(test.loss):
        return ""
    return f"test {number(test.loss)}" if isnan(test.accuracy) else (
        f"test {100 * test.accuracy:.1f} %")
