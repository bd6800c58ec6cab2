"""NPZ, NumPy's archive: arrays `x` (n, d) or (n, height, width), and `y` (n,) or (n, k).

What the archive declares is checked before anything is allocated; pickled objects are never read.
"""

from __future__ import annotations

import zipfile
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from ..files import write_whole
from .arrays import raw_of_arrays
from .files import opened
from .raw import Array, DataError, Raw, Task, check_size

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_TRUE_OR_NUMBER = "biuf"


def read_npz(path: str, task: Task | None = None) -> Raw:
    """The data of an NPZ file; raises FileError.

    Whole numbers and texts in `y` are classes, numbers with fractions and several columns are
    a regression, unless `task` says otherwise. An `x` of three dimensions holds images; if it holds
    bytes, they are divided by 255.
    """
    with opened(path) as (file, _):
        try:
            with zipfile.ZipFile(file) as archive:
                x = _array(archive, "x", _TRUE_OR_NUMBER)
                y = _array(archive, "y", _TRUE_OR_NUMBER + "U")
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise DataError("this is not an NPZ file, or it is damaged; numpy.savez(file, x=..., "
                            "y=...) writes one") from None
        return raw_of_arrays(x, y, task)


def write_npz(path: str | Path, x: Array, y: Array) -> None:
    """Write inputs and targets so that `read_npz` reads them, whole or not at all.

    Raises DataError for what could not be learnt from, FileError where the system refuses.
    """
    raw_of_arrays(x, y, None)
    with write_whole(path) as file:
        np.savez_compressed(file, x=x, y=y)


def _array(archive: zipfile.ZipFile, name: str, kinds: str) -> Array:
    """One array of the archive; raises DataError for one that is too large or no numbers."""
    entry = f"{name}.npy"
    held = archive.namelist()
    if entry not in held:
        arrays = [other.removesuffix(".npy") for other in held[:10]]
        raise DataError(f"there is no array {name!r} in it; it has: {', '.join(arrays) or 'none'}")
    with archive.open(entry) as file:
        shape, dtype = _declared(file, name)
    if dtype.hasobject:
        raise DataError(f"array {name!r} has pickled objects, which are never read; store numbers")
    if dtype.kind not in kinds:
        raise DataError(f"array {name!r} holds {dtype}, not numbers")
    if name == "x" and len(shape) not in (2, 3):
        raise DataError(f"array 'x' must have 2 dimensions (rows, inputs) or 3 (images, height, "
                        f"width), not {len(shape)}")
    if name == "y" and len(shape) not in (1, 2):
        raise DataError(f"array 'y' must have 1 dimension (rows) or 2 (rows, targets), not "
                        f"{len(shape)}")
    # Text counts by its bytes: a label may be declared to be a million characters long.
    wide = -(-dtype.itemsize // 8) if dtype.kind == "U" else 1
    check_size(shape[0], prod(shape[1:]) * wide)
    with archive.open(entry) as file:
        try:
            return npy.read_array(file, allow_pickle=False)
        except ValueError as error:
            raise DataError(f"array {name!r} cannot be read: {error}") from None


def _declared(file: IO[bytes], name: str) -> tuple[tuple[int, ...], np.dtype]:
    """The shape and type that an array's header declares."""
    try:
        read_header = _HEADERS[npy.read_magic(file)]
        shape, _, dtype = read_header(file)
    except (ValueError, KeyError):
        raise DataError(f"array {name!r} has a header that cannot be read") from None
    return shape, dtype
