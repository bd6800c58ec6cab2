"""Ways on a landscape that cross: all of them can be seen, and no name is under the key."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import tostring

import numpy as np
from landscape_scenes import three
from networks import finished
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtSvg import QSvgRenderer
from scenes import pixels, race, rgb, snapshot_of, solo, svg_of

from app.theme import LIGHT, Style
from app.views import Look
from app.views.heads import Heads
from app.views.landscape_ways import Canvas, Ways
from app.views.view import appearances


def test_a_way_to_and_fro_and_a_thick_one_over_it_are_both_seen(qapp):
    snapshot = finished(three()).at(200)
    with solo("landscape", "light", (500, 400)) as shown:
        shown.draw(snapshot, Look())
        picture = shown.view._source.picture
    (left, right), (bottom, top) = picture.field.extent
    across = np.linspace(0.1, 0.9, 40)
    # One goes straight through the middle, the other up and down over it again and again.
    straight, wild = (np.stack([left + across * (right - left), bottom + up * (top - bottom)], 1)
                      for up in (np.full(40, 0.5), 0.5 + 0.3 * (-1.0)**np.arange(40)))
    steps = np.arange(40)
    for thick, thin in ((0, 1), (1, 0)):
        ways = {thick: straight, thin: wild}
        paths = tuple(replace(path, steps=steps, points=ways[path.contestant])
                      for path in picture.paths[:2])
        seen = tuple(a for a in appearances(snapshot.experiment, Style(LIGHT), Look())[:2])
        canvas = Canvas((500, 300), 1.0, Style(LIGHT), seen, picture.field.extent)
        drawn = pixels(Ways(replace(picture, paths=paths), canvas).trails.at(200))
        middle = drawn[149:152, 60:440]
        away = [np.abs(middle - rgb(a.color)).sum(2) for a in (seen[thick], seen[thin])]
        assert (away[0] < 60).mean() > 0.2, "the straight one is seen between the other's pieces"
        over = (away[1] < away[0]).all(0)
        assert np.count_nonzero(np.diff(over.astype(int)) == 1) > 30, "which go on over it"


def test_ways_of_vectors_lie_where_those_of_pixels_do(qapp):
    snapshot = finished(three()).at(200)
    with solo("landscape", "light", (500, 400)) as shown:
        drawn = shown.draw(snapshot, Look())
        image = QImage(500, 400, QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.card))
        with QPainter(image) as painter:
            QSvgRenderer(tostring(svg_of(shown._render, (500, 400)))).render(painter)
        body = shown.view._map.body.toRect()
    both = [picture[body.top() : body.bottom(), body.left() : body.right()]
            for picture in (drawn, pixels(image))]
    for appearance in appearances(snapshot.experiment, Style(LIGHT), Look()):
        one, other = (np.abs(part - rgb(appearance.color)).sum(2) < 60 for part in both)
        assert (one & other).sum() > 0.7 * one.sum() > 100


def test_names_keep_off_a_place_that_is_taken(qapp):
    crowd = race(contestants=[{"name": name, "optimizer": {"name": "sgd", "lr": 0.004}}
                              for name in ("First", "Second", "Third")])
    style, key = Style(LIGHT), QRectF(200, 40, 200, 50)
    shown = [a for a in appearances(crowd, style, Look()) if a is not None]
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        rects = Heads().paint(painter, lambda x, y: QPointF(300, 140), shown,
                              snapshot_of(crowd, 40), style, QRectF(0, 0, 600, 400), None,
                              taken=[key])
    names = rects[:3]
    assert not any(key.intersects(name) for name in names)
    assert not any(one.intersects(other) for one in names for other in names if one is not other)
