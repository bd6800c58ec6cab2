"""What becomes of a contestant with other settings: final loss and steps to converge over any two
hyperparameters, every pixel a run.

    from engine.maps import settings
    for picture in settings(experiment, contestant=0, axes=("lr", "momentum"), size=(200, 150)):
        ...                                    # coarse to fine; the last one is whole
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..experiment import Experiment, SurfaceProblem
from ..hyper import Hyper
from ..optimizers import Optimizer
from ..table import Box
from .canvas import coarse_to_fine
from .minima import minima_of
from .plane import along_hyper
from .pool import Stop, never
from .sweep import Runs

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

TOLERANCE = 0.01


@dataclass(frozen=True, eq=False)
class Settings:
    """A map of settings, (rows, columns): row r and column c belong to the values x[c] and y[r].

    `loss` is that after the last step (the last finite one of a run that diverged), `start_loss`
    that before the first. `steps` is the step from which on a run has stayed near a minimum, or a
    network's loss below its goal, and -1 where it has not come to that. `diverged_at` is the first
    step that was not finite, or -1. Of a map that is not `complete` only every `stride`-th row and
    column was computed.
    """

    axes: tuple[Hyper, Hyper]
    x: Array
    y: Array
    loss: Array
    steps: Whole
    diverged_at: Whole
    start_loss: float
    lowest: float
    """The loss of the deepest minimum that is known, 0 for a network."""
    stride: int

    @property
    def complete(self) -> bool:
        """Whether every pixel is a run of its own."""
        return self.stride == 1

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Where a run has left the finite numbers, (rows, columns)."""
        return self.diverged_at >= 0

    @property
    def risen(self) -> NDArray[np.bool_]:
        """Where the last loss is finite and no lower than the first, (rows, columns)."""
        return ~self.diverged & ~(self.loss < self.start_loss)


def usual_axes(optimizer: Optimizer) -> tuple[str, str]:
    """The learning rate and the hyperparameter that is varied beside it: momentum's, if any."""
    names = [hyper.name for hyper in optimizer.hypers]
    beside = next((name for name in ("momentum", "beta1", "rho") if name in names), names[-1])
    return names[0], beside


def axis_of(optimizer: Optimizer, name: str, ends: tuple[float, float] | None = None) -> Hyper:
    """A hyperparameter as the axis of a map, from one of `ends` to the other.

    Without them it is what its slider spans. Raises RunError for one that the optimizer lacks, or
    for ends outside of what it accepts.
    """
    known = {hyper.name: hyper for hyper in optimizer.hypers}
    if name not in known:
        raise RunError(f"{optimizer.title} has no hyperparameter {name!r}; it has "
                       f"{', '.join(known)}")
    hyper = known[name]
    low, high = ends or hyper.span
    if not hyper.low <= low < high <= hyper.high:
        raise RunError(f"{name} must go from a smaller to a larger number within {hyper.low:g} and "
                       f"{hyper.high:g}, not from {low:g} to {high:g}")
    if hyper.scale == "log" and low == 0 < hyper.span[0]:
        raise RunError(f"{name} goes by factors, so its axis must begin above 0, not at 0")
    return replace(hyper, slider=(float(low), float(high)))


def settings(
    experiment: Experiment, contestant: int = 0, *, axes: Sequence[str] | None = None,
    size: tuple[int, int] = (100, 100), box: Box | None = None, tolerance: float = TOLERANCE,
    stop: Stop = never, threads: int | None = None,
) -> Iterator[Settings]:
    """The map of a contestant's settings over two hyperparameters, coarse to fine.

    `axes` names them (None: the learning rate, and momentum or what is nearest to it), `size` is
    (columns, rows), `box` what is spanned, ((x low, x high), (y low, y high)); pixels lie evenly on
    each hyperparameter's own scale. On a surface a run has converged if it stays within
    `tolerance`, a share of the domain's shorter side, of a minimum for its last ten steps at least.
    `stop` is asked between pieces of work whether to call it off. Raises RunError for axes that
    the optimizer does not have.
    """
    optimizer = experiment.contestants[contestant].optimizer.definition
    names = tuple(axes or usual_axes(optimizer))
    if len(set(names)) != 2:
        raise RunError(f"axes must be two different hyperparameters, not {', '.join(names)}")
    x_axis, y_axis = (axis_of(optimizer, name, ends)
                      for name, ends in zip(names, box or (None, None), strict=True))
    x, y = along_hyper(x_axis, size[0]), along_hyper(y_axis, size[1])
    values = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    problem = experiment.problem
    if not isinstance(problem, SurfaceProblem):
        from .network_settings import trained

        yield from trained(experiment, contestant, (x_axis, y_axis), x, y, values, stop, threads)
        return
    surface = problem.resolve()
    start = problem.start_of(experiment.contestants[contestant])
    starts = np.tile(np.array(start, float), (len(values), 1))
    runs, found = Runs(experiment, contestant, names), minima_of(surface, surface.domain)
    start_loss = surface.value(*start)
    for filled in coarse_to_fine(runs, starts, values, size, found, tolerance, stop, threads):
        loss, steps, lost = filled.maps(filled.loss, filled.arrival, filled.lost)
        lowest = float(filled.found.losses.min(initial=start_loss))
        yield Settings((x_axis, y_axis), x, y, loss, steps, lost, start_loss, lowest,
                       filled.lattice.stride)
