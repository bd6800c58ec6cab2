"""Planes through weight space: the loss on them is the network's, and they lie where they should.

NumPy says what each number is to be, in a few plain lines; nothing here uses the engine's passes
but through what a user calls.
"""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from naive_losses import mean_loss

from engine import Experiment, Run, landscape
from engine.errors import RunError
from engine.landscape import Cancelled, Survey, Wanted, WeightLoss
from engine.layers import layers

TANH, NORM = {"kind": "tanh"}, {"kind": "batch-norm"}
DROPOUT = {"kind": "dropout", "rate": 0.4}
SMALL = {"width": 5, "pieces": 3, "rate": 0.3}


def dense(width):
    return {"kind": "dense", "width": width}


def net(*listed, name="A", lr=0.05, **more):
    return {"name": name, "layers": list(listed), "optimizer": {"name": "momentum", "lr": lr},
            **more}


def run_of(*contestants, steps=40, precision="float64", dataset="moons", **problem):
    contestants = contestants or (net(dense(6), TANH, dense(5), TANH),)
    return Run(Experiment(seed=5, steps=steps, problem={
        "kind": "network", "dataset": {"name": dataset, "samples": 90}, "test_fraction": 0.3,
        "batch": 12, "precision": precision, **problem}, contestants=list(contestants))).finish()


def state_of(*contestants, **problem):
    return run_of(*contestants, **problem).snapshot().contestants[0]


def params_of(state):
    return state.training.split(state.state).params


def with_params(state, params, memory=None):
    """The same network with other weights, as a state that can be asked anything."""
    flat = np.array(state.state)
    parts = state.training.split(flat)
    parts.params[:] = params
    if memory is not None:
        parts.memory[:] = memory
    return replace(state, state=flat)


def random_plane(state, seed=0, scale=0.3):
    """A plane whose axes move everything that is learnt."""
    axes = np.random.default_rng(seed).normal(size=(2, params_of(state).size)) * scale
    return landscape.Plane("random", params_of(state).astype(float), axes)


PLACES = np.array([[0.0, 0.0], [1.0, 0.0], [-0.3, 0.8], [0.7, -1.1]])


# ---- the loss on a plane


@pytest.mark.parametrize("kind", list(layers))
@pytest.mark.parametrize("of", ["train", "test"])
def test_the_loss_at_a_point_is_the_networks_with_those_weights(kind, of):
    layer = {"kind": kind, **{key: SMALL[key] for key in layers[kind].defaults() if key in SMALL}}
    state = state_of(net(dense(5), layer, dense(4), layer))
    plane = random_plane(state)
    found = WeightLoss(state, of, statistics="kept").on(plane.origin, plane.axes, PLACES)
    for point, loss in zip(PLACES, found, strict=True):
        there = with_params(state, plane.weights(*point))
        assert loss == pytest.approx(there.evaluate(of).loss, rel=1e-12)


@pytest.mark.parametrize("problem", [
    {}, {"loss": "hinge"}, {"dataset": "bumps", "loss": "huber"}, {"dataset": "bumps"}])
def test_it_is_what_numpy_computes_too(problem):
    if "dataset" in problem:
        problem = {"loss": "mse", **problem}
    run = run_of(**problem)
    state = run.snapshot().contestants[0]
    data, loss = state.training.material.data, state.training.problem.loss
    plane = random_plane(state)
    found = WeightLoss(state, "train").on(plane.origin, plane.axes, PLACES)
    for point, value in zip(PLACES, found, strict=True):
        weights = {name: np.array(tensor) for name, tensor in with_params(
            state, plane.weights(*point)).tensors.items()}
        x = data.train_x.T
        for place in (0, 2, 4):
            x = weights[f"{place}.W"] @ x + weights[f"{place}.b"][:, None]
            x = np.tanh(x) if place < 4 else x
        targets = data.train_y.reshape(len(data.train_y), -1).T
        assert value == pytest.approx(mean_loss(loss.name, x, targets, **loss.hypers()), rel=1e-12)


