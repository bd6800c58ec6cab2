"""An interrupted film goes on where it stopped, and is the same bytes as one in a single run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from scenes import race

from app import film_parts
from app.film_parts import FilmParts, film_key, parts_folder
from app.gif_budget import MEGABYTE, Rung, rungs, worth_trying
from app.recording import record_film
from app.reel_painter import ReelPainter
from engine.errors import FileError, RunError
from engine.lesson import Lesson

ROOT = Path(__file__).parents[2]
SMALL = (320, 180)
KINDS = [("film.mp4", {}), ("film.webm", {}), ("film.webm", {"codec": "av1"}), ("film.mov", {}),
         ("film.mov", {"transparent": True}), ("film.gif", {}), ("film", {}),
         ("film", {"transparent": True})]
PARTS = 5


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def script(**fields) -> Lesson:
    beats = [{"seconds": 0.4, "caption": f"Beat {number}.", "steps_per_second": 40,
              "highlight": name} for number, name in enumerate(("SGD", "Adam", "SGD"), start=1)]
    return Lesson(**{"title": "Three beats", "sources": ["Polyak 1964, Some methods"],
                     "experiment": race(), "beats": beats} | fields)


def film(folder: Path, name: str, source: Lesson | None = None, **options) -> Path:
    return record_film(source or script(), folder / name,
                       **({"size": SMALL, "fps": 10} | options))


def contents(path: Path) -> dict[str, bytes]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def painted(monkeypatch) -> list[str]:
    """The kinds and beats of the frames that are painted, as they are."""
    found: list[str] = []
    pixels = ReelPainter.pixels

    def counted(painter, part, frame):
        found.append(f"{part.kind} {part.beat}")
        return pixels(painter, part, frame)

    monkeypatch.setattr(ReelPainter, "pixels", counted)
    return found


def interrupt_at(frame_wanted: int):
    def progress(frame: int, frames: int, seconds_left: float) -> None:
        if frame == frame_wanted:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize(("name", "options"), KINDS)
def test_interrupted_twice_it_is_the_same_bytes_as_in_one_run(tmp_path, name, options, painted):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    one = film(tmp_path / "one", name, **options)
    whole = len(painted)
    assert left(tmp_path / "one") == [name], "no part is left"
    painted.clear()
    # The title card has 40 frames, each beat 4, the sources 50.
    for frame in (43, 47):
        with pytest.raises(KeyboardInterrupt):
            film(tmp_path / "two", name, progress=interrupt_at(frame), **options)
        assert left(tmp_path / "two") == [parts_folder(tmp_path / "two" / name).name]
    told: list[int] = []
    painted.clear()
    two = film(tmp_path / "two", name, progress=lambda frame, *_: told.append(frame), **options)
    assert contents(one) == contents(two)
    assert left(tmp_path / "two") == [name]
    # A GIF's colours are chosen anew from five frames.
    again = [part for part in painted if part in ("title 0", "beat 0")]
    assert len(again) <= (5 if name == "film.gif" else 0), "what was finished is not painted again"
    assert len(painted) < whole - 40
    assert told == list(range(45, 103)), "progress goes on where it was"


FILM_EACH = """
import sys
from pathlib import Path
from PyQt6.QtWidgets import QApplication
from app.recording import record_film
from engine.lesson import open_file
application = QApplication([])
file, size, kinds = sys.argv[1], tuple(map(int, sys.argv[2].split("x"))), eval(sys.argv[3])
for place, (name, options) in enumerate(kinds):
    folder = Path(f"{place}")
    folder.mkdir()
    record_film(open_file(file), folder / name, size=size, fps=10, **options)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it takes glibc to fill memory at will")
