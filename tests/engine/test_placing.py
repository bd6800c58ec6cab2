"""Raw inputs and where they are shown: exact inverses, whatever prepares or moves them."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.network.placing import Placing
from engine.network.rows_now import RowsNow

PREPROCESS = ([], ["center"], ["center", "scale"], ["whiten"], ["center", "scale", "whiten"])
DRIFTS = (None, {"kind": "shift", "per_1000_steps": 500.0, "direction": [1.0, 2.0]},
          {"kind": "rotation", "per_1000_steps": 40.0}, {"kind": "light", "per_1000_steps": 300.0})


def material_of(preprocess, drift):
    experiment = Experiment(
        seed=3, steps=10,
        problem={"kind": "network", "dataset": {"name": "moons", "samples": 50},
                 "preprocess": preprocess, "drift": drift, "precision": "float64"},
        contestants=[{"layers": [], "optimizer": "sgd"}])
    return Run(experiment).snapshot().contestants[0].training.material


@pytest.mark.parametrize("drift", DRIFTS)
@pytest.mark.parametrize("preprocess", PREPROCESS)
def test_there_and_back_is_the_same_place(preprocess, drift):
    material = material_of(preprocess, drift)
    placing = Placing(material.data, material.drift, 7)
    raw = np.random.default_rng(0).normal(scale=3, size=(200, 2))
    np.testing.assert_allclose(placing.raw(placing.shown(raw)), raw, rtol=0, atol=1e-12)
    np.testing.assert_allclose(placing.shown(placing.raw(raw)), raw, rtol=0, atol=1e-12)


@pytest.mark.parametrize("drift", DRIFTS)
@pytest.mark.parametrize("preprocess", PREPROCESS)
def test_rows_are_shown_where_the_network_takes_them(preprocess, drift):
    material = material_of(preprocess, drift)
    data = material.data
    placing = Placing(data, material.drift, 7)
    taken = RowsNow(material, 7).train.x
    # On axes of raw inputs where there are such, else on those of prepared ones.
    expected = taken if data.transform.diagonal is None else data.transform.inverse(taken)
    np.testing.assert_allclose(placing.shown(data.raw_train_x), expected, rtol=0, atol=1e-12)


def test_nothing_is_rounded_where_nothing_moves_or_mixes():
    placing = Placing(material_of(["center", "scale"], None).data)
    raw = np.random.default_rng(0).normal(size=(50, 2))
    assert (placing.shown(raw) == raw).all()
    assert (placing.raw(raw) == raw).all()
