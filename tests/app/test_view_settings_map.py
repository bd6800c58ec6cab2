"""Maps of settings: the numbers of the engine, theory, axes and what the mouse does."""

import numpy as np
import pytest
from map_races import pits, ravine
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QFontMetricsF
from reading import assert_readable, listened, mouse_at
from scenes import snapshot_of, solo

from app.view_head import fitting
from app.views import Look
from app.views.hyper_axis import between, moved, ticks
from app.views.settings_shades import scale_of
from app.views.settings_theory import place
from app.views.value_scale import steps_scale
from engine import Experiment, Run
from engine.maps import quadratic, settings, whole
from engine.maps.settings import axis_of
from engine.optimizers import optimizers
from engine.surfaces import surfaces

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_map_of_settings_has_the_engines_numbers():
    snapshot = snapshot_of(ravine(), 0)
    with solo("settings-map", "light", (500, 360)) as shown:
        shown.draw(snapshot, Look())
        picture = shown.view._shown.picture
        own = whole(settings(snapshot.experiment, size=(len(picture.x), len(picture.y))))
        np.testing.assert_array_equal(own.loss, picture.loss)
        view = shown.view
        view._hover = QPointF(view._body.left() + 300, view._body.top() + 250)
        row, column = view._cell(view._hover)
        assert f"lr {picture.x[column]:.4g}" in view.note() or "×10" in view.note()
        assert ("converged at step" in view.note()) == (picture.steps[row, column] >= 0)
        assert view.title() == "Settings of Momentum"


def test_theory_is_drawn_where_it_belongs():
    found = quadratic(surfaces["ravine"])
    with solo("settings-map", "light", (640, 440)) as shown:
        words = "".join(shown.texts(snapshot_of(ravine(), 0), Look()))
        assert "theory's best in the long run: error × 0.818 a step" in words
        assert "2 (1 + μ)/λₘₐₓ" in words
        drawn = shown.draw(snapshot_of(ravine(), 0), Look())
        view = shown.view
        x, y = view._axes
        # The border's ink lies on lr = 2 (1 + β)/λmax.
        for beta in (0.2, 0.99, 0.999):
            column = view._body.left() + x.position(2 * (1 + beta) / found.largest) * (
                view._body.width())
            line = view._body.bottom() - y.position(beta) * view._body.height()
            ink = drawn[round(line), round(column) - 2 : round(column) + 3].sum(axis=1).min()
            assert ink < 3 * 90
    with solo("settings-map", "light", (640, 440)) as shown:
        others = ravine().with_problem(surface="beale")
        assert not any("theory" in word for word in shown.texts(snapshot_of(others, 0), Look()))


def test_a_click_adds_a_contestant_with_the_settings_and_a_marker_is_chosen():
    polyak = {"name": "Polyak's", "optimizer": {"name": "momentum", "lr": 0.033, "momentum": 0.67}}
    adam = {"optimizer": {"name": "adam", "lr": 0.1}}
    snapshot = snapshot_of(ravine(polyak, adam), 0)
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot, Look(chosen=0))
        view, asked = shown.view, listened(shown.view)
        marks = view._marks
        assert [mark.appearance.name for mark in marks] == ["Momentum", "Polyak's"]
        at = QPointF(view._body.left() + 200.5, view._body.top() + 100.5)
        view.mouseClickEvent(mouse_at(at))
        row, column = view._cell(at)
        picture = view._shown.picture
        values = {"lr": float(picture.x[column]), "momentum": float(picture.y[row])}
        assert asked == [("settings", (0, values))]
        view.mouseClickEvent(mouse_at(marks[1].at))
        assert asked[1:] == [("choose", 1)]


