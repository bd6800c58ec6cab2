"""Cards on their way from one layout of a lesson to the next."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from lesson_scenes import LESSON
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QImage, QPainter
from scenes import pixels

from app.arrangement import Arrangement, usual
from app.card import Card
from app.card_ways import between
from app.film import Screen
from app.views import Look
from engine.run import Run

SIZE = (960, 540)


class Frames:
    """A stage whose cards are put at any share of a way."""

    def __init__(self, rows: Arrangement) -> None:
        self.screen = Screen(rows, SIZE, "light", captioned=False)
        self.board = self.screen.stage.board
        self._snapshot = Run(LESSON.experiment).finish().at(40)

    def at(self, start: Arrangement, end: Arrangement, share: float) -> np.ndarray:
        """The frame, (height, width, 3)."""
        self.board.slide(start, end, share)
        self.screen.stage.draw(self._snapshot, Look())
        image = QImage(*SIZE, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            self.screen.paint(painter)
        return pixels(image).astype(float)

    def place(self, name: str) -> QRectF:
        """Where the card of a view is in the frame."""
        card = self.board.card(name)
        return card.mapRectToScene(card.rect())


@pytest.fixture
def frames(qapp):
    made: list[Frames] = []

    def make(rows: Arrangement) -> Frames:
        made.append(Frames(rows))
        return made[-1]

    yield make
    for one in made:
        one.screen.close()


def cut(frame: np.ndarray, place: QRectF) -> np.ndarray:
    """What is within a card's corners."""
    inner = place.adjusted(16, 16, -16, -16).toRect()
    return frame[inner.top() : inner.bottom(), inner.left() : inner.right()]


def stretched(part: np.ndarray, like: np.ndarray) -> np.ndarray:
    """A picture at another one's size."""
    data = np.ascontiguousarray(part[..., ::-1], np.uint8)
    height, width = data.shape[:2]
    image = QImage(data.tobytes(), width, height, 3 * width, QImage.Format.Format_BGR888)
    return pixels(image.scaled(like.shape[1], like.shape[0], Qt.AspectRatioMode.IgnoreAspectRatio,
                               Qt.TransformationMode.SmoothTransformation)).astype(float)


def test_a_card_that_is_in_one_layout_only_fades_where_it_is(frames):
    one = usual((("surface-path",), ("loss-curve",)))
    two = usual((("surface-path",), ("standings",)))
    shown = frames(one)
    before, start = shown.at(one, one, 1), shown.at(one, two, 0)
    half, after = shown.at(one, two, 0.5), shown.at(one, two, 1)
    assert np.array_equal(before, start), "it begins with the picture that there was"
    lower, upper = np.minimum(before, after) - 12, np.maximum(before, after) + 12
    assert ((half >= lower) & (half <= upper)).mean() > 0.995, "each pixel is between the two"
    mean = (before + after) / 2
    assert np.abs(half - mean).mean() < 0.5 * np.abs(before - after).mean() + 1
    assert [card.definition.name for card in shown.board.cards()] == ["surface-path", "standings"]


def test_a_card_of_one_size_is_carried_from_place_to_place_as_it_is(frames):
    one, two = (usual((row,)) for row in (("surface-path", "surface-3d"),
                                         ("surface-3d", "surface-path")))
    shown = frames(one)
    seen = cut(shown.at(one, one, 1), shown.place("surface-path"))
    for share in (0.25, 0.5, 0.75, 1.0):
        frame = shown.at(one, two, share)
        assert np.array_equal(cut(frame, shown.place("surface-path")), seen)
        assert len(_heads(shown)) == 2


def test_a_card_in_both_layouts_is_seen_once_all_the_way(frames):
    """As the landscape of the lesson on landscapes, which was at both places for 0.7 s."""
    one, two = usual((("surface-path", "loss-curve"),)), usual((("surface-3d", "surface-path"),))
    shown = frames(one)
    first = shown.at(one, one, 1)
    at_first = shown.place("surface-path")
    assert np.array_equal(shown.at(one, two, 0), first), "it begins with the picture that there was"
    last = frames(two).at(two, two, 1)
    shown.at(one, two, 1)
    at_last = shown.place("surface-path")
    for share, picture, place in ((0.2, first, at_first), (0.85, last, at_last)):
        frame = shown.at(one, two, share)
        now = shown.place("surface-path")
        assert now == between(at_first, at_last, share)
        seen = cut(frame, now)
        wanted = stretched(cut(picture, place), seen)
        # Its head is not stretched, but laid out anew.
        assert np.abs(seen - wanted)[60:].mean() < 4, "the picture of the nearer place, stretched"
        assert _heads(shown) == ["loss-curve", "surface-3d", "surface-path"]
    assert np.array_equal(shown.at(one, two, 1), last), "it ends as the next one"


def test_cards_are_given_back_as_soon_as_they_are_out_of_sight(frames):
    """One that waits to be collected may be taken down in the midst of another one's drawing."""
    one, two = usual((("surface-path", "loss-curve"),)), usual((("surface-3d", "surface-path"),))
    shown = frames(one)
    shown.at(one, one, 1)
    gc.disable()
    try:
        shown.at(one, two, 0.5)
        cards = [weakref.ref(item) for item in shown.board.childItems() if isinstance(item, Card)]
        assert len(cards) == 4
        shown.at(one, two, 1)
        assert sum(card() is not None for card in cards) == 2
    finally:
        gc.enable()


def _heads(shown: Frames) -> list[str]:
    """The views whose heads are seen, each as often as it is."""
    return sorted(item.definition.name for item in shown.board.childItems()
                  if isinstance(item, Card) and item.head.isVisible())
