"""Autosave: what has unsaved edits is written aside, and offered again after a crash.

Each running window writes a file of its own and holds a lock beside it; a file whose lock nobody
holds is what a crash left behind.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from PyQt6.QtCore import QLockFile

from engine.errors import FileError, TrainscopeError
from engine.experiment import Experiment
from engine.files import write_whole
from engine.lesson import Lesson, open_file

from .preferences import state_folder


class Recovery:
    """The autosaved file of this window, and those that others left."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or state_folder() / "unsaved"
        self._mine = self._folder / f"{os.getpid()}-{id(self):x}.toml"
        self._lock: QLockFile | None = None
        self._written: Experiment | Lesson | None = None

    def beside(self) -> Recovery:
        """Another one in the same folder, for a second thing that the window holds."""
        return Recovery(self._folder)

    def keep(self, source: Experiment | Lesson) -> None:
        """Write it aside; a folder that cannot be written to is put up with."""
        if source is self._written:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._lock is None:
                self._lock = _lock_of(self._mine)
                self._lock.tryLock(0)
            with write_whole(self._mine) as file:
                file.write(source.to_toml().encode())
            self._written = source
        except (TrainscopeError, OSError):
            self._written = None

    def forget(self) -> None:
        """Nothing is unsaved any more."""
        self._written = None
        _remove(self._mine)
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def left_behind(self) -> Path | None:
        """The newest file that no window holds, if there is one."""
        try:
            orphans = [path for path in self._folder.glob("*.toml")
                       if path != self._mine and _abandoned(path)]
            return max(orphans, key=lambda path: path.stat().st_mtime, default=None)
        except OSError:
            return None

    def recover(self, path: Path) -> Experiment | Lesson:
        """What a file left behind holds, which is kept as this window's from now on.

        Raises TrainscopeError for a file that cannot be read; it is set aside, so that it is not
        offered at every start, and not lost.
        """
        try:
            source = open_file(path)
        except TrainscopeError as error:
            aside = path.with_suffix(".unreadable")
            with suppress(OSError):
                path.replace(aside)
            raise FileError(f"{error}\nThe file is kept as {aside}.") from error
        self.keep(source)
        if self._written is source:
            _remove(path)
        return source


def _lock_of(path: Path) -> QLockFile:
    """The lock beside a file, held as long as its process lives and no longer."""
    lock = QLockFile(str(path.with_suffix(".lock")))
    # Where Qt cannot ask the system, it takes a lock of more than 30 seconds for left behind.
    lock.setStaleLockTime(0)
    return lock


def _abandoned(path: Path) -> bool:
    lock = _lock_of(path)
    if not lock.tryLock(0):
        return False
    lock.unlock()
    return True


def _remove(path: Path) -> None:
    """Remove a file; one that cannot be removed is put up with, as one that cannot be written."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
