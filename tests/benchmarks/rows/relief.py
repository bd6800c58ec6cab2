"""A surface of 200×200 cells with seven trails, seen by a camera that goes round it."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time

import numpy as np

from engine.run import Run
from engine.surfaces import surfaces

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..races import SURFACE, race
from ..timing import absent, peer, seconds

STEPS, FRAMES, PASSES, THEIR_FRAMES = 5000, 90, 3, 3
SIZE = (1920, 1080)
CELLS = 200


def measure() -> Sequence[Figure]:
    from engine.relief import (
        BoxPaint,
        Camera,
        Canvas,
        Paint,
        Trail,
        TrailLook,
        box_picture,
        draw_relief,
        surface_relief,
    )

    surface = surfaces[SURFACE]
    relief = surface_relief(surface, *surface.domain, points=CELLS + 1)
    run = Run(race(STEPS)).finish()
    lines = [relief.drape(trail.path) for trail in run.snapshot().trails]
    trails = [Trail(line, line.along, (200.0, 80.0, 30.0)) for line in lines]
    white, grey, blue = np.full(3, 253.0), np.full(3, 150.0), np.array([185.0, 204.0, 230.0])
    paint = Paint(blue, white, grey)
    around = BoxPaint(*[(250.0, 250.0, 250.0)] * 5)
    look = TrailLook((253.0, 253.0, 252.0), (20.0, 20.0, 20.0))
    canvas = Canvas(SIZE)

    def frame(azimuth: float) -> None:
        projection = Camera(azimuth).onto(*SIZE, relief.radius, (20, 20, 20))
        ticks = [np.linspace(*side, 5) for side in surface.domain]
        box = box_picture(relief, projection, *ticks, [1.0, 10.0, 100.0])
        shown = draw_relief(relief, projection, box, SIZE, paint, around,
                            canvas=canvas)
        shown.with_trails(trails, STEPS, look)

    frame(0)
    began = process_time()
    passes = [[1e3 * seconds(lambda k=k: frame(4.0 * k)) for k in range(FRAMES)]
              for _ in range(PASSES)]
    work = 1e3 * (process_time() - began) / (FRAMES * PASSES)
    times = np.array(passes)
    note = f"{CELLS}×{CELLS} cells, 7 trails of {STEPS:,} steps, {work:.1f} ms of processor time"
    theirs = None
    if peer("matplotlib"):
        from ..matplotlib_relief import Scene

        raised = [np.column_stack([relief.found(line.points[:, :2]), line.points[:, 2]])
                  for line in lines]
        scene = Scene(relief.z, surface.domain, raised, SIZE)
        scene.draw(0)
        theirs = Span.of([1e3 * seconds(lambda k=k: scene.draw(4.0 * k))
                          for k in range(1, THEIR_FRAMES + 1)])
    else:
        note += f"; {absent('matplotlib')}"
    return [
        Figure(Span(*(float(np.percentile(times, share)), *np.sort(
            np.percentile(times, share, axis=1))[[0, -1]].tolist())), theirs if share == 50 else
            None, note) for share in (50, 99)]


relief = Benchmark("relief", (
    Quantity("Surface in 3-D at 1080p, camera going round, median", "ms",
             Goal(at_most=33, times_theirs=10), "matplotlib"),
    Quantity("Surface in 3-D at 1080p, camera going round, 99 %", "ms", Goal(at_most=33)),
), measure)
