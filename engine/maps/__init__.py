"""Maps over whole planes of starts and of settings: every pixel a run.

    for picture in basins(experiment): ...         which minimum each start reaches, and when
    for picture in settings(experiment): ...       final loss and steps over two hyperparameters
    whole(basins(experiment))                      the last and finest of them
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TypeVar

from ..errors import RunError
from .basins import DIVERGED, NOWHERE, Basins, basins
from .settings import Settings, settings
from .theory import Quadratic, quadratic

__all__ = ["DIVERGED", "NOWHERE", "Basins", "Quadratic", "Settings", "basins", "quadratic",
           "settings", "whole"]

P = TypeVar("P")


def whole(pictures: Iterator[P]) -> P:
    """The finest of a map's pictures; raises RunError where it was called off before the first."""
    finest = deque(pictures, maxlen=1)
    if not finest:
        raise RunError("the map was called off before its first picture")
    return finest[0]
