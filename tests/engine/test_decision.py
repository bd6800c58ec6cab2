"""What maps are made of: enlarged grids, mixed colours, boundaries, rows as they lie, mistakes."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.decision_picture import Palette, boundary, decision_picture, shaded, shaded_each
from engine.enlarge import ROWS_A_PIECE, enlarged
from engine.network import decision
from engine.network.judged import confusions, judged
from engine.network.rows_now import RowsNow

DENSE, TANH = {"kind": "dense", "width": 8}, {"kind": "tanh"}


def trained(steps=60, **problem):
    fields = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16}
    run = Run(Experiment(steps=steps, seed=3, problem=fields | problem, contestants=[
        {"name": "A", "layers": [DENSE, TANH], "optimizer": "adam"},
        {"name": "B", "layers": [DENSE], "optimizer": {"name": "sgd", "lr": 0.1}}])).finish()
    return run.snapshot().contestants


def whole(grids, columns, rows):
    """All pieces of an enlargement without the pixels around it, (F, rows, columns)."""
    return np.concatenate([piece[:, 1:-1, 1:-1].copy()
                           for _, piece in enlarged(np.float32(grids), columns, rows)], axis=1)


def at_pixels(columns, rows):
    """x and y from -1 to 1 at the centres of pixels, the top row first."""
    x = (np.arange(columns) + 0.5) / columns * 2 - 1
    y = 1 - (np.arange(rows) + 0.5) / rows * 2
    return np.meshgrid(x, y)


# ---- enlarging


@pytest.mark.parametrize("size", [(90, 130), (31, ROWS_A_PIECE), (7, ROWS_A_PIECE + 1), (5, 3)])
def test_a_plane_is_enlarged_exactly_border_included(size):
    x, y = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 6))
    px, py = at_pixels(*size)
    found = whole(np.stack([x, 2 * y - x + 1]), *size)
    assert found.shape == (2, size[1], size[0])
    np.testing.assert_allclose(found[0], px, atol=1e-5)
    np.testing.assert_allclose(found[1], 2 * py - px + 1, atol=1e-5)


def test_a_smooth_surface_is_enlarged_to_a_thousandth():
    def surface(x, y):
        return np.sin(3 * x) * np.cos(2 * y)

    x, y = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 40))
    px, py = at_pixels(200, 200)
    inside = (np.abs(px) < 0.9) & (np.abs(py) < 0.9)
    found = whole(surface(x, y)[None], 200, 200)[0]
    assert np.abs(found - surface(px, py))[inside].max() < 1e-3


def test_pieces_have_a_pixel_more_on_every_side():
    x, _ = np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 5))
    for first, piece in enlarged(np.float32(x[None]), 20, ROWS_A_PIECE + 9):
        assert piece.shape == (1, (ROWS_A_PIECE if first == 0 else 9) + 2, 22)
        np.testing.assert_allclose(np.diff(piece[0], axis=1), 1 / 20, atol=1e-6)


# ---- colours


def palette(count, **more):
    rng = np.random.default_rng(5)
    return Palette(rng.uniform(0, 255, (count, 3)).astype(np.float32),
                   np.array([250, 248, 240], np.float32), np.zeros(3, np.float32), **more)


def channels(picture):
    return np.stack([picture >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(float)


def mixed_by_hand(scores, palette, margin=None):
    """(F, n) scores as colours (n, 3), from the definition."""
    full = np.stack([np.zeros_like(scores[0]), scores[0]]) if len(scores) == 1 else scores
    full = full.astype(float)
    ordered = np.sort(full, axis=0)
    if margin is None:
        share = np.exp(full - full.max(0))
        share /= share.sum(0)
        lead = np.sort(share, axis=0)[-1] - np.sort(share, axis=0)[-2]
    else:
        share = (full == full.max(0)).astype(float)
        lead = np.minimum((ordered[-1] - ordered[-2]) / margin, 1)
        if len(scores) == 1:
            share = np.stack([(1 - lead * np.sign(scores[0])) / 2,
                              (1 + lead * np.sign(scores[0])) / 2])
    colour = share.T @ palette.classes
    return palette.ground + palette.strength * lead[:, None] * (colour - palette.ground)


@pytest.mark.parametrize("margin", [None, 1.5])
@pytest.mark.parametrize("fields", [1, 3, 10])
def test_colours_are_shares_of_the_class_colours(fields, margin):
    x, y = np.meshgrid(np.linspace(-1, 1, 30), np.linspace(-1, 1, 30))
    scores = np.stack([3 * np.cos(2 * x + k) - 2 * y * np.sin(k + 1) for k in range(fields)])
    colours = palette(max(2, fields)).without_line()
    picture = decision_picture(np.float32(scores), 120, 70, colours, margin)
    expected = mixed_by_hand(whole(scores, 120, 70).reshape(fields, -1), colours, margin)
    assert np.abs(channels(picture).reshape(-1, 3) - expected).max() < 0.6
    assert (picture >> 24 == 255).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e38])
@pytest.mark.parametrize("fields", [1, 3])
def test_scores_that_are_no_numbers_leave_a_picture(fields, bad):
    scores = np.zeros((fields, 6, 6), np.float32)
    scores[0, 2, 3] = bad
    picture = decision_picture(scores, 50, 40, palette(max(2, fields)))
    assert (picture >> 24 == 255).all()


@pytest.mark.parametrize("fields", [1, 4])
def test_undecided_everywhere_is_the_ground_without_a_line(fields):
    colours = palette(max(2, fields))
    picture = decision_picture(np.zeros((fields, 5, 5), np.float32), 40, 30, colours)
    assert np.abs(channels(picture) - colours.ground).max() <= 0.5
    cover, halo = boundary(np.zeros((fields, 5, 5), np.float32), 40, 30, 2.0, 5.0)
    assert not cover.any()
    assert not halo.any()


@pytest.mark.parametrize("steepness", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("fields", [1, 2, 5])
def test_a_boundary_is_as_wide_as_it_should_be_where_it_should_be(fields, steepness):
    """A line of slope 1/2: its coverage along a column sums up to its width across it."""
    x, y = np.meshgrid(np.linspace(-1, 1, 12), np.linspace(-1, 1, 12))
    score = steepness * (y - 0.5 * x)
    scores = score[None] if fields == 1 else np.stack(
        [-score / 2, score / 2, *[np.full_like(x, -1e4)] * (fields - 2)])
    cover, halo = boundary(np.float32(scores), 200, 200, 3.0, 7.0)
    px, py = at_pixels(200, 200)
    distance = np.abs(py - 0.5 * px) * 100 / np.sqrt(1.25)
    for found, width in ((cover, 3.0), (halo, 7.0)):
        expected = 255 * np.clip(width / 2 + 0.5 - distance, 0, 1)
        assert np.abs(found - expected).max() <= 4


def test_values_become_shades_from_low_to_high():
    x, _ = np.meshgrid(np.linspace(-2, 2, 8), np.arange(4.0))
    shades = np.arange(100, dtype=np.uint32)
    found = shaded(np.float32(x), 40, 5, -1.0, 1.0, shades)
    expected = np.clip((at_pixels(40, 5)[0] * 2 + 1) / 2 * 100, 0, 99)
    assert np.abs(found - expected).max() <= 1


def test_several_fields_are_shaded_as_each_is_alone():
    fields = np.random.default_rng(2).standard_normal((5, 7, 9)).astype(np.float32)
    fields[3, 2, 2] = np.inf
    shades = np.arange(100, dtype=np.uint32)
    found = shaded_each(fields, 60, 53, -1.5, 1.5, shades)
    for field, picture in zip(fields, found, strict=True):
        np.testing.assert_array_equal(picture, shaded(field, 60, 53, -1.5, 1.5, shades))


# ---- networks


@pytest.mark.parametrize("problem", [
    {}, {"loss": "logistic"}, {"loss": "hinge"}, {"dataset": {"name": "gaussians", "classes": 4}},
    {"dataset": "bumps", "loss": "mse"},
])
def test_scores_decide_as_the_network_does(problem):
    state = trained(**problem)[0]
    extent, size = (-1.0, 1.5, -2.0, 2.0), (7, 5)
    fields = decision.scores(state, extent, size, np.zeros(2))
    outputs = state.outputs(state.plane(extent, size))
    assert fields.dtype == np.float32
    assert fields.shape[1:] == (5, 7)
    flat = fields.reshape(len(fields), -1)
    if state.training.material.data.task == "regression":
        np.testing.assert_array_equal(flat[0], outputs[:, 0])
        return
    says = flat.argmax(0) if len(flat) > 1 else (flat[0] > 0).astype(int)
    np.testing.assert_array_equal(says, decision.predicted(state, outputs))
    assert (decision.margin(state) is None) == (problem.get("loss") != "hinge")
    assert (decision.shares(state, outputs) is None) == (problem.get("loss") == "hinge")


def test_one_input_says_the_same_in_every_row():
    state = trained(dataset="sine", loss="mse")[0]
    fields = decision.scores(state, (-1.0, 1.0, 0.0, 1.0), (9, 4), np.zeros(1), (0, 0))
    x, y = decision.curve(state, -1.0, 1.0, 9)
    np.testing.assert_allclose(fields[0], np.tile(y, (4, 1)), atol=1e-6)
    np.testing.assert_array_equal(x, np.linspace(-1, 1, 9))


def test_others_stay_at_the_centre_in_a_slice():
    state = trained(dataset={"name": "digits", "samples": 60})[0]
    centre = RowsNow(state.training.material, 0).centre
    fields = decision.scores(state, (0.0, 1.0, 0.0, 1.0), (3, 3), centre, (4, 20))
    row = centre.copy()
    row[4], row[20] = 0.5, 1.0
    np.testing.assert_allclose(fields[:, 2, 1], state.outputs(row[None])[0], atol=1e-5)


@pytest.mark.parametrize("classes", [2, 4])
def test_agreement_is_the_mean_of_the_shares(classes):
    states = trained(dataset={"name": "gaussians", "classes": classes})
    fields = [decision.scores(s, (-1.0, 1.0, -1.0, 1.0), (6, 6), np.zeros(2)) for s in states]
    outputs = [s.outputs(states[0].plane((-1, 1, -1, 1), 6)) for s in states]
    mean = np.mean(list(map(decision.shares, states, outputs)), axis=0)
    both = decision.agreement(fields).reshape(1 if classes == 2 else classes, -1)
    full = np.concatenate([np.zeros_like(both), both]) if classes == 2 else both
    np.testing.assert_allclose(np.exp(full) / np.exp(full).sum(0), mean, atol=1e-5)


def test_large_networks_get_a_coarser_grid_and_wide_planes_more_columns():
    states = trained()
    columns, rows = decision.grid_size(states, 2.0)
    assert columns / rows == pytest.approx(2, rel=0.1)
    assert columns * rows <= 1.1 * decision.MOST
    heavy = Run(Experiment(steps=1, problem={"kind": "network", "dataset": "moons"}, contestants=[
        {"name": "A", "layers": [{"kind": "dense", "width": 400}] * 3, "optimizer": "sgd"}]))
    few = decision.grid_size(heavy.snapshot().contestants, 1.0)
    assert decision.FEWEST * 0.8 <= few[0] * few[1] < columns * rows / 8


# ---- rows and verdicts


def test_rows_lie_where_the_drift_has_moved_them():
    state = trained(drift={"kind": "shift", "per_1000_steps": 500.0})[0]
    material = state.training.material
    now, start = RowsNow(material, 60), RowsNow(material, 0)
    np.testing.assert_allclose(now.train.x[:, 0], start.train.x[:, 0] + 30, atol=1e-4)
    np.testing.assert_array_equal(start.test.x, material.test_x)
    left, right, bottom, top = now.reach((0, 1))
    both = np.concatenate([now.train.x, now.test.x])
    assert (left, bottom) == tuple(both.min(0))
    assert (right, top) == tuple(both.max(0))
    np.testing.assert_allclose(now.centre, now.train.x.mean(0, dtype=float))


def test_a_verdict_is_the_test_of_the_state():
    state = trained()[0]
    found = judged(state)
    assert (found.part, found.rows, found.of) == ("test", 60, 60)
    assert (found.loss, found.accuracy) == (state.test.loss, state.test.accuracy)
    alone = judged(trained(test_fraction=0)[0])
    assert (alone.part, alone.of) == ("train", 200)


@pytest.mark.parametrize("problem", [{}, {"dataset": {"name": "bumps", "samples": 200},
                                          "loss": "mse"}])
def test_a_verdict_on_many_rows_is_that_of_the_first(problem, monkeypatch):
    state = trained(**problem)[0]
    monkeypatch.setattr("engine.network.judged.MULTIPLICATIONS", 1.0)
    monkeypatch.setattr("engine.network.judged.FEWEST_ROWS", 25)
    found = judged(state)
    assert (found.rows, found.of) == (25, 60)
    np.testing.assert_allclose(found.outputs, state.test.outputs[:25], atol=1e-6)
    data = state.training.material.data
    if data.task == "classes":
        right = found.outputs.argmax(1) == data.test_y[:25]
        assert found.accuracy == pytest.approx(right.mean())
    else:
        assert np.isnan(found.accuracy)
        expected = np.mean((found.outputs - data.test_y[:25]) ** 2)
        assert found.loss == pytest.approx(float(expected), rel=1e-4)


@pytest.mark.parametrize("loss", ["cross-entropy", "hinge"])
def test_mistakes_come_first_and_doubts_next(loss):
    state = trained(steps=30, loss=loss,
                    dataset={"name": "gaussians", "classes": 5, "samples": 300})[0]
    found, data = judged(state), state.training.material.data
    sorted_ = confusions(state, found)
    assert sorted(sorted_.rows) == list(range(found.rows))
    wrong = found.outputs.argmax(1) != data.test_y
    assert 0 < sorted_.wrong == wrong.sum() < found.rows
    assert wrong[sorted_.rows[: sorted_.wrong]].all()
    np.testing.assert_array_equal(sorted_.wanted, data.test_y[sorted_.rows])
    np.testing.assert_array_equal(sorted_.taken, found.outputs.argmax(1)[sorted_.rows])
    if loss == "hinge":
        assert np.isnan(sorted_.share).all()
        return
    shares = decision.shares(state, found.outputs).max(0)
    np.testing.assert_allclose(sorted_.share, shares[sorted_.rows])
    mistakes, rest = np.split(sorted_.share, [sorted_.wrong])
    assert (np.diff(mistakes) <= 0).all()
    assert (np.diff(rest) >= 0).all()
