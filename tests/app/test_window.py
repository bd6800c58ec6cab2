"""The window as a user drives it: clicks, keys, drags, files."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QGuiApplication
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QMenu, QMessageBox, QSlider
from window_rig import settle

from app.controls.slider import RESOLUTION
from app.preferences import Preferences
from app.recovery import Recovery
from engine import Experiment, load


def surface_pixel(window, x, y) -> QPoint:
    """Where a point of the surface lies in the views' viewport."""
    view = window.board.view("surface-path")
    pixel = view.to_pixels(np.array([[x, y]], float))[0]
    scene = view.canvas.mapToScene(QPointF(*pixel))
    return window.board_view.mapFromScene(scene)


def drag(qtbot, viewport, start: QPoint, end: QPoint) -> None:
    qtbot.mouseMove(viewport, start)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.2, 0.5, 0.8, 1.0):
        qtbot.mouseMove(viewport, start + (end - start) * share)
        qtbot.wait(25)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def test_space_plays_and_pauses(window, qtbot):
    assert window.session.player.step == 0
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.session.player.playing
    qtbot.waitUntil(lambda: window.session.player.step > 3, timeout=3000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not window.session.player.playing
    assert window.session.snapshot.step == window.session.player.step


def test_the_play_button_does_the_same(window, qtbot):
    qtbot.mouseClick(window.transport.play, Qt.MouseButton.LeftButton)
    assert window.session.player.playing
    assert window.transport.play.accessibleName() == "Pause"
    qtbot.mouseClick(window.transport.play, Qt.MouseButton.LeftButton)
    assert not window.session.player.playing


def test_arrows_home_and_end_move_through_time(window, qtbot):
    player = window.session.player
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert player.step == window.document.experiment.steps
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert player.step == player.last - 1
    qtbot.keyClick(window, Qt.Key.Key_Home)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    assert player.step == 1
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert player.step == 11


def test_scrubbing_shows_the_step_under_the_thumb(window, qtbot):
    slider = window.transport.timeline
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    settle(window)
    assert abs(window.session.snapshot.step - 200) <= 2
    assert window.transport.label.text().startswith(f"step {window.session.snapshot.step}")


def test_playing_to_the_end_stops_or_loops(window, qtbot):
    player = window.session.player
    player.set_speed(None)
    player.play()
    qtbot.waitUntil(lambda: not player.playing, timeout=3000)
    assert player.step == player.last
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert player.looping
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.wait(200)
    assert player.playing


def test_speed_goes_up_and_down_by_keys(window, qtbot):
    before = window.session.player.speed
    qtbot.keyClick(window, Qt.Key.Key_Up)
    assert window.session.player.speed > before
    qtbot.keyClick(window, Qt.Key.Key_Down)
    assert window.session.player.speed == before


def test_sliding_the_learning_rate_changes_the_trail_at_once_and_undoes_as_one(window, qtbot):
    window.session.player.seek(300)
    settle(window)
    before = window.session.snapshot.trails[3].path.copy()
    card = window.contestants.cards[3]
    slider = card._rows["lr"].slider
    positions = [QPoint(int(slider.width() * share), slider.height() // 2)
                 for share in (0.5, 0.6, 0.7)]
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=positions[0])
    for position in positions[1:]:
        qtbot.mouseMove(slider, position)
        qtbot.wait(30)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=positions[-1])
    settle(window)
    lr = window.document.experiment.contestants[3].optimizer.lr
    assert lr == pytest.approx(card._rows["lr"].hyper.value(slider.value() / RESOLUTION), rel=1e-3)
    assert not np.array_equal(window.session.snapshot.trails[3].path, before)
    assert window.session.snapshot.step == 300
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert np.array_equal(window.session.snapshot.trails[3].path, before)
    assert not window.document.stack.canUndo()
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert window.document.experiment.contestants[3].optimizer.lr == lr


