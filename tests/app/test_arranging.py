"""Arranging views in the window as a user does: heads, gaps, the popup, menus, undo, files."""

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import QApplication
from scenes import SVG, svg_of
from window_rig import settle, window_at

from app.film import Projector, Screen
from app.starting import starting_network
from app.view_head import CLOSE, FLOAT, MAXIMISE
from engine import load
from engine.lesson import as_lesson

LEFT = Qt.MouseButton.LeftButton
ROWS = (("decision-map", "curves"), ("layer-histograms",))


@pytest.fixture
def window(qapp, tmp_path):
    with window_at(tmp_path) as window:
        window.files.replace(starting_network("moons").replaced(steps=40))
        settle(window)
        yield window


def on_card(window, name, across=0.5, down=0.5) -> QPoint:
    card = window.board.card(name)
    size = card.size()
    return window.board_view.mapFromScene(card.mapToScene(
        QPointF(size.width() * across, size.height() * down)))


def on_head(window, name, across=0.3) -> QPoint:
    card = window.board.card(name)
    return window.board_view.mapFromScene(card.mapToScene(
        QPointF(card.size().width() * across, card.head.size().height() / 2)))


def on_button(window, name, button) -> QPoint:
    head = window.board.card(name).head
    return window.board_view.mapFromScene(head.mapToScene(head.rect_of(button).center()))


def press_and_move(qtbot, window, start, end):
    viewport = window.board_view.viewport()
    qtbot.mouseMove(viewport, start)
    qtbot.mousePress(viewport, LEFT, pos=start)
    for share in (0.1, 0.5, 1.0):
        qtbot.mouseMove(viewport, start + (end - start) * share)
        qtbot.wait(15)


def drag(qtbot, window, start, end):
    press_and_move(qtbot, window, start, end)
    qtbot.mouseRelease(window.board_view.viewport(), LEFT, pos=end)
    settle(window)


def double_click(qtbot, window, at):
    viewport = window.board_view.viewport()
    qtbot.mouseDClick(viewport, LEFT, pos=at)
    # Or the button counts as held for the test that comes next, and nothing hovers.
    qtbot.mouseRelease(viewport, LEFT, pos=at)


def width_of(window, name) -> float:
    return window.board.card(name).size().width()


def test_a_card_dragged_by_its_head_is_docked_and_undo_puts_it_back(window, qtbot):
    shown = window.board.view("curves")
    run = window.session.run
    drag(qtbot, window, on_head(window, "curves"), on_card(window, "layer-histograms", 0.1))
    assert window.board.rows == (("decision-map",), ("curves", "layer-histograms"))
    assert window.document.experiment.picture.layout == window.board.rows
    assert window.stage.board.rows == window.board.rows
    # The view goes on as it was, and so does the race.
    assert window.board.view("curves") is shown
    assert window.session.run.computed >= run.computed
    assert window.document.stack.undoText() == "Move Curves"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.board.rows == ROWS
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert window.board.rows == (("decision-map",), ("curves", "layer-histograms"))


@pytest.mark.parametrize("across, down, target, rows", [
    (0.5, 0.05, "layer-histograms", (("decision-map",), ("curves",), ("layer-histograms",))),
    (0.5, 0.95, "layer-histograms", (("decision-map",), ("layer-histograms",), ("curves",))),
    (0.95, 0.5, "layer-histograms", (("decision-map",), ("layer-histograms", "curves"))),
    (0.05, 0.5, "decision-map", (("curves", "decision-map"), ("layer-histograms",))),
])
def test_the_mark_says_where_a_card_will_land(window, qtbot, across, down, target, rows):
    board = window.board
    end = on_card(window, target, across, down)
    press_and_move(qtbot, window, on_head(window, "curves"), end)
    mark = board.docking._mark
    assert mark.isVisible() and mark.title == "Loss"
    assert board.docking.target[0] == target
    # The bar lies in the gap or at the border, beside the area it belongs to.
    assert board.rect().contains(mark.bar)
    assert mark.area.intersected(board.card(target).geometry()) == mark.area or across == 0.5
    assert board.card("curves").opacity() < 0.5
    qtbot.mouseRelease(window.board_view.viewport(), LEFT, pos=end)
    settle(window)
    assert board.rows == rows
    assert not mark.isVisible() and board.card("curves").opacity() == 1


