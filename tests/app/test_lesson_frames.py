"""Every lesson's frames, a sample of each beat: what is written can be read.

Texts stay apart and inside the frame, the caption is whole, and what is not faded on purpose has
the contrast with its ground that WCAG asks for, in both themes.
"""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from scenes import pixels
from written import Written, overlaps, written_in

from app.film import Projector, look_of
from app.theme import READABLE, THEMES, contrast
from engine.lesson import Lesson, open_file
from engine.listing import lesson_files

pytestmark = pytest.mark.usefixtures("qapp")

WIDE, NARROW = (1280, 720), (1024, 768)
UPRIGHT = (720, 1280)
LESSONS = list(lesson_files())


def lesson_of(name: str) -> Lesson:
    lesson = open_file(lesson_files()[name])
    assert isinstance(lesson, Lesson)
    return lesson


def moments(lesson: Lesson, place: int) -> tuple[float, float]:
    """When a beat is looked at: once its cards have come to rest, and at its end."""
    start, beat = lesson.starts[place], lesson.beats[place]
    return (float(start + min(beat.sliding + 1, beat.duration) * 99 / 100),
            float(start + beat.duration * 99 / 100))


def ground_of(text: Written, picture: np.ndarray) -> str:
    """The colour that lies around a text: the most frequent one in its line, as #rrggbb."""
    rect = text.rect.adjusted(-3, -3, 3, 4).toRect()
    part = picture[max(rect.top(), 0) : rect.bottom() + 1, max(rect.left(), 0) : rect.right() + 1]
    colors, counts = np.unique(part.astype(np.int64) @ (65536, 256, 1), return_counts=True)
    return f"#{colors[counts.argmax()]:06x}"


def faint(texts: list[Written], picture: np.ndarray) -> list[str]:
    """The texts that are hard to read on what they lie on."""
    found = []
    for text in texts:
        ground = ground_of(text, picture)
        if text.opacity == 1 and contrast(text.fill, ground) < READABLE:
            found.append(f"{text} on {ground}: {contrast(text.fill, ground):.2f}")
    return found


def mistakes(projector: Projector, lesson: Lesson, place: int, seconds: float) -> list[str]:
    """What is wrong with the frame of a moment."""
    picture = pixels(projector.image(seconds))
    texts = written_in(projector.paint, projector.size)
    frame = QRectF(0, 0, *projector.size)
    found = [f"{one} over {other}" for one, other in overlaps(texts)]
    found += [f"{text} is not inside" for text in texts if not frame.contains(text.rect)]
    found += faint(texts, picture)
    together = "".join("".join(text.text.split()) for text in texts)
    for words in (lesson.title, lesson.beats[place].caption):
        if "".join(words.split()) not in together:
            found.append(f"{words!r} is not whole")
    return [f"beat {place + 1}, {projector.size[0]} wide, {seconds:.2f} s: {mistake}"
            for mistake in found]


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_written_in_a_lesson_can_be_read(name):
    lesson = lesson_of(name)
    light, dark = (Projector(lesson, size, theme, look_of(lesson))
                   for size, theme in ((WIDE, "light"), (NARROW, "dark")))
    # One race is enough for both.
    dark.run_of = light.run_of
    found = []
    try:
        for place in range(len(lesson.beats)):
            settled, end = moments(lesson, place)
            found += mistakes(dark, lesson, place, settled)
            found += mistakes(light, lesson, place, end)
    finally:
        light.close()
        dark.close()
    assert found == []


@pytest.mark.parametrize("name", ["momentum", "zero-centred", "space-warp"])
def test_what_is_written_in_an_upright_film_can_be_read(name):
    lesson = lesson_of(name)
    projector = Projector(lesson, UPRIGHT, "light", look_of(lesson))
    found = []
    try:
        for place in range(len(lesson.beats)):
            found += mistakes(projector, lesson, place, moments(lesson, place)[1])
    finally:
        projector.close()
    assert found == []


def test_what_is_looked_for_would_be_found():
    text = Written("pale", QRectF(10, 10, 30, 10), 14, "#b8b8b8", 1.0)
    picture = np.full((40, 60, 3), 255)
    assert faint([text], picture) and "#ffffff" in faint([text], picture)[0]
    picture[5:25, 5:45] = (0x20, 0x20, 0x20)
    assert faint([text], picture) == []
    other = Written("over it", QRectF(30, 12, 30, 10), 14, "#000000", 1.0)
    assert overlaps([text, other]) and not overlaps([text])


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_words_have_contrast_in_the_theme(theme):
    for ink in (theme.text, theme.quiet, theme.accent, theme.warning):
        for ground in (theme.ground, theme.card, theme.raised):
            assert contrast(ink, ground) >= READABLE, (ink, ground)
    assert contrast(theme.on_accent, theme.accent) >= READABLE
    assert contrast(theme.on_strong, theme.strong) >= READABLE


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # The examples that everyone quotes: the lightest greys that pass on white.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.01)
