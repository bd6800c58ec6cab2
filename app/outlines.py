"""LaTeX to outlines: an equation becomes painter paths, fast to draw, at any size, as vectors.

ziamath typesets in STIX Two Math and answers with SVG elements. Read into painter paths they draw
as fast as QtSvg draws them (0.1 ms for a rule at 26 px), but take any colour without being parsed
again, tell where the ink of each part of an equation is, are never clipped by a view box, and reach
SVG and PDF exports as curves.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain, pairwise
from threading import Lock
from typing import Any
from xml.etree import ElementTree

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker

from engine.errors import MissingLibrary, TrainscopeError

UNITS_PER_EM = 1000.0

# ziamath reads glyphs from one open font file: a film's thread and the window's must take turns.
_typesetting = Lock()

_HAT, _SMALL_HAT = "\u0302", "\u02c6"

# Where the converter's MathML departs from what the same LaTeX means in TeX.
_TIGHT = {"lspace": "0", "rspace": "0"}
_BINARY = {"lspace": "mediummathspace", "rspace": "mediummathspace"}
_AS_IN_TEX = {
    "∇": _TIGHT,
    "∂": _TIGHT,
    "‖": {**_TIGHT, "stretchy": "false"},
    "⊙": _BINARY,
    "⊗": _BINARY,
    "⊕": _BINARY,
}
# A sign after one of these belongs to what follows it, as it does at an equation's beginning.
_SIGNS = frozenset("+\u2212±∓")
_BEFORE_A_SIGN = frozenset("=≠<>≤≥≪≫≈≡∼∝←→⇒∈([,;:×⋅") | _SIGNS


class EquationError(TrainscopeError, ValueError):
    """A LaTeX text that cannot be typeset, and why."""

    def __init__(self, tex: str, sentence: str) -> None:
        super().__init__(f"cannot typeset {tex!r}: {sentence}")
        self.tex = tex


@dataclass(frozen=True)
class Outline:
    """Typeset ink: the filled shapes and the box around them, in 1/1000 em, y pointing down."""

    shapes: tuple[QPainterPath, ...]
    box: QRectF

    def draw(self, painter: QPainter, x: float, baseline_y: float, px: float, color: QColor
             ) -> None:
        """Fill the shapes at an em of `px` pixels, with their origin at (`x`, `baseline_y`)."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(x, baseline_y)
        painter.scale(px / UNITS_PER_EM, px / UNITS_PER_EM)
        # One by one: Qt fills many small paths about four times as fast as one that joins them.
        for shape in self.shapes:
            painter.fillPath(shape, color)
        painter.restore()


@lru_cache(maxsize=256)
def outlines(texts: tuple[str, ...]) -> tuple[Outline, ...]:
    """Typeset `texts` as one equation and return the outline of each, in the same coordinates.

    The baseline is y = 0. Because they are set as one row, a minus that ends one text and the
    letter that begins the next stand as far apart as they should. Raises EquationError, and
    MissingLibrary without ziamath.
    """
    with _typesetting:
        return _typeset(texts)


def _typeset(texts: tuple[str, ...]) -> tuple[Outline, ...]:
    ziamath = _import_ziamath()
    converted = [_elements(tex) for tex in texts]
    math = ElementTree.Element("math", display="block")
    ElementTree.SubElement(math, "mrow").extend(chain.from_iterable(converted))
    whole = " ".join(texts)
    try:
        (row,) = ziamath.Math(math, size=UNITS_PER_EM).node.nodes
        _refuse_missing_glyphs(whole, row)
        if len(texts) == 1:
            return (_outline([(0.0, 0.0, row)]),)
        placed = [(x, y, node) for (x, y), node in zip(row.nodexy, row.nodes, strict=True)]
    except EquationError:
        raise
    except Exception as error:
        raise EquationError(whole, _reason(error)) from error
    if len(placed) != sum(map(len, converted)):
        raise EquationError(whole, "a line break cannot stand in an equation of several parts")
    ends = list(accumulate(map(len, converted)))
    return tuple(_outline(placed[end - len(elements):end])
                 for end, elements in zip(ends, converted, strict=True))


@cache
def _import_ziamath() -> Any:
    with warnings.catch_warnings():
        # It opens its font through a function that Python 3.11 deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            import ziamath
        except ImportError as error:
            raise MissingLibrary("equations need ziamath: pip install 'trainscope[app]'") from error
    # Glyphs as paths at their places; its default refers to symbols by name.
    ziamath.config.svg2 = False
    return ziamath


