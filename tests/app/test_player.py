"""The playhead and its clock: time is put in by hand, so that every step can be counted."""

from __future__ import annotations

import pytest

from app import clock
from app.clock import SPEEDS, LiveClock
from app.player import Player


class Time:
    """What the clock takes for the time; goes by only when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def pass_by(self, player: Player, ticks: int, seconds: float) -> list[int]:
        """Let ticks of `seconds` go by; the steps shown after each."""
        shown = []
        for _ in range(ticks):
            self.now += seconds
            player.tick()
            shown.append(player.step)
        return shown


@pytest.fixture
def time(monkeypatch) -> Time:
    time = Time()
    monkeypatch.setattr(clock, "perf_counter", lambda: time.now)
    return time


@pytest.fixture
def player(qapp, time) -> Player:
    """A player over 100 steps, all of them computed."""
    player = Player()
    player.last = player.computed = 100
    return player


# ---- the clock


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_clock_counts_as_many_steps_as_its_speed_says(time, speed):
    live = LiveClock(speed)
    live.start()
    counted = 0
    # An eighth of a second is exact in binary; a step that is due by rounding comes a tick later.
    for _ in range(3201):
        time.now += 0.125
        counted += live.steps(10**9)
    assert 400 * speed <= counted <= 400.125 * speed


def test_a_slow_clock_gives_one_step_after_ten_seconds_and_not_before(time):
    live = LiveClock(0.1)
    live.start()
    due = []
    for _ in range(162):
        time.now += 0.125
        due.append(live.steps(100))
    first, second = (k for k, steps in enumerate(due, start=1) if steps)
    assert 10.0 <= first * 0.125 <= 10.125
    assert 20.0 <= second * 0.125 <= 20.25
    assert sum(due) == 2


def test_a_clock_that_stood_still_does_not_jump(time):
    live = LiveClock(100.0)
    live.start()
    time.now += 30
    assert live.steps(1000) == 25


def test_a_stopped_clock_counts_nothing_and_starts_afresh(time):
    live = LiveClock(8.0)
    assert live.steps(10) == 0
    live.start()
    time.now += 0.12
    assert live.steps(10) == 0
    live.stop()
    time.now += 0.2
    assert live.steps(10) == 0
    live.start()
    time.now += 0.12
    assert live.steps(10) == 0, "the time before stopping must not be counted"


def test_as_fast_as_it_goes_takes_all_there_is(time):
    live = LiveClock(None)
    live.start()
    assert live.steps(12345) == 12345


# ---- playing


def test_playing_moves_at_its_speed_and_ends_once(player, time, qtbot):
    moves: list[int] = []
    player.moved.connect(moves.append)
    player.set_speed(10.0)
    player.play()
    assert time.pass_by(player, 8, 0.125) == [1, 2, 3, 5, 6, 7, 8, 10]
    assert moves == [1, 2, 3, 5, 6, 7, 8, 10]
    with qtbot.waitSignal(player.ended, timeout=0):
        time.pass_by(player, 100, 0.125)
    assert (player.step, player.playing) == (100, False)
    with qtbot.assertNotEmitted(player.ended):
        time.pass_by(player, 5, 0.125)


def test_playing_from_the_end_begins_again(player, time):
    player.seek(100)
    player.play()
    assert (player.step, player.playing) == (0, True)


def test_a_loop_goes_on_from_the_beginning_without_ending(player, time, qtbot):
    player.set_looping(True)
    player.set_speed(8.0)
    player.seek(98)
    player.play()
    with qtbot.assertNotEmitted(player.ended):
        shown = time.pass_by(player, 5, 0.125)
    assert shown == [99, 0, 1, 2, 3]
    assert player.playing


def test_pausing_stands_still(player, time):
    player.play()
    time.pass_by(player, 4, 0.125)
    player.toggle()
    before = player.step
    assert set(time.pass_by(player, 10, 0.125)) == {before}
    player.toggle()
    assert time.pass_by(player, 1, 0.125) != [before]


@pytest.mark.parametrize("speed", [30.0, None])
def test_the_playhead_waits_for_what_is_not_computed_yet(player, time, qtbot, speed):
    player.computed = 10
    player.set_speed(speed)
    player.play()
    with qtbot.assertNotEmitted(player.ended):
        time.pass_by(player, 20, 0.125)
    assert (player.step, player.playing) == (10, True)
    player.computed = 100
    time.pass_by(player, 30, 0.125)
    assert player.step == 100


@pytest.mark.parametrize("speed", [30.0, None])
def test_an_edit_while_playing_does_not_throw_the_playhead_back(player, time, speed):
    player.seek(60)
    player.set_speed(speed)
    player.play()
    player.computed = 5
    assert time.pass_by(player, 3, 0.125) == [60, 60, 60]


# ---- moving by hand


@pytest.mark.parametrize(("asked", "computed", "shown"), [
    (50, 100, 50), (-3, 100, 0), (1000, 100, 100), (50, 20, 20), (7, 0, 0),
])
def test_seeking_stays_within_what_there_is(player, asked, computed, shown):
    player.computed = computed
    player.seek(asked)
    assert player.step == shown


def test_seeking_to_the_same_step_says_nothing(player, qtbot):
    player.seek(30)
    with qtbot.assertNotEmitted(player.moved):
        player.seek(30)


def test_a_nudge_pauses(player, time):
    player.seek(40)
    player.play()
    player.nudge(-10)
    assert (player.step, player.playing) == (30, False)
    player.nudge(-100)
    assert player.step == 0


def test_restarting_keeps_playing(player, time):
    player.seek(40)
    player.play()
    player.restart()
    assert (player.step, player.playing) == (0, True)


# ---- speeds


def test_every_offered_speed_can_be_reached_both_ways(player):
    offered = [*SPEEDS, None]
    player.set_speed(SPEEDS[0])
    up = [player.speed]
    for _ in range(len(offered) + 2):
        player.change_speed(+1)
        up.append(player.speed)
    assert up == [*offered, None, None, None]
    down = []
    for _ in range(len(offered) + 2):
        player.change_speed(-1)
        down.append(player.speed)
    assert down == [*offered[-2::-1], SPEEDS[0], SPEEDS[0], SPEEDS[0]]


@pytest.mark.parametrize(("now", "slower", "faster"), [
    (45.0, 30.0, 60.0), (2.5, 2.0, 5.0), (20_000.0, 10_000.0, None), (30.0, 10.0, 60.0),
])
def test_a_lessons_own_speed_goes_to_its_neighbours(player, now, slower, faster):
    player.set_speed(now)
    player.change_speed(-1)
    assert player.speed == slower
    player.set_speed(now)
    player.change_speed(+1)
    assert player.speed == faster


def test_another_speed_holds_from_now_on(player, time):
    player.set_speed(8.0)
    player.play()
    time.pass_by(player, 4, 0.125)
    player.set_speed(16.0)
    assert time.pass_by(player, 2, 0.125) == [6, 8]
