"""Runs: fair, exact, revisitable bit for bit, bounded in memory, and clear about divergence."""

import subprocess
import sys

import numpy as np
import pytest

from engine import Experiment, Run
from engine.errors import RunError
from engine.optimizers import optimizers
from engine.surfaces import surfaces
from tests import naive


def race(surface="rosenbrock", steps=300, noise=0.0, seed=7, start=None, **optimizer):
    four = [{"name": name} for name in ("sgd", "momentum", "adam", "nadam")]
    names = [optimizer] if optimizer else four
    problem = {"kind": "surface", "surface": surface, "noise": noise}
    if start is not None:
        problem["start"] = start
    rates = {"sgd": 5e-4, "momentum": 2e-4, "adam": 0.01, "nadam": 0.01}
    contestants = [{"optimizer": {"lr": rates.get(o["name"], 0.01), **o}} for o in names]
    return Experiment(seed=seed, steps=steps, problem=problem, contestants=contestants)


def test_the_record_starts_before_step_one_and_has_a_row_a_step():
    record = Run(race(steps=50)).finish().record()
    assert list(record["names"]) == ["SGD", "Momentum", "Adam", "NAdam"]
    start = surfaces["rosenbrock"].start
    for i in range(4):
        assert record[f"{i}/path"].shape == (51, 2)
        assert record[f"{i}/loss"].shape == (51,)
        assert record[f"{i}/gradient"].shape == (51, 2)
        assert tuple(record[f"{i}/path"][0]) == start
        assert record[f"{i}/diverged_at"] == -1
    assert Experiment.from_toml(str(record["experiment"])) == race(steps=50)


def test_recorded_losses_and_gradients_are_the_surfaces_own():
    record = Run(race("beale", steps=60, noise=0.3)).finish().record()
    surface = surfaces["beale"]
    for (x, y), loss, gradient in zip(record["2/path"], record["2/loss"], record["2/gradient"],
                                      strict=True):
        assert loss == surface.value(x, y)
        assert np.array_equal(gradient, surface.gradient(x, y))


