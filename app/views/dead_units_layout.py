"""Where everything of the dead units' card is: panels, their strips, the course and the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QRectF

from engine.network.death_series import Death

from ..theme import Style
from .cloud import rows_of
from .death_course import list_height
from .layer_owner import HEAD, Chip, Owner, layer_chips
from .map_frame import MapFrame
from .panel_grid import Panel, panels
from .plane_extent import Plane
from .quiet_axes import Extent

LEAST_PANEL, LEAST_ALONE = 108.0, 24.0
STRIP, STRIP_GAP, LEAST_WITH_STRIP = 26.0, 8.0, 150.0
# A column beside the panels, or a band below them, and from which sizes on there is one.
SIDE, WIDEST_SIDE, LEAST_BESIDE, LEAST_BELOW = 210.0, 340.0, (620.0, 190.0), 430.0
# What lies around the rows on each side, in parts of their extent: dead units' lines lie there.
MARGIN = 0.16


@dataclass(frozen=True)
class Body:
    """A contestant's panel: its plane or bars, and the strip below, if there is room."""

    panel: Panel
    main: QRectF
    strip: QRectF | None
    extent: Extent | None


@dataclass(frozen=True)
class Layout:
    """Panels, whether there is a line of chips above, and where course and list are, if anywhere.
    """

    bodies: tuple[Body, ...] = ()
    headed: bool = False
    chips: tuple[Chip, ...] = ()
    course: QRectF | None = None
    listed: QRectF | None = None


def arranged(frame: MapFrame, rect: QRectF, owner: Owner, plane: Plane | None,
             deaths: Sequence[Death], *, live: bool) -> Layout:
    """The layout in a rectangle; rows lie on `plane`, or on none where they have more columns."""
    style, px = frame.style, frame.style.px
    chips: tuple[Chip, ...] = ()
    headed = len(owner.places) > 1 and rect.height() >= px(170)
    if headed:
        if live:
            chips = layer_chips(style, owner, rect.width(), 0.6 * rect.width())
        rect.setTop(rect.top() + px(HEAD) - px(2))
    rect, course, listed = _beside(style, rect, deaths)
    grid = panels(frame.shown, rect, 1.05, style, px(LEAST_PANEL))
    if not grid:
        grid = panels([owner.appearance], rect, 1.05, style, px(LEAST_ALONE))
    return Layout(tuple(_body(frame, plane, panel) for panel in grid), headed, chips, course,
                  listed)


def _beside(style: Style, rect: QRectF, deaths: Sequence[Death]
            ) -> tuple[QRectF, QRectF | None, QRectF | None]:
    """What is left for the panels, and where course and list are."""
    px = style.px
    if rect.width() >= px(LEAST_BESIDE[0]) and rect.height() >= px(LEAST_BESIDE[1]):
        wide = min(max(0.28 * rect.width(), px(SIDE)), px(WIDEST_SIDE))
        side = QRectF(rect.right() - wide, rect.top(), wide, rect.height())
        high = max(0.5 * side.height(), side.height() - px(16) - list_height(style, deaths))
        high = min(high, side.height() - px(60))
        return (rect.adjusted(0, 0, -wide - px(26), 0), QRectF(side.left(), side.top(), wide, high),
                side.adjusted(0, high + px(16), 0, 0))
    if rect.height() >= px(LEAST_BELOW):
        high = min(max(0.3 * rect.height(), px(130)), px(220))
        course, listed = QRectF(rect.left(), rect.bottom() - high, rect.width(), high), None
        if rect.width() >= px(380):
            part = min(0.4 * rect.width(), px(220))
            listed = course.adjusted(rect.width() - part, 0, 0, 0)
            course = course.adjusted(0, 0, -part - px(22), 0)
        return rect.adjusted(0, 0, 0, -high - px(14)), course, listed
    return rect, None, None


def _body(frame: MapFrame, plane: Plane | None, panel: Panel) -> Body:
    px, body = frame.style.px, panel.body
    if plane is None:
        left, foot = (px(46), px(20)) if body.height() >= px(90) else (0.0, 0.0)
        return Body(panel, body.adjusted(left, 0, 0, -foot), None, None)
    strip = None
    if body.height() >= px(LEAST_WITH_STRIP):
        strip = QRectF(body.left(), body.bottom() - px(STRIP), body.width(), px(STRIP))
        body = body.adjusted(0, 0, 0, -px(STRIP + STRIP_GAP))
    rows = rows_of(frame)
    left, right, bottom, top = frame.kept.of("around", (rows, plane), lambda: plane.around(rows))
    across, up = MARGIN * (right - left), MARGIN * (top - bottom)
    extent = plane.fitted((left - across, right + across, bottom - up, top + up),
                          body.width(), body.height())
    return Body(panel, body, strip, extent)
