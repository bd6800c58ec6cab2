"""Text files read with care, and files written whole or not at all; what goes wrong is in words."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .errors import FileError, TrainscopeError

MEGABYTE = 1_000_000
LARGEST_TEXT = 4 * MEGABYTE

_REASONS = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EISDIR: "it is a folder, not a file",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the disk or folder is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be too large for this disk",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "the links in the path lead in a circle",
    errno.EIO: "the disk reports an error",
}


def reason(error: OSError | ValueError) -> str:
    """Why the system refused, in words."""
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0) or error.strerror or str(error)
    return "the path has characters that no path can have"


def read_text(path: str | Path, limit: int = LARGEST_TEXT) -> str:
    """The text of a UTF-8 file of at most `limit` bytes; raises FileError.

    A larger file is refused by its size, before it is read.
    """
    try:
        found = Path(path).stat()
        if stat.S_ISDIR(found.st_mode):
            raise FileError(f"{path}: it is a folder, not a file")
        if not stat.S_ISREG(found.st_mode):
            raise FileError(f"{path}: it is a device or a pipe, not a file")
        if found.st_size > limit:
            raise FileError(f"{path}: it has {found.st_size / MEGABYTE:,.1f} MB; files of at most "
                            f"{limit / MEGABYTE:g} MB are read")
        with Path(path).open("rb") as file:
            # The file may have grown since its size was asked for.
            data = file.read(limit + 1)
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: cannot be read: {reason(error)}") from error
    if len(data) > limit:
        raise FileError(f"{path}: it has more than the {limit / MEGABYTE:g} MB that are read")
    return _decoded(data, path)


def _decoded(data: bytes, path: str | Path) -> str:
    if not data.strip():
        raise FileError(f"{path}: the file is empty")
    if b"\0" in data:
        raise FileError(f"{path}: this is not a text file (it has NUL bytes)")
    try:
        # Some Windows editors put a byte-order mark in front.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}: this is not UTF-8 text (byte 0x{data[error.start]:02x} in line "
                        f"{line:,})") from None


@contextmanager
def write_whole(path: str | Path) -> Iterator[BinaryIO]:
    """A binary file to write to, which takes its place at `path` when the block ends well.

    It is written beside its place under a temporary name. If anything goes wrong, that is removed
    and what was at `path` before stays as it was. Raises FileError for what the system refuses,
    a full disk in the middle of the block included; other errors of the block pass through.
    """
    place = _writable(path)
    # A long name is cut, since the longest that the system allows leaves no room for more.
    draft = place.with_name(f".{place.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, draft)
        draft.replace(place)
    except TrainscopeError:
        raise
    except OSError as error:
        raise FileError(f"{path}: cannot be written: {reason(error)}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _writable(path: str | Path) -> Path:
    """Where a file is to be put, links followed; raises FileError where none can be."""
    try:
        place = Path(os.path.realpath(path))
        if place.is_dir():
            raise FileError(f"{path}: cannot be written: {_REASONS[errno.EISDIR]}")
        if place.exists() and not os.access(place, os.W_OK):
            raise FileError(f"{path}: cannot be written: the file is write-protected")
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: cannot be written: {reason(error)}") from error
    return place
