"""What is done of a film, kept beside it: a film that is interrupted goes on where it stopped.

Each card and each beat is encoded by itself into a hidden folder beside the film, under names that
carry a key of everything that its pixels follow from: the lesson, the choices, the data files, the
program. When all parts are there, they are joined and the folder goes. So a film has the same bytes
whether it was interrupted or not, and a part of another film or program is never taken for one of
this.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import Any, BinaryIO, Self

from engine.errors import FileError
from engine.files import reason
from engine.lesson import Lesson

LIBRARIES = ("av", "numpy", "numba", "pyqt6", "pyqtgraph", "scipy", "ziamath")
_BEGINNING = 60


class FilmParts:
    """The parts of one film, in a folder of their own; a context manager.

    The folder goes when the block ends, by an error too; it stays where the user interrupts
    (KeyboardInterrupt) and a part is whole. Raises FileError where it cannot be made, or where
    another process films to the same place.
    """

    def __init__(self, film: Path, key: str, suffix: str) -> None:
        self.film = film.resolve()
        self._key, self._suffix = key, suffix
        self.folder = parts_folder(self.film)
        self._lock: BinaryIO | None = None

    def path(self, place: int, size: tuple[int, int], fps: int, colors: int) -> Path:
        """Where a part goes, counted from 0; a GIF that must be small is tried in several ways."""
        tried = f"{size[0]}x{size[1]}-{fps}-{colors}"
        return self.folder / f"{self._key}-{tried}-{place:03d}{self._suffix}"

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(exist_ok=True)
            self._lock = _locked(self.folder / "lock")
            if self._lock is None:
                raise FileError(f"{self.film}: is being filmed already, by another process")
            for entry in self.folder.iterdir():
                if entry.name != "lock" and not entry.name.startswith(self._key):
                    _remove(entry)
        except OSError as error:
            raise FileError(f"{self.film}: cannot be written: {reason(error)}") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        kept = kind is not None and issubclass(kind, KeyboardInterrupt) and any(
            entry.name.startswith(self._key) for entry in self.folder.iterdir())
        if self._lock is not None:
            self._lock.close()
        if not kept:
            _remove(self.folder)


def parts_folder(film: Path) -> Path:
    """The hidden folder of a film's parts, beside it; a long name is cut and told by a number."""
    number = sha256(film.name.encode()).hexdigest()[:8]
    return film.with_name(f".{film.name[:_BEGINNING]}-{number}.parts")


def film_key(lesson: Lesson, choices: Mapping[str, Any]) -> str:
    """A number, as text, that is another one as soon as a pixel of the film could be."""
    digest = sha256(_program())
    digest.update(lesson.to_toml().encode())
    digest.update(json.dumps(choices, sort_keys=True, default=str).encode())
    for file in sorted(_data_files(lesson.model_dump())):
        digest.update(file.encode())
        with suppress(OSError):
            digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]


def _data_files(value: Any) -> set[str]:
    """Every text in a lesson that is the path of a file: the user's own data."""
    if isinstance(value, str):
        with suppress(OSError, ValueError):
            return {value} if Path(value).is_file() else set()
        return set()
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return set()
    return set().union(*map(_data_files, value))


@cache
def _program() -> bytes:
    """What the program is made of: its own files, and the libraries that draw and encode."""
    digest = sha256()
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            digest.update(f"{name} {version(name)}".encode())
    for package in ("app", "engine", "assets"):
        folder = Path(str(files(package)))
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(str(file.relative_to(folder)).encode())
                digest.update(file.read_bytes())
    return digest.digest()


def _locked(path: Path) -> BinaryIO | None:
    """An open file that this process alone holds, None if another one does.

    The system lets go of it when the process ends, however it ends.
    """
    file = path.open("ab")
    try:
        import fcntl
    except ImportError:
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _remove(entry: Path) -> None:
    if entry.is_dir():
        rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
