"""Which views are shown where nobody has chosen any, by the kind of problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.experiment import Experiment

Rows = Sequence[Sequence[str]]

LAB: Mapping[str, Rows] = {
    "surface": (("surface-path",), ("loss-curve", "step-anatomy")),
    "network": (("decision-map", "curves"), ("layer-histograms",)),
}
FILM: Mapping[str, Rows] = {
    "surface": (("surface-path", "standings"),),
    "network": (("decision-map", "curves"), ("layer-histograms",)),
}


def lab_rows(experiment: Experiment) -> Rows:
    """The views of the window: what the file says, or the usual ones."""
    picture = experiment.picture
    return picture.layout if picture is not None and picture.layout else LAB[
        experiment.problem.kind]


def film_rows(experiment: Experiment) -> Rows:
    """The views of a film of an experiment that names none."""
    return FILM[experiment.problem.kind]