def test_float32_is_the_network_in_float32_and_exact_is_float64():
    state = state_of(precision="float32")
    plane = random_plane(state)
    found = WeightLoss(state, "test").on(plane.origin, plane.axes, PLACES)
    exact = WeightLoss(state, "test", exact=True).on(plane.origin, plane.axes, PLACES)
    for point, loss in zip(PLACES, found, strict=True):
        rounded = with_params(state, plane.weights(*point).astype(np.float32))
        assert loss == pytest.approx(rounded.test.loss, rel=1e-6)
    assert found == pytest.approx(exact, rel=1e-5)
    assert not np.array_equal(found, exact)


def test_a_batchs_loss_is_that_of_the_next_step():
    run = run_of(net(dense(6), TANH))
    for step in (0, 17):
        state = run.at(step).contestants[0]
        assert WeightLoss(state, "batch").at(params_of(state)) == pytest.approx(
            state.loss, rel=1e-12)


def test_dropout_is_off_also_where_statistics_are_recomputed():
    with_it = state_of(net(dense(6), NORM, TANH, DROPOUT))
    without = WeightLoss(state_of(net(dense(6), NORM, TANH)), "train")
    plane = random_plane(with_it)
    for statistics in ("kept", "recomputed"):
        loss = WeightLoss(with_it, "train", statistics=statistics)
        values = loss.on(plane.origin, plane.axes, PLACES)
        assert np.array_equal(values, loss.on(plane.origin, plane.axes, PLACES))
    assert values == pytest.approx(without.on(plane.origin, plane.axes, PLACES), rel=1e-12)


def own_statistics(state, x):
    """What a batch norm's running average is after nothing but one batch (d, n), with dense 0."""
    z = state.tensors["0.W"] @ x + state.tensors["0.b"][:, None]
    normal = (z - z.mean(1)[:, None]) / np.sqrt(z.var(1)[:, None] + 1e-5)
    after = np.tanh(state.tensors["1.gamma"][:, None] * normal + state.tensors["1.beta"][:, None])
    second = state.tensors["3.W"] @ after + state.tensors["3.b"][:, None]
    return np.concatenate([part for values in (z, second)
                           for part in (values.mean(1), values.var(1, ddof=1))])


@pytest.mark.parametrize("of", ["train", "test", "batch"])
def test_recomputed_statistics_are_those_of_the_rows_at_every_point(of):
    state = run_of(net(dense(6), NORM, TANH, dense(5), NORM, TANH)).at(20).contestants[0]
    material, plane = state.training.material, random_plane(state)
    found = WeightLoss(state, of).on(plane.origin, plane.axes, PLACES)
    batch = material.batches(21, 1)[2][0]
    # A batch's are its own, those of all rows are the training rows'.
    rows = material.train_x[batch] if of == "batch" else material.train_x
    for point, loss in zip(PLACES, found, strict=True):
        there = with_params(state, plane.weights(*point))
        used = with_params(state, plane.weights(*point), own_statistics(there, rows.T))
        if of == "batch":
            outputs, labels = used.outputs(rows).T, material.train_y[batch].T
            assert loss == pytest.approx(mean_loss("cross-entropy", outputs, labels), rel=1e-12)
        else:
            assert loss == pytest.approx(used.evaluate(of).loss, rel=1e-12)
    assert not np.allclose(found, WeightLoss(state, of, statistics="kept").on(
        plane.origin, plane.axes, PLACES))


def test_penalties_are_added_where_they_are_asked_for():
    state = state_of(net(dense(6), TANH, l1=0.01, l2=0.2))
    plane = random_plane(state)
    bare, whole = (WeightLoss(state, "train", penalty=penalty).on(plane.origin, plane.axes, PLACES)
                   for penalty in (False, True))
    for point, difference in zip(PLACES, whole - bare, strict=True):
        matrices = [tensor for name, tensor in with_params(
            state, plane.weights(*point)).tensors.items() if name.endswith(".W")]
        assert difference == pytest.approx(
            sum(0.01 * np.abs(w).sum() + 0.1 * (w**2).sum() for w in matrices), rel=1e-9)


