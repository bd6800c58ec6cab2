"""A lesson is written in the window, without its file being touched: beats of what is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lab_user import User, at_the_window
from lesson_scenes import LESSON
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog, QMessageBox, QSlider

from app import cli
from app.film import Screen
from app.lesson_check import findings
from app.stage import Words
from engine import Experiment, Lesson
from engine.changes import changed
from engine.lesson import open_file
from engine.listing import lesson_files

SIZE = (640, 360)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def user(qapp, tmp_path):
    with at_the_window(tmp_path, (1600, 900)) as user:
        yield user


@pytest.fixture
def author(lesson_window):
    """Somebody who writes on the short lesson, which has a file."""
    user = User(lesson_window)
    user.settle()
    return user


def form(user):
    return user.window.script.form


def lesson_of(user) -> Lesson:
    lesson = user.window.document.lesson
    assert lesson is not None
    return lesson


def go_to_step(user, step: int) -> None:
    # Nobody can go to a step that is yet to be computed.
    user.window.session.wait()
    user.window.session.player.seek(step)
    user.window.session.wait()


def say(user, caption: str) -> None:
    """Type a caption into the field that has the focus after a beat was added."""
    assert user.window.focusWidget() is form(user).caption
    QTest.keyClicks(form(user).caption, caption)
    user.settle()


def add(user) -> None:
    """Press B on the board, and look at what was shown when it was pressed."""
    user.window.session.wait()
    user.window.board_view.setFocus()
    user.press(Qt.Key.Key_B)


def shown(user) -> tuple:
    session = user.window.session
    session.wait()
    return session.snapshot, session.look, user.window.board.arrangement


def picture(kept: tuple, lesson: Lesson, beat: int, size: tuple[int, int]) -> QImage:
    """What was shown when a beat was added, as a frame with that beat's words."""
    snapshot, look, arrangement = kept
    told = lesson.beats[beat]
    screen = Screen(arrangement, size, "light", captioned=True)
    image = QImage(*size, QImage.Format.Format_RGB32)
    try:
        screen.stage.say(Words(lesson.title, f"step {snapshot.step:,}", told.caption, told.formula,
                               told.term, told.your_turn))
        screen.stage.draw(snapshot, look)
        with QPainter(image) as painter:
            screen.paint(painter)
    finally:
        screen.close()
    return image


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4)[..., :3].copy()


# ---- a lesson from nothing


def test_a_lesson_of_three_beats_is_made_saved_opened_and_filmed(user, tmp_path, monkeypatch):
    user.open("Moons")
    kept = [shown(user)]
    add(user)
    say(user, "Two networks that know nothing.")
    assert lesson_of(user).beats[0].steps_per_second == 0

    go_to_step(user, 60)
    user.window.session.set_look(curve="accuracy")
    kept.append(shown(user))
    add(user)
    say(user, "After 60 steps most points are on the right side.")

    user.type_rate(0, 0.5)
    user.window.arranging.toggle("layer-histograms", False)
    go_to_step(user, 90)
    kept.append(shown(user))
    add(user)
    say(user, "The same again with a larger step.")

    lesson = lesson_of(user)
    assert [beat.set for beat in lesson.beats] == [{}, {}, {"Plain.lr": 0.5}]
    assert [beat.restarts for beat in lesson.beats] == [False, False, True]
    assert [lesson.last_step(beat) for beat in range(3)] == [0, 60, 90]
    assert lesson.beats[1].look == {"curve": "accuracy"} and lesson.beats[2].look == {}
    assert lesson.beats[2].layout == (("decision-map", "curves"),)
    assert findings(lesson) == []
    assert user.window.windowTitle().startswith("*Moons")

    path = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    user.press(Qt.Key.Key_S, CTRL)
    assert not user.window.document.unsaved and user.window.windowTitle().startswith("Moons")
    assert open_file(path) == lesson
    assert cli.main(["check", str(path)]) == 0

    for beat, end in enumerate(lesson.starts[1:]):
        still = tmp_path / f"{beat}.png"
        at = float(end) - (1 / 24 if beat < 2 else 0)
        assert cli.main(["still", str(path), "-o", str(still), "--at", str(at), "--size",
                         f"{SIZE[0]}x{SIZE[1]}", "--theme", "light"]) == 0
        assert (pixels(QImage(str(still))) == pixels(picture(kept[beat], lesson, beat, SIZE))
                ).all(), f"beat {beat + 1}"
    frames = tmp_path / "frames"
    assert cli.main(["film", str(path), "-o", str(frames), "--beat", "2", "--fps", "24", "--size",
                     "320x180", "--theme", "light"]) == 0
    last = QImage(str(max(frames.glob("*.png"))))
    assert (pixels(last) == pixels(picture(kept[1], lesson, 1, (320, 180)))).all()

    assert user.window.files.open(path)
    for beat in range(3):
        user.window.session.lesson.go_to_end(beat)
        snapshot, look, arrangement = shown(user)
        was = kept[beat]
        assert snapshot.step == was[0].step and arrangement.names == was[2].names
        assert snapshot.experiment.replaced(picture=None, title="") == was[0].experiment.replaced(
            picture=None, title="")
        assert replace(look, chosen=0) == replace(was[1], chosen=0)


