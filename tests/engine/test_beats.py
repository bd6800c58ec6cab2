"""Beats: looks and layouts that stay in force, cameras that slide, terms that stand out."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Lesson
from engine.beat import parts_of
from engine.camera import USUAL_CAMERA, between_zooms, smooth
from engine.errors import ExperimentError
from engine.experiment import Picture

RACE = {
    "steps": 100,
    "problem": {"kind": "surface", "surface": "beale"},
    "contestants": [{"name": "A", "optimizer": "sgd"}, {"name": "B", "optimizer": "adam"}],
    "picture": {"loss_scale": "linear", "chosen": "B"},
}
NEAR, FAR = [[0.0, 1.0], [0.0, 1.0]], [[-4.0, 4.0], [-4.0, 4.0]]


def lesson(*beats: dict, **more: object) -> Lesson:
    return Lesson(title="T", experiment=RACE, beats=[{"seconds": 4, **beat} for beat in beats],
                  **more)


def seen(script: Lesson, seconds: float) -> Picture:
    return script.moment(seconds).picture


def test_a_look_stays_until_another_one_or_the_usual_comes():
    script = lesson({}, {"look": {"loss_scale": "log", "chosen": "A", "warp": 1.0}}, {},
                    {"look": {"loss_scale": "usual", "warp": 2.0}}, {"look": {"warp": "usual"}})
    assert [seen(script, 4 * beat + 3).loss_scale for beat in range(5)] == [
        "linear", "log", "log", "linear", "linear"]
    assert [seen(script, 4 * beat + 3).chosen for beat in range(5)] == ["B", "A", "A", "A", "A"]
    assert [seen(script, 4 * beat + 3).warp for beat in range(5)] == [None, 1.0, 1.0, 2.0, None]


def test_numbers_slide_gently_within_the_ease_and_stand_then():
    script = lesson({"look": {"warp": 1.0}}, {"look": {"warp": 3.0}, "ease": 2})
    values = [seen(script, 4 + Fraction(k, 10)).warp for k in range(0, 26)]
    assert values[0] == 1.0 and values[10] == pytest.approx(2.0) and values[20] == 3.0
    assert values[20:] == [3.0] * 6
    steps = np.diff(values[:21])
    assert (steps > 0).all()
    # Gentle at both ends, and the same way forwards and backwards.
    assert steps[0] < 0.3 * steps[10] > steps[-1]
    np.testing.assert_allclose(steps, steps[::-1])


def test_the_first_beat_begins_with_its_own_look():
    assert seen(lesson({"look": {"warp": 3.0}}), 0).warp == 3.0


def test_an_ease_longer_than_its_beat_ends_with_it():
    script = lesson({"look": {"warp": 0.0}}, {"look": {"warp": 1.0}, "ease": 100}, {})
    assert seen(script, Fraction(7999, 1000)).warp == pytest.approx(1.0, abs=1e-5)
    assert seen(script, 8).warp == 1.0


def test_a_camera_on_a_surface_starts_from_the_whole_of_it():
    script = lesson({}, {"look": {"zoom": NEAR}}, {"look": {"zoom": "usual"}})
    domain = ((-4.5, 4.5), (-4.5, 4.5))
    assert seen(script, 3).zoom is None
    assert seen(script, 4).zoom == domain
    assert seen(script, 5).zoom == ((0.0, 1.0), (0.0, 1.0))
    assert np.ptp(seen(script, Fraction(85, 10)).zoom[0]) > 1
    assert seen(script, 9).zoom is None


def azimuth(script: Lesson, seconds: float) -> float:
    return seen(script, seconds).camera[0] % 360


def test_a_camera_slides_the_shortest_way_round_from_the_usual_one_where_none_is_said():
    script = lesson({"look": {"camera": [170, 20, 1]}}, {"look": {"camera": [-170, 60, 4]},
                                                         "ease": 2}, {"look": {"camera": "usual"}})
    assert seen(script, 3).camera == (170.0, 20.0, 1.0)
    half = seen(script, 5).camera
    assert half[0] % 360 == pytest.approx(180)
    assert half[1:] == pytest.approx((40.0, 2.0))
    assert seen(script, 7).camera == (-170.0, 60.0, 4.0)
    assert seen(script, 11).camera is None
    # On its way to the usual camera, which the picture need not name.
    assert 34 < seen(script, Fraction(85, 10)).camera[1] < 60


def test_a_camera_goes_round_in_a_beat_and_stays_where_it_has_come_to():
    script = lesson({"orbit": 10}, {}, {"orbit": -5}, {"look": {"camera": [0, 30, 1]}}, {})
    first = USUAL_CAMERA[0] % 360
    assert azimuth(script, 2) == pytest.approx(first + 20)
    assert azimuth(script, 6) == pytest.approx(first + 40)
    assert azimuth(script, 10) == pytest.approx(first + 30)
    assert azimuth(script, 15) == azimuth(script, 19) == 0
    # Nothing jumps, not at the borders of beats either.
    times = [Fraction(k, 50) for k in range(1000)]
    found = np.unwrap([np.radians(azimuth(script, time)) if seen(script, time).camera else
                       np.radians(first) for time in times])
    assert np.abs(np.diff(np.degrees(found))).max() < 4


@pytest.mark.parametrize(("beat", "place", "words"), [
    ({"look": {"camera": [0, 95, 1]}}, "beats[0].look.camera[1]", "must be the elevation"),
    ({"look": {"camera": [0, 30, 0]}}, "beats[0].look.camera[2]", "must be the zoom"),
    ({"look": {"camera": [0, 30]}}, "beats[0].look.camera", "three numbers"),
    ({"orbit": 1000}, "beats[0].orbit", "degrees a second"),
])
def test_a_camera_that_cannot_be_is_refused_with_its_place(beat, place, words):
    with pytest.raises(ExperimentError) as refusal:
        lesson(beat)
    (mistake,) = refusal.value.mistakes
    assert mistake.place.startswith(place) and words in mistake.sentence


ends = st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)).map(lambda e: (e[0], e[0] + e[1]))


@given(ends, ends, st.floats(0, 1))
def test_a_zoom_grows_by_equal_factors_about_a_point_that_stands(before, after, share):
    low, high = between_zooms((before, before), (after, after), share)[0]
    wide = [end - start for start, end in (before, after)]
    assert high - low == pytest.approx(wide[0] ** (1 - share) * wide[1] ** share, rel=1e-6)
    # It lies where both ends have gone the same share of their ways.
    assert min(before[0], after[0]) - 1e-9 <= low <= max(before[0], after[0]) + 1e-9
    assert min(before[1], after[1]) - 1e-6 <= high <= max(before[1], after[1]) + 1e-6


def test_layouts_stay_and_cards_slide_with_the_look():
    one, two = (("surface-path",),), (("surface-path", "loss-curve"),)
    script = lesson({}, {"layout": [["surface-path", "loss-curve"]], "ease": 2}, {},
                    layout=[["surface-path"]])
    assert script.layouts == (one, one, two, two)
    start, half, after = (script.moment(time) for time in (4, 5, 9))
    assert (start.layouts, start.share) == ((one, two), 0.0)
    assert half.share == pytest.approx(0.5)
    assert (after.layouts, after.share) == ((two, two), 1.0)


@given(st.floats(-1, 2))
def test_smooth_is_monotone_between_0_and_1(share):
    assert 0 <= smooth(share) <= 1
    assert smooth(share) <= smooth(share + 0.01)
    assert smooth(share) + smooth(1 - share) == pytest.approx(1)


@pytest.mark.parametrize(("formula", "term", "parts"), [
    (r"w - \eta\, g_t", r"\eta", ("w - ", r"\eta", r"\, g_t")),
    (r"\beta m + (1 - \beta) g", r"\beta", ("", r"\beta", " m + (1 - ", r"\beta", ") g")),
    (r"v_t = \mu v_{t-1} + g_t", "g_t", (r"v_t = \mu v_{t-1} + ", "g_t", "")),
    # No piece of a command, of what has an index, or of what stands in braces.
    (r"\beta_1 + \eta", r"\beta", (r"\beta_1 + \eta",)),
    (r"\frac{\eta}{2}", r"\eta", (r"\frac{\eta}{2}",)),
    (r"\etamax + 1", r"\eta", (r"\etamax + 1",)),
    (r"x_v + v", "v", ("x_v + ", "v", "")),
])
def test_a_term_is_found_where_it_stands_by_itself(formula, term, parts):
    assert parts_of(formula, term) == parts
    assert "".join(parts_of(formula, term)) == formula


@pytest.mark.parametrize(("beat", "place", "sentence"), [
    ({"look": {"zom": NEAR}}, "beats[0].look.zom", "did you mean zoom?"),
    ({"look": {"layout": [["loss-curve"]]}}, "beats[0].look.layout", "not a key"),
    ({"look": {"layer": -1}}, "beats[0].look.layer", "from 0 up"),
    ({"look": {"chosen": "C"}}, "beats[0].look.chosen", "a contestant's name (A, B), not 'C'"),
    ({"formula": "a + b", "term": "c"}, "beats[0].term", "must be a part of the formula"),
    ({"point_at": "A.lrr"}, "beats[0].point_at", "did you mean 'A.lr'?"),
    ({"ease": -1}, "beats[0].ease", "from 0 to 600"),
    ({"your_turn": 1}, "beats[0].your_turn", "true or false, not 1"),
    ({"layout": [["Loss"]]}, "beats[0].layout[0][0]", "a view's name"),
])
def test_a_wrong_beat_says_what_is_wrong_and_where(beat, place, sentence):
    with pytest.raises(ExperimentError) as caught:
        lesson(beat)
    (mistake,) = caught.value.mistakes
    assert mistake.place == place
    assert sentence in mistake.sentence


def test_beats_come_back_from_their_file():
    script = lesson({"title": "One", "look": {"zoom": NEAR, "warp": 1.5}, "ease": 0.5,
                     "formula": r"\eta g", "term": r"\eta", "your_turn": True,
                     "point_at": "A.lr", "layout": [["loss-curve"]]}, {"look": {"zoom": "usual"}})
    again = Lesson.from_toml(script.to_toml())
    assert again == script
    assert again.pictures == script.pictures
