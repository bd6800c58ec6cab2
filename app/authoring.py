"""The commands of whoever writes lessons: `new lesson NAME` and `check FILE`."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cli import DONE, FAILED, Refused, find, read
from engine.errors import ExperimentError

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.lesson import Lesson


def add_new(commands: Any) -> None:
    """Add `new` to an argument parser's subparsers."""
    parser = commands.add_parser("new", help="write a new lesson's file, with comments")
    parser.add_argument("what", choices=("lesson",), help="what is to be written")
    parser.add_argument("name", metavar="NAME", help="its name or path; .toml is added")
    parser.set_defaults(command=new)


def add_check(commands: Any) -> None:
    """Add `check` to an argument parser's subparsers."""
    parser = commands.add_parser("check", help="find what is wrong with a file, and time a lesson")
    parser.add_argument("file", metavar="FILE", help="an experiment, a lesson, or a lesson's name")
    parser.add_argument("--json", action="store_true", help="print what was found, for programs")
    parser.set_defaults(command=check)


def new(args: Namespace) -> int:
    """Write a commented lesson beside whatever is there; what exists is not written over."""
    from engine.files import write_whole

    from .lesson_template import template

    path = Path(args.name)
    path = path if path.suffix == ".toml" else path.with_name(f"{path.name}.toml")
    if path.exists():
        raise Refused(f"{path}: is there already; give another name")
    with write_whole(path) as file:
        file.write(template(path.stem).encode())
    sys.stdout.write(f"{path}\n")
    return DONE


def check(args: Namespace) -> int:
    """Validate a file; of a lesson, say how its time goes and what a viewer would trip over."""
    from engine.experiment import Experiment

    source = _read(args.file)
    if isinstance(source, Experiment):
        from engine.run import Run

        from .picture_check import of_picture

        # Whether its data can be read is known only then.
        Run(source)
        vain = list(of_picture(source))
        _say_or_json(args.json, "an experiment, and " + (
            f"{len(vain)} to mend" if vain else "nothing is wrong with it"), {
            "findings": [{"beat": None, "sentence": sentence} for sentence in vain]})
        return _told(vain)
    from .cli import prepare_drawing

    application = prepare_drawing()
    from .lesson_check import findings, stretches

    found, parts = findings(source), stretches(source)
    if args.json:
        _say_or_json(True, "", {
            "seconds": float(source.duration), "beats": [asdict(part) for part in parts],
            "findings": [asdict(finding) for finding in found]})
    else:
        from .script import PER_SECOND, clock

        for place, part in enumerate(parts, 1):
            start = clock(round(part.start * PER_SECOND))
            steps = f"steps {part.first_step:,} to {part.last_step:,}"
            sys.stdout.write(f"{place:>3}  {start:>5}  {part.seconds:>5g} s  {steps:<26} "
                             f"{part.words}\n")
        whole = clock(round(float(source.duration) * PER_SECOND))
        verdict = f"{len(found)} to mend" if found else "nothing to mend"
        sys.stdout.write(f"{source.title}: {len(parts)} beats, {whole}, {verdict}\n")
    application.quit()
    return _told(found)


def _read(name: str) -> Experiment | Lesson:
    """Read a file; what is refused is told with all views in it that do not exist."""
    try:
        return read(name)
    except Refused as refused:
        error = refused.__cause__
        if not isinstance(error, ExperimentError):
            raise
        from engine.files import read_text
        from engine.toml import parsed

        from .picture_check import with_views

        path = find(name)
        raise Refused(str(with_views(error, parsed(read_text(path), str(path))))) from error


def _told(found: Sequence[object]) -> int:
    """Say what was found; the command's exit status."""
    for finding in found:
        sys.stderr.write(f"trainscope: {finding}\n")
    return FAILED if found else DONE


def _say_or_json(as_json: bool, text: str, value: object) -> None:
    sys.stdout.write((json.dumps(value, indent=2) if as_json else text) + "\n")
