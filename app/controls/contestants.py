"""The panel of contestants: a card each, and a button that adds one."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from engine.experiment import Experiment
from engine.optimizers import optimizers
from engine.snapshot import Snapshot

from ..theme import Style
from .contestant_card import ContestantCard, structure_of


class Contestants(QWidget):
    """Cards for the race's contestants."""

    asked = pyqtSignal(int, str, object)
    """What a card asks, with the contestant's place."""
    add_asked = pyqtSignal(str)
    rebuilt = pyqtSignal()
    """Cards were built anew: whatever had the keyboard's focus in them is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[ContestantCard] = []
        self._style: Style | None = None
        self._shown: object = None
        title = QLabel("CONTESTANTS")
        title.setObjectName("group")
        self._inner = QVBoxLayout()
        self._inner.setSpacing(10)
        self.add = QPushButton("Add contestant")
        self.add.setAccessibleName("Add contestant")
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.add.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill_menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addLayout(self._inner)
        layout.addWidget(self.add)

    @property
    def cards(self) -> list[ContestantCard]:
        """The cards, in the order of the race."""
        return self._cards

    def show_experiment(self, experiment: Experiment, chosen: int | None, style: Style) -> None:
        """Show the contestants; cards are rebuilt only when their controls change."""
        structure = (style, chosen, tuple(structure_of(c) for c in experiment.contestants))
        if structure != self._shown:
            self._shown = structure
            self._rebuild(experiment, chosen, style)
        else:
            for card, contestant in zip(self._cards, experiment.contestants, strict=True):
                card.show_contestant(contestant)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Write the losses of this moment on the cards."""
        for card, state in zip(self._cards, snapshot.contestants, strict=False):
            card.show_state(state)

    def _rebuild(self, experiment: Experiment, chosen: int | None, style: Style) -> None:
        for card in self._cards:
            self._inner.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []
        for index, contestant in enumerate(experiment.contestants):
            card = ContestantCard(index, contestant, style, chosen == index)
            card.asked.connect(lambda kind, value, i=index: self.asked.emit(i, kind, value))
            self._cards.append(card)
            self._inner.addWidget(card)
        self.rebuilt.emit()

    def _fill_menu(self) -> None:
        if self._menu.isEmpty():
            for definition in optimizers.values():
                action = self._menu.addAction(definition.title)
                assert action is not None
                action.setToolTip(definition.doc)
                action.triggered.connect(
                    lambda _=False, name=definition.name: self.add_asked.emit(name))
