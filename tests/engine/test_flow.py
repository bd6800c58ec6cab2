"""One example's way through a network: its numbers add up, and its gradients are those of the loss.

The known-right of backpropagation: what is shown equals finite differences of a loss that a twin in
plain NumPy computes, layer after layer, from the parameters and the masks alone.
"""

from dataclasses import replace

import numpy as np
import pytest

from engine import Experiment, Run
from engine.network.flow import Flow
from engine.network.flow_place import FlowPlace, last_stage, stage_names

TANH, RELU, NORM = {"kind": "tanh"}, {"kind": "relu"}, {"kind": "batch-norm"}
DROP = {"kind": "dropout", "rate": 0.4}
FUNCTIONS = {"tanh": np.tanh, "relu": lambda x: np.maximum(x, 0), "identity": lambda x: x}
# Central differences of a loss near 1: rounding and curvature are both below this.
WIDTH, CLOSE = 1e-5, {"rtol": 2e-6, "atol": 1e-8}


def dense(width):
    return {"kind": "dense", "width": width}


def state_of(layers, steps=20, **more):
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": 60}, "batch": 8,
               "precision": "float64"}
    contestant = {"name": "A", "layers": layers, "optimizer": {"name": "adam", "lr": 0.02}}
    return Run(Experiment(steps=steps, seed=4, problem=problem | more,
                          contestants=[contestant])).finish().snapshot().contestants[0]


def batch_of(state, flow):
    """The rows that went through, (n, d), their targets, and which of them is the example's."""
    material = state.training.material
    rows = material.order.batches(state.step + 1, 1)[0]
    at = np.flatnonzero(rows == flow.row)
    if not len(at):
        rows = np.concatenate([[flow.row], rows[1:]])
        at = [0]
    return material.train_x[rows], material.train_y[rows], int(at[0])


def behind(state, values, first, masks):
    """The twin: activations (units, n) in front of layer `first`, carried to the outputs."""
    t = state.tensors
    for layer in state.training.network.layers[first:]:
        name, k = layer.definition.name, layer.place
        if name == "dense":
            values = t[f"{k}.W"] @ values + t[f"{k}.b"][:, None]
        elif name == "maxout":
            pieces = t[f"{k}.W"] @ values + t[f"{k}.b"][:, None]
            values = pieces.reshape(layer.fan_out, -1, values.shape[1]).max(1)
        elif name == "batch-norm":
            mean, var = values.mean(1, keepdims=True), values.var(1, keepdims=True)
            values = (values - mean) / np.sqrt(var + layer.hypers["eps"])
            values = t[f"{k}.gamma"][:, None] * values + t[f"{k}.beta"][:, None]
        elif name == "dropout":
            values = values * masks[k] / (1 - layer.hypers["rate"])
        else:
            values = FUNCTIONS[name](values)
    return values


def losses(state, out, y):
    """The loss of each row, (n,)."""
    if state.training.loss.name == "mse":
        return ((out - y.T) ** 2).mean(0)
    powers = np.exp(out - out.max(0))
    return -np.log((powers / powers.sum(0))[y[:, 0].astype(int), np.arange(out.shape[1])])


