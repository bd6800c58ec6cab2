"""A beat's words and times as fields; each change is asked for as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.beat import LONGEST, LONGEST_EASE, Beat, parts_of
from engine.errors import TrainscopeError

from ..equations import Equation
from ..lesson_check import READING_SPEED
from ..part_choice import seconds_box
from ..theme import Style
from .choice_box import ChoiceBox, labelled
from .equation_label import EquationLabel
from .toggle import Toggle

FASTEST = 1e12


class BeatForm(QWidget):
    """The fields of one beat."""

    asked = pyqtSignal(dict)
    """Other values of the beat's keys."""
    timed = pyqtSignal(dict)
    """Another length or start; the speed follows, so that the beat ends at the same step."""
    picking = pyqtSignal(bool)
    """Whether the next click is to say which control is pointed at."""
    released = pyqtSignal()
    """A field was left: what is typed from now on is another edit."""

    def __init__(self) -> None:
        super().__init__()
        self._beat: Beat | None = None
        self._showing = False
        self.caption = QPlainTextEdit()
        self.caption.setPlaceholderText("Caption: what is to be seen, in a sentence or two")
        self.caption.setAccessibleName("Caption")
        self.caption.setTabChangesFocus(True)
        self.reading, self.steps = _small(), _small()
        self.longer = QPushButton()
        self.longer.setObjectName("chip")
        self.longer.clicked.connect(lambda: self.timed.emit({"seconds": self.needed}))
        self.title = _line("Title", "Title, in the list of chapters")
        self.formula = _line("Formula", r"Formula in LaTeX, such as w - \eta\, g")
        self.term = _line("Term", "A part of it that stands out")
        self.equation, self.mistake = EquationLabel(), _small("warning")
        self.seconds = seconds_box("Seconds", 1, LONGEST)
        self.seconds.setMinimum(0.1)
        self.ease = seconds_box("Ease", 1, LONGEST_EASE)
        self.ease.setToolTip("Seconds in which zoom, numbers and cards slide to this beat's")
        self.speed = seconds_box("Steps per second", 0, FASTEST)
        self.speed.setSuffix("")
        self.restart = Toggle("begins at step 0", "Beat", "Otherwise it goes on where the beat "
                                                          "before has come to")
        self.turn = Toggle("your turn: stops at its end", "Beat",
                           "The window waits there for the viewer to try something")
        self.highlight = ChoiceBox("highlight", "Beat")
        self.highlight.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.point = QPushButton("Point at a control…")
        self.point.setObjectName("chip")
        self.point.setCheckable(True)
        self.point.setToolTip("Click the control at the right that a ring shall mark")
        self.nowhere = QPushButton("None")
        self.nowhere.setObjectName("chip")
        self.nowhere.setAccessibleName("Point at no control")
        self.pointed = _small()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        read = QHBoxLayout()
        read.addWidget(self.reading, 1)
        read.addWidget(self.longer)
        times = QHBoxLayout()
        times.setSpacing(8)
        for text, box in (("seconds", self.seconds), ("steps / s", self.speed),
                          ("ease", self.ease)):
            times.addLayout(_under(text, box), 1)
        point = QHBoxLayout()
        point.addWidget(self.point)
        point.addWidget(self.nowhere)
        point.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.caption)
        column.addLayout(read)
        for field in (self.title, self.formula, self.term):
            column.addWidget(field)
        column.addWidget(self.equation, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.mistake)
        column.addLayout(times)
        column.addWidget(self.steps)
        column.addWidget(self.restart)
        column.addLayout(labelled("highlight", self.highlight))
        column.addWidget(self.turn)
        column.addWidget(self.pointed)
        column.addLayout(point)

    def _connect(self) -> None:
        self.caption.textChanged.connect(self._caption_typed)
        self.title.textEdited.connect(lambda text: self.asked.emit({"title": text}))
        for field in (self.formula, self.term):
            field.textEdited.connect(lambda _: self._formula_typed())
        for field in (self.title, self.formula, self.term):
            field.editingFinished.connect(self.released)
        for box, key, signal in ((self.seconds, "seconds", self.timed),
                                 (self.speed, "steps_per_second", self.asked),
                                 (self.ease, "ease", self.asked)):
            box.setKeyboardTracking(False)
            box.valueChanged.connect(
                lambda value, key=key, signal=signal: self._say(signal, {key: value}))
            box.editingFinished.connect(self.released)
        self.restart.toggled.connect(lambda on: self._say(self.timed, {"restart": on}))
        self.turn.toggled.connect(lambda on: self._say(self.asked, {"your_turn": on}))
        self.highlight.activated.connect(
            lambda _: self._say(self.asked, {"highlight": self.highlight.currentData()}))
        self.point.toggled.connect(self.picking)
        self.nowhere.clicked.connect(lambda: self.asked.emit({"point_at": None}))

    def _say(self, signal: Any, changes: dict[str, Any]) -> None:
        if not self._showing:
            signal.emit(changes)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self.caption.setFixedHeight(round(style.px(92)))
        self.equation.color, self.equation.em = style.theme.text, style.px(21)
        self.equation.accent = style.theme.accent
        self.equation.update()
        for toggle in (self.restart, self.turn):
            toggle.restyle(style)

    # ---- showing

    def show_beat(self, beat: Beat, names: Sequence[str], steps: tuple[int, int]) -> None:
        """Show a beat of a race of these contestants, which goes from one step to another."""
        self._showing, self._beat = True, beat
        if self.caption.toPlainText() != beat.caption:
            self.caption.setPlainText(beat.caption)
        for field, text in ((self.title, beat.title), (self.formula, beat.formula),
                            (self.term, beat.term)):
            # What is being typed may be no formula yet; it is not taken away.
            if field.text() != text and not (field.hasFocus() and self.mistake.text()):
                field.setText(text)
        if not (self.formula.hasFocus() or self.term.hasFocus()):
            self.mistake.setText("")
        self.mistake.setVisible(bool(self.mistake.text()))
        self.equation.set_tex(*_typeset(beat.formula, beat.term))
        for box, value in ((self.seconds, beat.seconds), (self.speed, beat.steps_per_second),
                           (self.ease, beat.ease)):
            _show_number(box, value)
        self.restart.show_value(beat.restarts)
        self.turn.show_value(beat.your_turn)
        self.highlight.clear()
        self.highlight.addItem("nobody", None)
        for name in names:
            self.highlight.addItem(name, name)
        self.highlight.show_data(beat.highlight)
        first, last = steps
        self.steps.setText(f"stands at step {first:,}" if first == last else
                           f"from step {first:,} to {last:,}")
        self.pointed.setText(f"The ring marks {beat.point_at}" if beat.point_at else
                             "No control is marked")
        self.pointed.setVisible(beat.your_turn)
        self.point.setVisible(beat.your_turn)
        self.nowhere.setVisible(beat.your_turn and beat.point_at is not None)
        self._show_reading(beat)
        self._showing = False

    @property
    def needed(self) -> float:
        """Seconds, in halves, in which the caption can be read unhurriedly."""
        letters = len(self._beat.caption) if self._beat is not None else 0
        return max(-(-2 * letters // (READING_SPEED - 2)) / 2, 0.5)

    def _show_reading(self, beat: Beat) -> None:
        speed = len(beat.caption) / beat.seconds
        self.reading.setText(f"{beat.seconds:g} s, reads at {speed:.0f} characters a second"
                             if beat.caption else "")
        fast = speed > READING_SPEED
        if self.reading.objectName() != ("warning" if fast else "small"):
            self.reading.setObjectName("warning" if fast else "small")
            _polish(self.reading)
        self.longer.setText(f"Take {self.needed:g} s")
        self.longer.setVisible(fast)

    def _caption_typed(self) -> None:
        if not self._showing:
            self.asked.emit({"caption": self.caption.toPlainText()})

    def _formula_typed(self) -> None:
        """Take the formula if it can be typeset, and the term if it is a part of it."""
        formula, term = self.formula.text(), self.term.text()
        try:
            if formula:
                Equation(formula)
        except TrainscopeError as error:
            self.mistake.setText(str(error))
            self.mistake.show()
            return
        whole = not term or len(parts_of(formula, term)) > 1
        try:
            if formula and term and whole:
                Equation(formula, term)
        except TrainscopeError:
            whole = False
        self.mistake.setText("" if whole else "The term is no part of the formula that can stand "
                                              "out")
        self.mistake.setVisible(not whole)
        self.asked.emit({"formula": formula, "term": term if whole else ""})


def _typeset(formula: str, term: str) -> tuple[str, str]:
    """What can be shown of a formula: nothing, where a file has one that cannot be typeset."""
    try:
        if formula:
            Equation(formula, term)
    except TrainscopeError:
        return "", ""
    return formula, term


def _show_number(box: QDoubleSpinBox, value: float) -> None:
    """Show a number with the decimals that it needs, at least as it was typed."""
    blocked = box.blockSignals(True)
    text = f"{value:.12g}"
    decimals = len(text.partition(".")[2]) if "e" not in text else 6
    box.setDecimals(max(decimals, 1))
    box.setValue(value)
    box.blockSignals(blocked)


def _small(name: str = "small") -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    return label


def _line(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setToolTip(hint)
    return field


def _under(text: str, widget: QWidget) -> QVBoxLayout:
    """A field under its name."""
    label = _small()
    label.setText(text)
    label.setWordWrap(False)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(label)
    column.addWidget(widget)
    widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return column


def _polish(widget: QWidget) -> None:
    style = widget.style()
    assert style is not None
    style.unpolish(widget)
    style.polish(widget)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