def test_a_slider_moves_by_keys_and_time_stands_still(window, qtbot):
    slider = window.contestants.cards[0]._rows["lr"].slider
    slider.setFocus()
    value, step = slider.value(), window.session.player.step
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() > value
    assert window.session.player.step == step


def test_exact_entry_takes_a_number_and_refuses_nonsense(window, qtbot):
    field = window.contestants.cards[0]._rows["lr"].field
    qtbot.mouseDClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    qtbot.keyClicks(field, "0.0125")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.document.experiment.contestants[0].optimizer.lr == 0.0125
    for nonsense in ("fast", "-1", "1e99"):
        field.selectAll()
        qtbot.keyClicks(field, nonsense)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.property("bad")
        assert window.document.experiment.contestants[0].optimizer.lr == 0.0125


def test_the_start_is_dragged(window, qtbot):
    start = surface_pixel(window, *window.document.experiment.problem.start)
    goal = surface_pixel(window, 2.0, -1.0)
    drag(qtbot, window.board_view.viewport(), start, goal)
    settle(window)
    assert window.document.experiment.problem.start == pytest.approx((2.0, -1.0), abs=0.05)
    for trail in window.session.snapshot.trails:
        assert tuple(trail.path[0]) == window.document.experiment.problem.start
    window.document.stack.undo()
    assert not window.document.stack.canUndo()


def test_the_view_is_panned_zoomed_and_put_back(window, qtbot):
    view = window.board.view("surface-path")
    whole = view.ranges()
    empty = surface_pixel(window, -0.3, 1.9)
    drag(qtbot, window.board_view.viewport(), empty, empty + QPoint(120, 40))
    settle(window)
    assert view.ranges() != whole
    assert window.session.look.zoom == view.ranges()
    qtbot.keyClick(window, Qt.Key.Key_F)
    settle(window)
    (x0, x1), (y0, y1) = view.ranges()
    (left, right), (bottom, top) = window.session.run.experiment.problem.resolve().domain
    assert x0 <= left and right <= x1 and y0 <= bottom and top <= y1
    assert y1 - y0 == pytest.approx(top - bottom) or x1 - x0 == pytest.approx(right - left)


def test_hovering_tells_value_and_gradient(window, qtbot):
    view = window.board.view("surface-path")
    point = surface_pixel(window, 0.0, 1.8)
    qtbot.mouseMove(window.board_view.viewport(), point)
    qtbot.wait(60)
    assert "gradient" in view.note() and "loss" in view.note()