def test_more_rows_than_a_piece_holds_come_to_the_same_mean():
    run = Run(Experiment(seed=1, steps=1, problem={
        "kind": "network", "dataset": {"name": "spirals", "samples": 1700}, "batch": 10,
        "test_fraction": 0.0, "precision": "float64"}, contestants=[net(dense(40), TANH)]))
    state = run.snapshot().contestants[0]
    loss = WeightLoss(state, "train")
    assert loss.rows == loss.of_rows == 1700
    assert loss.at(params_of(state)) == pytest.approx(state.train.loss, rel=1e-13)
    few = WeightLoss(state, "train", most_rows=100)
    assert (few.rows, few.of_rows) == (100, 1700)
    assert few.at(params_of(state)) == pytest.approx(state.train.loss, rel=0.2)


def test_a_drifting_datasets_rows_are_as_they_are_at_the_state():
    run = run_of(net(dense(6), TANH), drift={"kind": "shift", "per_1000_steps": 30.0})
    for step in (0, 30):
        state = run.at(step).contestants[0]
        assert WeightLoss(state, "train").at(params_of(state)) == pytest.approx(
            state.train.loss, rel=1e-12)


def test_threads_make_no_difference_and_a_cancelled_field_ends():
    state = state_of()
    loss, plane = WeightLoss(state, "train"), random_plane(state)
    places = np.random.default_rng(1).normal(size=(300, 2))
    one, two = (loss.on(plane.origin, plane.axes, places, threads=n) for n in (1, 2))
    assert np.array_equal(one, two)
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        landscape.field(loss, plane, size=51, cancelled=stop.is_set)


def test_a_gradient_is_the_slope_of_the_loss():
    for state, options in (
            (state_of(), {}), (state_of(net(dense(6), TANH, l1=0.01, l2=0.2)), {"penalty": True}),
            (state_of(net(dense(6), NORM, TANH)), {"statistics": "kept"}),
            (state_of(net(dense(6), NORM, TANH, DROPOUT)), {})):
        loss = WeightLoss(state, "train", **options)
        params = params_of(state).astype(float)
        value, slope = loss.gradient(params)
        way = np.random.default_rng(2).normal(size=params.size)
        ends = [loss.gradient(params + h * way)[0] for h in (1e-5, -1e-5)]
        assert slope @ way == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6)
        if not (options == {} and state.training.network.state_size):
            assert value == pytest.approx(loss.at(params), rel=1e-12)


def test_a_gradient_is_taken_of_a_snapshots_own_weights_and_leaves_them():
    state = state_of()
    weights = state.training.split(state.state).params
    assert not weights.flags.writeable
    before = np.array(weights)
    loss = WeightLoss(state, "train")
    value, slope = loss.gradient(weights)
    assert value == pytest.approx(loss.at(weights), rel=1e-6)
    assert slope.any()
    assert np.array_equal(weights, before)


# ---- where planes lie


def test_directions_are_filter_normalised_unit_by_unit():
    state = state_of(net(dense(6), NORM, {"kind": "maxout", "width": 4, "pieces": 3}))
    plane = landscape.random_plane(state)
    for axis in plane.axes:
        moved = with_params(state, axis).tensors
        for name, tensor in state.tensors.items():
            if name.endswith(".W"):
                assert np.linalg.norm(moved[name], axis=1) == pytest.approx(
                    np.linalg.norm(tensor, axis=1), rel=1e-14)
            elif name.split(".")[1] not in ("mean", "var"):
                assert not moved[name].any()
    assert abs(plane.axes[0] @ plane.axes[1]) < 0.5 * np.linalg.norm(plane.axes[0]) ** 2


