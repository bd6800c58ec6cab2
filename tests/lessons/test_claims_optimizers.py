"""What the lessons on optimizers claim, measured on the engine's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from shown import Array, Shown, first, lesson_of, run_of

from engine.experiment import Experiment
from engine.settings import with_settings


def test_optimizer_race():
    end = Shown("optimizer-race", 5)
    # Beat 2: across the bend, close to (1, 1), while the others have not left the left half.
    for who in end.names:
        heavy = who in ("Momentum", "Nesterov")
        assert (first(end.path(who)[:, 0] > 0.8) < Shown("optimizer-race", 1).last) == heavy, who
    # Beat 3: the scaled methods' first step is as long in x as in y; SGD's is three times longer.
    for who, ratio in {"Adagrad": 1, "RMSprop": 1, "Adam": 1, "SGD": 3}.items():
        dx, dy = np.abs(np.diff(end.path(who)[:2], axis=0)[0])
        assert dx / dy == pytest.approx(ratio, abs=0.02), who
    # Beat 4: Adam's step is its averaged gradient over the root of its usual square.
    apart = Shown("optimizer-race", 3)
    assert apart.last <= apart.first + 5
    assert lesson_of("optimizer-race").pictures[4].chosen == "Adam"
    # Beat 5: SGD's steps shrink with the slope and it makes less way than Adam.
    crawl = Shown("optimizer-race", 4)
    sgd = end.path("SGD")
    lengths = np.hypot(*np.diff(sgd, axis=0).T)
    assert lengths[crawl.first : crawl.last].max() < lengths[0] / 100
    # Beat 6: Adam, behind both at the beat's start, has the smallest loss at its end.
    rivals = [who for who in end.names if who != "Adam"]
    assert all(end.loss("Adam")[end.first] > end.loss(who)[end.first]
               for who in ("Momentum", "Nesterov"))
    assert all(end.loss("Adam")[end.last] < end.loss(who)[end.last] for who in rivals)
    # Beat 7: from another start SGD is the first to come to the minimum and stay there.
    other = Shown("optimizer-race", 6)
    arrives = {who: _settles(other, who, 0.05) for who in other.names}
    assert arrives["SGD"] <= 5 and arrives["SGD"] < other.last
    assert min(arrives[who] for who in other.names[1:]) > other.last


def _settles(shown: Shown, who: str, radius: float) -> float:
    """The step from which it keeps within `radius` of the surface's one minimum."""
    near = np.hypot(*(shown.path(who) - shown.surface.minima[0]).T) < radius
    return float(len(near) - np.argmin(near[::-1])) if near[-1] else np.inf


