"""`[[measures]]`: strict, complete in files and scripts, kept in the record under their names."""

import subprocess
import sys

import numpy as np
import pytest

from engine import Experiment, Run
from engine.errors import ExperimentError
from engine.listing import catalogue
from engine.maps import basins, settings, whole
from engine.measures import measures
from engine.script import to_python

# Each kind with all that its table needs, and the kinds of problem that have it.
PROMISED = {"basins": {"surface"}, "landscape": {"network"}, "settings": {"network", "surface"}}

FILE = """
format = 1
steps = 60
[problem]
kind = "surface"
surface = "himmelblau"
[[contestants]]
optimizer = { name = "momentum", lr = 0.005 }
[[contestants]]
optimizer = { name = "adam", lr = 0.05 }
[[measures]]
kind = "basins"
size = [12, 9]
[[measures]]
kind = "settings"
name = "rates"
contestants = ["Momentum"]
size = [6, 5]
"""


def race(*found):
    return Experiment.from_toml(FILE).replaced(measures=found)


def test_promised_kinds_are_there_and_say_what_their_keys_and_arrays_are():
    for name, kinds in PROMISED.items():
        assert measures[name].kinds == kinds
    for name, definition in measures.items():
        table = definition.table()
        own = set(table.model_fields) - {"kind", "name", "contestants"}
        assert own == set(definition.keys), name
        assert definition.arrays and definition.doc.endswith(".") and definition.source


def test_measures_are_listed_with_their_keys():
    rows = {row["name"]: row for row in catalogue("measures")["measures"]}
    assert set(PROMISED) <= set(rows) and "tolerance" in rows["basins"]["keys"]


def test_a_record_has_every_measures_arrays_under_its_name():
    run = Run(Experiment.from_toml(FILE)).finish()
    record = run.record()
    assert record["measures/basins/x"].shape == (12,)
    for place in range(2):
        picture = whole(basins(run.experiment, place, size=(12, 9)))
        for key in ("reached", "steps", "loss"):
            np.testing.assert_array_equal(record[f"measures/basins/{place}/{key}"],
                                          getattr(picture, key))
    picture = whole(settings(run.experiment, 0, size=(6, 5)))
    assert list(record["measures/rates/0/axes"]) == ["lr", "momentum"]
    for key in ("x", "y", "loss", "steps", "diverged_at"):
        np.testing.assert_array_equal(record[f"measures/rates/0/{key}"], getattr(picture, key))
    assert not any(key.startswith("measures/rates/1") for key in record)


def test_the_command_writes_them(tmp_path):
    file, out = tmp_path / "race.toml", tmp_path / "out.npz"
    file.write_text(FILE)
    subprocess.run([sys.executable, "-m", "engine", "run", str(file), "-o", str(out)], check=True,
                   capture_output=True)
    with np.load(out, allow_pickle=False) as record:
        assert record["measures/basins/1/reached"].shape == (9, 12)
        again = Experiment.from_toml(str(record["experiment"]))
    assert again.measures == Experiment.from_toml(FILE).measures


def test_saving_can_be_called_off_while_a_measure_is_worked_out(tmp_path):
    calls = []

    def between():
        calls.append(None)
        if len(calls) > 20:
            raise KeyboardInterrupt

    run = Run(race({"kind": "basins", "size": [400, 400]})).finish()
    with pytest.raises(KeyboardInterrupt):
        run.save(tmp_path / "out.npz", between)
    assert list(tmp_path.iterdir()) == []


def test_measures_round_trip_through_toml_and_python():
    experiment = Experiment.from_toml(FILE)
    assert [entry.name for entry in experiment.measures] == ["basins", "rates"]
    assert Experiment.from_toml(experiment.to_toml()) == experiment
    names = {}
    exec(to_python(experiment).partition("run = ")[0], names)  # noqa: S102  our own script
    assert names["experiment"] == experiment
    assert "measures" not in experiment.replaced(measures=()).to_toml()


def test_measures_without_a_name_are_called_by_their_kind():
    found = race({"kind": "basins"}, {"kind": "basins"}, {"kind": "settings"}).measures
    assert [entry.name for entry in found] == ["basins", "basins 2", "settings"]


