"""Variance by depth: every point at the height of the engine's number, and odd networks.

Golden pictures are drawn anew by `python -m tests.app.signal_scenes`.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from networks import dense
from PyQt6.QtCore import QPointF
from reading import listened
from scenes import rgb, solo
from signal_scenes import contestant, fresh, kind, trained

from app.numbers import number
from app.theme import THEMES
from app.views import Look
from engine.network.signals import signals

SIZE = (760, 320)


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def deep(name, std, layers=8, width=30):
    return contestant(name, [dense(width), kind("tanh")] * layers,
                      init={"name": "normal", "std": std})


@pytest.mark.parametrize("theme", list(THEMES))
def test_every_marker_is_where_the_engine_says_in_its_contestants_colour(theme):
    snapshot = fresh(deep("Small", 0.02), deep("Large", 0.5))
    with solo("variance-by-depth", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        sides = shown.view.sides()
        assert [side.kind for side in sides] == ["forward", "backward"]
        for side in sides:
            for state in snapshot.contestants:
                values = getattr(signals(state), side.kind)
                colour = rgb(shown.style.contestant(state.index))
                near = []
                for place, value in enumerate(values, 1):
                    at = side.axes.pixel(place, float(np.log10(value)))
                    x, y = round(at.x()), round(at.y())
                    patch = drawn[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3)
                    near.append(np.abs(patch - colour).max(1).min())
                assert np.median(near) <= 4, (side.kind, state.name)


def test_names_and_layers_are_written():
    snapshot = fresh(deep("Small", 0.02), deep("Large", 0.5))
    with solo("variance-by-depth", "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look())
        shown.view.hoverEvent(SimpleNamespace(isExit=lambda: True))
        assert "140 rows" in shown.view.note()
    assert texts.count("Small") == texts.count("Large") == 2
    assert {"1", "8", "out"} <= set(texts)
    assert "Forward: std of activations" in texts


def test_the_mouse_reads_a_point_and_a_click_chooses_its_layer():
    snapshot = fresh(deep("Small", 0.02))
    known = signals(snapshot.contestants[0])
    with solo("variance-by-depth", "light", SIZE) as shown:
        asked = listened(shown.view)
        shown.draw(snapshot, Look())
        side = shown.view.sides()[0]
        at = side.axes.pixel(3, float(np.log10(known.forward[2])))
        event = SimpleNamespace(pos=lambda: QPointF(at.x() + 3, at.y() - 2), isExit=lambda: False,
                                accept=lambda: None, ignore=lambda: None)
        shown.view.hoverEvent(event)
        assert shown.view.note() == (
            f"Small   layer 3   activations {number(float(known.forward[2]))}   "
            f"gradients {number(float(known.backward[2]))}")
        shown.view.mouseClickEvent(event)
        shown.draw(snapshot, Look(layer=known.places[2]))
        shown.view.mouseClickEvent(event)
    assert asked == [("layer", known.places[2]), ("layer", None)]


def test_who_diverged_says_so_and_stays_as_it_was():
    wild = contestant("Wild", [dense(6), kind("relu")], l2=1.0,
                      optimizer={"name": "sgd", "lr": 100.0})
    snapshot = trained(wild, contestant("Tame", [dense(6), kind("relu")]))
    assert snapshot.contestants[0].diverged is not None
    with solo("variance-by-depth", "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look())
    assert "Wild diverged" in texts
    assert "Tame" in texts


ODD = {
    "no hidden layer": ([contestant("A", [])], {}),
    "200 layers": ([contestant("A", [dense(3), kind("sigmoid")] * 100)], {}),
    "different depths": ([deep("A", 0.1, 2), deep("B", 0.1, 5)], {}),
    "regression": ([contestant("A", [dense(5), kind("tanh")])],
                   {"dataset": {"name": "sine", "samples": 60}, "loss": "mse"}),
    "digits": ([contestant("A", [dense(10), kind("relu")])], {"dataset": "digits"}),
    "dead": ([contestant("A", [dense(4), kind("relu")] * 2, init="zeros")], {}),
    "overflowing": ([contestant("A", [dense(20), kind("relu")] * 40,
                                init={"name": "normal", "std": 10.0})], {}),
    "a crowd": ([deep(f"A contestant of a long name {k}", 0.1 + 0.01 * k, 2)
                 for k in range(12)], {}),
    "muted": ([contestant("A", [dense(4), kind("relu")], muted=True)], {}),
}


@pytest.mark.parametrize("size", [(250, 140), (300, 500), SIZE])
@pytest.mark.parametrize("name", ODD)
def test_odd_networks_are_drawn_or_explained_within_the_view(name, size):
    contestants, problem = ODD[name]
    snapshot = fresh(*contestants, **problem)
    with solo("variance-by-depth", "light", size) as shown:
        drawn = shown.draw(snapshot, Look())
        texts = shown.texts(snapshot, Look())
    edges = np.concatenate([drawn[:, 0], drawn[:, -1]])
    assert (np.abs(edges - rgb(THEMES["light"].card)).max(1) > 120).mean() < 0.02
    assert (np.abs(drawn - rgb(THEMES["light"].card)).max(2) > 60).sum() > 50
    if name == "dead" and size == SIZE:
        assert texts.count("0") == 2
    if name == "overflowing" and size == SIZE:
        assert "A overflows" in texts
    if name == "muted":
        assert "Every contestant is muted" in " ".join(texts)
