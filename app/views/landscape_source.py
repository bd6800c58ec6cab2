"""Where the landscape views have their numbers from: at once, or as time allows while one looks.

In films, stills and tests everything is worked out before a frame is painted, so that a frame
follows from its step alone. In a window an errand works on a thread of its own, coarse first and
then finer, on one core so that the training keeps the others; as long as a run grows its landscape
is made anew now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from weakref import finalize

import numpy as np

from engine.errors import TrainscopeError
from engine.landscape.field import COARSEST
from engine.landscape.loss import Cancelled
from engine.landscape.picture import Head, LandscapePicture, Wanted
from engine.landscape.survey import Survey
from engine.snapshot import Snapshot

from ..errand import Errand, Job
from .view import Appearance, Look

# Multiplications for a whole field, about 4 s on one core: of larger networks fewer rows are taken.
MOST_MULTIPLICATIONS = 2e11
MOST_ROWS, FEWEST_ROWS = 2000, 64
# A landscape of a run that goes on is made anew when it has grown by so much.
GROWTH = 1.1
# Multiplications for which heads are worked out in a frame, some 2 ms; of larger networks only
# where they are, with the losses that the picture knows.
MOST_IN_A_FRAME = 100_000_000


def wanted_of(snapshot: Snapshot, look: Look, shown: Sequence[Appearance]) -> Wanted | None:
    """What a look asks for, of those that are shown; None where nobody is."""
    indices = tuple(appearance.index for appearance in shown)
    if not indices:
        return None
    contestant = look.chosen if look.chosen in indices else indices[0]
    size = snapshot.contestants[contestant].training.network.params_size
    rows = int(MOST_MULTIPLICATIONS / (max(size, 1) * look.plane_size**2))
    return Wanted(
        look.plane, look.plane_rows, contestant, indices,
        look.plane_steps if look.plane == "steps" else None,
        snapshot.step if look.plane_rows == "batch" else 0,
        look.plane_biases and look.plane == "random", look.plane_penalty, look.plane_statistics,
        min(max(rows, FEWEST_ROWS), MOST_ROWS), look.plane_size, look.plane_zoom)


Found = tuple[LandscapePicture | None, str, Any]
"""A picture, or why there is none; and what was made of it on the way."""


class LandscapeSource:
    """The landscape of whatever race is shown; `picture` is the newest one of it, or None."""

    def __init__(self) -> None:
        self._survey = Survey()
        self._errand: Errand[Found] = Errand()
        # A card that is closed while its errand is under way.
        finalize(self, self._errand.cancel)
        self._asked: tuple[object, ...] = ()
        self._computed = 0
        self.picture: LandscapePicture | None = None
        self.refusal = ""
        """Why there is nothing to see, as a sentence."""
        self.finished: Any = None
        """What was made of the picture on the way, once."""
        self._heads_key: object = None
        self._heads: tuple[Head, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether more is on its way."""
        return self._errand.busy

    def follow(self, snapshot: Snapshot, wanted: Wanted, watched: bool,
               finish: Callable[[LandscapePicture], Any] = lambda picture: None) -> None:
        """Have the landscape of a snapshot made; at once, unless it is `watched` by somebody.

        `finish` makes what else is wanted of a picture, on the errand's thread; see `finished`.
        """
        race = (snapshot.experiment, replace(wanted, step=0, extent=None, size=0))
        if self._asked[:1] != race[:1] or self._asked[1:2] != race[1:2]:
            self.picture, self.refusal = None, ""
        if not watched:
            self._asked, self._computed = (*race, wanted), snapshot.computed
            try:
                self.picture, self.refusal = self._survey.picture(snapshot, wanted), ""
            except TrainscopeError as error:
                self.picture, self.refusal = None, str(error)
            return
        self._take()
        same = self._asked == (*race, wanted)
        grown = snapshot.computed != self._computed and not self.busy and (
            snapshot.computed >= GROWTH * self._computed
            or snapshot.computed == snapshot.experiment.steps
            or snapshot.computed < self._computed)
        # The next step's landscape waits for the one before, so that each is seen.
        moved = self._asked[:2] == race and self.busy and self._asked[2:] != (wanted,) and (
            self._only_later(wanted))
        if (same and not grown) or moved:
            return
        known = self.picture is not None and self.picture.wanted.extent == wanted.extent
        self._asked, self._computed = (*race, wanted), snapshot.computed
        self._errand.do(self._job(snapshot, wanted, wanted.size if known else COARSEST, finish))

    def stop(self) -> None:
        """Nobody looks any more."""
        self._errand.cancel()
        self._asked = ()

    def heads(self, snapshot: Snapshot, watched: bool) -> tuple[Head, ...]:
        """Where the picture's contestants are at a snapshot's step."""
        picture = self.picture
        if picture is None:
            return ()
        known = all(path.measured for path in picture.paths)
        key = (snapshot.experiment, snapshot.step, picture, known)
        if key != self._heads_key:
            quick = watched and _work(picture) > MOST_IN_A_FRAME
            self._heads = self._survey.heads(picture, snapshot, quick=quick)
            self._heads_key = key
        return self._heads

    def loss_at(self, point: tuple[float, float]) -> float:
        """The loss at a point of the plane; between the field's points, where that is dear."""
        assert self.picture is not None
        loss, places = self.picture.loss, np.array([point])
        if loss.size * loss.rows > MOST_IN_A_FRAME:
            return float(self.picture.field.at(places)[0])
        plane = self.picture.plane
        return float(loss.on(plane.origin, plane.axes, places, threads=1)[0])

    def _only_later(self, wanted: Wanted) -> bool:
        before = self._asked[2]
        return isinstance(before, Wanted) and replace(before, step=wanted.step) == wanted

    def _take(self) -> None:
        found = self._errand.take()
        if found is not None:
            self.picture, self.refusal, self.finished = found

    def _job(self, snapshot: Snapshot, wanted: Wanted, coarsest: int,
             finish: Callable[[LandscapePicture], Any]) -> Job[Found]:
        survey = self._survey

        def job(cancelled: Callable[[], bool], tell: Callable[[Found], None]) -> None:
            try:
                found: Iterator[LandscapePicture] = survey.pictures(
                    snapshot, wanted, threads=1, cancelled=cancelled, coarsest=coarsest)
                for picture in found:
                    tell((picture, "", finish(picture)))
                    if picture.complete and _work(picture) > MOST_IN_A_FRAME:
                        for path in picture.paths:
                            path.true_loss  # noqa: B018  worked out now, for heads to be read off
                        tell((picture, "", None))
            except Cancelled:
                pass
            except TrainscopeError as error:
                tell((None, str(error), None))

        return job


def _work(picture: LandscapePicture) -> int:
    """Multiplications for all heads of one step."""
    return 2 * len(picture.paths) * picture.loss.size * picture.loss.rows
