"""A folder of numbered PNG pictures, for editing and for other encoders."""

from __future__ import annotations

from pathlib import Path

from ..format import Encoder, FilmFormat, FilmPlan


def start(plan: FilmPlan, path: Path) -> Encoder:
    from ..pictures import PictureEncoder

    return PictureEncoder(plan, path)


frames = FilmFormat(
    name="frames",
    title="PNG frames",
    suffix="",
    doc="A folder of pictures without loss: frame-000001.png and so on.",
    start=start,
)
