"""The Record dialog as a user drives it: choose, film, cancel, mistype."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
)
from scenes import race

from app import film_form
from app.main_window import MainWindow
from app.preferences import Preferences
from app.record_dialog import RecordDialog, _clock
from app.recovery import Recovery
from app.theme import DARK, LIGHT
from engine.lesson import Lesson

SMALL = (320, 180)


@pytest.fixture(autouse=True)
def small_films(monkeypatch):
    monkeypatch.setattr(film_form, "SIZES", {"320 × 180": SMALL, "640 × 360": (640, 360)})


@pytest.fixture
def dialog(qtbot, tmp_path):
    dialog = open_dialog(qtbot, race(), tmp_path)
    dialog.form.seconds.setValue(0.5)
    choose(dialog.form.rate_box, "24")
    return dialog


def open_dialog(qtbot, source, folder: Path, theme=LIGHT) -> RecordDialog:
    dialog = RecordDialog(source, theme, folder)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def choose(box: QComboBox, text: str) -> None:
    place = box.findText(text)
    assert place >= 0, f"{text} is not offered"
    box.setCurrentIndex(place)


def offered(box: QComboBox) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


def press_film(qtbot, dialog: RecordDialog) -> None:
    """Press Film, and wait: filming returns when it is done, failed or cancelled."""
    qtbot.mouseClick(dialog.film, Qt.MouseButton.LeftButton)


def retype(qtbot, field: QLineEdit, text: str) -> None:
    field.window().activateWindow()
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def at_frame(dialog: RecordDialog, frame: int, action) -> None:
    """Do something while that frame is filmed, as a user might."""
    dialog.progress.valueChanged.connect(lambda value: action() if value == frame else None)


def frames_of(path: Path) -> list[tuple[int, int]]:
    with av.open(str(path)) as film:
        return [(frame.width, frame.height) for frame in film.decode(video=0)]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- what is offered


def test_it_opens_with_good_answers(qtbot, tmp_path):
    dialog = open_dialog(qtbot, race(), tmp_path, DARK)
    form = dialog.form
    assert offered(form.format_box) == ["MP4", "GIF", "MOV", "WebM", "PNG frames"]
    assert form.format_box.currentText() == "MP4"
    assert form.rate_box.currentText() == "60"
    assert form.theme_box.currentText() == "Dark"
    assert (form.seconds.value(), form.start.value(), form.end.value()) == (10.0, 0.0, 10.0)
    assert form.path.text() == str(tmp_path / "a-short-race.mp4")


def test_a_film_at_720p_to_4k_can_be_chosen(monkeypatch):
    monkeypatch.undo()
    assert list(film_form.SIZES.values()) == [
        (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160), (1080, 1920)]


def test_formats_bring_their_rates_and_suffixes(dialog, tmp_path):
    form = dialog.form
    choose(form.rate_box, "30")
    choose(form.format_box, "GIF")
    assert offered(form.rate_box) == ["50", "25", "20", "10"]
    assert form.rate_box.currentText() == "25", "the nearest to 30"
    assert form.path.text() == str(tmp_path / "a-short-race.gif")
    choose(form.format_box, "WebM")
    assert offered(form.rate_box) == ["60", "50", "30", "25", "24"]
    assert form.rate_box.currentText() == "25"
    assert form.path.text() == str(tmp_path / "a-short-race.webm")
    choose(form.format_box, "PNG frames")
    assert form.path.text() == str(tmp_path / "a-short-race")
    choose(form.format_box, "MP4")
    assert form.path.text() == str(tmp_path / "a-short-race.mp4")


def test_each_format_says_what_it_is_for(dialog):
    docs = set()
    for place in range(dialog.form.format_box.count()):
        dialog.form.format_box.setCurrentIndex(place)
        docs.add(dialog.form.doc.text())
    assert len(docs) == 5
    assert all(docs)


def test_a_name_that_is_taken_gets_a_number(qtbot, tmp_path):
    (tmp_path / "a-short-race.mp4").touch()
    (tmp_path / "a-short-race-2.gif").touch()
    dialog = open_dialog(qtbot, race(), tmp_path)
    assert dialog.form.path.text() == str(tmp_path / "a-short-race-3.mp4")


@pytest.mark.parametrize(("title", "name"), [
    ("Beale's valley: η = 0.1 / β", "beales-valley-η-0-1-β.mp4"), ("", "film.mp4"),
    ("…", "film.mp4"), ("x" * 300, f"{'x' * 60}.mp4"), ("../../up", "up.mp4"),
])
def test_the_name_comes_from_the_title(qtbot, tmp_path, title, name):
    dialog = open_dialog(qtbot, race(title=title), tmp_path)
    assert dialog.form.path.text() == str(tmp_path / name)


def test_the_part_follows_the_length(dialog):
    form = dialog.form
    form.seconds.setValue(4)
    assert (form.start.value(), form.end.value()) == (0, 4)
    form.start.setValue(1)
    form.end.setValue(3)
    form.seconds.setValue(8)
    assert (form.start.value(), form.end.value()) == (1, 3)
    form.seconds.setValue(2)
    assert (form.start.value(), form.end.value()) == (1, 2)


def test_a_lesson_has_its_own_length(qtbot, tmp_path):
    lesson = Lesson(title="Thirds", experiment=race(), beats=[{"seconds": 1 / 3},
                                                              {"seconds": 1 / 3}])
    dialog = open_dialog(qtbot, lesson, tmp_path)
    assert not dialog.form.seconds.isVisible()
    assert dialog.form.end.value() == 0.67
    choose(dialog.form.rate_box, "30")
    dialog.form.cards.click()
    press_film(qtbot, dialog)
    # The box has rounded up; the whole lesson is meant, and filmed.
    assert len(frames_of(dialog.written)) == 20


def test_every_control_has_a_name_and_is_reached_by_the_keyboard(dialog):
    for kind in (QComboBox, QDoubleSpinBox, QPushButton):
        for control in dialog.findChildren(kind):
            assert control.accessibleName() or control.text()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert dialog.form.path.accessibleName()


def lesson_of_two() -> Lesson:
    return Lesson(title="Two", sources=["Polyak 1964, Some methods"], experiment=race(), beats=[
        {"seconds": 0.5, "caption": "First it goes."}, {"seconds": 0.25, "caption": "Then not."}])


def test_only_what_the_format_has_is_offered(qtbot, tmp_path):
    dialog = open_dialog(qtbot, lesson_of_two(), tmp_path)
    form = dialog.form
    extras = {"codec": form.codec_box, "budget": form.budget, "transparent": form.transparent,
              "cards": form.cards, "subtitles": form.subtitles_box}
    usual = {"cards", "subtitles"}
    for title, more in (("MP4", set()), ("WebM", {"codec"}), ("GIF", {"budget"}),
                        ("MOV", {"transparent"}), ("PNG frames", {"transparent"})):
        choose(form.format_box, title)
        assert {name for name, box in extras.items() if box.isVisible()} == usual | more
    assert offered(form.part.box) == [
        "Whole", "Beat 1: First it goes.", "Beat 2: Then not.", "From … to …"]
    choose(form.part.box, "Beat 2: Then not.")
    assert not form.cards.isVisible(), "a part has no cards"
    assert not form.start.isVisible()
    choose(form.part.box, "From … to …")
    assert form.start.isVisible()


def test_an_experiment_has_neither_cards_nor_subtitles(dialog):
    assert not dialog.form.cards.isVisible()
    assert not dialog.form.subtitles_box.isVisible()
    assert offered(dialog.form.part.box) == ["Whole", "From … to …"]


def test_all_that_is_chosen_is_filmed(qtbot, tmp_path):
    dialog = open_dialog(qtbot, lesson_of_two(), tmp_path)
    form = dialog.form
    choose(form.format_box, "WebM")
    choose(form.codec_box, "AV1")
    choose(form.rate_box, "24")
    choose(form.subtitles_box, "Both")
    press_film(qtbot, dialog)
    assert left(tmp_path) == ["two.srt", "two.vtt", "two.webm"]
    with av.open(str(dialog.written)) as film:
        assert film.streams.video[0].codec_context.codec.canonical_name == "av1"
        assert len(film.chapters()) == 2
        assert len(list(film.decode(video=0))) == 4 * 24 + 18 + 5 * 24


def test_one_beat_on_no_ground(qtbot, tmp_path):
    dialog = open_dialog(qtbot, lesson_of_two(), tmp_path)
    form = dialog.form
    choose(form.format_box, "MOV")
    choose(form.rate_box, "24")
    choose(form.part.box, "Beat 2: Then not.")
    form.transparent.click()
    press_film(qtbot, dialog)
    with av.open(str(dialog.written)) as film:
        pictures = list(film.decode(video=0))
    assert len(pictures) == 6
    assert pictures[0].format.name.startswith("yuva444p")


def test_a_size_budget_is_met_and_told(qtbot, tmp_path):
    dialog = open_dialog(qtbot, lesson_of_two(), tmp_path)
    choose(dialog.form.format_box, "GIF")
    choose(dialog.form.rate_box, "10")
    choose(dialog.form.part.box, "Beat 1: First it goes.")
    dialog.form.budget.setValue(0.5)
    press_film(qtbot, dialog)
    assert dialog.written.stat().st_size <= 500_000
    assert dialog.told.startswith(f"{dialog.written}: 320x180, 10 frames a second")


# ---- filming


def test_filming_shows_progress_and_time_left(dialog, qtbot, tmp_path):
    seen, texts, shown = [], [], []
    dialog.progress.valueChanged.connect(seen.append)
    dialog.progress.valueChanged.connect(lambda _: texts.append(dialog.status.text()))
    at_frame(dialog, 6, lambda: shown.append(
        (dialog.progress.isVisible(), dialog.form.isEnabled(), dialog.film.isEnabled(),
         dialog.cancel.isEnabled())))
    press_film(qtbot, dialog)
    assert dialog.written == tmp_path / "a-short-race.mp4"
    assert frames_of(dialog.written) == [SMALL] * 12
    assert [value for value in seen if value > 0] == list(range(1, 13))
    assert any(text.startswith("Frame 6 of 12 · 0:0") and text.endswith(" left") for text in texts)
    assert shown == [(True, False, False, True)]
    assert dialog.result() == RecordDialog.DialogCode.Accepted
    assert not dialog.isVisible()


@pytest.mark.parametrize(("title", "name"), [
    ("GIF", "a-short-race.gif"), ("WebM", "a-short-race.webm"), ("MOV", "a-short-race.mov"),
    ("PNG frames", "a-short-race")])
def test_every_format_films(dialog, qtbot, tmp_path, title, name):
    choose(dialog.form.format_box, title)
    choose(dialog.form.size_box, "640 × 360")
    rate = int(dialog.form.rate_box.currentText())
    press_film(qtbot, dialog)
    written = tmp_path / name
    assert dialog.written == written
    files = sorted(written.iterdir()) if written.is_dir() else [written]
    sizes = [size for file in files for size in frames_of(file)]
    assert sizes == [(640, 360)] * int(0.5 * rate + 0.5)


def test_a_part_is_filmed(dialog, qtbot):
    dialog.form.start.setValue(0.25)
    press_film(qtbot, dialog)
    assert len(frames_of(dialog.written)) == 6


def test_a_part_that_ends_before_it_begins_is_refused(dialog, qtbot, tmp_path):
    dialog.form.start.setValue(0.4)
    dialog.form.end.setValue(0.2)
    press_film(qtbot, dialog)
    assert dialog.isVisible()
    assert "must begin before it ends" in dialog.refusal.text()
    assert left(tmp_path) == []


@pytest.mark.parametrize("how", ["button", "escape", "close"])
def test_cancelling_leaves_no_half_file_and_the_dialog_open(dialog, qtbot, tmp_path, how):
    actions = {
        "button": dialog.cancel.click,
        "escape": lambda: qtbot.keyClick(dialog, Qt.Key.Key_Escape),
        "close": dialog.close,
    }
    at_frame(dialog, 3, actions[how])
    press_film(qtbot, dialog)
    assert dialog.isVisible()
    assert dialog.written is None
    assert dialog.status.text() == "Cancelled; no file was left."
    assert left(tmp_path) == []
    assert dialog.form.isEnabled()
    assert not dialog.progress.isVisible()


def test_after_a_cancel_the_same_dialog_films(dialog, qtbot):
    cancel = dialog.progress.valueChanged.connect(
        lambda value: dialog.cancel.click() if value == 2 else None)
    press_film(qtbot, dialog)
    assert dialog.written is None
    dialog.progress.valueChanged.disconnect(cancel)
    press_film(qtbot, dialog)
    assert len(frames_of(dialog.written)) == 12


def test_cancel_without_a_film_closes(dialog, qtbot):
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert dialog.result() == RecordDialog.DialogCode.Rejected


# ---- where to


def test_a_bad_path_is_told_in_the_dialog(dialog, qtbot, tmp_path):
    retype(qtbot, dialog.form.path, str(tmp_path / "nowhere" / "film.mp4"))
    press_film(qtbot, dialog)
    assert dialog.isVisible()
    assert dialog.refusal.isVisible()
    assert f"there is no folder {tmp_path / 'nowhere'}" in dialog.refusal.text()
    retype(qtbot, dialog.form.path, str(tmp_path / "film.mp4"))
    press_film(qtbot, dialog)
    assert not dialog.refusal.isVisible()
    assert left(tmp_path) == ["film.mp4"]


def test_no_path_is_told_too_and_formats_can_still_be_chosen(dialog, qtbot, tmp_path):
    dialog.form.path.clear()
    choose(dialog.form.format_box, "WebM")
    assert dialog.form.path.text() == ""
    press_film(qtbot, dialog)
    assert dialog.refusal.text() == "Give the name of a file."
    assert left(tmp_path) == []


def test_the_suffix_that_is_typed_is_the_format(dialog, qtbot, tmp_path):
    retype(qtbot, dialog.form.path, str(tmp_path / "typed.gif"))
    qtbot.keyClick(dialog.form.path, Qt.Key.Key_Tab)
    assert dialog.form.format_box.currentText() == "GIF"
    assert dialog.form.rate_box.currentText() == "25"
    assert dialog.form.path.text() == str(tmp_path / "typed.gif")


@pytest.mark.parametrize(("typed", "name"), [
    ("plain", "plain.mp4"), ("lecture 1.2", "lecture 1.2.mp4"), ("film.avi", "film.avi.mp4")])
def test_a_name_without_a_films_suffix_gets_one(dialog, qtbot, tmp_path, typed, name):
    retype(qtbot, dialog.form.path, str(tmp_path / typed))
    press_film(qtbot, dialog)
    assert left(tmp_path) == [name]


def test_a_folder_of_pictures_may_have_a_dot(dialog, qtbot, tmp_path):
    choose(dialog.form.format_box, "PNG frames")
    retype(qtbot, dialog.form.path, str(tmp_path / "lecture 1.2"))
    press_film(qtbot, dialog)
    assert dialog.written == tmp_path / "lecture 1.2"
    assert len(left(dialog.written)) == 12


@pytest.mark.parametrize(("answer", "replaced"), [
    (QMessageBox.StandardButton.No, False), (QMessageBox.StandardButton.Yes, True)])
def test_an_earlier_film_is_replaced_only_if_the_viewer_says_so(
    dialog, qtbot, tmp_path, monkeypatch, answer, replaced
):
    path = tmp_path / "a-short-race.mp4"
    path.write_bytes(b"an earlier film")
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *a, **k: asked.append(a[2]) or answer)
    press_film(qtbot, dialog)
    assert len(asked) == 1
    assert str(path) in asked[0]
    assert (path.read_bytes() != b"an earlier film") == replaced
    assert dialog.isVisible() != replaced


def test_a_file_chosen_in_the_file_dialog_is_not_asked_about_twice(
    dialog, qtbot, tmp_path, monkeypatch
):
    path = tmp_path / "chosen.webm"
    path.write_bytes(b"an earlier film")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))
    monkeypatch.setattr(QMessageBox, "question", lambda *a, **k: pytest.fail("asked twice"))
    qtbot.mouseClick(dialog.form.browse, Qt.MouseButton.LeftButton)
    assert dialog.form.format_box.currentText() == "WebM"
    press_film(qtbot, dialog)
    assert len(frames_of(path)) == 12


def test_times_are_written_as_clocks_write_them():
    assert [_clock(seconds) for seconds in (0, 0.6, 59.7, 75, 3600, 7265)] == [
        "0:00", "0:01", "1:00", "1:15", "1:00:00", "2:01:05"]


# ---- from the window


def test_record_in_the_window_films_what_is_seen_and_says_where(qtbot, tmp_path, monkeypatch):
    window = MainWindow(Preferences(tmp_path / "window.ini"), Recovery(tmp_path / "unsaved"))
    window.show()
    window.session.wait()
    path = tmp_path / "seen.mp4"
    found = []

    def drive() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, RecordDialog)
        found.append(dialog.form.theme_box.currentData())
        dialog.form.seconds.setValue(0.2)
        dialog.form.path.setText(str(path))
        dialog.film.click()

    window.set_theme("dark")
    window.session.player.play()
    QTimer.singleShot(50, drive)
    window.actions_["record"].trigger()
    assert found == ["dark"]
    assert frames_of(path) == [SMALL] * 12
    assert not window.session.player.playing
    assert window.notice.isVisible()
    assert str(path) in window.notice.label.text()
    window.document.stack.setClean()
    window.close()
    window.deleteLater()
