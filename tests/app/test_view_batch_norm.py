"""Batch norm: the engine's numbers at their places, a layer and a unit chosen, odd networks.

Golden pictures are drawn anew by `python -m tests.app.norm_scenes`.
"""

from __future__ import annotations

import numpy as np
import pytest
from networks import NORM, RELU, TANH, dense, finished
from norm_scenes import NORMED, experiment, two
from PyQt6.QtCore import QPointF
from reading import assert_readable, listened, mouse
from scenes import Solo, rgb, solo

from app.numbers import number
from app.theme import THEMES, mixed
from app.views import Look
from app.views.batch_norm import COURSE, SCATTER, UNITS
from app.views.batch_norm_panels import scatter_axes, scatter_points, unit_strips
from app.views.layer_owner import layer_words
from engine.network.batch_histograms import spreads

SIZE = (900, 440)
BOTH = pytest.mark.parametrize("theme", list(THEMES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def panel(shown, kind):
    return dict(shown.view._panels)[kind]


def near(drawn, x, y, colour, reach=1):
    """How far the most alike pixel around a point is from a colour, in levels."""
    x, y = round(float(x)), round(float(y))
    patch = drawn[y - reach : y + reach + 1, x - reach : x + reach + 1].reshape(-1, 3)
    return np.abs(patch - rgb(colour)).max(1).min()


@BOTH
def test_gamma_beta_and_both_statistics_are_where_the_engine_says(theme):
    snapshot = finished(two()).at(200)
    found = snapshot.contestants[1].probe().batch_norm(1)
    with solo("batch-norm", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        colour = shown.style.contestant(1)
        strips = unit_strips(panel(shown, UNITS), shown.style, found, shown.view._ranges)
        for axes, values in zip(strips, (found.gamma, found.beta), strict=True):
            for k, value in enumerate(values, 1):
                at = axes.pixel(k, float(value))
                assert near(drawn, at.x(), at.y(), colour) <= 4
        boxes = scatter_axes(panel(shown, SCATTER), shown.style, shown.view._ranges)
        pairs = ((found.running_mean, found.mean),
                 (np.sqrt(found.running_var), np.sqrt(found.var)))
        for axes, (running, batch), points in zip(boxes, pairs, scatter_points(boxes, found),
                                                  strict=True):
            for x, y, (left, top) in zip(running, batch, points, strict=True):
                at = axes.pixel(float(x), float(y))
                assert (at.x(), at.y()) == pytest.approx((left, top), abs=0.01)
                assert near(drawn, left, top, colour) <= 4


@BOTH
def test_bars_are_as_high_as_the_engine_counts(theme):
    snapshot = finished(two()).at(200)
    found = snapshot.contestants[1].probe().batch_norm(1)
    with solo("batch-norm", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        colour = rgb(shown.style.contestant(1))
        bins = len(shown.view._spreads[0].counts)
        far = shown.view._ranges
        for kind, spread in enumerate(spreads(found, None, bins, far.before, far.after)):
            rect = panel(shown, kind)
            part = drawn[int(rect.top()) + 24 : int(rect.bottom()) - 36,
                         int(rect.left()) + 4 : int(rect.right()) - 4]
            inked = (np.abs(part - colour).max(2) <= 2).sum(0)
            # The share of a bin in the ink is its share of the numbers.
            edges = np.linspace(0, part.shape[1], bins + 1).round().astype(int)
            ink = np.array([inked[a + 1 : b - 1].mean() for a, b in zip(
                edges[:-1], edges[1:], strict=True)])
            # The dotted line at 0 goes over the two bins beside it.
            ink, counts = (np.delete(each, [bins // 2 - 1, bins // 2])
                           for each in (ink, spread.counts))
            expected = counts / counts.max() * ink.max()
            assert np.abs(ink - expected).max() < 0.06 * ink.max()


def test_histograms_say_what_became_of_mean_and_std():
    snapshot = finished(two()).at(200)
    with solo("batch-norm", "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look())
        before, normalised, after = shown.view._spreads
    for spread in (before, normalised, after):
        mean, std = (number(round(value, 2) + 0.0) for value in (spread.mean, spread.std))
        assert f"mean {mean}   std {std}" in texts
    assert abs(normalised.mean) < 1e-5 and normalised.std == pytest.approx(1, abs=1e-3)
    assert {"Before", "Normalised by the batch"} <= set(texts)
    # Greek letters are another font's, and so texts of their own in the file.
    assert "After γ · normalised + β" in "".join(texts)


@BOTH
def test_running_statistics_are_a_line_and_batches_are_dots(theme):
    run = finished(two())
    with solo("batch-norm", theme, SIZE) as shown:
        drawn = shown.draw(run.at(240), Look())
        table, colour = shown.view._table, shown.style.contestant(1)
        assert table.steps.tolist() == list(range(0, 241, 8))[: len(table.steps)]
        for step, mean in zip(table.steps.tolist(), table.running_mean, strict=True):
            assert np.array_equal(mean, run.at(step).contestants[1].tensors["1.mean"])
        rect = panel(shown, COURSE)
        inside = drawn[int(rect.top()) : int(rect.bottom()), int(rect.left()) : int(rect.right())]
        pale = mixed(shown.style.theme.card, colour.name(), 0.45)
        assert (np.abs(inside - rgb(colour)).max(2) <= 6).sum() > 100
        assert (np.abs(inside - rgb(pale)).max(2) <= 6).sum() > 100
        texts = shown.texts(run.at(240), Look())
        assert texts.count("running") == texts.count("batch") == 2


def test_the_past_alone_is_shown_and_the_same_whichever_way_one_came_to_it():
    run = finished(two())
    with solo("batch-norm", "light", SIZE) as fresh, solo("batch-norm", "light", SIZE) as used:
        used.draw(run.at(240), Look())
        assert np.array_equal(fresh.draw(run.at(100), Look()), used.draw(run.at(100), Look()))
        assert used.view._table.steps[-1] <= 100


def test_the_chosen_layer_is_shown_and_can_be_chosen():
    snapshot = finished(two()).at(100)
    with solo("batch-norm", "light", SIZE) as shown:
        asked = listened(shown.view)
        shown.draw(snapshot, Look(layer=4))
        expected = snapshot.contestants[1].probe().batch_norm(4)
        assert np.array_equal(shown.view._found.before, expected.before)
        assert [chip.text for chip in shown.view._chips] == ["1", "2"]
        assert [chip.chosen for chip in shown.view._chips] == [False, True]
        at = shown.view._chips[0].rect.center()
        event = mouse(at.x(), at.y())
        shown.view.mouseClickEvent(event)
        assert event.taken and asked == [("layer", 1)]
        event = mouse(5, 200)
        shown.view.mouseClickEvent(event)
        assert event.taken is False and len(asked) == 1
        # A layer of another kind is not looked at here.
        shown.draw(snapshot, Look(layer=0))
        assert shown.view._owner.place == 1


def test_a_unit_under_the_mouse_shows_its_own_histograms_and_numbers():
    snapshot = finished(two()).at(100)
    found = snapshot.contestants[1].probe().batch_norm(1)
    with solo("batch-norm", "light", SIZE) as shown:
        everyone = shown.draw(snapshot, Look())
        assert shown.view.note() == "12 units · batch of 16"
        strip, _ = unit_strips(panel(shown, UNITS), shown.style, found, shown.view._ranges)
        at = strip.pixel(5, float(found.gamma[4]))
        shown.view.hoverEvent(mouse(at.x(), at.y()))
        assert shown.view._spreads[0].mean == pytest.approx(found.before[4].mean(), abs=1e-5)
        assert f"unit 5 · γ {number(float(found.gamma[4]))} · β" in shown.view.note()
        assert "Mean of unit 5 over time" in shown.texts(snapshot, Look())
        assert not np.array_equal(shown.draw(snapshot, Look()), everyone)
        boxes = scatter_axes(panel(shown, SCATTER), shown.style, shown.view._ranges)
        x, y = scatter_points(boxes, found)[1][7]
        assert shown.view.unit_at(QPointF(x, y)) == 7
        shown.view._hovered(None)
        assert np.array_equal(shown.draw(snapshot, Look()), everyone)


def three(**muted):
    layers = {"Plain": [dense(4), TANH], "First": [dense(5), NORM], "Second": [dense(7), NORM]}
    return experiment([{"name": name, "layers": its, "muted": name in muted}
                       for name, its in layers.items()], 40)


@pytest.mark.parametrize(("look", "muted", "name"), [
    (Look(), {}, "First"), (Look(chosen=2), {}, "Second"), (Look(chosen=0), {}, "First"),
    (Look(highlight="Second"), {}, "Second"), (Look(chosen=1, highlight="Second"), {}, "First"),
    (Look(chosen=1), {"First": 1}, "Second"),
])
def test_whose_layer_it_is(look, muted, name):
    snapshot = finished(three(**muted)).at(40)
    with solo("batch-norm", "light", SIZE) as shown:
        texts = shown.texts(snapshot, look)
        assert name in texts and shown.view._owner.appearance.name == name
    others = {"Plain", "First", "Second"} - {name}
    assert not others & set(texts)


def test_beside_a_highlighted_contestant_it_fades():
    snapshot = finished(three()).at(40)
    with solo("batch-norm", "light", SIZE) as shown:
        full = shown.draw(snapshot, Look())
        faded = shown.draw(snapshot, Look(highlight="Plain"))
        colour = rgb(shown.style.contestant(1))
    assert (np.abs(full - colour).max(2) <= 2).sum() > 2000
    assert (np.abs(faded - colour).max(2) <= 2).sum() == 0


def test_it_says_why_there_is_nothing_to_see():
    plain = finished(experiment([{"name": "A", "layers": [dense(4), TANH]}], 5))
    muted = finished(three(First=1, Second=1))
    with solo("batch-norm", "light", SIZE) as shown:
        assert shown.texts(plain.at(5), Look()) == ["No contestant has a batch-norm layer"]
        assert shown.view.note() == ""
        assert shown.texts(muted.at(5), Look()) == [
            "Every contestant with a batch-norm layer is muted"]


def test_a_diverged_contestant_is_shown_as_it_was_last():
    made = experiment([{"name": "A", "layers": [NORM, dense(4), NORM],
                        "optimizer": {"name": "sgd", "lr": 60.0}}], 60, dataset="plane", loss="mse")
    snapshot = finished(made).at(60)
    assert snapshot.contestants[0].diverged is not None
    with solo("batch-norm", "dark", SIZE) as shown:
        assert "diverged" in assert_readable(shown, snapshot, Look())
        assert shown.view._table.steps[-1] <= snapshot.contestants[0].step


ODD = {
    "on the inputs": experiment([{"name": "A", "layers": [NORM]}], 20),
    "one unit": experiment([{"name": "A", "layers": [dense(1), NORM, TANH]}], 20),
    "a thousand units": experiment([{"name": "A", "layers": [dense(1000), NORM, RELU]}], 6),
    "sixty layers": experiment([{"name": "A", "layers": [dense(5), NORM, TANH] * 60}], 4),
    "two behind one": experiment([{"name": "A", "layers": [dense(5), NORM, NORM, TANH]}], 8),
    "digits": experiment([{"name": "A", "layers": NORMED}], 8, dataset="digits"),
    "numbers": experiment([{"name": "A", "layers": NORMED}], 30, dataset="sine", loss="mse"),
    "dead": experiment([{"name": "A", "layers": [dense(6), RELU, NORM],
                         "init": {"name": "constant", "value": -1.0}}], 5),
    "a long name": experiment([{"name": f"A contestant of a very long name {k}", "layers": NORMED}
                               for k in range(12)], 10),
}


@pytest.mark.parametrize(("size", "unit"), [
    ((268, 144), 0.85), ((300, 200), 0.85), ((300, 640), 1.0), ((560, 330), 1.0), (SIZE, 1.0),
    ((1800, 900), 2.1), ((40, 30), 1.0),
])
@pytest.mark.parametrize("name", ODD)
def test_odd_networks_are_drawn_and_every_text_can_be_read(name, size, unit):
    run = finished(ODD[name])
    shown = Solo("batch-norm", "light", size, unit)
    try:
        for step in (0, run.computed):
            drawn = shown.draw(run.at(step), Look())
            if min(size) > 100:
                assert_readable(shown, run.at(step), Look())
                colour = rgb(shown.style.contestant(0))
                assert (np.abs(drawn - colour).max(2) <= 8).sum() > 40
    finally:
        shown.close()


def test_many_layers_keep_the_chosen_one_among_those_to_choose():
    snapshot = finished(ODD["sixty layers"]).at(4)
    with solo("batch-norm", "light", SIZE) as shown:
        for place in (1, 91, 178):
            shown.draw(snapshot, Look(layer=place))
            chosen = [chip for chip in shown.view._chips if chip.chosen]
            assert [chip.place for chip in chosen] == [place]
            assert 5 < len(shown.view._chips) < 60


def test_two_layers_behind_one_are_told_apart():
    state = finished(ODD["two behind one"]).at(8).contestants[0]
    assert layer_words(state, (1, 2)) == ("1", "2")
    assert layer_words(finished(ODD["on the inputs"]).at(0).contestants[0], (0,)) == ("in",)


def test_a_watched_view_looks_back_bit_by_bit(monkeypatch):
    run = finished(two(steps=3000))
    with solo("batch-norm", "light", SIZE) as at_once, solo("batch-norm", "light", SIZE) as watched:
        expected = at_once.draw(run.at(3000), Look())
        monkeypatch.setattr(watched.view, "patience", lambda: 0.0)
        first = watched.draw(run.at(3000), Look())
        assert not np.array_equal(first, expected)
        assert watched.view._later.isActive()
        for _ in range(2000):
            watched.view._later.stop()
            watched.view._draw_on()
            if not watched.view._later.isActive():
                break
        assert np.array_equal(watched.draw(run.at(3000), Look()), expected)


def test_axes_stand_still_while_it_plays_and_do_not_hang_on_what_was_drawn():
    run = finished(two())
    with solo("batch-norm", "light", SIZE) as shown:
        ranges = []
        for step in range(0, 241, 4):
            shown.draw(run.at(step), Look())
            ranges.append(shown.view._ranges)
        for name in ("before", "after", "gamma", "beta", "mean", "std"):
            reached = [getattr(each, name) for each in ranges]
            assert reached == sorted(reached), f"{name} only grows"
            assert len(set(reached)) <= 5, f"{name}: {reached}"
        for step in (200, 40):
            shown.draw(run.at(step), Look())
            assert shown.view._ranges == ranges[step // 4], "whatever was drawn before"
