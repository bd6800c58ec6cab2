"""The panel of what all networks share, as a user sets it: data, loss, batches, steps, seed."""

from control_rig import click, pick, slide, write
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog

from app.starting import starting_network


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
