"""The panel in which a lesson is written: what it is about, its beats in order, one beat's fields.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.lesson import Lesson

from ..icons import icon
from ..reel import chapter_title
from ..script import PER_SECOND, clock
from ..theme import Style
from .beat_form import BeatForm

WIDTH = 330.0
# What is done with the beat that is chosen: the wish, its icon, its name with the keys.
TOOLS = (("up", "chevron-up", "Earlier (Ctrl+Up)"), ("down", "chevron-down", "Later (Ctrl+Down)"),
         ("duplicate", "copy", "Duplicate (Ctrl+D)"), ("delete", "trash-2", "Delete (Del)"))
KEYS = {(Qt.Key.Key_Up, True): "up", (Qt.Key.Key_Down, True): "down",
        (Qt.Key.Key_D, True): "duplicate", (Qt.Key.Key_Delete, False): "delete"}


class ScriptPanel(QWidget):
    """Shows a lesson's script and announces what is to be done with it."""

    asked = pyqtSignal(str)
    """add, retake, up, down, duplicate, delete: of the beat that is chosen. Or go_on, close."""
    beat_chosen = pyqtSignal(int)
    told = pyqtSignal(dict)
    """Other values of the lesson's own keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._showing = False
        self.close_button = QToolButton()
        self.close_button.setAccessibleName("Close the script")
        self.close_button.setToolTip("Back to the list of lessons (Ctrl+B)")
        self.close_button.clicked.connect(lambda: self.asked.emit("close"))
        self.title = QLineEdit()
        self.title.setAccessibleName("Lesson's title")
        self.title.setPlaceholderText("Title of the lesson")
        self.about = QPushButton("About")
        self.about.setObjectName("chip")
        self.about.setCheckable(True)
        self.about.setToolTip("Summary, topic and sources of the lesson")
        self.summary, self.sources = _text("Summary", "Summary: what will have been understood"), \
            _text("Sources", "Sources, one a line: Author year, Title, link")
        self.topic = QLineEdit()
        self.topic.setAccessibleName("Topic")
        self.topic.setPlaceholderText("Topic, among other lessons")
        self.length = QLabel()
        self.length.setObjectName("small")
        self.list = QListWidget()
        self.list.setAccessibleName("Beats")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.installEventFilter(self)
        self.add = QPushButton("Add beat")
        self.add.setObjectName("strong")
        self.go_on = QPushButton("Let it go on")
        self.go_on.setToolTip("Leave the script and let the race go on from here, until it shows "
                              "what the next beat is to end with")
        self.add.setToolTip("A beat after this one that ends as the window stands now (B)")
        self.retake = QPushButton("Take what is shown now")
        self.retake.setToolTip("Let this beat end as the window stands now; its words stay")
        self.tools = {wish: self._tool(wish, name, tip) for wish, name, tip in TOOLS}
        self.form = BeatForm()
        self.hint = QLabel("“Add beat” makes a lesson of what is shown: its first beat ends as the "
                           "window stands now.")
        self.hint.setObjectName("small")
        self.hint.setWordWrap(True)
        self._lay_out()
        self._connect()

    def _tool(self, wish: str, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("icon_name", name)
        button.setAccessibleName(f"{tip.split(' (')[0]} beat")
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.asked.emit(wish))
        return button

    def _lay_out(self) -> None:
        head, named, tools, inner = QHBoxLayout(), QHBoxLayout(), QHBoxLayout(), QWidget()
        label = QLabel("SCRIPT")
        label.setObjectName("group")
        head.addWidget(label, 1)
        head.addWidget(self.close_button)
        tools.setSpacing(2)
        tools.addWidget(self.length, 1)
        for button in self.tools.values():
            tools.addWidget(button)
        making = QHBoxLayout()
        making.setSpacing(8)
        making.addWidget(self.go_on, 1)
        making.addWidget(self.add, 1)
        inner.setObjectName("inner")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 14, 16)
        column.setSpacing(9)
        column.addLayout(head)
        named.setSpacing(8)
        named.addWidget(self.title, 1)
        named.addWidget(self.about)
        column.addLayout(named)
        for widget in (self.summary, self.topic, self.sources):
            widget.hide()
            column.addWidget(widget)
        column.addWidget(self.list)
        column.addLayout(tools)
        column.addLayout(making)
        column.addWidget(self.hint)
        line = QFrame()
        line.setFixedHeight(1)
        line.setObjectName("hairline")
        column.addWidget(line)
        column.addWidget(self.form)
        column.addWidget(self.retake)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._row_chosen)
        self.list.itemClicked.connect(lambda item: self._row_chosen(self.list.row(item)))
        self.go_on.clicked.connect(lambda: self.asked.emit("go_on"))
        self.add.clicked.connect(lambda: self.asked.emit("add"))
        self.retake.clicked.connect(lambda: self.asked.emit("retake"))
        self.about.toggled.connect(self._show_about)
        self.title.textEdited.connect(lambda text: self.told.emit({"title": text}))
        self.topic.textEdited.connect(lambda text: self.told.emit({"topic": text}))
        self.summary.textChanged.connect(
            lambda: self._tell({"summary": self.summary.toPlainText()}))
        self.sources.textChanged.connect(lambda: self._tell({"sources": [
            line.strip() for line in self.sources.toPlainText().split("\n") if line.strip()]}))
        for field in (self.title, self.topic):
            field.editingFinished.connect(self.form.released)

    def _show_about(self, on: bool) -> None:
        for widget in (self.summary, self.topic, self.sources):
            widget.setVisible(on)

    def _tell(self, changes: dict[str, Any]) -> None:
        if not self._showing:
            self.told.emit(changes)

    def _row_chosen(self, row: int) -> None:
        if row >= 0 and not self._showing:
            self.beat_chosen.emit(row)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        size, side = round(style.px(18)), round(style.px(32))
        self.close_button.setIcon(icon("x", style.theme.quiet, size))
        for button in (self.close_button, *self.tools.values()):
            if button is not self.close_button:
                button.setIcon(icon(button.property("icon_name"), style.theme.text, size))
            button.setIconSize(QSize(size, size))
            button.setFixedSize(side, side)
        for text in (self.summary, self.sources):
            text.setFixedHeight(round(style.px(76)))
        self.form.restyle(style)

    def show_lesson(self, lesson: Lesson | None, beat: int) -> None:
        """Show a lesson's script and one of its beats; none is an experiment without one."""
        self._showing = True
        for widget in (self.title, self.about, self.list, self.form, self.retake,
                       self.go_on, self.length, *self.tools.values()):
            widget.setVisible(lesson is not None)
        self.hint.setVisible(lesson is None)
        if lesson is None:
            self._show_about(False)
        else:
            self._show_about(self.about.isChecked())
            self._show_words(lesson)
            self._show_beats(lesson, beat)
            names = [entry.name for entry in lesson.experiment_at(beat).contestants]
            self.form.show_beat(lesson.beats[beat], names,
                                (lesson.first_step(beat), lesson.last_step(beat)))
            beats = f"{len(lesson.beats)} beats, " if len(lesson.beats) > 1 else ""
            self.length.setText(f"{beats}{clock(int(lesson.duration * PER_SECOND))}")
            self.tools["up"].setEnabled(beat > 0)
            self.tools["down"].setEnabled(beat + 1 < len(lesson.beats))
            self.tools["delete"].setEnabled(len(lesson.beats) > 1)
        self._showing = False

    def _show_words(self, lesson: Lesson) -> None:
        for field, text in ((self.title, lesson.title), (self.topic, lesson.topic)):
            if field.text() != text:
                field.setText(text)
        if self.summary.toPlainText() != lesson.summary:
            self.summary.setPlainText(lesson.summary)
        shown = [line.strip() for line in self.sources.toPlainText().split("\n") if line.strip()]
        if tuple(shown) != lesson.sources:
            self.sources.setPlainText("\n".join(lesson.sources))

    def _show_beats(self, lesson: Lesson, beat: int) -> None:
        for place, told in enumerate(lesson.beats):
            text = f"{place + 1}  {chapter_title(told, place + 1)}"
            if place == self.list.count():
                self.list.addItem(text)
            item = self.list.item(place)
            assert item is not None
            item.setText(text)
            item.setToolTip(told.caption)
        while self.list.count() > len(lesson.beats):
            self.list.takeItem(self.list.count() - 1)
        self.list.setCurrentRow(beat)
        line = self.list.sizeHintForRow(0)
        self.list.setFixedHeight(min(len(lesson.beats), 6) * line + 4)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The keys of the list of beats."""
        if event is None or event.type() not in (QEvent.Type.KeyPress,
                                                 QEvent.Type.ShortcutOverride):
            return False
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)  # type: ignore[attr-defined]
        wish = KEYS.get((event.key(), held))  # type: ignore[attr-defined]
        if wish is None:
            return False
        if event.type() == QEvent.Type.KeyPress and self.tools[wish].isEnabled():
            self.asked.emit(wish)
        event.accept()
        return True


def _text(name: str, hint: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setTabChangesFocus(True)
    return field
