"""Cards with views on them, laid out in rows: in the window, on stage and in films alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from engine.snapshot import Snapshot

from .layouts import LAB, Rows
from .theme import Style
from .views import Look, View, ViewDefinition, views
from .views.trails import device_ratio, is_raster


class Card(pg.GraphicsWidget):
    """A view under a head with its title and a note."""

    head_height = 40.0
    padding = 16.0

    double_clicked = pyqtSignal(str)

    def __init__(self, definition: ViewDefinition) -> None:
        super().__init__()
        self.definition = definition
        self.view: View = definition.make()
        self.view.setParentItem(self)
        self.view.noted.connect(self._refresh_head)
        self.fits = True
        """Whether the view shows the kind of problem at hand."""
        self._style: Style | None = None
        self._ground: QImage | None = None
        self._ground_key: object = None

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self._arrange()
        self.view.restyle(style)
        self.update()

    def show_kind(self, kind: str) -> None:
        """Show the view, or say why there is nothing to see, for a kind of problem."""
        fits = kind in self.definition.kinds
        if fits != self.fits:
            self.fits = fits
            self.view.setVisible(fits)
            self.update()

    def resizeEvent(self, event: Any) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if self._style is None:
            return
        style, rect = self._style, self.rect()
        pad = style.px(self.padding) if self.definition.framed else 0.0
        top = style.px(self.head_height + 4) if self.definition.framed else 0.0
        self.view.setGeometry(QRectF(pad, top, max(1.0, rect.width() - 2 * pad),
                                     max(1.0, rect.height() - top - pad)))

    def _head(self) -> QRectF:
        assert self._style is not None
        return QRectF(0, 0, self.rect().width(), self._style.px(self.head_height + 4))

    def _refresh_head(self) -> None:
        if self._style is not None:
            self.update(self._head())

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self._style is None or not self.definition.framed:
            return
        style = self._style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, style)
        pad = style.px(self.padding)
        title, quiet = style.font(16, 600), style.font(14)
        metrics, small = QFontMetricsF(title), QFontMetricsF(quiet)
        baseline = style.px(self.head_height / 2 + 4) + (metrics.ascent() - metrics.descent()) / 2
        painter.setFont(title)
        painter.setPen(QColor(style.theme.text))
        width = self.rect().width() - 2 * pad
        head = metrics.elidedText(self.view.title() or self.definition.title,
                                  Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(pad, baseline), head)
        room = width - metrics.horizontalAdvance(head)
        note = small.elidedText(self.view.note(), Qt.TextElideMode.ElideRight, room - style.px(20))
        painter.setFont(quiet)
        painter.setPen(QColor(style.theme.quiet))
        if not self.fits:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter,
                             f"Shows a {' or a '.join(sorted(self.definition.kinds))} only")
            return
        left = self.rect().width() - pad - small.horizontalAdvance(note)
        painter.drawText(QPointF(left, baseline), note)

    def _paint_ground(self, painter: QPainter, style: Style) -> None:
        if not is_raster(painter):
            draw_card(painter, self.rect(), style)
            return
        size = round(self.rect().width()), round(self.rect().height())
        key = (size, style, device_ratio(painter))
        if self._ground is None or key != self._ground_key:
            self._ground, self._ground_key = card_image(*key), key
        painter.drawImage(QPointF(0, 0), self._ground)

    def mousePressEvent(self, event: Any) -> None:
        # The right half of the head is the note's.
        if self._style is not None and self._head().contains(event.pos()) and (
                event.pos().x() > self.rect().width() / 2):
            self.view.note_clicked()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: Any) -> None:
        if self._style is not None and self._head().contains(event.pos()):
            self.double_clicked.emit(self.definition.name)
        else:
            event.ignore()


def card_image(size: tuple[int, int], style: Style, ratio: float) -> QImage:
    """A card's ground, corners included, as an opaque picture.

    Qt fills a round rectangle of this size by spans with coverage, which takes longer than all
    that is drawn on the card; a copy of pixels takes a tenth of a millisecond.
    """
    image = QImage(round(size[0] * ratio), round(size[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(style.theme.ground))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_card(painter, QRectF(0, 0, *size), style)
    return image


def draw_card(painter: QPainter, rect: QRectF, style: Style) -> None:
    """A card's ground as a round rectangle with a hairline."""
    painter.setPen(QPen(QColor(style.theme.hairline), style.px(1)))
    painter.setBrush(QColor(style.theme.card))
    half = style.px(0.5)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), style.px(14), style.px(14))


