"""Names at the heads of trails in three dimensions."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from scenes import pixels, race

from app.theme import LIGHT, Style
from app.views import Look
from app.views.relief_heads import Head, paint_heads, placed
from app.views.view import appearances


def test_names_of_faded_contestants_do_not_heap_up(qapp):
    """Five arrive at one place, of which none is meant: two pale names stand there, not a heap."""
    crowd = race(contestants=[{"name": name, "optimizer": {"name": "sgd", "lr": 0.004}}
                              for name in ("Alone", "One", "Two", "Three", "Four", "Five")])
    style, bounds = Style(LIGHT), QRectF(0, 0, 500, 400)
    metrics = QFontMetricsF(style.font(15, 600))
    for highlight, seen in (("Alone", 3), (None, 6)):
        shown = appearances(crowd, style, Look(highlight=highlight))
        heads = [Head(a, a.name, QPointF(100 if a.name == "Alone" else 300, 300)) for a in shown]
        rects = placed(heads, metrics, style, bounds)
        image = QImage(500, 400, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        with QPainter(image) as painter:
            paint_heads(painter, heads, rects, style)
        inked = [(part(image, rect) < 230).any() for rect in rects]
        assert sum(inked) == seen and inked[:2] == [True, True]


def part(image: QImage, rect: QRectF) -> np.ndarray:
    """The pixels of letters within a rectangle: no marker and no other name reaches there."""
    inner = rect.adjusted(16, 7, -2, -7).toRect()
    return pixels(image)[inner.top() : inner.bottom(), inner.left() : inner.right()]
