"""The bar above: what is open, undo and redo, and the few commands that a lecture needs."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from ..icons import icon
from ..theme import Style

BUTTONS = (("Views", "views"), ("Open", "open"), ("Save", "save"),
           ("Copy as Python", "copy_python"), ("Present", "present"), (" Record", "record"))


class TopBar(QWidget):
    """Buttons for actions that the window has; it holds no behaviour of its own."""

    def __init__(self, actions: Mapping[str, QAction], menu: QMenu) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setProperty("side", "top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions = actions
        brand = QLabel("Trainscope")
        brand.setObjectName("brand")
        self.title = QLabel()
        self.title.setObjectName("quiet")
        self.undo, self.redo = self._tool("undo-2", "undo"), self._tool("redo-2", "redo")
        self.menu_button = self._tool("menu", None)
        self.menu_button.setAccessibleName("Menu")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 9, 20, 9)
        layout.setSpacing(10)
        layout.addWidget(brand)
        layout.addSpacing(6)
        layout.addWidget(self.title, 1)
        layout.addWidget(self.undo)
        layout.addWidget(self.redo)
        for text, name in BUTTONS:
            layout.addWidget(self._button(text, name))
        layout.addWidget(self.menu_button)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        theme, size = style.theme, round(style.px(18))
        for button in (self.undo, self.redo, self.menu_button):
            button.setIcon(icon(button.property("icon_name"), theme.text, size))
            button.setIconSize(QSize(size, size))
            button.setFixedSize(round(style.px(34)), round(style.px(34)))
        self.record.setIcon(icon("circle-dot", theme.on_strong, round(style.px(16)), filled=True))

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(_tip(self._actions[name]))
        button.clicked.connect(self._actions[name].trigger)
        if name == "record":
            button.setObjectName("strong")
            self.record = button
        elif name == "views":
            self.views = button
        return button

    def _tool(self, name: str, action: str | None) -> QToolButton:
        button = QToolButton()
        button.setProperty("icon_name", name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if action is not None:
            button.setToolTip(_tip(self._actions[action]))
            button.setAccessibleName(self._actions[action].text())
            button.clicked.connect(self._actions[action].trigger)
        return button


def _tip(action: QAction) -> str:
    keys = action.shortcut().toString()
    return f"{action.text().rstrip('…')} ({keys})" if keys else action.text()
