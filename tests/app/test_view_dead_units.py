"""Dead units: lines where the engine says units turn on, who is dead, since when, and how many.

Golden pictures are drawn anew by `python -m tests.app.unit_scenes`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from networks import RELU, TANH, dense, finished
from PyQt6.QtCore import QPointF
from reading import assert_readable, listened, mouse_at
from scenes import rgb, solo
from unit_scenes import dying, experiment

from app.theme import THEMES
from app.views import Look
from app.views.death_course import course_axes, entries, when
from app.views.unit_plane import ticks
from app.views.unit_strip import cell_width, in_order
from engine.network.resting import activities

SIZE = (900, 420)
BOTH = pytest.mark.parametrize("theme", list(THEMES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def near(drawn, x, y, colour, reach=1):
    """How far the most alike pixel around a point is from a colour, in levels."""
    x, y = round(float(x)), round(float(y))
    patch = drawn[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
    return np.abs(patch.reshape(-1, 3) - rgb(colour)).max(1).min()


@BOTH
def test_lines_lie_where_weights_say_and_marks_on_the_side_where_units_are_on(theme):
    snapshot = finished(dying()).at(150)
    with solo("dead-units", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look(chosen=1))
        for body in shown.view._layout.bodies:
            index = body.panel.appearance.index
            state, lines = snapshot.contestants[index], shown.view._lines[index]
            dead = activities(state)[1].dead
            prepared = shown.view._plane.prepared(body.extent)
            weights, bias = state.tensors["0.W"], state.tensors["0.b"]
            for ends, unit in zip(lines.ends, lines.owners, strict=True):
                inside = ends[0] + np.linspace(0.1, 0.9, 60)[:, None] * (ends[1] - ends[0])
                back = inside - [body.main.left(), body.main.bottom()]
                scale = np.array([(prepared[1] - prepared[0]) / body.main.width(),
                                  -(prepared[3] - prepared[2]) / body.main.height()])
                x = back * scale + [prepared[0], prepared[2]]
                assert np.allclose(x @ weights[unit] + bias[unit], 0, atol=1e-5 + 1e-5 * abs(
                    bias[unit]))
                colour = (shown.style.theme.warning if dead[unit]
                          else body.panel.appearance.color)
                off = [near(drawn, *point, colour) for point in inside]
                # Thin and pale where there are many, under rows here and there, or between dashes.
                assert np.mean(np.array(off) < 120) > 0.45
                marks = ticks(shown.style, ends[None], bent=False)
                tips = (marks[:, 1] - [body.main.left(), body.main.bottom()]) * scale + [
                    prepared[0], prepared[2]]
                assert len(tips) and (tips @ weights[unit] + bias[unit] > 0).all()


@BOTH
def test_the_strip_shows_shares_and_crosses(theme):
    snapshot = finished(dying()).at(150)
    with solo("dead-units", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look(chosen=1))
        for body in shown.view._layout.bodies:
            found = activities(snapshot.contestants[body.panel.appearance.index])[1]
            wide = cell_width(body.strip, 16, shown.style)
            for unit in range(16):
                x = int(body.strip.left() + (unit + 0.25) * wide)
                column = drawn[int(body.strip.top()) : int(body.strip.bottom()), x]
                full = (np.abs(column - rgb(body.panel.appearance.color)).max(1) <= 4).sum()
                if found.dead[unit]:
                    assert full == 0
                    middle = body.strip.left() + (unit + 0.5) * wide
                    assert near(drawn, middle, body.strip.center().y(),
                                shown.style.theme.warning) < 60
                else:
                    expected = max(found.share[unit] * body.strip.height(), 1)
                    assert abs(full - expected) <= 1.5


def test_the_list_and_the_heads_say_who_died_when():
    run = finished(dying())
    snapshot = run.at(150)
    with solo("dead-units", "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look(chosen=1))
        deaths = shown.view._deaths()
    dead = [activities(snapshot.contestants[k])[1].dead for k in (0, 1)]
    assert f"{dead[1].sum()} of 16 dead" in texts
    assert f"{dead[0].sum()} of 16 dead" in texts
    assert sorted(death.unit for death in deaths) == np.flatnonzero(dead[1]).tolist()
    assert len(deaths) >= 4
    for death in deaths:
        assert f"unit {death.unit + 1}" in texts and when(death) in texts
        before, at = (activities(run.at(step).contestants[1])[1].dead[death.unit]
                      for step in (death.by - 1, death.by))
        assert at and not before


@BOTH
def test_counts_over_the_run_are_full_before_now_and_faint_behind(theme):
    run = finished(dying())
    with solo("dead-units", theme, SIZE) as shown:
        drawn = shown.draw(run.at(110), Look(chosen=1))
        view = shown.view
        axes = course_axes(view._layout.course, shown.style, view._counts(view._frame), 200)
        colour = shown.style.contestant(1)
        for step in (20, 70, 90):
            count = activities(run.at(step).contestants[1])[1].dead.sum()
            at = axes.pixel(step, float(count))
            assert near(drawn, at.x(), at.y(), colour, 2) <= 12
        later = activities(run.at(160).contestants[1])[1].dead.sum()
        at = axes.pixel(160, float(later))
        assert later > 0 and near(drawn, at.x(), at.y(), colour, 2) > 30
        assert near(drawn, at.x(), at.y(), shown.style.theme.card, 0) > 20


def test_a_deeper_layer_is_shown_when_it_is_chosen_by_any_of_its_parts():
    snapshot = finished(dying()).at(150)
    with solo("dead-units", "light", SIZE) as shown:
        asked = listened(shown.view)
        for layer in (2, 3):
            shown.draw(snapshot, Look(chosen=1, layer=layer))
            assert shown.view._layers == {0: 3, 1: 3}
            assert all(lines.planes is None for lines in shown.view._lines.values())
        at = shown.view._layout.chips[0].rect.center()
        event = mouse_at(at)
        shown.view.mouseClickEvent(event)
        assert event.taken and asked == [("layer", 1)]
        shown.draw(snapshot, Look(layer=4))
        assert shown.view._layers == {0: 1, 1: 1}


def test_a_unit_is_found_by_its_line_its_bar_or_its_entry_and_kept_by_a_click():
    snapshot = finished(dying()).at(150)
    with solo("dead-units", "light", SIZE) as shown:
        asked = listened(shown.view)
        plain = shown.draw(snapshot, Look(chosen=1))
        view, body = shown.view, shown.view._layout.bodies[1]
        wide = cell_width(body.strip, 16, shown.style)
        assert view.unit_under(QPointF(body.strip.left() + 6.5 * wide,
                                       body.strip.center().y())) == 6
        ends, unit = view._lines[1].ends[0], view._lines[1].owners[0]
        some = [ends[0] + share * (ends[1] - ends[0]) for share in np.linspace(0.05, 0.95, 19)]
        assert unit in [view.unit_under(QPointF(*point)) for point in some]
        listed = entries(view._layout.listed, shown.style, view._deaths())
        at = listed[0].rect.center()
        view.hoverEvent(mouse_at(at))
        gone = listed[0].death.unit
        assert view.note() == f"unit {gone + 1} · dead since {when(listed[0].death)} · gradient 0"
        assert not np.array_equal(shown.draw(snapshot, Look(chosen=1)), plain)
        event = mouse_at(at)
        view.mouseClickEvent(event)
        assert event.taken and asked == [("unit", gone)]
        view.hoverEvent(mouse_at(at, leaves=True))
        assert np.array_equal(shown.draw(snapshot, Look(chosen=1)), plain)
        kept = shown.draw(snapshot, Look(chosen=1, unit=gone))
        assert not np.array_equal(kept, plain) and "dead since" in view.note()
        view.mouseClickEvent(event)
        assert asked[-1] == ("unit", None)


def test_a_click_on_a_head_chooses_and_one_on_the_run_goes_there():
    snapshot = finished(dying()).at(150)
    with solo("dead-units", "light", SIZE) as shown:
        asked = listened(shown.view)
        shown.draw(snapshot, Look(chosen=1))
        view = shown.view
        at = view._layout.bodies[0].panel.head.center()
        view.mouseClickEvent(mouse_at(at))
        axes = course_axes(view._layout.course, shown.style, view._counts(view._frame), 200)
        at = axes.pixel(50, 1.0)
        view.mouseClickEvent(mouse_at(at))
        assert asked == [("choose", 0), ("seek", 50)]


def test_bars_of_other_data_are_sorted_by_how_often_units_are_on():
    snapshot = finished(dying(dataset="digits", steps=20)).at(15)
    with solo("dead-units", "light", SIZE) as shown:
        shown.draw(snapshot, Look())
        body = shown.view._layout.bodies[0]
        assert body.extent is None and shown.view._plane is None
        found = activities(snapshot.contestants[0])[1]
        order = in_order(found, True)
        assert (np.diff(found.on[order]) <= 0).all()
        wide = cell_width(body.main, 16, shown.style)
        at = QPointF(body.main.left() + 2.5 * wide, body.main.center().y())
        assert shown.view.unit_under(at) == order[2]


ODD = {
    "tanh": (experiment([{"name": "A", "layers": [dense(4), TANH]}], 6),
             ["Tanh has no value at which it rests: its units never die"]),
    "linear": (experiment([{"name": "A", "layers": []}], 6),
               ["Without an activation function there is no unit that could be at rest"]),
    "both": (experiment([{"name": "A", "layers": [dense(4), TANH]},
                         {"name": "B", "layers": [dense(4), RELU]}], 6),
             ["Tanh has no value at which it rests", "B"]),
    "one input": (experiment([{"name": "A", "layers": [dense(40), RELU]}], 6, dataset="sine",
                             loss="mse"), ["A"]),
    "regression": (experiment([{"name": "A", "layers": [dense(9), RELU]}], 6, dataset="bumps",
                              loss="mse"), ["A"]),
    "deep": (experiment([{"name": "A", "layers": [dense(6), RELU] * 60}], 3), ["A"]),
    "wide": (experiment([{"name": "A", "layers": [dense(700), RELU] * 2}], 3), ["A"]),
    "whitened": (experiment([{"name": "A", "layers": [dense(9), RELU]}], 6,
                            preprocess=["center", "whiten"]), ["A"]),
    "twelve": (experiment([{"name": f"Number {k}", "layers": [dense(4 + k), RELU]}
                           for k in range(12)], 6), []),
    "diverged": (experiment([{"name": "A", "layers": [dense(6), {"kind": "relu"}], "optimizer": {
        "name": "sgd", "lr": 60.0}}], 40, dataset="bumps", loss="mse"), ["diverged"]),
}


@pytest.mark.parametrize("size", [(260, 200), (420, 560), (900, 420), (1500, 300)])
@pytest.mark.parametrize("name", ODD)
def test_odd_cases_are_readable_at_every_size(name, size):
    made, expected = ODD[name]
    run = finished(made)
    with solo("dead-units", "dark", size) as shown:
        for step in (0, made.steps):
            texts = assert_readable(shown, run.at(step), Look(unit=2))
            shown.view.note()
        said = " ".join(texts)
        for words in expected:
            if words != "Tanh has no value at which it rests" or size[0] > 300:
                assert all(word in said for word in words.split())


def test_muted_ones_are_not_shown():
    made = dying(steps=10)
    quiet = made.replaced(contestants=[c.replaced(muted=True) for c in made.contestants])
    with solo("dead-units", "light", SIZE) as shown:
        said = " ".join(shown.texts(finished(quiet).at(5), Look()))
        assert said == "Every contestant is muted"
        one = made.replaced(contestants=[made.contestants[0].replaced(muted=True),
                                         made.contestants[1]])
        shown.draw(finished(one).at(5), Look(chosen=0))
        assert [body.panel.appearance.index for body in shown.view._layout.bodies] == [1]


def test_the_picture_is_the_same_whichever_way_one_came_to_it():
    run, look = finished(dying()), Look(chosen=1)
    with solo("dead-units", "light", SIZE) as fresh, solo("dead-units", "light", SIZE) as used:
        for step, other in ((30, look), (199, replace(look, layer=3)), (80, look)):
            used.draw(run.at(step), other)
        assert np.array_equal(fresh.draw(run.at(80), look), used.draw(run.at(80), look))
