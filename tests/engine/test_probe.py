"""Looking into a network: every number of a pass against a plain NumPy one, and what follows."""

import numpy as np
import pytest
from naive_probes import naive_pass
from test_inits import TOO_SMALL, XAVIER, tanh_theory

from engine import Experiment, Run
from engine.errors import RunError
from engine.layers import layers
from engine.network import plan
from engine.network.blocks import blocks
from engine.network.layer_histograms import saturation
from engine.network.response import plane
from engine.streams import generator


def dense(width, **more):
    return {"kind": "dense", "width": width, **more}


RELU, TANH, SIGMOID = {"kind": "relu"}, {"kind": "tanh"}, {"kind": "sigmoid"}
PLAIN = [dense(12), TANH, dense(9), RELU]
RICH = [
    {"kind": "batch-norm"}, dense(11), {"kind": "batch-norm"}, RELU,
    {"kind": "dropout", "rate": 0.4}, {"kind": "maxout", "width": 7, "pieces": 3},
    {"kind": "dropout", "rate": 0.2}, dense(5), SIGMOID,
]
NETWORKS = {"plain": PLAIN, "rich": RICH}


def started(layers=PLAIN, steps=40, done=None, optimizer="adam", problem=None, **more):
    """A run of one contestant on moons, `done` steps of it computed (all without)."""
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": 120}, "batch": 16,
               "precision": "float64", **(problem or {})}
    run = Run(Experiment(steps=steps, seed=5, problem=problem, contestants=[
        {"name": "A", "layers": layers, "optimizer": optimizer, **more}]))
    run.advance(steps if done is None else done)
    return run


def state_of(*args, **more):
    return started(*args, **more).snapshot().contestants[0]


def twin(state, x, classes=None, dout=None, learning=False, step=None):
    kinds = [(layer.definition.name, layer.hypers) for layer in state.training.network.layers]
    return naive_pass(kinds, state.tensors, x, classes, dout, learning,
                      state.step + 1 if step is None else step, state.training.seed)


def close(found, expected, scale=1e-11):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=scale)


# --- a pass, number by number -----------------------------------------------------------------


def assert_same_pass(probe, expected):
    assert probe.loss == pytest.approx(expected.loss, rel=1e-12)
    for layer in probe.layers:
        k = layer.place
        close(probe.pre_activation(k), expected.inputs[k])
        close(probe.activation(k), expected.outputs[k])
        close(probe.gradient(k), expected.gradients[k])
        if layer.weights_size:
            close(probe.weight_gradient(k), expected.weight_gradients[k])


@pytest.mark.parametrize("name", NETWORKS)
def test_the_next_steps_batch_is_seen_as_that_step_will_see_it(name):
    run = started(NETWORKS[name])
    record = run.record()
    for step in (0, 17, 39):
        state = run.at(step).contestants[0]
        rows = record["0/batches"][step]
        probe = state.probe()
        assert probe.learning and probe.rows == 16 and probe.step == step + 1
        assert_same_pass(probe, twin(state, record["train/x"][rows], record["train/y"][rows],
                                     learning=True))
        for layer in probe.layers:
            if layer.weights_size:
                assert np.array_equal(probe.weights(layer.place), state.tensors[f"{layer.place}.W"])


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize("name", NETWORKS)
def test_training_and_test_rows_are_seen_as_in_use(name, part):
    run = started(NETWORKS[name])
    record, state = run.record(), run.snapshot().contestants[0]
    probe = state.probe(part)
    x, classes = record[f"{part}/x"], record[f"{part}/y"]
    assert not probe.learning and probe.rows == len(x)
    assert_same_pass(probe, twin(state, x, classes))
    assert probe.loss == pytest.approx(getattr(state, part).loss, rel=1e-12)
    # The same rows handed over by hand, targets and all.
    assert state.probe(x, classes).loss == probe.loss


