"""Compiling every kernel once, with a bar to watch, so that nothing compiles while one explores.

    python -m app.warmup                all of them
    python -m app.warmup networks       those of networks, or of pictures
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from platform import machine, python_version
from threading import Thread

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.cli import ending
from engine.kernels import cache_folder

KINDS = ("pictures", "networks")


def _mark(what: str) -> Path:
    """The file that says 'all compiled' for these sources, this compiler and this machine."""
    sources = cache_folder()
    kept = Path(os.environ.get("NUMBA_CACHE_DIR", sources))
    return kept / f"warm-{what}-{sources.name}-{version('numba')}-{python_version()}-{machine()}"


def is_warm(what: str = "pictures") -> bool:
    """Whether those kernels were all compiled before; takes about a millisecond."""
    return _mark(what).exists()


def warm(what: str = "pictures") -> None:
    """Compile the kernels for "pictures" or "networks"; does nothing where that was done before."""
    if is_warm(what):
        return
    console = Console(stderr=True)
    from engine import warmup

    jobs = {"pictures": warmup.kernels, "networks": warmup.network_kernels}[what]()
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
        bar.update(task, description=f"kernels for {what}, kept for the next start")
    mark_warm(what)


def warm_in_background() -> None:
    """Compile what networks need on a thread of its own, one kernel after another.

    A kernel that somebody needs meanwhile is compiled at once, for the threads take turns. The
    thread ends with the process.
    """
    if is_warm("networks"):
        return

    def work() -> None:
        from engine.warmup import network_kernels

        for _, compile_kernel in network_kernels():
            compile_kernel()
        mark_warm("networks")

    Thread(target=work, name="trainscope-warmup", daemon=True).start()


def mark_warm(what: str = "pictures") -> None:
    """Note that those kernels are compiled, if the cache can be written to.

    One that cannot is the doctor's matter; the kernels are in memory.
    """
    with suppress(OSError):
        _mark(what).parent.mkdir(parents=True, exist_ok=True)
        _mark(what).touch()


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m app.warmup`: returns the exit status."""
    parser = ArgumentParser(prog="python -m app.warmup", description="Compile every kernel once.")
    parser.add_argument("what", nargs="?", choices=KINDS, help="only those of these two")
    asked = parser.parse_args(arguments).what

    def work() -> int:
        for what in (asked,) if asked else KINDS:
            warm(what)
        return 0

    return ending(work)


if __name__ == "__main__":
    sys.exit(main())
