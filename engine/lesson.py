"""A lesson: an experiment with a script of beats. Each beat is a stretch of time with a caption.

Time is exact: seconds and speeds are taken as the decimal fractions that the file says, and a
film's frame k is at k / fps, so nothing ever drifts. What is shown at a time follows from the
lesson and that time alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationInfo, field_validator

from .beat import USUAL, Beat
from .camera import between, orbited, smooth
from .errors import ExperimentError, Mistake, nearest
from .experiment import (
    Experiment,
    Format,
    NetworkContestant,
    SurfaceProblem,
)
from .files import read_text
from .picture import A_LAYOUT, Layout, Picture, landscape_mistakes, settings_mistakes
from .settings import settings, with_settings
from .table import Line, Table, Text, moved, path, short, shown
from .toml import FORMAT, checked, parsed, written

MOST_BEATS = 200


@dataclass(frozen=True)
class Moment:
    """What is shown at one time of a lesson."""

    beat: int
    seconds: Fraction
    """Time since the beat's start."""
    step: int
    experiment: Experiment
    picture: Picture
    """How it is seen, on its way from the look before to this beat's."""
    ends: tuple[Picture, Picture]
    """How it was seen when the way began, and how it will be at its end."""
    layouts: tuple[Layout, Layout]
    """The views before and in this beat; empty where the lesson names none."""
    share: float
    """How far the cards are on their way from one to the other, 0 to 1."""


