"""The loss along straight lines: through every network, or from one network to the others.

Along a random direction that is scaled to a network's own weights, a wide valley says a flat
minimum. From one network to another a hill says that training has found two separate ones.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter

from engine.landscape.picture import Wanted
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .faces import face
from .gradual import GradualView
from .kept import Same
from .landscape_source import LandscapeSource, source_of, wanted_of
from .panel_grid import say
from .quantity_choice import HEIGHT, Segment, paint_segments, segment_at
from .slice_panels import LEGEND, Panel, legend_rows, paint_legend, paint_panels
from .small_axes import SmallAxes
from .view import Appearance, Look, ViewDefinition, appearances

WORDS = {"axes": "along directions", "between": "to the others"}
LEAST_FOR_CHOICE = 160.0


class LandscapeSlices(GradualView):
    """One panel a direction, or one of all lines between networks."""

    rest_ms: ClassVar[int] = 40

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._source = LandscapeSource()
        self._shown: dict[int, Appearance] = {}
        self._wanted: Wanted | None = None
        self._segments: tuple[Segment, ...] = ()
        self._panels: tuple[Panel, ...] = ()
        self._axes: tuple[SmallAxes, ...] = ()
        self._hover: QPointF | None = None
        self._seen: object = None

    # ---- words

    def note(self) -> str:
        if self._wanted is None or not self._panels:
            return ""
        if self._hover is not None and (text := self._hovered_text(self._hover)):
            return text
        has_test = any(section.test is not None for section in self._source.lines[0])
        parts = ["train solid, test dashed" if has_test else "loss on training rows"]
        if self._wanted.plane == "random" and self.look.slices == "axes":
            parts.append("scaled to own weights")
        return " · ".join(parts)

    def _hovered_text(self, at: QPointF) -> str:
        for axes in self._axes:
            if axes.rect.contains(at):
                x = axes.x_of(at.x())
                y = axes.y[0] + (axes.rect.bottom() - at.y()) / axes.rect.height() * (
                    axes.y[1] - axes.y[0])
                return f"loss {number(y)} · at {number(x)}"
        return ""

    # ---- numbers

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        shown = [a for a in appearances(snapshot.experiment, self.style, look) if a is not None]
        self._shown = {appearance.index: appearance for appearance in shown}
        self._wanted = wanted_of(snapshot, look, shown)
        self._source = source_of(self) or self._source
        self._source.follow_lines(snapshot, self._wanted, look.slices,
                                  self.patience() is not None)
        if self._source.lines_busy:
            self.go_on()
        if self._source.lines_busy and self._panels and self._source.lines == ((), ""):
            # Those of the race before stay until there are new ones.
            return
        # Lines stay while a race plays; painting their dashes takes longer than all the rest.
        waiting = self._source.lines_busy and not self._source.lines[0]
        seen = (Same(self._source.lines), tuple(shown), self._wanted is None, look.slices,
                look.plane, look.plane_scale, waiting, self._source.line_refusal)
        if seen != self._seen:
            self._seen = seen
            self._arrange()
            self.noted.emit()
            self.update()

    def _arrange(self) -> None:
        found, _ = self._source.lines
        curves = [(self._shown[who], section) for section in found
                  if (who := section.contestant if section.other is None else section.other)
                  in self._shown]
        captions = {
            "random": (("first random direction", "first direction"),
                       ("second random direction", "second direction")),
            "hessian": (("largest curvature", "largest"),
                        ("second largest curvature", "second largest")),
        }.get(self.look.plane, (("the plane's first axis", "first axis"),
                                ("its second axis", "second axis")))
        if curves and curves[0][1].other is not None:
            start = self._shown[curves[0][1].contestant].name if (
                curves[0][1].contestant in self._shown) else ""
            self._panels = (Panel((f"from {start} at 0 to another at 1",
                                   f"{start} at 0, another at 1"), tuple(curves)),)
        else:
            self._panels = tuple(
                Panel(words, part) for axis, words in enumerate(captions)
                if (part := tuple(curve for curve in curves if curve[1].axis == axis)))

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        style = self.style
        if style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect()
        if self._wanted is None:
            say(painter, rect, "Every contestant is muted", style)
            return
        top = 0.0
        self._segments = ()
        if self.live and rect.height() >= style.px(LEAST_FOR_CHOICE):
            self._segments = self._choice(style)
            paint_segments(painter, style, self._segments)
            top = style.px(HEIGHT + 6)
        body = rect.adjusted(0, top, 0, 0)
        if not self._panels:
            say(painter, body, self._source.line_refusal or self._absence(), style)
            return
        entries = self._legend()
        count = legend_rows(style, body, entries)
        for row in range(count):
            line = QRectF(body.left(), body.top() + row * style.px(LEGEND), body.width(),
                          style.px(LEGEND))
            paint_legend(painter, style, line, entries if count == 1 else [entries[row]])
        self._axes = paint_panels(
            painter, style, body.adjusted(0, count * style.px(LEGEND), 0, 0), self._panels,
            self.look.plane_scale)

    def _absence(self) -> str:
        alone = self.look.slices == "between" and len(self._shown) < 2
        if alone or not self._source.lines_busy:
            return "There is no other network of this shape to go to"
        return "The lines are being computed"

    def _legend(self) -> list[tuple[Appearance, str]]:
        first = self._panels[0].curves
        return [(a, f"barrier {number(section.train.barrier)}" if section.other is not None else "")
                for a, section in first]

    def _choice(self, style: Style) -> tuple[Segment, ...]:
        _, metrics = face(style, 12)
        found, left = [], 0.0
        for value, word in WORDS.items():
            width = metrics.horizontalAdvance(word) + style.px(14)
            found.append(Segment("slices", value, word, self.look.slices == value,
                                 QRectF(left, 0, width, style.px(HEIGHT))))
            left += width
        return tuple(found)

    # ---- mouse

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        self.noted.emit()

    def mouseClickEvent(self, event: Any) -> None:
        segment = segment_at(self._segments, event.pos())
        if segment is None:
            event.ignore()
            return
        event.accept()
        self.asked.emit(segment.kind, segment.value)


landscape_slices = ViewDefinition(
    "landscape-slices", "Loss along lines",
    "The loss along directions through every network, or from one network to the others.",
    LandscapeSlices, weight=(1.3, 1.0), kinds=frozenset({"network"}),
)
