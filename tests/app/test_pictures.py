"""What views show: the same pictures as before, the engine's numbers, signs that can be told apart.

Golden pictures lie in `golden/`. After a deliberate change of looks they are drawn anew by
`python -m tests.app.goldens`, looked at, and stored with the change.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from goldens import FOLDER, assert_as_it_was, goldens
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import RELU, SIGMOID, dense, finished, race_of
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from scenes import (
    LOOK,
    SVG,
    pixels,
    race,
    rgb,
    snapshot_of,
    solo,
    svg_of,
)

from app import typefaces
from app.film import Projector, look_of
from app.numbers import number, unpadded
from app.theme import LIGHT, THEMES, Style, Theme, marker_of, mixed
from app.views import Look, labels, views
from app.views.arrows import arrows_of
from app.views.heads import Heads
from app.views.labels import Label, place, stack
from app.views.step_arrows import LONGEST_ARROW, steady
from app.views.view import appearances, in_painting_order
from engine.experiment import Experiment
from engine.lesson import open_file
from engine.listing import lesson_files
from engine.run import Run
from engine.surfaces import surfaces

BOTH = pytest.mark.parametrize("theme", list(THEMES))
ZOOM = LOOK.zoom


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def alone(optimizer: str = "adam", lr: float = 0.06, **changes: object) -> Experiment:
    """One contestant on Beale's function."""
    rate = {} if optimizer == "rprop" else {"lr": lr}
    return race(contestants=[{"name": "A", "optimizer": {"name": optimizer, **rate}}], **changes)


# ---- golden pictures


@pytest.mark.parametrize("name", goldens())
def test_a_picture_looks_as_it_did(name, tmp_path):
    assert_as_it_was(name, tmp_path)


def test_every_view_has_its_golden_pictures_and_every_picture_is_drawn():
    stored = {path.stem for path in FOLDER.glob("*.png")}
    assert stored == set(goldens())
    assert {f"{name}-{theme}" for name in views for theme in THEMES} <= stored


# ---- the surface


def colours_around(drawn: np.ndarray, at: np.ndarray, reach: int = 1) -> np.ndarray:
    """The pixels around a point, (n, 3)."""
    x, y = np.round(at).astype(int)
    return drawn[y - reach : y + reach + 1, x - reach : x + reach + 1].reshape(-1, 3)


def nearest(drawn: np.ndarray, at: np.ndarray, colour: np.ndarray) -> float:
    """How far the most alike pixel around a point is from a colour, in levels."""
    return float(np.abs(colours_around(drawn, at) - colour).max(1).min())


def on_view(view, points: np.ndarray) -> np.ndarray:
    """Where points of a plot's data are in the picture of the whole view, (n, 2)."""
    return view.to_pixels(points) + np.array([view.canvas.x(), view.canvas.y()])


@BOTH
def test_every_head_is_where_the_engine_says_in_its_own_colour(theme):
    snapshot = snapshot_of(race(), 40)
    with solo("surface-path", theme, (700, 600)) as shown:
        drawn = shown.draw(snapshot, Look(zoom=ZOOM))
        for state in snapshot.contestants:
            colour = rgb(shown.style.contestant(state.index))
            (at,) = on_view(shown.view, state.point[None])
            assert (np.abs(colours_around(drawn, at) - colour).max() <= 2), state.name


@BOTH
def test_a_trail_has_its_colour_up_to_now_and_is_faint_from_there(theme):
    snapshot = snapshot_of(alone(), 40)
    path = snapshot.trails[0].path
    with solo("surface-path", theme, (700, 600)) as shown:
        drawn = shown.draw(snapshot, Look(zoom=((0.0, 3.0), (-0.5, 2.0))))
        colour = rgb(shown.style.contestant(0))
        at = on_view(shown.view, path)
        head, start = at[40], at[0]
    clear = [k for k in range(len(path))
             if min(np.hypot(*(at[k] - head)), np.hypot(*(at[k] - start))) > 30]
    past = [nearest(drawn, at[k], colour) for k in clear if k < 40]
    # Where the trail crosses its own past, the future lies on full colour.
    future = [nearest(drawn, at[k], colour) for k in clear
              if k > 40 and np.hypot(*(at[:41] - at[k]).T).min() > 8]
    assert len(past) > 10 < len(future)
    assert max(past) <= 12
    assert min(future) > 40


