"""Maps: every pixel is the run that it stands for, whatever the threads, and theory agrees."""

from math import log, sqrt

import numpy as np
import pytest

from engine import Experiment, Run
from engine.errors import RunError
from engine.hyper import Hyper
from engine.maps import DIVERGED, NOWHERE, basins, settings, whole
from engine.maps.basins import with_one_list
from engine.maps.lattice import lattices, offset
from engine.maps.minima import minima_of
from engine.maps.plane import along, along_hyper
from engine.maps.theory import best, border, quadratic
from engine.optimizers import optimizers
from engine.surfaces import surfaces

# Rates at which each optimizer gets somewhere on Himmelblau's function in a hundred steps.
RATES = {"sgd": 0.01, "momentum": 0.003, "nesterov": 0.003, "qhm": 0.005, "adadelta": 1.0,
         "rprop": 0.01}


def on(surface="himmelblau", steps=100, noise=0.0, changes=(), start=None, formula=None,
       contestants=({"optimizer": {"name": "sgd", "lr": 0.01}},)):
    problem = {"kind": "surface", "noise": noise}
    if formula is None:
        problem["surface"] = surface
    else:
        problem |= {"formula": formula, "domain": [[-2, 2], [-2, 2]]}
    if start is not None:
        problem["start"] = start
    return Experiment(seed=3, steps=steps, problem=problem, contestants=contestants,
                      changes=changes)


def optimized(name, **more):
    return {"optimizer": {"name": name, "lr": RATES.get(name, 0.03)}, **more}


def run_from(experiment, start, contestant=0):
    one = experiment.replaced(contestants=[experiment.contestants[contestant]])
    return Run(one.with_problem(start=start)).finish().snapshot()


def same_as_run(picture, row, column, experiment, contestant=0):
    """Check one pixel of a map of starts against the run of its start, to the last bit."""
    start = (float(picture.x[column]), float(picture.y[row]))
    trail = run_from(experiment, start, contestant).trails[contestant * 0]
    if trail.diverged is not None:
        assert picture.reached[row, column] == DIVERGED
        assert picture.steps[row, column] == trail.diverged.step
    assert tuple(picture.ends[row, column]) == tuple(trail.path[-1])
    assert picture.loss[row, column] == trail.loss[-1]
    if picture.reached[row, column] >= 0:
        away = np.hypot(*(trail.path - picture.minima[picture.reached[row, column]]).T)
        inside = away <= picture.radius
        since = picture.steps[row, column]
        assert inside[since:].all() and (since == 0 or not inside[since - 1])
        assert len(inside) - 1 - since >= 10
    elif trail.diverged is None:
        away = np.hypot(*(trail.path[-11:, None] - picture.minima).transpose(2, 0, 1))
        assert (away > picture.radius).any(axis=0).all()


# ---- every pixel a run


@pytest.mark.parametrize("name", sorted(optimizers))
def test_every_pixel_is_a_run_bit_for_bit(name):
    experiment = on(contestants=[optimized(name)])
    picture = whole(basins(experiment, size=(7, 5)))
    for row in range(5):
        for column in range(7):
            same_as_run(picture, row, column, experiment)


@pytest.mark.parametrize("more", [
    {"noise": 0.5},
    {"contestants": [optimized("adam", schedule={"name": "cosine", "horizon": 100})]},
    {"contestants": [optimized("momentum", clip={"by": "norm", "limit": 1.0})]},
    {"contestants": [optimized("momentum", clip={"by": "value", "limit": 0.5})]},
    {"changes": [{"step": 40, "set": {"SGD.lr": 0.002}}, {"step": 70, "set": {"SGD.lr": 0.02}}]},
    {"formula": "(x**2 - 1)**2 + y**2 + 0.3*x"},
    {"surface": "monkey-saddle", "contestants": [optimized("momentum")], "steps": 400},
    {"surface": "rastrigin"},
])
def test_noise_schedules_clipping_changes_and_formulas_are_as_in_a_run(more):
    experiment = on(**more)
    picture = whole(basins(experiment, size=(6, 6)))
    for row in range(6):
        for column in range(6):
            same_as_run(picture, row, column, experiment)