@pytest.mark.parametrize("raw, said", [
    ({"kind": "basin"}, "measures[0].kind: no measure 'basin'; did you mean 'basins'?"),
    ({}, "measures[0].kind: is missing; known: basins"),
    ({"kind": "basins", "sise": [2, 2]}, "measures[0].sise: is not a key that is known here; did "
                                         "you mean size?"),
    ({"kind": "basins", "size": [1, 9]}, "two whole numbers from 2 to 4,000"),
    ({"kind": "basins", "box": [[1, 0], [0, 1]]}, "measures[0].box[0]: must go from a smaller"),
    ({"kind": "basins", "name": "a/b"}, "without /"),
    ({"kind": "basins", "contestants": ["SGD"]},
     "measures[0].contestants: must be contestants' names (Momentum, Adam), not 'SGD'"),
    ({"kind": "basins", "contestants": []}, "measures[0].contestants: must be a list"),
    ({"kind": "settings", "contestants": ["Adam"], "axes": ["lr", "momentum"]},
     "measures[0].axes[1]: Adam has no hyperparameter 'momentum'"),
    ({"kind": "settings", "axes": ["lr", "momentun"]},
     "measures[0].axes: must be hyperparameters that a contestant has; none has 'momentun'"),
    ({"kind": "settings", "axes": ["momentum", "beta1"]}, "none has both 'momentum' and 'beta1'"),
    ({"kind": "settings", "axes": ["lr", "lr"]}, "two different hyperparameters"),
    ({"kind": "settings", "box": [[0.1, 1], [0, 2]]}, "measures[0].box[1]: momentum must go from"),
    ({"kind": "settings", "box": [[0, 1], [0, 0.99]]},
     "measures[0].box[0]: lr goes by factors, so its axis must begin above 0, not at 0"),
])
def test_what_is_wrong_with_a_measure_is_said_with_its_place(raw, said):
    with pytest.raises(ExperimentError) as refused:
        race(raw)
    assert said in str(refused.value)


def test_all_that_is_wrong_with_measures_is_said_at_once():
    with pytest.raises(ExperimentError) as refused:
        race({"kind": "settings", "contestants": ["Adm"], "axes": ["lr", "momentun"], "size": 5,
              "box": [[-1, 1], [0, 2]]},
             {"kind": "landscape", "size": 1}, "basins", {"kind": "foo"})
    assert [(mistake.place, mistake.sentence) for mistake in refused.value.mistakes
            ] == [
        ("measures[0].size", "must be two whole numbers from 2 to 4,000, [columns, rows], not 5"),
        ("measures[0].contestants", "must be contestants' names (Momentum, Adam), not 'Adm'; "
                                    "did you mean 'Adam'?"),
        ("measures[0].axes", "must be hyperparameters that a contestant has; none has 'momentun'; "
                             "did you mean 'momentum'?"),
        ("measures[0].box[0]", "lr must go from a smaller to a larger number within 0 and 1e+06, "
                               "not from -1 to 1"),
        ("measures[1].size", "must be a whole number from 9 to 1,001, not 1"),
        ("measures[1].kind", "landscape is measured of a network only"),
        ("measures[2]", """must be a table such as { kind = "basins" }, not 'basins'"""),
        ("measures[3].kind", "no measure 'foo'; known: basins, landscape, settings"),
    ]


def test_two_measures_of_one_name_are_refused():
    with pytest.raises(ExperimentError, match=r"measures\[1\].name: must be unique"):
        race({"kind": "basins", "name": "map"}, {"kind": "settings", "name": "map"})


def test_a_network_has_no_basins():
    network = {"kind": "network", "dataset": "moons"}
    with pytest.raises(ExperimentError, match="measures.*basins is measured of a surface only"):
        Experiment(problem=network, contestants=[{"layers": [], "optimizer": "sgd"}],
                   measures=[{"kind": "basins"}])


