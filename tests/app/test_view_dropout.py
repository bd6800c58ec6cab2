"""Dropout: maps, curves and rows as the engine has them, both losses, odd networks.

Golden pictures are drawn anew by `python -m tests.app.norm_scenes`.
"""

from __future__ import annotations

import numpy as np
import pytest
from networks import NORM, RELU, TANH, dense, dropped, finished
from norm_scenes import NORMED, THINNED, experiment
from PyQt6.QtCore import QRectF
from reading import assert_readable
from scenes import Solo, rgb, solo

from app.numbers import number
from app.theme import LIGHT, THEMES, Style, mixed
from app.views import Look
from app.views.dropout_maps import arranged
from engine.network.batch_pass import mode_losses
from engine.network.masks import drawn, over_masks, under_masks
from engine.network.thinned import ThinnedCurves, ThinnedPlane, ThinnedRows

SIZE = (900, 400)
BOTH = pytest.mark.parametrize("theme", list(THEMES))
MOONS = experiment([{"name": "Plain", "layers": [dense(8), TANH]},
                    {"name": "With dropout", "layers": THINNED}])
DIGITS = experiment([{"name": "With dropout", "layers": THINNED}], 60, dataset="digits")
SINE = experiment([{"name": "With dropout", "layers": THINNED}], dataset="sine", loss="mse")
PLANE = experiment([{"name": "With dropout", "layers": THINNED}], dataset="plane", loss="mse")


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


# --- maps


def said(pixels, rect, style, points, extent, rows):
    """How far class 1's colour outweighs class 0's at points (n, 2) of a map; NaN where neither is.

    A pixel is the card's colour with some of each, the paler the less sure a network is; lines
    and labels are no such mixture. The rims of dots are: points near training `rows` have NaN too.
    """
    left, right, bottom, top = extent
    x = rect.left() + (points[:, 0] - left) / (right - left) * rect.width()
    y = rect.bottom() - (points[:, 1] - bottom) / (top - bottom) * rect.height()
    unit = rect.width() / (right - left)
    away = np.min(np.hypot(points[:, :1] - rows[:, 0], points[:, 1:] - rows[:, 1]), axis=1) * unit
    card = rgb(style.theme.card)
    found = pixels[y.astype(int), x.astype(int)] - card
    colours = np.stack([rgb(style.class_color(k)) - card for k in range(2)], axis=1).astype(float)
    parts, _, _, _ = np.linalg.lstsq(colours, found.T, rcond=None)
    off = np.abs(colours @ parts - found.T).max(0)
    mixture = (off < 4) & (parts.min(0) > -0.03) & (parts.max(0) < 0.42)
    return np.where(mixture & (away > 5), parts[1] - parts[0], np.nan)


@BOTH
def test_every_map_has_the_classes_that_its_own_network_predicts(theme):
    """Looked at where the six maps do not agree, so that none can stand for another."""
    snapshot = finished(MOONS).at(40)
    state = snapshot.contestants[1]
    with solo("dropout", theme, SIZE) as shown:
        pixels = shown.draw(snapshot, Look())
        maps, found, style = shown.view._maps, shown.view._found, shown.style
    assert isinstance(found, ThinnedPlane) and len(maps.single) == 4
    left, right, bottom, top = found.extent
    points = np.random.default_rng(1).uniform((left, bottom), (right, top), (20000, 2)) * 0.9
    every = over_masks(state, points, found.masks)
    shares = 1 / (1 + np.exp(every[..., 0] - every[..., 1]))
    in_use, rows = state.outputs(points), state.training.material.data.train_x
    # How far class 1 is ahead, by map.
    leads = np.stack([*(2 * shares[:4] - 1), 2 * shares.mean(0) - 1,
                      np.tanh((in_use[:, 1] - in_use[:, 0]) / 2)])
    for place, rect in enumerate((*maps.single, maps.mean, maps.scaled)):
        seen = said(pixels, rect, style, points, found.extent, rows)
        for other in range(6):
            apart = ((leads[place] > 0) != (leads[other] > 0)) & (np.abs(leads[place]) > 0.1)
            if other != place:
                apart &= np.isfinite(seen)
                assert apart.sum() > 20, "these two maps can be told apart"
                right_class = (seen[apart] > 0) == (leads[place][apart] > 0)
                # The other network's map would have none right. Some lie beside the line, whose
                # rim is a pixel wide and hides what is under it.
                assert right_class.mean() > 0.8, (place, other)


def test_masks_differ_and_the_scaled_network_is_none_of_them():
    with solo("dropout", "light", SIZE) as shown:
        pixels = shown.draw(finished(MOONS).at(240), Look())
        parts = [pixels[int(r.top()) + 20 : int(r.bottom()), int(r.left()) : int(r.right())]
                 for r in shown.view._maps.single]
    for k, part in enumerate(parts):
        for other in parts[:k]:
            assert (np.abs(part - other).max(2) > 40).mean() > 0.01


