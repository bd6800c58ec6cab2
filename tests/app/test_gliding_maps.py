"""Maps on their way from one part of the plane to another: a few a slide, however many frames."""

from fractions import Fraction

import numpy as np
import pytest
from PyQt6.QtGui import QColor
from scenes import pixels
from window_rig import settle

from app.film import Projector, look_of
from app.looks import look_at_moment
from app.theme import LIGHT, Style
from app.views import Look, basin_question, settings_question
from app.views.gliding import MOST_ENLARGED, glide, stages_between
from app.views.map_pixels import Layer, pixels_of
from engine.lesson import Lesson
from engine.maps import DIVERGED

pytestmark = pytest.mark.usefixtures("qapp")
NEAR, FAR = ((-2.0, 1.0), (-3.0, -1.0)), ((1.0, 4.0), (1.0, 4.0))
SETTINGS = ((0.001, 0.05), (0.5, 0.95))


def lesson(*beats, layout=(("basin-map", "settings-map"),), first="usual") -> Lesson:
    """Momentum in Himmelblau's valleys, seen whole first."""
    return Lesson(
        title="Closer", layout=layout, beats=[
            {"seconds": 1, "steps_per_second": 0, "look": {"zoom": first}}, *(
                {"seconds": 2, "steps_per_second": 0, **beat} for beat in beats)],
        experiment={"steps": 60, "problem": {"kind": "surface", "surface": "himmelblau"},
                    "contestants": [{"optimizer": {"name": "momentum", "lr": 0.01}}]})


CLOSER = lesson({"look": {"zoom": NEAR, "settings_zoom": SETTINGS}},
                {"look": {"zoom": "usual", "settings_zoom": "usual"}})


@pytest.fixture
def made(monkeypatch) -> dict[str, int]:
    """How many maps are begun."""
    count = {"basins": 0, "settings": 0}

    def counting(name, own):
        def counted(*args, **more):
            count[name] += 1
            return own(*args, **more)

        return counted

    for module, name in ((basin_question, "basins"), (settings_question, "settings")):
        monkeypatch.setattr(module, name, counting(name, getattr(module, name)))
    return count


def projector(of: Lesson) -> Projector:
    return Projector(of, (760, 400), "light", look_of(of))


def frame(shown: Projector, seconds: float):
    return pixels(shown.image(Fraction(seconds).limit_denominator(1000)))


# ---- the way


