"""Counted frames become files: MP4, WebM, MOV, GIF, or a folder of PNG pictures.

    with open_film("race.mp4", size=(1920, 1080), fps=60, title="A race") as film:
        for frame in frames:              # (1080, 1920, 4) uint8: blue, green, red, unused
            film.write(frame)

The encoder is a guarded guest: it works in a thread of its own behind a short queue, its first
error is raised in the writer's thread, and a file gets its final name only when it is whole.
Films made of the same choices can be joined into one without encoding anything again. Another
format is one more file in `formats/`.
"""

from .film import Film, join_film, open_film, refuse_place
from .format import Chapter, Codec, FilmFormat, film_format, film_formats

__all__ = ["Chapter", "Codec", "Film", "FilmFormat", "film_format", "film_formats", "join_film",
           "open_film", "refuse_place"]
