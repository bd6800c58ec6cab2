"""What happens to one example in words, with the numbers of the unit that is looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PyQt6.QtGui import QFontMetricsF

from engine.network.flow import Flow, Products
from engine.network.flow_place import FlowPlace
from engine.network.graph_columns import described, spoken

from ..numbers import MINUS, number

DOT, MOST_TERMS, FEWEST_TERMS = " · ", 12, 2


@dataclass(frozen=True)
class Said:
    """A sentence, and below it `start`, a sum as far as it fits, and the first of `ends` that does.
    """

    sentence: str
    start: str = ""
    products: Products | None = None
    ends: tuple[str, ...] = ("",)

    def numbers(self, metrics: QFontMetricsF, width: float) -> str:
        """The line of numbers, with as many terms as a width has room for."""
        if self.products is None:
            return self.start + self.ends[0]
        for end in self.ends:
            found = self._longest(metrics, width, end)
            if found:
                return found
        return f"{self.start}{number(self.products.total)}{self.ends[-1]}"

    def _longest(self, metrics: QFontMetricsF, width: float, end: str) -> str:
        """The line with as many terms as fit, found by halving; nothing if the fewest do not."""
        assert self.products is not None
        few, most = (min(len(self.products.weights), terms) for terms in (FEWEST_TERMS, MOST_TERMS))
        found = ""
        while few <= most:
            terms = (few + most + 1) // 2 if found else few
            text = f"{self.start}{summed(self.products, terms)}{end}"
            if metrics.horizontalAdvance(text) <= width:
                found, few = text, terms + 1
            else:
                most = terms - 1
        return found


def summed(products: Products, terms: int) -> str:
    """A weighted sum written out, its largest terms first: "0.42 · 1.31 − 0.2 · 0.7 + 0.1 = 0.51".
    """
    parts = products.weights * products.values
    order = np.argsort(-np.abs(np.nan_to_num(parts)), kind="stable")
    text = ""
    for place in order[:terms]:
        weight, value = float(products.weights[place]), float(products.values[place])
        text = _joined(text, weight, f"{number(abs(weight))}{DOT}{bracketed(value)}")
    left = order[terms:]
    if len(left):
        rest = float(parts[left].sum())
        text = _joined(text, rest, f"{number(abs(rest))} ({len(left):,} more)")
    if products.bias:
        text = _joined(text, products.bias, number(abs(products.bias)))
    return f"{text} = {number(products.total)}"


def _joined(text: str, sign: float, term: str) -> str:
    if not text:
        return f"{MINUS}{term}" if sign < 0 else term
    return f"{text} {MINUS if sign < 0 else '+'} {term}"


def bracketed(value: float) -> str:
    """A factor: in brackets where it has a sign of its own."""
    return f"({number(value)})" if value < 0 else number(value)


def said(flow: Flow, place: FlowPlace, unit: int, names: tuple[tuple[str, ...], tuple[str, ...]]
         ) -> Said:
    """What happens at a place on the way; `unit` is that of the column, `names` those of inputs
    and outputs."""
    if place.stage == 0:
        return _inputs(flow, names[0])
    if place.column > flow.last:
        return _loss(flow, names[1])
    if not place.backward:
        return _forward(flow, place.column, unit)
    if place.column == flow.last:
        return _first_gradient(flow, unit, names[1])
    return _backward(flow, place.column, unit)


def _wanted(flow: Flow, names: tuple[str, ...]) -> str:
    """What the target asks for."""
    data = flow.state.training.material.data
    if data.task == "classes":
        return f"class {data.classes[int(flow.target[0])]}"
    return ", ".join(f"{name} = {number(float(value))}"
                     for name, value in zip(names, flow.target, strict=True))


def _inputs(flow: Flow, names: tuple[str, ...]) -> Said:
    rest = len(names) - 4
    values = [f"{name} = {number(float(value))}" for name, value in
              zip(names[:4], flow.inputs[:4], strict=True)]
    more = f", {rest:,} more" if rest > 0 else ""
    numbers = f"{', '.join(values)}{more}" if len(names) <= 32 else f"{len(names):,} numbers"
    return Said(f"Training row {flow.row + 1:,} goes in; wanted: {_wanted(flow, names)}"
                if flow.state.training.material.data.task == "classes" else
                f"Training row {flow.row + 1:,} goes in", numbers)


def _forward(flow: Flow, column: int, unit: int) -> Said:
    network = flow.state.training.network
    entry = flow.columns[column]
    then = described(network, entry)
    then = then[1:] if then[:1] == ("maxout",) else then
    first = "z = W a + b" if column > 1 else "z = W x + b"
    behind = f", then {', '.join(then)}" if then else ""
    return Said(f"{entry.name} forward: {first}{behind}", f"unit {unit + 1}: z = ",
                flow.arriving(column, unit), (_through(flow, column, unit),))


def _through(flow: Flow, column: int, unit: int) -> str:
    """What the layers behind the weights make of a unit's sum."""
    entry = flow.columns[column]
    assert entry.block is not None
    layers = flow.state.training.network.layers
    text = ""
    for place in entry.places:
        if place == entry.block.weights:
            continue
        value = float(flow.value(place)[unit])
        name = spoken(layers[place].definition.title)
        if name == "dropout":
            before = float(flow.value(place - 1)[unit])
            name = "dropped" if value == 0 and before != 0 else "kept"
        text += f" → {name} {number(value)}"
    return text


