"""What is written in a frame, found as its SVG has it: which words, where, in which colour."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF, QTransform
from scenes import SVG, svg_of

from app import typefaces

CAPITALS = 0.72
"""The height of capitals, as a share of the type's size."""


@dataclass(frozen=True)
class Written:
    """A text in a frame: what, the rectangle of its line, its colour and how opaque it is."""

    text: str
    rect: QRectF
    px: float
    fill: str
    opacity: float

    def __repr__(self) -> str:
        r = self.rect
        return f"{self.text!r} at ({r.x():.0f}, {r.y():.0f}), {r.width():.0f} wide, {self.fill}"


def written_in(paint, size: tuple[int, int]) -> list[Written]:
    """Every text that is painted as a text, where it stands in the frame.

    The names at the heads of trails are painted as outlines; `labels.place` has its own tests.
    """
    root = svg_of(paint, size)
    parents = {child: parent for parent in root.iter() for child in parent}
    found = []
    for node in root.iter(f"{SVG}text"):
        px = float(node.get("font-size", "0"))
        metrics = QFontMetricsF(typefaces.font(px, int(node.get("font-weight", "400"))))
        text = node.text or ""
        rect = QRectF(float(node.get("x", "0")), float(node.get("y", "0")) - CAPITALS * px,
                      metrics.horizontalAdvance(text), CAPITALS * px)
        opacity = float(node.get("fill-opacity", "1"))
        above = node
        while (above := parents.get(above)) is not None:
            if above.get("transform"):
                rect = _transform(above.get("transform")).mapRect(rect)
            opacity *= float(above.get("opacity", "1"))
        if text.strip():
            found.append(Written(text.strip(), rect, px, node.get("fill", "#000000"), opacity))
    return found


def _transform(text: str) -> QTransform:
    a, b, c, d, e, f = (float(part) for part in text[text.index("(") + 1 : -1].split(","))
    return QTransform(a, b, c, d, e, f)


def overlaps(texts: list[Written]) -> list[tuple[Written, Written]]:
    """Pairs of texts whose letters touch; signs of two fonts in a row do."""
    return [(one, other) for one, other in combinations(texts, 2)
            if one.rect.adjusted(0.75, 0, -0.75, 0).intersects(other.rect)]
