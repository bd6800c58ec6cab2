"""Cards of networks as a user drives them: who races, how each stands, copies with one change."""

import pytest
from control_rig import DENSE, click, layered, settle, slide, write
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QMenu

from app.controls.network_card import NetworkCard
from app.controls.stack_controls import StackControls
from app.starting import starting_experiment, starting_network
from engine.run import Run


def test_cards_are_of_the_race_s_kind_and_change_with_it(rig):
    lab = rig()
    assert [type(card) for card in lab.contestants.cards] == [NetworkCard] * 2
    assert lab.contestants.compare.isVisible()
    lab.document.take(starting_experiment("beale"))
    assert not any(isinstance(card, NetworkCard) for card in lab.contestants.cards)
    assert not lab.contestants.compare.isVisible()
    assert lab.contestants.title.text() == "CONTESTANTS"


def test_a_card_tells_layers_loss_and_test_accuracy(rig):
    lab = rig()
    run = Run(lab.experiment)
    run.advance(60)
    snapshot = run.snapshot()
    lab.contestants.show_snapshot(snapshot)
    card, state = lab.card(1), snapshot.contestants[1]
    assert card.summary.text() == "32 · batch norm · tanh × 3"
    assert float(card.loss.text().removeprefix("batch ")) == pytest.approx(state.loss, rel=0.01)
    assert card.test.text() == f"test {100 * state.test.accuracy:.1f} %"
    lab.editor.contestant(1, "set", {"muted": True})
    lab.contestants.show_snapshot(snapshot)
    assert lab.card(1).loss.text() == "muted" and lab.card(1).test.text() == ""


def test_a_diverged_network_says_where_and_what_helps(rig):
    lab = rig(layered(DENSE, optimizer={"name": "sgd", "lr": 1e3}).with_problem(dataset="sine"))
    lab.contestants.show_snapshot(Run(lab.experiment).finish().snapshot())
    card = lab.card()
    assert card.loss.text() == "diverged" and card.test.text() == ""
    assert card.explanation.isVisible() and card.explanation.text().startswith("Step ")


def test_a_regression_tells_its_test_loss(rig):
    lab = rig(starting_network("sine"))
    run = Run(lab.experiment)
    run.advance(5)
    lab.contestants.show_snapshot(run.snapshot())
    assert "%" not in lab.card().test.text() and lab.card().test.text().startswith("test ")


def test_a_refused_wish_puts_the_control_back(rig):
    lab = rig()
    lab.document.edit = lambda *_: None
    row = lab.card()._rows["lr"]
    slide(row.slider, 0.9)
    assert row.value() == 0.2 and row.field.text() == "0.2"
    toggle = lab.card().layers.batch_norm
    click(toggle)
    assert not toggle.isChecked()


def test_head_duplicates_mutes_colours_renames_and_removes(rig):
    lab = rig()

    def choose(text):
        actions = [a for menu in lab.card().findChildren(QMenu) for a in menu.actions()]
        next(a for a in actions if a.text() == text).trigger()

    choose("Duplicate")
    assert [c.name for c in lab.experiment.contestants] == ["Plain", "Plain 2", "With batch norm"]
    assert lab.chosen == 1
    choose("Mute")
    choose("Colour 4")
    assert lab.experiment.contestants[0].muted and lab.experiment.contestants[0].color == 4
    write(lab.card().name, "Mine")
    assert lab.experiment.contestants[0].name == "Mine"
    write(lab.card().name, " ")
    assert lab.refusals and lab.card().name.text() == "Mine"
    choose("Remove")
    assert [c.name for c in lab.experiment.contestants] == ["Plain 2", "With batch norm"]


def test_a_click_on_a_card_chooses_it_and_the_button_follows(rig):
    lab = rig()
    QTest.mouseClick(lab.card(1), Qt.MouseButton.LeftButton, pos=QPoint(5, 3))
    assert lab.wishes[-1] == (1, "choose", None) and lab.chosen == 1
    settle()
    bottom = lab.card(1).mapTo(lab.contestants, QPoint(0, lab.card(1).height())).y()
    assert 0 < lab.contestants.compare.y() - bottom < 20
    assert isinstance(lab.card(1).layers, StackControls) and lab.card(0).layers is None


def test_choosing_builds_only_the_two_cards_that_change(rig):
    experiment = starting_network("moons").duplicated(0).duplicated(0)
    lab = rig(experiment)
    before = list(lab.contestants.cards)
    lab.choose(2)
    same = [new is old for new, old in zip(lab.contestants.cards, before, strict=True)]
    assert same == [False, True, False, True]
    write(lab.card(3).name, "Renamed")
    assert lab.card(3)._rows["lr"].slider.accessibleName() == "Renamed lr"


def test_compare_lays_one_change_beside_the_chosen(rig):
    lab = rig()
    menu = lab.contestants.changes
    menu.aboutToShow.emit()
    labels = [action.text() for action in menu.actions()]
    assert {"With batch norm", "With dropout 0.5", "Learning rate × 10", "Twice as deep",
            "ReLU instead of tanh", "Init: He, normal", "Optimizer: Adam"} <= set(labels)
    next(a for a in menu.actions() if a.text() == "With batch norm").trigger()
    assert lab.wishes[-1] == (0, "compare", "batch-norm")
    assert [c.name for c in lab.experiment.contestants] == [
        "Plain", "Plain, batch norm", "With batch norm"]
    assert lab.chosen == 1
    menu.aboutToShow.emit()
    assert "Without batch norm" in [action.text() for action in menu.actions()]


def test_a_network_is_added_with_the_chosen_one_s_layers(rig):
    lab = rig()
    menu = lab.contestants.add.menu()
    menu.aboutToShow.emit()
    next(a for a in menu.actions() if a.text() == "Lion").trigger()
    added = lab.experiment.contestants[1]
    assert added.optimizer.name == "lion"
    assert added.layers == lab.experiment.contestants[0].layers


def test_twelve_contestants_leave_no_room_and_stay_readable(rig):
    experiment = starting_network("moons")
    for _ in range(10):
        experiment = experiment.duplicated(0)
    lab = rig(experiment)
    assert len(lab.contestants.cards) == 12
    assert not lab.contestants.compare.isEnabled() and "12" in lab.contestants.compare.toolTip()
    slide(lab.card(11)._rows["lr"].slider, 0.5)
    assert lab.experiment.contestants[11].optimizer.lr != 0.2