def test_biases_and_norms_move_only_if_asked_for():
    state = state_of(net(dense(6), NORM, TANH))
    moved = with_params(state, landscape.random_plane(state, biases=True).axes[0]).tensors
    for name in ("0.b", "1.gamma", "1.beta"):
        assert np.linalg.norm(moved[name]) == pytest.approx(
            np.linalg.norm(state.tensors[name]), rel=1e-14)


def test_random_planes_come_from_the_seed_and_nothing_else():
    first, again = (landscape.random_plane(state_of()) for _ in range(2))
    assert np.array_equal(first.axes, again.axes)
    # A unit's direction is the same for every contestant of its shape.
    large = landscape.random_plane(state_of(net(
        dense(6), TANH, dense(5), TANH, init={"name": "normal", "std": 1.0})))
    row, other = first.axes[0, :2], large.axes[0, :2]
    assert row / np.linalg.norm(row) == pytest.approx(other / np.linalg.norm(other))


def test_principal_components_are_those_of_numpys_svd():
    points = np.random.default_rng(3).normal(size=(40, 7)) * np.array([9, 4, 1, 1, 1, 1, 0.1])
    plane = landscape.pca_plane(points)
    centred = points - points.mean(0)
    _, lengths, vectors = np.linalg.svd(centred)
    assert plane.explained == pytest.approx(lengths[:2] ** 2 / (lengths**2).sum(), rel=1e-12)
    for axis, vector in zip(plane.axes, vectors, strict=False):
        assert abs(axis @ vector) == pytest.approx(1, abs=1e-12)
    # And of the covariance's eigenvectors.
    values, _ = np.linalg.eigh(np.cov(points.T))
    feet = plane.feet(points)
    assert feet.points.var(0, ddof=1) == pytest.approx(values[::-1][:2], rel=1e-10)
    assert (feet.distance**2).sum() == pytest.approx((lengths[2:] ** 2).sum(), rel=1e-10)


def test_three_points_lie_on_their_plane_and_others_as_far_from_it_as_they_are():
    draw = np.random.default_rng(4)
    points = draw.normal(size=(3, 9))
    plane = landscape.plane_through(*points)
    feet = plane.feet(points)
    assert feet.distance == pytest.approx(0, abs=1e-14)
    assert feet.points[0] == pytest.approx([0, 0], abs=1e-14)
    assert feet.points[1] == pytest.approx([np.linalg.norm(points[1] - points[0]), 0], abs=1e-14)
    for point, foot in zip(points, feet.points, strict=True):
        assert plane.weights(*foot) == pytest.approx(point, abs=1e-13)
    assert plane.axes @ plane.axes.T == pytest.approx(np.eye(2), abs=1e-14)
    away = np.linalg.qr(np.concatenate([plane.axes, draw.normal(size=(1, 9))]).T)[0][:, 2]
    assert plane.feet([plane.weights(0.3, -2.0) + 1.7 * away]).distance == pytest.approx(1.7)


def test_feet_are_perpendicular_also_where_axes_are_not():
    axes = np.array([[1.0, 0.0, 0.0], [3.0, 0.5, 0.0]])
    plane = landscape.Plane("random", np.array([1.0, 1.0, 1.0]), axes)
    feet = plane.feet([[4.0, 3.0, 6.0]])
    assert feet.distance == pytest.approx(5)
    assert plane.weights(*feet.points[0]) == pytest.approx([4, 3, 1])


def test_what_spans_no_plane_is_refused():
    line = np.arange(4)[:, None] * np.ones(5)
    with pytest.raises(RunError, match="lie on a line"):
        landscape.pca_plane(line)
    with pytest.raises(RunError, match="lie on a line"):
        landscape.plane_through(*line[:3])
    with pytest.raises(RunError, match="three points or more"):
        landscape.pca_plane(line[:2])
    with pytest.raises(RunError, match="all weights are 0"):
        landscape.random_plane(with_params(state_of(), 0.0))