class Board(pg.GraphicsWidget):
    """Rows of cards that fill a rectangle by their weights; one of them may be maximised."""

    asked = pyqtSignal(str, object)

    def __init__(self, rows: Rows = LAB["surface"]) -> None:
        super().__init__()
        self._style: Style | None = None
        self._rows: list[list[Card]] = []
        self._names: Rows = ()
        self.maximised: str | None = None
        self._shown: tuple[Snapshot, Look] | None = None
        self.set_rows(rows)

    @property
    def rows(self) -> Rows:
        """The names of the views, row by row."""
        return self._names

    def set_rows(self, rows: Rows) -> None:
        """Show other views; raises UnknownName for one that does not exist."""
        names = tuple(tuple(row) for row in rows if row)
        if names == self._names:
            return
        definitions = [[views[name] for name in row] for row in names]
        for card in self.cards():
            card.setParentItem(None)
            if card.scene() is not None:
                card.scene().removeItem(card)
        self._names, self.maximised = names, None
        self._rows = [[Card(definition) for definition in row] for row in definitions]
        for card in self.cards():
            card.setParentItem(self)
            card.view.asked.connect(self.asked)
            card.double_clicked.connect(self.toggle_maximised)
            if self._style is not None:
                card.restyle(self._style)
        self._arrange()
        if self._shown is not None:
            self.draw(*self._shown)

    def cards(self) -> list[Card]:
        """All cards, row by row."""
        return [card for row in self._rows for card in row]

    def view(self, name: str) -> View | None:
        """The view of that name, if the board shows it."""
        return next((card.view for card in self.cards() if card.definition.name == name), None)

    @property
    def measured(self) -> bool:
        """Whether a view shows what `Run.measure` measures on the way."""
        return any(card.definition.measured for card in self.cards())

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self._arrange()
        for card in self.cards():
            card.restyle(style)

    def draw(self, snapshot: Snapshot, look: Look) -> None:
        """Show one snapshot in every view that is visible."""
        self._shown = (snapshot, look)
        if self.view("step-anatomy") is None:
            # Arrows at the ball mean nothing without the card that explains them.
            snapshot = replace(snapshot, anatomy=None)
        kind = snapshot.experiment.problem.kind
        for card in self.cards():
            if card.isVisible():
                card.show_kind(kind)
                if card.fits:
                    card.view.draw(snapshot, look)

    def toggle_maximised(self, name: str) -> None:
        """Give one card the whole board, or the others their places back."""
        self.maximised = None if self.maximised == name else name
        self._arrange()
        if self._shown is not None:
            self.draw(*self._shown)

    def resizeEvent(self, event: Any) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if self._style is None or not self._rows:
            return
        gap = self._style.px(16)
        for card in self.cards():
            card.setVisible(self.maximised in (None, card.definition.name))
        if self.maximised is not None:
            for card in self.cards():
                card.setGeometry(self.rect())
            return
        heights = _shares(
            [max(card.definition.weight[1] for card in row) for row in self._rows],
            self.rect().height(), gap,
        )
        for row, (top, height) in zip(self._rows, heights, strict=True):
            widths = _shares([card.definition.weight[0] for card in row], self.rect().width(), gap)
            for card, (left, width) in zip(row, widths, strict=True):
                card.setGeometry(QRectF(left, top, width, height))


def _shares(weights: Sequence[float], length: float, gap: float) -> list[tuple[float, float]]:
    """Whole pixels (start, length) by weight, with gaps between."""
    room = max(1.0, length - gap * (len(weights) - 1))
    total, parts, start = sum(weights), [], 0.0
    for weight in weights:
        share = room * weight / total
        parts.append((float(round(start)), float(round(start + share) - round(start))))
        start += share + gap
    return parts
