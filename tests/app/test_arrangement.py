"""Where cards lie on a board: edits of an arrangement, and the files that keep it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.arrangement import Arrangement, reshaped, usual
from app.layouts import ARRANGEMENTS, film_arrangement, lab_arrangement, offered
from app.looks import picture_of
from app.starting import starting_experiment, starting_network
from app.views import Look, views
from engine.errors import ExperimentError, UnknownName
from engine.experiment import Experiment, Picture
from engine.lesson import as_lesson

ROWS = (("decision-map", "curves"), ("layer-histograms",))
SIDES = ("left", "right", "above", "below")
NETWORK_VIEWS = offered("network")


def test_the_usual_sizes_are_the_views_own_and_need_no_line_in_a_file():
    found = usual(ROWS)
    assert found.names == ROWS
    for row in found.rows:
        assert [cell.width for cell in row.cells] == [
            views[cell.name].weight[0] for cell in row.cells]
        assert row.height == max(views[cell.name].weight[1] for cell in row.cells)
    assert found.widths is None and found.heights is None


@pytest.mark.parametrize("side, rows", [
    ("left", (("decision-map",), ("curves", "layer-histograms"))),
    ("right", (("decision-map",), ("layer-histograms", "curves"))),
    ("above", (("decision-map",), ("curves",), ("layer-histograms",))),
    ("below", (("decision-map",), ("layer-histograms",), ("curves",))),
])
def test_a_view_goes_to_a_side_of_another(side, rows):
    assert usual(ROWS).beside("curves", "layer-histograms", side).names == rows


def test_a_view_leaves_its_row_at_its_own_side():
    assert usual(ROWS).beside("curves", "curves", "below").names == (
        ("decision-map",), ("curves",), ("layer-histograms",))
    assert usual(ROWS).beside("curves", "curves", "left") == usual(ROWS)
    assert usual(ROWS).beside("layer-histograms", "layer-histograms", "above") == usual(ROWS)
    assert usual(ROWS).beside("curves", "decision-map", "right") == usual(ROWS)


def test_a_view_moves_by_keys_through_rows_and_between_them():
    found = usual(ROWS)
    assert found.moved("curves", "left").names == (("curves", "decision-map"),
                                                   ("layer-histograms",))
    assert found.moved("curves", "right") == found
    down = found.moved("curves", "down")
    assert down.names == (("decision-map",), ("curves",), ("layer-histograms",))
    assert down.moved("curves", "down").names == (("decision-map",), ("layer-histograms", "curves"))
    assert down.moved("curves", "up").names == ROWS
    assert found.moved("layer-histograms", "down") == found


def test_the_last_view_stays_and_a_view_is_there_once():
    alone = usual((("curves",),))
    assert alone.without("curves") == alone
    assert alone.with_view("curves") == alone
    assert usual((("curves", "curves"), ("curves",), ())) == alone


def test_another_view_joins_the_last_row_while_there_is_room():
    found = usual((("decision-map",), ("curves",)))
    assert found.with_view("standings").names == (("decision-map",), ("curves", "standings"))
    wide = found.with_view("layer-histograms")
    assert wide.names[-1][-1] == "layer-histograms"
    assert all(sum(cell.width for cell in row.cells) <= 3 or len(row.cells) == 1
               for row in wide.rows)


def test_chosen_sizes_stay_with_their_views_and_rows():
    sized = usual(ROWS).with_widths(0, [2.0, 0.7]).with_heights([0.8, 1.7])
    assert sized.widths == ((2.0, 0.7), (views["layer-histograms"].weight[0],))
    assert sized.heights == (0.8, 1.7)
    moved = sized.beside("curves", "layer-histograms", "left")
    assert [cell.width for cell in moved.rows[1].cells][0] == 0.7
    assert [row.height for row in moved.rows] == [0.8, 1.7]
    assert sized.with_usual_sizes().with_usual_sizes(0) == usual(ROWS)


names = st.sampled_from(NETWORK_VIEWS)
arrangements = st.lists(names, min_size=1, unique=True).flatmap(
    lambda chosen: st.integers(1, 3).map(lambda across: reshaped(chosen, across)))


@settings(max_examples=60, deadline=None)
@given(arrangements, st.data())
def test_no_edit_loses_or_doubles_a_view(found, data):
    name = data.draw(st.sampled_from(found.views))
    target = data.draw(st.sampled_from(found.views))
    for edited in (found.beside(name, target, data.draw(st.sampled_from(SIDES))),
                   found.moved(name, data.draw(st.sampled_from(("left", "right", "up", "down"))))):
        assert sorted(edited.views) == sorted(found.views)
        assert all(edited.names)
        assert edited.place_of(name)
    other = data.draw(names)
    assert set(found.with_view(other).views) == {*found.views, other}
    assert set(found.without(name).views) == ({*found.views} - {name} or {name})


@pytest.mark.parametrize("kind", list(ARRANGEMENTS))
def test_every_named_arrangement_shows_views_of_its_kind(kind):
    shown = usual((offered(kind)[:3],))
    for named in ARRANGEMENTS[kind]:
        found = named.of(shown)
        assert set(found.views) <= set(offered(kind))
        assert named.of(found) == found
    assert len({named.title for named in ARRANGEMENTS[kind]}) == len(ARRANGEMENTS[kind])
    assert "curves" not in offered("surface") and "surface-path" not in offered("network")


def test_a_file_gives_the_arrangement_back_in_the_window_and_in_films():
    sized = usual(ROWS).with_widths(0, [2.2, 0.5]).with_heights([0.9, 1.6])
    experiment = starting_network("moons")
    picture = picture_of(experiment, Look(chosen=0), sized, 0)
    again = Experiment.from_toml(experiment.replaced(picture=picture).to_toml())
    assert lab_arrangement(again) == sized
    assert film_arrangement(as_lesson(again)) == sized
    assert "widths" not in experiment.replaced(
        picture=picture_of(experiment, Look(chosen=0), usual(ROWS), 0)).to_toml()


def test_a_lesson_keeps_its_layout_until_the_viewer_arranges_it():
    lesson = as_lesson(starting_experiment("beale")).replaced(layout=[["surface-path"]])
    assert lab_arrangement(lesson.experiment, lesson).names == (("surface-path",),)
    other = lesson.experiment.replaced(picture=Picture(layout=[["loss-curve"]]))
    assert lab_arrangement(other, lesson).names == (("loss-curve",),)


def test_an_unknown_view_is_named():
    with pytest.raises(UnknownName, match="curves"):
        usual((("curvs",),))


@pytest.mark.parametrize("changes, place, word", [
    ({"widths": [[1.0]]}, "widths", "one entry for each of the layout's 2 rows, not 1"),
    ({"widths": [[1.0, 1.0], [1.0, 2.0]]}, "widths[1]", "each of the row's 1 views, not 2"),
    ({"widths": [[1.0, 0.0], [1.0]]}, "widths[0][1]", "greater than 0"),
    ({"widths": [[1.0, "wide"], [1.0]]}, "widths[0][1]", "number"),
    ({"heights": [1.0]}, "heights", "2 rows, not 1"),
    ({"heights": [1.0, float("inf")]}, "heights[1]", "finite"),
    ({"layout": None, "heights": [1.0]}, "heights", "needs a layout"),
])
def test_sizes_that_do_not_fit_the_layout_are_refused_with_their_place(changes, place, word):
    with pytest.raises(ExperimentError) as caught:
        Picture(**({"layout": ROWS} | changes))
    (mistake,) = caught.value.mistakes
    assert mistake.place == place and word in mistake.sentence


def test_an_arrangement_without_rows_has_no_views():
    assert Arrangement(()).views == ()
