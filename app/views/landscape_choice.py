"""The choices above a landscape: which plane, which rows, how fine, and what else may move.

A narrow card has room for some of them only: the others are behind three dots, and all of them are
in the card's own menu.
"""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRectF

from engine.heights import Levels
from engine.landscape.asked import steps_of
from engine.landscape.paths import alike
from engine.landscape.picture import PLANES, Wanted
from engine.network.state import NetworkState
from engine.snapshot import Snapshot

from ..theme import Style
from .choice_menu import MORE, Choice
from .faces import width_of
from .landscape_words import steps_chosen
from .quantity_choice import HEIGHT, Segment
from .view import Look

APART = 14.0
SIZE = 12
# From the long words to those for a narrow card, and those of a menu.
PLANE_WORDS = (dict(zip(PLANES, ("PCA", "random", "Hessian", "ends", "steps"), strict=True)),
               dict(zip(PLANES, ("PCA", "rand", "Hess", "ends", "steps"), strict=True)))
PLANE_TITLES = dict(zip(PLANES, (
    "Plane of principal components", "Plane of random directions",
    "Plane of largest curvatures (Hessian)", "Plane through three ends",
    "Plane through three steps"), strict=True))
ROW_TITLES = {"train": "Loss on training rows", "test": "Loss on test rows",
              "batch": "Loss on the next batch"}
# Networks of one shape that a plane through ends needs.
ENDS = 3
POINTS = ("First", "Second", "Third")
SIZES = (33, 65, 129)


def choices(snapshot: Snapshot, look: Look, wanted: Wanted, levels: Levels | None
            ) -> list[list[Choice]]:
    """All of them, in groups; `levels` are those of the picture that is shown, if there is one."""
    state: NetworkState = snapshot.contestants[wanted.contestant]
    alone = len(alike(snapshot, wanted.contestant, wanted.contestants or ())) < ENDS
    groups = [[Choice("plane", plane, PLANE_WORDS[0][plane], look.plane == plane,
                      PLANE_TITLES[plane]) for plane in PLANES if plane != "ends" or not alone],
              [Choice("plane_rows", rows, rows, look.plane_rows == rows, title)
               for rows, title in ROW_TITLES.items()
               if rows != "test" or len(state.training.material.test_x)]]
    if look.plane_zoom is not None:
        groups.append([Choice("plane_zoom", None, "whole", False, "The whole plane")])
    if look.plane == "steps":
        groups.append([Choice("plane_steps", steps_chosen(snapshot, wanted, place), f"{step:,}",
                              step == snapshot.step,
                              f"{POINTS[place]} point (now step {step:,}): take step "
                              f"{snapshot.step:,}")
                       for place, step in enumerate(steps_of(snapshot, wanted))])
    if look.plane == "random":
        groups.append([Choice("plane_biases", not look.plane_biases, "biases", look.plane_biases,
                              "Biases move too")])
    contestant = state.training.contestant
    if contestant.l1 or contestant.l2:
        groups.append([Choice("plane_penalty", not look.plane_penalty, "penalty",
                              look.plane_penalty, "With the penalty")])
    if any(layer.definition.name == "batch-norm" for layer in state.training.network.layers):
        kept = look.plane_statistics == "kept"
        groups.append([Choice("plane_statistics", "recomputed" if kept else "kept",
                              "running statistics", kept, "Running statistics of batch norms")])
    finer = next((size for size in SIZES if size > look.plane_size), SIZES[0])
    groups.append([Choice("plane_size", finer, f"{look.plane_size} × {look.plane_size}", False,
                          f"{finer} × {finer} points")])
    return groups + _scale(look, levels)


def _scale(look: Look, levels: Levels | None) -> list[list[Choice]]:
    if look.plane_scale is not None:
        return [[Choice("plane_scale", None, "one scale", True, "One scale for all landscapes")]]
    if levels is None:
        return []
    ends = float(f"{levels.low:.2g}"), float(f"{levels.high:.2g}")
    return [[Choice("plane_scale", ends, "one scale", False, "One scale for all landscapes")]] if (
        ends[0] < ends[1]) else []


def placed(style: Style, groups: Sequence[Sequence[Choice]], room: float) -> tuple[Segment, ...]:
    """The choices from the left, as many groups of them as `room` is wide enough for."""
    for words in PLANE_WORDS:
        named = [[choice.called(words.get(choice.value, choice.text)) if choice.kind == "plane"
                  else choice for choice in group] for group in groups]
        found = _row(style, named, room)
        if len(found) >= len(groups[0]) + len(groups[1]):
            break
    return found


def _row(style: Style, groups: Sequence[Sequence[Choice]], room: float) -> tuple[Segment, ...]:
    pad, apart = style.px(14), style.px(APART)
    widths = [[width_of(style, choice.text, SIZE) + pad for choice in group] for group in groups]
    dots = width_of(style, MORE.text, SIZE) + pad
    if sum(map(sum, widths)) + apart * (len(groups) - 1) > room:
        room -= apart + dots
    found: list[Segment] = []
    left, gap, all_there = 0.0, 0.0, True
    for group, wide in zip(groups, widths, strict=True):
        if left + gap + sum(wide) > room:
            all_there = False
            continue
        left += gap
        for choice, width in zip(group, wide, strict=True):
            found.append(choice.at(QRectF(left, 0, width, style.px(HEIGHT))))
            left += width
        gap = apart
    if not all_there:
        found.append(MORE.at(QRectF(left + gap, 0, dots, style.px(HEIGHT))))
    return tuple(found)
