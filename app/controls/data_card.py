"""The data that networks learn from, in the panel: which, how many rows, how they are prepared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.data.affine import STEPS, Step
from engine.data.choice import DatasetChoice, DrawnPoints, FileData
from engine.data.prepare import MOST_TEST
from engine.datasets import datasets
from engine.hyper import Hyper
from engine.network.problem import NetworkProblem

from ..theme import LIGHT, Style
from ..views.draft import Draft
from .brushes import Brushes
from .choice_box import ChoiceBox, labelled
from .elided import ElidedLabel
from .hyper_rows import HyperRows, row_of
from .toggle import Toggle

OWNER = "data"
OWN = "own"
DATA_FILES = "Data (*.csv *.npz *.gz *.idx *ubyte);;All files (*)"
TEST = Hyper("test share", 0.3, 0.0, MOST_TEST,
             doc="The share of all rows that nothing is trained on, to test with.")
DRIFT = Hyper("drift", 0.5, -1000.0, 1000.0, slider=(-2.0, 2.0), unit="per 1,000 steps",
              doc="How far the inputs move in 1,000 steps: a distance for a shift, turns for a "
                  "rotation, factors of 2 for light.")
PREPARATIONS: Mapping[Step, tuple[str, str]] = {
    "center": ("centre", "Subtract each input's mean over the training rows."),
    "scale": ("scale", "Divide each input by its standard deviation over the training rows."),
    "whiten": ("whiten", "Turn the inputs to their principal axes and make them equally wide: they "
                         "are uncorrelated then, with variance 1."),
}


class DataCard(QFrame):
    """Controls for the dataset; they announce changes of the problem."""

    asked = pyqtSignal(str, object)
    """("problem", {field: value}), ("release", None), ("data", path) for a file to be read,
    ("images", None) for a folder of them, ("draw", on or off), and what `Brushes` asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._problem: NetworkProblem | None = None
        self._draft: Draft | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(6)
        self._add_dataset()
        self.test = row_of(TEST, OWNER, Style(LIGHT))
        self.test.changed.connect(
            lambda value: self.asked.emit("problem", {"test_fraction": value}))
        self.test.released.connect(self._released)
        self._column.addWidget(self.test)
        self.preparations: dict[Step, Toggle] = {}
        together = QWidget()
        together.setAccessibleName(f"{OWNER} preprocess")
        column = QVBoxLayout(together)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._column.spacing())
        for step in STEPS:
            text, doc = PREPARATIONS[step]
            toggle = Toggle(text, OWNER, doc)
            toggle.clicked.connect(lambda _: self._prepared())
            self.preparations[step] = toggle
            column.addWidget(toggle)
        self._column.addWidget(together)
        self._add_drift()

    def show_problem(self, problem: NetworkProblem, counts: str, style: Style) -> None:
        """Show the values in force; `counts` tells how many rows there are."""
        self._problem = problem
        self._show_dataset(problem, style)
        self.show_draft(self._draft, style)
        self.counts.setText(counts)
        self.test.restyle(style)
        self.test.set_value(problem.test_fraction)
        for step, toggle in self.preparations.items():
            toggle.restyle(style)
            toggle.show_value(step in problem.preprocess)
        drift = problem.drift
        self.drift.show_data(drift.kind if drift is not None else None)
        self.rate.restyle(style)
        self.rate.setVisible(drift is not None)
        if drift is not None:
            self.rate.set_value(drift.per_1000_steps)

    def show_draft(self, draft: Draft | None, style: Style) -> None:
        """Show whether points are being drawn, and with which brush."""
        self._draft = draft
        self.draw.restyle(style)
        self.draw.show_value(draft is not None)
        self.brushes.setVisible(draft is not None)
        if draft is not None:
            self.brushes.show_draft(draft, style)

    def _show_dataset(self, problem: NetworkProblem, style: Style) -> None:
        dataset = problem.dataset
        while (own := self.dataset.findData(OWN)) >= 0:
            self.dataset.removeItem(own)
        if isinstance(dataset, DatasetChoice):
            self.dataset.show_data(dataset.name)
            self.dataset.setToolTip(dataset.definition.doc)
            self.hypers.show_values(dataset.definition.hypers, dataset.hypers(), style)
            return
        title, doc = described(dataset)
        self.dataset.addItem(title, OWN)
        self.dataset.show_data(OWN)
        self.dataset.setToolTip(doc)
        self.hypers.show_values((), {}, style)

    # ---- building

    def _add_dataset(self) -> None:
        self.dataset = ChoiceBox("dataset", OWNER)
        self.dataset.add(sorted(datasets.values(), key=lambda definition: definition.title))
        self.dataset.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.dataset.activated.connect(lambda _: self._chosen())
        self.counts = ElidedLabel()
        self.hypers = HyperRows(OWNER)
        self.hypers.changed.connect(self._hyper_set)
        self.hypers.released.connect(self._released)
        self.open = QPushButton("Open data…")
        self.open.setToolTip("A CSV file, an NPZ file with x and y, or images and labels as MNIST "
                             "has them (IDX)")
        self.open.clicked.connect(self._ask_for_file)
        self.images = QPushButton("Images…")
        self.images.setToolTip("A folder of pictures, with a subfolder for each class")
        self.images.clicked.connect(lambda _: self.asked.emit("images", None))
        self.draw = Toggle("draw points", OWNER, "Draw, paint and erase points on the decision map "
                           "with the mouse, beginning with those that are there (D)")
        self.draw.clicked.connect(lambda on: self.asked.emit("draw", on))
        self.brushes = Brushes()
        self.brushes.asked.connect(self.asked)
        self.brushes.hide()
        for widget in (self.dataset, self.counts, self.hypers):
            self._column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.open, 1)
        row.addWidget(self.images)
        self._column.addLayout(row)
        self._column.addWidget(self.draw)
        self._column.addWidget(self.brushes)

    def _add_drift(self) -> None:
        self.drift = ChoiceBox("drift", OWNER)
        for text, kind in (("off", None), ("shift", "shift"), ("rotation", "rotation"),
                           ("light", "light")):
            self.drift.addItem(text, kind)
        self.drift.setToolTip("Inputs that move while they are learnt, as those of a camera that "
                              "is pushed, or at dusk")
        self.drift.activated.connect(lambda _: self._drift_chosen())
        self._column.addLayout(labelled("drift", self.drift))
        self.rate = row_of(DRIFT, OWNER, Style(LIGHT))
        self.rate.changed.connect(self._rate_set)
        self.rate.released.connect(self._released)
        self._column.addWidget(self.rate)

    # ---- wishes

    def _released(self) -> None:
        self.asked.emit("release", None)

    def _chosen(self) -> None:
        name = self.dataset.currentData()
        if name != OWN:
            self.asked.emit("problem", {"dataset": {"name": name}})

    def _hyper_set(self, name: str, value: float) -> None:
        assert self._problem is not None
        self.asked.emit("problem", {"dataset": {**self._problem.dataset.plain(), name: value}})

    def _prepared(self) -> None:
        steps = tuple(step for step, toggle in self.preparations.items() if toggle.isChecked())
        self.asked.emit("problem", {"preprocess": steps})

    def _drift_chosen(self) -> None:
        assert self._problem is not None
        kind, drift = self.drift.currentData(), self._problem.drift
        if kind is None or drift is None or kind != drift.kind:
            rate = DRIFT.default if drift is None else drift.per_1000_steps
            self.asked.emit("problem", {
                "drift": None if kind is None else {"kind": kind, "per_1000_steps": rate}})

    def _rate_set(self, value: float) -> None:
        assert self._problem is not None and self._problem.drift is not None
        drift = self._problem.drift.plain()
        self.asked.emit("problem", {"drift": {**drift, "per_1000_steps": value}})

    def _ask_for_file(self) -> None:
        dataset = self._problem.dataset if self._problem is not None else None
        folder = str(Path(dataset.file).parent) if isinstance(dataset, FileData) else ""
        path, _ = QFileDialog.getOpenFileName(self, "Open data", folder, DATA_FILES)
        if path:
            self.asked.emit("data", path)


def described(dataset: FileData | DrawnPoints) -> tuple[str, str]:
    """What data of the user's own are called, and where they come from."""
    if isinstance(dataset, DrawnPoints):
        return "Drawn by hand", f"{len(dataset.points):,} points drawn by hand"
    target = f"\nTo be learnt: {', '.join(dataset.target)}" if dataset.target else ""
    return dataset.title, f"{dataset.file}{target}"
