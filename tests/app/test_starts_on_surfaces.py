"""A contestant's own start in the window: on its card, as a ring on every surface, in Undo."""

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtWidgets import QLineEdit
from reading import listened, mouse
from scenes import race, rgb, snapshot_of, solo
from window_rig import settle

from app.controls.choice_box import ChoiceBox
from app.controls.pointer import control_of
from app.views import Look
from engine import Experiment

pytestmark = pytest.mark.usefixtures("qapp")
HERE = (-3.0, -3.0)


def with_own(**changes) -> Experiment:
    """Three on Beale's function, of which Adam starts elsewhere."""
    return race(**changes).with_contestant(2, start=HERE)


@pytest.fixture
def own(window) -> object:
    window.document.take(race(picture={
        "layout": [["surface-path", "loss-curve"]], "chosen": "Adam"}))
    window.session.set_look(chosen=2)
    settle(window)
    return window


def typed(window, name: str, text: str) -> None:
    field = next(field for field in window.findChildren(QLineEdit)
                 if field.accessibleName() == name)
    field.setText(text)
    field.setModified(True)
    field.editingFinished.emit()
    settle(window)


def chosen(window, which: str) -> None:
    box = next(box for box in window.findChildren(ChoiceBox)
               if box.accessibleName() == "Adam start")
    box.setCurrentIndex(box.findData(which))
    box.activated.emit(box.currentIndex())
    settle(window)


def starts(window) -> list[object]:
    return [one.start for one in window.document.experiment.contestants]


# ---- on the card


def test_it_begins_as_the_races_and_is_typed_and_undone(own):
    chosen(own, "own")
    assert starts(own) == [None, None, own.document.experiment.problem.start]
    typed(own, "Adam starts at x", "\N{MINUS SIGN}1,5")
    assert starts(own)[2] == (-1.5, 1.5)
    assert own.session.snapshot.trails[2].path[0] == pytest.approx((-1.5, 1.5))
    chosen(own, "race")
    assert starts(own) == [None] * 3
    for before in ((-1.5, 1.5), (1.0, 1.5), None):
        own.document.undo()
        assert starts(own)[2] == before
    assert not own.document.stack.canUndo()


def test_what_is_no_number_is_refused_with_a_sentence_and_put_back(own):
    refused = []
    own.editor.refused.connect(refused.append)
    chosen(own, "own")
    typed(own, "Adam starts at y", "up")
    assert refused == ["Adam starts at y must be a number, not 'up'"]
    field = next(field for field in own.findChildren(QLineEdit)
                 if field.accessibleName() == "Adam starts at y")
    assert field.text() == "1.5" and starts(own)[2] == (1.0, 1.5)


def test_a_beat_can_point_at_it_and_at_the_races(own):
    assert control_of(own, "Adam.start").accessibleName() == "Adam start"
    chosen(own, "own")
    assert control_of(own, "problem.start").accessibleName() == "start x"


# ---- on surfaces


@pytest.mark.parametrize("name", ["surface-path", "surface-3d"])
def test_every_surface_has_a_ring_in_the_contestants_colour(name):
    with solo(name, "light", (500, 400)) as shown:
        snapshot = snapshot_of(with_own(), 80)
        drawn, view = shown.draw(snapshot, Look()), shown.view
        assert [start.at for start in view._starts] == [(1.0, 1.5), HERE]
        flat = name == "surface-path"
        at = view.canvas.mapToItem(view, view._pixel(*HERE)) if flat else view.to_pixel(*HERE)
        turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        ring = drawn[np.rint(at.y() + 5.5 * np.sin(turns)).astype(int),
                     np.rint(at.x() + 5.5 * np.cos(turns)).astype(int)]
        # Its trail and its name may lie over a part of it.
        own = rgb(view._starts[1].whose.color)
        assert (np.abs(ring - own).sum(1) < 120).mean() > 0.6
        muted = snapshot_of(with_own().with_contestant(2, muted=True), 80)
        shown.draw(muted, Look())
        assert len(view._starts) == 1


def test_a_drag_of_a_ring_moves_that_start_alone():
    with solo("surface-path", "light", (500, 400)) as shown:
        view = shown.view
        shown.draw(snapshot_of(with_own(), 80), Look())
        asked = listened(view)
        for begin, kind in ((HERE, "own_start"), ((1.0, 1.5), "start")):
            asked.clear()
            at = view._pixel(*begin)
            for share, first, last in ((0, True, False), (1, False, True)):
                event = mouse(at.x() + 40 * share, at.y())
                event.isStart, event.isFinish = (lambda f=first: f), (lambda f=last: f)
                event.buttonDownPos = lambda at=at: QPointF(at)
                event.button = lambda: Qt.MouseButton.LeftButton
                view.dragged(event)
            wishes = [wish for wish in asked if wish[0] != "release"]
            assert {wish[0] for wish in wishes} == {kind} and asked[-1] == ("release", None)
            point = wishes[-1][1] if kind == "start" else wishes[-1][1][1]
            assert point[0] > begin[0] and point[1] == pytest.approx(begin[1], abs=0.05)


def test_a_curve_begins_at_its_own_start_and_the_axis_has_room_for_it():
    experiment = race().with_contestant(2, start=(-4.0, -4.0))
    with solo("loss-curve", "light", (500, 300)) as shown:
        snapshot = snapshot_of(experiment, 80)
        shown.draw(snapshot, Look())
        first = [trail.loss[0] for trail in snapshot.trails]
        assert first[2] > 100 * first[0]
        _, (low, high) = shown.view.ranges()
        assert low < np.log10(first[2]) <= high
