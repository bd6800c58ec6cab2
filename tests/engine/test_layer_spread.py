"""How layers are spread: against NumPy's counts, on rows and ranges that are as documented."""

import numpy as np
import pytest
from test_probe import PLAIN, RELU, RICH, TANH, dense, started, state_of

from engine.network.layer_spread import (
    block_values,
    columns,
    common_range,
    look_into,
    rows_looked_at,
    shown_blocks,
)

QUANTITIES = ("activation", "pre-activation", "gradient", "weight")


@pytest.mark.parametrize("layers", [PLAIN, RICH], ids=["plain", "rich"])
@pytest.mark.parametrize("what", QUANTITIES)
def test_columns_are_numpys_histograms(layers, what):
    probe = look_into(state_of(layers), what)
    low, high = common_range([probe], what)
    found = columns(probe, what, 30, (low, high))
    blocks = shown_blocks(probe, what)
    assert [column.number for column in found] == [block.number for block in blocks]
    for column, block in zip(found, blocks, strict=True):
        values = block_values(probe, block, what)
        np.testing.assert_array_equal(column.histogram.counts,
                                      np.histogram(values, 30, (low, high))[0])
        assert column.total == values.size
        assert column.histogram.std == pytest.approx(values.std())


def test_the_output_is_left_out_of_activations_only():
    probe = look_into(state_of(PLAIN), "activation")
    assert [[b.name for b in shown_blocks(probe, what)][-1] for what in QUANTITIES] == [
        "layer 2", "layer 2", "output", "output"]
    bare = look_into(state_of([]), "activation")
    assert [block.name for block in shown_blocks(bare, "activation")] == ["output"]


def test_activations_are_those_of_training_on_an_even_share_of_the_rows():
    state = state_of([dense(200), {"kind": "batch-norm"}, TANH])
    probe = look_into(state, "activation")
    assert probe.rows == rows_looked_at(state) == min(128, len(state.training.material.train_x))
    normalised = (probe.pre_activation(1) - probe.pre_activation(1).mean(1)[:, None])
    normalised /= np.sqrt(probe.pre_activation(1).var(1) + 1e-5)[:, None]
    gamma, beta = state.tensors["1.gamma"], state.tensors["1.beta"]
    np.testing.assert_allclose(probe.activation(1),
                               gamma[:, None] * normalised + beta[:, None], rtol=1e-6, atol=1e-9)


def test_gradients_are_those_of_the_next_steps_batch():
    state = state_of(PLAIN)
    np.testing.assert_array_equal(look_into(state, "gradient").gradient(1),
                                  state.probe("batch").gradient(1))


def test_narrow_layers_are_looked_at_on_more_rows():
    problem = {"dataset": {"name": "moons", "samples": 3000}, "precision": "float64"}
    few = rows_looked_at(state_of([dense(500), TANH], done=0, problem=problem))
    many = rows_looked_at(state_of([dense(4), TANH], done=0, problem=problem))
    assert (few, many) == (128, 1024)


def test_flat_counts_are_the_saturated_numbers():
    init = {"name": "normal", "std": 3.0}
    probe = look_into(state_of([dense(40), TANH], done=0, init=init), "activation")
    for what, bins, span in (("activation", 10, (-1.0, 1.0)), ("activation", 400, (-1.0, 1.0)),
                             ("pre-activation", 7, (-3.0, 4.0))):
        values = block_values(probe, probe.blocks[0], what)
        (column,) = columns(probe, what, bins, span)
        ends = np.tanh(2.178272210300876) if what == "activation" else 2.178272210300876
        beyond = values[(np.abs(values) >= ends) & (values >= span[0]) & (values <= span[1])]
        assert len(beyond) > 0.05 * values.size
        np.testing.assert_array_equal(column.flat, np.histogram(beyond, bins, span)[0])


def test_outputs_of_a_function_that_falls_do_not_tell_where_it_is_flat():
    probe = look_into(state_of([dense(40), {"kind": "silu"}], done=0), "activation")
    (column,) = columns(probe, "activation", 30, (-1.0, 3.0))
    assert not column.flat.any()


def test_flat_counts_are_the_zeros_of_a_relu():
    probe = look_into(state_of([dense(30), RELU], done=0), "activation")
    for low in (0.0, -1.0):
        (column,) = columns(probe, "activation", 24, (low, 3.0))
        assert column.rests
        assert column.flat.sum() == np.count_nonzero(probe.activation(1) == 0)
        assert np.flatnonzero(column.flat).tolist() == [0 if low == 0 else 6]


def test_the_range_of_a_function_flat_on_both_sides_is_its_own():
    early = look_into(state_of([dense(8), TANH], done=0), "activation")
    assert common_range([early], "activation") == (-1.0, 1.0)
    sigmoid = look_into(state_of([dense(8), {"kind": "sigmoid"}], done=0), "activation")
    assert common_range([sigmoid], "activation") == (0.0, 1.0)
    assert common_range([early, sigmoid], "activation") == (-1.0, 1.0)


def test_other_ranges_are_round_and_symmetric():
    probe = look_into(state_of(PLAIN), "weight")
    low, high = common_range([probe], "weight")
    assert low == -high
    assert float(f"{high:.1e}") == high
    relu = look_into(state_of([dense(8), RELU], done=0), "activation")
    assert common_range([relu], "activation")[0] == 0.0


def test_a_diverged_network_does_not_widen_the_range():
    leaky = {"kind": "leaky-relu"}
    wild = started([dense(8), leaky, dense(8), leaky], optimizer={"name": "sgd", "lr": 1e6},
                   problem={"precision": "float32"})
    tame = state_of([dense(8), RELU])
    lost = wild.snapshot().contestants[0]
    assert lost.diverged is not None
    probes = [look_into(lost, "activation"), look_into(tame, "activation")]
    assert common_range(probes, "activation") == common_range(probes[1:], "activation")
    low, high = common_range(probes[:1], "activation")
    assert low < high < np.inf
