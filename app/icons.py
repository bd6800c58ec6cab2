"""The bundled Lucide icons, drawn in the theme's colours and sharp at any scale of the screen."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from PyQt6.QtCore import QByteArray, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from engine.errors import UnknownName

from .preferences import state_folder
from .theme import Theme

DISABLED_OPACITY = 0.35
# Qt shrinks the next larger pixmap for the scales in between.
SCREEN_SCALES = (1.0, 1.25, 1.5, 2.0, 3.0)


@cache
def names() -> tuple[str, ...]:
    """Every icon's name, in order."""
    folder = files("assets") / "icons"
    return tuple(sorted(entry.name.removesuffix(".svg") for entry in folder.iterdir()
                        if entry.name.endswith(".svg")))


def icon(name: str, color: QColor | str, size: int, *, filled: bool = False) -> QIcon:
    """An icon of `size` by `size` pixels in one colour, fainter where its control is disabled.

    `filled` fills the shape too (a solid play triangle). Raises UnknownName.
    """
    return _icon(name, QColor(color).name(), size, filled)


@lru_cache(maxsize=512)
def _icon(name: str, color: str, size: int, filled: bool) -> QIcon:
    made = QIcon()
    for scale in SCREEN_SCALES:
        made.addPixmap(pixmap(name, color, size, scale, filled=filled))
        made.addPixmap(pixmap(name, color, size, scale, filled=filled, opacity=DISABLED_OPACITY),
                       QIcon.Mode.Disabled)
    return made


def pixmap(name: str, color: QColor | str, size: float, scale: float = 1.0, *,
           filled: bool = False, opacity: float = 1.0) -> QPixmap:
    """An icon as a pixmap for a screen of `scale` device pixels to a pixel. Raises UnknownName."""
    side = max(1, round(size * scale))
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setOpacity(opacity)
    paint(painter, name, color, QRectF(0, 0, side, side), filled=filled)
    painter.end()
    made.setDevicePixelRatio(scale)
    return made


def paint(painter: QPainter, name: str, color: QColor | str, rect: QRectF, *,
          filled: bool = False) -> None:
    """Draw an icon into `rect`, as vectors where the painter's device keeps them."""
    _renderer(name, QColor(color).name(), filled).render(painter, rect)


@lru_cache(maxsize=512)
def _renderer(name: str, color: str, filled: bool) -> QSvgRenderer:
    if name not in names():
        raise UnknownName("icon", name, names())
    text = (files("assets") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    text = text.replace("currentColor", color)
    if filled:
        text = text.replace('fill="none"', f'fill="{color}"', 1)
    return QSvgRenderer(QByteArray(text.encode()))


def arrow_file(theme: Theme) -> str:
    """The file of a small arrow in the theme's colour: style sheets take pictures by file."""
    path = state_folder() / f"arrow-{theme.name}.png"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pixmap("chevron-down", theme.quiet, 16, 2.0).save(str(path))
    except OSError:
        return ""
    return path.as_posix()
