"""The commands `film` and `still`: their flags, where each picture goes, and how far they are."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from engine.cli import DONE, FAILED, Refused, Stop, killable, read
from engine.errors import RunError, TrainscopeError

from . import arguments

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.lesson import Lesson

FILMS = (".mp4", ".webm", ".mov", ".gif", "")
STILLS = (".png", ".svg", ".pdf")
NAME = "{name}"
FILE = "an experiment, a lesson, or a lesson's name"

FILM_NOTES = """\
formats:
  .mp4    H.264, plays everywhere          .gif   256 colours and a --max-mb
  .webm   VP9, or AV1 by --codec av1       DIR/   numbered PNG pictures
  .mov    ProRes 422 HQ, with --transparent 4444

time:
  A lesson's film begins with a title card of 4 seconds and ends with its sources. Beats and
  seconds are counted in the lesson, without cards; chapters and subtitles in the film.

An interrupted film goes on when the same command is given again; beats that are finished are not
made anew. They are kept in a hidden folder beside the film, which goes when the film is whole.

examples:
  trainscope film momentum -o momentum.mp4 --subtitles both
  trainscope film momentum -o momentum.gif --beat 3 --max-mb 2
  trainscope film momentum -o slide.mov --transparent --beat 2-4
  trainscope film momentum -o phone.mp4 --size 1080x1920
  trainscope film momentum saddle beale -o recordings/
  trainscope film --all -o 'recordings/{name}.webm' --theme dark
"""
STILL_NOTES = """\
SVG and PDF are vectors, with text as text.

examples:
  trainscope still momentum -o momentum.pdf --at 12.5
  trainscope still momentum -o slides/momentum.svg --beats    # momentum-1.svg and so on
  trainscope still momentum -o slides/ --beats                # PNG, in a folder
"""

Prepare = Callable[[], Any]


def add_film(commands: Any, prepare: Prepare) -> None:
    """Add `film` to an argument parser's subparsers; `prepare` makes Qt's application."""
    parser = commands.add_parser(
        "film", help="record films: .mp4, .webm, .mov, .gif, or PNG frames",
        description="Record a lesson or an experiment as a film, or several of them.",
        epilog=FILM_NOTES, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="*", help=FILE)
    parser.add_argument("--all", action="store_true", help="film every bundled lesson")
    _add_picture_arguments(
        parser, "film.mp4, .webm, .mov, .gif, or a folder for PNG frames; for several films the "
                f"folder they go to, or a pattern such as 'films/{NAME}.webm'")
    parser.add_argument("--fps", type=arguments.fps,
                        help="frames a second, 1 to 240 (60; GIF 50, or 25 with --max-mb)")
    parser.add_argument("--beat", type=arguments.beats, metavar="N[-M]",
                        help="one beat alone, or those from N to M, without cards")
    parser.add_argument("--no-cards", action="store_true",
                        help="leave out a lesson's title and sources cards")
    parser.add_argument("--subtitles", choices=("srt", "vtt", "both"),
                        help="write the captions beside the film as well")
    parser.add_argument("--codec", choices=("h264", "vp9", "av1", "prores"),
                        help="for .webm: vp9 (the usual) or av1")
    parser.add_argument("--max-mb", type=arguments.megabytes, metavar="MB",
                        help="make a GIF that has no more millions of bytes than that: with "
                             "fewer frames, fewer colours and smaller than --size if need be")
    parser.add_argument(
        "--seconds", type=arguments.length,
        help="length of a film of an experiment, which has no script (10)")
    parser.set_defaults(command=lambda args: _film(args, prepare))


def add_still(commands: Any, prepare: Prepare) -> None:
    """Add `still` to an argument parser's subparsers; `prepare` makes Qt's application."""
    parser = commands.add_parser(
        "still", help="draw one frame, or one of every beat: .png, .svg, .pdf",
        description="Draw one frame of a lesson or an experiment, or the end of every beat.",
        epilog=STILL_NOTES, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE", help=FILE)
    _add_picture_arguments(parser, "picture.png, .svg or .pdf; with --beats also a folder")
    parser.add_argument("--at", type=arguments.seconds, metavar="SECONDS",
                        help="the frame's time in the lesson (0)")
    parser.add_argument("--beats", action="store_true",
                        help="a still of every beat as it ends, numbered from 1")
    parser.set_defaults(command=lambda args: _still(args, prepare))


def _add_picture_arguments(parser: ArgumentParser, out: str) -> None:
    parser.add_argument("-o", "--out", metavar="OUT", required=True, help=out)
    parser.add_argument("--size", type=arguments.size, default=(1920, 1080), metavar="WxH",
                        help="pixels (1920x1080); 1080x1920 is upright, 3840x2160 is 4K")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--transparent", action="store_true",
                        help="no ground between the cards, for slides")


# ---- films


@dataclass(frozen=True)
class _Order:
    """One film of those that were asked for: what is typed, and where it goes."""

    name: str
    out: str

    def read(self) -> Experiment | Lesson:
        """The experiment or lesson; raises Refused."""
        return read(self.name)


def orders(files: list[str], everything: bool, out: str) -> list[_Order]:
    """Where each film goes; raises Refused where that is not said, or two would be one file."""
    if everything:
        if files:
            raise Refused("--all films every bundled lesson; give files or --all, not both")
        from engine.listing import lesson_files

        files = list(lesson_files())
    if not files:
        raise Refused("give a file or a lesson's name, or --all")
    if len(files) == 1 and not everything and NAME not in out:
        return [_Order(files[0], out)]
    pattern = out
    if NAME not in out:
        if Path(out).suffix.lower() in FILMS[:-1] and not Path(out).is_dir():
            raise Refused(f"-o: several films go to a folder, or to a pattern such as "
                          f"'{Path(out).with_stem(NAME)}', not to {out!r}")
        pattern = str(Path(out) / f"{NAME}.mp4")
    found = [_Order(file, pattern.replace(NAME, _called(file))) for file in files]
    outs = [order.out for order in found]
    twice = next((order.out for order in found if outs.count(order.out) > 1), None)
    if twice is not None:
        raise Refused(f"two films would be written to {twice}")
    return found


def _called(file: str) -> str:
    """A film's name by what was typed: a lesson's name, or a file's without its suffix."""
    return Path(file).name.removesuffix(".toml")


