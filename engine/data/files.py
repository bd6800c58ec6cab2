"""The user's own files: opened with care, read by their kind, kept while they do not change."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import FileError
from ..files import MEGABYTE, reason
from .raw import DataError, Raw

LARGEST_FILE = 1000 * MEGABYTE

Stamp = tuple[int, int]


@contextmanager
def opened(path: str) -> Iterator[tuple[BinaryIO, int]]:
    """A regular file to read bytes from, and its size.

    Raises FileError, naming the file, for what the system refuses, for a size above LARGEST_FILE,
    and for every DataError of the block.
    """
    try:
        size = stamp(path)[1]
        if size == 0:
            raise FileError(f"{path}: the file is empty")
        if size > LARGEST_FILE:
            raise FileError(f"{path}: it has {size / MEGABYTE:,.0f} MB; data files of at most "
                            f"{LARGEST_FILE / MEGABYTE:,.0f} MB are read")
        with Path(path).open("rb") as file:
            yield file, size
    except FileError:
        raise
    except DataError as error:
        raise FileError(f"{path}: {error}") from error
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {reason(error)}") from error


def stamp(path: str) -> Stamp:
    """When a regular file was last written, in ns, and its size in bytes; raises FileError."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: cannot be read: {reason(error)}") from error
    if stat.S_ISDIR(found.st_mode):
        raise FileError(f"{path}: it is a folder, not a file")
    if not stat.S_ISREG(found.st_mode):
        raise FileError(f"{path}: it is a device or a pipe, not a file")
    return found.st_mtime_ns, found.st_size


def read_once(read: Callable[..., Raw], paths: tuple[str, ...], *more: Any) -> Raw:
    """`read(*paths, *more)`, or what it gave before, if none of the files has changed since.

    `more` must be hashable. Raises FileError.
    """
    return _read(read, paths, tuple(map(stamp, paths)), more)


# A file may have hundreds of megabytes: the data at hand and those before an edit are kept.
@lru_cache(maxsize=2)
def _read(read: Callable[..., Raw], paths: tuple[str, ...], stamps: tuple[Stamp, ...],
          more: tuple[Any, ...]) -> Raw:
    return read(*paths, *more)