def test_gradient_descent():
    exact, mild, wild, ball = (Shown("gradient-descent", beat) for beat in range(4))
    # Full batch: the trail is plain descent's, w(1 - ηλ)^t on the bowl with curvatures 1 and 2.
    steps = np.arange(len(exact.path("SGD")))[:, None]
    plain = np.array(exact.experiment.problem.start) * (1 - 0.1 * np.array([1.0, 2.0])) ** steps
    np.testing.assert_allclose(exact.path("SGD"), plain, rtol=1e-9, atol=1e-15)
    # The noise of batches of 64 and of 4 differs by the factor √(64/4) = 4.
    assert wild.experiment.problem.noise == 4 * mild.experiment.problem.noise
    for shown in (mild, wild):
        strayed = shown.path("SGD")[1:200] - plain[1:200]
        assert np.abs(strayed).max() > 0.1
    # Right on average: the mean of many noisy trails is the smooth one.
    trails = [run_of(wild.experiment.replaced(seed=seed, steps=60)).snapshot().trails[0].path
              for seed in range(200)]
    error = np.mean(trails, axis=0) - plain[:61]
    spread = np.std(trails, axis=0)[1:].max() / np.sqrt(len(trails))
    assert np.abs(error).max() < 4.5 * spread
    # At the bottom the scatter is ησ²/(λ(2 - ηλ)), so a tenth of the rate has about a tenth of it.
    settled = ball.experiment.replaced(steps=20_000)
    tails = [trail.path[1000:] for trail in run_of(settled).snapshot().trails[:2]]
    for tail, rate in zip(tails, (0.1, 0.01), strict=True):
        curvature = np.array([1.0, 2.0])
        expected = rate * 2.0**2 / (curvature * (2 - rate * curvature))
        np.testing.assert_allclose(tail.var(axis=0), expected, rtol=0.25)
    # The decaying rate ends nearer the minimum than the constant one stays on average.
    calm = Shown("gradient-descent", 4)
    distance = {who: np.hypot(*calm.path(who).T) for who in ("SGD", "decaying rate")}
    assert distance["decaying rate"][calm.last - 30 : calm.last].mean() < 0.15
    assert distance["SGD"][calm.last - 100 : calm.last].mean() > 0.3
    # Fast at first: half of the way takes the decaying rate hardly longer than the constant one.
    half = {who: first(exact.loss(who) < exact.loss(who)[0] / 4)
            for who in ("SGD", "a tenth", "decaying rate")}
    assert half["decaying rate"] <= half["SGD"] + 1
    assert half["a tenth"] > 5 * half["decaying rate"]
    # Your turn: with half of the noise a constant rate stays at half of the distance.
    turn = Shown("gradient-descent", 5)
    assert turn.names == ["SGD"] and turn.last > 300
    noise = turn.experiment.problem.noise
    spreads = [np.hypot(*run_of(with_settings(turn.experiment, {"problem.noise": each}))
                        .snapshot().trails[0].path[100:].T).mean() for each in (noise, noise / 2)]
    assert spreads[0] / spreads[1] == pytest.approx(2, rel=0.02)


def test_learning_rate():
    small, good, zigzag, above, flying, cooled = (Shown("learning-rate", beat) for beat in range(6))
    limit = 2 / np.linalg.eigvalsh(good.surface.hessian(1.0, 3.0))[-1]
    assert limit == pytest.approx(1 / 9)
    rates = {entry.name: entry.optimizer.lr for entry in above.experiment.contestants}
    assert rates["zig-zag"] < limit < rates["too large"] < 1.015 * limit
    # Exactly there: 1 % below converges, 1 % above grows without end.
    for factor, falls in ((0.99, True), (1.01, False)):
        end = run_of(_at_rate(good.experiment, factor * limit, 4000)).summary()[0]["loss"]
        assert (end < 1e-9) == falls and (end > 1e9) != falls
    left = np.hypot(*(small.path("too small") - [1.0, 3.0]).T)
    assert small.last == 35 and left[35] > 0.5 * left[0]
    assert good.loss("good")[20] < 1e-3 * good.loss("good")[0]
    # The zigzag: the error across the valley changes sign at every step and still shrinks.
    across = (zigzag.path("zig-zag") - [1.0, 3.0]).sum(axis=1)
    assert (np.sign(across[1:33]) == -np.sign(across[:32])).all()
    assert (np.abs(across[1:]) < np.abs(across[:-1])).all()
    beyond = (above.path("too large") - [1.0, 3.0]).sum(axis=1)[: above.last + 1]
    assert (np.abs(beyond[1:]) > np.abs(beyond[:-1])).all()
    # Nine times the limit: a factor of -17 a step, an overflow inside the beat, its explanation.
    wild = (flying.path("too large") - [1.0, 3.0]).sum(axis=1)
    np.testing.assert_allclose(wild[1:40] / wild[:39], -17, rtol=1e-6)
    event = flying.snapshot.contestants[3].diverged or flying.snapshot.trails[3].diverged
    assert event is not None and event.limit == pytest.approx(limit) and "2/λmax" in str(event)
    # The schedule that starts at the zigzag's rate falls faster, and goes on doing so.
    ahead = cooled.loss("decaying") / cooled.loss("zig-zag")
    assert (ahead[8:] < 1).all() and ahead[-1] < ahead[60] < 0.1
    late = (cooled.path("decaying") - [1.0, 3.0]).sum(axis=1)[25 : cooled.last]
    assert np.abs(late).max() < 1e-3
    assert cooled.loss("decaying")[cooled.last] < 0.1 * cooled.loss("zig-zag")[cooled.last]


