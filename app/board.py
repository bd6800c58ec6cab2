"""Cards with views on them, laid out in rows: in the window, on stage and in films alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QPoint, QRectF, pyqtSignal

from engine.snapshot import Snapshot

from .arrangement import Arrangement, Rows, usual
from .board_gaps import Gaps
from .card import Card
from .card_ways import CardWays, put_away
from .docking import Docking
from .layouts import LAB
from .theme import Style
from .view_head import CLOSE, FLOAT, MAXIMISE, RESTORE
from .views import Look, View, views

GAP = 16.0


class Board(pg.GraphicsWidget):
    """Rows of cards that fill a rectangle by their weights; one of them may be maximised.

    Views on a `live` board can be clicked. On a `movable` one cards can be arranged by the mouse;
    what that comes to is announced, and shown for good once it is handed to `arrange`.
    """

    asked = pyqtSignal(str, object)
    """A wish of a view."""
    arranged = pyqtSignal(object, str)
    """Another Arrangement is wished for; what that is called in Undo."""
    card_asked = pyqtSignal(str, str)
    """"close" or "float", and a view's name."""
    menu_asked = pyqtSignal(str, QPoint)
    """A view's menu is wished for, at a place on the screen."""

    def __init__(self, rows: Rows | Arrangement = LAB["surface"], *, live: bool = False,
                 movable: bool = False) -> None:
        super().__init__()
        self._live, self._movable, self._whole = live, movable, not live
        self._style: Style | None = None
        self._arrangement = Arrangement(())
        self._start, self._share = Arrangement(()), 1.0
        self._cards: dict[str, Card] = {}
        self._ways = CardWays(self._made)
        self._away: frozenset[str] = frozenset()
        self.maximised: str | None = None
        self._shown: tuple[Snapshot, Look, bool] | None = None
        self._turn = 0
        self.gaps = Gaps(self)
        self.docking = Docking(self)
        self.arrange(rows)

    # ---- what is on it

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The names of the views, row by row."""
        return self._arrangement.names

    @property
    def arrangement(self) -> Arrangement:
        """How the cards lie."""
        return self._arrangement

    def arrange(self, rows: Rows | Arrangement) -> None:
        """Show other views, or the same ones in other places, where they go on as they were.

        Raises UnknownName for a view that does not exist.
        """
        wanted = rows if isinstance(rows, Arrangement) else usual(rows)
        self.slide(wanted, wanted, 1.0)

    def slide(self, start: Arrangement, end: Arrangement, share: float) -> None:
        """Show a share of the way, 0 to 1, from one arrangement to another.

        A card that is in both goes from place to place; one that is in one of them fades where it
        was, or comes up where it will be. None is ever drawn at a size between its two: the picture
        of the first is stretched on the way, and gives way to that of the second.
        """
        if share >= 1 or start == end:
            start, share = end, 1.0
        if (start, end, share) == (self._start, self._arrangement, self._share):
            return
        made = {name: self._made(name) for name in end.views if name not in self._cards}
        if self.docking.name not in (None, *end.views):
            self.docking.cancel()
        for name in [name for name in self._cards if name not in end.views]:
            card = self._cards.pop(name)
            if share < 1 and name in start.views:
                self._ways.leave(name, card)
            else:
                put_away(card)
        self._cards |= made
        self._start, self._arrangement, self._share = start, end, share
        self._away &= frozenset(end.views)
        if self.maximised not in end.views:
            self.maximised = None
        self._arrange()
        self._draw_again()

    def _made(self, name: str) -> Card:
        card = Card(views[name], live=self._live, movable=self._movable)
        card.view.whole = self._whole
        card.setParentItem(self)
        card.view.asked.connect(self.asked)
        card.head.asked.connect(lambda what: self._card_asked(what, name))
        card.head.menu_asked.connect(lambda at: self.menu_asked.emit(name, at))
        card.head.dragged.connect(lambda at: self.docking.drag(name, at))
        card.head.dropped.connect(self.docking.drop)
        if self._style is not None:
            card.restyle(self._style)
        return card

    @property
    def _seen(self) -> list[Card]:
        """All cards that there are, those that fade included."""
        return [*self._cards.values(), *self._ways.leaving]

    def cards(self) -> list[Card]:
        """All cards, row by row."""
        return [self._cards[name] for name in self._arrangement.views]

    def card(self, name: str) -> Card:
        """The card of a view on the board."""
        return self._cards[name]

    def view(self, name: str) -> View | None:
        """The view of that name, if the board shows it."""
        return self._cards[name].view if name in self._cards else None

    @property
    def measured(self) -> bool:
        """Whether a view shows what `Run.measure` measures on the way."""
        return any(card.definition.measured for card in self._seen)

    def set_away(self, names: frozenset[str]) -> None:
        """Views that are shown elsewhere: their places are taken by the others until they return.
        """
        self._away = names & frozenset(self._cards)
        if self.maximised in self._away:
            self.maximised = None
        self._arrange()
        self._draw_again()

    @property
    def gap(self) -> float:
        """Pixels between two cards."""
        return self._style.px(GAP) if self._style is not None else GAP

    def cancel_drag(self) -> bool:
        """Put back what is held; False if nothing is."""
        return self.docking.cancel() or self.gaps.cancel()

    # ---- showing

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self.gaps.restyle(style)
        self.docking.restyle(style)
        self._arrange()
        for card in self._seen:
            card.restyle(style)

    def draw(self, snapshot: Snapshot, look: Look, *, explained: bool = False, turns: int = 1
             ) -> None:
        """Show one snapshot in every view that is visible, or in those whose turn it is.

        `explained` says that the card which explains a step's arrows is to be seen elsewhere.
        """
        before, self._shown = self._shown, (snapshot, look, explained)
        if turns > 1 and (before is None or before[0].experiment is not snapshot.experiment
                          or before[1] != look):
            # Another race or another look is not to be seen on some of the cards only.
            turns = 1
        self._turn += 1
        if not explained and self.view("step-anatomy") is None:
            # Arrows at the ball mean nothing without the card that explains them.
            snapshot = replace(snapshot, anatomy=None)
        kind = snapshot.experiment.problem.kind
        for place, card in enumerate(card for card in self._seen if card.isVisible()):
            card.show_kind(kind)
            if card.fits and (place - self._turn) % turns == 0:
                card.view.draw(snapshot, look)

    def prepare(self, snapshot: Snapshot, look: Look) -> None:
        """Let every view that is visible work out what it needs of a snapshot, on any thread."""
        kind = snapshot.experiment.problem.kind
        for card in self._seen:
            # What fits the race shown last may not fit this one, and the other way round.
            if card.isVisible() and kind in card.definition.kinds:
                card.view.prepare(snapshot, look)

    def let_refine(self) -> None:
        """Show pictures that take long roughly at first, as a live board does."""
        self._whole = False
        for card in self._cards.values():
            card.view.whole = False

    @property
    def seen(self) -> bool:
        """Whether a widget shows it now."""
        scene = self.scene()
        return scene is not None and any(view.isVisible() for view in scene.views())

    @property
    def unfinished(self) -> bool:
        """Whether a view that is visible has something to `refine`."""
        return any(card.view.unfinished for card in self.cards()
                   if card.isVisible() and card.fits)

    def refine(self, stop: Callable[[], bool]) -> None:
        """Let every view that is visible work at a finer picture for a while, on any thread."""
        for card in self.cards():
            if card.isVisible() and card.fits and card.view.unfinished and not stop():
                card.view.refine(stop)

    def _draw_again(self) -> None:
        if self._shown is not None:
            snapshot, look, explained = self._shown
            self.draw(snapshot, look, explained=explained)

    def toggle_maximised(self, name: str) -> None:
        """Give one card the whole board, or the others their places back."""
        self.maximised = None if self.maximised == name else name
        self._arrange()
        self._draw_again()

    # ---- where everything lies

    def resizeEvent(self, event: Any) -> None:
        self._arrange()

    def present(self, arrangement: Arrangement | None = None) -> list[tuple[int, list[int]]]:
        """The rows that have cards to be seen, each with the columns of those."""
        names = self.rows if arrangement is None else arrangement.names
        found = [(place, [column for column, name in enumerate(row) if name not in self._away])
                 for place, row in enumerate(names)]
        return [(place, columns) for place, columns in found if columns]

    def _arrange(self) -> None:
        if self._style is None or not self._cards:
            return
        alone = sum(len(columns) for _, columns in self.present()) == 1
        for name, card in self._cards.items():
            card.setVisible(name not in self._away and self.maximised in (None, name))
            if self._movable:
                buttons = (RESTORE,) if self.maximised else (
                    (FLOAT,) if alone else (FLOAT, MAXIMISE, CLOSE))
                card.head.offer(buttons, movable=self.maximised is None and not alone)
        if self.maximised is not None:
            self._ways.put(self._cards, {}, {self.maximised: self.rect()}, 1.0)
            self.gaps.lay(())
            return
        places = self._places(self._arrangement)
        before = self._places(self._start) if self._share < 1 else {}
        self._ways.put(self._cards, before, places, self._share)
        self.gaps.lay(self.present() if self._movable and self._share == 1 else ())

    def _places(self, arrangement: Arrangement) -> dict[str, QRectF]:
        """Where an arrangement's cards lie that are to be seen."""
        rows, places = self.present(arrangement), {}
        heights = _shares([arrangement.rows[row].height for row, _ in rows],
                          self.rect().height(), self.gap) if rows else []
        for (row, columns), (top, height) in zip(rows, heights, strict=True):
            cells = [arrangement.rows[row].cells[column] for column in columns]
            widths = _shares([cell.width for cell in cells], self.rect().width(), self.gap)
            for cell, (left, width) in zip(cells, widths, strict=True):
                places[cell.name] = QRectF(left, top, width, height)
        return places

    def _card_asked(self, what: str, name: str) -> None:
        if what == "maximise":
            self.toggle_maximised(name)
        else:
            self.card_asked.emit(what, name)


def _shares(weights: Sequence[float], length: float, gap: float) -> list[tuple[float, float]]:
    """Whole pixels (start, length) by weight, with gaps between."""
    room = max(1.0, length - gap * (len(weights) - 1))
    total, parts, start = sum(weights), [], 0.0
    for weight in weights:
        share = room * weight / total
        parts.append((float(round(start)), float(round(start + share) - round(start))))
        start += share + gap
    return parts