class Lesson(Table):
    """An experiment, a script, and where the idea comes from."""

    format: Format = FORMAT
    title: Line = Field(description="text on one line")
    topic: Line = Field("", description="text on one line")
    """What it belongs to among other lessons."""
    summary: Text = Field("", description="text")
    sources: tuple[Text, ...] = Field((), description="a list of texts")
    layout: Layout = Field((), description=A_LAYOUT)
    experiment: Experiment = Field(description="a table: an experiment")
    beats: tuple[Beat, ...] = Field(description=f"a list of 1 to {MOST_BEATS} beats")

    def __init__(self, /, **data: Any) -> None:
        """Plain dictionaries and lists will do for the tables in it."""
        super().__init__(**data)

    @field_validator("beats", mode="before")
    @classmethod
    def _counted(cls, beats: Any) -> Any:
        if isinstance(beats, (list, tuple)) and not 1 <= len(beats) <= MOST_BEATS:
            raise ValueError(f"must be 1 to {MOST_BEATS} beats, not {len(beats)}")
        return beats

    @field_validator("beats")
    @classmethod
    def _played_through(cls, beats: tuple[Beat, ...], info: ValidationInfo) -> tuple[Beat, ...]:
        """Every change is made once, if there is an experiment to make it in."""
        if "experiment" not in info.data:
            return beats
        experiment: Experiment = info.data["experiment"]
        mistakes: list[Mistake] = []
        for index, beat in enumerate(beats):
            try:
                experiment = with_settings(experiment, beat.set)
            except ExperimentError as error:
                mistakes += moved(error, path(index, "set"))
            mistakes += _not_there(experiment, beat, index)
        if mistakes:
            raise ExperimentError(mistakes)
        return beats

    @classmethod
    def from_toml(cls, text: str, source: str = "") -> Self:
        """The lesson of a TOML document; raises ExperimentError, naming `source`."""
        return checked(cls, parsed(text, source), source)

    def to_toml(self) -> str:
        """The lesson as TOML, complete with every default; reading it gives an equal one."""
        return written(self)

    # ---- what is in force

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        """The experiment of each beat; beats that change nothing share theirs."""
        changes = (beat.set for beat in self.beats)
        return tuple(accumulate(changes, with_settings, initial=self.experiment))[1:]

    def experiment_at(self, beat: int) -> Experiment:
        """The experiment in force in a beat."""
        return self.experiments[beat]

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """How each beat is seen in the end; the first entry is how the lesson begins."""
        usual = self.experiment.picture or Picture()
        return tuple(accumulate(
            self.beats, lambda before, beat: beat.picture_after(before, usual), initial=usual))

    @cached_property
    def layouts(self) -> tuple[Layout, ...]:
        """The views of each beat; the first entry is those that the lesson begins with."""
        return tuple(accumulate((beat.layout for beat in self.beats),
                                lambda before, layout: layout or before, initial=self.layout))

    # ---- time

    @cached_property
    def starts(self) -> tuple[Fraction, ...]:
        """When each beat begins, in seconds; the last entry is the lesson's end."""
        return tuple(accumulate((beat.duration for beat in self.beats), initial=Fraction(0)))

    @property
    def duration(self) -> Fraction:
        """The lesson's length in seconds."""
        return self.starts[-1]

    @cached_property
    def first_steps(self) -> tuple[int, ...]:
        """The step at which each beat begins."""
        return tuple(self._first_steps())

    def _first_steps(self) -> Iterator[int]:
        step = 0
        for beat, experiment in zip(self.beats, self.experiments, strict=True):
            first = 0 if beat.restarts else min(step, experiment.steps)
            yield first
            step = min(first + beat.steps_after(beat.duration), experiment.steps)

    def first_step(self, beat: int) -> int:
        """The step at which a beat begins."""
        return self.first_steps[beat]

    def last_step(self, beat: int) -> int:
        """The step that a beat reaches."""
        return self._step(beat, self.beats[beat].duration)

    def beat_at(self, seconds: float | Fraction) -> tuple[int, Fraction]:
        """The beat that is on at a time, and the seconds since its start.

        A time before the lesson is its beginning, one after it is its end. A beat that follows
        has the moment of change.
        """
        time = min(max(_time(seconds), Fraction(0)), self.duration)
        beat = len(self.beats) - 1
        while self.starts[beat] > time:
            beat -= 1
        return beat, time - self.starts[beat]

    def moment(self, seconds: float | Fraction) -> Moment:
        """What is shown at a time; a float is taken for the fraction k / fps that it comes from."""
        beat, since = self.beat_at(seconds)
        ease = self.beats[beat].sliding
        share = smooth(float(since / ease)) if since < ease and beat else 1.0
        picture = orbited(self.pictures[beat + 1], self._orbits[beat])
        ends = picture, picture
        if share < 1:
            # From where the camera came to in the beat before.
            ends = (orbited(self._seen(beat - 1), self._orbits[beat - 1] + self._orbit(beat - 1)),
                    orbited(self._seen(beat), self._orbits[beat]))
            picture = between(*ends, share)
        return Moment(
            beat, since, self._step(beat, since), self.experiments[beat],
            orbited(picture, self.beats[beat].orbit * float(since)), ends,
            (self.layouts[beat], self.layouts[beat + 1]), share)

    def _orbit(self, beat: int) -> float:
        """How many degrees the camera goes round in a beat."""
        return self.beats[beat].orbit * float(self.beats[beat].duration)

    @cached_property
    def _orbits(self) -> tuple[float, ...]:
        """How many degrees it has gone round before each beat, since a camera was asked for."""
        found = [0.0]
        for place, beat in enumerate(self.beats[1:]):
            found.append(0.0 if "camera" in beat.look else found[-1] + self._orbit(place))
        return tuple(found)

    def _seen(self, beat: int) -> Picture:
        """The picture of a beat; on a surface its zoom is spelt out, so that a camera can move."""
        picture, problem = self.pictures[beat + 1], self.experiments[beat].problem
        if picture.zoom is not None or not isinstance(problem, SurfaceProblem):
            return picture
        return picture.replaced(zoom=problem.resolve().domain)

    def moment_of_frame(self, frame: int, fps: int) -> Moment:
        """What a film's frame shows, counted from 0."""
        return self.moment(Fraction(frame, fps))

    def _step(self, beat: int, since: Fraction) -> int:
        step = self.first_steps[beat] + self.beats[beat].steps_after(since)
        return min(step, self.experiments[beat].steps)


