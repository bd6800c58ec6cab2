"""GIF: 256 colours, endless, shown even where videos are not."""

from __future__ import annotations

from pathlib import Path

from ..format import Encoder, FilmFormat, FilmPlan


def start(plan: FilmPlan, path: Path) -> Encoder:
    from ..palette import GifEncoder

    return GifEncoder(plan, path)


gif = FilmFormat(
    name="gif",
    title="GIF",
    suffix=".gif",
    doc="A picture that moves, with 256 colours and without end, for pages and mails.",
    start=start,
    # A delay is a whole number of hundredths of a second, and browsers slow down a delay of one.
    rates=(50, 25, 20, 10),
)
