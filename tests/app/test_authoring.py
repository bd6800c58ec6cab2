"""Writing a lesson: a template that is a lesson, a check that finds what would be tripped over, and
a window that shows what an editor has saved."""

import json
import tomllib

import pytest
from lesson_scenes import LESSON
from PyQt6.QtCore import Qt
from written import written_in

from app import cli
from app.film import Screen
from app.lesson_check import findings
from app.picture_check import of_picture
from app.stage import Words
from app.views import views
from engine import Experiment, Lesson
from engine.lesson import open_file

RACE = LESSON.experiment


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is measured by a font needs Qt's application."""


def lesson(**beat: object) -> Lesson:
    return Lesson(title="T", experiment=RACE, layout=[["surface-path"]],
                  beats=[{"seconds": 4, "caption": "Short.", **beat}])


# ---- new


def test_the_template_is_a_lesson_with_nothing_to_mend(tmp_path, capsys):
    path = tmp_path / "why-depth.toml"
    assert cli.main(["new", "lesson", str(tmp_path / "why-depth")]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    found = open_file(path)
    assert isinstance(found, Lesson) and found.title == "Why depth"
    assert findings(found) == []
    # Every key of a beat that it explains is there, and so is the command that checks it.
    text = path.read_text(encoding="utf-8")
    told = {key for beat in tomllib.loads(text)["beats"] for key in beat}
    assert {"seconds", "caption", "formula", "term", "highlight", "set", "look", "ease",
            "your_turn", "point_at"} <= told
    assert "trainscope check why-depth.toml" in text


def test_what_exists_is_not_written_over(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text("keep me")
    assert cli.main(["new", "lesson", str(path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == "keep me"


def test_a_place_that_cannot_be_written_is_told(tmp_path, capsys):
    assert cli.main(["new", "lesson", str(tmp_path / "no" / "folder")]) == 1
    assert "no such file or folder" in capsys.readouterr().err


# ---- check


@pytest.mark.parametrize(("beat", "sentence"), [
    ({"your_turn": True, "point_at": f"{RACE.contestants[0].name}.muted"},
     "but the window has no control for it"),
    ({"caption": "x" * 61}, "the caption of 61 characters is gone after 4 s; reading it takes 4.1"),
    ({"formula": r"\frac{1}{"}, "cannot typeset"),
    ({"formula": "+ ".join(["a_{long}"] * 30)}, "times as wide as its room"),
    ({"steps_per_second": 51}, "it plays to step 204, but the race has 200; steps = 204 would do"),
    ({"seconds": 60, "steps_per_second": 0, "caption": "Words of some length. " * 30},
     "the caption of 660 characters has no room in its smallest type; about"),
    ({"seconds": 60, "steps_per_second": 0, "caption": "Words of some length. " * 16,
      "formula": "+ ".join(["a_k"] * 8),
      "your_turn": True}, "has no room in its smallest type"),
    ({"layout": [["loss-curv"]]}, "did you mean 'loss-curve'?"),
    ({"layout": [["decision-map"]]}, "the view decision-map shows a network, not a surface"),
])
def test_what_a_viewer_would_trip_over_is_found(beat, sentence):
    (found,) = findings(lesson(**beat))
    assert found.beat == 0 and sentence in str(found)


def test_a_title_that_would_be_cut_is_found():
    found = findings(lesson().replaced(title="A title of many words " * 5))
    assert [one.beat for one in found] == [None]
    assert "1.4 times as wide as its room and would be cut; about 80 of its" in str(found[0])
    assert findings(lesson().replaced(title="A title of many words")) == []


def test_a_caption_that_is_not_found_too_long_is_whole_under_the_cards():
    words, counts = "Words of some length that are read in a while. ", range(4, 16)
    good = [count for count in counts if not findings(lesson(
        seconds=90, steps_per_second=0, caption=words * count))]
    assert good == list(counts[:len(good)]) and 4 < len(good) < len(counts)
    screen = Screen(LESSON.layout, (1280, 720), "light", captioned=True)
    try:
        screen.stage.say(Words("T", "step 0", words * good[-1]))
        below = screen.stage.board.geometry().bottom()
        lines = [text.rect for text in written_in(screen.paint, (1280, 720))
                 if text.rect.bottom() > below]
        assert len(lines) > 3
        assert all(below < line.top() and line.bottom() < 700 for line in lines)
    finally:
        screen.close()


def test_a_good_beat_has_nothing_to_mend():
    assert findings(lesson(caption="x" * 60, steps_per_second=50)) == []


def test_check_times_the_beats_and_its_status_tells(tmp_path, capsys):
    path = tmp_path / "one.toml"
    path.write_text(lesson(caption="x" * 200).to_toml(), encoding="utf-8")
    assert cli.main(["check", str(path)]) == 1
    out, err = capsys.readouterr()
    assert "0:00      4 s  steps 0 to 120" in out and "1 beats" not in out.split("\n")[0]
    assert err.startswith("trainscope: beat 1: the caption of 200 characters")
    path.write_text(LESSON.to_toml().replace("0.5\n", "4\n", 1), encoding="utf-8")
    assert cli.main(["check", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["findings"] == []
    assert [part["start"] for part in told["beats"]][:3] == [0, 4, 6]


def test_check_refuses_a_file_with_mistakes(tmp_path, capsys):
    path = tmp_path / "bad.toml"
    path.write_text('format = 1\ntitle = "x"\n[experiment]\n[[beats]]\nsecond = 1\n')
    assert cli.main(["check", str(path)]) == 2
    err = capsys.readouterr().err
    assert "did you mean seconds?" in err and "problem" in err


PICTURE = """format = 1
steps = 20
[problem]
kind = "{kind}"
{problem}
[[contestants]]
{layers}
optimizer = {{ name = "adam", lr = 0.01 }}
[picture]
"""
SURFACE = PICTURE.format(kind="surface", problem='surface = "himmelblau"', layers="")
NETWORK = PICTURE.format(kind="network", problem='dataset = "moons"', layers="layers = []")


@pytest.mark.parametrize(("text", "status", "sentences"), [
    (SURFACE + 'settings_x = "lr"\nsettings_y = "beta2"', 0, ()),
    (SURFACE + 'settings_x = "lrr"', 2, ("no hyperparameter 'lrr'; did you mean 'lr'?",)),
    (SURFACE + 'settings_x = "lr"\nsettings_y = "lr"', 2, (
        "picture.settings_y: must be another hyperparameter than settings_x, not 'lr'",)),
    (SURFACE + 'settings_y = "momentum"\nlayout = [["settings-map", "landscape"]]', 1, (
        "the view landscape shows a network, not a surface",
        "settings_y is 'momentum', which no contestant has")),
    (NETWORK + 'plane = "ends"\nlayout = [["landscape"], ["basin-map", "landscpe"]]', 1, (
        "the view basin-map shows a surface, not a network", "did you mean 'landscape'?",
        "a plane through ends needs three contestants, and there is 1")),
    (NETWORK + 'plane = "pcca"\nlayout = [["landscpe"]]', 2, (
        "picture.plane: must be", "picture.layout[0][0]: no view 'landscpe'; did you mean")),
])
def test_what_a_picture_asks_for_in_vain_is_told_all_at_once(tmp_path, capsys, text, status,
                                                             sentences):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    assert cli.main(["check", str(path)]) == status
    out, err = capsys.readouterr()
    assert all(sentence in err for sentence in sentences)
    assert ("nothing is wrong" in out) == (status == 0)


def test_a_map_whose_hyperparameter_is_gone_keeps_waiting_for_it():
    """An edit of a contestant is not refused for what its picture asked of the one before."""
    race = Experiment(problem={"kind": "surface", "surface": "himmelblau"}, steps=5,
                      contestants=[{"optimizer": "momentum"}],
                      picture={"settings_x": "momentum"})
    edited = race.with_contestant(0, optimizer="adam")
    assert edited.picture.settings_x == "momentum"
    assert list(of_picture(edited)) == [
        "settings_x is 'momentum', which no contestant has; the usual axis takes its place"]


def test_views_are_listed(capsys):
    assert cli.main(["list", "views", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["views"]
    assert [row["name"] for row in rows] == list(views)
    assert all(row["doc"] for row in rows)


# ---- the window reads it anew


@pytest.fixture
def opened(lesson_window, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(LESSON.to_toml(), encoding="utf-8")
    assert lesson_window.files.open(path)
    lesson_window.session.player.pause()
    lesson_window.session.player.scrub(8000)
    lesson_window.session.wait()
    return lesson_window, path


def test_a_saved_lesson_is_shown_at_once_at_the_same_time(opened, qtbot):
    shown, path = opened
    text = path.read_text(encoding="utf-8").replace("And the loss alone.", "Now another caption.")
    # As editors do it: a new file in the old one's place.
    (path.parent / "new").write_text(text, encoding="utf-8")
    (path.parent / "new").replace(path)
    qtbot.waitUntil(lambda: shown.lesson_bar.words.text() == "Now another caption.",
                    timeout=4000)
    assert shown.session.lesson.on and shown.session.player.position == 8000
    # And again, written in place.
    path.write_text(text.replace("another", "a third"), encoding="utf-8")
    qtbot.waitUntil(lambda: shown.lesson_bar.words.text() == "Now a third caption.",
                    timeout=4000)


def test_a_lesson_saved_with_a_mistake_leaves_the_old_one_and_says_why(opened, qtbot):
    shown, path = opened
    path.write_text("title = 3", encoding="utf-8")
    qtbot.waitUntil(lambda: "must be text" in shown.notice.label.text(), timeout=4000)
    assert shown.document.lesson == open_lesson()
    assert shown.lesson_bar.words.text() == "And the loss alone."


def open_lesson() -> Lesson:
    return Lesson.from_toml(LESSON.to_toml())


def test_edits_in_the_window_are_not_lost_to_a_file_that_was_saved(opened, qtbot):
    shown, path = opened
    shown.editor.contestant(0, "hyper", ("lr", 0.001))
    edited = shown.document.experiment
    path.write_text(LESSON.to_toml().replace("And the loss alone.", "New."), encoding="utf-8")
    qtbot.waitUntil(lambda: shown.notice.action.isVisible(), timeout=4000)
    assert shown.document.experiment == edited
    qtbot.mouseClick(shown.notice.action, Qt.MouseButton.LeftButton)
    assert shown.lesson_bar.words.text() == "New." and not shown.document.unsaved


def test_saving_here_is_no_news(lesson_window, tmp_path, qtbot):
    from app.starting import starting_experiment

    lesson_window.document.take(starting_experiment("bowl"))
    path = tmp_path / "race.toml"
    lesson_window.document.save(path)
    lesson_window.files.saving.save_to(path)
    lesson_window.notice.hide()
    qtbot.wait(400)
    assert "saved and is shown" not in lesson_window.notice.label.text()
