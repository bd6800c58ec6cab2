"""The right half of a window without the rest: cards and panel of networks, and hands for them.

Cards and panel are joined to a document by the window's own editor.
"""

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from app.controls.contestants import Contestants
from app.controls.network_problem import NetworkPanel
from app.controls.one_change import compared
from app.document import Document
from app.editing import Editor
from app.icons import arrow_file
from app.stylesheet import stylesheet
from app.theme import THEMES, Style
from engine.experiment import Experiment

DENSE, TANH = {"kind": "dense", "width": 8}, {"kind": "tanh"}


class Rig:
    """The right half of a window: a document, its editor, cards and panel in a scroll area."""

    def __init__(self, experiment: Experiment, theme="light", scale=1.0, width=336) -> None:
        self.style = Style(THEMES[theme], scale)
        self.chosen = 0
        self.wishes = []
        self.refusals = []
        self.document = Document(experiment)
        self.editor = Editor(self.document)
        self.contestants, self.panel = Contestants(), NetworkPanel()
        inner = QWidget()
        inner.setObjectName("inner")
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 18, 18, 18)
        column.addWidget(self.contestants)
        column.addWidget(self.panel)
        column.addStretch()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(inner)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setStyleSheet(stylesheet(self.style.theme, scale, arrow_file(self.style.theme)))
        self.document.changed.connect(lambda _: self.show())
        self.editor.refused.connect(self.refusals.append)
        self.editor.refused.connect(self.panel.refuse)
        self.editor.chosen.connect(self.choose)
        self.contestants.asked.connect(self._of_contestant)
        self.contestants.add_asked.connect(self.editor.add)
        self.panel.asked.connect(self._of_problem)
        self.area.resize(width, 900)
        self.area.show()
        self.show()
        settle()

    @property
    def experiment(self):
        return self.document.experiment

    def card(self, index=0):
        return self.contestants.cards[index]

    def show(self):
        self.contestants.show_experiment(self.experiment, self.chosen, self.style)
        if self.experiment.problem.kind == "network":
            self.panel.show_experiment(self.experiment, self.style)

    def choose(self, index):
        self.chosen = index
        self.show()
        settle()

    def _of_contestant(self, index, kind, value):
        self.wishes.append((index, kind, value))
        if kind == "compare":
            self.document.edit("Compare", compared(self.experiment, index, value))
            self.choose(index + 1)
        else:
            self.editor.contestant(index, kind, value)

    def _of_problem(self, kind, value):
        self.wishes.append((kind, value))
        if kind == "problem":
            self.editor.problem(value)
        elif kind == "experiment":
            self.editor.experiment(value)
        elif kind == "release":
            self.editor.release()

    def close(self):
        self.area.close()
        self.area.deleteLater()


def layered(*layers, **fields):
    """A race of one network on moons."""
    return Experiment(steps=50, problem={"kind": "network", "dataset": "moons"}, contestants=[
        {"name": "Net", "layers": list(layers), "optimizer": {"name": "sgd", "lr": 0.1}, **fields}])


def slide(slider, *shares):
    """Press at the first share of a slider's length, drag over the others, let go."""
    settle()
    places = [QPoint(round(share * (slider.width() - 1)), slider.height() // 2)
              for share in shares]
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(slider, place)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=places[-1])


def settle():
    """Let layouts within layouts find their sizes."""
    for _ in range(3):
        QApplication.processEvents()


def click(widget):
    settle()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def write(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def pick(box, data):
    """Choose an entry with the keyboard, as a user who goes through the list."""
    box.setFocus()
    goal = box.findData(data)
    assert goal >= 0
    box.showPopup()
    view = box.view()
    view.setCurrentIndex(box.model().index(goal, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    box.hidePopup()


def kinds(contestant):
    return [layer.kind for layer in contestant.layers]
