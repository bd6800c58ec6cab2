"""The engine repeats the descents of PyTorch and optax to 1e-12, two hundred steps each.

`make_trails` says how the golden file is made, and why its trails can judge so finely. Measured:
half of them agree to the last digit, the worst to 1e-14.
"""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from engine import Experiment, Run
from engine.optimizers import optimizers
from engine.schedules import schedules

with np.load(Path(__file__).with_name("trails.npz")) as golden:
    TRAILS = json.loads(golden["trails"].item())["trails"]
    PATHS, RATES = golden["paths"], golden["rates"]
STEPS = RATES.shape[1]
TOLERANCE = 1e-12


def label(trail):
    extra = trail.get("schedule", {}).get("name") or trail.get("clip", {}).get("by", "plain")
    return f"{trail['optimizer']['name']}-{trail['surface']}-{extra}"


every = pytest.mark.parametrize(
    "trail, path, rates", list(zip(TRAILS, PATHS, RATES, strict=True)), ids=map(label, TRAILS)
)


def race(trail, *contestants):
    """An experiment of contestants on one trail's problem."""
    problem = {"kind": "surface", "surface": trail["surface"], "start": trail["start"]}
    return Experiment(steps=STEPS, problem=problem, contestants=contestants)


def contestant(trail, **changes):
    """A trail's settings as a contestant, with changes to the optimizer's hyperparameters."""
    words = {key: trail[key] for key in ("schedule", "clip") if key in trail}
    return {**words, "optimizer": {**trail["optimizer"], **changes}}


def distance(ours, theirs):
    return np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1.0)


@every
def test_the_engine_repeats_the_trail_and_can_tell_it_from_a_neighbour(trail, path, rates):
    near = contestant(trail, lr=trail["optimizer"]["lr"] * (1 + 1e-9))
    experiment = race(trail, {"name": "same", **contestant(trail)}, {"name": "near", **near})
    record = Run(experiment).finish().record()
    np.testing.assert_allclose(
        experiment.contestants[0].rates(np.arange(1, STEPS + 1)), rates, rtol=1e-12, atol=0
    )
    assert distance(record["0/path"], path) <= TOLERANCE
    # A rate off by 1e-9 is found out, so agreement to 1e-12 says something.
    assert distance(record["1/path"], path) > TOLERANCE


@pytest.mark.parametrize("by, measure", [
    ("norm", lambda gradient: np.linalg.norm(gradient, axis=1)),
    ("value", lambda gradient: np.abs(gradient).max(axis=1)),
])
def test_clipped_trails_are_clipped_on_some_steps(by, measure):
    clipped = [trail for trail in TRAILS if trail.get("clip", {}).get("by") == by]
    assert {trail["optimizer"]["name"] for trail in clipped} == set(optimizers)
    for trail in clipped:
        gradient = Run(race(trail, contestant(trail))).finish().record()["0/gradient"]
        assert (measure(gradient) > trail["clip"]["limit"]).any()


def test_golden_trails_cover_every_optimizer_with_its_defaults_and_two_more_settings():
    plain = defaultdict(list)
    for trail in TRAILS:
        if not trail.keys() & {"clip", "schedule"}:
            hypers = dict(trail["optimizer"])
            plain[hypers.pop("name"), trail["surface"]].append(hypers)
    surfaces = ("beale", "rosenbrock", "ravine")
    assert set(plain) == {(name, surface) for name in optimizers for surface in surfaces}
    for (name, _), settings in plain.items():
        defaults = optimizers[name].defaults()
        assert defaults in settings
        assert len({tuple(hypers.items()) for hypers in settings}) >= 3
        changed = {key for hypers in settings for key in hypers if hypers[key] != defaults[key]}
        assert changed == set(defaults), "every hyperparameter has been changed in some trail"


def test_golden_trails_cover_every_schedule_and_schedule_every_optimizer():
    scheduled = [trail for trail in TRAILS if "schedule" in trail]
    assert {trail["optimizer"]["name"] for trail in scheduled} == set(optimizers)
    assert {trail["schedule"]["name"] for trail in scheduled} == set(schedules) - {"constant"}
    for trail, rates in zip(TRAILS, RATES, strict=True):
        assert (rates.max() > 2 * rates.min()) == ("schedule" in trail)
