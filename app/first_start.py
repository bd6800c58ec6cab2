"""What `make run` does: mend what is missing, compile, then open the window.

On a machine without a display the first lesson is filmed instead, so that the same command always
ends with something to look at.

    python -m app.first_start
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.cli import ending
from engine.listing import lesson_files

from . import cli, libraries, warmup

RECORDINGS = Path("recordings")


def start() -> int:
    """Open the window, or film the first lesson; returns the exit status."""
    libraries.install_missing()
    warmup.warm()
    if libraries.has_display():
        return cli.main([])
    lesson = next(iter(lesson_files()))
    film = RECORDINGS / f"{lesson}.mp4"
    sys.stderr.write(f"trainscope: no display here, so the lesson {lesson!r} is filmed instead\n")
    RECORDINGS.mkdir(exist_ok=True)
    # Half the default frame rate: on two cores the film is made about as fast as it plays.
    return cli.main(["film", lesson, "-o", os.fspath(film), "--fps", "30"])


if __name__ == "__main__":
    sys.exit(ending(start))
