"""README's gallery shows every bundled lesson, in pictures that are there and small."""

from __future__ import annotations

import pytest

from app.lessons import bundled_lessons
from engine.lesson import Lesson
from tests.gallery import (
    BEGIN,
    BEST,
    END,
    FILMS,
    MOST_MB,
    PICTURES,
    README,
    moment,
    table,
    with_table,
)

LESSONS = bundled_lessons()


def test_readme_has_the_table_of_these_lessons():
    text = README.read_text(encoding="utf-8")
    assert with_table(text, LESSONS) == text, "make gallery"


def test_every_picture_is_there_and_no_other_one():
    wanted = {f"{name}.png" for name in LESSONS} | {f"{name}.gif" for name in FILMS}
    assert {path.name for path in PICTURES.iterdir()} == wanted, "make gallery"


def test_pictures_are_small():
    stills = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    assert stills < 3e6
    films = [path.stat().st_size for path in PICTURES.glob("*.gif")]
    assert len(films) == 5 and max(films) < MOST_MB * 1e6


@pytest.mark.parametrize("name", LESSONS)
def test_a_still_is_of_a_moment_of_its_lesson(name):
    lesson = LESSONS[name]
    beat, since = lesson.beat_at(moment(name, lesson))
    assert not lesson.beats[beat].your_turn
    # Cards have come to rest.
    assert since > min(1, lesson.beats[beat].sliding)


def test_what_is_chosen_belongs_to_lessons():
    assert set(BEST) <= set(LESSONS) and set(FILMS) <= set(LESSONS)
    for name, (beat, share) in BEST.items():
        assert 1 <= beat <= len(LESSONS[name].beats) and 0 <= share < 1
    for name, (beat, _) in FILMS.items():
        assert 1 <= beat <= len(LESSONS[name].beats)


def test_a_lesson_without_an_entry_is_shown_as_its_last_words_end():
    lesson = Lesson(experiment=LESSONS["momentum"].experiment, title="One", summary="Two.", beats=[
        {"seconds": 4}, {"seconds": 6}, {"seconds": 2, "your_turn": True}])
    assert 9.9 < moment("new", lesson) < 10
    shown = table({"new": lesson})
    assert shown.startswith(BEGIN) and shown.endswith(END)
    assert 'src="assets/pictures/gallery/new.png"' in shown
    assert "<b>One</b>" in shown and "Two." in shown


def test_text_around_the_table_stays():
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    written = with_table(text, {})
    assert written == f"before\n{table({})}\nafter\n"
    with pytest.raises(ValueError, match="marks"):
        with_table("no marks", {})