def _at_rate(experiment: Experiment, rate: float, steps: int) -> Experiment:
    only = experiment.contestants[0]
    optimizer = only.optimizer.replaced(lr=rate)
    return experiment.replaced(contestants=(only.replaced(optimizer=optimizer),), steps=steps)


def test_momentum():
    bounce, velocity, ahead, nesterov, heavy, best = (Shown("momentum", beat) for beat in range(6))
    # SGD: the other wall at every step, less than half of the way along.
    sgd = bounce.path("SGD")[: bounce.last + 1]
    assert (np.sign(sgd[1:, 1]) == -np.sign(sgd[:-1, 1])).all()
    assert bounce.last == 32 and 0.5 < sgd[-1, 0] / sgd[0, 0] < 0.6
    # Momentum: per step less way across than SGD, and sooner along.
    ball = velocity.path("Momentum")
    assert np.abs(np.diff(ball[:20, 1])).mean() < 0.5 * np.abs(np.diff(sgd[:20, 1])).mean()
    assert abs(ahead.path("Momentum")[ahead.last, 0]) < 0.1 * abs(ahead.path("SGD")[ahead.last, 0])
    rates = {entry.name: entry.optimizer.lr for entry in ahead.experiment.contestants}
    assert 0.19 < rates["Momentum"] / rates["SGD"] < 0.22
    # Pushes add up along, towards ten times themselves, and cancel across.
    state = ahead.run.at(ahead.first).contestants[1]
    (along, across), (push, _) = state.slots[0], state.gradient
    assert along / push > 5
    pushes = np.abs(ahead.run.snapshot().trails[1].gradient[: ahead.first + 1, 1])
    assert abs(across) < 0.3 * (0.9 ** np.arange(ahead.first + 1)[::-1] * pushes).sum()
    # Nesterov swings across less from the second step on.
    swing = {who: np.abs(nesterov.path(who)[5:30, 1]).max() for who in ("Momentum", "Nesterov")}
    assert swing["Nesterov"] < 0.5 * swing["Momentum"]
    # Too heavy: far past the minimum, and still swinging when the beat ends.
    rolling = heavy.path("Momentum")[: heavy.last + 1, 0]
    assert rolling.max() > 1.5
    assert np.abs(rolling[-40:]).max() > 0.4
    # At the best settings, with κ = 100, errors shrink by (κ-1)/(κ+1) and (√κ-1)/(√κ+1).
    # Momentum's two roots coincide there, so that its error goes as t·ρ^t.
    steps = np.arange(1, best.experiment.steps + 1)
    for who, rate, growth in (("SGD", 99 / 101, 1), ("Momentum", 9 / 11, steps)):
        error = np.sqrt(best.loss(who)[1:]) / growth
        assert (error[90] / error[50]) ** (1 / 40) == pytest.approx(rate, rel=2e-3), who
    # Your turn begins away from the best, with the loss in sight.
    turn = Shown("momentum", 7)
    assert turn.loss("Momentum")[turn.last] > 1e6 * best.loss("Momentum")[best.last]
    assert "loss-curve" in lesson_of("momentum").beats[7].layout[0]


def test_long_valley():
    end = Shown("long-valley", 3)
    moved = {who: abs(end.path(who)[end.last, 0] - 0.05) for who in end.names}
    assert moved["SGD"] < 0.05 * moved["Momentum"]
    assert moved["SGD"] < 0.1
    # SGD bounces: its first steps land on the other wall each time.
    assert (np.sign(end.path("SGD")[1:8, 1]) == -np.sign(end.path("SGD")[:7, 1])).all()
    # Along the floor: scaled methods first, momentum and NAG later, SGD never.
    arrives = {who: first(end.path(who)[:, 0] > 2) for who in end.names}
    scaled, heavy = ("Adagrad", "Adadelta", "RMSprop"), ("Momentum", "NAG")
    assert max(arrives[who] for who in scaled) < Shown("long-valley", 1).last
    assert min(arrives[who] for who in heavy) > Shown("long-valley", 2).first
    assert max(arrives[who] for who in heavy) < end.last
    assert arrives["SGD"] == np.inf
    surface = end.surface
    wall, floor = surface.hessian(0.0, 0.0)[1, 1], surface.hessian(0.0, 0.0)[0, 0]
    assert wall / -floor == pytest.approx(500)


