"""The panel of contestants: a card each, and buttons that add one or compare one with itself."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from engine.experiment import MOST_CONTESTANTS, Contestant, Experiment, NetworkContestant
from engine.optimizers import optimizers
from engine.snapshot import Snapshot

from ..theme import Style
from .card import Card
from .contestant_card import ContestantCard
from .elided import ElidedLabel
from .network_card import NetworkCard
from .one_change import possible_changes
from .schemes import shared_stack
from .shared_card import SharedCard


class Contestants(QWidget):
    """Cards for the race's contestants."""

    asked = pyqtSignal(int, str, object)
    """What a card asks, with the contestant's place; and ("compare", key), where `key` says which
    one thing is to be changed in a copy that is laid beside it, see `one_change`."""
    add_asked = pyqtSignal(str)
    rebuilt = pyqtSignal()
    """Cards were built anew: whatever had the keyboard's focus in them is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[Card] = []
        self._experiment: Experiment | None = None
        self._chosen: int | None = None
        self._schemes = False
        self.title = ElidedLabel("CONTESTANTS", "group")
        self.shared_title = ElidedLabel("ALL CONTESTANTS", "group")
        self.shared = SharedCard()
        self._inner = QVBoxLayout()
        self._inner.setSpacing(10)
        self.add = QPushButton("Add contestant")
        self.add.setAccessibleName("Add contestant")
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.add.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.compare = QPushButton("Compare with one change", self)
        self.compare.setAccessibleName("Compare with one change")
        self.changes = QMenu(self)
        self.compare.setMenu(self.changes)
        self.compare.hide()
        self.changes.aboutToShow.connect(self._fill_changes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for part in (self.shared_title, self.shared):
            part.hide()
            layout.addWidget(part)
        layout.addWidget(self.title)
        layout.addLayout(self._inner)
        layout.addWidget(self.add)

    @property
    def cards(self) -> list[Card]:
        """The cards, in the order of the race."""
        return self._cards

    def show_experiment(self, experiment: Experiment, chosen: int | None, style: Style) -> None:
        """Show the contestants; cards are rebuilt only when their controls change."""
        self._experiment, self._chosen = experiment, chosen
        contestants = experiment.contestants
        self._show_shared(experiment, style)
        kept = [card if card.index < len(contestants) and self._stays(
            card, contestants[card.index], chosen, style) else None for card in self._cards]
        if len(kept) != len(contestants) or None in kept:
            self._rebuild(kept, experiment, chosen, style)
        for card, contestant in zip(self._cards, contestants, strict=True):
            card.show_contestant(contestant)
        self._show_room(experiment)

    def _stays(self, card: Card, contestant: Contestant, chosen: int | None, style: Style) -> bool:
        """Whether a card can show a contestant as it is to be shown now."""
        alike = card.look == style and card.chosen == (chosen == card.index)
        if isinstance(card, NetworkCard) and card.scheme != self._schemes:
            return False
        return alike and card.fits(contestant)

    def _show_shared(self, experiment: Experiment, style: Style) -> None:
        """The card of what all have in common, where inits are compared."""
        network = experiment.problem.contestant is NetworkContestant
        stack = shared_stack(experiment, self._schemes) if network else None
        self._schemes = stack is not None
        for part in (self.shared_title, self.shared):
            part.setVisible(stack is not None)
        if stack is not None:
            self.shared.show_experiment(experiment, stack, style)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Write the losses of this moment on the cards."""
        if snapshot.experiment.problem.contestant is self._kind():
            for card, state in zip(self._cards, snapshot.contestants, strict=False):
                card.show_state(state)

    def _kind(self) -> type[Contestant] | None:
        return self._experiment.problem.contestant if self._experiment is not None else None

    def _rebuild(self, kept: Sequence[Card | None], experiment: Experiment, chosen: int | None,
                 style: Style) -> None:
        """Build the cards that are not kept: all of twelve would take a tenth of a second."""
        self._inner.removeWidget(self.compare)
        for card in self._cards:
            self._inner.removeWidget(card)
            if card not in kept:
                card.hide()
                card.deleteLater()
        self._cards = []
        for index, contestant in enumerate(experiment.contestants):
            old = kept[index] if index < len(kept) else None
            card = old or self._built(index, contestant, style, chosen == index)
            self._cards.append(card)
            self._inner.addWidget(card)
            if isinstance(card, NetworkCard) and chosen == index:
                self._inner.addWidget(self.compare)
        self.rebuilt.emit()

    def _built(self, index: int, contestant: Contestant, style: Style, chosen: bool) -> Card:
        card = (NetworkCard(index, contestant, style, chosen, self._schemes)
                if isinstance(contestant, NetworkContestant) else
                ContestantCard(index, contestant, style, chosen))
        card.asked.connect(lambda kind, value: self.asked.emit(index, kind, value))
        return card

    def _show_room(self, experiment: Experiment) -> None:
        """Say what is shared, and offer what there is room for."""
        network = experiment.problem.contestant is NetworkContestant
        self.title.setText("CONTESTANTS · SAME SEED, SAME BATCHES" if network else "CONTESTANTS")
        self.compare.setVisible(network and self._chosen is not None)
        room = len(experiment.contestants) < MOST_CONTESTANTS
        self.compare.setEnabled(room)
        self.compare.setToolTip(
            "A copy of this contestant with one thing changed, beside it" if room else
            f"There are {MOST_CONTESTANTS} contestants, and no room for more")

    def _fill_menu(self) -> None:
        if self._menu.isEmpty():
            for definition in optimizers.values():
                action = self._menu.addAction(definition.title)
                assert action is not None
                action.setToolTip(definition.doc)
                action.triggered.connect(
                    lambda _=False, name=definition.name: self._add(name))

    def _add(self, optimizer: str) -> None:
        """A network is added as a copy of another one: its layers must come from somewhere."""
        if self._experiment is None or self._kind() is not NetworkContestant:
            self.add_asked.emit(optimizer)
            return
        last = len(self._experiment.contestants) - 1
        index = last if self._chosen is None else self._chosen
        self.asked.emit(index, "compare", f"optimizer:{optimizer}")

    def _fill_changes(self) -> None:
        self.changes.clear()
        index, contestants = self._chosen, self._experiment.contestants if self._experiment else ()
        if index is None or index >= len(contestants):
            return
        contestant = contestants[index]
        assert isinstance(contestant, NetworkContestant)
        for change in possible_changes(contestant):
            action = self.changes.addAction(change.label)
            assert action is not None
            action.triggered.connect(
                lambda _=False, key=change.key: self.asked.emit(index, "compare", key))
