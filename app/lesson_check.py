"""What a viewer would trip over in a lesson, found before anybody sees it; and how its time goes.

Reading a file finds what is wrong with it. What is looked for here is what no rule of the format
forbids: a title or a caption without room, a caption gone before it is read, an equation that
cannot be typeset, a view that does not exist or shows another kind of problem, a ring that no
control answers to, steps that the race does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PyQt6.QtCore import QSizeF

from engine.errors import TrainscopeError
from engine.experiment import MOST_STEPS
from engine.lesson import Lesson

from . import across
from .controls.answering import answers
from .equations import Equation
from .picture_check import of_layout
from .reel import chapter_title
from .stage import YOUR_TURN, unit_of
from .theme import LIGHT, Style

READING_SPEED = 15.0
"""Characters a second of the fastest caption; subtitles for adults are set at 15 to 17."""
SIZE = QSizeF(1280, 720)
"""The smallest frame in which everything must have room."""
# An equation is shrunk to its room, down to this share of its size without being called too long.
LEAST_SCALE = 1 / 1.2


@dataclass(frozen=True)
class Finding:
    """Something to mend; `beat` is counted from 0, None where the lesson as a whole is meant."""

    beat: int | None
    sentence: str

    def __str__(self) -> str:
        return self.sentence if self.beat is None else f"beat {self.beat + 1}: {self.sentence}"


def findings(lesson: Lesson) -> list[Finding]:
    """Everything found, in the order of the beats."""
    found = [Finding(None, sentence) for sentence in _of_title(lesson)]
    found += [Finding(None, sentence) for sentence in _of_layout(lesson, -1)]
    for beat in range(len(lesson.beats)):
        for check in (_of_words, _of_steps, _of_layout, _of_pointing):
            found += [Finding(beat, sentence) for sentence in check(lesson, beat)]
    return found


def _of_words(lesson: Lesson, place: int) -> Iterator[str]:
    beat = lesson.beats[place]
    if beat.caption:
        speed = len(beat.caption) / beat.seconds
        if speed > READING_SPEED:
            need = len(beat.caption) / READING_SPEED
            yield (f"the caption of {len(beat.caption)} characters is gone after "
                   f"{beat.seconds:g} s; reading it takes {need:.1f} s")
    style, equation = _style(), None
    if beat.formula:
        room = across.FORMULA_SHARE * (SIZE.width() - style.px(2 * across.MARGIN))
        try:
            equation = Equation(beat.formula, beat.term)
            width = equation.size(style.px(across.FORMULA_EM)).width()
        except TrainscopeError as error:
            yield str(error)
            return
        if width * LEAST_SCALE > room:
            yield (f"the formula is {width / room:.1f} times as wide as its room and would "
                   "be drawn that much smaller")
    band = across.caption_band(SIZE, style, beat.caption, equation,
                               YOUR_TURN if beat.your_turn else "")
    if band.caption is not None and not band.fits:
        yield (f"the caption of {len(beat.caption)} characters has no room in its smallest type; "
               f"about {_fitting(beat.caption, band)} have")


def _fitting(caption: str, band: across.CaptionBand) -> int:
    """How many of a caption's characters have room, in tens."""
    assert band.caption is not None
    lines = band.caption.lines.lineCount()
    seen = int(lines * band.room.height() / band.caption.height)
    return 10 * (seen * len(caption) // lines // 10)


def _of_title(lesson: Lesson) -> Iterator[str]:
    style = _style()
    steps = max(lesson.experiment_at(place).steps for place in range(len(lesson.beats)))
    room = across.title_room(SIZE.width(), style, f"step {steps:,}")
    width = across.title_width(style, lesson.title)
    if width > room:
        yield (f"the title is {width / room:.2g} times as wide as its room and would be cut; about "
               f"{int(len(lesson.title) * room / width)} of its {len(lesson.title)} characters "
               "would be seen")


def _style() -> Style:
    return Style(LIGHT, unit_of(SIZE.width(), SIZE.height()))


def _of_steps(lesson: Lesson, place: int) -> Iterator[str]:
    beat, steps = lesson.beats[place], lesson.experiment_at(place).steps
    wanted = lesson.first_step(place) + beat.steps_after(beat.duration)
    if wanted > steps:
        advice = (f"steps = {wanted:,} would do" if wanted <= MOST_STEPS else
                  "a lower steps_per_second is needed")
        yield f"it plays to step {wanted:,}, but the race has {steps:,}; {advice}"


def _of_layout(lesson: Lesson, place: int) -> Iterator[str]:
    layout = lesson.layout if place < 0 else lesson.beats[place].layout
    kind = lesson.experiment_at(max(place, 0)).problem.kind
    yield from of_layout(layout, kind)


def _of_pointing(lesson: Lesson, place: int) -> Iterator[str]:
    key = lesson.beats[place].point_at
    if key is not None and not answers(lesson.experiment_at(place), key):
        yield f"point_at is {key}, but the window has no control for it"


@dataclass(frozen=True)
class Stretch:
    """One beat's part of the time: seconds from the start, and the steps it plays."""

    start: float
    seconds: float
    first_step: int
    last_step: int
    words: str


def stretches(lesson: Lesson) -> list[Stretch]:
    """How a lesson's time goes, beat by beat."""
    return [Stretch(float(start), float(beat.duration), lesson.first_step(place),
                    lesson.last_step(place), chapter_title(lesson.beats[place], place + 1))
            for place, (start, beat) in enumerate(zip(lesson.starts, lesson.beats, strict=False))]
