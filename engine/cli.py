"""The headless commands `run` and `list`, and how every command ends.

    python -m engine run FILE -o OUT.npz [--json]
    python -m engine list [KIND] [--json]

Exit status: 0 done, 1 the work failed, 2 wrong usage or a refused file. Nothing heavy is imported
until a command needs it, so that `--help` and `list` answer at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isfinite, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ExperimentError, FormulaError, TrainscopeError, UnknownName

if TYPE_CHECKING:
    from .experiment import Experiment
    from .lesson import Lesson

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


class Refused(TrainscopeError):
    """A file or an argument that cannot be used as it is."""


def ending(work: Callable[[], int]) -> int:
    """Do `work` and return its exit status; what goes wrong becomes a line on standard error.

    TRAINSCOPE_TRACEBACK=1 in the environment raises errors instead, for whoever looks for a bug.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A pipe on Windows may know no Greek letter; that must not be the end.
            stream.reconfigure(errors="backslashreplace")
    try:
        status = work()
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if os.environ.get("TRAINSCOPE_TRACEBACK"):
            raise
        return _failure(error)


class Stop:
    """Whether the user has asked for an end; `check` raises KeyboardInterrupt then."""

    asked = False

    def check(self) -> None:
        """Come here between two pieces of work, where half files can be removed."""
        if self.asked:
            raise KeyboardInterrupt


@contextmanager
def killable() -> Iterator[Stop]:
    """Within this block Ctrl-C, SIGTERM and a closed terminal only ask for an end.

    An exception out of a signal may hit Qt while it paints or Numba while it unpacks arguments,
    which lose it or make another one of it. Asking a second time does raise.
    """
    stop = Stop()

    def ask(*_: object) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.asked = True

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), ask) for name in names}
    try:
        yield stop
        stop.check()
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _failure(error: Exception) -> int:
    if isinstance(error, TrainscopeError):
        _complain(str(error))
        refused = isinstance(error, (Refused, ExperimentError, FormulaError, UnknownName))
        return REFUSED if refused else FAILED
    if isinstance(error, OSError) and error.strerror:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
        return FAILED
    what = " ".join(f"{type(error).__name__}: {error}".split())
    _complain(f"unexpected {what}; set TRAINSCOPE_TRACEBACK=1 for details")
    return FAILED


