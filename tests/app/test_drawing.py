"""Drawing points on the decision map as a user does, compared with the document's experiment."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QAbstractButton, QPushButton
from window_rig import window_at

from engine import Experiment, Run, load
from engine.data.points import DrawnPoints

LEFT = Qt.MouseButton.LeftButton
DENSE, TANH = {"kind": "dense", "width": 4}, {"kind": "tanh"}


def experiment(names=1, **problem):
    return Experiment(
        seed=4, steps=40, problem={
            "kind": "network", "dataset": {"name": "moons", "samples": 40}, "batch": 8, **problem},
        contestants=[{"name": f"net {place}", "layers": [DENSE, TANH], "optimizer": "sgd"}
                     for place in range(names)],
        picture={"layout": [["decision-map", "curves"]]})


class Artist:
    """A user with a mouse in front of a window."""

    def __init__(self, window, qtbot) -> None:
        self.window, self.qtbot = window, qtbot
        self.viewport = window.board_view.viewport()

    @property
    def view(self):
        return self.window.board.view("decision-map")

    @property
    def grounds(self):
        return self.view._picture.grounds()

    @property
    def dataset(self):
        return self.window.document.experiment.problem.dataset

    @property
    def points(self):
        return [tuple(point) for point in self.dataset.points]

    def take(self, experiment, key=Qt.Key.Key_D):
        self.window.document.take(experiment)
        self.settle()
        if key is not None:
            self.key(key)
            self.settle()

    def settle(self):
        self.window.session.wait()
        QGuiApplication.processEvents()
        self.window.session.tick()
        self.window.board_view.grab()

    def key(self, key):
        self.qtbot.keyClick(self.window.board_view, key)

    def pixel(self, x, y, place=0) -> QPoint:
        """Where a raw point lies on the viewport, to the pixel."""
        ground = self.grounds[place]
        left, right, bottom, top = ground.extent
        body = ground.body
        at = QPointF(body.left() + (x - left) / (right - left) * body.width(),
                     body.top() + (top - y) / (top - bottom) * body.height())
        return self.window.board_view.mapFromScene(self.view.mapToScene(at))

    def click(self, x, y, place=0):
        self.qtbot.mouseClick(self.viewport, LEFT, pos=self.pixel(x, y, place))
        self.settle()

    def stroke(self, *points, place=0):
        pixels = [self.pixel(*point, place) for point in points]
        self.qtbot.mousePress(self.viewport, LEFT, pos=pixels[0])
        for start, end in zip(pixels, pixels[1:], strict=False):
            for share in np.linspace(0, 1, 6)[1:]:
                self.qtbot.mouseMove(self.viewport, start + (end - start) * float(share))
        self.qtbot.mouseRelease(self.viewport, LEFT, pos=pixels[-1])
        self.settle()

    def near(self, point, x, y, pixels=1.6):
        """Whether a raw point is where the mouse was."""
        ux, uy = self.grounds[0].units()
        return abs(point[0] - x) <= pixels * ux and abs(point[1] - y) <= pixels * uy


@pytest.fixture
def window(qapp, tmp_path):
    with window_at(tmp_path, (1280, 720)) as window:
        yield window


@pytest.fixture
def artist(window, qtbot):
    return Artist(window, qtbot)


def test_a_click_is_a_point_where_the_mouse_is_and_of_the_class_in_hand(artist):
    artist.take(experiment())
    assert artist.window.drawing.active
    before = artist.window.document.experiment.problem.dataset.raw(4)
    artist.key(Qt.Key.Key_2)
    artist.click(0.4, 1.0)
    *kept, last = artist.points
    # Those of the dataset are the first points, in its order.
    np.testing.assert_allclose(np.array(kept)[:, :2], before.x, atol=1e-4)
    assert [point[2] for point in kept] == before.y.tolist()
    assert artist.near(last, 0.4, 1.0)
    assert last[2] == 1
    # They are what is run.
    run = artist.window.session.run
    assert run.experiment is artist.window.document.experiment
    assert run.computed == 40
    data = artist.window.session.snapshot.contestants[0].training.material.data
    assert len(data.train_x) + len(data.test_x) == 41
    assert artist.window.document.stack.count() == 1
    artist.window.document.stack.undo()
    assert artist.dataset.plain() == {"name": "moons", "samples": 40, "noise": 0.08}
    artist.window.document.stack.redo()
    assert artist.points[-1] == last


@pytest.mark.parametrize("preprocess", [[], ["center", "scale"], ["center", "whiten"]])
@pytest.mark.parametrize("drift", [None, {"kind": "rotation", "per_1000_steps": 5.0}])
def test_a_point_lies_where_it_is_clicked_however_inputs_are_prepared(artist, preprocess, drift):
    artist.take(experiment(preprocess=preprocess, drift=drift))
    artist.window.session.player.seek(30)
    artist.settle()
    ground = artist.grounds[0]
    raw = np.array([[0.3, -0.2]])
    shown = ground.placing.shown(raw)[0]
    artist.qtbot.mouseClick(artist.viewport, LEFT, pos=artist.pixel(*shown))
    new = np.array(artist.points[-1][:2])
    step = 1.6 * np.abs(ground.placing.raw(shown + np.array(
        [[0, 0], [(ground.extent[1] - ground.extent[0]) / ground.body.width(),
                  (ground.extent[3] - ground.extent[2]) / ground.body.height()]])))
    assert np.abs(new - raw[0]).max() <= np.abs(step[1] - step[0]).max() + 0.01


def test_a_drag_is_a_spray_that_repeats_and_is_one_step_to_undo(artist):
    def sprayed():
        artist.take(experiment())
        artist.stroke((-0.9, 0.9), (0.9, 0.9))
        return artist.points[40:]

    points = sprayed()
    assert len(points) > 12
    assert artist.window.document.stack.count() == 1
    assert artist.window.document.stack.text(0) == "Draw points"
    ground = artist.grounds[0]
    far = artist.window.drawing.brush.spread * artist.view.style.px(1) * ground.units()[1]
    assert all(abs(y - 0.9) <= far + 2 * ground.units()[1] for _, y, _ in points)
    assert len({round(y, 3) for _, y, _ in points}) > 5
    assert {label for _, _, label in points} == {0}
    again = sprayed()
    assert again == points
    artist.window.document.stack.undo()
    assert not isinstance(artist.dataset, DrawnPoints)
    # The sketch has gone back with the document.
    assert len(artist.window.drawing.sketch) == 40


def test_points_are_under_the_brush_before_anything_is_trained(artist):
    artist.take(experiment())
    session = artist.window.session
    # As if the document had followed just now, and had to rest for seconds.
    artist.window.drawing._rested = perf_counter() + 5
    artist.qtbot.mousePress(artist.viewport, LEFT, pos=artist.pixel(0.0, 1.2))
    assert not isinstance(artist.dataset, DrawnPoints)
    assert len(artist.view.look.draft.sketch) == 41
    body = artist.grounds[0].body
    at = artist.view.look.draft.sketch
    x, y = artist.grounds[0].pixels(at)[-1]
    scene = artist.view.mapToScene(QPointF(x, y))
    image = artist.window.board_view.grab().toImage()
    pixel = image.pixelColor(artist.window.board_view.mapFromScene(scene))
    assert body.contains(QPointF(x, y))
    wanted = artist.view.style.class_color(0)
    assert max(abs(a - b) for a, b in zip(
        pixel.getRgb()[:3], wanted.getRgb()[:3], strict=True)) < 12
    assert session.run.experiment.problem.dataset.plain()["name"] == "moons"
    artist.qtbot.mouseRelease(artist.viewport, LEFT, pos=artist.pixel(0.0, 1.2))
    assert len(artist.points) == 41


def test_the_document_follows_while_the_mouse_is_still_down(artist, qtbot):
    artist.take(experiment())
    artist.qtbot.mousePress(artist.viewport, LEFT, pos=artist.pixel(-0.9, 1.0))
    qtbot.waitUntil(lambda: isinstance(artist.dataset, DrawnPoints), timeout=3000)
    first = len(artist.points)
    artist.qtbot.mouseMove(artist.viewport, artist.pixel(0.5, 1.0))
    qtbot.waitUntil(lambda: len(artist.points) > first, timeout=3000)
    artist.qtbot.mouseRelease(artist.viewport, LEFT, pos=artist.pixel(0.5, 1.0))
    assert artist.window.document.stack.count() == 1


def test_erasing_takes_what_is_under_the_brush_and_nothing_else(artist):
    artist.take(experiment())
    artist.key(Qt.Key.Key_E)
    assert artist.window.drawing.brush.tool == "erase"
    ground, raw = artist.grounds[0], artist.dataset.raw(4)
    radius = artist.window.drawing.brush.reach * artist.view.style.px(1) * ground.units()[0]
    x, y = raw.x[0]
    distance = np.hypot(*(raw.x - raw.x[0]).T)
    artist.click(x, y)
    sure_gone = distance < radius - 2 * ground.units()[0]
    sure_kept = distance > radius + 2 * ground.units()[0]
    left = np.array(artist.points)[:, :2]
    held = np.array([np.abs(left - row).max(1).min() < 1e-4 for row in raw.x])
    assert sure_gone.any()
    assert not held[sure_gone].any()
    assert held[sure_kept].all()
    assert artist.window.document.stack.text(0) == "Erase points"


def test_painting_changes_classes_and_moves_nothing(artist):
    artist.take(experiment())
    artist.key(Qt.Key.Key_P)
    artist.key(Qt.Key.Key_2)
    assert (artist.window.drawing.brush.tool, artist.window.drawing.brush.label) == ("paint", 1)
    raw = artist.dataset.raw(4)
    first = np.flatnonzero(raw.y == 0)[0]
    artist.click(*raw.x[first])
    points = np.array(artist.points)
    np.testing.assert_allclose(points[:, :2], raw.x, atol=1e-4)
    assert points[first, 2] == 1
    changed = points[:, 2] != raw.y
    assert (raw.y[changed] == 0).all()
    assert np.hypot(*(raw.x[changed] - raw.x[first]).T).max() < 0.4


def test_too_few_points_are_kept_said_and_undone(artist):
    artist.take(experiment(names=2))
    run, places = artist.window.session.run, [ground.body for ground in artist.grounds]
    artist.window.drawing.clear()
    artist.settle()
    assert artist.points == []
    assert [ground.body for ground in artist.grounds] == places
    assert artist.view.title() == "Drawing"
    assert artist.view.look.draft.lacking == "Draw points of two classes or more"
    assert len(artist.grounds) == 2
    # The others still show what was learnt last, and pale.
    assert artist.window.session.run is run
    assert [card.opacity() < 1 for card in artist.window.board.cards()] == [False, True]
    artist.click(-0.5, 0.5)
    artist.click(-0.4, 0.5)
    assert artist.view.look.draft.lacking == "Draw points of a second class, too"
    assert not artist.window.notice.isVisible()
    artist.key(Qt.Key.Key_2)
    artist.click(0.5, -0.5, place=1)
    assert artist.view.look.draft.lacking == ""
    assert artist.view.title() == ""
    assert [card.opacity() for card in artist.window.board.cards()] == [1, 1]
    assert [label for *_, label in artist.points] == [0, 0, 1]
    assert artist.near(artist.points[2], 0.5, -0.5)
    assert artist.window.session.run.experiment is artist.window.document.experiment
    # Fewer rows than a batch had: it is as large as they suffice for.
    assert artist.window.document.experiment.problem.batch == 2
    for count in (2, 1, 0):
        artist.window.document.stack.undo()
        assert len(artist.points) == count == len(artist.window.drawing.sketch)
    artist.window.document.stack.undo()
    artist.settle()
    assert artist.view.title() == ""
    assert artist.window.document.experiment == experiment(names=2)


def test_an_unfinished_drawing_is_saved_and_gone_on_with(artist, tmp_path):
    artist.take(experiment())
    artist.window.drawing.clear()
    artist.settle()
    artist.click(-0.5, 0.5)
    path = tmp_path / "half.toml"
    artist.window.document.save(path, artist.window.files.saving.picture())
    points = artist.points
    artist.take(experiment(), key=None)
    assert not artist.window.drawing.active
    assert artist.window.files.open(path)
    artist.settle()
    assert artist.points == points
    assert artist.window.drawing.active
    artist.key(Qt.Key.Key_2)
    artist.click(0.5, -0.5)
    assert len(artist.points) == 2
    assert artist.view.look.draft.lacking == ""


def test_the_map_stays_still_while_one_draws_and_fits_again_afterwards(artist):
    artist.take(experiment(), key=None)
    before = artist.grounds[0].extent
    artist.key(Qt.Key.Key_D)
    artist.click(before[0] + 0.02, before[2] + 0.02)
    np.testing.assert_allclose(artist.grounds[0].extent, before, rtol=1e-9)
    # Whoever shows all of it meanwhile draws on that from then on.
    artist.key(Qt.Key.Key_F)
    artist.settle()
    wider = artist.grounds[0].extent
    assert wider[0] < before[0] - 0.1
    artist.click(wider[0] + 0.02, wider[2] + 0.02)
    np.testing.assert_allclose(artist.grounds[0].extent, wider, rtol=1e-9)
    artist.key(Qt.Key.Key_Escape)
    artist.settle()
    assert not artist.window.drawing.active
    assert artist.window.session.look.zoom is None
    assert artist.grounds[0].extent[0] < wider[0] - 0.1
    # A click chooses again.
    count = len(artist.points)
    artist.click(0.0, 0.0)
    assert len(artist.points) == count


def test_a_regression_of_one_input_is_drawn_as_a_curve(artist):
    artist.take(experiment(dataset={"name": "sine", "samples": 30}))
    ground = artist.grounds[0]
    assert ground.curve
    artist.window.drawing.clear()
    artist.settle()
    # The plane lies where the curve did, and nothing moves under the brush.
    assert artist.grounds[0].body == ground.body
    np.testing.assert_allclose(artist.grounds[0].extent, ground.extent)
    assert artist.view.look.draft.lacking == "Draw two points or more"
    artist.click(-0.5, 0.25)
    assert artist.view.look.draft.lacking == "Draw one more point"
    artist.click(0.5, -0.25)
    artist.click(0.1, 0.6)
    assert artist.dataset.task == "regression"
    for point, place in zip(artist.points, [(-0.5, 0.25), (0.5, -0.25), (0.1, 0.6)], strict=True):
        assert artist.near(point, *place)
    assert artist.view.title() == "Fitted curve"
    assert artist.window.network.data.brushes.tools["paint"].isHidden()


def test_images_leave_an_empty_plane_to_draw_on(artist):
    artist.take(experiment(dataset={"name": "digits", "samples": 60}))
    assert artist.view.title() == "Drawing"
    assert artist.window.document.stack.count() == 0
    artist.click(-0.5, 0.5)
    artist.key(Qt.Key.Key_2)
    artist.click(0.5, 0.5)
    assert [label for *_, label in artist.points] == [1, 2]
    assert artist.view.title() == ""


def test_a_class_more_is_another_output_and_its_brush(artist):
    artist.take(experiment(loss="logistic"))
    brushes = artist.window.network.data.brushes
    assert [chip.accessibleName() for chip in brushes.chips] == [
        "drawing class 0", "drawing class 1"]
    artist.qtbot.mouseClick(brushes.more, LEFT)
    artist.settle()
    assert artist.dataset.labels == (0, 1, 2)
    assert artist.window.drawing.brush.label == 2
    # A loss of two classes gives way.
    assert artist.window.document.experiment.problem.loss.name == "cross-entropy"
    assert artist.window.session.snapshot.contestants[0].training.material.outputs == 3
    artist.click(0.0, 1.2)
    assert artist.points[-1][2] == 2
    artist.qtbot.mouseClick(brushes.less, LEFT)
    artist.settle()
    assert artist.dataset.labels == (0, 1)
    assert len(artist.points) == 40


def test_the_palette_and_the_keys_are_one(artist):
    artist.take(experiment(), key=None)
    data = artist.window.network.data
    assert data.brushes.isHidden()
    artist.qtbot.mouseClick(data.draw, LEFT, pos=data.draw.rect().center())
    assert artist.window.drawing.active
    assert not data.brushes.isHidden()
    artist.key(Qt.Key.Key_E)
    assert data.brushes.tools["erase"].isChecked()
    artist.qtbot.mouseClick(data.brushes.chips[1], LEFT)
    assert data.brushes.tools["draw"].isChecked()
    assert [chip.isChecked() for chip in data.brushes.chips] == [False, True]
    artist.qtbot.mouseClick(data.brushes.tools["paint"], LEFT)
    assert artist.window.drawing.brush.tool == "paint"
    data.brushes.spread.changed.emit(30.0)
    data.brushes.count.changed.emit(5.0)
    assert (artist.window.drawing.brush.spread, artist.window.drawing.brush.count) == (30, 5)
    # A key in a field is a letter.
    data.brushes.spread.field.setFocus()
    artist.qtbot.keyClick(data.brushes.spread.field, Qt.Key.Key_E)
    assert artist.window.drawing.brush.tool == "paint"
    artist.window.board_view.setFocus()
    artist.key(Qt.Key.Key_Escape)
    assert not artist.window.drawing.active
    assert data.brushes.isHidden()
    assert not data.draw.isChecked()


def test_every_control_of_the_palette_has_a_name_and_a_word_of_explanation(artist):
    artist.take(experiment())
    brushes = artist.window.network.data.brushes
    for button in [*brushes.findChildren(QPushButton), *brushes.chips,
                   *artist.window.network.data.findChildren(QAbstractButton, "tight")]:
        assert button.accessibleName().startswith("drawing ")
        assert button.toolTip()


def test_a_drawing_runs_headless_from_its_file_and_its_script(artist, tmp_path):
    artist.take(experiment())
    artist.stroke((-0.9, 0.9), (0.3, 0.9))
    path = tmp_path / "drawn.toml"
    artist.window.document.save(path, artist.window.files.saving.picture())
    shown = artist.window.session.run.record()
    again = Run(load(path)).finish().record()
    np.testing.assert_array_equal(again["0/loss"], shown["0/loss"])
    artist.window.files.copy_python()
    script = QGuiApplication.clipboard().text()
    assert str(list(artist.points[-1])) in script or str(artist.points[-1][0]) in script


def test_other_data_end_a_stroke_and_are_drawn_on_from_then_on(artist):
    artist.take(experiment())
    artist.qtbot.mousePress(artist.viewport, LEFT, pos=artist.pixel(0.0, 1.0))
    artist.window.editor.problem({"dataset": {"name": "circles", "samples": 50}})
    assert len(artist.window.drawing.sketch) == 50
    artist.qtbot.mouseMove(artist.viewport, artist.pixel(0.5, 1.0))
    artist.qtbot.mouseRelease(artist.viewport, LEFT, pos=artist.pixel(0.5, 1.0))
    assert artist.dataset.plain()["name"] == "circles"
    assert artist.window.session.patience is None
    artist.window.document.take(experiment())
    assert not artist.window.drawing.active


def test_nothing_is_drawn_on_a_surface(window, qtbot):
    qtbot.keyClick(window.board_view, Qt.Key.Key_D)
    assert not window.drawing.active
    assert "decision map" in window.notice.label.text()


def test_presenting_draws_as_well(artist):
    artist.take(experiment(), key=None)
    window = artist.window
    window.toggle_presenting()
    artist.settle()
    window.stage_view.grab()
    artist.qtbot.keyClick(window.stage_view, Qt.Key.Key_D)
    view = window.stage.board.view("decision-map")
    window.stage_view.grab()
    body = view._picture.grounds()[0].body
    pixel = window.stage_view.mapFromScene(view.mapToScene(body.center()))
    artist.qtbot.mouseClick(window.stage_view.viewport(), LEFT, pos=pixel)
    assert len(artist.points) == 41
    artist.qtbot.keyClick(window.stage_view, Qt.Key.Key_Escape)
    assert not window.drawing.active
    assert window.pages.currentIndex() == 1
    window.presenting.leave()


def test_a_still_shows_points_and_no_brush(artist, tmp_path):
    artist.take(experiment())
    artist.click(0.0, 1.0)
    assert artist.window.files.export_to(Path(tmp_path / "still.svg"))
    assert (tmp_path / "still.svg").stat().st_size > 1000
