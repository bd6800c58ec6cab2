"""Preprocessing: clouds, ellipses, trails and layers are where the engine says, at any size.

Golden pictures are drawn anew by `python -m tests.app.data_scenes`.
"""

from __future__ import annotations

import numpy as np
import pytest
from data_scenes import ALL, THREE, experiment, hidden, prepared, vectors_off
from networks import finished
from PyQt6.QtCore import QPoint, Qt
from reading import assert_readable, listened, mouse
from scenes import rgb, solo
from window_rig import settle

from app.controls.data_card import DataCard
from app.numbers import number
from app.theme import THEMES
from app.views import Look
from app.views.centring_plot import offset_axes, offset_points
from app.views.stage_clouds import DEVIATIONS, frames, rows_of
from app.views.unit_loss import arrival
from engine.data.stages import raw_offset, stages
from engine.experiment import Picture
from engine.network.centring import centring
from engine.network.linear_unit import quadratic, unit_targets
from engine.network.unit_descent import way

NAME, SIZE = "preprocessing", (900, 480)
BOTH = pytest.mark.parametrize("theme", list(THEMES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def near(drawn, x, y, colour, reach=1):
    """How far the most alike pixel around a point is from a colour, in levels."""
    x, y = round(float(x)), round(float(y))
    patch = drawn[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
    return np.abs(patch.reshape(-1, 3) - rgb(colour)).max(1).min()


def engines(made):
    """The stages and losses as the engine has them."""
    data = finished(made).snapshot().contestants[0].training.material.data
    found = stages(data, made.problem.preprocess)
    targets = unit_targets(data)
    return data, found, [quadratic(found[k], targets) for k in (0, -1)]


def test_a_file_of_vectors_shows_the_same():
    assert vectors_off(NAME, prepared(*ALL), SIZE) < 0.03


@BOTH
def test_clouds_are_the_engines_rows_in_one_unit(theme):
    made = prepared(*ALL)
    data, found, _ = engines(made)
    with solo(NAME, theme, (1800, 900)) as shown:
        drawn = shown.draw(finished(made).at(100), Look())
        view, style = shown.view, shown.style
        places = [place for place in view.places() if place.kind == "cloud"]
        assert [place.number for place in places] == [0, 1, 2, 3]
        panels = frames(found, [view.body(place) for place in places], style)
    assert len({frame.scale for frame in panels}) == 1
    rows = rows_of(data)
    for stage, frame in zip(found, panels, strict=True):
        points = frame.pixels(stage.points[rows.places])
        every = list(zip(points.tolist(), rows.numbers.tolist(), strict=True))
        apart = np.linalg.norm(points[:, None] - points[None], axis=2) + 99 * np.eye(len(points))
        alone = [near(drawn, x, y, style.class_color(kind)) <= 6
                 for (x, y), kind in (every[k] for k in np.flatnonzero(apart.min(1) > 6))]
        # A few of them lie under the ellipse and its axes.
        assert len(alone) > 10
        assert np.mean(alone) > 0.7
        std, axes = stage.axes
        for k in (0, 1):
            for side in (-1, 1):
                end = stage.mean + side * DEVIATIONS * std[k] * axes[k]
                (x, y), = frame.pixels(end[None]).tolist()
                assert near(drawn, x, y, style.theme.text) <= 40
        (x, y), = frame.pixels(stage.mean[None]).tolist()
        assert near(drawn, x, y, style.theme.text, 0) <= 4


@BOTH
@pytest.mark.parametrize("step", [0, 12, 200])
def test_heads_are_where_the_optimizers_are_at_this_step(theme, step):
    made = prepared(*ALL)
    _, _, units = engines(made)
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(finished(made).at(step), Look())
        for place in (place for place in shown.view.places() if place.kind == "loss"):
            frame, unit = shown.view.loss_of(place)
            np.testing.assert_array_equal(unit.hessian, units[place.number].hessian)
            # The last one painted lies on top.
            found = way(made, 2, unit)
            (x, y), = frame.pixels(found.points[found.at(step)][None]).tolist()
            assert near(drawn, x, y, shown.style.contestant(2), 0) <= 4


@BOTH
def test_a_trail_is_full_up_to_now_and_faint_from_there(theme):
    made = experiment(THREE[0], preprocess=ALL)
    _, _, (raw, _) = engines(made)
    with solo(NAME, theme, SIZE) as shown:
        early = shown.draw(finished(made).at(2), Look())
        late = shown.draw(finished(made).at(6), Look())
        place = next(place for place in shown.view.places() if place.kind == "loss")
        frame, _ = shown.view.loss_of(place)
        colour = shown.style.contestant(0)
    found = way(made, 0, raw)
    past, future = (frame.pixels(((found.points[k] + found.points[k + 1]) / 2)[None])[0]
                    for k in (0, 3))
    assert near(early, *past, colour) <= 8
    assert near(early, *future, colour) > 30
    assert near(late, *future, colour) <= 8


def test_numbers_are_the_engines():
    made = prepared(*ALL)
    _, found, units = engines(made)
    with solo(NAME, "light", SIZE) as shown:
        texts = shown.texts(finished(made).at(100), Look())
        note = shown.view.note()
    written = "".join(texts)
    for unit in units:
        assert f"κ {number(unit.condition)}" in written
        for index in range(3):
            assert arrival(way(made, index, unit)) in texts
    assert note == f"2 inputs · κ {number(units[0].condition)} → 1"
    assert {"Raw", "Centred", "Scaled", "Whitened"} <= set(texts)
    assert any(text.endswith("std 1, 1   r 0") for text in texts)
    std = np.sqrt(np.diag(found[0].covariance))
    assert any(f"std {number(float(std[0]), 2)}, {number(float(std[1]), 2)}" in text
               for text in texts)


@BOTH
def test_layers_offsets_are_the_engines(theme):
    made = prepared(*ALL)
    snapshot = finished(made).at(100)
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        place = next(place for place in shown.view.places() if place.kind == "layers")
        curves = shown.view.curves()
        raw = raw_offset(snapshot.contestants[0].training.material.data)
        axes = offset_axes(place.rect, shown.style, curves, raw)
        for curve in curves:
            expected = centring(snapshot.contestants[curve.appearance.index]).offset
            np.testing.assert_array_equal(curve.found.offset, expected)
            for (x, y), value in zip(offset_points(axes, curve), expected, strict=True):
                if value > 0.01:
                    assert y == pytest.approx(axes.pixel(0, np.log10(value)).y())
                    assert near(drawn, x, y, shown.style.contestant(curve.appearance.index)) <= 8


def test_a_rate_that_is_too_large_is_said_to_diverge():
    made = experiment({**THREE[0], "optimizer": {"name": "sgd", "lr": 0.5}}, preprocess=ALL)
    _, _, (raw, _) = engines(made)
    assert raw.curvatures[0] * 0.5 > 2
    with solo(NAME, "light", SIZE) as shown:
        assert "diverges" in shown.texts(finished(made).at(100), Look())


def test_switching_preprocessing_in_the_window_moves_the_picture_at_once(window, qtbot):
    made = prepared("center").replaced(picture=Picture(layout=[[NAME]]))
    window.document.take(made)
    settle(window)
    view = window.board.view(NAME)

    def steps():
        return [stage.step for stage in view.facts(view.snapshot).stages]

    assert steps() == [None, "center"]
    (card,) = window.findChildren(DataCard)
    toggle = card.preparations["whiten"]
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=QPoint(10, toggle.height() // 2))
    settle(window)
    assert steps() == [None, "center", "whiten"]
    assert view.facts(view.snapshot).losses[1].condition == pytest.approx(1)
    assert "→ 1" in view.note()


# ---- mouse


def test_hovering_says_the_loss_and_the_layers_numbers():
    made = prepared(*ALL)
    snapshot = finished(made).at(100)
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(snapshot, Look())
        view = shown.view
        place = next(place for place in view.places() if place.kind == "loss")
        frame, unit = view.loss_of(place)
        centre = frame.body.center()
        view.hoverEvent(mouse(centre.x(), centre.y()))
        assert f"loss {number(unit.least)}" in view.note()
        layers = next(place for place in view.places() if place.kind == "layers")
        curve = view.curves()[0]
        raw = view.facts(snapshot).raw_offset
        x, y = offset_points(offset_axes(layers.rect, shown.style, view.curves(), raw), curve)[2]
        view.hoverEvent(mouse(x, y))
        assert view.note().startswith("Sigmoid   layer 2")
        assert f"std {number(float(curve.found.std[2]))}" in view.note()
        asked = listened(view)
        event = mouse(x, y)
        view.mouseClickEvent(event)
        assert event.taken
        outside = mouse(centre.x(), centre.y())
        view.mouseClickEvent(outside)
        assert outside.taken is False
    # The activation function of the second layer.
    assert asked == [("layer", 3)]


# ---- odd cases


ODD = {
    "nothing-preprocessed": prepared(),
    "digits": experiment(*THREE[:2], steps=20, dataset="digits", preprocess=ALL),
    "one-input": experiment(*THREE[1:], steps=30, dataset="sine", preprocess=["center"]),
    "regression": experiment(*THREE, steps=30, dataset="plane", preprocess=ALL),
    "twelve": experiment(*({"name": f"Contestant {k}", "layers": hidden("tanh", depth=1),
                            "optimizer": {"name": "sgd", "lr": 0.01 * (k + 1)}}
                           for k in range(12)), steps=20, preprocess=ALL),
    "diverged": experiment({"name": "Wild", "layers": hidden("leaky-relu"),
                            "optimizer": {"name": "sgd", "lr": 1e6}}, THREE[0], steps=20),
    "no-layers": experiment({"name": "Linear", "layers": []}, steps=20, preprocess=ALL),
    "deep": experiment({"name": "Deep", "layers": hidden("relu", depth=100, width=4)}, steps=3),
    "muted": experiment({**THREE[0], "muted": True}, steps=5, preprocess=ALL),
    "far-away": experiment(THREE[0], steps=5, preprocess=["center"], dataset={"points": [
        [1e4 + k % 7, 2e4 + k % 5, k % 2] for k in range(60)]}),
    "constant": experiment(THREE[0], steps=5, preprocess=ALL, dataset={"points": [
        [k % 7, 3.0, k % 2] for k in range(60)]}),
}


@pytest.mark.parametrize("size", [(228, 140), (330, 240), (460, 330), (760, 200), (1300, 620)])
@pytest.mark.parametrize("case", list(ODD))
def test_everything_is_readable_at_any_size(case, size):
    made = ODD[case]
    with solo(NAME, "dark", size) as shown:
        shown.draw(finished(made).at(made.steps), Look())
        texts = assert_readable(shown, finished(made).at(made.steps), Look())
        assert texts
        assert shown.view.note()


def test_what_is_odd_is_said():
    def said(case, size=SIZE):
        made = ODD[case]
        with solo(NAME, "light", size) as shown:
            texts = shown.texts(finished(made).at(made.steps), Look())
            return texts, shown.view.note()

    texts, note = said("nothing-preprocessed")
    assert "nothing is preprocessed" in note
    assert "Whitened" not in texts
    texts, note = said("digits")
    assert "of 64 inputs" in note
    assert "weight" in "".join(said("one-input")[0])
    assert "0 is far off" in said("far-away")[0]
    assert "∞" in "".join(said("constant")[0])
    assert "Every contestant is muted" in said("muted")[0]
