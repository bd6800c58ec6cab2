"""Presenting a lesson: at the viewer's turn the stage has the control that the beat points at."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, QPointF, QRect, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QLineEdit, QWidget
from window_rig import settle, window_at

from app.controls.slider import HyperRow
from app.lessons import bundled_lesson
from engine.listing import lesson_files

TURNS = [(name, beat, told.point_at.rpartition(".")[2]) for name in lesson_files()
         for beat, told in enumerate(bundled_lesson(name).beats) if told.your_turn]
# One lesson for each thing that is set.
KINDS = list({kind: (name, beat) for name, beat, kind in TURNS}.values())


@pytest.fixture
def presenting(qapp, tmp_path):
    """A window that presents, at the size of a small screen."""
    with window_at(tmp_path, (1280, 720)) as window:
        yield window


def go_to(window, lesson: str, beat: int) -> None:
    """Present a beat of a lesson; the screen may be larger than the window was."""
    window.open_lesson(lesson)
    window.pages.setCurrentIndex(1)
    window.session.lesson.go_to_beat(beat, play=False)
    for _ in range(4):
        QGuiApplication.processEvents()


def told_by(lesson: str, beat: int) -> str:
    """The setting that a beat points at."""
    return bundled_lesson(lesson).beats[beat].point_at.rpartition(".")[2]


def turn_of(lesson: str) -> int:
    return next(beat for name, beat, _ in TURNS if name == lesson)


def place_in(window, widget: QWidget) -> QRect:
    """Where a widget is on the stage."""
    return QRect(widget.mapTo(window.stage_view, QPoint(0, 0)), widget.size())


def test_whatever_a_beat_points_at_has_its_control_whole_and_off_the_cards(presenting):
    window = presenting
    for lesson, beat in KINDS:
        go_to(window, lesson, beat)
        where, control = f"{lesson}, beat {beat + 1}", window.turn.control
        assert control.isVisible() and control.target is not None, where
        frame = place_in(window, control)
        assert window.stage_view.rect().contains(frame), where
        assert frame.contains(place_in(window, control.target)), where
        board = window.stage.board.geometry().toRect()
        assert not frame.intersects(board) and board.height() > 0.6 * window.stage_view.height()
        called = " ".join(said.accessibleName() for said in (
            control.target, *control.target.findChildren(QWidget)))
        assert told_by(lesson, beat) in called, where
        heights = [shown.fontMetrics().height() for shown in (control.target, window.contestants)]
        assert heights[0] > 1.1 * heights[1], where


def test_what_is_set_on_stage_is_set_and_the_control_stays(presenting, qtbot):
    window = presenting
    go_to(window, "momentum", turn_of("momentum"))
    row = window.turn.control.target
    assert isinstance(row, HyperRow)
    at = QPointF(0.8 * row.slider.width(), row.slider.height() / 2).toPoint()
    qtbot.mouseClick(row.slider, Qt.MouseButton.LeftButton, pos=at)
    settle(window)
    momentum = window.document.experiment.contestants[1].optimizer.plain()["momentum"]
    assert momentum == row.value() != 0.9
    assert window.turn.control.isVisible() and window.turn.control.target is row
    window.document.undo()
    settle(window)
    assert window.turn.control.target.value() == 0.9


def test_a_choice_on_stage_brings_the_contestant_anew_and_the_control_again(presenting, qtbot):
    window = presenting
    go_to(window, "rough-landscapes", turn_of("rough-landscapes"))
    box = window.turn.control.target
    assert box.currentText() == "Tanh"
    box.setCurrentText("ReLU")
    box.activated.emit(box.currentIndex())
    settle(window)
    eight = next(contestant for contestant in window.document.experiment.contestants
                 if contestant.name == "Eight layers")
    kinds = [layer.kind for layer in eight.layers]
    assert "relu" in kinds and "tanh" not in kinds
    assert window.turn.control.isVisible()
    assert window.turn.control.target.currentText() == "ReLU"


def test_in_other_beats_and_in_the_lab_there_is_none(presenting):
    window, beat = presenting, turn_of("momentum")
    go_to(window, "momentum", beat)
    assert window.turn.control.isVisible() and not window.stage.aside.isEmpty()
    go_to(window, "momentum", beat - 1)
    assert not window.turn.control.isVisible() and window.stage.aside.isEmpty()


def test_the_tab_key_reaches_nothing_that_is_out_of_sight(presenting):
    window = presenting
    go_to(window, "momentum", turn_of("momentum"))
    control = window.turn.control
    reached = [field for field in control.findChildren(QWidget)
               if field.focusPolicy() & Qt.FocusPolicy.TabFocus and field.isVisible()]
    assert reached and all(control.target.isAncestorOf(field) for field in reached)
    assert any(isinstance(field, QLineEdit) for field in reached)
