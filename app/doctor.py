"""`trainscope doctor`: what this machine has, what it lacks, and the command that mends it.

Every check is a function that returns findings and raises nothing; no Qt is imported here, so the
doctor answers even where Qt would take the process down.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, version
from importlib.resources import files
from pathlib import Path
from typing import Literal

from engine.errors import MissingLibrary
from engine.kernels import cache_folder

from . import libraries

State = Literal["ok", "lacks", "note"]

# A minute of film at 4K takes about 100 MB, and it is written twice while it is moved.
NEEDED_BYTES = 500 * 10**6


@dataclass(frozen=True)
class Finding:
    """One line of the report; only `lacks` counts as a failure, `mend` is what to do about it."""

    subject: str
    state: State
    detail: str
    mend: str = ""


def report() -> list[Finding]:
    """Every finding, in reading order."""
    return [finding for check in CHECKS for finding in check()]


def print_report() -> int:
    """Print the report as a table; returns 1 if something needed is lacking."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    findings = report()
    colours = {"ok": "green", "lacks": "bold red", "note": "yellow"}
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in findings:
        detail = Text(finding.detail)
        if finding.mend:
            detail.append(f"\n→ {finding.mend}", style="bold")
        table.add_row(Text(finding.subject), Text(finding.state, colours[finding.state]), detail)
    console = Console(width=None if sys.stdout.isatty() else 160)
    with console.capture() as text:
        console.print(table)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in text.get().splitlines()))
    return int(any(finding.state == "lacks" for finding in findings))


def _trainscope() -> Iterator[Finding]:
    try:
        yield Finding("trainscope", "ok", version("trainscope"))
    except PackageNotFoundError:
        detail = "running from its sources, but not installed"
        yield Finding("trainscope", "lacks", detail, "pip install --editable '.[app]'")


def _asked(field: str) -> list[str]:
    """What the installed metadata says under `field`; nothing where nothing is installed."""
    try:
        return metadata("trainscope").get_all(field) or []
    except PackageNotFoundError:
        return []


def _python() -> Iterator[Finding]:
    supported = "".join(_asked("Requires-Python"))
    found = platform.python_version()
    ok = satisfies(found, supported)
    yield Finding(
        "Python", "ok" if ok else "lacks", f"{found} ({sys.executable})",
        "" if ok else f"install a Python that is {supported} and make the environment with it",
    )
    yield Finding("platform", "ok", f"{platform.platform()}, {os.cpu_count()} processors")


def satisfies(found: str, ranges: str) -> bool:
    """Whether a version such as `6.10.2` lies in ranges such as `<6.11,>=6.8`."""

    def numbers(text: str) -> tuple[int, ...]:
        # 6.8 and 6.8.0 are the same version.
        parts = [int(part) for part in re.findall(r"\d+", text.partition("+")[0])[:3]]
        return tuple(parts + [0] * (3 - len(parts)))

    holds: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
        "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "==": lambda a, b: a == b,
        ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "!=": lambda a, b: a != b,
    }
    terms = re.findall(r"([<>=!]=?)\s*([\d.]+)", ranges)
    return all(holds[sign](numbers(found), numbers(bound)) for sign, bound in terms)


def _packages() -> Iterator[Finding]:
    """Every library that the installed metadata asks for, without and with the window."""
    for requirement in _asked("Requires-Dist"):
        wanted, _, marker = requirement.partition(";")
        extra = re.search(r"extra == ['\"](\w+)['\"]", marker)
        if extra and extra[1] != "app":
            continue
        name, ranges = re.match(r"([\w.-]+)\s*(.*)", wanted.strip()).groups()  # type: ignore[union-attr]
        mend = f"pip install 'trainscope{'[app]' if extra else ''}'"
        try:
            # The metadata's own spelling is PyQt6's, a requirement's may be normalised.
            name, found = metadata(name)["Name"], version(name)
        except PackageNotFoundError:
            purpose = "the window and films need it" if extra else "everything needs it"
            yield Finding(name, "lacks", f"not installed; {purpose}", mend)
            continue
        if satisfies(found, ranges):
            yield Finding(name, "ok", found)
        else:
            detail = f"{found}, but Trainscope works with {ranges}"
            yield Finding(name, "lacks", detail, f"pip install '{name}{ranges}'")


def _qt_libraries() -> Iterator[Finding]:
    try:
        lacking = libraries.missing_libraries()
    except MissingLibrary as error:
        yield Finding("Qt libraries", "lacks", str(error))
        return
    if lacking:
        _, _, command = libraries.advice(lacking).partition("\n")
        yield Finding("Qt libraries", "lacks", ", ".join(lacking), command.strip())
    else:
        yield Finding("Qt libraries", "ok", "all found")


def _display() -> Iterator[Finding]:
    if libraries.has_display():
        names = ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM")
        shown = ", ".join(f"{name}={os.environ[name]}" for name in names if os.environ.get(name))
        yield Finding("display", "ok", shown or platform.system())
    else:
        yield Finding("display", "note", "none: no window here, but film, still and run work")


def _fonts() -> Iterator[Finding]:
    bundled = sorted(
        Path(entry.name).stem for entry in (files("assets") / "fonts").iterdir()
        if entry.name.endswith((".ttf", ".otf"))
    )
    if bundled:
        yield Finding("fonts", "ok", ", ".join(bundled))
    else:
        mend = "pip install --force-reinstall --no-deps trainscope"
        yield Finding("fonts", "lacks", "the bundled fonts are not there", mend)


def _codecs() -> Iterator[Finding]:
    try:
        from av.codec import Codec
    except ImportError as error:
        yield Finding("codecs", "lacks", f"PyAV: {error}", "pip install 'trainscope[app]'")
        return
    for name, purpose in (("libx264", "MP4"), ("libvpx-vp9", "WebM"), ("gif", "GIF")):
        try:
            Codec(name, "w")
            yield Finding(f"codec for {purpose}", "ok", name)
        except ValueError:
            detail = f"this PyAV was built without {name}"
            mend = "pip install --force-reinstall --only-binary :all: av"
            yield Finding(f"codec for {purpose}", "lacks", detail, mend)


def _cache() -> Iterator[Finding]:
    folder = Path(os.environ.get("NUMBA_CACHE_DIR", cache_folder()))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        yield Finding("kernel cache", "ok", str(folder))
    except OSError as error:
        yield Finding(
            "kernel cache", "lacks", f"{folder}: {error.strerror}; every start compiles anew",
            "export NUMBA_CACHE_DIR=FOLDER, naming one that you can write to",
        )


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(Path.cwd()).free
    detail = f"{free / 1e9:.1f} GB free in {Path.cwd()}"
    if free >= NEEDED_BYTES:
        yield Finding("disk", "ok", detail)
    else:
        mend = f"free some space: a film wants {NEEDED_BYTES / 1e9:.1f} GB"
        yield Finding("disk", "lacks", detail, mend)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _trainscope, _python, _packages, _qt_libraries, _display, _fonts, _codecs, _cache, _disk,
)