# ---- the Hessian


def dense_hessian(state):
    """The Hessian of the mean cross-entropy of a 2-H-H-2 tanh network, by complex steps."""
    data = state.training.material.data
    x, labels = data.train_x.T, data.train_y.astype(int)
    shapes = [(name, tensor.shape) for name, tensor in state.tensors.items()]
    size = params_of(state).size

    def gradient(flat):
        tensors, at = {}, 0
        for name, shape in shapes:
            tensors[name] = flat[at : at + int(np.prod(shape))].reshape(shape)
            at += int(np.prod(shape))
        values = [x.astype(complex)]
        for place in (0, 2, 4):
            z = tensors[f"{place}.W"] @ values[-1] + tensors[f"{place}.b"][:, None]
            values.append(np.tanh(z) if place < 4 else z)
        e = np.exp(values[-1] - values[-1].real.max(0))
        slope = e / e.sum(0)
        slope[labels, np.arange(len(labels))] -= 1
        slope = slope / len(labels)
        parts = {}
        for k, place in ((3, 4), (2, 2), (1, 0)):
            if place < 4:
                slope = slope * (1 - values[k] ** 2)
            parts[f"{place}.W"] = slope @ values[k - 1].T
            parts[f"{place}.b"] = slope.sum(1)
            slope = tensors[f"{place}.W"].T @ slope
        return np.concatenate([parts[name].reshape(-1) for name, _ in shapes])

    columns = []
    for k in range(size):
        flat = params_of(state).astype(complex)
        flat[k] += 1e-30j
        columns.append(gradient(flat).imag / 1e-30)
    return np.array(columns)


@pytest.mark.parametrize("steps", [0, 40])
def test_the_leading_eigenpairs_are_those_of_the_dense_hessian(steps):
    state = run_of(net(dense(6), TANH, dense(5), TANH, lr=0.3), steps=60).at(
        steps).contestants[0]
    whole = dense_hessian(state)
    values, vectors = np.linalg.eigh(whole)
    found = landscape.leading(WeightLoss(state, "train"), params_of(state), 3)
    assert found.values == pytest.approx(values[::-1][:3], rel=1e-8)
    for value, vector, residual in zip(found.values, found.vectors, found.residuals, strict=True):
        off = np.linalg.norm(whole @ vector - value * vector)
        assert off < max(1e-6 * values[-1], residual * 2)
    for mine, theirs in zip(found.vectors[:2], vectors.T[::-1], strict=False):
        assert abs(mine @ theirs) == pytest.approx(1, abs=1e-6)
    way = np.random.default_rng(1).normal(size=len(whole))
    product = landscape.hessian_product(WeightLoss(state, "train"), params_of(state), way)
    assert product == pytest.approx(whole @ way, rel=1e-8, abs=1e-9 * np.abs(whole @ way).max())


def test_all_eigenvalues_of_a_linear_unit_are_found():
    # A linear unit under squares: the Hessian is 2 XᵀX / n, with 1s for the bias.
    state = state_of(net(), dataset="plane", loss="mse")
    x = np.concatenate([state.training.material.data.train_x.T, np.ones((1, 63))])
    values = np.linalg.eigvalsh(2 * x @ x.T / 63)
    found = landscape.leading(WeightLoss(state, "train"), params_of(state), len(values))
    assert found.values == pytest.approx(values[::-1], rel=1e-8)


def test_a_hessian_plane_shows_its_curvatures():
    state = state_of(net(dense(6), TANH, dense(5), TANH, lr=0.3), steps=60)
    loss = WeightLoss(state, "train")
    plane = landscape.hessian_plane(loss, params_of(state))
    h = 1e-3
    for axis, value in enumerate(plane.curvatures):
        step = np.zeros((3, 2))
        step[:, axis] = [-h, 0, h]
        low, middle, high = loss.on(plane.origin, plane.axes, step)
        assert (low - 2 * middle + high) / h**2 == pytest.approx(value, rel=1e-4)


