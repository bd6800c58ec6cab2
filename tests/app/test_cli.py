"""The command as a user types it: what it prints, what it leaves behind, how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app import cli, libraries
from engine import cli as engine_cli
from engine.errors import RunError

RACE = """
format = 1
title = "A short race"
seed = 7
steps = 50

[problem]
kind = "surface"
surface = "beale"
start = [1.0, 1.5]

[[contestants]]
name = "Adam"
optimizer = { name = "adam", lr = 0.05 }

[[contestants]]
name = "Too [fast]"
optimizer = { name = "sgd", lr = 10.0 }
"""


@pytest.fixture
def race(tmp_path) -> Path:
    path = tmp_path / "race.toml"
    path.write_text(RACE, encoding="utf-8")
    return path


def trainscope(*arguments: object, module: str = "app", **options) -> subprocess.CompletedProcess:
    """Run the command in a process of its own, as a shell would."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def start(*arguments: object) -> subprocess.Popen:
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def usage_status(arguments: Sequence[str]) -> int:
    """The exit status, whether argparse ended the program or the command returned."""
    try:
        return cli.main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


# --- help, version, list -------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["list", "--json"]])
def test_answers_within_half_a_second(arguments):
    times = []
    for _ in range(4):
        before = time.perf_counter()
        assert trainscope(*arguments).returncode == 0
        times.append(time.perf_counter() - before)
    # The best of four: other tests run on the same cores.
    assert min(times) <= 0.5


def test_help_names_every_command(capsys):
    assert usage_status(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in ("film", "still", "run", "list", "doctor", "--version"))


def test_version_is_the_installed_one(capsys):
    from importlib.metadata import version

    assert usage_status(["--version"]) == 0
    assert capsys.readouterr().out == f"trainscope {version('trainscope')}\n"


def test_list_prints_every_registry_with_doc_source_and_hyperparameters(capsys):
    assert cli.main(["list"]) == 0
    text = capsys.readouterr().out
    for line in ("lessons", "surfaces", "optimizers", "schedules"):
        assert f"{line}\n" in text
    assert "lr = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-08" in text
    assert "Kingma & Ba 2015" in text


