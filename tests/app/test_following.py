"""A lesson played in the window: its own time, chapters, the viewer's turn, and the way back."""

from fractions import Fraction

import numpy as np
import pytest
from lesson_scenes import LESSON
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QApplication, QSlider, QToolTip

from app.script import Script, clock


def at(window, seconds: float):
    """The window at a time of the lesson, and the lesson's moment then."""
    window.session.player.scrub(round(seconds * 1000))
    window.session.wait()
    return LESSON.moment(Fraction(round(seconds * 1000), 1000))


# ---- time


def test_time_passes_from_beat_to_beat_and_stands_at_the_viewers_turn():
    script = Script(LESSON)
    assert script.length == 10_500
    assert not script.advance(3999)
    assert script.beat == 0 and not script.advance(1) and script.beat == 1
    script.seek(6_400)
    assert script.advance(1000), "the beat in which it is the viewer's turn ends at 6.5"
    assert (script.time, script.beat, script.ended) == (6_499, 2, False)
    assert script.advance(1000) and script.time == 6_499
    script.go_on()
    assert not script.advance(1000) and script.beat == 3
    assert script.advance(60_000) and script.ended
    # It stands there again for whoever comes back.
    script.go_to(2)
    assert script.time == 6_000 and script.advance(5000) and script.time == 6_499


@pytest.mark.parametrize(("time", "text"), [(0, "0:00"), (999, "0:00"), (65_000, "1:05"),
                                            (600_000, "10:00")])
def test_a_time_is_written_in_minutes_and_seconds(time, text):
    assert clock(time) == text


# ---- the window follows


@pytest.mark.parametrize("seconds", [0.0, 2.0, 4.5, 5.0, 5.9, 6.2, 7.0, 10.5])
def test_what_is_shown_at_a_time_is_the_lessons_moment(lesson_window, seconds):
    moment = at(lesson_window, seconds)
    session = lesson_window.session
    assert session.snapshot.experiment == moment.experiment
    assert session.snapshot.step == moment.step
    assert session.look.zoom == moment.picture.zoom
    assert session.look.loss_scale == (moment.picture.loss_scale or "log")
    assert lesson_window.board.rows == moment.layouts[1]
    assert lesson_window.lesson_bar.words.text() == LESSON.beats[moment.beat].caption


def test_the_timeline_counts_the_lessons_seconds_and_marks_its_beats(lesson_window):
    timeline = lesson_window.transport.timeline
    assert (timeline.minimum(), timeline.maximum()) == (0, 10_500)
    assert timeline.marks == pytest.approx((4 / 10.5, 6 / 10.5, 6.5 / 10.5))
    at(lesson_window, 5)
    assert timeline.value() == 5000
    assert lesson_window.transport.label.text() == "0:05 of 0:10"


def test_it_plays_through_a_beat_in_which_no_step_is_made(lesson_window, qtbot):
    at(lesson_window, 3.9)
    qtbot.keyClick(lesson_window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: lesson_window.session.lesson.beat == 1, timeout=2000)
    first = lesson_window.session.look.zoom
    qtbot.waitUntil(lambda: lesson_window.session.look.zoom != first, timeout=2000)
    assert lesson_window.session.player.step == 40 and lesson_window.session.player.playing


