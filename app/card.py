"""A card: a view on a round ground, under a head with its title and a note."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QTransform
from PyQt6.QtWidgets import QGraphicsItem, QGraphicsOpacityEffect, QGraphicsWidget

from .theme import Style
from .view_head import ViewHead
from .views import View, ViewDefinition
from .views.trails import device_ratio, is_raster

LEAST = 32.0
"""A view that is lower than this is not shown: its words would lie over those of other cards."""


class Card(pg.GraphicsWidget):
    """A view under its head; a `live` one can be clicked, a `movable` one taken hold of."""

    padding = 16.0

    def __init__(self, definition: ViewDefinition, *, live: bool = True,
                 movable: bool = False) -> None:
        super().__init__()
        self.definition = definition
        self.view: View = definition.make()
        self.view.live = live
        # What a transform is on has no size of its own: pyqtgraph's widgets would get that wrong.
        self._stretched = QGraphicsWidget(self)
        self.view.setParentItem(self._stretched)
        self.head = ViewHead(self.view, definition, movable=movable)
        self.head.setParentItem(self)
        self.head.setVisible(definition.framed)
        self.view.noted.connect(self.head.update)
        self.fits = True
        """Whether the view shows the kind of problem at hand."""
        self._drawn_as: QSizeF | None = None
        self._grounded = self._headed = True
        self._style: Style | None = None
        self._ground: QImage | None = None
        self._ground_key: object = None

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self.head.restyle(style)
        self._arrange()
        self.view.restyle(style)
        self.update()

    def show_kind(self, kind: str) -> None:
        """Show the view, or say why there is nothing to see, for a kind of problem."""
        fits = kind in self.definition.kinds
        if fits != self.fits:
            self.fits = self.head.noting = fits
            self.view.setVisible(fits)
            self.update()

    def fade(self, opacity: float, view: float = 1.0) -> None:
        """Show the card as a whole, and what is in it, with these opacities."""
        _show_with(self, opacity)
        _show_with(self._stretched, view)

    def draw_as(self, size: QSizeF | None, *, ground: bool = True, head: bool = True) -> None:
        """Draw the view as in a card of another size, and stretch that into this one; None: as in
        this one. So what a card on its way shows is laid out once, and does not snap.

        Two that lie over one another as one card share a `ground` and a `head`.
        """
        if (size, ground, head) == (self._drawn_as, self._grounded, self._headed):
            return
        self._drawn_as, self._grounded, self._headed = size, ground, head
        self.head.setVisible(head and self.definition.framed)
        self._arrange()
        self.update()

    def resizeEvent(self, event: Any) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if self._style is None:
            return
        style, rect = self._style, self.rect()
        self.head.setGeometry(QRectF(0, 0, rect.width(), style.px(self.head.head_height)))
        place = self._view_place(rect.size(), style)
        drawn = place if self._drawn_as is None else self._view_place(self._drawn_as, style)
        self.view.setGeometry(drawn)
        stretch = QTransform.fromTranslate(place.left(), place.top())
        stretch.scale(place.width() / drawn.width(), place.height() / drawn.height())
        self._stretched.setTransform(stretch.translate(-drawn.left(), -drawn.top()))
        room = not self.definition.framed or drawn.height() >= style.px(LEAST)
        self.view.setOpacity(1.0 if room else 0.0)

    def _view_place(self, size: QSizeF, style: Style) -> QRectF:
        """Where the view is in a card of this size."""
        pad = style.px(self.padding) if self.definition.framed else 0.0
        top = style.px(self.head.head_height) if self.definition.framed else 0.0
        return QRectF(pad, top, max(1.0, size.width() - 2 * pad),
                      max(1.0, size.height() - top - pad))

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self._style is None or not self.definition.framed:
            return
        style = self._style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._grounded:
            self._paint_ground(painter, style)
        if not self.fits:
            painter.setFont(style.font(14))
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter,
                             f"Shows a {' or a '.join(sorted(self.definition.kinds))} only")

    def _paint_ground(self, painter: QPainter, style: Style) -> None:
        if not is_raster(painter):
            draw_card(painter, self.rect(), style)
            return
        size = round(self.rect().width()), round(self.rect().height())
        key = (size, style, device_ratio(painter))
        if self._ground is None or key != self._ground_key:
            self._ground, self._ground_key = card_image(*key), key
        painter.drawImage(QPointF(0, 0), self._ground)


def _show_with(item: QGraphicsItem, opacity: float) -> None:
    """Show an item and all that is in it with this opacity.

    The opacity that items have is one that views set for their own while they paint; and the parts
    of a card would be seen through each other.
    """
    effect = item.graphicsEffect()
    if opacity >= 1:
        if effect is not None:
            item.setGraphicsEffect(None)
        return
    if not isinstance(effect, QGraphicsOpacityEffect):
        effect = QGraphicsOpacityEffect()
        item.setGraphicsEffect(effect)
    effect.setOpacity(opacity)


def card_image(size: tuple[int, int], style: Style, ratio: float) -> QImage:
    """A card's ground, corners included, as a picture; opaque, if the ground is.

    Qt fills a round rectangle of this size by spans with coverage, which takes longer than all
    that is drawn on the card; a copy of pixels takes a tenth of a millisecond.
    """
    ground = QColor(style.theme.ground)
    kind = QImage.Format.Format_RGB32 if ground.alpha() == 255 else (
        QImage.Format.Format_ARGB32_Premultiplied)
    image = QImage(round(size[0] * ratio), round(size[1] * ratio), kind)
    image.setDevicePixelRatio(ratio)
    image.fill(ground)
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
