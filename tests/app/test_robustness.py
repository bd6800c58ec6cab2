"""Whatever somebody does while networks train: nothing breaks, and what is shown is what was asked.

Leaks of threads and timers fail every test of this folder (`conftest.py`).
"""

import threading

import numpy as np
import pytest
from lab_user import LEFT, at_the_window
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

from app.starting import starting_network
from app.worker import LONG_AFTER_SECONDS
from engine import Run
from engine.network.training import Training

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LONG = 10_000_000
ACTS = 100


@pytest.fixture
def user(qapp, tmp_path):
    with at_the_window(tmp_path) as user:
        yield user


def training(steps=LONG, dataset="moons"):
    """Three networks that train for longer than any test does."""
    start = starting_network(dataset)
    plain, norm = start.contestants
    mask = {"kind": "dropout", "rate": 0.3}
    return start.replaced(steps=steps, contestants=[
        plain, norm, {**plain.fields(), "name": "Dropout", "layers": [*plain.layers, mask]}])


def at_full_speed(user, experiment=None):
    """A window in the middle of training, playing."""
    user.take(experiment or training(), computed=False)
    user.pick(user.window.transport.speed, None)
    user.click(user.window.transport.play)
    for _ in range(200):
        if user.window.session.run.computed > 200:
            break
        QTest.qWait(5)
    # A run that has gone on for a while is advanced in longer chunks.
    QTest.qWait(round(1000 * LONG_AFTER_SECONDS))
    assert user.window.session.player.playing
    assert user.window.session._worker.busy


def check_shown(user):
    """What is on the screen is the document's experiment at that step, bit for bit."""
    user.window.session.tick()
    user.settle()
    shown = user.snapshot
    assert shown.experiment is user.experiment
    own = Run(user.experiment)
    own.advance(shown.step)
    wanted = own.at(shown.step)
    for state, same in zip(shown.contestants, wanted.contestants, strict=True):
        assert (state.name, state.lr) == (same.name, same.lr)
        assert (state.diverged is None) == (same.diverged is None)
        if user.experiment.problem.kind == "network":
            assert np.array_equal(state.state, same.state)
        else:
            assert np.array_equal(state.point, same.point, equal_nan=True)
            assert np.array_equal(state.slots, same.slots, equal_nan=True)


# ---- one thing at a time


def test_the_newest_step_is_shown_and_not_trained_a_second_time(user, monkeypatch):
    at_full_speed(user)
    here, segment, again = threading.get_ident(), Training.segment, []

    def watched(training, state, step, count, *rest, **more):
        # A card's loss is one step; what was not kept takes many.
        if threading.get_ident() == here and count > 1:
            again.append(step)
        return segment(training, state, step, count, *rest, **more)

    monkeypatch.setattr(Training, "segment", watched)
    shown, late = set(), 0
    for _ in range(20):
        QTest.qWait(10)
        before = len(again)
        user.window.session.tick()
        shown.add(user.snapshot.step)
        late += len(again) > before
    # A thread that does not get a core for several chunks comes too late once in a while.
    assert len(shown) > 10 and late <= 4
    user.window.session.player.pause()
    check_shown(user)


def test_closing_while_it_trains_ends_the_worker(qapp, tmp_path):
    with at_the_window(tmp_path) as user:
        at_full_speed(user)
        worker = user.window.session._worker._thread
        user.window.document.stack.setClean()
        user.window.close()
        assert not worker.is_alive() and not user.window.session._timer.isActive()
        assert worker not in threading.enumerate()


def test_another_entry_of_the_list_takes_its_place(user):
    at_full_speed(user)
    first = user.window.session.run
    for title, kind in (("Rosenbrock's function", "surface"), ("Circles", "network"),
                        ("Exclusive or", "network"), ("Beale's function", "surface"),
                        ("Moons", "network")):
        user.open(title)
        assert user.experiment.problem.kind == kind
        assert user.window.session.run is not first
        if kind == "network":
            user.click(user.window.transport.play)
        QTest.qWait(30)
        user.window.session.player.pause()
        check_shown(user)
    done = first.computed
    QTest.qWait(60)
    assert first.computed == done, "what is no longer looked at is no longer trained"


