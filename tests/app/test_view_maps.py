"""Maps of starts and settings on screen: the numbers of the engine, and what the mouse does."""

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF
from reading import assert_readable
from reading import mouse as event_at
from scenes import rgb, snapshot_of, solo
from window_rig import settle

from app.theme import THEMES
from app.view_head import fitting
from app.views import Look
from app.views.basin_question import HUES
from app.views.basin_shades import hue, ramp_of
from app.views.hyper_axis import between, moved, ticks
from app.views.outcomes import unlike
from app.views.refined import Refined
from app.views.settings_theory import place
from app.views.value_scale import steps_scale
from engine import Experiment, Run
from engine.maps import DIVERGED, NOWHERE, basins, quadratic, settings, whole
from engine.maps.settings import axis_of
from engine.optimizers import optimizers
from engine.surfaces import surfaces


def pits(steps=200, surface="two-pits", contestants=None, **problem):
    contestants = contestants or [
        {"optimizer": {"name": "sgd", "lr": 0.05}},
        {"optimizer": {"name": "momentum", "lr": 0.05}},
    ]
    return Experiment(steps=steps, contestants=contestants,
                      problem={"kind": "surface", "surface": surface, **problem})


def listened(view):
    asked = []
    view.asked.connect(lambda *wish: asked.append(wish))
    return asked


def mouse(x, y, keys=Qt.KeyboardModifier.NoModifier):
    """A click with the left button."""
    event = event_at(x, y)
    event.button, event.modifiers = (lambda: Qt.MouseButton.LeftButton), (lambda: keys)
    return event


def point(shown, panel, x, y) -> QPointF:
    """Where a point of the plane is on a map."""
    return shown.view._painter.pixel(np.array([x, y]), panel.body)


pytestmark = pytest.mark.usefixtures("qapp")


# ---- where starts end


def test_every_colour_is_that_of_the_minimum_that_the_start_reaches():
    experiment = pits()
    snapshot = snapshot_of(experiment, 0)
    with solo("basin-map", "light", (900, 460)) as shown:
        drawn = shown.draw(snapshot, Look())
        theme = THEMES["light"]
        maps, panels = shown.view._shown, shown.view._layout.panels
        assert [panel.appearance.name for panel in panels] == ["SGD", "Momentum"]
        hues = [ramp_of(theme, k) for k in range(2)]
        checked = 0
        for panel, picture in zip(panels, maps.pictures, strict=True):
            for row, column in np.ndindex(picture.reached.shape):
                if row % 23 or column % 17 or picture.reached[row, column] < 0:
                    continue
                at = point(shown, panel, picture.x[column], picture.y[row]).toPoint()
                color = drawn[at.y(), at.x()]
                # Where no trail, mark or number lies over it, it is one of its minimum's shades.
                distance = [np.abs(shades - color).sum(axis=1).min() for shades in hues]
                if min(distance) <= 3:
                    assert np.argmin(distance) == picture.reached[row, column]
                    checked += 1
        assert checked > 100


def test_lightness_is_the_number_of_steps():
    theme = THEMES["light"]
    shades = ramp_of(theme, 0)
    lightness = shades @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) >= 0).all() and lightness[-1] > lightness[0] + 80
    dark = ramp_of(THEMES["dark"], 0) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(dark) <= 0).all()


def test_what_does_not_arrive_and_what_diverges_have_grounds_of_their_own():
    wild = pits(surface="himmelblau", steps=60, contestants=[
        {"optimizer": {"name": "sgd", "lr": 0.03}}])
    with solo("basin-map", "dark", (620, 420)) as shown:
        drawn = shown.draw(snapshot_of(wild, 0), Look())
        theme, view = THEMES["dark"], shown.view
        picture = view._shown.pictures[0]
        assert {NOWHERE, DIVERGED} <= set(np.unique(picture.reached))
        colors = {tuple(color) for color in drawn.reshape(-1, 3)}
        for outcome in (NOWHERE, DIVERGED):
            assert tuple(rgb(unlike(theme, outcome))) in colors
        words = shown.texts(snapshot_of(wild, 0), Look())
        assert "diverges" in words and "not converged after 60 steps" in words