def test_only_those_are_marked_whose_run_the_map_has():
    one = {"optimizer": {"name": "momentum", "lr": 0.01, "momentum": 0.5}}
    experiment = ravine(
        one | {"name": "on it"}, one | {"name": "elsewhere", "start": [0.5, 0.5]},
        one | {"name": "clipped", "clip": {"by": "norm", "limit": 1.0}},
        one | {"name": "scheduled", "schedule": {"name": "cosine", "horizon": 120}},
        {"name": "decayed", "optimizer": {"name": "momentum", "lr": 0.01, "weight_decay": 0.1}})
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot_of(experiment, 0), Look(chosen=0))
        assert [mark.appearance.name for mark in shown.view._marks] == ["Momentum", "on it"]
        # Of a chosen one that is marked, the map is the same.
        before = shown.view._shown
        shown.draw(snapshot_of(experiment, 0), Look(chosen=1))
        assert shown.view._shown is before and shown.view.title() == "Settings of on it"
        shown.draw(snapshot_of(experiment, 0), Look(chosen=3))
        assert [mark.appearance.name for mark in shown.view._marks] == ["clipped"]


def test_why_it_is_not_the_chosen_ones_map_is_said():
    adam = {"optimizer": {"name": "adam", "lr": 0.1}, "muted": True}
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot_of(ravine(adam), 0), Look(chosen=1))
        assert shown.view.title() == "Settings of Momentum"
        assert shown.view.note().startswith("Adam is muted · ")
        shown.draw(snapshot_of(ravine(adam), 0), Look(chosen=0))
        assert "muted" not in shown.view.note()


def test_networks_of_other_layers_or_inits_are_not_marked():
    layers = [{"kind": "dense", "width": 3}, {"kind": "tanh"}]
    one = {"layers": layers, "optimizer": {"name": "momentum", "lr": 0.01}}
    nets = Experiment(steps=20, problem={"kind": "network", "dataset": "moons"}, contestants=[
        one, one | {"name": "faster", "optimizer": {"name": "momentum", "lr": 0.1}},
        one | {"name": "other init", "init": "he-normal"},
        one | {"name": "other layers", "layers": layers * 2},
        one | {"name": "penalised", "l2": 0.1}])
    with solo("settings-map", "light", (300, 240)) as shown:
        shown.view.whole = False
        shown.draw(Run(nets).snapshot(), Look(chosen=0))
        assert [mark.appearance.name for mark in shown.view._marks] == ["Momentum", "faster"]


def test_a_few_lucky_runs_do_not_stretch_the_scale_and_the_key_tells_of_them():
    steps = np.concatenate([np.full(8, 7), np.linspace(200, 400, 992).astype(int)])
    scale = steps_scale(steps)
    assert scale.best >= 200 and scale.below and scale.above
    assert scale.ends == (f"≤ {scale.best:.0f}", f"≥ {scale.worst:.0f}")
    shares = scale.share(steps)
    assert shares.min() == 0 and 0.45 < np.median(shares) < 0.65
    even = steps_scale(np.array([5, 5, 5]))
    assert even.ends == ("5", "5") and even.share(np.array([5])) == 0
    beale = Experiment(steps=400, problem={"kind": "surface", "surface": "beale"}, contestants=[
        {"optimizer": {"name": "momentum", "lr": 0.004}}])
    with solo("settings-map", "light", (640, 440)) as shown:
        words = shown.texts(snapshot_of(beale, 0), Look(
            settings_value="steps", settings_zoom=((0.001, 0.02), (0.5, 0.95))))
        assert any(word.startswith("≤ ") for word in words)
        assert any(word.startswith("≥ ") for word in words)


