"""What a lesson says to the beat being shown: caption, equation, and the way to the next one."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from engine.lesson import Lesson

from ..equations import Equation
from ..icons import icon
from ..theme import Style

EM = 23.0


class EquationLabel(QWidget):
    """A typeset equation, shrunk where the room is short."""

    def __init__(self) -> None:
        super().__init__()
        self._equation: Equation | None = None
        self.color = self.accent = "#000000"
        self.em = EM
        self.opacity = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_tex(self, tex: str, term: str = "") -> None:
        """Show another equation, or none; its `term` stands out."""
        self._equation = Equation(tex, term) if tex else None
        self.setVisible(bool(tex))
        self.setAccessibleName(tex)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._equation is None:
            return QSize(0, 0)
        size = self._equation.size(self.em)
        return QSize(round(size.width()) + 4, round(size.height()) + 4)

    def paintEvent(self, event: Any) -> None:
        if self._equation is None:
            return
        em = self.em
        natural = self._equation.size(em)
        em *= min(1.0, (self.width() - 4) / natural.width())
        size = self._equation.size(em)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(self.opacity)
            top = (self.height() - size.height()) / 2
            self._equation.draw(painter, self.width() - size.width() - 2,
                                top + self._equation.ascent(em), em, QColor(self.color),
                                QColor(self.accent))


class LessonBar(QFrame):
    """A card under the board, there while a lesson is open."""

    beat_asked = pyqtSignal(int)
    back_asked = pyqtSignal()
    asked = pyqtSignal(str)
    """add: a beat of what is shown; close: open the script's panel, or close it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._beat = 0
        self.caption = QLabel()
        self.caption.setObjectName("caption")
        self.caption.setWordWrap(True)
        self.turn = QLabel("Your turn")
        self.turn.setObjectName("turn")
        self.place = QLabel()
        self.place.setObjectName("small")
        self.equation = EquationLabel()
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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 8, 12, 8)
        layout.setSpacing(14)
        layout.addWidget(self.turn, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.caption, 1)
        layout.addWidget(self.equation, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.again)
        layout.addWidget(self.back)
        layout.addWidget(self.place)
        layout.addWidget(self.forward)
        tools = QHBoxLayout()
        tools.setSpacing(2)
        tools.addWidget(self.add)
        tools.addWidget(self.write)
        layout.addLayout(tools)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        size, side = round(style.px(20)), round(style.px(34))
        self.equation.color, self.equation.em = style.theme.text, style.px(EM)
        self.equation.accent = style.theme.accent
        self.equation.updateGeometry()
        self.equation.update()
        for button, name in ((self.back, "chevron-left"), (self.forward, "chevron-right"),
                             (self.add, "plus"), (self.write, "pencil")):
            button.setIcon(icon(name, style.theme.text, size))
            button.setIconSize(QSize(size, size))
            button.setFixedSize(side, side)
        self.caption.setMinimumHeight(round(style.px(54)))

    def show_beat(self, lesson: Lesson | None, beat: int, left: bool) -> None:
        """Show one beat's words; no lesson hides the bar.

        Where the viewer has `left` the script they may be false: they turn quiet, with a way back.
        """
        self._beat = beat
        self.setVisible(lesson is not None)
        if lesson is None:
            return
        current = lesson.beats[beat]
        self.caption.setText(current.caption)
        self.caption.setToolTip("\n".join([lesson.summary, *lesson.sources]))
        self.equation.set_tex(current.formula, current.term)
        self.turn.setVisible(current.your_turn)
        self.place.setText(f"{beat + 1} of {len(lesson.beats)}")
        self.caption.setEnabled(not left)
        self.equation.opacity = 0.4 if left else 1.0
        self.again.setVisible(left)
        self.back.setEnabled(beat > 0)
        self.forward.setEnabled(beat + 1 < len(lesson.beats))
