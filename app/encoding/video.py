"""Video files through PyAV: one stream of pictures, tagged as what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, cast

import av
import numpy as np
from av.codec.codec import UnknownCodecError
from numpy.typing import NDArray

from engine import yuv, yuv_deep
from engine.errors import MissingLibrary

from .format import FilmPlan, Frame

Convert = Callable[..., None]

# Rec. ITU-T H.273: 1 is BT.709 for primaries, transfer and matrix; FFmpeg's range 1 is the limited.
_BT709 = _LIMITED = 1

# x264 and libvpx give the same bytes only for the same number of threads, so it never depends on
# the machine. Two suffice: they encode 1080p at twice the speed at which frames are drawn.
_THREADS = 2

_SECONDS_BETWEEN_KEYFRAMES = 2


# What fills the planes of each layout, and the bytes that a pixel takes in it.
_LAYOUTS: Mapping[str, tuple[Convert, float]] = {
    "yuv420p": (yuv.convert, 1.5), "yuv422p10le": (yuv_deep.convert, 4.0),
    "yuva444p10le": (yuv_deep.convert, 8.0),
}


class _Slot(NamedTuple):
    """A frame in memory of FFmpeg's, and its planes as arrays (rows, numbers a row)."""

    frame: av.VideoFrame
    planes: tuple[NDArray[Any], ...]


class VideoEncoder:
    """One video stream in one file; frames become YUV of a `layout` in the writer's thread.

    Converting takes 1.2 ms at 1080p where copying takes 0.8, so the writer gets its buffer back at
    once and the queue holds three eighths of the bytes.
    """

    def __init__(
        self, plan: FilmPlan, path: Path, *, container: str, codec: str,
        options: Mapping[str, str], layout: str = "yuv420p",
        container_options: Mapping[str, str] | None = None,
    ) -> None:
        if layout == "yuv420p":
            yuv.warm()
        else:
            yuv_deep.warm(alpha=layout.startswith("yuva"))
        self._size, self._layout = plan.size, layout
        self._convert, per_pixel = _LAYOUTS[layout]
        self._tick = Fraction(1, plan.fps)
        self.slot_bytes = int(plan.size[0] * plan.size[1] * per_pixel)
        # bitexact: no date, no random identifier, no version of the library.
        with_defaults = {"fflags": "+bitexact", **(container_options or {})}
        self._container = av.open(
            str(path), "w", format=container, container_options=with_defaults
        )
        try:
            stream = self._container.add_stream(codec, rate=plan.fps, options=dict(options))
        except UnknownCodecError as error:
            self._container.close()
            raise MissingLibrary(
                f"this PyAV has no {codec} encoder; its official wheels have: "
                "pip install --force-reinstall --only-binary :all: av"
            ) from error
        self._stream = cast(av.VideoStream, stream)
        self._stream.width, self._stream.height = plan.size
        self._stream.pix_fmt = layout
        context = self._stream.codec_context
        context.time_base = self._tick
        context.gop_size = _SECONDS_BETWEEN_KEYFRAMES * plan.fps
        context.thread_count = _THREADS
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        if plan.title:
            self._container.metadata["title"] = plan.title

    def slot(self) -> _Slot:
        frame = av.VideoFrame(*self._size, self._layout)
        frame.colorspace, frame.color_range = _BT709, _LIMITED
        frame.color_primaries = frame.color_trc = _BT709
        frame.time_base = self._tick
        depth = np.dtype(np.uint8 if self._layout == "yuv420p" else "<u2")
        planes = tuple(
            np.frombuffer(memoryview(plane), depth).reshape(
                plane.height, plane.line_size // depth.itemsize)
            for plane in frame.planes
        )
        return _Slot(frame, planes)

    def take(self, frame: Frame, slot: _Slot) -> None:
        self._convert(frame, *slot.planes)

    def encode(self, slot: _Slot, index: int) -> None:
        # Every codec here copies the picture in the call, so the slot can be filled again after it.
        slot.frame.pts, slot.frame.time_base = index, self._tick
        self._container.mux(self._stream.encode(slot.frame))

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def abandon(self) -> None:
        self._container.close()
