"""The engine repeats PyTorch's trainings of networks to 1e-9, a hundred steps each.

`network_cases` says which they are, `make_networks` how the golden file is made and why its
trainings can judge so finely. Measured: half of them agree to 2e-15, the worst to 3e-11.
"""

import json
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from textwrap import indent
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Run
from engine.inits import inits
from engine.layers import layers
from engine.losses import losses
from engine.optimizers import optimizers
from engine.schedules import schedules
from tests.oracle.agreement import TOLERANCE, distances
from tests.oracle.combinations import pair
from tests.oracle.network_cases import cases, combined, located
from tests.oracle.network_choices import SLOTS, STEPS, possible, wanted

HERE = Path(__file__).parent
README = HERE.parents[1] / "README.md"
REPLAY = HERE / "replay.py"


@dataclass(frozen=True)
class Training:
    """One of PyTorch's trainings: its words, and arrays by the names that a record has for them."""

    words: dict[str, Any]
    initial: dict[str, np.ndarray]
    batches: np.ndarray
    results: dict[str, np.ndarray]


def trainings():
    """All trainings of the golden file."""
    with np.load(HERE / "networks.npz") as golden:
        stored = dict(golden)
    found, at, rows_at = [], 0, 0
    for place, entry in enumerate(json.loads(stored["networks"].item())["trainings"]):
        initial, results = {}, {
            "loss": stored["losses"][place], "penalty": stored["penalties"][place],
            "evaluated": stored["evaluated"][place]}
        for name, shape in entry["arrays"].items():
            part = slice(at, at := at + int(np.prod(shape)))
            initial[f"initial/{name}"] = stored["initial"][part].reshape(shape)
            results[f"final/{name}"] = stored["final"][part].reshape(shape)
        batches = stored["batches"][rows_at : (rows_at := rows_at + int(np.prod(entry["batches"])))]
        found.append(Training(
            entry["words"], initial, batches.reshape(entry["batches"]), results))
    return found


TRAININGS = trainings()


def label(training):
    problem, (contestant,) = training.words["problem"], training.words["contestants"]
    loss = problem["loss"] if isinstance(problem["loss"], str) else problem["loss"]["name"]
    kinds = [table["kind"] for table in contestant["layers"] if table["kind"] != "dense"]
    data = problem["dataset"].get("name", "file")
    return "-".join([data, loss, contestant["optimizer"]["name"], *kinds])


every = pytest.mark.parametrize("training", TRAININGS, ids=map(label, TRAININGS))


def repeated(training):
    """The engine's run of a training, and beside it that of one whose learning rate is near."""
    (same,) = training.words["contestants"]
    rate = same["optimizer"]["lr"] * (1 + 1e-6)
    near = {**same, "name": "near", "optimizer": {**same["optimizer"], "lr": rate}}
    words = located({**training.words, "contestants": [same, near]})
    return Run(Experiment(**words)).finish()


def results(run, place):
    """What a contestant's record says, by name, with its mean losses in use at the end."""
    record, state = run.record(), run.at(STEPS).contestants[place]
    mine = {name.partition("/")[2]: array for name, array in record.items()
            if name.startswith(f"{place}/")}
    return {**mine, "evaluated": np.array(
        [state.evaluate("train").loss, state.evaluate("test").loss])}


@every
def test_the_engine_repeats_the_training_and_can_tell_it_from_a_neighbour(training):
    run, said = repeated(training), json.dumps(training.words)
    ours = results(run, 0)
    np.testing.assert_array_equal(ours["batches"], training.batches, said)
    for name, array in training.initial.items():
        # LAPACK rotates in an order of its own on every machine; all else is exact.
        slack = 1e-14 if "orthogonal" in said else 0.0
        np.testing.assert_allclose(ours[name], array, rtol=0, atol=slack, err_msg=f"{name}: {said}")
    assert {name for name in ours if name.startswith("final/")} == {
        name for name in training.results if name.startswith("final/")}, said
    apart = distances(ours, training.results)
    assert max(apart.values()) <= TOLERANCE, f"{apart} in {said}"
    # A rate off by 1e-6 is found out, so agreement to 1e-9 says something.
    assert max(distances(results(run, 1), training.results).values()) > TOLERANCE, said


def test_golden_trainings_are_those_that_are_planned():
    def settled(words):
        """Words without what `make_networks` may vary."""
        words = json.loads(json.dumps(words))
        del words["seed"], words["contestants"][0]["optimizer"]["lr"]
        return words

    planned = cases()
    assert len(TRAININGS) == len(planned)
    for training, words in zip(TRAININGS, planned, strict=True):
        assert settled(training.words) == settled(words)


def test_planned_trainings_cover_every_two_choices_that_can_be_together():
    met = {
        pair((SLOTS[one][0], chosen[one]), (SLOTS[other][0], chosen[other]))
        for chosen in combined() for one, other in combinations(chosen, 2)
    }
    assert all(possible(*both) for both in met)
    for one, other in combinations(SLOTS, 2):
        (first, values), (second, others) = SLOTS[one], SLOTS[other]
        asked = [pair((first, a), (second, b)) for a in values for b in others if first != second]
        assert {both for both in asked if possible(*both) and wanted(*both)} <= met


def test_golden_trainings_cover_every_layer_init_loss_optimizer_and_schedule():
    problems = [training.words["problem"] for training in TRAININGS]
    contestants = [training.words["contestants"][0] for training in TRAININGS]
    tables = [table for contestant in contestants for table in contestant["layers"]]

    def names(words):
        return {entry if isinstance(entry, str) else entry["name"] for entry in words}

    assert {table["kind"] for table in tables} == set(layers)
    assert names([c["init"] for c in contestants] + [
        table["init"] for table in tables if "init" in table]) == set(inits)
    assert names(problem["loss"] for problem in problems) == set(losses)
    assert names(c["optimizer"] for c in contestants) == set(optimizers)
    assert names(c["schedule"] for c in contestants if "schedule" in c) == set(schedules)


def test_the_replay_is_short_knows_nothing_of_the_engine_and_stands_in_the_readme():
    script = REPLAY.read_text(encoding="utf-8")
    assert sum(bool(line.strip()) for line in script.splitlines()) <= 30
    assert "import engine" not in script and "from engine" not in script
    readme = README.read_text(encoding="utf-8")
    assert script in readme or indent(script, "    ") in readme, "README shows another replay.py"