def test_at_the_viewers_turn_it_stops_and_points_at_the_control(lesson_window, qtbot):
    at(lesson_window, 5.9)
    qtbot.keyClick(lesson_window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: lesson_window.session.lesson.beat == 2, timeout=2000)
    qtbot.waitUntil(lambda: not lesson_window.session.player.playing, timeout=2000)
    assert lesson_window.session.lesson.on and lesson_window.lesson_bar.turn.isVisible()
    ringed = lesson_window.pointer.target.findChild(QSlider)
    assert ringed.accessibleName() == "A lr"
    assert not lesson_window.pointer.ring().isEmpty()
    # The viewer takes it: the race is computed anew, and the script waits.
    qtbot.mouseClick(ringed, Qt.MouseButton.LeftButton, pos=QPoint(ringed.width() // 3, 8))
    lesson_window.session.wait()
    assert lesson_window.document.unsaved and not lesson_window.session.lesson.on
    assert lesson_window.lesson_bar.again.isVisible()
    assert lesson_window.document.experiment.contestants[0].optimizer.lr != 0.003
    qtbot.mouseClick(lesson_window.lesson_bar.again, Qt.MouseButton.LeftButton)
    assert lesson_window.session.lesson.on and not lesson_window.document.unsaved
    assert lesson_window.document.experiment == LESSON.experiment_at(2)
    # It is still the viewer's turn; the script goes on when it is asked to.
    assert lesson_window.session.lesson.beat == 2 and not lesson_window.session.player.playing
    qtbot.keyClick(lesson_window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: lesson_window.session.lesson.beat == 3, timeout=3000)
    assert lesson_window.pointer.target is None


def test_moving_by_steps_leaves_the_script_and_its_button_goes_back(lesson_window, qtbot):
    at(lesson_window, 2.0)
    qtbot.keyClick(lesson_window, Qt.Key.Key_Right)
    lesson_window.session.wait()
    assert lesson_window.session.snapshot.step == 21 and not lesson_window.session.lesson.on
    assert lesson_window.transport.label.text() == "step 21 of 200"
    assert lesson_window.transport.timeline.marks == ()
    qtbot.mouseClick(lesson_window.lesson_bar.again, Qt.MouseButton.LeftButton)
    assert lesson_window.session.lesson.on and lesson_window.session.player.playing
    assert 2000 <= lesson_window.session.player.position < 2500


def test_what_the_viewer_chooses_to_see_lasts_until_the_next_beat(lesson_window):
    at(lesson_window, 4.5)
    lesson_window.session.set_look(loss_scale="linear")
    at(lesson_window, 5.5)
    assert lesson_window.session.look.loss_scale == "linear" and lesson_window.session.lesson.on
    at(lesson_window, 6.2)
    assert lesson_window.session.look.loss_scale == "log"


def test_page_keys_go_from_chapter_to_chapter(lesson_window, qtbot):
    for beat in (1, 2, 3):
        qtbot.keyClick(lesson_window, Qt.Key.Key_PageDown)
        assert lesson_window.session.lesson.beat == beat
        assert lesson_window.session.player.position == LESSON.starts[beat] * 1000
    qtbot.keyClick(lesson_window, Qt.Key.Key_PageUp)
    assert lesson_window.session.lesson.beat == 2


def test_home_end_and_loop_are_the_lessons(lesson_window, qtbot):
    player = lesson_window.session.player
    qtbot.keyClick(lesson_window, Qt.Key.Key_End)
    assert player.position == 10_500 and lesson_window.session.lesson.beat == 3
    qtbot.keyClick(lesson_window, Qt.Key.Key_L)
    qtbot.keyClick(lesson_window, Qt.Key.Key_Space)
    qtbot.wait(60)
    assert player.playing and lesson_window.session.lesson.on and player.position < 2000


def test_opening_something_else_forgets_the_lesson(lesson_window):
    from app.starting import starting_experiment

    at(lesson_window, 8.0)
    lesson_window.document.take(starting_experiment("bowl"))
    lesson_window.session.wait()
    assert not lesson_window.session.lesson.on and lesson_window.session.player.position == 0
    assert not lesson_window.lesson_bar.isVisible() and lesson_window.pointer.target is None
    assert np.isfinite(lesson_window.session.snapshot.contestants[0].loss)


def test_back_to_a_turn_that_was_reached_stays_there_with_its_ring(lesson_window, qtbot):
    window = lesson_window
    turn = next(k for k, beat in enumerate(LESSON.beats) if beat.your_turn)
    window.session.lesson.go_to_end(turn)
    script = window.session.lesson.script
    for _ in range(2):
        window.session.player.nudge(-1)
        qtbot.mouseClick(window.lesson_bar.again, Qt.MouseButton.LeftButton)
        assert window.session.lesson.beat == turn and script.time == script.end_of(turn)
        assert not window.session.player.playing


def test_the_timeline_says_which_beat_is_under_the_mouse(lesson_window):
    timeline, script = lesson_window.transport.timeline, lesson_window.session.lesson.script
    beats = script.lesson.beats
    assert len(timeline.parts) == len(beats)
    starts = [*map(float, script.lesson.starts[:-1]), float(script.lesson.duration)]
    for place, beat in enumerate(beats):
        share = (starts[place] + starts[place + 1]) / 2 / starts[-1]
        x = 10 + share * (timeline.width() - 20)
        name = timeline.part_at(x)
        assert name.startswith(f"{place + 1}  ")
        assert name[3:].rstrip("…") in (beat.title or " ".join(beat.caption.split()))
    QToolTip.hideText()
    at = QPoint(round(x), 5)
    QApplication.sendEvent(timeline, QHelpEvent(
        QEvent.Type.ToolTip, at, timeline.mapToGlobal(at)))
    assert QToolTip.text() == name
    QToolTip.hideText()
