"""Histograms forward and backward: both are the engine's numbers, on axes shared by all schemes.

The golden pictures `golden/networks/depth-histograms-*.png` are drawn anew by
`python -m tests.app.depth_scenes`.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from depth_scenes import NAME, SIZE, schemes
from layer_scenes import hidden, trained
from PyQt6.QtCore import QPointF
from reading import listened, mouse_at
from scenes import rgb, solo

from app.theme import THEMES
from app.views import Look
from app.views.histogram_bars import heights, shares, top_of
from engine import Run
from engine.network.layer_look import common_span, look_rows, looks


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def looked_into(snapshot, thorough=False):
    """The looks that the view shows, made anew."""
    states = [replace(state) for state in snapshot.contestants]
    return looks(states, look_rows(states, thorough))


@pytest.mark.parametrize("theme", list(THEMES))
@pytest.mark.parametrize("step", [0, 30])
def test_bars_of_both_ways_are_as_high_as_the_engine_counts(theme, step):
    snapshot = Run(schemes()).finish().at(step)
    seen, checked = looked_into(snapshot), 0
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        for way, what in zip(shown.view.ways, ("activation", "gradient"), strict=True):
            rows, origin = way._rows, way.pos()
            bins = rows.bins(shown.style)
            span = common_span(seen, what, 3.0, hidden=True)
            found = [look.columns(what, bins, span)[:6] for look in seen]
            assert way._span == span
            scale = top_of([column for row in found for column in row], False)
            ground = rgb(THEMES[theme].raised)
            for row, entries in enumerate(found):
                for place, column in enumerate(entries):
                    cell = rows.cell(row, place).translated(origin)
                    tall = np.clip(heights(shares(column)[0], scale, False), 0, 1) * cell.height()
                    pitch = int((cell.width() - 6) / bins)
                    left = round(cell.center().x() - pitch * bins / 2)
                    for k in np.flatnonzero(tall < cell.height() - 12):
                        strip = drawn[int(cell.top()) : round(cell.bottom()),
                                      left + k * pitch + pitch // 2]
                        inked = (np.abs(strip - ground).max(1) > 30).sum()
                        assert abs(inked - tall[k]) <= 1.6, (what, row, place, k)
                        checked += tall[k] > 3
    assert checked > 60


def test_words_say_what_is_seen_over_which_rows():
    snapshot = Run(schemes()).snapshot()
    with solo(NAME, "light", (1400, 480)) as shown:
        texts = shown.texts(snapshot, Look())
        assert {"Forward: activations", "Backward: gradients", "1 to 6, from −1 to 1"} <= set(texts)
        assert shown.view.title() == "Activations and gradients by layer, tanh"
        assert shown.view.note() == "200 rows"
        way = shown.view.ways[1]
        way.hoverEvent(mouse_at(way._rows.cell(2, 3).center()))
        assert shown.view.note().startswith("Too large, layer 4: mean ")
        # Their deviations are those that variance by depth shows.
        signals = looked_into(snapshot)[1].signals()
        written = " ".join(texts)
        for value in signals.forward[:6]:
            assert f"{value:.1g}" in written


def test_large_networks_are_looked_at_on_all_rows_only_at_rest():
    run = Run(schemes(width=500, depth=10).with_problem(
        dataset={"name": "normal-rows", "samples": 600, "inputs": 20}))
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(run.snapshot(), Look())
        assert shown.view.note() == f"{look_rows(run.snapshot().contestants, False)} rows"
        assert shown.view.note() != "480 rows"
        shown.draw(run.snapshot(), Look(thorough=True))
        assert shown.view.note() == "480 rows"


def test_what_is_prepared_is_not_worked_out_again(monkeypatch):
    snapshot = Run(schemes()).snapshot()
    with solo(NAME, "light", SIZE) as shown, solo("variance-by-depth", "light", SIZE) as beside:
        shown.view.prepare(snapshot, Look())

        def refused(*_):
            raise AssertionError("a pass was made, or numbers were counted, while drawing")

        monkeypatch.setattr("engine.network.layer_look.Probe", refused)
        monkeypatch.setattr("engine.network.layer_look.columns", refused)
        shown.draw(snapshot, Look())
        # The view beside it needs no pass of its own either.
        beside.draw(snapshot, Look())
        with pytest.raises(AssertionError, match="while drawing"):
            shown.draw(Run(schemes()).snapshot(), Look())


def test_clicks_ask_for_layers_contestants_and_logarithmic_counts():
    snapshot = Run(schemes()).snapshot()
    with solo(NAME, "light", SIZE) as shown:
        view = shown.view
        asked = listened(view)
        shown.draw(snapshot, Look())
        for way in view.ways:
            way.mouseClickEvent(mouse_at(way._rows.cell(1, 2).center()))
            way.mouseClickEvent(mouse_at(QPointF(20, way._rows.names[2].center().y())))
        view.mouseClickEvent(mouse_at(view._segment.rect.center()))
        shown.draw(snapshot, Look(count_scale="log"))
        view.mouseClickEvent(mouse_at(view._segment.rect.center()))
        nowhere = mouse_at(QPointF(2, SIZE[1] - 1))
        view.mouseClickEvent(nowhere)
    assert asked == [("layer", 5), ("choose", 2), ("layer", 5), ("choose", 2),
                     ("count_scale", "log"), ("count_scale", "linear")]
    assert nowhere.taken is False


def test_wide_cards_have_both_ways_side_by_side_and_tall_ones_above_each_other():
    snapshot = Run(schemes()).snapshot()
    for size, beside in (((1000, 300), True), ((500, 700), False)):
        with solo(NAME, "light", size) as shown:
            shown.draw(snapshot, Look())
            first, second = (way.geometry() for way in shown.view.ways)
        assert (first.top() == second.top()) is beside
        assert not first.intersects(second)


SAFE = {
    "no hidden layer": ([{"name": "A", "layers": []}], {}),
    "two hundred layers": ([{"name": "A", "layers": hidden(3, "tanh", 100)}], {}),
    "regression": ([{"name": "A", "layers": hidden(6, "sigmoid", 2)}],
                   {"dataset": "sine", "loss": "mse"}),
    "digits": ([{"name": "A", "layers": [{"kind": "maxout", "width": 9, "pieces": 2},
                                         {"kind": "dropout", "rate": 0.5}]}],
               {"dataset": "digits"}),
    "diverged": ([{"name": "A", "layers": hidden(8, "leaky-relu", 3),
                   "optimizer": {"name": "sgd", "lr": 1e6}}], {}),
    "zeros": ([{"name": "A", "layers": hidden(8, "relu", 2), "init": "zeros"}], {}),
    "muted": ([{"name": "A", "layers": hidden(8, "relu", 2), "muted": True}], {}),
    "twelve": ([{"name": f"contestant {k}", "layers": hidden(6, "relu", 1 + k % 4)}
                for k in range(12)], {}),
}


@pytest.mark.parametrize("case", list(SAFE))
@pytest.mark.parametrize("size", [(260, 200), (40, 30), (1400, 420), (500, 800)], ids=str)
def test_any_network_is_safe_to_show(case, size):
    contestants, problem = SAFE[case]
    run = trained(contestants, steps=8, **problem)
    for look in (Look(), Look(count_scale="log", layer=1, highlight="A")):
        with solo(NAME, "dark", size) as shown:
            texts = shown.texts(run.at(8), look)
            assert np.array_equal(shown.draw(run.at(8), look), shown.draw(run.at(8), look))
            assert isinstance(shown.view.note(), str)
            edges = shown.draw(run.at(8), look)[-1]
    if case == "muted" and size[0] > 300:
        assert "Every contestant is muted" in texts
    card, raised = rgb(THEMES["dark"].card), rgb(THEMES["dark"].raised)
    if size[1] > 400:
        strange = partial(np.max, axis=1)
        assert not ((strange(np.abs(edges - card)) > 60) & (
            strange(np.abs(edges - raised)) > 60)).any()