def test_the_legend_says_which_minima_there_are_and_in_how_many_steps():
    with solo("basin-map", "light", (900, 460)) as shown:
        words = shown.texts(snapshot_of(pits(), 0), Look())
        assert "minimum (−2, −1)" in words and "(2, 1)" in words
        assert any(word.endswith(" steps") for word in words)
    with solo("basin-map", "light", (300, 300)) as shown:
        assert "2 minima" in shown.texts(snapshot_of(pits(), 0), Look())


def test_how_many_arrive_hangs_on_the_method_and_not_on_the_cards_shape():
    rolling = pits(300, "himmelblau", [{"optimizer": {"name": "momentum", "lr": 0.01}}])
    look = Look(zoom=((-6.0, 6.0), (-6.0, 6.0)))
    own = whole(basins(rolling, size=(200, 200), box=look.zoom))
    share, found = 100 * float((own.reached >= 0).mean()), []
    for size in ((640, 480), (1400, 320), (400, 700)):
        with solo("basin-map", "light", size) as shown:
            (said,) = (word for word in shown.texts(snapshot_of(rolling, 0), look)
                       if "arrive" in word)
            seen = 100 * float((shown.view._shown.pictures[0].reached >= 0).mean())
            found.append((float(said.split()[0]), seen))
    # All around them is seen, too, and far out nearly all diverge.
    assert [said for said, _ in found] == pytest.approx([share] * 3, abs=0.8)
    assert share - found[1][1] > 20


def test_what_is_under_the_mouse_is_said():
    experiment = pits()
    with solo("basin-map", "light", (900, 460)) as shown:
        shown.draw(snapshot_of(experiment, 0), Look())
        view = shown.view
        view._hover = point(shown, view._layout.panels[1], 3.5, 2.6)
        said = view.note()
        row, column = view._cell(view._hover)
        picture = view._shown.pictures[1]
        start = float(picture.x[column]), float(picture.y[row])
        trail = Run(experiment.with_problem(start=start)).finish().snapshot().trails[1]
        # Momentum rolls over the pass into the deep pit.
        assert said.startswith("minimum (−2, −1) · from step ")
        away = np.hypot(*(trail.path - [-2, -1]).T) <= picture.radius
        since = len(away) - int(np.argmin(away[::-1]))
        assert f"from step {since} on · start (3.5" in said


def test_a_click_adds_a_contestant_with_that_very_run_and_with_shift_it_moves_the_start():
    snapshot = snapshot_of(pits(), 0)
    with solo("basin-map", "light", (900, 460)) as shown:
        shown.draw(snapshot, Look())
        asked, view = listened(shown.view), shown.view
        at = point(shown, view._layout.panels[0], -1.3, 0.7)
        view.mouseClickEvent(mouse(at.x(), at.y()))
        row, column = view._cell(at)
        picture = view._shown.pictures[0]
        start = float(picture.x[column]), float(picture.y[row])
        assert asked == [("from", (0, start))]
        assert np.hypot(start[0] + 1.3, start[1] - 0.7) < 0.05
        view.mouseClickEvent(mouse(at.x(), at.y(), Qt.KeyboardModifier.ShiftModifier))
        assert asked[1:] == [("start", start), ("release", None)]
        other = point(shown, view._layout.panels[1], -1.3, 0.7)
        view.mouseClickEvent(mouse(other.x(), other.y()))
        assert asked[3][0] == "from" and asked[3][1][0] == 1
        head = view._layout.panels[1].head.center()
        view.mouseClickEvent(mouse(head.x(), head.y()))
        assert asked[4:] == [("choose", 1)]