def test_a_hessian_in_float32_is_refused():
    state = state_of(precision="float32")
    with pytest.raises(RunError, match="exact=True"):
        landscape.leading(WeightLoss(state, "train"), params_of(state))
    exact = landscape.leading(WeightLoss(state, "train", exact=True), params_of(state))
    assert exact.residuals.max() < 1e-5 * exact.values[0]


# ---- fields and lines


def test_a_field_gets_finer_and_keeps_what_it_has():
    state = state_of()
    loss, plane = WeightLoss(state, "train"), random_plane(state)
    extent = ((-1.0, 0.5), (-0.5, 2.0))
    grids = list(landscape.refined(loss, plane, extent, 33))
    assert [len(grid.x) for grid in grids] == [9, 17, 33]
    last = grids[-1]
    assert last.extent == extent
    for grid in grids:
        stride = 32 // (len(grid.x) - 1)
        assert np.array_equal(grid.heights, last.heights[::stride, ::stride])
    r, c = 5, 20
    assert last.heights[r, c] == loss.at(plane.weights(last.x[c], last.y[r]))
    whole = landscape.field(loss, plane, extent, 33)
    assert np.array_equal(whole.heights, last.heights)


def test_a_line_between_two_networks_begins_and_ends_with_their_losses():
    run = run_of(net(dense(6), NORM, TANH), net(dense(6), NORM, TANH, name="B", init="he-normal"))
    first, second = run.snapshot().contestants
    loss = WeightLoss(first, "test")
    line = landscape.between(loss, params_of(first), params_of(second))
    assert line.at[0] == -0.25 and line.at[-1] == 1.25
    for at, state in ((0, first), (1, second)):
        there = WeightLoss(state, "test").at(params_of(state))
        assert line.loss[line.at == at][0] == pytest.approx(there, rel=1e-12)
    inside = (line.at >= 0) & (line.at <= 1)
    ends = line.loss[line.at == 0][0], line.loss[line.at == 1][0]
    straight = ends[0] + line.at * (ends[1] - ends[0])
    assert line.barrier == pytest.approx((line.loss - straight)[inside].max())
    assert line.barrier >= 0


# ---- landscapes of runs


def three(steps=80, **more):
    inits = {"Xavier": "xavier-normal", "Small": {"name": "normal", "std": 0.1},
             "Large": {"name": "normal", "std": 0.8}}
    return run_of(*(net(dense(6), TANH, dense(5), TANH, name=name, init=init)
                    for name, init in inits.items()), steps=steps, **more)


@pytest.mark.parametrize("plane", ["pca", "random", "hessian", "ends", "steps"])
def test_all_paths_are_on_one_plane_with_their_distances_and_losses(plane):
    run = three()
    picture = Survey().picture(run.snapshot(), Wanted(plane, size=17, contestant=1))
    assert picture.complete and picture.field.heights.shape == (17, 17)
    assert {path.contestant for path in picture.paths} == {0, 1, 2}
    for path in picture.paths:
        for k in (0, 7, len(path.steps) - 1):
            state = run.at(int(path.steps[k])).contestants[path.contestant]
            foot = picture.plane.weights(*path.points[k])
            assert path.true_loss[k] == pytest.approx(state.train.loss, rel=1e-12)
            assert path.plane_loss[k] == pytest.approx(
                with_params(state, foot).train.loss, rel=1e-12)
            assert path.distance[k] == pytest.approx(
                np.linalg.norm(params_of(state) - foot), rel=1e-9, abs=1e-12)
    assert [path.steps[-1] for path in picture.paths] == [80, 80, 80]


def test_heads_are_exact_at_every_step():
    run = three()
    survey = Survey()
    picture = survey.picture(run.snapshot(), Wanted(size=9))
    for step in (0, 33, 80):
        for head in survey.heads(picture, run.at(step)):
            state = run.at(step).contestants[head.contestant]
            assert head.true_loss == pytest.approx(state.train.loss, rel=1e-12)
            path = picture.paths[head.contestant]
            k = int(np.searchsorted(path.steps, step))
            assert head.point == pytest.approx(tuple(path.points[k]), abs=1e-9)


