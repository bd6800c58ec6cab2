"""From a dataset or a user's own file to what a network is trained on.

    Raw ──► prepare ──► Data        rows split, inputs preprocessed: the same for all contestants
                          │
    Drift ──► Course ─────┘         how the inputs move while they are learnt

`choice` reads what an experiment says about its data into a table whose `raw(seed)` makes the Raw;
it needs pydantic and is imported on its own.
"""

from .affine import Affine
from .drift import Course, Drift
from .prepare import Data, prepare
from .raw import Raw

__all__ = ["Affine", "Course", "Data", "Drift", "Raw", "prepare"]
