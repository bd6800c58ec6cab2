"""A GIF file taken apart into its head and its pictures, and put together from several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import FileError

from .format import Chapter, FilmPlan

_EXTENSION, _PICTURE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL = b"\x21\xf9\x04"


def join_gifs(plan: FilmPlan, parts: Sequence[Path], chapters: Sequence[Chapter], path: Path
              ) -> None:
    """All pictures in one GIF, each with the plan's delay; the first is whole in every part."""
    delay = (100 // plan.fps).to_bytes(2, "little")
    with path.open("wb") as out:
        head = b""
        for part in parts:
            start, pictures = _apart(part.read_bytes())
            if head and start != head:
                raise FileError(f"{part}: has other colours than the parts before it")
            if not head:
                out.write(head := start)
            out.writelines(_timed(picture, delay) for picture in pictures)
        out.write(bytes([_TRAILER]))


def _apart(data: bytes) -> tuple[bytes, list[bytes]]:
    """Everything before the first picture, and the pictures, each with its control block."""
    place = 13 + _table_bytes(data[10])
    pictures: list[bytes] = []
    head_end, start = 0, place
    while data[place] != _TRAILER:
        kind, begin = data[place], place
        if kind == _PICTURE:
            place = _after_blocks(data, place + 10 + _table_bytes(data[place + 9]) + 1)
            pictures.append(data[start:place])
            start = place
        else:
            place = _after_blocks(data, place + 2)
            if not data.startswith(_CONTROL, begin):
                start = place
        if not pictures:
            head_end = start
    return data[:head_end], pictures


def _table_bytes(flags: int) -> int:
    """The size of the colour table that a flag byte announces."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    """The place behind a chain of blocks, each of which begins with its length."""
    while data[place]:
        place += data[place] + 1
    return place + 1


def _timed(picture: bytes, delay: bytes) -> bytes:
    """The picture with this delay: its control block is 21 F9 04, flags, two bytes of delay, …"""
    return picture[:4] + delay + picture[6:] if picture.startswith(_CONTROL) else picture