def _time(seconds: float | Fraction) -> Fraction:
    """A time as a fraction; of a float, the simplest one within its rounding.

    `k / fps` is rarely a float. Taken at its last bit, a moment on the border between two steps
    would fall now on one side and now on the other.
    """
    if isinstance(seconds, float):
        return Fraction(seconds).limit_denominator(1_000_000)
    return Fraction(seconds)


def _not_there(experiment: Experiment, beat: Beat, index: int) -> Iterator[Mistake]:
    """What a beat names and its experiment does not have."""
    names = [contestant.name for contestant in experiment.contestants]
    for place, name in ((("highlight",), beat.highlight), (("look", "chosen"),
                                                           beat.look.get("chosen"))):
        if name is not None and name not in (*names, USUAL):
            yield Mistake(path(index, *place), f"must be a contestant's name ({', '.join(names)}), "
                                               f"not {shown(name)}")
    said = {key: value for key, value in beat.look.items() if value != USUAL}
    for mistake in (*settings_mistakes(said), *landscape_mistakes(
            said, experiment.problem.kind, experiment.steps)):
        yield Mistake(path(index, "look", mistake.place), mistake.sentence)
    pointed = pointable(experiment)
    if beat.point_at is not None and beat.point_at not in pointed:
        near = nearest(short(beat.point_at), list(pointed))
        hint = f"; did you mean {near!r}?" if near else ""
        yield Mistake(path(index, "point_at"), "must be the key of a setting of this experiment, "
                                               f"not {shown(beat.point_at)}{hint}")


def pointable(experiment: Experiment) -> tuple[str, ...]:
    """The keys of all that a beat can point at."""
    return (*settings(experiment), *_of_stacks(experiment))


def _of_stacks(experiment: Experiment) -> Iterator[str]:
    """What a window sets of a network's layers as a whole, though no key of a file says it."""
    for contestant in experiment.contestants:
        if isinstance(contestant, NetworkContestant):
            yield from (f"{contestant.name}.{key}" for key in ("depth", "width", "activation"))


def as_lesson(experiment: Experiment, seconds: float = 10) -> Lesson:
    """An experiment as a lesson of one beat, in which all its steps go by, and the end is held."""
    # The last twentieth shows the end: a film's last frame is one frame short of its length.
    speed = experiment.steps / (0.95 * seconds)
    return Lesson(
        title=experiment.title,
        layout=experiment.picture.layout or () if experiment.picture is not None else (),
        experiment=experiment,
        beats=[{"seconds": seconds, "steps_per_second": speed}],
    )


def open_file(file: str | Path) -> Experiment | Lesson:
    """The experiment or lesson in a TOML file; raises FileError or ExperimentError."""
    text = read_text(file)
    data = parsed(text, str(file))
    scripted = "beats" in data or "experiment" in data
    table: type[Experiment] | type[Lesson] = Lesson if scripted else Experiment
    found = checked(table, data, str(file))
    # Resolved as a folder: "../race.toml" has no dots in its data's path, and a link to an
    # experiment looks for them where the link is.
    folder = Path(file).parent.resolve()
    if isinstance(found, Lesson):
        beats = [beat.replaced(set=_located(beat.set, folder)) for beat in found.beats]
        return found.replaced(experiment=found.experiment.located(folder), beats=beats)
    return found.located(folder)


def _located(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A beat's new values with the places of data files, if there are any, taken from `folder`."""
    from .data.choice import dataset_choice

    placed, dataset = dict(values), values.get("problem.dataset")
    if isinstance(dataset, dict) and "file" in dataset:
        placed["problem.dataset"] = dataset_choice(dataset).located(folder).plain()
    for key in ("problem.dataset.file", "problem.dataset.labels"):
        if key in values:
            placed[key] = str(folder / values[key])
    return placed


def load(file: str | Path) -> Experiment:
    """The experiment in a TOML file, or a lesson's; raises FileError or ExperimentError."""
    found = open_file(file)
    return found.experiment if isinstance(found, Lesson) else found