def test_clicking_the_loss_curve_moves_to_that_step(window, qtbot):
    view = window.board.view("loss-curve")
    pixel = view.to_pixels(np.array([[250.0, 0.0]]))[0]
    at = window.board_view.mapFromScene(view.canvas.mapToScene(QPointF(pixel[0], 40.0)))
    qtbot.mouseMove(window.board_view.viewport(), at)
    qtbot.mouseClick(window.board_view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.wait(350)
    assert abs(window.session.player.step - 250) <= 3


def test_contestants_are_added_duplicated_renamed_muted_recoloured_and_removed(window, qtbot):
    menu = window.contestants.findChild(QMenu)
    menu.aboutToShow.emit()
    next(a for a in menu.actions() if a.text() == "Lion").trigger()
    assert window.document.experiment.contestants[-1].optimizer.name == "lion"
    assert window.session.look.chosen == 4

    def card_menu(index, text):
        menus = window.contestants.cards[index].findChildren(QMenu)
        found = [action for menu in menus for action in menu.actions()]
        next(a for a in found if a.text() == text).trigger()
        settle(window)

    card_menu(0, "Duplicate")
    names = [c.name for c in window.document.experiment.contestants]
    assert len(names) == 6 and len(set(names)) == 6
    name = window.contestants.cards[1].name
    name.selectAll()
    qtbot.keyClicks(name, "Plain")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert window.document.experiment.contestants[1].name == "Plain"
    card_menu(1, "Mute")
    assert window.document.experiment.contestants[1].muted
    card_menu(1, "Colour 3")
    assert window.document.experiment.contestants[1].color == 3
    card_menu(1, "Remove")
    assert "Plain" not in [c.name for c in window.document.experiment.contestants]
    while window.document.stack.canUndo():
        window.document.stack.undo()
    assert [c.name for c in window.document.experiment.contestants] == [
        "SGD", "Momentum", "RMSProp", "Adam"]


def test_a_duplicate_changes_on_its_way_as_the_one_that_it_copies(window):
    experiment = window.document.experiment
    changes = [{"step": 30, "set": {"Adam.lr": 0.001}}, {"step": 40, "set": {"SGD.lr": 0.0001}}]
    window.document.edit("Change", experiment.replaced(changes=changes))
    menus = window.contestants.cards[3].findChildren(QMenu)
    next(action for menu in menus for action in menu.actions()
         if action.text() == "Duplicate").trigger()
    settle(window)
    after = window.document.experiment
    assert [change.set for change in after.changes] == [
        {"Adam.lr": 0.001, "Adam 2.lr": 0.001}, {"SGD.lr": 0.0001}]
    trails = window.session.run.at(60).trails
    np.testing.assert_array_equal(trails[3].path, trails[4].path)
    window.document.stack.undo()
    assert window.document.experiment.changes == experiment.replaced(changes=changes).changes


def test_the_last_contestant_stays(window, qtbot):
    for _ in range(5):
        window.editor.contestant(0, "remove", None)
    assert len(window.document.experiment.contestants) == 1
    assert window.notice.isVisible()


def test_a_formula_is_typed_raced_and_a_bad_one_refused_with_its_place(window, qtbot):
    box = window.problem.surface
    box.setCurrentIndex(box.findText("A formula in x and y"))
    box.activated.emit(box.currentIndex())
    field = window.problem.formula
    assert field.isVisible()
    field.selectAll()
    qtbot.keyClicks(field, "x**2 + 3*sin(y)**2")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    settle(window)
    assert window.document.experiment.problem.formula == "x**2 + 3*sin(y)**2"
    assert window.session.run.experiment.problem.resolve().value(1.0, 0.0) == 1.0
    field.selectAll()
    qtbot.keyClicks(field, "x**2 + sen(y)")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "sin" in window.problem.refusal.text() and window.problem.refusal.isVisible()
    assert field.selectionStart() == 7
    assert window.document.experiment.problem.formula == "x**2 + 3*sin(y)**2"


def test_every_surface_and_every_lesson_opens(window, qtbot):
    entries = [window.lessons.list.item(row) for row in range(window.lessons.list.count())]
    opened = 0
    for item in entries:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled:
            window.lessons.list.itemClicked.emit(item)
            # Not until it is computed to its end, which is a matter of films.
            qtbot.waitUntil(lambda: window.session.snapshot.experiment
                            is window.document.experiment)
            assert not window.notice.isVisible()
            opened += 1
    assert opened >= 19


def test_save_open_recent_and_the_same_picture(window, qtbot, tmp_path):
    window.session.player.seek(123)
    window.session.set_look(chosen=2, loss_scale="linear", zoom=((-1.0, 4.0), (-1.0, 2.0)))
    settle(window)
    before = window.board_view.grab().toImage()
    path = tmp_path / "mine.toml"
    assert window.files.saving.save_to(path)
    assert load(path).picture.step == 123
    window.files.replace(load(path).replaced(picture=None, seed=9))
    settle(window)
    assert window.files.open(path)
    settle(window)
    after = window.board_view.grab().toImage()
    assert before == after
    assert window.preferences.recent[0] == str(path)
    window.files.fill_recent()
    assert window.recent_menu.actions()[0].text() == str(path)


@pytest.mark.parametrize("content, word", [
    (b"", "empty"), (b"\x00\xff\x00rubbish", "text"), (b"format = 99\n", "newer"),
    (b"format = 1\nstepz = 3\n", "stepz"), (b"format = [", "line"),
])
def test_a_bad_file_is_told_in_the_window_and_nothing_changes(window, tmp_path, content, word):
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    before = window.document.experiment
    assert not window.files.open(path)
    assert window.document.experiment is before
    assert window.notice.isVisible() and word in window.notice.label.text()


def test_a_file_dropped_on_the_window_opens(window, tmp_path):
    path = tmp_path / "dropped.toml"
    path.write_text(Experiment(
        title="Dropped", steps=10, problem={"kind": "surface", "surface": "bowl"},
        contestants=[{"optimizer": {"name": "adam"}}]).to_toml())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data,
                                Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    assert window.document.experiment.title == "Dropped"


def test_copied_python_runs_as_pasted(window, tmp_path):
    window.actions_["copy_python"].trigger()
    script = tmp_path / "pasted.py"
    script.write_text(QGuiApplication.clipboard().text())
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=root,
                          env=None)
    assert done.returncode == 0, done.stderr
    assert "Adam" in done.stdout


