"""The one control that a beat invites the viewer to use, large, beside the caption of the stage.

Whoever presents a lesson has no panel of controls. What is shown is the control of a second panel
that is kept hidden but for the part where that control is: so whatever a beat can point at can be
used here too, looks as it does there, and asks for the same.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

from engine.experiment import Experiment

from ..icons import arrow_file
from ..stylesheet import stylesheet
from ..theme import LIGHT, Style
from .answering import owner_of
from .contestants import Contestants
from .elided import ElidedLabel
from .network_problem import NetworkPanel
from .pointer import control_of, unfold
from .problem import ProblemPanel
from .slider import HyperRow

WIDTH = 330.0
PADDING, GAP = 12.0, 6.0


class TurnControl(QFrame):
    """Shows the control of one key, and nothing where no control sets that."""

    resized = pyqtSignal()
    """The size that it asks for, `room`, is another one."""
    built = pyqtSignal()
    """The panel is there: `contestants`, `problem` and `network` can be connected."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.target: QWidget | None = None
        self.room = QSize()
        self._style = Style(LIGHT)
        self._key: str | None = None
        self.title = ElidedLabel("", "group")
        self.title.setParent(self)
        self._window = QWidget(self)
        self._inner = QWidget(self._window)
        self._built = False
        self.hide()

    def _build(self) -> None:
        """Make the panel, which most windows never show."""
        self._built = True
        self.contestants = Contestants()
        self.problem, self.network = ProblemPanel(), NetworkPanel()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.contestants, self.problem, self.network):
            column.addWidget(part)
        column.addStretch()
        self._inner.installEventFilter(self)
        self.built.emit()

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        if style != self._style:
            self._style = style
            self.setStyleSheet(stylesheet(style.theme, style.unit, arrow_file(style.theme)))

    def show_key(self, experiment: Experiment, key: str | None) -> None:
        """Show the control of a key, such as "SGD.lr", with the values in force; None: no control.
        """
        self._key = key
        if key is not None:
            if not self._built:
                self._build()
            on_surface = experiment.problem.kind == "surface"
            self.problem.setVisible(on_surface)
            self.network.setVisible(not on_surface)
            owner = owner_of(experiment, key)
            self.contestants.show_experiment(experiment, owner, self._style)
            (self.problem if on_surface else self.network).show_experiment(experiment, self._style)
            unfold(self._inner, key)
            self.title.setText("" if owner is None else experiment.contestants[owner].name)
        self._find()
        if key is not None and self.target is None:
            # What is new in a panel may be shown by an event only, and is not found before.
            QTimer.singleShot(0, self._find_anew)
            return
        self._place()

    def _find(self) -> None:
        """Take the control that is there now; cards that are built anew have other ones."""
        self.target = control_of(self._inner, self._key) if self._key is not None else None
        if self.target is not None:
            self._title(self.target)
            for widget in self._inner.findChildren(QWidget):
                # What is out of sight must not be reached by the Tab key.
                if widget is not self.target and not self.target.isAncestorOf(widget):
                    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _find_anew(self) -> None:
        self._find()
        self._place()

    def _title(self, target: QWidget) -> None:
        """Say whose control it is, and which, where it does not say so itself."""
        if not isinstance(target, HyperRow):
            self.title.setText(target.accessibleName())
        elif not self.title.text():
            self.title.setText("all contestants")

    def _place(self) -> None:
        """Lay the panel so that the control is where it can be seen."""
        target, px = self.target, self._style.px
        if target is None:
            self._ask_for(QSize())
            return
        pad, width = round(px(PADDING)), round(px(WIDTH))
        layout = self._inner.layout()
        assert layout is not None
        self._inner.resize(width, layout.totalMinimumSize().height())
        corner = target.mapTo(self._inner, QPoint(0, 0))
        head = self.title.sizeHint().height()
        top = pad + head + round(px(GAP))
        self.title.setGeometry(pad, pad, width - 2 * pad, head)
        self._window.setGeometry(pad, top, target.width(), target.height())
        self._inner.move(-corner.x(), -corner.y())
        self._ask_for(QSize(target.width() + 2 * pad, top + target.height() + pad))

    def _ask_for(self, room: QSize) -> None:
        if room != self.room:
            self.room = room
            self.resized.emit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Follow the control where its panel lays it."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self._find_anew()
        return False

    def mousePressEvent(self, event: Any) -> None:
        event.accept()
