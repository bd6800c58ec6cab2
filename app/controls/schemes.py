"""Contestants that are schemes of one network: what they share, and how one is added."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.errors import UnknownName
from engine.experiment import Experiment, NetworkContestant
from engine.inits import inits

from .layer_stack import Stack, layers_of, stack_of


def shared_stack(experiment: Experiment, already: bool = False) -> Stack | None:
    """The layers of all contestants, where they are one regular stack and inits are compared.

    None where layers or nothing but the ways of learning differ, and where there is one contestant
    only. Where inits were compared `already` they may have become the same for a moment.
    """
    contestants = [entry for entry in experiment.contestants
                   if isinstance(entry, NetworkContestant)]
    if len(contestants) < 2:
        return None
    first, *others = contestants
    if any(entry.layers != first.layers for entry in others):
        return None
    if all(entry.init == first.init for entry in others) and not (
            already and all(entry.optimizer == first.optimizer for entry in others)):
        return None
    stack = stack_of(first.layers)
    return stack if stack is not None and stack.depth else None


def restacked(experiment: Experiment, **changes: Any) -> Experiment:
    """The experiment with the shared stack changed in all contestants; raises ExperimentError."""
    stack = shared_stack(experiment, already=True)
    assert stack is not None
    stack = replace(stack, **changes)
    kept = tuple(entry for entry in stack.tuned if entry[0] in stack.kinds)
    stack = replace(stack, tuned=kept, depth=min(stack.depth, stack.deepest))
    first, *others = experiment.contestants
    # Read once: a table of two hundred layers is checked for one contestant and shared by all.
    first = first.replaced(layers=layers_of(stack))
    assert isinstance(first, NetworkContestant)
    return experiment.replaced(contestants=[
        first, *(other.replaced(layers=first.layers) for other in others)])


def with_scheme(experiment: Experiment, name: str) -> Experiment:
    """The experiment with one more contestant, as the last but for its init and called by that.

    Raises UnknownName, and ExperimentError where there is no room.
    """
    if name not in inits:
        raise UnknownName("init", name, list(inits))
    last = experiment.contestants[-1]
    title = inits[name].title.replace(", ", " ")
    return experiment.added({**last.fields(), "name": title, "init": {"name": name},
                             "color": None, "muted": False})
