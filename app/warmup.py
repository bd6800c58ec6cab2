"""Compiling every kernel once, with a bar to watch, so that nothing compiles while one explores.

    python -m app.warmup
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from platform import machine, python_version

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.cli import ending
from engine.kernels import cache_folder


def _mark() -> Path:
    """The file that says 'all compiled' for these sources, this compiler and this machine."""
    sources = cache_folder()
    kept = Path(os.environ.get("NUMBA_CACHE_DIR", sources))
    return kept / f"warm-{sources.name}-{version('numba')}-{python_version()}-{machine()}"


def is_warm() -> bool:
    """Whether every kernel was compiled before; takes about a millisecond."""
    return _mark().exists()


def warm(console: Console | None = None) -> None:
    """Compile every kernel, or read it from the cache; does nothing where that was done before."""
    if is_warm():
        return
    console = console or Console(stderr=True)
    from engine.warmup import kernels

    jobs = kernels()
    columns = (
        TextColumn("compiling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=len(jobs))
        for name, compile_kernel in jobs:
            bar.update(task, description=name)
            compile_kernel()
            bar.advance(task)
        bar.update(task, description="kernels, kept for the next start")
    mark_warm()


def mark_warm() -> None:
    """Note that every kernel is compiled, if the cache can be written to.

    One that cannot is the doctor's matter; the kernels are in memory.
    """
    with suppress(OSError):
        _mark().parent.mkdir(parents=True, exist_ok=True)
        _mark().touch()


def main() -> int:
    """`python -m app.warmup`: returns the exit status."""

    def work() -> int:
        warm()
        return 0

    return ending(work)


if __name__ == "__main__":
    sys.exit(main())