def test_a_map_does_not_depend_on_threads_or_on_what_was_computed_first():
    experiment = on(contestants=[optimized("adam")], steps=60)
    one = whole(basins(experiment, size=(64, 50), threads=1))
    for other in (whole(basins(experiment, size=(64, 50), threads=3)),
                  list(basins(experiment, size=(64, 50)))[-1]):
        for key in ("reached", "steps", "loss", "ends"):
            np.testing.assert_array_equal(getattr(one, key), getattr(other, key))


def test_pictures_come_coarse_to_fine_and_agree_where_they_are_computed():
    pictures = list(basins(on(contestants=[optimized("adam")]), size=(100, 100)))
    assert [picture.stride for picture in pictures] == [4, 2, 1]
    assert [picture.complete for picture in pictures] == [False, False, True]
    for picture in pictures:
        own = slice(offset(picture.stride), None, picture.stride)
        np.testing.assert_array_equal(picture.ends[own, own], pictures[-1].ends[own, own])
        assert np.isfinite(picture.ends).all()


def test_a_map_can_be_called_off_between_pieces():
    asked = []

    def stop():
        asked.append(None)
        return len(asked) > 3

    pictures = list(basins(on(steps=2000), size=(200, 200), stop=stop, threads=1))
    assert pictures == [] and len(asked) < 30
    with pytest.raises(RunError, match="called off"):
        whole(iter(pictures))


def test_zooming_in_computes_anew():
    experiment = on(contestants=[optimized("adam")])
    box = ((-0.5, 0.5), (-1.0, 0.0))
    near = whole(basins(experiment, size=(20, 20), box=box))
    assert box[0][0] < near.x[0] < near.x[-1] < box[0][1]
    assert len(near.minima) == 4
    same_as_run(near, 11, 7, experiment)


# ---- what is a minimum


def test_plain_descent_ends_where_its_start_flows_to():
    picture = whole(basins(on(steps=500), size=(60, 60)))
    assert (picture.reached >= 0).mean() > 0.99
    np.testing.assert_allclose(sorted(map(tuple, picture.minima)),
                               sorted(surfaces["himmelblau"].minima), atol=1e-12)
    # Each minimum's own surroundings end in it.
    for place, (x, y) in enumerate(picture.minima):
        row, column = np.abs(picture.y - y).argmin(), np.abs(picture.x - x).argmin()
        assert picture.reached[row, column] == place


def test_a_saddle_is_no_minimum_however_small_its_gradient():
    # On the ridge y = 0 plain descent runs into the saddle and stops there.
    experiment = on("saddle", steps=2000, start=(-1.0, 0.0))
    picture = whole(basins(experiment, size=(3, 3), box=((-1.5, 1.5), (-1.0, 1.0))))
    assert picture.y[1] == 0 and np.abs(picture.ends[1]).max() < 1e-6
    assert (picture.reached[1] == NOWHERE).all() and (picture.steps[1] == -1).all()
    assert (picture.reached[[0, 2]] >= 0).all()


def test_diverged_and_not_arrived_are_outcomes_of_their_own():
    wild = whole(basins(on(contestants=[{"optimizer": {"name": "sgd", "lr": 0.1}}]), size=(9, 9)))
    assert wild.share(DIVERGED) > 0.5
    assert (wild.steps[wild.reached == DIVERGED] > 0).all()
    slow = whole(basins(on(contestants=[{"optimizer": {"name": "sgd", "lr": 1e-5}}]), size=(8, 8)))
    assert slow.share(NOWHERE) > 0.9 and slow.share(DIVERGED) == 0


def test_passing_through_a_minimum_is_no_arrival():
    # A heavy ball crosses the bowl's middle again and again before it stays there.
    ball = {"optimizer": {"name": "momentum", "lr": 0.01, "momentum": 0.97}}
    picture = whole(basins(on("bowl", steps=600, contestants=[ball]), size=(5, 5)))
    trail = run_from(on("bowl", steps=600, contestants=[ball]),
                     (float(picture.x[0]), float(picture.y[0]))).trails[0]
    away = np.hypot(*trail.path.T)
    first = int((away <= picture.radius).argmax())
    assert first < picture.steps[0, 0] == np.flatnonzero(away > picture.radius)[-1] + 1


def test_minima_of_a_formula_are_found_and_confirmed():
    surface = on(formula="(x**2 - 1)**2 + (y**2 - 1)**2 + 0.2*x").problem.resolve()
    found = minima_of(surface, surface.domain)
    assert len(found.points) == 4
    for x, y in found.points:
        assert np.abs(surface.gradient(x, y)).max() < 1e-9
        assert np.linalg.eigvalsh(surface.hessian(x, y))[0] > 0
    # The deeper two come first.
    assert (found.points[:2, 0] < 0).all() and (np.diff(found.losses) > -1e-9).all()


