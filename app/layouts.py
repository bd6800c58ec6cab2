"""Which views are shown where nobody has chosen any, and arrangements to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.experiment import Experiment
from engine.lesson import Lesson
from engine.picture import Picture

from .arrangement import Arrangement, Rows, reshaped, usual
from .views import views

LAB: Mapping[str, Rows] = {
    "surface": (("surface-path",), ("loss-curve", "step-anatomy")),
    "network": (("decision-map", "curves"), ("layer-histograms",)),
}
FILM: Mapping[str, Rows] = {
    "surface": (("surface-path", "standings"),),
    "network": (("decision-map", "curves"), ("layer-histograms",)),
}


@dataclass(frozen=True)
class Named:
    """An arrangement by its title: views in rows, or those that are shown, `across` to a row."""

    title: str
    rows: Rows = ()
    across: int = 0

    def of(self, shown: Arrangement) -> Arrangement:
        """The arrangement itself; `shown` is the one before."""
        return usual(self.rows) if self.rows else reshaped(shown.views, self.across)


ARRANGEMENTS: Mapping[str, tuple[Named, ...]] = {
    "surface": (
        Named("Usual", LAB["surface"]),
        Named("Race", (("surface-path", "standings"), ("loss-curve",))),
        Named("One step taken apart", (("surface-path", "step-anatomy"),)),
        Named("Maps", (("basin-map",), ("settings-map", "surface-path"))),
        Named("One view a row", across=1),
        Named("Two views a row", across=2),
    ),
    "network": (
        Named("Training lab", LAB["network"]),
        Named("Depth lab", (("variance-by-depth", "activation-functions"),
                            ("layer-histograms", "depth-time"))),
        Named("Batch norm", (("decision-map", "curves"), ("batch-norm",))),
        Named("Dropout", (("dropout",), ("decision-map", "curves"))),
        Named("Bent space", (("space-warp", "decision-map"), ("curves",))),
        Named("Loss landscape", (("landscape", "curves"), ("landscape-slices",))),
        Named("One view a row", across=1),
        Named("Two views a row", across=2),
    ),
}


def offered(kind: str) -> tuple[str, ...]:
    """The views of a kind of problem, by their titles."""
    fitting = [view for view in views.values() if kind in view.kinds]
    return tuple(view.name for view in sorted(fitting, key=lambda view: view.title))


def lab_arrangement(experiment: Experiment, lesson: Lesson | None = None, script: Rows = ()
                    ) -> Arrangement:
    """The views of the window: what the viewer or the file says, or the script, or the usual ones.

    `script` are the rows that a lesson's moment asks for, by default those it begins with.
    """
    picture, kind = experiment.picture, experiment.problem.kind
    if lesson is not None and not arranged_anew(experiment, lesson) and any(lesson.layout):
        return _with_sizes(script or lesson.layout, lesson.experiment.picture)
    if picture is not None and any(picture.layout or ()):
        return _with_sizes(picture.layout or (), picture)
    return usual(LAB[kind])


def film_arrangement(lesson: Lesson, script: Rows = ()) -> Arrangement:
    """The views of a film: the script's, in the sizes that its experiment gives them.

    `script` are the rows that a moment asks for, by default those that the lesson begins with.
    """
    experiment, rows = lesson.experiment, script or lesson.layout
    return _with_sizes(rows, experiment.picture) if any(rows) else usual(
        FILM[experiment.problem.kind])


def arranged_anew(experiment: Experiment, lesson: Lesson) -> bool:
    """Whether the viewer has arranged the views of a lesson otherwise than its script."""
    return _arranged(experiment) != _arranged(lesson.experiment)


def _arranged(experiment: Experiment) -> object:
    picture = experiment.picture
    return (picture.layout, picture.widths, picture.heights) if picture is not None else (None,) * 3


def _with_sizes(layout: Rows, picture: Picture | None) -> Arrangement:
    """A layout in a picture's sizes, if they are this layout's."""
    if picture is None or picture.layout != layout:
        return usual(layout)
    return usual(layout, picture.widths, picture.heights)
