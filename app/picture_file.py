"""A picture as a file: .png in pixels, .svg and .pdf in lines and shapes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PyQt6.QtSvg import QSvgGenerator

from engine.errors import FileError, RunError
from engine.files import write_whole

from .encoding.format import LARGEST, SMALLEST
from .svg_text import with_widths

Size = tuple[int, int]
Paint = Callable[[QPainter], None]

# Qt records a plot's axes at the screen's resolution, which is always 96 off screen; at another
# one (SVG's default is 72) they come out smaller than what stands around them.
DOTS_PER_INCH = 96
POINTS_PER_DOT = 72 / DOTS_PER_INCH


def save_picture(paint: Paint, out: str | Path, size: Size, title: str = "", *,
                 transparent: bool = False) -> None:
    """Paint a picture of `size` pixels into a .png, .svg or .pdf file, whole or not at all.

    Vectors are as transparent as what is painted; PNG is, if it shall be.

    Raises FileError for another suffix or where nothing can be written, RunError for a size that no
    picture can have.
    """
    suffix = Path(out).suffix.lower()
    if suffix != ".png" and suffix not in _WRITERS:
        raise FileError(f"{out}: a still is a .png, .svg or .pdf file, not {suffix or 'a folder'}")
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise RunError(f"width and height must be from {SMALLEST} to {LARGEST}, "
                       f"not {size[0]}x{size[1]}")
    data = _png(paint, size, transparent) if suffix == ".png" else _WRITERS[suffix](
        paint, size, title)
    with write_whole(out) as file:
        file.write(data)


def _png(paint: Paint, size: Size, transparent: bool) -> bytes:
    kind = QImage.Format
    image = QImage(*size, kind.Format_ARGB32_Premultiplied if transparent else kind.Format_RGB32)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        paint(painter)
    data, buffer = _buffer()
    image.save(buffer, "PNG")
    return data.data()


def _svg(paint: Paint, size: Size, title: str) -> bytes:
    data, buffer = _buffer()
    # SVG Tiny, which Qt writes otherwise, cannot clip: trails would run out of their plot.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(DOTS_PER_INCH)
    generator.setSize(QSize(*size))
    generator.setViewBox(QRectF(0, 0, *size))
    generator.setTitle(title)
    with QPainter(generator) as painter:
        paint(painter)
    return with_widths(data.data())


def _pdf(paint: Paint, size: Size, title: str) -> bytes:
    data, buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Trainscope")
    writer.setResolution(DOTS_PER_INCH)
    page = QSizeF(size[0] * POINTS_PER_DOT, size[1] * POINTS_PER_DOT)
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, "",
                                 QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    with QPainter(writer) as painter:
        # Otherwise the contour map becomes a JPEG, with its smears around every line.
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        paint(painter)
    return data.data()


def _buffer() -> tuple[QByteArray, QBuffer]:
    """Bytes and a device that writes to them; both must stay alive."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return data, buffer


def is_vector(out: str | Path) -> bool:
    """Whether a file keeps lines and letters as such; then these should be painted plain."""
    return Path(out).suffix.lower() in _WRITERS


_WRITERS: dict[str, Callable[[Paint, Size, str], bytes]] = {
    ".svg": _svg, ".pdf": _pdf,
}