@BOTH
def test_the_map_is_dark_in_the_valley_and_light_on_the_hills(theme):
    snapshot = snapshot_of(alone(problem={"kind": "surface", "surface": "bowl"}), 0)
    low, high = THEMES[theme].surface_low, THEMES[theme].surface_high
    surface = surfaces["bowl"]
    with solo("surface-path", theme, (500, 500)) as shown:
        drawn = shown.draw(snapshot, Look())
        shares = []
        for share in (0.12, 0.3, 0.5, 0.7):
            edge = surface.domain[0][1]
            (at,) = on_view(shown.view, np.array([[edge * share, -edge * share]]))
            # The median is not an isoline's.
            colour = np.median(colours_around(drawn, at, 4), axis=0)
            shares.append(np.dot(colour - rgb(low), rgb(high) - rgb(low))
                          / np.dot(rgb(high) - rgb(low), rgb(high) - rgb(low)))
    assert shares == sorted(shares)
    assert shares[0] < 0.5 < shares[-1]


@pytest.mark.parametrize("name", ["optimizer-race", "saddle", "beale"])
def test_no_head_is_hidden_by_a_name(name):
    """Names make way for one another, and may slide past heads that stand alone."""
    lesson = open_file(lesson_files()[name])
    projector = Projector(lesson, (1280, 720), "light", look_of(lesson))
    stage, seen = projector.stage, 0
    for time in (lesson.duration * k / 24 for k in range(1, 24)):
        drawn = pixels(projector.image(time))
        if lesson.beats[lesson.beat_at(time)[0]].highlight:
            continue
        view = stage.board.view("surface-path")
        at = view.to_pixels(np.array([state.point for state in view.snapshot.contestants]))
        width, height = view.canvas_size
        for index, here in enumerate(at):
            others = np.delete(at, index, axis=0)
            crowded = np.hypot(*(others - here).T).min() < 26
            inside = 12 < here[0] < width - 12 and 12 < here[1] < height - 12
            if inside and not crowded:
                corner = view.canvas.mapToItem(stage, QPointF(*here))
                found = drawn[int(corner.y()), int(corner.x())]
                own = rgb(view.style.contestant(index))
                assert np.abs(found - own).max() <= 12, f"contestant {index} at {float(time)} s"
                seen += 1
    projector.close()
    assert seen > 20


def test_a_muted_contestant_is_not_shown():
    muted = race().with_contestant(1, muted=True)
    with solo("surface-path", "light", (700, 600)) as shown:
        blue = rgb(shown.style.contestant(1))
        with_it = shown.draw(snapshot_of(race(), 40), Look(zoom=ZOOM))
        without = shown.draw(snapshot_of(muted, 40), Look(zoom=ZOOM))
    assert (np.abs(with_it - blue).max(2) <= 2).sum() > 100
    assert (np.abs(without - blue).max(2) <= 2).sum() == 0


def test_a_contestants_own_colour_is_used_everywhere():
    own = race().with_contestant(0, color="#123456")
    snapshot = snapshot_of(own, 40)
    for name in ("surface-path", "loss-curve", "standings"):
        with solo(name, "light", (700, 600)) as shown:
            drawn = shown.draw(snapshot, Look(zoom=ZOOM))
            assert (np.abs(drawn - rgb("#123456")).max(2) <= 2).sum() > 20, name


def test_a_head_outside_is_pointed_at_from_the_edge():
    snapshot = snapshot_of(alone(), 40)
    with solo("surface-path", "light", (700, 600)) as shown:
        drawn = shown.draw(snapshot, Look(zoom=((-4.0, -2.0), (-4.0, -2.0))))
        canvas = shown.view.canvas
        coloured = np.argwhere(np.abs(drawn - rgb(shown.style.contestant(0))).max(2) <= 2)
        middle = coloured.mean(0)[::-1] - np.array([canvas.x(), canvas.y()])
        width, height = shown.view.canvas_size
    # The head is to the upper right.
    assert middle[0] > 0.8 * width
    assert middle[1] < 0.2 * height


# ---- the loss