def test_an_edit_keeps_what_can_still_be_measured():
    experiment = race({"kind": "basins", "contestants": ["Momentum", "Adam"]},
                      {"kind": "settings", "contestants": ["Momentum"], "axes": ["lr", "momentum"]})
    without = experiment.removed(0).measures
    assert [(entry.kind, entry.contestants) for entry in without] == [("basins", ("Adam",))]
    renamed = experiment.with_contestant(0, name="Ball").measures
    assert [entry.contestants for entry in renamed] == [("Ball", "Adam"), ("Ball",)]
    # Adam has no momentum to be varied: the edit counts, the measure goes.
    other = experiment.with_contestant(0, optimizer="adam")
    assert other.contestants[0].optimizer.name == "adam" and other.measures == ()
    with pytest.raises(ExperimentError):
        experiment.replaced(steps=-1)


# ---- landscapes

NETWORKS = """
format = 1
steps = 30
[problem]
kind = "network"
dataset = { name = "moons", samples = 60 }
precision = "float64"
batch = 8
[[contestants]]
name = "A"
layers = [{ kind = "dense", width = 4 }, { kind = "tanh" }]
optimizer = { name = "sgd", lr = 0.1 }
[[contestants]]
name = "B"
layers = [{ kind = "dense", width = 4 }, { kind = "tanh" }]
optimizer = { name = "adam", lr = 0.05 }
[[measures]]
kind = "landscape"
size = 9
[[measures]]
kind = "landscape"
name = "around B"
plane = "hessian"
rows = "test"
of = "B"
size = 9
box = [[-1, 1], [-2, 2]]
"""


def test_a_record_has_a_landscape_from_which_it_can_be_computed_again():
    from engine import landscape

    run = Run(Experiment.from_toml(NETWORKS)).finish()
    record = {key.removeprefix("measures/landscape/"): array for key, array in run.arrays()
              if key.startswith("measures/landscape/")}
    picture = landscape.Survey().picture(run.snapshot(), landscape.Wanted(size=9))
    assert np.array_equal(record["loss"], picture.field.heights)
    assert record["explained"] == pytest.approx(picture.plane.explained)
    state = run.snapshot().contestants[0]
    loss = landscape.WeightLoss(state, "train")
    weights = record["origin"] + record["x"][2] * record["axes"][0] + (
        record["y"][7] * record["axes"][1])
    assert loss.at(weights) == pytest.approx(record["loss"][7, 2], rel=1e-12)
    for place in range(2):
        assert record[f"{place}/loss"][-1] == pytest.approx(
            run.snapshot().contestants[place].train.loss, rel=1e-12)
        for key in ("steps", "points", "distance", "plane_loss"):
            assert len(record[f"{place}/{key}"]) == len(record[f"{place}/loss"])
    around = {key.removeprefix("measures/around B/"): array for key, array in run.arrays()}
    assert around["loss"].shape == (9, 9) and around["curvatures"][0] >= around["curvatures"][1]
    assert list(around["y"]) == [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2]
    assert around["loss"][4, 4] == pytest.approx(
        run.snapshot().contestants[1].test.loss, rel=1e-9)


@pytest.mark.parametrize(("raw", "said"), [
    ({"plane": "up"}, 'measures[0].plane: must be "pca", "random"'),
    ({"plane": "ends"}, "measures[0].plane: needs three contestants"),
    ({"of": "C"}, "measures[0].of: must be the name of one of its contestants (A, B)"),
    ({"contestants": ["B"], "of": "A"}, "one of its contestants (B), not"),
    ({"steps": [0, 1, 2]}, 'are for plane = "steps"'),
    ({"plane": "steps", "steps": [0, 1, 10**6]}, "measures[0].steps[2]: must be from 0 to "),
    ({"rows": "batch", "step": 10**6}, "measures[0].step: must be from 0 to "),
    ({"step": 1}, 'measures[0].step: is for rows = "batch"'),
    ({"size": 2}, "measures[0].size: must be a whole number from 9"),
])
def test_what_is_wrong_with_a_landscape_is_said_with_its_place(raw, said):
    with pytest.raises(ExperimentError) as error:
        Experiment.from_toml(NETWORKS).replaced(measures=[{"kind": "landscape", **raw}])
    assert said in str(error.value)


def test_a_landscape_of_one_that_is_gone_is_of_another():
    experiment = Experiment.from_toml(NETWORKS)
    renamed = experiment.with_contestant(1, name="Adam")
    assert renamed.measures[1].of == "Adam"
    assert experiment.removed(1).measures[1].of is None
