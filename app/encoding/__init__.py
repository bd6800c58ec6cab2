"""Counted frames become files: MP4, WebM, GIF, or a folder of PNG pictures.

    with open_film("race.mp4", size=(1920, 1080), fps=60, title="A race") as film:
        for frame in frames:              # (1080, 1920, 4) uint8: blue, green, red, unused
            film.write(frame)

The encoder is a guarded guest: it works in a thread of its own behind a short queue, its first
error is raised in the writer's thread, and a file gets its final name only when it is whole.
Another format is one more file in `formats/`.
"""

from .film import Film, open_film
from .format import FilmFormat, film_format, film_formats

__all__ = ["Film", "FilmFormat", "film_format", "film_formats", "open_film"]
