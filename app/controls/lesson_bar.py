"""What a lesson says to the beat being shown: caption, equation, and the way to the next one."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
)

from engine.lesson import Lesson

from ..icons import icon
from ..theme import LIGHT, Style
from .beat_words import BeatWords

# Where the bar is narrow, caption and equation stand one below the other.
WIDE, HEIGHT, HEIGHT_NARROW = 1050.0, 92.0, 128.0


class LessonBar(QFrame):
    """A card under the board, there while a lesson is open; its height follows from its width."""

    beat_asked = pyqtSignal(int)
    back_asked = pyqtSignal()
    asked = pyqtSignal(str)
    """add: a beat of what is shown; close: open the script's panel, or close it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._beat = 0
        self._style = Style(LIGHT)
        self.words = BeatWords()
        self.turn = QLabel("Your turn")
        self.turn.setObjectName("turn")
        self.place = QLabel()
        self.place.setObjectName("small")
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.back, self.forward = QToolButton(), QToolButton()
        for button, tip, step in ((self.back, "Previous beat (Page Up)", -1),
                                  (self.forward, "Next beat (Page Down)", 1)):
            button.setToolTip(tip)
            button.setAccessibleName(tip.split(" (")[0])
            button.clicked.connect(
                lambda _=False, step=step: self.beat_asked.emit(self._beat + step))
        self.add, self.write = QToolButton(), QToolButton()
        for button, tip, wish in ((self.add, "Add beat: what is shown now (B)", "add"),
                                  (self.write, "Write the script (Ctrl+B)", "close")):
            button.setToolTip(tip)
            button.setAccessibleName(tip.split(" (")[0].split(":")[0])
            button.clicked.connect(lambda _=False, wish=wish: self.asked.emit(wish))
        self.again = QPushButton("Back to the lesson")
        self.again.setToolTip("Drop what was changed and go on where the lesson was left")
        self.again.clicked.connect(self.back_asked)
        self._lay_out()

    def _lay_out(self) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for widget in (self.back, self.place, self.forward, self.add, self.write):
            buttons.addWidget(widget)
        # What comes and goes has a line of its own, so that nothing else moves.
        side = QGridLayout()
        side.setSpacing(4)
        side.addWidget(self.turn, 0, 0, right)
        side.addWidget(self.again, 0, 0, right)
        side.addLayout(buttons, 1, 0, right)
        side.setRowStretch(0, 1)
        side.setRowStretch(1, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 8, 12, 8)
        layout.setSpacing(18)
        layout.addWidget(self.words, 1)
        layout.addLayout(side)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        size, side = round(style.px(20)), round(style.px(34))
        self.words.restyle(style)
        for button, name in ((self.back, "chevron-left"), (self.forward, "chevron-right"),
                             (self.add, "plus"), (self.write, "pencil")):
            button.setIcon(icon(name, style.theme.text, size))
            button.setIconSize(QSize(size, size))
            button.setFixedSize(side, side)
        self.place.setMinimumWidth(round(style.px(58)))
        self._set_height()

    def resizeEvent(self, event: Any) -> None:
        self._set_height()

    def _set_height(self) -> None:
        wide = self.width() >= self._style.px(WIDE)
        self.setFixedHeight(round(self._style.px(HEIGHT if wide else HEIGHT_NARROW)))

    def show_beat(self, lesson: Lesson | None, beat: int, left: bool) -> None:
        """Show one beat's words; no lesson hides the bar.

        Where the viewer has `left` the script they may be false: they turn quiet, with a way back.
        """
        self._beat = beat
        self.setVisible(lesson is not None)
        if lesson is None:
            return
        current = lesson.beats[beat]
        self.words.say(current.caption, current.formula, current.term, quiet=left)
        self.words.setToolTip("\n".join([lesson.summary, *lesson.sources]))
        self.turn.setVisible(current.your_turn and not left)
        self.place.setText(f"{beat + 1} of {len(lesson.beats)}")
        self.again.setVisible(left)
        self.back.setEnabled(beat > 0)
        self.forward.setEnabled(beat + 1 < len(lesson.beats))