@pytest.mark.parametrize("formula", ["x**2 - y**2", "x**2", "(x + y)**2", "x", "x**3 + y**2", "1"])
def test_saddles_slopes_and_level_floors_have_no_minima(formula):
    surface = on(formula=formula).problem.resolve()
    assert len(minima_of(surface, surface.domain).points) == 0


@pytest.mark.parametrize("name", sorted(surfaces))
def test_all_published_minima_are_known_and_what_else_is_found_is_one(name):
    surface = surfaces[name]
    found = minima_of(surface, surface.domain)
    published = [*surface.minima, *surface.local_minima]
    assert [tuple(point) for point in found.points[: len(published)]] == published
    for x, y in found.points[len(published):]:
        assert np.linalg.eigvalsh(surface.hessian(x, y))[0] > 0
    if name == "rastrigin":
        assert len(found.points) == 121


def test_a_minimum_outside_of_the_domain_is_found_by_the_runs_that_end_there():
    experiment = Experiment(steps=400, problem={
        "kind": "surface", "formula": "(x - 5)**2 + y**2", "domain": [[-2, 2], [-2, 2]],
    }, contestants=[{"optimizer": {"name": "sgd", "lr": 0.1}}])
    picture = whole(basins(experiment, size=(8, 8)))
    np.testing.assert_allclose(picture.minima, [[5, 0]], atol=1e-7)
    assert (picture.reached == 0).all()


def test_maps_of_several_contestants_can_share_one_list_of_minima():
    experiment = on(contestants=[optimized("sgd"), optimized("adam")], steps=400)
    maps = [whole(basins(experiment, place, size=(12, 12))) for place in range(2)]
    for before, after in zip(maps, with_one_list(maps), strict=True):
        assert len(after.minima) == 4
        arrived = before.reached >= 0
        np.testing.assert_array_equal(before.minima[before.reached[arrived]],
                                      after.minima[after.reached[arrived]])


def test_a_part_of_a_map_has_the_runs_of_its_starts_alone():
    picture = whole(basins(on(), size=(16, 12), box=((-8, 8), (-6, 6))))
    part = picture.within(((-4, 4), (0, 6)))
    assert part.reached.shape == part.steps.shape == part.ends.shape[:2] == (6, 8)
    np.testing.assert_array_equal(part.reached, picture.reached[6:, 4:12])
    np.testing.assert_array_equal(part.x, picture.x[4:12])
    assert part.share(DIVERGED) == (picture.reached[6:, 4:12] == DIVERGED).mean()


def test_a_network_has_no_plane_of_starts():
    network = Experiment(problem={"kind": "network", "dataset": "moons"},
                         contestants=[{"layers": [], "optimizer": "sgd"}])
    with pytest.raises(RunError, match="needs a surface"):
        next(basins(network))


# ---- settings


@pytest.mark.parametrize("name, axes", [
    ("momentum", ("lr", "momentum")), ("adam", ("beta2", "lr")), ("nesterov", ("momentum", "lr")),
    ("adam", ("beta1", "eps")), ("rprop", ("eta_minus", "lr")),
])
def test_every_setting_is_a_run_bit_for_bit(name, axes):
    experiment = on("beale", contestants=[optimized(name)])
    picture = whole(settings(experiment, axes=axes, size=(5, 4)))
    for row, column in np.ndindex(4, 5):
        values = {axes[0]: float(picture.x[column]), axes[1]: float(picture.y[row])}
        optimizer = experiment.contestants[0].optimizer.replaced(**values)
        run = Run(experiment.with_contestant(0, optimizer=optimizer)).finish()
        trail = run.snapshot().trails[0]
        assert picture.loss[row, column] == trail.loss[-1]
        lost = picture.diverged_at[row, column]
        assert lost == (trail.diverged.step if trail.diverged else -1)