def test_the_share_that_a_plane_explains_is_that_of_all_paths_together():
    run = three()
    picture = Survey().picture(run.snapshot(), Wanted(size=9))
    points = np.concatenate([[params_of(run.at(int(step)).contestants[path.contestant])
                              for step in path.steps] for path in picture.paths])
    lengths = np.linalg.svd(points - points.mean(0), compute_uv=False)
    assert picture.plane.explained == pytest.approx(lengths[:2] ** 2 / (lengths**2).sum())
    (left, right), (bottom, top) = picture.field.extent
    for path in picture.paths:
        assert ((left < path.points[:, 0]) & (path.points[:, 0] < right)).all()
        assert ((bottom < path.points[:, 1]) & (path.points[:, 1] < top)).all()


def test_networks_that_mean_something_else_are_left_out():
    run = run_of(net(dense(6), TANH), net(dense(6), {"kind": "relu"}, name="ReLU"),
                 net(dense(6), TANH, DROPOUT, name="Dropout"), net(dense(7), TANH, name="Wide"))
    picture = Survey().picture(run.snapshot(), Wanted(size=9))
    assert [path.contestant for path in picture.paths] == [0, 2]
    assert picture.left_out == (1, 3)


def test_one_that_diverges_does_not_draw_the_plane_after_it():
    calm = run_of(net(dense(6), TANH), net(dense(6), TANH, name="B", init="he-normal"),
                  dataset="bumps", loss="mse")
    wild = run_of(net(dense(6), TANH), net(dense(6), TANH, name="B", init="he-normal"),
                  net(dense(6), TANH, name="Lost", lr=1e6), dataset="bumps", loss="mse")
    assert wild.snapshot().contestants[2].diverged is not None
    one, other = (Survey().picture(run.snapshot(), Wanted(size=9)) for run in (calm, wild))
    assert one.field.extent == other.field.extent
    assert np.array_equal(one.field.heights, other.field.heights)


def test_a_picture_does_not_hang_on_what_was_looked_at_before():
    run, fresh = three(), Survey()
    used = Survey()
    for wanted in (Wanted("random", size=9), Wanted(of="batch", step=3, size=9), Wanted(size=17)):
        used.picture(run.snapshot(), wanted)
    used.picture(run.at(40), Wanted(size=9))
    one, other = (survey.picture(run.snapshot(), Wanted(size=33)) for survey in (fresh, used))
    assert np.array_equal(one.field.heights, other.field.heights)
    assert all(np.array_equal(a.points, b.points) and np.array_equal(a.true_loss, b.true_loss)
               for a, b in zip(one.paths, other.paths, strict=True))


def test_a_batchs_landscape_moves_with_the_step_on_one_plane():
    run, survey = three(), Survey()
    pictures = [survey.picture(run.snapshot(), Wanted(of="batch", step=step, size=9))
                for step in (10, 11, 10)]
    assert pictures[0].plane is pictures[1].plane
    assert pictures[0].levels == pictures[1].levels
    # The lowest shade is no height that a lucky batch could lie below.
    assert pictures[0].levels.low == 0
    assert not np.array_equal(pictures[0].field.heights, pictures[1].field.heights)
    assert np.array_equal(pictures[0].field.heights, pictures[2].field.heights)
    state = run.at(10).contestants[0]
    head = survey.heads(pictures[0], run.at(10))[0]
    assert head.true_loss == pytest.approx(state.loss, rel=1e-12)


def test_a_landscape_can_be_had_while_the_run_goes_on():
    run, survey = Run(three().experiment), Survey()
    for steps in (4, 30, 46):
        run.advance(steps)
        picture = survey.picture(run.snapshot(), Wanted(size=9))
        assert picture.paths[0].steps[-1] >= 0.9 * run.computed
    assert np.array_equal(picture.field.heights, Survey().picture(
        three().snapshot(), Wanted(size=9)).field.heights)