def test_list_json_is_complete(capsys):
    from engine.optimizers import optimizers
    from engine.schedules import schedules
    from engine.surfaces import surfaces

    assert cli.main(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    for kind, registry in (
        ("optimizers", optimizers), ("surfaces", surfaces), ("schedules", schedules)
    ):
        assert [row["name"] for row in listed[kind]] == list(registry)
        assert all(row["doc"] and row["title"] for row in listed[kind])
    adam = next(row for row in listed["optimizers"] if row["name"] == "adam")
    beta1 = next(hyper for hyper in adam["hypers"] if hyper["name"] == "beta1")
    assert (beta1["default"], beta1["low"], beta1["scale"]) == (0.9, 0.0, "one-minus")
    beale = next(row for row in listed["surfaces"] if row["name"] == "beale")
    assert beale["minima"] == [[3.0, 0.5]]
    assert beale["domain"] == [[-4.5, 4.5], [-4.5, 4.5]]


@pytest.mark.parametrize("kind", ["optimizers", "optimizer"])
def test_list_of_one_kind(kind, capsys):
    assert cli.main(["list", kind, "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["optimizers"]


def test_list_of_an_unknown_kind_suggests_one(capsys):
    assert cli.main(["list", "optimisers"]) == 2
    error = capsys.readouterr().err
    assert error == "trainscope: no kind 'optimisers'; did you mean 'optimizers'?\n"


def test_a_reader_that_leaves_early_is_no_error():
    with start("list", "--json") as process:
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0


# --- run -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["app", "engine"])
def test_run_writes_the_record_and_prints_a_table(module, race, tmp_path):
    done = trainscope("run", race, "-o", tmp_path / "race.npz", module=module)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Adam" in done.stdout
    assert "Too [fast]" in done.stdout
    with np.load(tmp_path / "race.npz", allow_pickle=False) as record:
        assert list(record["names"]) == ["Adam", "Too [fast]"]
        assert record["0/path"].shape == (51, 2)
        assert record["1/diverged_at"] > 0


def test_run_json_agrees_with_the_record(race, tmp_path, capsys):
    out = tmp_path / "race.npz"
    assert cli.main(["run", str(race), "-o", str(out), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["title"], summary["seed"], summary["steps"]) == ("A short race", 7, 50)
    adam, fast = summary["contestants"]
    with np.load(out, allow_pickle=False) as record:
        assert adam["loss"] == record["0/loss"][-1]
        assert adam["point"] == record["0/path"][-1].tolist()
        assert fast["diverged_at"] == record["1/diverged_at"]
    assert adam["diverged_at"] == -1
    assert fast["explanation"]


def test_run_refuses_a_bad_file_with_every_mistake_and_status_2(race, tmp_path, capsys):
    bad = RACE.replace("adam", "adma").replace("seed = 7", 'seed = "seven"')
    race.write_text(bad, encoding="utf-8")
    assert cli.main(["run", str(race), "-o", str(tmp_path / "out.npz")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "did you mean 'adam'?" in printed.err
    assert "seed" in printed.err
    assert "Traceback" not in printed.err
    assert not (tmp_path / "out.npz").exists()


@pytest.mark.parametrize(("arguments", "words"), [
    (["run", "nowhere.toml"], "nowhere.toml: no such file"),
    (["run", "race.toml", "-o", "race.csv"], "ends in .npz, not 'race.csv'"),
    (["film", "race.toml", "-o", "race.avi"], ".mp4, .webm, .mov, .gif"),
    (["still", "race.toml", "-o", "race.jpg"], ".png, .svg, .pdf"),
    (["film", "nowhere.toml", "-o", "race.mp4"], "nowhere.toml: no such file"),
    (["lits"], "did you mean 'list'?"),
    (["nowhere.toml"], "nowhere.toml: no such file"),
    (["film", "race.toml"], "-o/--out"),
    (["film", "race.toml", "-o", "a.mp4", "--size", "1921x1080"], "even numbers"),
    (["film", "race.toml", "-o", "a.mp4", "--size", "wide"], "WIDTHxHEIGHT"),
    (["film", "race.toml", "-o", "a.mp4", "--fps", "0"], "from 1 to 240, not '0'"),
    (["film", "race.toml", "-o", "a.mp4", "--seconds", "nan"], "number of seconds"),
    (["film", "race.toml", "-o", "a.mp4", "--theme", "blue"], "'light', 'dark'"),
    (["still", "race.toml", "-o", "a.png", "--at", "-1"], "number of seconds"),
    (["still", "race.toml", "-o", "a.png", "--at", "1", "--beats"], "--at or --beats, not both"),
    (["film", "-o", "a.mp4"], "give a file or a lesson's name, or --all"),
    (["film", "race.toml", "--all", "-o", "films"], "files or --all, not both"),
    (["film", "race.toml", "saddle", "-o", "a.webm"], "such as '{name}.webm', not to 'a.webm'"),
    (["film", "race.toml", "./race.toml", "-o", "."], "two films would be written to race.mp4"),
    (["film", "race.toml", "-o", "a.mp4", "--transparent"], "MP4 has no transparent background"),
    (["film", "race.toml", "-o", "a.mp4", "--max-mb", "2"], "a size budget is for GIFs"),
    (["film", "race.toml", "-o", "a.gif", "--max-mb", "0"], "millions of bytes from 0.01"),
    (["film", "race.toml", "-o", "a.mp4", "--codec", "av1"], "MP4 has the codecs h264, not 'av1'"),
    (["film", "momentum", "-o", "a.mp4", "--seconds", "5"], "a lesson's script says its own"),
    (["film", "momentum", "-o", "a.mp4", "--beat", "99"], "--beat must be from 1 to"),
    (["film", "momentum", "-o", "a.mp4", "--beat", "3-2"], "the last: 2-3, not 3-2"),
    (["still", "momentum", "-o", "a.png", "--at", "999"], "--at must be from 0 to"),
    (["film", "race.toml", "-o", "a.mp4", "--beat", "two"], "a beat's number, or two as in 2-4"),
    (["film", "race.toml", "-o", "a.mp4", "--size", "180x320x2"], "WIDTHxHEIGHT"),
])
def test_wrong_usage_ends_with_status_2(arguments, words, race, monkeypatch, capsys):
    monkeypatch.chdir(race.parent)
    assert usage_status(arguments) == 2
    printed = capsys.readouterr()
    # Different Pythons quote argparse's choices differently.
    assert words.replace("'", "") in printed.err.replace("'", "")
    assert printed.out == ""
    assert [path.name for path in race.parent.iterdir()] == ["race.toml"]


def test_a_record_that_cannot_be_written_is_failed_work(race, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert cli.main(["run", str(race), "-o", str(tmp_path / "file" / "out.npz")]) == 1
    assert "Traceback" not in capsys.readouterr().err


# --- how a command ends --------------------------------------------------------------------------


def test_an_unexpected_error_is_one_line(capsys, monkeypatch):
    monkeypatch.delenv("TRAINSCOPE_TRACEBACK", raising=False)
    assert engine_cli.ending(lambda: 1 // 0) == 1
    assert capsys.readouterr().err == (
        "trainscope: unexpected ZeroDivisionError: integer division or modulo by zero; "
        "set TRAINSCOPE_TRACEBACK=1 for details\n"
    )


def test_a_traceback_can_be_asked_for(monkeypatch):
    monkeypatch.setenv("TRAINSCOPE_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        engine_cli.ending(lambda: 1 // 0)


@pytest.mark.parametrize(("error", "status"), [
    (RunError("no"), 1), (engine_cli.Refused("no"), 2), (KeyboardInterrupt(), 130),
    (FileNotFoundError(2, "No such file", "x"), 1),
])
def test_exit_status_by_error(error, status, monkeypatch, capsys):
    monkeypatch.delenv("TRAINSCOPE_TRACEBACK", raising=False)

    def fail() -> int:
        raise error

    assert engine_cli.ending(fail) == status
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["run", "film"])
def test_an_interrupted_command_leaves_no_half_file(kill, command, race, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    if command == "run":
        race.write_text(RACE.replace("steps = 50", "steps = 5000000"), encoding="utf-8")
        process = start("run", race, "-o", out / "race.npz")
    else:
        process = start("film", race, "-o", out / "race.mp4", "--seconds", "3600",
                        "--size", "320x180")
    with process:
        deadline = time.monotonic() + 60
        while not list(out.iterdir()) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.poll() is None, process.stderr.read()
        assert list(out.iterdir()), "nothing is being written yet"
        process.send_signal(kill)
        _, errors = process.communicate(timeout=30)
    # Where the signal falls into an `exec` of text, CPython ends itself by SIGINT even though the
    # interrupt was caught; a shell shows 130 for both.
    assert process.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in errors
    assert "interrupted" in errors
    assert list(out.iterdir()) == []


# --- the window, films and stills ----------------------------------------------------------------


@pytest.mark.parametrize("arguments", [
    [], ["race.toml"], ["film", "race.toml", "-o", "a.mp4"], ["still", "race.toml", "-o", "a.png"],
])
def test_without_the_app_extra_one_line_says_what_to_install(
    arguments, race, monkeypatch, capsys
):
    monkeypatch.chdir(race.parent)
    monkeypatch.setattr(libraries, "find_spec", lambda name: None)
    assert cli.main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert "pip install 'trainscope[app]'" in printed.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a display may only lack on Linux")
def test_without_a_display_the_window_says_what_works(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert cli.main([]) == 1
    error = capsys.readouterr().err
    assert "no display" in error
    assert "trainscope film" in error


def test_film_and_still_make_what_they_were_asked_for(race, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = trainscope("film", race, "-o", tmp_path / "a.mp4", "--seconds", "0.5", "--fps", "10",
                      "--size", "640x360", "--theme", "dark", env=environment)
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'a.mp4'}\n"), done.stderr
    import av

    with av.open(str(tmp_path / "a.mp4")) as film:
        frames = list(film.decode(video=0))
    assert [(frame.width, frame.height) for frame in frames] == [(640, 360)] * 5

    done = trainscope("still", race, "-o", tmp_path / "a.png", "--size", "640x360",
                      env=environment)
    assert done.returncode == 0, done.stderr
    picture = (tmp_path / "a.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (640, 360)


LESSON = """
format = 1
title = "Two beats"
sources = ["Polyak 1964, Some methods"]

[experiment]
{experiment}

[[beats]]
seconds = 0.5
caption = "First."

[[beats]]
seconds = 0.5
caption = "Second."
"""


@pytest.fixture
def lesson(tmp_path) -> Path:
    """A lesson of one second with two beats."""
    nested = RACE.replace("[problem]", "[experiment.problem]").replace(
        "[[contestants]]", "[[experiment.contestants]]")
    path = tmp_path / "lesson.toml"
    path.write_text(LESSON.replace("{experiment}", nested), encoding="utf-8")
    return path


def test_several_films_in_one_command_of_which_one_fails(lesson, race, tmp_path):
    (tmp_path / "broken.toml").write_text("format = 1", encoding="utf-8")
    out = tmp_path / "films"
    done = trainscope("film", lesson, tmp_path / "broken.toml", race, "-o", out, "--size",
                      "320x180", "--fps", "10", "--seconds", "0.5", "--no-cards")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [str(out / "lesson.mp4"), str(out / "race.mp4")]
    first, second, *_ = done.stderr.splitlines()
    assert first == "trainscope: 1 of 3 films failed:"
    assert second.startswith(f"  {tmp_path / 'broken.toml'}: ")
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["lesson.mp4", "race.mp4"]


def test_a_beat_that_one_of_several_films_lacks_is_told_before_any_is_made(lesson, race, tmp_path):
    out = tmp_path / "films"
    done = trainscope("film", lesson, race, "-o", out, "--size", "320x180", "--fps", "10",
                      "--beat", "2")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == f"trainscope: {race}: --beat must be 1, the only one, not 2\n"
    assert not out.exists()


def test_a_pattern_names_films_of_another_kind(lesson, race, tmp_path):
    done = trainscope("film", lesson, race, "-o", tmp_path / "{name}-film.gif", "--size", "320x180",
                      "--seconds", "0.5", "--fps", "10", "--beat", "1", "--max-mb", "1")
    assert done.returncode == 0, done.stderr
    names = [tmp_path / f"{name}-film.gif" for name in ("lesson", "race")]
    assert done.stdout.splitlines() == list(map(str, names))
    for name in names:
        assert f"{name}: 320x180, 10 frames a second, 256 colours, 0." in done.stderr


def test_every_bundled_lesson_at_once(tmp_path):
    from app.film_command import orders
    from engine.listing import lesson_files

    wanted = orders([], True, str(tmp_path / "{name}.webm"))
    assert [order.name for order in wanted] == list(lesson_files())
    assert wanted[0].out == str(tmp_path / f"{wanted[0].name}.webm")
    assert orders(["saddle"], False, "films/")[0].out == "films/"


@pytest.mark.parametrize(("out", "names"), [
    ("slides/{}.svg", ["two-1.svg", "two-2.svg"]), ("slides", ["lesson-1.png", "lesson-2.png"])])
def test_a_still_of_every_beat(lesson, tmp_path, out, names):
    done = trainscope("still", lesson, "-o", tmp_path / out.format("two"), "--beats", "--size",
                      "320x180", "--transparent")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(tmp_path / "slides" / name) for name in names]
    assert sorted(path.name for path in (tmp_path / "slides").iterdir()) == names


def test_a_bundled_lesson_goes_by_its_name(tmp_path):
    from engine.listing import lesson_files

    name = next(iter(lesson_files()))
    done = trainscope("run", name, "--json", cwd=tmp_path, module="engine")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["contestants"]