@pytest.mark.parametrize("name", NETWORKS)
def test_inputs_without_targets_get_a_normal_gradient_from_a_stream_of_its_own(name):
    state = state_of(NETWORKS[name])
    x = np.random.default_rng(1).standard_normal((70, 2))
    dout = generator(5, "probe/gradient").standard_normal((70, 2)).T
    probe = state.probe(x)
    assert np.isnan(probe.loss)
    expected = twin(state, x, dout=dout)
    for layer in probe.layers:
        close(probe.activation(layer.place), expected.outputs[layer.place])
        close(probe.gradient(layer.place), expected.gradients[layer.place])
    # A row's gradient does not hang on how many others there are.
    assert np.array_equal(state.probe(x[:9]).gradient(len(probe.layers) - 1),
                          probe.gradient(len(probe.layers) - 1)[:, :9])


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_batchs_loss_is_the_recorded_one_bit_for_bit(name, precision):
    run = started(NETWORKS[name], problem={"precision": precision})
    losses = run.record()["0/loss"]
    for step in range(0, 40, 3):
        assert run.at(step).contestants[0].probe().loss == losses[step]
    # Any other step's batch and masks can be asked for.
    state = run.at(0).contestants[0]
    assert state.probe(step=1).loss == losses[0] != state.probe(step=2).loss


def test_a_single_row_and_numbers_that_are_not_finite_pass():
    state = state_of(PLAIN)
    one = state.probe(np.array([[0.3, -0.2]]))
    assert one.activation(4).shape == (2, 1)
    assert [h.counts.sum() for h in one.histograms("activation")] == [12, 9, 2]
    bad = state.probe(np.array([[np.nan, 0], [1, 1], [np.inf, 0]]))
    first = bad.histograms("pre-activation")[0]
    assert first.nonfinite == 24 and first.counts.sum() == 12
    assert np.isfinite([first.mean, first.std, first.low, first.high]).all()
    nothing = state.probe(np.full((2, 2), np.nan)).histograms("activation", range="shared")
    assert all(h.nonfinite == h.units * 2 and np.isnan(h.mean) for h in nothing)


def test_looking_changes_nothing_and_what_is_seen_cannot_be_changed():
    run = started(RICH, done=20)
    state = run.snapshot().contestants[0]
    before = state.state.copy()
    probe = state.probe()
    probe.histograms("weight-gradient")
    probe.update_ratios()
    assert np.array_equal(state.state, before)
    for array in (probe.activation(1), probe.gradient(1), probe.weights(1), probe.mask(4),
                  probe.weight_gradient(1), probe.batch_norm(2).normalised,
                  probe.batch_norm(2).running_mean):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    run.finish()
    assert np.array_equal(run.record()["0/loss"], started(RICH).record()["0/loss"])


def test_asking_for_weight_gradients_leaves_the_pass_as_it_was():
    probe = state_of(RICH).probe()
    before = [np.array(probe.gradient(k)) for k in range(10)]
    outputs = [np.array(probe.activation(k)) for k in range(10)]
    gradient = np.array(probe.parameter_gradient)
    for k in range(10):
        assert np.array_equal(probe.gradient(k), before[k])
        assert np.array_equal(probe.activation(k), outputs[k])
    loss, penalty, expected = probe.state.training.gradient(probe.state.state, probe.state.step)
    assert loss == probe.loss and penalty == 0
    assert np.array_equal(gradient, expected)


@pytest.mark.parametrize("kind", [
    kind for kind, layer in layers.items()
    if any(tensor.start is None for tensor in layer.form(1, layer.defaults()).params)])
def test_weight_layers_go_back_without_room_for_their_own_gradients(kind):
    state = state_of([dense(5), {"kind": kind, "width": 6}, TANH])
    probe = state.probe()
    through = np.array(probe.gradient(0))
    # The kernels' own training pass, which leaves nothing out.
    expected = state.training.gradient(state.state, state.step)[2]
    close(through @ probe.pre_activation(0).T, expected[:10].reshape(5, 2))
    assert np.array_equal(probe.parameter_gradient, expected)