def test_beale():
    end = Shown("beale", 3)
    low = {who: end.path(who)[:, 1].min() for who in end.names}
    assert low["Momentum"] < low["NAG"] < -1
    assert all(low[who] > 0 for who in end.names if who not in ("Momentum", "NAG"))
    shot = Shown("beale", 1)
    for who in ("Momentum", "NAG"):
        assert np.argmin(end.path(who)[:, 1]) < shot.last
    # The first gradient is large; momentum's velocity keeps it, a scaled step is lr long.
    assert np.hypot(*end.surface.gradient(1.0, 1.5)) > 40
    near = {who: first(np.hypot(*(end.path(who) - [3.0, 0.5]).T) < 0.3) for who in end.names}
    assert max(near["Momentum"], near["NAG"]) < min(
        near[who] for who in end.names if who not in ("Momentum", "NAG"))
    assert max(end.loss(who)[end.last] for who in end.names) == end.loss("Adagrad")[end.last]


def test_saddle():
    end = Shown("saddle", 3)
    # Off the ridge by 0.5: which is when a trail visibly leaves it.
    leaves = {who: first(np.abs(end.path(who)[:, 1]) > 0.5) for who in end.names}
    order = sorted(leaves, key=leaves.__getitem__)
    assert set(order[:3]) == {"Adagrad", "Adadelta", "RMSprop"}
    assert set(order[3:5]) == {"Momentum", "NAG"}
    assert order[5] == "SGD" and leaves["SGD"] < end.last
    # Momentum and NAG have crossed the pass (x = 0) before they turn aside.
    for who in ("Momentum", "NAG"):
        assert first(end.path(who)[:, 0] > 0) < leaves[who]
        assert end.path(who)[:, 0].max() > 0.2
    # SGD comes close to the saddle, where the gradient is nearly 0, and leaves by 4 % a step.
    slope = np.hypot(*end.snapshot.trails[0].gradient.T)
    assert slope[: int(leaves["SGD"])].min() < 0.2
    y = end.path("SGD")[:, 1]
    np.testing.assert_allclose(y[1:60] / y[:59], 1.04, atol=1e-4)


def test_where_starts_end():
    right, left, stuck, rolled, noisy = (
        Shown("where-starts-end", beat) for beat in (0, 1, 2, 3, 5))
    shallow, deep = np.array([2.0, 1.0]), np.array([-2.0, -1.0])

    def end(shown: Shown, who: str) -> Array:
        return shown.path(who)[shown.last]

    assert np.hypot(*(end(right, "SGD") - shallow)) < 0.25
    assert np.hypot(*(end(left, "SGD") - deep)) < 0.25
    apart = np.subtract(right.experiment.problem.start, left.experiment.problem.start)
    assert np.hypot(*apart) == pytest.approx(0.3)
    assert np.hypot(*(end(stuck, "SGD") - shallow)) < 0.1
    assert np.hypot(*(end(rolled, "Momentum") - deep)) < 0.25
    # Noise carries it over the pass, and the cooled rate keeps it: from the same start as SGD.
    assert noisy.experiment.problem.start == stuck.experiment.problem.start
    cooling = noisy.path("SGD cooling")
    assert cooling[100:, 0].min() < -1 and np.hypot(*(end(noisy, "SGD cooling") - deep)) < 0.5
    # Not luck alone: most seeds end deep, while without noise no rate schedule does.
    index = [entry.name for entry in noisy.experiment.contestants].index("SGD cooling")
    ends = [run_of(noisy.experiment.replaced(seed=seed)).snapshot().contestants[index].point[0]
            for seed in range(30)]
    assert np.mean(np.array(ends) < 0) > 0.55
    assert stuck.path("SGD cooling")[-1, 0] > 1.9
    for point in (shallow, deep):
        assert np.hypot(*right.surface.gradient(*point)) < 1e-12
    assert right.surface.value(2.0, 1.0) == pytest.approx(4 / 3)


