"""Maps on screen: what is seen becomes finer and never coarser, however a zoom goes on."""

from fractions import Fraction

import numpy as np
import pytest
from map_races import pits
from scenes import snapshot_of, solo
from test_gliding_maps import lesson

from app.looks import look_at_moment
from app.views import Look
from app.views.only_finer import Drawn, only_finer

ALL = (0.0, 1.0, 0.0, 1.0)
SIZE = (420, 340)


def drawn(name, cell, fills=ALL, whole=False, opacity=1.0) -> Drawn[str]:
    return Drawn(name, opacity, fills, cell, whole)


def names(asked, before=()) -> list[str]:
    return [one.picture for one in only_finer(asked, before)]


def test_what_is_there_stays_until_the_new_picture_is_as_fine_or_whole():
    old = drawn("old", 0.02, (-1.0, 2.0, -1.0, 2.0))
    assert names([drawn("rough", 0.04)], [old]) == ["old"]
    assert names([drawn("fine", 0.02)], [old]) == ["fine"]
    assert names([drawn("whole", 0.04, whole=True)], [old]) == ["whole"]
    assert names([], [old]) == ["old"] and names([]) == []
    assert names([drawn("rough", 0.04)]) == ["rough"]


def test_beside_what_is_there_the_rough_one_is_seen_and_what_is_away_is_gone():
    aside = drawn("aside", 0.02, (0.3, 1.3, 0.0, 1.0))
    away = drawn("away", 0.001, (1.0, 2.0, 0.0, 1.0))
    assert names([drawn("rough", 0.04)], [aside, away]) == ["rough", "aside"]
    many = [drawn(f"{k}", 0.03 - 0.001 * k, (0.3, 1.3, 0.0, 1.0)) for k in range(5)]
    assert names([drawn("rough", 0.04)], many) == ["rough", "3", "4"]


def test_what_comes_up_in_the_middle_does_so_when_it_is_finer_than_what_is_below():
    wide, middle = drawn("wide", 0.02, whole=True), (0.2, 0.8, 0.2, 0.8)
    assert names([wide, drawn("rough", 0.04, middle)]) == ["wide"]
    assert names([wide, drawn("finer", 0.01, middle, opacity=0.5)]) == ["wide", "finer"]
    # One that would do alone is no ground as long as there is something around it.
    assert names([drawn("done", 0.01, middle, whole=True)], [wide]) == ["wide", "done"]


def grains(view) -> float:
    """The size of a cell in the middle of what is seen, in units of the plane."""
    x0, x1, y0, y1 = view._extent
    at, found = ((x0 + x1) / 2, (y0 + y1) / 2), []
    for maps, opacity in view._painter.seen:
        left, right, bottom, top = maps.cells
        if opacity > 0.5 and left <= at[0] <= right and bottom <= at[1] <= top:
            found.append((right - left) / maps.question.size[0] * maps.pictures[0].stride)
    return found[-1]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("busy", [1, 3])
def test_a_slide_towards_a_place_shows_it_only_ever_finer(busy):
    """However many frames pass while one picture is refined."""
    near = ((0.09, 0.39), (4.09, 4.39))
    closer = lesson({"look": {"zoom": near}}, layout=[["basin-map"]],
                    first=((-6.0, 6.0), (-6.0, 6.0)))
    snapshot, seen = snapshot_of(closer.experiment, 0), []
    with solo("basin-map", "light", SIZE) as shown:
        view = shown.view
        view.whole = False
        for frame in range(60):
            moment = closer.moment(1 + Fraction(2 * frame, 60))
            shown.draw(snapshot, look_at_moment(moment, closer.beats[1], Look()))
            while frame == 0 and view.unfinished:
                view.refine(lambda: False)
                shown.draw(snapshot, look_at_moment(moment, closer.beats[1], Look()))
            seen.append(grains(view))
            if frame % busy == 0:
                view.refine(lambda: False)
    # A part in a thousand is what sizes are rounded by.
    assert (np.diff(seen) <= 1e-3 * np.array(seen[:-1])).all()
    assert seen[-1] < 0.1 * seen[0]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name, zoom", [
    ("basin-map", {"zoom": ((-2.0, 2.0), (-1.5, 1.5))}),
    ("settings-map", {"settings_zoom": ((1e-3, 1.0), (0.0, 0.9))})])
def test_a_zoom_keeps_what_was_seen_until_there_is_something_better(name, zoom):
    snapshot = snapshot_of(pits(60), 0)
    with solo(name, "light", SIZE) as shown:
        view = shown.view
        view.whole = False
        shown.draw(snapshot, Look(chosen=1))
        while view.unfinished:
            view.refine(lambda: False)
            shown.draw(snapshot, Look(chosen=1))
        whole = view._shown
        look = Look(chosen=1, **zoom)
        shown.draw(snapshot, look)
        view.refine(lambda: False)
        shown.draw(snapshot, look)
        assert view.unfinished and view._shown is whole, "its first picture is coarser"
        while view.unfinished:
            view.refine(lambda: False)
            shown.draw(snapshot, look)
        assert view._shown is not whole and view.answers(view._maps[0].asked, view._shown)
        # Another race has nothing to do with it, and is seen as soon as there is anything of it.
        other = snapshot_of(pits(70), 0)
        shown.draw(other, look)
        view.refine(lambda: False)
        shown.draw(other, look)
        assert view.unfinished and view.answers(view._maps[0].asked, view._shown)
