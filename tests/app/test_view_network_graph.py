"""The network graph: nodes and edges as the engine's arrays say, masks, dead units, and the flow.

Golden pictures are drawn anew by `python -m tests.app.graph_scenes`.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from graph_scenes import (
    DIGITS,
    TANH,
    WIDE,
    digits,
    tanh,
    wide,
)
from networks import dense
from PyQt6.QtCore import QPointF, QRectF, Qt
from reading import assert_readable, listened
from scenes import rgb, solo, svg_of
from signal_scenes import contestant, experiment, fresh, kind

from app.arrangement import usual
from app.looks import look_at, picture_of
from app.numbers import number
from app.theme import THEMES, Style
from app.views import Look
from app.views.flow_words import summed
from app.views.graph_layout import Ask, arranged, even_units, shown_columns
from app.views.graph_nodes import brief
from app.views.signed import NEGATIVE, POSITIVE, signed, tinted
from engine import Experiment, Run
from engine.network.flow import Flow, Products
from engine.network.graph_columns import columns, weights_between
from engine.network.unit_responses import responses

LARGE = (900, 460)


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


# ---- nodes and edges


def scene_of(shown):
    return shown.view._scene


def patch(drawn, rect, across, down, reach=1):
    """The mean colour about a place in a node, given as shares of it."""
    x = int(rect.left() + across * rect.width())
    y = int(rect.top() + down * rect.height())
    return drawn[y - reach : y + reach + 1, x - reach : x + reach + 1].reshape(-1, 3).mean(0)


@pytest.mark.parametrize("theme", list(THEMES))
def test_nodes_show_what_their_units_answer_over_the_plane(theme):
    snapshot = tanh()
    state = snapshot.contestants[0]
    with solo("network-graph", theme, LARGE) as shown:
        drawn = shown.draw(snapshot, Look())
        scene = scene_of(shown)
    assert [entry.number for entry in scene.layout.columns] == [0, 1, 2, 3]
    assert [len(entry.nodes) for entry in scene.layout.columns] == [2, 8, 6, 2]
    left, right, bottom, top = scene.responses.extent
    signs = 0
    for entry, place in zip(scene.layout.columns[1:], (1, 3, 4), strict=True):
        most = np.abs(scene.responses.maps[entry.number]).max()
        for unit, rect in zip(entry.units, entry.nodes, strict=True):
            for across, down in ((0.25, 0.25), (0.75, 0.3), (0.3, 0.75), (0.7, 0.7)):
                point = [[left + across * (right - left), top - down * (top - bottom)]]
                value = float(state.response(place, unit, point)[0])
                color = patch(drawn, rect, across, down)
                # Green for a positive answer, magenta for a negative one.
                lead = color[1] - (color[0] + color[2]) / 2
                if abs(value) > 0.3 * most:
                    assert np.sign(lead) == np.sign(value)
                    signs += 1
    assert signs > 15


def dark_lines(drawn, style, x, color):
    """The rows of a pixel column that are nearer to a colour than to the card."""
    line = drawn[:, int(x)].astype(float)
    away = np.abs(line - rgb(color)).sum(1)
    return np.flatnonzero(away < np.abs(line - rgb(style.theme.card)).sum(1))


@pytest.mark.parametrize("theme", list(THEMES))
def test_edges_have_the_colour_of_their_signs_and_the_size_of_their_weights(theme):
    snapshot = fresh(contestant("A", [dense(3), kind("tanh")]), precision="float64")
    state = snapshot.contestants[0]
    with solo("network-graph", theme, LARGE) as shown:
        drawn = shown.draw(snapshot, Look())
        scene = scene_of(shown)
        gap = scene.gaps[0]
        strand = shown.view._strand(scene, gap)
    weights = state.tensors["0.W"]
    np.testing.assert_array_equal(gap.weights, weights)
    assert gap.drawn.all()
    widths = dict(zip(zip(strand.targets, strand.sources, strict=True), strand.widths, strict=True))
    pairs = sorted(widths, key=widths.get)
    assert pairs == sorted(widths, key=lambda pair: abs(weights[pair]))
    # Where each edge arrives, next to its node, the strongest one of the node has its colour.
    for target in range(3):
        source = int(np.abs(weights[target]).argmax())
        end = strand.ends[(strand.targets == target) & (strand.sources == source)][0]
        found = dark_lines(drawn, shown.style, end[2] - 3,
                           signed(shown.style.theme, weights[target, source]))
        assert np.abs(found - end[3]).min() <= 1


def test_edges_go_through_batch_norm_and_each_unit_keeps_its_strongest():
    snapshot = wide()
    state = snapshot.contestants[0]
    chain = columns(state.training.network)
    with solo("network-graph", "light", LARGE) as shown:
        shown.draw(snapshot, Look())
        scene = scene_of(shown)
        gap = scene.gaps[1]
        units = [entry.units for entry in scene.layout.columns]
        np.testing.assert_array_equal(gap.weights, weights_between(
            state, chain[1], chain[2], units[1], units[2]))
        assert gap.drawn.sum() <= 96
        assert (gap.drawn.sum(1) >= 1).all()


def test_what_the_mask_of_the_step_drops_is_blank_and_has_no_edges():
    snapshot = wide()
    state = snapshot.contestants[0]
    mask = state.probe().mask(2)
    with solo("network-graph", "light", LARGE) as shown:
        drawn = shown.draw(snapshot, Look())
        scene = scene_of(shown)
        entry = scene.layout.columns[1]
        alive = scene.alive(entry)
    flow = Flow(state)
    rows = state.training.material.order.batches(state.step + 1, 1)[0]
    assert flow.row == rows[0]
    assert list(alive) == [mask[unit, 0] for unit in entry.units]
    assert 0 < alive.sum() < len(alive)
    card = rgb(THEMES["light"].card)
    for place, rect in enumerate(entry.nodes):
        inside = drawn[int(rect.top()) + 4 : int(rect.bottom()) - 4,
                       int(rect.left()) + 4 : int(rect.right()) - 4]
        assert (inside == card).all() != alive[place]
    assert not scene.gaps[0].drawn[~alive].any()
    assert not scene.gaps[1].drawn[:, ~alive].any()


@pytest.mark.parametrize("theme", list(THEMES))
def test_dead_units_are_marked_and_counted(theme):
    snapshot = digits()
    state = snapshot.contestants[0]
    dead = set(state.probe("train").dead_units(1))
    assert dead
    with solo("network-graph", theme, LARGE) as shown:
        drawn = shown.draw(snapshot, Look())
        entry = scene_of(shown).layout.columns[1]
        texts = shown.texts(snapshot, Look())
        note = shown.view.note()
    warning = rgb(THEMES[theme].warning)
    marked = set()
    for unit, rect in zip(entry.units, entry.nodes, strict=True):
        top = drawn[int(rect.top()), int(rect.left()) + 8 : int(rect.right()) - 8]
        if np.abs(top - warning).max() < 40:
            marked.add(unit)
    assert marked == dead & set(entry.units)
    assert f"{len(dead)} dead" in texts
    every = len(dead) + len(state.probe("train").dead_units(3))
    assert note.startswith(f"{every} dead units")


def test_colours_of_signs_are_no_contestants_no_classes():
    for name, theme in THEMES.items():
        for color in (POSITIVE[name], NEGATIVE[name]):
            for other in (*theme.contestants, *theme.classes, theme.accent, theme.warning):
                assert np.abs(rgb(color) - rgb(other)).max() > 50
        assert tinted(theme, 0.0, theme.card).name().upper() == theme.card


# ---- one example


def test_numbers_appear_as_they_are_reached_and_turn_into_gradients():
    snapshot = tanh()
    flow = Flow(snapshot.contestants[0])
    with solo("network-graph", "light", (900, 600)) as shown:
        def texts(value):
            return shown.texts(snapshot, Look(flow=value))

        values = [[brief(float(v)) for v in flow.activations(k)] for k in range(4)]
        slopes = [[brief(float(v)) for v in flow.gradients(k)] for k in range(1, 4)]
        for stage in range(4):
            found = texts(float(stage))
            for column in range(4):
                assert all(v in found for v in values[column]) == (column <= stage)
        at_loss = texts(4.0)
        assert any(f"{flow.loss:.3g}" in text for text in at_loss)
        for stage, column in ((5, 3), (6, 2), (7, 1)):
            found = texts(float(stage))
            assert all(v in found for v in slopes[column - 1])
            assert all(v in found for v in values[0])
        assert not all(v in texts(5.9) for v in slopes[1])


def test_the_sentence_says_what_happens_with_the_numbers_of_the_unit():
    snapshot = tanh()
    flow = Flow(snapshot.contestants[0])
    with solo("network-graph", "light", LARGE) as shown:
        texts = shown.texts(snapshot, Look(flow=1.0, layer=1, unit=3))
        there = flow.arriving(1, 3)
        assert "Layer 1 forward: z = W x + b, then tanh" in texts
        (line,) = [text for text in texts if text.startswith("unit 4: z = ")]
        assert line == f"unit 4: z = {summed(there, 2)} → tanh {three(flow.value(1)[3])}"
        texts = shown.texts(snapshot, Look(flow=6.0, layer=3, unit=2))
        # Vectors part a text where its script changes.
        assert "Layer 2 backward: ∂L/∂a = Σ w δ of the next layer, back through tanh" in "".join(
            texts)
        (line,) = [text for text in texts if text.startswith("unit 3: ")]
        assert f"→ tanh {three(flow.gradient(2)[2])}; ∂L/∂w" in line
        texts = shown.texts(snapshot, Look(flow=4.0))
        assert any(text.startswith("The loss: cross-entropy of the outputs") for text in texts)


def three(value):
    """A number with three digits."""
    return number(float(value))


def test_sums_are_written_with_their_signs_and_what_is_left():
    products = Products(np.array([0.5, -2.0, 0.1, 0.01]), np.array([2.0, 1.5, -0.3, 0.2]), -0.25,
                        -2.278)
    assert summed(products, 4) == (
        "−2 · 1.5 + 0.5 · 2 + 0.1 · (−0.3) + 0.01 · 0.2 − 0.25 = −2.28")
    assert summed(products, 2) == "−2 · 1.5 + 0.5 · 2 − 0.028 (2 more) − 0.25 = −2.28"


@pytest.mark.parametrize("theme", list(THEMES))
def test_pulses_slide_along_the_edges_between_two_columns(theme):
    snapshot = tanh()
    with solo("network-graph", theme, LARGE) as shown:
        shown.draw(snapshot, Look(flow=1.0))
        scene = scene_of(shown)
        left = scene.layout.columns[1].nodes[0].right()
        right = scene.layout.columns[2].nodes[0].left()
        still = {back: shown.draw(snapshot, Look(flow=value))
                 for back, value in ((False, 1.0), (True, 6.0))}
        for share in (0.3, 0.5, 0.8):
            for back, value in ((False, 1 + share), (True, 7 - share)):
                moving = shown.draw(snapshot, Look(flow=value))
                again = shown.draw(snapshot, Look(flow=value))
                assert np.array_equal(moving, again)
                x = left + share * (right - left)
                body = slice(int(scene.body.top()) + 40, int(scene.body.bottom()))
                there = np.abs(moving - still[back])[body].max(2) > 60
                between = there[:, int(left) + 46 : int(right) - 6].sum(0)
                if int(left) + 46 < x < int(right) - 6:
                    assert abs(int(between.argmax()) + int(left) + 46 - x) <= 5


def test_of_a_flow_beyond_the_last_stage_the_last_is_shown():
    snapshot = tanh()
    with solo("network-graph", "light", LARGE) as shown:
        last = shown.draw(snapshot, Look(flow=7.0))
        assert np.array_equal(shown.draw(snapshot, Look(flow=99.0)), last)


def test_another_row_has_other_numbers():
    snapshot = tanh()
    with solo("network-graph", "light", LARGE) as shown:
        texts = shown.texts(snapshot, Look(flow=0.0, example=11))
        flow = Flow(snapshot.contestants[0], 11)
        assert "row 12" in texts
        assert brief(float(flow.inputs[0])) in texts
        assert any(text.startswith("Training row 12 goes in; wanted: class ") for text in texts)


# ---- mouse


def press(point: QPointF):
    """A click or drag as pyqtgraph tells of it."""
    event = SimpleNamespace(pos=lambda: point, buttonDownPos=lambda: point, taken=None,
                            button=lambda: Qt.MouseButton.LeftButton, isExit=lambda: False,
                            acceptDrags=lambda button: None)
    event.accept = lambda: setattr(event, "taken", True)
    event.ignore = lambda: setattr(event, "taken", False)
    return event


def test_a_click_chooses_a_unit_and_a_second_one_leaves_it():
    snapshot = tanh()
    with solo("network-graph", "light", LARGE) as shown:
        asked = listened(shown.view)
        shown.draw(snapshot, Look())
        node = scene_of(shown).layout.columns[2].nodes[4].center()
        shown.view.mouseClickEvent(press(node))
        assert asked == [("layer", 3), ("unit", 4)]
        shown.draw(snapshot, Look(layer=3, unit=4))
        shown.view.mouseClickEvent(press(node))
        assert asked[2:] == [("layer", 3), ("unit", None)]
        nowhere = press(QPointF(2, 200))
        shown.view.mouseClickEvent(nowhere)
        assert nowhere.taken is False


def test_the_chosen_unit_stands_out_with_all_its_edges():
    snapshot = wide()
    with solo("network-graph", "light", LARGE) as shown:
        shown.draw(snapshot, Look(layer=5, unit=17))
        scene = scene_of(shown)
        entry = scene.layout.columns[2]
        assert 17 in entry.units
        place = entry.units.index(17)
        gap = scene.gaps[1]
        assert list(gap.drawn[place]) == list(scene.alive(scene.layout.columns[1]))
        strand = shown.view._strand(scene, gap)
        mine = strand.targets == place
        assert strand.opacity[mine].min() > strand.opacity[~mine].max()


def test_hovering_tells_a_units_numbers():
    snapshot = tanh()
    flow = Flow(snapshot.contestants[0])
    with solo("network-graph", "light", LARGE) as shown:
        shown.draw(snapshot, Look())
        node = scene_of(shown).layout.columns[1].nodes[2].center()
        shown.view.hoverEvent(press(node))
        note = shown.view.note()
        assert note.startswith("layer 1, unit 3 · a ")
        assert f"a {three(flow.value(1)[2])} · ∂L/∂a {three(flow.gradient(1)[2])}" in note
        assert "x1" in note
        shown.view.hoverEvent(SimpleNamespace(isExit=lambda: True))
        assert shown.view.note() == "92 parameters"


def test_the_bar_steps_there_and_back_and_drags():
    snapshot = tanh()
    with solo("network-graph", "light", LARGE) as shown:
        asked = listened(shown.view)

        def click(which, value):
            shown.draw(snapshot, Look(flow=value))
            shown.view.mouseClickEvent(press(shown.view._bar._buttons[which].center()))
            return asked.pop()

        assert click(1, None) == ("flow", 0.0)
        assert click(1, 0.0) == ("flow", 1.0)
        assert click(1, 1.4) == ("flow", 2.0)
        assert click(0, 1.4) == ("flow", 1.0)
        assert click(0, 2.0) == ("flow", 1.0)
        assert click(0, 0.0) == ("flow", None)
        assert click(1, 7.0) == ("flow", 7.0)
        shown.draw(snapshot, Look(flow=2.0))
        track = shown.view._bar._slider._track
        shown.view.mouseDragEvent(press(QPointF(track.left() + 0.5 * track.width(), track.top())))
        assert asked.pop() == ("flow", 3.5)
        shown.view.mouseClickEvent(press(QPointF(track.left() + 0.43 * track.width(),
                                                 track.top())))
        assert asked.pop() == ("flow", 3.0)
        shown.view.mouseClickEvent(press(shown.view._bar._slider._all.center()))
        assert asked.pop() == ("flow", None)


def test_arrows_beside_the_row_go_through_the_rows():
    snapshot = tanh()
    rows = len(snapshot.contestants[0].training.material.train_x)
    with solo("network-graph", "light", LARGE) as shown:
        asked = listened(shown.view)
        for place, example, wanted in ((0, 5, 4), (2, 5, 6), (1, 5, None), (2, rows - 1, 0),
                                       (0, 0, rows - 1)):
            shown.draw(snapshot, Look(flow=1.0, example=example))
            shown.view.mouseClickEvent(press(shown.view._example._rects[place].center()))
            assert asked.pop() == ("example", wanted)


def test_what_is_looked_at_is_kept_in_the_file():
    made = tanh().experiment
    look = Look(chosen=0, layer=3, unit=4, flow=2.5, example=17)
    kept = picture_of(made, look, usual([["network-graph"]]), 10)
    opened = Experiment.from_toml(made.replaced(picture=kept).to_toml())
    assert look_at(opened) == look


# ---- who, and where things lie


def two(**more):
    return fresh(contestant("First", [dense(4), kind("tanh")], **more),
                 contestant("Second", [dense(5), kind("tanh")]))


@pytest.mark.parametrize(("look", "name", "width"), [
    (Look(), "First", 4), (Look(chosen=1), "Second", 5), (Look(highlight="Second"), "Second", 5)])
def test_who_is_shown(look, name, width):
    with solo("network-graph", "light", LARGE) as shown:
        texts = shown.texts(two(), look)
        assert name in texts
        assert scene_of(shown).layout.columns[1].column.width == width


def test_muted_contestants_are_not_looked_at():
    with solo("network-graph", "light", LARGE) as shown:
        assert "Second" in shown.texts(two(muted=True), Look(chosen=0))
        snapshot = fresh(contestant("A", [dense(4), kind("tanh")], muted=True))
        assert shown.texts(snapshot, Look(flow=1.0)) == ["Every contestant is muted"]
        assert shown.view.note() == ""


@pytest.mark.parametrize(("count", "capacity", "focus", "wanted"), [
    (4, 4, 1, [0, 1, 2, 3]), (10, 4, 1, [0, 1, 2, 9]), (10, 5, 5, [0, 4, 5, 6, 9]),
    (10, 5, 9, [0, 6, 7, 8, 9]), (10, 2, 5, [4, 5]), (10, 1, 7, [7]), (10, 3, 0, [0, 1, 2])])
def test_the_columns_around_the_one_looked_at_are_shown(count, capacity, focus, wanted):
    assert shown_columns(count, capacity, focus) == wanted


def test_units_are_chosen_evenly_and_those_looked_at_are_among_them():
    assert even_units(5, 9, []) == (0, 1, 2, 3, 4)
    assert even_units(100, 5, []) == (0, 20, 40, 60, 80)
    assert even_units(100, 5, [43]) == (0, 20, 43, 60, 80)
    assert even_units(100, 5, [43, 47]) == (0, 20, 43, 47, 80)
    assert even_units(100, 5, [200]) == (0, 20, 40, 60, 80)
    assert even_units(100, 1, [43, 47]) == (43,)


def test_the_class_that_an_example_should_have_has_a_node():
    snapshot = digits()
    with solo("network-graph", "light", (640, 330)) as shown:
        for row in range(12):
            shown.draw(snapshot, Look(flow=3.0, example=row))
            scene = scene_of(shown)
            units = scene.layout.columns[-1].units
            assert len(units) < 10
            assert int(scene.flow.target[0]) in units
            assert scene.subject == (3, int(scene.flow.target[0]))


@pytest.mark.parametrize("numbered", [False, True])
@pytest.mark.parametrize("size", [(200, 100), (300, 700), (1600, 900), (60, 40)])
def test_nodes_lie_inside_and_apart(size, numbered):
    chain = columns(wide().contestants[0].training.network)
    layout = arranged(chain, QRectF(0, 0, *size), Style(THEMES["light"]), Ask(
        1, ((2, 63),), numbered, False, (20.0, 30.0)))
    every = [rect for entry in layout.columns for rect in entry.nodes]
    for place, rect in enumerate(every):
        assert rect.left() >= 0
        assert rect.right() <= size[0]
        assert rect.top() >= -0.5
        assert rect.bottom() <= size[1] + 0.5
        assert not any(rect.intersects(other) for other in every[:place])


# ---- odd cases


ODD = {
    "no hidden layer": ([contestant("A", [])], {}),
    "deep": ([contestant("A", [dense(3), kind("tanh")] * 100)], {}),
    "wide": ([WIDE], {}),
    "sine": ([contestant("A", [dense(5), kind("tanh")])],
             {"dataset": {"name": "sine", "samples": 60}, "loss": "mse"}),
    "surface": ([contestant("A", [dense(5), kind("tanh")])],
                {"dataset": {"name": "plane", "samples": 60}, "loss": "huber"}),
    "digits": ([DIGITS], {"dataset": "digits"}),
    "one logit": ([TANH], {"loss": "logistic"}),
    "hinge": ([TANH], {"loss": "hinge"}),
    "many classes": ([TANH], {"dataset": {"name": "gaussians", "classes": 8}}),
    "all the same": ([contestant("A", [dense(4), kind("relu")], init="zeros")], {}),
    "maxout": ([contestant("A", [{"kind": "maxout", "width": 6, "pieces": 3},
                                 kind("layer-norm")])], {}),
    "norm of inputs": ([contestant("A", [kind("batch-norm"), kind("dropout", rate=0.5), dense(4),
                                         kind("gelu"), kind("batch-norm")])], {}),
    "twelve": ([contestant(f"A rather long name {k}", [dense(4), kind("relu")])
                for k in range(12)], {}),
    "overflowing": ([contestant("A", [dense(20), kind("relu")] * 40,
                                init={"name": "normal", "std": 10.0})], {}),
    "drift": ([TANH], {"drift": {"kind": "rotation", "per_1000_steps": 20.0}}),
}
STAGED = ("wide", "digits", "surface", "one logit", "norm of inputs")
LOOKS = (Look(), Look(flow=0.0), Look(flow=1.5, example=3), Look(flow=999.0, layer=1, unit=2),
         Look(layer=0, unit=10_000))


@pytest.mark.parametrize("size", [(228, 130), (300, 620), LARGE])
@pytest.mark.parametrize("name", ODD)
def test_odd_networks_are_drawn_readably_at_any_size(name, size):
    contestants, problem = ODD[name]
    snapshot = fresh(*contestants, **problem)
    with solo("network-graph", "dark", size) as shown:
        for look in LOOKS:
            drawn = shown.draw(snapshot, look)
            assert (np.abs(drawn - rgb(THEMES["dark"].card)).max(2) > 20).any()
            outputs = len(columns(snapshot.contestants[0].training.network)) - 1
            assert_readable(shown, snapshot, look)
            for stage in range(2 * outputs + 2) if size == LARGE and name in STAGED else ():
                assert_readable(shown, snapshot, Look(flow=float(stage)))


def test_a_diverged_contestant_is_shown_as_it_last_was():
    run = Run(experiment(contestant("A", [dense(6), kind("relu")] * 3,
                                    optimizer={"name": "sgd", "lr": 1e6}),
                         dataset="bumps", loss="mse")).finish()
    snapshot = run.at(run.experiment.steps)
    assert snapshot.contestants[0].diverged is not None
    with solo("network-graph", "light", LARGE) as shown:
        assert "diverged" in shown.texts(snapshot, Look(flow=3.0))


def test_vectors_keep_the_edges_as_paths():
    snapshot = tanh()
    with solo("network-graph", "light", LARGE) as shown:
        shown.draw(snapshot, Look())
        edges = sum(int(gap.drawn.sum()) for gap in scene_of(shown).gaps)
        tree = svg_of(shown._render, LARGE)
        curves = [e for e in tree.iter("{http://www.w3.org/2000/svg}path") if " C" in e.get("d", "")
                  or "C" in e.get("d", "")]
        images = list(tree.iter("{http://www.w3.org/2000/svg}image"))
    assert len(curves) >= edges
    assert len(images) == 18


def test_the_same_step_is_computed_once(monkeypatch):
    calls = []
    monkeypatch.setattr("app.views.graph_scene.responses",
                        lambda *given: calls.append(1) or responses(*given))
    snapshot = tanh()
    with solo("network-graph", "light", LARGE) as shown:
        first = shown.draw(snapshot, Look())
        again = shown.draw(snapshot, Look())
        shown.draw(snapshot, Look(flow=2.0))
        shown.draw(snapshot, Look(flow=3.0))
    assert len(calls) <= 2
    assert np.array_equal(first, again)
