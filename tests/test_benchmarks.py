"""The speed table's machinery: what is promised, what is written, and what is said of a failure."""

import json
from io import StringIO

import pytest
from rich.console import Console

from engine.errors import UnknownName
from tests.benchmarks import __main__ as command
from tests.benchmarks.benchmark import (
    Benchmark,
    Figure,
    Goal,
    Quantity,
    Span,
    benchmarks,
    readable,
    row,
)
from tests.benchmarks.network_rates import Rates, worst
from tests.benchmarks.networks import COMPARED, dense, replayed, training
from tests.benchmarks.report import print_table, write_json
from tests.benchmarks.timing import peer, rates_in_turn

# What the project promises of its speed; a benchmark that loosens its goal must answer here.
PROMISED = {
    "engine-adam": ["≥ 10 M, ≥ 1,000 × theirs"],
    "engine-formula": ["≥ 0.2 × theirs", "≤ 1"],
    "engine-memory": ["≤ 300"],
    "film": ["≥ 60, ≥ 10 × theirs"],
    "landscape": ["≥ 1 × theirs", "≥ 20 × theirs", "≤ 4.2"],
    "lab-endurance": ["≤ 100", "≤ 1.05"],
    "lab-frame": ["≤ 8", "≤ 16.7"],
    "lab-frame-noisy": ["≤ 8", "≤ 16.7"],
    "lab-depth-slider": ["≤ 200"] * 3,
    "lab-network-slider": ["≤ 50", "≤ 50"],
    "lab-scrub": ["≤ 50", "≤ 50"],
    "lab-slider": ["≤ 50", "≤ 50"],
    "lab-training": ["≤ 16.7", "≥ 0.8"],
    "maps": ["≤ 0.2", "≤ 15"],
    "network-depth": ["≤ 1.3"],
    "network-first-step": ["≤ 20, ≥ 15 × theirs", "≤ 20", "≤ 0"],
    "network-large-jax": ["≥ 1 × theirs"] * 3,
    "network-large-torch": ["≥ 2 × theirs", "≥ 2 × theirs", "≥ 1 × theirs"],
    "network-layers": ["≥ 5 × theirs"],
    "network-memory": ["≤ 300"],
    "network-small-jax": ["≥ 2 × theirs", "≥ 1.4 × theirs", "≥ 1 × theirs"],
    "network-small-torch": ["≥ 10 × theirs", "≥ 10 × theirs"],
    "start-command": ["≤ 0.5", "≤ 0.5"],
    "start-window": ["≤ 15", "≤ 2"],
}


def measured(quantity, ours, theirs=None, note=""):
    benchmark = Benchmark("made-up", (quantity,), lambda: [])
    span = Span.of([ours * 0.9, ours, ours * 1.2])
    return row(benchmark, quantity, Figure(span, theirs and Span.of([theirs]), note))


RATE = Quantity("Steps", "steps/s", Goal(at_least=100, times_theirs=10), "a peer")
TIME = Quantity("Frame", "ms", Goal(at_most=8))


@pytest.mark.parametrize("name", benchmarks)
def test_every_quantity_has_a_unit_and_a_goal(name):
    for quantity in benchmarks[name].quantities:
        assert quantity.title and quantity.unit and str(quantity.goal)
        assert bool(quantity.peer) == (quantity.goal.times_theirs is not None)


def test_goals_are_the_promised_ones():
    for name, goals in PROMISED.items():
        quantities = benchmarks[name].quantities
        assert [str(quantity.goal) for quantity in quantities[: len(goals)]] == goals


def test_titles_are_all_different():
    titles = [quantity.title for entry in benchmarks.values() for quantity in entry.quantities]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(("ours", "theirs", "met"), [
    (150, 10, True), (150, 20, False), (90, 1, False), (150, None, None), (90, None, False),
])
def test_a_rate_is_judged_by_itself_and_by_its_peer(ours, theirs, met):
    assert measured(RATE, ours, theirs).met is met


def test_a_ratio_above_one_always_means_that_ours_is_better():
    assert measured(RATE, 100, 50).ratio == 2
    assert measured(Quantity("t", "s", Goal(at_most=5, times_theirs=2), "a peer"), 3, 6).ratio == 2


@pytest.mark.parametrize(("ours", "met"), [(7.9, True), (8.0, True), (8.1, False)])
def test_a_time_is_judged_by_its_median(ours, met):
    assert measured(TIME, ours).met is met