def test_coarse_pictures_come_first():
    run = three()
    pictures = list(Survey().pictures(run.snapshot(), Wanted(size=33)))
    assert [len(picture.field.x) for picture in pictures] == [9, 17, 33, 33]
    assert [picture.complete for picture in pictures] == [False, False, False, True]
    # What is known is not computed again.
    survey = Survey()
    survey.picture(run.snapshot(), Wanted(size=33))
    again = list(survey.pictures(run.snapshot(), Wanted(size=33)))
    assert again[0].field is again[-1].field and len(again) == 2


def test_a_hasty_picture_is_of_few_steps_and_forgotten_when_there_is_time():
    run, survey = three(), Survey()
    hasty = next(survey.pictures(run.snapshot(), Wanted(size=17), hasty=True))
    assert len(hasty.field.x) == 9 and len(hasty.paths[0].steps) <= 24
    picture = survey.picture(run.snapshot(), Wanted(size=17))
    assert picture.plane is not hasty.plane and len(picture.paths[0].steps) > 24
    fresh = Survey().picture(run.snapshot(), Wanted(size=17))
    assert np.array_equal(picture.field.heights, fresh.field.heights)


def test_ways_are_looked_at_more_closely_where_they_go_fast():
    """A way is known at evenly spread steps; where it runs fast those in between are added."""
    fast = run_of(net(dense(6), TANH, dense(5), TANH, lr=0.3), steps=4000, batch=0)
    pictures = list(Survey().pictures(fast.snapshot(), Wanted(size=9)))
    even, path = pictures[0].paths[0], pictures[-1].paths[0]
    assert set(even.steps) < set(path.steps) and len(path.steps) <= 2 * 128
    (left, right), (bottom, top) = pictures[-1].field.extent
    for way in (even, path):
        lengths = np.hypot(*(np.diff(way.points, axis=0) / (right - left, top - bottom)).T)
        # No line is drawn over more than a step, unless it is short.
        jumps = lengths[np.diff(way.steps) > 1].max()
        assert jumps < 0.021 if way is path else jumps > 0.3
    # Between the steps of the grid are the networks of those steps.
    plane = pictures[-1].plane
    for step in sorted(set(path.steps) - set(even.steps))[:5]:
        state = fast.at(int(step)).contestants[0]
        at = plane.feet([state.training.split(state.state).params]).points[0]
        assert path.points[list(path.steps).index(step)] == pytest.approx(at, rel=1e-12)
    # The plane is that of evenly spread steps: it does not lean to where a way is fast.
    assert pictures[0].plane is plane


def test_what_cannot_be_shown_is_said():
    run = three()
    for wanted, words in (
            (Wanted("up"), "one of pca, random"), (Wanted(contestant=3), "from 0 to 2"),
            (Wanted(of="rest"), '"train", "test" or "batch"'),
            (Wanted(size=1), "from 2 to"), (Wanted(contestants=(0, 1), plane="ends"), "three")):
        with pytest.raises(RunError, match=words):
            Survey().picture(run.snapshot(), wanted)
    with pytest.raises(RunError, match="no test rows"):
        WeightLoss(state_of(test_fraction=0.0), "test")
    wide = Run(Experiment(seed=1, steps=1, problem={"kind": "network", "dataset": "digits"},
                          contestants=[net(dense(1200), TANH, dense(1800), TANH)]))
    with pytest.raises(RunError, match="up to 2,000,000 weights in all; these have 2,25"):
        Survey().picture(wide.snapshot())
    with pytest.raises(RunError, match="for networks"):
        Survey().picture(Run(Experiment(steps=1, problem={"kind": "surface", "surface": "bowl"},
                                        contestants=[{"optimizer": "sgd"}])).snapshot())
