"""A network's layers, init and method as a user sets them, by sliders, switches and boxes."""

import pytest
from control_rig import DENSE, TANH, click, kinds, layered, pick, slide, write
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QComboBox

from app.controls.layer_list import LayerList
from app.controls.stack_controls import StackControls


def test_dragging_the_depth_rewrites_the_layers_and_undoes_as_one(rig):
    lab = rig()
    before = lab.experiment
    controls = lab.card().layers
    assert isinstance(controls, StackControls)
    slide(controls.depth_row.slider, 0.06, 0.3, 0.5)
    assert kinds(lab.experiment.contestants[0]) == ["dense", "tanh"] * 25
    assert len(lab.wishes) > 3
    assert lab.card().layers is controls, "a card that is built anew would end the drag"
    assert controls.depth_row.field.text() == "25"
    assert lab.wishes[-1] == (0, "release", None)
    lab.document.stack.undo()
    assert lab.experiment == before and not lab.document.stack.canUndo()
    assert controls.depth_row.field.text() == "3"


def test_through_no_layers_at_all_and_back_width_and_activation_stay(rig):
    lab = rig()
    controls = lab.card().layers
    write(controls.width_row.field, "48")
    pick(controls.activation, "relu")
    slide(controls.depth_row.slider, 0.06, 0.0, 0.1)
    contestant = lab.experiment.contestants[0]
    assert kinds(contestant) == ["dense", "relu"] * 4 and contestant.layers[0].width == 48


def test_with_no_hidden_layer_the_network_is_linear(rig):
    lab = rig()
    slide(lab.card().layers.depth_row.slider, 0.0)
    assert lab.experiment.contestants[0].layers == ()
    assert lab.card().summary.text() == "no hidden layer"
    slide(lab.card().layers.width_row.slider, 0.5)
    assert lab.experiment.contestants[0].layers == ()


@pytest.mark.parametrize("row", ["depth_row", "width_row"])
def test_a_key_moves_a_whole_number_by_one_at_least(rig, row):
    lab = rig(layered({"kind": "dense", "width": 1}, TANH))
    slider = getattr(lab.card().layers, row).slider
    slider.setFocus()
    seen = [getattr(lab.card().layers, row).value()]
    for _ in range(6):
        QTest.keyClick(slider, Qt.Key.Key_Right)
        seen.append(getattr(lab.card().layers, row).value())
    assert seen == sorted(set(seen))
    for _ in range(6):
        QTest.keyClick(slider, Qt.Key.Key_Left)
    assert getattr(lab.card().layers, row).value() == 1


def test_switches_put_norms_in_and_take_them_out_and_keep_the_focus(rig):
    lab = rig()
    controls = lab.card().layers
    click(controls.batch_norm)
    assert kinds(lab.experiment.contestants[0]) == ["dense", "batch-norm", "tanh"] * 3
    assert lab.card().layers is controls and controls.batch_norm.isChecked()
    controls.layer_norm.setFocus()
    QTest.keyClick(controls.layer_norm, Qt.Key.Key_Space)
    assert kinds(lab.experiment.contestants[0]) == [
        "dense", "batch-norm", "layer-norm", "tanh"] * 3
    click(controls.batch_norm)
    click(controls.layer_norm)
    assert kinds(lab.experiment.contestants[0]) == ["dense", "tanh"] * 3


def test_what_norm_and_activation_can_be_tuned_by_is_there_with_them(rig):
    lab = rig()
    lab.choose(1)
    controls = lab.card(1).layers
    write(controls.tuning.rows["batch norm momentum"].field, "0.25")
    pick(controls.activation, "leaky-relu")
    write(controls.tuning.rows["negative_slope"].field, "0.3")
    layers = lab.experiment.contestants[1].layers
    assert {layer.momentum for layer in layers if layer.kind == "batch-norm"} == {0.25}
    assert {layer.negative_slope for layer in layers if layer.kind == "leaky-relu"} == {0.3}
    pick(controls.activation, "tanh")
    assert "negative_slope" not in controls.tuning.rows
    pick(controls.activation, None)
    assert kinds(lab.experiment.contestants[1]) == ["dense", "batch-norm"] * 3


def test_the_dropout_slider_puts_layers_in_and_keeps_them_at_nothing(rig):
    lab = rig()
    controls = lab.card().layers
    slide(controls.dropout.slider, 0.0, 0.5)
    layers = lab.experiment.contestants[0].layers
    assert [layer.kind for layer in layers] == ["dense", "tanh", "dropout"] * 3
    assert layers[2].rate == pytest.approx(0.475, abs=0.02)
    slide(controls.dropout.slider, 0.5, 0.0)
    assert [layer.rate for layer in lab.experiment.contestants[0].layers[2::3]] == [0.0] * 3


def test_switches_never_ask_for_more_layers_than_there_may_be(rig):
    lab = rig(layered(*[DENSE, TANH] * 50))
    controls = lab.card().layers
    slide(controls.dropout.slider, 0.0, 0.4)
    click(controls.batch_norm)
    click(controls.layer_norm)
    assert lab.refusals == []
    assert len(lab.experiment.contestants[0].layers) == 200
    assert controls.depth_row.value() == 40