@BOTH
@pytest.mark.parametrize("step", [0, 17, 40, 80])
def test_the_cursor_stands_at_the_step(theme, step):
    snapshot = snapshot_of(race(), step)
    with solo("loss-curve", theme, (700, 400)) as shown:
        drawn = shown.draw(snapshot, Look())
        view = shown.view
        (at,) = on_view(view, np.array([[step, 0.0]]))
        top, bottom = int(view.canvas.y()), int(view.canvas.y() + view.canvas_size[1])
    quiet = rgb(THEMES[theme].quiet)
    ground = rgb(THEMES[theme].card)
    # How much of each column's height is the cursor's colour: it is one pixel wide, on two columns.
    column = slice(top + 2, bottom - 2)
    strength = np.abs(drawn[column] - ground).sum(2) / np.abs(quiet - ground).sum()
    full = np.median(strength, axis=0)
    found = np.flatnonzero(full > 0.2)
    assert len(found) in (1, 2)
    centre = float((found * full[found]).sum() / full[found].sum()) + 0.5
    assert abs(centre - at[0]) <= 0.6 or step == 0 and abs(centre - at[0]) <= 1.0


@BOTH
@pytest.mark.parametrize("scale", ["log", "linear"])
def test_every_loss_stands_at_its_height_in_its_colour(theme, scale):
    snapshot = snapshot_of(race(), 40)
    with solo("loss-curve", theme, (700, 400)) as shown:
        drawn = shown.draw(snapshot, Look(loss_scale=scale))
        for trail, state in zip(snapshot.trails, snapshot.contestants, strict=True):
            colour = rgb(shown.style.contestant(state.index))
            # Beale's minimum is 0, so that nothing is subtracted before the logarithm.
            heights = np.log10(trail.loss) if scale == "log" else trail.loss
            at = on_view(shown.view, np.stack([trail.steps, heights], axis=1))
            near = [nearest(drawn, at[k], colour) for k in range(5, 35, 5)]
            assert np.median(near) <= 30, state.name


@BOTH
def test_the_future_of_a_loss_is_faint(theme):
    snapshot = snapshot_of(alone(), 40)
    with solo("loss-curve", theme, (700, 400)) as shown:
        drawn = shown.draw(snapshot, Look())
        colour = rgb(shown.style.contestant(0))
        trail = snapshot.trails[0]
        at = on_view(shown.view, np.stack([trail.steps, np.log10(trail.loss)], axis=1))
    assert max(nearest(drawn, at[k], colour) for k in range(3, 36)) <= 40
    assert min(nearest(drawn, at[k], colour) for k in range(45, 78)) > 40


# ---- what is written


def test_standings_write_every_name_and_loss():
    snapshot = snapshot_of(race(), 40)
    with solo("standings", "light", (320, 260)) as shown:
        texts = shown.texts(snapshot, Look())
    for state in snapshot.contestants:
        assert state.name in texts
        assert number(state.loss) in texts


def test_standings_shorten_losses_and_letters_before_names():
    names = ("Momentum", "Adagrad", "Adadelta")
    crowd = race(contestants=[{"name": name, "optimizer": "adam"} for name in names])
    for width, step in ((150, 3), (150, 40), (190, 3)):
        with solo("standings", "light", (width, 300)) as shown:
            assert {*names} <= {*shown.texts(snapshot_of(crowd, step), Look())}


def test_standings_say_who_diverged():
    snapshot = snapshot_of(alone("sgd", 5.0), 80)
    with solo("standings", "light", (320, 260)) as shown:
        assert "diverged" in shown.texts(snapshot, Look())


def test_standings_of_the_largest_race_fit():
    crowd = race(contestants=[
        {"name": f"A contestant of a long name {k}", "optimizer": "adam"} for k in range(12)])
    with solo("standings", "light", (250, 220)) as shown:
        drawn = shown.draw(snapshot_of(crowd, 3), Look())
        texts = shown.texts(snapshot_of(crowd, 3), Look())
    assert sum("contestant" in text or "…" in text for text in texts) == 12
    edges = np.concatenate([drawn[-1], drawn[:, -1], drawn[:, 0]])
    assert (np.abs(edges - rgb(LIGHT.card)).max(1) > 60).sum() == 0, "nothing runs out of the view"


@pytest.mark.parametrize("size", [(640, 320), (420, 640), (236, 470)],
                         ids=["wide", "tall", "narrow"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "adamw", "rprop", "lion"])
def test_the_anatomy_writes_the_engines_numbers(optimizer, size):
    lr = 0.004 if optimizer in ("sgd", "momentum") else 0.01
    snapshot = snapshot_of(alone(optimizer, lr), 40, 0)
    taken = snapshot.anatomy
    with solo("step-anatomy", "light", size) as shown:
        texts = {unpadded(text) for text in shown.texts(snapshot, Look(chosen=0))}
    rule = snapshot.experiment.contestants[0].optimizer.definition.rule
    values = [taken.anatomy.terms[part.term] for part in rule if part.term] + [taken.step]
    for value in np.concatenate([np.atleast_1d(np.asarray(value, float)) for value in values]):
        written = {number(float(value)), unpadded(number(float(value), fixed=True))}
        assert written & texts, f"{written} is not among {texts}"


