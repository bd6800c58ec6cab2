"""A race of networks: one lane for each contestant, all beginning at the weights they share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..race import Lane, Named, Race
from .lane import NetworkLane
from .measuring import Sample
from .starts import Starts
from .training import Training

if TYPE_CHECKING:
    from ..experiment import Experiment
    from .contestant import NetworkContestant
    from .material import Material
    from .problem import NetworkProblem


def network_race(experiment: Experiment, problem: NetworkProblem, memory: int,
                 before: Sequence[Lane] = ()) -> Race:
    """Every contestant of an experiment on data, at its start; raises ExperimentError.

    Weights are drawn when they are first asked for. Contestants that have not changed since the
    race `before` begin with what was known of them there at the start.
    """
    material = problem.material(experiment.seed)
    share = memory // len(experiment.contestants)

    def training(place: int) -> Callable[[NetworkContestant], Training]:
        return lambda contestant: Training(
            problem, material, contestant, experiment.seed, f"contestants[{place}]")

    # All are laid out before any memory is taken: the last one may be refused.
    contestants: Any = experiment.contestants
    makers = [training(place) for place in range(len(contestants))]
    known = [_same(before, problem, material, contestant, experiment.seed)
             for contestant in contestants]
    trainings = [lane.beginning if lane is not None else make(contestant)
                 for lane, make, contestant in zip(known, makers, contestants, strict=True)]
    sample = Sample(material, experiment.seed)
    fresh = [first for first, lane in zip(trainings, known, strict=True) if lane is None]
    drawn = Starts(fresh)
    lanes = []
    for first, make, lane in zip(trainings, makers, known, strict=True):
        draw = partial(drawn.of, fresh.index(first)) if lane is None else None
        lanes.append(NetworkLane(first, make, share, experiment.steps, sample, draw,
                                 len(trainings)))
        if lane is not None:
            lanes[-1].take_over(lane)

    def shared() -> Iterator[Named]:
        data = material.data
        for name in ("train_x", "train_y", "test_x", "test_y"):
            yield name.replace("_", "/"), getattr(data, name)

    return Race(lanes, shared)


def _same(lanes: Sequence[Lane], problem: NetworkProblem, material: Material,
          contestant: NetworkContestant, seed: int) -> NetworkLane | None:
    """A lane that has begun just as this contestant begins."""
    for lane in lanes:
        if isinstance(lane, NetworkLane) and lane.start is not None:
            first = lane.beginning
            if (first.seed == seed and first.material.data is material.data
                    and first.contestant == contestant and first.problem == problem):
                return lane
    return None
