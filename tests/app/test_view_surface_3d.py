"""The surface in three dimensions: what is on it, and how one goes round it by mouse and keys."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from lab_user import LEFT, at_the_window
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QGuiApplication, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from scenes import SVG, pixels, race, rgb, snapshot_of, solo, svg_of

from app.film import Projector, look_of
from app.looks import look_at, picture_of
from app.theme import THEMES, Style, in_plain_letters
from app.views import Look, relief_view
from engine import Lesson
from engine.camera import USUAL_CAMERA
from engine.errors import ExperimentError
from engine.experiment import Experiment
from engine.relief import Camera
from engine.run import Run
from engine.surfaces import surfaces

BOTH = pytest.mark.parametrize("theme", list(THEMES))
ROWS = [["surface-path", "surface-3d"]]
ABOVE = (-60.0, 70.0, 1.0)


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


# ---- what is shown


@BOTH
@pytest.mark.parametrize("camera", [ABOVE, (40.0, 55.0, 1.3)])
def test_every_head_is_on_the_surface_above_its_point_in_its_own_colour(theme, camera):
    snapshot = snapshot_of(race(), 40)
    with solo("surface-3d", theme, (700, 600)) as shown:
        drawn = shown.draw(snapshot, Look(camera=camera))
        view = shown.view
        for state in snapshot.contestants:
            at = view.to_pixel(*state.point)
            assert view.point_at(at) == pytest.approx(tuple(state.point), abs=0.08)
            around = drawn[int(at.y()) - 1 : int(at.y()) + 2, int(at.x()) - 1 : int(at.x()) + 2]
            assert np.abs(around - rgb(shown.style.contestant(state.index))).max() <= 2, state.name


@BOTH
def test_a_trail_has_its_colour_up_to_now_and_is_faint_from_there(theme):
    alone = race(contestants=[{"name": "A", "optimizer": {"name": "adam", "lr": 0.06}}])
    snapshot = snapshot_of(alone, 40)
    path = snapshot.trails[0].path
    with solo("surface-3d", theme, (900, 700)) as shown:
        drawn = shown.draw(snapshot, Look(camera=ABOVE, zoom=((0.0, 3.2), (-0.5, 2.0))))
        colour = rgb(shown.style.contestant(0))
        at = np.array([(p.x(), p.y()) for p in (shown.view.to_pixel(*point) for point in path)])
    clear = [k for k in range(len(path)) if np.hypot(*(at[k] - at[40])) > 30 < np.hypot(
        *(at[k] - at[0]))]

    def off(k):
        x, y = at[k].astype(int)
        return np.abs(drawn[y - 1 : y + 2, x - 1 : x + 2] - colour).max(-1).min()

    past = [off(k) for k in clear if k < 40]
    future = [off(k) for k in clear if k > 40 and np.hypot(*(at[:41] - at[k]).T).min() > 8]
    assert len(past) > 5 < len(future)
    assert max(past) <= 12
    assert min(future) > 40


def test_the_colours_are_those_of_the_map_dark_in_the_valley():
    snapshot = snapshot_of(race(problem={"kind": "surface", "surface": "bowl"}), 0)
    theme = THEMES["light"]
    with solo("surface-3d", "light", (600, 500)) as shown:
        drawn = shown.draw(snapshot, Look(camera=ABOVE))
        ramp = rgb(theme.surface_high) - rgb(theme.surface_low)
        shares = []
        for share in (0.1, 0.5, 0.85):
            at = shown.view.to_pixel(4.0 * share, 4.0 * share)
            x, y = int(at.x()), int(at.y())
            colour = np.median(drawn[y - 4 : y + 5, x - 4 : x + 5].reshape(-1, 3), axis=0)
            shares.append(float((colour - rgb(theme.surface_low)) @ ramp / (ramp @ ramp)))
    assert shares == sorted(shares)


def test_a_muted_contestant_is_not_shown_and_one_behind_a_hill_is_faint():
    snapshot = snapshot_of(race(), 40)
    muted = snapshot_of(race().with_contestant(1, muted=True), 40)
    with solo("surface-3d", "light", (700, 600)) as shown:
        blue = rgb(shown.style.contestant(1))

        def count(snapshot, look):
            return (np.abs(shown.draw(snapshot, look) - blue).max(2) <= 2).sum()

        assert count(snapshot, Look(camera=ABOVE)) > 100
        assert count(muted, Look(camera=ABOVE)) == 0
        behind = next(azimuth for azimuth in range(-180, 180, 15) if not _visible(
            shown, snapshot, (float(azimuth), 8.0, 1.0)))
        faint = count(snapshot, Look(camera=(float(behind), 8.0, 1.0)))
        assert faint < 0.3 * count(snapshot, Look(camera=ABOVE))


def _visible(shown, snapshot, camera):
    shown.draw(snapshot, Look(camera=camera))
    return shown.view.is_seen(snapshot.contestants[1].point[None])[0]


def test_ticks_and_axes_are_written_and_stay_apart():
    with solo("surface-3d", "light", (700, 600)) as shown:
        # In letters that files of vectors have as text.
        shown.view.restyle(Style(in_plain_letters(THEMES["light"])))
        for camera in (USUAL_CAMERA, (0.0, 10.0, 1.0), (135.0, 60.0, 1.0)):
            texts = shown.texts(snapshot_of(race(), 0), Look(camera=camera))
            assert {"x", "y", "loss (symlog)", "SGD", "Momentum", "Adam"} <= set(texts)
            assert {"−4", "−2", "2", "4"} <= set(texts) and {"0", "10,000"} <= set(texts)
    with solo("surface-3d", "light", (200, 150)) as small:
        small.view.restyle(Style(in_plain_letters(THEMES["light"])))
        assert not {"x", "y", "loss (symlog)"} & set(small.texts(snapshot_of(race(), 0), Look()))


def test_words_at_the_axes_stay_all_the_way_round_with_the_same_numbers():
    snapshot, seen = snapshot_of(race(), 0), []
    with solo("surface-3d", "light", (620, 400)) as shown:
        shown.view.restyle(Style(in_plain_letters(THEMES["light"])))
        for azimuth in range(-180, 180, 5):
            texts = shown.texts(snapshot, Look(camera=(float(azimuth), 34.0, 1.0)))
            assert {"x", "y", "loss (symlog)"} <= set(texts), azimuth
            seen.append({text for text in texts if text.lstrip("−")[0].isdigit()})
    numbers = set.union(*seen)
    assert numbers == {"−4", "−2", "0", "2", "4", "100", "1,000", "10,000"}
    # A few of them fade where they would stand on others.
    assert all(len(numbers - there) <= 1 for there in seen)


def test_a_linear_axis_is_not_called_anything_else():
    even = race(problem={"kind": "surface", "surface": "saddle"})
    with solo("surface-3d", "light", (620, 400)) as shown:
        shown.view.restyle(Style(in_plain_letters(THEMES["light"])))
        texts = shown.texts(snapshot_of(even, 0), Look())
    assert ("loss" in texts) == (shown.view.relief.levels.knee is None)
    assert ("loss (symlog)" in texts) == (shown.view.relief.levels.knee is not None)


def test_vectors_hold_the_surface_as_one_image_and_text_as_text():
    with solo("surface-3d", "light", (500, 400)) as shown:
        shown.view.restyle(Style(in_plain_letters(THEMES["light"])))
        shown.view.draw(snapshot_of(race(), 40), Look())
        found = svg_of(shown._render, (500, 400))
    assert len([*found.iter(f"{SVG}image")]) == 1
    assert {"loss (symlog)", "Adam"} <= {text.text for text in found.iter(f"{SVG}text")}


def test_going_back_and_forth_gives_the_same_picture():
    run = snapshot_of(race(), 40).series
    with solo("surface-3d", "dark", (400, 300)) as shown:
        look = Look(camera=(10.0, 40.0, 1.0))
        first = shown.draw(snapshot_of(race(), 40), look)
        shown.draw(snapshot_of(race(), 70), Look(camera=(50.0, 20.0, 2.0)))
        again = shown.draw(snapshot_of(race(), 40), look)
    assert run is not None
    assert np.array_equal(first, again)


def test_the_usual_camera_is_the_engines():
    usual = Camera()
    assert (usual.azimuth, usual.elevation, usual.zoom) == USUAL_CAMERA


# ---- heads, names and arrows


def offsets(shown, snapshot, azimuth):
    """Where names stand from their heads, (n, 2)."""
    seen = {}
    painted = relief_view.paint_heads

    def spy(painter, heads, rects, style):
        seen["offsets"] = [(rect.center() - head.at) for head, rect in zip(
            heads, rects, strict=True)]
        seen["rects"] = rects
        return painted(painter, heads, rects, style)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relief_view, "paint_heads", spy)
        shown.draw(snapshot, Look(camera=(azimuth, 34.0, 1.0)))
    return np.array([(at.x(), at.y()) for at in seen["offsets"]]), seen["rects"]


@pytest.mark.parametrize("step", [12, 40])
def test_names_glide_while_the_camera_goes_round_and_cover_nobody_at_rest(step):
    snapshot, before, clear = snapshot_of(race(), step), None, 0
    with solo("surface-3d", "light", (620, 400)) as shown:
        for azimuth in range(-90, 91, 2):
            found, rects = offsets(shown, snapshot, float(azimuth))
            if before is not None:
                # A name's height is 18 pixels, and a second has 60 frames.
                assert np.hypot(*(found - before).T).max() < 14
            before = found
            covered = any(one.adjusted(0, 3.1, 0, -3.1).intersects(other)
                          for one, other in combinations(rects, 2))
            # Where they have places none covers another; on the way they may for a while.
            assert not covered or azimuth % 10
            clear += not covered
            assert all(shown.view.rect().contains(rect) for rect in rects)
        again, _ = offsets(shown, snapshot, -31.0)
    with solo("surface-3d", "light", (620, 400)) as fresh:
        alone, _ = offsets(fresh, snapshot, -31.0)
    assert clear > 0.75 * 91
    assert np.array_equal(again, alone), "a frame knows none before it"


def test_one_that_leaps_out_of_the_surface_stays_on_its_rim_where_it_left():
    made = race(problem={"kind": "surface", "surface": "ravine", "start": [-3.5, 1.2]},
                contestants=[{"name": "Lost", "optimizer": {"name": "sgd", "lr": 0.2}}])
    run, places = Run(made).finish(), set()
    (x0, x1), (y0, y1) = surfaces["ravine"].domain
    with solo("surface-3d", "light", (620, 400)) as shown:
        for step in range(40):
            snapshot = run.at(step)
            shown.draw(snapshot, Look(camera=ABOVE))
            head = shown.view.heads[0]
            x, y = snapshot.trails[0].path[step]
            if x0 <= x <= x1 and y0 <= y <= y1:
                assert head.beyond is None
            else:
                places.add((head.at.x(), head.at.y()))
                assert head.beyond is not None
                at = shown.view.point_at(head.at + QPointF(0, 0)) or shown.view.point_at(
                    head.at - (head.beyond - head.at) * 0.1)
                assert at is not None
                assert min(abs(at[0] - x0), abs(at[0] - x1), abs(at[1] - y0),
                           abs(at[1] - y1)) < 0.15
    assert len(places) == 1


def test_a_steps_arrows_lie_on_the_surface_and_lead_where_it_goes():
    made = race(contestants=[{"name": "A", "optimizer": {"name": "adam", "lr": 0.05}}])
    snapshot = snapshot_of(made, 20, 0)
    without = snapshot_of(made, 20)
    arrow = rgb(THEMES["light"].accent)
    with solo("surface-3d", "light", (900, 700)) as shown:
        look = Look(chosen=0, camera=ABOVE, zoom=((-0.5, 2.5), (-1.0, 2.5)))
        drawn = shown.draw(snapshot, look)
        plain = shown.draw(without, look)
        shown.draw(snapshot, look)
        view = shown.view
        point, step = snapshot.contestants[0].point, snapshot.anatomy.step
        changed = np.argwhere((drawn != plain).any(axis=2))
        assert (np.abs(drawn - arrow).max(-1) < 40).sum() > 20
        # The tip of what was drawn is on the way of the step, magnified.
        at, ahead = view.to_pixel(*point), view.to_pixel(*(point + 0.05 * step / np.hypot(*step)))
        way = np.array([ahead.y() - at.y(), ahead.x() - at.x()])
        offsets_ = changed - np.array([at.y(), at.x()])
        near = np.hypot(*offsets_.T) < 120
        along = offsets_[near] @ way / np.hypot(*way)
        assert along.max() > 25
    # Where the surface hides them they are faint, and no camera is too low for them.
    with solo("surface-3d", "light", (620, 400)) as shown:
        for azimuth in range(-180, 180, 30):
            shown.draw(snapshot, Look(chosen=0, camera=(float(azimuth), 20.0, 1.0)))


# ---- cameras in files, lessons and films


def test_a_camera_is_kept_in_the_file_and_comes_back():
    look = Look(chosen=0, camera=(12.5, 40.0, 1.5))
    experiment = race()
    picture = picture_of(experiment, look, _arrangement(), 3)
    again = Experiment.from_toml(experiment.replaced(picture=picture).to_toml())
    assert again.picture.camera == (12.5, 40.0, 1.5)
    assert look_at(again).camera == look.camera


def _arrangement():
    from app.arrangement import usual

    return usual(ROWS)


def lesson(*beats, **more):
    fields = race().fields() | {"picture": {"camera": [170, 30, 1]}}
    return Lesson(title="T", experiment=fields, layout=[["surface-3d"]],
                  beats=[{"seconds": 4, "steps_per_second": 5, **beat} for beat in beats], **more)


def test_without_perspective_edges_that_are_parallel_are_seen_so():
    snapshot = snapshot_of(race(), 40)
    with solo("surface-3d", "light", (700, 600)) as shown:
        shown.draw(snapshot, Look(camera=USUAL_CAMERA))
        spread = [_widths(shown.view)]
        shown.draw(snapshot, Look(camera=USUAL_CAMERA, projection="orthographic"))
        spread.append(_widths(shown.view))
    assert spread[0] > 1.1 and spread[1] == pytest.approx(1, abs=1e-9)


def _widths(view):
    """How much longer the front of the floor is than its back."""
    hx, hy = view.relief.half
    corners = view.projected(np.array([(x, y, 0.0) for y in (-hy, hy) for x in (-hx, hx)]))
    front, back = (float(np.hypot(*(corners[k + 1] - corners[k]))) for k in (0, 2))
    return front / back


def test_a_projection_is_kept_in_the_file_and_a_beat_may_change_it():
    picture = picture_of(race(), Look(projection="orthographic"), _arrangement(), 3)
    again = Experiment.from_toml(race().replaced(picture=picture).to_toml())
    assert look_at(again).projection == "orthographic"
    with pytest.raises(ExperimentError, match='"perspective" or "orthographic"'):
        race().replaced(picture={"projection": "isometric"})
    script = lesson({}, {"look": {"projection": "orthographic"}}, {"look": {"projection": "usual"}})
    projector = Projector(script, (640, 360), "light", look_of(script))
    found = []
    for time in (1, 5, 9):
        projector.compose(time)
        found.append(projector.stage.board.view("surface-3d").look.projection)
    projector.close()
    assert found == ["perspective", "orthographic", "perspective"]


def test_perspective_is_taken_away_evenly_on_a_slide():
    script = lesson({"look": {"camera": [-90, 30, 1]}},
                    {"look": {"projection": "orthographic"}, "ease": 2})
    projector = Projector(script, (640, 360), "light", look_of(script))
    lengths, pictures = [], []
    for time in (3.99, 4.5, 5.0, 5.5, 5.9, 6.0):
        pictures.append(pixels(projector.image(time)))
        lengths.append(_widths(projector.stage.board.view("surface-3d")) - 1)
    assert abs(lengths[0]) > 0.01 and lengths[-1] == pytest.approx(0, abs=1e-9)
    assert all(abs(before) > abs(after) for before, after in pairwise(lengths))
    # Half of the way is half of the perspective, and the end is no jump.
    assert lengths[2] == pytest.approx(lengths[0] / 2, rel=0.15)
    at_last, in_all = (np.abs(pictures[-1] - pictures[k]).mean() for k in (-2, 0))
    assert at_last < in_all / 10
    projector.close()


def test_a_film_takes_the_camera_where_the_beats_say():
    script = lesson({}, {"look": {"camera": [-170, 50, 1.2]}, "ease": 2})
    projector = Projector(script, (640, 360), "light", look_of(script))
    cameras = []
    for time in (1, 4, 5, 7):
        projector.compose(time)
        cameras.append(projector.stage.board.view("surface-3d").camera)
    first = pixels(projector.image(4.5))
    assert np.array_equal(first, pixels(projector.image(4.5)))
    assert (first != pixels(projector.image(5.0))).any()
    projector.close()
    assert cameras[0] == cameras[1] == (170, 30, 1)
    # The shortest way round is past 180°.
    assert cameras[2][0] % 360 == pytest.approx(180) and cameras[2][1] == pytest.approx(40)
    assert cameras[3] == (-170, 50, 1.2)


# ---- the window


@pytest.fixture
def user(tmp_path):
    with at_the_window(tmp_path, (1600, 900)) as user:
        user.take(race(picture={"layout": ROWS}))
        yield user


def place(user, x, y, view="surface-3d") -> QPoint:
    """Where a point of the surface is in the window's views."""
    shown = user.view(view)
    if view == "surface-3d":
        scene = shown.mapToScene(shown.to_pixel(x, y))
    else:
        scene = shown.canvas.mapToScene(QPointF(*shown.to_pixels(np.array([[x, y]], float))[0]))
    return user.window.board_view.mapFromScene(scene)