def test_making_a_lesson_is_undone_to_the_race_with_all_its_edits(user):
    user.open("Moons")
    user.type_rate(0, 0.5)
    edited = user.experiment
    go_to_step(user, 40)
    user.window.session.set_look(curve="accuracy")
    user.press(Qt.Key.Key_B)
    assert lesson_of(user).experiment.contestants == edited.contestants
    user.window.board_view.setFocus()
    user.press(Qt.Key.Key_Z, CTRL)
    assert user.window.document.lesson is None and user.experiment == edited
    assert user.window.session.player.step == 40 and not user.window.lesson_bar.isVisible()
    assert user.window.session.look.curve == "accuracy" and user.window.document.unsaved
    user.press(Qt.Key.Key_Y, CTRL)
    assert lesson_of(user).last_step(0) == 40 and user.window.lesson_bar.isVisible()
    for _ in range(3):
        user.press(Qt.Key.Key_Z, CTRL)
    assert not user.window.document.unsaved and user.experiment != edited


def test_the_race_goes_on_from_a_beat_that_stands_still(user, qtbot):
    user.open("Moons")
    user.press(Qt.Key.Key_B)
    say(user, "Before the first step.")
    user.click(user.window.script.go_on)
    player = user.window.session.player
    assert not user.window.session.lesson.on and player.playing
    assert player.speed == 300, "the speed before there was a lesson, and not the beat's 0"
    qtbot.waitUntil(lambda: player.step > 30, timeout=4000)
    player.pause()
    reached = player.step
    user.click(user.window.script.add)
    assert lesson_of(user).last_step(1) == reached
    # Played on by a key that moves by steps, too.
    user.window.board_view.setFocus()
    user.press(Qt.Key.Key_Right)
    user.window.session.wait()
    assert user.snapshot.step == reached + 1 and not user.window.session.lesson.on


# ---- beats


def test_a_beat_in_between_leaves_the_others_as_they_were(author):
    before = LESSON.experiments
    author.window.session.lesson.go_to_end(1)
    author.type_rate(1, 0.125)
    go_to_step(author, 25)
    add(author)
    lesson = lesson_of(author)
    assert len(lesson.beats) == 5 and author.window.session.lesson.beat == 2
    assert lesson.beats[2].set == {"B.lr": 0.125} and lesson.last_step(2) == 25
    assert lesson.experiments[:2] + lesson.experiments[3:] == before
    # Still at what was shown, now as a moment of the lesson.
    assert author.window.session.lesson.on and author.snapshot.step == 25
    assert author.snapshot.experiment == lesson.experiments[2]


def test_undo_of_a_beat_brings_back_what_was_changed_for_it(author):
    author.window.session.lesson.go_to_end(0)
    author.type_rate(1, 0.125)
    go_to_step(author, 25)
    author.window.session.set_look(zoom=((0.0, 2.0), (0.0, 1.0)))
    edited = author.experiment
    add(author)
    author.window.board_view.setFocus()
    author.press(Qt.Key.Key_Z, CTRL)
    assert author.window.document.lesson == LESSON and author.experiment == edited
    assert author.window.session.player.step == 25 and not author.window.session.lesson.on
    assert author.window.session.look.zoom == ((0, 2), (0, 1))
    author.press(Qt.Key.Key_Z, CTRL)
    assert author.experiment == LESSON.experiments[0] and not author.window.document.unsaved


