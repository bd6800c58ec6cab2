"""Layers over time: colours and numbers are the engine's, past full, future faint.

The golden pictures `golden/networks/depth-time-*.png` are drawn anew by
`python -m tests.app.layer_scenes`.
"""

import numpy as np
import pyqtgraph as pg
import pytest
from layer_scenes import hidden, trained, two
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF
from reading import listened, mouse
from scenes import rgb, solo

from app.theme import THEMES, Style
from app.views import Look, views
from app.views.depth_fields import heat_share, strengths
from app.views.histogram_words import moments_text
from engine.network.depth_series import DepthSeries

BOTH = pytest.mark.parametrize("theme", list(THEMES))
NAME = "depth-time"
SIZE = (900, 420)


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def table_of(run, what="activation", contestant=0):
    series = DepthSeries(what)
    assert series.follow(run.snapshot())
    return series.table(contestant)


@BOTH
def test_bands_reach_a_std_to_both_sides_of_the_mean(theme):
    run = two()
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(run.at(60), Look())
        view = shown.view
    assert not view._scale.heat
    ground, checked = rgb(THEMES[theme].raised), 0
    for panel in view._panels:
        table = table_of(run, contestant=panel.appearance.index)
        rows = len(table.names)
        for place in range(rows):
            top = panel.field.top() + place * panel.field.height() / rows
            high = panel.field.height() / rows - 3
            for look in range(4, len(table.steps) - 4, 4):
                x = int(panel.x(table.steps[look]))
                column = drawn[round(top) : round(top + high), x]
                inked = np.flatnonzero(np.abs(column - ground).max(1) > 30)
                span = view._scale.high - view._scale.low
                expected = 2 * table.std[look, place] / span * (high - 2)
                assert inked[-1] - inked[0] + 1 == pytest.approx(expected, abs=2.5)
                checked += 1
    assert checked > 30


@BOTH
def test_heat_is_the_stds_logarithm(theme):
    layers = hidden(12, "sigmoid", 6)
    run = trained([{"name": "A", "layers": layers}])
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(run.at(60), Look(histogram="gradient"))
        view = shown.view
        colour, ground = rgb(shown.style.contestant(0)), rgb(THEMES[theme].raised)
    assert view._scale.heat
    table, (panel,) = table_of(run, "gradient"), view._panels
    share = heat_share(table.std, view._scale)
    assert share.min() == pytest.approx(0.12)
    assert share.max() == pytest.approx(1.0)
    rows = len(table.names)
    for place in range(rows):
        y = int(panel.field.top() + (place + 0.45) * panel.field.height() / rows)
        for look in range(0, len(table.steps) - 1, 3):
            x = int((panel.x(table.steps[look]) + panel.x(table.steps[look + 1])) / 2)
            expected = ground + (colour - ground) * share[look, place]
            assert np.abs(drawn[y, x] - expected).max() <= 3


@BOTH
def test_what_is_to_come_is_faint(theme):
    run = two()
    with solo(NAME, theme, SIZE) as shown:
        early, late = (shown.draw(run.at(step), Look()).astype(float) for step in (20, 60))
        panel = shown.view._panels[1]
        now = int(panel.x(20))
        field = panel.field
    card = rgb(THEMES[theme].card)
    y = slice(int(field.top()) + 2, int(field.bottom()) - 2)
    np.testing.assert_array_equal(early[y, int(field.left()) : now - 2],
                                  late[y, int(field.left()) : now - 2])
    right = slice(now + 3, int(field.right()) - 3)
    assert np.abs(early[y, right] - (card + 0.3 * (late[y, right] - card))).max() <= 3


def test_the_std_of_now_is_written_beside_each_layer():
    run = two()
    table = table_of(run)
    for step in (0, 33, 60):
        with solo(NAME, "light", SIZE) as shown:
            texts = shown.texts(run.at(step), Look())
        look = int(np.searchsorted(table.steps, step, side="right")) - 1
        for std in table.std[look]:
            assert moments_text(0.0, float(std))[1] in texts


