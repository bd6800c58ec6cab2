"""The decision map: colours and lines where the engine has them, and something for any network.

Golden pictures are drawn anew by `python -m tests.app.decision_scenes`.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from decision_scenes import DENSE, experiment, trained
from networks import TANH
from PyQt6.QtCore import QPointF
from reading import listened
from scenes import rgb, solo

from app.numbers import number
from app.theme import THEMES, Style, mixed
from app.views import Look
from app.views.data_points import MOST_TEST, MOST_TRAIN
from app.views.plane_extent import Plane
from app.views.plane_maps import STRENGTH
from app.views.quiet_axes import to_pixels, to_point
from app.views.value_ramp import ON_MAP, shade
from engine import Experiment, Run
from engine.network import decision
from engine.network.judged import confusions, judged
from engine.network.rows_now import RowsNow

SIZE = (720, 330)
NAME = "decision-map"
BOTH = pytest.mark.parametrize("theme", list(THEMES))


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def far_from_rows(snapshot, place, plane, count=400):
    """Pixels of a map on which no row lies and that are not near its border, and their points."""
    rng = np.random.default_rng(2)
    body = place.body
    pixels = np.stack([rng.integers(body.left() + 12, body.right() - 12, count),
                       rng.integers(body.top() + 12, body.bottom() - 12, count)], 1)
    now = RowsNow(snapshot.contestants[0].training.material, snapshot.step)
    rows = to_pixels(np.concatenate([plane.shown(now.train.x), plane.shown(now.test.x)]),
                     place.extent, body)
    distance = np.hypot(*(pixels[:, None] + 0.5 - rows[None]).transpose(2, 0, 1)).min(1)
    pixels = pixels[distance > 9]
    points = np.array([to_point(QPointF(x + 0.5, y + 0.5), place.extent, body) for x, y in pixels])
    return pixels, points


def prepared(snapshot, points):
    """Points of raw axes as a network takes them."""
    return snapshot.contestants[0].training.material.data.transform.apply(points)


def expected_colours(state, inputs, style):
    """The colour of each input (n, d) from the definition, and how far the leader is ahead."""
    shares = decision.shares(state, state.outputs(inputs))
    ordered = np.sort(shares, axis=0)
    lead = (ordered[-1] - ordered[-2])[:, None]
    colours = np.array([rgb(style.class_color(k)) for k in range(len(shares))])
    ground = rgb(style.theme.card)
    return ground + STRENGTH * lead * (shares.T @ colours - ground), lead[:, 0]


# ---- classes


@BOTH
@pytest.mark.parametrize("problem", [
    {}, {"preprocess": ["center", "scale"]}, {"loss": "logistic"},
    {"dataset": {"name": "gaussians", "classes": 4, "samples": 120}},
    {"drift": {"kind": "rotation", "per_1000_steps": 4}},
])
def test_the_plane_has_the_colours_of_the_shares(theme, problem):
    snapshot = trained(**problem)
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        maps = shown.view._maps._maps
        assert len(maps) == 3
        plane = Plane(snapshot.contestants[0].training.material.data, (0, 1))
        for place in maps:
            state = snapshot.contestants[place.appearance.index]
            pixels, points = far_from_rows(snapshot, place, plane)
            colours, lead = expected_colours(state, prepared(snapshot, points), shown.style)
            # Off the line, which is where none leads.
            clear = lead > 0.25
            assert clear.sum() > 15
            off = np.abs(drawn[pixels[clear, 1], pixels[clear, 0]] - colours[clear]).max(1)
            assert np.quantile(off, 0.95) <= 4


@BOTH
def test_the_boundary_is_drawn_where_the_shares_are_alike(theme):
    snapshot = trained(1)
    state = snapshot.contestants[0]
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        (place,) = shown.view._maps._maps
        body, line = place.body, rgb(THEMES[theme].text)
        row = np.linspace(body.left() + 10, body.right() - 10, 2000)
        found = 0
        for y in np.arange(body.top() + 12, body.bottom() - 12, 7):
            points = np.array([to_point(QPointF(x, y + 0.5), place.extent, body) for x in row])
            score = decision.decisive(state, state.outputs(prepared(snapshot, points)))[0]
            for at in np.flatnonzero(np.diff(np.sign(score))):
                column = int(row[at])
                patch = drawn[int(y) - 2 : int(y) + 3, column - 2 : column + 3].reshape(-1, 3)
                found += np.abs(patch - line).max(1).min() <= 70
                # Rows may lie over it.
        assert found > 15


@BOTH
def test_rows_have_their_classes_colours_where_they_lie(theme):
    snapshot = trained(1, dataset={"name": "moons", "samples": 24})
    data = snapshot.contestants[0].training.material.data
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        (place,) = shown.view._maps._maps
        for x, y, train in ((data.raw_train_x, data.train_y, True),
                            (data.raw_test_x, data.test_y, False)):
            pixels = to_pixels(x, place.extent, place.body)
            for (column, row), label in zip(np.floor(pixels).astype(int), y, strict=True):
                crowd = np.hypot(*(to_pixels(data.raw.x, place.extent, place.body)
                                   - (column, row)).T)
                if np.sort(crowd)[1] < 13:
                    continue
                colour = rgb(shown.style.class_color(int(label)))
                middle = np.abs(drawn[row, column] - colour).max()
                patch = drawn[row - 4 : row + 5, column - 4 : column + 5].reshape(-1, 3)
                assert np.abs(patch - colour).max(1).min() <= 45
                # A training row is filled and a test row is a ring.
                assert middle <= 3 if train else middle > 60


def test_class_colours_are_nobodys():
    for theme in THEMES.values():
        assert not set(theme.classes) & set(theme.contestants)


def test_heads_name_everyone_and_tell_the_test():
    snapshot = trained()
    with solo(NAME, "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look())
    for state in snapshot.contestants:
        assert state.name in texts
        accuracy = 100 * state.test.accuracy
        text = "100 %" if accuracy == 100 else f"{accuracy:.1f} %"
        assert {text, f"test {text}"} & set(texts)


def test_both_axes_have_one_unit_and_all_rows_are_inside():
    for size in ((900, 300), (400, 700), (300, 200)):
        snapshot = trained(1)
        data = snapshot.contestants[0].training.material.data
        with solo(NAME, "light", size) as shown:
            shown.draw(snapshot, Look())
            (place,) = shown.view._maps._maps
        left, right, bottom, top = place.extent
        assert (right - left) / place.body.width() == pytest.approx(
            (top - bottom) / place.body.height())
        assert (data.raw.x > (left, bottom)).all()
        assert (data.raw.x < (right, top)).all()


def test_a_drift_is_followed():
    snapshots = [trained(1, step, drift={"kind": "shift", "per_1000_steps": 100.0})
                 for step in (0, 60)]
    with solo(NAME, "light", SIZE) as shown:
        lefts = []
        for snapshot in snapshots:
            shown.draw(snapshot, Look())
            lefts.append(shown.view._maps._maps[0].extent[0])
    assert lefts[1] - lefts[0] == pytest.approx(6.0, abs=0.01)


def test_axes_are_raw_where_preprocessing_mixes_nothing():
    for steps, raw in (([], True), (["center", "scale"], True), (["whiten"], False)):
        snapshot = trained(1, preprocess=steps)
        data = snapshot.contestants[0].training.material.data
        plane = Plane(data, (0, 1))
        assert plane.raw == raw
        np.testing.assert_allclose(plane.shown(data.train_x),
                                   data.raw_train_x if raw else data.train_x, atol=1e-9)
        extent = (-1.0, 2.0, -3.0, 0.5)
        left, right, bottom, top = plane.prepared(extent)
        corners = np.array([[left, bottom], [right, top]])
        np.testing.assert_allclose(plane.shown(corners), [[-1, -3], [2, 0.5]], atol=1e-9)
        with solo(NAME, "light", SIZE) as shown:
            shown.draw(snapshot, Look())
            assert shown.view.note().startswith("whitened inputs") == (not raw)


# ---- all on one map


@BOTH
def test_everyones_line_is_on_the_common_map(theme):
    snapshot = trained()
    with solo(NAME, theme, (520, 420)) as shown:
        apart = shown.draw(snapshot, Look())
        assert not shown.view._maps.common
        asked = listened(shown.view)
        shown.view.note_clicked()
        drawn = shown.draw(snapshot, Look(boundaries="together"))
        assert shown.view._maps.common
        (place,) = shown.view._maps._maps
        body = place.body
        inner = drawn[int(body.top()) + 2 : int(body.bottom()) - 2,
                      int(body.left()) + 2 : int(body.right()) - 2]
        for index in range(3):
            colour = rgb(shown.style.contestant(index))
            assert (np.abs(inner - colour).max(2) <= 3).sum() > 150
        assert "colour: mean of all" in shown.view.note()
        shown.view.note_clicked()
        assert asked == [("boundaries", "together"), ("boundaries", "apart")]
        np.testing.assert_array_equal(shown.draw(snapshot, Look(boundaries="apart")), apart)


def test_a_line_on_the_common_map_is_where_its_network_is_undecided():
    snapshot = trained()
    with solo(NAME, "light", (520, 420)) as shown:
        drawn = shown.draw(snapshot, Look(boundaries="together"))
        (place,) = shown.view._maps._maps
        body = place.body
        ys, xs = np.mgrid[int(body.top()) + 12 : int(body.bottom()) - 12,
                          int(body.left()) + 12 : int(body.right()) - 12]
        grid = np.stack([xs.ravel(), ys.ravel()], 1)
        # Markers stand on the lines too, and are wider.
        colour = rgb(shown.style.contestant(1))
        on = grid[np.abs(drawn[grid[:, 1], grid[:, 0]] - colour).max(1) <= 2]
        points = np.array([to_point(QPointF(x + 0.5, y + 0.5), place.extent, body) for x, y in on])
        state = snapshot.contestants[1]
        unit = (place.extent[1] - place.extent[0]) / body.width()

        def score(shift):
            inputs = prepared(snapshot, points + shift)
            return decision.decisive(state, state.outputs(inputs))[0]

        reach = 3 * unit
        around = np.stack([score(np.array(s) * reach)
                           for s in ((1, 0), (-1, 0), (0, 1), (0, -1))])
        crossing = (around.max(0) > 0) & (around.min(0) < 0)
    assert len(on) > 150
    assert crossing.mean() > 0.7


def test_a_narrow_card_puts_all_on_one_map_by_itself():
    with solo(NAME, "light", (300, 200)) as shown:
        shown.draw(trained(), Look())
        assert shown.view._maps.common
        shown.draw(trained(2), Look())
        assert not shown.view._maps.common


def test_a_muted_contestant_is_not_shown_and_a_faded_one_is_paler():
    snapshot = trained()
    muted = Run(experiment().with_contestant(1, muted=True)).finish().at(60)
    with solo(NAME, "light", SIZE) as shown:
        texts = shown.texts(muted, Look())
        assert "Plain" in texts
        assert "Two layers" not in texts
        full = shown.draw(snapshot, Look())
        faded = shown.draw(snapshot, Look(highlight="Plain"))
        first, second, _ = (place.body for place in shown.view._maps._maps)
    for body, same in ((first, True), (second, False)):
        part = (slice(int(body.top()), int(body.bottom())),
                slice(int(body.left()), int(body.right())))
        assert np.array_equal(full[part], faded[part]) == same
        if not same:
            assert faded[part].mean() > full[part].mean()


# ---- other data


def test_a_slice_says_what_it_is(tmp_path):
    rng = np.random.default_rng(3)
    points = rng.normal(size=(80, 4))
    labels = (points[:, 0] + points[:, 2] > 0).astype(int)
    snapshot = on_table(tmp_path / "table.csv", points, labels)
    with solo(NAME, "light", SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        assert shown.view.note().startswith("slice along a, b, the others at their mean")
        (place,) = shown.view._maps._maps
        state = snapshot.contestants[0]
        material = state.training.material
        plane = Plane(material.data, (0, 1))
        pixels, points = far_from_rows(snapshot, place, plane)
        inputs = np.tile(material.data.train_x.mean(0), (len(points), 1))
        inputs[:, :2] = points
        colours, lead = expected_colours(state, inputs, shown.style)
        clear = lead > 0.25
        off = np.abs(drawn[pixels[clear, 1], pixels[clear, 0]] - colours[clear]).max(1)
    assert clear.sum() > 30
    assert np.quantile(off, 0.95) <= 4


def on_table(path, x, y):
    """A network on a file's table of inputs a, b, ... and a target."""
    names = [chr(97 + k) for k in range(x.shape[1])]
    lines = [",".join([*names, "target"]), *(",".join(map(str, [*row, label]))
                                             for row, label in zip(x, y, strict=True))]
    path.write_text("\n".join(lines))
    fields = {"kind": "network", "dataset": {"file": str(path), "target": "target"}, "batch": 8,
              "loss": "cross-entropy"}
    return Run(Experiment(steps=120, seed=2, problem=fields, contestants=[
        {"name": "A", "layers": [DENSE, TANH], "optimizer": {"name": "adam", "lr": 0.03}},
    ])).finish().snapshot()


