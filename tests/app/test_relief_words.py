"""The words around a relief, and how its shades and shadows are told apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from landscape_scenes import three
from networks import finished
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPolygonF
from scenes import race, snapshot_of, solo

from app.theme import THEMES, Style
from app.views import Look, relief_view
from app.views.relief_paint import around_of, trail_look

# Letters end so far within their rectangles, and a word that is nearer to the box fades.
WITHIN = 3.5


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


@pytest.fixture(scope="module")
def run():
    return finished(three())


@pytest.fixture
def painted(monkeypatch):
    """Boxes that words were painted around, in pixels of the view, what was taken, and the words.
    """
    found, paint = [], relief_view.paint_words

    def spy(painter, box, names, style, ratio, bounds, taken):
        words = paint(painter, box, names, style, ratio, bounds, taken)
        found.append((box, ratio, bounds, taken, words))
        return words

    monkeypatch.setattr(relief_view, "paint_words", spy)
    return found


@pytest.mark.parametrize("size", [(560, 330), (1240, 640), (300, 220), (260, 700)])
def test_no_name_of_an_axis_lies_on_the_box_from_anywhere(run, painted, size):
    with solo("landscape-3d", "light", size) as shown:
        for azimuth in range(-180, 180, 12):
            for elevation in (12.0, 34.0):
                shown.draw(run.at(130), Look(camera=(float(azimuth), elevation, 1.0)))
                box, ratio, bounds, taken, words = painted[-1]
                floor = QPolygonF([QPointF(x, y) for x, y in box.floor / ratio])
                assert words
                for word in words:
                    letters = word.adjusted(WITHIN, WITHIN, -WITHIN, -WITHIN)
                    # Heights are named at the top of an edge, the plane in two lines.
                    if word.height() > 24:
                        assert floor.intersected(QPolygonF(letters)).isEmpty(), azimuth
                    assert bounds.contains(word)
                    assert not any(letters.intersects(name.adjusted(0, 7, 0, -7))
                                   for name in taken)


@pytest.mark.parametrize("size", [(260, 700), (560, 330), (480, 400)])
def test_both_names_of_the_plane_are_read_where_a_card_is_narrow(run, painted, size):
    with solo("landscape-3d", "light", size) as shown:
        shown.draw(run.at(0), Look())
        one, other = (word for word in painted[-1][-1] if word.height() > 24)
        assert not one.adjusted(0, 3, 0, -3).intersects(other.adjusted(0, 3, 0, -3))


def test_names_of_axes_are_there_at_the_usual_camera_and_slide_as_it_goes_round(run, painted):
    with solo("landscape-3d", "light", (560, 330)) as shown:
        shown.draw(run.at(0), Look())
        assert sum(word.height() > 24 for word in painted[-1][4]) == 2
        places = []
        for azimuth in np.arange(20.0, 60.0, 1.0):
            shown.draw(run.at(0), Look(camera=(float(azimuth), 34.0, 1.0)))
            places.append([word.center() for word in painted[-1][4]
                           if word.height() > 24])
        for before, after in pairwise(places):
            for one in before:
                # Half of a line of it for a degree, or it has faded.
                near = [(one - other).manhattanLength() for other in after]
                assert not near or min(near) < 20 or len(before) != len(after)


@pytest.mark.parametrize("theme", list(THEMES))
def test_a_shadow_can_be_told_from_the_floor(theme):
    style = Style(THEMES[theme])
    floor, look = np.array(around_of(style, 1).floor), trail_look(style, 1)
    assert (np.abs(floor - np.array(look.shadow)) * look.darkness).max() > 15


def test_words_give_way_to_names_of_heads(painted):
    with solo("surface-3d", "light", (500, 400)) as shown:
        shown.draw(snapshot_of(race(), 40), Look())
        *_, words = painted[-1]
        name = max(words, key=QRectF.width)
        marks = shown.view.paint_marks
        shown.view.paint_marks = lambda *given: [*marks(*given), name]
        shown.draw(snapshot_of(race(), 40), Look(camera=(-60.0, 34.0, 1.0)))
        assert name not in painted[-1][4] and len(painted[-1][4]) < len(words)
