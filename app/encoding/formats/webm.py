"""WebM with VP9 or AV1: free of patents, for the web."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from engine.errors import FileError

from ..format import Chapter, Codec, Encoder, FilmFormat, FilmPlan

# Measured as for MP4, with two threads and crf 20: cpu-used 6 takes 16 ms of CPU a frame, 7 10.0
# and 8 7.6, for 218, 228 and 260 KB a second; luma PSNR is 54 for each. `screen` saves 7 % of the
# bytes on drawn pictures. Tiles let two threads work side by side: 185 frames/s against 147.
_VP9 = {
    "deadline": "realtime", "cpu-used": "8", "crf": "20", "b": "0", "lag-in-frames": "0",
    "row-mt": "1", "tile-columns": "2", "tune-content": "screen",
}


# SVT-AV1 3, measured on two threads: preset 10 takes 16 ms of CPU a frame at 1080p, and a third of
# VP9's bytes. `lp` is its number of threads, and must be given for the same bytes everywhere.
_AV1 = {"preset": "10", "crf": "28", "svtav1-params": "lp=2"}
_SMALLEST_AV1 = 64


def start(plan: FilmPlan, path: Path) -> Encoder:
    from ..video import VideoEncoder

    if plan.codec == "av1":
        if min(plan.size) < _SMALLEST_AV1:
            raise FileError(f"AV1 begins at {_SMALLEST_AV1} pixels a side, "
                            f"not {plan.size[0]}x{plan.size[1]}")
        # SVT-AV1 writes a page about itself to standard error unless told here to name errors only.
        os.environ.setdefault("SVT_LOG", "1")
        return VideoEncoder(plan, path, container="webm", codec="libsvtav1", options=_AV1)
    return VideoEncoder(plan, path, container="webm", codec="libvpx-vp9", options=_VP9)


def join(plan: FilmPlan, parts: Sequence[Path], chapters: Sequence[Chapter], path: Path) -> None:
    from ..joining import join_videos

    join_videos(plan, parts, chapters, path, container="webm")


webm = FilmFormat(
    name="webm",
    title="WebM",
    suffix=".webm",
    doc="VP9 or AV1 video, free of patents: plays in browsers.",
    start=start,
    join=join,
    even=True,
    codecs=(Codec("vp9", "VP9", "plays in every browser"),
            Codec("av1", "AV1", "smaller files, for newer players")),
)