def test_the_architecture_changes_under_its_feet(user):
    at_full_speed(user)
    user.choose(0)
    layers = user.window.contestants.cards[0].layers
    for depth, width in ((1, 4), (5, 48), (0, 8), (3, 16)):
        user.type(layers.depth_row.field, str(depth))
        user.type(layers.width_row.field, str(width))
        QTest.qWait(20)
    user.click(layers.batch_norm)
    user.pick(layers.activation, "relu")
    QTest.qWait(40)
    kinds = [layer.kind for layer in user.experiment.contestants[0].layers]
    assert kinds == ["dense", "batch-norm", "relu"] * 3
    user.window.session.player.pause()
    check_shown(user)


def test_data_seed_loss_and_precision_change_under_its_feet(user):
    at_full_speed(user)
    panel = user.window.network
    user.pick(panel.data.dataset, "spirals")
    QTest.qWait(20)
    user.pick(panel.precision, "float64")
    QTest.qWait(20)
    user.pick(panel.loss, "hinge")
    user.type(panel.batch.field, "8")
    seed = user.experiment.seed
    user.press(Qt.Key.Key_N)
    QTest.qWait(40)
    problem = user.experiment.problem
    assert user.experiment.seed != seed
    assert (problem.dataset.name, problem.precision, problem.loss.name, problem.batch) == (
        "spirals", "float64", "hinge", 8)
    user.window.session.player.pause()
    check_shown(user)


def test_contestants_come_and_go_and_so_do_the_edits(user):
    at_full_speed(user)
    before = user.experiment
    user.choose(1)
    for label in ("With dropout 0.5", "Learning rate × 10"):
        user.choose(1)
        user.compare(label)
    user.more(0, "Remove")
    user.more(0, "Mute")
    QTest.qWait(40)
    assert len(user.experiment.contestants) == 4
    after = user.experiment
    for _ in range(4):
        user.press(Qt.Key.Key_Z, CONTROL)
    assert user.experiment == before and not user.window.document.stack.canUndo()
    for _ in range(4):
        user.press(Qt.Key.Key_Y, CONTROL)
    assert user.experiment == after and not user.window.document.stack.canRedo()
    QTest.qWait(40)
    user.window.session.player.pause()
    check_shown(user)


def test_it_is_scrubbed_presented_resized_and_restyled_while_it_trains(user):
    at_full_speed(user)
    timeline = user.window.transport.timeline
    for share in (0.5, 0.0, 0.9):
        # Only the beginning is computed yet: it goes as far as it can.
        QTest.mouseClick(timeline, LEFT, pos=QPoint(int(share * timeline.width()), 8))
        QTest.qWait(10)
    user.press(Qt.Key.Key_T)
    user.press(Qt.Key.Key_F11)
    QTest.qWait(60)
    assert user.window.pages.currentIndex() == 1
    for size in ((820, 500), (1920, 1080), (1280, 720)):
        user.window.resize(*size)
        QTest.qWait(20)
    user.press(Qt.Key.Key_Escape)
    user.window.resize(1100, 700)
    QTest.qWait(40)
    # A step on by key ends the playing.
    user.press(Qt.Key.Key_Right)
    user.press(Qt.Key.Key_Home)
    user.press(Qt.Key.Key_Right, SHIFT)
    user.press(Qt.Key.Key_Right)
    assert not user.window.session.player.playing
    user.window.session.tick()
    assert user.snapshot.step == 11
    check_shown(user)


def test_the_numbers_on_the_cards_are_those_of_the_step_that_a_scrub_shows(user):
    user.take(training(steps=300))
    user.window.session.wait()
    states = Run(user.experiment).finish()
    for key, step in ((Qt.Key.Key_End, 300), (Qt.Key.Key_Left, 299), (Qt.Key.Key_Home, 0),
                      (Qt.Key.Key_Right, 1)):
        user.press(key)
        user.window.session.tick()
        assert user.snapshot.step == step
        for card, state in zip(user.window.contestants.cards, states.at(step).contestants,
                               strict=True):
            assert card.loss.text() == card.standing(state)[0]


# ---- hundreds of things, one after another


