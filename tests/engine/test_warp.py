"""Space carried through a network: the engine's own outputs, projected and turned without flips."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.network.slide import alignment, part_of_turn, slid
from engine.network.warp import between, principal, warp


def dense(width):
    return {"kind": "dense", "width": width}


TANH, RELU = {"kind": "tanh"}, {"kind": "relu"}


def run_of(layers, steps=30, dataset="moons", **more):
    problem = {"kind": "network", "dataset": dataset, "batch": 16, "precision": "float64"}
    contestant = {"name": "A", "layers": layers, "optimizer": {"name": "adam", "lr": 0.02}}
    return Run(Experiment(steps=steps, seed=4, problem=problem | more, contestants=[contestant]))


def state_of(*args, **more):
    return run_of(*args, **more).finish().snapshot().contestants[0]


def started(*args, **more):
    """A network before its first step."""
    return run_of(*args, **more).snapshot().contestants[0]


def test_two_wide_layers_are_shown_as_they_are():
    state = state_of([dense(2), TANH, dense(2), TANH])
    found = warp(state)
    assert [stage.name for stage in found.stages] == ["input", "layer 1", "layer 2", "logits"]
    assert [stage.place for stage in found.stages] == [None, 1, 3, 4]
    inputs = found.stages[0]
    for stage in found.stages[1:]:
        assert stage.exact
        assert stage.kept == 1
        np.testing.assert_allclose(stage.points, state.activations(inputs.points, stage.place))
        np.testing.assert_allclose(
            stage.lines.reshape(-1, 2),
            state.activations(inputs.lines.reshape(-1, 2), stage.place), atol=1e-12)


def test_a_wide_layer_keeps_the_share_of_variance_that_it_says():
    state = state_of([dense(20), TANH])
    found = warp(state)
    wide = found.stages[1]
    values = state.activations(found.stages[0].points, 1)
    away = values - values.mean(0)
    total = (away**2).sum()
    singular = np.linalg.svd(away, compute_uv=False)
    assert wide.kept == pytest.approx((singular[:2] ** 2).sum() / total)
    assert (wide.points**2).sum() == pytest.approx(wide.kept * total)
    # The plane is projected on at right angles: distances in it are those of the two directions.
    _, _, right = np.linalg.svd(away, full_matrices=False)
    np.testing.assert_allclose(wide.points @ wide.points.T,
                               away @ right[:2].T @ right[:2] @ away.T, atol=1e-9)


def test_a_picture_lies_on_the_one_before_as_well_as_it_can():
    stages = warp(state_of([dense(12), TANH, dense(9), TANH])).stages
    for before, stage in zip(stages, stages[1:3], strict=False):
        reference = before.points - before.points.mean(0)
        apart = np.linalg.norm(stage.points - reference)
        for angle in np.linspace(0, 2 * np.pi, 40):
            c, s = np.cos(angle), np.sin(angle)
            for turn in (np.array([[c, s], [-s, c]]), np.array([[c, s], [s, -c]])):
                assert apart <= np.linalg.norm(stage.points @ turn - reference) + 1e-9


def test_pictures_of_neighbouring_steps_do_not_flip():
    run = run_of([dense(24), TANH, dense(24), TANH], steps=120)
    run.finish()
    pictures = [warp(run.at(step).contestants[0]).stages for step in range(20, 120)]
    for before, after in zip(pictures, pictures[1:], strict=False):
        for one, other in zip(before[1:3], after[1:3], strict=True):
            moved = np.linalg.norm(other.points - one.points) / np.linalg.norm(one.points)
            # A mirrored axis would be as far as the whole picture is large.
            assert moved < 0.35


@pytest.mark.parametrize("shape", [(40, 7), (7, 40), (3, 3), (1, 5)])
def test_principal_directions_are_those_of_the_singular_values(shape):
    values = np.random.default_rng(2).standard_normal(shape)
    away = values - values.mean(0)
    axes, kept = principal(away)
    singular = np.linalg.svd(away, compute_uv=False)
    if not singular.any():
        assert np.isnan(kept)
        return
    assert kept == pytest.approx((singular[:2] ** 2).sum() / (singular**2).sum())
    np.testing.assert_allclose(np.linalg.norm(away @ axes, axis=0)[0], singular[0])
    largest = axes[np.abs(axes).argmax(0), [0, 1]]
    assert (largest >= 0).all()


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_principal_directions_do_not_depend_on_the_size_of_the_numbers(scale):
    away = np.random.default_rng(3).standard_normal((30, 5))
    away -= away.mean(0)
    plain, scaled = principal(away), principal(away * scale)
    np.testing.assert_allclose(scaled[0], plain[0], atol=1e-12)
    assert scaled[1] == pytest.approx(plain[1])


def test_many_inputs_are_shown_in_their_principal_plane():
    found = warp(state_of([dense(8), RELU], steps=2, dataset="digits"))
    inputs = found.stages[0]
    assert inputs.width == 64
    assert 0.2 < inputs.kept < 0.5
    assert len(found.classes) == 10
    assert found.stages[-1].name == "logits"
    assert all(stage.finite for stage in found.stages)


def test_one_input_is_a_line_and_one_output_too():
    found = warp(state_of([dense(4), TANH], dataset="sine", loss="mse"))
    inputs, _, output = found.stages
    assert inputs.lines.shape[0] == 1
    assert (inputs.points[:, 1] == 0).all()
    assert output.name == "output"
    assert (output.points[:, 1] == 0).all()
    assert found.classes == ()


def test_outputs_that_overflow_have_no_picture_and_later_ones_neither():
    layers = [dense(30), RELU] * 6
    large = [layer | {"init": {"name": "normal", "std": 10.0}} if "width" in layer else layer
             for layer in layers * 5]
    state = started(large, precision="float32")
    found = warp(state)
    finite = [stage.finite for stage in found.stages]
    assert finite[0]
    assert not finite[-1]
    assert np.isnan(found.stages[-2].kept)


def test_a_layer_in_which_nothing_varies_says_so():
    found = warp(started([dense(5) | {"init": "zeros"}, RELU, dense(3), TANH]))
    assert np.isnan(found.stages[1].kept)
    assert found.stages[1].finite
    assert (found.stages[1].points == 0).all()


def test_a_place_on_the_way_lies_between_two_stages():
    stages = warp(started([dense(2), TANH])).stages
    assert between(stages, 0.0) == (0, 1, 0.0)
    assert between(stages, 1.25) == (1, 2, 0.25)
    assert between(stages, 2.0) == (1, 2, 1.0)
    assert between(stages, -3.0) == (0, 1, 0.0)
    assert between(stages, 9.0) == (1, 2, 1.0)


# --- sliding ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mirror", [1.0, -1.0])
@pytest.mark.parametrize("angle", [0.0, 0.4, 2.2, -2.9])
def test_a_turned_picture_turns_and_both_ends_are_exact(angle, mirror):
    before = np.random.default_rng(1).standard_normal((25, 2))
    before -= before.mean(0)
    c, s = np.cos(angle), np.sin(angle)
    after = before @ np.array([[c, s], [-s, c]]) @ np.diag([1.0, mirror])
    turn = alignment(before, after)
    np.testing.assert_allclose(before @ turn, after, atol=1e-12)
    assert np.array_equal(slid(before, after, turn, 0.0), before)
    assert np.array_equal(slid(before, after, turn, 1.0), after)
    np.testing.assert_allclose(slid(before, after, turn, 1 - 1e-9), after, atol=1e-6)
    np.testing.assert_allclose(slid(before, after, turn, 1e-9), before, atol=1e-6)
    if mirror > 0:
        # On the way it stays as large as it is: nothing is crushed.
        halfway = slid(before, after, turn, 0.5)
        assert np.linalg.norm(halfway) == pytest.approx(np.linalg.norm(before))


def test_a_part_of_a_mirroring_folds_across_its_axis():
    mirror = np.array([[0.0, 1.0], [1.0, 0.0]])
    np.testing.assert_allclose(part_of_turn(mirror, 1.0), mirror, atol=1e-12)
    np.testing.assert_allclose(part_of_turn(mirror, 0.0), np.eye(2))
    np.testing.assert_allclose(part_of_turn(mirror, 0.5), np.full((2, 2), 0.5), atol=1e-12)


def test_a_single_point_has_no_direction():
    assert np.array_equal(alignment(np.zeros((4, 2)), np.ones((4, 2))), np.eye(2))
