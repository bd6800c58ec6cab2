"""Films end to end: the pictures of several files in one, as they were encoded."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

import av
from av.packet import Packet

from engine.errors import FileError

from .format import Chapter, FilmPlan

if TYPE_CHECKING:
    from av.container.core import Chapter as Mark


def join_videos(
    plan: FilmPlan, parts: Sequence[Path], chapters: Sequence[Chapter], path: Path, *,
    container: str, container_options: Mapping[str, str] | None = None,
) -> None:
    """The packets of `parts` in one file, numbered through, with title and chapter marks.

    Encoders here hold no picture back, so that a packet is a picture and packets are in order.
    """
    tick = Fraction(1, plan.fps)
    options = {"fflags": "+bitexact", **(container_options or {})}
    with av.open(str(path), "w", format=container, container_options=options) as film:
        if plan.title:
            film.metadata["title"] = plan.title
        with av.open(str(parts[0])) as first:
            stream = film.add_stream_from_template(first.streams.video[0], opaque=True)
            context = first.streams.video[0].codec_context
            head = context.extradata
            if context.codec_tag.strip("\0"):
                # ProRes has a tag for each of its kinds, and FFmpeg would choose the first.
                stream.codec_context.codec_tag = context.codec_tag
        stream.time_base = tick
        # Before the first packet: MP4 reserves a track for them.
        film.set_chapters([_mark(chapter, place, tick)
                           for place, chapter in enumerate(chapters, start=1)])
        for index, packet in enumerate(_packets(parts, head)):
            packet.stream = stream
            packet.pts = packet.dts = index
            packet.duration, packet.time_base = 1, tick
            film.mux(packet)


def _mark(chapter: Chapter, place: int, tick: Fraction) -> Mark:
    return {"id": place, "start": chapter.first, "end": chapter.end, "time_base": tick,
            "metadata": {"title": chapter.title}}


def _packets(parts: Sequence[Path], head: bytes | None) -> Iterator[Packet]:
    for part in parts:
        with av.open(str(part)) as film:
            stream = film.streams.video[0]
            if stream.codec_context.extradata != head:
                raise FileError(f"{part}: is encoded in another way than the parts before it")
            for packet in film.demux(stream):
                if packet.size:
                    yield packet


def join_folders(
    plan: FilmPlan, parts: Sequence[Path], chapters: Sequence[Chapter], path: Path
) -> None:
    """The pictures of all folders in one, numbered through."""
    pictures = (picture for part in parts for picture in sorted(part.iterdir()))
    for number, picture in enumerate(pictures, start=1):
        _link(picture, path / f"frame-{number:06d}.png")


def _link(source: Path, target: Path) -> None:
    """The same file under another name; a copy on disks that know one name a file."""
    try:
        os.link(source, target)
    except OSError:
        copyfile(source, target)
