"""A folder of numbered PNG pictures, for editing and for other encoders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..format import Chapter, Encoder, FilmFormat, FilmPlan


def start(plan: FilmPlan, path: Path) -> Encoder:
    from ..pictures import PictureEncoder

    return PictureEncoder(plan, path)


def join(plan: FilmPlan, parts: Sequence[Path], chapters: Sequence[Chapter], path: Path) -> None:
    from ..joining import join_folders

    join_folders(plan, parts, chapters, path)


frames = FilmFormat(
    name="frames",
    title="PNG frames",
    suffix="",
    doc="A folder of pictures without loss: frame-000001.png and so on.",
    start=start,
    join=join,
    transparency=True,
)
