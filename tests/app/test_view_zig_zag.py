"""Zig-zag: the way where the engine has it, open quadrants shaded, arrows that are the real steps.

Golden pictures are drawn anew by `python -m tests.app.unit_scenes`.
"""

from __future__ import annotations

import numpy as np
import pytest
from networks import RELU, TANH, dense, finished
from PyQt6.QtGui import QColor
from reading import assert_readable, listened, mouse
from scenes import rgb, solo
from unit_scenes import experiment, zig_zag

from app.theme import THEMES
from app.views import Look
from app.views.quiet_axes import to_pixels
from app.views.weight_plane import WeightView, arrows, extent_of
from engine.network.weight_path import WeightPaths, unit_step

SIZE = (720, 380)
BOTH = pytest.mark.parametrize("theme", list(THEMES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def shown_in(view, body):
    """What a panel shows, as the view has it."""
    index = body.panel.appearance.index
    state = view.snapshot.contestants[index]
    return WeightView(body.panel.appearance, view._path(index), view._step(index), state.lr,
                      state.step)


def off(pixel, colour):
    return np.abs(pixel - rgb(colour)).max()


@BOTH
def test_the_way_is_where_the_weights_were_full_so_far_and_then_faint(theme):
    run = finished(zig_zag())
    with solo("zig-zag", theme, SIZE) as shown:
        drawn = shown.draw(run.at(60), Look(layer=2))
        full, faint = [], []
        for body in shown.view._bodies:
            seen = shown_in(shown.view, body)
            extent = extent_of(seen, body.plane)
            for step in range(1, 119):
                weights = run.at(step).contestants[body.panel.appearance.index].tensors["2.W"][0]
                x, y = to_pixels(weights[None].astype(float), extent, body.plane)[0]
                assert body.plane.contains(x, y)
                distance = off(drawn[int(y), int(x)], body.panel.appearance.color)
                (full if step < 58 else faint).append(distance)
        assert np.median(full) < 12 and np.mean(np.array(full) < 40) > 0.8
        assert np.median(faint) > 60


@BOTH
def test_the_quadrants_that_are_open_are_shaded_and_the_others_are_not(theme):
    run = finished(zig_zag())
    with solo("zig-zag", theme, SIZE) as shown:
        drawn = shown.draw(run.at(60), Look(layer=2))
        sigmoid, tanh = shown.view._bodies
        for body, open_ones in ((sigmoid, 2), (tanh, 4)):
            seen = shown_in(shown.view, body)
            assert len(seen.step.quadrants) == open_ones
            head = to_pixels(seen.step.weights[None], extent_of(seen, body.plane), body.plane)[0]
            tint = QColor(body.panel.appearance.color)
            raised = rgb(shown.style.theme.raised)
            shade = np.round(raised + 0.10 * (rgb(tint) - raised))
            for across, up in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
                # The corner is far from the way and from the cone.
                x = body.plane.right() - 12 if across > 0 else body.plane.left() + 12
                y = body.plane.top() + 12 if up > 0 else body.plane.bottom() - 24
                assert (x - head[0]) * across > 0 and (head[1] - y) * up > 0
                expected = shade if (across, up) in seen.step.quadrants else raised
                assert np.abs(drawn[int(y), int(x)] - expected).max() <= 2


def test_arrows_are_the_steps_that_are_taken_to_one_scale():
    run = finished(zig_zag())
    with solo("zig-zag", "light", SIZE) as shown:
        shown.draw(run.at(60), Look(layer=2, unit=1))
        for body in shown.view._bodies:
            seen = shown_in(shown.view, body)
            state, after = (run.at(step).contestants[body.panel.appearance.index]
                            for step in (60, 61))
            (plain, step), factor = arrows(seen, shown.style, 100.0)
            moved = after.tensors["2.W"][1].astype(float) - state.tensors["2.W"][1]
            assert np.allclose(step.change, moved, atol=1e-7)
            # Plain descent's step is the optimizer's.
            assert np.allclose(plain.change, moved, atol=1e-6)
            assert 40 <= factor * 100 * np.hypot(*moved) < 100.1 or factor == 1


def test_words_say_how_often_signs_agree_and_how_long_the_way_is():
    run = finished(zig_zag())
    paths = WeightPaths()
    paths.follow(run.snapshot())
    with solo("zig-zag", "light", (900, 380)) as shown:
        texts = shown.texts(run.at(60), Look(layer=2))
    so_far = [paths.path(k, 2, 0).until(60) for k in (0, 1)]
    assert so_far[0].agreeing == 1 > so_far[1].agreeing
    assert "components agree on 100 % of steps" in texts
    assert f"components agree on {100 * so_far[1].agreeing:.0f} % of steps" in texts
    assert f"inputs all positive · {so_far[0].detour:.1f} × the direct way" in "".join(texts)
    assert f"inputs of both signs · {so_far[1].detour:.1f} × the direct way" in "".join(texts)
    assert unit_step(run.at(60).contestants[0], 2, 0).one_sided


def test_a_batch_that_pulls_both_ways_is_said_to():
    run = finished(zig_zag(batch=8))
    step = next(k for k in range(120) if not unit_step(run.at(k).contestants[0], 2, 0).one_sided)
    with solo("zig-zag", "light", (1100, 380)) as shown:
        texts = "".join(shown.texts(run.at(step), Look(layer=2)))
        assert "inputs all positive, rows pull both ways" in texts


def test_layer_unit_and_contestant_can_be_chosen():
    snapshot = finished(zig_zag()).at(60)
    with solo("zig-zag", "light", SIZE) as shown:
        asked = listened(shown.view)
        shown.draw(snapshot, Look())
        view = shown.view
        assert view._units == {0: (0, 0), 1: (0, 0)}
        for chip in (view._layer_chips[1], view._unit_chips[1]):
            view.mouseClickEvent(mouse(chip.rect.center().x(), chip.rect.center().y()))
        at = view._bodies[1].plane.center()
        view.mouseClickEvent(mouse(at.x(), at.y()))
        assert asked == [("layer", 2), ("unit", 1), ("choose", 1)]
        # The activation behind a layer means the layer; a unit that is not there means the first.
        shown.draw(snapshot, Look(layer=3, unit=2))
        assert view._units == {0: (2, 2), 1: (2, 2)}
        shown.draw(snapshot, Look(layer=3, unit=9))
        assert view._units == {0: (2, 0), 1: (2, 0)}
        event = mouse(1, 5)
        view.mouseClickEvent(event)
        assert event.taken is False


ODD = {
    "digits": (experiment([{"name": "A", "layers": [dense(5), RELU]}], 3, dataset="digits"),
               "No unit has two inputs"),
    "mixed": (experiment([{"name": "A", "layers": [dense(2), TANH]},
                          {"name": "B", "layers": [dense(5), TANH]}], 4, dataset="digits"),
              "None of its units has two inputs"),
    "no layers": (experiment([{"name": "A", "layers": []}], 6), "A"),
    "frozen": (experiment([{"name": "A", "layers": [{**dense(4), "lr_factor": 0.0}, TANH]}], 6),
               "A"),
    "twelve": (experiment([{"name": f"Number {k}", "layers": [dense(2), TANH]}
                           for k in range(12)], 6), ""),
    "wide": (experiment([{"name": "A", "layers": [dense(900), RELU]}], 6), "A"),
    "diverged": (experiment([{"name": "A", "layers": [dense(6), RELU], "optimizer": {
        "name": "sgd", "lr": 60.0}}], 40, dataset="bumps", loss="mse"), "diverged"),
}


@pytest.mark.parametrize("size", [(260, 200), (420, 560), (720, 380), (1500, 300)])
@pytest.mark.parametrize("name", ODD)
def test_odd_cases_are_readable_at_every_size(name, size):
    made, expected = ODD[name]
    run = finished(made)
    with solo("zig-zag", "dark", size) as shown:
        for step in (0, made.steps):
            texts = assert_readable(shown, run.at(step), Look(unit=2))
            shown.view.note()
        said = " ".join(texts)
        assert all(word in said for word in expected.split())


def test_muted_ones_are_not_shown():
    made = zig_zag()
    quiet = made.replaced(steps=6, contestants=[
        c.replaced(muted=True) for c in made.contestants])
    with solo("zig-zag", "light", SIZE) as shown:
        assert " ".join(shown.texts(finished(quiet).at(5), Look())) == "Every contestant is muted"


def test_the_picture_is_the_same_whichever_way_one_came_to_it():
    run, look = finished(zig_zag()), Look(layer=2)
    with solo("zig-zag", "light", SIZE) as fresh, solo("zig-zag", "light", SIZE) as used:
        for step, other in ((30, look), (119, Look()), (80, look), (20, look)):
            used.draw(run.at(step), other)
        assert np.array_equal(fresh.draw(run.at(50), look), used.draw(run.at(50), look))
