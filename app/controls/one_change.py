"""A contestant beside itself with one thing changed: the fair comparison, in one edit.

The copy is named after the change ("Plain" becomes "Plain, batch norm") and starts from the same
weights wherever the shapes agree, so that what differs afterwards comes from that one change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.contestant import LONGEST_NAME, unique_name
from engine.errors import UnknownName
from engine.experiment import Experiment, NetworkContestant
from engine.inits import inits
from engine.layers import Activation, layers
from engine.network.choices import LayerChoice
from engine.network.contestant import MOST_LAYERS
from engine.optimizers import optimizers

from .layer_stack import MOST_DEEP, blocks_of, has_weights, in_sentence

# What lectures compare; any other init or optimizer can be asked for by its key.
INITS = ("he-normal", "xavier-normal", "normal")
OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam")
RATE = 0.5
LARGEST_LR = optimizers["sgd"].hypers[0].high


@dataclass(frozen=True)
class OneChange:
    """`key` is what it is asked for by, `label` stands in menus, `words` in the copy's name."""

    key: str
    label: str
    words: str
    fields: dict[str, Any]


def possible_changes(contestant: NetworkContestant) -> list[OneChange]:
    """The changes that a menu offers for this contestant, in its order."""
    found = [*_of_layers(contestant), *_of_rate(contestant)]
    found += [_init(name) for name in INITS if name != contestant.init.name]
    found += [_optimizer(name) for name in OPTIMIZERS if name != contestant.optimizer.name]
    return found


def compared(experiment: Experiment, index: int, key: str) -> Experiment:
    """The experiment with a copy of a contestant behind it, changed in what `key` says.

    Besides the keys of `possible_changes`, `init:NAME` and `optimizer:NAME` take every name.
    Raises UnknownName for a key that is none here, ExperimentError where there is no room.
    """
    contestant = experiment.contestants[index]
    assert isinstance(contestant, NetworkContestant)
    change = _change(contestant, key)
    name = _named(contestant, change)
    return experiment.added(
        {**contestant.fields(), **change.fields, "name": name, "color": None, "muted": False},
        index + 1)


def _change(contestant: NetworkContestant, key: str) -> OneChange:
    kind, _, name = key.partition(":")
    if kind == "init" and name in inits:
        return _init(name)
    if kind == "optimizer" and name in optimizers:
        return _optimizer(name)
    possible = {change.key: change for change in possible_changes(contestant)}
    if key not in possible:
        raise UnknownName("change", key, list(possible))
    return possible[key]


def _named(contestant: NetworkContestant, change: OneChange) -> str:
    """The name of the copy; one that is called by its optimizer is called by the new one."""
    title = re.escape(contestant.optimizer.definition.title)
    if "optimizer" in change.fields and re.fullmatch(rf"{title}( \d+)?", contestant.name):
        return change.words
    room = LONGEST_NAME - len(change.words) - 2
    return unique_name(f"{contestant.name[:room].rstrip()}, {change.words}", ())


def _of_layers(contestant: NetworkContestant) -> Iterator[OneChange]:
    listed = contestant.layers
    blocks = blocks_of(listed)
    weighted = [block for block in blocks if has_weights(block[0])]
    if not weighted:
        return
    if any(layer.kind == "batch-norm" for layer in listed):
        yield _relayered("batch-norm", "Without batch norm", "no batch norm",
                         [layer for layer in listed if layer.kind != "batch-norm"])
    elif len(listed) + len(weighted) <= MOST_LAYERS:
        norm = {"kind": "batch-norm"}
        yield _relayered("batch-norm", "With batch norm", "batch norm", [
            entry for layer in listed
            for entry in ((layer, norm) if has_weights(layer) else (layer,))])
    if any(layer.kind == "dropout" for layer in listed):
        yield _relayered("dropout", "Without dropout", "no dropout",
                         [layer for layer in listed if layer.kind != "dropout"])
    elif len(listed) + len(weighted) <= MOST_LAYERS:
        yield _relayered("dropout", f"With dropout {RATE:g}", f"dropout {RATE:g}", [
            entry for block in blocks
            for entry in ((*block, {"kind": "dropout", "rate": RATE})
                          if has_weights(block[0]) else block)])
    if len(listed) + sum(map(len, weighted)) <= MOST_LAYERS and 2 * len(weighted) <= MOST_DEEP:
        # What stands before the first weights belongs to the inputs and is not repeated.
        yield _relayered("depth", "Twice as deep", "twice as deep",
                         [*listed, *(layer for block in weighted for layer in block)])
    yield from _other_activation(listed)


def _other_activation(listed: Sequence[LayerChoice]) -> Iterator[OneChange]:
    """ReLU for the first activation that there is, or tanh where that is ReLU."""
    used = next((layer.definition for layer in listed
                 if isinstance(layer.definition, Activation)), None)
    if used is None:
        return
    other = layers["tanh" if used.name == "relu" else "relu"]
    title = in_sentence(other.title)
    label = f"{title[:1].upper()}{title[1:]} instead of {in_sentence(used.title)}"
    yield _relayered("activation", label, title, [
        {"kind": other.name} if layer.kind == used.name else layer for layer in listed])


def _of_rate(contestant: NetworkContestant) -> Iterator[OneChange]:
    optimizer = contestant.optimizer.plain()
    for key, sign, factor in (("lr-up", "×", 10.0), ("lr-down", "÷", 0.1)):
        lr = float(f"{optimizer['lr'] * factor:.6g}")
        if 0 < lr <= LARGEST_LR:
            yield OneChange(key, f"Learning rate {sign} 10", f"lr {sign} 10",
                            {"optimizer": {**optimizer, "lr": lr}})


def _init(name: str) -> OneChange:
    title = inits[name].title
    return OneChange(f"init:{name}", f"Init: {title}", f"{title.replace(', ', ' ')} init",
                     {"init": {"name": name}})


def _optimizer(name: str) -> OneChange:
    """Another optimizer, with its own defaults: a rate that suits one method ruins another."""
    title = optimizers[name].title
    return OneChange(f"optimizer:{name}", f"Optimizer: {title}", title,
                     {"optimizer": {"name": name}})


def _relayered(key: str, label: str, words: str, listed: Sequence[Any]) -> OneChange:
    return OneChange(key, label, words, {"layers": list(listed)})
