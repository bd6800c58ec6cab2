"""A network as a graph: what every unit answers, the weights between them, and one example's way
through it, forward to the loss and backward with its gradient.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.snapshot import Snapshot

from ..numbers import number
from .faces import face
from .flow_bar import FlowBar
from .flow_words import Said, said
from .graph_edges import (
    ASIDE,
    OTHERS,
    OTHERS_PASSED,
    Desk,
    Gap,
    Strand,
    paint_pulses,
    paint_strands,
    strand,
)
from .graph_head import ExampleChoice, paint_head
from .graph_layout import NodeColumn
from .graph_painting import GraphPainting
from .graph_scene import GraphScene
from .kept import Kept
from .layer_owner import HEAD, Owner, owner_of
from .small_axes import paint_words
from .view import Look, View, ViewDefinition

# Below these heights the view does without the control, and without the words above it.
LEAST_WITH_BAR, LEAST_WITH_WORDS = 190.0, 250.0
SENTENCE, NUMBERS = 13, 13


class NetworkGraph(View):
    """The chosen contestant's network; a click on a unit looks into it, on the bar steps."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._kept = Kept()
        self._bar = FlowBar()
        self._example = ExampleChoice()
        self._owner: Owner | None = None
        self._scene: GraphScene | None = None
        self._painting = GraphPainting(self._kept)
        self._desk = Desk()
        self._hovered: tuple[int, int] | None = None

    # ---- words

    def note(self) -> str:
        scene = self._scene
        if scene is None:
            return ""
        if self._hovered is not None:
            return self._unit_note(scene, *self._hovered)
        size = f"{scene.state.training.network.params_size:,} parameters"
        dead, seen = sum(int(found.sum()) for found in scene.responses.dead.values()), (
            scene.responses)
        if not dead:
            return size
        rows = "" if seen.rows == seen.of else f" on {seen.rows:,} of {seen.of:,} rows"
        return f"{dead:,} dead unit{'s' * (dead > 1)}{rows} · {size}"

    def _unit_note(self, scene: GraphScene, column: int, unit: int) -> str:
        flow, entry = scene.flow, scene.chain[column]
        if column == 0:
            if scene.image is not None:
                return f"training row {flow.row + 1:,}"
            return f"{scene.names[0][unit]} = {number(float(flow.inputs[unit]))}"
        dropped = "" if flow.kept[column][unit] else " · dropped"
        arriving = flow.arriving(column, unit)
        parts = sorted(range(len(arriving.weights)), key=lambda k: -abs(
            arriving.weights[k] * arriving.values[k]))[:2]
        sources = ", ".join(f"{number(float(arriving.weights[k]), 2)} × unit {k + 1}"
                            if column > 1 else
                            f"{number(float(arriving.weights[k]), 2)} × {scene.names[0][k]}"
                            for k in parts)
        return (f"{entry.name}, unit {unit + 1}{dropped} · "
                f"a {number(float(flow.activations(column)[unit]))} · "
                f"∂L/∂a {number(float(flow.gradients(column)[unit]))} · "
                f"b {number(arriving.bias)} · {sources}")

    # ---- what is where

    def resizeEvent(self, event: Any) -> None:
        self.redraw()

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._owner = owner = owner_of(snapshot, self.style, look, _every_layer)
        if owner is None:
            self._scene = None
        else:
            self._scene = GraphScene(snapshot, owner.appearance.index, look, self.style,
                                     self._body(), self._kept)
            if self._hovered is not None and not self._there(self._hovered):
                self._hovered = None
        self.noted.emit()
        self.update()

    def _there(self, node: tuple[int, int]) -> bool:
        assert self._scene is not None
        return any(entry.number == node[0] and node[1] in entry.units
                   for entry in self._scene.layout.columns)

    def _body(self) -> QRectF:
        """The rectangle between the head and the words."""
        assert self.style is not None
        below = self._bar.height(self.style) if self._barred else 0.0
        apart = self._words_height() or (self.style.px(8) if self._barred else 0.0)
        return self.rect().adjusted(0, self.style.px(HEAD), 0, -below - apart)

    @property
    def _barred(self) -> bool:
        assert self.style is not None
        least = self.style.px(LEAST_WITH_BAR if self.look.flow is None else 0.6 * LEAST_WITH_BAR)
        return self.rect().height() >= least

    def _words_height(self) -> float:
        assert self.style is not None
        if self.look.flow is None or self.rect().height() < self.style.px(LEAST_WITH_WORDS):
            return 0.0
        return (face(self.style, SENTENCE, 600, True)[1].height() + self.style.px(18)
                + face(self.style, NUMBERS)[1].height())

    def words(self) -> Said | None:
        """What is said of the example's numbers."""
        scene = self._scene
        if scene is None or scene.place is None:
            return None
        unit = scene.subject[1] if scene.subject is not None else 0
        return said(scene.flow, scene.place, unit, scene.names)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, scene, owner = self.style, self._scene, self._owner
        if scene is None or owner is None:
            paint_words(painter, style, self.rect(), "Every contestant is muted")
            return
        self._example.place = scene.flow.row if scene.place is not None else None
        self._example.live = self._bar.live = self.live
        paint_head(painter, style, owner, self._example, self.rect().width())
        painter.setOpacity(owner.appearance.opacity)
        self._paint_graph(painter, scene)
        painter.setOpacity(1)
        if self._words_height():
            self._paint_words(painter)
        if self._barred:
            self._bar.paint(painter, style, self.rect(), len(scene.chain) - 1, self.look.flow)

    def _paint_graph(self, painter: QPainter, scene: GraphScene) -> None:
        style, place = scene.style, scene.place
        strands = [self._strand(scene, gap) for gap in scene.gaps]
        paint_strands(painter, style, scene.body, strands, self._desk)
        self._painting.paint_way_to_loss(painter, scene)
        if place is not None and place.share > 0:
            for entry in strands:
                if entry.gap.before.number == place.gap:
                    share = 1 - place.share if place.backward else place.share
                    paint_pulses(painter, style, entry, scene.carried(entry.gap), share)
        self._painting.paint(painter, scene, self._hovered)

    def _strand(self, scene: GraphScene, gap: Gap) -> Strand:
        """How a gap's edges are drawn: those that numbers pass, and those of the unit looked at."""
        place, unit = scene.place, self._hovered
        if place is None:
            return strand(scene.style, gap, 1.0, unit or scene.chosen)
        if gap.before.number != place.gap:
            return strand(scene.style, gap, ASIDE, unit)
        return strand(scene.style, gap, 1.0, unit or scene.subject,
                      OTHERS if unit else OTHERS_PASSED)

    def _paint_words(self, painter: QPainter) -> None:
        assert self.style is not None
        spoken = self.words()
        assert spoken is not None
        width = self.rect().width()
        (bold, metrics), (plain, small) = face(self.style, SENTENCE, 600, True), face(
            self.style, NUMBERS, 400, True)
        top = self.rect().bottom() - self._bar.height(self.style) - self._words_height() + (
            self.style.px(10))
        painter.setFont(bold)
        painter.setPen(QColor(self.style.theme.text))
        sentence = spoken.sentence[:1].upper() + spoken.sentence[1:]
        painter.drawText(QPointF(0, top + metrics.ascent()), metrics.elidedText(
            sentence, Qt.TextElideMode.ElideRight, width))
        painter.setFont(plain)
        painter.setPen(QColor(self.style.theme.quiet))
        painter.drawText(QPointF(0, top + metrics.height() + self.style.px(2) + small.ascent()),
                         small.elidedText(spoken.numbers(small, width),
                                          Qt.TextElideMode.ElideRight, width))

    # ---- mouse

    def _node(self, pixel: QPointF) -> tuple[NodeColumn, int] | None:
        return None if self._scene is None else self._scene.layout.node_at(pixel)

    def hoverEvent(self, event: Any) -> None:
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)
        found = None if event.isExit() else self._node(event.pos())
        hovered = None if found is None else (found[0].number, found[1])
        if hovered != self._hovered:
            self._hovered = hovered
            self.noted.emit()
            self.update()

    def mouseDragEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._barred and self._bar.takes(
                event.buttonDownPos()):
            event.accept()
            self.asked.emit("flow", self._bar.dragged(event.pos()))
        else:
            event.ignore()

    def mouseClickEvent(self, event: Any) -> None:
        if self._scene is None:
            event.ignore()
            return
        asked = self._bar.clicked(event.pos()) if self._barred else None
        example = self._example.clicked(event.pos(), len(
            self._scene.state.training.material.train_x))
        node = self._node(event.pos())
        if asked is not None:
            self.asked.emit("flow", asked[0])
        elif example is not None:
            self.asked.emit("example", example[0])
        elif node is not None and node[0].column.place is not None:
            again = self._scene.chosen == (node[0].number, node[1])
            self.asked.emit("layer", node[0].column.place)
            self.asked.emit("unit", None if again else node[1])
        else:
            event.ignore()
            return
        event.accept()


def _every_layer(state: Any) -> tuple[int, ...]:
    return tuple(range(len(state.training.network.layers)))


network_graph = ViewDefinition(
    "network-graph", "Network",
    "The chosen contestant's units with what each answers, the weights between them, and one "
    "example stepped forward and backward.",
    NetworkGraph, weight=(2.0, 1.5), kinds=frozenset({"network"}),
)