def _film(args: Namespace, prepare: Prepare) -> int:
    refuse_suffix(args.out, FILMS, "a film")
    wanted = orders(args.files, args.all, args.out)
    alone = len(wanted) == 1
    choices = _choices(args)
    from .encoding import film_format

    refusal = choices.refusal(film_format(wanted[0].out))
    if refusal:
        raise Refused(f"{wanted[0].out}: {refusal}")
    if alone:
        # A file that cannot be read is told before Qt is loaded.
        _refuse_times(args, wanted[0].read())
    else:
        _refuse_beats_of_any(args, wanted)
        Path(wanted[0].out).parent.mkdir(parents=True, exist_ok=True)
    application = prepare()
    with killable() as stop, _Display(stop, len(wanted)) as display:
        failures = _film_all(wanted, choices, display, alone)
    application.quit()
    if failures:
        sys.stderr.write(f"trainscope: {len(failures)} of {len(wanted)} films failed:\n")
        sys.stderr.writelines(f"  {order.name}: {error}\n" for order, error in failures)
    return FAILED if failures else DONE


def _refuse_times(args: Namespace, source: Experiment | Lesson) -> None:
    """Raise Refused for beats or seconds that the source does not have."""
    from engine.lesson import Lesson

    if isinstance(source, Lesson) and args.seconds is not None:
        raise Refused(f"--seconds is the length of an experiment's film; a lesson's script says "
                      f"its own, {float(source.duration):g} seconds: --beat films a part of it")
    _refuse_beats(args, source)


def _refuse_beats(args: Namespace, source: Experiment | Lesson) -> None:
    """Raise Refused for beats that the source does not have."""
    from engine.lesson import Lesson, as_lesson

    from .reel import beats_span

    if args.beat is not None:
        lesson = source if isinstance(source, Lesson) else as_lesson(source, args.seconds or 10.0)
        try:
            beats_span(lesson, *args.beat)
        except RunError as error:
            raise Refused(str(error)) from error


def _refuse_beats_of_any(args: Namespace, wanted: list[_Order]) -> None:
    """Raise Refused for beats that one of several films does not have, before any is made."""
    if args.beat is None:
        return
    for order in wanted:
        try:
            source = order.read()
        except TrainscopeError:
            # It is told with the others that failed, when those that can be made are made.
            continue
        try:
            _refuse_beats(args, source)
        except Refused as error:
            raise Refused(f"{order.name}: {error}") from error


