"""The record of a run as `.npz`: plain arrays, nothing pickled, the same bytes for the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

from .files import write_whole


def write_record(path: str | Path, arrays: Iterable[tuple[str, NDArray[Any]]],
                 between: Callable[[], None]) -> None:
    """Write `arrays` one after another, so that a long run's record is never in memory whole.

    `between` is called after each of them; what it raises leaves no file.
    """
    with write_whole(path) as file, ZipFile(file, "w", ZIP_STORED, allowZip64=True) as archive:
        for name, array in arrays:
            with archive.open(ZipInfo(f"{name}.npy"), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)
            between()