def test_a_zoom_shows_the_wider_map_and_the_narrower_one_at_its_place():
    wide, narrow = (0.0, 4.0, 0.0, 4.0), (1.0, 3.0, 2.0, 4.0)
    inwards, outwards = glide(wide, narrow, 0.25), glide(narrow, wide, 0.25)
    assert inwards.seen == ((wide, 1.0), (narrow, 0.5))
    assert outwards.seen == ((wide, 1.0), (narrow, 1.0))
    # What heads tell of is what has been come to.
    assert inwards.reached == wide and glide(wide, narrow, 1.0).reached == narrow
    assert outwards.reached == narrow and glide(narrow, wide, 1.0).reached == wide
    assert glide(wide, narrow, 0.0).seen[1] == glide(narrow, wide, 1.0).seen[1] == (narrow, 0.0)
    # Shades are scaled as far as the way is gone, whichever of the two lies on top.
    assert (inwards.top, outwards.top) == (0.25, 0.75)
    # Sides shrink by equal factors in equal times.
    widths = [glide(wide, narrow, share).now for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert widths[0] == wide and widths[-1] == pytest.approx(narrow)
    ratios = np.diff(np.log([right - left for left, right, _, _ in widths]))
    assert ratios == pytest.approx([ratios[0]] * 4)


def test_no_map_is_enlarged_much_on_a_long_way():
    far, near = (-6.0, 6.0, -6.0, 6.0), (0.09, 0.39, 4.09, 4.39)
    stages = stages_between(far, near)
    assert stages == 5 and stages_between(near, far) == stages
    parts = set()
    for one, other in ((far, near), (near, far)):
        for share in np.linspace(0, 1, 101):
            way = glide(one, other, share)
            (wide, full), (narrow, _) = way.seen
            assert full == 1 and way.reached in (wide, narrow)
            # The wider one has all that is seen in it, and all of the narrower one.
            for inner in (way.now, narrow):
                assert wide[0] <= inner[0] + 1e-9 and inner[1] <= wide[1] + 1e-9
                assert wide[2] <= inner[2] + 1e-9 and inner[3] <= wide[3] + 1e-9
            enlarged = (wide[1] - wide[0]) / (way.now[1] - way.now[0])
            assert enlarged <= MOST_ENLARGED + 1e-9
            parts |= {tuple(np.round(wide, 9)), tuple(np.round(narrow, 9))}
    assert len(parts) == stages + 1
    # From stage to stage nothing jumps: the one that has come up is the next one below.
    before, after = glide(far, near, 0.4 - 1e-6), glide(far, near, 0.4 + 1e-6)
    assert before.seen[1] == (after.seen[0][0], 1.0) and after.seen[1][1] < 1e-4
    assert before.top == pytest.approx(1, abs=1e-5) and after.top == pytest.approx(0, abs=1e-5)


def test_a_move_aside_is_seen_on_a_map_that_has_both():
    left, right = (0.0, 2.0, 0.0, 1.0), (5.0, 7.0, 0.0, 1.0)
    for share in (0.0, 0.3, 1.0):
        way = glide(left, right, share)
        around, opacity = way.seen[0]
        assert around == (0.0, 7.0, 0.0, 1.0) and opacity == 1
        assert way.seen[1:] == ((left, 1 - share), (right, share))
        assert around[0] <= way.now[0] and way.now[1] <= around[1]
        assert way.now[1] - way.now[0] == pytest.approx(2.0)
        assert way.reached == (right if share == 1 else left)


# ---- pixels


def drawn(layers, shown, style):
    found = pixels_of(layers, shown, (240, 240), QColor("#ff00ff"), style, 1.0)
    return found.view(np.uint8).reshape(240, 240, 4)[..., 2].astype(int)


def test_an_enlarged_map_has_no_blocks_and_one_at_rest_has_its_own_colours():
    style = Style(LIGHT)
    cells = np.where(np.add.outer(np.arange(8), np.arange(8)) % 2, 0xFFFFFFFF, 0xFF000000)
    lost = np.zeros((8, 8), bool)
    layer = Layer(cells.astype(np.uint32), lost, (0.0, 8.0, 0.0, 8.0))
    rest = drawn([layer], layer.cells, style)
    assert set(np.unique(rest)) == {0, 255}
    close = drawn([layer], (2.0, 6.0, 2.0, 6.0), style)
    # A cell is sixty pixels wide: from one to the next there are so many steps.
    assert np.abs(np.diff(close, axis=0)).max() < 12 and np.abs(np.diff(close, axis=1)).max() < 12
    # The middles of cells, half a pixel from the nearest pixel's, keep their colours.
    np.testing.assert_allclose(close[30::60, 30::60], rest[75:195:30, 75:195:30], atol=5)


def test_a_map_within_another_has_no_edge():
    style, lost = Style(LIGHT), np.zeros((4, 4), bool)
    dark, light = (np.full((4, 4), color, np.uint32) for color in (0xFF000000, 0xFFFFFFFF))
    below, over = Layer(dark, lost, (0, 8, 0, 8)), Layer(light, lost, (2, 6, 2, 6))
    found = drawn([below, over], below.cells, style)
    assert found[120, 120] == 255 and found[0, 0] == 0
    assert np.abs(np.diff(found, axis=1)).max() < 16
    # One that fills what is seen is there to the very edge.
    assert (drawn([below, over], over.cells, style) == 255).all()


# ---- in films


def test_a_slide_takes_a_map_a_stage_however_many_frames_and_those_that_are_known_none(made):
    shown = projector(CLOSER)
    frame(shown, 0.5)
    assert made == {"basins": 1, "settings": 1}
    for seconds in np.linspace(1.0, 2.9, 12):
        frame(shown, float(seconds))
    # About four times closer, and four times in the learning rate's logarithm.
    assert made == {"basins": 3, "settings": 3}
    # On the way back all are known.
    for seconds in (3.0, 3.4, 3.8, 4.5):
        frame(shown, seconds)
    assert made == {"basins": 3, "settings": 3}
    shown.close()


def test_heads_tell_of_what_is_seen():
    shown = projector(lesson({"look": {"zoom": ((-0.5, 0.5), (3.5, 4.5))}}, layout=[["basin-map"]],
                             first=((-9.0, 9.0), (-9.0, 9.0))))
    shares = []
    for seconds in (0.5, 1.0, 1.4, 2.0, 2.6, 3.0):
        frame(shown, seconds)
        painter = shown.stage.board.view("basin-map")._painter
        picture = painter.reached
        shares.append(1 - picture.pictures[0].share(DIVERGED))
        assert any(maps is picture or maps.question == picture.question
                   for maps, _ in painter.seen)
    # At its first frame a slide shows what was there, and its numbers.
    assert shares[1] == shares[0] < 0.6 and shares[-1] == 1
    assert shares == sorted(shares)
    shown.close()


def test_a_frame_follows_from_its_time_alone():
    one, other = projector(CLOSER), projector(CLOSER)
    frames = {seconds: frame(one, seconds) for seconds in (0.5, 1.2, 1.6, 2.5, 3.3, 4.5)}
    for seconds in (3.3, 1.6, 4.5, 1.2):
        np.testing.assert_array_equal(frame(other, seconds), frames[seconds])
    np.testing.assert_array_equal(frames[0.5], frames[4.5])
    one.close()
    other.close()


def test_a_slide_leaves_the_one_end_and_comes_to_the_other_without_a_jump():
    shown = projector(CLOSER)
    apart = [np.abs(frame(shown, one) - frame(shown, other)).mean() for one, other in (
        (0.999, 1.002), (1.998, 2.001), (2.999, 3.002), (3.998, 4.001), (1.3, 1.6))]
    assert max(apart[:4]) < 0.25 * apart[4]
    shown.close()


def test_axes_glide_on_their_own_scales():
    shown = projector(CLOSER)
    frame(shown, 1.5)
    view = shown.stage.board.view("settings-map")
    (low, high), (bottom, _) = (axis.span for axis in view._axes)
    # Half of the way of a learning rate is half of the way of its logarithm.
    assert 1e-5 < low < 0.001 and 0.05 < high < 10
    whole, near = np.log(10.0 / 1e-5), np.log(0.05 / 0.001)
    assert np.log(high / low) == pytest.approx(np.sqrt(whole * near), rel=1e-6)
    assert 0 < bottom < 0.5
    shown.close()


def test_a_map_that_comes_with_its_beat_comes_where_it_will_stand(made):
    coming = lesson({"look": {"zoom": NEAR, "settings_zoom": SETTINGS},
                     "layout": [["settings-map", "surface-path"]]},
                    {"look": {"zoom": FAR}, "layout": [["basin-map"]]}, layout=[["basin-map"]])
    shown = projector(coming)
    for seconds in (0.5, 1.1, 1.4, 1.8, 2.5):
        frame(shown, seconds)
    # The one that leaves is as it was, and the other one is made for its place alone.
    assert made == {"basins": 1, "settings": 1}
    for seconds in (3.1, 3.5, 4.5):
        frame(shown, seconds)
    assert made == {"basins": 2, "settings": 1}
    shown.close()


def test_other_hyperparameters_have_another_plane_and_nothing_glides():
    other = lesson({"look": {"settings_zoom": SETTINGS}},
                   {"look": {"settings_x": "weight_decay", "settings_zoom": "usual"}})
    moment = other.moment(1.3)
    slide = look_at_moment(moment, other.beats[1], Look()).slide
    assert slide.settings_zoom == (None, SETTINGS) and 0 < slide.share < 1
    assert look_at_moment(other.moment(3.3), other.beats[2], Look()).slide.settings_zoom == (
        None, None)
    for still in (0.5, 2.5, 4.5):
        assert look_at_moment(other.moment(still), other.beats[0], Look()).slide is None


# ---- in the window


def test_the_window_glides_as_the_film_does_until_the_viewer_looks_elsewhere(window, qtbot):
    window.document.take(CLOSER)
    session = window.session
    session.lesson.go_to_beat(0, play=False)
    settle(window)
    session.player.scrub(1500)
    settle(window)
    moment = CLOSER.moment(Fraction(3, 2))
    film = look_at_moment(moment, CLOSER.beats[1], Look())
    assert session.look.slide == film.slide is not None
    view = window.board.view("basin-map")
    qtbot.waitUntil(lambda: not view.unfinished and len(view._painter.seen) == 2, timeout=20_000)
    view.asked.emit("zoom", FAR)
    assert session.look.slide is None and session.look.zoom == FAR
    qtbot.waitUntil(lambda: len(view._painter.seen) == 1, timeout=20_000)


def test_a_lesson_that_is_left_on_the_way_leaves_no_slide_behind(window):
    window.document.take(CLOSER)
    session = window.session
    session.lesson.go_to_beat(0, play=False)
    session.player.scrub(1500)
    settle(window)
    assert session.look.slide is not None
    window.editor.contestant(0, "hyper", ("lr", 0.02))
    settle(window)
    assert not session.lesson.on and session.look.slide is None
