"""What is written around a graph's nodes: layers, inputs, outputs, and what there was no room for.
"""

from __future__ import annotations

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.network.graph_columns import described

from .faces import face, width_of
from .graph_layout import CHIP_ROOM, DETAIL, NAME, NodeColumn
from .graph_scene import GraphScene


def paint_names(painter: QPainter, scene: GraphScene, entry: NodeColumn) -> None:
    """All that is written around a column."""
    if entry.head.height() > 0:
        _paint_head(painter, scene, entry)
    if entry.number == 0 and scene.image is None:
        _paint_inputs(painter, scene, entry)
    elif entry.number == len(scene.chain) - 1:
        _paint_outputs(painter, scene, entry)
    _paint_left_out(painter, scene, entry)


def _paint_head(painter: QPainter, scene: GraphScene, entry: NodeColumn) -> None:
    """The layer's name, and below it what it is made of."""
    style, rect = scene.style, entry.head
    (bold, metrics), (small, tiny) = face(style, NAME, 600), face(style, DETAIL)
    last = entry.number == len(scene.chain) - 1
    numbered = "in" if entry.number == 0 else "out" if last else str(entry.number)
    name = next((text for text in (entry.column.name, numbered)
                 if width_of(style, text, NAME, 600) <= rect.width()), "")
    painter.setFont(bold)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(QPointF(rect.center().x() - width_of(style, name, NAME, 600) / 2,
                             rect.top() + metrics.ascent()), name)
    painter.setFont(small)
    text, warning = _detail(scene, entry)
    left = rect.center().x() - width_of(style, text + warning, DETAIL) / 2
    baseline = rect.top() + metrics.height() + tiny.ascent()
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(left, baseline), text)
    if warning:
        painter.setPen(QColor(style.theme.warning))
        painter.drawText(QPointF(left + width_of(style, text, DETAIL), baseline), warning)


def _detail(scene: GraphScene, entry: NodeColumn) -> tuple[str, str]:
    """What a layer is made of, and how many of its units are dead, as far as there is room."""
    parts = described(scene.state.training.network, entry.column)
    width = f"{entry.column.width:,}"
    dead = scene.responses.dead.get(entry.number)
    count = 0 if dead is None else int(dead.sum())
    warning = f"{count:,} dead" if count else ""
    for keep in range(len(parts), -1, -1):
        # What stands last stays longest: dropout says more here than what it follows.
        text = " ".join([width, ", ".join(parts[len(parts) - keep:])]) if keep else width
        text += " · " if count else ""
        if width_of(scene.style, text + warning, DETAIL) <= entry.head.width():
            return text, warning
    fits = width_of(scene.style, warning, DETAIL) <= entry.head.width()
    return "", warning if fits else ""


def _paint_inputs(painter: QPainter, scene: GraphScene, entry: NodeColumn) -> None:
    """The inputs' names at their left."""
    style, (font, metrics) = scene.style, face(scene.style, NAME)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    for unit, rect in zip(entry.units, entry.nodes, strict=True):
        end = rect.left() - style.px(6)
        room = end - scene.body.left()
        if room < style.px(12):
            continue
        text = metrics.elidedText(scene.names[0][unit], Qt.TextElideMode.ElideRight, room)
        baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(end - width_of(style, text, NAME), baseline), text)


def _paint_outputs(painter: QPainter, scene: GraphScene, entry: NodeColumn) -> None:
    """The outputs' names at their right, classes with their colours, the wanted one bold."""
    style, flows, names = scene.style, scene.place is not None, scene.names[1]
    data = scene.state.training.material.data
    classed = data.task == "classes" and len(names) == len(data.classes)
    right = scene.body.right() if scene.layout.loss is None else (
        scene.layout.loss.left() - style.px(6))
    for unit, rect in zip(entry.units, entry.nodes, strict=True):
        wanted = classed and flows and unit == int(scene.flow.target[0])
        font, metrics = face(style, NAME, 600 if wanted else 400)
        left, up = rect.right() + style.px(7), 0.0
        if flows and stacked(scene, rect.height()):
            up = metrics.height() / 2
        elif flows:
            left += style.px(CHIP_ROOM)
        baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2 - up
        indent = style.px(12) if classed else 0.0
        if right - left - indent < style.px(8):
            continue
        if classed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.class_color(unit))
            painter.drawEllipse(QPointF(left + style.px(4), baseline - 0.36 * metrics.ascent()),
                                style.px(4), style.px(4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.text if wanted else style.theme.quiet))
        painter.drawText(QPointF(left + indent, baseline), metrics.elidedText(
            names[unit], Qt.TextElideMode.ElideRight, right - left - indent))


def stacked(scene: GraphScene, side: float) -> bool:
    """Whether an output's number stands below its name, and not before it."""
    return side >= 2 * face(scene.style, NAME)[1].height()


def _paint_left_out(painter: QPainter, scene: GraphScene, entry: NodeColumn) -> None:
    """How many units have no node, and how many columns are missing before this one."""
    style, (font, metrics) = scene.style, face(scene.style, DETAIL)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    if entry.more:
        text = f"+ {entry.more:,} more"
        if width_of(style, text, DETAIL) > entry.head.width():
            text = f"+{entry.more:,}"
        middle = entry.nodes[-1].center().x()
        painter.drawText(QPointF(middle - width_of(style, text, DETAIL) / 2,
                                 scene.body.bottom() - metrics.descent()), text)
    if entry.skipped:
        place = scene.layout.columns.index(entry)
        left = scene.layout.columns[place - 1].nodes[0].right() if place else scene.body.left()
        left += style.px(CHIP_ROOM) if scene.place is not None and place else 0.0
        right = entry.nodes[0].left()
        y = scene.body.top() + entry.head.height() + (
            scene.body.height() - entry.head.height()) / 2
        texts = (f"{entry.skipped:,} more", f"+{entry.skipped:,}")
        room = right - left - style.px(4)
        text = next((t for t in texts if width_of(style, t, DETAIL) <= room), "")
        for line, down in (("…", 0.0), (text, metrics.height())):
            wide = width_of(style, line, DETAIL)
            if wide <= right - left:
                painter.drawText(QPointF((left + right - wide) / 2, y + down), line)
