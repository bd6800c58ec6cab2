"""Every frame of a reel, painted: the stage at its times, and the cards with their fades."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage, QPainter

from .cards import PAINTED, Opacities
from .encoding.format import Frame
from .film import Projector, image_format
from .picture_file import Size
from .reel import Part, Reel
from .stage import unit_of
from .theme import THEMES, Style, without_ground
from .views import Look


@dataclass(frozen=True)
class _Layers:
    """A card and the stage beside it in time, each a picture without its ground."""

    part: Part
    card: QImage
    stage: QImage


class ReelPainter:
    """Paints frames in any order; what a frame shows depends on its place alone."""

    def __init__(self, reel: Reel, size: Size, theme: str, look: Look, *, transparent: bool
                 ) -> None:
        self.reel, self.size = reel, size
        self._theme = without_ground(THEMES[theme]) if transparent else THEMES[theme]
        self._transparent = transparent
        self._projector = Projector(reel.lesson, size, theme, look, transparent=transparent)
        self._image = QImage(*size, image_format(transparent))
        self._straight = self._image
        self._layers: _Layers | None = None
        self._shown: Any = None

    def pixels(self, part: Part, frame: int) -> Frame:
        """A frame of a part, counted from its beginning: (h, w, 4), blue, green, red, opacity.

        The memory is that of the next frame too. Colours are not multiplied by the opacity.
        """
        if part.kind == "beat":
            self._paint_stage(part, frame)
        else:
            self._paint_card(part, frame)
        return _memory(self._straight)

    def close(self) -> None:
        """Give the stage back."""
        self._projector.close()

    def _paint_stage(self, part: Part, frame: int) -> None:
        shown = self._projector.compose(part.start + Fraction(frame, self.reel.fps))
        # At 10 steps a second, five of six frames are those before them.
        if shown != self._shown:
            self._projector.paint_on(self._image)
            self._finish(shown)

    def _paint_card(self, part: Part, frame: int) -> None:
        layers = self._layers_of(part)
        _, opacities = PAINTED[part.kind]
        shown: Opacities = opacities(frame / self.reel.fps, part.frames / self.reel.fps)
        if (part.kind, shown) == self._shown:
            return
        self._image.fill(QColor(self._theme.ground))
        with QPainter(self._image) as painter:
            for picture, opacity in ((layers.stage, shown.stage), (layers.card, shown.card)):
                if opacity > 0:
                    painter.setOpacity(opacity)
                    painter.drawImage(0, 0, picture)
        self._finish((part.kind, shown))

    def _finish(self, shown: Any) -> None:
        self._shown = shown
        if self._transparent:
            self._straight = self._image.convertToFormat(QImage.Format.Format_ARGB32)

    def _layers_of(self, part: Part) -> _Layers:
        if self._layers is None or self._layers.part != part:
            self._layers = _Layers(part, self._card(part.kind),
                                   self._projector.image(part.start).copy())
        return self._layers

    def _card(self, kind: str) -> QImage:
        paint, _ = PAINTED[kind]
        card = QImage(*self.size, QImage.Format.Format_ARGB32_Premultiplied)
        card.fill(Qt.GlobalColor.transparent)
        with QPainter(card) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter, self.reel.lesson, self.size, Style(self._theme, unit_of(*self.size)))
        return card


def _memory(image: QImage) -> Frame:
    """An image's own memory as (height, width, 4) bytes; the image must stay alive."""
    bits: Any = image.bits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4)
