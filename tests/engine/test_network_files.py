"""Networks from files and scripts: what is refused and how, what is written, what comes back."""

import copy
import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine import Experiment, Run, cli
from engine.errors import ExperimentError, RunError
from engine.experiment import Clip
from engine.lesson import Lesson, open_file
from engine.network.order import Order
from engine.script import to_python

DENSE = {"kind": "dense", "width": 8}
RICH = [DENSE, {"kind": "batch-norm"}, {"kind": "tanh"}, {"kind": "dropout", "rate": 0.2}]
ROWS = "".join(f"{0.1 * i:.1f},{i % 7},{'ab'[i % 2]}\n" for i in range(40))

TOML = """\
format = 1
steps = 20
[problem]
kind = "network"
dataset = {dataset}
loss = "cross-entropy"
batch = 4
[[contestants]]
layers = [{{ kind = "dense", width = 8 }}]
optimizer = "adam"
"""


def experiment(*layers, steps=60, changes=(), **problem):
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": 100}, "batch": 16,
               **problem}
    contestants = [{"name": name, "layers": chosen, "optimizer": {"name": "sgd", "lr": 0.1}}
                   for name, chosen in zip("ABC", layers or [RICH], strict=False)]
    return Experiment(steps=steps, problem=problem, contestants=contestants, changes=changes)


def from_script(made):
    names = {}
    exec(to_python(made).split("run = Run")[0], names)
    return names["experiment"]


def replays(run):
    """Whether the record of a finished run is that of the experiment that is written in it."""
    record = run.record()
    again = Run(Experiment.from_toml(str(record["experiment"]))).finish().record()
    return all(np.array_equal(record[key], again[key], equal_nan=record[key].dtype.kind == "f")
               for key in record)


# --- the command line -------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "words"), [
    ("x1,x2,label\n" + ROWS + "foo,1,a\n", "line 42, column 'x1': is 'foo', which is no number"),
    ("x1,x2,label\n" + ROWS + ",1,a\n", "line 42, column 'x1': is empty"),
    ("x1,x2,label\n" + ROWS.replace("b", "a"), "all rows are of one class, 'a'"),
    ("x1,x2,lable\n" + ROWS, "the header has no column 'label'; did you mean 'lable'?"),
    (None, "there is no such file"),
])
def test_a_data_file_that_cannot_be_used_is_a_refused_file(text, words, tmp_path, capsys):
    data, race = tmp_path / "mine.csv", tmp_path / "race.toml"
    if text is not None:
        data.write_text(text, encoding="utf-8")
    race.write_text(TOML.format(dataset='{ file = "mine.csv", target = "label" }'), "utf-8")
    assert cli.main(["run", str(race), "-o", str(tmp_path / "out.npz")]) == cli.REFUSED
    error = capsys.readouterr().err
    assert error.startswith(f"trainscope: {data}: ") and words in error
    assert not (tmp_path / "out.npz").exists()


def test_a_mistake_that_only_the_data_show_names_the_experiments_file(tmp_path, capsys):
    race = tmp_path / "race.toml"
    race.write_text(TOML.format(dataset='{ name = "moons", samples = 4 }'), "utf-8")
    assert cli.main(["run", str(race)]) == cli.REFUSED
    assert capsys.readouterr().err == (
        f"trainscope: {race}: problem.batch: must be at most 3, the number of training rows, "
        "not 4; 0 takes them all at every step\n")


def test_data_lie_beside_the_experiment_wherever_it_is_opened_from(tmp_path, monkeypatch, capsys):
    for folder in ("races", "elsewhere"):
        (tmp_path / folder).mkdir()
    (tmp_path / "races" / "mine.csv").write_text("x1,x2,label\n" + ROWS, encoding="utf-8")
    (tmp_path / "races" / "race.toml").write_text(
        TOML.format(dataset='{ file = "mine.csv", target = "label" }'), encoding="utf-8")
    monkeypatch.chdir(tmp_path / "elsewhere")
    race = str(Path("..", "races", "race.toml"))
    assert cli.main(["run", race, "--json"]) == cli.DONE
    assert json.loads(capsys.readouterr().out)["contestants"][0]["steps"] == 20
    assert open_file(race).problem.dataset.file == str((tmp_path / "races" / "mine.csv").resolve())