def test_another_probes_arrays_can_be_used_again():
    state = state_of(RICH)
    x = np.random.default_rng(2).standard_normal((50, 2))
    fresh, old = state.probe(x), state.probe(np.zeros((50, 2)), training=True)
    again = state.probe(x, reuse=old)
    assert all(np.array_equal(again.gradient(k), fresh.gradient(k)) for k in range(10))
    for use in (lambda: old.activation(1), lambda: old.histograms("weight"), lambda: old.mask(4),
                lambda: old.depth(), lambda: old.weight_gradient(1), lambda: old.batch_norm(0),
                lambda: state.probe(x, reuse=old)):
        with pytest.raises(RunError, match="gave its arrays to a later one"):
            use()
    # Of another size they are of no use, and no harm.
    assert state.probe(x[:9], reuse=again).activation(1).shape == (11, 9)


def test_a_drifting_datasets_rows_are_those_of_the_step():
    drift = {"kind": "shift", "per_1000_steps": 50.0}
    run = started(PLAIN, problem={"drift": drift})
    record = run.record()
    state = run.at(30).contestants[0]
    assert state.probe().loss == record["0/loss"][30]
    assert state.probe("test").loss == pytest.approx(state.test.loss, rel=1e-12)
    assert not np.allclose(state.probe("test").pre_activation(0), record["test/x"].T)


# --- blocks and histograms --------------------------------------------------------------------


def test_a_block_is_what_a_lecture_calls_a_layer():
    found = blocks(state_of(RICH, done=0, steps=1).training.network)
    assert [(b.name, b.places, b.pre_activation, b.activation) for b in found] == [
        ("layer 1", (1, 2, 3, 4), 2, 3), ("layer 2", (5, 6), 5, 5), ("layer 3", (7, 8), 7, 8),
        ("output", (9,), 9, 9)]
    assert [b.weights for b in found] == [1, 5, 7, 9] and [b.number for b in found] == [1, 2, 3, 4]


WHATS = ["activation", "pre-activation", "gradient", "weight", "weight-gradient"]


def arrays(probe, what, by):
    """The arrays that a histogram counts, by the place that it names."""
    if what.startswith("weight"):
        get = probe.weights if what == "weight" else probe.weight_gradient
        return {1: get(1), 5: get(5), 7: get(7), 9: get(9)}
    if by == "layer":
        get = {"activation": probe.activation, "pre-activation": probe.pre_activation,
               "gradient": probe.gradient}[what]
        return {k: get(k) for k in range(10)}
    get = probe.gradient if what == "gradient" else probe.activation
    return {k: get(k) for k in ((2, 5, 7, 9) if what == "pre-activation" else (3, 5, 8, 9))}


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("by", ["block", "layer"])
@pytest.mark.parametrize("what", WHATS)
def test_histograms_count_what_numpy_counts(what, by, precision):
    probe = state_of(RICH, problem={"precision": precision}).probe()
    expected = {k: np.asarray(v, float) for k, v in arrays(probe, what, by).items()}
    everything = np.concatenate([values.ravel() for values in expected.values()])
    for span in (None, "shared", (-0.31, 0.77)):
        found = probe.histograms(what, 20, span, by)
        assert [h.place for h in found] == list(expected)
        for h in found:
            values = expected[h.place]
            low, high = {None: (values.min(), values.max()),
                         "shared": (everything.min(), everything.max())}.get(span, span)
            assert (h.low, h.high) == (low, high)
            counts, edges = np.histogram(values, 20, (low, high))
            assert np.array_equal(h.counts, counts) and np.array_equal(h.edges, edges)
            assert (h.below, h.above) == ((values < low).sum(), (values > high).sum())
            assert h.counts.sum() + h.below + h.above == values.size and h.nonfinite == 0
            close([h.mean, h.std], [values.mean(), values.std()], 1e-12)
            assert (h.minimum, h.maximum, h.units) == (values.min(), values.max(), len(values))
    names = [h.name for h in found]
    assert names == (["layer 1", "layer 2", "layer 3", "output"] if by == "block" else
                     [f"{k} {probe.layers[k].definition.name}" for k in expected])


