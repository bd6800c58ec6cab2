"""Names at heads on maps that had to give way: what leads to them, and which of them are seen."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from scenes import pixels, race, snapshot_of, solo

from app.theme import LIGHT, Style, in_plain_letters
from app.views import Look, labels
from app.views.leaders import outside

CROWD = [{"name": name, "optimizer": {"name": "sgd", "lr": 0.004}}
         for name in ("One", "Two", "Three", "Four", "Five")]


def test_a_line_is_cut_where_rectangles_are():
    line = QLineF(0, 0, 0, 10)
    pieces = list(outside(line, [QRectF(-1, 2, 2, 3), QRectF(-1, 4, 2, 2), QRectF(5, 0, 2, 9)]))
    assert [(piece.y1(), piece.y2()) for piece in pieces] == [(0, 2), (6, 10)]
    assert list(outside(line, [QRectF(-1, -1, 2, 12)])) == []


def test_lines_to_heads_cross_no_name(qapp):
    """Names above one another, whose heads are all below: between letters nothing is drawn."""
    font = Style(LIGHT).font(15, 600)
    height = QFontMetricsF(font).height()
    tags = [labels.Label("W    W", QPointF(100, 180), QColor("black")) for _ in range(4)]
    width = QFontMetricsF(font).horizontalAdvance("W    W")
    rects = [QRectF(100 - width / 2, 150 - k * height, width, height) for k in range(4)]
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        labels.paint(painter, tags, rects, font, QColor("white"), 3.5, 20)
    drawn = pixels(image)
    for rect in rects:
        gap = drawn[int(rect.top()) + 2 : int(rect.bottom()) - 1, 99:102]
        assert gap.min() > 200
    assert drawn[172:178, 99:102].min() < 200, "the lines come to the head"


def test_names_of_faded_contestants_do_not_heap_up_on_a_map(qapp):
    start = {"kind": "surface", "surface": "beale", "start": [1.0, 1.5]}
    crowd = race(contestants=[*CROWD, {"name": "Alone", "optimizer": {"name": "adam", "lr": 0.3}}],
                 problem=start)
    names = {contestant["name"] for contestant in CROWD}
    with solo("surface-path", "light", (600, 500)) as shown:
        shown.view.restyle(Style(in_plain_letters(LIGHT)))
        snapshot = snapshot_of(crowd, 40)
        apart = np.array(snapshot.contestants[0].point) - snapshot.contestants[5].point
        assert np.hypot(*apart) > 0.5
        assert names <= {*shown.texts(snapshot, Look())}
        faded = {*shown.texts(snapshot, Look(highlight="Alone"))}
        assert 1 <= len(names & faded) <= 2 and "Alone" in faded