def test_maps_do_not_hang_on_where_this_race_starts():
    with solo("basin-map", "light", (400, 300)) as shown:
        shown.draw(snapshot_of(pits(), 0), Look())
        before = shown.view._shown
        shown.draw(snapshot_of(pits(start=(0.0, 0.0)), 0), Look())
        assert shown.view._shown is before
        shown.draw(snapshot_of(pits(steps=150), 0), Look())
        assert shown.view._shown is not before


def test_one_map_or_all_of_them():
    snapshot = snapshot_of(pits(), 0)
    with solo("basin-map", "light", (900, 460)) as shown:
        shown.draw(snapshot, Look(chosen=1, basins="chosen"))
        assert [panel.appearance.index for panel in shown.view._layout.panels] == [1]
        asked = listened(shown.view)
        segment = shown.view._layout.segments[0]
        shown.view.mouseClickEvent(mouse(segment.rect.center().x(), segment.rect.center().y()))
        assert asked == [("basins", "apart")]
        # Too small for two: the highlighted one.
        shown.draw(snapshot, Look())
        assert len(shown.view._layout.panels) == 2
    with solo("basin-map", "light", (170, 200)) as shown:
        shown.draw(snapshot, Look(highlight="Momentum"))
        assert [panel.appearance.name for panel in shown.view._layout.panels] == ["Momentum"]
        # And that there is another one is said.
        assert any("1 of 2" in word for word in shown.texts(snapshot, Look()))


def test_a_low_wide_card_has_all_maps_beside_each_other():
    with solo("basin-map", "light", (900, 150)) as shown:
        shown.draw(snapshot_of(pits(), 0), Look())
        assert [panel.appearance.name for panel in shown.view._layout.panels] == [
            "SGD", "Momentum"]
        bodies = [panel.body for panel in shown.view._layout.panels]
        # Alone, one would be no higher.
        shown.draw(snapshot_of(pits(), 0), Look(basins="chosen"))
        (alone,) = shown.view._layout.panels
        assert alone.body.height() == bodies[0].height() == bodies[1].height()


def test_the_legend_leaves_out_what_nobody_sees():
    hot = pits(300, "himmelblau", [{"optimizer": {"name": "sgd", "lr": 0.021}}])
    with solo("basin-map", "light", (900, 460)) as shown:
        words = shown.texts(snapshot_of(hot, 0), Look())
        maps = shown.view._shown
        counts = [int((maps.pictures[0].reached == place).sum()) for place in range(4)]
        named = [word for word in words if word.lstrip("minu ").startswith("(")]
        # At such a rate the two sharper minima hold nobody but by chance.
        seen = [count for count in counts if count > 1e-3 * maps.pictures[0].reached.size]
        assert len(named) == len(seen) == 2


def test_zooming_computes_the_part_that_is_shown():
    snapshot = snapshot_of(pits(), 0)
    with solo("basin-map", "light", (500, 400)) as shown:
        shown.draw(snapshot, Look(zoom=((0.0, 1.0), (0.0, 0.5)), basins="chosen"))
        picture = shown.view._shown.pictures[0]
        assert picture.x[0] >= -0.3 and picture.x[-1] <= 1.3 and len(picture.x) > 100
        assert "click here for all of it" in shown.view.note()
        asked = listened(shown.view)
        shown.view.note_clicked()
        assert asked == [("zoom", None)]


def test_a_live_map_is_rough_at_first_and_finer_by_and_by():
    snapshot = snapshot_of(pits(), 0)
    with solo("basin-map", "light", (420, 320)) as shown:
        view = shown.view
        view.whole = False
        shown.draw(snapshot, Look())
        assert view._shown is None and view.unfinished
        strides = []
        while view.unfinished:
            view.refine(lambda: False)
            shown.draw(snapshot, Look())
            strides.append(view._shown.pictures[0].stride)
        assert strides[0] > 1 and strides[-1] == 1
        assert strides == sorted(strides, reverse=True)
        rough = shown.draw(snapshot, Look())
    with solo("basin-map", "light", (420, 320)) as other:
        # As films show it: whole at once, and the same to the last pixel.
        np.testing.assert_array_equal(other.draw(snapshot, Look()), rough)