def test_activations_say_what_is_saturated_sparse_and_dead():
    state = state_of([dense(30), TANH, dense(30), RELU, dense(30), {"kind": "elu", "alpha": 2.0}],
                     init={"name": "normal", "std": 2.0}, optimizer={"name": "sgd", "lr": 1.0})
    probe = state.probe("train")
    tanh, relu, elu, output = probe.histograms("activation")
    flat = 2.178272210300876
    assert tanh.saturated == (np.abs(probe.pre_activation(1)) >= flat).mean() > 0.1
    assert relu.saturated == relu.sparse == (probe.activation(3) == 0).mean() > 0.1
    assert relu.dead == len(probe.dead_units(3)) == (probe.activation(3) == 0).all(1).sum() > 0
    # With another alpha its flat side begins elsewhere; an output layer has none.
    assert np.isnan(elu.saturated) and np.isnan(output.saturated)
    assert (tanh.sparse, tanh.dead, elu.dead, output.dead) == (0, 0, 0, 0)
    assert np.isnan(probe.histograms("gradient")[1].sparse)
    layer = state.training.network.layers[1]
    assert saturation(layer, np.array([[-flat, flat, 2.17, np.nan]])) == 0.5


# --- what lectures teach ----------------------------------------------------------------------


def test_a_dead_units_gradient_is_exactly_0_on_all_data():
    layers = [dense(20), RELU, dense(20), RELU]
    state = state_of(layers, steps=60, optimizer={"name": "sgd", "lr": 3.0},
                     init={"name": "he-normal"}, problem={"precision": "float32"})
    probe = state.probe("train")
    dead = probe.dead_units(1)
    assert 0 < len(dead) < 20 and probe.histograms("activation")[0].dead == len(dead)
    assert (probe.weight_gradient(0)[dead] == 0).all()
    assert (probe.gradient(0)[dead] == 0).all()
    alive = np.setdiff1d(np.arange(20), dead)
    assert (probe.activation(1)[alive] > 0).any(1).all()


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_constant_weights_stay_the_same_for_all_units_to_the_last_bit(precision):
    def trained(*widths):
        layers = [layer for width in widths for layer in (dense(width), TANH)]
        return state_of(layers, init={"name": "constant", "value": 0.3}, steps=200,
                        optimizer={"name": "sgd", "lr": 0.5},
                        problem={"batch": 0, "precision": precision})

    state = trained(12, 8)
    probe = state.probe("train")
    for k in (0, 2):
        weights, gradient = state.tensors[f"{k}.W"], probe.weight_gradient(k)
        assert (weights == weights[0]).all() and not np.allclose(weights, 0.3)
        assert (gradient == gradient[0]).all()
        assert (probe.activation(k) == probe.activation(k)[0]).all()
    # OpenBLAS sums up the rows left over by its tiles of four in another order, which may show in
    # a last bit.
    odd = trained(13, 7).tensors["0.W"]
    np.testing.assert_allclose(odd, np.broadcast_to(odd[0], odd.shape), rtol=2e-6)


class Lecture:
    """The net of CS231n's lecture on initialization: ten layers of 500 units, 1,000 rows."""

    def __init__(self, folder, activation, init):
        x = np.random.default_rng(11).standard_normal((1000, 500))
        np.savez(folder / "gaussian.npz", x=x, y=np.arange(1000) % 2)
        problem = {"kind": "network", "dataset": {"file": str(folder / "gaussian.npz")},
                   "loss": "cross-entropy"}
        layers = [dense(500), {"kind": activation}] * 10
        run = Run(Experiment(steps=1, seed=2, problem=problem, contestants=[
            {"name": "A", "layers": layers, "init": init, "optimizer": "sgd"}]))
        self.state = run.snapshot().contestants[0]
        self.probe = self.state.probe(x)
        self.stds = np.array([h.std for h in self.probe.histograms("activation")[:10]])