class Monkey:
    """Somebody who tries everything: a seed says what comes next."""

    def __init__(self, user, seed):
        self.user, self.random = user, np.random.default_rng(seed)
        self.did = []
        self.acts = [self.play, self.scrub, self.step, self.rate, self.change, self.remove,
                     self.mute, self.undo, self.redo, self.reseed, self.choose, self.dataset,
                     self.batch, self.precision, self.theme, self.present, self.resize,
                     self.click_board, self.maximise, self.wheel, self.look, self.open_other]

    def act(self):
        """One of the acts."""
        act = self.acts[self.random.integers(len(self.acts))]
        self.did.append(act.__name__)
        act()
        QTest.qWait(int(self.random.integers(0, 8)))

    def _index(self):
        return int(self.random.integers(len(self.user.experiment.contestants)))

    def _network(self):
        return self.user.experiment.problem.kind == "network"

    def play(self):
        if self.random.random() < 0.5:
            self.user.pick(self.user.window.transport.speed, None)
        self.user.press(Qt.Key.Key_Space)

    def scrub(self):
        timeline = self.user.window.transport.timeline
        at = QPoint(int(self.random.integers(timeline.width())), timeline.height() // 2)
        QTest.mouseClick(timeline, LEFT, pos=at)

    def step(self):
        keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
        self.user.press(keys[self.random.integers(len(keys))])

    def rate(self):
        slider = self.user.window.contestants.cards[self._index()]._rows["lr"].slider
        if slider.isVisible():
            places = self.random.integers(slider.width(), size=3)
            QTest.mousePress(slider, LEFT, pos=QPoint(int(places[0]), 5))
            for place in places[1:]:
                QTest.mouseMove(slider, QPoint(int(place), 5))
            QTest.mouseRelease(slider, LEFT, pos=QPoint(int(places[-1]), 5))

    def change(self):
        if self._network() and len(self.user.experiment.contestants) < 6:
            self.user.choose(self._index())
            menu = self.user.window.contestants.changes
            menu.aboutToShow.emit()
            actions = menu.actions()
            actions[self.random.integers(len(actions))].trigger()

    def remove(self):
        if len(self.user.experiment.contestants) > 2:
            self.user.more(self._index(), "Remove")

    def mute(self):
        index = self._index()
        muted = self.user.experiment.contestants[index].muted
        self.user.more(index, "Show" if muted else "Mute")

    def undo(self):
        self.user.press(Qt.Key.Key_Z, CONTROL)

    def redo(self):
        self.user.press(Qt.Key.Key_Y, CONTROL)

    def reseed(self):
        self.user.press(Qt.Key.Key_N)

    def choose(self):
        self.user.choose(self._index())

    def dataset(self):
        if self._network():
            names = ("moons", "circles", "spirals", "xor")
            self.user.pick(self.user.window.network.data.dataset,
                           names[self.random.integers(len(names))])

    def batch(self):
        if self._network():
            self.user.type(self.user.window.network.batch.field,
                           str(self.random.integers(2, 64)))

    def precision(self):
        if self._network():
            self.user.pick(self.user.window.network.precision,
                           ("float32", "float64")[self.random.integers(2)])

    def theme(self):
        self.user.press(Qt.Key.Key_T)

    def present(self):
        self.user.press(Qt.Key.Key_F11)
        QTest.qWait(20)
        self.user.press(Qt.Key.Key_Escape)

    def resize(self):
        sizes = ((820, 500), (1100, 700), (1280, 800), (1920, 1080))
        self.user.window.resize(*sizes[self.random.integers(len(sizes))])

    def _somewhere(self):
        viewport = self.user.window.board_view.viewport()
        return viewport, QPoint(int(self.random.integers(viewport.width())),
                                int(self.random.integers(viewport.height())))

    def click_board(self):
        viewport, at = self._somewhere()
        QTest.mouseMove(viewport, at)
        QTest.mouseClick(viewport, LEFT, pos=at)

    def maximise(self):
        viewport, at = self._somewhere()
        QTest.mouseDClick(viewport, LEFT, pos=at)

    def wheel(self):
        self.user.press(Qt.Key.Key_F)

    def look(self):
        self.user.press(Qt.Key.Key_G)

    def open_other(self):
        # What would be lost is thrown away: no test answers a dialog.
        self.user.window.document.stack.setClean()
        if self.random.random() < 0.3:
            self.user.open("Rosenbrock's function")
        else:
            self.user.take(training(int(self.random.integers(200, 3000))))


@pytest.mark.parametrize("seed", [1, 2])
def test_hundreds_of_acts_at_random_leave_what_the_document_says(user, seed):
    user.take(training(2000))
    monkey = Monkey(user, seed)
    for _ in range(ACTS):
        monkey.act()
    user.press(Qt.Key.Key_Escape)
    user.window.session.player.pause()
    assert user.window.session.run.experiment is user.experiment, monkey.did
    assert user.window.session._worker.error is None
    check_shown(user)
    # And once all of it is computed.
    user.window.session._worker.wait(60)
    user.press(Qt.Key.Key_End)
    user.window.session.tick()
    assert user.snapshot.step == user.experiment.steps, monkey.did
    check_shown(user)
