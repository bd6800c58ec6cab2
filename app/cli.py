"""The command `trainscope`: the window, films, stills, and the engine's headless commands.

    trainscope [FILE]                   open the window
    trainscope film FILE -o OUT         .mp4, .webm, .mov, .gif, or a folder of PNG frames
    trainscope still FILE -o OUT        one frame, or one of every beat: .png, .svg, .pdf
    trainscope run FILE -o OUT.npz      headless
    trainscope images FOLDER -o OUT.npz a folder of pictures as a data file
    trainscope list [KIND] [--json]     what the registries hold
    trainscope new lesson NAME          a commented lesson to begin with
    trainscope check FILE               what is wrong with a file; how a lesson's time goes
    trainscope doctor                   what this machine has and lacks

Qt and Numba are imported by the command that needs them, after a look for missing libraries.
"""

from __future__ import annotations

import os
import sys
from argparse import Action, ArgumentParser, Namespace, RawTextHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from engine.cli import Refused, add_list, add_run, ending, find, list_, print_rows
from engine.errors import MissingLibrary, UnknownName

from . import libraries
from .authoring import add_check, add_new
from .film_command import add_film, add_still
from .image_command import add_images

USAGE = "trainscope [FILE]\n       trainscope COMMAND ..."


def main(argv: Sequence[str] | None = None) -> int:
    """Run `trainscope` with these arguments (default: the process's) and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser, commands = _parser()
    if not arguments or (arguments[0] not in commands and not arguments[0].startswith("-")):
        return ending(lambda: _window(arguments, commands))
    args = parser.parse_args(arguments)
    return ending(lambda: args.command(args))


def _parser() -> tuple[ArgumentParser, list[str]]:
    """The parser of every command, and the commands' names."""
    parser = ArgumentParser(
        prog="trainscope",
        usage=USAGE,
        description="A lab for watching neural networks learn.\n"
        "Without a command, the window opens: with FILE, or where it was left.",
        epilog="FILE is an experiment or a lesson (.toml), or a bundled lesson's name.\n"
        "The window opens data of your own, too: .csv, .npz, IDX.\n"
        "'trainscope COMMAND --help' says more of a command.",
        formatter_class=RawTextHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(
        prog="trainscope", metavar="COMMAND", title="commands", required=True)
    add_film(commands, prepare_drawing)
    add_still(commands, prepare_drawing)
    add_run(commands)
    add_list(commands).set_defaults(command=_list)
    add_new(commands)
    add_check(commands)
    add_images(commands, prepare_drawing)
    doctor = commands.add_parser("doctor", help="say what this machine has and lacks")
    doctor.set_defaults(command=_doctor)
    return parser, list(commands.choices)


class _Version(Action):
    """`--version`, whose look-up costs 20 ms and so happens only when asked for."""

    def __call__(self, *_: Any) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("trainscope")
        except PackageNotFoundError:
            found = "(not installed, running from its sources)"
        sys.stdout.write(f"trainscope {found}\n")
        raise SystemExit(0)


def _list(args: Namespace) -> int:
    """The engine's lists, and that of views, for which Qt is needed."""
    if args.kind not in ("view", "views"):
        return list_(args)
    libraries.require_packages()
    from .views import views

    rows = [{"name": view.name, "title": view.title, "doc": view.doc,
             "source": f"for a {' or a '.join(sorted(view.kinds))}"} for view in views.values()]
    return print_rows({"views": rows}, as_json=args.json)


def _window(arguments: list[str], commands: list[str]) -> int:
    """Open the window, with a file or as it was left."""
    parser = ArgumentParser(prog="trainscope", usage=USAGE)
    parser.add_argument("file", nargs="?")
    name = parser.parse_known_args(arguments)[0].file
    path = _find_or_suggest(name, commands) if name is not None else None
    parser.parse_args(arguments)
    libraries.require_packages()
    if not libraries.has_display():
        raise MissingLibrary(
            "there is no display for a window; film, still and run work without one, "
            "as in 'trainscope film FILE -o film.mp4'"
        )
    libraries.require_qt()
    from . import warmup
    from .window_start import open_window

    # The very first start compiles for some seconds and says so; later ones skip this at once.
    warmup.warm()
    return open_window(path)


def _find_or_suggest(name: str, commands: list[str]) -> Path:
    """The file meant by `name`; a mistyped command is told its right name."""
    try:
        return find(name)
    except Refused as refusal:
        suggestion = str(UnknownName("command", name, commands))
        raise Refused(suggestion) if "did you mean" in suggestion else refusal from None


def prepare_drawing() -> Any:
    """Qt's application, which the caller keeps while it draws; it needs no display."""
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    libraries.require_qt()
    from .window_start import make_application

    return make_application()


def _doctor(_: Namespace) -> int:
    from .doctor import print_report

    return print_report()
