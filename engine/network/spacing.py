"""How far apart the steps of a training are that are kept or looked at, by what a step costs.

Costs are counted and not measured, so that the same steps are kept on every machine.
"""

from __future__ import annotations

import numpy as np

from .training import Training

# Checkpoints are about this far apart at first for all contestants together, so that going back
# costs a frame at most, but no closer than the second for one of them. A call of the compiled loop
# takes the steps between two of them; a state kept is memory touched anew, which was seen to cost
# more than its arithmetic where they were closer.
SECONDS_APART, FEWEST_SECONDS_APART = 16e-3, 4e-3
MOST_APART = 8192
# A rough step's cost, in seconds: calls to the kernels, and arithmetic by its multiplications.
SECONDS_A_STEP, MULTIPLICATIONS_A_SECOND = 1.5e-6, 3e10


def stride(training: Training, contestants: int) -> int:
    """How many steps apart the first checkpoints are, in a race of so many: a power of two."""
    apart = max(SECONDS_APART / contestants, FEWEST_SECONDS_APART)
    steps = min(max(apart / seconds_a_step(training), 1), MOST_APART)
    return 2 ** int(np.log2(steps))


def seconds_a_step(training: Training) -> float:
    """About how long a step takes."""
    rows = training.material.order.batch
    products = 3 * sum(layer.weights_size for layer in training.network.layers) * rows
    return SECONDS_A_STEP + products / MULTIPLICATIONS_A_SECOND
