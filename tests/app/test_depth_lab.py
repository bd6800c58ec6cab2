"""The depth lab as a user drives it: one card for all schemes, large networks, nothing frozen."""

import threading
from time import monotonic

import numpy as np
import pytest
from control_rig import Rig, click, kinds, pick, slide, write
from depth_scenes import schemes
from PyQt6.QtWidgets import QApplication
from window_rig import window_at

import app.session as session_module
from app.controls.schemes import shared_stack
from app.looker import Looker
from app.starting import starting_network
from engine.inits import inits
from engine.network.layer_look import look_rows
from engine.network.probe import Probe


@pytest.fixture
def lab(qapp):
    made = Rig(starting_network("depth"))
    shared, panel, editor = made.contestants.shared, made.panel, made.editor
    shared.stack_asked.connect(editor.everyone)
    shared.scheme_asked.connect(editor.add_scheme)
    shared.problem_asked.connect(panel.ask_problem)
    shared.released.connect(editor.release)
    yield made
    made.close()


def layers_of_all(experiment):
    return {contestant.layers for contestant in experiment.contestants}


# ---- the card of what all share


def test_one_slider_moves_all_contestants_and_undoes_as_one(lab):
    before, shared = lab.experiment, lab.contestants.shared
    assert shared.isVisible()
    cards = list(lab.contestants.cards)
    slide(shared.depth_row.slider, 0.2, 0.4, 1.0)
    (layers,) = layers_of_all(lab.experiment)
    assert len(layers) == 2 * 50
    assert lab.contestants.cards == cards, "cards that are built anew would end the drag"
    slide(shared.width_row.slider, 0.5, 0.0)
    (layers,) = layers_of_all(lab.experiment)
    assert layers[0].width == 10
    lab.document.stack.undo()
    lab.document.stack.undo()
    assert lab.experiment == before and not lab.document.stack.canUndo()
    assert shared.depth_row.field.text() == "10"


def test_the_slider_goes_from_2_to_50_layers_and_from_10_to_1000_units(lab):
    shared = lab.contestants.shared
    slide(shared.depth_row.slider, 0.3, 0.0)
    slide(shared.width_row.slider, 0.3, 1.0)
    (layers,) = layers_of_all(lab.experiment)
    assert (len(layers), layers[0].width) == (4, 1000)


def test_the_activation_and_the_data_are_everyones(lab):
    shared = lab.contestants.shared
    pick(shared.activation, "relu")
    (layers,) = layers_of_all(lab.experiment)
    assert {layer.kind for layer in layers} == {"dense", "relu"}
    pick(shared.data, "digits")
    assert lab.experiment.problem.dataset.name == "digits"
    assert list(shared.rows.rows) == ["samples"]
    pick(shared.data, "normal-rows")
    write(shared.rows.rows["inputs"].field, "12")
    slide(shared.rows.rows["samples"].slider, 0.5, 0.0)
    dataset = lab.experiment.problem.dataset.plain()
    assert (dataset["inputs"], dataset["samples"]) == (12, 10)
    # Eight training rows are fewer than a batch had.
    assert lab.experiment.problem.batch == 8
    assert not lab.refusals


def test_inits_are_added_with_their_scale_on_their_card_and_removed(lab):
    lab.contestants.shared.menu.actions()[list(inits).index("orthogonal")].trigger()
    experiment = lab.experiment
    assert [c.name for c in experiment.contestants][-1] == "Orthogonal"
    assert experiment.contestants[-1].init.name == "orthogonal"
    assert len(layers_of_all(experiment)) == 1
    for index, hyper in enumerate(("std", "gain", "gain", "std", "gain")):
        assert list(lab.card(index).init_rows.rows) == [hyper]
    slide(lab.card(1).init_rows.rows["gain"].slider, 0.5, 0.75)
    assert lab.experiment.contestants[1].init.hypers()["gain"] == pytest.approx(10, rel=0.2)
    lab.editor.contestant(4, "remove", None)
    assert len(lab.experiment.contestants) == 4
    assert not lab.refusals


def test_a_twelfth_scheme_is_the_last(lab):
    for name in ("zeros", "uniform") * 4:
        lab.contestants.shared.scheme_asked.emit(name)
    assert len(lab.experiment.contestants) == 12
    assert not lab.contestants.shared.add.isEnabled()
    assert "no room" in lab.contestants.shared.add.toolTip()


def test_the_card_is_there_where_inits_are_compared_and_nowhere_else(lab):
    assert shared_stack(starting_network("moons")) is None
    assert shared_stack(starting_network("digits")) is None
    lab.document.take(starting_network("moons"))
    assert not lab.contestants.shared.isVisible()
    assert "lr" in lab.card()._rows
    lab.document.take(schemes())
    assert lab.contestants.shared.isVisible()
    lab.editor.contestant(1, "set", {"layers": [{"kind": "dense", "width": 3}]})
    assert not lab.contestants.shared.isVisible()
    assert kinds(lab.experiment.contestants[1]) == ["dense"]
    other = schemes(inits={"A": "he-normal", "B": "he-normal"})
    assert shared_stack(other) is None
    # A scale that is dragged past another one's does not end the drag.
    assert shared_stack(other, already=True) is not None
    assert shared_stack(other.with_contestant(1, optimizer="adam"), already=True) is None
    assert shared_stack(other.removed(0)) is None
    click(lab.card(0).head)


