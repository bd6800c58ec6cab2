"""Maps in the window: clicks are edits, and maps become finer while it is idle."""

import numpy as np
import pytest
from map_races import pits
from PyQt6.QtCore import QPoint, QPointF, Qt
from window_rig import settle

from engine import Experiment, Run


def is_whole(mapped) -> bool:
    basin, setting = (mapped.board.view(name) for name in ("basin-map", "settings-map"))
    return not (basin.unfinished or setting.unfinished or basin._shown is None
                or setting._shown is None) and (
        basin._shown.pictures[0].complete and setting._shown.picture.complete)


@pytest.fixture
def mapped(lesson_window, qtbot):
    lesson_window.document.take(pits(steps=120).replaced(picture={
        "layout": [["basin-map", "settings-map"]], "chosen": "Momentum"}))
    qtbot.waitUntil(lambda: is_whole(lesson_window), timeout=30_000)
    return lesson_window


def at_pixel(mapped, view, pixel):
    return mapped.board_view.mapFromScene(view.mapToScene(pixel))


def test_a_shift_click_in_the_window_moves_the_race_and_undo_takes_it_back(mapped, qtbot):
    view, document = mapped.board.view("basin-map"), mapped.document
    before = document.experiment.problem.start
    at = view._painter.pixel(np.array([-1.0, 2.0]), view._layout.panels[0].body)
    row, column = view._cell(at)
    picture = view._shown.pictures[0]
    qtbot.mouseClick(mapped.board_view.viewport(), Qt.MouseButton.LeftButton,
                     Qt.KeyboardModifier.ShiftModifier, pos=at_pixel(mapped, view, at))
    start = document.experiment.problem.start
    assert start == pytest.approx((float(picture.x[column]), float(picture.y[row])), abs=0.05)
    document.undo()
    assert document.experiment.problem.start == before


def test_a_click_on_a_map_of_starts_adds_a_contestant_to_that_map(mapped, qtbot):
    view, document = mapped.board.view("basin-map"), mapped.document
    document.edit("Colour", document.experiment.with_contestant(1, color=6, clip={
        "by": "norm", "limit": 5.0}))
    qtbot.waitUntil(lambda: view._shown.question.races[1].contestants[0].clip is not None)
    qtbot.waitUntil(lambda: is_whole(mapped), timeout=30_000)
    maps = view._shown
    at = view._painter.pixel(np.array([-1.0, 2.0]), view._layout.panels[1].body)
    place = view._cell(at)
    qtbot.mouseClick(mapped.board_view.viewport(), Qt.MouseButton.LeftButton,
                     pos=at_pixel(mapped, view, at))
    added = document.experiment.contestants[2]
    assert added.name == "Momentum 2" and added.color is None and added.clip.limit == 5.0
    assert mapped.session.look.chosen == 2
    settle(mapped)
    # No map is computed anew: it has the run already, which ends where its pixel says.
    assert view._shown is maps and not view.unfinished
    assert [[member.name for member in method.members] for method in view._layout.methods] == [
        ["SGD"], ["Momentum", "Momentum 2"]]
    assert view._layout.panels[1].appearance.name == "Momentum 2"
    row, column = np.argwhere((maps.pictures[1].x == added.start[0])[None]
                              & (maps.pictures[1].y == added.start[1])[:, None])[0]
    assert np.hypot(row - place[0], column - place[1]) < 3
    trail = Run(document.experiment).finish().snapshot().trails[2]
    assert tuple(trail.path[-1]) == tuple(maps.pictures[1].ends[row, column])
    document.undo()
    assert len(document.experiment.contestants) == 2


def test_a_click_in_the_window_adds_a_contestant_and_undo_takes_it_away(mapped, qtbot):
    view, document = mapped.board.view("settings-map"), mapped.document
    assert view.title() == "Settings of Momentum"
    at = QPointF(view._body.center().x(), view._body.top() + 0.3 * view._body.height())
    qtbot.mouseClick(mapped.board_view.viewport(), Qt.MouseButton.LeftButton,
                     pos=at_pixel(mapped, view, at))
    added = document.experiment.contestants
    assert [entry.name for entry in added] == ["SGD", "Momentum", "Momentum 2"]
    picture = view._shown.picture
    assert added[2].optimizer.lr in picture.x and added[2].optimizer.momentum in picture.y
    assert mapped.session.look.chosen == 2
    settle(mapped)
    # Its own map is the one that it was clicked on.
    assert view.title() == "Settings of Momentum 2"
    assert view._shown.picture is picture and not view.unfinished
    document.undo()
    assert len(document.experiment.contestants) == 2