def test_beats_are_moved_duplicated_and_deleted_by_keys_and_undone(author):
    window = author.window
    author.press(Qt.Key.Key_B, CTRL)
    window.script.list.setFocus()
    window.script.list.setCurrentRow(3)
    author.settle()
    assert window.session.lesson.beat == 3
    captions = [beat.caption for beat in LESSON.beats]

    def now() -> list[str]:
        return [beat.caption for beat in lesson_of(author).beats]

    QTest.keyClick(window.script.list, Qt.Key.Key_Up, CTRL)
    assert now() == [*captions[:2], captions[3], captions[2]]
    assert window.session.lesson.beat == 2 == window.script.list.currentRow()
    QTest.keyClick(window.script.list, Qt.Key.Key_D, CTRL)
    assert now() == [*captions[:2], captions[3], captions[3], captions[2]]
    QTest.keyClick(window.script.list, Qt.Key.Key_Delete)
    QTest.keyClick(window.script.list, Qt.Key.Key_Delete)
    assert now() == [*captions[:2], captions[3]]
    for _ in range(4):
        author.press(Qt.Key.Key_Z, CTRL)
    assert lesson_of(author) == LESSON and not window.document.unsaved


def test_a_beat_takes_what_is_shown_and_keeps_its_words(author):
    window = author.window
    window.session.lesson.go_to_end(1)
    author.press(Qt.Key.Key_B, CTRL)
    window.session.set_look(zoom=((-1.0, 1.0), (0.0, 0.5)))
    author.click(window.script.retake)
    lesson = lesson_of(author)
    assert lesson.beats[1].look == {"zoom": [[-1.0, 1.0], [0.0, 0.5]]}
    assert lesson.beats[1].caption == LESSON.beats[1].caption and lesson.beats[1].seconds == 2
    # The next one shows what it did, though it says nothing of the zoom itself.
    assert lesson.pictures[3] == LESSON.pictures[3]


def test_times_keep_the_step_at_which_a_beat_ends(author):
    author.press(Qt.Key.Key_B, CTRL)
    beat = form(author)
    assert beat.steps.text() == "from step 0 to 40"
    beat.seconds.setValue(8)
    told = lesson_of(author).beats[0]
    assert told.seconds == 8 and lesson_of(author).last_step(0) == 40
    beat.speed.setValue(2.5)
    assert beat.steps.text() == "from step 0 to 20"
    author.window.session.lesson.go_to_end(3)
    author.click(beat.restart)
    assert not lesson_of(author).beats[3].restarts and beat.steps.text().startswith("from step ")


def test_words_are_said_live_and_one_row_of_typing_is_one_edit(author):
    window = author.window
    author.press(Qt.Key.Key_B, CTRL)
    beat = form(author)
    beat.caption.setFocus()
    beat.caption.selectAll()
    QTest.keyClicks(beat.caption, "Something else, at some length: it is to be read.")
    assert window.lesson_bar.words.text().startswith("Something else")
    assert beat.reading.text() == "4 s, reads at 12 characters a second"
    assert not beat.longer.isVisible()
    QTest.keyClicks(beat.caption, " And more, which is too much.")
    assert beat.reading.objectName() == "warning" and beat.longer.text() == "Take 6 s"
    author.click(beat.longer)
    assert lesson_of(author).beats[0].seconds == 6
    assert all(finding.beat != 0 for finding in findings(lesson_of(author)))
    beat.title.setFocus()
    QTest.keyClicks(beat.title, "Chapter")
    assert window.script.list.item(0).text() == "1  Chapter"
    window.board_view.setFocus()
    assert window.document.script_stack.count() == 3
    for _ in range(3):
        author.press(Qt.Key.Key_Z, CTRL)
    assert lesson_of(author) == LESSON and beat.caption.toPlainText() == "It begins."


def test_a_formula_is_taken_when_it_can_be_typeset_and_its_error_is_said(author):
    author.press(Qt.Key.Key_B, CTRL)
    beat = form(author)
    beat.formula.setFocus()
    QTest.keyClicks(beat.formula, r"\frac{1}{")
    assert "cannot typeset" in beat.mistake.text() and beat.mistake.isVisible()
    assert beat.formula.text() == r"\frac{1}{", "what is being typed is not taken away"
    QTest.keyClicks(beat.formula, r"n} + \eta")
    assert lesson_of(author).beats[0].formula == r"\frac{1}{n} + \eta"
    assert not beat.mistake.isVisible() and author.window.lesson_bar.words.setting()[1] > 0
    beat.term.setFocus()
    QTest.keyClicks(beat.term, r"\eta")
    assert lesson_of(author).beats[0].term == r"\eta"
    QTest.keyClicks(beat.term, "x")
    assert "no part of the formula" in beat.mistake.text()
    assert lesson_of(author).beats[0].term == ""


