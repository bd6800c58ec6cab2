"""Where the landscape views have their numbers from: at once, or as time allows while one looks.

Views of one scene share a source: they look at one plane, and what it costs is paid once. In films,
stills and tests everything is worked out before a frame is painted, so that a frame follows from
its step alone. In a window errands take turns on one thread, on one core so that the training keeps
the others, coarse first and then finer; as long as a run grows its landscape is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary, WeakSet, finalize

import numpy as np
from PyQt6.QtWidgets import QGraphicsScene

from engine.errors import TrainscopeError
from engine.experiment import Experiment
from engine.landscape.field import COARSEST, shaped
from engine.landscape.paths import MOST_STEPS
from engine.landscape.picture import Head, LandscapePicture, Wanted
from engine.landscape.sections import Lines, Section, sections
from engine.landscape.survey import Survey
from engine.snapshot import Snapshot

from ..errand import Cancelled, Turns
from .landscape_own import OwnLosses
from .landscape_question import Question
from .view import Appearance, Look, View

# Multiplications for a whole field, about 4 s on one core: of larger networks fewer rows are taken.
MOST_MULTIPLICATIONS = 2e11
MOST_ROWS, FEWEST_ROWS = 2000, 64
# Multiplications for the first picture of a run that goes on, about a third of a second.
MOST_AT_FIRST = 1.5e10
# Weights of all ways together, beyond which the first picture is of some of their steps.
MOST_NUMBERS_AT_FIRST = 1_000_000
# Multiplications for which heads are worked out in a frame, some 2 ms; of larger networks only
# where they are, and the plane's loss there by the picture's field.
MOST_IN_A_FRAME = 100_000_000


def wanted_of(snapshot: Snapshot, look: Look, shown: Sequence[Appearance]) -> Wanted | None:
    """What a look asks for, of those that are shown; None where nobody is."""
    indices = tuple(appearance.index for appearance in shown)
    if not indices:
        return None
    contestant = look.chosen if look.chosen in indices else indices[0]
    size = snapshot.contestants[contestant].training.network.params_size
    zoom = look.plane_zoom
    if zoom is not None and look.plane != "random":
        zoom = shaped(zoom)
    rows = int(MOST_MULTIPLICATIONS / (max(size, 1) * look.plane_size**2))
    return Wanted(
        look.plane, look.plane_rows, contestant, indices,
        look.plane_steps if look.plane == "steps" else None,
        snapshot.step if look.plane_rows == "batch" else 0,
        look.plane_biases and look.plane == "random", look.plane_penalty, look.plane_statistics,
        min(max(rows, FEWEST_ROWS), MOST_ROWS), look.plane_size, zoom,
        look.plane_scale)


class Share:
    """One view's share of a source: what is made of each picture for it, wherever that is found."""

    def __init__(self) -> None:
        self.make: Callable[[LandscapePicture], Any] = lambda picture: None
        """Makes on the errand's thread what else the view wants of a picture."""
        self._made: Any = None

    def put(self, made: Any) -> None:
        """Keep what was made of the newest picture."""
        self._made = made

    def taken(self) -> Any:
        """What was made of the newest picture, once; None if nothing was."""
        made, self._made = self._made, None
        return made


Found = tuple[LandscapePicture | None, str, list[tuple[Share, Any]]]
"""A picture, or why there is none; and what was made of it for each share."""
FoundLines = tuple[tuple[Section, ...], str]


