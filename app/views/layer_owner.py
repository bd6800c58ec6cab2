"""Whose layer a view looks into: a contestant that has one, and a small choice of its layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.network.blocks import blocks
from engine.snapshot import Snapshot

from ..theme import Style
from .faces import face
from .markers import draw_marker
from .view import Appearance, Look, appearances

HEAD = 30.0
CHIP = 22.0


@dataclass(frozen=True)
class Owner:
    """A contestant with the places of its layers of a kind, and the one that is looked at."""

    appearance: Appearance
    state: Any
    places: tuple[int, ...]
    place: int
    alone: bool
    """Whether nobody else has such a layer, so that its name need not be said twice."""


@dataclass(frozen=True)
class Chip:
    """A word to be clicked: it asks for the layer at `place`."""

    text: str
    place: int
    chosen: bool
    rect: QRectF


def owner_of(snapshot: Snapshot, style: Style, look: Look,
             places_of: Callable[[Any], tuple[int, ...]]) -> Owner | None:
    """The chosen contestant if it has such a layer, else the highlighted, else the first one.

    Muted contestants are not looked at.
    """
    shown = [a for a in appearances(snapshot.experiment, style, look) if a is not None]
    having = [(a, places) for a in shown if (places := places_of(snapshot.contestants[a.index]))]
    if not having:
        return None
    having.sort(key=lambda entry: (entry[0].index != look.chosen, entry[0].name != look.highlight))
    appearance, places = having[0]
    place = look.layer if look.layer in places else places[0]
    return Owner(appearance, snapshot.contestants[appearance.index], places, place,
                 len(having) == 1)


def place_in(state: Any, places: tuple[int, ...], wanted: int | None) -> int:
    """The one of `places` that is wanted, or that a lecture counts to the same layer; the first
    one without any."""
    if wanted in places:
        return wanted
    together = next((block.places for block in blocks(state.training.network)
                     if wanted in block.places), ())
    return next((place for place in places if place in together), places[0])


def absence(snapshot: Snapshot, places_of: Callable[[Any], tuple[int, ...]], what: str) -> str:
    """Why there is no owner, as a sentence."""
    if any(places_of(state) for state in snapshot.contestants):
        return f"Every contestant with a {what} layer is muted"
    return f"No contestant has a {what} layer"


def layer_words(state: Any, places: tuple[int, ...]) -> tuple[str, ...]:
    """What a lecture calls the places: by the weight layer they follow, "in" for the inputs."""
    found = blocks(state.training.network)
    numbers = [next((block.number for block in found if place in block.places), 0)
               for place in places]
    words = tuple("in" if number == 0 else str(number) for number in numbers)
    # Two of them behind one weight layer are told apart by their places.
    return words if len(set(words)) == len(words) else tuple(map(str, places))


def place_words(state: Any, place: int) -> str:
    """Where a layer stands, such as "behind layer 2"."""
    (word,) = layer_words(state, (place,))
    return "on the inputs" if word == "in" else f"behind layer {word}"


def layer_chips(style: Style, owner: Owner, right: float, room: float) -> tuple[Chip, ...]:
    """The choice of layers, its end at `right`: as many as fit around the one looked at.

    Nothing where there is only one, or no room.
    """
    words = layer_words(owner.state, owner.places)
    return word_chips(style, words, owner.places, owner.places.index(owner.place), right, room)


def word_chips(style: Style, words: Sequence[str], places: Sequence[int], here: int, right: float,
               room: float) -> tuple[Chip, ...]:
    """A choice of words for places, its end at `right`: as many as fit around that at `here`.

    Nothing where there is only one, or no room.
    """
    _, metrics = face(style, 12)
    if len(words) == 1:
        return ()
    wide = [max(metrics.horizontalAdvance(word) + style.px(14), style.px(CHIP)) for word in words]
    first = last = here
    used = wide[here]
    while True:
        grown = [k for k in (first - 1, last + 1) if 0 <= k < len(words) and used + wide[k] <= room]
        if not grown:
            break
        nearest = min(grown, key=lambda k: abs(k - here))
        first, last, used = min(first, nearest), max(last, nearest), used + wide[nearest]
    if last == first:
        return ()
    found, left = [], right - used
    for k in range(first, last + 1):
        found.append(Chip(words[k], places[k], k == here,
                          QRectF(left, (style.px(HEAD) - style.px(CHIP)) / 2 - style.px(3),
                                 wide[k], style.px(CHIP))))
        left += wide[k]
    return tuple(found)


def paint_owner(painter: QPainter, style: Style, owner: Owner, words: str, chips: tuple[Chip, ...],
                width: float) -> None:
    """A line with the contestant's marker and name, `words` behind them, and the choice."""
    (names, metrics), (quiet, small) = face(style, 14, 600), face(style, 13)
    middle = style.px(HEAD) / 2 - style.px(3)
    baseline = middle + (metrics.ascent() - metrics.descent()) / 2
    appearance, lost = owner.appearance, owner.state.diverged is not None
    end = chips[0].rect.left() - style.px(10) if chips else width
    painter.setOpacity(appearance.opacity)
    draw_marker(painter, appearance.marker, style.px(7), middle, style.px(5), appearance.color)
    painter.setFont(names)
    painter.setPen(style.ink(appearance.color))
    left = style.px(20)
    name = metrics.elidedText(appearance.name, Qt.TextElideMode.ElideRight, end - left)
    painter.drawText(QPointF(left, baseline), name)
    left += metrics.horizontalAdvance(name) + style.px(12)
    painter.setFont(quiet)
    for text, color in (("diverged" if lost else "", style.theme.warning),
                        (words, style.theme.quiet)):
        if text and left + small.horizontalAdvance(text) <= end:
            painter.setPen(QColor(color))
            painter.drawText(QPointF(left, baseline), text)
            left += small.horizontalAdvance(text) + style.px(12)
    painter.setOpacity(1)
    paint_chips(painter, style, chips, left=left)


def paint_chips(painter: QPainter, style: Style, chips: tuple[Chip, ...], words: str = "",
                left: float = 0.0, label: str = "layer") -> float:
    """A choice with its label before it, and `words` at `left`, where there is room for them.

    Without chips, as in films, only the words. Returns where the choice begins.
    """
    font, tiny = face(style, 12)
    painter.setFont(font)
    for chip in chips:
        if chip.chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(style.theme.raised))
            painter.drawRoundedRect(chip.rect, style.px(6), style.px(6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(style.theme.text if chip.chosen else style.theme.quiet))
        painter.drawText(chip.rect, Qt.AlignmentFlag.AlignCenter, chip.text)
    painter.setPen(QColor(style.theme.quiet))
    names = face(style, 14, 600)[1]
    baseline = style.px(HEAD) / 2 - style.px(3) + (names.ascent() - names.descent()) / 2
    start, room = left, inf
    if chips:
        start, room = chips[0].rect.left(), chips[0].rect.left() - left
        wide = tiny.horizontalAdvance(label)
        if wide + style.px(14) <= room:
            start -= wide + style.px(4)
            painter.drawText(QPointF(start, baseline), label)
        room -= wide + style.px(30)
    font, metrics = face(style, 13)
    if words and metrics.horizontalAdvance(words) <= room:
        painter.setFont(font)
        painter.drawText(QPointF(left, baseline), words)
    return start


def chip_at(chips: tuple[Chip, ...], pixel: QPointF) -> Chip | None:
    """The one under a pixel."""
    return next((chip for chip in chips if chip.rect.contains(pixel)), None)
