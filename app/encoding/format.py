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
    """What an encoder knows before the first frame: `size` is (width, height) in pixels.

    `codec` is one of the format's. In a `transparent` film the fourth byte of a frame is how much
    its pixel covers. `colors` is how many a GIF's palette has.
    """

    size: tuple[int, int]
    fps: int
    title: str = ""
    palette_frames: Sequence[Frame] = ()
    codec: str = ""
    transparent: bool = False
    colors: int = 256


@dataclass(frozen=True)
class Codec:
    """One of the ways in which a format can hold its pictures; `title` is what a menu says."""

    name: str
    title: str
    doc: str


@dataclass(frozen=True)
class Chapter:
    """A mark in a film: frames `first` to `end`, without the latter, counted from 0."""

    title: str
    first: int
    end: int


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

    `start` opens an encoder on an existing, empty file or folder, and `join` fills such a one with
    the pictures of films that encoders of the same plan have made, without encoding them again.
    `rates` are the frame rates that the format can time exactly, where they are few; `even` asks
    for even sizes; the first of `codecs` is taken where none is asked for.
    """

    name: str
    title: str
    suffix: str
    doc: str
    start: Callable[[FilmPlan, Path], Encoder]
    join: Callable[[FilmPlan, Sequence[Path], Sequence[Chapter], Path], None]
    codecs: tuple[Codec, ...] = ()
    even: bool = False
    rates: tuple[int, ...] = ()
    transparency: bool = False

    def codec(self, wanted: str = "") -> str:
        """The name of the codec that is meant; empty for a format that has no choice of them."""
        return wanted or (self.codecs[0].name if self.codecs else "")

    def refusal(self, size: tuple[int, int], fps: int, codec: str = "",
                transparent: bool = False) -> str | None:
        """Why no film of this size (width, height) and rate can be made, as a sentence, or None."""
        names = [entry.name for entry in self.codecs]
        if codec and codec not in names:
            offered = f"the codecs {', '.join(names)}" if names else "no choice of codecs"
            return f"{self.title} has {offered}, not {codec!r}"
        if transparent and not self.transparency:
            return (f"{self.title} has no transparent background; .mov and a folder of PNG frames "
                    "have")
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
