"""The layers of a network one by one: each with its sliders, removed, or followed by another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.layers import layers
from engine.network.choices import LayerChoice

from ..icons import icon
from ..theme import Style
from .elided import ElidedLabel
from .hyper_rows import HyperRows
from .layer_stack import in_sentence, summary

# Sliders of more layers than these are shown only where a layer is opened.
OPEN_AT_ONCE = 12


class LayerLine(QWidget):
    """One layer: its name, buttons, and the rows of its hyperparameters where it is open."""

    changed = pyqtSignal(str, object)
    released = pyqtSignal()
    remove_asked = pyqtSignal()
    insert_asked = pyqtSignal()

    def __init__(self, place: int, layer: LayerChoice, owner: str, style: Style,
                 opened: bool) -> None:
        super().__init__()
        self._style, self._opened, self._layer = style, opened, layer
        self._owner = f"{owner} layer {place + 1} {in_sentence(layer.definition.title)}"
        self._place = place
        size = round(style.px(16))
        self.title = ElidedLabel(name="layer")
        self.fold = QToolButton()
        self.fold.setAccessibleName(f"{self._owner}, settings")
        self.fold.setToolTip("Show or hide what can be set about this layer")
        self.fold.clicked.connect(self._fold)
        self.fold.setVisible(bool(layer.definition.hypers))
        self.insert = QToolButton()
        self.insert.setIcon(icon("plus", style.theme.quiet, size))
        self.insert.setAccessibleName(f"{self._owner}, add a layer behind it")
        self.insert.setToolTip("Add a layer behind this one")
        self.insert.clicked.connect(self.insert_asked)
        self.remove = QToolButton()
        self.remove.setIcon(icon("x", style.theme.quiet, size))
        self.remove.setAccessibleName(f"{self._owner}, remove")
        self.remove.setToolTip("Remove this layer")
        self.remove.clicked.connect(self.remove_asked)
        for button in (self.fold, self.insert, self.remove):
            button.setIconSize(QSize(size, size))
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.title, 1)
        for button in (self.fold, self.insert, self.remove):
            line.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._column.addLayout(line)
        self.hypers: HyperRows | None = None
        self.show_layer(layer)

    def show_layer(self, layer: LayerChoice) -> None:
        """Show the values of a layer of the same kind."""
        self._layer = layer
        title = in_sentence(layer.definition.title)
        # Closed, it tells its width or rate; open, its sliders do.
        text = title if self._opened else summary([layer])
        named = text if text.startswith(title) else f"{title} {text}"
        parts = [f"{self._place + 1}   {named}"]
        if layer.own_init is not None:
            parts.append(f"{layer.own_init.definition.title} init")
        if layer.rate_factor != 1:
            parts.append(f"lr × {layer.rate_factor:g}")
        self.title.setText(" · ".join(parts))
        name = "chevron-up" if self._opened else "chevron-down"
        self.fold.setIcon(icon(name, self._style.theme.quiet, round(self._style.px(16))))
        if self._opened and self.hypers is None:
            self.hypers = HyperRows(self._owner)
            self.hypers.changed.connect(self.changed)
            self.hypers.released.connect(self.released)
            self._column.addWidget(self.hypers)
        if self.hypers is not None:
            self.hypers.show_values(layer.definition.hypers, layer.hypers(), self._style)
            self.hypers.setVisible(self._opened and bool(layer.definition.hypers))

    def open(self) -> None:
        """Show what can be set about it."""
        if not self._opened:
            self._fold()

    def _fold(self) -> None:
        self._opened = not self._opened
        self.show_layer(self._layer)


class LayerList(QWidget):
    """Any layers at all."""

    changed = pyqtSignal(object)
    """The layers that are wished for, as an experiment lists them."""
    released = pyqtSignal()
    stack_asked = pyqtSignal()
    """They are to be a regular stack."""

    def __init__(self, owner: str, style: Style) -> None:
        super().__init__()
        self._owner, self._style = owner, style
        self.setAccessibleName(f"{owner} layers")
        self._layers: tuple[LayerChoice, ...] = ()
        self._structure: object = None
        self.lines: list[LayerLine] = []
        self._inner = QVBoxLayout()
        self._inner.setSpacing(3)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self._after = 0
        self.add = QPushButton("Add layer")
        self.add.setAccessibleName(f"{owner}, add layer")
        self.add.clicked.connect(lambda: self._open_menu(len(self.lines), self.add))
        self.regular = QPushButton("As a regular stack")
        self.regular.setAccessibleName(f"{owner}, layers as a regular stack")
        self.regular.setToolTip("The same block again and again, in the likeness of these layers")
        self.regular.clicked.connect(self.stack_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._inner)
        column.addWidget(self.add)
        column.addWidget(self.regular)

    def show_layers(self, listed: Sequence[LayerChoice]) -> None:
        """Show layers; lines are built anew only where others are needed."""
        self._layers = tuple(listed)
        structure = [layer.kind for layer in listed]
        if structure != self._structure:
            self._structure = structure
            self._rebuild()
        for line, layer in zip(self.lines, listed, strict=True):
            line.show_layer(layer)

    def _rebuild(self) -> None:
        for line in self.lines:
            self._inner.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        opened = len(self._layers) <= OPEN_AT_ONCE
        for place, layer in enumerate(self._layers):
            line = LayerLine(place, layer, self._owner, self._style, opened)
            line.changed.connect(lambda name, value, p=place: self._set(p, name, value))
            line.released.connect(self.released)
            line.remove_asked.connect(lambda p=place: self._remove(p))
            line.insert_asked.connect(
                lambda p=place, line=line: self._open_menu(p + 1, line.insert))
            self.lines.append(line)
            self._inner.addWidget(line)

    def _plain(self) -> list[dict[str, Any]]:
        return [layer.plain() for layer in self._layers]

    def _set(self, place: int, name: str, value: float) -> None:
        listed = self._plain()
        listed[place][name] = value
        self.changed.emit(listed)

    def _remove(self, place: int) -> None:
        listed = self._plain()
        del listed[place]
        self.changed.emit(listed)

    def _insert(self, kind: str) -> None:
        listed = self._plain()
        listed.insert(self._after, {"kind": kind})
        self.changed.emit(listed)

    def _open_menu(self, after: int, button: QWidget) -> None:
        """Ask which layer is to be put in at a place."""
        self._after = after
        if self.menu.isEmpty():
            for definition in layers.values():
                action = self.menu.addAction(definition.title)
                assert action is not None
                action.setToolTip(definition.doc)
                action.triggered.connect(
                    lambda _=False, kind=definition.name: self._insert(kind))
        self.menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
