"""What the networks on a landscape lose themselves, at the step that is shown.

A network is off the plane, so its loss is not the plane's below it. It takes one pass over the
rows: that of a large network is made beside everything else, and waits for no field or way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from engine.landscape.picture import Head, LandscapePicture
from engine.landscape.survey import own_losses
from engine.snapshot import Snapshot

from ..errand import Cancelled, Errand, Turns
from .kept import Same

# Multiplications for which all losses of a step are worked out in its frame, about 4 ms.
MOST_IN_A_FRAME = 125_000_000
Losses = tuple[float, ...]


class OwnLosses:
    """The losses of one step after another; one of another step is never shown for it."""

    def __init__(self) -> None:
        self._errand: Errand[tuple[object, Losses]] = Errand(Turns())
        self._asked: object = None
        self._known: tuple[object, Losses] = (None, ())

    @property
    def busy(self) -> bool:
        """Whether losses are on their way."""
        return self._errand.busy

    def follow(self, picture: LandscapePicture, snapshot: Snapshot) -> None:
        """Have the losses of a snapshot's step worked out."""
        self._known = self._errand.take() or self._known
        key = _key(picture, snapshot)
        if key in (self._asked, self._known[0]):
            return
        self._asked = key
        if len(picture.paths) * picture.loss.size * picture.loss.rows <= MOST_IN_A_FRAME:
            self._known = key, own_losses(picture, snapshot)
        else:
            self._errand.do(_job(key, picture, snapshot))

    def told(self, heads: tuple[Head, ...], picture: LandscapePicture, snapshot: Snapshot
             ) -> tuple[Head, ...]:
        """The heads of a snapshot's step with their own losses, if those are known."""
        key, losses = self._known
        if key != _key(picture, snapshot):
            return heads
        return tuple(replace(head, true_loss=loss)
                     for head, loss in zip(heads, losses, strict=True))


def _key(picture: LandscapePicture, snapshot: Snapshot) -> object:
    """What the losses follow from."""
    return (snapshot.experiment, snapshot.step, Same(picture.loss),
            tuple(path.contestant for path in picture.paths))


def _job(key: object, picture: LandscapePicture, snapshot: Snapshot
         ) -> Callable[[Cancelled], Iterator[tuple[object, Losses]]]:
    def job(_: Cancelled) -> Iterator[tuple[object, Losses]]:
        yield key, own_losses(picture, snapshot)

    return job
