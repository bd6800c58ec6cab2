"""What may drive a network's training out of the finite numbers, and how each cause is recognised.

From the most certain to the least: a division by 0, a penalty that no step can follow, inputs of a
wild scale, an init that multiplies from layer to layer, and last the learning rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..trace import Kept
from .curvature import largest_curvature
from .retrace import Retrace, retrace

if TYPE_CHECKING:
    from .training import Training

Array = NDArray[np.floating]

# An init is to blame only for what happens soon after it.
SOON = 100
# Preprocessed inputs are seldom above 5; a hundred is not meant.
WILD_INPUT = 100.0
# What a layer multiplies by on the average, and all of them together, before it is an explosion.
EXPLODING_LAYER, EXPLODING_NETWORK = 2.0, 1e3
# Losses of mini-batches go up and down: so many may pass without a smaller one.
PATIENCE = 10
MOST_LOOKED_BACK = 10_000
RECTIFIERS = {"relu", "leaky-relu", "prelu", "elu", "gelu", "silu", "softplus"}
NORMS = {"batch-norm", "layer-norm"}


@dataclass(frozen=True)
class Cause:
    """A cause and what would help, in sentences, with the numbers of `Divergence`."""

    sentence: str
    advice: str
    curvature: float | None = None
    limit: float | None = None


class Case:
    """What is known of a divergence, computed when it is asked for."""

    def __init__(self, training: Training, state: Array, step: int, curves: Kept) -> None:
        self.training, self.state, self.step, self.curves = training, state, step, curves

    @cached_property
    def step_again(self) -> Retrace:
        """The step that was lost."""
        return retrace(self.training, self.state, self.step)

    @cached_property
    def first_step(self) -> Retrace:
        """The very first step, in which the init shows."""
        return retrace(self.training, self.training.start(), 0)

    @cached_property
    def rates(self) -> NDArray[np.float64]:
        """The learning rates up to this step, the largest factor of a layer included, (step+1,)."""
        factor = max((layer.rate_factor for layer in self.training.network.layers), default=1.0)
        return factor * self.training.rates(np.arange(1, self.step + 2))

    @property
    def rate(self) -> float:
        """The largest learning rate so far."""
        return float(self.rates.max())

    @cached_property
    def stable(self) -> float | None:
        """lr · λmax up to which the optimizer is stable, where theory knows it."""
        optimizer = self.training.optimizer
        known = optimizer.stable_lr
        return known(self.training.contestant.optimizer.hypers()) if known else None

    @property
    def kinds(self) -> set[str]:
        """The kinds of layers in the network."""
        return {layer.definition.name for layer in self.training.network.layers}

    @property
    def or_clip(self) -> str:
        """Clipping as another way out, where steps are as long as gradients and none is cut yet."""
        useful = self.stable is not None and not self.training.contestant.clip
        return ", or clip the gradient's norm" if useful else ""

    def in_float64(self) -> str:
        """Whether float64 would have computed this step, as a sentence; nothing if it is in use."""
        if self.training.precision == "float64":
            return ""
        exact = self.training.in_float64()
        inputs, targets, batches = exact.material.batches(self.step + 1, 1)
        batch = (np.array(inputs[batches[0]]), np.array(targets[batches[0]]),
                 np.arange(batches.shape[1])[None])
        loss, penalty, grads = exact.gradient(
            np.array(self.state, np.float64), self.step, batch)
        if np.isfinite(loss + penalty) and np.isfinite(grads).all():
            return " float32 ends at 3.4e38; float64 could have computed this step."
        return " Not even float64, which ends at 1.8e308, could have computed this step."


def causes(case: Case) -> Iterator[Cause]:
    """Causes that fit, the most certain first; the last one always fits."""
    yield from _division(case)
    yield from _penalty(case)
    yield from _inputs(case)
    yield from _init(case)
    yield from _rate(case)


def _division(case: Case) -> Iterator[Cause]:
    lost = case.step_again.lost
    hypers = case.training.contestant.optimizer.hypers()
    if lost and lost.part == "update" and lost.undefined and hypers.get("eps") == 0.0:
        usual = case.training.optimizer.defaults()["eps"]
        yield Cause("With eps = 0 a parameter without gradient is divided 0 by 0.",
                    f"Take eps above 0, such as {usual:g}.")


def _penalty(case: Case) -> Iterator[Cause]:
    contestant = case.training.contestant
    decay = contestant.optimizer.hypers().get("weight_decay", 0.0)
    pull = contestant.l2 + decay
    if case.stable is not None and case.rate * pull > case.stable:
        name = "weight_decay" if not contestant.l2 else "l2 + weight_decay" if decay else "l2"
        product = f"lr·({name})" if "+" in name else f"lr·{name}"
        yield Cause(
            f"{product} = {case.rate * pull:.3g} is above {case.stable:.3g}: each step throws the "
            "weights past 0, to the other side and farther out.",
            f"Take {name} below {case.stable / case.rate:.2g}, or lr below "
            f"{case.stable / pull:.2g}.", pull, case.stable / pull)
    weights = case.training.split(case.training.start()).params
    size = float(np.sqrt(np.mean(np.square(weights, dtype=np.float64))))
    if case.stable is not None and case.rate * contestant.l1 > 100 * size:
        yield Cause(
            f"l1 moves every weight by lr·l1 = {case.rate * contestant.l1:.3g} at each step, and "
            f"at the start they were about {size:.2g}.",
            f"Take l1 below {size / case.rate:.2g}.")


def _inputs(case: Case) -> Iterator[Cause]:
    prepared = case.training.problem.preprocess
    largest = case.step_again.largest_input
    if largest > WILD_INPUT and not {"scale", "whiten"} & set(prepared):
        follows = "sums" if case.step == 0 else "gradients, and with them the steps,"
        yield Cause(
            f"The inputs reach {largest:.3g}, and the first layer's {follows} are as large."
            + (case.in_float64() if case.step == 0 else ""),
            'Take preprocess = ["center", "scale"].')


def _init(case: Case) -> Iterator[Cause]:
    if case.step > SOON:
        return
    first = case.first_step
    layers = case.training.network.layers
    weighted = [layer.place for layer in layers if layer.weights_size]
    finite = [place for place in weighted if np.isfinite(first.outputs[place])]
    if finite and first.input_size > 0:
        total = first.outputs[finite[-1]] / first.input_size
        factor = total ** (1 / len(finite))
        if factor > EXPLODING_LAYER and total > EXPLODING_NETWORK:
            yield Cause(
                f"The init is too large: at the start every layer with weights multiplies its "
                f"inputs by about {factor:.3g}, {len(finite)} of them by {total:.1e}."
                + (case.in_float64() if case.step == 0 else ""), _better_init(case))
    elif not finite:
        yield Cause("The init is too large: the first layer's outputs are not finite already."
                    + case.in_float64(), _better_init(case))
    ends = [first.gradients[place] for place in weighted
            if np.isfinite(first.gradients[place]) and first.gradients[place] > 0]
    if len(ends) > 1:
        total = ends[0] / ends[-1]
        factor = total ** (1 / (len(ends) - 1))
        if factor > EXPLODING_LAYER and total > EXPLODING_NETWORK:
            yield Cause(
                f"Gradients explode on their way back: at the start every layer multiplies them by "
                f"about {factor:.3g}, {len(ends) - 1} of them by {total:.1e}."
                + (case.in_float64() if case.step == 0 else ""),
                _better_init(case))


def _better_init(case: Case) -> str:
    name = ("lecun-normal" if "selu" in case.kinds else
            "he-normal" if case.kinds & (RECTIFIERS | {"maxout"}) else "xavier-normal")
    ways = f'Take init = "{name}"'
    return f"{ways}." if case.kinds & NORMS else f"{ways}, or add layer norm."


def _rate(case: Case) -> Iterator[Cause]:
    sentences = []
    since, factor = growth(case.curves)
    if factor > 1.05:
        sentences.append(f"Since step {since * case.curves.stride + 1:,} the loss had grown by a "
                         f"factor of {factor:.2g} a step.")
    rate, title = case.rate, case.training.optimizer.title
    raised = f"lr was {rate:.3g}"
    if rate > 1.01 * case.rates[0]:
        raised = f"the schedule had raised lr to {rate:.3g} by step {np.argmax(case.rates) + 1:,}"
    found = [(value, step) for step, state in _suspects(case, since)
             if (value := largest_curvature(case.training, state, step)) is not None and value > 0
             ] if case.stable is not None else []
    if not found:
        sentences.append(f"Each step led to a larger one: {raised}.")
        yield Cause(" ".join(sentences), _smaller(case))
        return
    curvature, step = max(found)
    assert case.stable is not None
    limit = case.stable / curvature
    where = "At the start" if step == 0 else f"After step {step:,}"
    theory = (f"{where} the loss's largest curvature is λmax = {curvature:.3g}, so {title} is "
              f"stable up to lr = {case.stable:.3g}/λmax = {limit:.2g}")
    if rate > limit:
        sentences.append(f"{theory}; {raised}, {rate / limit:.2g} times that.")
        advice = f"Take lr below {limit:.2g}{case.or_clip}."
    else:
        sentences.append(f"{theory}; {raised}, but the curvature rises along the way.")
        advice = _smaller(case)
    yield Cause(" ".join(sentences), advice, curvature, limit)


def _smaller(case: Case) -> str:
    """Advice where no theory says how large lr may be: a tenth, or the optimizer's usual rate."""
    usual = case.training.optimizer.defaults()["lr"]
    if case.stable is None and case.rate > 10 * usual:
        return f"Take an lr near {usual:g}, which is usual for {case.training.optimizer.title}."
    return f"Take lr below {case.rate / 10:.2g}{case.or_clip}."


