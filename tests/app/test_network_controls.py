"""The panel of networks as a user drives it: sliders, switches, boxes, and what comes of them.

Cards and panel are joined to a document by the window's own editor.
"""

from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.controls.contestants import Contestants
from app.controls.layer_list import LayerList
from app.controls.network_card import NetworkCard
from app.controls.network_problem import NetworkPanel
from app.controls.one_change import compared
from app.controls.stack_controls import StackControls
from app.document import Document
from app.editing import Editor
from app.icons import arrow_file
from app.starting import starting_experiment, starting_network
from app.stylesheet import stylesheet
from app.theme import THEMES, Style
from engine.experiment import Experiment
from engine.run import Run

DENSE, TANH = {"kind": "dense", "width": 8}, {"kind": "tanh"}


class Rig:
    """The right half of a window: a document, its editor, cards and panel in a scroll area."""

    def __init__(self, experiment: Experiment, theme="light", scale=1.0, width=336) -> None:
        self.style = Style(THEMES[theme], scale)
        self.chosen = 0
        self.wishes = []
        self.refusals = []
        self.document = Document(experiment)
        self.editor = Editor(self.document)
        self.contestants, self.panel = Contestants(), NetworkPanel()
        inner = QWidget()
        inner.setObjectName("inner")
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 18, 18, 18)
        column.addWidget(self.contestants)
        column.addWidget(self.panel)
        column.addStretch()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(inner)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setStyleSheet(stylesheet(self.style.theme, scale, arrow_file(self.style.theme)))
        self.document.changed.connect(lambda _: self.show())
        self.editor.refused.connect(self.refusals.append)
        self.editor.refused.connect(self.panel.refuse)
        self.editor.chosen.connect(self.choose)
        self.contestants.asked.connect(self._of_contestant)
        self.contestants.add_asked.connect(self.editor.add)
        self.panel.asked.connect(self._of_problem)
        self.area.resize(width, 900)
        self.area.show()
        self.show()
        settle()

    @property
    def experiment(self):
        return self.document.experiment

    def card(self, index=0):
        return self.contestants.cards[index]

    def show(self):
        self.contestants.show_experiment(self.experiment, self.chosen, self.style)
        if self.experiment.problem.kind == "network":
            self.panel.show_experiment(self.experiment, self.style)

    def choose(self, index):
        self.chosen = index
        self.show()
        settle()

    def _of_contestant(self, index, kind, value):
        self.wishes.append((index, kind, value))
        if kind == "compare":
            self.document.edit("Compare", compared(self.experiment, index, value))
            self.choose(index + 1)
        else:
            self.editor.contestant(index, kind, value)

    def _of_problem(self, kind, value):
        self.wishes.append((kind, value))
        if kind == "problem":
            self.editor.problem(value)
        elif kind == "experiment":
            self.editor.experiment(value)
        elif kind == "release":
            self.editor.release()

    def close(self):
        self.area.close()
        self.area.deleteLater()


@pytest.fixture
def rig(qapp):
    rigs = []

    def make(experiment=None, **options):
        rigs.append(Rig(experiment or starting_network("moons"), **options))
        return rigs[-1]

    yield make
    for made in rigs:
        made.close()


def layered(*layers, **fields):
    """A race of one network on moons."""
    return Experiment(steps=50, problem={"kind": "network", "dataset": "moons"}, contestants=[
        {"name": "Net", "layers": list(layers), "optimizer": {"name": "sgd", "lr": 0.1}, **fields}])


def slide(slider, *shares):
    """Press at the first share of a slider's length, drag over the others, let go."""
    settle()
    places = [QPoint(round(share * (slider.width() - 1)), slider.height() // 2)
              for share in shares]
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(slider, place)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=places[-1])


def settle():
    """Let layouts within layouts find their sizes."""
    for _ in range(3):
        QApplication.processEvents()


