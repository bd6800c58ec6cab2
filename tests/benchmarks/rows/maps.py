"""A map of basins: 500 × 500 starts of Adam on Himmelblau's function, 500 steps each, float64."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import Experiment
from engine.at_once import cores
from engine.maps import Basins, basins, whole

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..timing import absent, peer, rates_in_turn, seconds

SIDE, STEPS, LR = 500, 500, 0.05
# On one thread beside the peers: of a map that size every seventh row and column is enough.
SMALL = 160
REPEATS = 3
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


def experiment() -> Experiment:
    return Experiment(steps=STEPS, problem={"kind": "surface", "surface": "himmelblau"},
                      contestants=[{"optimizer": {"name": "adam", "lr": LR}}])


def our_map(side: int, threads: int | None = None) -> Basins:
    return whole(basins(experiment(), size=(side, side), threads=threads))


def first_picture() -> None:
    next(iter(basins(experiment(), size=(SIDE, SIDE))))


def numpy_ends(start: NDArray[np.float64]) -> NDArray[np.float64]:
    """All starts (n, 2) as one vector, a step at a time; they record nothing but where they are."""
    x, y = start.T.copy()
    m, v = np.zeros((2, len(x))), np.zeros((2, len(x)))
    for t in range(1, STEPS + 1):
        a, b = x * x + y - 11, x + y * y - 7
        g = np.stack([4 * a * x + 2 * b, 2 * a + 4 * b * y])
        m += (g - m) * (1 - BETA1)
        v = v * BETA2 + (1 - BETA2) * g * g
        step = LR / (1 - BETA1**t) * m / (np.sqrt(v) / np.sqrt(1 - BETA2**t) + EPS)
        x, y = x - step[0], y - step[1]
    return np.stack([x, y], axis=1)


def jax_ends(jax: Any) -> Any:
    """`vmap` of a `scan`, compiled beforehand: a function from starts (n, 2) to ends."""
    jax.config.update("jax_enable_x64", True)
    numpy = jax.numpy

    def loss(w: Any) -> Any:
        return (w[0] ** 2 + w[1] - 11) ** 2 + (w[0] + w[1] ** 2 - 7) ** 2

    def step(carry: Any, t: Any) -> Any:
        w, m, v = carry
        g = jax.grad(loss)(w)
        m = m + (g - m) * (1 - BETA1)
        v = v * BETA2 + (1 - BETA2) * g * g
        root = numpy.sqrt(v) / numpy.sqrt(1 - BETA2**t)
        return (w - LR / (1 - BETA1**t) * m / (root + EPS), m, v), None

    def run(w: Any) -> Any:
        steps = numpy.arange(1.0, STEPS + 1)
        return jax.lax.scan(step, (w, numpy.zeros(2), numpy.zeros(2)), steps)[0][0]

    mapped = jax.jit(jax.vmap(run))
    return lambda start: np.asarray(mapped(start))


def check_same(picture: Basins, ends: NDArray[np.float64]) -> None:
    """Raise RuntimeError unless both came to the same places: otherwise nothing is compared."""
    if not np.allclose(picture.ends.reshape(-1, 2), ends, atol=1e-6):
        raise RuntimeError("ours and theirs are not the same runs")


def measure() -> Sequence[Figure]:
    picture = our_map(SMALL, threads=1)
    start = np.stack(np.meshgrid(picture.x, picture.y), axis=-1).reshape(-1, 2)
    steps = len(start) * STEPS
    firsts = [seconds(first_picture) for _ in range(9)]
    wholes = [seconds(lambda: our_map(SIDE)) for _ in range(REPEATS)]
    note = f"{cores()} cores; steps and minima are told too"
    figures = [Figure(Span.of(firsts), note=note), Figure(Span.of(wholes), note=note)]
    ours = (lambda: our_map(SMALL, threads=1), steps)
    check_same(picture, numpy_ends(start))
    figures.append(Figure(*rates_in_turn(ours, (lambda: numpy_ends(start), steps), REPEATS),
                          note="one thread each; theirs for Adam on this one function"))
    modules = peer("jax")
    if modules:
        run = jax_ends(*modules)
        check_same(picture, run(start))
        figures.append(Figure(*rates_in_turn(ours, (lambda: run(start), steps), REPEATS),
                              note="compiled beforehand; theirs for Adam on this one function"))
    else:
        figures.append(Figure(figures[-1].ours, note=absent("JAX")))
    return figures


maps = Benchmark("maps", (
    Quantity("Basins 500 × 500, 500 steps of Adam, first picture", "s", Goal(at_most=0.2)),
    Quantity("Basins 500 × 500, 500 steps of Adam, whole", "s", Goal(at_most=15)),
    Quantity("Steps of Adam on a map of basins", "steps/s", Goal(times_theirs=0.5), "NumPy"),
    Quantity("Steps of Adam on a map, against a scan", "steps/s", Goal(times_theirs=0.25),
             "jax.vmap of lax.scan"),
), measure)
