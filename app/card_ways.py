"""Cards on their way from one layout to the next: each is seen once, wherever it is.

A card that is in both layouts goes from place to place. It is drawn at its two sizes only, since
views lay out their panels, ticks and words anew for every size and would snap on the way: a second
card with the first size's picture lies below it, both are stretched into the place that they have
come to, and the one gives way to the other. What is in one layout only fades.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor

from PyQt6.QtCore import QRectF

from .card import Card

STAYING = 2.0
"""A card that fades begins to at half the way: what comes lies over it, and both half seen would
let the ground through."""
IN, OUT = (0.3, 0.6), (0.45, 0.75)
"""The shares of a card's way within which its new picture comes, over the old one, and that goes:
briefly, since its words are in two places then."""
LEAVING, GLIDING = -1.0, 1.0
"""How high cards lie that fade, and from where on those that go from place to place; others: 0."""


class CardWays:
    """Puts cards where they have come to, and keeps those that are leaving; `make` makes one."""

    def __init__(self, make: Callable[[str], Card]) -> None:
        self._make = make
        self._leaving: dict[str, Card] = {}

    @property
    def leaving(self) -> list[Card]:
        """Cards with a picture of the layout before, which go out of sight."""
        return list(self._leaving.values())

    def leave(self, name: str, card: Card) -> None:
        """Take a card that the next layout has not; what it has drawn is used."""
        if name in self._leaving:
            put_away(card)
        else:
            self._take(name, card)

    def _take(self, name: str, card: Card) -> None:
        card.setEnabled(False)
        self._leaving[name] = card

    def put(self, cards: Mapping[str, Card], before: Mapping[str, QRectF],
            after: Mapping[str, QRectF], share: float) -> None:
        """Put cards a share, 0 to 1, of the way from their places to others; with no places before
        they are at once where they shall be."""
        leaving = {name: place for name, place in before.items()
                   if name not in after or after[name].size() != place.size()}
        for name in [name for name in self._leaving if name not in leaving]:
            put_away(self._leaving.pop(name))
        # A view says what to note when it has been painted, and unseen it is not.
        come = _share_within(share, IN)
        # Where two cards cross, one lies over the other as a whole.
        height = {name: GLIDING + 2 * order for order, name in enumerate(after)}
        for name, place in leaving.items():
            if name not in self._leaving:
                self._take(name, self._make(name))
            card = self._leaving[name]
            if name in after:
                card.draw_as(place.size(), head=come == 0)
                card.setZValue(height[name])
                card.setGeometry(between(place, after[name], share))
                card.fade(1.0, view=1 - _share_within(share, OUT))
            else:
                card.draw_as(None)
                card.setZValue(LEAVING)
                card.setGeometry(place)
                card.fade(min(1.0, STAYING * (1 - share)))
        for name, place in after.items():
            card, start = cards[name], before.get(name, place)
            glides = name in leaving
            # The ground is that of the card below.
            card.draw_as(place.size() if glides else None, ground=not glides,
                         head=not glides or come > 0)
            card.setZValue(0.0 if start == place else height[name] + 1)
            card.setGeometry(between(start, place, share))
            card.fade(1.0 if name in before or not before else share,
                      view=come if glides else 1.0)


def between(start: QRectF, end: QRectF, share: float) -> QRectF:
    """A share of the way from one place to another, in whole pixels."""
    def edge(one: float, other: float) -> float:
        return float(floor(one + share * (other - one) + 0.5))

    left, top = edge(start.left(), end.left()), edge(start.top(), end.top())
    return QRectF(left, top, edge(start.right(), end.right()) - left,
                  edge(start.bottom(), end.bottom()) - top)


def put_away(card: Card) -> None:
    """Take a card off its scene."""
    card.setParentItem(None)
    if card.scene() is not None:
        card.scene().removeItem(card)


def _share_within(share: float, part: tuple[float, float]) -> float:
    """How much of a part of the way is behind, 0 to 1."""
    return min(max((share - part[0]) / (part[1] - part[0]), 0.0), 1.0)