def click(widget):
    settle()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def write(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def pick(box, data):
    """Choose an entry with the keyboard, as a user who goes through the list."""
    box.setFocus()
    goal = box.findData(data)
    assert goal >= 0
    box.showPopup()
    view = box.view()
    view.setCurrentIndex(box.model().index(goal, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    box.hidePopup()


def kinds(contestant):
    return [layer.kind for layer in contestant.layers]


# ---- contestants


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
    assert float(card.loss.text()) == pytest.approx(state.loss, rel=0.01)
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


# ---- the problem


def test_the_dataset_is_chosen_with_its_rows_and_loss(rig):
    lab = rig()
    data = lab.panel.data
    assert data.counts.text() == "420 train · 180 test"
    assert list(data.hypers.rows) == ["samples", "noise"]
    pick(data.dataset, "bumps")
    assert lab.experiment.problem.dataset.name == "bumps"
    assert lab.experiment.problem.loss.name == "mse"
    assert list(data.hypers.rows) == ["samples", "noise", "width"]
    assert data.counts.text() == "700 train · 300 test"


def test_samples_and_noise_slide_in_whole_numbers_and_undo_as_one(rig):
    lab = rig()
    before = lab.experiment
    samples = lab.panel.data.hypers.rows["samples"]
    slide(samples.slider, 0.6, 0.3, 0.0)
    assert lab.experiment.problem.dataset.samples == 10 and samples.field.text() == "10"
    assert lab.experiment.problem.batch == 7, "a batch is no larger than the training set"
    slide(samples.slider, 0.0, 0.6)
    assert lab.experiment.problem.batch == 32, "and as it was where rows suffice again"
    lab.document.stack.undo()
    lab.document.stack.undo()
    assert lab.experiment == before and not lab.document.stack.canUndo()
    write(lab.panel.data.hypers.rows["noise"].field, "0.3")
    assert lab.experiment.problem.dataset.noise == 0.3
    assert lab.experiment.problem.dataset.samples == 600


def test_the_batch_s_slider_ends_with_the_rows_and_a_switch_takes_them_all(rig):
    lab = rig()
    slide(lab.panel.batch.slider, 0.5, 1.0)
    assert lab.experiment.problem.batch == 420
    click(lab.panel.whole_set)
    assert lab.experiment.problem.batch == 0
    assert lab.panel.batch.field.text() == "420" and not lab.panel.batch.isEnabled()
    lab.editor.problem({"dataset": {"name": "moons", "samples": 10}})
    assert lab.experiment.problem.batch == 0
    click(lab.panel.whole_set)
    assert lab.experiment.problem.batch == 7 and lab.panel.batch.isEnabled()


def test_test_share_preparation_and_drift(rig):
    lab = rig()
    data = lab.panel.data
    write(data.test.field, "0.5")
    assert data.counts.text() == "300 train · 300 test"
    click(data.preparations["whiten"])
    click(data.preparations["center"])
    assert lab.experiment.problem.preprocess == ("center", "whiten")
    click(data.preparations["whiten"])
    assert lab.experiment.problem.preprocess == ("center",)
    assert not data.rate.isVisible()
    pick(data.drift, "shift")
    write(data.rate.field, "-1.5")
    assert lab.experiment.problem.drift.per_1000_steps == -1.5
    lab.editor.problem({"drift": {"kind": "shift", "per_1000_steps": 1, "direction": [0, 1]}})
    slide(data.rate.slider, 0.5, 1.0)
    assert lab.experiment.problem.drift.direction == (0, 1)
    pick(data.drift, "light")
    assert lab.experiment.problem.drift.kind == "light"
    assert lab.experiment.problem.drift.per_1000_steps == 2.0
    pick(data.drift, None)
    assert lab.experiment.problem.drift is None


def test_loss_precision_steps_and_seed(rig):
    lab = rig()
    panel = lab.panel
    enabled = {panel.loss.itemData(place): panel.loss.model().item(place).isEnabled()
               for place in range(panel.loss.count())}
    assert enabled == {"cross-entropy": True, "hinge": True, "logistic": True, "huber": False,
                       "mse": False}
    pick(panel.loss, "hinge")
    write(panel.loss_rows.rows["margin"].field, "2")
    assert lab.experiment.problem.loss.margin == 2.0
    pick(panel.precision, "float64")
    assert lab.experiment.problem.precision == "float64"
    write(panel.steps.field, "1234567")
    assert lab.experiment.steps == 1234567 and panel.steps.field.text() == "1234567"
    panel.seed.setFocus()
    panel.seed.selectAll()
    QTest.keyClicks(panel.seed, "41")
    QTest.keyClick(panel.seed, Qt.Key.Key_Return)
    assert lab.experiment.seed == 41


def test_a_long_seed_is_not_cut_by_passing_through_its_field(rig):
    lab = rig(starting_network("moons").replaced(seed=2**40 + 5))
    lab.panel.seed.setFocus()
    QTest.keyClick(lab.panel.seed, Qt.Key.Key_Return)
    assert lab.experiment.seed == 2**40 + 5


def test_own_data_are_named_and_opened(rig, tmp_path, monkeypatch):
    file = tmp_path / "flowers of a very long summer in the north of the country.csv"
    file.write_text("a,b,kind\n" + "".join(f"{i},{-i},{i % 2}\n" for i in range(10)))
    lab = rig()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a, **k: (str(file), ""))
    click(lab.panel.data.open)
    assert lab.wishes[-1] == ("data", str(file))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a, **k: ("", ""))
    click(lab.panel.data.open)
    assert lab.wishes[-1] == ("data", str(file)) and len(lab.wishes) == 1
    lab.editor.problem({"dataset": {"file": str(file), "target": "kind"},
                        "loss": "cross-entropy", "batch": 4})
    data = lab.panel.data
    assert data.dataset.currentText() == file.name and "kind" in data.dataset.toolTip()
    assert data.counts.text() == "7 train · 3 test" and data.hypers.rows == {}
    file.unlink()
    lab.show()
    assert "flowers" in lab.panel.refusal.text() and lab.panel.refusal.isVisible()
    lab.editor.problem({"dataset": {"points": [[0, 0, 0], [1, 1, 1], [0, 1, 0], [1, 0, 1]]}})
    assert data.dataset.currentText() == "Drawn by hand" and lab.panel.refusal.text() == ""
    pick(data.dataset, "moons")
    assert data.dataset.findText("Drawn by hand") < 0


def test_a_refusal_is_shown_until_the_next_edit(rig):
    lab = rig()
    lab.panel.refuse("Not like this.")
    assert lab.panel.refusal.isVisible() and lab.panel.refusal.text() == "Not like this."
    write(lab.panel.data.test.field, "0.25")
    assert not lab.panel.refusal.isVisible()


# ---- the feel, and the look


def test_a_wheel_passes_over_every_control(rig):
    lab = rig(layered(DENSE, TANH))
    before = lab.experiment
    controls = [c for c in lab.area.widget().findChildren((QSlider, QComboBox, QWidget))
                if c.isVisible() and (isinstance(c, QSlider | QComboBox) or c is lab.panel.seed)]
    assert len(controls) > 20
    for control in controls:
        event = QWheelEvent(QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120),
                            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
                            Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(control, event)
    assert lab.experiment is before and lab.wishes == []


@pytest.mark.parametrize("layers", [[DENSE, {"kind": "batch-norm"}, TANH], [DENSE, TANH, DENSE]])
def test_every_control_has_a_name_and_is_reached_by_keyboard(rig, layers):
    lab = rig(layered(*layers))
    controls = [c for c in lab.area.widget().findChildren(
        (QAbstractButton, QLineEdit, QSlider, QComboBox)) if c.isVisible()
        and c.objectName() != "qt_spinbox_lineedit"]
    assert [c for c in controls if not (
        c.accessibleName() or (isinstance(c, QAbstractButton) and c.text()))] == []
    assert [c for c in controls if not c.focusPolicy() & Qt.FocusPolicy.TabFocus] == []
    rows = [c.parentWidget().toolTip() for c in controls if isinstance(c, QSlider)]
    assert all("\nFrom " in tip for tip in rows)


EVERYTHING = {
    "layers": [{"kind": "dense", "width": 64}, {"kind": "batch-norm"}, {"kind": "leaky-relu"},
               {"kind": "dropout", "rate": 0.3}] * 4,
    "schedule": "cosine", "clip": {"by": "norm", "limit": 1.0}, "optimizer": "adam",
    "name": "A network with a name that is far too long for any card",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [0.85, 1.0, 1.8])
def test_everything_fits_into_the_panel(rig, theme, scale):
    """The window gives the panel 336 px times the scale; here it is a little less."""
    lab = rig(layered(**EVERYTHING).with_problem(
        drift={"kind": "rotation", "per_1000_steps": 0.5}), theme=theme, scale=scale,
        width=round(330 * scale))
    inner = lab.area.widget()
    assert inner.minimumSizeHint().width() <= lab.area.viewport().width()
    name = lab.card().name
    assert name.shown().endswith("…") and name.toolTip() == name.text()
    image = inner.grab().toImage()
    ground = image.pixelColor(2, 2)
    assert (ground.lightnessF() > 0.9) == (theme == "light")
    # Nothing is painted over the panel's margins.
    ratio = image.devicePixelRatio()
    for x in (round(6 * ratio), image.width() - round(6 * ratio)):
        assert all(image.pixelColor(x, y) == ground for y in range(0, image.height(), 7))


def test_long_names_are_cut_while_nobody_edits_them(rig):
    lab = rig(layered(DENSE, TANH, name="An extraordinarily long name of a network"))
    name = lab.card().name
    assert name.shown().endswith("…") and name.text().endswith("network")
    short = lab.experiment.with_contestant(0, name="Net")
    lab.document.edit("", short)
    assert lab.card().name.shown() == "Net" and lab.card().name.toolTip() == ""


def test_another_theme_restyles_the_same_values(rig):
    lab = rig()
    light = lab.panel.grab().toImage()
    lab.style = replace(lab.style, theme=THEMES["dark"])
    lab.area.setStyleSheet(stylesheet(lab.style.theme, 1.0, arrow_file(lab.style.theme)))
    lab.show()
    settle()
    assert lab.panel.grab().toImage() != light
    assert lab.panel.data.counts.text() == "420 train · 180 test"
