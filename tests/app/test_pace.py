"""Cards take turns where all of them cost more than a frame has, and only while a race plays."""

import pytest
from scenes import race, snapshot_of

from app.board import Board
from app.pace import BUDGET_SECONDS, MOST_TURNS, Pace
from app.theme import LIGHT, Style
from app.views import Look
from engine.run import Run


@pytest.mark.parametrize(("cost", "turns"), [
    (0.2, 1), (0.95, 1), (1.5, 2), (2.5, 3), (9.0, MOST_TURNS)])
def test_turns_are_as_many_as_keep_a_frame_within_its_budget(cost, turns):
    pace, now = Pace(), 0.0
    for _ in range(200):
        pace.count(now)
        # What a frame costs is shared by the turns, as drawing in turns makes it.
        now += cost * BUDGET_SECONDS / pace.turns
    assert pace.turns == turns


def test_one_slow_frame_changes_nothing_and_a_rest_is_no_frame():
    pace, now = Pace(), 0.0
    for frame in range(100):
        pace.count(now)
        now += 5 * BUDGET_SECONDS if frame == 50 else 0.5 * BUDGET_SECONDS
    assert pace.turns == 1
    pace.rest()
    pace.count(now + 3.0)
    assert pace.turns == 1


def test_what_does_not_play_is_drawn_whole():
    pace, now = Pace(), 0.0
    for _ in range(100):
        pace.count(now)
        now += BUDGET_SECONDS
    pace.turns = 3
    assert pace.frame(playing=False) == 1
    assert pace.frame(playing=True) == 3


class Recorder:
    """What each view of a board was told to draw."""

    def __init__(self, board):
        self.drawn = {}
        for card in board.cards():
            self.drawn[card.definition.name] = steps = []
            card.view.draw = lambda snapshot, look, steps=steps: steps.append(snapshot.step)


@pytest.fixture
def board(qapp):
    board = Board((("surface-path",), ("loss-curve", "standings")))
    board.restyle(Style(LIGHT))
    return board


def test_each_card_has_its_turn_and_all_of_them_at_rest(board):
    run = Run(race()).finish()
    shown = Recorder(board)
    board.draw(run.at(0), look := Look())
    for step in range(1, 7):
        board.draw(run.at(step), look, turns=3)
    drawn = [steps[1:] for steps in shown.drawn.values()]
    assert all(steps[0] == 0 for steps in shown.drawn.values())
    assert sorted(step for steps in drawn for step in steps) == list(range(1, 7))
    assert all(later - sooner == 3 for sooner, later in drawn)
    board.draw(run.at(7), look)
    assert all(steps[-1] == 7 for steps in shown.drawn.values())


def test_another_race_or_look_is_on_all_cards_at_once(board):
    run = Run(race()).finish()
    shown = Recorder(board)
    board.draw(run.at(0), Look())
    board.draw(run.at(1), Look(loss_scale="linear"), turns=3)
    assert all(steps == [0, 1] for steps in shown.drawn.values())
    board.draw(snapshot_of(race(seed=2), 9), Look(loss_scale="linear"), turns=3)
    assert all(steps == [0, 1, 9] for steps in shown.drawn.values())
