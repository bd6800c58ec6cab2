"""Notices that the open file was saved by another program, such as the author's editor."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QFileSystemWatcher, QObject, QTimer, pyqtSignal

# Editors write in several steps, or put a new file in the old one's place.
QUIET_MS = 120


class FileWatch(QObject):
    """Watches one file at a time, and says once a while after it has changed."""

    changed = pyqtSignal(Path)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._seen: tuple[int, int] | None = None
        self._watcher = QFileSystemWatcher(self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(QUIET_MS)
        self._later.timeout.connect(self._look)
        # The folder tells of a file that is put in the old one's place; the file of what is written
        # into it.
        self._watcher.fileChanged.connect(lambda _: self._later.start())
        self._watcher.directoryChanged.connect(lambda _: self._later.start())

    def follow(self, path: Path | None) -> None:
        """Watch another file, if it is another one."""
        if path != self._path:
            self.watch(path)

    def watch(self, path: Path | None) -> None:
        """Watch another file, or none."""
        known = self._watcher.files() + self._watcher.directories()
        if known:
            self._watcher.removePaths(known)
        self._later.stop()
        self._path, self._seen = path, _stamp(path)
        self._follow()

    def _follow(self) -> None:
        if self._path is None or not self._path.parent.is_dir():
            return
        self._watcher.addPath(str(self._path.parent))
        if self._path.is_file():
            self._watcher.addPath(str(self._path))

    def _look(self) -> None:
        self._follow()
        stamp = _stamp(self._path)
        if self._path is not None and stamp is not None and stamp != self._seen:
            self._seen = stamp
            self.changed.emit(self._path)


def _stamp(path: Path | None) -> tuple[int, int] | None:
    """What tells one saved state of a file from another; None where there is no file."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found is not None else None
