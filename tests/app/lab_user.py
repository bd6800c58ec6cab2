"""The window as somebody uses it who gives a lecture: by mouse and keyboard, and never otherwise.

What a test reads of it is what stands on the screen, and the run behind it to compare that with.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QToolButton,
    QWidget,
)
from window_rig import window_at

from app.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


class User:
    """Somebody at a window."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    # ---- hands

    def open(self, title: str) -> None:
        """Click an entry of the list at the left; the last one of that title is no surface."""
        entries = self.window.lessons.list
        (item,) = [item for item in entries.findItems(title, Qt.MatchFlag.MatchExactly)
                   if (item.data(Qt.ItemDataRole.UserRole) or ("",))[0] == "network"
                   or len(entries.findItems(title, Qt.MatchFlag.MatchExactly)) == 1]
        entries.scrollToItem(item)
        QTest.mouseClick(entries.viewport(), LEFT, pos=entries.visualItemRect(item).center())
        self.settle()

    def choose(self, index: int) -> None:
        """Click a contestant's card beside its controls."""
        QTest.mouseClick(self.window.contestants.cards[index], LEFT, pos=QPoint(3, 3))
        self.settle()

    def compare(self, label: str) -> None:
        """Take a change from the menu of "Compare with one change"."""
        menu = self.window.contestants.changes
        menu.aboutToShow.emit()
        (action,) = [action for action in menu.actions() if action.text() == label]
        action.trigger()
        self.settle()

    def type(self, field: QLineEdit, text: str) -> None:
        """Write something else into a field and press the return key."""
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.settle()

    def type_rate(self, index: int, rate: float) -> None:
        """Give a contestant another learning rate."""
        self.type(self.window.contestants.cards[index]._rows["lr"].field, f"{rate:g}")

    def pick(self, box: QComboBox, data: Any) -> None:
        """Take an entry of a box by the keyboard."""
        place = box.findData(data)
        assert place >= 0, f"{data!r} is not offered"
        box.setFocus()
        box.showPopup()
        box.view().setCurrentIndex(box.model().index(place, 0))
        QTest.keyClick(box.view(), Qt.Key.Key_Return)
        box.hidePopup()
        self.settle()

    def click(self, button: QAbstractButton | QWidget) -> None:
        """Click the middle of something."""
        QTest.mouseClick(button, LEFT)
        self.settle()

    def control(self, kind: type, name: str) -> Any:
        """The control that a screen reader would call so."""
        (found,) = [widget for widget in self.window.findChildren(kind)
                    if widget.accessibleName() == name and widget.isVisible()]
        return found

    def more(self, index: int, text: str) -> None:
        """Take an entry of the menu in the head of a contestant's card."""
        head = self.window.contestants.cards[index].head
        (menu,) = [button.menu() for button in head.findChildren(QToolButton) if button.menu()]
        (action,) = [action for action in menu.actions() if action.text() == text]
        action.trigger()
        self.settle()

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key, Ctrl and others with it."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        # A box's list may have been the active window until now.
        self.window.activateWindow()
        self.settle()
        QTest.keyClick(self.window, key, held)
        self.settle()

    def play_through(self) -> None:
        """Play at full speed until the run is at its end."""
        box = self.window.transport.speed
        self.pick(box, None)
        if not self.window.session.player.playing:
            self.click(self.window.transport.play)
        for _ in range(3000):
            if not self.window.session.player.playing:
                break
            QTest.qWait(10)
        self.window.session.wait()
        self.settle()
        assert self.snapshot.step == self.experiment.steps

    # ---- eyes

    @property
    def experiment(self) -> Any:
        """What the document holds."""
        return self.window.document.experiment

    @property
    def snapshot(self) -> Any:
        """What is drawn."""
        return self.window.session.snapshot

    def view(self, name: str) -> Any:
        """A view on the board."""
        view = self.window.board.view(name)
        assert view is not None
        return view

    def standing(self, index: int) -> str:
        """What stands in the head of a contestant's card: its loss, or that it has diverged."""
        return str(self.window.contestants.cards[index].loss.text()).removeprefix("batch ")

    def tested(self, index: int) -> str:
        """What a contestant's card says of the test rows."""
        return str(self.window.contestants.cards[index].test.text())

    # ---- both

    def settle(self) -> None:
        """Let layouts find their sizes, and pictures be painted."""
        for _ in range(3):
            QApplication.processEvents()

    def take(self, experiment: Any, *, computed: bool = True) -> None:
        """Open an experiment, as from a file, and look at it once it is `computed`, or at once."""
        self.window.document.take(experiment)
        if computed:
            self.window.session.wait()
        self.settle()


@contextmanager
def at_the_window(folder: Path, size: tuple[int, int] = (1280, 800)) -> Iterator[User]:
    """A user at a fresh window, which is closed afterwards."""
    with window_at(folder, size) as window:
        user = User(window)
        user.settle()
        yield user
