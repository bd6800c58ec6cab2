"""Data of one's own: files dropped on the window, folders of pictures, and the command line."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QColor, QDropEvent, QImage, QPainter
from PyQt6.QtWidgets import QDialog, QFileDialog, QMessageBox
from window_rig import window_at

from app import cli
from app.image_dialog import ImageDialog
from app.image_folder import gray, load, scan
from app.starting import starting_network, starting_on_data
from app.theme import THEMES, Style
from app.window_start import open_window
from engine.data.choice import dataset_choice
from engine.data.npz_file import read_npz, write_npz
from engine.data.own_file import is_data_file
from engine.data.raw import DataError
from engine.errors import FileError


def picture(path, color, size=(40, 30), spot=None):
    """A picture of one colour, with a black spot (x, y, side) on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = QImage(*size, QImage.Format.Format_ARGB32)
    image.fill(QColor(color))
    if spot is not None:
        x, y, side = spot
        with QPainter(image) as painter:
            painter.fillRect(x, y, side, side, QColor("black"))
    assert image.save(str(path))


@pytest.fixture
def fruit(qapp, tmp_path):
    """Two classes of three pictures, and what systems leave behind."""
    folder = tmp_path / "fruit"
    for place in range(3):
        picture(folder / "pear" / f"{place}.png", "white", spot=(10 + place, 5, 10))
        picture(folder / "Apple pie" / f"{place}.jpg", "#808080")
    (folder / "pear" / ".DS_Store").write_bytes(b"x")
    (folder / "pear" / "Thumbs.db").write_bytes(b"x")
    (folder / "empty").mkdir()
    (folder / "README.txt").write_text("pictures")
    return folder


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,b,kind\n" + "".join(
        f"{x * 10},{y / 100},{'up' if y > x else 'down'}\n" for x in range(5) for y in range(4)))
    return path


@pytest.fixture
def window(qapp, tmp_path):
    with window_at(tmp_path, (1280, 720)) as window:
        yield window


def drop(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier))
    window.session.wait()


# ---- files


@pytest.mark.parametrize(("name", "data"), [
    ("a.csv", True), ("A.CSV", True), ("a.npz", True), ("t10k-images-idx3-ubyte", True),
    ("t10k-images-idx3-ubyte.gz", True), ("a.idx", True), ("a.tsv", True), ("a.toml", False),
    ("a.txt", False),
])
def test_data_are_told_from_experiments_by_their_names(name, data):
    assert is_data_file(f"/some/where/{name}") is data


def test_a_table_dropped_on_a_surface_is_raced_on_by_new_networks(window, csv):
    drop(window, csv)
    experiment = window.document.experiment
    assert experiment.problem.dataset.plain() == {"file": str(csv), "target": "kind"}
    assert (experiment.title, experiment.problem.preprocess) == ("mine.csv", ("center", "scale"))
    assert experiment.problem.batch == 14
    assert not window.notice.isVisible()
    assert window.session.run.experiment is experiment
    assert window.session.snapshot.contestants[0].training.material.data.classes == ("down", "up")


def test_a_table_dropped_on_networks_is_learnt_by_them_and_can_be_undone(window, csv):
    before = starting_network("moons")
    window.document.take(before)
    window.session.set_look(zoom=((0.0, 1.0), (0.0, 1.0)))
    drop(window, csv)
    after = window.document.experiment
    assert after.problem.dataset.file == str(csv)
    assert after.title == "mine.csv"
    assert after.contestants == before.contestants
    # Of 20 rows 14 are trained on: a batch of 32 would be refused.
    assert after.problem.batch == 14
    assert window.session.run.experiment is after
    assert window.session.look.zoom is None
    window.document.stack.undo()
    assert window.document.experiment == before


def test_a_title_of_ones_own_outlives_other_data(window, csv):
    window.document.take(starting_network("moons").replaced(title="My lecture"))
    drop(window, csv)
    assert window.document.experiment.title == "My lecture"


@pytest.mark.parametrize("kind", ["surface", "network"])
def test_a_bad_table_is_refused_and_changes_nothing(window, tmp_path, kind):
    if kind == "network":
        window.document.take(starting_network("moons"))
    before = window.document.experiment
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,x\n2\n")
    drop(window, path)
    assert window.document.experiment is before
    assert window.notice.isVisible()
    assert "bad.csv" in window.notice.label.text()


def test_unsaved_edits_are_asked_about_before_new_networks_take_their_place(
        window, csv, monkeypatch):
    window.editor.new_seed()
    before = window.document.experiment
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    drop(window, csv)
    assert window.document.experiment is before


