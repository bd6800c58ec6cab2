"""What can be chosen about a view, as segments on its card and as entries of a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PyQt6.QtCore import QPoint, QRectF
from PyQt6.QtWidgets import QMenu

from .quantity_choice import Segment


@dataclass(frozen=True)
class Choice:
    """One thing to choose: what `asked` is to carry, its word on a card, its title in a menu."""

    kind: str
    value: Any
    text: str
    chosen: bool
    title: str

    def called(self, text: str) -> Choice:
        """The same by another word."""
        return replace(self, text=text)

    def at(self, rect: QRectF) -> Segment:
        """It as a segment of a card."""
        return Segment(self.kind, self.value, self.text, self.chosen, rect)


MORE = Choice("more", None, "…", False, "More")
"""Stands for those choices that a card has no room for."""


def fill(menu: QMenu, groups: Sequence[Sequence[Choice]], ask: Callable[[str, Any], Any]) -> None:
    """Add choices to a menu, a line between two groups of several, those in force with a tick."""
    before = 1
    for group in groups:
        if len(group) > 1 or before > 1:
            menu.addSeparator()
        before = len(group)
        for choice in group:
            action = menu.addAction(choice.title)
            assert action is not None
            action.setCheckable(True)
            action.setChecked(choice.chosen)
            action.triggered.connect(partial(_ask, ask, choice))


def show(groups: Sequence[Sequence[Choice]], ask: Callable[[str, Any], Any], at: QPoint) -> None:
    """Let something be chosen from a menu at a place on the screen."""
    menu = QMenu()
    fill(menu, groups, ask)
    menu.exec(at)
    menu.deleteLater()


def _ask(ask: Callable[[str, Any], Any], choice: Choice, *_: Any) -> None:
    ask(choice.kind, choice.value)
