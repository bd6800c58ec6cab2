"""The cards around a lesson's film: what it is called, and where it comes from.

The title card is there in the first frame, which is what folders and slide programs show of a
film; then it makes way for the lesson. The sources stay to the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from engine.lesson import Lesson

from .theme import Style, Theme, marker_of
from .views.markers import draw_marker

Size = tuple[int, int]

FADE = 0.5
"""How long a card or the stage takes to come or go, in seconds."""

MOST_NAMES = 8
_LEAD = re.compile(r"(.{1,80}?\b(?:1[5-9]|20)\d\d[a-z]?\)?)[,.:;]?\s+(\S.*)", re.DOTALL)


@dataclass(frozen=True)
class Opacities:
    """How much of the card and of the stage is seen at one time."""

    card: float
    stage: float


def title_opacities(seconds: float, length: float) -> Opacities:
    """The card goes, then the stage comes: each in half a second, eased."""
    return Opacities(1 - eased((seconds - length + 2 * FADE) / FADE),
                     eased((seconds - length + FADE) / FADE))


def sources_opacities(seconds: float, length: float) -> Opacities:
    """The stage goes, then the card comes, and stays."""
    return Opacities(eased((seconds - FADE) / FADE), 1 - eased(seconds / FADE))


def eased(share: float) -> float:
    """From 0 to 1 without a jerk at either end."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def paint_title(painter: QPainter, lesson: Lesson, size: Size, style: Style) -> None:
    """The title, a sentence, and who races, a little above the middle."""
    page = _Page(painter, size, style)
    title = page.fitted(lesson.title, (92, 84, 76, 68, 60, 52, 44), 600, page.height * 0.3)
    sentence = page.fitted(" ".join(lesson.summary.split()), (40, 36, 32, 28), 400,
                           page.height * 0.24)
    names = _names(lesson)
    gaps = (34 if lesson.summary else 0, 56 if names else 0)
    height = title.height + sentence.height + page.unit * (sum(gaps) + (30 if names else 0))
    top = page.height * 0.47 - height / 2
    top = title.draw(painter, page.left, top, style.theme.text) + page.unit * gaps[0]
    if lesson.summary:
        top = sentence.draw(painter, page.left, top, style.theme.quiet)
    if names:
        _paint_names(page, names, top + page.unit * (gaps[1] + 15))


def paint_sources(painter: QPainter, lesson: Lesson, size: Size, style: Style) -> None:
    """Who found it and where it can be read, in type that fits the frame."""
    page = _Page(painter, size, style)
    for px in (34, 31, 28, 25, 22, 19, 16, 13):
        rows = [_source_row(page, source, px) for source in lesson.sources]
        gap = px * 0.75 * page.unit
        height = sum(row.height for row in rows) + gap * (len(rows) - 1)
        if height <= page.height * 0.66:
            break
    head = _Block("Sources", style.font(44, 600), page.width)
    top = max((page.height - height - head.height - 44 * page.unit) * 0.46, 40 * page.unit)
    top = head.draw(painter, page.left, top, style.theme.text) + 44 * page.unit
    for row in rows:
        top = row.draw(painter, page.left, top, style.theme) + gap


class _Page:
    """A frame's measures: text stands in one column, with wide margins."""

    def __init__(self, painter: QPainter, size: Size, style: Style) -> None:
        self.painter, self.style = painter, style
        self.unit = style.unit
        self.height = float(size[1])
        self.left = min(180 * self.unit, size[0] / 9)
        self.width = min(size[0] - 2 * self.left, 1500 * self.unit)

    def fitted(self, text: str, sizes: tuple[int, ...], weight: int, most: float) -> _Block:
        """The text in the largest of the sizes in which it is no higher than `most`."""
        for px in sizes:
            block = _Block(text, self.style.font(px, weight), self.width)
            if block.height <= most:
                break
        return block


class _Block:
    """A text set in lines; `height` is 0 for none."""

    def __init__(self, text: str, font: QFont, width: float) -> None:
        self._layout = QTextLayout(text, font)
        self._layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        self._layout.beginLayout()
        self.height = 0.0
        while text and (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, self.height))
            self.height += line.height() * (1.0 if font.weight() > 500 else 1.1)
        self._layout.endLayout()

    def draw(self, painter: QPainter, left: float, top: float, color: str) -> float:
        """Draw it; returns where it ends."""
        painter.setPen(QColor(color))
        self._layout.draw(painter, QPointF(left, top))
        return top + self.height


@dataclass(frozen=True)
class _SourceRow:
    """Authors and year in one line, the title under it."""

    lead: _Block
    rest: _Block

    @property
    def height(self) -> float:
        return self.lead.height + self.rest.height

    def draw(self, painter: QPainter, left: float, top: float, theme: Theme) -> float:
        top = self.lead.draw(painter, left, top, theme.text)
        return self.rest.draw(painter, left, top, theme.quiet)


def _source_row(page: _Page, source: str, px: int) -> _SourceRow:
    lead, rest = source_parts(source)
    return _SourceRow(_Block(lead, page.style.font(px, 600), page.width),
                      _Block(rest, page.style.font(px * 0.86), page.width))


def source_parts(source: str) -> tuple[str, str]:
    """'Polyak 1964, Some methods of…' as who and when, and what; without a year, all as one."""
    text = " ".join(str(source).split())
    found = _LEAD.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


class _Name(NamedTuple):
    """A contestant: its name, its place in the race, and its own colour, if it has one."""

    name: str
    place: int
    color: int | str | None


def _names(lesson: Lesson) -> list[_Name]:
    """Who is seen in any beat; nobody, where one alone runs, or a crowd."""
    seen: dict[str, _Name] = {}
    for experiment in (lesson.experiment, *lesson.experiments):
        for index, contestant in enumerate(experiment.contestants):
            if not contestant.muted:
                name = contestant.name
                seen.setdefault(name, _Name(name, index, contestant.color))
    if not 2 <= len(seen) <= MOST_NAMES:
        return []
    return sorted(seen.values(), key=lambda entry: entry.place)


def _paint_names(page: _Page, names: list[_Name], middle: float) -> None:
    """Markers and names in a row, or in several where it is narrow."""
    font = page.style.font(30, 500)
    metrics = QFontMetricsF(font)
    radius, gap = 9 * page.unit, 44 * page.unit
    left = page.left
    page.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for name, place, color in names:
        width = 3.2 * radius + metrics.horizontalAdvance(name)
        if left > page.left and left + width > page.left + page.width:
            left, middle = page.left, middle + 48 * page.unit
        draw_marker(page.painter, marker_of(place), left + radius, middle, radius,
                    page.style.contestant(place, color))
        page.painter.setFont(font)
        page.painter.setPen(QColor(page.style.theme.quiet))
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        page.painter.drawText(QPointF(left + 3.2 * radius, baseline), name)
        left += width + gap


Paint = Callable[[QPainter, Lesson, Size, Style], None]
PAINTED: dict[str, tuple[Paint, Callable[[float, float], Opacities]]] = {
    "title": (paint_title, title_opacities), "sources": (paint_sources, sources_opacities),
}
