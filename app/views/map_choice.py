"""The choice over the decision maps: a map a contestant, or everyone's boundary on one."""

from __future__ import annotations

from ..theme import Style
from .quantity_choice import Segment
from .word_choice import word_choice

WORDS = {"apart": "side by side", "together": "one map"}


def choice(style: Style, together: bool, right: float, room: float) -> tuple[Segment, ...]:
    """The two words, their end at `right` and at most `room` wide; nothing where that is less."""
    chosen = "together" if together else "apart"
    return word_choice(style, "boundaries", (WORDS,), chosen, right, room)
