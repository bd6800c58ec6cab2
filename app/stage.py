"""A whole frame without controls: title, board, caption, equation; for films and presenting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QRectF, QSizeF
from PyQt6.QtGui import QColor, QPainter

from engine.snapshot import Snapshot

from . import across, upright
from .arrangement import Arrangement, Rows
from .board import Board
from .equations import Equation
from .theme import Style, Theme
from .views import Look

# A frame is designed at 1080 pixels of height and scales with it; the views' 15 px type becomes 27.
DESIGN_HEIGHT = 1080.0
VIEW_UNIT = 1.8
YOUR_TURN = "Your turn"
ASIDE_GAP = 19.0


def unit_of(width: float, height: float) -> float:
    """How large a frame's measures are, those of 1920×1080 and of 1080×1920 being 1."""
    if upright.is_upright(width, height):
        return width / upright.DESIGN_WIDTH
    return min(height / DESIGN_HEIGHT, width / 1440.0)


@dataclass(frozen=True)
class Words:
    """What is written around the board."""

    title: str = ""
    subtitle: str = ""
    caption: str = ""
    formula: str = ""
    term: str = ""
    """A part of the formula that stands out."""
    turn: bool = False
    """Whether the caption invites the viewer to try something."""


class Stage(pg.GraphicsWidget):
    """A frame of any size; everything in it scales with its height (or width, if scarcer).

    One that is higher than wide has an order of its own (`upright`).
    """

    def __init__(self, rows: Rows | Arrangement, *, captioned: bool = True) -> None:
        super().__init__()
        self.board = Board(rows)
        self.board.setParentItem(self)
        self._captioned = captioned
        self._words = Words()
        self._theme: Theme | None = None
        self._unit = 1.0
        self._aside = QSizeF()

    def restyle(self, theme: Theme) -> None:
        """Take a theme; the scale follows from the size."""
        self._theme = theme
        self._arrange()

    def say(self, words: Words) -> None:
        """Set the words around the board."""
        if words != self._words:
            self._words = words
            self.update()

    def set_captioned(self, captioned: bool) -> None:
        """Keep room for captions, or give it to the board."""
        if captioned != self._captioned:
            self._captioned = captioned
            self._arrange()

    def set_aside(self, size: QSizeF) -> None:
        """Keep a rectangle of this size free for a control, `aside`; an empty one for none."""
        if size != self._aside:
            self._aside = size
            self._arrange()

    @property
    def aside(self) -> QRectF:
        """What is kept free, at the end of the caption's band."""
        u, rect, size = self._unit, self.rect(), self._aside
        standing = upright.is_upright(rect.width(), rect.height())
        side = (upright.MARGIN if standing else 64) * u
        # In the middle of the caption's height, as long as that leaves a gap under the board.
        below = 40 * u if standing else max(
            ASIDE_GAP * u, min(106 * u - size.height() / 2, (190 - ASIDE_GAP) * u - size.height()))
        return QRectF(rect.width() - side - size.width(), rect.height() - below - size.height(),
                      size.width(), size.height())

    def draw(self, snapshot: Snapshot, look: Look, *, turns: int = 1) -> None:
        """Show one snapshot, in every view or in those whose turn it is."""
        self.board.draw(snapshot, look, turns=turns)

    def resizeEvent(self, event: Any) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if self._theme is None:
            return
        width, height = self.rect().width(), self.rect().height()
        self._unit = u = unit_of(width, height)
        self.board.restyle(Style(self._theme, VIEW_UNIT * u))
        if upright.is_upright(width, height):
            self.board.setGeometry(upright.board_place(width, height, self._captioned))
        else:
            top, bottom = 132 * u, (190 if self._captioned else 56) * u
            if not self._aside.isEmpty():
                bottom = max(bottom, self._aside.height() + 2 * ASIDE_GAP * u)
            self.board.setGeometry(QRectF(round(64 * u), round(top), round(width - 128 * u),
                                          round(height - top - bottom)))
        self.update()

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self._theme is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.ground))
        if upright.is_upright(self.rect().width(), self.rect().height()):
            self._paint_upright(painter, Style(self._theme, self._unit))
            return
        style, words = Style(self._theme, self._unit), self._words
        across.paint_title(painter, self.rect().width(), style, words.title, words.subtitle)
        if self._captioned:
            equation = Equation(words.formula, words.term) if words.formula else None
            across.paint_caption(painter, across.caption_band(
                self.rect().size(), style, words.caption, equation,
                YOUR_TURN if words.turn else "",
                None if self._aside.isEmpty() else self.aside), style)

    def _paint_upright(self, painter: QPainter, style: Style) -> None:
        words, rect = self._words, self.rect()
        upright.paint_title(painter, rect, style, words.title, words.subtitle)
        if self._captioned:
            # Where a control is asked for it has the equation's place.
            equation = (Equation(words.formula, words.term)
                        if words.formula and self._aside.isEmpty() else None)
            upright.paint_caption(painter, rect, style, words.caption, equation,
                                  YOUR_TURN if words.turn else "")
