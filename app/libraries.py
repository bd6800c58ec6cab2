"""What the window needs of the machine: Python packages, Qt's shared libraries, a display.

PyQt6 brings Qt but not the system libraries that Qt itself links to, and on a bare Linux a missing
one shows up as a misleading import error or an abort. Here they are looked for first, all at once,
and the command that installs them is put together.

    python -m app.libraries             say what is missing
    python -m app.libraries --install   as root on Debian or Ubuntu, install it
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shlex
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from engine.cli import ending
from engine.errors import MissingLibrary

# Shared library: the Debian and Ubuntu package that holds it.
FOR_QT = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
FOR_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
PACKAGES: Mapping[str, str] = FOR_QT | FOR_X11

IMPORTS = ("PyQt6", "pyqtgraph", "av", "ziamath")

# Runs in a process of its own: a failed load stays out of ours, and a second try starts afresh.
_PROBE = """
import ctypes, json, sys
lacking, error = [], ""
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        lacking.append(name)
try:
    import PyQt6.QtGui, PyQt6.QtSvg, PyQt6.QtWidgets
except ImportError as failure:
    error = str(failure)
print(json.dumps([lacking, error]))
"""


def has_display() -> bool:
    """Whether a window can be opened: always outside Linux, there if a display answers.

    Qt ends the process where it is sent to a display that is gone, as a terminal that outlived its
    session does; QT_QPA_PLATFORM, where set, is taken for a deliberate choice.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return wayland_answers() or x11_answers()


def wayland_answers() -> bool:
    """Whether WAYLAND_DISPLAY names a socket that is there."""
    name = os.environ.get("WAYLAND_DISPLAY")
    return bool(name) and Path(os.environ.get("XDG_RUNTIME_DIR", "/"), str(name)).exists()


def x11_answers() -> bool:
    """Whether an X server accepts a connection to DISPLAY; takes a millisecond."""
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        # Nothing to ask with: what is missing is installed first, and then asked again.
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    try:
        return xcb.xcb_connection_has_error(connection) == 0
    finally:
        xcb.xcb_disconnect(connection)


def require_packages() -> None:
    """Raise MissingLibrary where Trainscope was installed without its window."""
    lacking = [name for name in IMPORTS if find_spec(name) is None]
    if lacking:
        raise MissingLibrary(f"this needs {', '.join(lacking)}: pip install 'trainscope[app]'")


def missing_libraries() -> list[str]:
    """The shared libraries that Qt would not find on this machine, by name (`libEGL.so.1`).

    Raises MissingLibrary where PyQt6 cannot be imported for another reason.
    """
    require_packages()
    wanted: dict[str, str] = {}
    if sys.platform.startswith("linux"):
        wanted = FOR_QT | (FOR_X11 if x11_answers() else {})
    probe = subprocess.run(
        [sys.executable, "-c", _PROBE, *wanted], capture_output=True, text=True, check=False
    )
    if probe.returncode != 0:
        raise MissingLibrary(f"importing Qt ended with status {probe.returncode}: {probe.stderr}")
    lacking, error = json.loads(probe.stdout)
    if error and not lacking:
        lacking = named_in(error)
        if not lacking:
            raise MissingLibrary(f"PyQt6 cannot be imported: {error}")
    return lacking


def named_in(error: str) -> list[str]:
    """The shared library that the dynamic linker's message says it cannot open, if it is one."""
    return re.findall(r"(\S+\.so[\w.]*): cannot open shared object", error)


def distribution() -> set[str]:
    """The names of this Linux and of those it descends from, as os-release gives them."""
    import platform

    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return set()
    return {release.get("ID", ""), *release.get("ID_LIKE", "").split()}


def install_command(libraries: Sequence[str], family: set[str]) -> list[str] | None:
    """The command that installs `libraries` on a distribution of that family, where it is known."""
    if family & {"debian", "ubuntu"}:
        packages = [PACKAGES[name] for name in libraries if name in PACKAGES]
        if len(packages) < len(libraries):
            return None
        return ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    # Both resolve the name of a library itself, so no table of packages can go out of date.
    for tool, likes in (("dnf", {"fedora", "rhel"}), ("zypper", {"suse", "opensuse"})):
        if family & likes:
            return [tool, "install", "-y", *(f"{name}()(64bit)" for name in libraries)]
    return None


def advice(libraries: Sequence[str]) -> str:
    """One sentence: what Qt lacks, and the exact command that mends it."""
    lack = f"Qt lacks {', '.join(libraries)}"
    command = install_command(libraries, distribution())
    if command is None:
        return f"{lack}: install the packages of your distribution that hold them"
    return f"{lack}; install with:\n  {'' if _is_root() else 'sudo '}{shlex.join(command)}"


def require_qt() -> None:
    """Import Qt, or raise MissingLibrary with the command that mends it.

    Importing is tried first, since it has to happen anyway and costs no second process; X11's
    libraries come only into play with a display, and Qt aborts the process where one is missing.
    """
    require_packages()
    try:
        import PyQt6.QtGui
        import PyQt6.QtSvg
        import PyQt6.QtWidgets  # noqa: F401
    except ImportError as error:
        raise MissingLibrary(advice(missing_libraries() or [str(error)])) from error
    if os.environ.get("DISPLAY") and not os.environ.get("QT_QPA_PLATFORM"):
        lacking = []
        for name in FOR_X11 if sys.platform.startswith("linux") else ():
            try:
                ctypes.CDLL(name)
            except OSError:
                lacking.append(name)
        if lacking:
            raise MissingLibrary(advice(lacking))


def install_missing() -> None:
    """Install what Qt lacks, as root on Debian or Ubuntu; elsewhere raise MissingLibrary."""
    lacking = missing_libraries()
    if not lacking:
        return
    family = distribution()
    command = install_command(lacking, family)
    if command is None or not _is_root() or not family & {"debian", "ubuntu"}:
        raise MissingLibrary(advice(lacking))
    sys.stderr.write(f"trainscope: Qt lacks {', '.join(lacking)}; {shlex.join(command)}\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], command):
        done = subprocess.run(
            step, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False,
        )
    if done.returncode != 0:
        raise MissingLibrary(f"{advice(lacking)}\nfailed here:\n{done.stderr.strip()}")
    still = missing_libraries()
    if still:
        raise MissingLibrary(advice(still))


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def main() -> int:
    """`python -m app.libraries`: returns the exit status."""
    parser = ArgumentParser(prog="python -m app.libraries", description="Qt's shared libraries.")
    parser.add_argument("--install", action="store_true", help="install what is missing, as root")
    args = parser.parse_args()

    def check() -> int:
        if args.install:
            install_missing()
        lacking = missing_libraries()
        if lacking:
            raise MissingLibrary(advice(lacking))
        return 0

    return ending(check)


if __name__ == "__main__":
    sys.exit(main())