def test_settings_come_on_top_of_schedules_and_changes_on_the_way():
    contestants = [optimized("momentum", schedule={"name": "exponential", "gamma": 0.99})]
    experiment = on(contestants=contestants, noise=0.1,
                    changes=[{"step": 30, "set": {"Momentum.momentum": 0.5}},
                             {"step": 60, "set": {"Momentum.weight_decay": 0.1}}])
    picture = whole(settings(experiment, axes=("lr", "momentum"), size=(4, 4),
                             box=((1e-3, 1e-2), (0.1, 0.9))))
    for row, column in np.ndindex(4, 4):
        optimizer = experiment.contestants[0].optimizer.replaced(
            lr=float(picture.x[column]), momentum=float(picture.y[row]))
        other = experiment.with_contestant(0, optimizer=optimizer)
        assert other.changes == experiment.changes
        assert picture.loss[row, column] == Run(other).finish().snapshot().trails[0].loss[-1]


def test_settings_of_networks_are_trainings():
    layers = [{"kind": "dense", "width": 4}, {"kind": "tanh"}]
    experiment = Experiment(
        steps=60, problem={"kind": "network", "dataset": "moons"},
        contestants=[{"name": "net", "layers": layers, "optimizer": "momentum"},
                     {"name": "other", "layers": layers, "optimizer": "adam"}],
        changes=[{"step": 30, "set": {"net.l2": 0.1, "other.l2": 0.2}}])
    picture = whole(settings(experiment, size=(4, 3), box=((1e-2, 10.0), (0.0, 0.9))))
    assert picture.complete and picture.start_loss > 0
    for row, column in ((0, 0), (2, 3), (1, 2)):
        optimizer = experiment.contestants[0].optimizer.replaced(
            lr=float(picture.x[column]), momentum=float(picture.y[row]))
        run = Run(experiment.with_contestant(0, optimizer=optimizer)).finish()
        assert picture.loss[row, column] == run.summary()[0]["loss"]


def test_unknown_axes_and_impossible_ends_are_refused():
    for axes, box, said in ((("lr", "beta9"), None, "no hyperparameter 'beta9'; it has lr"),
                            (("lr", "lr"), None, "two different"),
                            (("lr", "momentum"), ((0.1, 0.01), (0, 0.9)), "from a smaller"),
                            (("lr", "momentum"), ((0.1, 1.0), (0, 1.5)), "within 0 and 0.999999")):
        with pytest.raises(RunError, match=said):
            next(settings(on(contestants=[optimized("momentum")]), axes=axes, box=box))


# ---- theory


def test_curvatures_of_quadratics_and_of_nothing_else():
    ravine = quadratic(surfaces["ravine"])
    assert (ravine.least, ravine.largest, ravine.condition) == (1, 100, 100)
    assert ravine.momentum_rate == pytest.approx((sqrt(100) - 1) / (sqrt(100) + 1))
    assert ravine.descent_rate == pytest.approx(99 / 101)
    assert quadratic(surfaces["matyas"]).condition == pytest.approx(25)
    found = {name for name in surfaces if quadratic(surfaces[name]) is not None}
    assert found == {"bowl", "ravine", "booth", "matyas"}
    assert quadratic(on(formula="3*x**2 + x*y + 2*y**2").problem.resolve()) is not None
    for formula in ("x**2 - y**2", "x**2 + y", "x**2 + y**4", "x**2 + abs(y)"):
        assert quadratic(on(formula=formula).problem.resolve()) is None


def test_the_map_of_momentum_is_fastest_where_polyak_says():
    ravine = quadratic(surfaces["ravine"])
    best_pair = best(optimizers["momentum"], ravine)
    experiment = on("ravine", steps=150, start=(-1.0, 1.0), contestants=[{"optimizer": {
        "name": "momentum", **best_pair}}])
    around = ((best_pair["lr"] / 1.6, best_pair["lr"] * 1.6), (0.4, 0.85))
    picture = whole(settings(experiment, size=(61, 61), box=around))
    row, column = np.unravel_index(picture.loss.argmin(), picture.loss.shape)
    assert picture.x[column] == pytest.approx(best_pair["lr"], rel=0.05)
    assert picture.y[row] == pytest.approx(best_pair["momentum"], abs=0.03)
    # There the error is (a + b k) rᵏ with r = (√κ - 1)/(√κ + 1), a double root.
    error = np.sqrt(Run(experiment).finish().snapshot().trails[0].loss)
    rate = (error[140] / 140 / (error[40] / 40)) ** (1 / 100)
    assert rate == pytest.approx(ravine.momentum_rate, abs=0.001)


