"""The layers of a network as a regular stack: a few controls that rewrite all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from engine.activations import activations
from engine.hyper import Hyper
from engine.layers import layers
from engine.network.choices import LayerChoice

from ..theme import Style
from .choice_box import ChoiceBox, labelled
from .hyper_rows import HyperRows, row_of
from .layer_stack import MOST_DEEP, Stack, in_sentence, layers_of, stack_of
from .slider import HyperRow
from .toggle import Toggle

DEPTH = Hyper("depth", Stack.depth, 0, MOST_DEEP, whole=True, unit="layers",
              doc="How many hidden layers there are; with none the network is linear.")
WIDTH = layers["dense"].hypers[0]
RATE = replace(layers["dropout"].hypers[0], name="dropout rate", default=0.0)


class StackControls(QWidget):
    """Depth, width, activation, norms and dropout of layers that are a regular stack."""

    changed = pyqtSignal(object)
    """The layers that are wished for, as an experiment lists them."""
    released = pyqtSignal()

    def __init__(self, owner: str, style: Style) -> None:
        super().__init__()
        self._style = style
        self._stack = Stack()
        self._tuned: dict[str, tuple[str, str]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)
        self.depth_row = self._row(DEPTH, owner)
        self.width_row = self._row(WIDTH, owner)
        self.activation = ChoiceBox("activation", owner)
        self.activation.add(activations.values())
        self.activation.addItem("None", None)
        self._column.addLayout(labelled("activation", self.activation))
        self.batch_norm = self._toggle("batch norm", owner, layers["batch-norm"].doc)
        self.layer_norm = self._toggle("layer norm", owner, layers["layer-norm"].doc)
        self.dropout = self._row(RATE, owner)
        self.tuning = HyperRows(owner)
        self._column.addWidget(self.tuning)
        self.depth_row.changed.connect(lambda value: self._ask(depth=int(value)))
        self.width_row.changed.connect(lambda value: self._ask(width=int(value)))
        self.activation.activated.connect(
            lambda _: self._ask(activation=self.activation.currentData()))
        self.batch_norm.clicked.connect(lambda on: self._ask(batch_norm=on))
        self.layer_norm.clicked.connect(lambda on: self._ask(layer_norm=on))
        self.dropout.changed.connect(lambda value: self._ask(dropout=value))
        self.tuning.changed.connect(self._tune)
        self.tuning.released.connect(self.released)

    def show_layers(self, listed: Sequence[LayerChoice]) -> None:
        """Show layers, which must be a regular stack."""
        stack = stack_of(listed)
        assert stack is not None
        # A network without hidden layers does not say what they were: width and activation are
        # remembered for when the depth goes up again.
        self._show(stack if stack.depth else replace(self._stack, depth=0))

    def _show(self, stack: Stack) -> None:
        self._stack = stack
        self.depth_row.set_value(stack.depth)
        self.width_row.set_value(stack.width)
        self.activation.show_data(stack.activation)
        self.batch_norm.show_value(stack.batch_norm)
        self.layer_norm.show_value(stack.layer_norm)
        self.dropout.set_value(stack.dropout or 0.0)
        self._show_tuning(stack)

    def _show_tuning(self, stack: Stack) -> None:
        """Rows for what the norms and the activation can be tuned by."""
        hypers: list[Hyper] = []
        values: dict[str, float] = {}
        self._tuned = {}
        for kind in stack.kinds:
            if kind not in ("dense", "dropout"):
                for hyper in layers[kind].hypers:
                    name = hyper.name if kind == stack.activation else (
                        f"{in_sentence(layers[kind].title)} {hyper.name}")
                    hypers.append(replace(hyper, name=name))
                    values[name] = stack.hypers(kind)[hyper.name]
                    self._tuned[name] = (kind, hyper.name)
        self.tuning.show_values(hypers, values, self._style)

    def _tune(self, name: str, value: float) -> None:
        self._wish(self._stack.with_hyper(*self._tuned[name], value))

    def _ask(self, **changes: object) -> None:
        stack = replace(self._stack, **changes)  # type: ignore[arg-type]
        kept = tuple(entry for entry in stack.tuned if entry[0] in stack.kinds)
        self._wish(replace(stack, tuned=kept, depth=min(stack.depth, stack.deepest)))

    def _wish(self, stack: Stack) -> None:
        if not stack.depth:
            self._stack = stack
        self.changed.emit(layers_of(stack))

    def _row(self, hyper: Hyper, owner: str) -> HyperRow:
        row = row_of(hyper, owner, self._style)
        row.released.connect(self.released)
        self._column.addWidget(row)
        return row

    def _toggle(self, text: str, owner: str, doc: str) -> Toggle:
        toggle = Toggle(text, owner, doc)
        toggle.restyle(self._style)
        self._column.addWidget(toggle)
        return toggle
