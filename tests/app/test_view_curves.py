"""Curves of networks: the engine's numbers at their places, past and future, flags, odd networks.

Golden pictures are drawn anew by `python -m tests.app.curve_scenes`.
"""

import numpy as np
import pytest
from curve_scenes import (
    CONTESTANTS,
    PLAIN,
    SIZE,
    STEP,
    dense,
    experiment,
    measured,
    usual_run,
)
from PyQt6.QtCore import QPointF
from reading import listened, mouse_at
from scenes import pixels, rgb, solo

from app.numbers import number
from app.theme import THEMES
from app.views import Look
from app.views.curve_layers import Curve, CurveLayers
from app.views.curve_range import limits
from app.views.curve_tracks import QUANTITIES
from app.views.timeline_axes import rounded_between, rounded_outwards
from app.views.view import Appearance
from engine import Run
from engine.polyline import envelope
from engine.smoothing import smoothed

BOTH = pytest.mark.parametrize("theme", list(THEMES))
EVERY = pytest.mark.parametrize("curve", list(QUANTITIES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def alone(**changes):
    """The first contestant without the others."""
    return experiment([{**CONTESTANTS[0], **changes}])


def written(shown, snapshot, look):
    return " | ".join(shown.texts(snapshot, look))


def on_view(view, points):
    """Where points of the plot's data are in the picture of the whole view, (n, 2)."""
    return view.to_pixels(points) + np.array([view.canvas.x(), view.canvas.y()])


def nearest(drawn, at, colour, reach=1):
    """How far the most alike pixel around a point is from a colour, in levels."""
    x, y = np.round(at).astype(int)
    around = drawn[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
    return float(np.abs(around.reshape(-1, 3) - colour).max(1).min())


# ---- numbers at their places


@BOTH
@pytest.mark.parametrize(("curve", "column", "scale"), [
    ("loss", "train_loss", "log"), ("loss", "train_loss", "linear"),
    ("accuracy", "train_accuracy", "percent"), ("gradient", "gradient_norm", "log"),
    ("weights", "weight_norm", "linear"), ("update", "update_ratio", "log"),
])
def test_a_line_is_where_the_engine_says_in_its_colour(theme, curve, column, scale):
    snapshot = usual_run().at(400)
    look = Look(curve=curve, loss_scale="linear" if scale == "linear" else "log")
    with solo("curves", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, look)
        for appearance in shown.view.in_order():
            found = snapshot.trails[appearance.index].evaluations
            values = getattr(found, column)
            heights = np.log10(values) if scale == "log" else values
            if QUANTITIES[curve].smooth:
                heights = smoothed(found.steps, heights, 0.012 * 400)
            at = on_view(shown.view, np.stack([found.steps, heights], axis=1))
            colour = rgb(appearance.color)
            off = [nearest(drawn, at[k], colour) for k in range(10, len(at) - 10, 7)]
            # Lines lie over one another here and there.
            assert np.median(off) <= 30, appearance.name


def test_the_test_line_is_dashed():
    snapshot = measured(alone()).at(400)
    with solo("curves", "light", SIZE) as shown:
        drawn = shown.draw(snapshot, Look(curve="accuracy"))
        colour = rgb(shown.style.contestant(0))
        inked = {}
        for track, line in shown.view._lines:
            offset = np.array([shown.view.canvas.x(), shown.view.canvas.y()])
            xs = np.arange(line.points[5, 0], line.points[-1, 0] - 5)
            ys = np.interp(xs, line.points[:, 0], line.points[:, 1])
            hits = [nearest(drawn, at, colour) < 40 for at in np.stack([xs, ys], 1) + offset]
            inked[track.part] = np.mean(hits)
    assert inked["train"] > 0.95
    assert 0.35 < inked["test"] < 0.9


def test_the_learning_rate_is_the_engines_in_the_future_too():
    run = Run(experiment())
    run.advance(100)
    with solo("curves", "light", SIZE) as shown:
        drawn = shown.draw(run.at(100), Look(curve="rate"))
        whole = usual_run()
        for step in (20, 60, 300):
            for state in whole.at(step).contestants:
                (at,) = on_view(shown.view, np.array([[step, state.lr]]))
                ink, ground = rgb(shown.style.contestant(state.index)), rgb(THEMES["light"].card)
                colour = ink if step < 100 else ground + 0.3 * (ink - ground)
                assert nearest(drawn, at, colour) <= 30, (state.name, step)


@BOTH
def test_the_past_is_full_and_the_future_faint(theme):
    snapshot = measured(alone()).at(STEP)
    with solo("curves", theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look(curve="weights"))
        colour = rgb(shown.style.contestant(0))
        found = snapshot.trails[0].evaluations
        at = on_view(shown.view, np.stack([found.steps, found.weight_norm], axis=1))
    past = [nearest(drawn, p, colour) for p, step in zip(at, found.steps, strict=True)
            if 10 < step < STEP - 15]
    future = [nearest(drawn, p, colour) for p, step in zip(at, found.steps, strict=True)
              if STEP + 15 < step < 390]
    assert max(past) <= 40 < min(future)


@EVERY
def test_heads_stand_on_their_lines_at_the_cursor(curve):
    snapshot = usual_run().at(STEP)
    with solo("curves", "light", SIZE) as shown:
        shown.draw(snapshot, Look(curve=curve))
        now = shown.view.to_pixels(np.array([[STEP, 0.0]]))[0, 0]
        heads = shown.view.heads(snapshot, now)
        lines = {track.appearance.index: line for track, line in shown.view._lines
                 if track.part == "train"}
        assert [a.index for a, _ in heads] == [0, 1, 2]
        for appearance, at in heads:
            points = lines[appearance.index].points
            assert at.x() == pytest.approx(now)
            assert at.y() == pytest.approx(np.interp(now, *points.T))


def test_the_raw_numbers_are_faint_behind_the_smoothed_line():
    snapshot = usual_run().at(400)
    with solo("curves", "light", SIZE) as shown:
        shown.draw(snapshot, Look(curve="gradient"))
        raw, lines = shown.view._curves[:3], shown.view._curves[3:]
        for behind, line in zip(raw, lines, strict=True):
            found = snapshot.trails[line.appearance.index].evaluations
            heights = np.log10(found.gradient_norm)
            points = shown.view.to_pixels(np.stack([found.steps, heights], axis=1))
            assert np.allclose(behind.points, points)
            assert behind.strength < 0.5 < line.strength
            # Smoother: its second differences are smaller by far.
            rough = [np.abs(np.diff(c.points[:, 1], 2)).mean() for c in (behind, line)]
            assert rough[1] < 0.6 * rough[0]


def test_the_loss_of_every_batch_is_shown_of_the_chosen_contestant():
    snapshot = usual_run().at(400)
    with solo("curves", "light", SIZE) as shown:
        for chosen in (0, 2):
            shown.draw(snapshot, Look(chosen=chosen))
            faintest = min(curve.strength for curve in shown.view._curves)
            noise = [c for c in shown.view._curves if c.strength == faintest]
            assert [c.appearance.index for c in noise] == [chosen]
            trail = snapshot.trails[chosen]
            points = shown.view.to_pixels(np.stack([trail.steps, np.log10(trail.loss)], axis=1))
            assert np.allclose(noise[0].points[:, 0], points[:, 0])
            inside = np.abs(points[:, 1]) < shown.view.canvas_size[1]
            assert np.allclose(noise[0].points[inside, 1], points[inside, 1])


# ---- the best test step


@pytest.mark.parametrize(("curve", "largest"), [("loss", False), ("accuracy", True)])
def test_the_best_test_step_is_flagged(curve, largest):
    snapshot = usual_run().at(400)
    look = Look(chosen=1, curve=curve)
    with solo("curves", "light", SIZE) as shown:
        drawn = shown.draw(snapshot, look)
        flags = {flag.appearance.index: flag for flag in shown.view._flags}
        rect = shown.view._flag_rects[shown.view._flags.index(flags[1])]
        corner = shown.view.canvas.mapToItem(shown.view, rect.topLeft())
    for index, trail in enumerate(snapshot.trails):
        values = getattr(trail.evaluations, f"test_{curve}")
        place = int(np.argmax(values) if largest else np.argmin(values))
        value = f"{number(100 * values[place])} %" if largest else number(values[place])
        text = f"{value} at {trail.evaluations.steps[place]:,}"
        assert flags[index].step == trail.evaluations.steps[place]
        assert flags[index].text == ("best test " if index == 1 else "") + text
    # The text is painted as outlines.
    left, top = round(corner.x()), round(corner.y())
    ink = drawn[top : top + round(rect.height()), left : left + round(rect.width())]
    assert (np.abs(ink - rgb(flags[1].appearance.color)).max(2) < 30).mean() > 0.05


def test_nothing_is_flagged_where_there_is_no_best():
    with solo("curves", "light", SIZE) as shown:
        for curve in ("gradient", "weights", "update", "rate"):
            shown.draw(usual_run().at(400), Look(chosen=0, curve=curve))
            assert not shown.view._flags
        without = measured(experiment(test_fraction=0))
        shown.draw(without.at(400), Look(chosen=0))
        assert not shown.view._flags
        assert "test" not in shown.view.note()


@pytest.mark.parametrize("size", [(270, 150), (400, 240), (1200, 700)])
@pytest.mark.parametrize("look", [Look(chosen=0), Look(chosen=2, curve="accuracy")])
def test_flags_do_not_lie_over_one_another_and_stay_inside(size, look):
    with solo("curves", "light", size) as shown:
        shown.draw(usual_run().at(STEP), look)
        width, height = shown.view.canvas_size
        rects = [rect for rect in shown.view._flag_rects if rect is not None]
        assert rects
        for k, rect in enumerate(rects):
            assert rect.left() >= 0 and rect.right() <= width
            assert rect.top() >= 0 and rect.bottom() <= height
            assert not any(rect.intersects(other.adjusted(0, 1, 0, -1)) for other in rects[:k])


@pytest.mark.parametrize("size", [(340, 240), (400, 330), (900, 500)])
@pytest.mark.parametrize("look", [Look(chosen=0), Look(chosen=2, curve="accuracy")])
def test_no_line_runs_through_the_first_flags_text(size, look):
    with solo("curves", "light", size) as shown:
        shown.draw(usual_run().at(STEP), look)
        rect = shown.view._flag_rects[0]
        assert rect is not None
        for _, curve in shown.view._lines:
            x = np.arange(rect.left(), rect.right())
            y = np.interp(x, *curve.points.T, left=np.nan, right=np.nan)
            assert not ((y > rect.top()) & (y < rect.bottom())).any()


def test_where_the_words_do_not_fit_the_number_stays():
    with solo("curves", "light", (250, 240)) as shown:
        shown.draw(usual_run().at(STEP), Look(chosen=0))
        flag, rect = shown.view._flags[0], shown.view._flag_rects[0]
        assert flag.appearance.index == 0 and rect is not None
        assert "best test" not in flag.text and " at " in flag.text


# ---- what is written


def test_names_stand_at_the_ends_and_one_contestants_lines_are_named():
    with solo("curves", "light", SIZE) as shown:
        texts = shown.texts(usual_run().at(STEP), Look(chosen=0))
        assert {"Plain", "With batch norm", "Dropout"} <= set(texts)
        texts = shown.texts(measured(alone()).at(STEP), Look(chosen=0))
        assert {"train", "test"} <= set(texts)
        assert "Plain" not in texts


def test_the_head_says_what_is_shown():
    with solo("curves", "light", SIZE) as shown:
        shown.draw(usual_run().at(STEP), Look())
        assert (shown.view.title(), shown.view.note()) == ("Loss", "train solid, test dashed · log")
        shown.draw(usual_run().at(STEP), Look(curve="weights"))
        assert (shown.view.title(), shown.view.note()) == ("Weight norm", "")


def test_the_mouse_reads_the_measured_numbers_of_the_nearest_curve():
    snapshot = usual_run().at(STEP)
    found = snapshot.trails[2].evaluations
    with solo("curves", "light", SIZE) as shown:
        view = shown.view
        shown.draw(snapshot, Look())
        line = next(line for track, line in view._lines
                    if track.appearance.index == 2 and track.part == "train")
        view.hovered(mouse_at(QPointF(*line.points[30])))
        assert view.note() == (f"Dropout at {found.steps[30]}: "
                               f"train {number(found.train_loss[30])} · "
                               f"test {number(found.test_loss[30])}")
        view.hovered(mouse_at(QPointF(0, 0), leaves=True))
        assert "Dropout" not in view.note()


def test_who_diverged_is_said_once_it_has_happened():
    wild = {"name": "Wild", "layers": dense(8, "relu"), "optimizer": {"name": "sgd", "lr": 1e4}}
    run = measured(experiment([CONTESTANTS[0], wild], dataset={"name": "sine", "samples": 60}))
    lost = run.snapshot().trails[1].diverged.step
    for curve in ("loss", "gradient", "weights"):
        with solo("curves", "light", SIZE) as shown:
            assert "diverged" in shown.texts(run.at(400), Look(curve=curve))
            assert "diverged" not in shown.texts(run.at(lost - 1), Look(curve=curve))


# ---- interaction


def test_a_click_on_a_word_asks_for_that_quantity():
    with solo("curves", "light", SIZE) as shown:
        shown.draw(usual_run().at(STEP), Look())
        asked = listened(shown.view)
        for segment in shown.view._segments:
            shown.view.mouseClickEvent(mouse_at(segment.rect.center()))
        outside = mouse_at(QPointF(SIZE[0] - 2, 5))
        shown.view.mouseClickEvent(outside)
    assert asked == [("curve", name) for name in QUANTITIES]
    assert outside.taken is False


def test_the_chosen_quantity_is_marked():
    with solo("curves", "light", SIZE) as shown:
        for curve in QUANTITIES:
            shown.draw(usual_run().at(STEP), Look(curve=curve))
            assert [s.value for s in shown.view._segments if s.chosen] == [curve]


def test_a_click_seeks_and_a_double_click_changes_the_losss_scale():
    with solo("curves", "light", SIZE) as shown:
        shown.draw(usual_run().at(STEP), Look())
        asked = listened(shown.view)
        ((x, _),) = shown.view.to_pixels(np.array([[123.0, 0.0]]))
        shown.view.clicked(mouse_at(QPointF(x, 50)))
        shown.view.clicked(mouse_at(QPointF(x, 50), double=True))
        shown.draw(usual_run().at(STEP), Look(curve="gradient"))
        shown.view.clicked(mouse_at(QPointF(x, 50), double=True))
    assert asked == [("seek", 123), ("loss_scale", "linear")]


# ---- odd networks, odd sizes


@pytest.mark.parametrize(("made", "curve", "sentence"), [
    (experiment(dataset="sine"), "accuracy", "Accuracy is for classes; this network learns"),
    (experiment([{**entry, "muted": True} for entry in CONTESTANTS]), "loss", "is muted."),
])
def test_it_says_why_there_is_nothing_to_see(made, curve, sentence):
    with solo("curves", "light", SIZE) as shown:
        assert sentence in written(shown, measured(made).at(400), Look(curve=curve))


@EVERY
def test_a_run_that_was_never_measured_shows_what_is_known(curve):
    run = Run(experiment()).finish()
    with solo("curves", "light", SIZE) as shown:
        texts = written(shown, run.at(STEP), Look(curve=curve))
        known = curve in ("loss", "rate")
        assert ("Nothing is measured yet." in texts) is not known
        assert ("Plain" in texts) is known
        at_start = written(shown, Run(experiment()).at(0), Look(curve=curve))
        assert "yet." in at_start or curve == "rate"


ODD = {
    "no hidden layer": experiment([{"layers": [], "optimizer": "sgd"}], 5),
    "one step": experiment(None, 1),
    "200 layers": experiment(
        [{"layers": dense(2, "relu") * 100, "optimizer": "sgd"}], 3),
    "twelve": experiment([{"name": f"A contestant of a long name {k}", "layers": PLAIN,
                           "optimizer": "adam"} for k in range(12)], 20),
    "digits": experiment(None, 5, dataset="digits"),
    "numbers": experiment(None, 20, dataset="sine"),
    "still": experiment([{"layers": PLAIN, "optimizer": {"name": "sgd", "lr": 1e-300}}], 20),
}


@EVERY
@pytest.mark.parametrize("size", [(60, 40), (270, 150), (900, 420)])
@pytest.mark.parametrize("name", list(ODD))
def test_odd_networks_are_drawn_or_explained(name, size, curve):
    run = measured(ODD[name])
    with solo("curves", "dark", size) as shown:
        for step in (0, run.computed):
            drawn = shown.draw(run.at(step), Look(chosen=0, curve=curve))
            assert np.ptp(drawn.reshape(-1, 3), axis=0).max() > 30, "something is there"
            low, high = shown.view.ranges()[1]
            assert np.isfinite([low, high]).all() and high > low


def test_names_that_have_no_room_are_left_out_but_for_the_chosen_one():
    run = measured(ODD["twelve"])
    with solo("curves", "light", (300, 170)) as shown:
        names = [text for text in shown.texts(run.at(20), Look(chosen=11)) if "A con" in text]
        height = shown.view.canvas_size[1]
    assert 1 < len(names) < 12
    assert len(names) * 14 < height
    with solo("curves", "light", (900, 420)) as shown:
        wide = [text for text in shown.texts(run.at(20), Look(chosen=11)) if "A con" in text]
    assert len(wide) == 12


def test_muted_contestants_are_not_shown_and_others_fade_beside_the_highlighted_one():
    muted = measured(experiment([{**CONTESTANTS[0], "muted": True}, *CONTESTANTS[1:]]))
    with solo("curves", "light", SIZE) as shown:
        assert "Plain" not in written(shown, muted.at(STEP), Look())
        shown.draw(usual_run().at(STEP), Look(highlight="Dropout"))
        faded = {curve.appearance.name: curve.appearance.opacity for curve in shown.view._curves}
        assert faded["Dropout"] == 1 and faded["Plain"] < 0.5
        assert shown.view._curves[-1].appearance.name == "Dropout"


# ---- while a run is computed


@pytest.mark.parametrize("curve", ["loss", "weights", "update"])
def test_a_picture_that_grew_is_the_picture_of_all_at_once(curve):
    run, look = Run(experiment(steps=1500)), Look(chosen=1, curve=curve)
    with solo("curves", "light", SIZE) as grown:
        while not run.done:
            run.advance(60)
            run.measure(0.0005)
            grown.draw(run.at(run.computed), look)
        run.measure()
        snapshot = run.at(700)
        after = grown.draw(snapshot, look)
    with solo("curves", "light", SIZE) as fresh:
        assert np.array_equal(fresh.draw(snapshot, look), after)


def test_growing_keeps_what_is_painted():
    rng = np.random.default_rng(0)
    points = np.stack([np.arange(60) * 3.0, 60 + 40 * rng.standard_normal(60)], axis=1)
    with solo("curves", "light", SIZE) as shown:
        style = shown.style
        owner = Appearance(0, "A", style.contestant(0), "circle", 1.0)
        for dashed in (False, True):
            def curves(count, dashed=dashed):
                return (Curve(owner, points[:count], dashed=dashed),)

            layers = CurveLayers(curves(7), style, (180, 120), 1.0)
            assert all(layers.grow(curves(count)) for count in (8, 8, 30, 31, 60))
            assert not layers.grow(curves(59)), "a curve that became shorter is another one"
            whole = CurveLayers(curves(60), style, (180, 120), 1.0)
            for mine, other in zip(layers._pictures, whole._pictures, strict=True):
                assert np.array_equal(mine, other)
                assert mine.any()


def test_noise_of_a_long_run_keeps_its_extremes():
    run = Run(experiment(steps=5000))
    run.advance(3000)
    with solo("curves", "light", (300, 200)) as shown:
        early = shown.draw(run.at(3000), Look(chosen=0)) is not None and shown.view._curves[0]
        run.finish()
        shown.draw(run.at(5000), Look(chosen=0))
        late = shown.view._curves[0]
        trail = run.snapshot().trails[0]
        per = -(-5000 // int(shown.view.canvas_size[0]))
        _, values = envelope(trail.loss[: 5000 // per * per], 5000 // per)
    assert np.array_equal(late.points[: len(early.points)], early.points)
    assert len(late.points) == len(values)


# ---- scales


@pytest.mark.parametrize(("low", "high"), [(-0.31, 0.05), (-0.5, -0.5), (0.0, 0.0), (-7.2, 1.3),
                                           (-1.99, 0.0), (2.3, 2.4)])
def test_logarithmic_ends_are_round_and_about_outside(low, high):
    left, right = rounded_outwards(low, high)
    assert left < right
    assert left <= low + 0.03 and right >= high - 0.03
    assert left in rounded_between(left, right) and right in rounded_between(left, right)


def test_a_contestant_that_flies_off_does_not_squeeze_the_others():
    calm, wild = np.linspace(-0.1, -1.5, 50), np.linspace(-0.1, 30, 50)
    assert limits("loss", "log", [calm, wild])[1] <= 2
    assert limits("loss", "linear", [10**calm, 10**wild])[1] < 5
    assert limits("loss", "linear", [np.zeros(4)]) == (0.0, 1.0)
    assert limits("loss", "log", [np.full(3, np.nan)]) == (0.0, 1.0)


def test_it_is_deterministic():
    images = []
    for _ in range(2):
        with solo("curves", "dark", SIZE) as shown:
            shown.draw(usual_run().at(10), Look(curve="update"))
            images.append(pixels(shown.image(usual_run().at(STEP), Look(chosen=0))))
    assert np.array_equal(*images)
