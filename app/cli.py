"""The command `trainscope`: the window, films, stills, and the engine's headless commands.

    trainscope [FILE]                   open the window
    trainscope film FILE -o OUT         .mp4, .webm, .gif, or a folder of PNG frames
    trainscope still FILE -o OUT        one frame: .png, .svg, .pdf
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
from argparse import Action, ArgumentParser, ArgumentTypeError, Namespace, RawTextHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from engine.cli import Refused, add_list, add_run, ending, find, killable, list_, print_rows, read
from engine.errors import MissingLibrary, UnknownName

from . import libraries
from .authoring import add_check, add_new
from .image_command import add_images

FILMS = (".mp4", ".webm", ".gif", "")
STILLS = (".png", ".svg", ".pdf")
USAGE = "trainscope [FILE]\n       trainscope COMMAND ..."
SMALLEST, LARGEST = (320, 180), (7680, 4320)


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
    _add_film(commands)
    _add_still(commands)
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


def _add_film(commands: Any) -> None:
    parser = commands.add_parser("film", help="record a film: .mp4, .webm, .gif, or PNG frames")
    _add_picture_arguments(parser, "film.mp4, .webm, .gif, or a folder for PNG frames")
    parser.add_argument("--fps", type=_fps, help="frames a second, 1 to 240 (60; GIF 50)")
    parser.add_argument(
        "--seconds", type=_length, default=10.0,
        help="length of a film of an experiment, which has no script (10)",
    )
    parser.set_defaults(command=_film)


def _add_still(commands: Any) -> None:
    parser = commands.add_parser("still", help="draw one frame: .png, .svg, .pdf")
    _add_picture_arguments(parser, "picture.png, .svg or .pdf")
    parser.add_argument(
        "--at", type=_seconds, default=0.0, metavar="SECONDS", help="the frame's time (0)"
    )
    parser.set_defaults(command=_still)


def _add_picture_arguments(parser: ArgumentParser, out: str) -> None:
    parser.add_argument("file", metavar="FILE", help="an experiment, a lesson, or a lesson's name")
    parser.add_argument("-o", "--out", metavar="OUT", required=True, help=out)
    parser.add_argument(
        "--size", type=_size, default=(1920, 1080), metavar="WxH", help="pixels (1920x1080)"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")


def _size(text: str) -> tuple[int, int]:
    """`1920x1080` as two numbers of pixels."""
    width, cross, height = text.lower().partition("x")
    allowed = (f"WIDTHxHEIGHT in even numbers of pixels, from {SMALLEST[0]}x{SMALLEST[1]} "
               f"to {LARGEST[0]}x{LARGEST[1]}")
    if not (cross and width.isdecimal() and height.isdecimal()):
        raise ArgumentTypeError(f"must be {allowed}, not {text!r}")
    size = int(width), int(height)
    fits = all(low <= n <= high for low, n, high in zip(SMALLEST, size, LARGEST, strict=True))
    # Video stores colour for blocks of two by two pixels.
    if not fits or size[0] % 2 or size[1] % 2:
        raise ArgumentTypeError(f"must be {allowed}, not {text!r}")
    return size


def _fps(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 240:
        raise ArgumentTypeError(f"must be a whole number from 1 to 240, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 36_000:
        raise ArgumentTypeError(f"must be a number of seconds from 0 to 36000, not {text!r}")
    return seconds


def _length(text: str) -> float:
    seconds = _seconds(text)
    if seconds < 0.01:
        raise ArgumentTypeError(f"must be a number of seconds from 0.01 to 36000, not {text!r}")
    return seconds


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


def _film(args: Namespace) -> int:
    _refuse_suffix(args.out, FILMS, "a film")
    from .encoding import film_format

    wanted = film_format(args.out)
    fps = args.fps or (wanted.rates or (60,))[0]
    refusal = wanted.refusal(args.size, fps)
    if refusal:
        raise Refused(f"{args.out}: {refusal}")
    picture = read(args.file)
    application = prepare_drawing()
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from .film import record_film

    columns = (TextColumn("filming"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.description}"))
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with killable() as stop, bar:
        task = bar.add_task("", total=None)

        def progress(frame: int, frames: int, seconds_left: float) -> None:
            stop.check()
            left = f"{int(seconds_left) // 60}:{int(seconds_left) % 60:02} left"
            bar.update(task, completed=frame, total=frames, description=left)

        record_film(
            picture, Path(args.out), size=args.size, fps=fps, theme=args.theme,
            seconds=args.seconds, progress=progress,
        )
    sys.stdout.write(f"{args.out}\n")
    application.quit()
    return 0


def _still(args: Namespace) -> int:
    _refuse_suffix(args.out, STILLS, "a still")
    picture = read(args.file)
    application = prepare_drawing()
    from .film import render_still

    with killable():
        render_still(picture, Path(args.out), at=args.at, size=args.size, theme=args.theme)
    sys.stdout.write(f"{args.out}\n")
    application.quit()
    return 0


def _refuse_suffix(out: str, allowed: tuple[str, ...], what: str) -> None:
    if Path(out).suffix.lower() not in allowed:
        names = ", ".join(suffix or "or no suffix for a folder of PNG frames" for suffix in allowed)
        raise Refused(f"-o: {what} ends in {names}, not {Path(out).suffix!r}")


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
