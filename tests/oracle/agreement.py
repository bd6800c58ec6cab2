"""How far two runs of one network are apart, and how far they may be."""

from collections.abc import Mapping

import numpy as np

TOLERANCE = 1e-9

# An array whose largest number is below this counts as if it were this large: a bias in front of
# batch norm has no gradient but rounding, and 1e-18 need not agree with -1e-18.
FLOOR = 1e-3


def distance(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The largest difference as a fraction of the largest number; infinite for NaN or no match."""
    if np.shape(ours) != np.shape(theirs) or not np.isfinite(ours).all():
        return np.inf
    if np.size(theirs) == 0:
        return 0.0
    return float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), FLOOR))


def distances(ours: Mapping[str, np.ndarray], theirs: Mapping[str, np.ndarray]) -> dict[str, float]:
    """The distance of every array of `theirs` by its name, the farthest first."""
    found = {name: distance(ours[name], array) for name, array in theirs.items()}
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))
