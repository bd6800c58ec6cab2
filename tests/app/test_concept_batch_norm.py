"""Batch norm as a lecturer shows it: the same network beside itself, with and without.

Ioffe & Szegedy (2015) claim that it bears higher learning rates and is less sensitive to the init;
here both are seen in the window, and what is seen is what the engine says.
"""

import numpy as np
import pytest
from lab_user import at_the_window
from PyQt6.QtWidgets import QComboBox

from app.numbers import number
from engine import Run

SEEDS = (1, 2, 7)


@pytest.fixture
def user(qapp, tmp_path):
    with at_the_window(tmp_path) as user:
        yield user


def plain_moons(user, seed, steps=400):
    """Moons from the list, its first contestant alone, with another seed and fewer steps."""
    user.open("Moons")
    user.more(1, "Remove")
    user.type(user.window.network.seed.lineEdit(), str(seed))
    user.type(user.window.network.steps.field, str(steps))
    assert (user.experiment.seed, user.experiment.steps) == (seed, steps)
    assert [contestant.name for contestant in user.experiment.contestants] == ["Plain"]


def check_shown(user):
    """Cards, decision maps and curves show what a run of their own comes to, bit for bit."""
    own = Run(user.experiment).finish()
    own.measure()
    states = own.snapshot().contestants
    maps = user.view("decision-map")
    for index, state in enumerate(states):
        assert np.array_equal(user.snapshot.contestants[index].state, state.state)
        assert user.standing(index) == ("diverged" if state.diverged else number(state.loss))
        assert user.tested(index) == f"test {100 * state.test.accuracy:.1f} %"
        on_map = maps._frame.judged(maps._frame.shown[index])
        assert (on_map.loss, on_map.accuracy) == (state.test.loss, state.test.accuracy)
    for track in user.view("curves")._tracks:
        wanted = own.snapshot().trails[track.appearance.index].evaluations
        assert np.array_equal(track.steps, wanted.steps)
        assert np.array_equal(track.raw, getattr(wanted, f"{track.part}_loss"))
    return states


@pytest.mark.parametrize("seed", SEEDS)
def test_it_learns_where_weights_begin_too_small(user, seed):
    plain_moons(user, seed)
    user.pick(user.control(QComboBox, "Plain init"), "normal")
    user.type(user.window.contestants.cards[0].init_rows.rows["std"].field, "0.01")
    user.compare("With batch norm")
    user.play_through()
    plain, norm = check_shown(user)
    # Through three layers the signal is gone: no better than guessing, and the loss is ln 2.
    assert plain.test.accuracy <= 0.55 and plain.train.loss == pytest.approx(np.log(2), abs=0.01)
    assert norm.test.accuracy >= 0.9 and norm.train.loss < 0.3


@pytest.mark.parametrize("seed", SEEDS)
def test_it_bears_ten_times_the_learning_rate(user, seed):
    plain_moons(user, seed)
    user.type_rate(0, 2.0)
    user.compare("With batch norm")
    user.play_through()
    plain, norm = check_shown(user)
    assert [c.optimizer.lr for c in user.experiment.contestants] == [2.0, 2.0]
    assert plain.diverged is not None or plain.test.accuracy <= 0.9
    assert plain.train.loss > 10 * norm.train.loss
    assert norm.diverged is None and norm.test.accuracy >= 0.95


def test_it_bears_a_rate_that_kills_a_plain_network_of_relus(user):
    plain_moons(user, seed=1)
    user.pick(user.control(QComboBox, "Plain activation"), "relu")
    user.pick(user.control(QComboBox, "Plain init"), "he-normal")
    user.type_rate(0, 3.0)
    user.compare("With batch norm")
    user.play_through()
    plain, norm = check_shown(user)
    assert plain.test.accuracy <= 0.55 and norm.test.accuracy >= 0.95
    # A whole layer puts out nothing any more; behind a batch norm there is always somebody left.
    dead = [len(plain.probe("train").dead_units(place)) for place in (1, 3, 5)]
    assert max(dead) == 32
    quiet = [len(norm.probe("train").dead_units(place)) for place in (2, 5, 8)]
    assert max(quiet) < 24