def test_esc_cancels_a_drag(window, qtbot):
    end = on_card(window, "layer-histograms", 0.1)
    press_and_move(qtbot, window, on_head(window, "curves"), end)
    assert window.board.docking.target is not None
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.board.docking._mark.isVisible()
    qtbot.mouseMove(window.board_view.viewport(), end + QPoint(5, 5))
    assert not window.board.docking._mark.isVisible()
    qtbot.mouseRelease(window.board_view.viewport(), LEFT, pos=end)
    assert window.board.rows == ROWS and not window.document.stack.canUndo()
    drag(qtbot, window, on_head(window, "curves"), end)
    assert window.board.rows != ROWS


def test_dropping_a_card_where_it_is_or_beside_the_board_changes_nothing(window, qtbot):
    for end in (on_card(window, "curves", 0.9), on_card(window, "decision-map", 0.97),
                QPoint(5, window.board_view.height() + 200)):
        press_and_move(qtbot, window, on_head(window, "curves"), end)
        assert window.board.docking._mark.bar is None
        qtbot.mouseRelease(window.board_view.viewport(), LEFT, pos=end)
    assert window.board.rows == ROWS and not window.document.stack.canUndo()


def test_a_gap_is_dragged_and_the_sizes_are_remembered(window, qtbot, tmp_path):
    board = window.board
    left = board.card("decision-map").geometry()
    start = window.board_view.mapFromScene(board.mapToScene(
        QPointF(left.right() + board.gap / 2, left.center().y())))
    drag(qtbot, window, start, start - QPoint(200, 0))
    assert width_of(window, "decision-map") == pytest.approx(left.width() - 200, abs=2)
    low = board.card("layer-histograms").geometry()
    start = window.board_view.mapFromScene(board.mapToScene(
        QPointF(300, low.top() - board.gap / 2)))
    drag(qtbot, window, start, start + QPoint(0, 90))
    assert board.card("layer-histograms").size().height() == pytest.approx(
        low.height() - 90, abs=2)
    assert window.document.stack.count() == 2
    sizes = [card.geometry() for card in board.cards()]
    assert window.files.saving.save_to(tmp_path / "mine.toml")
    picture = load(tmp_path / "mine.toml").picture
    assert len(picture.widths) == 2 and len(picture.heights) == 2
    window.actions_["undo"].trigger()
    window.actions_["undo"].trigger()
    assert board.card("decision-map").geometry() == left
    window.document.stack.setClean()
    assert window.files.open(tmp_path / "mine.toml")
    settle(window)
    assert [card.geometry() for card in board.cards()] == sizes
    # A film of the file has the same shares.
    film = Projector(as_lesson(load(tmp_path / "mine.toml")), (640, 360), "light")
    try:
        assert film.stage.board.arrangement == board.arrangement
        shares = [card.size().width() / film.stage.board.size().width()
                  for card in film.stage.board.cards()]
    finally:
        film.close()
    here = [card.size().width() / board.size().width() for card in board.cards()]
    assert shares == pytest.approx(here, abs=0.02)


def test_esc_puts_a_gap_back_and_a_card_keeps_a_little_room(window, qtbot):
    board, before = window.board, window.board.arrangement
    left = board.card("decision-map").geometry()
    start = window.board_view.mapFromScene(board.mapToScene(
        QPointF(left.right() + board.gap / 2, left.center().y())))
    press_and_move(qtbot, window, start, start - QPoint(3000, 0))
    assert width_of(window, "decision-map") == pytest.approx(180, abs=2)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert board.arrangement == before
    qtbot.mouseRelease(window.board_view.viewport(), LEFT, pos=start)
    assert not window.document.stack.canUndo()


def test_a_double_click_on_a_gap_gives_the_usual_sizes_back(window, qtbot):
    board, before = window.board, window.board.arrangement
    left = board.card("decision-map").geometry()
    at = window.board_view.mapFromScene(board.mapToScene(
        QPointF(left.right() + board.gap / 2, left.center().y())))
    drag(qtbot, window, at, at - QPoint(200, 0))
    assert board.arrangement != before
    at -= QPoint(200, 0)
    qtbot.mouseMove(window.board_view.viewport(), at)
    double_click(qtbot, window, at)
    assert board.arrangement == before


def test_the_buttons_of_a_head_appear_under_the_mouse_and_do_what_they_say(window, qtbot):
    viewport, board = window.board_view.viewport(), window.board
    head = board.card("curves").head
    qtbot.mouseMove(viewport, on_card(window, "layer-histograms"))
    plain = head_picture(head)

    def moved_to(place) -> None:
        qtbot.mouseMove(viewport, place + QPoint(1, 0))
        qtbot.mouseMove(viewport, place)

    def offered() -> bool:
        moved_to(on_button(window, "curves", CLOSE))
        return head.toolTip() == "Close" and head_picture(head) != plain

    def quiet() -> bool:
        moved_to(on_card(window, "layer-histograms"))
        return head_picture(head) == plain

    qtbot.waitUntil(offered, timeout=5000)
    qtbot.waitUntil(quiet, timeout=5000)
    qtbot.mouseClick(viewport, LEFT, pos=on_button(window, "curves", MAXIMISE))
    assert board.maximised == "curves"
    double_click(qtbot, window, on_head(window, "curves"))
    assert board.maximised is None
    qtbot.mouseClick(viewport, LEFT, pos=on_button(window, "curves", CLOSE))
    assert board.rows == (("decision-map",), ("layer-histograms",))
    assert window.document.stack.undoText() == "Close Curves"