def test_data_of_a_beat_lie_beside_the_lesson(tmp_path):
    for name in ("mine.csv", "other.csv"):
        (tmp_path / name).write_text("x1,x2,label\n" + ROWS, encoding="utf-8")
    race = experiment(dataset={"file": "mine.csv", "target": "label"}, loss="hinge")
    lesson = tmp_path / "lesson.toml"
    lesson.write_text(Lesson(title="x", experiment=race, beats=[
        {"seconds": 1},
        {"seconds": 1, "set": {"problem.dataset": {"file": "other.csv", "target": "label"}}},
        {"seconds": 1, "set": {"problem.dataset.file": "mine.csv"}},
    ]).to_toml(), encoding="utf-8")
    files = [made.problem.dataset.file for made in open_file(lesson).experiments]
    assert files == [str(tmp_path.resolve() / name)
                     for name in ("mine.csv", "other.csv", "mine.csv")]


def test_a_long_step_keeps_nobody_waiting_for_thousands_of_them():
    wide = [{"kind": "dense", "width": 400}, {"kind": "dense", "width": 400}]
    run, seen = Run(experiment(wide, steps=100_000, batch=64)), []

    class Enough(Exception):
        pass

    def progress(step, steps):
        seen.append(time.monotonic())
        if step > 10:
            raise Enough

    with pytest.raises(Enough):
        run.finish(progress)
    assert len(seen) > 3 and run.computed < 8192


# --- what is refused, and where ---------------------------------------------------------------


@pytest.mark.parametrize(("points", "more", "words"), [
    ([[1e40, 0, 0], [0, 0, 1]], {}, "the inputs go beyond it; preprocess ="),
    ([[1, 0, 1e40], [0, 0, 0.5]], {"task": "regression"}, "the targets go beyond it"),
])
def test_data_beyond_float32_are_refused_before_they_become_infinite(points, more, words):
    made = experiment([DENSE], dataset={"points": points, **more}, batch=0)
    with pytest.raises(ExperimentError, match="problem.precision: must be float64") as caught:
        Run(made)
    assert words in str(caught.value)
    assert Run(made.with_problem(precision="float64")).finish().done


def test_scaled_data_fit_into_float32_however_large_they_were():
    made = experiment([DENSE], dataset={"points": [[1e40, 0, 0], [0, 0, 1]]}, batch=0,
                      preprocess=["center", "scale"])
    assert np.isfinite(Run(made).finish().summary()[0]["loss"])


def test_batch_norm_on_one_training_row_is_told_about_the_rows():
    made = experiment(RICH, dataset={"name": "sine", "samples": 2}, batch=0, test_fraction=0.9)
    with pytest.raises(ExperimentError, match="needs at least 2 training rows, and there is 1"):
        Run(made)


def test_drawn_points_say_what_is_learnt_from_them():
    classes = {"points": [[0, 0, 0], [1, 1, 1], [2, 2, 2]]}
    numbers = {"points": [[0, 0, 0.5], [1, 1, 1]], "task": "regression"}
    assert experiment(dataset=classes).problem.loss.name == "cross-entropy"
    assert experiment(dataset=numbers).problem.loss.name == "mse"
    assert experiment(dataset=classes).with_problem(dataset=numbers).problem.loss.name == "mse"
    for loss, task in (("mse", "regression"), ("logistic", "2 classes")):
        with pytest.raises(ExperimentError, match=f"problem.loss: {loss} is for {task}"):
            experiment(dataset=classes, loss=loss)