def idx(path, array):
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
    path.write_bytes(head + array.astype("u1").tobytes())


@pytest.mark.parametrize("dropped", ["few-images-idx3-ubyte", "few-labels-idx1-ubyte"])
def test_either_file_of_an_idx_pair_brings_the_other(window, tmp_path, dropped):
    rng = np.random.default_rng(0)
    idx(tmp_path / "few-images-idx3-ubyte", rng.integers(0, 255, (30, 28, 28)))
    idx(tmp_path / "few-labels-idx1-ubyte", np.arange(30) % 3)
    drop(window, tmp_path / dropped)
    data = window.session.snapshot.contestants[0].training.material.data
    assert data.image == (28, 28)
    window.board_view.grab()
    view = window.board.view("decision-map")
    assert view.title() == "Predictions"
    assert len(view._digits._tiles) > 4
    widths = {tile.rect.width() - tile.rect.height() for tile in view._digits._tiles}
    assert widths == {0}


def test_the_command_line_opens_a_table_and_refuses_a_bad_one(
        qapp, csv, tmp_path, monkeypatch, capsys):
    experiment = starting_on_data(csv)
    assert experiment.problem.dataset.file == str(csv)
    assert experiment.problem.batch == 14
    opened = []
    monkeypatch.setattr(cli.libraries, "has_display", lambda: True)
    monkeypatch.setattr("app.window_start.open_window", lambda path: opened.append(path) or 0)
    assert cli.main([str(csv)]) == 0
    assert opened == [csv]
    bad = tmp_path / "bad.csv"
    bad.write_text("")
    # It is refused before there is a window.
    with pytest.raises(FileError, match="bad.csv"):
        open_window(bad)


# ---- pictures


def test_a_folder_is_read_class_by_class(fruit):
    found = scan(fruit)
    assert {name: len(files) for name, files in found.classes.items()} == {
        "Apple pie": 3, "pear": 3}
    calls = []
    x, y = load(found, 8, lambda *call: calls.append(call))
    assert (x.shape, x.dtype) == ((6, 8, 8), np.uint8)
    assert y.tolist() == ["Apple pie"] * 3 + ["pear"] * 3
    assert calls == [(place, 6) for place in range(1, 7)]
    # Middle gray is half of the ink.
    assert np.abs(x[:3].astype(int) - 127).max() <= 2
    again, _ = load(scan(fruit), 8)
    np.testing.assert_array_equal(again, x)


def test_the_square_in_the_middle_is_drawn_smaller(qapp, tmp_path):
    # Of 40 × 30 pixels columns 5 to 35 are seen; the spot is on rows and columns 10 to 20 of them.
    picture(tmp_path / "a.png", "white", spot=(15, 10, 10))
    ink = gray(tmp_path / "a.png", 15)
    assert (ink[6:9, 6:9] > 250).all()
    inside = np.zeros((15, 15), bool)
    inside[4:11, 4:11] = True
    assert (ink[~inside] == 0).all()
    total = ink.astype(float).sum() / 255
    assert abs(total - 25) < 1.5


def test_what_is_transparent_is_paper(qapp, tmp_path):
    picture(tmp_path / "a.png", "#00000000", spot=(5, 0, 30))
    assert gray(tmp_path / "a.png", 8).min() == 255
    picture(tmp_path / "b.png", "#00000000")
    assert gray(tmp_path / "b.png", 8).max() == 0


