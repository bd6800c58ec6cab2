"""Maps of where starts end: colours, legend and what the mouse does."""

import numpy as np
import pytest
from map_races import pits
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor
from reading import assert_readable, listened, mouse_at
from scenes import rgb, snapshot_of, solo

from app.theme import THEMES
from app.views import Look
from app.views.basin_question import HUES
from app.views.basin_shades import hue, ramp_of
from app.views.outcomes import unlike
from app.views.settings_shades import ramp
from engine import Run
from engine.maps import DIVERGED, NOWHERE, basins, whole

pytestmark = pytest.mark.usefixtures("qapp")


def point(shown, panel, x, y) -> QPointF:
    """Where a point of the plane is on a map."""
    return shown.view._painter.pixel(np.array([x, y]), panel.body)


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


@pytest.mark.parametrize("theme", list(THEMES.values()), ids=list(THEMES))
def test_the_slowest_starts_keep_their_hue_and_grey_is_no_shade(theme):
    grey = rgb(unlike(theme, NOWHERE))
    for palest in [*(ramp_of(theme, k)[-1] for k in range(6)), rgb(QColor(int(ramp(theme)[-1])))]:
        assert np.abs(palest - rgb(theme.card)).max() > 20, "not the card"
        assert np.abs(palest - grey).max() > 12 and np.ptp(palest) > np.ptp(grey), "not grey"
        if palest @ [0.2126, 0.7152, 0.0722] < 128:
            assert np.ptp(palest) > 30, "dark shades have a hue"


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
            assert said.split(" %")[0].isdigit(), "no digits that hang on the number of starts"
            found.append((float(said.split()[0]), seen))
    # All around them is seen, too, and far out nearly all diverge.
    assert [said for said, _ in found] == pytest.approx([share] * 3, abs=0.8)
    assert share - found[1][1] > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_box_whose_starts_are_counted_is_on_the_map_and_named(theme):
    rolling = pits(300, "himmelblau", [{"optimizer": {"name": "momentum", "lr": 0.01}}])
    snapshot, ink = snapshot_of(rolling, 0), rgb(THEMES[theme].text)
    with solo("basin-map", theme, (1400, 260)) as shown:
        look = Look(zoom=((-6.0, 6.0), (-6.0, 6.0)))
        assert any("of the box arrive" in word for word in shown.texts(snapshot, look))
        drawn = shown.draw(snapshot, look)
        (panel,) = shown.view._layout.panels
        for x in (-6.0, 6.0):
            at = point(shown, panel, x, 0.0).toPoint()
            corner = drawn[round(panel.body.top()) + 8, at.x() - 2 : at.x() + 3]
            assert np.abs(corner - ink).sum(axis=1).min() < 60
        # Where all that is shown is counted there is no frame.
        x0, x1, y0, y1 = shown.view._extent
        shown.draw(snapshot, Look(zoom=((x0, x1), (y0, y1))))
        assert not shown.view._painter.framed
        words = shown.texts(snapshot, Look(zoom=((x0, x1), (y0, y1))))
        assert not any("box" in word for word in words)


def test_shares_are_over_all_maps_in_one_form_or_over_none():
    names = ("A", "Momentum with a long name")
    race = pits(contestants=[{"name": name, "optimizer": {"name": "momentum", "lr": lr}}
                             for name, lr in zip(names, (0.05, 0.04), strict=True)])
    seen = set()
    for width in range(300, 901, 50):
        with solo("basin-map", "light", (width, 300)) as shown:
            words = shown.texts(snapshot_of(race, 0), Look())
            assert len(shown.view._layout.panels) == 2
            shares = [word.partition(" %")[2] for word in words if " %" in word]
            assert len(shares) in (0, 2) and len(set(shares)) <= 1
            seen.add(shares[0] if shares else None)
    assert {None, "", " arrive"} <= seen


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
        view.mouseClickEvent(mouse_at(at))
        row, column = view._cell(at)
        picture = view._shown.pictures[0]
        start = float(picture.x[column]), float(picture.y[row])
        assert asked == [("from", (0, start))]
        assert np.hypot(start[0] + 1.3, start[1] - 0.7) < 0.05
        view.mouseClickEvent(mouse_at(at, keys=Qt.KeyboardModifier.ShiftModifier))
        assert asked[1:] == [("start", start), ("release", None)]
        other = point(shown, view._layout.panels[1], -1.3, 0.7)
        view.mouseClickEvent(mouse_at(other))
        assert asked[3][0] == "from" and asked[3][1][0] == 1
        head = view._layout.panels[1].head.center()
        view.mouseClickEvent(mouse_at(head))
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
        shown.view.mouseClickEvent(mouse_at(segment.rect.center()))
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
    with solo("basin-map", "light", size) as shown:
        assert_readable(shown, snapshot_of(pits(), 0), Look())


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
        view.mouseClickEvent(mouse_at(at))
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


@pytest.mark.parametrize("size", [(300, 220), (430, 330), (620, 420)])
def test_what_a_shade_stands_for_is_said_before_hatches_push_it_out(size):
    wild = pits(60, "himmelblau", [{"optimizer": {"name": "momentum", "lr": 0.01}}])
    with solo("basin-map", "light", size) as shown:
        words = assert_readable(shown, snapshot_of(wild, 0), Look())
        assert {NOWHERE, DIVERGED} <= set(np.unique(shown.view._shown.pictures[0].reached))
        assert any(word.endswith(" steps") and not word.startswith("not") for word in words)
        assert "diverges" in words and any(word.startswith("not conv") for word in words)
        if size[0] > 400:
            assert any("minim" in word for word in words)


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