def test_one_word_and_one_ground_for_what_diverges_and_another_for_what_is_only_higher():
    experiment = ravine()
    with solo("settings-map", "light", (640, 440)) as shown:
        snapshot = snapshot_of(experiment, 0)
        words = shown.texts(snapshot, Look())
        assert "diverges" in words and "not lower" in words
        view = shown.view
        picture = view._shown.picture
        own = np.argwhere(picture.diverged), np.argwhere(picture.risen)
        for (row, column), said in zip((places[len(places) // 2] for places in own),
                                       ("diverges at step", "loss"), strict=True):
            view._hover = QPointF(
                view._body.left() + (column + 0.5) / len(picture.x) * view._body.width(),
                view._body.bottom() - (row + 0.5) / len(picture.y) * view._body.height())
            assert said in view.note()
            values = {"lr": float(picture.x[column]), "momentum": float(picture.y[row])}
            one = experiment.contestants[0]
            trail = Run(experiment.with_contestant(
                0, optimizer=one.optimizer.replaced(**values))).finish().snapshot().trails[0]
            assert (trail.diverged is not None) == (said != "loss")


def test_theorys_best_says_that_it_holds_in_the_long_run():
    found = quadratic(surfaces["ravine"])
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot_of(ravine(), 0), Look())
        view = shown.view
        at = place(view._body, view._axes, {
            "lr": found.momentum_lr, "momentum": found.momentum_beta})
        view._hover = at
        assert view.note() == "best in the long run · in 120 steps others can get further"
        # And so it is: the lowest loss after so many steps is elsewhere.
        picture = view._shown.picture
        best = np.unravel_index(np.where(picture.diverged, np.inf, picture.loss).argmin(),
                                picture.loss.shape)
        assert best != view._cell(at)
        view._hover = at + QPointF(30, 0)
        assert "long run" not in view.note()


@pytest.mark.parametrize("value, names", [("loss", {"final loss", "loss"}),
                                          ("steps", {"steps to converge", "steps"})])
@pytest.mark.parametrize("size", [(640, 440), (500, 360), (300, 220), (250, 200), (180, 160)])
def test_every_card_names_what_its_shades_are_with_both_numbers(size, value, names):
    snapshot, look = snapshot_of(ravine(), 0), Look(settings_value=value)
    with solo("settings-map", "light", size) as shown:
        # In stills nothing is to be clicked, so that nothing else says it.
        shown.view.live = False
        words = shown.texts(snapshot, look)
        assert names & set(words)
        picture = shown.view._shown.picture
        assert set(scale_of(picture, value, look.loss_scale == "log").ends) <= set(words)
        assert "diverges" in words


def test_plain_descents_best_is_a_target_at_its_place_and_marks_are_whole():
    sgd = {"optimizer": {"name": "sgd", "lr": 0.01}}
    found = quadratic(surfaces["ravine"])
    with solo("settings-map", "light", (640, 440)) as shown:
        words = shown.texts(snapshot_of(ravine(sgd), 0), Look(chosen=1))
        assert {"theory's best in the long run: error × 0.98 a step", "SGD"} <= set(words)
        view = shown.view
        x = view._body.left() + view._axes[0].position(2 / (found.least + found.largest)) * (
            view._body.width())
        view._hover = QPointF(x, view._body.bottom() - 15)
        assert view.note().startswith("best in the long run")
        # Without weight decay is the lower edge: heads are within the map all the same.
        (mark,) = view._marks
        assert view._body.bottom() - mark.at.y() >= 12
        drawn = shown.draw(snapshot_of(ravine(sgd), 0), Look(chosen=1))
        ring = drawn[round(view._body.bottom()) - 15, round(x) - 9 : round(x) + 10]
        assert (ring.sum(axis=1) < 200).sum() >= 4
        # On axes without what the best hangs on there is no target.
        words = shown.texts(snapshot_of(ravine(), 0), Look(settings_y="weight_decay"))
        assert not any("long run" in word for word in words)


def test_a_narrow_head_keeps_what_the_map_says_and_leaves_out_where():
    with solo("settings-map", "light", (300, 220)) as shown:
        for value, said in (("loss", "loss "), ("steps", "converged at step ")):
            shown.draw(snapshot_of(ravine(), 0), Look(settings_value=value))
            view = shown.view
            picture = view._shown.picture
            row, column = np.argwhere(picture.steps >= 0)[0]
            view._hover = QPointF(
                view._body.left() + (column + 0.5) / len(picture.x) * view._body.width(),
                view._body.bottom() - (row + 0.5) / len(picture.y) * view._body.height())
            first, second, where = view.note().split(" · ")
            assert first.startswith(said) and where.startswith("lr ")
            metrics = QFontMetricsF(shown.style.font(14))
            assert fitting(view.note(), metrics, metrics.horizontalAdvance(first)) == first


def test_hyperparameters_and_values_are_chosen_on_the_card():
    snapshot = snapshot_of(ravine(), 0)
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot, Look())
        view, asked = shown.view, listened(shown.view)
        for segment in view._layout.segments:
            view.mouseClickEvent(mouse_at(segment.rect.center()))
        assert asked == [
            ("settings_y", "weight_decay"), ("settings_x", "weight_decay"),
            ("settings_value", "loss"), ("settings_value", "steps")]
        shown.draw(snapshot, Look(settings_x="momentum", settings_y="lr"))
        assert [axis.name for axis in view._axes] == ["momentum", "lr"]
        # One that the optimizer lacks is not shown, whatever a file says.
        shown.draw(snapshot, Look(settings_x="beta1"))
        assert [axis.name for axis in view._axes] == ["lr", "momentum"]
        shown.draw(snapshot, Look(settings_x="momentum"))
        assert [axis.name for axis in view._axes] == ["momentum", "lr"]
        shown.draw(snapshot, Look(settings_zoom=((1e-3, 1e-2), (0.5, 1.5))))
        assert view._axes[0].span == (1e-5, 10.0)


