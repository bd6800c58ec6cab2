"""Layers as a regular stack, the same block again and again, and what a list of layers is called.

A block is a dense layer, then batch norm, layer norm, an activation and dropout, each of which may
be missing: three numbers and a few switches say what a list of two hundred layers would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

from engine.layers import Activation, Layer, layers
from engine.network.choices import LayerChoice
from engine.network.contestant import MOST_LAYERS

MOST_DEEP = 50
Tuned = tuple[str, str, float]


@dataclass(frozen=True)
class Stack:
    """A block of `width` units, `depth` times.

    Without dropout layers `dropout` is None; with 0 they are there and drop nothing, so that the
    rate can go up while the network trains. `tuned` holds what else differs from its default, as
    (kind, hyperparameter, value), the same in all blocks.
    """

    depth: int = 2
    width: int = 32
    activation: str | None = "tanh"
    batch_norm: bool = False
    layer_norm: bool = False
    dropout: float | None = None
    tuned: tuple[Tuned, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of layers in a block, in order."""
        wanted = (("dense", True), ("batch-norm", self.batch_norm), ("layer-norm", self.layer_norm),
                  (self.activation, self.activation is not None),
                  ("dropout", self.dropout is not None))
        return tuple(kind for kind, there in wanted if there and kind is not None)

    @property
    def deepest(self) -> int:
        """The most blocks of this kind that a network takes."""
        return min(MOST_DEEP, MOST_LAYERS // len(self.kinds))

    def hypers(self, kind: str) -> dict[str, float]:
        """The values of a layer's hyperparameters, those tuned over their defaults."""
        values = dict(layers[kind].defaults())
        if kind == "dense":
            values["width"] = self.width
        elif kind == "dropout" and self.dropout is not None:
            values["rate"] = self.dropout
        return values | {name: value for of, name, value in self.tuned if of == kind}

    def with_hyper(self, kind: str, name: str, value: float) -> Stack:
        """The stack with one hyperparameter of its norm or activation set in all blocks."""
        others = tuple(entry for entry in self.tuned if entry[:2] != (kind, name))
        return replace(self, tuned=tuple(sorted((*others, (kind, name, value)))))


def stack_of(listed: Sequence[LayerChoice]) -> Stack | None:
    """The stack that the layers are, or None where they are no regular one.

    A layer with an init or a learning rate of its own is none: a stack has no place for it.
    """
    if not listed:
        return Stack(depth=0)
    blocks = blocks_of(listed)
    block = blocks[0]
    ranks = [_rank(layer.definition) for layer in block]
    regular = (ranks[0] == 0 and None not in ranks
               and all(a < b for a, b in pairwise(r for r in ranks if r is not None))
               and all(other == block for other in blocks[1:])
               and all(layer.own_init is None and layer.rate_factor == 1 for layer in block))
    if not regular:
        return None
    by_rank = dict(zip(ranks, block, strict=True))
    return Stack(
        depth=len(blocks),
        width=int(block[0].hypers()["width"]),
        activation=by_rank[3].kind if 3 in by_rank else None,
        batch_norm=1 in by_rank,
        layer_norm=2 in by_rank,
        dropout=by_rank[4].hypers()["rate"] if 4 in by_rank else None,
        tuned=tuple(sorted(
            (layer.kind, name, value) for layer in block for name, value in layer.hypers().items()
            if name not in ("width", "rate") and value != layer.definition.defaults()[name])),
    )


def nearest_stack(listed: Sequence[LayerChoice]) -> Stack:
    """A regular stack in the likeness of any layers: as deep, and else as what comes first."""
    first: dict[str, LayerChoice] = {}
    for layer in listed:
        first.setdefault(layer.kind, layer)
    wide = next((layer for layer in listed if has_weights(layer)), None)
    function = next((layer.kind for layer in listed if isinstance(layer.definition, Activation)),
                    None)
    stack = Stack(
        width=int(wide.hypers()["width"]) if wide is not None else Stack.width,
        activation=function,
        batch_norm="batch-norm" in first,
        layer_norm="layer-norm" in first,
        dropout=first["dropout"].hypers()["rate"] if "dropout" in first else None,
    )
    return replace(stack, depth=min(sum(map(has_weights, listed)), stack.deepest))


def layers_of(stack: Stack) -> list[dict[str, Any]]:
    """The layers of a stack as an experiment lists them."""
    block: list[dict[str, Any]] = [{"kind": kind, **stack.hypers(kind)} for kind in stack.kinds]
    return [dict(layer) for _ in range(stack.depth) for layer in block]


def blocks_of(listed: Sequence[LayerChoice]) -> list[tuple[LayerChoice, ...]]:
    """The layers cut before each one that has weights; what is before the first is a block too."""
    blocks: list[tuple[LayerChoice, ...]] = []
    for layer in listed:
        if not blocks or has_weights(layer):
            blocks.append(())
        blocks[-1] += (layer,)
    return blocks


def has_weights(layer: LayerChoice) -> bool:
    """Whether it has a weight matrix, as dense and maxout have."""
    return "init" in type(layer).model_fields


def summary(listed: Sequence[LayerChoice]) -> str:
    """The layers on a line: `64 · batch norm · tanh × 6`, or `64 · tanh × 2, 16 · tanh`."""
    blocks = [" · ".join(map(_phrase, block)) for block in blocks_of(listed)]
    runs = [(text, len(list(same))) for text, same in groupby(blocks)]
    return ", ".join(text + (f" × {count}" if count > 1 else "") for text, count in runs) or (
        "no hidden layer")


def in_sentence(title: str) -> str:
    """A definition's title within a line: `tanh` and `batch norm`, but `ReLU`."""
    return title.lower() if title[1:].islower() else title


def _phrase(layer: LayerChoice) -> str:
    hypers = layer.hypers()
    if layer.kind == "dense":
        return f"{hypers['width']}"
    title = in_sentence(layer.definition.title)
    if "width" in hypers:
        return f"{title} {hypers['width']}"
    return f"{title} {hypers['rate']:g}" if "rate" in hypers else title


def _rank(definition: Layer) -> int | None:
    """Where in a block a layer of this kind stands, or None where it stands in none."""
    if isinstance(definition, Activation):
        return 3
    ranks = {"dense": 0, "batch-norm": 1, "layer-norm": 2, "dropout": 4}
    return ranks.get(definition.name)