def _elements(tex: str) -> list[ElementTree.Element]:
    """The MathML of one text, as the children of a row."""
    from ziamath.tex import tex2mml

    _refuse_bad_characters(tex)
    try:
        math = ElementTree.fromstring(tex2mml(tex))
    # latex2mathml raises a dozen unrelated types, bare AssertionError and ParseError among them.
    except Exception as error:
        raise EquationError(tex, _reason(error)) from error
    for element in math.iter():
        element.tag = element.tag.split("}")[-1]
        text = (element.text or "").strip()
        if text.startswith("\\"):
            raise EquationError(tex, f"the command {text} is not known")
        if element.tag == "mo":
            element.attrib = {**_AS_IN_TEX.get(text, {}), **element.attrib}
    for parent in math.iter():
        for before, element in pairwise(parent):
            signs = (before.tag == element.tag == "mo"
                     and (before.text or "").strip() in _BEFORE_A_SIGN
                     and (element.text or "").strip() in _SIGNS)
            if signs:
                element.attrib = {**element.attrib, **_TIGHT}
    for accent in math.iter("mover"):
        # The converter asks for the wide hat for both commands; only \widehat should grow.
        if accent.get("accent") == "true" and accent[1].text == _HAT:
            accent[1].text = _SMALL_HAT
            accent[1].set("stretchy", "false")
    row = math[0] if len(math) == 1 and math[0].tag == "mrow" else math
    return [element for element in row if element.tag != "mo" or (element.text or "").strip()]


def _refuse_bad_characters(tex: str) -> None:
    """Find what the converter would silently typeset as something else."""
    if not tex.strip():
        raise EquationError(tex, "it is empty")
    bare = re.sub(r"\\[^A-Za-z]", "", tex)
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            raise EquationError(tex, "a } closes nothing")
    if depth:
        raise EquationError(tex, "a { is not closed")
    for sign, advice in (("$", "write the equation without $"), ("%", r"write \% for a per cent"),
                         ("#", r"write \# for a number sign")):
        if sign in bare:
            raise EquationError(tex, advice)


def _reason(error: Exception) -> str:
    """What a library's exception means to whoever wrote the LaTeX."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).removesuffix("Error").strip()
    known = {
        "No Available Tokens": "something is missing at its end",
        "Assertion": "an argument of a command is missing",
        "Parse": "it holds a sign that stands only inside a table or not in an equation at all",
    }
    if type(error).__module__.startswith("latex2mathml"):
        return known.get(words, words.lower())
    return known.get(words, "it is not LaTeX that can be typeset")


def _refuse_missing_glyphs(tex: str, node: Any) -> None:
    for leaf in _leaves(node):
        if getattr(leaf, "glyph", None) is not None and leaf.glyph.index == 0:
            raise EquationError(tex, f"the font has no sign for {leaf.char!r}")


def _leaves(node: Any) -> Iterator[Any]:
    if not node.nodes:
        yield node
    for child in node.nodes:
        yield from _leaves(child)


def _outline(placed: Sequence[tuple[float, float, Any]]) -> Outline:
    """The shapes that the placed nodes draw."""
    shapes = []
    for x, y, node in placed:
        svg = ElementTree.Element("svg")
        node.draw(x, y, svg)
        shapes += [shape for shape in map(_shape, svg.iter()) if not shape.isEmpty()]
    box = QRectF()
    for shape in shapes:
        box = box.united(shape.boundingRect())
    return Outline(tuple(shapes), box)


def _shape(element: ElementTree.Element) -> QPainterPath:
    """The outline of one SVG element; of a group, an empty one."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)

    def length(name: str) -> float:
        return float(element.get(name, "0"))

    if element.tag == "path":
        _add_commands(path, element.get("d", ""))
    elif element.tag == "rect":
        path.addRect(QRectF(length("x"), length("y"), length("width"), length("height")))
    elif element.tag == "ellipse":
        rx, ry = length("rx"), length("ry")
        path.addEllipse(QRectF(length("cx") - rx, length("cy") - ry, 2 * rx, 2 * ry))
    if element.get("stroke"):
        stroker = QPainterPathStroker()
        stroker.setWidth(length("stroke-width"))
        path = stroker.createStroke(path)
    return path


def _add_commands(path: QPainterPath, commands: str) -> None:
    """Follow the letters that ziamath writes: absolute M, L, Q, C and Z."""
    for letter, rest in re.findall(r"([MLQCZ])([^MLQCZ]*)", commands):
        at = [float(word) for word in rest.split()]
        if letter == "M":
            path.moveTo(*at)
        elif letter == "L":
            path.lineTo(*at)
        elif letter == "Q":
            path.quadTo(*at)
        elif letter == "C":
            path.cubicTo(*at)
        else:
            path.closeSubpath()
