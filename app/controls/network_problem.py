"""The panel of a network's problem: its data, and how all contestants are trained on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QStandardItemModel
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from engine.data.choice import DrawnPoints
from engine.errors import TrainscopeError
from engine.experiment import MOST_STEPS, Experiment, NetworkProblem
from engine.hyper import Hyper
from engine.losses import losses
from engine.network.problem import MOST_BATCH
from engine.network.row_counts import row_counts

from ..theme import LIGHT, Style
from .choice_box import ChoiceBox, labelled
from .data_card import DataCard
from .hyper_rows import HyperRows, as_kept, row_of
from .slider import HyperRow
from .toggle import Toggle

OWNER = "training"
BATCH = Hyper("batch", 32, 0, MOST_BATCH, "log", unit="rows", slider=(1, 512), whole=True,
              doc="How many rows each step sees; 0 takes the whole training set.")
STEPS = Hyper("steps", 2000, 1, MOST_STEPS, "log", slider=(10, 100_000), whole=True,
              doc="How many steps the race lasts; every contestant gets as many gradients.")
LARGEST_SEED = 2**31 - 1


class NetworkPanel(QWidget):
    """Controls for everything that the contestants share."""

    asked = pyqtSignal(str, object)
    """("problem", {field: value}), ("experiment", {field: value}), ("release", None), and
    ("data", path) for a file that is to be the dataset; ("draw", on or off), and what `Brushes`
    asks for while points are drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        # The batch that was set, and the smaller one that few rows have made of it.
        self._wanted_batch, self._capped_batch = 0, -1
        self.data = DataCard()
        self.data.asked.connect(self._data_asked)
        self.refusal = QLabel()
        self.refusal.setObjectName("warning")
        self.refusal.setWordWrap(True)
        self.refusal.hide()
        training = QFrame()
        training.setObjectName("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for title, card in (("DATA", self.data), ("TRAINING", training)):
            label = QLabel(title)
            label.setObjectName("group")
            column.addWidget(label)
            column.addWidget(card)
            if card is self.data:
                column.addWidget(self.refusal)
                column.addSpacing(12)
        self._column = QVBoxLayout(training)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(6)
        self._add_loss()
        self._add_batch()
        self._add_precision()
        self.steps = self._row(STEPS)
        self.steps.changed.connect(
            lambda value: self.asked.emit("experiment", {"steps": int(value)}))
        self._add_seed()

    @property
    def problem(self) -> NetworkProblem:
        """The problem that is shown."""
        assert self._experiment is not None
        assert isinstance(self._experiment.problem, NetworkProblem)
        return self._experiment.problem

    def show_experiment(self, experiment: Experiment, style: Style) -> None:
        """Show the values in force."""
        self._experiment = experiment
        problem = self.problem
        self.refuse("")
        counts, rows = self._counted(problem, experiment.seed)
        self.data.show_problem(problem, counts, style)
        self._show_losses(problem, experiment.seed)
        self.loss_rows.show_values(problem.loss.definition.hypers, problem.loss.hypers(), style)
        if problem.batch != self._capped_batch:
            self._wanted_batch, self._capped_batch = problem.batch, -1
        for row in (self.batch, self.steps):
            row.restyle(style)
        # The slider ends where the rows do; the field takes what the file would.
        if rows and self.batch.hyper.slider != (1, max(2, min(rows, 512))):
            self.batch.hyper = replace(BATCH, slider=(1, max(2, min(rows, 512))))
        self.batch.set_value(problem.batch or rows)
        self.batch.setEnabled(problem.batch > 0)
        self.whole_set.restyle(style)
        self.whole_set.show_value(problem.batch == 0)
        self.precision.show_data(problem.precision)
        self.steps.set_value(experiment.steps)
        blocked = self.seed.blockSignals(True)
        self.seed.setValue(experiment.seed % (LARGEST_SEED + 1))
        self.seed.blockSignals(blocked)

    def refuse(self, sentence: str) -> None:
        """Show why the last entry was not taken, or nothing."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    # ---- building

    def _row(self, hyper: Hyper) -> HyperRow:
        row = row_of(hyper, OWNER, Style(LIGHT))
        row.released.connect(lambda: self.asked.emit("release", None))
        self._column.addWidget(row)
        return row

    def _add_loss(self) -> None:
        self.loss = ChoiceBox("loss", OWNER)
        self.loss.add(losses.values())
        self.loss.activated.connect(
            lambda _: self.asked.emit("problem", {"loss": {"name": self.loss.currentData()}}))
        self._column.addLayout(labelled("loss", self.loss))
        self.loss_rows = HyperRows(OWNER)
        self.loss_rows.changed.connect(lambda name, value: self.asked.emit(
            "problem", {"loss": {**self.problem.loss.plain(), name: value}}))
        self.loss_rows.released.connect(lambda: self.asked.emit("release", None))
        self._column.addWidget(self.loss_rows)

    def _add_batch(self) -> None:
        self.batch = self._row(BATCH)
        self.batch.changed.connect(
            lambda value: self.asked.emit("problem", {"batch": as_kept(BATCH, value)}))
        self.whole_set = Toggle("whole training set", OWNER,
                                "Every step sees all training rows: descent without noise.")
        self.whole_set.clicked.connect(self._whole_set_asked)
        self._column.addWidget(self.whole_set)

    def _add_precision(self) -> None:
        self.precision = ChoiceBox("precision", OWNER)
        for name, text in (("float32", "32 bits"), ("float64", "64 bits")):
            self.precision.addItem(text, name)
        self.precision.setToolTip("How many bits each number has; 64 are slower, and for checks")
        self.precision.activated.connect(lambda _: self.asked.emit(
            "problem", {"precision": self.precision.currentData()}))
        self._column.addLayout(labelled("precision", self.precision))

    def _add_seed(self) -> None:
        label = QLabel("seed")
        label.setObjectName("small")
        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setAccessibleName("seed")
        self.seed.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.seed.setToolTip("Everything random follows from this number: data, weights, batches "
                             "and masks.")
        self.seed.editingFinished.connect(self._seed_set)
        self.seed.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign,assignment,union-attr]
        row = QHBoxLayout()
        row.addWidget(label)
        row.addStretch()
        row.addWidget(self.seed)
        self._column.addLayout(row)

    # ---- showing

    def _counted(self, problem: NetworkProblem, seed: int) -> tuple[str, int]:
        """How many rows there are, in words, and how many of them are trained on."""
        dataset = problem.dataset
        if isinstance(dataset, DrawnPoints) and dataset.refusal:
            # Whoever draws is told on the plane what is missing.
            count = len(dataset.points)
            return f"{count:,} point{'s' * (count != 1)}", 0
        try:
            train, test = row_counts(problem, seed)
        except TrainscopeError as error:
            self.refuse(str(error))
            return "no rows", 0
        return f"{train:,} train · {test:,} test", train

    def _show_losses(self, problem: NetworkProblem, seed: int) -> None:
        """Show the loss, and grey out those that the data cannot have, each with its reason."""
        self.loss.show_data(problem.loss.name)
        model = self.loss.model()
        assert isinstance(model, QStandardItemModel)
        try:
            raw = problem.dataset.raw(seed)
        except TrainscopeError:
            return
        for place, definition in enumerate(losses.values()):
            refusal = definition.refusal(raw.task, len(raw.classes) or len(raw.targets))
            item = model.item(place)
            assert item is not None
            item.setEnabled(refusal is None)
            item.setToolTip(refusal or definition.doc)

    # ---- wishes

    def ask_problem(self, changes: dict[str, Any]) -> None:
        """Wish for changes of the problem, with a batch that the rows suffice for."""
        self.asked.emit("problem", self.with_batch(changes))

    def _data_asked(self, kind: str, value: Any) -> None:
        self.asked.emit(kind, self.with_batch(value) if kind == "problem" else value)

    def with_batch(self, changes: dict[str, Any]) -> dict[str, Any]:
        """The changes with a batch that the rows suffice for; more rows bring the old one back.

        Changes of data name it always, so that all of a slider's way is undone as one.
        """
        if self._wanted_batch == 0 or not {"dataset", "test_fraction"} & set(changes):
            return changes
        try:
            after = NetworkProblem(**self.problem.changed(changes))
            rows, _ = row_counts(after, self._experiment.seed if self._experiment else 0)
        except TrainscopeError:
            return changes
        batch = min(self._wanted_batch, rows)
        self._capped_batch = batch if batch < self._wanted_batch else -1
        return {**changes, "batch": batch}

    def _whole_set_asked(self, on: bool) -> None:
        _, rows = self._counted(self.problem, self._experiment.seed if self._experiment else 0)
        usual = min(int(BATCH.default), rows or int(BATCH.default))
        self.asked.emit("problem", {"batch": 0 if on else usual})

    def _seed_set(self) -> None:
        # Leaving the field untouched must not take the upper digits off a longer seed.
        if self._experiment is not None and (
                self.seed.value() != self._experiment.seed % (LARGEST_SEED + 1)):
            self.asked.emit("experiment", {"seed": self.seed.value()})