def test_maps_are_titled_and_the_note_says_how_far_they_agree():
    snapshot = finished(MOONS).at(240)
    with solo("dropout", "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look())
        share = shown.view._found.agreement
        expected = "100" if share == 1 else f"{100 * share:.1f}"
        assert shown.view.note() == f"mean and scaled agree on {expected} % of the plane"
    assert {"Single masks: thinned networks", "Mean of 20 masks", "Scaled network, as in use",
            "With dropout", "drops 40 %"} <= set(texts)


@pytest.mark.parametrize("size", [(900, 400), (1500, 300), (440, 560), (268, 90), (620, 360)])
def test_maps_are_squares_that_do_not_meet_and_lie_inside(size):
    whole, style = QRectF(0, 0, *size), Style(LIGHT)
    maps = arranged(whole, style)
    rects = [*maps.single, maps.mean, maps.scaled]
    assert 4 <= len(maps.single) <= 12
    assert maps.mean.size() == maps.scaled.size()
    for k, rect in enumerate(rects):
        assert rect.width() == rect.height() > 0
        assert whole.adjusted(0, 0, 0.01, 0.01).contains(rect)
        assert not any(rect.intersects(other) for other in rects[:k])
    assert arranged(QRectF(0, 0, 60, 30), style) is None


def test_one_mask_is_followed_over_the_steps():
    run = finished(MOONS)
    with solo("dropout", "light", SIZE) as shown:
        for step in (3, 200):
            shown.draw(run.at(step), Look())
            state, found = run.at(step).contestants[1], shown.view._found
            x = state.plane(found.extent, 18)
            out = under_masks(state, x, drawn(state, 2))
            np.testing.assert_array_equal(found.single[1].reshape(-1), out[:, 1] - out[:, 0])


# --- both losses


@pytest.mark.parametrize("made", [MOONS, DIGITS, SINE, PLANE])
def test_the_losses_of_both_modes_are_written(made):
    run = finished(made)
    snapshot = run.at(run.computed // 2)
    state = snapshot.contestants[-1]
    with solo("dropout", "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look())
    training, in_use = mode_losses(state)
    assert training != in_use
    at = texts.index("Loss of the next batch")
    assert texts[at + 1 :] == ["as in training, masks on", number(training), "as in use, scaled",
                               number(in_use)]


# --- rows and curves


@BOTH
def test_rows_have_their_dots_means_and_scaled_outputs_in_place(theme):
    snapshot = finished(DIGITS).at(40)
    with solo("dropout", theme, SIZE) as shown:
        pixels = shown.draw(snapshot, Look())
        found, body = shown.view._found, shown.view.body()
        texts = shown.texts(snapshot, Look())
        assert isinstance(found, ThinnedRows)
        own = rgb(shown.style.contestant(0))
        text = rgb(shown.style.theme.text)
    assert set(found.labels) <= set(texts) and "share of the right class" in texts
    assert f"one of {len(found.single)} masks" in texts
    # The axis: the columns at which 0 and 1 stand, from two scaled outputs that differ most.
    rows = np.linspace(body.top() + 24, body.bottom() - 20, len(found.labels) + 1)
    centres = []
    for top, bottom in zip(rows[:-1], rows[1:], strict=True):
        part = pixels[int(top) : int(bottom), 60:]
        columns = np.flatnonzero((np.abs(part - own).max(2) <= 3).sum(0) > 2)
        centres.append(60 + columns.mean())
        # The line of the mean is as high as the strip.
        assert ((np.abs(part - text).max(2) <= 60).sum(0) > 0.6 * (bottom - top)).any()
    slope, offset = np.polyfit(found.scaled, centres, 1)
    np.testing.assert_allclose(np.polyval([slope, offset], found.scaled), centres, atol=1.5)
    assert 0.8 * SIZE[0] < slope < SIZE[0]


def test_a_regressions_rows_show_their_targets():
    with solo("dropout", "light", SIZE) as shown:
        texts = shown.texts(finished(PLANE).at(100), Look())
        found = shown.view._found
    assert isinstance(found, ThinnedRows) and np.isfinite(found.target).all()
    assert "target" in texts and set(found.labels) <= set(texts)


@BOTH
def test_one_input_shows_curves(theme):
    snapshot = finished(SINE).at(200)
    with solo("dropout", theme, SIZE) as shown:
        pixels = shown.draw(snapshot, Look())
        texts = shown.texts(snapshot, Look())
        found = shown.view._found
        assert isinstance(found, ThinnedCurves)
        own = rgb(shown.style.contestant(0))
        pale = rgb(mixed(shown.style.theme.card, shown.style.contestant(0).name(), 0.35))
    np.testing.assert_array_equal(
        found.scaled, snapshot.contestants[0].outputs(found.x[:, None])[:, 0].astype(float))
    assert {"scaled", f"mean of {len(found.single)}", "single masks"} <= set(texts)
    assert (np.abs(pixels - own).max(2) <= 4).sum() > 800
    assert (np.abs(pixels - pale).max(2) <= 8).sum() > 800


# --- whose, why not, odd ones


@pytest.mark.parametrize(("look", "name"), [
    (Look(), "A"), (Look(chosen=2), "B"), (Look(chosen=0), "A"), (Look(highlight="B"), "B"),
])
def test_whose_dropout_it_is(look, name):
    made = experiment([{"name": "Plain", "layers": [dense(4)]},
                       {"name": "A", "layers": [dense(4), dropped(0.2)]},
                       {"name": "B", "layers": [dense(4), dropped(0.7), dense(3), dropped(0.1)]}],
                      10)
    with solo("dropout", "light", SIZE) as shown:
        texts = shown.texts(finished(made).at(10), look)
    assert name in texts and not ({"Plain", "A", "B"} - {name}) & set(texts)
    assert ("drops 20 %" if name == "A" else "drops 70, 10 %") in texts


def test_it_says_why_there_is_nothing_to_see():
    plain = finished(experiment([{"name": "A", "layers": NORMED}], 5))
    muted = finished(experiment([{"name": "A", "layers": THINNED, "muted": True},
                                 {"name": "B", "layers": NORMED}], 5))
    with solo("dropout", "light", SIZE) as shown:
        assert shown.texts(plain.at(5), Look()) == ["No contestant has a dropout layer"]
        assert shown.texts(muted.at(5), Look()) == [
            "Every contestant with a dropout layer is muted"]
        assert shown.view.note() == ""


ODD = {
    "on the inputs": experiment([{"name": "A", "layers": [dropped(0.3)]}], 20),
    "nothing dropped": experiment([{"name": "A", "layers": [dense(4), dropped(0.0)]}], 20),
    "nearly all dropped": experiment([{"name": "A", "layers": [dense(4), dropped(0.95)]}], 20),
    "with batch norm": experiment([{"name": "A", "layers": [dense(8), NORM, RELU, dropped()]}], 20),
    "two hundred layers": experiment([{"name": "A", "layers": [dense(4), TANH, dropped()] * 66}],
                                     3),
    "a thousand units": experiment([{"name": "A", "layers": [dense(1000), RELU, dropped()]}], 4),
    "five classes": experiment([{"name": "A", "layers": THINNED}], 30,
                               dataset={"name": "spirals", "classes": 5}),
    "hinge": experiment([{"name": "A", "layers": THINNED}], 30, loss="hinge"),
    "one output": experiment([{"name": "A", "layers": THINNED}], 30, loss="logistic"),
    "drifting": experiment([{"name": "A", "layers": THINNED}], 30, drift={
        "kind": "shift", "per_1000_steps": 30}),
    "digits": experiment([{"name": "A", "layers": THINNED}], 10, dataset="digits"),
    "digits, hinge": experiment([{"name": "A", "layers": THINNED}], 10, dataset="digits",
                                loss="hinge"),
    "sine": SINE, "plane": PLANE,
    "diverged": experiment([{"name": "A", "layers": [dense(8), RELU, dropped()], "optimizer": {
        "name": "sgd", "lr": 90.0}}], 60, dataset="plane", loss="mse"),
    "a long name": experiment([{"name": f"A contestant of a very long name {k}", "layers": THINNED}
                               for k in range(12)], 10),
}


@pytest.mark.parametrize(("size", "unit"), [
    ((268, 144), 0.85), ((300, 200), 0.85), ((300, 560), 1.0), (SIZE, 1.0), ((1800, 800), 2.1),
    ((40, 30), 1.0),
])
@pytest.mark.parametrize("name", ODD)
def test_odd_networks_are_drawn_and_every_text_can_be_read(name, size, unit):
    run = finished(ODD[name])
    shown = Solo("dropout", "dark", size, unit)
    try:
        for step in (0, run.computed):
            pixels = shown.draw(run.at(step), Look())
            if min(size) > 100:
                texts = assert_readable(shown, run.at(step), Look())
                colour = rgb(shown.style.contestant(0))
                assert (np.abs(pixels - colour).max(2) <= 8).sum() > 20
        assert ("diverged" in texts) is (name == "diverged") if min(size) > 100 else True
    finally:
        shown.close()


def test_a_paused_run_is_not_computed_again():
    run = finished(MOONS)
    with solo("dropout", "light", SIZE) as shown:
        first = shown.draw(run.at(100), Look())
        found = shown.view._found
        again = shown.draw(run.at(100), Look())
        assert shown.view._found is found and np.array_equal(first, again)