@pytest.mark.parametrize("x", [[["a", "b"]], [[1, 2], [3]]])
def test_inputs_that_are_no_table_of_numbers_are_refused(x):
    state = Run(experiment()).at(0).contestants[0]
    with pytest.raises(RunError, match=r"inputs must be numbers of the shape \(n, 2\)"):
        state.outputs(x)


@pytest.mark.parametrize("steps", [2.0, "3", None])
def test_steps_are_whole_numbers(steps):
    run = Run(experiment())
    with pytest.raises(RunError, match="a whole number of steps from 0 up, not"):
        run.advance(steps)
    run.advance(np.int32(5))
    assert run.finish().computed == 60


# --- scripts and changes ----------------------------------------------------------------------


def test_a_plane_goes_through_steps_of_the_race_and_a_surface_has_none():
    seen = {"plane": "steps", "plane_steps": (0, 30, 60), "plane_scale": (0.0, 2.0)}
    made = experiment(steps=60).replaced(picture=seen)
    with pytest.raises(ExperimentError, match=r"picture.plane_steps: must be steps from 0 to 60, "
                                              "not 900"):
        made.replaced(picture={**seen, "plane_steps": (0, 900, 20)})
    # An edit of the race takes its picture along, as far as that is about something in it.
    assert made.replaced(steps=40).picture.plane_steps == (0, 30, 40)
    flat = made.replaced(problem={"kind": "surface", "surface": "beale"},
                         contestants=[{"optimizer": "sgd"}])
    assert flat.picture.plane is None and flat.picture.plane_scale is None
    assert flat.seen_as(made.picture) == flat


@pytest.mark.parametrize("problem", [
    {"preprocess": ["whiten"]},
    {"drift": {"kind": "shift", "per_1000_steps": 1, "direction": [1.0]}, "dataset": "sine"},
    {"dataset": {"file": "mine.csv", "target": "y", "inputs": ["x"]}, "loss": "huber"},
    {"dataset": {"file": "mine.csv", "target": ["y", "z"]}, "loss": {"name": "huber", "delta": 2}},
])
def test_copy_as_python_makes_the_same_experiment(problem):
    first = {"kind": "dense", "width": 4, "init": {"name": "normal", "std": 0.1}, "lr_factor": 0.5}
    made = experiment([first, {"kind": "maxout", "pieces": 3}], [], **problem, changes=[
        {"step": 3, "set": {"A.lr": 0.01, "A.clip": {"by": "norm", "limit": 1.0}}}])
    assert from_script(made) == made
    assert Experiment.from_toml(made.to_toml()) == made


def test_a_change_is_kept_as_a_file_gives_it_back():
    run = Run(experiment())
    run.change({"A.lr": np.float32(0.25), "A.clip": Clip(by="value", limit=2.0)})
    assert run.experiment.changes[0].set == {
        "A.lr": 0.25, "A.clip": {"by": "value", "limit": 2.0}}
    assert Experiment.from_toml(run.experiment.to_toml()) == run.experiment
    assert replays(run.finish())


def test_none_is_no_value_of_a_change_or_of_a_beat():
    with pytest.raises(ExperimentError, match=r'"A.clip": must be a value that a file can hold'):
        Run(experiment()).change({"A.clip": None})
    with pytest.raises(ExperimentError, match=r'beats\[0\].set."A.clip": must be a value that'):
        Lesson(title="x", experiment=experiment(),
               beats=[{"seconds": 1, "set": {"A.clip": None}}])


def test_a_value_that_is_changed_and_changed_back_before_the_next_step_is_as_it_was():
    run = Run(experiment())
    run.advance(10)
    run.change({"A.lr": 0.5})
    run.change({"A.lr": 0.1})
    assert replays(run.finish())


