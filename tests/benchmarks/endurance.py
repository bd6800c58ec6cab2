"""Training live for as long as a lecture lasts: memory stays flat, and no frame is late.

    python -m tests.benchmarks.endurance --minutes 60

Three networks train at full speed in a window of 1920×1080 that shows decision maps, curves and
histograms, in Qt's own event loop with the window's own timer. An experiment has an end; whoever
watches for an hour presses "new seed" there and plays on, and so does this.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np
from PyQt6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

from .cores import cores
from .lab import Lab, open_lab
from .live import live

# A beat of the event loop: what keeps one from coming keeps a frame from coming.
BEAT_MS = 8
# Steps of one run. Its memory is full long before, so that runs can be compared.
STEPS, STEPS_IN_BENCH = 2_000_000, 100_000
WARM_SECONDS = 3.0


@dataclass
class Endured:
    """What was seen: gaps between beats in ms, on the clock and without queueing for a core.

    `peaks` are the most memory that was in use during each run, in MB.
    """

    gaps: list[tuple[float, float]] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    steps: int = 0
    seconds: float = 0.0

    @property
    def growth(self) -> float:
        """The last complete run's memory by that of the second; NaN of fewer than three."""
        # Kernels, fonts and caches come with the first one.
        return self.peaks[-2] / self.peaks[1] if len(self.peaks) > 3 else float("nan")

    def said(self) -> str:
        """All of it in a few lines."""
        gaps = np.array(self.gaps)
        wall, own = (np.percentile(gaps[:, k], [50, 99, 99.9, 100]) for k in (0, 1))
        runs = ", ".join(f"{peak:,.0f}" for peak in self.peaks)
        return "\n".join((
            f"{self.seconds / 60:.1f} min, {self.steps:,} steps, {len(self.peaks)} runs",
            "gaps of the event loop: median {:.1f}, 99 % {:.1f}, 99.9 % {:.1f}, longest {:.1f} ms"
            .format(*wall),
            "without queueing for a core:   {:.1f}      {:.1f}        {:.1f}          {:.1f} ms"
            .format(*own),
            f"most memory in each run, MB: {runs}",
            f"memory of the last whole run by that of the second: {self.growth:.3f}",
        ))


def megabytes() -> float:
    """The memory that this process has now, in millions of bytes; NaN where nobody counts."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return float("nan")
    return pages * 4096 / 1e6


def endure(seconds: float, steps: int, tell: Callable[[str], None] = lambda _: None) -> Endured:
    """Train live for so long, in runs of `steps` steps."""
    with open_lab(live(1)) as lab:
        return _endured(lab, seconds, steps, tell)


def _endured(lab: Lab, seconds: float, steps: int, tell: Callable[[str], None]) -> Endured:
    window, found = lab.window, Endured()
    player = window.session.player
    loop, beat, end = QEventLoop(), QTimer(), QTimer()
    began = last = perf_counter()
    before = cores()

    def beaten() -> None:
        nonlocal last, before
        now, here = perf_counter(), cores()
        if now - began > WARM_SECONDS:
            gap = 1e3 * (now - last)
            found.gaps.append((gap, gap - 1e3 * here.since(before).queued))
        last, before = now, here
        found.peaks[-1] = max(found.peaks[-1], megabytes())

    def again() -> None:
        run = window.session.run
        found.steps += run.computed if run is not None else 0
        tell(f"{(perf_counter() - began) / 60:5.1f} min   {found.peaks[-1]:6.0f} MB   "
             f"longest {max(found.gaps, default=(0.0, 0.0))[0]:5.1f} ms")
        found.peaks.append(0.0)
        window.editor.new_seed()
        player.seek(0)
        player.play()

    found.peaks.append(0.0)
    lab.take(live(steps))
    player.set_speed(None)
    player.ended.connect(again)
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.timeout.connect(beaten)
    end.setSingleShot(True)
    end.timeout.connect(loop.quit)
    window.session._timer.start()
    player.play()
    beat.start(BEAT_MS)
    end.start(int(1e3 * seconds))
    loop.exec()
    beat.stop()
    window.session._timer.stop()
    player.ended.disconnect(again)
    found.steps += window.session.run.computed if window.session.run is not None else 0
    found.seconds = perf_counter() - began
    lab.take(live(1))
    lab.finish()
    QCoreApplication.processEvents()
    return found


def main() -> int:
    """Endure as long as is asked for, and tell; 1 where a promise is broken."""
    parser = ArgumentParser(prog="python -m tests.benchmarks.endurance", description=__doc__,
                            formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--steps", type=int, default=STEPS, help="of one run")
    options = parser.parse_args()
    found = endure(60 * options.minutes, options.steps, lambda line: print(line, flush=True))
    print(found.said())
    return int(max(gap for gap, _ in found.gaps) > 100 or found.growth > 1.05)


if __name__ == "__main__":
    sys.exit(main())
