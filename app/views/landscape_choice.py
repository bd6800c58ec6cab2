"""The choices above a landscape: which plane, which rows, how fine, and what else may move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QRectF

from engine.landscape.picture import PLANES, Wanted
from engine.landscape.survey import steps_of
from engine.network.state import NetworkState
from engine.snapshot import Snapshot

from ..theme import Style
from .faces import face
from .landscape_words import steps_chosen
from .quantity_choice import HEIGHT, Segment
from .view import Look

APART = 14.0
# From the long words to those for a narrow card.
PLANE_WORDS = (dict(zip(PLANES, ("PCA", "random", "Hessian", "ends", "steps"), strict=True)),
               dict(zip(PLANES, ("PCA", "rand", "Hess", "ends", "steps"), strict=True)))
ROW_WORDS = {"train": "train", "test": "test", "batch": "batch"}
SIZES = (33, 65, 129)
Entry = tuple[str, Any, str, bool]


def choice(style: Style, snapshot: Snapshot, look: Look, wanted: Wanted, room: float
           ) -> tuple[Segment, ...]:
    """The choices from the left, as many groups of them as `room` is wide enough for."""
    state: NetworkState = snapshot.contestants[wanted.contestant]
    for words in PLANE_WORDS:
        groups = [[("plane", plane, words[plane], look.plane == plane) for plane in PLANES],
                  _rows(state, look), *_more(snapshot, state, look, wanted)]
        placed = _placed(style, groups, room)
        if len(placed) >= len(groups[0]) + len(groups[1]):
            return placed
    return placed


def _rows(state: NetworkState, look: Look) -> list[Entry]:
    there = [rows for rows in ROW_WORDS
             if rows != "test" or len(state.training.material.test_x)]
    return [("plane_rows", rows, ROW_WORDS[rows], look.plane_rows == rows) for rows in there]


def _more(snapshot: Snapshot, state: NetworkState, look: Look, wanted: Wanted
          ) -> list[list[Entry]]:
    groups: list[list[Entry]] = []
    if look.plane_zoom is not None:
        groups.append([("plane_zoom", None, "whole", False)])
    if look.plane == "steps":
        groups.append([("plane_steps", steps_chosen(snapshot, wanted, place), f"{step:,}",
                        step == snapshot.step)
                       for place, step in enumerate(steps_of(snapshot, wanted))])
    if look.plane == "random":
        groups.append([("plane_biases", not look.plane_biases, "biases", look.plane_biases)])
    contestant = state.training.contestant
    if contestant.l1 or contestant.l2:
        groups.append([("plane_penalty", not look.plane_penalty, "penalty", look.plane_penalty)])
    if any(layer.definition.name == "batch-norm" for layer in state.training.network.layers):
        kept = look.plane_statistics == "kept"
        groups.append([("plane_statistics", "recomputed" if kept else "kept",
                        "running statistics", kept)])
    finer = next((size for size in SIZES if size > look.plane_size), SIZES[0])
    groups.append([("plane_size", finer, f"{look.plane_size} × {look.plane_size}", False)])
    return groups


def _placed(style: Style, groups: Sequence[Sequence[Entry]], room: float) -> tuple[Segment, ...]:
    _, metrics = face(style, 12)
    found: list[Segment] = []
    left = 0.0
    for group in groups:
        widths = [metrics.horizontalAdvance(text) + style.px(14) for _, _, text, _ in group]
        start = left + (style.px(APART) if found else 0.0)
        if start + sum(widths) > room:
            continue
        left = start
        for entry, width in zip(group, widths, strict=True):
            found.append(Segment(*entry, QRectF(left, 0, width, style.px(HEIGHT))))
            left += width
    return tuple(found)
