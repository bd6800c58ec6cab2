"""MP4 with H.264: plays everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..format import Chapter, Codec, Encoder, FilmFormat, FilmPlan

# Measured with x264 165 at 1920x1080 on two cores of a small server, on a contour plot with seven
# growing trails, seven loss curves and text, crf 18, colours converted beforehand:
#
#     preset             frames/s, 1 and 2 threads   CPU ms a frame   KB a second   luma PSNR
#     ultrafast               184   316                    4.7            525          55.3
#     superfast               119   149                    8.4            289          54.1
#     veryfast                 82   125                   10.3            153          50.0
#     veryfast, bf 0          104   136                    9.7            165          50.2
#     medium                   40    60                   23.1            185          53.3
#
# Two cores have 33 ms for a frame of 60 a second, and drawing it takes 8 to 16 of them on one.
# veryfast leaves that time and makes the smallest file; its B-frames would save 8 % of the bytes
# for 6 % more CPU. Whole films then, converting and queueing included: 131 to 141 frames/s with
# nothing to draw, 80 to 87 with 8 ms of drawing a frame, 53 to 67 with 12 ms.
#
# mbtree, which shares bits out by what later pictures take over, is off: where a picture is not a
# multiple of some macroblocks wide, x264 165 has it look up numbers that nobody wrote (valgrind
# shows where), so that a film's bytes depended on what had been in memory. It is no loss, since
# little moves here: three seconds of a lesson at 1080p60 took, film and all, 4.1 s of CPU with it,
# 238 KB and 49.0 dB at crf 18; without it 2.2 s, 278 KB and 50.3 dB at crf 21.
_OPTIONS = {"preset": "veryfast", "crf": "21", "bf": "0", "mbtree": "0"}
# So that a browser starts playing at once.
_INDEX_FIRST = {"movflags": "+faststart"}


def start(plan: FilmPlan, path: Path) -> Encoder:
    from ..video import VideoEncoder

    return VideoEncoder(plan, path, container="mp4", codec="libx264", options=_OPTIONS,
                        container_options=_INDEX_FIRST)


def join(plan: FilmPlan, parts: Sequence[Path], chapters: Sequence[Chapter], path: Path) -> None:
    from ..joining import join_videos

    join_videos(plan, parts, chapters, path, container="mp4", container_options=_INDEX_FIRST)


mp4 = FilmFormat(
    name="mp4",
    title="MP4",
    suffix=".mp4",
    doc="H.264 video: plays in every player, browser and slide program.",
    start=start,
    join=join,
    even=True,
    codecs=(Codec("h264", "H.264", "plays everywhere"),),
)
