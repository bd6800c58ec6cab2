"""Changes made while a run goes on, as data: from which step on, and what by which key.

They stand in the experiment (`[[changes]]`), so a run in which somebody turned the learning rate
down at step 800 is one file like any other, and its record replays exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from .errors import ExperimentError, Mistake
from .table import Table, Values, Whole, moved, path

if TYPE_CHECKING:
    from .contestant import Contestant
    from .experiment import Experiment

MOST_CHANGES = 10_000


class Change(Table):
    """New values by key, in force from the step `step` on, counted from 1."""

    step: Whole = Field(ge=1, description="a whole number from 1 up")
    set: Values = Field(description='a table such as { "SGD.lr" = 0.01 }')


def changed(experiment: Experiment, step: int, values: Mapping[str, Any]) -> Experiment:
    """The experiment with another change from `step` on; later ones are gone.

    Changes of the same step are joined. Raises ExperimentError at the key that is refused.
    """
    kept = [change for change in experiment.changes if change.step < step]
    same = [change for change in experiment.changes if change.step == step]
    joined = {key: value for change in same for key, value in change.set.items()} | dict(values)
    try:
        return experiment.replaced(changes=[*kept, {"step": step, "set": joined}])
    except ExperimentError as error:
        here = f"changes[{len(kept)}].set."
        raise ExperimentError([Mistake(mistake.place.removeprefix(here), mistake.sentence)
                               for mistake in error.mistakes]) from None


def copied(experiment: Experiment, name: str, copy: str) -> Experiment:
    """The experiment in which all that is changed of the contestant `name` is changed of its copy.

    Raises ExperimentError where the copy cannot be changed so.
    """
    if not experiment.changes:
        return experiment
    return experiment.replaced(changes=[change.replaced(set=change.set | {
        copy + key.removeprefix(name): value for key, value in change.set.items()
        if key.startswith(f"{name}.")}) for change in experiment.changes])


def common_steps(one: Experiment, other: Experiment) -> int:
    """How many steps two experiments have in common, differing only in later changes; or 0.

    How they are called and looked at makes no difference, nor who is muted.
    """
    if _unseen(one) != _unseen(other):
        return 0
    different = set(map(_key, one.changes)) ^ set(map(_key, other.changes))
    return min((step for step, _ in different), default=one.steps + 1) - 1


def _unseen(experiment: Experiment) -> Experiment:
    """What numbers follow from, without changes."""
    return experiment.replaced(
        title="", changes=(), picture=None, measures=(),
        contestants=[one.replaced(color=None, muted=False) for one in experiment.contestants])


def _key(change: Change) -> tuple[int, str]:
    return change.step, repr(change.set)


def contestants_after(experiment: Experiment, step: int) -> tuple[Contestant, ...]:
    """The contestants as they are from `step` on, its changes included."""
    from .settings import with_settings

    plain = experiment.replaced(changes=())
    for change in experiment.changes:
        if change.step <= step:
            plain = with_settings(plain, change.set)
    return plain.contestants


def turns(experiment: Experiment, first: int
          ) -> Iterator[tuple[int, tuple[Contestant, ...], tuple[Contestant, ...]]]:
    """The steps from `first` on that change something, the contestants before and from then on."""
    from .settings import with_settings

    current = experiment.replaced(changes=())
    for change in experiment.changes:
        following = with_settings(current, change.set)
        if change.step >= first:
            yield change.step, current.contestants, following.contestants
        current = following


def in_force(experiment: Experiment, step: int) -> Experiment:
    """The experiment as it is for the step after `step`, as if it had been so from the start."""
    if not experiment.changes:
        return experiment
    return experiment.replaced(contestants=contestants_after(experiment, step + 1), changes=())


def check(experiment: Experiment) -> None:
    """Raise ExperimentError for changes out of order, or of what cannot change during a run."""
    from .settings import with_settings

    mistakes: list[Mistake] = []
    current = experiment.replaced(changes=())
    before = 0
    for place, change in enumerate(experiment.changes):
        here = path("changes", place)
        if not before < change.step <= experiment.steps:
            mistakes.append(Mistake(f"{here}.step", (
                f"must be a step from {before + 1:,} to {experiment.steps:,}, each change later "
                f"than the one before, not {change.step:,}")))
        before = max(before, change.step)
        try:
            following = with_settings(current, change.set)
        except ExperimentError as error:
            mistakes += moved(error, f"{here}.set")
            continue
        mistakes += [Mistake(f"{here}.set.{path(key)}", sentence)
                     for key, sentence in _frozen(current, following, change.set)]
        current = following
    if mistakes:
        raise ExperimentError(mistakes)


def _frozen(before: Experiment, after: Experiment, values: Mapping[str, Any]
            ) -> list[tuple[str, str]]:
    """The keys of a change that would need another start, each with a sentence."""
    from .settings import with_settings

    refused = []
    for key, value in values.items():
        one = with_settings(before, {key: value}) if len(values) > 1 else after
        same_race = one.problem == before.problem and one.seed == before.seed
        same_race = same_race and one.steps == before.steps and one.title == before.title
        if not same_race or any(
                new.shape() != old.shape()
                for new, old in zip(one.contestants, before.contestants, strict=True)):
            refused.append((key, "cannot change while a run goes on; change it from the start"))
    return refused