def test_what_was_in_memory_before_is_not_in_the_film(tmp_path):
    """An encoder that reads what nobody wrote makes other bytes, sometimes, and may crash.

    x264's macroblock tree did where a picture is 21 macroblocks wide.
    """
    lesson = tmp_path / "lesson.toml"
    lesson.write_text(script().to_toml(), encoding="utf-8")
    films = []
    for filling in ("0", "1", "254"):
        folder = tmp_path / filling
        folder.mkdir()
        # Large pieces too come from the heap then, where they are filled.
        memory = {"MALLOC_PERTURB_": filling, "MALLOC_MMAP_THRESHOLD_": f"{1 << 30}"}
        done = subprocess.run(
            [sys.executable, "-c", FILM_EACH, str(lesson), "322x180", repr(KINDS)], cwd=folder,
            env=os.environ | memory | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
            check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        films.append([contents(folder / f"{place}" / name)
                      for place, (name, _) in enumerate(KINDS)])
    for other in films[1:]:
        differing = [kind for kind, one, two in zip(KINDS, films[0], other, strict=True)
                     if one != two]
        assert differing == []


def test_a_killed_film_goes_on(tmp_path):
    lesson = tmp_path / "lesson.toml"
    lesson.write_text(script(beats=[{"seconds": 1.5, "caption": f"{k}."} for k in range(6)])
                      .to_toml(), encoding="utf-8")
    folder = tmp_path / "films"
    folder.mkdir()
    command = [sys.executable, "-m", "app", "film", str(lesson), "-o", str(folder / "film.mp4"),
               "--size", "640x360", "--fps", "60"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    deadline = time.monotonic() + 100
    parts = parts_folder(folder / "film.mp4")
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while len(list(parts.glob("*.mp4"))) < 3 and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not (folder / "film.mp4").exists()
    kept = {path.name: path.stat().st_mtime_ns for path in parts.glob("*.mp4")}
    assert len(kept) >= 3
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    seen: dict[str, int] = {}
    while process.poll() is None:
        seen |= {path.name: path.stat().st_mtime_ns for path in parts.glob("*.mp4")
                 if path.exists()}
        time.sleep(0.01)
    assert process.returncode == 0
    assert {name: seen.get(name, when) for name, when in kept.items()} == kept
    assert left(folder) == ["film.mp4"]
    done = subprocess.run([*command[:6], str(folder / "other.mp4"), *command[7:]],
                          env=environment, check=False, capture_output=True)
    assert done.returncode == 0
    assert (folder / "other.mp4").read_bytes() == (folder / "film.mp4").read_bytes()


@pytest.mark.parametrize("change", [
    {"theme": "dark"}, {"fps": 20}, {"size": (322, 180)}, {"cards": False}])
def test_parts_of_another_film_are_not_taken(tmp_path, change, painted):
    with pytest.raises(KeyboardInterrupt):
        film(tmp_path, "film.mp4", progress=interrupt_at(46))
    painted.clear()
    film(tmp_path, "film.mp4", **change)
    assert painted.count("beat 0") == (8 if "fps" in change else 4)
    (tmp_path / "fresh").mkdir()
    fresh = film(tmp_path / "fresh", "film.mp4", **change)
    assert fresh.read_bytes() == (tmp_path / "film.mp4").read_bytes()


def test_a_key_changes_with_all_that_pixels_follow_from(tmp_path, monkeypatch):
    data = tmp_path / "mine.csv"
    data.write_text("a,b,label\n" + "0,1,x\n1,0,y\n" * 20, encoding="utf-8")
    network = {"kind": "network", "dataset": {"file": str(data), "target": "label"},
               "loss": "cross-entropy"}
    lesson = script(experiment={"problem": network, "steps": 10,
                                "contestants": [{"optimizer": {"name": "sgd"}, "layers": []}]},
                    beats=[{"seconds": 1}])
    keys = [film_key(lesson, {"fps": 60}), film_key(lesson, {"fps": 50}),
            film_key(lesson.replaced(title="Other"), {"fps": 60})]
    data.write_text("a,b,label\n" + "0,2,x\n1,0,y\n" * 20, encoding="utf-8")
    keys.append(film_key(lesson, {"fps": 60}))
    monkeypatch.setattr(film_parts, "_program", lambda: b"another program")
    keys.append(film_key(lesson, {"fps": 60}))
    assert len(set(keys)) == 5
    assert keys[-1] == film_key(lesson, {"fps": 60})


def test_a_failed_film_keeps_nothing(tmp_path):
    def progress(frame: int, *_: float) -> None:
        if frame == 46:
            raise RunError("no more")

    with pytest.raises(RunError):
        film(tmp_path, "film.mp4", progress=progress)
    assert left(tmp_path) == []


def test_two_films_to_one_place_do_not_mix(tmp_path):
    with FilmParts(tmp_path / "film.mp4", "key", ".mp4"):
        with pytest.raises(FileError, match="is being filmed already"):
            film(tmp_path, "film.mp4")
        assert film(tmp_path, "other.mp4").exists()
    assert left(tmp_path) == ["other.mp4"]


def test_long_names_have_folders_too(tmp_path):
    names = {parts_folder(tmp_path / f"{'x' * 240}{end}.mp4").name for end in "ab"}
    assert len(names) == 2
    assert max(map(len, names)) < 100


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_says_that_it_can_go_on(tmp_path):
    lesson = tmp_path / "lesson.toml"
    lesson.write_text(script().to_toml(), encoding="utf-8")
    folder = tmp_path / "films"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "film", str(lesson), "-o", str(folder / "film.mp4"),
         "--fps", "120", "--size", "640x360"],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True)
    with process:
        deadline = time.monotonic() + 60
        while not list(folder.glob(".*.parts/*.mp4")) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT)
    assert "the same command goes on from there" in errors
    assert "interrupted" in errors
    assert [path.suffix for path in folder.iterdir()] == [".parts"]