def test_plain_descent_is_w_minus_lr_times_gradient():
    record = Run(race("beale", steps=40, name="sgd", lr=0.01)).finish().record()
    path, gradient = record["0/path"], record["0/gradient"]
    np.testing.assert_allclose(np.diff(path, axis=0), -0.01 * gradient[:-1], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", list(optimizers))
def test_a_run_agrees_with_the_slow_twin(name):
    record = Run(race("beale", steps=80, name=name, lr=0.002)).finish().record()
    hypers = {**optimizers[name].defaults(), "lr": 0.002}
    gradients = list(record["0/gradient"][:-1])
    path = naive.OPTIMIZERS[name](np.array(surfaces["beale"].start), gradients, **hypers)
    np.testing.assert_allclose(record["0/path"][1:], path, rtol=1e-10, atol=1e-12)


def test_all_contestants_feel_the_same_noise():
    experiment = race("bowl", steps=200, noise=0.5, name="sgd", lr=0.1)
    experiment = experiment.duplicated(0)
    record = Run(experiment).finish().record()
    assert np.array_equal(record["0/path"], record["1/path"])
    other = Run(experiment.replaced(seed=8)).finish().record()
    assert not np.array_equal(record["0/path"][1], other["0/path"][1])
    # The noise added to the gradient has the deviation that was asked for.
    noise = -np.diff(record["0/path"], axis=0) / 0.1 - record["0/gradient"][:-1]
    assert 0.42 < noise.std() < 0.58


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_thinned_steps_come_back_bit_for_bit(noise):
    experiment = race(steps=5000, noise=noise)
    whole, thinned = Run(experiment).finish(), Run(experiment, memory=60_000).finish()
    for step in (0, 1, 63, 64, 65, 999, 4321, 4999, 5000):
        for a, b in zip(whole.at(step).contestants, thinned.at(step).contestants, strict=True):
            assert np.array_equal(a.point, b.point) and a.loss == b.loss
            assert np.array_equal(a.slots, b.slots) and np.array_equal(a.gradient, b.gradient)
    for name, array in whole.record().items():
        assert np.array_equal(array, thinned.record()[name], equal_nan=array.dtype.kind == "f")


def test_how_a_run_is_cut_into_pieces_does_not_matter():
    experiment = race(steps=700, noise=0.1)
    whole, pieces = Run(experiment).finish(), Run(experiment)
    for steps in (1, 0, 13, 256, 1000):
        left = pieces.advance(steps)
    assert left == 0 and pieces.done
    assert np.array_equal(whole.record()["3/path"], pieces.record()["3/path"])


def test_snapshots_stream_while_the_run_goes_on():
    run = Run(race(steps=100))
    steps = [snapshot.step for snapshot in run.snapshots(every=30)]
    assert steps == [0, 30, 60, 90, 100]
    assert [snapshot.step for snapshot in run.snapshots()] == [100]
    with pytest.raises(RunError, match="from 1 up"):
        next(run.snapshots(every=0))


def test_snapshots_cannot_be_written_to():
    state = Run(race()).finish().at(10).contestants[2]
    for array in (state.point, state.gradient, state.slots):
        with pytest.raises(ValueError):
            array[...] = 0.0


def test_a_step_that_does_not_exist_is_refused():
    run = Run(race(steps=20))
    run.advance(5)
    for step in (-1, 6):
        with pytest.raises(RunError, match="from 0 to 5"):
            run.at(step)
    with pytest.raises(RunError):
        run.advance(-1)


def test_on_a_quadratic_descent_diverges_exactly_above_two_over_the_largest_curvature():
    limit = 2 / np.linalg.eigvalsh(surfaces["ravine"].hessian(0, 0))[-1]
    for factor, diverges in ((0.99, False), (1.01, True)):
        run = Run(race("ravine", steps=100_000, name="sgd", lr=factor * limit)).finish()
        diverged_at = int(run.record()["0/diverged_at"])
        assert (diverged_at > 0) is diverges


def test_divergence_is_explained_with_its_numbers_and_filled_with_nan():
    run = Run(race("ravine", steps=3000, name="sgd", lr=0.1)).finish()
    record, row = run.record(), run.summary()[0]
    at = int(record["0/diverged_at"])
    assert np.isfinite(record["0/loss"][:at]).all() and np.isnan(record["0/loss"][at:]).all()
    assert np.isnan(record["0/path"][at:]).all()
    limit = 2 / np.linalg.eigvalsh(surfaces["ravine"].hessian(0, 0))[-1]
    assert f"step {at:,}" in row["explanation"] and f"{limit:.3g}" in row["explanation"]
    divergence = run.at(3000).contestants[0].diverged
    assert divergence.step == at and divergence.limit == pytest.approx(limit)
    assert run.at(at - 1).contestants[0].diverged is None


def test_momentum_converges_at_the_textbook_rate():
    surface = surfaces["ravine"]
    low, high = np.linalg.eigvalsh(surface.hessian(0, 0))
    kappa = high / low
    lr = (2 / (np.sqrt(high) + np.sqrt(low))) ** 2
    beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2
    record = Run(race("ravine", steps=400, name="momentum", lr=lr, momentum=beta)).finish().record()
    minimum = np.array(surface.minima[0])
    distance = np.linalg.norm(record["0/path"] - minimum, axis=1)
    # The double root adds a factor that grows like the step: its share is taken out.
    rate = (distance[300] / 300 / (distance[100] / 100)) ** (1 / 200)
    assert rate == pytest.approx((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1), abs=2e-3)


@pytest.mark.parametrize("by", ["norm", "value"])
def test_clipping_bounds_the_gradient_used(by):
    experiment = race("beale", steps=30, name="sgd", lr=0.01).with_contestant(
        0, clip={"by": by, "limit": 0.5})
    record = Run(experiment).finish().record()
    used = -np.diff(record["0/path"], axis=0) / 0.01
    exact = record["0/gradient"][:-1]
    if by == "norm":
        norms = np.linalg.norm(used, axis=1)
        assert norms.max() == pytest.approx(0.5, rel=1e-5)
        cosine = (used * exact).sum(axis=1) / norms / np.linalg.norm(exact, axis=1)
        np.testing.assert_allclose(cosine, 1, rtol=1e-9)
    else:
        np.testing.assert_allclose(used, np.clip(exact, -0.5, 0.5), rtol=1e-9, atol=1e-12)


def test_anatomy_adds_up_to_the_step_that_was_taken():
    experiment = race("beale", steps=40, noise=0.1)
    run = Run(experiment).finish()
    for index in range(4):
        for step in (0, 1, 17, 39):
            taken = run.at(step, index).anatomy
            after = run.at(step + 1).contestants[index].point
            before = run.at(step).contestants[index].point
            np.testing.assert_allclose(taken.step, after - before, rtol=1e-12)
            rebuilt = taken.anatomy.step(taken.moment["lr"])
            np.testing.assert_allclose(rebuilt, taken.step, rtol=1e-9)


def test_a_record_is_written_whole_and_the_same_each_time(tmp_path):
    for name in ("a.npz", "b.npz"):
        Run(race(steps=30)).finish().save(tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        assert file["0/path"].shape == (31, 2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.npz", "b.npz"]


MEMORY = """
from pathlib import Path
from engine import Experiment, Run
contestants = [{"optimizer": {"name": n, "lr": 1e-4}} for n in
    ("sgd", "momentum", "nesterov", "rmsprop", "adam", "nadam", "amsgrad")]
Run(Experiment(steps=1_000_000, problem={"kind": "surface", "surface": "rosenbrock"},
    contestants=contestants)).finish()
# Not getrusage: its peak is that of the process that forked this one, if that was larger.
peak = next(l for l in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in l)
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
def test_a_million_steps_of_seven_contestants_fit_into_300_mb():
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True,
                          check=True)
    assert int(done.stdout) <= 300
