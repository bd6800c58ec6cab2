"""Dropout at work: the thinned networks of single masks, their mean, and the scaled network.

With two inputs and classes they are maps of the plane; with one input and numbers, curves; else the
spread over masks of what is said of a few rows.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter

from engine.network.batch_pass import mode_losses
from engine.network.masks import dropouts
from engine.network.state import NetworkState
from engine.network.thinned import (
    ThinnedCurves,
    ThinnedPlane,
    ThinnedRows,
    thinned_curves,
    thinned_plane,
    thinned_rows,
)
from engine.snapshot import Snapshot

from ..numbers import number
from .dots import Dots
from .dropout_maps import MapPainter, Maps, arranged
from .dropout_rows import paint_curves, paint_rows, strips
from .faces import face
from .layer_owner import HEAD, Owner, absence, owner_of, paint_owner
from .small_axes import paint_words
from .view import Look, View, ViewDefinition

FOOT = 26.0
# In a lower card the losses stand in its head only.
LEAST_FOOTED = 190.0
CURVES = 12


def dropout_places(state: NetworkState) -> tuple[int, ...]:
    """The places of a state's dropout layers."""
    return dropouts(state.training.network)


class Dropout(View):
    """The masks 1, 2, … are the same at every step, so that what they change is seen to move."""

    def __init__(self) -> None:
        super().__init__()
        self._owner: Owner | None = None
        self._maps: Maps | None = None
        self._found: ThinnedPlane | ThinnedRows | ThinnedCurves | None = None
        self._found_key: object = None
        self._losses = (0.0, 0.0)
        self._losses_key: object = None
        self._painter = MapPainter()
        self._dots = Dots()

    def note(self) -> str:
        if self._owner is None:
            return ""
        if isinstance(self._found, ThinnedPlane):
            share = self._found.agreement
            # Never all, where some of it differs.
            percent = "100" if share == 1 else f"{min(100 * share, 99.9):.1f}"
            return f"mean and scaled agree on {percent} % of the plane"
        if isinstance(self._found, ThinnedRows):
            return f"{self._found.axis} · {self._found.part} rows"
        return ""

    def resizeEvent(self, event: Any) -> None:
        self.redraw()

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._owner = owner = owner_of(snapshot, self.style, look, dropout_places)
        if owner is not None:
            self._look_into(snapshot, owner)
        self.noted.emit()
        self.update()

    def body(self) -> QRectF:
        """The rectangle between the line of the contestant and that of the losses."""
        assert self.style is not None
        px = self.style.px
        foot = px(FOOT) if self.rect().height() >= px(LEAST_FOOTED) else 0.0
        return self.rect().adjusted(0, px(HEAD), 0, -foot)

    def _look_into(self, snapshot: Snapshot, owner: Owner) -> None:
        assert self.style is not None
        state, body = owner.state, self.body()
        data = state.training.material.data
        classes, inputs = data.task == "classes", state.training.material.inputs
        self._maps = arranged(body, self.style) if classes and inputs == 2 else None
        moment = (snapshot.experiment, owner.appearance.index, state.step)
        if moment != self._losses_key:
            self._losses_key, self._losses = moment, mode_losses(state)
        if classes and inputs == 2:
            wanted = "plane", len(self._maps.single) if self._maps is not None else 0
        elif not classes and inputs == 1:
            wanted = "curves", CURVES
        else:
            wanted = "rows", strips(body, self.style)
        if (moment, wanted) == self._found_key:
            return
        self._found_key = (moment, wanted)
        kind, count = wanted
        if kind == "plane":
            self._found = thinned_plane(state, count) if count else None
        elif kind == "curves":
            self._found = thinned_curves(state, count)
        else:
            self._found = thinned_rows(state, count)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        owner, style, found = self._owner, self.style, self._found
        if owner is None:
            paint_words(painter, style, self.rect(), absence(self.snapshot, dropout_places,
                                                             "dropout"))
            return
        paint_owner(painter, style, owner, self._rates(owner), (), self.rect().width())
        painter.setOpacity(owner.appearance.opacity)
        body = self.body()
        if isinstance(found, ThinnedPlane) and self._maps is not None:
            self._painter.paint(painter, style, self._maps, found, owner.state,
                                owner.appearance.color)
        elif isinstance(found, ThinnedRows):
            data = owner.state.training.material.data
            colors = [style.class_color(data.classes.index(label)) if data.task == "classes"
                      else owner.appearance.color for label in found.labels]
            paint_rows(painter, style, body, found, owner.appearance, colors, self._dots)
        elif isinstance(found, ThinnedCurves):
            paint_curves(painter, style, body, found, owner.state, owner.appearance)
        else:
            paint_words(painter, style, body, "More room is needed for maps")
        if body.bottom() < self.rect().bottom():
            self._paint_losses(painter)
        painter.setOpacity(1)

    def _rates(self, owner: Owner) -> str:
        """How much is dropped, such as "drops 50 %" or "drops 20, 50, 50 %"."""
        layers = owner.state.training.network.layers
        rates = [f"{100 * layers[place].hypers['rate']:.3g}" for place in owner.places]
        if len(set(rates)) == 1:
            rates = rates[:1]
        return f"drops {', '.join(rates)} %"

    def _paint_losses(self, painter: QPainter) -> None:
        """The next batch's loss in both modes, words quiet and numbers in the text's colour."""
        assert self.style is not None
        style, rect = self.style, self.rect()
        (font, metrics), (values, wide) = face(style, 13), face(style, 14, 500, tabular=True)
        training, in_use = (number(loss) for loss in self._losses)
        gap = style.px(8)
        for words in (("Loss of the next batch", "as in training, masks on", "as in use, scaled"),
                      ("Next batch's loss", "masks on", "scaled"), ("", "masks on", "scaled")):
            parts = [(words[0], False), (words[1], False), (training, True), (words[2], False),
                     (in_use, True)]
            room = sum((wide if strong else metrics).horizontalAdvance(text)
                       + (2.2 * gap if strong or text == words[0] else gap)
                       for text, strong in parts)
            if room <= rect.width() + 2.2 * gap:
                break
        else:
            return
        left = 0.0
        for text, strong in parts:
            painter.setFont(values if strong else font)
            painter.setPen(QColor(style.theme.text if strong else style.theme.quiet))
            painter.drawText(QPointF(left, rect.bottom() - metrics.descent()), text)
            left += (wide if strong else metrics).horizontalAdvance(text)
            left += 2.2 * gap if strong or (text and text == words[0]) else gap if text else 0.0


dropout = ViewDefinition(
    "dropout", "Dropout",
    "Single masks' thinned networks, the mean of many, and the scaled network that stands for it.",
    Dropout, weight=(1.6, 1.2), kinds=frozenset({"network"}),
)