class LandscapeSource:
    """The landscape of whatever race is shown; `picture` is the newest one of it, or None."""

    def __init__(self) -> None:
        self._survey, turns = Survey(), Turns()
        self._field: Question[Found] = Question(turns)
        self._lines: Question[FoundLines] = Question(turns)
        for question in (self._field, self._lines):
            finalize(self, question.drop)
        self._own = OwnLosses()
        self._shares: WeakSet[Share] = WeakSet()
        self._race: tuple[Experiment, Wanted] | None = None
        self._known: object = None
        self.picture: LandscapePicture | None = None
        self._refusal = ""
        self._line_race: object = None
        self.lines: FoundLines = ((), "")
        """Lines through the networks, or why there are none."""
        self._coming: FoundLines | None = None
        # The snapshots that lines came with, and that they were shown with first.
        self._came_with: Snapshot | None = None
        self._shown_with: Snapshot | None = None
        self._heads_key: object = None
        self._heads: tuple[Head, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether more of the picture is on its way."""
        return self._field.busy or self._own.busy

    @property
    def owes(self) -> bool:
        """Whether there is more of the picture than is shown, or will be."""
        return self._field.owes or self._own.busy

    @property
    def refusal(self) -> str:
        """Why there is nothing to see, as a sentence."""
        return "" if self._field.outgrown else _sentence(self._refusal)

    @property
    def lines_busy(self) -> bool:
        """Whether more of the lines is on its way."""
        return self._lines.owes or self._coming is not None

    @property
    def line_refusal(self) -> str:
        """Why there are no lines, as a sentence."""
        return "" if self._lines.outgrown or self._coming is not None else (
            _sentence(self.lines[1]))

    # ---- asking

    def follow(self, share: Share, snapshot: Snapshot, wanted: Wanted | None, watched: bool
               ) -> None:
        """Have the landscape of a snapshot made; at once, unless it is `watched` by somebody."""
        self._shares.add(share)
        if wanted is None:
            self._field.drop()
            return
        race = (snapshot.experiment, replace(
            wanted, step=0, extent=None, size=0, scale=None))
        if race != self._race:
            # Nor is what was found about another race, and not yet taken, of any use.
            self._field.drop()
            self._race, self.picture, self._refusal = race, None, ""
        key = (*race, snapshot.computed, wanted)
        if not watched:
            if key != self._known:
                self._known = key
                try:
                    self.picture, self._refusal = self._survey.picture(snapshot, wanted), ""
                except TrainscopeError as error:
                    self.picture, self._refusal = None, str(error)
            return
        self._known = None
        found = self._field.answer()
        if found is not None:
            self.picture, self._refusal, made = found
            for other, its in made:
                other.put(its)
        if self._field.due(snapshot, (*race, replace(wanted, step=0)), wanted.step):
            self._field.ask(self._field_job(snapshot, wanted))
        if self.picture is not None and _work(self.picture) > MOST_IN_A_FRAME:
            self._own.follow(self.picture, snapshot)

    def follow_lines(self, snapshot: Snapshot, wanted: Wanted | None, lines: Lines, watched: bool
                     ) -> None:
        """The same for the loss along lines."""
        if wanted is None:
            self._lines.drop()
            return
        # What is along a line follows neither from the rows of the map nor from its piece.
        wanted = replace(wanted, of="train", step=0, extent=None, size=2, scale=None)
        if self._line_race != snapshot.experiment:
            self._lines.drop()
            self._line_race, self.lines, self._coming = snapshot.experiment, ((), ""), None
        if watched:
            if self._coming is not None:
                self.lines, self._shown_with = self._coming, snapshot
            self._coming, self._came_with = self._lines.answer(), snapshot
        if self._lines.due(snapshot, (
                snapshot.experiment, wanted, lines, None if watched else snapshot.computed)):
            job = _lines_job(self._survey, snapshot, wanted, lines, 1 if watched else None)
            if watched:
                self._lines.ask(job)
            else:
                self.lines = next(filter(None, job(lambda: False)))

    def is_turn_of_lines(self, snapshot: Snapshot) -> bool:
        """Whether new lines are painted in a snapshot's frame, which has no time for a map, too.

        They are shown a frame after they came, so that a view which is drawn before theirs knows.
        """
        coming = self._coming is not None and self._came_with is not snapshot
        return coming or self._shown_with is snapshot

    # ---- what is known

    def is_of(self, snapshot: Snapshot) -> bool:
        """Whether the picture is of a snapshot's race. It is of another one's for a frame, to a
        view that has yet to be drawn."""
        race = self._race
        return self.picture is not None and race is not None and race[0] == snapshot.experiment

    def heads(self, snapshot: Snapshot, watched: bool) -> tuple[Head, ...]:
        """Where the picture's contestants are at a snapshot's step; nobody is, if it is another
        race's."""
        if self.picture is None or not self.is_of(snapshot):
            return ()
        return self.heads_on(self.picture, snapshot, watched)

    def heads_on(self, picture: LandscapePicture, snapshot: Snapshot, watched: bool
                 ) -> tuple[Head, ...]:
        """The same on any picture of a snapshot's race."""
        quick = watched and _work(picture) > MOST_IN_A_FRAME
        key = (snapshot.experiment, snapshot.step, picture, quick)
        if key != self._heads_key:
            self._heads = self._survey.heads(picture, snapshot, quick=quick)
            self._heads_key = key
        return self._own.told(self._heads, picture, snapshot) if quick else self._heads

    def loss_at(self, point: tuple[float, float]) -> float:
        """The loss at a point of the plane; between the field's points, where that is dear."""
        assert self.picture is not None
        loss, places = self.picture.loss, np.array([point])
        if loss.size * loss.rows > MOST_IN_A_FRAME:
            return float(self.picture.field.at(places)[0])
        plane = self.picture.plane
        return float(loss.on(plane.origin, plane.axes, places, threads=1)[0])

    # ---- working

    def _field_job(self, snapshot: Snapshot, wanted: Wanted
                   ) -> Callable[[Cancelled], Iterator[Found]]:
        survey, before, shares = self._survey, self.picture, self._shares
        rests = self._field.rests
        hasty = before is None and _numbers(snapshot, wanted) > MOST_NUMBERS_AT_FIRST

        def found(picture: LandscapePicture) -> Found:
            return picture, "", [(share, share.make(picture)) for share in list(shares)]

        def job(cancelled: Cancelled) -> Iterator[Found]:
            seen = before
            try:
                if hasty:
                    seen = next(survey.pictures(snapshot, wanted, threads=1, cancelled=cancelled,
                                                hasty=True))
                    yield found(seen)
                # No coarser than what is seen already, but for that nobody is to wait long.
                known = seen is not None and seen.wanted.extent == wanted.extent
                coarsest = COARSEST
                if seen is not None and known:
                    coarsest = wanted.size if rests else _affordable(seen, wanted.size)
                for picture in survey.pictures(snapshot, wanted, threads=1, cancelled=cancelled,
                                               coarsest=coarsest):
                    yield found(picture)
            except TrainscopeError as error:
                yield None, str(error), []

        return job


def _lines_job(survey: Survey, snapshot: Snapshot, wanted: Wanted, lines: Lines,
               threads: int | None) -> Callable[[Cancelled], Iterator[FoundLines | None]]:
    def job(cancelled: Cancelled) -> Iterator[FoundLines | None]:
        found: list[Section] = []
        try:
            own = lines == "between" or wanted.plane in ("random", "hessian")
            plane = None if own else survey.plane(snapshot, wanted, cancelled)
            for section in sections(snapshot, wanted, lines, plane, threads=threads,
                                    cancelled=cancelled):
                found.append(section)
                # The picture goes on meanwhile.
                yield None
            yield tuple(found), ""
        except TrainscopeError as error:
            yield (), str(error)

    return job


_SOURCES: WeakKeyDictionary[QGraphicsScene, LandscapeSource] = WeakKeyDictionary()


def source_of(view: View) -> LandscapeSource | None:
    """The source that the views of a scene share, if it is in one."""
    scene = view.scene()
    if scene is None:
        return None
    found = _SOURCES.get(scene)
    if found is None:
        found = _SOURCES[scene] = LandscapeSource()
    return found


def _affordable(picture: LandscapePicture, size: int) -> int:
    """How fine a grid, up to `size`, the first picture may have: as fine as one of before."""
    points = MOST_AT_FIRST / max(picture.loss.size * picture.loss.rows, 1)
    side = size
    while side > COARSEST and side**2 > points:
        side = (side + 1) // 2
    return side


def _sentence(reason: str) -> str:
    """A reason as a card says it, where it stands alone."""
    return reason[:1].upper() + reason[1:]


def _numbers(snapshot: Snapshot, wanted: Wanted) -> int:
    """How many weights all ways have together."""
    return MOST_STEPS * sum(snapshot.contestants[index].training.network.params_size
                            for index in wanted.contestants or ())


def _work(picture: LandscapePicture) -> int:
    """Multiplications for all heads of one step."""
    return 2 * len(picture.paths) * picture.loss.size * picture.loss.rows