def test_ten_tanh_layers_shrink_saturate_or_keep_as_the_lecture_says(tmp_path):
    small = Lecture(tmp_path, "tanh", {"name": "normal", "std": 0.01})
    np.testing.assert_allclose(small.stds, tanh_theory(0.01), rtol=0.04)
    np.testing.assert_allclose(small.stds[:4], TOO_SMALL[:4], rtol=0.04)
    np.testing.assert_allclose(small.probe.depth().forward_std[:10], small.stds, rtol=0)
    xavier = Lecture(tmp_path, "tanh", {"name": "xavier-normal"})
    np.testing.assert_allclose(xavier.stds, XAVIER, rtol=0.05)
    large = Lecture(tmp_path, "tanh", {"name": "normal", "std": 1.0})
    np.testing.assert_allclose(large.stds[1:], 0.98, atol=0.01)
    assert all(h.saturated > 0.85 for h in large.probe.histograms("activation")[1:10])
    # Forward Xavier keeps activations alive; backward too-small weights shrink gradients as fast.
    back = small.probe.depth().backward_std[:10]
    np.testing.assert_allclose(back[:-1] / back[1:], 0.01 * np.sqrt(500), rtol=0.06)


def test_he_keeps_the_second_moment_of_relu_layers_both_ways(tmp_path):
    depth = Lecture(tmp_path, "relu", {"name": "he-normal"}).probe.depth()
    assert depth.names[:2] == ("layer 1", "layer 2") and depth.names[-1] == "output"
    np.testing.assert_allclose(depth.forward_moment[:10], 1, rtol=0.6)
    np.testing.assert_allclose(depth.backward_moment[:10] / depth.backward_moment[9], 1, rtol=0.6)
    halves = Lecture(tmp_path, "relu", {"name": "xavier-normal"}).probe.depth()
    np.testing.assert_allclose(halves.forward_moment[:10],
                               depth.forward_moment[:10] / 2.0 ** np.arange(1, 11), rtol=1e-3)


def test_a_sigmoid_layer_passes_less_than_a_quarter_of_its_weights_norm():
    state = state_of([dense(30), SIGMOID] * 12, init={"name": "xavier-normal", "gain": 2.0})
    probe = state.probe("train")
    sizes = [np.linalg.norm(probe.gradient(block.activation), axis=0) for block in probe.blocks]
    for block, before, after in zip(probe.blocks[1:], sizes[:-1], sizes[1:], strict=True):
        spectral = np.linalg.norm(probe.weights(block.weights), 2)
        share = 1 if block.name == "output" else 0.25
        assert (before <= share * spectral * after * (1 + 1e-9)).all()
    assert np.linalg.norm(sizes[0]) < 1e-3 * np.linalg.norm(sizes[-1])


def test_the_signs_of_a_neurons_weight_gradients_agree_where_inputs_are_positive():
    state = state_of([dense(6), SIGMOID, dense(8), TANH], problem={"batch": 1})
    signs = np.sign(state.probe().weight_gradient(2))
    assert (signs == signs[:, :1]).all()


# --- norms, batch norm, dropout ---------------------------------------------------------------


def test_norms_and_update_ratios():
    run = started(RICH, l2=0.01, clip={"by": "norm", "limit": 0.5})
    state, after = (run.at(step).contestants[0] for step in (20, 21))
    probe = state.probe()
    gradients, weights = probe.gradient_norms(), probe.weight_norms()
    close(gradients.total, np.linalg.norm(probe.parameter_gradient))
    for layer in probe.layers:
        k = layer.place
        own = probe.parameter_gradient[layer.params_at : layer.params_at + layer.params_size]
        close(gradients.layers[k], np.linalg.norm(own))
        ratio = probe.update_ratios()[k]
        if not layer.weights_size:
            assert weights.layers[k] == 0 and np.isnan(ratio)
            continue
        w, then = (s.tensors[f"{k}.W"] for s in (state, after))
        close(weights.layers[k], np.linalg.norm(w))
        close(ratio, np.linalg.norm(then - w) / np.linalg.norm(w))
        assert ratio > 0
    close(weights.total, np.sqrt((weights.layers**2).sum()))


