"""The speed table, against other libraries on the same machine in the same run.

    python -m tests.benchmarks             all of it, in three to six minutes
    python -m tests.benchmarks lab film    those of these names, or whose names begin so
    python -m tests.benchmarks --names     what there is

Every benchmark runs in a process of its own: what one imports cannot slow another's. The exit
status says whether all could be run, not whether their goals were met: the table says that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from engine.errors import UnknownName

from .benchmark import Benchmark, Figure, Row, Span, benchmarks, row
from .report import print_table, write_json

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "build" / "bench.json"
LONGEST = 240
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def chosen(names: Sequence[str]) -> list[Benchmark]:
    """The benchmarks that are named so, or whose names begin so; raises UnknownName."""
    for name in names:
        if not any(_fits(entry, name) for entry in benchmarks):
            raise UnknownName("benchmark", name, list(benchmarks))
    return [entry for entry in benchmarks.values()
            if not names or any(_fits(entry.name, name) for name in names)]


def _fits(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(f"{wanted}-")


def measured_apart(benchmark: Benchmark) -> list[Row]:
    """The rows of a benchmark, from a process of its own; raises RuntimeError if it fails."""
    environment = {**os.environ, **ONE_THREAD}
    if sys.platform.startswith("linux"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    try:
        process = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks", "--measure", benchmark.name],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"took longer than {LONGEST} s") from None
    if process.returncode != 0:
        raise RuntimeError(process.stderr.strip() or f"exit status {process.returncode}")
    figures = [_figure(entry) for entry in json.loads(process.stdout.splitlines()[-1])]
    return [row(benchmark, quantity, figure)
            for quantity, figure in zip(benchmark.quantities, figures, strict=True)]


def _figure(entry: dict) -> Figure:
    theirs = Span(**entry["theirs"]) if entry["theirs"] else None
    return Figure(Span(**entry["ours"]), theirs, entry["note"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks, print the table, write the file; 0, 1 if one failed, 2 if unknown."""
    parser = ArgumentParser(prog="python -m tests.benchmarks", description=__doc__,
                            formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--names", action="store_true", dest="listing", help="print the names")
    parser.add_argument("--measure", metavar="NAME",
                        help="measure one here and print its figures as JSON")
    options = parser.parse_args(arguments)
    if options.measure:
        figures = benchmarks[options.measure].measure()
        sys.stdout.write(json.dumps([asdict(figure) for figure in figures]) + "\n")
        sys.stdout.flush()
        # How half a dozen libraries take leave of one another is not what is measured.
        os._exit(0)
    if options.listing:
        sys.stdout.write("\n".join(benchmarks) + "\n")
        return 0
    try:
        selection = chosen(options.names)
    except UnknownName as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return run(selection)


def run(selection: Sequence[Benchmark]) -> int:
    """Measure one after another and report; the exit status."""
    rows: list[Row] = []
    failed = 0
    progress = Console(stderr=True)
    for number, benchmark in enumerate(selection, start=1):
        progress.print(f"measuring {benchmark.name} ({number} of {len(selection)})",
                       highlight=False)
        try:
            rows += measured_apart(benchmark)
        except RuntimeError as error:
            failed += 1
            progress.print(f"{benchmark.name} failed: {error}", style="red", markup=False)
    console = Console(width=None if sys.stdout.isatty() else 160)
    print_table(rows, console)
    write_json(rows, RESULT)
    console.print(f"written to {RESULT.relative_to(ROOT)}", highlight=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
