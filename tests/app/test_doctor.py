"""The doctor tells the truth: each check is shown a machine that lacks what it looks for."""

from __future__ import annotations

import sys
from collections import namedtuple

import pytest

from app import doctor, libraries
from engine.errors import MissingLibrary


def findings(check) -> dict[str, doctor.Finding]:
    return {finding.subject: finding for finding in check()}


def test_this_machine_lacks_nothing(capsys):
    assert [finding for finding in doctor.report() if finding.state == "lacks"] == []
    assert doctor.print_report() == 0
    text = capsys.readouterr().out
    assert all(word in text for word in ("numba", "PyQt6", "libx264", "kernel cache", "disk"))


@pytest.mark.parametrize(("found", "ranges", "expected"), [
    ("6.10.2", "<6.11,>=6.8", True),
    ("6.11.0", "<6.11,>=6.8", False),
    ("6.7.9", "<6.11,>=6.8", False),
    ("2.13.0+cpu", "==2.13.0", True),
    ("13", ">=13.0.0", True),
    ("3.11.2", "<3.15,>=3.11", True),
    ("3.9.18", "<3.15,>=3.11", False),
    ("1.0", "", True),
])
def test_versions_are_compared_as_numbers(found, ranges, expected):
    assert doctor.satisfies(found, ranges) is expected


def test_a_version_out_of_range_is_named_with_the_range(monkeypatch):
    monkeypatch.setattr(doctor, "version", lambda name: "0.0.1")
    numpy = findings(doctor._packages)["numpy"]
    assert numpy.state == "lacks"
    assert "0.0.1" in numpy.detail
    assert numpy.mend == "pip install 'numpy>=2.0'"


def test_an_absent_package_is_named_with_its_command(monkeypatch):
    def version(name: str) -> str:
        raise doctor.PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", version)
    found = findings(doctor._packages)
    assert found["scipy"].mend == "pip install 'trainscope'"
    assert found["ziamath"].mend == "pip install 'trainscope[app]'"
    assert "pytest" not in found


def test_a_missing_shared_library_fails_the_report(monkeypatch, capsys):
    monkeypatch.setattr(libraries, "missing_libraries", lambda: ["libEGL.so.1"])
    monkeypatch.setattr(libraries, "distribution", lambda: {"debian"})
    found = findings(doctor._qt_libraries)["Qt libraries"]
    assert found.state == "lacks"
    assert found.mend.endswith("apt-get install -y --no-install-recommends libegl1")
    assert doctor.print_report() == 1
    assert "apt-get install -y --no-install-recommends libegl1" in capsys.readouterr().out


def test_a_cache_that_cannot_be_written_is_noticed(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "kernels"))
    found = findings(doctor._cache)["kernel cache"]
    assert found.state == "lacks"
    assert "NUMBA_CACHE_DIR" in found.mend


def test_a_full_disk_is_noticed(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**6))
    assert findings(doctor._disk)["disk"].state == "lacks"


def test_a_codec_that_was_left_out_is_noticed(monkeypatch):
    import av.codec

    real = av.codec.Codec
    without = {"libx264": "libx264-left-out"}
    monkeypatch.setattr(
        av.codec, "Codec", lambda name, mode: real(without.get(name, name), mode)
    )
    found = findings(doctor._codecs)
    assert found["codec for MP4"].state == "lacks"
    assert found["codec for WebM"].state == "ok"


def test_no_display_is_a_note_not_a_failure(monkeypatch):
    monkeypatch.setattr(libraries, "has_display", lambda: False)
    assert findings(doctor._display)["display"].state == "note"


# --- Qt's shared libraries -----------------------------------------------------------------------

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux's dynamic linker")


@linux
def test_the_probe_finds_exactly_what_cannot_be_loaded(monkeypatch):
    wanted = libraries.FOR_QT | {"libsurely-absent.so.9": "libsurely-absent9"}
    monkeypatch.setattr(libraries, "FOR_QT", wanted)
    assert libraries.missing_libraries() == ["libsurely-absent.so.9"]


