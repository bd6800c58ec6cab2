"""The bundled fonts and icons: all there, used before the system's, named when missing."""

from importlib.resources import files

import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetricsF, QRawFont

from app import icons, typefaces
from app.typefaces import FAMILY, font
from engine.errors import FileError, UnknownName

TEXT_SIGNS = "Aé β₁ηλ√ −×·≤≈±∞ 10⁻⁵⁸ →← … “”’ ŵ Привет \u2007\u2008"


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_the_bundled_family_is_used(qapp, weight):
    info = QFontInfo(font(20, weight))
    assert (info.family(), info.weight(), info.pixelSize()) == (FAMILY, weight, 20)


def test_weights_are_different_faces(qapp):
    widths = [QFontMetricsF(font(40, weight)).horizontalAdvance("momentum")
              for weight in (400, 500, 600, 700)]
    assert widths == sorted(widths)
    assert len(set(widths)) == 4


def test_the_bundled_family_has_the_signs_that_are_used(qapp):
    raw = QRawFont.fromFont(font(20))
    assert raw.familyName() == FAMILY
    assert [sign for sign in TEXT_SIGNS if not raw.supportsCharacter(sign)] == []


def test_figures_are_tabular(qapp):
    metrics = QFontMetricsF(font(20, tabular=True))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789−"}) == 1
    plain = QFontMetricsF(font(20))
    assert plain.horizontalAdvance("1") < plain.horizontalAdvance("0")


def test_capitals_are_set_apart(qapp):
    small, caps = font(12, 600), font(12, 600, caps=True)
    assert caps.capitalization() == QFont.Capitalization.AllUppercase
    assert (QFontMetricsF(caps).horizontalAdvance("problems")
            > QFontMetricsF(small).horizontalAdvance("PROBLEMS"))


def test_installing_again_adds_nothing(qapp):
    before = QFontDatabase.families()
    typefaces.install()
    assert QFontDatabase.families() == before


def test_fonts_come_with_their_licence_and_are_small():
    folder = files("assets") / "fonts"
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert sum(len(entry.read_bytes()) for entry in folder.iterdir()) < 2_000_000


def test_a_missing_font_is_named(qapp, tmp_path):
    with pytest.raises(FileError, match=r"nowhere\.ttf cannot be read .* install"):
        typefaces._load(tmp_path / "nowhere.ttf")


def test_a_broken_font_is_named(qapp, tmp_path):
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"not a font")
    with pytest.raises(FileError, match=r"broken\.ttf is not a font"):
        typefaces._load(broken)


# ---- icons


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_draws_in_the_colour_asked_for(qapp, name):
    image = icons.pixmap(name, "#7AA2FF", 24, 2.0).toImage()
    colors = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    solid = [color for color in colors if color.alpha() == 255]
    assert len(solid) > 20
    for color in solid:
        # Overlapping antialiased strokes round by one level.
        assert color.getRgb()[:3] == pytest.approx((0x7A, 0xA2, 0xFF), abs=2)


def test_an_icon_has_the_pixels_of_its_screen(qapp):
    pixmap = icons.pixmap("play", "#000000", 20, 1.5)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (30, 1.5)
    assert icons.icon("play", QColor("#000000"), 20).availableSizes()


def test_a_filled_icon_is_solid(qapp):
    def centre(filled: bool) -> int:
        image = icons.pixmap("play", "#000000", 24, filled=filled).toImage()
        return image.pixelColor(12, 12).alpha()

    assert (centre(False), centre(True)) == (0, 255)


def test_icons_are_drawn_once(qapp):
    assert icons.icon("x", "#123456", 18).cacheKey() == icons.icon("x", "#123456", 18).cacheKey()


def test_an_unknown_icon_suggests_one():
    with pytest.raises(UnknownName, match="no icon 'plya'; did you mean 'play'"):
        icons.paint(None, "plya", "#000000", QRectF())  # type: ignore[arg-type]


def test_icons_come_with_their_licence():
    text = (files("assets") / "icons" / "LICENSE.txt").read_text(encoding="utf-8")
    assert "ISC License" in text and "Lucide" in text and "Cole Bemis" in text