def test_copy_picture_and_export(window, tmp_path):
    window.actions_["copy_picture"].trigger()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (1920, 1080)
    for suffix, head in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")):
        path = tmp_path / f"still{suffix}"
        assert window.files.export_to(path)
        assert path.read_bytes().startswith(head)
    assert not window.files.export_to(tmp_path / "still.bmp")
    assert ".png, .svg or .pdf" in window.notice.label.text()


def test_unsaved_edits_are_asked_about(window, monkeypatch):
    window.editor.new_seed()
    answers = iter([QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard])
    monkeypatch.setattr(QMessageBox, "question", lambda *a, **k: next(answers))
    edited = window.document.experiment
    assert not window.files.replace(Experiment.from_toml(edited.to_toml()))
    assert window.document.experiment is edited
    assert window.files.replace(Experiment.from_toml(edited.to_toml()).replaced(seed=1))
    assert window.document.experiment.seed == 1


def test_a_crash_leaves_something_to_restore(window, tmp_path):
    folder = tmp_path / "unsaved"
    window.editor.experiment({"seed": 4242})
    window.files.saving.autosave()
    (kept,) = folder.glob("*.toml")
    orphan = folder / "99999-1.toml"
    orphan.write_text(kept.read_text())
    fresh = Recovery(folder)
    assert fresh.left_behind() == orphan
    assert fresh.recover(orphan).seed == 4242
    assert fresh.left_behind() is None


def test_presenting_shows_only_the_stage_and_comes_back(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F11)
    settle(window)
    assert window.pages.currentIndex() == 1
    assert window.stage.board.view("surface-path").snapshot is window.session.snapshot
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.session.player.playing
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.pages.currentIndex() == 0


def test_every_control_can_be_reached_by_keyboard_and_has_a_name(window):
    controls = window.findChildren((QAbstractButton, QLineEdit, QSlider, QComboBox))
    nameless = [c for c in controls if c.isVisibleTo(window) and not (
        c.accessibleName() or (isinstance(c, QAbstractButton) and c.text()))
        and c.objectName() != "qt_spinbox_lineedit"]
    assert nameless == []
    unreachable = [c for c in controls if c.isVisibleTo(window)
                   and not c.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert unreachable == []


def test_themes_change_everything_and_are_remembered(window, tmp_path):
    light = window.grab().toImage().pixelColor(400, 900)
    window.set_theme("dark")
    settle(window)
    dark = window.grab().toImage().pixelColor(400, 900)
    assert light.lightnessF() > 0.8 > 0.3 > dark.lightnessF()
    assert Preferences(tmp_path / "window.ini").theme == "dark"


def test_a_new_seed_changes_the_noise_for_all(window):
    window.editor.problem({"noise": 0.5})
    settle(window)
    before = window.session.snapshot.trails[0].path.copy()
    seed = window.document.experiment.seed
    window.transport.seed.click()
    settle(window)
    assert window.document.experiment.seed != seed
    assert not np.array_equal(before, window.session.snapshot.trails[0].path)