@pytest.mark.parametrize("side", [8, 16, 32])
def test_large_pictures_are_averaged(qapp, tmp_path, side):
    rng = np.random.default_rng(1)
    values = rng.integers(0, 256, (640, 640)).astype("u1")
    image = QImage(values.tobytes(), 640, 640, 640, QImage.Format.Format_Grayscale8)
    assert image.save(str(tmp_path / "a.png"))
    expected = 255 - values.reshape(side, 640 // side, side, -1).mean((1, 3))
    assert np.abs(gray(tmp_path / "a.png", side) - expected).max() < 12


def test_all_bad_files_are_named_at_once(fruit):
    (fruit / "pear" / "notes.txt").write_text("no picture")
    (fruit / "Apple pie" / "cut.png").write_bytes((fruit / "pear" / "0.png").read_bytes()[:40])
    with pytest.raises(FileError) as refused:
        load(scan(fruit), 16)
    text = str(refused.value)
    assert text.startswith(f"{fruit}: 2 of 8 files cannot be read as pictures")
    assert "  - pear/notes.txt: it is no picture" in text
    assert "  - Apple pie/cut.png: " in text


def test_a_folder_without_classes_is_refused(fruit, tmp_path):
    for folder, words in ((fruit / "pear", "there is none"), (tmp_path / "no", "no such file"),
                          (fruit / "README.txt", "it is no folder")):
        with pytest.raises(FileError, match=words):
            scan(folder)


def test_what_is_written_is_what_is_read(fruit, tmp_path):
    x, y = load(scan(fruit), 12)
    path = tmp_path / "fruit.npz"
    write_npz(path, x, y)
    raw = read_npz(str(path))
    assert (raw.classes, raw.image) == (("Apple pie", "pear"), (12, 12))
    np.testing.assert_allclose(raw.x.reshape(x.shape), x / 255, atol=1e-6)
    first = path.read_bytes()
    write_npz(path, x, y)
    assert path.read_bytes() == first
    with pytest.raises(DataError, match="one class"):
        write_npz(tmp_path / "other.npz", x, np.array(["pear"] * len(x)))
    assert [entry.name for entry in tmp_path.glob("*.npz")] == ["fruit.npz"]


def command(*arguments):
    """`trainscope images` with Qt's application left alone."""
    return cli.main(["images", *map(str, arguments)])


@pytest.fixture
def kept_application(qapp, monkeypatch):
    monkeypatch.setattr(qapp, "quit", lambda: None)
    return qapp


def test_the_command_writes_a_file_that_is_learnt_from(kept_application, fruit, tmp_path, capsys):
    out = tmp_path / "fruit.npz"
    assert command(fruit, "-o", out, "--size", 8) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(maxsplit=1) for line in printed] == [
        ["3", "Apple pie"], ["3", "pear"], [str(out)]]
    assert dataset_choice({"file": str(out)}).raw().image == (8, 8)


@pytest.mark.parametrize(("size", "out", "words"), [
    ("4", "a.npz", "from 8 to 32, not '4'"), ("x", "a.npz", "from 8 to 32, not 'x'"),
    ("8", "a.csv", "ends in .npz"),
])
def test_wrong_usage_is_status_2(kept_application, fruit, tmp_path, capsys, size, out, words):
    try:
        status = command(fruit, "-o", tmp_path / out, "--size", size)
    except SystemExit as end:
        status = end.code
    assert status == 2
    assert words in capsys.readouterr().err


def test_a_bad_folder_is_status_2_and_leaves_no_file(kept_application, fruit, tmp_path, capsys):
    (fruit / "pear" / "x.png").write_bytes(b"nothing")
    assert command(fruit, "-o", tmp_path / "a.npz") == 2
    assert "pear/x.png" in capsys.readouterr().err
    assert not [*tmp_path.glob("*.npz")]
    assert not [*tmp_path.glob(".*")]


def test_a_place_that_cannot_be_written_to_is_status_1(kept_application, fruit, tmp_path, capsys):
    assert command(fruit, "-o", tmp_path / "no" / "a.npz") == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_folder_dropped_on_the_window_asks_and_is_learnt_from(
        window, fruit, tmp_path, monkeypatch):
    out = tmp_path / "made.npz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))

    def use(dialog):
        assert "6 pictures of 2 classes" in dialog.findChildren(type(dialog.refusal))[0].text()
        dialog.size_box.setCurrentIndex(dialog.size_box.findData(24))
        dialog.save.click()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(ImageDialog, "exec", use)
    drop(window, fruit)
    experiment = window.document.experiment
    assert experiment.problem.dataset.plain() == {"file": str(out)}
    data = window.session.snapshot.contestants[0].training.material.data
    assert (data.image, data.classes) == ((24, 24), ("Apple pie", "pear"))
    window.board_view.grab()
    assert window.board.view("decision-map").title() == "Predictions"


def test_the_dialog_says_what_is_wrong_and_stays(qapp, fruit, tmp_path):
    (fruit / "pear" / "x.png").write_bytes(b"nothing")
    dialog = ImageDialog(scan(fruit), Style(THEMES["dark"]))
    try:
        dialog.show()
        dialog.grab()
        dialog.write(tmp_path / "a.npz")
        assert "pear/x.png" in dialog.refusal.text()
        assert dialog.written is None
        assert dialog.isVisible()
        assert not (tmp_path / "a.npz").exists()
    finally:
        dialog.close()
        dialog.deleteLater()
