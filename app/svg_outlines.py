"""An SVG whose letters are outlines, so that it looks the same where the fonts are not installed.

Qt writes text with the name of its font; a browser or slide program without that font would take
another one, in which right-aligned numbers and wrapped lines no longer fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.dom.minidom import Document, Element, Text, parseString

from PyQt6.QtGui import QPainterPath

from .typefaces import font


def outlined(svg: bytes) -> bytes:
    """The document with every <text> element as a <path>, which keeps the text as its label."""
    document = parseString(svg)
    for text in document.getElementsByTagName("text"):
        parent = text.parentNode
        assert parent is not None
        parent.replaceChild(_as_path(document, text), text)
    result: bytes = document.toxml(encoding="utf-8")
    return result


def _as_path(document: Document, text: Element) -> Element:
    letters = "".join(node.data for node in text.childNodes if isinstance(node, Text))
    outline = QPainterPath()
    size, weight = float(text.getAttribute("font-size")), int(text.getAttribute("font-weight"))
    outline.addText(float(text.getAttribute("x")), float(text.getAttribute("y")),
                    font(size, weight), letters)
    path = document.createElement("path")
    for name in ("fill", "fill-opacity", "stroke"):
        path.setAttribute(name, text.getAttribute(name))
    path.setAttribute("fill-rule", "nonzero")
    path.setAttribute("aria-label", letters)
    path.setAttribute("d", " ".join(_commands(outline)))
    return path


def _commands(outline: QPainterPath) -> Iterator[str]:
    """The path's segments in SVG's letters; Qt keeps a cubic curve as three points."""
    letters = {QPainterPath.ElementType.MoveToElement: "M",
               QPainterPath.ElementType.LineToElement: "L",
               QPainterPath.ElementType.CurveToElement: "C",
               QPainterPath.ElementType.CurveToDataElement: ""}
    for place in range(outline.elementCount()):
        element = outline.elementAt(place)
        yield f"{letters[element.type]}{element.x:.2f},{element.y:.2f}"
