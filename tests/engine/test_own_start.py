"""A contestant's own start: its run is that of a race from there, and nobody else's changes."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.changed_settings import changed_settings
from engine.changes import copied
from engine.errors import ExperimentError
from engine.maps import basins, settings, whole
from engine.maps.alone import nameless
from engine.script import to_python
from engine.settings import with_settings

HERE = (0.5, -0.5)


def race(*contestants, steps=60, noise=0.2, **more):
    contestants = contestants or (
        {"optimizer": {"name": "momentum", "lr": 0.002}},
        {"name": "Adam", "optimizer": {"name": "adam", "lr": 0.05}},
        {"name": "Adam, elsewhere", "optimizer": {"name": "adam", "lr": 0.05}, "start": HERE})
    return Experiment(seed=5, steps=steps, contestants=contestants, problem={
        "kind": "surface", "surface": "beale", "start": [1.0, 1.5], "noise": noise}, **more)


def trails(experiment):
    return Run(experiment).finish().snapshot().trails


def test_it_is_the_run_of_a_race_from_there_with_the_same_noise():
    own = trails(race())[2]
    there = trails(race().with_problem(start=HERE))[1]
    assert tuple(own.path[0]) == HERE
    np.testing.assert_array_equal(own.path, there.path)
    np.testing.assert_array_equal(own.loss, there.loss)


def test_those_without_one_run_as_before_to_the_bit():
    both, before = trails(race()), trails(race().removed(2))
    for one, other in zip(both[:2], before, strict=True):
        np.testing.assert_array_equal(one.path, other.path)
    moved = trails(race().with_problem(start=(0.0, 0.0)))
    np.testing.assert_array_equal(moved[2].path, both[2].path)
    assert tuple(moved[1].path[0]) == (0.0, 0.0)


def test_a_typed_formula_has_them_too():
    bowl = Experiment(steps=3, problem={
        "kind": "surface", "formula": "x**2 + y**2", "domain": [[-2, 2], [-2, 2]]},
        contestants=[{"optimizer": {"name": "sgd", "lr": 0.25}, "start": [1, -2]}])
    np.testing.assert_array_equal(trails(bowl)[0].path, [[1, -2], [.5, -1], [.25, -.5],
                                                         [.125, -.25]])


def test_files_and_scripts_keep_it():
    experiment = race()
    text = experiment.to_toml()
    assert text.count("start = ") == 2 and "start = [0.5, -0.5]" in text
    assert Experiment.from_toml(text) == experiment
    names = {}
    exec(to_python(experiment), names)
    assert names["experiment"] == experiment


@pytest.mark.parametrize(("start", "said"), [
    ([1.0], "contestants[2].start: must be two finite numbers, [x, y], not [1.0]"),
    ([1, 2, 3], "contestants[2].start: must be two finite numbers, [x, y], not [1, 2, 3]"),
    ([1.0, float("nan")], "contestants[2].start[1]: must be a finite number, not nan"),
    ("here", "contestants[2].start: must be two finite numbers, [x, y], not 'here'"),
])
def test_what_is_no_point_is_refused(start, said):
    with pytest.raises(ExperimentError) as caught:
        race().with_contestant(2, start=start)
    assert str(caught.value) == said


def test_a_network_has_none():
    with pytest.raises(ExperimentError) as caught:
        Experiment(problem={"kind": "network", "dataset": "moons"}, contestants=[
            {"layers": [], "optimizer": "sgd", "start": [0, 0]}])
    assert str(caught.value).startswith(
        "contestants[0].start: must be left out: a network starts at the weights")


def test_another_surface_takes_it_away_and_other_edits_do_not():
    experiment = race()
    assert experiment.with_problem(surface="booth").contestants[2].start is None
    for kept in (experiment.with_problem(noise=0.0), experiment.with_problem(start=(0.0, 1.0)),
                 experiment.with_hyper(2, "lr", 0.1), experiment.replaced(steps=10)):
        assert kept.contestants[2].start == HERE


def test_beats_set_it_and_changes_on_the_way_cannot():
    experiment = race()
    after = with_settings(experiment, {"Adam.start": [2.0, 2.0]})
    assert after.contestants[1].start == (2.0, 2.0)
    assert changed_settings(experiment, after) == {"Adam.start": [2.0, 2.0]}
    both = with_settings(experiment, {"problem.surface": "booth", "Adam.start": [2.0, 2.0]})
    assert [one.start for one in both.contestants] == [None, (2.0, 2.0), None]
    with pytest.raises(ExperimentError, match="cannot change while a run goes on"):
        experiment.replaced(changes=[{"step": 5, "set": {"Adam.start": [2.0, 2.0]}}])


# ---- maps


def test_maps_of_settings_begin_there_and_maps_of_starts_do_not_heed_it():
    experiment = race(noise=0.0)
    picture = whole(settings(experiment, 2, size=(6, 4)))
    pair = {"lr": float(picture.x[2]), "beta1": float(picture.y[1])}
    optimizer = experiment.contestants[2].optimizer.replaced(**pair)
    trail = trails(experiment.with_contestant(2, optimizer=optimizer))[2]
    assert picture.loss[1, 2] == trail.loss[-1] and picture.start_loss == trail.loss[0]
    own, other = (whole(basins(experiment, place, size=(9, 7))) for place in (2, 1))
    np.testing.assert_array_equal(own.ends, other.ends)


def test_runs_that_are_the_same_are_one_question():
    changes = [{"step": 20, "set": {"Adam.lr": 0.01, "Adam, elsewhere.lr": 0.01}}]
    experiment = race(changes=changes)
    same = experiment.with_contestant(2, start=None, color=3, muted=True)
    assert nameless(same, 1) == nameless(same, 2)
    assert nameless(experiment, 1) != nameless(experiment, 2)
    # What it stands for is computed by it, changes on the way included.
    for place in range(3):
        one = trails(nameless(experiment, place))[0]
        np.testing.assert_array_equal(one.path, trails(experiment)[place].path)
    without = race(noise=0.0)
    assert nameless(without, 1) == nameless(without.replaced(seed=9), 1)
    assert nameless(experiment, 1) != nameless(experiment.replaced(seed=9), 1)


def test_a_copy_can_have_the_changes_of_the_one_that_it_copies():
    experiment = race(changes=[{"step": 20, "set": {"Adam.lr": 0.01}}])
    more = copied(experiment.duplicated(1), "Adam", "Adam 2")
    assert more.changes[0].set == {"Adam.lr": 0.01, "Adam 2.lr": 0.01}
    one, two = trails(more)[1:3]
    np.testing.assert_array_equal(one.path, two.path)
    assert copied(race().duplicated(1), "Adam", "Adam 2") == race().duplicated(1)
