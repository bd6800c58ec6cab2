"""What the two pictures of a landscape share: its source, its note, its choices and its heads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from PyQt6.QtCore import QPointF

from engine.landscape.picture import Head, LandscapePicture, Wanted
from engine.snapshot import Snapshot

from ..numbers import number
from .choice_menu import MORE, Choice, show
from .gradual import GradualView
from .landscape_choice import choices, placed
from .landscape_source import LandscapeSource, Share, source_of, wanted_of
from .landscape_words import note_words
from .quantity_choice import HEIGHT, Segment, segment_at
from .view import Appearance, Look, appearances

CHOICE_ROOM = HEIGHT + 8.0
# So near to a head, in design pixels, a click is meant for it.
NEAR = 14.0


@dataclass(frozen=True, eq=False)
class Seen:
    """What is painted: a picture, the step at which its networks are, and who they are."""

    picture: LandscapePicture
    snapshot: Snapshot
    appearances: tuple[Appearance, ...]


class LandscapeView(GradualView):
    """Subclasses take the newest picture in `taken` and say what is under a pixel.

    While another race's landscape is made in a window, as at the beginning of a lesson's beat, the
    one before stays where it is.
    """

    # How often a landscape in the making is asked for.
    rest_ms: ClassVar[int] = 40
    least_for_choice: ClassVar[float]
    """Lower cards have no choices, in design pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._source = LandscapeSource()
        self._share = Share()
        self._appearances: tuple[Appearance, ...] = ()
        self._wanted: Wanted | None = None
        self._seen: Seen | None = None
        self._drawn_last: Snapshot | None = None
        self._segments: tuple[Segment, ...] = ()
        self._hover: QPointF | None = None

    # ---- what subclasses say

    def making(self, step: int) -> Callable[[LandscapePicture], Any]:
        """What makes, on another thread, the dear parts of a picture that is to come."""
        raise NotImplementedError

    def taken(self, snapshot: Snapshot, look: Look) -> None:
        """Lay out the newest picture of the source."""

    def plane_point(self, pixel: QPointF) -> tuple[float, float] | None:
        """The point of the plane that is seen in a pixel."""
        raise NotImplementedError

    def head_pixel(self, point: tuple[float, float]) -> QPointF:
        """Where a head at a point of the plane is seen."""
        raise NotImplementedError

    # ---- what all do alike

    @property
    def seen(self) -> Snapshot | None:
        """The snapshot that is painted, which may be of the race before."""
        return self._seen.snapshot if self._seen is not None else self.snapshot

    def look_again(self) -> Seen | None:
        """What is painted now; None where there is nothing to see."""
        source, snapshot = self._source, self.snapshot
        if source.picture is not None:
            if snapshot is not None and source.is_of(snapshot):
                self._seen = Seen(source.picture, snapshot, self._appearances)
        elif source.refusal or not (self.watched and source.owes):
            self._seen = None
        return self._seen

    def heads_of(self, seen: Seen) -> dict[int, Head]:
        """Where the networks are that are painted."""
        heads = self._source.heads_on(seen.picture, seen.snapshot, self.watched)
        return {head.contestant: head for head in heads}

    def note(self) -> str:
        if self._seen is None:
            return ""
        picture, snapshot = self._seen.picture, self._seen.snapshot
        point = self.plane_point(self._hover) if self._hover is not None else None
        if point is not None and picture is self._source.picture:
            loss = self._source.loss_at(point)
            return f"loss {number(loss)} · at ({number(point[0])}, {number(point[1])})"
        return note_words(picture, snapshot)

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._appearances = tuple(a for a in appearances(snapshot.experiment, self.style, look)
                                  if a is not None)
        self._wanted = wanted_of(snapshot, look, self._appearances)
        self._source = source_of(self) or self._source
        self._share.make = self.making(snapshot.step)
        self._source.follow(self._share, snapshot, self._wanted, self.watched)
        if self._source.owes:
            self.go_on()
        self.look_again()
        self.taken(snapshot, look)
        self.noted.emit()
        moved, self._drawn_last = snapshot is not self._drawn_last, snapshot
        if moved and self.watched and self._source.is_turn_of_lines(snapshot):
            self.go_on()
        else:
            self.update()

    @property
    def watched(self) -> bool:
        """Whether somebody looks at it who does not want to wait."""
        return self.patience() is not None

    def choices(self) -> Sequence[Sequence[Choice]]:
        snapshot, wanted, seen = self.snapshot, self._wanted, self._seen
        if snapshot is None or wanted is None:
            return ()
        return choices(snapshot, self.look, wanted, seen.picture.levels if seen else None)

    def offer(self) -> float:
        """Lay out the choices, if there is room for any; the height that they take."""
        style, snapshot, rect = self.style, self.snapshot, self.rect()
        self._segments = ()
        if style is None or snapshot is None or self._wanted is None or not self.live or (
                rect.height() < style.px(self.least_for_choice)):
            return 0.0
        self._segments = placed(style, self.choices(), rect.width())
        return style.px(CHOICE_ROOM) if self._segments else 0.0

    def took_choice(self, event: Any) -> bool:
        """Whether a click was on a choice, which is asked for then."""
        segment = segment_at(self._segments, event.pos())
        if segment is None:
            return False
        event.accept()
        if segment.kind == MORE.kind:
            show(self.choices(), self.asked.emit, event.screenPos().toPoint())
        else:
            self.asked.emit(segment.kind, segment.value)
        return True

    def took_head(self, pixel: QPointF) -> bool:
        """Whether a click at a pixel was on a head, whose contestant is chosen then."""
        if self.snapshot is None or self.style is None:
            return False
        for head in self._source.heads(self.snapshot, self.watched):
            away = pixel - self.head_pixel(head.point)
            if (away.x()**2 + away.y()**2)**0.5 < self.style.px(NEAR):
                self.asked.emit("choose", head.contestant)
                return True
        return False