def test_plateau():
    far, near = Shown("plateau", 3), Shown("plateau", 4)
    start = np.array(far.experiment.problem.start)
    slope = far.surface.gradient(*start)
    assert np.hypot(*slope) == pytest.approx(0.0002, rel=0.5)
    well = np.array([1.5, 1.0])
    # The direction is right: straight towards the well.
    assert -slope @ (well - start) == pytest.approx(np.hypot(*slope) * np.hypot(*(well - start)))
    moved = {who: np.hypot(*(far.path(who)[far.last] - start)) for who in far.names}
    assert moved["SGD"] < 0.03 and moved["Momentum"] < 0.5
    assert moved["Momentum"] > 5 * moved["SGD"]
    for who in ("Rprop", "RMSprop", "Adam"):
        assert np.hypot(*(far.path(who)[far.last] - well)) < 0.1, who
    # Rprop's steps grow by one factor while the signs stay.
    lengths = np.abs(np.diff(far.path("Rprop")[:12, 0]))
    np.testing.assert_allclose(lengths[2:] / lengths[1:-1], 1.2, rtol=1e-6)
    assert near.loss("SGD")[25] < 1e-3 and near.last >= 25


def test_weight_decay():
    free, sgd, adam, adamw, twice = (Shown("weight-decay", beat) for beat in range(5))
    np.testing.assert_allclose(free.path("SGD")[free.last], [2, 2], atol=0.05)
    # L2 has its own minimum, (H + λ)⁻¹ H w*: the flat x gives way, the steep y hardly.
    for shown, decay in ((sgd, 0.5), (twice, 1.0)):
        expected = [2 / (1 + decay), 50 / (25 + decay)]
        np.testing.assert_allclose(shown.path("SGD")[shown.last], expected, atol=0.03)
    np.testing.assert_allclose(adam.path("Adam")[adam.last], [2 / 1.5, 50 / 25.5], atol=0.02)
    # Decoupled decay, after Adam's even steps, leaves both coordinates equal: on the diagonal.
    diagonal = adamw.path("AdamW")
    np.testing.assert_allclose(diagonal[:, 0], diagonal[:, 1], rtol=1e-6)
    assert diagonal[adamw.last].max() < 1.85
    # On the way only: in the end AdamW comes to the loss's own minimum, whatever its decay, while
    # L2 has moved it for good.
    for shown in (adamw, twice):
        late = run_of(shown.experiment.replaced(steps=10_000)).snapshot()
        ends = {entry.name: trail.path[-1] for entry, trail in zip(
            shown.experiment.contestants, late.trails, strict=True)}
        np.testing.assert_allclose(ends["AdamW"], [2, 2], atol=0.06)
        assert np.hypot(*(ends["Adam"] - [2, 2])) > 0.6
    # Twice the decay: x of L2 falls by a third of a unit, its y hardly; AdamW's both.
    before, after = (shown.path("SGD")[-1] for shown in (sgd, twice))
    assert before[0] - after[0] > 0.3 and before[1] - after[1] < 0.05
    lost = diagonal[adamw.last] - twice.path("AdamW")[twice.last]
    assert (lost > 0.15).all()
    for shown in (adamw, twice):
        norms = [np.hypot(*shown.path(who)[shown.last]) for who in shown.names]
        assert max(norms) < 0.92 * np.hypot(2, 2)
    # One share for every coordinate: the decay that the step's anatomy names is ηλ·w.
    index = [entry.name for entry in adamw.experiment.contestants].index("AdamW")
    taken = adamw.run.at(40, anatomy_of=index).anatomy
    np.testing.assert_allclose(taken.anatomy.decay, 0.05 * 0.2 * taken.moment.w, rtol=1e-12)
