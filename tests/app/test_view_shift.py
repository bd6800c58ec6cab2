"""Covariate shift: bands, histograms and distances are the engine's, on equal axes, at any size.

Golden pictures are drawn anew by `python -m tests.app.data_scenes`.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
import pytest
from data_scenes import DRIFT, THREE, experiment, hidden, normed, vectors_off
from networks import NORM, finished
from PyQt6.QtCore import QRectF
from reading import assert_readable, listened, mouse
from scenes import rgb, solo

from app.numbers import number
from app.theme import THEMES, Style, mixed
from app.views import Look, views
from app.views.shift_panels import INNER, OUTER, bins_of, said_moved
from engine.network.even_rows import sampled_probe
from engine.network.input_shift import input_shifts
from engine.network.layer_shift import (
    ShiftSeries,
    distribution,
    layer_values,
    moved,
    shares,
    unit_levels,
)

NAME, SIZE = "shift", (1000, 380)
BOTH = pytest.mark.parametrize("theme", list(THEMES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def table_of(made, contestant=0, block=2):
    series = ShiftSeries()
    assert series.follow(finished(made).snapshot())
    return series.table(contestant, block)


def values_at(made, step, contestant, block=2):
    state = finished(made).at(step).contestants[contestant]
    return layer_values(sampled_probe(state, "training"), block)


def off(drawn, x, y, colour):
    return np.abs(drawn[round(y), round(x)] - rgb(colour)).max()


def test_a_file_of_vectors_shows_the_same():
    assert vectors_off(NAME, normed(dataset="moons", drift=DRIFT), SIZE) < 0.03


@BOTH
def test_bands_lie_between_the_engines_quantiles(theme):
    made = normed()
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(finished(made).at(200), Look())
        checked = 0
        for hidden_, panel in shown.view.band_panels():
            table = table_of(made, hidden_.appearance.index)
            ground = THEMES[theme].raised
            colour = shown.style.contestant(hidden_.appearance.index).name()
            outer, inner = (mixed(ground, colour, share) for share in (OUTER, INNER))
            lines = table.centres
            for k in range(3, len(table.steps) - 2, 5):
                x = panel.bands.pixel(table.steps[k], 0).x()
                low, quarter, middle, upper, high = (
                    panel.bands.pixel(0, float(q)).y() for q in table.quantiles[k])
                unit = [panel.bands.pixel(0, float(line)).y() for line in lines[k]]
                for y, tint in (((low + quarter) / 2, outer), ((upper + high) / 2, outer),
                                ((quarter + middle) / 2, inner), (high - 4, ground),
                                (low + 4, ground)):
                    # Where no unit's line or the line at 0 is.
                    away = min(abs(y - line) for line in (*unit, panel.bands.pixel(0, 0).y()))
                    if away > 5 and abs(y - middle) > 4 and panel.bands.rect.contains(x, y):
                        assert off(drawn, x, y, tint) <= 3
                        checked += 1
    assert checked > 40


@BOTH
def test_what_is_to_come_is_faint_and_a_line_stands_at_now(theme):
    made = normed()
    with solo(NAME, theme, SIZE) as shown:
        early, late = (shown.draw(finished(made).at(step), Look()).astype(float)
                       for step in (80, 200))
        (_, panel), _ = shown.view.band_panels()
        bands = panel.bands
        now = bands.pixel(80, 0).x()
    y = slice(int(bands.rect.top()) + 3, int(bands.rect.bottom()) - 3)
    past = slice(int(bands.rect.left()) + 2, int(now) - 2)
    future = slice(int(now) + 3, int(bands.rect.right()) - 3)
    np.testing.assert_array_equal(early[y, past], late[y, past])
    ground = rgb(THEMES[theme].raised)
    # The line at 0 lies below the bands and is not among them.
    zero = int(bands.pixel(0, 0).y())
    rows = [row for row in range(y.start, y.stop) if abs(row - zero) > 2]
    expected = ground + 0.3 * (late[rows][:, future] - ground)
    assert np.abs(early[rows][:, future] - expected).max() <= 3
    # A line of one pixel between two is shared by both.
    assert np.abs(early[rows, round(now)] - late[rows, round(now)]).max(1).min() > 8


@BOTH
def test_histograms_are_as_long_as_the_engines_shares(theme):
    made = normed()
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(finished(made).at(100), Look())
        (_, plain), (_, norm) = shown.view.band_panels()
        found = []
        for k, panel in enumerate((plain, norm)):
            bins = bins_of(panel, shown.style)
            expected = shares(values_at(made, 100, k), bins, *panel.bands.y)
            colour, rect = rgb(shown.style.contestant(k)), panel.aside
            edges = np.linspace(rect.bottom(), rect.top(), bins + 1)
            lengths = [
                (np.abs(drawn[round((low + high) / 2), round(rect.left()) : int(rect.right())]
                        - colour).max(1) <= 4).sum()
                for low, high in zip(edges[:-1], edges[1:], strict=True)]
            found.append((np.array(lengths), expected))
        scale = found[1][0].max() / found[1][1].max()
        for lengths, expected in found:
            # The start's outline may cross a bar.
            assert np.abs(lengths - np.minimum(scale * expected, lengths.max())).max() <= 6


def test_both_contestants_have_equal_axes_and_say_how_far_they_moved():
    made = normed()
    for step in (0, 60, 200):
        with solo(NAME, "light", SIZE) as shown:
            texts = shown.texts(finished(made).at(step), Look())
            one, other = (panel for _, panel in shown.view.band_panels())
        assert one.bands.y == other.bands.y
        for k in (0, 1):
            away = moved(unit_levels(values_at(made, step, k)),
                         distribution(values_at(made, 0, k)))
            assert f"moved {said_moved(away)} σ" in "".join(texts)
        assert "What goes into layer 3's Sigmoid" in texts


def test_the_inputs_move_as_the_drift_says_and_are_still_without_one():
    made = normed(dataset="moons", drift=DRIFT)
    with solo(NAME, "light", SIZE) as shown:
        texts = "".join(shown.texts(finished(made).at(200), Look()))
        panels = shown.view.input_panels()
    material = finished(made).snapshot().contestants[0].training.material
    first, second = input_shifts(material, 200)
    assert [entry.entry.name for entry in panels] == ["x1", "x2"]
    np.testing.assert_array_equal(panels[0].course.quantiles, first.quantiles)
    assert f"moved {said_moved(first.moved[-1])} and {said_moved(second.moved[-1])} σ" in texts
    assert first.moved[-1] > 2
    with solo(NAME, "light", SIZE) as shown:
        assert "no drift" in shown.texts(finished(normed()).at(200), Look())


@pytest.mark.parametrize("place, layer", [(0, 1), (1, 1), (4, 2), (7, 3), (9, 4)])
def test_the_layer_looked_at_decides_for_all(place, layer):
    made = normed()
    with solo(NAME, "light", SIZE) as shown:
        # Of the one with batch norm, whose layers have other places than the plain one's.
        shown.draw(finished(made).at(100), Look(layer=place, chosen=1))
        found = shown.view._hidden
    for entry in found:
        assert entry.block.number == layer
        np.testing.assert_array_equal(
            entry.now, values_at(made, 100, entry.appearance.index, layer - 1))


def test_a_norm_behind_the_function_is_what_the_next_layer_gets():
    made = experiment({"name": "A", "layers": [{"kind": "dense", "width": 8}, {"kind": "relu"},
                                               NORM]}, steps=40)
    with solo(NAME, "light", SIZE) as shown:
        texts = shown.texts(finished(made).at(40), Look())
        (entry,) = shown.view._hidden
    assert "What layer 1 hands on, normalised" in texts
    state = finished(made).at(40).contestants[0]
    np.testing.assert_array_equal(entry.now, sampled_probe(state, "training").activation(2))


# ---- mouse


def test_a_click_seeks_or_chooses_a_layer_and_hovering_says_quantiles():
    made = normed()
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(finished(made).at(200), Look())
        view = shown.view
        asked = listened(view)
        _, panel = view.band_panels()[1]
        at = panel.bands.pixel(50, 0)
        view.mouseClickEvent(mouse(at.x(), at.y()))
        inputs = view.input_panels()[0].panel.bands
        view.mouseDragEvent(mouse(inputs.pixel(120, 0).x(), inputs.rect.center().y()))
        chip = view._chips[0].rect.center()
        view.mouseClickEvent(mouse(chip.x(), chip.y()))
        nowhere = mouse(2, SIZE[1] - 2)
        view.mouseClickEvent(nowhere)
        view.hoverEvent(mouse(at.x(), at.y()))
        note = view.note()
    assert asked == [("seek", 50), ("seek", 120), ("layer", 1)]
    assert nowhere.taken is False
    table = table_of(made, 1)
    look = int(np.searchsorted(table.steps, 50, side="right")) - 1
    low, _, middle, _, high = map(float, table.quantiles[look])
    assert note == (f"With batch norm · step {table.steps[look]:,} · median {number(middle)} · "
                    f"5 to 95 % {number(low)} to {number(high)}")


def test_in_a_window_it_looks_back_little_by_little(qtbot):
    made = normed()
    host = pg.GraphicsView()
    qtbot.addWidget(host)
    host.resize(800, 300)
    view = views[NAME].make()
    host.setCentralItem(view)
    host.show()
    view.setGeometry(QRectF(0, 0, 800, 300))
    view.restyle(Style(THEMES["light"]))
    view._patience = lambda: 1e-6
    view.draw(finished(made).at(200), Look())
    assert not view._complete
    assert "still looking back" in view.note()
    qtbot.waitUntil(lambda: view._complete, timeout=30_000)
    assert not view._later.isActive()
    for k in (0, 1):
        np.testing.assert_array_equal(view._hidden[k].course.quantiles,
                                      table_of(made, k).quantiles)


# ---- odd cases


WILD = {"name": "Wild", "layers": hidden("leaky-relu"), "optimizer": {"name": "sgd", "lr": 1e6}}
ODD = {
    "digits": normed(0.1, "relu", steps=30, dataset="digits",
                     drift={"kind": "light", "per_1000_steps": -30}),
    "one-input": experiment(*THREE[1:], steps=30, dataset="sine"),
    "regression": experiment(*THREE, steps=30, dataset="plane", preprocess=["center", "whiten"]),
    "twelve": experiment(*({"name": f"Contestant {k}", "layers": hidden("tanh", depth=1 + k % 3)}
                           for k in range(12)), steps=20),
    "diverged": experiment(WILD, THREE[0], steps=30),
    "all-diverged": experiment(WILD, steps=30),
    "no-layers": experiment({"name": "Linear", "layers": []}, THREE[0], steps=20),
    "deep": experiment({"name": "Deep", "layers": hidden("relu", depth=100, width=4)}, steps=3),
    "muted": experiment({**THREE[0], "muted": True}, steps=5),
    "dead": experiment({"name": "Zeros", "layers": hidden("relu"), "init": "zeros"}, steps=5),
}


@pytest.mark.parametrize("size", [(228, 140), (330, 240), (420, 400), (760, 200), (1300, 620)])
@pytest.mark.parametrize("case", list(ODD))
def test_everything_is_readable_at_any_size(case, size):
    made = ODD[case]
    with solo(NAME, "dark", size) as shown:
        shown.draw(finished(made).at(made.steps), Look())
        assert assert_readable(shown, finished(made).at(made.steps), Look())


def said(case, size=SIZE):
    made = ODD[case]
    with solo(NAME, "light", size) as shown:
        texts = shown.texts(finished(made).at(made.steps), Look())
        return texts, shown.view


def test_what_is_odd_is_said():
    assert "It has no layer 3" not in said("one-input")[0]
    with solo(NAME, "light", (1600, 900)) as shown:
        texts = shown.texts(finished(ODD["twelve"]).at(20), Look(chosen=2))
    # Eight of twelve have one or two hidden layers, and a second one's output is layer 3.
    assert texts.count("It has no layer 3") == 4
    assert "Every contestant is muted" in said("muted")[0]
    assert "What the output layer puts out" in said("no-layers")[0]
    texts, _ = said("regression")
    assert any(text.startswith("Whitened inputs 1 and 2") for text in texts)


def test_one_that_diverged_does_not_squeeze_the_others():
    made = ODD["diverged"]
    with solo(NAME, "light", SIZE) as shown:
        texts = shown.texts(finished(made).at(30), Look())
        (_, wild), (_, tame) = shown.view.band_panels()
    table = table_of(made, 1)
    assert "diverged" in texts
    assert wild.bands.y == tame.bands.y
    assert tame.bands.y[1] - tame.bands.y[0] < 4 * np.ptp(table.quantiles)


def test_where_there_is_no_room_one_is_shown_and_the_others_are_counted():
    made = ODD["twelve"]
    with solo(NAME, "light", (228, 140)) as shown:
        shown.draw(finished(made).at(20), Look(chosen=4))
        (entry,) = shown.view._hidden
        assert entry.appearance.index == 4
        assert "11 more need room" in shown.view.note()