def drag(user, start: QPoint, way: QPoint) -> None:
    viewport = user.window.board_view.viewport()
    QTest.mouseMove(viewport, start)
    QTest.mousePress(viewport, LEFT, pos=start)
    for share in (0.2, 0.5, 0.8, 1.0):
        QTest.mouseMove(viewport, start + way * share)
        QTest.qWait(25)
    QTest.mouseRelease(viewport, LEFT, pos=start + way)
    settle(user)


def click(user, at: QPoint, *, double: bool = False) -> None:
    viewport = user.window.board_view.viewport()
    QTest.mouseMove(viewport, at)
    (QTest.mouseDClick if double else QTest.mouseClick)(viewport, LEFT, pos=at)
    # Or the button counts as held from a double click on.
    QTest.mouseRelease(viewport, LEFT, pos=at)
    user.settle()


def settle(user) -> None:
    """Draw what was asked for, as the next tick of the display timer does."""
    user.settle()
    user.window.session.wait()
    user.settle()


def camera(user):
    settle(user)
    return user.window.session.look.camera


def free_place(user) -> QPoint:
    """A place of the surface far from heads and the start."""
    return place(user, -2.0, -2.5)


def test_a_drag_goes_round_and_over_the_surface(user):
    before = pixels(user.window.grab().toImage())
    drag(user, free_place(user), QPoint(100, 40))
    azimuth, elevation, zoom = camera(user)
    unit = user.window.style_now.unit
    assert azimuth == pytest.approx(USUAL_CAMERA[0] - 35 / unit, abs=1)
    assert elevation == pytest.approx(USUAL_CAMERA[1] + 14 / unit, abs=1)
    assert zoom == 1
    assert (before != pixels(user.window.grab().toImage())).any()
    assert not user.window.document.off_script, "a look is no edit of the race"
    user.window.document.undo()
    assert camera(user) is None and not user.window.document.stack.canUndo(), "a drag is one edit"
    drag(user, free_place(user), QPoint(0, 900))
    assert camera(user)[1] == 90
    drag(user, free_place(user), QPoint(0, -2000))
    assert 0 < camera(user)[1] < 10


