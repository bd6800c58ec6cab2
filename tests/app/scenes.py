"""The races and pictures that several tests look at, and ways to look at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtSvg import QSvgGenerator

from app.film import Screen
from app.stage import Words
from app.theme import THEMES, Style
from app.views import Look, View, views
from engine.experiment import Experiment
from engine.run import Run
from engine.snapshot import Snapshot

Pixels = NDArray[np.int64]
SVG = "{http://www.w3.org/2000/svg}"


def race(**changes: object) -> Experiment:
    """Three methods on Beale's function, far from each other at step 40 of 80."""
    fields: dict[str, object] = {
        "title": "A short race",
        "steps": 80,
        "problem": {"kind": "surface", "surface": "beale", "start": [1.0, 1.5]},
        "contestants": [
            {"name": "SGD", "optimizer": {"name": "sgd", "lr": 0.004}},
            {"name": "Momentum", "optimizer": {"name": "momentum", "lr": 0.002}},
            {"name": "Adam", "optimizer": {"name": "adam", "lr": 0.06}},
        ],
    }
    return Experiment(**(fields | changes))


def snapshot_of(experiment: Experiment, step: int, chosen: int | None = None) -> Snapshot:
    """One step of the finished race."""
    return Run(experiment).finish().at(step, chosen)


def pixels(image: QImage) -> Pixels:
    """An image as (height, width, 3): red, green, blue."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    bgr = np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4)
    return bgr[..., 2::-1].astype(np.int64)


def picture(path: Path) -> Pixels:
    """The pixels of a picture file."""
    image = QImage(str(path))
    assert not image.isNull(), f"{path} is no picture"
    return pixels(image)


def rgb(color: str | QColor) -> Pixels:
    """A colour as three numbers."""
    color = QColor(color)
    return np.array([color.red(), color.green(), color.blue()])


class Solo:
    """One view alone on a ground of its card's colour, at a size in pixels."""

    def __init__(self, name: str, theme: str, size: tuple[int, int], unit: float = 1.0) -> None:
        self.style = Style(THEMES[theme], unit)
        self.size = size
        self._host = pg.GraphicsView()
        self._host.resize(*size)
        self.view: View = views[name].make()
        self._host.setCentralItem(self.view)
        self.view.setGeometry(QRectF(0, 0, *size))
        self.view.restyle(self.style)

    def draw(self, snapshot: Snapshot, look: Look) -> Pixels:
        """The view of a snapshot, (height, width, 3)."""
        return pixels(self.image(snapshot, look))

    def image(self, snapshot: Snapshot, look: Look) -> QImage:
        """The view of a snapshot."""
        self.view.draw(snapshot, look)
        image = QImage(*self.size, QImage.Format.Format_RGB32)
        image.fill(QColor(self.style.theme.card))
        with QPainter(image) as painter:
            self._render(painter)
        return image

    def texts(self, snapshot: Snapshot, look: Look) -> list[str]:
        """What is written in the view, in the order of painting; equations are not."""
        self.view.draw(snapshot, look)
        return [text.text or "" for text in svg_of(self._render, self.size).iter(f"{SVG}text")]

    def _render(self, painter: QPainter) -> None:
        scene = self._host.scene()
        scene.prepareForPaint()
        scene.render(painter, QRectF(0, 0, *self.size), QRectF(0, 0, *self.size))

    def close(self) -> None:
        self._host.close()


@contextmanager
def solo(name: str, theme: str, size: tuple[int, int]) -> Iterator[Solo]:
    """A view alone, given back at the end."""
    shown = Solo(name, theme, size)
    try:
        yield shown
    finally:
        shown.close()


def svg_of(paint, size: tuple[int, int]) -> ElementTree.Element:
    """What is painted as SVG with its texts as texts."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(QSize(*size))
    generator.setViewBox(QRectF(0, 0, *size))
    with QPainter(generator) as painter:
        paint(painter)
    return ElementTree.fromstring(data.data())


# ---- golden pictures: each is drawn by name, in both themes

GOLDEN = Path(__file__).parent / "golden"
VIEW_SIZES = {"surface-path": (400, 300), "surface-3d": (400, 300), "loss-curve": (400, 240),
              "step-anatomy": (520, 240), "standings": (250, 220), "basin-map": (520, 300),
              "settings-map": (460, 300)}
STAGE_SIZE = (640, 360)
LOOK = Look(chosen=2, zoom=((0.4, 3.4), (-0.9, 2.0)))
WORDS = Words("A short race", "step 40", "Momentum overshoots where Adam takes the bend.",
              r"v_t = \mu\, v_{t-1} + g_t")


def golden_names() -> list[str]:
    """The golden pictures' names, such as loss-curve-dark."""
    return [f"{scene}-{theme}" for scene in (*VIEW_SIZES, "stage") for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    snapshot, look = snapshot_of(race(), 40, LOOK.chosen), LOOK
    if scene != "stage":
        with solo(scene, theme, VIEW_SIZES[scene]) as shown:
            return shown.image(snapshot, look)
    rows = (("surface-path", "loss-curve"),)
    screen = Screen(rows, STAGE_SIZE, theme, captioned=True)
    try:
        screen.stage.say(WORDS)
        screen.stage.draw(snapshot, look)
        image = QImage(*STAGE_SIZE, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            screen.paint(painter)
        return image
    finally:
        screen.close()
