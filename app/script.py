"""A lesson's time while the window plays it: the moments are those of its film."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from engine.lesson import Lesson, Moment

from .reel import chapter_title

PER_SECOND = 1000
"""Time is counted in thousandths, so that a moment is the same however it was come by."""


class Script:
    """Where in a lesson the window is.

    At the end of a beat in which it is the viewer's turn, time stands until it is asked to go on.
    """

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.time = 0
        self._waited = -1

    @property
    def length(self) -> int:
        """The lesson's length in thousandths of a second."""
        return _thousandths(self.lesson.duration)

    @property
    def moment(self) -> Moment:
        """What is shown now."""
        return self.lesson.moment(Fraction(self.time, PER_SECOND))

    @property
    def beat(self) -> int:
        """The beat that is on."""
        return self.lesson.beat_at(Fraction(self.time, PER_SECOND))[0]

    @property
    def ended(self) -> bool:
        """Whether the lesson is over."""
        return self.time >= self.length

    @property
    def stands(self) -> bool:
        """Whether time stands here: at the lesson's end, or where it is the viewer's turn."""
        beat = self.beat
        turn = self.lesson.beats[beat].your_turn and beat != self._waited
        return self.ended or (turn and self.time >= self.end_of(beat))

    @property
    def marks(self) -> tuple[float, ...]:
        """Where the beats begin, the first one apart, as shares of the whole."""
        lesson = self.lesson
        return tuple(float(start / lesson.duration) for start in lesson.starts[1:-1])

    @cached_property
    def chapters(self) -> tuple[str, ...]:
        """What the beats are called, with their numbers."""
        return tuple(f"{number}  {chapter_title(beat, number)}"
                     for number, beat in enumerate(self.lesson.beats, start=1))

    def seek(self, time: int) -> None:
        """Go to a time."""
        self.time = min(max(time, 0), self.length)
        self._waited = -1

    def go_to(self, beat: int) -> None:
        """Go to where a beat begins."""
        self.seek(-(-self.lesson.starts[beat] * PER_SECOND // 1))

    def end_of(self, beat: int) -> int:
        """The last moment that is a beat's; the next one has the moment of change."""
        end = _thousandths(self.lesson.starts[beat + 1])
        return end if beat + 1 == len(self.lesson.beats) else end - 1

    def go_to_end(self, beat: int) -> None:
        """Go to where a beat has come to in the end."""
        self.seek(self.end_of(beat))

    def stand_as(self, other: Script) -> None:
        """Go to the beat at which another script of as many beats stands, as far into it."""
        beat = min(other.beat, len(self.lesson.beats) - 1)
        since = other.time - _thousandths(other.lesson.starts[beat])
        ended = other.time >= other.end_of(beat)
        self.seek(self.end_of(beat) if ended else min(
            _thousandths(self.lesson.starts[beat]) + since, self.end_of(beat)))

    def go_on(self) -> None:
        """Leave the end of a beat at which time stands."""
        self._waited = self.beat

    def advance(self, time: int) -> bool:
        """Let time pass; whether it stands now, at the lesson's end or for the viewer's turn."""
        beat = self.beat
        until = self.length
        if self.lesson.beats[beat].your_turn and beat != self._waited:
            # The last moment that is this beat's; the next one has the moment of change.
            until = min(until, _thousandths(self.lesson.starts[beat + 1]) - 1)
        self.time = min(self.time + time, max(until, self.time))
        return self.time >= until


def clock(time: int) -> str:
    """A time as a viewer reads it, such as 1:05."""
    seconds = time // PER_SECOND
    return f"{seconds // 60}:{seconds % 60:02}"


def _thousandths(seconds: Fraction) -> int:
    return int(seconds * PER_SECOND)
