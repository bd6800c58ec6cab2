"""GIF: 256 colours, endless, shown even where videos are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..format import Chapter, Encoder, FilmFormat, FilmPlan


def start(plan: FilmPlan, path: Path) -> Encoder:
    from ..palette import GifEncoder

    return GifEncoder(plan, path)


def join(plan: FilmPlan, parts: Sequence[Path], chapters: Sequence[Chapter], path: Path) -> None:
    from ..gif_blocks import join_gifs

    join_gifs(plan, parts, chapters, path)


gif = FilmFormat(
    name="gif",
    title="GIF",
    suffix=".gif",
    doc="A picture that moves without end, in 256 colours: for pages and mails.",
    start=start,
    join=join,
    # A delay is a whole number of hundredths of a second, and browsers slow down a delay of one.
    rates=(50, 25, 20, 10),
)
