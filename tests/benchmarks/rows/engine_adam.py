"""Adam on Rosenbrock's function, every step recorded, on one thread in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels import import_numba
from engine.run import Run
from engine.surface_race import KEPT_ROWS

from ..benchmark import Benchmark, Figure, Goal, Quantity
from ..races import START, adam
from ..timing import absent, peer, rates_in_turn

Path = NDArray[np.float64]

LR = 1e-3
# As many as a run keeps one by one: beyond that it would record every second one.
STEPS = 100_000
# Several at a time, so that none is measured on memory and caches that another library has left.
RUNS = 5
TORCH_STEPS = 4000
REPEATS = 9
# Later on the last digit decides when Adam next leaves the valley's floor.
COMPARED = 2000


def our_path(steps: int) -> Path:
    """The whole run, as a script does it: (steps + 1, 2)."""
    run = Run(adam(steps, LR)).finish()
    return run.snapshot().trails[0].path


def torch_path(torch: Any, steps: int) -> Path:
    """PyTorch's eager Adam with autograd, one thread."""
    torch.set_num_threads(1)
    w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=LR)
    path = np.empty((steps + 1, 2))
    path[0] = START
    for k in range(steps):
        optimizer.zero_grad()
        x, y = w[0], w[1]
        loss = (1 - x) ** 2 + 100 * (y - x**2) ** 2
        loss.backward()
        optimizer.step()
        path[k + 1] = w.detach().numpy()
    return path


def jax_path(jax: Any, optax: Any) -> Any:
    """Optax's Adam in a scan, compiled beforehand: a function that returns the path."""
    jax.config.update("jax_enable_x64", True)
    numpy = jax.numpy
    optimizer = optax.adam(LR)

    def loss(w: Any) -> Any:
        return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2

    def step(carry: Any, _: Any) -> Any:
        w, state = carry
        updates, state = optimizer.update(jax.grad(loss)(w), state)
        w = optax.apply_updates(w, updates)
        return (w, state), w

    start = numpy.array(START)
    scan = jax.jit(lambda: jax.lax.scan(step, (start, optimizer.init(start)), None, STEPS)[1])
    return lambda: np.concatenate([[START], np.asarray(scan())])


def numba_path() -> Any:
    """The same loop written for this one pair by hand: what plugging kernels in costs at most."""
    numba = import_numba()

    @numba.njit(nogil=True, error_model="numpy")
    def descend(steps: int, lr: float) -> Any:
        beta1, beta2, eps = 0.9, 0.999, 1e-8
        path = np.empty((steps + 1, 2))
        x, y = START
        path[0] = x, y
        m0 = m1 = v0 = v1 = 0.0
        for t in range(1, steps + 1):
            b = y - x * x
            g0, g1 = -2 * (1 - x) - 400 * x * b, 200 * b
            rate, root = lr / (1 - beta1**t), sqrt(1 - beta2**t)
            m0, m1 = m0 + (g0 - m0) * (1 - beta1), m1 + (g1 - m1) * (1 - beta1)
            v0, v1 = v0 * beta2 + (1 - beta2) * g0 * g0, v1 * beta2 + (1 - beta2) * g1 * g1
            x -= rate * m0 / (sqrt(v0) / root + eps)
            y -= rate * m1 / (sqrt(v1) / root + eps)
            path[t, 0], path[t, 1] = x, y
        return path

    return lambda: descend(STEPS, LR)


def several(descend: Callable[[], Path]) -> tuple[Callable[[], object], int]:
    """A few descents of STEPS in a row, and how many steps that are."""
    return lambda: [descend() for _ in range(RUNS)], RUNS * STEPS


def check_same(ours: Path, theirs: Path) -> None:
    """Raise RuntimeError unless both went the same way: otherwise nothing is compared."""
    if not np.allclose(ours[:COMPARED], theirs[:COMPARED], rtol=1e-8, atol=1e-8):
        raise RuntimeError("ours and theirs are not the same descent")


def measure() -> Sequence[Figure]:
    assert STEPS < KEPT_ROWS
    ours = several(lambda: our_path(STEPS))
    path = our_path(STEPS)
    figures = []
    modules = peer("torch")
    if modules:
        check_same(path, torch_path(*modules, COMPARED))
        spans = rates_in_turn(ours, (lambda: torch_path(*modules, TORCH_STEPS), TORCH_STEPS),
                              REPEATS)
        figures.append(Figure(*spans, note=f"torch {modules[0].__version__}, eager, one thread; "
                                           "we also record loss, gradient and moments"))
    loop = numba_path()
    check_same(path, loop())
    by_hand = rates_in_turn(ours, several(loop), REPEATS)
    if not modules:
        figures.append(Figure(by_hand[0], note=absent("PyTorch")))
    figures.append(Figure(*by_hand, note="Numba, for this one pair only; records the path only"))
    modules = peer("jax", "optax")
    if modules:
        scan = jax_path(*modules)
        check_same(path, scan())
        figures.append(Figure(*rates_in_turn(ours, several(scan), REPEATS),
                              note="compiled beforehand; records the path only"))
    else:
        figures.append(Figure(by_hand[0], note=absent("optax")))
    return figures


engine_adam = Benchmark("engine-adam", (
    Quantity("Adam on Rosenbrock, path recorded", "steps/s",
             Goal(at_least=10e6, times_theirs=1000), "PyTorch"),
    Quantity("Adam against a loop written for it", "steps/s", Goal(times_theirs=0.25), "by hand"),
    Quantity("Adam against a compiled scan", "steps/s", Goal(times_theirs=0.25), "optax, jax.jit"),
), measure)
