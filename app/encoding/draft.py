"""A film on its way: written under another name beside its place, moved there when whole."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from shutil import rmtree
from typing import Protocol

from engine.errors import FileError

_PICTURE = re.compile(r"frame-\d+\.png")


class Draft(Protocol):
    """`path` is written to; then exactly one of the two methods is called."""

    path: Path

    def publish(self) -> None:
        """Give the draft its final name, in place of what stood there."""

    def discard(self) -> None:
        """Delete the draft; what stands under the final name stays."""


class FileDraft:
    """A film that is one file. Raises OSError where it cannot be written there."""

    def __init__(self, target: Path) -> None:
        if target.is_dir():
            raise FileError(f"{target} is a folder; give the name of a file in it")
        self._target = target
        self.path = _beside(target)
        self.path.touch(exist_ok=False)

    def publish(self) -> None:
        self.path.replace(self._target)

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)


class FolderDraft:
    """A film that is a folder of pictures; it may replace an earlier one, and nothing else.

    Raises OSError where the folder cannot be made.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._refuse_foreign()
        self.path = _beside(target)
        self.path.mkdir()

    def publish(self) -> None:
        # Asked again: a film takes minutes, and somebody may have put a file there since.
        self._refuse_foreign()
        if not self._target.exists():
            self.path.rename(self._target)
            return
        # A folder that is not empty cannot be replaced in one step; the earlier film steps aside.
        earlier = _beside(self._target)
        self._target.rename(earlier)
        try:
            self.path.rename(self._target)
        except OSError:
            earlier.rename(self._target)
            raise
        rmtree(earlier, ignore_errors=True)

    def discard(self) -> None:
        rmtree(self.path, ignore_errors=True)

    def _refuse_foreign(self) -> None:
        if not self._target.exists():
            return
        if not self._target.is_dir():
            raise FileError(f"{self._target} is a file; give the name of a folder for the pictures")
        for entry in self._target.iterdir():
            if not _PICTURE.fullmatch(entry.name):
                raise FileError(
                    f"the folder {self._target} holds {entry.name}, which is not of a film; "
                    "give the name of an empty folder, of a new one, or of an earlier film"
                )


def _beside(target: Path) -> Path:
    """A name that is free, in the same folder, so that moving never copies."""
    if not target.parent.is_dir():
        raise FileError(f"{target}: there is no folder {target.parent}")
    return target.with_name(f".trainscope-{secrets.token_hex(6)}.part")
