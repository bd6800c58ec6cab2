"""Reading and writing files: whole or not at all, and whatever is wrong is said in words."""

import errno
import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Experiment, Lesson, load
from engine.errors import ExperimentError, FileError, RunError, TrainscopeError
from engine.files import read_text, write_whole
from engine.lesson import open_file

unix = pytest.mark.skipif(sys.platform == "win32", reason="a matter of Unix")
RACE = """
format = 1
[problem]
kind = "surface"
surface = "beale"
[[contestants]]
optimizer = "adam"
"""


def test_text_is_read_as_it_is(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes("\ufefftitle = \"η → 0\"\r\n".encode())
    assert read_text(path) == 'title = "η → 0"\r\n'


@pytest.mark.parametrize(("data", "words"), [
    (b"", "is empty"),
    (b" \n\t\n", "is empty"),
    (b"a = 1\0", "not a text file"),
    ("a = 1".encode("utf-16"), "not a text file"),
    (b"a = 1\nb = '\xff'\n", "byte 0xff in line 2"),
])
def test_what_is_no_text_is_refused(data, words, tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    with pytest.raises(FileError) as refused:
        read_text(path)
    assert words in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_large_file_is_refused_by_its_size_without_being_read(tmp_path, monkeypatch):
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(type(path), "open", lambda *_: pytest.fail("the file was opened"))
    with pytest.raises(FileError, match=r"100\.0 MB; files of at most 4 MB are read"):
        read_text(path)


def test_the_limit_itself_is_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x" * 100)
    assert len(read_text(path, limit=100)) == 100
    with pytest.raises(FileError):
        read_text(path, limit=99)


@pytest.mark.parametrize(("name", "words"), [
    ("nowhere.toml", "there is no such file"),
    (".", "it is a folder"),
    ("file/inside.toml", "a part of the path is a file"),
    ("x" * 300, "the name is too long"),
    ("nul\0", "characters that no path can have"),
])
def test_a_path_that_leads_to_no_file_says_why(name, words, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FileError, match=words):
        read_text(f"{tmp_path}/{name}")


@unix
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="device or a pipe"):
        read_text(tmp_path / "pipe")
    with pytest.raises(FileError, match="device or a pipe"):
        read_text("/dev/zero")


@unix
def test_an_unreadable_file_says_so(tmp_path, monkeypatch):
    path = tmp_path / "secret.toml"
    path.write_text(RACE)

    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    # Root may read everything, so the refusal is made here.
    monkeypatch.setattr(type(path), "open", denied)
    with pytest.raises(FileError, match="cannot be read: permission denied"):
        read_text(path)


# --- writing -------------------------------------------------------------------------------------


def test_a_file_takes_its_place_when_it_is_whole(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")
    with write_whole(path) as file:
        file.write(b"after")
        assert path.read_bytes() == b"before"
        assert len(list(tmp_path.iterdir())) == 2
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [RunError("no"), ValueError("no"), KeyboardInterrupt()])
def test_an_error_passes_through_and_leaves_everything_as_it_was(error, tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")
    with pytest.raises(type(error)) as raised, write_whole(path) as file:
        file.write(b"half")
        raise error
    assert raised.value is error
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("number", "words"), [
    (errno.ENOSPC, "the disk is full"), (errno.EIO, "the disk reports an error"),
    (errno.EROFS, "read-only"), (errno.EMLINK, os.strerror(errno.EMLINK)),
])
def test_a_full_disk_in_the_middle_is_said_in_words(number, words, tmp_path):
    path = tmp_path / "a.bin"
    with pytest.raises(FileError, match=words), write_whole(path) as file:
        file.write(b"half")
        raise OSError(number, os.strerror(number))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
def test_a_disk_that_fills_up_when_the_file_is_closed(tmp_path, monkeypatch):
    opened = type(tmp_path).open
    monkeypatch.setattr(type(tmp_path), "open",
                        lambda self, mode: opened(type(self)("/dev/full"), "wb"))
    with pytest.raises(FileError, match="the disk is full"), write_whole(tmp_path / "a") as file:
        file.write(b"a few bytes wait in the buffer until the end")


def test_a_move_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")

    def busy(self, target):
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(type(path), "replace", busy)
    with pytest.raises(FileError, match="permission denied"), write_whole(path) as file:
        file.write(b"after")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "words"), [
    (".", "it is a folder"),
    ("nowhere/a.bin", "there is no such file or folder"),
    ("file/a.bin", "a part of the path is a file"),
    ("nul\0", "characters that no path can have"),
])
def test_a_place_that_cannot_be_written_to_says_why(name, words, tmp_path):
    (tmp_path / "file").write_text("in the way")
    block_entered = False
    with pytest.raises(FileError, match=words), write_whole(f"{tmp_path}/{name}"):
        block_entered = True
    assert not block_entered
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@unix
@pytest.mark.skipif(os.access("/", os.W_OK), reason="root may write anywhere")
def test_a_read_only_folder_and_a_write_protected_file(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")
    path.chmod(0o444)
    with pytest.raises(FileError, match="write-protected"), write_whole(path):
        pass
    path.chmod(0o644)
    tmp_path.chmod(0o555)
    with pytest.raises(FileError, match="permission denied"), write_whole(path):
        pass
    tmp_path.chmod(0o755)
    assert path.read_bytes() == b"before"


@unix
def test_links_are_followed_and_permissions_kept(tmp_path):
    path, link = tmp_path / "a.bin", tmp_path / "link"
    path.write_bytes(b"before")
    path.chmod(0o640)
    link.symlink_to(path)
    with write_whole(link) as file:
        file.write(b"after")
    assert link.is_symlink()
    assert path.read_bytes() == b"after"
    assert path.stat().st_mode & 0o777 == 0o640


@unix
def test_a_new_file_has_the_usual_permissions(tmp_path):
    umask = os.umask(0)
    os.umask(umask)
    with write_whole(tmp_path / ("x" * 250)) as file:
        file.write(b"new")
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


@unix
def test_a_socket_in_the_way_is_no_file_to_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        with pytest.raises(FileError, match="device or a pipe"):
            read_text("s")


# --- experiments and lessons ---------------------------------------------------------------------


def test_an_experiment_and_a_lesson_are_told_apart(tmp_path):
    race, lesson = tmp_path / "race.toml", tmp_path / "lesson.toml"
    race.write_text(RACE)
    experiment = open_file(race)
    assert isinstance(experiment, Experiment)
    lesson.write_text(Lesson(title="One", experiment=experiment, beats=[{"seconds": 1}]).to_toml())
    assert isinstance(open_file(lesson), Lesson)
    assert load(lesson) == load(race) == experiment


def test_every_refusal_names_the_file(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("format = 1\nseed = -1\n")
    with pytest.raises(ExperimentError) as refused:
        load(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert refused.value.source == str(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode(
    "utf-8", "surrogatepass")))
def test_random_bytes_never_raise_anything_else(data, tmp_path):
    path = tmp_path / "random.toml"
    path.write_bytes(data)
    with pytest.raises(TrainscopeError):
        load(path)
