"""Test images with what each network takes them for: its mistakes first, then its doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from engine.network.judged import Confusions, confusions

from ..theme import Style, Theme, mixed
from .ground import Ground
from .map_frame import MapFrame
from .panel_grid import Panel, paint_head, panels, say, verdict
from .trails import as_image
from .view import Appearance

# Wide enough for "4 taken for 9"; narrower panels say "4 → 9".
TILE, NARROW_TILE, SMALL_TILE = 76.0, 52.0, 26.0
LEAST_PANEL, LEAST_ALONE = 90.0, 24.0
# Wider than between tiles, so that it is seen whose they are.
APART = 34.0
CAPTION = 12.0


@dataclass(frozen=True)
class Tile:
    """One image of a contestant's list, by its place there."""

    appearance: Appearance
    place: int
    rect: QRectF


@dataclass(frozen=True)
class Raster:
    """How tiles lie in a panel: columns and rows of cells (width, height), and an image's size."""

    columns: int
    rows: int
    cell: tuple[float, float]
    image: tuple[float, float]
    captions: int


class DigitGrid:
    """A grid of images a contestant."""

    def __init__(self) -> None:
        self._frame: MapFrame | None = None
        self._tiles: list[Tile] = []
        self._alone = False

    def paint(self, painter: QPainter, rect: QRectF, frame: MapFrame) -> None:
        """Draw everything into `rect`."""
        self._frame, self._tiles = frame, []
        style = frame.style
        grid = panels(frame.shown, rect, 1.3, style, style.px(LEAST_PANEL), APART)
        self._alone = not grid and len(frame.shown) > 1
        if not grid:
            grid = panels([frame.chosen()], rect, 1.3, style, style.px(LEAST_ALONE))
        for panel in grid:
            self._paint_panel(painter, panel, frame)

    def _sorted(self, frame: MapFrame, appearance: Appearance) -> Confusions:
        return frame.kept.of(("sorted", appearance.index), frame.moment(appearance), lambda: (
            confusions(frame.state(appearance), frame.judged(appearance))))

    def _paint_panel(self, painter: QPainter, panel: Panel, frame: MapFrame) -> None:
        style, appearance = frame.style, panel.appearance
        found = self._sorted(frame, appearance)
        texts = verdict(frame.state(appearance), frame.judged(appearance))
        wrong = f"{found.wrong:,} wrong" if found.wrong else "none wrong"
        paint_head(painter, panel.head, appearance, (f"{texts[0]} · {wrong}", *texts),
                   frame.lost(appearance), style)
        image = frame.material.data.image
        assert image is not None
        raster = raster_of(panel.body, image[1] / image[0], style)
        shown = min(len(found.rows), raster.columns * raster.rows)
        if not shown:
            say(painter, panel.body, "No room for images.", style)
            return
        pictures = self._images(frame, appearance, found, shown)
        painter.setOpacity(appearance.opacity)
        for place in range(shown):
            row, column = divmod(place, raster.columns)
            cell = QRectF(panel.body.left() + column * raster.cell[0],
                          panel.body.top() + row * raster.cell[1], *raster.cell)
            tile = QRectF(round(cell.left()), round(cell.top()), *raster.image)
            painter.drawImage(tile, pictures[place])
            wrong_one = place < found.wrong
            painter.setBrush(Qt.BrushStyle.NoBrush)
            line = style.px(2.2 if wrong_one else 1)
            painter.setPen(QPen(QColor(style.theme.warning if wrong_one else style.theme.hairline),
                                line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap,
                                Qt.PenJoinStyle.MiterJoin))
            half = line / 2
            painter.drawRect(tile.adjusted(half, half, -half, -half))
            if raster.captions:
                self._paint_caption(painter, frame, found, place, tile, raster)
            self._tiles.append(Tile(appearance, place, tile))
        painter.setOpacity(1)

    def _paint_caption(self, painter: QPainter, frame: MapFrame, found: Confusions, place: int,
                       tile: QRectF, raster: Raster) -> None:
        style = frame.style
        names = frame.material.data.classes
        wrong = place < found.wrong
        share = "" if isnan(found.share[place]) else f"{100 * found.share[place]:.0f} %"
        taken = names[found.taken[place]]
        font = style.font(CAPTION, 500 if wrong else 400, tabular=True)
        metrics = QFontMetricsF(font)
        room = raster.cell[0] - style.px(8)
        wanted = names[found.wanted[place]]
        first = taken if not wrong else _mistaken(wanted, taken, metrics, room)
        lines: Sequence[str] = (first, share)
        wide = metrics.horizontalAdvance(f"{wanted} → {taken}")
        if raster.captions == 2 and wrong and wide > room:
            # Long names have a line each.
            arrow = metrics.elidedText(wanted, Qt.TextElideMode.ElideRight,
                                       room - metrics.horizontalAdvance(" →"))
            lines = (f"{arrow} →", f"{taken}, {share}" if share else taken)
        elif raster.captions == 1:
            both = f"{first}, {share}" if share else first
            lines = (both if metrics.horizontalAdvance(both) <= room else first,)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.text if wrong else style.theme.quiet))
        for number, text in enumerate(lines):
            baseline = tile.bottom() + style.px(3) + metrics.ascent() + number * metrics.height()
            painter.drawText(QPointF(tile.left(), baseline),
                             metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))

    def _images(self, frame: MapFrame, appearance: Appearance, found: Confusions, count: int
                ) -> list[QImage]:
        key = (*frame.moment(appearance), count, frame.style.theme.name)
        return frame.kept.of(("images", appearance.index), key, lambda: self._made(
            frame, appearance, found.rows[:count]))

    def _made(self, frame: MapFrame, appearance: Appearance, rows: NDArray[np.intp]
              ) -> list[QImage]:
        material = frame.material
        data, judged = material.data, frame.judged(appearance)
        numbers = data.test_rows if judged.part == "test" else data.train_rows
        x = data.raw.x[numbers[rows]]
        if material.drift is not None:
            prepared = getattr(data, f"{judged.part}_x")[rows]
            x = data.transform.inverse(material.at(prepared, frame.state(appearance).step))
        low, high = frame.kept.of("ink", frame.snapshot.experiment, lambda: _range(data.raw.x))
        shade = np.clip((x - low) / (high - low) * 255, 0, 255).astype(np.intp)
        ramp = _ink(frame.style.theme)
        assert data.image is not None
        return [as_image(np.ascontiguousarray(ramp[row].reshape(data.image))) for row in shade]

    # ---- what is under the mouse

    def note(self, at: QPointF | None) -> str:
        """The image under the mouse, or else what order they are in."""
        frame = self._frame
        if frame is None:
            return ""
        tile = None if at is None else next(
            (tile for tile in self._tiles if tile.rect.contains(at)), None)
        if tile is None:
            alone = f"1 of {len(frame.shown)} contestants · " if self._alone else ""
            return f"{alone}mistakes first, then the least sure"
        found, names = self._sorted(frame, tile.appearance), frame.material.data.classes
        judged = frame.judged(tile.appearance)
        taken, wanted = names[found.taken[tile.place]], names[found.wanted[tile.place]]
        share = found.share[tile.place]
        sure = "" if isnan(share) else f", {100 * share:.1f} %"
        what = f"{wanted} taken for {taken}" if taken != wanted else f"{taken}"
        return f"{judged.part} row {found.rows[tile.place] + 1:,}: {what}{sure}"

    def grounds(self) -> tuple[Ground, ...]:
        """There is no plane to draw on."""
        return ()

    def contestant_at(self, at: QPointF) -> int | None:
        """Whose image is at a pixel."""
        return next((t.appearance.index for t in self._tiles if t.rect.contains(at)), None)

    def zoomed(self, at: QPointF, factor: float) -> tuple[tuple[float, float], ...] | None:
        """There is no plane to zoom into."""
        return None