def test_the_anatomy_in_a_narrow_card_is_told_in_lines_that_can_be_read():
    snapshot = snapshot_of(alone("momentum", 0.004), 40, 0)
    with solo("step-anatomy", "light", (236, 470)) as shown:
        shown.view.draw(snapshot, Look(chosen=0))
        svg = svg_of(shown._render, shown.size)
    sizes = [float(text.get("font-size")) for text in svg.iter(f"{SVG}text")]
    assert sizes
    assert min(sizes) >= 12


def test_a_steps_parts_meet_at_its_tip_and_all_stay_in_the_picture():
    """Momentum: what the gradient does and what is carried over lie end to end."""
    pen = QColor("black")
    for step in (3, 10, 20, 30, 45, 60):
        snapshot = snapshot_of(alone("momentum", 0.002), step, 0)
        taken = snapshot.anatomy
        drawn = arrows_of(taken, LIGHT, pen)
        if len(drawn) < 3:
            continue
        bounds, scale = QRectF(0, 0, 600, 400), np.array([100.0, -90.0])
        factor = steady(snapshot, taken, drawn, Style(LIGHT, 1.0), QPointF(300, 200), scale, bounds)
        gradient, carried, whole = drawn
        assert np.allclose(carried.origin + carried.change, whole.change)
        for arrow in drawn:
            tip = (arrow.origin + arrow.change) * scale * factor
            assert factor == 1 or np.hypot(*(arrow.change * scale * factor)) <= LONGEST_ARROW
            assert factor == 1 or (abs(tip[0]) <= 300 and abs(tip[1]) <= 200)


def test_arrows_are_magnified_as_much_at_one_step_as_at_the_next():
    """They would jump while it plays, though steps do not."""
    run = Run(alone("momentum", 0.002, steps=120)).finish()
    bounds, scale, factors = QRectF(0, 0, 600, 400), np.array([100.0, -90.0]), []
    for step in range(1, 110):
        snapshot = run.at(step, 0)
        drawn = arrows_of(snapshot.anatomy, LIGHT, QColor("black"))
        factors.append(steady(snapshot, snapshot.anatomy, drawn, Style(LIGHT, 1.0),
                              QPointF(300, 200), scale, bounds))
    assert np.count_nonzero(np.diff(factors)) <= 12


def test_the_anatomy_of_a_diverged_contestant_explains_it():
    snapshot = snapshot_of(alone("sgd", 5.0), 80, 0)
    assert snapshot.anatomy is None
    with solo("step-anatomy", "light", (640, 300)) as shown:
        written = "".join(shown.texts(snapshot, Look(chosen=0)))
    event = snapshot.contestants[0].diverged
    # Lines are broken, and signs of another font stand apart.
    assert "".join(written.split()) == "".join(str(event).split())


@pytest.mark.parametrize("lr", [0.032, 0.2])
def test_a_contestant_that_leaps_out_of_the_picture_stays_at_the_edge_where_it_left(lr):
    """On a quadratic with too large a step each coordinate changes its sign at every step."""
    made = race(problem={"kind": "surface", "surface": "ravine", "start": [-3.5, 1.2]},
                contestants=[{"name": "Too large", "optimizer": {"name": "sgd", "lr": lr}}])
    run, bounds, style = Run(made).finish(), QRectF(0, 0, 600, 400), Style(LIGHT, 1.0)
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    shown = in_painting_order(appearances(made, style, Look()), None)

    def to_pixels(points: np.ndarray) -> np.ndarray:
        return np.array([300, 200]) + points * [60, -60]

    def to_pixel(x: float, y: float) -> QPointF:
        return QPointF(*to_pixels(np.array([x, y])))

    sides, outside = [], 0
    for step in range(0, 60):
        snapshot = run.at(step)
        with QPainter(image) as painter:
            head = Heads().paint(painter, to_pixel, shown, snapshot, style, bounds, None,
                                 to_pixels)[-1]
        x, y = snapshot.trails[0].path[min(step, len(snapshot.trails[0].path) - 1)]
        if not bounds.contains(to_pixel(x, y)):
            outside += 1
            sides.append((round(head.center().x()), round(head.center().y())))
    assert outside > 5
    assert len(set(sides)) == 1


