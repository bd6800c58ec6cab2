"""Activation functions: curves of the kernels' numbers, shares that are counted, odd networks.

Golden pictures are drawn anew by `python -m tests.app.signal_scenes`.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from networks import dense
from PyQt6.QtCore import QPointF
from scenes import rgb, solo
from signal_scenes import contestant, fresh, kind, trained

from app.arrangement import usual
from app.numbers import number
from app.theme import THEMES
from app.upright import stacked
from app.views import Look
from engine.activations import activations
from engine.network.activation_curves import curve, unused

SIZE = (700, 320)


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


@pytest.mark.parametrize("theme", list(THEMES))
@pytest.mark.parametrize("name", list(activations))
def test_function_and_slope_are_drawn_where_the_kernels_say(name, theme):
    snapshot = fresh(contestant("A", [dense(5), kind(name)]))
    with solo("activation-functions", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        (panel,) = shown.view.panels()
        # Off the lines of 0, and not where two curves cross.
        x = np.linspace(*panel.axes.x, 37)[2:-2] + 0.031
        values, slopes = curve(panel.use, x)
        chosen = THEMES[theme]
        for heights, colour in ((values, chosen.text), (slopes, chosen.accent)):
            inside = (heights > panel.axes.y[0]) & (heights < panel.axes.y[1])
            inside &= np.abs(values - slopes) > 0.06 * (panel.axes.y[1] - panel.axes.y[0])
            if not inside.any():
                continue
            near = []
            for column, row in panel.axes.pixels(x[inside], heights[inside]).round().astype(int):
                patch = drawn[row - 2 : row + 3, column - 1 : column + 2].reshape(-1, 3)
                near.append(np.abs(patch - rgb(colour)).max(1).min())
            assert np.median(near) <= 40


def test_shares_are_those_of_the_run():
    snapshot = trained()
    state = snapshot.contestants[2]
    probe = state.probe("train")
    inputs = np.concatenate([probe.pre_activation(1).ravel(), probe.pre_activation(4).ravel()])
    share = 100 * (inputs <= 0).mean()
    with solo("activation-functions", "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look())
    assert f"Dropout {number(float(f'{share:.2g}'))} % at rest" in texts
    assert any(text.startswith("Tanh ") and text.endswith(" % saturated") for text in texts)
    assert {"Tanh", "ReLU"} <= set(texts)


def test_a_zone_is_the_redder_the_more_lies_in_it():
    """The flat side of tanh below −2.18, at the middle of its left edge."""
    ground, strong = rgb(THEMES["light"].raised), rgb(THEMES["light"].warning)
    shares = []
    for std in (0.1, 3.0, 30.0):
        snapshot = fresh(contestant("A", [dense(40), kind("tanh")],
                                    init={"name": "normal", "std": std}))
        with solo("activation-functions", "light", SIZE) as shown:
            drawn = shown.draw(snapshot, Look())
            (panel,) = shown.view.panels()
            at = panel.axes.pixel(0.97 * panel.axes.x[0], 0.63)
            share = panel.shown[0][1].saturated_below
        expected = ground + 0.34 * np.sqrt(share) * (strong - ground)
        assert np.abs(drawn[round(at.y()), round(at.x())] - expected).max() <= 2
        shares.append(share)
    assert shares[0] == 0
    assert shares[1] + 0.1 < shares[2] < 0.6


def test_inputs_far_out_widen_the_picture():
    snapshot = fresh(contestant("A", [dense(40), kind("tanh"), dense(40), kind("tanh")],
                                init={"name": "normal", "std": 3.0}))
    with solo("activation-functions", "light", SIZE) as shown:
        shown.draw(snapshot, Look())
        (panel,) = shown.view.panels()
    assert panel.axes.x[1] > 10
    assert panel.shown[0][1].beyond <= 0.01


def test_the_mouse_reads_function_and_slope():
    snapshot = fresh(contestant("A", [dense(5), kind("sigmoid")]))
    with solo("activation-functions", "light", SIZE) as shown:
        shown.draw(snapshot, Look())
        (panel,) = shown.view.panels()
        at = panel.axes.pixel(1.5, 0.5)
        shown.view.hoverEvent(SimpleNamespace(isExit=lambda: False, pos=lambda: QPointF(at)))
        (value,), (slope,) = curve(unused(activations["sigmoid"]), np.array([1.5]))
        assert shown.view.note() == (f"Sigmoid   x 1.5   f(x) {number(float(value))}   "
                                     f"f′(x) {number(float(slope))}")
        before = shown.draw(snapshot, Look())
        shown.view.hoverEvent(SimpleNamespace(isExit=lambda: True))
        assert shown.view.note() == ""
        assert (before != shown.draw(snapshot, Look())).any()


def test_a_large_view_shows_all_that_there_are():
    snapshot = fresh(contestant("A", [dense(5), kind("silu")]))
    with solo("activation-functions", "dark", (1200, 700)) as shown:
        texts = shown.texts(snapshot, Look())
        assert len(shown.view.panels()) == len(activations)
        assert shown.view.panels()[0].use.definition.name == "silu"
    assert {definition.title for definition in activations.values()} <= set(texts)


ODD = {
    "no hidden layer": ([contestant("A", [])], {}),
    "all of them": ([contestant("A", [layer for name in activations
                                      for layer in (dense(4), kind(name))])], {}),
    "digits": ([contestant("A", [dense(10), kind("relu")])], {"dataset": "digits"}),
    "regression": ([contestant("A", [dense(5), kind("prelu")])],
                   {"dataset": {"name": "sine", "samples": 60}, "loss": "mse"}),
    "a crowd": ([contestant(f"A contestant of a long name {k}", [dense(4), kind("gelu")])
                 for k in range(12)], {}),
    "overflowing": ([contestant("A", [dense(20), kind("relu")] * 40,
                                init={"name": "normal", "std": 10.0})], {}),
    "muted": ([contestant("A", [dense(4), kind("relu")], muted=True)], {}),
}


@pytest.mark.parametrize("size", [(250, 140), (300, 500), SIZE])
@pytest.mark.parametrize("name", ODD)
def test_odd_networks_are_drawn_or_explained(name, size):
    contestants, problem = ODD[name]
    snapshot = fresh(*contestants, **problem)
    with solo("activation-functions", "light", size) as shown:
        drawn = shown.draw(snapshot, Look())
        texts = " ".join(shown.texts(snapshot, Look()))
    assert (np.abs(drawn - rgb(THEMES["light"].card)).max(2) > 60).sum() > 50
    if name in ("no hidden layer", "muted"):
        assert "No contestant that is shown has an activation function" in texts


def test_in_an_upright_film_it_is_nearly_as_high_as_the_map_below_it():
    rows = usual(stacked((("activation-functions", "decision-map"),))).rows
    assert rows[0].height > 0.8 * rows[1].height