CASES = {
    "tanh": ([dense(5), TANH, dense(4), TANH], {}),
    "dropout": ([dense(6), TANH, DROP, dense(5), TANH, DROP], {}),
    "batch norm": ([dense(5), NORM, TANH, dense(4), NORM, TANH], {}),
    "all of it": ([NORM, dense(6), NORM, TANH, DROP, dense(5), TANH, NORM], {}),
    "maxout": ([{"kind": "maxout", "width": 4, "pieces": 3}, DROP, dense(3), TANH], {}),
    "regression": ([dense(5), TANH], {"dataset": {"name": "sine", "samples": 60}, "loss": "mse"}),
    "relu": ([dense(6), RELU, dense(6), RELU], {}),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_finite_differences_of_the_loss(name):
    layers, problem = CASES[name]
    state = state_of(layers, **problem)
    flow = Flow(state)
    x, y, at = batch_of(state, flow)
    probe = state.probe()
    places = [p.place for p in state.training.network.layers if p.definition.name == "dropout"]
    masks = {place: probe.mask(place) for place in places}
    tied = any(kind["kind"] == "batch-norm" for kind in layers)

    def loss(values, first):
        every = losses(state, behind(state, values, first, masks), y)
        # A batch norm ties the rows together; else only the example's own loss moves.
        return every.sum() if tied else every[at]

    assert flow.loss == pytest.approx(losses(state, behind(state, x.T, 0, masks), y)[at], rel=1e-12)
    for layer in state.training.network.layers:
        values = probe.activation(layer.place)
        found = np.empty(layer.fan_out)
        for unit in range(layer.fan_out):
            moved = []
            for sign in (1, -1):
                there = np.array(values)
                there[unit, at] += sign * WIDTH
                moved.append(loss(there, layer.place + 1))
            found[unit] = (moved[0] - moved[1]) / (2 * WIDTH)
        np.testing.assert_allclose(flow.gradient(layer.place), found, **CLOSE)


@pytest.mark.parametrize("name", ["tanh", "dropout", "maxout", "relu"])
def test_gradients_by_weights_are_finite_differences_of_the_loss(name):
    layers, problem = CASES[name]
    state = state_of(layers, **problem)
    flow = Flow(state, 7)
    for column in flow.columns[1:]:
        layer = state.training.network.layers[column.block.weights]
        for unit in range(column.width):
            # Which of a maxout unit's pieces won is looked for in the parameters themselves.
            weights = flow.arriving(column.number, unit).weights
            rows = state.tensors[f"{layer.place}.W"]
            row = int(np.flatnonzero((rows == weights).all(1))[0])
            shown = flow.weight_gradients(column.number, unit)
            for source in range(layer.fan_in):
                moved = []
                for sign in (1, -1):
                    numbers = np.array(state.state)
                    numbers[layer.params_at + row * layer.fan_in + source] += sign * WIDTH
                    moved.append(Flow(replace(state, state=numbers), 7).loss)
                found = (moved[0] - moved[1]) / (2 * WIDTH)
                np.testing.assert_allclose(shown[source], found, **CLOSE)


@pytest.mark.parametrize("name", CASES)
def test_sums_add_up_to_what_the_layers_put_out(name):
    layers, problem = CASES[name]
    state = state_of(layers, **problem)
    flow = Flow(state)
    for column in flow.columns[1:]:
        for unit in range(column.width):
            there = flow.arriving(column.number, unit)
            assert there.total == flow.value(column.block.weights)[unit]
            assert there.weights @ there.values + there.bias == pytest.approx(there.total)
            if column.number < flow.last:
                back = flow.returning(column.number, unit)
                assert back.weights @ back.values == pytest.approx(back.total, abs=1e-12)


def test_gradients_of_all_rows_make_the_gradient_that_training_takes():
    state = state_of([dense(6), TANH, DROP])
    rows = state.training.material.order.batches(state.step + 1, 1)[0]
    flows = [Flow(state, int(row)) for row in rows]
    _, _, gradient = state.training.gradient(state.state, state.step)
    mean = np.mean([[flow.weight_gradients(1, unit) for unit in range(6)] for flow in flows], 0)
    np.testing.assert_allclose(mean.reshape(-1), gradient[:12], rtol=1e-9, atol=1e-15)


def test_the_masks_are_those_of_the_step():
    state = state_of([dense(20), RELU, DROP, dense(20), RELU, DROP])
    probe = state.probe()
    rows = state.training.material.order.batches(state.step + 1, 1)[0]
    for at, row in enumerate(rows):
        flow = Flow(state, int(row))
        assert flow.kept[0].all()
        assert flow.kept[3].all()
        for column, place in ((1, 2), (2, 5)):
            assert np.array_equal(flow.kept[column], probe.mask(place)[:, at])
            assert not flow.value(place)[~flow.kept[column]].any()
            assert not flow.gradients(column)[~flow.kept[column]].any()


def test_which_row_it_is():
    state = state_of([dense(4), NORM, TANH])
    material = state.training.material
    rows = material.order.batches(state.step + 1, 1)[0]
    assert Flow(state).row == rows[0]
    other = next(k for k in range(len(material.train_x)) if k not in rows)
    last = len(material.train_x) - 1
    for asked, got in ((int(rows[3]), rows[3]), (other, other), (10_000, last)):
        flow = Flow(state, asked)
        assert flow.row == got
        np.testing.assert_array_equal(flow.inputs, material.train_x[got])
        np.testing.assert_array_equal(flow.target, material.train_y[got])


def test_inputs_are_where_a_drift_has_moved_them():
    drift = {"kind": "shift", "per_1000_steps": 50.0}
    state = state_of([dense(4), TANH], drift=drift)
    material = state.training.material
    for asked in (None, 3):
        flow = Flow(state, asked)
        there = material.at(material.data.train_x[[flow.row]], state.step + 1)[0]
        np.testing.assert_allclose(flow.inputs, there)
        assert np.abs(there - material.data.train_x[flow.row]).max() > 0.5


# ---- places on the way


def test_the_way_goes_there_and_back():
    assert stage_names(3) == ("in", "→ 1", "→ 2", "→ out", "loss", "← out", "← 2", "← 1")
    assert last_stage(3) == 7
    found = [(FlowPlace.at(float(k), 3).column, FlowPlace.at(float(k), 3).backward)
             for k in range(8)]
    assert found == [(0, False), (1, False), (2, False), (3, False), (4, False), (3, True),
                     (2, True), (1, True)]


def test_what_is_there_at_a_place_and_in_between():
    place = FlowPlace.at(1.25, 3)
    assert (place.done, place.stage, place.share) == (1, 2, 0.25)
    assert (place.forward_to, place.back_to, place.gap) == (1, 5, 1)
    place = FlowPlace.at(5.5, 3)
    assert (place.forward_to, place.back_to, place.gap, place.column) == (4, 3, 2, 2)
    assert FlowPlace.at(0.0, 3).gap is None
    assert FlowPlace.at(99.0, 3).value == 7
    assert FlowPlace.at(4.0, 3).back_to == 5


def test_only_round_stages_of_a_deep_network_have_names():
    names = stage_names(101)
    assert len(names) == last_stage(101) + 1
    assert [name for name in names if name.startswith("→")] == [
        *(f"→ {k}" for k in range(10, 101, 10)), "→ out"]