# ---- what only a window has


@pytest.mark.parametrize("name", ["network-graph", "space-warp", "zig-zag", "dead-units", "shift"])
def test_a_film_has_no_controls_that_nobody_could_click(name):
    """Arrows, words and chips to be clicked are drawn in the window only."""
    layers = [dense(2), SIGMOID, dense(6), RELU, dense(5), RELU]
    made = race_of([{"name": "A", "layers": layers}], 20, 3, {"name": "sgd", "lr": 0.1})
    snapshot = finished(made).at(10)
    look = Look(chosen=0, flow=1.0, warp=1.0, layer=3)
    with solo(name, "light", (760, 420)) as shown:
        window = shown.texts(snapshot, look)
        shown.view.live = False
        film = shown.texts(snapshot, look)
    clicked = {"‹", "›", "off", "all", "layer", "unit"} & set(window)
    assert clicked
    assert not clicked & set(film)


# ---- labels


def test_a_faded_name_gives_way_to_the_highlighted_one():
    """All three stand at one point: the one that is meant stands right above it."""
    crowd = race(contestants=[{"name": name, "optimizer": {"name": "sgd", "lr": 0.004}}
                              for name in ("First", "Second", "Meant")])
    heads, style = Heads(), Style(LIGHT, 1.0)
    snapshot, image = snapshot_of(crowd, 40), QImage(600, 400, QImage.Format.Format_RGB32)
    bounds, gaps = QRectF(0, 0, 600, 400), {}
    for highlight in ("First", "Second", "Meant"):
        shown = in_painting_order(appearances(crowd, style, Look(highlight=highlight)), highlight)
        with QPainter(image) as painter:
            rects = heads.paint(painter, lambda x, y: QPointF(300, 200), shown, snapshot, style,
                                bounds, None)
        gaps |= {(highlight, a.name): 200 - rect.bottom()
                 for a, rect in zip(shown, rects, strict=False)}
    for highlight in ("First", "Second", "Meant"):
        assert 0 < gaps[highlight, highlight] < 20
        assert all(gaps[highlight, other] > 20 for other in ("First", "Second", "Meant")
                   if other != highlight)



def boxes(count: int):
    """Labels' texts and points in a picture of 600 x 400."""
    point = st.tuples(st.floats(0, 600), st.floats(0, 400))
    return st.lists(st.tuples(st.sampled_from(["SGD", "Momentum", "Nesterov", "RMSprop", "Adam"]),
                              point), min_size=1, max_size=count)


@settings(max_examples=150, deadline=None)
@given(entries=boxes(8))
def test_labels_never_lie_over_each_other_and_stay_inside(entries):
    bounds, font = QRectF(0, 0, 600, 400), typefaces.font(15, 600)
    tags = [Label(text, QPointF(*at), QColor("red")) for text, at in entries]
    heads = [QRectF(at.x() - 8, at.y() - 8, 16, 16) for at in (tag.at for tag in tags)]
    rects = place(tags, font, bounds, 9.0, heads)
    assert len(rects) == len(tags)
    for tag, rect in zip(tags, rects, strict=True):
        assert rect.width() == QFontMetricsF(font).horizontalAdvance(tag.text)
        assert bounds.contains(rect)
    for one, other in combinations(rects, 2):
        # The half pixel by which neighbours may touch.
        assert not one.adjusted(0, 0.5, 0, -0.5).intersects(other.adjusted(0, 0.5, 0, -0.5))
    for rect in rects:
        for head in heads:
            assert not rect.adjusted(0, 0.5, 0, -0.5).intersects(head.adjusted(0, 0.5, 0, -0.5))


@settings(max_examples=100, deadline=None)
@given(at=st.tuples(st.floats(60, 540), st.floats(60, 340)))
def test_a_label_alone_stands_right_above_its_point(at):
    font = typefaces.font(15, 600)
    (rect,) = place([Label("Adam", QPointF(*at), QColor("red"))], font, QRectF(0, 0, 600, 400), 9.0)
    assert abs(rect.center().x() - at[0]) < 1
    assert rect.bottom() == pytest.approx(at[1] - 9)


