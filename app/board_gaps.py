"""The gaps between a board's cards: dragging one gives room from one side to the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from .arrangement import Arrangement
from .theme import Style

if TYPE_CHECKING:
    from .board import Board

# What stays of a card that gives room, in design pixels of width and height.
LEAST = (180.0, 120.0)
GRIP, THICKNESS = 44.0, 4.0


class Gap(pg.GraphicsWidget):
    """A gap beside the card `first` of a row, or under the row `first` where `row` is None."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self.setParentItem(board)
        self.setZValue(5)
        self.setAcceptHoverEvents(True)
        self._board = board
        self.row: int | None = None
        self.first = self.second = 0
        self._lit = False
        self._before: Arrangement | None = None
        self._pressed_at = 0.0
        self._sizes = (0.0, 0.0)

    @property
    def upright(self) -> bool:
        """Whether it parts two cards of a row."""
        return self.row is not None

    def lie(self, rect: QRectF, row: int | None, first: int, second: int) -> None:
        """Part the cards or rows at two places."""
        self.row, self.first, self.second = row, first, second
        self.setGeometry(rect)
        self.setCursor(Qt.CursorShape.SplitHCursor if self.upright else Qt.CursorShape.SplitVCursor)
        self.show()

    def paint(self, painter: QPainter, *_: Any) -> None:
        style = self._board.gaps.style
        if style is None or not (self._lit or self.held):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.accent if self.held else style.theme.quiet))
        painter.setOpacity(1.0 if self.held else 0.45)
        thick = style.px(THICKNESS)
        size = self.size()
        length = size.height() if self.upright else size.width()
        long = min(style.px(GRIP), 0.5 * length)
        wide, high = (thick, long) if self.upright else (long, thick)
        painter.drawRoundedRect(QRectF((size.width() - wide) / 2, (size.height() - high) / 2,
                                       wide, high), thick / 2, thick / 2)

    # ---- mouse

    @property
    def held(self) -> bool:
        """Whether it is being dragged."""
        return self._before is not None

    def hoverEnterEvent(self, event: Any) -> None:
        self._lit = True
        self.update()

    def hoverLeaveEvent(self, event: Any) -> None:
        self._lit = False
        self.update()

    def mousePressEvent(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        self._before = self._board.arrangement
        self._pressed_at = self._along(event)
        self._sizes = self._pixels()
        self.update()

    def mouseMoveEvent(self, event: Any) -> None:
        if self._before is not None:
            self._board.arrange(self._resized(self._before, self._along(event) - self._pressed_at))

    def mouseReleaseEvent(self, event: Any) -> None:
        before, self._before = self._before, None
        self.update()
        if before is not None:
            self._board.arranged.emit(self._board.arrangement, "Resize views")

    def cancel(self) -> bool:
        """Go back to where it was before it was dragged; False if it is not."""
        before, self._before = self._before, None
        if before is None:
            return False
        self._board.arrange(before)
        self.update()
        return True

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """The usual sizes on both sides."""
        event.accept()
        self._before = None
        self._board.arranged.emit(self._board.arrangement.with_usual_sizes(self.row),
                                  "Usual sizes")

    def _along(self, event: Any) -> float:
        at = event.scenePos()
        return float(at.x() if self.upright else at.y())

    def _pixels(self) -> tuple[float, float]:
        """How long the two sides are, along the drag."""
        board = self._board
        if self.row is not None:
            first, second = (board.card(board.rows[self.row][column]).size().width()
                             for column in (self.first, self.second))
        else:
            first, second = (max(board.card(name).size().height() for name in board.rows[row]
                                 if board.card(name).isVisible())
                             for row in (self.first, self.second))
        return first, second

    def _resized(self, before: Arrangement, moved: float) -> Arrangement:
        """What is gained by one side is lost by the other; both keep a little."""
        style = self._board.gaps.style
        assert style is not None
        first, second = self._sizes
        least = min(style.px(LEAST[0 if self.upright else 1]), first, second)
        grown = min(max(first + moved, least), first + second - least)
        weights = [cell.width for cell in before.rows[self.row].cells] if (
            self.row is not None) else [row.height for row in before.rows]
        both = weights[self.first] + weights[self.second]
        weights[self.first] = both * grown / (first + second)
        weights[self.second] = both - weights[self.first]
        return before.with_widths(self.row, weights) if (
            self.row is not None) else before.with_heights(weights)


class Gaps:
    """All gaps of a board."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._gaps: list[Gap] = []
        self.style: Style | None = None

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self.style = style

    def cancel(self) -> bool:
        """Let go of the gap that is dragged; False if there is none."""
        return any(gap.cancel() for gap in self._gaps)

    def lay(self, rows: Sequence[tuple[int, list[int]]]) -> None:
        """Lie between the cards of these rows, each with its columns that are to be seen."""
        places: list[tuple[QRectF, int | None, int, int]] = []
        board = self._board
        for row, columns in rows:
            for first, second in zip(columns, columns[1:], strict=False):
                left, right = (board.card(board.rows[row][column]).geometry()
                               for column in (first, second))
                places.append((QRectF(left.right(), left.top(), right.left() - left.right(),
                                      left.height()), row, first, second))
        for (above, columns), (below, others) in zip(rows, rows[1:], strict=False):
            upper = board.card(board.rows[above][columns[0]]).geometry()
            lower = board.card(board.rows[below][others[0]]).geometry()
            places.append((QRectF(0, upper.bottom(), board.rect().width(),
                                  lower.top() - upper.bottom()), None, above, below))
        # A gap that is dragged must stay the same item: it is the one that has the mouse.
        while len(self._gaps) < len(places):
            self._gaps.append(Gap(board))
        for gap, place in zip(self._gaps, places, strict=False):
            gap.lie(*place)
        for gap in self._gaps[len(places):]:
            gap.hide()