def test_a_network_that_takes_too_long_is_not_mapped():
    layers = [{"kind": "dense", "width": 400}, {"kind": "tanh"}] * 3
    large = Experiment(steps=100_000, problem={"kind": "network", "dataset": "moons"},
                       contestants=[{"layers": layers, "optimizer": "momentum"}])
    with solo("settings-map", "light", (640, 440)) as shown:
        words = " ".join(shown.texts(Run(large).snapshot(), Look()))
        assert "takes too long" in words and shown.view._shown is None


def test_a_small_network_is_mapped_by_trainings():
    layers = [{"kind": "dense", "width": 3}, {"kind": "tanh"}]
    small = Experiment(steps=20, problem={"kind": "network", "dataset": "moons"},
                       contestants=[{"layers": layers, "optimizer": "momentum"}])
    with solo("settings-map", "light", (240, 200)) as shown:
        shown.view.whole = False
        snapshot = Run(small).snapshot()
        shown.draw(snapshot, Look())
        shown.view.refine(lambda: False)
        shown.draw(snapshot, Look())
        assert shown.view._shown.picture.stride > 1
        assert np.isfinite(shown.view._shown.picture.loss).all()


def test_ticks_are_round_and_far_enough_apart():
    for name, key, ends in (("momentum", "lr", None), ("momentum", "lr", (0.031, 0.034)),
                            ("momentum", "momentum", None), ("momentum", "momentum", (0.6, 0.7)),
                            ("qhm", "nu", None), ("adam", "weight_decay", None)):
        axis = axis_of(optimizers[name], key, ends)
        found = ticks(axis, 400.0, 40.0)
        assert len(found) >= 2
        places = [axis.position(value) * 400 for value in found]
        assert min(np.diff(places)) >= 40
        assert all(len(f"{value:.6g}") <= 8 for value in found)


def test_a_zoomed_axis_stays_within_what_the_slider_spans():
    lr = axis_of(optimizers["momentum"], "lr")
    ends = moved(lr, lr, 0.25, 0.75)
    assert ends == pytest.approx((10**-3.5, 10**-0.5))
    assert moved(between(lr, ends), lr, -9.0, 9.0) == (1e-5, 10.0)
    low, high = moved(between(lr, ends), lr, -1.5, -0.5)
    assert low == pytest.approx(1e-5) and high == pytest.approx(1e-2)


@pytest.mark.parametrize("value", ["loss", "steps"])
@pytest.mark.parametrize("size", [(1000, 520), (520, 300), (300, 260), (180, 200)])
def test_words_lie_over_no_others(size, value):
    with solo("settings-map", "light", size) as shown:
        assert_readable(shown, snapshot_of(pits(), 0), Look(settings_value=value))
