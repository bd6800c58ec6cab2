"""The command `trainscope images`: a folder of pictures becomes a data file."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from engine.cli import Refused, killable

LEAST_SIDE, MOST_SIDE = 8, 32


def add_images(commands: Any, prepare: Any) -> None:
    """Add `images` to an argument parser's subparsers; `prepare` makes Qt's application."""
    parser = commands.add_parser(
        "images", help="make a data file of a folder of pictures, a subfolder for each class")
    parser.add_argument("folder", metavar="FOLDER", help="as in FOLDER/cat/1.png, FOLDER/dog/1.jpg")
    parser.add_argument("-o", "--out", metavar="OUT.npz", required=True,
                        help="arrays x (n, size, size) and y (n,)")
    parser.add_argument("--size", type=_side, default=16, metavar="N",
                        help="pixels along each side, 8 to 32 (16)")
    parser.set_defaults(command=lambda args: images(args, prepare))


def _side(text: str) -> int:
    if not text.isdecimal() or not LEAST_SIDE <= int(text) <= MOST_SIDE:
        raise ArgumentTypeError(
            f"must be a whole number from {LEAST_SIDE} to {MOST_SIDE}, not {text!r}")
    return int(text)


def images(args: Namespace, prepare: Any) -> int:
    """Read the folder, write the file, and print it with what each class has."""
    if Path(args.out).suffix != ".npz":
        raise Refused(f"-o: a data file's name ends in .npz, not {args.out!r}")
    application = prepare()
    from engine.data.npz_file import write_npz
    from engine.data.raw import DataError
    from engine.errors import FileError

    from .image_folder import load, scan

    with killable() as stop:
        try:
            found = scan(args.folder)
            x, y = load(found, args.size, lambda *_: stop.check())
        except FileError as error:
            # A folder that cannot be used is refused, as a file would be.
            raise Refused(str(error)) from error
        try:
            write_npz(args.out, x, y)
        except DataError as error:
            raise Refused(f"{args.folder}: {error}") from error
    for name, files in found.classes.items():
        sys.stdout.write(f"{len(files):7,}  {name}\n")
    sys.stdout.write(f"{args.out}\n")
    application.quit()
    return 0
