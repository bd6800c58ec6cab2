"""Why a network's training left the finite numbers: step, layer, quantity, cause, and a way out.

The step is taken once more with everything kept, which says what was lost first; then causes are
looked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..divergence import Divergence
from ..trace import Kept
from .causes import Case, Cause, causes
from .retrace import Lost

if TYPE_CHECKING:
    from .training import Training

Array = NDArray[np.floating]


def explain(training: Training, state: Array, step: int, curves: Kept) -> Divergence:
    """Say what is lost first in the step after `step`, whose state is `state`, and why.

    `curves` are the losses and penalties of the steps 1 to `step`. Never raises: a race goes on
    without this contestant, whatever cannot be said about it.
    """
    name = training.contestant.name
    quantity, layer = "the loss or a parameter is not finite", None
    cause = Cause("Its cause was not found.", "Take a smaller lr, or clip the gradient.")
    try:
        with np.errstate(all="ignore"):
            case = Case(training, state, step, curves)
            lost = case.step_again.lost
            if lost is not None:
                quantity, layer = _quantity(training, lost), lost.layer
            cause = next(causes(case))
    except Exception:
        # What cannot be explained is reported all the same.
        pass
    return Divergence(name, step + 1, quantity, cause.sentence, cause.advice, cause.curvature,
                      cause.limit, layer)


def _quantity(training: Training, lost: Lost) -> str:
    if not lost.undefined:
        return f"{lost.name} overflowed"
    layer = None if lost.layer is None else training.network.layers[lost.layer]
    # A sum of products of finite numbers is NaN only where products of both signs overflow.
    sums = lost.part == "forward" and layer is not None and layer.weights_size
    return f"{lost.name} is undefined" + (" (infinity minus infinity)" if sums else "")
