"""What a crash leaves behind is offered again; what a living window holds is not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scenes import race

from app import crash
from app.crash import install_crash_reporter
from app.main_window import MainWindow
from app.preferences import Preferences
from app.recovery import Recovery
from engine.errors import FileError, TrainscopeError
from engine.lesson import load

ROOT = Path(__file__).parents[2]
DIES = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from scenes import race
from app.recovery import Recovery
recovery = Recovery(Path({folder!r}))
recovery.keep(race(seed=11))
os._exit(9)
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "unsaved"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def left_by_a_crash(folder: Path, name: str = "99999-1", **changes: object) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(race(**changes).to_toml(), encoding="utf-8")
    return path


def test_nothing_is_left_behind_at_first(qapp, folder):
    recovery = Recovery(folder)
    assert recovery.left_behind() is None
    assert not folder.exists()


def test_a_process_that_dies_leaves_its_experiment(qapp, folder):
    code = DIES.format(tests=str(Path(__file__).parent), folder=str(folder))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 9, done.stderr
    recovery = Recovery(folder)
    path = recovery.left_behind()
    assert path is not None
    assert recovery.recover(path).seed == 11


def test_a_recovered_experiment_is_kept_until_it_is_saved(qapp, folder):
    recovery = Recovery(folder)
    left_by_a_crash(folder, seed=5)
    recovery.recover(recovery.left_behind())
    # Another crash now must not lose it.
    kept = [load(path) for path in folder.glob("*.toml")]
    assert [experiment.seed for experiment in kept] == [5]
    assert recovery.left_behind() is None
    recovery.forget()
    assert names(folder) == []


def test_what_a_living_window_holds_is_not_offered(qapp, folder):
    one, two = Recovery(folder), Recovery(folder)
    one.keep(race(seed=1))
    assert two.left_behind() is None
    one.forget()


def test_a_window_that_is_open_for_long_still_holds_its_file(qapp, folder):
    one, two = Recovery(folder), Recovery(folder)
    one.keep(race(seed=1))
    (lock,) = folder.glob("*.lock")
    long_ago = time.time() - 3600
    os.utime(lock, (long_ago, long_ago))
    assert two.left_behind() is None
    one.forget()


def test_the_newest_comes_first_and_the_others_next(qapp, folder):
    older, newer = (left_by_a_crash(folder, name, seed=seed)
                    for name, seed in (("1-a", 1), ("2-b", 2)))
    os.utime(older, (1000, 1000))
    recovery = Recovery(folder)
    assert recovery.left_behind() == newer
    recovery.recover(newer)
    assert recovery.left_behind() == older
    recovery.forget()


def test_the_newest_edit_is_the_one_kept(qapp, folder):
    recovery = Recovery(folder)
    for seed in (1, 2, 3):
        recovery.keep(race(seed=seed))
    (path,) = folder.glob("*.toml")
    assert load(path).seed == 3
    before = path.stat().st_mtime_ns
    experiment = load(path)
    recovery.keep(experiment)
    written = path.stat().st_mtime_ns
    recovery.keep(experiment)
    assert before != written == path.stat().st_mtime_ns, "the same experiment is written once"
    recovery.forget()


def test_rubbish_is_set_aside_and_not_offered_again(qapp, folder):
    folder.mkdir()
    path = folder / "1-a.toml"
    path.write_bytes(b"format = 1\nstepz = 9\n")
    recovery = Recovery(folder)
    with pytest.raises(TrainscopeError, match="stepz") as caught:
        recovery.recover(path)
    assert "1-a.unreadable" in str(caught.value)
    assert names(folder) == ["1-a.unreadable"], "nothing is lost"
    assert recovery.left_behind() is None


def test_a_folder_that_cannot_be_written_to_is_put_up_with(qapp, tmp_path):
    (tmp_path / "file").write_text("in the way")
    recovery = Recovery(tmp_path / "file" / "unsaved")
    recovery.keep(race())
    recovery.forget()
    assert recovery.left_behind() is None


def test_a_full_disk_keeps_the_version_before(qapp, folder, monkeypatch):
    recovery = Recovery(folder)
    recovery.keep(race(seed=1))

    def full(path):
        raise FileError(f"{path}: cannot be written: the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("app.recovery.write_whole", full)
        recovery.keep(race(seed=2))
    (path,) = folder.glob("*.toml")
    assert load(path).seed == 1
    experiment = race(seed=3)
    recovery.keep(experiment)
    assert load(path).seed == 3
    recovery.forget()


# ---- when the program itself fails


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(crash, "state_folder", lambda: tmp_path / "state")
    window = MainWindow(Preferences(tmp_path / "window.ini"), Recovery(tmp_path / "unsaved"))
    install_crash_reporter(window)
    window.show()
    window.session.wait()
    yield window
    window.document.stack.setClean()
    window.close()
    window.deleteLater()


def fail(word: str) -> None:
    """What Qt does with an exception that nobody catches."""
    try:
        raise ZeroDivisionError(word)
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def reports(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "state").glob("crashes/*.txt"))


def test_a_failure_is_told_reported_and_nothing_is_lost(window, tmp_path):
    window.editor.experiment({"seed": 4242})
    fail("by a test")
    text = window.notice.label.text()
    assert window.notice.isVisible()
    assert "ZeroDivisionError: by a test" in text
    (report,) = reports(tmp_path)
    assert str(report) in text
    assert "Traceback" in report.read_text(encoding="utf-8")
    (kept,) = (tmp_path / "unsaved").glob("*.toml")
    assert load(kept).seed == 4242


def test_a_failure_in_every_frame_is_one_report(window, tmp_path):
    def each_frame(count: int) -> None:
        for _ in range(count):
            fail("each frame")

    each_frame(50)
    assert len(reports(tmp_path)) == 1
    fail("another")
    assert len(reports(tmp_path)) == 2


def test_a_failure_while_saving_aside_is_said_too(window, tmp_path, monkeypatch):
    def broken() -> None:
        raise RuntimeError("the second failure")

    monkeypatch.setattr(window.files.saving, "autosave", broken)
    fail("the first")
    assert "the first" in window.notice.label.text()
    assert "save it now" in window.notice.label.text()
    assert len(reports(tmp_path)) == 1


def test_a_report_that_cannot_be_written_goes_to_the_terminal(window, tmp_path, capsys):
    (tmp_path / "state").write_text("in the way")
    fail("nowhere to write")
    assert "No report could be written." in window.notice.label.text()
    assert "ZeroDivisionError: nowhere to write" in capsys.readouterr().err