def _complain(text: str) -> None:
    sys.stderr.write(f"trainscope: {text}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m engine`: returns the exit status."""
    parser = ArgumentParser(
        prog="python -m engine", description="Trainscope's engine: experiments without a window."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    add_run(commands)
    add_list(commands)
    args = parser.parse_args(argv)
    return ending(lambda: args.command(args))


def add_run(commands: Any) -> None:
    """Add `run` to an argument parser's subparsers."""
    parser = commands.add_parser("run", help="run an experiment or lesson without a window")
    parser.add_argument("file", metavar="FILE", help="an experiment, a lesson, or a lesson's name")
    parser.add_argument("-o", "--out", metavar="OUT.npz", help="where to write the run's record")
    parser.add_argument("--json", action="store_true", help="print the summary for programs")
    parser.set_defaults(command=run)


def add_list(commands: Any) -> ArgumentParser:
    """Add `list` to an argument parser's subparsers."""
    parser = commands.add_parser("list", help="print what can be named in an experiment")
    parser.add_argument("kind", metavar="KIND", nargs="?", help="optimizers, surfaces, …")
    parser.add_argument("--json", action="store_true", help="print everything, for programs")
    parser.set_defaults(command=list_)
    return parser


def find(name: str) -> Path:
    """The file that `name` means: a path, or the name of a bundled lesson.

    Raises Refused where there is neither.
    """
    from .listing import lesson_files

    path, lessons = Path(name), lesson_files()
    try:
        if path.is_file() or (path.exists() and name not in lessons):
            return path
    except OSError as error:
        raise Refused(f"{name}: cannot be read: {error.strerror}") from error
    if name in lessons:
        return lessons[name]
    if path.suffix or len(path.parts) > 1:
        raise Refused(f"{name}: no such file")
    raise Refused(str(UnknownName("file or lesson", name, list(lessons))))


def read(name: str) -> Experiment | Lesson:
    """Read the file or bundled lesson that `name` means; raises Refused."""
    from .lesson import open_file

    path = find(name)
    try:
        return open_file(path)
    except TrainscopeError as error:
        raise Refused(str(error)) from error


def run(args: Namespace) -> int:
    """Run an experiment, write its record, and print what became of each contestant."""
    if args.out is not None and Path(args.out).suffix != ".npz":
        raise Refused(f"-o: a record's name ends in .npz, not {args.out!r}")
    from .experiment import Experiment
    from .run import Run

    source = read(args.file)
    experiment = source if isinstance(source, Experiment) else source.experiment
    try:
        race = Run(experiment)
    except ExperimentError as error:
        raise ExperimentError(error.mistakes, args.file) from error
    except TrainscopeError as error:
        # A data file that cannot be used is a refused file, as the experiment's own would be.
        raise Refused(str(error)) from error
    with killable() as stop:
        _finish(race, stop)
        if args.out is not None:
            race.save(args.out, between=stop.check)
    if args.json:
        _write_json({
            "title": experiment.title,
            "seed": experiment.seed,
            "steps": experiment.steps,
            "record": args.out,
            "contestants": race.summary(),
        })
    else:
        _write_table(race.summary())
    return DONE


def _finish(race: Any, stop: Stop) -> None:
    """Compute the whole run, with a bar on standard error where a person is looking."""
    if not sys.stderr.isatty():
        race.finish(progress=lambda step, steps: stop.check())
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("steps", total=race.experiment.steps)

        def progress(step: int, steps: int) -> None:
            stop.check()
            bar.update(task, completed=step)

        race.finish(progress=progress)


def _share(value: float) -> str:
    """An accuracy in per cent; a dash for a regression, which has none."""
    return "–" if isnan(value) else f"{100 * value:.1f} %"


# What a summary's table has after names and steps, by the kind of problem.
COLUMNS: Mapping[str, Mapping[str, Callable[[Any], str]]] = {
    "surface": {
        "loss": lambda row: f"{row['loss']:.6g}",
        "x": lambda row: f"{row['point'][0]:.6g}",
        "y": lambda row: f"{row['point'][1]:.6g}",
    },
    "network": {
        "parameters": lambda row: f"{row['parameters']:,}",
        "train loss": lambda row: f"{row['loss']:.6g}",
        "test loss": lambda row: f"{row['test_loss']:.6g}",
        "train": lambda row: _share(row["accuracy"]),
        "test": lambda row: _share(row["test_accuracy"]),
    },
}


def _write_table(summary: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 120)
    columns = COLUMNS["surface" if "point" in summary[0] else "network"]
    table = Table("contestant", "optimizer", box=None, pad_edge=False, header_style="bold")
    for heading in ("steps", *columns):
        table.add_column(heading, justify="right")
    for row in summary:
        numbers = (written(row) for written in columns.values())
        # As Text: a name in brackets is no markup.
        table.add_row(Text(row["name"]), row["optimizer"], f"{row['steps']:,}", *numbers)
    with console.capture() as text:
        console.print(table, highlight=False)
    # Not console.print straight away: rich answers a closed pipe by ending the program itself.
    sys.stdout.write(text.get())
    sys.stdout.writelines(f"{row['explanation']}\n" for row in summary if row["explanation"])


def _write_json(value: object) -> None:
    sys.stdout.write(json.dumps(_plain(value), indent=2, allow_nan=False))
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    """`value` with what JSON cannot write (NaN, infinity) as null."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def list_(args: Namespace) -> int:
    """Print what the registries hold."""
    from .listing import catalogue

    return print_rows(catalogue(args.kind), as_json=args.json)


def print_rows(entries: Mapping[str, list[dict[str, Any]]], *, as_json: bool) -> int:
    """Print rows by kind, for reading or for programs."""
    from .listing import as_text

    if as_json:
        _write_json(entries)
    else:
        sys.stdout.write(as_text(entries, _text_width()))
    return DONE


def _text_width() -> int | None:
    """The terminal's width, or None for a pipe, where each sentence keeps one line."""
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None