def test_the_panel_scrolls_to_whoever_a_click_on_a_map_adds(mapped, qtbot):
    mapped.resize(1280, 500)
    settle(mapped)
    qtbot.waitUntil(lambda: is_whole(mapped), timeout=30_000)
    view, area = mapped.board.view("settings-map"), mapped._controls

    def seen(card):
        top = card.mapTo(area.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + card.height() <= area.viewport().height()

    for share, count in ((0.3, 3), (0.5, 4), (0.2, 5), (0.4, 6)):
        at = QPointF(view._body.left() + 0.1 * view._body.width() * count,
                     view._body.top() + share * view._body.height())
        qtbot.mouseClick(mapped.board_view.viewport(), Qt.MouseButton.LeftButton,
                         pos=at_pixel(mapped, view, at))
        assert len(mapped.contestants.cards) == count
        qtbot.waitUntil(lambda count=count: seen(mapped.contestants.cards[count - 1]))
    assert area.verticalScrollBar().value() > 0 and not seen(mapped.contestants.cards[1])
    # A click on a mark brings back the card of whose it is.
    mark = next(mark for mark in view._marks if mark.appearance.index == 1)
    qtbot.mouseClick(mapped.board_view.viewport(), Qt.MouseButton.LeftButton,
                     pos=at_pixel(mapped, view, mark.at))
    assert mapped.session.look.chosen == 1
    qtbot.waitUntil(lambda: seen(mapped.contestants.cards[1]))


def test_what_a_map_shows_is_chosen_on_it_and_undone(mapped):
    view, document = mapped.board.view("settings-map"), mapped.document
    view.asked.emit("settings_zoom", ((1e-3, 1e-2), (0.5, 0.9)))
    assert mapped.session.look.settings_zoom == ((1e-3, 1e-2), (0.5, 0.9))
    # What was zoomed into are other numbers on another axis.
    view.asked.emit("settings_x", "weight_decay")
    assert mapped.session.look.settings_zoom is None
    document.undo()
    look = mapped.session.look
    assert look.settings_x is None and look.settings_zoom == ((1e-3, 1e-2), (0.5, 0.9))
    mapped.board.view("basin-map").asked.emit("basins", "chosen")
    document.undo()
    assert mapped.session.look.basins is None


def test_maps_become_finer_while_the_window_is_idle_and_not_all_at_once(mapped, qtbot):
    basin, setting = mapped.board.view("basin-map"), mapped.board.view("settings-map")
    assert not basin.whole and not setting.whole
    assert basin._shown.pictures[0].complete and setting._shown.picture.complete
    mapped.editor.experiment({"steps": 130})
    qtbot.waitUntil(lambda: basin._shown.question.races[0].steps == 130, timeout=5000)
    assert basin._shown.pictures[0].stride > 1
    qtbot.waitUntil(lambda: is_whole(mapped), timeout=30_000)


def test_what_a_map_shows_is_kept_in_the_file(mapped):
    mapped.session.set_look(settings_value="steps", settings_x="momentum", settings_y="lr",
                            settings_zoom=((0.1, 0.9), (0.001, 0.1)), basins="chosen")
    picture = mapped.files.saving.picture()
    kept = {key: getattr(picture, key) for key in (
        "settings_value", "settings_x", "settings_y", "settings_zoom", "basins")}
    assert kept == {"settings_value": "steps", "settings_x": "momentum", "settings_y": "lr",
                    "settings_zoom": ((0.1, 0.9), (0.001, 0.1)), "basins": "chosen"}
    other = Experiment.from_toml(mapped.document.experiment.replaced(picture=picture).to_toml())
    assert other.picture == picture


def test_a_networks_map_waits_until_its_training_has_ended(lesson_window, qtbot):
    small = Experiment(
        steps=40, problem={"kind": "network", "dataset": "moons"},
        contestants=[{"layers": [{"kind": "dense", "width": 3}, {"kind": "tanh"}],
                      "optimizer": "momentum"}],
        picture={"layout": [["settings-map"]]})
    lesson_window.document.take(small)
    view = lesson_window.board.view("settings-map")
    qtbot.waitUntil(lambda: view._shown is not None, timeout=30_000)
    assert lesson_window.session.run.done
