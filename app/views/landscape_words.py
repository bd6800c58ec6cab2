"""What is said of a landscape: which plane it is, what its axes hold, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.experiment import Experiment
from engine.landscape.asked import steps_of
from engine.landscape.picture import LandscapePicture, Wanted
from engine.snapshot import Snapshot

from ..numbers import number

ROWS = {"train": "training rows", "test": "test rows", "batch": "rows of the next batch"}


def plane_words(picture: LandscapePicture, snapshot: Snapshot) -> str:
    """Which plane this is, as a few words."""
    wanted = picture.wanted
    name = snapshot.experiment.contestants[wanted.contestant].name
    if wanted.plane == "pca":
        return "principal components of all paths"
    if wanted.plane == "random":
        return f"random directions around {name}"
    if wanted.plane == "hessian":
        return f"directions of largest curvature around {name}"
    if wanted.plane == "ends":
        names = [snapshot.experiment.contestants[path.contestant].name for path in picture.paths]
        return f"through {', '.join(names[:2])} and {names[2]}"
    first, second, third = steps_of(snapshot, wanted)
    return f"through steps {first:,}, {second:,} and {third:,} of {name}"


def lag_words(picture: LandscapePicture, snapshot: Snapshot) -> str:
    """Up to where the ways are drawn, if the run has gone on meanwhile."""
    last = max((int(path.steps[-1]) for path in picture.paths), default=0)
    return f"ways up to step {last:,}" if snapshot.step > last else ""


def note_words(picture: LandscapePicture, snapshot: Snapshot) -> str:
    """What a card's head says, what matters most first: a narrow head leaves out the last."""
    parts = [loss_words(picture), lag_words(picture, snapshot), count_words(picture),
             plane_words(picture, snapshot),
             left_out_words(snapshot.experiment, picture.left_out), scale_words(picture)]
    return " · ".join(filter(None, parts))


def scale_words(picture: LandscapePicture) -> str:
    """By what directions are scaled, or units that the two axes do not share."""
    if picture.plane.kind != "random":
        return ""
    return "filter-normalised, biases too" if picture.wanted.biases else "filter-normalised"


def axis_words(picture: LandscapePicture, snapshot: Snapshot) -> tuple[str, str]:
    """What is along the two axes."""
    plane, wanted = picture.plane, picture.wanted
    if plane.explained is not None:
        x, y = (f"{100 * share:.0f} %" if share >= 0.0995 else f"{100 * share:.1f} %"
                for share in plane.explained)
        return f"first component, {x} of the variance", f"second component, {y} of the variance"
    if plane.curvatures is not None:
        x, y = (number(value, 3) for value in plane.curvatures)
        return f"largest curvature, {x}", f"second largest curvature, {y}"
    if plane.kind == "random":
        return "first direction", "second direction"
    if wanted.plane == "ends":
        names = [snapshot.experiment.contestants[path.contestant].name for path in picture.paths]
        return f"towards {names[1]}", f"towards {names[2]}"
    _, second, third = steps_of(snapshot, wanted)
    return f"towards step {second:,}", f"towards step {third:,}"


def shorter(words: str) -> Iterator[str]:
    """What an axis holds, from all of it to the fewest words that still have a sense."""
    yield words
    name, _, value = words.removesuffix(" of the variance").partition(", ")
    if value:
        yield f"{name}, {value}"
        yield f"{name.partition(' ')[0]}, {value}"


def loss_words(picture: LandscapePicture) -> str:
    """Whose loss it is; that it is a loss, the card's title says."""
    return ROWS[picture.wanted.of] + (", with penalty" if picture.wanted.penalty else "")


def count_words(picture: LandscapePicture) -> str:
    """On how many of these rows."""
    loss = picture.loss
    return f"all {loss.rows:,}" if loss.rows == loss.of_rows else (
        f"{loss.rows:,} of {loss.of_rows:,}")


def left_out_words(experiment: Experiment, left_out: tuple[int, ...]) -> str:
    """Who is not on the plane, or nothing."""
    names = [experiment.contestants[index].name for index in left_out]
    if not names:
        return ""
    if len(names) > 2:
        return f"{len(names)} of another shape left out"
    return f"{' and '.join(names)} left out: another shape"


def steps_chosen(snapshot: Snapshot, wanted: Wanted, place: int) -> tuple[int, int, int]:
    """The three steps with one of them put to the step that is shown."""
    steps = list(steps_of(snapshot, wanted))
    steps[place] = snapshot.step
    return steps[0], steps[1], steps[2]