def test_the_file_holds_every_row_with_its_spread(tmp_path):
    rows = [measured(RATE, 150, 10, "a note"), measured(TIME, 7)]
    write_json(rows, tmp_path / "build" / "bench.json")
    content = json.loads((tmp_path / "build" / "bench.json").read_text(encoding="utf-8"))
    first, second = content["rows"]
    assert first == {
        "name": "Steps", "ours": 150, "theirs": 10, "ratio": 15, "unit": "steps/s",
        "goal": "≥ 100, ≥ 10 × theirs", "met": True, "note": "a note", "peer": "a peer",
        "spread": [135, 180], "benchmark": "made-up",
    }
    assert second["theirs"] is second["ratio"] is None
    assert content["machine"]["cores"] >= 1


def test_the_table_shows_values_goals_and_what_is_missing():
    text = StringIO()
    print_table([measured(RATE, 2.5e6, None, "install it"), measured(TIME, 9)],
                Console(file=text, width=160))
    lines = text.getvalue().splitlines()
    rate, = (line for line in lines if "Steps" in line)
    assert "2.5 M" in rate and "not installed" in rate and "?" in rate
    time, = (line for line in lines if "Frame" in line)
    assert "8.1 … 10.8" in time and "≤ 8" in time and " no" in time
    assert any("install it" in line for line in lines)
    assert "0 of 2 goals met" in lines[-1]


def test_names_may_be_shortened_and_are_corrected():
    assert [entry.name for entry in command.chosen(["start"])] == ["start-command", "start-window"]
    assert [entry.name for entry in command.chosen(["lab-frame-noisy"])] == ["lab-frame-noisy"]
    with pytest.raises(UnknownName, match="engine-adam"):
        command.chosen(["engine-adma"])
    assert command.main(["flim"]) == 2


def test_a_benchmark_that_fails_is_told_and_the_others_are_kept(monkeypatch, tmp_path, capsys):
    def one(benchmark):
        if benchmark.name.startswith("film"):
            raise RuntimeError("no encoder")
        return [measured(TIME, 7)]

    monkeypatch.setattr(command, "measured_apart", one)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "RESULT", tmp_path / "bench.json")
    assert command.main(["film", "engine-race"]) == 1
    assert "film failed: no encoder" in capsys.readouterr().err
    assert len(json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["rows"]) == 1


def test_goals_that_are_missed_do_not_fail_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr(command, "measured_apart", lambda _: [measured(TIME, 80)])
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "RESULT", tmp_path / "bench.json")
    assert command.main(["engine-race"]) == 0


def test_ours_and_theirs_are_measured_in_turn():
    calls = []
    ours, theirs = rates_in_turn((lambda: calls.append("o"), 10), (lambda: calls.append("t"), 1), 3)
    assert "".join(calls) == "ot" * 4
    assert ours.low <= ours.value <= ours.high and theirs.value > 0


def test_the_worst_of_several_networks_counts_and_all_are_told():
    def rates(ours, theirs, note):
        return Rates(Span.of([ours]), Span.of([theirs]), note)

    figure = worst({"tanh": rates(30, 10, "flat"), "relu": rates(50, 25, "tree")})
    assert (figure.ours.value, figure.theirs.value) == (50, 25)
    assert figure.note == "worst of tanh 3.00, relu 2.00; relu: tree"


def test_networks_that_are_not_trained_alike_are_not_compared():
    ours = replayed(training("bumps", dense((4,), "tanh"), 10), 3)
    ours.check_same("a peer", ours.losses * (1 + 1e-6))
    theirs = ours.losses.copy()
    theirs[30] *= 1.01
    with pytest.raises(RuntimeError, match=f"a peer and we .* {ours.losses[30]:.6g} at step 31"):
        ours.check_same("a peer", theirs)
    with pytest.raises(RuntimeError, match="do not train the same network"):
        ours.check_same("a peer", ours.losses[: COMPARED - 1])


def test_a_peer_that_is_not_installed_is_none():
    assert peer("json", "no_such_library") is None
    assert peer("json") == (json,)


@pytest.mark.parametrize(("value", "text"), [
    (12_345_678, "12.3 M"), (9412.3, "9,412"), (100, "100"), (7.9312, "7.93"), (0.2, "0.2"),
])
def test_numbers_have_three_digits(value, text):
    assert readable(value) == text


def test_a_benchmark_is_measured_in_a_process_of_its_own():
    race = benchmarks["engine-race"]
    (found,) = command.measured_apart(race)
    assert found.name == race.quantities[0].title
    assert 0 < found.spread[0] <= found.ours <= found.spread[1]


def test_a_process_that_fails_says_why():
    broken = Benchmark("no-such-benchmark", (TIME,), lambda: [])
    with pytest.raises(RuntimeError, match="no benchmark 'no-such-benchmark'"):
        command.measured_apart(broken)
