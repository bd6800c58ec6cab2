"""One contestant by itself, and what its maps hang on: the same runs are the same question."""

from __future__ import annotations

from ..experiment import Experiment, SurfaceProblem


def alone(experiment: Experiment, contestant: int) -> Experiment:
    """The experiment with one contestant, and the changes that are about it."""
    one = experiment.contestants[contestant]
    changes = []
    for change in experiment.changes:
        mine = {key: value for key, value in change.set.items()
                if key.startswith(f"{one.name}.")}
        if mine:
            changes.append({"step": change.step, "set": mine})
    return experiment.replaced(contestants=[one], changes=changes, picture=None)


def nameless(experiment: Experiment, contestant: int) -> Experiment:
    """A contestant alone, and nothing that its numbers do not hang on: names, colours, titles.

    Of two contestants whose runs are the same, this is the same.
    """
    own = alone(experiment, contestant)
    one, problem = own.contestants[0], own.problem
    title = one.optimizer.definition.title
    changes = [{"step": change.step, "set": {
        title + key.removeprefix(one.name): value for key, value in change.set.items()}}
        for change in own.changes]
    drawn = not isinstance(problem, SurfaceProblem) or problem.noise > 0
    return own.replaced(
        title="", measures=(), seed=own.seed if drawn else 0, changes=changes,
        contestants=[one.replaced(name=title, color=None, muted=False)])
