"""The head of a contestant's card: marker, name, how it stands, and what can be done with it."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from engine.contestant import Contestant

from ..icons import icon
from ..theme import Style, marker_of
from ..views.markers import draw_marker
from .elided import NameField


def marker_pixmap(name: str, color: QColor, size: int = 18, ratio: float = 2.0) -> QPixmap:
    """A marker as a small picture for buttons and menus."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QPointF(size / 2, size / 2)
        draw_marker(painter, name, center.x(), center.y(), size * 0.33, color)
    return pixmap


class CardHead(QWidget):
    """One line; it announces what a card announces."""

    asked = pyqtSignal(str, object)

    def __init__(self, index: int, contestant: Contestant, style: Style) -> None:
        super().__init__()
        self._index, self._style = index, style
        self._contestant = contestant
        self._standing_color = ""
        color = style.contestant(index, contestant.color)
        if contestant.muted:
            color.setAlphaF(0.3)
        size = round(style.px(18))
        marker = QToolButton()
        marker.setIcon(QIcon(marker_pixmap(marker_of(index), color, 36)))
        marker.setIconSize(QSize(size, size))
        marker.setToolTip("Choose this contestant")
        marker.setAccessibleName(f"choose {contestant.name}")
        marker.clicked.connect(lambda: self.asked.emit("choose", None))
        self.name = NameField(contestant.name)
        self.name.setAccessibleName(f"name of contestant {index + 1}")
        self.name.editingFinished.connect(self._renamed)
        self.standing = QLabel("")
        self.standing.setObjectName("quiet")
        self.standing.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        more = QToolButton()
        more.setIcon(icon("ellipsis", style.theme.quiet, size))
        more.setIconSize(QSize(size, size))
        more.setToolTip("Duplicate, mute, recolour, remove")
        more.setAccessibleName(f"more about {contestant.name}")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setMenu(self._menu(contestant))
        head = QHBoxLayout(self)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(marker)
        head.addWidget(self.name, 1)
        head.addWidget(self.standing)
        head.addWidget(more)

    def show_contestant(self, contestant: Contestant) -> None:
        """Show a contestant's name, unless it is being typed."""
        self._contestant = contestant
        if not self.name.hasFocus():
            self.name.setText(contestant.name)

    def show_standing(self, text: str, color: str, doc: str = "") -> None:
        """Say how it stands."""
        wide = self.standing.fontMetrics().horizontalAdvance(text)
        if wide > self.standing.minimumWidth():
            # At once and for good: a number that changes is never cut, nor moves a name about.
            self.standing.setMinimumWidth(wide)
            layout = self.layout()
            assert layout is not None
            layout.activate()
        self.standing.setText(text)
        self.standing.setToolTip(doc)
        # A style sheet is read anew each time it is set, six times a second for twelve cards.
        if color != self._standing_color:
            self._standing_color = color
            self.standing.setStyleSheet(f"color: {color};")

    def _menu(self, contestant: Contestant) -> QMenu:
        menu = QMenu(self)

        def add(text: str, kind: str, value: object = None) -> None:
            action = menu.addAction(text)
            assert action is not None
            action.triggered.connect(lambda: self.asked.emit(kind, value))

        add("Duplicate", "duplicate")
        add("Show" if contestant.muted else "Mute", "set", {"muted": not contestant.muted})
        colors = menu.addMenu("Colour")
        assert colors is not None
        group = QActionGroup(colors)
        for place in range(len(self._style.theme.contestants)):
            pixmap = marker_pixmap(marker_of(self._index), self._style.contestant(place))
            action = QAction(QIcon(pixmap), f"Colour {place + 1}", group)
            action.triggered.connect(
                lambda _=False, place=place: self.asked.emit("set", {"color": place + 1}))
            colors.addAction(action)
        menu.addSeparator()
        add("Remove", "remove")
        return menu

    def _renamed(self) -> None:
        name = self.name.text().strip()
        self.name.clearFocus()
        if name != self._contestant.name:
            self.asked.emit("set", {"name": name})