def test_the_wheel_nears_and_a_double_click_goes_back_without_moving_the_start(user):
    at = free_place(user)
    viewport = user.window.board_view.viewport()
    for notches, wanted in ((2, 1.15**2), (-1, 1.15)):
        QApplication.sendEvent(viewport, QWheelEvent(
            QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False))
        user.settle()
        assert camera(user)[2] == pytest.approx(wanted, rel=1e-3)
    start = user.experiment.problem.start
    click(user, at, double=True)
    assert camera(user) is None
    QTest.qWait(QGuiApplication.styleHints().mouseDoubleClickInterval() + 60)
    assert user.experiment.problem.start == start


def test_a_click_sets_the_start_and_undo_takes_it_back(user):
    before = user.experiment.problem.start
    click(user, place(user, -2.0, -2.5))
    QTest.qWait(QGuiApplication.styleHints().mouseDoubleClickInterval() + 60)
    user.settle()
    assert user.experiment.problem.start == pytest.approx((-2.0, -2.5), abs=0.06)
    for trail in user.snapshot.trails:
        assert tuple(trail.path[0]) == user.experiment.problem.start
    user.window.document.stack.undo()
    assert user.experiment.problem.start == before
    assert not user.window.document.stack.canUndo()


def test_the_start_is_dragged_over_the_surface(user):
    start = place(user, *user.experiment.problem.start)
    drag(user, start, place(user, 1.8, 0.2) - start)
    assert user.experiment.problem.start == pytest.approx((1.8, 0.2), abs=0.06)
    assert camera(user) is None
    user.window.document.stack.undo()
    assert not user.window.document.stack.canUndo()


