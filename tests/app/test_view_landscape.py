"""The loss landscape: heads where the engine has them, numbers that are the engine's, and choices.
"""

from __future__ import annotations

import re
from dataclasses import replace
from time import sleep

import numpy as np
import pytest
from landscape_scenes import three
from networks import NORM, TANH, dense, finished
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtWidgets import QMenu
from reading import assert_readable, listened, mouse, text_boxes
from scenes import SVG, rgb, solo, svg_of
from window_rig import settle, window_at
from written import written_in

from app.numbers import number, unpadded
from app.theme import THEMES
from app.views import Look, views
from app.views.choice_menu import fill
from app.views.landscape_own import OwnLosses
from engine.experiment import Experiment
from engine.landscape.picture import Wanted
from engine.landscape.survey import Survey
from engine.run import Run

SIZE = (700, 520)
BOTH = pytest.mark.parametrize("theme", list(THEMES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


# ---- what is seen is what the engine says


@BOTH
@pytest.mark.parametrize("plane", ["pca", "random", "ends", "steps"])
def test_every_head_is_at_its_foot_in_its_own_colour(theme, plane):
    run = finished(three())
    snapshot = run.at(130)
    survey = Survey()
    picture = survey.picture(run.snapshot(), Wanted(plane, contestant=2))
    with solo("landscape", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look(chosen=2, plane=plane))
        body = shown.view._map.body
        (left, right), (bottom, top) = picture.field.extent
        # Others' markers may lie over those behind them.
        for head in survey.heads(picture, snapshot)[-1:]:
            x = body.left() + (head.point[0] - left) / (right - left) * body.width()
            y = body.bottom() - (head.point[1] - bottom) / (top - bottom) * body.height()
            colour = rgb(shown.style.contestant(head.contestant))
            assert np.abs(drawn[round(y), round(x)] - colour).max() <= 2


@BOTH
@pytest.mark.parametrize("beside", [(3.0, 0.0), (-2.0, 2.5), (0.3, -3.0)])
def test_heads_outside_of_a_zoom_are_at_the_edge_in_their_direction(theme, beside):
    """A head outside is where the ray to it from the middle leaves the map less its margin."""
    run = finished(three())
    survey = Survey()
    head, = survey.heads(survey.picture(run.snapshot(), Wanted(contestants=(2,))), run.at(200))
    middle = np.array(head.point) - beside
    zoom = tuple((at - half, at + half) for at, half in zip(middle, (1.7, 1.0), strict=True))
    with solo("landscape", theme, SIZE) as shown:
        alone = run.experiment.replaced(contestants=[
            one.replaced(muted=place != 2) for place, one in enumerate(run.experiment.contestants)])
        drawn = shown.draw(finished(alone).at(200), Look(chosen=2, plane_zoom=zoom))
        body = shown.view._map.body
        colour = rgb(shown.style.contestant(2))
    pixels = np.array(beside) * [1, -1] * body.width() / 3.4
    room = np.array([body.width(), body.height()]) / 2 - shown.style.px(20)
    x, y = np.array([body.center().x(), body.center().y()]) + pixels * (
        room / np.maximum(np.abs(pixels), 1e-9)).min()
    assert np.abs(drawn[round(y), round(x)] - colour).max() <= 2


def test_the_table_says_each_networks_loss_and_that_of_its_foot():
    run = finished(three())
    survey = Survey()
    picture = survey.picture(run.snapshot())
    with solo("landscape", "light", SIZE) as shown:
        texts = shown.texts(run.at(200), Look(chosen=0))
    for head in survey.heads(picture, run.at(200)):
        state = run.at(200).contestants[head.contestant]
        assert head.true_loss == pytest.approx(state.train.loss, rel=1e-12)
        for value in (head.true_loss, head.plane_loss, head.distance):
            assert unpadded(number(value, fixed=True)) in texts


@pytest.mark.parametrize("width, columns", [
    (640, ["train loss", "on the plane", "off the plane by"]), (380, ["train", "plane", "off by"]),
    (300, ["train", "plane", "off by"]),
    (250, ["train", "plane"]), (170, ["train"])])
def test_a_narrow_table_keeps_its_names_and_their_own_losses(width, columns):
    with solo("landscape", "light", (width, 420)) as shown:
        shown.view.live = False
        texts = assert_readable(shown, finished(three()).at(200), Look(chosen=0))
        every = {"train loss", "on the plane", "off the plane by", "train", "plane", "off by"}
        assert [text for text in texts if text in every] == columns
        assert any(text.startswith("SG") for text in texts)
        head = shown.view._source.heads(finished(three()).at(200), False)[0]
        assert unpadded(number(head.true_loss, fixed=True)) in texts


def test_a_small_card_has_a_small_key_and_says_of_how_many_networks_its_table_is():
    run = finished(three())
    with solo("landscape", "light", (300, 220)) as shown:
        texts = assert_readable(shown, run.at(200), Look(chosen=0))
        levels, body = shown.view._source.picture.levels, shown.view._map.body
        ends = {unpadded(number(levels.height(band), 2)) for band in (0, levels.bands)}
        assert ends <= set(texts)
        assert texts.count("0.304") == 1 and not any("networks" in text for text in texts)
        key = shown.view._map._place_of_key(shown.style, QRectF(0, 0, body.width(), body.height()),
                                            shown.view._source.picture)
        for head in shown.view._source.heads(run.at(200), False):
            at = shown.view._map.pixel_of(head.point) - body.topLeft()
            assert not key.contains(at)
    with solo("landscape", "light", (300, 188)) as shown:
        texts = shown.texts(run.at(200), Look(chosen=0))
        assert "2 of 3 networks" in texts and "0.304" not in texts
    with solo("landscape", "light", (300, 320)) as shown:
        texts = shown.texts(run.at(200), Look(chosen=0))
        assert not any("networks" in text for text in texts)


@pytest.mark.parametrize("size", [(480, 360), (700, 500), (1400, 260), (260, 800)])
def test_a_table_has_all_of_seven_networks(size):
    made = three(steps=20)
    names = [f"Net {place}" for place in range(7)]
    run = finished(made.replaced(contestants=[
        made.contestants[place % 3].replaced(name=name, color=None)
        for place, name in enumerate(names)]))
    with solo("landscape", "light", size) as shown:
        texts = shown.texts(run.at(20), Look(chosen=0))
    assert set(names) <= set(texts) and not any("networks" in text for text in texts)


@pytest.mark.parametrize("size", [(560, 420), (900, 600), (480, 700)])
def test_numbers_go_along_the_whole_axis(size):
    """What is across does not stand in the place of the axis's last numbers."""
    run = finished(three())
    with solo("landscape", "light", size) as shown:
        boxes = text_boxes(shown, run.at(200), Look(chosen=0))
        body = shown.view._map.body
    below = [box.center().x() for text, box in boxes
             if re.fullmatch(r"[−\d.]+", text) and 0 < box.top() - body.bottom() < 20]
    apart = below[1] - below[0]
    assert len(below) >= 3
    assert below[0] - apart < body.left() + 15 and below[-1] + apart > body.right() - 15


def test_a_key_says_how_its_shades_grow():
    run = finished(three())
    with solo("landscape", "light", (900, 600)) as shown:
        texts = assert_readable(shown, run.at(200), Look(chosen=0))
        assert shown.view._source.picture.levels.knee and "symlog" in texts
        even = run.at(200), Look(chosen=0, plane="hessian", plane_zoom=((-1e-4, 1e-4),) * 2)
        texts = assert_readable(shown, *even)
        assert not shown.view._source.picture.levels.knee and "symlog" not in texts


@pytest.mark.parametrize("networks", [1, 2, 3])
def test_only_planes_that_can_be_drawn_are_offered_and_always_some(networks):
    made = three(steps=20)
    run = finished(made.replaced(contestants=made.contestants[:networks]))
    with solo("landscape", "light", (230 if networks < 3 else 260, 400)) as shown:
        texts = shown.texts(run.at(20), Look(chosen=0, plane="ends"))
    assert {"PCA", "rand", "Hess", "steps"} <= set(texts)
    assert ("ends" in texts) == (networks == 3)
    assert any(text.startswith("A plane through ends") for text in texts) == (networks < 3)


def test_axes_say_what_they_hold():
    run = finished(three())
    share = Survey().picture(run.snapshot(), Wanted(size=9)).plane.explained
    with solo("landscape", "light", SIZE) as shown:
        texts = " ".join(shown.texts(run.at(200), Look(chosen=0)))
        assert f"first component, {100 * share[0]:.0f} % of the variance" in texts
        assert "second component, " in texts
        assert shown.view.note().startswith("training rows · all 140 · principal components")
        for look, words in (
                (Look(chosen=0, plane="hessian"), "largest curvature, "),
                (Look(chosen=0, plane="ends"), "towards Momentum"),
                (Look(chosen=0, plane="steps", plane_steps=(0, 90, 210)), "towards step 90"),
                (Look(chosen=0, plane="random"), "first direction")):
            assert words in " ".join(shown.texts(run.at(200), look))


def test_hovering_reads_the_loss_at_that_point():
    run = finished(three())
    with solo("landscape", "light", SIZE) as shown:
        shown.draw(run.at(200), Look(chosen=0))
        view = shown.view
        at = view._map.body.center()
        event = mouse(at.x(), at.y())
        event.acceptDrags = lambda button: None
        view.hoverEvent(event)
        picture = view._source.picture
        point = view._map.point_at(at)
        state = run.snapshot().contestants[0]
        flat = np.array(state.state)
        state.training.split(flat).params[:] = picture.plane.weights(*point)
        assert view.note() == (f"loss {number(replace(state, state=flat).train.loss)} · at "
                               f"({number(point[0])}, {number(point[1])})")


def test_a_batchs_landscape_moves_with_the_playhead_and_a_training_sets_does_not():
    run = finished(three())
    with solo("landscape", "light", SIZE) as shown:
        view = shown.view
        for rows, moves in (("train", False), ("batch", True)):
            found = []
            for step in (100, 101):
                shown.draw(run.at(step), Look(chosen=0, plane_rows=rows))
                found.append(view._source.picture)
            assert (found[0].field is not found[1].field) is moves
            assert found[0].plane is found[1].plane
            assert found[0].levels == found[1].levels


def test_zoom_computes_that_piece_anew():
    run = finished(three())
    zoom = ((-0.5, 0.5), (-0.2, 0.2))
    with solo("landscape", "light", SIZE) as shown:
        shown.draw(run.at(200), Look(chosen=0, plane_zoom=zoom))
        # As wide as it was asked for, and as high as one unit for both axes makes it.
        (left, right), (bottom, top) = shown.view._source.picture.field.extent
        assert (left, right) == zoom[0] and top == -bottom > zoom[1][1]
        assert shown.view._map.extent == ((left, right), (bottom, top))


def test_the_picture_is_the_same_whichever_way_one_came_to_it():
    run, look = finished(three()), Look(chosen=0)
    others = (Look(chosen=1, plane="random"), Look(chosen=0, plane_rows="batch"),
              Look(chosen=2, plane="steps", plane_zoom=((-1.0, 1.0), (-1.0, 1.0))), look)
    with solo("landscape", "light", SIZE) as fresh, solo("landscape", "light", SIZE) as used:
        for step, other in zip((30, 260, 90, 20), others, strict=True):
            used.draw(run.at(step), other)
        assert np.array_equal(fresh.draw(run.at(150), look), used.draw(run.at(150), look))


# ---- choices


def test_everything_can_be_chosen_on_the_card():
    made = three(layers=[dense(8), NORM, TANH])
    made = made.replaced(contestants=[
        contestant.replaced(l2=0.01) for contestant in made.contestants])
    run = finished(made)
    with solo("landscape", "light", (1000, 520)) as shown:
        asked = listened(shown.view)
        shown.draw(run.at(100), Look(chosen=0, plane="random", plane_zoom=((-1.0, 1.0),) * 2))
        for segment in shown.view._segments:
            shown.view.mouseClickEvent(mouse(segment.rect.center().x(), segment.rect.center().y()))
        assert asked == [
            ("plane", "pca"), ("plane", "random"), ("plane", "hessian"), ("plane", "ends"),
            ("plane", "steps"), ("plane_rows", "train"), ("plane_rows", "test"),
            ("plane_rows", "batch"), ("plane_zoom", None), ("plane_biases", True),
            ("plane_penalty", True), ("plane_statistics", "kept"), ("plane_size", 129),
            ("plane_scale", asked[-1][1])]
        levels = shown.view._source.picture.levels
        assert asked[-1][1] == pytest.approx((levels.low, levels.high), rel=0.05)
        asked.clear()
        shown.draw(run.at(100), Look(chosen=0, plane="steps"))
        steps = [segment for segment in shown.view._segments if segment.kind == "plane_steps"]
        assert [segment.text for segment in steps] == ["0", "150", "300"]
        shown.view.mouseClickEvent(mouse(*_middle(steps[1])))
        assert asked == [("plane_steps", (0, 100, 300))]


@pytest.mark.parametrize("width", [180, 300, 420])
def test_a_narrow_card_has_the_rest_behind_dots_and_all_in_its_menu(width):
    made = three(layers=[dense(8), NORM, TANH])
    run = finished(made)
    with solo("landscape", "light", (width, 300)) as shown:
        view = shown.view
        shown.draw(run.at(100), Look(chosen=0, plane="random"))
        offered = [choice for group in view.choices() for choice in group]
        assert {"plane", "plane_rows", "plane_biases", "plane_statistics", "plane_size",
                "plane_scale"} == {choice.kind for choice in offered}
        assert len(view._segments) < len(offered) and view._segments[-1].kind == "more"
        assert view._segments[-1].rect.right() <= width
        asked, menu = [], QMenu()
        fill(menu, view.choices(), lambda *wish: asked.append(wish))
        entries = [action for action in menu.actions() if not action.isSeparator()]
        assert [action.isChecked() for action in entries] == [one.chosen for one in offered]
        for action in entries:
            action.trigger()
        assert asked == [(one.kind, one.value) for one in offered]


def test_landscapes_of_one_scale_have_one_key_and_shades_that_can_be_compared():
    run = finished(three())
    looks = [Look(chosen=chosen, plane=plane, plane_scale=(0.0, 3.0))
             for chosen, plane in ((0, "random"), (2, "pca"))]
    with solo("landscape", "light", (760, 520)) as shown:
        levels = []
        for look in looks:
            texts = shown.texts(run.at(100), look)
            assert {"0", "3"} <= set(texts)
            levels.append(shown.view._source.picture.levels)
        assert levels[0] == levels[1]
    with solo("landscape-slices", "light", SIZE) as shown:
        shown.draw(run.at(100), looks[0])
        assert {axes.y for axes in shown.view._axes} == {(0.0, 3.0)}


def test_a_flat_landscape_is_plain_and_neither_low_nor_high():
    dead = three(steps=20).replaced(contestants=[
        {"name": "A", "layers": [dense(8), TANH] * 6, "init": {"name": "normal", "std": 1e-3},
         "optimizer": {"name": "sgd", "lr": 1e-3}}])
    with solo("landscape", "light", (760, 520)) as shown:
        drawn = shown.draw(finished(dead).at(20), Look(chosen=0, plane="random"))
        texts = shown.texts(finished(dead).at(20), Look(chosen=0, plane="random"))
        body = shown.view._map.body
    assert {"0", "0.69", "1.4"} <= set(texts)
    corner = drawn[round(body.bottom()) - 60 : round(body.bottom()) - 20,
                   round(body.left()) + 20 : round(body.left()) + 200]
    assert (corner == corner[0, 0]).all()


def test_curves_along_lines_are_marked_where_they_are_cut():
    run = finished(three())
    look = Look(chosen=0, plane="random")
    with solo("landscape-slices", "light", SIZE) as shown:
        shown.draw(run.at(100), look)
        highest = max(float(np.max(section.train.loss))
                      for section in shown.view._source.lines[0])
        texts = shown.texts(run.at(100), replace(look, plane_scale=(0.0, 0.9 * highest)))
        assert number(highest, 2) in texts
        texts = shown.texts(run.at(100), replace(look, plane_scale=(0.0, 1.5 * highest)))
        assert number(highest, 2) not in texts


def test_both_axes_of_a_plane_have_one_unit():
    run = finished(three())
    for plane in ("pca", "hessian", "ends", "steps"):
        for size, zoom in (((700, 520), None), ((1300, 420), ((-2.0, 1.0), (-0.1, 0.1))),
                           ((320, 600), None)):
            with solo("landscape", "light", size) as shown:
                shown.draw(run.at(100), Look(chosen=0, plane=plane, plane_zoom=zoom))
                body, ((left, right), (bottom, top)) = shown.view._map.body, shown.view._map.extent
                assert body.width() / (right - left) == pytest.approx(
                    body.height() / (top - bottom), rel=0.02)
                if zoom is not None:
                    assert left <= zoom[0][0] and right >= zoom[0][1] and top >= zoom[1][1]


def test_a_way_that_goes_to_and_fro_leaves_its_valley_to_be_seen():
    noisy = three(steps=400, batch=1).replaced(contestants=[
        {"name": "A", "layers": [dense(8), TANH], "optimizer": {"name": "sgd", "lr": 0.5}}])
    with solo("landscape", "light", SIZE) as shown:
        view = shown.view
        shown.draw(finished(three()).at(200), Look(chosen=0))
        assert {line.weight for line in view._map._ways.lines} == {1.0}
        shown.draw(finished(noisy).at(390), Look(chosen=0, plane="hessian"))
        ways = view._map._ways
        assert ways.lines[0].weight < 0.5
        head, = view._source.heads(finished(noisy).at(390), False)
        tail = ways.end_of(0, 390, np.array(head.point))
        # The newest piece is as wide as ever, and only that.
        assert 2 < len(tail) < 0.3 * len(ways.lines[0].points)
        assert tail[-1] == pytest.approx(ways.canvas.pixels(np.array([head.point]))[0])


def _middle(segment):
    return segment.rect.center().x(), segment.rect.center().y()


def test_wheel_and_drag_move_over_the_plane_and_a_double_click_shows_all_again():
    run = finished(three())
    with solo("landscape", "light", SIZE) as shown:
        asked = listened(shown.view)
        shown.draw(run.at(100), Look(chosen=0))
        view, body = shown.view, shown.view._map.body
        (left, right), (bottom, top) = view._map.extent
        at = QPointF(body.left() + 0.25 * body.width(), body.center().y())
        event = mouse(at.x(), at.y())
        event.delta = lambda: 120
        view.wheelEvent(event)
        (kind, ((x0, x1), (y0, y1))), = asked
        assert kind == "plane_zoom"
        assert x1 - x0 == pytest.approx(0.85 * (right - left))
        assert (y0 + y1) / 2 == pytest.approx((bottom + top) / 2)
        # What is under the mouse stays there.
        assert x0 + 0.25 * (x1 - x0) == pytest.approx(left + 0.25 * (right - left))
        asked.clear()
        event = mouse(at.x() + 0.1 * body.width(), at.y())
        event.button = lambda: Qt.MouseButton.LeftButton
        event.buttonDownPos = lambda: at
        event.isStart, event.isFinish = (lambda: True), (lambda: True)
        view.mouseDragEvent(event)
        assert asked[0] == asked[2] == ("release", None)
        assert asked[1][1][0] == pytest.approx((left - 0.1 * (right - left),
                                                right - 0.1 * (right - left)))
        asked.clear()
        event = mouse(at.x(), at.y())
        event.double = lambda: True
        view.mouseClickEvent(event)
        assert asked == [("plane_zoom", None)]


def test_a_click_on_a_head_chooses_it():
    run = finished(three())
    with solo("landscape", "light", SIZE) as shown:
        asked = listened(shown.view)
        shown.draw(run.at(300), Look(chosen=0))
        heads = shown.view._source.heads(run.at(300), False)
        at = shown.view._map.pixel_of(heads[2].point)
        event = mouse(at.x(), at.y())
        event.double = lambda: False
        shown.view.mouseClickEvent(event)
        assert asked == [("choose", 2)]


def test_films_show_no_choices():
    run = finished(three())
    with solo("landscape", "light", SIZE) as shown:
        shown.view.live = False
        assert not {"PCA", "train"} & set(shown.texts(run.at(100), Look(chosen=0)))


# ---- odd cases


def named(*listed, **more):
    return [{"name": name, "layers": layers, "optimizer": {"name": "sgd", "lr": 0.1, **more}}
            for name, layers in listed]


ODD = {
    "one": (three().removed(2).removed(1), Look(chosen=0), "SGD"),
    "ends of two": (three().removed(2), Look(chosen=0, plane="ends"), "needs three contestants"),
    "other shapes": (three().replaced(contestants=named(
        ("Tanh", [dense(8), TANH]), ("Wide", [dense(9), TANH]))), Look(chosen=0), "Tanh"),
    "no test rows": (three(test_fraction=0.0), Look(chosen=0, plane_rows="test"), "no test rows"),
    "diverged": (three(dataset="bumps", loss="mse", steps=40).replaced(contestants=[
        *named(("Fair", [dense(8), TANH])), *named(("Lost", [dense(8), TANH]), lr=1e5)]),
        Look(chosen=0), "diverged"),
    "twelve": (three(steps=20).replaced(contestants=named(
        *((f"Number {k}", [dense(4), TANH]) for k in range(12)))), Look(chosen=11), "Number 11"),
    "linear": (three(steps=20).replaced(contestants=named(("A", []), ("B", []))), Look(chosen=0),
               ""),
    "frozen": (three(steps=20).replaced(contestants=named(
        ("A", [dense(8), TANH]), lr=0.0)), Look(chosen=0), "on a line"),
}


@pytest.mark.parametrize("size", [(230, 170), (420, 560), (720, 380), (1300, 300)])
@pytest.mark.parametrize("name", ODD)
def test_odd_cases_are_readable_at_every_size(name, size):
    made, look, expected = ODD[name]
    run = finished(made)
    with solo("landscape", "dark", size) as shown:
        for step in (0, made.steps):
            texts = " ".join(assert_readable(shown, run.at(step), look))
        assert size == (230, 170) or all(word in texts for word in expected.split())
        shown.view.note()


@pytest.mark.parametrize("size", [(230, 170), (420, 560), (1300, 300)])
@pytest.mark.parametrize("lines", ["axes", "between"])
@pytest.mark.parametrize("name", ODD)
def test_lines_of_odd_cases_are_readable(name, lines, size):
    made, look, _ = ODD[name]
    run = finished(made)
    with solo("landscape-slices", "dark", size) as shown:
        for plane in ("random", "pca"):
            assert_readable(shown, run.at(made.steps), replace(look, slices=lines, plane=plane))
            shown.view.note()


def test_muted_ones_are_not_shown():
    made = three(steps=20)
    quiet = made.replaced(contestants=[c.replaced(muted=True) for c in made.contestants])
    for view in ("landscape", "landscape-slices"):
        with solo(view, "light", SIZE) as shown:
            assert " ".join(shown.texts(finished(quiet).at(5), Look())) == (
                "Every contestant is muted")


# ---- lines


def test_lines_between_networks_say_the_barrier():
    run = finished(three())
    with solo("landscape-slices", "light", SIZE) as shown:
        texts = " ".join(shown.texts(run.at(200), Look(chosen=1, slices="between")))
        for section in shown.view._source.lines[0]:
            assert section.contestant == 1
            assert f"barrier {number(section.train.barrier)}" in texts
        assert [section.other for section in shown.view._source.lines[0]] == [0, 2]


@pytest.mark.parametrize("plane", ["pca", "random", "hessian"])
def test_captions_of_small_panels_are_whole(plane):
    with solo("landscape-slices", "light", (300, 220)) as shown:
        texts = assert_readable(shown, finished(three()).at(200), Look(chosen=0, plane=plane))
    assert not any("…" in text for text in texts)
    for number_of in ("first", "second") if plane != "hessian" else ("largest", "second largest"):
        assert any(number_of in text for text in texts)


def test_a_narrow_and_high_view_says_the_barriers_in_lines_of_their_own():
    run = finished(three())
    with solo("landscape-slices", "light", (220, 700)) as shown:
        texts = assert_readable(shown, run.at(200), Look(chosen=1, slices="between"))
        for section in shown.view._source.lines[0]:
            assert f"barrier {number(section.train.barrier)}" in texts


def test_lines_are_painted_anew_only_when_they_are_others(monkeypatch):
    run = finished(three())
    with solo("landscape-slices", "light", SIZE) as shown:
        shown.draw(run.at(100), Look(chosen=0))
        painted = []
        monkeypatch.setattr(shown.view, "update", lambda: painted.append(None))
        for step in (101, 150, 300):
            shown.view.draw(run.at(step), Look(chosen=0))
        assert not painted
        shown.view.draw(run.at(300), Look(chosen=0, plane="random"))
        shown.view.draw(run.at(300), Look(chosen=0, plane="random", plane_scale=(0.0, 1.0)))
        assert len(painted) == 2


def test_lines_through_a_network_have_its_loss_in_the_middle():
    run = finished(three())
    with solo("landscape-slices", "light", SIZE) as shown:
        for plane in ("random", "hessian", "pca"):
            shown.draw(run.at(10), Look(chosen=0, plane=plane))
            for section in shown.view._source.lines[0]:
                state = run.snapshot().contestants[section.contestant]
                middle = len(section.train.at) // 2
                assert section.train.at[middle] == 0
                assert section.train.loss[middle] == pytest.approx(state.train.loss, rel=1e-9)
                assert section.test.loss[middle] == pytest.approx(state.test.loss, rel=1e-9)


# ---- while a race is computed


def test_heads_between_two_frames_are_where_the_networks_are_and_never_those_of_another_step():
    """Of a large network losses may be lacking, but no old state is shown for a new one."""
    survey, run = Survey(), finished(three())
    picture = survey.picture(run.snapshot())
    for step in (100, 131):
        snapshot = run.at(step)
        exact, quick = survey.heads(picture, snapshot), survey.heads(picture, snapshot, quick=True)
        for one, other in zip(exact, quick, strict=True):
            assert (one.point, one.distance) == (other.point, other.distance)
            assert np.isnan(other.true_loss)
            assert np.isnan(other.plane_loss) or other.plane_loss == pytest.approx(
                one.plane_loss, rel=0.05)


@pytest.mark.parametrize("budget", [0, 10**12])
def test_a_large_networks_own_loss_waits_for_nothing_and_is_of_the_step_that_is_shown(
        monkeypatch, budget):
    monkeypatch.setattr("app.views.landscape_own.MOST_IN_A_FRAME", budget)
    survey, run, own = Survey(), finished(three()), OwnLosses()
    picture = next(survey.pictures(run.snapshot(), coarsest=9))
    for step in (100, 131):
        snapshot = run.at(step)
        quick = survey.heads(picture, snapshot, quick=True)
        assert all(np.isnan(head.true_loss) for head in own.told(quick, picture, snapshot))
        own.follow(picture, snapshot)
        while own.busy:
            sleep(0.01)
        own.follow(picture, snapshot)
        assert [head.true_loss for head in own.told(quick, picture, snapshot)] == [
            head.true_loss for head in survey.heads(picture, snapshot)]


def test_too_short_a_way_is_no_reason_once_it_has_grown(qtbot):
    run, seen = Run(three(steps=300, precision="float32")), []
    with solo("landscape-slices", "light", SIZE) as shown:
        shown._host.show()

        def drawn():
            seen.append(" ".join(shown.texts(run.snapshot(), Look(chosen=0))))
            return seen[-1]

        qtbot.waitUntil(lambda: "on a line" in drawn(), timeout=20_000)
        run.advance(100)
        seen.clear()
        qtbot.waitUntil(lambda: "the plane's first axis" in drawn(), timeout=20_000)
        shown._host.hide()
    assert not any("on a line" in texts for texts in seen)


def test_the_key_says_what_the_shades_are_worth():
    run = finished(three())
    with solo("landscape", "light", (760, 520)) as shown:
        texts = shown.texts(run.at(100), Look(chosen=0))
        levels = shown.view._source.picture.levels
    for band in (0, levels.bands / 2, levels.bands):
        assert unpadded(number(levels.height(band), 2)) in texts


def test_a_watched_landscape_gets_finer_while_the_window_goes_on(qtbot):
    run = Run(three(steps=300, precision="float32"))
    run.advance(100)
    with solo("landscape", "light", SIZE) as shown:
        shown._host.show()
        shown.draw(run.at(100), Look(chosen=0))
        assert shown.view._source.busy or shown.view._source.picture is not None
        qtbot.waitUntil(lambda: shown.view._source.picture is not None
                        and shown.view._source.picture.complete, timeout=20_000)
        assert shown.view._source.picture.paths[0].steps[-1] <= 100
        run.finish()
        shown.draw(run.at(300), Look(chosen=0))
        qtbot.waitUntil(lambda: shown.view._source.picture.complete
                        and shown.view._source.picture.paths[0].steps[-1] == 300, timeout=20_000)
        watched = shown.draw(run.at(300), Look(chosen=0))
        shown._host.hide()
    with solo("landscape", "light", SIZE) as alone:
        assert np.array_equal(alone.draw(run.at(300), Look(chosen=0)), watched)


def beside(shown):
    """A relief and lines in the scene of the map that is shown."""
    made = views["landscape-3d"].make(), views["landscape-slices"].make()
    for view in made:
        view.setGeometry(QRectF(0, 0, 300, 300))
        shown._host.scene().addItem(view)
        view.restyle(shown.style)
    shown._host.show()
    return made


@pytest.mark.parametrize("change", ["problem", "plane", "contestants"])
def test_the_landscape_before_stays_until_there_is_the_next_one(qtbot, change):
    """As where a beat of a lesson changes the race, or looks at another plane of it."""
    first = three(precision="float32")
    other = {"problem": first.replaced(seed=7), "plane": first,
             "contestants": first.removed(0)}[change]
    look = Look(chosen=1, plane="random" if change == "plane" else "pca")
    runs = [finished(first), finished(other)]
    with solo("landscape", "light", SIZE) as shown:
        deep, lines = beside(shown)
        cards = (shown.view, deep, lines)

        def draw(run, look):
            for view in cards:
                view.draw(run.at(200), look)
            said = " ".join(text.text for text in svg_of(shown._render, SIZE).iter(f"{SVG}text"))
            return "being computed" not in said and len(lines._panels) == 2, said

        qtbot.waitUntil(lambda: draw(runs[0], Look(chosen=1))[0], timeout=20_000)
        before = shown.view._source.picture
        for _ in range(3):
            there, said = draw(runs[1], look)
            assert there, said
        qtbot.waitUntil(lambda: shown.view._source.picture not in (None, before),
                        timeout=20_000)
        draw(runs[1], look)
        assert shown.view.seen is shown.view.snapshot and deep.seen is deep.snapshot
        shown._host.hide()


def test_cards_of_one_scene_ask_one_question(qtbot):
    run = finished(three(precision="float32"))
    with solo("landscape", "light", SIZE) as shown:
        deep, lines = beside(shown)
        for view in (shown.view, deep, lines):
            view.draw(run.at(100), Look(chosen=0))
        assert shown.view._source is deep._source is lines._source
        qtbot.waitUntil(lambda: deep._source.picture is not None
                        and deep._source.picture.complete, timeout=20_000)
        qtbot.waitUntil(lambda: len(lines._panels) == 2, timeout=20_000)
        shown._host.hide()
    assert deep.relief is not None


@pytest.mark.parametrize("lines_first", [False, True])
def test_new_lines_are_painted_in_a_frame_in_which_the_map_is_not(qtbot, monkeypatch, lines_first):
    run = finished(three(precision="float32"))
    with solo("landscape", "light", SIZE) as shown:
        lines = views["landscape-slices"].make()
        lines.setGeometry(QRectF(0, 0, 300, 300))
        shown._host.scene().addItem(lines)
        lines.restyle(shown.style)
        shown._host.show()
        painted: list[object] = []
        order = [shown.view, lines]
        for view in order:
            monkeypatch.setattr(view, "update", lambda view=view: painted.append(view))
        source, frames = None, []
        for step in range(1, 300):
            before, snapshot = source.lines if source is not None else None, run.at(step)
            painted.clear()
            for view in reversed(order) if lines_first else order:
                view.draw(snapshot, Look(chosen=0))
            source = shown.view._source
            came = before is not None and source.lines is not before
            frames.append((came, shown.view in painted, lines in painted))
            if any(came for came, _, _ in frames[:-1]):
                break
            qtbot.wait(20)
        shown._host.hide()
    *past, new, after = frames
    assert all(map_painted for _, map_painted, _ in past)
    assert new == (True, False, True) and after[1]


def test_a_card_that_is_gone_ends_its_errand(qtbot):
    run = finished(three(precision="float32"))
    with solo("landscape", "light", SIZE) as shown:
        shown._host.show()
        shown.draw(run.at(100), Look(chosen=0, plane_size=257))
        shown._host.hide()
        source = shown.view._source
        qtbot.waitUntil(lambda: not source.busy, timeout=20_000)


# ---- files


def test_a_file_remembers_how_a_landscape_is_looked_at():
    from app.arrangement import usual
    from app.looks import look_at, picture_of

    look = Look(chosen=0, plane="steps", plane_rows="batch", plane_steps=(0, 5, 9),
                plane_biases=True, plane_penalty=True, plane_statistics="kept", plane_size=33,
                plane_zoom=((0.0, 1.0), (0.0, 2.0)), plane_scale=(0.0, 2.5), slices="between")
    made = three(steps=20)
    kept = made.replaced(picture=picture_of(made, look, usual((("landscape",),)), 3))
    again = Experiment.from_toml(kept.to_toml())
    assert replace(look_at(again, 0), loss_scale=look.loss_scale) == look




@pytest.fixture
def window(tmp_path):
    with window_at(tmp_path, (1280, 720)) as window:
        window.document.take(three(precision="float32").replaced(
            picture={"layout": [["landscape", "landscape-slices"]]}))
        window.session.wait()
        yield window


def test_choices_in_the_window_can_be_undone_and_are_in_its_file(window, qtbot):
    session, document = window.session, window.document
    run = session.run
    view = window.board._cards["landscape"].view
    qtbot.waitUntil(lambda: view._source.picture is not None, timeout=20_000)
    for kind, value in (("plane_zoom", ((-1.0, 1.0), (-1.0, 1.0))), ("plane", "random"),
                        ("plane_rows", "test"), ("slices", "between")):
        view.asked.emit(kind, value)
        assert getattr(session.look, kind) == value
    # Another plane has other places.
    assert session.look.plane_zoom is None
    assert document.unsaved and session.run is run
    qtbot.waitUntil(lambda: view._source.picture is not None
                    and view._source.picture.wanted.of == "test", timeout=20_000)
    seen = []
    while document.stack.canUndo():
        document.undo()
        seen.append((session.look.plane, session.look.plane_zoom, session.look.plane_rows,
                     session.look.slices))
    assert seen[-2:] == [("pca", ((-1.0, 1.0), (-1.0, 1.0)), "train", "axes"),
                         ("pca", None, "train", "axes")]
    assert not document.unsaved
    document.redo()
    assert session.look.plane_zoom == ((-1.0, 1.0), (-1.0, 1.0))


def test_turns_of_the_wheel_are_one_edit(window):
    document = window.document
    view = window.board._cards["landscape"].view
    for k in range(5):
        view.asked.emit("plane_zoom", ((-1.0 - k, 1.0), (-1.0, 1.0)))
    view.asked.emit("plane_rows", "test")
    document.undo()
    assert window.session.look.plane_zoom == ((-5.0, 1.0), (-1.0, 1.0))
    document.undo()
    assert window.session.look.plane_zoom is None


def test_a_drag_and_turns_of_the_wheel_are_taken_back_one_by_one(window, qtbot):
    """Whichever comes first; notches of one turn belong together."""
    def turn() -> None:
        for _ in range(3):
            event = mouse(at.x(), at.y())
            event.delta = lambda: 120
            view.wheelEvent(event)
            settle(window)

    def drag() -> None:
        for share in (0, 0.5, 1):
            event = mouse(at.x() + 30 * share, at.y())
            event.buttonDownPos = lambda: at
            event.isStart, event.isFinish = (lambda s=share: s == 0), (lambda s=share: s == 1)
            view.mouseDragEvent(event)
            settle(window)

    window.files.replace(three())
    window.document.edit("Show", window.document.experiment.replaced(
        picture={"layout": [["landscape"]]}))
    settle(window)
    view = window.board.view("landscape")
    qtbot.waitUntil(lambda: view._source.picture is not None, timeout=20_000)
    window.board_view.grab()
    at, zoom = view._map.body.center(), lambda: window.session.look.plane_zoom
    for first, second in ((drag, turn), (turn, drag)):
        before = zoom()
        first()
        between = zoom()
        second()
        assert len({before, between, zoom()}) == 3
        window.document.undo()
        assert zoom() == between
        window.document.undo()
        assert zoom() == before


@pytest.mark.parametrize(("size", "beside"), [
    ((900, 300), True), ((1400, 300), True), ((1000, 420), True), ((640, 440), False),
    ((300, 560), False), ((420, 260), False)])
def test_the_table_takes_the_room_that_the_map_leaves(size, beside):
    snapshot = finished(three()).at(200)
    with solo("landscape", "light", size) as shown:
        shown.draw(snapshot, Look(chosen=0))
        body = shown.view._map.body
        texts = [(text.text, text.rect) for text in written_in(shown._render, size)]
        # Numbers on the map are its key's, those at its left its axis's.
        table, rows = QRectF(), 0
        for word, rect in texts:
            rows += word in ("SGD", "Momentum", "Adam") and not body.intersects(rect)
            if word in ("SGD", "Momentum", "Adam", "off by", "off the plane by") or (
                    word.startswith("0.") and not body.intersects(rect) and rect.left() > 60):
                table = table.united(rect) if not body.intersects(rect) else table
        assert rows == 3
        assert QRectF(-1, -1, size[0] + 2, size[1] + 2).contains(table)
        assert not table.intersects(body)
        if beside:
            # It stands at the map's height, which fills the card from top to bottom.
            assert body.right() < table.left() < body.right() + 60
            assert body.top() < table.center().y() < body.bottom()
            assert body.height() > 0.7 * size[1]
            # What is still left is as much on one side as on the other.
            assert abs(body.left() - 60 - (size[0] - table.right())) < 40
        else:
            assert body.bottom() < table.top() < body.bottom() + 60