def _mistaken(wanted: str, taken: str, metrics: QFontMetricsF, room: float) -> str:
    """What was taken for what, in `room` pixels: of long names the beginnings."""
    for text in (f"{wanted} taken for {taken}", f"{wanted} → {taken}"):
        if metrics.horizontalAdvance(text) <= room:
            return text
    half = (room - metrics.horizontalAdvance(" → ")) / 2
    spare = [max(half - metrics.horizontalAdvance(name), 0) for name in (wanted, taken)]
    short = (metrics.elidedText(name, Qt.TextElideMode.ElideRight, half + more)
             for name, more in ((wanted, spare[1]), (taken, spare[0])))
    return " → ".join(short)


def raster_of(body: QRectF, shape: float, style: Style) -> Raster:
    """Tiles that fill a panel: with two lines of words below, with one, or bare, as it fits.

    `shape` is an image's width by its height.
    """
    line = QFontMetricsF(style.font(CAPTION, tabular=True)).height()
    for tile, captions in ((TILE, 2), (NARROW_TILE, 1), (SMALL_TILE, 0)):
        side, gap = style.px(tile), style.px(10 if captions else 4)
        words = captions * line + (style.px(5) if captions else 0)
        columns = int((body.width() + gap) / (side + gap))
        rows = int((body.height() + gap) / (0.72 * side / max(shape, 1) + words + gap))
        if columns * rows >= (4 if captions else 1):
            break
    if columns * rows == 0:
        return Raster(0, 0, (0, 0), (0, 0), 0)
    width, height = (body.width() + gap) / columns, (body.height() + gap) / rows
    high = min(height - gap - words, (width - gap) / shape)
    return Raster(columns, rows, (width, height), (int(high * shape), int(high)), captions)


@lru_cache(maxsize=4)
def _ink(theme: Theme) -> NDArray[np.uint32]:
    """Paper to ink as pixels, (256,)."""
    return np.array([mixed(theme.raised, theme.text, k / 255).rgba() for k in range(256)],
                    np.uint32)


def _range(x: NDArray) -> tuple[float, float]:
    low, high = float(x[:1000].min()), float(x[:1000].max())
    return low, high if high > low else low + 1.0
