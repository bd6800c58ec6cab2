"""The ring of 'your turn': round the control that the beat means, in sight, in every lesson."""

import re

import pytest
from PyQt6.QtCore import QRect
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QWidget
from window_rig import window_at

from app.controls.answering import answers, owner_of
from app.controls.contestants import Contestants
from app.controls.network_problem import NetworkPanel
from app.controls.pointer import Pointer
from app.lessons import bundled_lesson
from app.panels import scrolled
from app.starting import starting_network
from app.theme import LIGHT, Style
from engine.experiment import Experiment, NetworkContestant
from engine.listing import lesson_files

TURNS = [(name, beat) for name in lesson_files()
         for beat, told in enumerate(bundled_lesson(name).beats) if told.your_turn]


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_every_turn_of_every_lesson_rings_its_control_in_sight(qapp, qtbot, tmp_path, size):
    with window_at(tmp_path, size) as window:
        for lesson, beat in TURNS:
            window.open_lesson(lesson)
            window.session.lesson.go_to_beat(beat, play=False)
            for _ in range(4):
                QGuiApplication.processEvents()
            where = f"{lesson}, beat {beat + 1}"
            pointer, told = window.pointer, window.document.lesson.beats[beat]
            assert pointer.target is not None, f"{where}: nothing answers to {told.point_at}"
            ring = pointer.ring().toRect()
            seen = QRect(pointer.parentWidget().visibleRegion().boundingRect())
            assert not ring.isEmpty() and seen.contains(ring.center()), f"{where}: out of sight"
            assert ring.intersected(seen).height() >= 0.9 * ring.height(), f"{where}: cut"
            owner, _, setting = told.point_at.rpartition(".")
            called = " ".join(said.accessibleName() for said in (
                pointer.target, *pointer.target.findChildren(QWidget)))
            listed = setting in ("depth", "activation") and " layers" in called
            assert setting in called or listed, f"{where}: {called} for {told.point_at}"
            if owner != "problem":
                name = owner.partition(".layers[")[0].removesuffix(".init")
                assert name in called, f"{where}: {called}"
            layer = re.search(r"layers\[(\d+)\]", told.point_at)
            if layer and " layer " in called:
                assert f" layer {int(layer[1]) + 1} " in called, f"{where}: {called}"


DEEP = NetworkContestant(
    name="Deep", optimizer={"name": "sgd"}, init={"name": "xavier-normal", "gain": 2},
    layers=[{"kind": "dense", "width": 8 + place % 2, "init": "he-normal"} for place in range(14)])


@pytest.mark.parametrize(("key", "called"), [
    ("Deep.layers[12].width", "Deep layer 13 dense width"), ("Deep.width", "Deep layer 1 dense"),
    ("Deep.init.gain", "Deep gain"), ("Deep.init", "Deep init"), ("Deep.lr", "Deep lr"),
    ("Deep.clip", "Deep gradient clipping"), ("Deep.depth", "Deep layers"),
    ("problem.dataset.name", "data dataset"), ("problem.preprocess", "data preprocess"),
    ("problem.test_fraction", "data test share"), ("steps", "steps")])
def test_controls_are_found_in_any_network_folded_layers_too(qapp, key, called):
    race = Experiment(problem=starting_network("moons").problem, contestants=[DEEP], steps=10)
    area = scrolled(*(panels := (Contestants(), NetworkPanel())))
    pointer = Pointer(area)
    panels[0].show_experiment(race, owner_of(race, key), Style(LIGHT))
    panels[1].show_experiment(race, Style(LIGHT))
    pointer.point_at(key)
    assert pointer.target is not None and answers(race, key)
    names = [said.accessibleName() for said in (pointer.target,
                                                *pointer.target.findChildren(QWidget))]
    assert any(name.startswith(called) or name.endswith(f" {called}") for name in names), names
    area.deleteLater()