def test_a_click_in_time_seeks_and_hovering_says_the_numbers():
    run = two()
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(run.at(60), Look())
        view = shown.view
        asked = listened(view)
        panel = view._panels[0]
        middle = panel.field.center()
        view.mouseClickEvent(mouse(middle.x(), middle.y()))
        view.mouseClickEvent(mouse(panel.field.right() + 20, middle.y()))
        view.mouseClickEvent(mouse(30, panel.name.center().y()))
        segment = view._segments[2].rect.center()
        view.mouseClickEvent(mouse(segment.x(), segment.y()))
        view.hoverEvent(mouse(middle.x(), middle.y()))
        said = view.note()
    table = table_of(run)
    assert asked == [("seek", 30), ("seek", 60), ("choose", 0), ("histogram", "gradient")]
    look = int(np.searchsorted(table.steps, 30, side="right")) - 1
    std = moments_text(float(table.mean[look, 2]), float(table.std[look, 2]))[1]
    assert f"std {std}" in said
    assert "layer 3" in said


def test_in_a_window_it_looks_back_little_by_little(qtbot):
    run = trained([{"name": "A", "layers": hidden(8, "tanh", 2)}], steps=400)
    host = pg.GraphicsView()
    qtbot.addWidget(host)
    host.resize(600, 300)
    view = views[NAME].make()
    host.setCentralItem(view)
    host.show()
    view.setGeometry(QRectF(0, 0, 600, 300))
    view.restyle(Style(THEMES["light"]))
    view._patience = lambda: 1e-6
    view.draw(run.at(400), Look())
    assert not view._complete
    assert "still looking back" in view.note()
    qtbot.waitUntil(lambda: view._complete, timeout=20_000)
    assert not view._later.isActive()
    np.testing.assert_array_equal(view._tables[0].std, table_of(run).std)


def test_a_diverged_contestant_stops_and_does_not_squeeze_the_others():
    run = trained([{"name": "Tame", "layers": hidden(8, "tanh", 2)},
                   {"name": "Wild", "layers": hidden(8, "leaky-relu", 3),
                    "optimizer": {"name": "sgd", "lr": 1e6}}])
    event = run.snapshot().contestants[1].diverged
    assert event is not None
    with solo(NAME, "light", SIZE) as shown:
        drawn, texts = shown.draw(run.at(60), Look()), shown.texts(run.at(60), Look())
        view = shown.view
        panel = view._panels[1]
        x = int(panel.x(event.step)) + 30
        field = panel.field
        colour = rgb(shown.style.contestant(1))
    assert view._scale.high < 5
    assert "diverged" in texts
    after = drawn[int(field.top()) : int(field.bottom()), x : int(field.right()) - 4]
    assert not (np.abs(after - colour).max(2) < 40).any()


# ---- the choice of what is shown


def relu_run():
    """A network half of whose units are dead from the beginning, beside one of tanh."""
    return trained([{"name": "ReLU", "layers": hidden(8, "relu", 3)},
                    {"name": "Tanh", "layers": hidden(8, "tanh", 3)}])


@pytest.mark.parametrize("statistic", ["mean", "std", "saturated", "dead", "sparse"])
def test_a_ridge_stands_on_zero_and_is_as_high_as_its_number(statistic):
    run = relu_run()
    with solo(NAME, "light", SIZE) as shown:
        drawn = shown.draw(run.at(60), Look(statistic=statistic, over_time="bands"))
        view = shown.view
    assert not view._scale.heat and view._scale.statistic == statistic
    low, high, checked = view._scale.low, view._scale.high, 0
    assert (low, high) == (0, 1) or statistic in ("mean", "std")
    ground = rgb(THEMES["light"].raised)
    for panel in view._panels:
        table = table_of(run, contestant=panel.appearance.index)
        values, rows = getattr(table, statistic), len(table.names)
        for place in range(rows):
            top = panel.field.top() + place * panel.field.height() / rows
            tall = panel.field.height() / rows - 3
            for look in range(4, len(table.steps) - 4, 6):
                x = int(panel.x(table.steps[look]))
                column = drawn[round(top) : round(top + tall), x]
                inked = np.abs(column - ground).max(1) > 60
                if not np.isfinite(values[look, place]):
                    assert not inked.any()
                    continue
                expected = abs(values[look, place]) / (high - low) * (tall - 2)
                assert inked.sum() == pytest.approx(max(expected, 1.4), abs=2.5)
                checked += 1
    assert checked > 10


