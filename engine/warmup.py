"""What to compile before the first run, one kernel at a time, so that a progress bar can count."""

from __future__ import annotations

from collections.abc import Callable

from . import heights, polyline, strokes, yuv
from .loop import compiled_descend
from .optimizers import optimizers
from .surfaces import surfaces


def kernels() -> list[tuple[str, Callable[[], object]]]:
    """Every kernel: a name to show, and the call that compiles it."""
    jobs: list[tuple[str, Callable[[], object]]] = [("descent loop", compiled_descend)]
    jobs += [(entry.title, entry.kernel.compiled) for entry in optimizers.values()]
    jobs += [(entry.title, entry.kernel.compiled) for entry in surfaces.values()]
    jobs += [("contour map", heights.warm), ("lines", strokes.warm), ("thinning", polyline.warm),
             ("film colours", yuv.warm)]
    return jobs
