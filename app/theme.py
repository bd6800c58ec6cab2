"""The two themes, and the style that turns their measures into pixels.

The data has the colour, the rest is quiet: surfaces are one pale hue, text is two greys, controls
have one accent. Contestants are told apart by colour and marker shape together; classes of data
have colours of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from PyQt6.QtGui import QColor, QFont

from .typefaces import font


@dataclass(frozen=True)
class Theme:
    """Colours as #rrggbb text; `surface_low` is where the loss is small."""

    name: str
    ground: str
    card: str
    raised: str
    hairline: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    strong: str
    on_strong: str
    warning: str
    surface_low: str
    surface_high: str
    isoline: str
    contestants: tuple[str, ...]
    classes: tuple[str, ...]
    plain: bool = False
    """Whether every letter has one shape, as files of vectors need."""


LIGHT = Theme(
    name="light", ground="#FAF9F6", card="#FFFFFF", raised="#F0EFEA", hairline="#E5E2DB",
    text="#1B1F24", quiet="#5B6470", accent="#2F5BD0", on_accent="#FFFFFF",
    strong="#1B1F24", on_strong="#FFFFFF", warning="#B3261E",
    surface_low="#B9CCE6", surface_high="#FDFDFC", isoline="#8FA9CC",
    contestants=("#D55E00", "#0072B2", "#009E73", "#AA4499", "#B8860B", "#444C56", "#882255",
                 "#5D7C15"),
    classes=("#C0395B", "#1F8A9C", "#7B5EA7", "#7F8C1F", "#A8683A", "#4F6D9A", "#9A4F7A",
             "#4F8551", "#94802F", "#62666E"),
)
DARK = Theme(
    name="dark", ground="#0F1216", card="#161A20", raised="#20262D", hairline="#272D35",
    text="#E9ECEF", quiet="#9AA4B0", accent="#7AA2FF", on_accent="#0F1216",
    strong="#E9ECEF", on_strong="#0F1216", warning="#FF8A80",
    surface_low="#2E4566", surface_high="#141920", isoline="#4A678F",
    contestants=("#FF8A3D", "#56B4E9", "#2CC295", "#D48AD0", "#F0C541", "#C3CBD4", "#F08CA6",
                 "#B5D15C"),
    classes=("#F0819B", "#62C3D3", "#B79BE0", "#C4D35E", "#E0A56F", "#8FB0E0", "#DD93BD",
             "#9CCB9A", "#DCC87A", "#ADB3BD"),
)


def without_ground(theme: Theme) -> Theme:
    """The theme on whatever lies behind: cards are solid, between them there is nothing."""
    return replace(theme, ground=f"#00{theme.ground.removeprefix('#')}")


def in_plain_letters(theme: Theme) -> Theme:
    """The theme for a file whose text is text: see `typefaces.in_plain_letters`."""
    return replace(theme, plain=True)


THEMES = {theme.name: theme for theme in (LIGHT, DARK)}

MARKERS = ("circle", "square", "triangle", "diamond", "cross", "plus", "star", "hexagon",
           "down", "left", "right", "bowtie")


@dataclass(frozen=True)
class Style:
    """A theme at a size: `unit` is 1 for a window at 100 %, and grows with a film's frame."""

    theme: Theme
    unit: float = 1.0

    def px(self, length: float) -> float:
        """A design length in pixels."""
        return length * self.unit

    def font(self, px: float = 15, weight: int = 400, *, tabular: bool = False) -> QFont:
        """The family at a design size; `tabular` gives every digit one width, for numbers."""
        return font(self.px(px), weight, tabular=tabular, plain=self.theme.plain)

    def contestant(self, index: int, color: int | str | None = None) -> QColor:
        """A contestant's colour: its own if it has one, else that of its place in the race."""
        if isinstance(color, str):
            return QColor(color)
        place = index if color is None else color - 1
        return QColor(self.theme.contestants[place % len(self.theme.contestants)])

    def ink(self, color: QColor) -> QColor:
        """A colour for words: as it is where they can be read in it on cards and panels, darker
        (lighter on dark) where they could not."""
        return QColor(_ink(color.name(), self.theme))

    def class_color(self, index: int) -> QColor:
        """The colour of a class of the data: none of them is a contestant's."""
        return QColor(self.theme.classes[index % len(self.theme.classes)])


def ui_scale(width: float, height: float) -> float:
    """How large a window's type and controls are: less than in proportion, to win space too."""
    room = min(width / 1920, height / 1080)
    return float(min(max(round(20 * room**0.75) / 20, 0.85), 1.8))


def marker_of(index: int) -> str:
    """The marker shape of a contestant's place: each of the twelve places has its own."""
    return MARKERS[index % len(MARKERS)]


READABLE = 4.5
"""The contrast that a text has with its ground: WCAG 2.2, success criterion 1.4.3."""


def contrast(first: str, second: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it, 1 to 21."""
    lights = [_luminance(QColor(color)) + 0.05 for color in (first, second)]
    return max(lights) / min(lights)


def _luminance(color: QColor) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in (color.redF(), color.greenF(), color.blueF())]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@lru_cache(maxsize=256)
def _ink(color: str, theme: Theme) -> str:
    for percent in range(0, 100, 2):
        ink = mixed(color, theme.text, percent / 100).name()
        if min(contrast(ink, theme.card), contrast(ink, theme.raised)) >= READABLE:
            return ink
    return theme.text


def mixed(first: str, second: str, share: float) -> QColor:
    """The colour `share` of the way from `first` to `second`."""
    a, b = QColor(first), QColor(second)
    return QColor.fromRgbF(a.redF() + (b.redF() - a.redF()) * share,
                           a.greenF() + (b.greenF() - a.greenF()) * share,
                           a.blueF() + (b.blueF() - a.blueF()) * share)
