"""MOV with ProRes: every frame on its own and hardly compressed, for video editors and slides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..format import Chapter, Codec, Encoder, FilmFormat, FilmPlan

# FFmpeg's `prores` takes 16 ms of CPU a frame at 1080p, 25 with 4444; `prores_ks` takes 108 and
# 182 for 10 to 30 % fewer bytes.
_HQ, _4444 = {"profile": "3"}, {"profile": "4"}


def start(plan: FilmPlan, path: Path) -> Encoder:
    from ..video import VideoEncoder

    if plan.transparent:
        return VideoEncoder(plan, path, container="mov", codec="prores", options=_4444,
                            layout="yuva444p10le")
    return VideoEncoder(plan, path, container="mov", codec="prores", options=_HQ,
                        layout="yuv422p10le")


def join(plan: FilmPlan, parts: Sequence[Path], chapters: Sequence[Chapter], path: Path) -> None:
    from ..joining import join_videos

    join_videos(plan, parts, chapters, path, container="mov")


mov = FilmFormat(
    name="mov",
    title="MOV",
    suffix=".mov",
    doc="ProRes, hardly compressed: for video editors, or transparent on slides.",
    start=start,
    join=join,
    even=True,
    codecs=(Codec("prores", "ProRes", "for video editors"),),
    transparency=True,
)