def test_a_control_is_pointed_at_by_clicking_it(author):
    window = author.window
    author.press(Qt.Key.Key_B, CTRL)
    beat = form(author)
    author.click(beat.turn)
    author.click(beat.point)
    slider = author.control(QSlider, "B lr")
    rate = window.document.experiment.contestants[1].optimizer.lr
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(3, 5))
    author.settle()
    told = lesson_of(author).beats[0]
    assert (told.your_turn, told.point_at) == (True, "B.lr")
    assert window.document.experiment.contestants[1].optimizer.lr == rate
    assert not beat.point.isChecked() and not window.pointer.ring().isEmpty()
    author.click(beat.point)
    QTest.keyClick(beat.point, Qt.Key.Key_Escape)
    assert not beat.point.isChecked() and lesson_of(author).beats[0].point_at == "B.lr"
    author.click(beat.nowhere)
    assert lesson_of(author).beats[0].point_at is None


def test_writing_words_leaves_a_changed_race_alone(author):
    author.press(Qt.Key.Key_B, CTRL)
    author.type_rate(1, 0.125)
    edited = author.experiment
    form(author).title.setFocus()
    QTest.keyClicks(form(author).title, "Chapter")
    assert author.experiment == edited and not author.window.session.lesson.on
    assert author.window.lesson_bar.again.isVisible()
    author.window.session.lesson.rejoin(play=False)
    assert lesson_of(author).beats[0].title == "Chapter"


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda experiment: experiment.removed(1),
     "Add beat is not possible: contestants must be those of the lesson throughout (A, B), not A;"),
    (lambda experiment: experiment.moved(0, 1), "(A, B), not B, A; put them into the lesson's"),
    (lambda experiment: changed(experiment, 20, {"A.lr": 0.5}), "not from step 20 on; pause"),
])
def test_what_no_beat_can_say_is_refused_and_nothing_changes(author, change, sentence):
    author.window.document.edit("x", change(author.experiment))
    edited = author.experiment
    add(author)
    notice = author.window.notice
    assert sentence in notice.label.text() and not notice.action.isVisible()
    assert lesson_of(author) == LESSON and author.experiment == edited


def test_a_contestant_that_is_new_is_put_in_and_muted_elsewhere(author):
    author.window.session.lesson.go_to_end(1)
    author.window.document.edit("Add", author.experiment.duplicated(0))
    go_to_step(author, 30)
    drawn = author.experiment
    add(author)
    assert author.window.notice.label.text() == "A 2 is not in this lesson yet."
    assert lesson_of(author) == LESSON
    author.click(author.window.notice.action)
    lesson = lesson_of(author)
    assert [[contestant.muted for contestant in experiment.contestants]
            for experiment in lesson.experiments] == [
        [False, True, False], [False, True, False], [False, False, False], [False, True, False],
        [False, True, False]]
    assert lesson.experiments[2].contestants == drawn.contestants and lesson.last_step(2) == 30
    assert author.window.focusWidget() is form(author).caption
    author.window.board_view.setFocus()
    author.press(Qt.Key.Key_Z, CTRL)
    assert lesson_of(author) == LESSON and author.experiment == drawn


# ---- files


@pytest.fixture
def opened(author, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(LESSON.to_toml(), encoding="utf-8")
    assert author.window.files.open(path)
    author.window.session.player.pause()
    author.press(Qt.Key.Key_B, CTRL)
    author.settle()
    return author, path


def title_it(user, text: str) -> None:
    field = user.window.script.title
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    user.window.board_view.setFocus()


def test_save_writes_the_lesson_and_is_no_news(opened):
    user, path = opened
    title_it(user, "Another title")
    assert user.window.document.unsaved
    user.press(Qt.Key.Key_S, CTRL)
    assert open_file(path).title == "Another title" and not user.window.document.unsaved
    user.window.notice.hide()
    QTest.qWait(400)
    assert not user.window.notice.isVisible()


def test_a_changed_race_is_saved_apart_and_the_lesson_keeps_its_file(opened, monkeypatch, tmp_path):
    user, path = opened
    before = path.read_text()
    user.type_rate(0, 0.001)
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: asked.append(a[1]) or (
        str(tmp_path / "race.toml"), ""))
    user.press(Qt.Key.Key_S, CTRL)
    assert asked == ["Save the changed race, apart from the lesson"]
    race = open_file(tmp_path / "race.toml")
    assert isinstance(race, Experiment) and race.contestants[0].optimizer.lr == 0.001
    assert path.read_text() == before and user.window.document.path == path
    assert not user.window.document.unsaved


