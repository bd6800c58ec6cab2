"""The kind of problem that a view or a panel is for."""

from __future__ import annotations

from engine.experiment import Experiment, SurfaceProblem


def surface_of(experiment: Experiment) -> SurfaceProblem:
    """The problem of an experiment on a surface."""
    problem = experiment.problem
    assert isinstance(problem, SurfaceProblem)
    return problem
