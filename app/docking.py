"""Taking a card by its head to another place on the board, with a mark where it would land."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from .arrangement import Side
from .theme import Style

if TYPE_CHECKING:
    from .board import Board

LIFTED, WASH = 0.4, 0.14
BAR = 4.0


class DropMark(pg.GraphicsWidget):
    """Where the card would land: a pale area with a bar at its edge, and its title at the mouse."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self.setParentItem(board)
        self.setZValue(20)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.style_: Style | None = None
        self.title = ""
        self.mouse = QPointF()
        self.bar: QRectF | None = None
        self.area: QRectF | None = None
        self.hide()

    def paint(self, painter: QPainter, *_: Any) -> None:
        style = self.style_
        if style is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(style.theme.accent)
        if self.area is not None and self.bar is not None:
            wash, edge = QColor(accent), QColor(accent)
            wash.setAlphaF(WASH)
            edge.setAlphaF(0.5)
            painter.setPen(QPen(edge, style.px(1)))
            painter.setBrush(wash)
            painter.drawRoundedRect(self.area, style.px(12), style.px(12))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawRoundedRect(self.bar, style.px(BAR / 2), style.px(BAR / 2))
        font = style.font(14, 600)
        metrics = QFontMetricsF(font)
        size = metrics.horizontalAdvance(self.title) + style.px(24), style.px(32)
        corner = self.mouse + QPointF(style.px(14), style.px(12))
        corner.setX(min(corner.x(), self.rect().width() - size[0]))
        corner.setY(min(corner.y(), self.rect().height() - size[1]))
        chip = QRectF(corner.x(), corner.y(), *size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.strong))
        painter.drawRoundedRect(chip, style.px(8), style.px(8))
        painter.setFont(font)
        painter.setPen(QColor(style.theme.on_strong))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self.title)


class Docking:
    """One drag at a time; it is announced by the board when it ends at another place."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._mark = DropMark(board)
        self.name: str | None = None
        """The view that is being taken somewhere."""
        self.target: tuple[str, Side] | None = None
        """Beside which view, and at which side of it, the card would land."""

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._mark.style_ = style
        self._mark.update()

    def drag(self, name: str, scene: QPointF) -> None:
        """The card is held at a place in the scene."""
        board, mark = self._board, self._mark
        card = board.card(name)
        if self.name is None:
            self.name = name
            card.setOpacity(LIFTED)
            mark.title = card.view.title() or card.definition.title
        at = board.mapFromScene(scene)
        self.target = self._target(name, at)
        mark.mouse = at
        mark.area, mark.bar = self._places(*self.target) if self.target else (None, None)
        mark.setGeometry(board.rect())
        mark.show()
        mark.update()

    def drop(self) -> None:
        """The card is let go."""
        name, target = self.name, self.target
        self._end()
        if name is not None and target is not None:
            board = self._board
            title = board.card(name).definition.title
            board.arranged.emit(board.arrangement.beside(name, *target), f"Move {title}")

    def cancel(self) -> bool:
        """Put the card back where it was; False if none is held."""
        if self.name is None:
            return False
        self._board.card(self.name).head.let_go()
        self._end()
        return True

    def _end(self) -> None:
        if self.name is not None:
            self._board.card(self.name).setOpacity(1)
        self.name = self.target = None
        self._mark.hide()

    def _target(self, name: str, at: QPointF) -> tuple[str, Side] | None:
        """The card under the mouse and its nearest side; None where nothing would change."""
        board = self._board
        gap = board.gap / 2
        for card in board.cards():
            rect = card.geometry().adjusted(-gap, -gap, gap, gap)
            if not card.isVisible() or not rect.contains(at):
                continue
            across = (at.x() - rect.left()) / rect.width()
            down = (at.y() - rect.top()) / rect.height()
            sides: dict[Side, float] = {
                "left": across, "right": 1 - across, "above": down, "below": 1 - down}
            side = min(sides, key=lambda side: sides[side])
            target = card.definition.name
            if board.arrangement.beside(name, target, side) == board.arrangement:
                return None
            return target, side
        return None

    def _places(self, target: str, side: Side) -> tuple[QRectF, QRectF]:
        """The area that the card would take, roughly, and the bar at its edge."""
        board = self._board
        rect, gap = board.card(target).geometry(), board.gap
        if side in ("above", "below"):
            # A row of its own, across the board.
            rect = QRectF(0, rect.top(), board.rect().width(), rect.height())
        half = QRectF(rect)
        bar = QRectF(rect)
        thick = board.gap * BAR / 16
        if side in ("left", "right"):
            half.setWidth(rect.width() / 2)
            bar.setWidth(thick)
            middle = rect.left() - gap / 2 if side == "left" else rect.right() + gap / 2
            middle = min(max(middle, thick / 2), board.rect().width() - thick / 2)
            bar.moveLeft(middle - thick / 2)
            if side == "right":
                half.moveRight(rect.right())
        else:
            half.setHeight(rect.height() / 2)
            bar.setHeight(thick)
            middle = rect.top() - gap / 2 if side == "above" else rect.bottom() + gap / 2
            middle = min(max(middle, thick / 2), board.rect().height() - thick / 2)
            bar.moveTop(middle - thick / 2)
            if side == "below":
                half.moveBottom(rect.bottom())
        return half, bar
