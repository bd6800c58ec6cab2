"""A beat's caption and equation in a place of fixed size, whatever they are.

The place must not grow with the words: the views above it would be drawn at another size in every
beat. So the words are set in the largest type that fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QWidget

from ..equations import Equation
from ..fitted_text import FittedText, fitted
from ..theme import LIGHT, Style

EM = 23.0
CAPTION_SIZES = (19.0, 18.0, 17.0, 16.0, 15.0, 14.0, 13.0)
# Beside a caption an equation has this share of the width, under it this share of the height.
BESIDE, UNDER = 0.4, 0.5
BETWEEN = 24.0
QUIET = 0.45


@dataclass(frozen=True)
class _Setting:
    """Where caption and equation stand, and the smaller one's share of its full size."""

    caption: FittedText
    caption_at: QPointF
    em: float
    equation_at: QPointF
    share: float


class BeatWords(QWidget):
    """The caption, and the equation beside it or under it: where both can be read better."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style(LIGHT)
        self._caption = ""
        self._equation: Equation | None = None
        self._quiet = False

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self.update()

    def say(self, caption: str, formula: str, term: str, *, quiet: bool) -> None:
        """Show other words; `quiet` ones may be false of what is to be seen."""
        self._caption, self._quiet = caption, quiet
        self._equation = Equation(formula, term) if formula else None
        self.setAccessibleName(" ".join(filter(None, (caption, formula))))
        self.update()

    def text(self) -> str:
        """The caption."""
        return self._caption

    def setting(self) -> tuple[FittedText, float]:
        """The caption as it is set now, and the equation's em in pixels, 0 without one."""
        found = self._setting()
        return found.caption, found.em

    def paintEvent(self, event: Any) -> None:
        theme, found = self._style.theme, self._setting()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            found.caption.draw(painter, found.caption_at,
                               QColor(theme.quiet if self._quiet else theme.text))
            if self._equation is not None:
                painter.setOpacity(QUIET if self._quiet else 1.0)
                self._equation.draw(painter, found.equation_at.x(), found.equation_at.y(),
                                    found.em, QColor(theme.text), QColor(theme.accent))

    def _setting(self) -> _Setting:
        if self._equation is None or not self._caption:
            return self._alone()
        return max(self._beside(self._equation), self._under(self._equation),
                   key=lambda setting: setting.share)

    def _alone(self) -> _Setting:
        rect = QRectF(self.rect())
        caption = self._fitted(rect.width(), rect.height())
        em = self._em(rect.width(), rect.height())
        equation = self._equation
        ascent = 0.0 if equation is None else (
            equation.ascent(em) + (rect.height() - equation.size(em).height()) / 2)
        return _Setting(caption, QPointF(0, (rect.height() - caption.height) / 2), em,
                        QPointF(0, ascent), 1.0)

    def _beside(self, equation: Equation) -> _Setting:
        rect = QRectF(self.rect())
        em = self._em(BESIDE * rect.width(), rect.height())
        size = equation.size(em)
        width = rect.width() - size.width() - self._style.px(BETWEEN)
        caption = self._fitted(width, rect.height())
        at = QPointF(rect.right() - size.width(),
                     (rect.height() - size.height()) / 2 + equation.ascent(em))
        return _Setting(caption, QPointF(0, (rect.height() - caption.height) / 2), em, at,
                        self._share(caption, em, rect.height()))

    def _under(self, equation: Equation) -> _Setting:
        rect, gap = QRectF(self.rect()), self._style.px(BETWEEN) / 3
        em = self._em(rect.width(), UNDER * rect.height() - gap)
        tall = equation.size(em).height()
        caption = self._fitted(rect.width(), rect.height() - tall - gap)
        top = max(0.0, (rect.height() - caption.height - gap - tall) / 2)
        at = QPointF(0, top + caption.height + gap + equation.ascent(em))
        return _Setting(caption, QPointF(0, top), em, at,
                        self._share(caption, em, rect.height() - tall - gap))

    def _fitted(self, width: float, height: float) -> FittedText:
        return fitted(self._caption, self._style, CAPTION_SIZES, max(width, 1.0), height)

    def _em(self, width: float, height: float) -> float:
        """The equation's size in a place, at most its full one."""
        if self._equation is None:
            return 0.0
        natural = self._equation.size(1.0)
        return min(self._style.px(EM), width / natural.width(), height / natural.height())

    def _share(self, caption: FittedText, em: float, height: float) -> float:
        """How much of its full size the smaller one has; less where the caption is cut."""
        room = min(1.0, height / caption.height) if caption.height else 1.0
        return min(caption.px / CAPTION_SIZES[0] * room, em / self._style.px(EM))