def test_a_typed_width_out_of_range_is_refused_in_its_place(rig):
    lab = rig()
    before = lab.experiment
    row = lab.card().layers.width_row
    for nonsense in ("0", "2.5", "70000", "wide"):
        write(row.field, nonsense)
        assert row.field.property("bad") and row.field.toolTip()
    assert lab.experiment is before


def test_irregular_layers_are_listed_and_set_one_by_one(rig):
    lab = rig(layered(DENSE, TANH, {"kind": "dense", "width": 4}, {"kind": "dropout", "rate": 0.2}))
    listed = lab.card().layers
    assert isinstance(listed, LayerList)
    assert [line.title.text() for line in listed.lines] == [
        "1   dense", "2   tanh", "3   dense", "4   dropout"]
    write(listed.lines[2].hypers.rows["width"].field, "5")
    slide(listed.lines[3].hypers.rows["rate"].slider, 0.2, 0.6)
    layers = lab.experiment.contestants[0].layers
    assert layers[2].width == 5 and layers[3].rate == pytest.approx(0.57, abs=0.02)
    assert layers[0].width == 8
    assert lab.card().layers is listed


def test_layers_are_put_in_and_taken_out(rig):
    lab = rig(layered(DENSE, TANH, {"kind": "dense", "width": 4}))
    listed = lab.card().layers
    click(listed.lines[0].insert)
    assert listed.menu.isVisible()
    next(a for a in listed.menu.actions() if a.text() == "Batch norm").trigger()
    listed.menu.close()
    assert kinds(lab.experiment.contestants[0]) == ["dense", "batch-norm", "tanh", "dense"]
    click(listed.add)
    next(a for a in listed.menu.actions() if a.text() == "ReLU").trigger()
    listed.menu.close()
    assert kinds(lab.experiment.contestants[0])[-1] == "relu"
    for _ in range(2):
        click(lab.card().layers.lines[-1].remove)
    assert kinds(lab.experiment.contestants[0]) == ["dense", "batch-norm", "tanh"]
    assert isinstance(lab.card().layers, StackControls), "what is left is regular"


def test_a_regular_stack_is_edited_layer_by_layer_and_made_regular_again(rig):
    lab = rig()
    card = lab.card()
    click(card.one_by_one)
    listed = card.layers
    assert isinstance(listed, LayerList) and len(listed.lines) == 6
    write(listed.lines[2].hypers.rows["width"].field, "7")
    assert [layer.width for layer in lab.experiment.contestants[0].layers[::2]] == [32, 7, 32]
    click(listed.regular)
    assert isinstance(card.layers, StackControls)
    assert [layer.width for layer in lab.experiment.contestants[0].layers[::2]] == [32] * 3


def test_two_hundred_layers_are_folded_and_opened_one_by_one(rig):
    lab = rig(layered(*[DENSE, TANH] * 99, {"kind": "maxout"}, TANH))
    listed = lab.card().layers
    assert len(listed.lines) == 200 and all(line.hypers is None for line in listed.lines)
    assert listed.lines[0].title.text() == "1   dense 8"
    click(listed.lines[0].fold)
    write(listed.lines[0].hypers.rows["width"].field, "9")
    assert lab.experiment.contestants[0].layers[0].width == 9
    click(listed.lines[0].fold)
    assert listed.lines[0].title.text() == "1   dense 9"


def test_a_layer_s_own_init_and_rate_are_told_and_kept(rig):
    lab = rig(layered({**DENSE, "init": "he-normal", "lr_factor": 0.0}, TANH))
    line = lab.card().layers.lines[0]
    assert line.title.text() == "1   dense · He, normal init · lr × 0"
    write(line.hypers.rows["width"].field, "3")
    layer = lab.experiment.contestants[0].layers[0]
    assert (layer.width, layer.own_init.name, layer.rate_factor) == (3, "he-normal", 0.0)


def test_init_penalties_optimizer_schedule_and_clip(rig):
    lab = rig()
    pick(lab.card().findChildren(QComboBox, options=Qt.FindChildOption.FindChildrenRecursively)[
        _place(lab.card(), "init")], "normal")
    write(lab.card().init_rows.rows["std"].field, "0.5")
    write(lab.card()._rows["l1"].field, "0.001")
    write(lab.card()._rows["l2"].field, "0.25")
    write(lab.card()._rows["lr"].field, "0.02")
    for what, data in (("optimizer", "adam"), ("schedule", "cosine"),
                       ("gradient clipping", "norm")):
        pick(lab.card().findChildren(QComboBox)[_place(lab.card(), what)], data)
    write(lab.card()._rows["clip.limit"].field, "3")
    write(lab.card()._rows["schedule.horizon"].field, "77")
    write(lab.card()._rows["beta1"].field, "0.5")
    contestant = lab.experiment.contestants[0]
    assert (contestant.init.name, contestant.init.std) == ("normal", 0.5)
    assert (contestant.l1, contestant.l2) == (0.001, 0.25)
    assert (contestant.optimizer.name, contestant.optimizer.beta1) == ("adam", 0.5)
    assert (contestant.schedule.name, contestant.schedule.horizon) == ("cosine", 77)
    assert (contestant.clip.by, contestant.clip.limit) == ("norm", 3)


def _place(card, what):
    names = [box.accessibleName() for box in card.findChildren(QComboBox)]
    return names.index(f"{card.contestant.name} {what}")
