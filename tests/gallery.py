"""README's gallery, drawn anew from the bundled lessons: `make gallery`, or for some of them

    python -m tests.gallery NAME ...

A still of every lesson at its best moment, and short GIFs of a few, go to `assets/pictures/gallery`
and the table of all of them between two marks of README.md. What is drawn follows from the lessons
alone, so that the same command gives the same bytes. Look at the pictures before storing them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtGui import QImageWriter

from app.film import Projector, look_of
from app.lessons import bundled_lessons
from app.recording import record_film
from app.window_start import make_application
from engine.lesson import Lesson

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURES = ROOT / "assets" / "pictures" / "gallery"
BEGIN, END = "<!-- gallery: written by make gallery -->", "<!-- end of the gallery -->"

SIZE = 800, 450
ACROSS = 3

BEST: Mapping[str, tuple[int, float]] = {
    "optimizer-race": (6, 0.6),
    "gradient-descent": (4, 0.9),
    "learning-rate": (4, 0.9),
    "momentum": (2, 0.8),
    "long-valley": (3, 0.6),
    "saddle": (3, 0.6),
    "where-starts-end": (5, 0.9),
    "plateau": (3, 0.3),
    "activation-functions": (2, 0.9),
    "vanishing-gradients": (3, 0.9),
    "zero-centred": (2, 0.9),
    "dead-relu": (3, 0.9),
    "symmetry": (3, 0.9),
    "init-in-depth": (3, 0.9),
    "equal-variance": (4, 0.9),
    "preprocessing": (4, 0.9),
    "batch-norm": (2, 0.9),
    "batch-norm-or-not": (2, 0.9),
    "covariate-shift": (5, 0.9),
    "dropout": (4, 0.9),
    "overfitting": (3, 0.9),
    "classifying-live": (3, 0.9),
    "space-warp": (3, 0.55),
    "backpropagation": (4, 0.8),
    "mini-batches": (4, 0.9),
    "weight-norms": (3, 0.9),
    "every-start": (7, 0.9),
    "loss-landscape": (2, 0.9),
    "rough-landscapes": (3, 0.9),
    "sharp-and-flat": (3, 0.99),
    "momentum-on-a-network": (3, 0.9),
}
"""The beat, counted from 1, and the share of it that has passed; of others see `moment`."""

FILMS: Mapping[str, tuple[int, int]] = {
    "optimizer-race": (2, 640),
    "classifying-live": (3, 640),
    "space-warp": (4, 640),
    "backpropagation": (4, 640),
    "momentum": (2, 640),
}
"""The beat that moves as a GIF, and the width that its picture has at most."""
MOST_MB = 2.0


def moment(name: str, lesson: Lesson) -> float:
    """When a lesson's still is taken; without an entry as the last beat before your turn ends."""
    last = max(place for place, beat in enumerate(lesson.beats, 1) if not beat.your_turn)
    beat, share = BEST.get(name, (last, 0.99))
    start, end = lesson.starts[beat - 1 : beat + 1]
    return float(start) + float(end - start) * share


def draw_still(name: str, lesson: Lesson) -> Path:
    """The still of a lesson, as small a file as PNG makes it."""
    path = PICTURES / f"{name}.png"
    projector = Projector(lesson, SIZE, "light", look_of(lesson))
    try:
        image = projector.image(moment(name, lesson))
    finally:
        projector.close()
    writer = QImageWriter(str(path), b"png")
    # Of a PNG 'quality' is how little it is compressed.
    writer.setQuality(0)
    if not writer.write(image):
        raise OSError(f"{path}: {writer.errorString()}")
    return path


def film(name: str, lesson: Lesson) -> Path:
    """The GIF of a lesson's beat that moves best."""
    beat, width = FILMS[name]
    return record_film(lesson, PICTURES / f"{name}.gif", beats=(beat, beat), fps=20,
                       size=(width, width * 9 // 16), max_mb=MOST_MB)


def table(lessons: Mapping[str, Lesson]) -> str:
    """README's table: a cell a lesson, with its picture, its title and its sentence."""
    cells = [_cell(name, lesson) for name, lesson in lessons.items()]
    rows = [cells[at : at + ACROSS] for at in range(0, len(cells), ACROSS)]
    lines = [line for row in rows for line in ("<tr>", *row, "</tr>")]
    return "\n".join([BEGIN, "<table>", *lines, "</table>", END])


def _cell(name: str, lesson: Lesson) -> str:
    folder = PICTURES.relative_to(ROOT).as_posix()
    shown = f"{folder}/{name}.{'gif' if name in FILMS else 'png'}"
    title, summary = escape(lesson.title), escape(lesson.summary, quote=False)
    return (f'<td width="{100 // ACROSS}%" valign="top"><a href="{folder}/{name}.png">'
            f'<img src="{shown}" alt="{title}"></a><br>'
            f"<b>{title}</b> (<code>{name}</code>)<br>{summary}</td>")


def with_table(text: str, lessons: Mapping[str, Lesson]) -> str:
    """README's text with the table between its two marks; raises ValueError without them."""
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (mark and end):
        raise ValueError(f"README.md must have the marks {BEGIN} and {END}")
    return before + table(lessons) + after


def draw(names: list[str], lessons: Mapping[str, Lesson]) -> Iterator[Path]:
    """Draw the pictures of some lessons, one at a time."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in names:
        yield draw_still(name, lessons[name])
        if name in FILMS:
            yield film(name, lessons[name])


def main() -> None:
    """Draw the pictures of the named lessons, or of all, and write the table."""
    application = make_application()
    lessons = bundled_lessons()
    for path in draw(sys.argv[1:] or list(lessons), lessons):
        sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.2f} MB\n")
        sys.stdout.flush()
    kept = {f"{name}.png" for name in lessons} | {f"{name}.gif" for name in FILMS}
    for path in PICTURES.iterdir():
        if path.name not in kept:
            path.unlink()
    README.write_text(with_table(README.read_text(encoding="utf-8"), lessons), encoding="utf-8")
    application.quit()


if __name__ == "__main__":
    main()
