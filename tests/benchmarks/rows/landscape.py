"""A loss landscape: 2-32-32-2 with tanh, 500 rows, cross-entropy, in float32 on one core.

JAX maps the same function over the same points, compiled beforehand, 64 of them at a time: batches
from 16 to 512 and one `vmap` over all were tried, and none was faster. PyTorch goes through them in
a loop without gradients that sets the parameters of a module; the note says what a loop costs that
does without the module. All compute the loss on the same plane, and have to agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import landscape
from engine.experiment import Experiment
from engine.run import Run

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..networks import dense
from ..one_core import keep_to_one_core
from ..timing import absent, peer, rates_in_turn, seconds

SIDE, FINE_SIDE, ROWS, BATCH = 51, 101, 500, 64
REPEATS, TORCH_REPEATS = 15, 3
CLOSE = 2e-5


class Same:
    """What is drawn, as all of them get it: `weights` are (W, b) and `moves` two such lists."""

    def __init__(self) -> None:
        experiment = Experiment(
            seed=7, steps=300,
            problem={"kind": "network", "dataset": {"name": "spirals", "samples": ROWS},
                     "test_fraction": 0.0, "batch": 32, "precision": "float32"},
            contestants=[{"layers": dense((32, 32), "tanh"),
                          "optimizer": {"name": "adam", "lr": 0.01}}])
        state = Run(experiment).finish().snapshot().contestants[0]
        self.loss = landscape.WeightLoss(state, "train")
        self.plane = landscape.random_plane(state)
        material = state.training.material
        self.x, self.labels = material.train_x, material.train_y[:, 0].astype(np.int64)
        self.weights = self._layers(self.plane.origin)
        self.moves = [self._layers(axis) for axis in self.plane.axes]

    def _layers(self, flat: NDArray[np.float64]) -> list[tuple[Any, Any]]:
        found, at = [], 0
        for fan_in, fan_out in ((2, 32), (32, 32), (32, 2)):
            middle, end = at + fan_in * fan_out, at + (fan_in + 1) * fan_out
            found.append((flat[at:middle].reshape(fan_out, fan_in).astype(np.float32),
                          flat[middle:end].astype(np.float32)))
            at = end
        return found

    def ours(self, side: int = SIDE) -> NDArray[np.float64]:
        """The heights of the field, (side, side)."""
        return landscape.field(self.loss, self.plane, size=side, threads=1).heights


def points(side: int) -> NDArray[np.float32]:
    """The places of a field, (side², 2)."""
    line = np.linspace(-1, 1, side, dtype=np.float32)
    return np.stack(np.broadcast_arrays(line, line[:, None]), axis=-1).reshape(-1, 2)


def jax_field(jax: Any, same: Same, side: int) -> Callable[[], Any]:
    """The field by `lax.map`, compiled."""
    numpy = jax.numpy

    def at(point: Any) -> Any:
        values = same.x
        for k, ((w, b), *moves) in enumerate(zip(same.weights, *same.moves, strict=True)):
            w = w + point[0] * moves[0][0] + point[1] * moves[1][0]
            b = b + point[0] * moves[0][1] + point[1] * moves[1][1]
            values = values @ w.T + b
            values = numpy.tanh(values) if k < 2 else values
        logs = jax.nn.log_softmax(values)
        return -numpy.take_along_axis(logs, same.labels[:, None], axis=1).mean()

    places = numpy.asarray(points(side))
    compiled = jax.jit(lambda all_points: jax.lax.map(at, all_points, batch_size=BATCH)).lower(
        places).compile()
    return lambda: np.asarray(compiled(places)).reshape(side, side)


def torch_field(torch: Any, same: Same, side: int) -> Callable[[], Any]:
    """The field by a loop that sets the parameters of a module at every point."""
    torch.set_num_threads(1)
    start, first, second = ([torch.tensor(part) for pair in layers for part in pair]
                            for layers in (same.weights, *same.moves))
    net = torch.nn.Sequential(torch.nn.Linear(2, 32), torch.nn.Tanh(), torch.nn.Linear(32, 32),
                              torch.nn.Tanh(), torch.nn.Linear(32, 2))
    x, labels, measure = torch.tensor(same.x), torch.tensor(same.labels), (
        torch.nn.CrossEntropyLoss())

    def field() -> Any:
        heights = []
        with torch.no_grad():
            for a, b in points(side).tolist():
                for tensor, w, u, v in zip(net.parameters(), start, first, second, strict=True):
                    tensor.copy_(w + a * u + b * v)
                heights.append(measure(net(x), labels).item())
        return np.array(heights).reshape(side, side)

    return field


def bare_torch_field(torch: Any, same: Same, side: int) -> Callable[[], Any]:
    """The field by a loop over functions of tensors, without a module."""
    tensors = [[(torch.tensor(w), torch.tensor(b)) for w, b in layers]
               for layers in (same.weights, *same.moves)]
    x, labels = torch.tensor(same.x), torch.tensor(same.labels)

    def field() -> Any:
        heights = []
        with torch.no_grad():
            for a, b in points(side).tolist():
                values = x
                for k, (start, first, second) in enumerate(zip(*tensors, strict=True)):
                    w, bias = (start[i] + a * first[i] + b * second[i] for i in range(2))
                    values = torch.nn.functional.linear(values, w, bias)
                    values = values.tanh() if k < 2 else values
                heights.append(float(torch.nn.functional.cross_entropy(values, labels)))
        return np.array(heights).reshape(side, side)

    return field


def compared(name: str, same: Same, field: Callable[[], Any], repeats: int
             ) -> tuple[Span, Span]:
    """Fields a second, ours and theirs; raises RuntimeError where they are not the same field."""
    if not np.allclose(field(), same.ours(), rtol=CLOSE, atol=CLOSE):
        raise RuntimeError(f"{name} and we do not draw the same landscape")
    return rates_in_turn((same.ours, 1), (field, 1), repeats)


def measure() -> Sequence[Figure]:
    note = keep_to_one_core()
    same = Same()
    ours = Span.of([1 / seconds(same.ours) for _ in range(REPEATS)])
    figures = []
    for name, modules, make, repeats in (
            ("JAX", ("jax",), jax_field, REPEATS), ("PyTorch", ("torch",), torch_field,
                                                    TORCH_REPEATS)):
        found = peer(*modules)
        if found is None:
            figures.append(Figure(ours, note=absent(name)))
            continue
        mine, theirs = compared(name, same, make(found[0], same, SIDE), repeats)
        said = f"{1e3 / mine.value:.0f} ms, theirs {1e3 / theirs.value:.0f} ms, {note}"
        if name == "PyTorch":
            bare = seconds(bare_torch_field(found[0], same, SIDE))
            said += f"; without a module theirs takes {1e3 * bare:.0f} ms"
        figures.append(Figure(mine, theirs, said))
    times = np.array([[seconds(same.ours), seconds(lambda: same.ours(FINE_SIDE))]
                      for _ in range(REPEATS)])
    ratios = times[:, 1] / times[:, 0]
    figures.append(Figure(Span(median(ratios), float(ratios.min()), float(ratios.max())),
                          note=f"{1e3 * np.median(times[:, 1]):.0f} ms"))
    return figures


FIELD = f"Landscape {SIDE} × {SIDE}, 2-32-32-2"

landscape_row = Benchmark("landscape", (
    Quantity(f"{FIELD}, mapped", "fields/s", Goal(times_theirs=1.0), "jax.lax.map"),
    Quantity(f"{FIELD}, in a loop", "fields/s", Goal(times_theirs=20.0), "PyTorch"),
    Quantity(f"Landscape {FINE_SIDE} × {FINE_SIDE}, of a {SIDE} × {SIDE} one", "×",
             Goal(at_most=4.2)),
), measure)