@settings(max_examples=200, deadline=None)
@given(wanted=st.lists(st.floats(-50, 450), min_size=1, max_size=12))
def test_names_at_the_ends_of_curves_stack_in_order(wanted):
    middles = stack(wanted, 20.0, 0.0, 400.0)
    order = sorted(range(len(wanted)), key=lambda k: (wanted[k], k))
    tops = [middles[k] - 10 for k in order]
    assert min(tops) >= -1e-9
    assert max(tops) <= 380 + 1e-9
    assert all(below - above >= 20 - 1e-9 for above, below in zip(tops, tops[1:], strict=False))
    inside = [min(max(value, 10), 390) for value in wanted]
    for k, middle in enumerate(middles):
        crowded = any(abs(other - inside[k]) < 20 * len(wanted) for j, other in enumerate(inside)
                      if j != k)
        assert crowded or middle == pytest.approx(inside[k])


# ---- colours that can be read and told apart


def luminance(color: QColor) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = rgb(color) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: QColor | str, other: QColor | str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (high + 0.05) / (low + 0.05)


def text_pairs(theme: Theme) -> list[tuple[str, str]]:
    grounds = (theme.ground, theme.card, theme.raised)
    return [(ink, ground) for ink in (theme.text, theme.quiet, theme.warning) for ground in grounds
            ] + [(theme.on_accent, theme.accent), (theme.on_strong, theme.strong),
                 (theme.text, theme.surface_low), (theme.text, theme.surface_high),
                 (theme.quiet, theme.surface_high)]


@BOTH
def test_text_can_be_read(theme):
    weak = {pair: round(contrast(*pair), 2) for pair in text_pairs(THEMES[theme])
            if contrast(*pair) < 4.5}
    assert weak == {}


@BOTH
def test_contestants_can_be_seen_on_their_grounds(theme):
    """3 is the least for signs and for large type (WCAG 2.2, 1.4.11 and 1.4.3)."""
    chosen = THEMES[theme]
    halo = mixed(chosen.surface_high, chosen.surface_low, 0.15).name()
    grounds = (chosen.card, chosen.surface_high, halo)
    weak = {(ink, ground): round(contrast(ink, ground), 2) for ink in chosen.contestants
            for ground in grounds if contrast(ink, ground) < 3}
    assert weak == {}


# Machado, Oliveira & Fernandes 2009, severity 1, for linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
}


def lab(color: str, blindness: str) -> np.ndarray:
    """CIE L*a*b* under D65 of a colour as it is seen."""
    channels = rgb(color) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    linear = np.clip(BLINDNESS[blindness] @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722],
                    [0.0193, 0.1192, 0.9505]]) @ linear / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@BOTH
@pytest.mark.parametrize(("blindness", "least"), [("none", 50), ("deutan", 15), ("protan", 7.5)])
def test_the_first_four_colours_can_be_told_apart(theme, blindness, least):
    """Distances in L*a*b*, 2.3 being just noticeable. Later ones are told by their markers too."""
    colours = [lab(color, blindness) for color in THEMES[theme].contestants[:4]]
    assert min(np.linalg.norm(a - b) for a, b in combinations(colours, 2)) >= least


@BOTH
def test_all_colours_can_be_told_apart_by_most_people(theme):
    colours = [lab(color, "none") for color in THEMES[theme].contestants]
    assert min(np.linalg.norm(a - b) for a, b in combinations(colours, 2)) >= 20


def test_no_two_of_twelve_contestants_have_the_same_sign():
    signs = {(marker_of(index), LIGHT.contestants[index % len(LIGHT.contestants)])
             for index in range(12)}
    assert len(signs) == 12
    assert len({marker_of(index) for index in range(8)}) == 8, "colour is never the only sign"


def test_a_name_has_the_same_pixels_whatever_was_written_before():
    """Qt rounds a glyph's outline otherwise once it has been drawn as text."""
    def pictures() -> list[bytes]:
        labels._picture.cache_clear()
        labels._outlines.cache_clear()
        made = [labels._picture(text, font.key(), 3.0, 0xFF56B4E9, 0xFF101820, 1.0)[0]
                for text in texts for font in fonts]
        return [pixels(image).tobytes() for image in made]

    texts, fonts = ("SGD", "Momentum", "0.0478 at 128"), [typefaces.font(px, 600)
                                                         for px in (7, 10, 13, 15)]
    before = pictures()
    image = QImage(300, 60, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        for font in fonts:
            painter.setFont(font)
            for text in texts:
                painter.drawText(QPointF(3, 40), text)
    assert pictures() == before