def test_the_linkers_message_is_understood():
    error = "libEGL.so.1: cannot open shared object file: No such file or directory"
    assert libraries.named_in(error) == ["libEGL.so.1"]
    assert libraries.named_in("DLL load failed") == []


APT = "apt-get install -y --no-install-recommends libgl1 libxcb-cursor0"


@pytest.mark.parametrize(("family", "command"), [
    ({"debian"}, APT),
    ({"pop", "ubuntu", "debian"}, APT),
    ({"fedora"}, "dnf install -y libGL.so.1()(64bit) libxcb-cursor.so.0()(64bit)"),
])
def test_the_command_for_each_family(family, command):
    lacking = ["libGL.so.1", "libxcb-cursor.so.0"]
    assert " ".join(libraries.install_command(lacking, family)) == command


def test_where_no_command_is_known_none_is_invented():
    assert libraries.install_command(["libGL.so.1"], {"nixos"}) is None
    assert libraries.install_command(["libsurely-absent.so.9"], {"debian"}) is None


@pytest.mark.parametrize(("root", "start"), [(True, "apt-get"), (False, "sudo apt-get")])
def test_the_advice_suits_the_user(root, start, monkeypatch):
    monkeypatch.setattr(libraries, "_is_root", lambda: root)
    monkeypatch.setattr(libraries, "distribution", lambda: {"debian"})
    text = libraries.advice(["libGL.so.1"])
    assert f"\n  {start} install -y --no-install-recommends libgl1" in text


def test_only_root_on_debian_installs(monkeypatch):
    monkeypatch.setattr(libraries, "missing_libraries", lambda: ["libGL.so.1"])
    monkeypatch.setattr(libraries, "distribution", lambda: {"debian"})
    monkeypatch.setattr(libraries, "_is_root", lambda: False)
    monkeypatch.setattr(libraries.subprocess, "run", lambda *a, **k: pytest.fail("ran a command"))
    with pytest.raises(MissingLibrary, match="sudo apt-get install"):
        libraries.install_missing()


def test_root_on_debian_updates_installs_and_looks_again(monkeypatch):
    answers = [["libGL.so.1"], []]
    commands = []

    def run(command, **options):
        commands.append(command)
        return libraries.subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(libraries, "missing_libraries", lambda: answers.pop(0))
    monkeypatch.setattr(libraries, "distribution", lambda: {"debian"})
    monkeypatch.setattr(libraries, "_is_root", lambda: True)
    monkeypatch.setattr(libraries.subprocess, "run", run)
    libraries.install_missing()
    assert commands == [
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "libgl1"],
    ]
    assert answers == []


def test_a_failed_install_says_so(monkeypatch):
    def run(command, **options):
        return libraries.subprocess.CompletedProcess(command, 100, "", "E: no network")

    monkeypatch.setattr(libraries, "missing_libraries", lambda: ["libGL.so.1"])
    monkeypatch.setattr(libraries, "distribution", lambda: {"debian"})
    monkeypatch.setattr(libraries, "_is_root", lambda: True)
    monkeypatch.setattr(libraries.subprocess, "run", run)
    with pytest.raises(MissingLibrary, match="E: no network"):
        libraries.install_missing()


@linux
@pytest.mark.parametrize(("environment", "expected"), [
    ({}, False), ({"DISPLAY": ""}, False), ({"QT_QPA_PLATFORM": "offscreen"}, True),
    # A server that is gone, which would end Qt and with it the process.
    ({"DISPLAY": ":987"}, False), ({"WAYLAND_DISPLAY": "wayland-987"}, False),
    ({"WAYLAND_DISPLAY": "wayland-here"}, True),
])
def test_what_counts_as_a_display(environment, expected, monkeypatch, tmp_path):
    (tmp_path / "wayland-here").touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert libraries.has_display() is expected
