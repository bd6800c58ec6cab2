"""Choosing and arranging the views of the window: an edit of the picture that can be undone.

The board shows what the document says; what is done with the mouse, in the popup or by a menu comes
here and becomes an edit of the file's `[picture]`. Which views float in windows of their own is no
edit: their places on the board wait for them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PyQt6.QtCore import QObject, QPoint, pyqtSignal
from PyQt6.QtWidgets import QMenu, QWidget

from engine.errors import UnknownName
from engine.picture import Picture
from engine.snapshot import Snapshot

from .arrangement import Arrangement, Direction, Rows
from .board import Board
from .controls.views_popup import ViewsPopup
from .document import Document
from .floating import Floating
from .layouts import ARRANGEMENTS, LAB, Named, arranged_anew, lab_arrangement
from .theme import Style, Theme
from .views import Look, views
from .views.choice_menu import fill

MOVES: tuple[tuple[Direction, str], ...] = (
    ("left", "Move left"), ("right", "Move right"), ("up", "Move up"), ("down", "Move down"))


class Arranging(QObject):
    """Keeps the boards as the document says, and the document as the viewer arranges them."""

    refused = pyqtSignal(str)
    measured = pyqtSignal(bool)
    """Whether a view shows what is measured on the way."""
    asked = pyqtSignal(str, object)
    """A wish of a view that floats."""

    def __init__(self, document: Document, board: Board, stage: Board, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._board, self._stage, self._window = document, board, stage, window
        self._floating: dict[str, Floating] = {}
        self._theme: Theme | None = None
        self._drawn: tuple[Snapshot, Look] | None = None
        self._rough: list[Board] = []
        stage.let_refine()
        self._script: tuple[Rows, Rows, float] | None = None
        self.popup = ViewsPopup(window)
        self.popup.toggled.connect(self.toggle)
        self.popup.named.connect(self.take)
        self.popup.menu_asked.connect(self.show_menu)
        document.opened.connect(lambda: self.follow_script((), (), 1.0))
        document.rewritten.connect(lambda *_: self._rewritten())
        document.changed.connect(lambda _: self.follow())
        board.arranged.connect(self._edit)
        board.card_asked.connect(self._card_asked)
        board.menu_asked.connect(self.show_menu)

    def follow_script(self, before: Rows, after: Rows, share: float) -> None:
        """Show the views that a lesson's script says, at a share of the way to them."""
        self._script = (before, after, share) if after else None
        self.follow()

    def _rewritten(self) -> None:
        """A script that asks for no views shows the usual ones, as what has no script does."""
        lesson = self._document.lesson
        if lesson is None or not any(any(rows) for rows in lesson.layouts):
            self._script = None
        self.follow()

    def follow(self) -> None:
        """Show the views that the document says."""
        before, after, share = self._script or ((), (), 1.0)
        document = self._document
        try:
            wanted = lab_arrangement(document.experiment, document.lesson, after)
            start = lab_arrangement(document.experiment, document.lesson, before)
        except UnknownName as error:
            self.refused.emit(str(error))
            wanted = start = Named("", LAB[self._kind()]).of(self._board.arrangement)
        for board in (self._board, self._stage):
            board.slide(start, wanted, share)
        stay = {*wanted.views, *self._told()}
        for name in [name for name in self._floating if name not in stay]:
            self._floating.pop(name).put_away()
        self._away()
        self.measured.emit(self._board.measured)
        if self.popup.isVisible():
            self._refresh_popup()

    def _told(self) -> set[str]:
        """The views that a lesson shows in any of its beats, as long as it says what is shown: one
        that floats is the viewer's, and stays over beats that do without it."""
        lesson, experiment = self._document.lesson, self._document.experiment
        if lesson is None or arranged_anew(experiment, lesson):
            return set()
        told = {name for rows in lesson.layouts for row in rows for name in row}
        return {name for name in told & set(views) if self._kind() in views[name].kinds}

    # ---- edits

    def toggle(self, name: str, on: bool) -> None:
        """Show a view, or no longer."""
        arrangement, title = self._board.arrangement, views[name].title
        if on:
            self._edit(arrangement.with_view(name), f"Show {title}")
        else:
            self._edit(arrangement.without(name), f"Close {title}")

    def take(self, named: Named) -> None:
        """Take one of the arrangements that have a name."""
        self._edit(named.of(self._board.arrangement), named.title)

    def move(self, name: str, direction: Direction) -> None:
        """Take a view one place on."""
        self._edit(self._board.arrangement.moved(name, direction), f"Move {views[name].title}")

    def _edit(self, arrangement: Arrangement, text: str) -> None:
        experiment = self._document.experiment
        _, script, _ = self._script or ((), (), 1.0)
        if arrangement == lab_arrangement(experiment, self._document.lesson, script):
            return
        picture = (experiment.picture or Picture()).replaced(
            layout=arrangement.names, widths=arrangement.widths, heights=arrangement.heights)
        self._document.edit(text, experiment.replaced(picture=picture))

    def cancel_drag(self) -> bool:
        """Put back what is held on the board; False if nothing is."""
        return self._board.cancel_drag()

    def _card_asked(self, what: str, name: str) -> None:
        if what == "close":
            self.toggle(name, on=False)
        else:
            self.float(name)

    # ---- the popup and the menu

    def _kind(self) -> str:
        return self._document.experiment.problem.kind

    def open_popup(self, below: QWidget) -> None:
        """List all views under a button."""
        self._refresh_popup()
        self.popup.open_under(below)

    def _refresh_popup(self) -> None:
        kind = self._kind()
        self.popup.show_views(kind, self._board.arrangement, ARRANGEMENTS[kind])

    def show_menu(self, name: str, at: QPoint) -> None:
        """What can be done with one view, at a place on the screen."""
        menu = self.menu_of(name)
        menu.exec(at)
        menu.deleteLater()

    def menu_of(self, name: str) -> QMenu:
        """What can be done with one view."""
        menu, board = QMenu(self._window), self._board
        shown = self._floating[name].board if name in self._floating else board
        view = shown.view(name)
        if view is not None and shown.card(name).fits and (groups := view.choices()):
            fill(menu, groups, view.asked.emit)
            menu.addSeparator()
        if name in self._floating:
            self._add(menu, "Back to its place", self._floating[name].close)
        else:
            maximised = board.maximised == name
            self._add(menu, "Back to its place" if maximised else "Maximise",
                      lambda: board.toggle_maximised(name))
            self._add(menu, "In a window of its own", lambda: self.float(name))
        menu.addSeparator()
        for direction, text in MOVES:
            self._add(menu, text, partial(self.move, name, direction),
                      board.arrangement.moved(name, direction) != board.arrangement)
        menu.addSeparator()
        self._add(menu, "Close", lambda: self.toggle(name, on=False),
                  len(board.arrangement.views) > 1)
        return menu

    @staticmethod
    def _add(menu: QMenu, text: str, do: Callable[[], Any], enabled: bool = True) -> None:
        action = menu.addAction(text)
        assert action is not None
        action.triggered.connect(lambda _=False: do())
        action.setEnabled(enabled)

    # ---- windows of their own

    def float(self, name: str) -> None:
        """Take a view off the board, into a window of its own."""
        if name in self._floating:
            return
        self.popup.hide()
        floating = Floating(name, self._window)
        floating.closed.connect(self._docked)
        floating.board.asked.connect(self.asked)
        self._floating[name] = floating
        self._away()
        if self._theme is not None:
            floating.restyle(self._theme)
        floating.show()
        if self._drawn is not None:
            self.draw(*self._drawn)

    def _docked(self, name: str) -> None:
        self._floating.pop(name, None)
        self._away()

    def _away(self) -> None:
        self._board.set_away(frozenset(self._floating))

    @property
    def floating(self) -> dict[str, Floating]:
        """The windows of views that float, by the views' names."""
        return dict(self._floating)

    def draw(self, snapshot: Snapshot, look: Look) -> None:
        """Show a snapshot in the windows that float."""
        self._drawn = (snapshot, look)
        explained = self._board.view("step-anatomy") is not None
        for floating in self._floating.values():
            floating.board.draw(snapshot, look, explained=explained)

    def unfinished(self) -> bool:
        """Whether a view that is seen has a picture that is to become finer."""
        boards = (self._board, self._stage, *(entry.board for entry in self._floating.values()))
        self._rough = [board for board in boards if board.seen and board.unfinished]
        return bool(self._rough)

    def refine(self, stop: Callable[[], bool]) -> None:
        """Let those views work at it for a while, on any thread."""
        for board in self._rough:
            board.refine(stop)

    def restyle(self, theme: Theme, style: Style) -> None:
        """Take a theme, and the window's style for the popup."""
        self._theme = theme
        self.popup.restyle(style)
        for floating in self._floating.values():
            floating.restyle(theme)

    def close(self) -> None:
        """Close every window that floats."""
        while self._floating:
            self._floating.popitem()[1].put_away()