def test_a_card_that_slides_to_another_size_asks_for_few_maps():
    snapshot, asked = snapshot_of(pits(), 0), set()
    with solo("basin-map", "light", (900, 400)) as shown:
        for width in range(500, 900, 10):
            shown.view.whole = False
            shown.view.setGeometry(0, 0, width, 400)
            shown.draw(snapshot, Look(basins="chosen", chosen=0))
            question = shown.view._maps[0].asked
            asked.add((question.box, question.size))
            # All that is seen is among what is computed.
            (left, right), (bottom, top) = question.box
            x0, x1, y0, y1 = shown.view._extent
            assert left <= x0 + 1e-9 and x1 <= right + 1e-9
            assert bottom <= y0 + 1e-9 and y1 <= top + 1e-9
    assert len({box for box, _ in asked}) <= 5


@pytest.mark.parametrize("size", [(1000, 520), (520, 300), (300, 260), (180, 200)])
def test_words_lie_over_no_others(size):
    snapshot = snapshot_of(pits(), 0)
    for view in ("basin-map", "settings-map"):
        with solo(view, "light", size) as shown:
            assert_readable(shown, snapshot, Look())
            assert_readable(shown, snapshot, Look(settings_value="steps"))


def test_whose_map_it_is_hangs_on_the_method_alone():
    momentum = {"optimizer": {"name": "momentum", "lr": 0.05}}
    several = pits(contestants=[
        momentum, momentum | {"name": "Elsewhere", "start": [0.0, 0.0], "color": 4},
        {"name": "Slower", "optimizer": {"name": "momentum", "lr": 0.04}}])
    with solo("basin-map", "light", (900, 460)) as shown:
        shown.draw(snapshot_of(several, 60), Look())
        view = shown.view
        assert [[member.name for member in method.members] for method in view._layout.methods] == [
            ["Momentum", "Elsewhere"], ["Slower"]]
        starts = view._painter.starts(view._layout.methods[0])
        assert [start.index for start in starts] == [None, 1]
        shown.draw(snapshot_of(several, 60), Look(chosen=1))
        assert [panel.appearance.name for panel in view._layout.panels] == ["Elsewhere", "Slower"]
        asked = listened(view)
        at = point(shown, view._layout.panels[0], 0.0, 0.0)
        view.mouseClickEvent(mouse(at.x(), at.y()))
        assert asked == [("choose", 1)]


def test_neighbouring_minima_have_other_hues_however_many_there_are():
    dips = pits(surface="rastrigin", steps=60, contestants=[
        {"optimizer": {"name": "sgd", "lr": 0.002}}])
    with solo("basin-map", "light", (620, 520)) as shown:
        shown.draw(snapshot_of(dips, 0), Look())
        maps = shown.view._shown
        picture = maps.pictures[0]
        assert len(picture.minima) > 100
        for one, other in ((picture.reached[:, 1:], picture.reached[:, :-1]),
                           (picture.reached[1:], picture.reached[:-1]),
                           (picture.reached[1:, 1:], picture.reached[:-1, :-1]),
                           (picture.reached[1:, :-1], picture.reached[:-1, 1:])):
            border = (one != other) & (one >= 0) & (other >= 0)
            assert border.sum() > 1000
            assert (maps.hues[one[border]] != maps.hues[other[border]]).all()
        assert any("hues repeat" in word for word in shown.texts(snapshot_of(dips, 0), Look()))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(620, 420), (260, 220), (170, 180)])
def test_the_legend_has_all_that_is_on_the_map_in_the_smallest_card_too(size, theme):
    wild = pits(surface="himmelblau", steps=60, contestants=[
        {"optimizer": {"name": "sgd", "lr": 0.03}}])
    with solo("basin-map", theme, size) as shown:
        words = assert_readable(shown, snapshot_of(wild, 0), Look())
        reached = np.unique(shown.view._shown.pictures[0].reached)
        assert {NOWHERE, DIVERGED} <= set(reached)
        assert "diverges" in words
        assert "not converged" in words or "not converged after 60 steps" in words