def head_picture(head) -> QImage:
    scene = head.scene()
    rect = head.mapRectToScene(head.rect())
    image = QImage(round(rect.width()), round(rect.height()), QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        scene.render(painter, head.rect(), rect)
    return image


def test_the_last_view_has_no_close_button(window):
    window.arranging.toggle("curves", False)
    window.arranging.toggle("layer-histograms", False)
    assert window.board.rows == (("decision-map",),)
    assert window.board.card("decision-map").head.buttons == (FLOAT,)
    window.arranging.toggle("decision-map", False)
    assert window.board.rows == (("decision-map",),)


def test_views_are_switched_on_and_off_in_the_popup_by_mouse_and_keys(window, qtbot):
    qtbot.mouseClick(window.top_bar.views, LEFT)
    popup = window.arranging.popup
    assert popup.isVisible()
    assert "surface-path" not in popup.rows and "batch-norm" in popup.rows
    assert [name for name, row in popup.rows.items() if row.isChecked()] == [
        "curves", "decision-map", "layer-histograms"]
    qtbot.mouseClick(popup.rows["batch-norm"], LEFT)
    assert "batch-norm" in window.board.arrangement.views
    popup.rows["curves"].setFocus()
    qtbot.keyClick(popup.rows["curves"], Qt.Key.Key_Space)
    assert "curves" not in window.board.arrangement.views
    qtbot.keyClick(popup.rows["curves"], Qt.Key.Key_Down)
    names = list(popup.rows)
    assert popup.rows[names[names.index("curves") + 1]].hasFocus()
    qtbot.mouseClick(popup.choices["Depth lab"], LEFT)
    assert window.board.rows[0] == ("variance-by-depth", "activation-functions")
    assert popup.choices["Depth lab"].property("chosen")
    assert popup.rows["variance-by-depth"].isChecked()
    qtbot.mouseClick(popup.choices["One view a row"], LEFT)
    assert all(len(row) == 1 for row in window.board.rows) and len(window.board.rows) == 4
    qtbot.mouseClick(popup.choices["Training lab"], LEFT)
    assert window.board.rows == ROWS
    names = [button.accessibleName() or button.text() for button in (
        *popup.rows.values(), *popup.menus.values(), *popup.choices.values())]
    assert all(names)
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_the_popup_opens_by_a_key_and_stays_inside_a_small_window(window, qtbot):
    window.resize(1280, 720)
    qtbot.keyClick(window, Qt.Key.Key_V)
    popup = window.arranging.popup
    assert popup.isVisible()
    inside = window.rect().translated(window.mapToGlobal(QPoint(0, 0)))
    assert inside.contains(popup.geometry())
    popup.hide()


def test_a_menu_moves_and_closes_a_view_without_a_mouse(window):
    def choose(text):
        menu = window.arranging.menu_of("curves")
        action = next(a for a in menu.actions() if a.text() == text)
        assert action.isEnabled()
        action.trigger()
        menu.deleteLater()

    choose("Move left")
    assert window.board.rows == (("curves", "decision-map"), ("layer-histograms",))
    choose("Move down")
    choose("Move down")
    assert window.board.rows == (("decision-map",), ("layer-histograms", "curves"))
    menu = window.arranging.menu_of("curves")
    enabled = {a.text(): a.isEnabled() for a in menu.actions()}
    assert not enabled["Move right"] and enabled["Move up"]
    menu.deleteLater()
    choose("Maximise")
    assert window.board.maximised == "curves"
    choose("Back to its place")
    choose("Close")
    assert window.board.rows == (("decision-map",), ("layer-histograms",))


def test_measuring_follows_the_views(window):
    assert window.session._worker.measuring
    window.arranging.toggle("curves", False)
    assert not window.session._worker.measuring
    window.actions_["undo"].trigger()
    assert window.session._worker.measuring


def test_a_view_floats_in_a_window_of_its_own_and_docks_again(window, qtbot):
    viewport, board = window.board_view.viewport(), window.board
    wide = width_of(window, "decision-map")
    qtbot.mouseMove(viewport, on_button(window, "curves", FLOAT))
    qtbot.mouseClick(viewport, LEFT, pos=on_button(window, "curves", FLOAT))
    (floating,) = window.arranging.floating.values()
    assert floating.isVisible() and floating.windowTitle() == "Curves — Trainscope"
    assert not board.card("curves").isVisible()
    assert width_of(window, "decision-map") > 1.4 * wide
    assert not window.document.stack.canUndo()
    window.session.player.seek(20)
    settle(window)
    assert floating.board.view("curves").snapshot.step == 20
    assert window.session._worker.measuring
    # Its choices work from there, and so do the window's keys.
    floating.board.view("curves").asked.emit("curve", "accuracy")
    assert window.session.look.curve == "accuracy"
    floating.activateWindow()
    qtbot.keyClick(floating, Qt.Key.Key_Space)
    assert window.session.player.playing
    qtbot.keyClick(floating, Qt.Key.Key_Space)
    before = floating._unit
    floating.resize(1920, 1080)
    assert floating._unit > before
    window.set_theme("dark")
    assert floating.board.view("curves").style.theme.name == "dark"
    floating.close()
    assert board.card("curves").isVisible() and board.rows == ROWS
    assert width_of(window, "decision-map") == wide


def test_a_floating_window_goes_with_its_view_or_with_the_window(window, qtbot):
    window.arranging.float("curves")
    window.arranging.float("decision-map")
    window.arranging.toggle("curves", False)
    assert list(window.arranging.floating) == ["decision-map"]
    window.actions_["undo"].trigger()
    assert window.board.card("curves").isVisible()
    window.document.stack.setClean()
    window.files.replace(starting_network("circles").replaced(steps=20))
    settle(window)
    assert list(window.arranging.floating) == ["decision-map"]
    window.arranging.close()
    QApplication.processEvents()
    assert window.arranging.floating == {}


def test_a_view_that_floats_stays_over_a_lessons_beats_without_it(lesson_window):
    window = lesson_window
    window.arranging.float("surface-path")
    floating = window.arranging.floating["surface-path"]
    for beat in (3, 0, 3):
        window.session.lesson.go_to_beat(beat, play=False)
        settle(window)
        assert window.arranging.floating == {"surface-path": floating} and floating.isVisible()
        assert floating.board.view("surface-path").snapshot.step == window.session.player.step
    # It docks where its beat is, and goes where it is closed, or with the lesson.
    floating.close()
    assert window.arranging.floating == {}
    window.session.lesson.go_to_beat(0, play=False)
    settle(window)
    assert window.board.card("surface-path").isVisible()
    window.arranging.float("surface-path")
    window.arranging.toggle("surface-path", False)
    assert window.arranging.floating == {}


def test_a_lesson_goes_on_with_the_views_that_were_closed(window):
    window.open_lesson("learning-rate")
    settle(window)
    rows = window.board.rows
    assert len([name for row in rows for name in row]) > 1
    window.arranging.toggle(rows[0][-1], False)
    assert not window.document.off_script and window.document.unsaved
    fewer = window.board.rows
    window.session.lesson.go_to_beat(1, play=False)
    settle(window)
    assert window.board.rows == fewer
    window.editor.new_seed()
    assert window.document.off_script


def test_a_file_that_names_no_view_of_ours_opens_with_the_usual_ones(window, tmp_path):
    path = tmp_path / "odd.toml"
    experiment = starting_network("moons").replaced(steps=20)
    path.write_text(experiment.replaced(picture={"layout": [["decision-mop"]]}).to_toml())
    assert window.files.open(path)
    settle(window)
    assert window.board.rows == ROWS
    assert window.notice.isVisible() and "decision-map" in window.notice.label.text()


def test_on_stage_no_choice_is_painted_that_nobody_can_click(window, tmp_path):
    window.arranging.toggle("depth-time", True)
    settle(window)
    assert window.files.export_to(tmp_path / "still.svg")
    rows = window.board.rows
    screen = Screen(rows, (1280, 720), "light", captioned=False)
    try:
        screen.stage.draw(window.session.snapshot, window.session.look)
        texts = {element.text for element in svg_of(screen.paint, (1280, 720)).iter(f"{SVG}text")}
    finally:
        screen.close()
    assert {"Loss", "Activations over time"} <= texts
    assert not {"accuracy", "pre-activation", "gradient", "heat", "side by side"} & texts
    # In the window they are all there.
    view = window.board.view("curves")
    assert len(view._segments) == 6 and len(window.board.view("decision-map")._segments) == 2
