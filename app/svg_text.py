"""An SVG whose letters are text: searched, copied, read aloud, and edited in a drawing program.

Qt names one font; where that is not installed a browser or slide program takes another, in which
right-aligned numbers and wrapped lines would no longer fit. So each text says how wide it is, and
which fonts are nearest.
"""

from __future__ import annotations

from xml.dom.minidom import Element, Text, parseString

from PyQt6.QtGui import QFontMetricsF

from .typefaces import FAMILY, font

# Qt's own reader takes a list for one font's name; it does not look into @supports.
_STYLE = (f"@supports (font-family: serif) {{ text {{ font-family: '{FAMILY}', Inter, "
          f"'Helvetica Neue', Arial, 'STIX Two Math', sans-serif }} }}")


def with_widths(svg: bytes) -> bytes:
    """The document with a width and a choice of fonts for every <text>."""
    document = parseString(svg)
    style = document.createElement("style")
    style.appendChild(document.createTextNode(_STYLE))
    root = document.documentElement
    assert root is not None
    root.insertBefore(style, root.firstChild)
    for text in document.getElementsByTagName("text"):
        _measure(text)
    result: bytes = document.toxml(encoding="utf-8")
    return result


def _measure(text: Element) -> None:
    letters = "".join(node.data for node in text.childNodes if isinstance(node, Text))
    size, weight = float(text.getAttribute("font-size")), int(text.getAttribute("font-weight"))
    width = QFontMetricsF(font(size, weight, plain=True)).horizontalAdvance(letters)
    if width > 0:
        text.setAttribute("textLength", f"{width:.2f}")
        text.setAttribute("lengthAdjust", "spacingAndGlyphs")
