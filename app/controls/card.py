"""What the card of any contestant is: a head, why it diverged, and controls that announce wishes.

What kind of contestant it is, and so which controls there are and how it stands, is told by
`ContestantCard` (on a surface) and `NetworkCard`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from engine.contestant import Contestant
from engine.hyper import Hyper
from engine.snapshot import ContestantState

from ..theme import Style
from .card_head import CardHead
from .choice_box import ChoiceBox, labelled
from .hyper_rows import as_kept, row_of
from .slider import HyperRow

Wish = tuple[str, Any]


class Card(QFrame):
    """A card of controls; it announces wishes and changes nothing itself."""

    asked = pyqtSignal(str, object)
    """("choose", None), ("hyper", (name, value)), ("set", {field: value}), ("start", "race" or
    "own"), ("misread", sentence), ("duplicate", None), ("remove", None), ("release", None)."""

    def __init__(self, index: int, contestant: Contestant, style: Style, chosen: bool) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setProperty("chosen", chosen)
        self.setProperty("muted", contestant.muted)
        self.index, self.contestant, self.look, self.chosen = index, contestant, style, chosen
        self._rows: dict[str, HyperRow] = {}
        self._shows: list[Callable[[], None]] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 9, 12, 11)
        self.column.setSpacing(5)
        self.head = CardHead(index, contestant, style)
        self.head.asked.connect(self.ask)
        self.name, self.loss = self.head.name, self.head.standing
        self.column.addWidget(self.head)
        self.explanation = QLabel()
        self.explanation.setObjectName("warning")
        self.explanation.setWordWrap(True)
        self.explanation.hide()
        self.column.addWidget(self.explanation)
        self.build(chosen)
        self._structure = self.structure_of(contestant)
        self.show_contestant(contestant)

    # ---- what a kind of contestant adds

    def build(self, chosen: bool) -> None:
        """Add the controls to `column`."""
        raise NotImplementedError

    def structure_of(self, contestant: Contestant) -> Hashable:
        """What decides which controls there are."""
        schedule, clip = contestant.schedule, contestant.clip
        # The name is part of what every control is called to those who cannot see it.
        return (type(contestant), contestant.name, contestant.optimizer.name,
                schedule and schedule.name, clip and clip.by, contestant.color, contestant.muted)

    def standing(self, state: Any) -> tuple[str, str]:
        """How a contestant that has not diverged stands, in short and in a sentence."""
        raise NotImplementedError

    # ---- showing

    def fits(self, contestant: Contestant) -> bool:
        """Whether `show_contestant` will do; otherwise a new card is built."""
        return self.structure_of(contestant) == self._structure

    def show_contestant(self, contestant: Contestant) -> None:
        """Show a contestant's values; its structure is that of the one before."""
        self.contestant = contestant
        for show in self._shows:
            show()
        self.head.show_contestant(contestant)

    def show_state(self, state: ContestantState) -> None:
        """How it stands now, or why it does not."""
        lost, muted = state.diverged is not None, self.contestant.muted
        theme = self.look.theme
        self.explanation.setVisible(lost and not muted)
        if state.diverged is not None:
            self.explanation.setText(f"Step {state.diverged.step:,}: {state.diverged.quantity}. "
                                     f"{state.diverged.advice}")
            self.explanation.setToolTip(str(state.diverged))
        if muted:
            self.head.show_standing("muted", theme.quiet)
        elif lost:
            self.head.show_standing("diverged", theme.warning)
        else:
            text, doc = self.standing(state)
            self.head.show_standing(text, theme.quiet, doc)

    # ---- building

    def ask(self, kind: str, value: object) -> None:
        """Announce a wish; where it is refused the controls go back to what is in force."""
        self.asked.emit(kind, value)
        if kind in ("hyper", "set", "start", "misread", "release"):
            self.show_contestant(self.contestant)

    def add_row(self, hyper: Hyper, wish: Callable[[float], Wish], read: Callable[[], float],
                key: str = "", layout: QVBoxLayout | None = None) -> HyperRow:
        """A slider: what it asks for, and where its value is read."""
        row = row_of(hyper, self.contestant.name, self.look)
        row.changed.connect(lambda value: self.ask(*wish(as_kept(hyper, value))))
        row.released.connect(lambda: self.ask("release", None))
        self._rows[key or hyper.name] = row
        self._shows.append(lambda: row.set_value(read()))
        (layout or self.column).addWidget(row)
        return row

    def add_choice(self, text: str, box: ChoiceBox, wish: Callable[[Any], Wish],
                   read: Callable[[], Any]) -> None:
        """A box that is filled already."""
        box.activated.connect(lambda _: self.ask(*wish(box.currentData())))
        self._shows.append(lambda: box.show_data(read()))
        self.column.addLayout(labelled(text, box))

    def add_shown(self, widget: QWidget, show: Callable[[], None]) -> None:
        """A line of its own kind, and how it shows what is in force."""
        self._shows.append(show)
        self.column.addWidget(widget)

    def add_group(self, text: str) -> None:
        """The head of a group of controls."""
        label = QLabel(text.upper())
        label.setObjectName("group")
        gap = QWidget()
        gap.setFixedHeight(round(self.look.px(4)))
        self.column.addWidget(gap)
        self.column.addWidget(label)

    def mousePressEvent(self, event: Any) -> None:
        self.asked.emit("choose", None)
