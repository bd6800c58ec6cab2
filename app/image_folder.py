"""A folder of pictures as data: subfolders are the classes, pictures become gray squares.

    found = scan("fruit")                    # fruit/apple/1.png, fruit/pear/1.jpg, …
    x, y = load(found, 16)                   # bytes (n, 16, 16), white 0 to black 255; (n,) names
    write_npz("fruit.npz", x, y)

A picture is cut to the square in its middle and drawn smaller; what is transparent is white. Bytes
count ink, as in the digits: what is black in a picture is large, and is shown dark on light ground.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QImageReader, QPainter

from engine.errors import FileError
from engine.files import reason

SIDES = (8, 12, 16, 20, 24, 28, 32)
USUAL_SIDE = 16
MOST_IMAGES = 50_000
# As many bad files are named; the rest are counted.
MOST_NAMED = 20
# Larger pictures are read smaller than they are, where their format can do that.
ENOUGH = 4
# What systems leave in folders.
LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini", "icon\r")


@dataclass(frozen=True)
class ImageFolder:
    """The files of each class, by its name; sorted, so that the same folder is the same data."""

    path: Path
    classes: dict[str, tuple[Path, ...]]

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return sum(map(len, self.classes.values()))


def scan(folder: str | Path) -> ImageFolder:
    """The classes of a folder; raises FileError where there are fewer than two of them."""
    path = Path(folder)
    try:
        if not path.is_dir():
            raise FileError(f"{folder}: it is no folder" if path.exists() else
                            f"{folder}: there is no such file or folder")
        entries = [entry for entry in sorted(path.iterdir()) if not _hidden(entry)]
        folders = [entry for entry in entries if entry.is_dir()]
        classes = {entry.name: tuple(
            file for file in sorted(entry.iterdir()) if file.is_file() and not _hidden(file))
            for entry in folders}
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(f"{folder}: cannot be read: {reason(error)}") from error
    classes = {name: files for name, files in classes.items() if files}
    if len(classes) < 2:
        came = "none" if not classes else f"only {next(iter(classes))!r}"
        raise FileError(f"{folder}: it must have a subfolder of pictures for each class, of at "
                        f"least 2 classes; there is {came}")
    found = ImageFolder(path, classes)
    if found.count > MOST_IMAGES:
        raise FileError(f"{folder}: it has {found.count:,} pictures; at most {MOST_IMAGES:,} are "
                        "read")
    return found


def _hidden(path: Path) -> bool:
    return path.name.startswith(".") or path.name.lower() in LEFT_BY_SYSTEMS


def load(found: ImageFolder, side: int, progress: Callable[[int, int], None] = lambda *_: None
         ) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """All pictures as bytes (n, side, side), and their classes' names (n,).

    `progress(done, of)` is called after each and may raise to cancel. Raises FileError that lists
    every file that is no picture.
    """
    images = np.empty((found.count, side, side), np.uint8)
    names: list[str] = []
    bad: list[str] = []
    for name, files in found.classes.items():
        for file in files:
            try:
                images[len(names)] = gray(file, side)
            except FileError as error:
                bad.append(str(error))
            names.append(name)
            progress(len(names), found.count)
    if bad:
        more = f"\n  … and {len(bad) - MOST_NAMED:,} more" if len(bad) > MOST_NAMED else ""
        raise FileError(f"{found.path}: {len(bad):,} of {found.count:,} files cannot be read as "
                        "pictures; mend them or take them out\n"
                        + "\n".join(f"  - {text}" for text in bad[:MOST_NAMED]) + more)
    return images, np.array(names)


def gray(file: Path, side: int) -> NDArray[np.uint8]:
    """One picture as ink (side, side); raises FileError."""
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    size: QSize = reader.size()
    if size.isValid() and min(size.width(), size.height()) > 2 * ENOUGH * side:
        scale = ENOUGH * side / min(size.width(), size.height())
        reader.setScaledSize(QSize(max(round(size.width() * scale), 1),
                                   max(round(size.height() * scale), 1)))
    picture: QImage = reader.read()
    if picture.isNull():
        known = reader.error() != QImageReader.ImageReaderError.UnsupportedFormatError
        raise FileError(f"{file.parent.name}/{file.name}: "
                        + (reader.errorString() if known else "it is no picture"))
    least = min(picture.width(), picture.height())
    middle = QRect((picture.width() - least) // 2, (picture.height() - least) // 2, least, least)
    paper = QImage(least, least, QImage.Format.Format_RGB32)
    paper.fill(QColor("white"))
    with QPainter(paper) as painter:
        painter.drawImage(QRect(0, 0, least, least), picture, middle)
    small = paper.scaled(side, side, Qt.AspectRatioMode.IgnoreAspectRatio,
                         Qt.TransformationMode.SmoothTransformation)
    small = small.convertToFormat(QImage.Format.Format_Grayscale8)
    bits = small.constBits()
    assert bits is not None
    bright = np.frombuffer(bits.asstring(small.bytesPerLine() * side), np.uint8)
    return 255 - bright.reshape(side, -1)[:, :side]