def _loss(flow: Flow, names: tuple[str, ...]) -> Said:
    training = flow.state.training
    loss, data = training.loss, training.material.data
    sentence = f"the loss: {spoken(loss.title)} of the outputs, wanted: {_wanted(flow, names)}"
    if loss.probabilities is not None:
        share = float(_shares(flow)[int(flow.target[0])])
        name = data.classes[int(flow.target[0])]
        return Said(sentence, f"L = {MINUS}log p({name}) = {MINUS}log {number(share)} = "
                              f"{number(flow.loss)}")
    if loss.name == "mse" and len(flow.target) == 1:
        z, t = float(flow.outputs[0]), float(flow.target[0])
        return Said(sentence, f"L = (z {MINUS} t)² = ({number(z)} {MINUS} {bracketed(t)})² = "
                              f"{number(flow.loss)}")
    return Said(sentence, f"L = {number(flow.loss)}")


def _shares(flow: Flow) -> np.ndarray:
    mapped = flow.state.training.loss.probabilities
    assert mapped is not None
    return np.asarray(mapped(np.asarray(flow.outputs, np.float64)[:, None]))[:, 0]


def _first_gradient(flow: Flow, unit: int, names: tuple[str, ...]) -> Said:
    value = float(flow.gradients(flow.last)[unit])
    sentence = "output backward: how the loss changes with each output"
    start = f"unit {unit + 1}: ∂L/∂z = "
    if flow.state.training.loss.probabilities is not None:
        shares = _shares(flow)
        # A single logit speaks for class 1.
        which = unit if len(flow.outputs) > 1 else 1
        wanted = float(which == int(flow.target[0]))
        return Said(sentence, f"{start}p {MINUS} {wanted:.0f} = {number(float(shares[which]))} "
                              f"{MINUS} {wanted:.0f} = {number(value)}")
    return Said(sentence, f"{start}{number(value)}")


def _backward(flow: Flow, column: int, unit: int) -> Said:
    entry = flow.columns[column]
    assert entry.block is not None
    layers = flow.state.training.network.layers
    behind = [place for place in reversed(entry.places) if place != entry.block.weights]
    names = [spoken(layers[place].definition.title) for place in behind]
    through = f", back through {', '.join(names)}" if names else ""
    text = ""
    for name, place in zip(names, behind, strict=True):
        text += f" → {name} {number(float(flow.gradient(place - 1)[unit]))}"
    arriving = flow.arriving(column, unit)
    steepest = int(np.abs(np.nan_to_num(arriving.values)).argmax())
    delta = float(flow.gradient(entry.block.weights)[unit])
    slope = float(flow.weight_gradients(column, unit)[steepest])
    weight = (f"; ∂L/∂w{_subscript(steepest + 1)} = {number(delta)}{DOT}"
              f"{bracketed(float(arriving.values[steepest]))} = {number(slope)}")
    return Said(f"{entry.name} backward: ∂L/∂a = Σ w δ of the next layer{through}",
                f"unit {unit + 1}: ", flow.returning(column, unit), (text + weight, text))


def _subscript(whole: int) -> str:
    return str(whole).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