def growth(curves: Kept) -> tuple[int, float]:
    """The row from which on the loss grew to the end, and the factor of each step."""
    losses = curves.rows[-MOST_LOOKED_BACK:, 0]
    if not len(losses):
        return 0, 1.0
    last = lowest = len(losses) - 1
    for place in range(last, -1, -1):
        if losses[place] < losses[lowest]:
            lowest = place
        if lowest - place > PATIENCE:
            break
    steps = (last - lowest) * curves.stride
    first = len(curves.rows) - len(losses)
    if not steps or losses[lowest] <= 0:
        return first + lowest, 1.0
    return first + lowest, float((losses[last] / losses[lowest]) ** (1 / steps))


def _suspects(case: Case, since: int) -> Iterator[tuple[int, Array]]:
    """Steps and states at which the loss may have been too curved for the rate."""
    training, state = case.training, case.training.start()
    yield 0, state
    if case.curves.stride == 1 and 0 < since <= training.material.most_steps:
        weights = sum(layer.weights_size for layer in training.network.layers)
        if weights * training.material.order.batch * since > 2e9:
            return
        state, rows, _ = training.segment(state, 0, since)
        # Where something was changed on the way, this is another way.
        if np.array_equal(rows[:, 0], case.curves.rows[:since, 0]):
            yield since, state
