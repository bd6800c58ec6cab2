"""Fonts with their metrics, made once: a frame asks for the same few dozens of times."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtGui import QFont, QFontMetricsF

from ..theme import Style


@lru_cache(maxsize=128)
def face(style: Style, px: float, weight: int = 400, tabular: bool = False
         ) -> tuple[QFont, QFontMetricsF]:
    """A style's font at a design size, and its metrics; neither may be changed.

    Making the two takes 30 µs, which is more than drawing a number does.
    """
    font = style.font(px, weight, tabular=tabular)
    return font, QFontMetricsF(font)


@lru_cache(maxsize=1024)
def width_of(style: Style, text: str, px: float, weight: int = 400, tabular: bool = False) -> float:
    """How wide a text is, for words that are the same in every frame."""
    return face(style, px, weight, tabular)[1].horizontalAdvance(text)