def test_a_question_that_is_asked_again_is_answered_at_once():
    made = []

    def pictures(question, stop):
        for level in range(3):
            made.append((question, level))
            yield question, level

    refined = Refined(pictures)
    other = Refined(pictures, refined)
    for question in "abab":
        assert refined.of(question, whole=True) == (question, 2)
    assert len(made) == 6
    # Two that look at one thing know what either of them has found out.
    assert other.of("b", whole=False) == ("b", 2) and not other.unfinished
    other.of("c", whole=False)
    other.rest()
    assert not other.unfinished
    other.refine(lambda: False)
    assert len(made) == 6


def test_answers_to_older_questions_are_dropped_but_for_their_first_picture():
    def pictures(question, stop):
        for level in range(3):
            if stop():
                return
            yield question, level

    refined = Refined(pictures)
    assert refined.of("a", whole=False) is None and refined.unfinished
    refined.refine(lambda: False)
    assert refined.of("a", whole=False) == ("a", 0)
    refined.refine(lambda: False)
    assert refined.of("b", whole=False) == ("a", 1), "until there is one of b's own"
    refined.refine(lambda: False)
    assert refined.of("b", whole=False) == ("b", 0)
    assert refined.of("c", whole=True) == ("c", 2) and not refined.unfinished
    # Called off while it is being made, a picture is begun anew.
    refined.of("d", whole=False)
    refined.refine(lambda: True)
    assert refined.unfinished and refined.of("d", whole=True) == ("d", 2)


# ---- settings


def ravine(*more, steps=120):
    return Experiment(steps=steps, problem={"kind": "surface", "surface": "ravine"}, contestants=[
        {"optimizer": {"name": "momentum", "lr": 0.004}}, *more])


def test_a_map_of_settings_has_the_engines_numbers():
    snapshot = snapshot_of(ravine(), 0)
    with solo("settings-map", "light", (500, 360)) as shown:
        shown.draw(snapshot, Look())
        picture = shown.view._shown.picture
        own = whole(settings(snapshot.experiment, size=(len(picture.x), len(picture.y))))
        np.testing.assert_array_equal(own.loss, picture.loss)
        view = shown.view
        view._hover = QPointF(view._body.left() + 300, view._body.top() + 250)
        row, column = view._cell(view._hover)
        assert f"lr {picture.x[column]:.4g}" in view.note() or "×10" in view.note()
        assert ("converged at step" in view.note()) == (picture.steps[row, column] >= 0)
        assert view.title() == "Settings of Momentum"


def test_theory_is_drawn_where_it_belongs():
    found = quadratic(surfaces["ravine"])
    with solo("settings-map", "light", (640, 440)) as shown:
        words = "".join(shown.texts(snapshot_of(ravine(), 0), Look()))
        assert "theory's best in the long run: error × 0.818 a step" in words
        assert "2 (1 + μ)/λmax" in words
        drawn = shown.draw(snapshot_of(ravine(), 0), Look())
        view = shown.view
        x, y = view._axes
        # The border's ink lies on lr = 2 (1 + β)/λmax.
        for beta in (0.2, 0.99, 0.999):
            column = view._body.left() + x.position(2 * (1 + beta) / found.largest) * (
                view._body.width())
            line = view._body.bottom() - y.position(beta) * view._body.height()
            ink = drawn[round(line), round(column) - 2 : round(column) + 3].sum(axis=1).min()
            assert ink < 3 * 90
    with solo("settings-map", "light", (640, 440)) as shown:
        others = ravine().with_problem(surface="beale")
        assert not any("theory" in word for word in shown.texts(snapshot_of(others, 0), Look()))