def test_bundled_lessons_are_copied_and_comments_are_not_lost_silently(user, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: asked.append(a[1]) or ("", ""))
    name, bundled = next(iter(lesson_files().items()))
    for open_it in (lambda: user.window.files.open(bundled),
                    lambda: user.window.open_lesson(name)):
        open_it()
        user.window.session.player.pause()
        user.press(Qt.Key.Key_S, CTRL)
    path = tmp_path / "mine.toml"
    path.write_text("# Mine\n" + LESSON.to_toml())
    assert user.window.files.open(path)
    user.press(Qt.Key.Key_S, CTRL)
    assert asked == [*2 * ["Save a copy of the lesson: bundled ones are not overwritten"],
                     "Save the lesson: the comments in mine.toml would be lost"]
    assert path.read_text().startswith("# Mine")


def test_cards_that_were_moved_are_saved_with_the_lesson(opened):
    user, path = opened
    user.window.arranging.toggle("loss-curve", False)
    user.press(Qt.Key.Key_S, CTRL)
    saved = open_file(path)
    assert saved.layout == (("surface-path",),) and saved.beats[3].layout == (("loss-curve",),)
    assert not user.window.document.unsaved and user.window.board.rows == saved.layout
    user.press(Qt.Key.Key_Z, CTRL)
    assert user.window.board.rows == (("surface-path",),), "as it was arranged"
    assert lesson_of(user).layout == LESSON.layout and user.window.document.unsaved


def test_closing_asks_about_the_race_and_then_about_the_script(opened, monkeypatch):
    user, path = opened
    title_it(user, "Another title")
    user.type_rate(0, 0.001)
    asked, button = [], QMessageBox.StandardButton
    answers = iter([button.Discard, button.Cancel])
    monkeypatch.setattr(QMessageBox, "question", lambda *a: asked.append(a[2]) or next(answers))
    assert not user.window.files.saving.may_discard()
    assert "race" in asked[0] and asked[1] == "Save the changes to “Another title”?"
    answers = iter([button.Save])
    assert user.window.files.saving.may_discard()
    assert open_file(path).title == "Another title"


def test_an_unsaved_script_is_recovered_after_a_crash_with_the_race(opened, tmp_path):
    user, path = opened
    title_it(user, "Another title")
    user.type_rate(0, 0.001)
    user.window.files.saving.autosave()
    left = [open_file(file) for file in (tmp_path / "unsaved").glob("*.toml")]
    assert {type(source) for source in left} == {Lesson, Experiment}
    user.window.document.set_clean()
    user.window.files.saving.autosave()
    assert not list((tmp_path / "unsaved").glob("*.toml"))
    # As another process left it.
    lost = tmp_path / "unsaved" / "99999-1.toml"
    lost.write_text(LESSON.replaced(title="Lost and found").to_toml(), encoding="utf-8")
    user.window.files.saving.offer_recovery()
    user.click(user.window.notice.action)
    assert lesson_of(user).title == "Lost and found" and user.window.document.unsaved
    assert user.window.document.path is None and not lost.exists()


def test_the_panel_without_a_lesson_says_how_to_make_one(user):
    user.open("Moons")
    user.press(Qt.Key.Key_B, CTRL)
    assert user.window.script.hint.isVisible() and not form(user).isVisible()
    user.click(user.window.script.add)
    assert not user.window.script.hint.isVisible() and form(user).isVisible()
    user.click(user.window.script.close_button)
    assert user.window.lessons.isVisible() and not user.window.script.isVisible()


def test_nothing_of_the_panel_is_cut_off(user, tmp_path: Path):
    user.open("Moons")
    for size in ((1280, 720), (1920, 1080)):
        user.window.resize(*size)
        user.press(Qt.Key.Key_B)
        user.settle()
        if not form(user).turn.isChecked():
            user.click(form(user).turn)
        panel = user.window.script
        width = panel.width()
        for widget in (panel.add, panel.retake, panel.title, *panel.tools.values(),
                       form(user).caption, form(user).ease, form(user).point, form(user).turn):
            right = widget.mapTo(panel, QPoint(widget.width(), 0)).x()
            assert widget.isVisible() and right <= width, widget.accessibleName()
            assert widget.width() >= min(widget.minimumSizeHint().width(), 60)