def test_norms_of_numbers_whose_squares_do_not_exist():
    state = state_of([dense(4)], problem={"precision": "float32"}, done=0,
                     init={"name": "constant", "value": 1e-30})
    assert state.probe().weight_norms().layers[0] == pytest.approx(1e-30 * np.sqrt(8), rel=1e-6)
    zero = state_of([dense(4)], done=0, init="zeros").probe()
    assert zero.weight_norms().total == 0 and np.isnan(zero.update_ratios()).all()


@pytest.mark.parametrize("learning", [True, False])
def test_a_batch_norms_statistics_are_those_of_numpy(learning):
    state = state_of(RICH)
    probe = state.probe("train", training=learning)
    for k in (0, 2):
        seen, before = probe.batch_norm(k), probe.pre_activation(k)
        close(seen.mean, before.mean(1))
        close(seen.var, before.var(1))
        for name in ("gamma", "beta", "mean", "var"):
            own = getattr(seen, name if name in ("gamma", "beta") else f"running_{name}")
            assert np.array_equal(own, state.tensors[f"{k}.{name}"])
        mean, var = (seen.mean, seen.var) if learning else (seen.running_mean, seen.running_var)
        normalised = (before - mean[:, None]) / np.sqrt(var + 1e-5)[:, None]
        close(seen.normalised, normalised)
        close(seen.after, seen.gamma[:, None] * normalised + seen.beta[:, None])
        assert seen.learning == learning and np.array_equal(seen.before, before)
    if learning:
        close(probe.batch_norm(2).normalised.mean(1), 0)


def test_masks_are_those_of_the_step_and_scale_what_passes():
    run = started(RICH)
    record = run.record()
    state = run.at(12).contestants[0]
    rows = record["0/batches"][12]
    probe = state.probe()
    expected = twin(state, record["train/x"][rows], record["train/y"][rows], learning=True)
    for k, rate in ((4, 0.4), (6, 0.2)):
        assert np.array_equal(probe.mask(k), expected.masks[k] > 0)
        close(probe.activation(k), probe.pre_activation(k) * probe.mask(k) / (1 - rate))
        assert not np.array_equal(probe.mask(k), state.probe(step=14).mask(k))
        assert state.probe("train").mask(k).all()
    # Over many inputs the share that is left is what the rate says.
    many = state.probe(np.zeros((4000, 2)), training=True)
    assert many.mask(4).mean() == pytest.approx(0.6, abs=0.01)


# --- responses --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("count", [1, 127, 128, 129, 1000])
def test_any_units_response_is_what_a_plain_pass_gives(name, count):
    state = state_of(NETWORKS[name])
    x = np.random.default_rng(3).standard_normal((count, 2))
    expected = twin(state, x, dout=np.zeros((2, count))).outputs
    for layer in state.training.network.layers:
        k = layer.place
        close(state.activations(x, k), expected[k].T)
        close(state.response(k, layer.fan_out - 1, x), expected[k][-1])
        close(state.activations(x, k, [1, 0, 1]), expected[k][[1, 0, 1]].T)
    close(state.outputs(x), expected[-1].T)


