"""A card's head: title and note, a handle to take the card by, and buttons under the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter
from PyQt6.QtWidgets import QApplication

from . import icons
from .theme import Style
from .views import View, ViewDefinition


@dataclass(frozen=True)
class HeadButton:
    """What is asked for at a click, its icon, and what it is called."""

    what: str
    icon: str
    tip: str


FLOAT = HeadButton("float", "external-link", "In a window of its own")
MAXIMISE = HeadButton("maximise", "maximize", "Maximise (double click)")
RESTORE = HeadButton("maximise", "minimize", "Back to its place (double click)")
CLOSE = HeadButton("close", "x", "Close")

BUTTON, ICON, EDGE = 26.0, 15.0, 11.0


class ViewHead(pg.GraphicsWidget):
    """The head of a card. One that is not `movable` shows its words and lets them be clicked."""

    head_height = 44.0
    padding = 16.0

    asked = pyqtSignal(str)
    """"maximise", "float" or "close"."""
    menu_asked = pyqtSignal(QPoint)
    """A right click, at a place on the screen."""
    dragged = pyqtSignal(QPointF)
    """The head is held and moved to a place in the scene."""
    dropped = pyqtSignal()

    def __init__(self, view: View, definition: ViewDefinition, *, movable: bool) -> None:
        super().__init__()
        self._view, self._definition, self._on_board = view, definition, movable
        self.buttons: tuple[HeadButton, ...] = (FLOAT, MAXIMISE, CLOSE) if movable else ()
        self.movable = movable
        self.noting = True
        """Whether the view has anything to note."""
        self._style: Style | None = None
        self._hovered = False
        self._under: HeadButton | None = None
        self._pressed: HeadButton | None = None
        self._held_at: QPoint | None = None
        self._dragging = False
        self.setAcceptHoverEvents(movable)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self.update()

    def offer(self, buttons: tuple[HeadButton, ...], *, movable: bool) -> None:
        """What can be done with the card now."""
        if (buttons, movable) != (self.buttons, self.movable):
            self.buttons, self.movable = buttons, movable
            self._set_cursor()
            self.update()

    def rect_of(self, button: HeadButton) -> QRectF:
        """Where a button is."""
        assert self._style is not None
        px, place = self._style.px, self.buttons[::-1].index(button)
        left = self.rect().width() - px(EDGE) - (place + 1) * px(BUTTON)
        top = (px(self.head_height) - px(BUTTON)) / 2 + px(2)
        return QRectF(left, top, px(BUTTON), px(BUTTON))

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self._style is None:
            return
        style = self._style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pad = style.px(self.padding)
        title, quiet = style.font(16, 600), style.font(14)
        metrics, small = QFontMetricsF(title), QFontMetricsF(quiet)
        baseline = style.px(self.head_height / 2 + 2) + (metrics.ascent() - metrics.descent()) / 2
        painter.setFont(title)
        painter.setPen(QColor(style.theme.text))
        width = self.rect().width() - 2 * pad
        shown = self._hovered and bool(self.buttons) and not self._dragging
        if shown:
            width = self.rect_of(self.buttons[0]).left() - style.px(8) - pad
        head = metrics.elidedText(self._view.title() or self._definition.title,
                                  Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(pad, baseline), head)
        if self.noting:
            room = width - metrics.horizontalAdvance(head) - style.px(20)
            note = fitting(self._view.note(), small, room)
            painter.setFont(quiet)
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(QPointF(pad + width - small.horizontalAdvance(note), baseline), note)
        if shown:
            self._paint_buttons(painter, style)

    def _paint_buttons(self, painter: QPainter, style: Style) -> None:
        for button in self.buttons:
            rect = self.rect_of(button)
            lit = button == self._under
            if lit:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(style.theme.raised))
                painter.drawRoundedRect(rect, style.px(6), style.px(6))
            side = style.px(ICON)
            icons.paint(painter, button.icon, style.theme.text if lit else style.theme.quiet,
                        QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side,
                               side))

    # ---- mouse

    def _button_at(self, at: QPointF) -> HeadButton | None:
        return next((button for button in self.buttons if self.rect_of(button).contains(at)),
                    None) if self._style is not None and self._on_board else None

    def hoverMoveEvent(self, event: Any) -> None:
        under = self._button_at(event.pos())
        if not self._hovered or under != self._under:
            self._hovered, self._under = True, under
            self.setToolTip(under.tip if under is not None else "")
            self._set_cursor()
            self.update()

    hoverEnterEvent = hoverMoveEvent

    def hoverLeaveEvent(self, event: Any) -> None:
        self._hovered, self._under = False, None
        self.update()

    def _set_cursor(self) -> None:
        shape = Qt.CursorShape
        self.setCursor(shape.ClosedHandCursor if self._dragging else
                       shape.PointingHandCursor if self._under is not None else
                       shape.OpenHandCursor if self.movable else shape.ArrowCursor)

    def mousePressEvent(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._pressed = self._button_at(event.pos())
        if not self._on_board:
            self._click(event)
            return
        self._held_at = event.screenPos()
        event.accept()

    def mouseMoveEvent(self, event: Any) -> None:
        if self._held_at is None or self._pressed is not None or not self.movable:
            return
        far = (event.screenPos() - self._held_at).manhattanLength()
        if self._dragging or far >= QApplication.startDragDistance():
            self._dragging = True
            self._set_cursor()
            self.dragged.emit(event.scenePos())

    def mouseReleaseEvent(self, event: Any) -> None:
        was_dragged, pressed = self._dragging, self._pressed
        held, self._held_at = self._held_at is not None, None
        self._dragging, self._pressed = False, None
        self._set_cursor()
        if was_dragged:
            self.dropped.emit()
        elif pressed is not None:
            if pressed == self._button_at(event.pos()):
                self.asked.emit(pressed.what)
        elif held:
            self._click(event)

    def let_go(self) -> None:
        """Forget that it is held."""
        self._dragging, self._held_at, self._pressed = False, None, None
        self._set_cursor()

    def _click(self, event: Any) -> None:
        # The right half of the head is the note's.
        if event.pos().x() > self.rect().width() / 2:
            self._view.note_clicked()
            event.accept()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: Any) -> None:
        if self._button_at(event.pos()) is None:
            self._held_at = None
            self.asked.emit("maximise")
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: Any) -> None:
        if self._on_board:
            self.menu_asked.emit(event.screenPos())
            event.accept()
        else:
            event.ignore()


def fitting(note: str, metrics: QFontMetricsF, room: float) -> str:
    """As much of a note as there is room for: its first parts, or the first words of one part."""
    parts, words = note.split(" · "), note.partition(" · ")[0].split(" ")
    shorter = [" · ".join(parts[:count]) for count in range(len(parts), 0, -1)]
    shorter += [" ".join(words[:count]) + "…" for count in range(len(words) - 1, 0, -1)]
    return next((text for text in shorter if metrics.horizontalAdvance(text) <= room), "")
