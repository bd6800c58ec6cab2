"""From a command to its answer, each time in a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..timing import seconds

ROOT = Path(__file__).parents[3]
LONGEST = 120
REPEATS, LATER_STARTS = 11, 7


@dataclass(frozen=True)
class Took:
    """Seconds of one command: on the clock, and on the processor in all its threads."""

    clock: float
    processor: float


def run_command(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Took:
    """Run `trainscope` with these arguments; raises CalledProcessError unless it succeeds."""

    def run() -> None:
        subprocess.run(
            [sys.executable, "-m", "app", *arguments], cwd=ROOT, check=True, timeout=LONGEST,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )

    before = os.times()
    clock = seconds(run)
    after = os.times()
    return Took(clock, after.children_user + after.children_system
                - before.children_user - before.children_system)


def figure(took: Sequence[Took], note: str = "") -> Figure:
    """The median of several runs."""
    work = median(one.processor for one in took)
    return Figure(Span.of([one.clock for one in took]),
                  note=f"{work:.2f} s on the processor{note}")


def measure_window() -> Sequence[Figure]:
    """A first start, which compiles everything, and later ones, from an empty profile each."""
    with TemporaryDirectory() as folder:
        profile = {
            "TRAINSCOPE_FIRST_FRAME": "1",
            "NUMBA_CACHE_DIR": f"{folder}/kernels",
            **{f"XDG_{kind}_HOME": f"{folder}/{kind}" for kind in ("CONFIG", "STATE")},
        }
        if sys.platform.startswith("linux"):
            profile["QT_QPA_PLATFORM"] = "offscreen"
        first = run_command([], profile)
        later = [run_command([], profile) for _ in range(LATER_STARTS)]
    return [figure([first], "; no kernel compiled before, and the end of the process included"),
            figure(later, "; the end of the process included")]


def measure_commands() -> Sequence[Figure]:
    figures = []
    for arguments in (["list"], ["--help"]):
        run_command(arguments)
        figures.append(figure([run_command(arguments) for _ in range(REPEATS)]))
    return figures


start_command = Benchmark("start-command", (
    Quantity("trainscope list", "s", Goal(at_most=0.5)),
    Quantity("trainscope --help", "s", Goal(at_most=0.5)),
), measure_commands)

start_window = Benchmark("start-window", (
    Quantity("Very first start to first frame", "s", Goal(at_most=15)),
    Quantity("Start with warm kernels", "s", Goal(at_most=2)),
), measure_window)