def test_a_plane_is_a_picture_with_its_first_row_at_the_bottom():
    points = plane((-1, 3, 0, 2), (5, 3))
    assert points.shape == (15, 2)
    grid = points.reshape(3, 5, 2)
    assert grid[0, :, 0].tolist() == [-1, 0, 1, 2, 3] and (grid[:, :, 0] == grid[0, :, 0]).all()
    assert grid[:, 0, 1].tolist() == [0, 1, 2] and (grid[:, :, 1] == grid[:, :1, 1]).all()
    sliced = plane((0, 1, 0, 1), 2, centre=[5, 6, 7], axes=(2, 0))
    assert sliced.tolist() == [[0, 6, 0], [0, 6, 1], [1, 6, 0], [1, 6, 1]]


def test_a_states_plane_goes_through_the_mean_of_the_training_rows():
    problem = {"dataset": {"name": "digits"}, "batch": 16}
    run = started(PLAIN, problem=problem, done=0)
    points = run.snapshot().contestants[0].plane((0, 1, 0, 1), 4, axes=(20, 21))
    mean = run.record()["train/x"].mean(0)
    others = np.delete(np.arange(points.shape[1]), [20, 21])
    assert (points[:, others] == mean[others]).all() and len(points) == 16


# --- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ask, words", [
    (lambda s: s.probe("all"), 'rows must be "batch", "train", "test" or inputs, not \'all\''),
    (lambda s: s.probe(np.zeros((3, 4))), r"shape \(n, 2\), not \(3, 4\)"),
    (lambda s: s.probe(np.zeros((0, 2))), "at least one row"),
    (lambda s: s.probe(np.zeros((3, 2)), [0, 1]), r"shape \(3, 1\), as there are 3 rows"),
    (lambda s: s.probe(np.zeros((3, 2)), [0, 1, 2]), "classes from 0 to 1"),
    (lambda s: s.probe(np.zeros((3, 2)), [0, 1, np.nan]), "classes from 0 to 1"),
    (lambda s: s.probe("train", [0, 1]), 'rows="train" have their own'),
    (lambda s: s.probe(step=0), "from 1 up, not 0"),
    (lambda s: s.probe().activation(10), "layers 0 to 9, not 10"),
    (lambda s: s.probe().gradient(-1), "layers 0 to 9, not -1"),
    (lambda s: s.probe().weights(3), r"layer 3 \(relu\) has no weights"),
    (lambda s: s.probe().mask(3), "layer 3 is a relu and not a dropout"),
    (lambda s: s.probe().batch_norm(4), "layer 4 is a dropout and not a batch-norm"),
    (lambda s: s.probe().dead_units(8), r"layer 8 \(sigmoid\) has no value at which it rests"),
    (lambda s: s.probe().histograms("loss"), "those of activation, .* not of 'loss'"),
    (lambda s: s.probe().histograms("weight", by="unit"), "not by 'unit'"),
    (lambda s: s.probe().histograms("weight", bins=0), "bins must be a whole number from 1"),
    (lambda s: s.probe().histograms("weight", range=(1, 0)), "the lower one first"),
    (lambda s: s.response(3, 11, np.zeros((1, 2))), "layer 3 has units 0 to 10, not 11"),
    (lambda s: s.activations(np.zeros((1, 2)), 10), "layers 0 to 9, not 10"),
    (lambda s: s.plane((0, 1, 0, np.nan), 3), "four finite numbers"),
    (lambda s: s.plane((0, 1, 0, 1), 3, axes=(0, 0)), "two different inputs from 0 to 1"),
    (lambda s: s.plane((0, 1, 0, 1), 0), "from 1 point"),
])
def test_refusals_are_sentences(ask, words):
    state = state_of(RICH, steps=2)
    with pytest.raises(RunError, match=words):
        ask(state)


def test_more_rows_than_memory_allows_are_refused_before_any_is_taken(monkeypatch):
    state = state_of(PLAIN, steps=2)
    monkeypatch.setattr(plan, "MOST_BYTES", 2**20)
    with pytest.raises(RunError, match="a pass of 5,000 rows through this network needs"):
        state.probe(np.zeros((5000, 2)))
    # Responses go through in pieces.
    assert state.activations(np.zeros((5000, 2)), 4).shape == (5000, 2)
