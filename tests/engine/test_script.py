"""'Copy as Python': runs as pasted, builds the same experiment, and looks as if typed with care."""

import subprocess
import sys

import pytest
from hypothesis import given, settings

from engine import Experiment, Run, surfaces
from engine.script import to_python
from tests.engine.test_experiment import experiments

EXPERIMENT = Experiment(
    title='Beale\'s valley, "noisy"',
    seed=3,
    steps=60,
    problem={"kind": "surface", "surface": "beale", "start": [1, 1.25], "noise": 0.1},
    contestants=[
        {"optimizer": "adam"},
        {"name": "Momentum, clipped and annealed", "color": "#0072B2",
         "optimizer": {"name": "momentum", "lr": 0.01, "momentum": 0.95},
         "schedule": {"name": "cosine", "horizon": 60}, "clip": {"by": "norm", "limit": 2}},
        {"name": "Too fast", "optimizer": {"name": "sgd", "lr": 100}},
    ],
    picture={"step": 4},
)


def rebuilt(script):
    """The experiment that a script builds, without running it."""
    names = {}
    exec(script.partition("run = Run(")[0], names)
    return names["experiment"]


def test_the_script_runs_as_pasted_and_prints_every_contestants_end():
    done = subprocess.run([sys.executable, "-c", to_python(EXPERIMENT)], capture_output=True,
                          text=True, check=True)
    for row in Run(EXPERIMENT).finish().summary():
        x, y = row["point"]
        line = f"{row['name']}: loss {row['loss']:.6g} at ({x:.6g}, {y:.6g})"
        assert line in done.stdout
        assert row["explanation"] in done.stdout
    assert "diverged" in done.stdout


def test_only_what_is_no_default_is_written():
    script = to_python(EXPERIMENT)
    assert '{"name": "Adam", "optimizer": "adam"}' in script
    assert "beta1" not in script and "muted" not in script and "picture" not in script
    plain = Experiment(problem={"kind": "surface", "surface": "booth"},
                       contestants=[{"optimizer": "sgd"}])
    assert to_python(plain).startswith('''\
from engine import Experiment, Run

experiment = Experiment(
    problem={"kind": "surface", "surface": "booth"},
    contestants=[{"name": "SGD", "optimizer": "sgd"}],
)

run = Run(experiment)
''')
    moved = plain.with_problem(start=surfaces["booth"].minima[0])
    assert "start" in to_python(moved)


@settings(deadline=None)
@given(experiments)
def test_the_script_builds_exactly_this_experiment(experiment):
    assert rebuilt(to_python(experiment)) == experiment.replaced(picture=None)


@pytest.mark.parametrize("experiment", [
    EXPERIMENT,
    EXPERIMENT.replaced(contestants=EXPERIMENT.contestants[:1]),
    EXPERIMENT.with_problem(formula="(1 - x)**2 + 100*(y - x**2)**2 + 0.125*sin(3*x)*sin(3*y)",
                            domain=((-2, 2), (-1.5, 3))),
])
def test_formatters_leave_it_alone(experiment):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"],
        input=to_python(experiment), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
