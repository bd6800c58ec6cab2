"""What is written in a view and where, a mouse over it, and what it asks for."""

from __future__ import annotations

import re
from math import hypot
from types import SimpleNamespace
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFontMetricsF
from scenes import SVG, Solo, svg_of

from app import typefaces
from app.views import Look, View
from engine.snapshot import Snapshot

# Texts may come as near as this, in pixels: metrics are wider than what is painted.
TOUCH = 2.0


def text_boxes(shown: Solo, snapshot: Snapshot, look: Look) -> list[tuple[str, QRectF]]:
    """Every text that is written, with the rectangle that it takes."""
    shown.view.draw(snapshot, look)
    found: list[tuple[str, QRectF]] = []

    def walk(element, left: float, top: float, scale: float, upright: bool) -> None:
        moved = re.match(r"matrix\(([^)]*)\)", element.get("transform", ""))
        if moved:
            a, b, _, _, e, f = map(float, moved[1].split(","))
            left, top, scale = left + scale * e, top + scale * f, scale * hypot(a, b)
            upright = upright or b < 0
        if element.tag == f"{SVG}text":
            size = scale * float(element.get("font-size"))
            metrics = QFontMetricsF(typefaces.font(size, int(element.get("font-weight")),
                                                   tabular=True))
            x, y = scale * float(element.get("x")), scale * float(element.get("y"))
            # Without the room that letters with tails need, which numbers do not use.
            tall, wide = metrics.capHeight(), metrics.horizontalAdvance(element.text)
            # Upright ones are read from below.
            found.append((element.text, QRectF(left + y - tall, top - x - wide, tall, wide)
                          if upright else QRectF(left + x, top + y - tall, wide, tall)))
        for child in element:
            walk(child, left, top, scale, upright)

    walk(svg_of(shown._render, shown.size), 0.0, 0.0, 1.0, False)
    return found


def assert_readable(shown: Solo, snapshot: Snapshot, look: Look) -> list[str]:
    """No text reaches out of the view and none lies over another; returns them."""
    boxes = text_boxes(shown, snapshot, look)
    whole = QRectF(0, 0, *shown.size).adjusted(-TOUCH, -TOUCH, TOUCH, TOUCH)
    for place, (text, box) in enumerate(boxes):
        assert whole.contains(box), f"{text!r} at {box} reaches out of {shown.size}"
        inner = box.adjusted(TOUCH / 2, TOUCH / 2, -TOUCH / 2, -TOUCH / 2)
        for other, taken in boxes[:place]:
            assert not inner.intersects(taken), f"{text!r} lies over {other!r} at {shown.size}"
    return [text for text, _ in boxes]


def mouse(x: float, y: float, *, double: bool = False, leaves: bool = False,
          keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> SimpleNamespace:
    """A mouse event at a pixel of the view, with `taken` saying what became of it.

    The left button's, and a drag has begun where it is; `leaves` is the mouse's going away.
    """
    at = QPointF(x, y)
    event = SimpleNamespace(taken=None, pos=lambda: at, buttonDownPos=lambda: at,
                            double=lambda: double, isExit=lambda: leaves,
                            button=lambda: Qt.MouseButton.LeftButton, modifiers=lambda: keys,
                            acceptDrags=lambda button: True)
    event.accept = lambda: setattr(event, "taken", True)
    event.ignore = lambda: setattr(event, "taken", False)
    return event


def mouse_at(point: QPointF, **how: Any) -> SimpleNamespace:
    """The same at a point."""
    return mouse(point.x(), point.y(), **how)


def listened(view: View) -> list[tuple[Any, ...]]:
    """The wishes that a view has from now on, in their order."""
    wishes: list[tuple[Any, ...]] = []
    view.asked.connect(lambda *wish: wishes.append(wish))
    return wishes
