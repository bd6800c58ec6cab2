"""The landscape in three dimensions: the map's field and ways, and each network's own loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from lab_user import at_the_window
from landscape_scenes import three
from networks import TANH, dense, finished
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from reading import listened, mouse
from scenes import SVG, rgb, solo, svg_of

from app.theme import THEMES
from app.views import Look
from engine.landscape.picture import Wanted
from engine.landscape.relief import landscape_relief
from engine.landscape.survey import Survey
from engine.relief.sizes import CEILING, FLOOR, HEIGHT

SIZE = (760, 620)
ABOVE = (-60.0, 65.0, 1.0)
BOTH = pytest.mark.parametrize("theme", list(THEMES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


@pytest.fixture(scope="module")
def run():
    return finished(three())


# ---- the relief


@pytest.mark.parametrize("plane", ["pca", "random", "ends"])
def test_heights_are_the_fields_on_its_points_and_trails_lie_on_them(run, plane):
    picture = Survey().picture(run.snapshot(), Wanted(plane))
    relief = landscape_relief(picture.field, picture.levels)
    x, y = np.meshgrid(picture.field.x[1:-1], picture.field.y[1:-1])
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    wanted = np.minimum(relief.raised(picture.field.heights[1:-1, 1:-1]).ravel(), CEILING)
    found = relief.draped(points).points[:, 2]
    # The spline goes through the field's points; triangles cut corners by a thousandth.
    assert np.abs(found - wanted).max() < 0.01 * HEIGHT
    for path in picture.paths:
        on = relief.draped(path.points).points[:, 2]
        assert np.nanmax(np.abs(on - relief.raised(path.plane_loss))) < 0.01 * HEIGHT


def test_what_overflows_is_cut_off(run):
    picture = Survey().picture(run.snapshot())
    heights = picture.field.heights.copy()
    heights[:8, :8] = np.inf
    broken = type(picture.field)(picture.field.x, picture.field.y, heights)
    relief = landscape_relief(broken, picture.levels)
    corners = relief.mesh.points[relief.mesh.triangles]
    assert np.isfinite(corners).all() and corners[..., 2].max() <= CEILING
    assert relief.z[0, 0] > CEILING


# ---- the view


@BOTH
@pytest.mark.parametrize("plane", ["pca", "random"])
def test_every_head_is_on_the_surface_at_its_foot_in_its_own_colour(run, theme, plane):
    snapshot = run.at(130)
    survey = Survey()
    picture = survey.picture(run.snapshot(), Wanted(plane, contestant=2))
    with solo("landscape-3d", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look(chosen=2, plane=plane, camera=ABOVE))
        # Others' markers may lie over those behind them.
        (head,) = survey.heads(picture, snapshot)[-1:]
        at = shown.view.to_pixel(*head.point)
        colour = rgb(shown.style.contestant(head.contestant))
        assert np.abs(drawn[round(at.y()), round(at.x())] - colour).max() <= 2
        assert shown.view.point_at(at) == pytest.approx(head.point, abs=0.05)


def test_a_stem_ends_at_the_networks_own_loss(run):
    snapshot = run.at(130)
    with solo("landscape-3d", "light", SIZE) as shown:
        shown.draw(snapshot, Look(chosen=0, plane="random", camera=(0.0, 15.0, 1.0)))
        view = shown.view
        for head in view._on_plane.values():
            loss = snapshot.contestants[head.contestant].train.loss
            assert head.true_loss == pytest.approx(loss, rel=1e-9)
            foot, end = view.to_pixel(*head.point), view.pixel_at_height(*head.point, loss)
            gone = float(view.relief.raised(np.array([loss]))[0]) - float(
                view.relief.draped(np.array([head.point])).points[0, 2])
            # Upwards is up, and as far as the heights differ.
            assert np.sign(foot.y() - end.y()) == np.sign(gone) or abs(gone) < 1e-3
            assert abs(foot.x() - end.x()) < 2


def test_a_head_outside_a_zoomed_plane_is_on_the_rim_and_has_no_stem(run):
    snapshot = run.at(130)
    with solo("landscape-3d", "light", SIZE) as shown:
        look = Look(chosen=0, plane="random", camera=(0.0, 15.0, 1.0))
        assert _stems(shown, snapshot, look)
        heads = np.array([head.point for head in shown.view._on_plane.values()])
        ends = _ends(shown.view)
        # A corner that nobody is in.
        size = 0.2 * np.ptp(ends, axis=1)
        corner = max(np.array(np.meshgrid(*ends)).reshape(2, -1).T,
                     key=lambda at: np.abs(heads - at).min(axis=0).sum())
        low = np.where(corner == ends[:, 0], corner, corner - size)
        zoom = tuple((float(a), float(a + b)) for a, b in zip(low, size, strict=True))
        assert not _stems(shown, snapshot, replace(look, plane_zoom=zoom))
        box = shown.view._shown.projection.project(np.array([
            (x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (FLOOR, CEILING)]))
        for head in shown.view.heads.values():
            assert head.beyond is not None
            left, right = np.array([box[:, 0].min(), box[:, 0].max()]) / shown.view._ratio
            assert left <= head.at.x() <= right


def _stems(shown, snapshot, look) -> int:
    shown.view.draw(snapshot, look)
    found = svg_of(shown._render, SIZE)
    return sum(group.get("stroke-dasharray") is not None for group in found.iter(f"{SVG}g"))


def test_notes_and_axes_say_what_the_map_says(run):
    snapshot, look = run.at(200), Look(chosen=0)
    with solo("landscape", "light", SIZE) as flat, solo("landscape-3d", "light", SIZE) as deep:
        flat.draw(snapshot, look)
        deep.draw(snapshot, look)
        assert deep.view.note() == flat.view.note() != ""
        assert deep.view._source.picture.field.extent == flat.view._source.picture.field.extent
        assert "%" in deep.view.names[0] and deep.view.names[2] == "loss"


def test_it_is_the_same_whichever_way_one_came_to_it(run):
    look = Look(chosen=0, camera=(20.0, 40.0, 1.0))
    with solo("landscape-3d", "light", SIZE) as fresh, solo("landscape-3d", "light", SIZE) as used:
        for step, other in ((30, Look(chosen=1, plane="random")), (260, look)):
            used.draw(run.at(step), other)
        assert np.array_equal(fresh.draw(run.at(150), look), used.draw(run.at(150), look))


def test_choices_are_on_the_card_and_in_no_film(run):
    with solo("landscape-3d", "light", SIZE) as shown:
        asked = listened(shown.view)
        shown.draw(run.at(100), Look(chosen=0))
        for segment in shown.view._segments:
            shown.view.mouseClickEvent(mouse(segment.rect.center().x(), segment.rect.center().y()))
        assert ("plane", "random") in asked and ("plane_rows", "test") in asked
        shown.view.live = False
        shown.draw(run.at(100), Look(chosen=0))
        assert not shown.view._segments and shown.view.area() == shown.view.rect()


ODD = {
    "muted": three().replaced(contestants=[
        contestant.replaced(muted=True) for contestant in three().contestants]),
    "alone": three(steps=20).removed(2).removed(1),
    "frozen": three(steps=20).replaced(contestants=[
        {"name": "A", "layers": [dense(8), TANH], "optimizer": {"name": "sgd", "lr": 0.0}}]),
    "diverged": three(dataset="bumps", loss="mse", steps=40).replaced(contestants=[
        {"name": name, "layers": [dense(8), TANH], "optimizer": {"name": "sgd", "lr": lr}}
        for name, lr in (("Fair", 0.1), ("Lost", 1e5))]),
}


@pytest.mark.parametrize("size", [(230, 170), (420, 560), (1300, 300)])
@pytest.mark.parametrize("name", ODD)
def test_odd_cases_are_drawn_at_every_size(name, size):
    found = finished(ODD[name])
    with solo("landscape-3d", "dark", size) as shown:
        for step in (0, ODD[name].steps):
            drawn = shown.draw(found.at(step), Look(chosen=0))
            assert (drawn != rgb(THEMES["dark"].card)).any()


# ---- the window


def test_map_and_surface_have_one_point_one_plane_and_one_time(tmp_path):
    with at_the_window(tmp_path, (1600, 900)) as user:
        user.take(three().replaced(picture={"layout": [["landscape", "landscape-3d"]]}))
        _until(user, lambda: user.view("landscape-3d").relief is not None
               and user.view("landscape")._source.picture is not None
               and not user.view("landscape-3d")._source.busy)
        deep, flat = user.view("landscape-3d"), user.view("landscape")
        viewport = user.window.board_view.viewport()
        (left, right), (bottom, top) = deep.relief.x_range, deep.relief.y_range
        goal = left + 0.4 * (right - left), bottom + 0.5 * (top - bottom)
        QTest.mouseMove(viewport, _place(user, deep, deep.to_pixel(*goal)))
        _until(user, lambda: user.window.session.look.point is not None)
        assert user.window.session.look.point == pytest.approx(goal, abs=0.05 * (right - left))
        QTest.mouseMove(viewport, _place(user, flat, flat._map.pixel_of(goal)))
        _until(user, lambda: user.window.session.look.point == pytest.approx(
            goal, abs=0.01 * (right - left)))
        user.window.session.player.seek(120)
        _until(user, lambda: deep.snapshot.step == flat.snapshot.step == 120)
        user.window.session.set_look(plane="random")
        _until(user, lambda: deep._source.picture is not None
               and deep._source.picture.plane.kind == "random")


def test_the_wheel_a_drag_and_a_double_click_on_the_map_move_the_relief_along(tmp_path):
    with at_the_window(tmp_path, (1600, 900)) as user:
        user.take(three().replaced(picture={"layout": [["landscape", "landscape-3d"]]}))
        deep, flat = user.view("landscape-3d"), user.view("landscape")
        _until(user, lambda: deep.relief is not None and flat._source.picture is not None
               and not deep._source.busy)
        whole = _ends(deep)
        viewport = user.window.board_view.viewport()
        middle = [float(np.mean(ends)) for ends in whole]
        at = _place(user, flat, flat._map.pixel_of((middle[0], middle[1])))
        QTest.mouseMove(viewport, at)
        QApplication.sendEvent(viewport, QWheelEvent(
            QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, 480),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False))
        # The outermost points are half a cell within.
        _until(user, lambda: not deep._source.busy and _ends(deep) == pytest.approx(
            np.array(user.window.session.look.plane_zoom), abs=0.03))
        assert np.ptp(_ends(deep)[0]) < 0.8 * np.ptp(whole[0])
        near = _ends(deep)
        # From where no head is.
        start = _place(user, flat, flat._map.body.topLeft() + QPointF(40, 40))
        QTest.mouseMove(viewport, start)
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
        for share in (0.4, 1.0):
            QTest.mouseMove(viewport, start + QPoint(50, 30) * share)
            QTest.qWait(25)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(50, 30))
        _until(user, lambda: not deep._source.busy and _ends(deep)[0][0] < near[0][0] - 1e-6)
        QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start)
        _until(user, lambda: user.window.session.look.plane_zoom is None
               and not deep._source.busy and _ends(deep) == pytest.approx(whole, abs=0.03))


def _ends(view) -> np.ndarray:
    return np.array([view.relief.x_range, view.relief.y_range])


def _place(user, view, pixel: QPointF) -> QPoint:
    return user.window.board_view.mapFromScene(view.mapToScene(pixel))


def _until(user, done, seconds: float = 20.0) -> None:
    for _ in range(int(seconds / 0.05)):
        user.window.session.tick()
        QTest.qWait(50)
        user.settle()
        if done():
            return
    raise AssertionError("it does not come to that")
