"""Which rows a probe looks at: a step's batch, the training or test rows, or any inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RunError

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]
Rows = Literal["batch", "train", "test"]


def chosen_rows(state: NetworkState, rows: Rows | ArrayLike, targets: ArrayLike | None, step: int
                ) -> tuple[Array, Array | None]:
    """Inputs (n, d) and targets (n, t) or None, as passes take them; raises RunError.

    See `NetworkState.probe` for what there is to choose from.
    """
    if step < 1:
        raise RunError(f"step must be a whole number from 1 up, not {step}")
    if isinstance(rows, str) and targets is not None:
        raise RunError(f'targets go with inputs, and rows="{rows}" have their own')
    material = state.training.material
    y: Array | None
    if not isinstance(rows, str):
        x = state.inputs(rows)
        y = None if targets is None else _fitting(state, targets, len(x))
    elif rows == "batch":
        table_x, table_y, places = material.batches(step, 1)
        x, y = table_x[places[0]], table_y[places[0]]
    elif rows in ("train", "test"):
        x = material.at(getattr(material.data, f"{rows}_x"), state.step)
        y = getattr(material, f"{rows}_y")
    else:
        raise RunError(f'rows must be "batch", "train", "test" or inputs, not {rows!r}')
    if not len(x):
        raise RunError("a probe needs at least one row, and there are none")
    return x, y


def _fitting(state: NetworkState, targets: ArrayLike, rows: int) -> Array:
    """Targets (n,) or (n, t) as passes take them."""
    material = state.training.material
    given = np.asarray(targets, float)
    given = given.reshape(len(given), -1) if given.ndim else given
    if given.shape != (rows, material.targets):
        raise RunError(f"targets must have the shape ({rows}, {material.targets}), as there are "
                       f"{rows} rows of inputs, not {np.shape(targets)}")
    if material.data.task == "classes":
        classes = len(material.data.classes)
        if not np.isin(given, np.arange(classes)).all():
            raise RunError(f"targets must be classes from 0 to {classes - 1}")
    return np.ascontiguousarray(given, state.training.precision)