# ---- GIFs to a size


def test_steps_down_get_smaller_one_by_one():
    steps = list(rungs((1920, 1080), 50))
    assert steps[0] == Rung((1920, 1080), 50, 256)
    assert all(one.bits > other.bits for one, other in zip(steps, steps[1:], strict=False))
    assert all(side % 2 == 0 for step in steps for side in step.size)
    assert min(steps[-1].size) >= 160
    assert {step.fps for step in rungs((320, 180), 10)} == {10}, "never more than was asked"
    assert {step.size for step in rungs((320, 180), 10)} == {(320, 180)}
    assert worth_trying(steps[1], steps[0], 2.0e6, 1.1e6)
    assert not worth_trying(steps[1], steps[0], 3.0e6, 1.1e6)


def test_a_gif_fits_its_budget_and_says_how(tmp_path):
    said: list[str] = []
    size = (640, 360)
    free = film(tmp_path, "free.gif", size=size, fps=25).stat().st_size / MEGABYTE
    budget = round(free / 3, 3)
    path = film(tmp_path, "film.gif", size=size, fps=25, max_mb=budget, say=said.append)
    (sentence,) = said
    assert path.stat().st_size <= budget * MEGABYTE
    with av.open(str(path)) as opened:
        stream = opened.streams.video[0]
        assert sentence.startswith(f"{path}: {stream.width}x{stream.height}, "
                                   f"{stream.average_rate} frames a second, ")
    assert sentence.endswith(f"{path.stat().st_size / MEGABYTE:.2f} MB")
    again = film(tmp_path, "again.gif", size=size, fps=25, max_mb=budget)
    assert again.read_bytes() == path.read_bytes()
    roomy = film(tmp_path, "roomy.gif", size=size, fps=25, max_mb=100)
    assert roomy.read_bytes() == (tmp_path / "free.gif").read_bytes()
    assert left(tmp_path) == ["again.gif", "film.gif", "free.gif", "roomy.gif"]


def test_a_budget_that_no_gif_meets_is_told(tmp_path):
    with pytest.raises(RunError, match=r"0\.01 MB: even at 320x180, 10 frames a second, 32 "):
        film(tmp_path, "film.gif", max_mb=0.01, size=(320, 180), fps=25)
    assert left(tmp_path) == []
