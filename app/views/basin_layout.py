"""Where maps of starts lie on a card, and which part of the plane they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PyQt6.QtCore import QRectF

from engine.experiment import Experiment

from ..kinds import surface_of
from ..theme import Style
from .basin_question import Method
from .gliding import Glide, glide, resting
from .map_legend import LINE
from .panel_grid import Panel, panels
from .plane_extent import squared
from .quantity_choice import HEIGHT, Segment
from .quiet_axes import BOTTOM, LEFT, Extent
from .surface_path import MOST_OBLONG
from .view import Appearance, Look, Way, Zoom
from .word_choice import word_choice

LEAST, LEAST_FOR_AXES, LEAST_FOR_CHOICE, LEAST_FOR_LEGEND = 110.0, 150.0, 240.0, 180.0
WORDS = {"apart": "all", "chosen": "chosen only"}


@dataclass(frozen=True)
class Layout:
    """A panel for each method, the choice above them, the legend's place; whether numbers fit.

    `without` is how many methods there are in all where one alone is seen and no choice says so.
    """

    methods: tuple[Method, ...] = ()
    panels: tuple[Panel, ...] = ()
    segments: tuple[Segment, ...] = ()
    legend: QRectF = field(default_factory=QRectF)
    axes: bool = False
    without: int = 0


def lay_out(rect: QRectF, methods: Sequence[Method], chosen: Appearance, experiment: Experiment,
            look: Look, style: Style, *, live: bool) -> Layout:
    """All methods' maps, or the chosen contestant's alone where they would be too small."""
    px, count = style.px, len(methods)
    choosing = live and len(methods) > 1 and rect.height() >= px(LEAST_FOR_CHOICE)
    axes = min(rect.width(), rect.height()) >= px(LEAST_FOR_AXES)
    area = rect.adjusted(0, px(HEIGHT + 4) if choosing else 0, 0, -px(LINE))
    if axes:
        area.adjust(round(px(LEFT)), 0, 0, -round(px(BOTTOM)))
    shape = _shape(part_of(experiment, ends_of(look)[1]))
    alone = panels((chosen,), area, shape, style, 1.0)
    found: tuple[Panel, ...] = ()
    if look.basins != "chosen":
        # Side by side they are as high as one would be alone, however low the card is.
        least = min((px(LEAST), *(_side(panel) for panel in alone)))
        found = panels([method.lead for method in methods], area, shape, style, least)
    if not found:
        methods, found = [method for method in methods if chosen in method.members], alone
    segments = word_choice(
        style, "basins", (WORDS,), "apart" if len(found) > 1 else "chosen", rect.right(),
        rect.width()) if choosing else ()
    first = min((panel.body.left() for panel in found), default=rect.left())
    if rect.right() - first < px(LEAST_FOR_LEGEND):
        first = rect.left()
    legend = QRectF(first, rect.bottom() - px(LINE) + px(4), rect.right() - first,
                    px(LINE) - px(4))
    return Layout(tuple(methods) if found else (), found, segments, legend, axes,
                  count if len(found) < count and not segments else 0)


def ends_of(look: Look) -> Way:
    """The zooms between which a lesson's slide is, or twice the one that is shown."""
    return look.slide.zoom if look.slide is not None else (look.zoom, look.zoom)


def part_of(experiment: Experiment, zoom: Zoom | None) -> Extent:
    """The part of the plane that a zoom asks for."""
    across, up = zoom or surface_of(experiment).resolve().domain
    return (*across, *up)


def glide_of(experiment: Experiment, look: Look, body: QRectF
             ) -> tuple[Glide, Mapping[Extent, Extent]]:
    """What of the plane is seen in a body, and which part was asked for by each that is an end.

    Both axes have one unit, so that more is seen than was asked for.
    """
    wanted: dict[Extent, Extent] = {}
    for zoom in ends_of(look):
        part = part_of(experiment, zoom)
        level = 1 / MOST_OBLONG <= _shape(part) <= MOST_OBLONG
        wanted[squared(part, body.width(), body.height()) if level else part] = part
    before, after = (*wanted, *wanted)[:2]
    share = look.slide.share if look.slide is not None else 1.0
    return glide(before, after, share) if before != after else resting(after), wanted


def _side(panel: Panel) -> float:
    return min(panel.body.width(), panel.body.height())


def _shape(part: Extent) -> float:
    return (part[1] - part[0]) / (part[3] - part[2])
