"""What a film format is, and which one a path asks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import TrainscopeError
from engine.registry import Registry

Frame = NDArray[np.uint8]

SMALLEST, LARGEST = 16, 7680
FASTEST = 240


@dataclass(frozen=True)
class FilmPlan:
    """What an encoder knows before the first frame: `size` is (width, height) in pixels."""

    size: tuple[int, int]
    fps: int
    title: str = ""
    palette_frames: Sequence[Frame] = ()


class Encoder(Protocol):
    """Turns frames into the file (or folder) it was started on.

    A slot is a place for one frame in the encoder's own layout; slots are used again and again.
    `take` runs in the writer's thread, everything after it in the encoder's.
    """

    slot_bytes: int

    def slot(self) -> Any:
        """A new place for one frame."""

    def take(self, frame: Frame, slot: Any) -> None:
        """Copy `frame` (h, w, 4), C-order, into `slot`; the frame is not looked at afterwards."""

    def encode(self, slot: Any, index: int) -> None:
        """Encode frame `index`, counted from 0; the slot is free again on return."""

    def finish(self) -> None:
        """Write what is still held back, and close the file."""

    def abandon(self) -> None:
        """Close the file as it is; it will be deleted. Allowed after an error, and twice."""


@dataclass(frozen=True)
class FilmFormat:
    """One kind of film; `suffix` is empty for the one that is a folder of pictures.

    `start` opens an encoder on an existing, empty file or folder. `rates` are the frame rates that
    the format can time exactly, where they are few; `even` asks for even sizes.
    """

    name: str
    title: str
    suffix: str
    doc: str
    start: Callable[[FilmPlan, Path], Encoder]
    even: bool = False
    rates: tuple[int, ...] = ()

    def refusal(self, size: tuple[int, int], fps: int) -> str | None:
        """Why no film of this size (width, height) and rate can be made, as a sentence, or None."""
        width, height = size
        if not all(SMALLEST <= side <= LARGEST for side in size):
            return f"width and height must be from {SMALLEST} to {LARGEST}, not {width}x{height}"
        if self.even and (width % 2 or height % 2):
            return (
                f"{self.title} halves its colour planes, so width and height must be even, "
                f"not {width}x{height}; {width + width % 2}x{height + height % 2} would do"
            )
        if self.rates and fps not in self.rates:
            rates = ", ".join(map(str, self.rates))
            return f"{self.title} counts in hundredths of a second: fps must be {rates}, not {fps}"
        if not 1 <= fps <= FASTEST:
            return f"fps must be from 1 to {FASTEST}, not {fps}"
        return None


film_formats: Registry[FilmFormat] = Registry(
    "film format", f"{__package__}.formats", FilmFormat
)


def film_format(path: str | Path) -> FilmFormat:
    """The format that `path`'s suffix names; a folder, existing or to be made, means pictures.

    Raises TrainscopeError for a suffix that no format has.
    """
    suffix = "" if os.fspath(path).endswith(("/", os.sep)) else Path(path).suffix.lower()
    by_suffix = {entry.suffix: entry for entry in film_formats.values()}
    if suffix in by_suffix:
        return by_suffix[suffix]
    if Path(path).is_dir():
        return by_suffix[""]
    allowed = ", ".join(sorted(filter(None, by_suffix)))
    raise TrainscopeError(
        f"{path}: no film format has the suffix {suffix!r}; "
        f"allowed: {allowed}, or a folder for PNG pictures"
    )