def _choices(args: Namespace) -> Any:
    from .encoding import film_format
    from .recording import FilmChoices

    form = film_format(args.out.replace(NAME, "name"))
    fps = args.fps or (25 if args.max_mb else (form.rates or (60,))[0])
    subtitles = {"both": ("srt", "vtt"), None: ()}.get(args.subtitles, (args.subtitles,))
    return FilmChoices(
        size=args.size, fps=fps, theme=args.theme, seconds=args.seconds, beats=args.beat,
        cards=not args.no_cards, codec=args.codec or "", transparent=args.transparent,
        subtitles=subtitles, max_mb=args.max_mb)


def _film_all(wanted: list[_Order], choices: Any, display: _Display, alone: bool
              ) -> list[tuple[_Order, TrainscopeError]]:
    """Film one after another; which failed, and why. One that is alone raises instead."""
    from .film_parts import parts_folder
    from .recording import record_film

    failures: list[tuple[_Order, TrainscopeError]] = []
    for place, order in enumerate(wanted, start=1):
        display.begin(order.name, place)
        try:
            record_film(order.read(), order.out, progress=display.progress, say=display.tell,
                        **vars(choices))
        except KeyboardInterrupt:
            if parts_folder(Path(order.out).resolve()).exists():
                display.tell("finished beats are kept; the same command goes on from there")
            raise
        except TrainscopeError as error:
            if alone:
                raise
            failures.append((order, error))
        else:
            display.written(order.out)
    return failures


class _Display:
    """How far all films together are, on standard error, where a person is looking."""

    def __init__(self, stop: Stop, films: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._stop, self._films = stop, films
        self._done = 0.0
        self._began = perf_counter()
        columns = (TextColumn("filming {task.fields[name]}"), BarColumn(), MofNCompleteColumn(),
                   TextColumn("{task.description}"))
        console = Console(stderr=True)
        self._bar = Progress(*columns, console=console, transient=True,
                             disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=None, name="")

    def __enter__(self) -> _Display:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, name: str, place: int) -> None:
        """Another film is begun."""
        of = f" ({place} of {self._films})" if self._films > 1 else ""
        self._place = place
        self._bar.update(self._task, completed=0, total=None, name=f"{name}{of}", description="")

    def progress(self, frame: int, frames: int, seconds_left: float) -> None:
        """So far it is; raises KeyboardInterrupt where the user asked for an end."""
        self._stop.check()
        # The films that wait are taken to be as long as those so far were, on the average.
        share = (self._place - 1 + frame / frames) / self._films
        if self._films > 1:
            seconds_left = (perf_counter() - self._began) / share * (1 - share)
        left = f"{int(seconds_left) // 60}:{int(seconds_left) % 60:02} left"
        self._bar.update(self._task, completed=frame, total=frames, description=left)

    def written(self, out: str) -> None:
        """A film is whole."""
        sys.stdout.write(f"{out}\n")
        sys.stdout.flush()

    def tell(self, text: str) -> None:
        """A sentence for the user."""
        sys.stderr.write(f"{text}\n")


# ---- stills


def _still(args: Namespace, prepare: Prepare) -> int:
    if args.beats and args.at is not None:
        raise Refused("--beats draws every beat's end; give --at or --beats, not both")
    folder = args.beats and Path(args.out).suffix.lower() not in STILLS
    if not folder:
        refuse_suffix(args.out, STILLS, "a still")
    picture = read(args.file)
    if args.at is not None:
        _refuse_moment(args.at, picture)
    application = prepare()
    from .film import render_beats, render_still

    looks = {"size": args.size, "theme": args.theme, "transparent": args.transparent}
    with killable() as stop:
        if args.beats:
            out = Path(args.out) / f"{_called(args.file)}.png" if folder else Path(args.out)
            for path in render_beats(picture, out, **looks):
                sys.stdout.write(f"{path}\n")
                stop.check()
        else:
            render_still(picture, Path(args.out), at=args.at or 0.0, **looks)
            sys.stdout.write(f"{args.out}\n")
    application.quit()
    return DONE


def _refuse_moment(at: float, source: Experiment | Lesson) -> None:
    """Raise Refused for a time that a lesson does not have."""
    from engine.lesson import Lesson

    if isinstance(source, Lesson) and at > source.duration:
        raise Refused(f"--at must be from 0 to {float(source.duration):g} seconds, not {at:g}")


def refuse_suffix(out: str, allowed: tuple[str, ...], what: str) -> None:
    """Raise Refused for a name that ends in none of these suffixes."""
    if Path(out).suffix.lower() not in allowed and not (
            "" in allowed and (out.endswith("/") or Path(out).is_dir())):
        names = ", ".join(suffix or "or no suffix for a folder of PNG frames" for suffix in allowed)
        raise Refused(f"-o: {what} ends in {names}, not {Path(out).suffix!r}")