def test_one_input_with_classes_is_a_band(tmp_path):
    x = np.linspace(-2, 2, 60)[:, None]
    labels = np.where(x[:, 0] < -0.5, "low", np.where(x[:, 0] < 0.6, "mid", "high"))
    snapshot = on_table(tmp_path / "table.csv", x, labels)
    with solo(NAME, "dark", SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        (place,) = shown.view._maps._maps
        body = place.body
        column = drawn[int(body.top()) + 10 : int(body.bottom()) - 10, int(body.left()) + 8]
        assert np.ptp(column, axis=0).max() <= 2
        assert "a" in shown.texts(snapshot, Look())


@BOTH
def test_a_regression_of_two_inputs_is_shaded_by_its_output(theme):
    snapshot = trained(1, dataset={"name": "bumps", "samples": 60}, loss="mse")
    state = snapshot.contestants[0]
    data = state.training.material.data
    low, high = float(data.train_y.min()), float(data.train_y.max())
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        (place,) = shown.view._maps._maps
        pixels, points = far_from_rows(snapshot, place, Plane(data, (0, 1)))
        corner = (pixels[:, 0] > place.body.right() - 190) & (
            pixels[:, 1] > place.body.bottom() - 50)
        pixels, points = pixels[~corner], points[~corner]
        out = np.clip((state.outputs(points)[:, 0] - low) / (high - low), 0, 1)
        colours = np.array([rgb(shade(THEMES[theme], s, ON_MAP)) for s in out])
        off = np.abs(drawn[pixels[:, 1], pixels[:, 0]] - colours).max(1)
        assert len(off) > 40
        assert np.quantile(off, 0.95) <= 4
        texts = shown.texts(snapshot, Look())
    assert {number(low, 2), number(high, 2), f"test loss {number(state.test.loss)}"} <= set(texts)


@BOTH
def test_the_fitted_curve_runs_through_what_the_network_puts_out(theme):
    snapshot = trained(2, dataset={"name": "sine", "samples": 60}, loss="mse")
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        view = shown.view._curve
        body, extent = view._body, view._extent
        x = np.linspace(extent[0], extent[1], 42)[1:-1]
        for state in snapshot.contestants:
            colour = rgb(shown.style.contestant(state.index))
            y = state.outputs(x[:, None])[:, 0]
            near = []
            for column, row in to_pixels(np.stack([x, y], 1), extent, body):
                c, r = int(column), int(row)
                near.append(np.abs(drawn[r - 1 : r + 2, c - 1 : c + 2].reshape(-1, 3)
                                   - colour).max(1).min())
            # One curve hides the other where they cross, and points hide both.
            assert np.mean(np.array(near) <= 6) > 0.8
        # No curve hides a row that it goes through; rows may hide one another.
        material, quiet = snapshot.contestants[0].training.material, rgb(shown.style.theme.quiet)
        x, y = material.data.raw_train_x[:, 0], np.ravel(material.train_y)
        at = to_pixels(np.stack([x, y], 1), extent, body)
        found = []
        for state in snapshot.contestants:
            curve = to_pixels(np.stack([x, state.outputs(material.train_x)[:, 0]], 1), extent, body)
            for column, row in at[np.abs(at - curve)[:, 1] < 2].astype(int):
                found.append(np.abs(drawn[row, column] - quiet).max() <= 8)
        assert len(found) > 3 and np.mean(found) > 0.7
        texts = shown.texts(snapshot, Look())
    for state in snapshot.contestants:
        assert state.name in texts
        assert f"test loss {number(state.test.loss)}" in texts


def test_digits_are_the_images_with_what_they_are_taken_for():
    snapshot = trained(2, step=15, dataset={"name": "digits", "samples": 200})
    with solo(NAME, "light", SIZE) as shown:
        texts = shown.texts(snapshot, Look())
        drawn = shown.draw(snapshot, Look())
        tiles = shown.view._digits._tiles
        for state in snapshot.contestants:
            found = confusions(state, judged(state))
            assert found.wrong
            names = state.training.material.data.classes
            first = f"{names[found.wanted[0]]} taken for {names[found.taken[0]]}"
            assert first in texts
            assert f"{100 * found.share[0]:.0f} %" in texts
            mine = [tile for tile in tiles if tile.appearance.index == state.index]
            assert [tile.place for tile in mine] == list(range(len(mine)))
            data = state.training.material.data
            image = data.raw_test_x[found.rows[0]].reshape(8, 8)
            rect = mine[0].rect
            for r in range(8):
                for c in range(8):
                    y = int(rect.top() + (r + 0.5) * rect.height() / 8)
                    x = int(rect.left() + (c + 0.5) * rect.width() / 8)
                    expected = rgb(mixed(shown.style.theme.raised, shown.style.theme.text,
                                         float(np.clip(image[r, c], 0, 1))))
                    assert np.abs(drawn[y, x] - expected).max() <= 3
            # Its mistakes are framed.
            frame = drawn[int(rect.top()) + 1, int(rect.center().x())]
            assert np.abs(frame - rgb(shown.style.theme.warning)).max() <= 3


# ---- anything at all


ODD = {
    "no hidden layer": ([], {}),
    "a hundred layers": ([DENSE, TANH] * 100, {}),
    "eight classes": ([DENSE], {"dataset": {"name": "gaussians", "classes": 8, "samples": 100}}),
    "hinge": ([DENSE, TANH], {"loss": "hinge"}),
    "hinge without margin": ([DENSE], {"loss": {"name": "hinge", "margin": 0.0}}),
    "no test": ([DENSE], {"test_fraction": 0.0}),
    "float64": ([DENSE, TANH], {"precision": "float64"}),
    "plane": ([DENSE], {"dataset": "plane", "loss": "huber"}),
    "sine": ([], {"dataset": "sine", "loss": "mse"}),
    "digits": ([DENSE], {"dataset": {"name": "digits", "samples": 60}, "preprocess": ["whiten"]}),
    "digits in drift": ([DENSE], {"dataset": {"name": "digits", "samples": 60}, "drift": {
        "kind": "light", "per_1000_steps": -300}}),
    "digits with hinge": ([], {"dataset": {"name": "digits", "samples": 60}, "loss": "hinge"}),
    "one point": ([DENSE], {"dataset": {"points": [[1, 1, 0], [1, 1, 1]]}, "batch": 0,
                            "loss": "cross-entropy", "test_fraction": 0.0}),
    "constant input": ([DENSE], {"dataset": {"points": [[1, 2, 0], [5, 2, 1], [4, 2, 1]]},
                                 "batch": 0, "loss": "cross-entropy", "test_fraction": 0.0}),
    "oblong": ([DENSE], {"dataset": {"points": [[0, 0, 0], [5000, 1, 1], [40, 1, 0]]}, "batch": 0,
                         "loss": "cross-entropy", "test_fraction": 0.0}),
    "constant target": ([], {"dataset": {"points": [[0, 0, 2.5], [1, 1, 2.5]],
                                         "task": "regression"}, "batch": 0, "loss": "mse",
                             "test_fraction": 0.0}),
}


@pytest.mark.parametrize("size", [(300, 200), (40, 30), (1200, 240), (160, 900)])
@pytest.mark.parametrize("name", list(ODD))
def test_there_is_a_picture_of_any_network(name, size):
    layers, problem = ODD[name]
    fields = {"kind": "network", "dataset": {"name": "moons", "samples": 40}, "batch": 4}
    run = Run(Experiment(steps=3, seed=1, problem=fields | problem, contestants=[
        {"name": f"Number {k}", "layers": layers, "optimizer": "sgd"} for k in range(2)])).finish()
    with solo(NAME, "dark", size) as shown:
        first = shown.draw(run.at(3), Look())
        assert np.array_equal(first, shown.draw(run.at(3), Look()))
        shown.view._hover = QPointF(size[0] / 2, size[1] / 2)
        assert isinstance(shown.view.note(), str)
        if min(size) > 100:
            assert np.ptp(first) > 50


@pytest.mark.parametrize("problem", [
    {}, {"dataset": {"name": "bumps", "samples": 60}, "loss": "mse"},
    {"dataset": {"name": "sine", "samples": 60}, "loss": "mse"},
    {"dataset": {"name": "digits", "samples": 60}},
])
@pytest.mark.parametrize("size", [(300, 200), (640, 360), (1400, 900)])
def test_twelve_contestants_find_a_place(problem, size):
    snapshot = trained(12, step=3, steps=3, **problem)
    with solo(NAME, "light", size) as shown:
        texts = shown.texts(snapshot, Look(chosen=4))
        note = shown.view.note()
    alone = note.startswith("1 of 12 contestants")
    assert alone == (not {"Plain", "Linear 3"} <= set(texts))
    if alone:
        assert snapshot.contestants[4].name in texts


def test_nobody_is_shown_where_all_are_muted():
    muted = experiment(1).with_contestant(0, muted=True)
    with solo(NAME, "light", SIZE) as shown:
        assert shown.texts(Run(muted).snapshot(), Look()) == ["All contestants are muted."]


@pytest.mark.parametrize("problem", [
    {}, {"dataset": {"name": "sine", "samples": 60}, "loss": "mse"}])
def test_a_diverged_contestant_says_so_and_stays_as_it_was(problem):
    fields = {"kind": "network", "dataset": {"name": "moons", "samples": 60}, "batch": 4,
              "loss": "mse"} | problem
    fields.setdefault("preprocess", [])
    if "dataset" not in problem:
        fields |= {"dataset": {"name": "bumps", "samples": 60}}
    run = Run(Experiment(steps=400, problem=fields, contestants=[
        {"name": "Wild", "layers": [DENSE], "optimizer": {"name": "sgd", "lr": 90.0}}])).finish()
    snapshot = run.at(400)
    assert snapshot.contestants[0].diverged is not None
    with solo(NAME, "light", SIZE) as shown:
        assert "diverged" in shown.texts(snapshot, Look())
        last = run.at(snapshot.contestants[0].step)
        assert last.contestants[0].diverged is None
        shown.draw(last, Look())


def test_many_rows_are_thinned_out_and_that_is_said():
    snapshot = trained(1, step=2, steps=2, dataset={"name": "moons", "samples": 9000})
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(snapshot, Look())
        assert shown.view.note().startswith(f"{MOST_TRAIN + MOST_TEST:,} of 9,000 rows")


# ---- mouse


def test_the_note_tells_what_the_map_says_under_the_mouse():
    snapshot = trained()
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(snapshot, Look())
        assert shown.view.note() == "train filled, test rings"
        place = shown.view._maps._maps[1]
        at = QPointF(place.body.center().x() + 20, place.body.center().y() - 35)
        shown.view.hoverEvent(SimpleNamespace(isExit=lambda: False, pos=lambda: at))
        x, y = to_point(at, place.extent, place.body)
        state = snapshot.contestants[1]
        shares = decision.shares(state, state.outputs([[x, y]]))[:, 0]
        text = f"{100 * round(float(shares.max()), 3):.1f}".removesuffix("100.0") or "100"
        assert shown.view.note() == (f"({number(x)}, {number(y)})   "
                                     f"class {shares.argmax()} {text} %")
        shown.view.hoverEvent(SimpleNamespace(isExit=lambda: True))
        assert shown.view.note() == "train filled, test rings"


def test_a_click_chooses_and_a_double_click_joins_the_maps():
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(trained(), Look())
        asked = listened(shown.view)
        at = shown.view._maps._maps[2].body.center()
        click = SimpleNamespace(double=lambda: False, pos=lambda: at, accept=lambda: None,
                                ignore=lambda: None)
        shown.view.mouseClickEvent(click)
        assert asked == [("choose", 2)]
        click.double = lambda: True
        shown.view.mouseClickEvent(click)
        assert asked[1:] == [("boundaries", "together")]


@pytest.mark.parametrize("size", [(520, 420), (900, 600), (300, 260)])
def test_the_choice_says_how_the_boundaries_lie_and_changes_it(size):
    with solo(NAME, "light", size) as shown:
        shown.draw(trained(), Look())
        asked = listened(shown.view)
        apart, together = shown.view._segments
        common = shown.view._maps.common
        assert (apart.chosen, together.chosen) == (not common, common)
        assert not any(place.body.intersects(segment.rect) for segment in (apart, together)
                       for place in shown.view._maps._maps)
        click = SimpleNamespace(double=lambda: False, pos=lambda: together.rect.center(),
                                accept=lambda: None, ignore=lambda: None)
        shown.view.mouseClickEvent(click)
        assert asked == [("boundaries", "together")]
        assert "one map" in shown.texts(trained(), Look(boundaries="together"))
        assert shown.view._segments[1].chosen
        # Where nobody can click there is no choice, and the maps have its room.
        before = shown.view._maps._maps[0].body.height()
        shown.view.live = False
        assert "one map" not in shown.texts(trained(), Look(boundaries="together"))
        assert shown.view._maps._maps[0].body.height() > before


@pytest.mark.parametrize("problem", [{"dataset": {"name": "bumps", "samples": 200}, "loss": "mse"},
                                     {"dataset": {"name": "digits", "samples": 300}}])
def test_there_is_no_choice_where_there_are_no_boundaries(problem):
    with solo(NAME, "light", (600, 400)) as shown:
        shown.draw(trained(**problem), Look())
        assert shown.view._segments == ()
    with solo(NAME, "light", (600, 400)) as shown:
        shown.draw(trained(names=1), Look())
        assert shown.view._segments == ()


def test_the_wheel_zooms_about_the_mouse_and_back_to_the_whole():
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(trained(), Look())
        asked = listened(shown.view)
        place = shown.view._maps._maps[0]
        at = QPointF(place.body.left() + 60, place.body.top() + 50)
        wheel = SimpleNamespace(pos=lambda: at, delta=lambda: 120, accept=lambda: None)
        before = to_point(at, place.extent, place.body)
        shown.view.wheelEvent(wheel)
        kind, zoom = asked.pop()
        assert kind == "zoom"
        shown.draw(trained(), Look(zoom=zoom))
        place = shown.view._maps._maps[0]
        assert to_point(at, place.extent, place.body) == pytest.approx(before, abs=1e-9)
        wheel.delta = lambda: -600
        shown.view.wheelEvent(wheel)
        assert asked == [("zoom", None)]


def test_sizes_follow_the_style():
    """At twice the unit and twice the size the maps lie where they lay, twice as large."""
    snapshot = trained()
    bodies = []
    for unit in (1.0, 2.0):
        with solo(NAME, "light", (round(720 * unit), round(330 * unit))) as shown:
            shown.view.restyle(Style(THEMES["light"], unit))
            shown.draw(snapshot, Look())
            bodies.append([place.body for place in shown.view._maps._maps])
    for small, large in zip(*bodies, strict=True):
        for side in ("left", "top", "width", "height"):
            assert getattr(large, side)() == pytest.approx(2 * getattr(small, side)(), abs=3)
