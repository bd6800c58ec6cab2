"""Points that are being drawn, and the brush that draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.data import Data
from engine.data.sketch import Sketch

Tool = Literal["draw", "paint", "erase"]
LEAST_REACH = 7.0


@dataclass(frozen=True)
class Brush:
    """What the mouse does to the points."""

    tool: Tool = "draw"
    label: int = 0
    """The class that it draws or paints."""
    spread: float = 18.0
    """The radius of the spray in design pixels; of the eraser and of paint, too."""
    count: int = 2
    """Points a puff of the spray."""

    @property
    def reach(self) -> float:
        """The radius in design pixels within which it erases or paints."""
        return max(self.spread, LEAST_REACH)


@dataclass(frozen=True, eq=False)
class Draft:
    """A sketch, the brush over it, and the dataset that the sketch's `rows` count in."""

    sketch: Sketch
    brush: Brush
    base: object
    lacking: str = ""
    """What it takes until there is something to learn, as a sentence."""

    def is_on(self, data: Data) -> bool:
        """Whether a picture of `data` has the axes that the points are drawn on."""
        columns, classes = len(data.columns), data.task == "classes"
        if self.sketch.labels:
            return classes and columns == 2 and data.image is None
        return not classes and columns == 1 and len(data.targets) == 1
