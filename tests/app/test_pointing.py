"""The ring of 'your turn': round the control that the beat means, in sight, in every lesson."""

import re

import pytest
from PyQt6.QtCore import QRect
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QWidget
from window_rig import window_at

from app.lessons import bundled_lesson
from engine.listing import lesson_files

TURNS = [(name, beat) for name in lesson_files()
         for beat, told in enumerate(bundled_lesson(name).beats) if told.your_turn]


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_every_turn_of_every_lesson_rings_its_control_in_sight(qapp, qtbot, tmp_path, size):
    with window_at(tmp_path, size) as window:
        for name, beat in TURNS:
            window.open_lesson(name)
            window.session.lesson.go_to_beat(beat, play=False)
            for _ in range(4):
                QGuiApplication.processEvents()
            where = f"{name}, beat {beat + 1}"
            pointer, told = window.pointer, window.document.lesson.beats[beat]
            assert pointer.target is not None, f"{where}: nothing answers to {told.point_at}"
            ring = pointer.ring().toRect()
            seen = QRect(pointer.parentWidget().visibleRegion().boundingRect())
            assert not ring.isEmpty() and seen.contains(ring.center()), f"{where}: out of sight"
            assert ring.intersected(seen).height() >= 0.9 * ring.height(), f"{where}: cut"
            owner, _, setting = told.point_at.rpartition(".")
            called = " ".join(said.accessibleName() for said in (
                pointer.target, *pointer.target.findChildren(QWidget)))
            assert setting in called, f"{where}: {called} for {told.point_at}"
            if owner != "problem":
                assert owner.partition(".layers[")[0] in called, f"{where}: {called}"
            layer = re.search(r"layers\[(\d+)\]", told.point_at)
            if layer and " layer " in called:
                assert f" layer {int(layer[1]) + 1} " in called, f"{where}: {called}"
