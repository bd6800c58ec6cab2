"""A film's timeline: a title card, the beats, a sources card, each a whole number of frames.

The lesson's own time has no cards in it: `--at`, a span and a beat are counted in it, and its
moments are the same with cards and without. Chapters and subtitles are counted in the film's time,
in which the lesson begins when the title card ends. Cards frame a whole lesson only; a part of it
and an experiment without a script have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import ceil, floor, isfinite

from engine.errors import RunError
from engine.lesson import Beat, Lesson

TITLE_SECONDS = 4
SOURCES_SECONDS = (5, 15)
READ_A_SECOND = 20
"""Letters of a list of sources that an eye takes in, knowing that it need not keep them."""

CHAPTER_LETTERS = 60


@dataclass(frozen=True)
class Part:
    """Frames that belong together: a card, or those of one beat. `first` is its place in the film.

    `start` is the lesson's time of its first frame; a card stands still at that of its neighbour.
    """

    kind: str
    first: int
    frames: int
    start: Fraction
    beat: int = 0

    @property
    def end(self) -> int:
        """The frame behind its last one."""
        return self.first + self.frames


@dataclass(frozen=True)
class Reel:
    """What a film shows and when; `fps` frames a second."""

    lesson: Lesson
    fps: int
    span: tuple[float | Fraction, float | Fraction] | None = None
    cards: bool = True

    @property
    def whole(self) -> bool:
        """Whether the lesson is filmed from its beginning to its end."""
        return self.span is None

    @cached_property
    def times(self) -> list[Fraction]:
        """The lesson's time of every frame that is not a card's."""
        return frame_times(self.lesson, self.fps, self.span)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The film in order; raises RunError for a bad span."""
        parts: list[Part] = []
        carded = self.cards and self.whole

        def add(kind: str, frames: int, start: Fraction, beat: int) -> None:
            first = parts[-1].end if parts else 0
            parts.append(Part(kind, first, frames, start, beat))

        if carded:
            add("title", TITLE_SECONDS * self.fps, self.times[0], 0)
        for beat, group in groupby(self.times, key=lambda time: self.lesson.beat_at(time)[0]):
            times = list(group)
            add("beat", len(times), times[0], beat)
        if carded and self.lesson.sources:
            add("sources", self._sources_seconds * self.fps, self.times[-1],
                len(self.lesson.beats) - 1)
        return tuple(parts)

    @property
    def _sources_seconds(self) -> int:
        shortest, longest = SOURCES_SECONDS
        letters = sum(map(len, self.lesson.sources))
        return min(max(shortest, ceil(2 + letters / READ_A_SECOND)), longest)

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return self.parts[-1].end

    @property
    def beats(self) -> list[Part]:
        """The parts that are no cards."""
        return [part for part in self.parts if part.kind == "beat"]

    def shown(self, part: Part) -> tuple[Fraction, Fraction]:
        """When a part is seen, in seconds of the film."""
        return Fraction(part.first, self.fps), Fraction(part.end, self.fps)


def frame_times(lesson: Lesson, fps: int,
                span: tuple[float | Fraction, float | Fraction] | None = None) -> list[Fraction]:
    """The exact time of every frame of a span, at least one; raises RunError for a bad span."""
    start, end = map(exact, span) if span is not None else (Fraction(0), lesson.duration)
    if not 0 <= start < end <= lesson.duration:
        raise RunError(f"a film must begin before it ends, between 0 and "
                       f"{float(lesson.duration):g} seconds, not at {float(start):g} and end at "
                       f"{float(end):g}")
    frames = max(1, floor((end - start) * fps + Fraction(1, 2)))
    return [start + Fraction(k, fps) for k in range(frames)]


def beats_span(lesson: Lesson, first: int, last: int) -> tuple[Fraction, Fraction]:
    """When the beats `first` to `last`, counted from 1, are on; raises RunError."""
    count = len(lesson.beats)
    if first > last:
        raise RunError(f"--beat goes from the first to the last: {last}-{first}, "
                       f"not {first}-{last}")
    if not 1 <= first <= last <= count:
        asked = f"{first}" if first == last else f"{first}-{last}"
        only = f"from 1 to {count}" if count > 1 else "1, the only one"
        raise RunError(f"--beat must be {only}, not {asked}")
    return lesson.starts[first - 1], lesson.starts[last]


def exact(seconds: float | Fraction) -> Fraction:
    """The decimal fraction that a user types: 1/10 for 0.1, which as a float lies above it."""
    if isinstance(seconds, Fraction):
        return seconds
    if not isfinite(seconds):
        raise RunError(f"a time is a number of seconds, not {seconds}")
    return Fraction(repr(float(seconds)))


def chapter_title(beat: Beat, number: int) -> str:
    """What a player's list of chapters says of a beat: its caption, or how it begins."""
    text = " ".join((beat.title or beat.caption).split())
    if not text:
        return f"Beat {number}"
    return shortened(text, CHAPTER_LETTERS)


def shortened(text: str, letters: int) -> str:
    """A text of one line, cut after a sentence or a word where it is longer."""
    if len(text) <= letters:
        return text
    end = max(text.rfind(mark, 0, letters) for mark in (". ", "! ", "? ", ": "))
    if end >= letters // 3:
        return text[:end]
    return text[: text.rfind(" ", 0, letters)].rstrip(" ,;:–-") + "…"


def frames_of(parts: Sequence[Part]) -> int:
    """How many frames some parts have together."""
    return sum(part.frames for part in parts)
