"""Learning rates over a whole experiment: its schedules, and the changes made on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .experiment import Experiment


def planned_rates(experiment: Experiment, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each contestant's learning rate at rising `steps` (n,), counted from 1, (contestants, n).

    It is known before anything is computed. A step beyond the last change goes on as that says.
    """
    from .settings import with_settings

    current = experiment.replaced(changes=()) if experiment.changes else experiment
    found = np.empty((len(experiment.contestants), len(steps)))
    begins = [change.step for change in experiment.changes]
    places = [0, *np.searchsorted(steps, begins).tolist(), len(steps)]
    for phase, (first, last) in enumerate(zip(places, places[1:], strict=False)):
        if phase:
            current = with_settings(current, experiment.changes[phase - 1].set)
        for row, contestant in zip(found, current.contestants, strict=True):
            row[first:last] = contestant.rates(steps[first:last])
    return found
