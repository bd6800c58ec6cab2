"""What all schemes of a depth lab share, on one card: each control moves every contestant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QMenu, QPushButton, QVBoxLayout

from engine.activations import activations
from engine.data.choice import DatasetChoice
from engine.experiment import MOST_CONTESTANTS, Experiment, NetworkProblem
from engine.inits import inits
from engine.layers import layers

from ..theme import LIGHT, Style
from .choice_box import ChoiceBox, labelled
from .hyper_rows import HyperRows, row_of
from .layer_stack import Stack
from .slider import HyperRow
from .stack_controls import DEPTH

OWNER = "all contestants"
SHARED_DEPTH = replace(DEPTH, low=1, slider=(2, DEPTH.high),
                       doc="How many hidden layers every contestant has.")
SHARED_WIDTH = replace(layers["dense"].hypers[0], slider=(10, 1000),
                       doc="How many units each hidden layer has.")
# What is sent through the layers: numbers as theory assumes them, or real images.
DATA: Mapping[str, dict[str, Any]] = {"normal-rows": {"name": "normal-rows"},
                                      "digits": {"name": "digits"}}
WORDS = {"normal-rows": "Normal rows", "digits": "Digits"}


class SharedCard(QFrame):
    """Depth, width, activation and data of all contestants at once, and more schemes."""

    stack_asked = pyqtSignal(object)
    """{field of a Stack: value}, for all contestants."""
    problem_asked = pyqtSignal(object)
    """{field of the problem: value}."""
    scheme_asked = pyqtSignal(str)
    """An init by name, for one more contestant."""
    released = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._problem: NetworkProblem | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 12)
        self._column.setSpacing(5)
        self.depth_row = self._row(SHARED_DEPTH)
        self.width_row = self._row(SHARED_WIDTH)
        self.depth_row.changed.connect(lambda value: self.stack_asked.emit({"depth": int(value)}))
        self.width_row.changed.connect(lambda value: self.stack_asked.emit({"width": int(value)}))
        self.activation = ChoiceBox("activation", OWNER)
        self.activation.add(activations.values())
        self.activation.addItem("None", None)
        self.activation.activated.connect(
            lambda _: self.stack_asked.emit({"activation": self.activation.currentData()}))
        self._column.addLayout(labelled("activation", self.activation))
        self.data = ChoiceBox("data", OWNER)
        self.data.activated.connect(self._data_chosen)
        self._column.addLayout(labelled("data", self.data))
        self.rows = HyperRows(OWNER)
        self.rows.changed.connect(self._data_set)
        self.rows.released.connect(self.released)
        self._column.addWidget(self.rows)
        self.add = QPushButton("Add an init")
        self.add.setAccessibleName("Add an init")
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        for definition in inits.values():
            action = self.menu.addAction(definition.title)
            assert action is not None
            action.setToolTip(definition.doc)
            action.triggered.connect(
                lambda _=False, name=definition.name: self.scheme_asked.emit(name))
        self.add.setMenu(self.menu)
        self._column.addWidget(self.add)

    def show_experiment(self, experiment: Experiment, stack: Stack, style: Style) -> None:
        """Show what is in force; `stack` is what all contestants have."""
        assert isinstance(experiment.problem, NetworkProblem)
        self._problem = experiment.problem
        for row in (self.depth_row, self.width_row):
            row.restyle(style)
        self.depth_row.set_value(stack.depth)
        self.width_row.set_value(stack.width)
        self.activation.show_data(stack.activation)
        self._show_data(experiment.problem, style)
        room = len(experiment.contestants) < MOST_CONTESTANTS
        self.add.setEnabled(room)
        self.add.setToolTip(
            "One more contestant, the same but for its init" if room else
            f"There are {MOST_CONTESTANTS} contestants, and no room for more")

    def _show_data(self, problem: NetworkProblem, style: Style) -> None:
        dataset = problem.dataset
        named = dataset if isinstance(dataset, DatasetChoice) else None
        name = named.name if named is not None else ""
        entries = [*WORDS.items(), *(() if name in WORDS else ((name, dataset.title),))]
        if [self.data.itemData(k) for k in range(self.data.count())] != [e for e, _ in entries]:
            self.data.clear()
            for key, words in entries:
                self.data.addItem(words, key)
        self.data.show_data(name)
        hypers = [hyper for hyper in named.definition.hypers
                  if hyper.name in ("samples", "inputs")] if named is not None else []
        self.rows.show_values(hypers, named.hypers() if named is not None else {}, style)

    def _row(self, hyper: Any) -> HyperRow:
        row = row_of(hyper, OWNER, Style(LIGHT))
        row.released.connect(self.released)
        self._column.addWidget(row)
        return row

    def _data_chosen(self) -> None:
        name = self.data.currentData()
        if name in DATA:
            self.problem_asked.emit({"dataset": dict(DATA[name])})

    def _data_set(self, name: str, value: float) -> None:
        assert self._problem is not None
        self.problem_asked.emit({"dataset": {**self._problem.dataset.plain(), name: value}})