def test_later_changes_that_a_new_one_takes_away_are_gone_for_all_contestants():
    run = Run(experiment(RICH, RICH, changes=[{"step": 30, "set": {"B.lr": 0.5}}]))
    run.advance(10)
    run.change({"A.lr": 0.5})
    assert [change.step for change in run.experiment.changes] == [11]
    assert replays(run.finish())


def test_a_run_with_hundreds_of_changes_begins_at_once():
    made = experiment(RICH, RICH, steps=400, changes=[
        {"step": step, "set": {"A.lr": 0.1 / step}} for step in range(1, 301)])
    began = time.process_time()
    run = Run(made)
    # 0.2 s where each change is made once, half a minute where each begins with the first.
    assert time.process_time() - began < 5
    assert replays(run.finish())


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_a_change_near_a_divergence_is_made_in_what_another_run_has_computed(late):
    # Each step multiplies the weights by 1e12; the last one's loss is finite, its weights are not.
    hot = Experiment(steps=60, problem={"kind": "network", "dataset": "moons"}, contestants=[
        {"name": "A", "layers": [], "optimizer": {"name": "sgd", "lr": 1e6}, "l2": 1e6}])
    run = Run(hot).finish()
    step = run.summary()[0]["diverged_at"]
    assert step == 4
    mended = hot.replaced(changes=[{"step": step + late, "set": {"A.lr": 1e-3, "A.l2": 0.0}}])
    found = Run(mended, instead_of=run).finish()
    assert found.summary()[0]["diverged_at"] == (step if late > 0 else -1)
    assert replays(found)


# --- states elsewhere -------------------------------------------------------------------------


@pytest.mark.parametrize("problem", [
    {}, {"batch": 0, "drift": {"kind": "light", "per_1000_steps": 1.0}},
])
def test_a_state_can_be_copied_and_sent_to_another_process(problem):
    state = Run(experiment(**problem)).finish().at(20).contestants[0]
    for other in (pickle.loads(pickle.dumps(state)), copy.deepcopy(state), copy.copy(state)):
        assert np.array_equal(other.state, state.state)
        assert (other.loss, other.test.loss) == (state.loss, state.test.loss)


THREADS = """
import hashlib, numpy as np
from engine import Experiment, Run
made = Experiment(steps=2, problem={
    "kind": "network", "batch": 100, "dataset": {"file": "wide.npz"}, "loss": "logistic",
    "preprocess": ["center", "whiten"],
}, contestants=[{"layers": [{"kind": "dense", "width": 700}] * 2, "init": "orthogonal",
                 "optimizer": "adam"}])
for _ in range(2):
    record = Run(made).finish().record()
    print(hashlib.sha256(b"".join(record[key].tobytes() for key in
                                  ("train/x", "0/initial/1.W", "0/loss"))).hexdigest())
"""


def test_the_numbers_do_not_hang_on_how_many_threads_blas_would_take(tmp_path):
    random = np.random.default_rng(0)
    np.savez(tmp_path / "wide.npz", x=random.normal(size=(4000, 300)), y=np.arange(4000) % 2)
    found = set()
    for threads in ("1", "2"):
        more = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads,
                "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run([sys.executable, "-c", THREADS], cwd=tmp_path, text=True,
                              env=os.environ | more, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr
        found |= set(done.stdout.split())
    assert len(found) == 1


# --- the record's memory ----------------------------------------------------------------------


def test_whole_batches_are_in_memory_once_however_many_steps_there_are():
    batches = Order(1000, 0, seed=1).recorded(10_000_000)
    assert batches.shape == (10_000_000, 1000)
    assert np.array_equal(batches[-1], np.arange(1000))


def test_recorded_batches_are_those_of_the_run():
    order = Order(70, 16, seed=1)
    recorded = order.recorded(200_000)
    assert recorded.dtype == np.int32
    # Through the border between two of the stretches that it is made in.
    assert np.array_equal(recorded[62_400:62_600], order.batches(62_401, 200))
    assert order.recorded(0).shape == (0, 16)