@pytest.mark.parametrize("statistic", ["mean", "std", "saturated", "dead", "sparse", "spread"])
def test_heat_is_as_strong_as_the_number(statistic):
    run = relu_run()
    with solo(NAME, "light", SIZE) as shown:
        drawn = shown.draw(run.at(60), Look(statistic=statistic, over_time="heat"))
        view = shown.view
    assert view._scale.heat
    ground, grey = rgb(THEMES["light"].raised), rgb(THEMES["light"].quiet)
    for panel in view._panels:
        table = table_of(run, contestant=panel.appearance.index)
        share, rows = strengths(table, view._scale), len(table.names)
        ink = rgb(panel.appearance.color)
        for place in range(rows):
            y = int(panel.field.top() + (place + 0.45) * panel.field.height() / rows)
            for look in range(0, len(table.steps) - 1, 5):
                x = int((panel.x(table.steps[look]) + panel.x(table.steps[look + 1])) / 2)
                strong = share[look, place]
                expected = ground + ((grey if strong < 0 else ink) - ground) * abs(strong)
                assert np.abs(drawn[y, x] - expected).max() <= 3


def test_the_choice_lies_under_the_fields_and_asks():
    run = two()
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(run.at(60), Look())
        view = shown.view
        asked = listened(view)
        below = [s for s in view._segments if s.kind in ("statistic", "over_time")]
        assert [s.value for s in below] == [
            "spread", "mean", "std", "saturated", "dead", "sparse", "heat"]
        assert [s.value for s in below if s.chosen] == ["spread"]
        assert all(s.rect.top() >= view._panels[-1].field.bottom() for s in below)
        for segment in (below[3], below[-1]):
            view.mouseClickEvent(mouse(segment.rect.center().x(), segment.rect.center().y()))
        assert asked == [("statistic", "saturated"), ("over_time", "heat")]
        # Of gradients nothing saturates: what they have is offered, and shown.
        texts = shown.texts(run.at(60), Look(histogram="gradient", statistic="saturated"))
        assert view._scale.statistic == "spread"
        assert "saturated" not in texts and "dead" not in texts
        view.live = False
        assert "heat" not in shown.texts(run.at(60), Look())


def test_a_network_without_such_units_says_so():
    run = trained([{"name": "A", "layers": hidden(6, "tanh", 2)}])
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(run.at(60), Look(statistic="dead"))
        assert shown.view.note() == "No unit here can be dead"
        shown.draw(run.at(60), Look(statistic="saturated"))
        assert shown.view.note() == "saturated, from 0 to 100 %"


def test_a_narrow_panel_has_one_word_that_asks_for_the_next():
    with solo(NAME, "light", (330, 300)) as shown:
        shown.draw(relu_run().at(60), Look(statistic="mean"))
        asked = listened(shown.view)
        word, heat = (s for s in shown.view._segments if s.kind != "histogram")
        assert (word.text, word.chosen, heat.chosen) == ("mean", True, False)
        shown.view.mouseClickEvent(mouse(word.rect.center().x(), word.rect.center().y()))
        assert asked == [("statistic", "std")]


@pytest.mark.parametrize("size", [(260, 200), (420, 180), (1500, 300), (300, 900)])
@pytest.mark.parametrize("statistic", ["mean", "dead"])
def test_the_choice_never_touches_the_steps(size, statistic):
    with solo(NAME, "dark", size) as shown:
        shown.draw(relu_run().at(60), Look(statistic=statistic))
        panel = shown.view._panels[-1]
        metrics = QFontMetricsF(shown.style.font(12, tabular=True))
        left = panel.field.left() + metrics.horizontalAdvance("step 0")
        right = panel.field.right() - metrics.horizontalAdvance(f"{panel.last:,}")
        for segment in shown.view._segments:
            if segment.kind != "histogram":
                assert left < segment.rect.left() and segment.rect.right() < right