def test_a_click_on_a_head_chooses_its_contestant(user):
    user.window.session.player.seek(40)
    settle(user)
    click(user, place(user, *user.snapshot.contestants[0].point))
    assert user.window.session.look.chosen == 0
    click(user, place(user, *user.snapshot.contestants[2].point))
    assert user.window.session.look.chosen == 2


def test_hovering_tells_the_point_and_shows_it_in_the_other_view(user):
    accent = rgb(user.window.theme.accent)

    def rings(view):
        scene = user.view(view).mapRectToScene(user.view(view).rect())
        box = user.window.board_view.mapFromScene(scene).boundingRect()
        drawn = pixels(user.window.board_view.grab().toImage())
        part = drawn[box.top() : box.bottom(), box.left() : box.right()]
        return (np.abs(part - accent).max(-1) < 12).sum()

    assert rings("surface-path") == rings("surface-3d") == 0
    QTest.mouseMove(user.window.board_view.viewport(), place(user, -1.0, 2.0))
    QTest.qWait(60)
    settle(user)
    assert "loss" in user.view("surface-3d").note()
    assert user.window.session.look.point == pytest.approx((-1.0, 2.0), abs=0.06)
    assert rings("surface-path") > 5 and rings("surface-3d") == 0
    QTest.mouseMove(user.window.board_view.viewport(),
                    place(user, 2.0, -1.0, view="surface-path"))
    QTest.qWait(60)
    settle(user)
    assert user.window.session.look.point == pytest.approx((2.0, -1.0), abs=0.06)
    assert rings("surface-3d") > 5 and rings("surface-path") == 0
    QTest.mouseMove(user.window.board_view.viewport(), QPoint(2, 2))
    QTest.qWait(60)
    settle(user)
    assert user.window.session.look.point is None


