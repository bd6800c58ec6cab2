"""Space warp: the engine's stages where they belong, a slider that glides, and odd networks.

Golden pictures are drawn anew by `python -m tests.app.signal_scenes`.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from networks import dense
from PyQt6.QtCore import QPointF, Qt
from reading import listened
from scenes import rgb, solo
from signal_scenes import contestant, fresh, kind, trained

from app.theme import THEMES
from app.views import Look
from engine.network.warp import warp

TWO_WIDE = contestant("Two wide", [dense(2), kind("tanh"), dense(2), kind("tanh")])
WIDE = (900, 320)


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


@pytest.mark.parametrize("theme", list(THEMES))
def test_every_stage_has_its_panel_with_its_rows_in_their_classes_colours(theme):
    snapshot = trained(TWO_WIDE)
    found = warp(snapshot.contestants[0])
    with solo("space-warp", theme, WIDE) as shown:
        drawn = shown.draw(snapshot, Look())
        panels = shown.view.panels()
        assert [panel.before for panel in panels] == [0, 1, 2, 3]
        for panel in panels:
            _, points = shown.view.carried(shown.view.warp(), panel)
            stage = found.stages[panel.before]
            # Both axes have one unit, y points up, and nothing is turned.
            scale = (points.max(0) - points.min(0)) / np.ptp(stage.points, axis=0)
            assert scale[0] == pytest.approx(scale[1])
            flipped = stage.points * [1, -1] * scale
            np.testing.assert_allclose(points - points[0], flipped - flipped[0], atol=1e-6)
            near = []
            for (x, y), target in zip(points, found.targets, strict=True):
                colour = rgb(shown.style.class_color(int(target)))
                patch = drawn[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2].reshape(-1, 3)
                near.append(np.abs(patch - colour).max(1).min())
            # Dots lie over one another.
            assert np.median(near) <= 8


def test_the_share_of_variance_is_written():
    snapshot = trained()
    found = warp(snapshot.contestants[0])
    with solo("space-warp", "light", WIDE) as shown:
        texts = shown.texts(snapshot, Look())
    for stage in found.stages[1:3]:
        written = f"{round(100 * stage.kept)} %" if stage.kept < 0.995 else "> 99 %"
        assert f"{stage.name} · {written} of variance" in texts
    assert "logits · 2 units" in texts
    assert "Tanh" in texts


@pytest.mark.parametrize(("look", "name"), [
    (Look(), "Tanh"), (Look(chosen=2), "Dropout"), (Look(highlight="Batch norm"), "Batch norm")])
def test_who_is_shown(look, name):
    with solo("space-warp", "light", WIDE) as shown:
        texts = shown.texts(fresh(), look)
    assert name in texts


def test_the_large_panel_is_a_stage_at_a_stage_and_glides_in_between():
    snapshot = trained(TWO_WIDE)
    with solo("space-warp", "light", (500, 400)) as shown:
        ways = []
        for value in np.linspace(0, 3, 121):
            shown.draw(snapshot, Look(warp=float(value)))
            (panel,) = shown.view.panels()
            lines, points = shown.view.carried(shown.view.warp(), panel)
            ways.append(points)
            box = panel.rect
            for part in (lines.reshape(-1, 2), points):
                assert (part >= [box.left(), box.top()]).all()
                assert (part <= [box.right(), box.bottom()]).all()
    steps = np.array([np.abs(after - before).max()
                      for before, after in zip(ways, ways[1:], strict=False)])
    # 40 pictures from stage to stage: none jumps by much more than a fortieth of the way round.
    assert steps.max() < 0.12 * 400
    stages = warp(snapshot.contestants[0]).stages
    for place, stage in enumerate(stages):
        points = ways[40 * place]
        scale = np.ptp(points, axis=0) / np.ptp(stage.points, axis=0)
        flipped = stage.points * [1, -1] * scale
        np.testing.assert_allclose(points - points[0], flipped - flipped[0], atol=1e-6)


def press(x, y, double=False, button=Qt.MouseButton.LeftButton):
    """A click or a drag as pyqtgraph tells of it."""
    return SimpleNamespace(
        pos=lambda: QPointF(x, y), buttonDownPos=lambda: QPointF(x, y), button=lambda: button,
        double=lambda: double, accept=lambda: None, ignore=lambda: None)


def test_slider_and_panels_ask_for_a_place_on_the_way():
    snapshot = trained(TWO_WIDE)
    with solo("space-warp", "light", WIDE) as shown:
        asked = listened(shown.view)
        shown.draw(snapshot, Look())
        third = shown.view.panels()[2].rect.center()
        shown.view.mouseClickEvent(press(third.x(), third.y()))
        track = shown.view._slider._track
        shown.view.mouseDragEvent(press(track.left() + 0.5 * track.width(), track.top()))
        shown.view.mouseClickEvent(press(track.left() + 0.98 * track.width(), track.top()))
        shown.draw(snapshot, Look(warp=1.5))
        word = shown.view._slider._all.center()
        shown.view.mouseClickEvent(press(word.x(), word.y()))
    assert asked == [("warp", 2.0), ("warp", 1.5), ("warp", 3.0), ("warp", None)]


ODD = {
    "no hidden layer": ([contestant("A", [])], {}),
    "deep": ([contestant("A", [dense(3), kind("tanh")] * 60)], {}),
    "regression": ([contestant("A", [dense(5), kind("tanh")])],
                   {"dataset": {"name": "sine", "samples": 60}, "loss": "mse"}),
    "digits": ([contestant("A", [dense(10), kind("relu")])], {"dataset": "digits"}),
    "one logit": ([contestant("A", [dense(10), kind("relu")])], {"loss": "logistic"}),
    "all the same": ([contestant("A", [dense(4), kind("relu")], init="zeros")], {}),
    "muted": ([contestant("A", [dense(4), kind("relu")], muted=True)], {}),
    "overflowing": ([contestant("A", [dense(20), kind("relu")] * 40,
                                init={"name": "normal", "std": 10.0})], {}),
}


@pytest.mark.parametrize("size", [(250, 140), (300, 600), WIDE])
@pytest.mark.parametrize("name", ODD)
def test_odd_networks_are_drawn_or_explained_within_the_view(name, size):
    contestants, problem = ODD[name]
    snapshot = fresh(*contestants, **problem)
    with solo("space-warp", "dark", size) as shown:
        for look in (Look(), Look(warp=0.5), Look(warp=999.0)):
            drawn = shown.draw(snapshot, look)
            assert (np.abs(drawn - rgb(THEMES["dark"].card)).max(2) > 20).any()
            for panel in shown.view.panels():
                assert panel.rect.left() >= 0
                assert panel.rect.right() <= size[0] + 0.01
                assert panel.rect.bottom() <= size[1]
        texts = " ".join(shown.texts(snapshot, Look()))
    if name == "muted":
        assert "Every contestant is muted" in texts
    if name == "overflowing" and size == WIDE:
        assert "overflow" in texts


def test_the_same_step_is_computed_once(monkeypatch):
    calls = []
    monkeypatch.setattr("app.views.space_warp.warp", lambda state: calls.append(1) or warp(state))
    snapshot = fresh(TWO_WIDE)
    with solo("space-warp", "light", WIDE) as shown:
        first = shown.draw(snapshot, Look())
        again = shown.draw(snapshot, Look())
    assert calls == [1]
    assert np.array_equal(first, again)
