"""A line over the views that tells what happened or went wrong, without stopping anything."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from .icons import icon
from .theme import LIGHT, Style, Theme

SHOWN_MS = 5000


class Notice(QFrame):
    """Shows one sentence at a time; good news goes by itself, bad news stays until dismissed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._theme: Theme = LIGHT
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QPushButton()
        self.dismiss = QToolButton()
        self.dismiss.setAccessibleName("Dismiss this message")
        self.dismiss.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._then: Callable[[], None] | None = None
        self.action.clicked.connect(self._act)
        self.hide()

    def float_over(self, parent: QWidget) -> None:
        """Lie over the foot of `parent`, so that nothing moves when a line comes or goes."""
        self.setParent(parent)
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Follow the size of what it lies over."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _arrange(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            width = min(760, parent.width() - 48)
            height = max(self.sizeHint().height(), self.heightForWidth(width))
            self.setGeometry((parent.width() - width) // 2, parent.height() - height - 20, width,
                             height)
            self.raise_()

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        size = round(style.px(18))
        self._theme = style.theme
        self.dismiss.setIcon(icon("x", style.theme.quiet, size))
        self.dismiss.setIconSize(QSize(size, size))

    def tell(self, text: str) -> None:
        """Say that something is done; the line goes by itself."""
        self._show(text, self._theme.text)
        self._timer.start(SHOWN_MS)

    def warn(self, text: str) -> None:
        """Say that something went wrong; the line stays."""
        self._show(text, self._theme.warning)

    def offer(self, text: str, button: str, then: Callable[[], None]) -> None:
        """Offer to do something."""
        self._show(text, self._theme.text)
        self.action.setText(button)
        self.action.setVisible(True)
        self._then = then
        self._arrange()

    def _show(self, text: str, color: str) -> None:
        self._timer.stop()
        self.action.setVisible(False)
        self.label.setStyleSheet(f"color: {color};")
        self.label.setText(text)
        self.setAccessibleDescription(text)
        self.show()
        self._arrange()

    def _act(self) -> None:
        self.hide()
        if self._then is not None:
            self._then()