def test_losses_over_the_map_fall_at_the_rates_that_theory_gives():
    ravine = quadratic(surfaces["ravine"])
    for name, nesterov in (("momentum", False), ("nesterov", True)):
        experiment = on("ravine", start=(1.0, 1.0), contestants=[optimized(name)])
        box = ((2e-4, 0.05), (0.05, 0.95))
        early, late = (whole(settings(experiment.replaced(steps=steps), size=(12, 12), box=box))
                       for steps in (400, 1200))
        measured = (late.loss / early.loss) ** (1 / 1600)
        lr, beta = np.meshgrid(early.x, early.y)
        expected = ravine.rate(lr, beta, nesterov=nesterov)
        clear = np.isfinite(measured) & (early.loss > 1e-250) & (late.diverged_at < 0)
        assert clear.mean() > 0.3
        np.testing.assert_allclose(measured[clear], expected[clear], atol=0.012)


@pytest.mark.parametrize("name, beside", [
    ("sgd", ("weight_decay", (0.0, 1e-6))), ("momentum", ("momentum", (0.02, 0.9))),
    ("nesterov", ("momentum", (0.02, 0.9))),
])
def test_descent_diverges_exactly_above_the_border(name, beside):
    ravine, optimizer = quadratic(surfaces["ravine"]), optimizers[name]
    key, ends = beside
    start = on("ravine", steps=20_000, start=(0.0, 1.0), contestants=[optimized(name)])
    for row in range(4):
        value = whole(settings(start.replaced(steps=1), axes=("lr", key), size=(2, 4),
                               box=((0.01, 0.02), ends))).y[row]
        limit = border(optimizer, {**optimizer.defaults(), key: value}, ravine)
        width = ends[1] * 1e-9
        picture = whole(settings(
            start, axes=("lr", key), size=(2, 2),
            box=((limit * 0.998, limit * 1.002), (max(value - width, 0.0), value + width))))
        # 0.1 % below the border it converges, 0.1 % above it grows without end.
        grown = picture.diverged | picture.risen
        assert not grown[:, 0].any() and grown[:, 1].all()
    if name == "sgd":
        assert border(optimizer, optimizer.defaults(), ravine) == pytest.approx(2 / 100)
    if name == "momentum":
        assert border(optimizer, {"momentum": 0.9}, ravine) == pytest.approx(2 * 1.9 / 100)


def test_steps_to_converge_are_those_of_the_rate():
    ravine = quadratic(surfaces["ravine"])
    experiment = on("ravine", steps=2000, start=(-1.0, 0.0),
                    contestants=[{"optimizer": {"name": "sgd", "lr": 0.01}}])
    picture = whole(settings(experiment, axes=("lr", "weight_decay"), size=(9, 2),
                             box=((0.005, 0.015), (0.0, 1e-12))))
    for column, lr in enumerate(picture.x):
        # Along the floor the error is (1 - lr)^k, and 0.04 is 1 % of the domain's side.
        expected = log(0.04) / log(1 - lr)
        assert picture.steps[0, column] == pytest.approx(expected, abs=1)
    assert ravine.least == 1


# ---- pixels


def test_lattices_are_nested_and_cover_everything():
    for rows, columns in ((1, 1), (5, 300), (500, 500), (33, 97), (2, 2)):
        nested = lattices(rows, columns)
        for coarse, fine in zip(nested, nested[1:], strict=False):
            assert set(coarse.places()) <= set(fine.places()) and len(coarse.places())
        assert len(nested[-1].places()) == rows * columns
        values = np.arange(rows * columns).reshape(rows, columns)
        for lattice in nested:
            assert set(lattice.spread(values).ravel()) == set(lattice.places())


def test_values_along_an_axis_are_short_and_lie_in_the_middle_of_their_pixels():
    x = along((-5.0, 5.0), 100)
    np.testing.assert_allclose(x, np.arange(100) / 10 - 4.95, atol=1e-12)
    assert all(len(repr(float(value))) <= 6 for value in x)
    lr = along_hyper(Hyper("lr", 0.1, 0.0, 10.0, "log", slider=(1e-4, 1.0)), 40)
    np.testing.assert_allclose(lr, np.geomspace(1e-4, 1, 81)[1::2], rtol=0.01)
    assert all(len(f"{value:.10f}".rstrip("0").replace("0.", "").lstrip("0")) <= 5 for value in lr)
    close = along((1.0, 1.0 + 1e-9), 10)
    assert len(set(close)) == 10
