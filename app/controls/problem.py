"""The panel of the problem: which surface or formula, where to start, how noisy, how long."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.errors import FormulaError
from engine.experiment import Experiment
from engine.formula import check_formula
from engine.hyper import Hyper
from engine.surfaces import surfaces

from ..kinds import surface_of
from ..theme import Style
from .point_row import PointRow, as_numbers
from .slider import HyperRow, exact

NOISE = Hyper("noise", 0.0, 0.0, 1e6, "log", slider=(0.0, 10.0),
              doc="Standard deviation of the noise that is added to each gradient component; "
                  "all contestants get the same noise.")
STEPS = Hyper("steps", 500, 1, 1_000_000, "log", slider=(10, 20_000),
              doc="How many steps the race lasts; every contestant gets as many gradients.")
FORMULA = "formula"


class ProblemPanel(QWidget):
    """Controls for everything that the contestants share."""

    asked = pyqtSignal(str, object)
    """("problem", {field: value}), ("experiment", {field: value}), ("release", None)."""

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        title = QLabel("SURFACE")
        title.setObjectName("group")
        card = QFrame()
        card.setObjectName("card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addWidget(card)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(12, 12, 12, 12)
        inner.setSpacing(8)
        self._add_surface(inner)
        self._add_start(inner)
        self.noise = self._hyper_row(inner, NOISE, "gradient noise", "problem")
        self.steps = self._hyper_row(inner, STEPS, "steps", "experiment")
        self._add_seed(inner)

    def _add_surface(self, layout: QVBoxLayout) -> None:
        self.surface = QComboBox()
        self.surface.setAccessibleName("surface")
        for definition in surfaces.values():
            self.surface.addItem(definition.title, definition.name)
            self.surface.setItemData(self.surface.count() - 1, definition.doc,
                                     Qt.ItemDataRole.ToolTipRole)
        self.surface.addItem("A formula in x and y", FORMULA)
        self.surface.activated.connect(self._surface_chosen)
        self.surface.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign,assignment,union-attr]
        layout.addWidget(self.surface)
        self.formula = QLineEdit()
        self.formula.setAccessibleName("formula")
        self.formula.setPlaceholderText("(1 - x)**2 + 100*(y - x**2)**2")
        self.formula.editingFinished.connect(self._formula_typed)
        layout.addWidget(self.formula)
        self.refusal = QLabel()
        self.refusal.setObjectName("warning")
        self.refusal.setWordWrap(True)
        layout.addWidget(self.refusal)
        self.domain = [QLineEdit() for _ in range(4)]
        self._domain_rows = QWidget()
        grid = QGridLayout(self._domain_rows)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, field in enumerate(self.domain):
            axis, end = "xy"[place // 2], ("from", "to")[place % 2]
            field.setAccessibleName(f"domain {axis} {end}")
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.editingFinished.connect(self._domain_typed)
            label = QLabel(f"{axis} from" if place % 2 == 0 else "to")
            label.setObjectName("small")
            grid.addWidget(label, place // 2, 2 * (place % 2))
            grid.addWidget(field, place // 2, 2 * (place % 2) + 1)
        layout.addWidget(self._domain_rows)

    def _add_start(self, layout: QVBoxLayout) -> None:
        self.start = PointRow("start")
        self.start.typed.connect(lambda point: self.asked.emit("problem", {"start": point}))
        self.start.misread.connect(self.refuse)
        layout.addWidget(self.start)

    def _add_seed(self, layout: QVBoxLayout) -> None:
        row = QHBoxLayout()
        label = QLabel("seed")
        label.setObjectName("small")
        self.seed = QSpinBox()
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setAccessibleName("seed")
        self.seed.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.seed.setToolTip("Everything random in the race follows from this number.")
        self.seed.editingFinished.connect(
            lambda: self.asked.emit("experiment", {"seed": self.seed.value()}))
        row.addWidget(label)
        row.addStretch()
        row.addWidget(self.seed)
        layout.addLayout(row)

    def _hyper_row(self, layout: QVBoxLayout, hyper: Hyper, owner: str, target: str) -> HyperRow:
        row = HyperRow(hyper, owner)
        whole = hyper is STEPS
        row.changed.connect(lambda value: self.asked.emit(
            target, {hyper.name: max(1, round(value)) if whole else value}))
        row.released.connect(lambda: self.asked.emit("release", None))
        layout.addWidget(row)
        return row

    def show_experiment(self, experiment: Experiment, style: Style) -> None:
        """Show the values in force."""
        self._experiment = experiment
        problem = surface_of(experiment)
        typed = problem.formula is not None
        self.surface.setCurrentIndex(self.surface.findData(FORMULA if typed else problem.surface))
        self.formula.setVisible(typed)
        self._domain_rows.setVisible(typed)
        if typed and not self.formula.hasFocus():
            self.formula.setText(problem.formula)
        self.refuse("")
        self.start.show_point(problem.start)
        if typed and problem.domain is not None:
            for place, field in enumerate(self.domain):
                field.setText(exact(problem.domain[place // 2][place % 2]))
        for row in (self.noise, self.steps):
            row.restyle(style)
        self.noise.set_value(problem.noise)
        self.steps.set_value(experiment.steps)
        blocked = self.seed.blockSignals(True)
        self.seed.setValue(experiment.seed % 2**31)
        self.seed.blockSignals(blocked)

    def refuse(self, sentence: str) -> None:
        """Show why the last entry was not taken, or nothing."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    def _surface_chosen(self, _: int) -> None:
        name = self.surface.currentData()
        if name == FORMULA:
            self.asked.emit("problem", {"surface": None, "start": None, "formula": (
                "(1 - x)**2 + 100*(y - x**2)**2"), "domain": ((-2.0, 2.0), (-1.0, 3.0))})
        else:
            self.asked.emit("problem", {"surface": name, "formula": None, "domain": None,
                                        "start": None})

    def _formula_typed(self) -> None:
        if not self.formula.isModified():
            return
        self.formula.setModified(False)
        text = self.formula.text()
        try:
            check_formula(text)
        except FormulaError as error:
            self.refuse(error.sentence[:1].upper() + error.sentence[1:])
            # The character itself is selected: typing replaces it.
            self.formula.setSelection(error.position, 1)
            return
        self.refuse("")
        self.asked.emit("problem", {"formula": text})

    def _domain_typed(self) -> None:
        if not any(field.isModified() for field in self.domain):
            return
        try:
            values = as_numbers(self.domain)
        except ValueError as error:
            self.refuse(str(error))
        else:
            self.asked.emit("problem", {"domain": (values[:2], values[2:])})

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape and self._experiment is not None:
            self.refuse("")
        super().keyPressEvent(event)
