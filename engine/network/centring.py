"""How far off centre the inputs of every layer are: what preprocessing does for the first only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .even_rows import sampled_probe

if TYPE_CHECKING:
    from .state import NetworkState

Exact = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Centring:
    """What goes into each of B weight layers: entry 0 is the network's inputs, the others what the
    layers before put out, norms and dropout included.

    `mean` (B,) is the root mean square of the units' means, `std` (B,) that of their standard
    deviations, and `offset` (B,) the one by the other; it is infinite where nothing varies.
    """

    mean: Exact
    std: Exact
    offset: Exact


def centring(state: NetworkState) -> Centring:
    """The inputs of a network's layers over an even share of the training rows, in training."""
    probe = sampled_probe(state, "training")
    inputs = [probe.pre_activation(block.weights) for block in probe.blocks]
    with np.errstate(all="ignore"):
        means = [x.mean(1, dtype=np.float64) for x in inputs]
        # Mean squares less squared means would lose the digits of a small spread.
        away = [x - mean[:, None] for x, mean in zip(inputs, means, strict=True)]
        mean = np.sqrt([float(part @ part) / len(part) for part in means])
        std = np.sqrt([float(np.vdot(part, part)) / part.size for part in away])
        return Centring(mean, std, mean / std)