def test_a_click_adds_a_contestant_with_the_settings_and_a_marker_is_chosen():
    polyak = {"name": "Polyak's", "optimizer": {"name": "momentum", "lr": 0.033, "momentum": 0.67}}
    adam = {"optimizer": {"name": "adam", "lr": 0.1}}
    snapshot = snapshot_of(ravine(polyak, adam), 0)
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot, Look(chosen=0))
        view, asked = shown.view, listened(shown.view)
        marks = view._marks
        assert [mark.appearance.name for mark in marks] == ["Momentum", "Polyak's"]
        at = QPointF(view._body.left() + 200.5, view._body.top() + 100.5)
        view.mouseClickEvent(mouse(at.x(), at.y()))
        row, column = view._cell(at)
        picture = view._shown.picture
        values = {"lr": float(picture.x[column]), "momentum": float(picture.y[row])}
        assert asked == [("settings", (0, values))]
        view.mouseClickEvent(mouse(marks[1].at.x(), marks[1].at.y()))
        assert asked[1:] == [("choose", 1)]


def test_only_those_are_marked_whose_run_the_map_has():
    one = {"optimizer": {"name": "momentum", "lr": 0.01, "momentum": 0.5}}
    experiment = ravine(
        one | {"name": "on it"}, one | {"name": "elsewhere", "start": [0.5, 0.5]},
        one | {"name": "clipped", "clip": {"by": "norm", "limit": 1.0}},
        one | {"name": "scheduled", "schedule": {"name": "cosine", "horizon": 120}},
        {"name": "decayed", "optimizer": {"name": "momentum", "lr": 0.01, "weight_decay": 0.1}})
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot_of(experiment, 0), Look(chosen=0))
        assert [mark.appearance.name for mark in shown.view._marks] == ["Momentum", "on it"]
        # Of a chosen one that is marked, the map is the same.
        before = shown.view._shown
        shown.draw(snapshot_of(experiment, 0), Look(chosen=1))
        assert shown.view._shown is before and shown.view.title() == "Settings of on it"
        shown.draw(snapshot_of(experiment, 0), Look(chosen=3))
        assert [mark.appearance.name for mark in shown.view._marks] == ["clipped"]


def test_networks_of_other_layers_or_inits_are_not_marked():
    layers = [{"kind": "dense", "width": 3}, {"kind": "tanh"}]
    one = {"layers": layers, "optimizer": {"name": "momentum", "lr": 0.01}}
    nets = Experiment(steps=20, problem={"kind": "network", "dataset": "moons"}, contestants=[
        one, one | {"name": "faster", "optimizer": {"name": "momentum", "lr": 0.1}},
        one | {"name": "other init", "init": "he-normal"},
        one | {"name": "other layers", "layers": layers * 2},
        one | {"name": "penalised", "l2": 0.1}])
    with solo("settings-map", "light", (300, 240)) as shown:
        shown.view.whole = False
        shown.draw(Run(nets).snapshot(), Look(chosen=0))
        assert [mark.appearance.name for mark in shown.view._marks] == ["Momentum", "faster"]


def test_a_few_lucky_runs_do_not_stretch_the_scale_and_the_key_tells_of_them():
    steps = np.concatenate([np.full(8, 7), np.linspace(200, 400, 992).astype(int)])
    scale = steps_scale(steps)
    assert scale.best >= 200 and scale.below and scale.above
    assert scale.ends == (f"≤ {scale.best:.0f}", f"≥ {scale.worst:.0f}")
    shares = scale.share(steps)
    assert shares.min() == 0 and 0.45 < np.median(shares) < 0.65
    even = steps_scale(np.array([5, 5, 5]))
    assert even.ends == ("5", "5") and even.share(np.array([5])) == 0
    beale = Experiment(steps=400, problem={"kind": "surface", "surface": "beale"}, contestants=[
        {"optimizer": {"name": "momentum", "lr": 0.004}}])
    with solo("settings-map", "light", (640, 440)) as shown:
        words = shown.texts(snapshot_of(beale, 0), Look(
            settings_value="steps", settings_zoom=((0.001, 0.02), (0.5, 0.95))))
        assert any(word.startswith("≤ ") for word in words)
        assert any(word.startswith("≥ ") for word in words)


