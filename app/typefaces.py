"""The bundled type family: loaded once, and asked for by size so that pictures agree everywhere.

A font that the system chose would make two machines' films differ. Family, pixel size and
antialiasing are therefore always explicit, hinting is off, and the family has a name of its own, so
that an Inter of another version on the machine is never taken instead.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

from PyQt6.QtGui import QFont, QFontDatabase, QGuiApplication

from engine.errors import FileError, MissingLibrary

FAMILY = "Trainscope Inter"
MATH_FAMILY = "STIX Two Math"
"""The equations' font; it also lends the text signs that the text family lacks, such as ∇."""

DESIGN_SIZE = 2048
"""The pixel size at which a point of the text family's outlines is a whole pixel."""

STYLES = ("Regular", "Medium", "SemiBold", "Bold")


def install() -> None:
    """Make the bundled fonts known to Qt; a second call does nothing.

    Needs a QGuiApplication. Raises FileError where a font file is missing or cannot be read, and
    MissingLibrary without ziamath.
    """
    if QGuiApplication.instance() is None:
        raise RuntimeError("fonts can only be loaded after the QApplication is made")
    known = set(QFontDatabase.families())
    if FAMILY not in known:
        folder = files("assets") / "fonts"
        for style in STYLES:
            _load(folder / f"TrainscopeInter-{style}.ttf")
    if MATH_FAMILY not in known:
        _load(_math_font())


def _math_font() -> Path:
    """The font file inside ziamath, found without importing it: that takes a tenth of a second."""
    spec = find_spec("ziamath")
    if spec is None or spec.origin is None:
        raise MissingLibrary("the equations need ziamath: pip install 'trainscope[app]'")
    return Path(spec.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def _load(source: Traversable) -> None:
    try:
        data = source.read_bytes()
    except OSError as error:
        raise FileError(
            f"the font {source} cannot be read ({error.strerror}); install trainscope[app] anew"
        ) from error
    if QFontDatabase.addApplicationFontFromData(data) < 0:
        raise FileError(f"{source} is not a font that Qt can read; install trainscope[app] anew")


def font(px: float, weight: int = 400, caps: bool = False, tabular: bool = False,
         plain: bool = False) -> QFont:
    """The family at `px` pixels, rounded to whole ones, and a weight of 400, 500, 600 or 700.

    `caps` is for group heads: capitals, a little apart. `tabular` gives every digit the same width,
    unless the font is `plain`, which has one shape a letter. The font is everybody's and must not
    be changed.
    """
    return _made(max(1, round(px)), weight, caps, tabular, plain)


@lru_cache(maxsize=512)
def _made(px: int, weight: int, caps: bool, tabular: bool, plain: bool) -> QFont:
    """A font, made once: it takes 20 to 26 µs, and a frame asks for dozens."""
    made = QFont([FAMILY, MATH_FAMILY])
    made.setPixelSize(px)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleStrategy(
        QFont.StyleStrategy.PreferAntialias | QFont.StyleStrategy.NoSubpixelAntialias
    )
    if plain:
        return in_plain_letters(made)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    if caps:
        made.setCapitalization(QFont.Capitalization.AllUppercase)
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
    return made


def in_plain_letters(made: QFont) -> QFont:
    """The font without its other shapes of letters: Qt's PDFs do not know which letters those are.

    A reader that searches for "step 23" finds "step" without it, and "(0, 0)" becomes "!0, 0"".
    """
    plain = QFont(made)
    plain.clearFeatures()
    for feature in ("calt", "liga"):
        plain.setFeature(QFont.Tag(feature), 0)
    return plain


def is_plain(made: QFont) -> bool:
    """Whether a font is for a file in which text stays text."""
    return made.isFeatureSet(QFont.Tag("calt"))
