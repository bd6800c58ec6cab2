"""The bar under the views: of one height in all beats, its words readable in a small window too."""

import pytest
from PyQt6.QtWidgets import QApplication

from app.controls.beat_words import CAPTION_SIZES, EM
from app.controls.lesson_bar import LessonBar
from app.fitted_text import fitted
from app.lessons import bundled_lesson
from app.theme import LIGHT, Style, ui_scale
from engine.listing import lesson_files


@pytest.mark.parametrize(("window", "width"), [((1280, 720), 643), ((1366, 768), 729),
                                               ((1920, 1080), 1242)])
def test_every_lesson_is_readable_in_a_bar_of_one_height(qapp, qtbot, window, width):
    bar = LessonBar()
    qtbot.addWidget(bar)
    style = Style(LIGHT, ui_scale(*window))
    bar.restyle(style)
    bar.resize(width, 10)
    bar.show()
    heights, places = set(), set()
    for name in lesson_files():
        lesson = bundled_lesson(name)
        for beat in range(len(lesson.beats)):
            for left in (False, True):
                bar.show_beat(lesson, beat, left)
                QApplication.processEvents()
                heights.add(bar.height())
                places.add(bar.words.geometry().getRect())
                caption, em = bar.words.setting()
                where = f"{name}, beat {beat + 1}"
                assert caption.px >= 16, f"{where}: a caption in small type"
                assert caption.height <= bar.words.height(), f"{where}: a caption is cut"
                if lesson.beats[beat].formula:
                    assert em >= 0.65 * style.px(EM), f"{where}: a tiny equation"
    assert len(heights) == 1, f"the views above it jump: {heights}"
    assert max(heights) <= 0.16 * window[1]
    assert len({place[2:] for place in places}) == 1, "a caption's room changes with the beat"


def test_lines_are_of_nearly_one_length(qapp):
    style = Style(LIGHT, 1.0)
    text = "Across the valley the steps alternate and cancel, and along it they agree and grow on."
    said = fitted(text, style, CAPTION_SIZES[:1], 640, 100)
    assert said.lines.lineCount() == 2
    widths = [said.lines.lineAt(k).naturalTextWidth() for k in range(2)]
    assert min(widths) > 0.75 * max(widths), "no word alone on the last line"
    assert said.width == max(widths) <= 640


def test_a_text_takes_the_largest_type_that_fits(qapp):
    style = Style(LIGHT, 1.0)
    text = "A velocity adds gradients up; across they cancel, along they agree."
    sizes = [fitted(text, style, CAPTION_SIZES, 400, height).px for height in (90, 45, 10)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == CAPTION_SIZES[0] and sizes[-1] == CAPTION_SIZES[-1]