def test_one_word_and_one_ground_for_what_diverges_and_another_for_what_is_only_higher():
    experiment = ravine()
    with solo("settings-map", "light", (640, 440)) as shown:
        snapshot = snapshot_of(experiment, 0)
        words = shown.texts(snapshot, Look())
        assert "diverges" in words and "not lower" in words
        view = shown.view
        picture = view._shown.picture
        own = np.argwhere(picture.diverged), np.argwhere(picture.risen)
        for (row, column), said in zip((places[len(places) // 2] for places in own),
                                       ("diverges at step", "loss"), strict=True):
            view._hover = QPointF(
                view._body.left() + (column + 0.5) / len(picture.x) * view._body.width(),
                view._body.bottom() - (row + 0.5) / len(picture.y) * view._body.height())
            assert said in view.note()
            values = {"lr": float(picture.x[column]), "momentum": float(picture.y[row])}
            one = experiment.contestants[0]
            trail = Run(experiment.with_contestant(
                0, optimizer=one.optimizer.replaced(**values))).finish().snapshot().trails[0]
            assert (trail.diverged is not None) == (said != "loss")


def test_theorys_best_says_that_it_holds_in_the_long_run():
    found = quadratic(surfaces["ravine"])
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot_of(ravine(), 0), Look())
        view = shown.view
        at = place(view._body, view._axes, {
            "lr": found.momentum_lr, "momentum": found.momentum_beta})
        view._hover = at
        assert view.note() == "best in the long run · in 120 steps others can get further"
        # And so it is: the lowest loss after so many steps is elsewhere.
        picture = view._shown.picture
        best = np.unravel_index(np.where(picture.diverged, np.inf, picture.loss).argmin(),
                                picture.loss.shape)
        assert best != view._cell(at)
        view._hover = at + QPointF(30, 0)
        assert "long run" not in view.note()


@pytest.mark.parametrize("value, key", [("loss", "low–high"), ("steps", "few–many")])
def test_a_small_card_says_what_its_shades_mean(value, key):
    snapshot, look = snapshot_of(ravine(), 0), Look(settings_value=value)
    with solo("settings-map", "light", (250, 200)) as shown:
        assert {"diverges", key} <= set(shown.texts(snapshot, look))
    with solo("settings-map", "light", (640, 440)) as shown:
        assert key not in shown.texts(snapshot, look)


def test_a_narrow_head_keeps_what_the_map_says_and_leaves_out_where():
    with solo("settings-map", "light", (300, 220)) as shown:
        for value, said in (("loss", "loss "), ("steps", "converged at step ")):
            shown.draw(snapshot_of(ravine(), 0), Look(settings_value=value))
            view = shown.view
            picture = view._shown.picture
            row, column = np.argwhere(picture.steps >= 0)[0]
            view._hover = QPointF(
                view._body.left() + (column + 0.5) / len(picture.x) * view._body.width(),
                view._body.bottom() - (row + 0.5) / len(picture.y) * view._body.height())
            first, second, where = view.note().split(" · ")
            assert first.startswith(said) and where.startswith("lr ")
            metrics = QFontMetricsF(shown.style.font(14))
            assert fitting(view.note(), metrics, metrics.horizontalAdvance(first)) == first


def test_hyperparameters_and_values_are_chosen_on_the_card():
    snapshot = snapshot_of(ravine(), 0)
    with solo("settings-map", "light", (640, 440)) as shown:
        shown.draw(snapshot, Look())
        view, asked = shown.view, listened(shown.view)
        for segment in view._layout.segments:
            view.mouseClickEvent(mouse(segment.rect.center().x(), segment.rect.center().y()))
        assert asked == [
            ("settings_y", "weight_decay"), ("settings_x", "weight_decay"),
            ("settings_value", "loss"), ("settings_value", "steps")]
        shown.draw(snapshot, Look(settings_x="momentum", settings_y="lr"))
        assert [axis.name for axis in view._axes] == ["momentum", "lr"]
        # One that the optimizer lacks is not shown, whatever a file says.
        shown.draw(snapshot, Look(settings_x="beta1"))
        assert [axis.name for axis in view._axes] == ["lr", "momentum"]
        shown.draw(snapshot, Look(settings_x="momentum"))
        assert [axis.name for axis in view._axes] == ["momentum", "lr"]
        shown.draw(snapshot, Look(settings_zoom=((1e-3, 1e-2), (0.5, 1.5))))
        assert view._axes[0].span == (1e-5, 10.0)


def test_a_network_that_takes_too_long_is_not_mapped():
    layers = [{"kind": "dense", "width": 400}, {"kind": "tanh"}] * 3
    large = Experiment(steps=100_000, problem={"kind": "network", "dataset": "moons"},
                       contestants=[{"layers": layers, "optimizer": "momentum"}])
    with solo("settings-map", "light", (640, 440)) as shown:
        words = " ".join(shown.texts(Run(large).snapshot(), Look()))
        assert "takes too long" in words and shown.view._shown is None


def test_a_small_network_is_mapped_by_trainings():
    layers = [{"kind": "dense", "width": 3}, {"kind": "tanh"}]
    small = Experiment(steps=20, problem={"kind": "network", "dataset": "moons"},
                       contestants=[{"layers": layers, "optimizer": "momentum"}])
    with solo("settings-map", "light", (240, 200)) as shown:
        shown.view.whole = False
        snapshot = Run(small).snapshot()
        shown.draw(snapshot, Look())
        shown.view.refine(lambda: False)
        shown.draw(snapshot, Look())
        assert shown.view._shown.picture.stride > 1
        assert np.isfinite(shown.view._shown.picture.loss).all()


# ---- axes


def test_ticks_are_round_and_far_enough_apart():
    for name, key, ends in (("momentum", "lr", None), ("momentum", "lr", (0.031, 0.034)),
                            ("momentum", "momentum", None), ("momentum", "momentum", (0.6, 0.7)),
                            ("qhm", "nu", None), ("adam", "weight_decay", None)):
        axis = axis_of(optimizers[name], key, ends)
        found = ticks(axis, 400.0, 40.0)
        assert len(found) >= 2
        places = [axis.position(value) * 400 for value in found]
        assert min(np.diff(places)) >= 40
        assert all(len(f"{value:.6g}") <= 8 for value in found)


def test_a_zoomed_axis_stays_within_what_the_slider_spans():
    lr = axis_of(optimizers["momentum"], "lr")
    ends = moved(lr, lr, 0.25, 0.75)
    assert ends == pytest.approx((10**-3.5, 10**-0.5))
    assert moved(between(lr, ends), lr, -9.0, 9.0) == (1e-5, 10.0)
    low, high = moved(between(lr, ends), lr, -1.5, -0.5)
    assert low == pytest.approx(1e-5) and high == pytest.approx(1e-2)


def test_hues_are_those_of_data_and_no_contestants():
    for theme in THEMES.values():
        colors = {hue(theme, k).name() for k in range(HUES)}
        assert len(colors) == HUES == 10
        assert not colors & {QColor(color).name() for color in theme.contestants}


def test_basins_of_a_map_are_those_of_the_engine():
    snapshot = snapshot_of(pits(), 0)
    with solo("basin-map", "light", (300, 260)) as shown:
        shown.draw(snapshot, Look(basins="chosen", chosen=1))
        maps = shown.view._shown
        own = whole(basins(snapshot.experiment, 1, size=maps.question.size, box=maps.question.box))
        np.testing.assert_array_equal(own.reached, maps.pictures[0].reached)
        np.testing.assert_array_equal(own.steps, maps.pictures[0].steps)


# ---- in the window


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