def test_with_the_focus_arrows_go_round_and_without_it_they_step(user):
    step = user.window.session.player.step
    drag(user, free_place(user), QPoint(60, 0))
    azimuth, elevation, _ = camera(user)
    assert user.view("surface-3d").hasFocus()
    board = user.window.board_view
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_PageUp):
        QTest.keyClick(board, key)
    user.settle()
    assert camera(user) == pytest.approx((azimuth + 10, elevation + 5, 1.15), abs=0.02)
    assert user.window.session.player.step == step
    QTest.keyClick(board, Qt.Key.Key_Home)
    user.settle()
    assert camera(user) is None and user.window.session.player.step == step
    # A click elsewhere gives the keys back.
    click(user, place(user, -3.0, 3.0, view="surface-path"))
    QTest.keyClick(board, Qt.Key.Key_Right)
    user.settle()
    assert user.window.session.player.step == step + 1 and camera(user) is None


def wheel(user, at: QPoint, notches: int) -> None:
    viewport = user.window.board_view.viewport()
    QApplication.sendEvent(viewport, QWheelEvent(
        QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False))
    settle(user)


def test_the_wheel_and_a_drag_on_the_map_move_the_surface_along(user):
    deep = user.view("surface-3d")
    domain = deep.relief.x_range, deep.relief.y_range
    at = place(user, 1.0, 1.0, view="surface-path")
    QTest.mouseMove(user.window.board_view.viewport(), at)
    wheel(user, at, 3)
    zoom = user.window.session.look.zoom
    assert (deep.relief.x_range, deep.relief.y_range) == zoom != domain
    drag(user, place(user, -0.5, 0.5, view="surface-path"), QPoint(60, 25))
    moved = user.window.session.look.zoom
    assert moved != zoom and (deep.relief.x_range, deep.relief.y_range) == moved
    # A point rings in the same place of both, and time is one.
    QTest.mouseMove(user.window.board_view.viewport(), place(user, 0.5, 0.5))
    QTest.qWait(60)
    settle(user)
    assert user.window.session.look.point == pytest.approx((0.5, 0.5), abs=0.05)
    # A double click on the map shows the whole of both.
    click(user, place(user, -0.5, 0.5, view="surface-path"), double=True)
    settle(user)
    assert (deep.relief.x_range, deep.relief.y_range) == domain


def test_the_word_in_the_corner_and_a_key_take_perspective_away(user):
    view = user.view("surface-3d")
    (segment,) = view._choices
    at = user.window.board_view.mapFromScene(view.mapToScene(segment.rect.center()))
    before = pixels(user.window.grab().toImage())
    click(user, at)
    settle(user)
    assert user.window.session.look.projection == "orthographic"
    assert (before != pixels(user.window.grab().toImage())).any()
    user.window.document.undo()
    settle(user)
    assert user.window.session.look.projection == "perspective"
    drag(user, free_place(user), QPoint(30, 0))
    QTest.keyClick(user.window.board_view, Qt.Key.Key_O)
    settle(user)
    assert user.window.session.look.projection == "orthographic"


def test_zoom_is_one_for_the_map_and_the_surface(user):
    user.window.session.set_look(zoom=((0.0, 3.0), (-1.0, 2.0)))
    settle(user)
    relief = user.view("surface-3d").relief
    assert (relief.x_range, relief.y_range) == ((0.0, 3.0), (-1.0, 2.0))