# ---- the thread that looks


def test_the_newest_wish_is_granted_and_errors_are_handed_over():
    looker, gate, done = Looker(), threading.Event(), []

    def slow():
        gate.wait(5)
        done.append("slow")
        return "slow"

    looker.ask(slow)
    while looker._wanted is not None:
        pass
    for name in ("dropped", "newest"):
        looker.ask(lambda name=name: done.append(name) or name)
    assert looker.busy and looker.take() is None
    gate.set()
    assert looker.wait(5)
    assert done == ["slow", "newest"]
    assert looker.take() == "newest" and looker.take() is None
    looker.ask(lambda: 1 / 0)
    assert looker.wait(5)
    assert isinstance(looker.error, ZeroDivisionError)
    looker.close()


# ---- large networks in the window


@pytest.fixture
def window(qapp, tmp_path, monkeypatch):
    # What is large is made small, so that the test is quick.
    monkeypatch.setattr(session_module, "LARGE", 1000)
    with window_at(tmp_path, (1280, 720)) as window:
        window.session._timer.stop()
        picture = {"layout": [["depth-histograms"], ["variance-by-depth"]]}
        window.document.take(schemes(picture=picture).with_problem(
            dataset={"name": "normal-rows", "samples": 700, "inputs": 20}))
        yield window


def until(window, true, seconds=90.0):
    """Tick as the display timer does until something is true."""
    deadline = monotonic() + seconds
    while not true():
        assert monotonic() < deadline, "it never came"
        window.session.tick()
        QApplication.processEvents()


def shown(window, experiment):
    snapshot = window.session.snapshot
    return snapshot is not None and snapshot.experiment is experiment


def test_large_networks_are_looked_into_on_another_thread(window, monkeypatch):
    where, make = [], Probe.__init__

    def watched(self, *arguments, **more):
        where.append(threading.current_thread())
        make(self, *arguments, **more)

    monkeypatch.setattr(Probe, "__init__", watched)
    session = window.session
    assert session.large
    until(window, lambda: shown(window, window.document.experiment))
    for std in (0.1, 0.2, 0.3):
        window.editor.contestant(0, "set", {"init": {"name": "normal", "std": std}})
        until(window, lambda: shown(window, window.document.experiment))
        state = session.snapshot.contestants[0]
        assert state.tensors["2.W"].std() == pytest.approx(std, rel=0.1)
        forward = window.board.view("variance-by-depth")._signals[0].forward
        # Twenty standard normal inputs, and a tanh that hardly bends yet.
        assert forward[0] == pytest.approx(np.tanh(std * np.sqrt(20)), rel=0.25)
    assert where
    assert threading.main_thread() not in where


def test_at_rest_all_rows_are_looked_at_and_training_goes_on_from_there(window):
    session = window.session
    until(window, lambda: shown(window, window.document.experiment))
    assert session.snapshot.step == 0
    quick = look_rows(session.snapshot.contestants, thorough=False)
    assert window.board.view("depth-histograms").note() == f"{quick} rows" != "560 rows"
    until(window, lambda: (last := session.preparing.last) is not None and last.look.thorough)
    assert window.board.view("depth-histograms").note() == "560 rows"
    assert window.board.view("variance-by-depth").note() == "560 rows"
    until(window, lambda: session.run.done)
    # What is known of the step that is shown does not become coarse again while training goes on.
    until(window, lambda: session.player.computed == 30 and not session.preparing.busy)
    assert window.board.view("depth-histograms").note() == "560 rows"
    session.player.seek(30)
    until(window, lambda: session.snapshot.step == 30)
    session.player.seek(0)
    until(window, lambda: session.snapshot.step == 0)
    window.editor.everyone({"activation": "relu"})
    until(window, lambda: shown(window, window.document.experiment))
    assert "ReLU" in window.board.view("depth-histograms").title()


def test_losses_of_large_networks_are_written_when_they_are_known(window):
    session, written = window.session, []
    session.written.connect(written.append)
    until(window, lambda: shown(window, window.document.experiment))
    until(window, lambda: session._told)
    until(window, lambda: bool(written) and written[-1] is session.snapshot)
    card = window.contestants.cards[0]
    assert float(card.loss.text().removeprefix("batch ")) == pytest.approx(
        session.snapshot.contestants[0].loss, rel=0.01)


def test_a_small_experiment_after_a_large_one_is_not_drawn_over(window):
    window.editor.everyone({"width": 30})
    window.document.take(starting_network("sine").replaced(steps=20))
    session = window.session
    session_module.LARGE = 10**9
    session.document.changed.emit(window.document.experiment)
    for _ in range(40):
        session.tick()
        QApplication.processEvents()
    assert shown(window, window.document.experiment)
