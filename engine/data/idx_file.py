"""IDX, the format of MNIST: a magic number, the dimensions, then the numbers, big-endian.

Two bytes 0, one for the type, one for how many dimensions; each dimension as a 32-bit number; then
the array in C order. A file may be gzipped. Source: LeCun, Cortes & Burges 1998, The MNIST database
of handwritten digits.
"""

from __future__ import annotations

import gzip
import zlib
from math import prod
from typing import Any

import numpy as np

from ..errors import FileError
from .arrays import raw_of_arrays
from .files import opened
from .raw import Array, DataError, Raw, Task, check_size

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP = b"\x1f\x8b"
_CUT_OFF = "the file is cut off: it declares {declared:,} bytes of numbers and has {held:,}"


def read_idx(images: str, labels: str, task: Task | None = None) -> Raw:
    """The data of a pair of IDX files, gzipped or not; raises FileError.

    Images of unsigned bytes become numbers from 0 to 1. Labels are classes, unless they have
    fractions or `task` says otherwise.
    """
    y = _array(labels, most_dimensions=2)
    x = _array(images, most_dimensions=4)
    if len(x) != len(y):
        raise FileError(f"{images}: there are {len(x):,} rows in it and {len(y):,} labels in "
                        f"{labels}; there must be as many of both")
    try:
        return raw_of_arrays(x, y, task)
    except DataError as error:
        raise FileError(f"{images} with {labels}: {error}") from None


def _array(path: str, most_dimensions: int) -> Array:
    with opened(path) as (file, size):
        zipped = file.read(2) == _GZIP
        file.seek(0)
        if not zipped:
            return _read(file, most_dimensions, size)
        try:
            with gzip.open(file) as unzipped:
                return _read(unzipped, most_dimensions)
        except EOFError:
            raise DataError("the file is cut off: its gzip stream does not end") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"the file is damaged: {error}") from None


def _read(file: Any, most_dimensions: int, size: int | None = None) -> Array:
    """The array of a file of `size` bytes, where that is known before all of it is read."""
    dtype, shape = _header(file, most_dimensions)
    check_size(shape[0], prod(shape[1:]))
    declared = prod(shape) * dtype.itemsize
    if size is not None and size - 4 - 4 * len(shape) != declared:
        raise DataError(_wrong_size(declared, size - 4 - 4 * len(shape)))
    data = file.read(declared)
    if len(data) < declared or file.read(1):
        raise DataError(_wrong_size(declared, len(data) if len(data) < declared else declared + 1))
    return np.frombuffer(data, dtype).reshape(shape)


def _wrong_size(declared: int, held: int) -> str:
    if held < declared:
        return _CUT_OFF.format(declared=declared, held=held)
    return f"the file goes on behind the {declared:,} bytes of numbers that it declares"


def _header(file: Any, most_dimensions: int) -> tuple[np.dtype, tuple[int, ...]]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES:
        raise DataError(f"this is not an IDX file: it begins with {magic.hex(' ')}, and IDX with "
                        "00 00, a type (08, 09, 0b, 0c, 0d or 0e) and how many dimensions it has")
    dimensions = magic[3]
    if not 1 <= dimensions <= most_dimensions:
        raise DataError(f"it has {dimensions} dimensions; from 1 to {most_dimensions} can be read "
                        "here")
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise DataError("the file is cut off in its header")
    return np.dtype(_TYPES[magic[2]]), tuple(map(int, np.frombuffer(sizes, ">u4")))
