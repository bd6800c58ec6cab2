"""The list of views: each can be switched on and off, moved by a menu, or taken in arrangements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QPoint, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter
from PyQt6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import icons
from ..arrangement import Arrangement
from ..layouts import Named, offered
from ..theme import LIGHT, Style
from ..views import ViewDefinition, views

WIDTH, ROW = 470.0, 46.0
# What the popup leaves of the window's height.
MARGIN = 24


class ViewRow(QAbstractButton):
    """A view with what it shows, ticked where it is on the board."""

    def __init__(self, definition: ViewDefinition) -> None:
        super().__init__()
        self._look = Style(LIGHT)
        self.definition = definition
        self.setText(definition.title)
        self.setCheckable(True)
        self.setAccessibleName(definition.title)
        self.setAccessibleDescription(definition.doc)
        self.setToolTip(definition.doc)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._look = style
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.px(WIDTH)), round(self._look.px(ROW)))

    def paintEvent(self, event: Any) -> None:
        style, theme, px = self._look, self._look.theme, self._look.px
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.6)
            painter.setPen(Qt.PenStyle.NoPen)
            if self.underMouse() or self.hasFocus():
                painter.setBrush(QColor(theme.raised))
                painter.drawRoundedRect(QRectF(self.rect()), px(7), px(7))
            side = px(18)
            box = QRectF(px(10), (self.height() - side) / 2, side, side)
            if self.isChecked():
                painter.setBrush(QColor(theme.accent))
                painter.drawRoundedRect(box, px(5), px(5))
                icons.paint(painter, "check", theme.on_accent, box.adjusted(
                    px(3), px(3), -px(3), -px(3)))
            else:
                painter.setPen(QColor(theme.quiet))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), px(5), px(5))
            left, room = box.right() + px(12), self.width() - box.right() - px(20)
            for text, font, color, top in (
                    (self.text(), style.font(14, 500), theme.text, px(4)),
                    (self.definition.doc, style.font(12), theme.quiet, px(24))):
                painter.setFont(font)
                painter.setPen(QColor(color))
                painter.drawText(
                    QRectF(left, top, room, px(20)), int(Qt.AlignmentFlag.AlignVCenter),
                    QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room))


class ViewsPopup(QFrame):
    """Opens under a button and closes at a click beside it, or by Esc."""

    toggled = pyqtSignal(str, bool)
    named = pyqtSignal(object)
    menu_asked = pyqtSignal(str, QPoint)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._style = Style(LIGHT)
        self._shown: tuple[str, tuple[Named, ...]] | None = None
        self.rows: dict[str, ViewRow] = {}
        self.menus: dict[str, QToolButton] = {}
        self.choices: dict[str, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._content: QWidget | None = None
        self._area = QScrollArea(self)
        self._area.hide()

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self._shown = None

    def show_views(self, kind: str, arrangement: Arrangement, named: Sequence[Named]) -> None:
        """The views of a kind of problem, those of an arrangement ticked."""
        if self._shown != (kind, tuple(named)):
            self._shown = (kind, tuple(named))
            self._build(kind, named)
        for name, row in self.rows.items():
            row.setChecked(name in arrangement.views)
            # One view must stay.
            row.setEnabled(arrangement.views != (name,))
            self.menus[name].setEnabled(name in arrangement.views)
        for entry in named:
            taken = bool(entry.rows) and entry.of(arrangement) == arrangement
            self.choices[entry.title].setProperty("chosen", taken)
            style = self.choices[entry.title].style()
            assert style is not None
            style.polish(self.choices[entry.title])

    def open_under(self, button: QWidget) -> None:
        """Show under a button, inside the window, with the first row ready for keys."""
        window = self.parentWidget()
        assert window is not None
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + 6))
        top = button.mapTo(window, QPoint(0, button.height())).y()
        most = window.height() - top - MARGIN
        rows = round(self._style.px(ROW)) * len(self.rows)
        self._area.setFixedHeight(rows)
        rest = self._hint().height() - rows
        self._area.setFixedHeight(min(rows, max(most - rest, 60)))
        # Not adjustSize, which takes at most two thirds of the screen.
        self.resize(self._hint())
        left = max(corner.x() - self.width(), window.mapToGlobal(QPoint(0, 0)).x() + 8)
        self.move(left, corner.y())
        self.show()
        first = next(iter(self.rows.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _hint(self) -> QSize:
        """The size that all of it takes now."""
        for layout in (self._content.layout() if self._content else None, self._column):
            if layout is not None:
                layout.invalidate()
                layout.activate()
        return self.sizeHint()

    # ---- building

    def _build(self, kind: str, named: Sequence[Named]) -> None:
        px = self._style.px
        if self._content is not None:
            self._column.removeWidget(self._content)
            self._content.deleteLater()
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(*(round(px(side)) for side in (14, 12, 10, 10)))
        column.setSpacing(round(px(6)))
        self._column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._heading("ARRANGEMENTS"))
        column.addWidget(self._arrangements(named))
        column.addSpacing(round(px(6)))
        column.addWidget(self._heading("VIEWS"))
        self._area = self._list(kind)
        column.addWidget(self._area)
        self._column.addWidget(self._content)

    @staticmethod
    def _heading(text: str) -> QLabel:
        label = QLabel(text)
        label.setObjectName("group")
        return label

    def _arrangements(self, named: Sequence[Named]) -> QWidget:
        """Buttons in lines, as many to a line as fit."""
        px, lines = self._style.px, QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(round(px(6)))
        metrics = QFontMetricsF(self._style.font(13, 500))
        self.choices, used, line = {}, float("inf"), QHBoxLayout()
        for entry in named:
            button = QPushButton(entry.title)
            button.setObjectName("chip")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _=False, entry=entry: self.named.emit(entry))
            self.choices[entry.title] = button
            wide = metrics.horizontalAdvance(entry.title) + px(26) + px(6)
            if used + wide > px(WIDTH):
                line, used = QHBoxLayout(), 0.0
                line.setSpacing(round(px(6)))
                column.addLayout(line)
                line.addStretch()
            line.insertWidget(line.count() - 1, button)
            used += wide
        return lines

    def _list(self, kind: str) -> QScrollArea:
        px, inner = self._style.px, QWidget()
        inner.setObjectName("inner")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rows, self.menus = {}, {}
        for name in offered(kind):
            row = ViewRow(views[name])
            row.restyle(self._style)
            row.clicked.connect(lambda on, name=name: self.toggled.emit(name, on))
            more = QToolButton()
            size = round(px(16))
            more.setIcon(icons.icon("ellipsis", self._style.theme.quiet, size))
            more.setIconSize(QSize(size, size))
            more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            more.setAccessibleName(f"More for {views[name].title}")
            more.setToolTip("Move, maximise, close")
            more.clicked.connect(lambda _=False, name=name: self._ask_menu(name))
            self.rows[name], self.menus[name] = row, more
            line = QHBoxLayout()
            line.setSpacing(round(px(2)))
            line.addWidget(row, 1)
            line.addWidget(more)
            column.addLayout(line)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(round(px(WIDTH + 40)))
        return area

    def _ask_menu(self, name: str) -> None:
        button = self.menus[name]
        self.menu_asked.emit(name, button.mapToGlobal(QPoint(0, button.height())))

    # ---- keys

    def keyPressEvent(self, event: Any) -> None:
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        rows = [row for row in self.rows.values() if row.isEnabled()]
        focus = self.focusWidget()
        if event.key() in moves and focus in rows:
            place = rows.index(focus) + moves[event.key()]
            rows[place % len(rows)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)
