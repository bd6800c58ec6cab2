"""Steps a second of our training and of a peer's, in turn, once both are seen to be the same.

Seconds are the processor's, in all threads of the process: on one core and one thread those are the
clock's, without what other programs on the machine take away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import process_time

from engine.experiment import Experiment
from engine.run import Run

from .benchmark import Figure, Span
from .jax_training import fastest
from .networks import COMPARED, replayed
from .timing import absent, peer
from .torch_training import TorchTraining

REPEATS = 9
Trained = tuple[Callable[[], object], int]
"""What goes on by some steps at each call, and by how many."""


@dataclass(frozen=True)
class Rates:
    """Steps a second; `theirs` is None where the peer is not installed, which `note` says."""

    ours: Span
    theirs: Span | None
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times as fast as theirs ours is; 0 without them."""
        return self.ours.value / self.theirs.value if self.theirs else 0.0


def rates_in_turn(*trained: Trained) -> list[Span]:
    """Steps a second of each, by turns; first calls do not count."""
    measured: list[list[float]] = [[] for _ in trained]
    for turn in range(REPEATS + 1):
        for (advance, steps), found in zip(trained, measured, strict=True):
            began = process_time()
            advance()
            if turn:
                found.append(steps / (process_time() - began))
    return [Span.of(found) for found in measured]


class Ours:
    """Our training, long enough for one measurement; losses and checkpoints are kept."""

    def __init__(self, experiment: Experiment, steps: int, before: int = 0) -> None:
        """It goes on by `steps` at a time, after `before` steps that are not measured."""
        self._steps = steps
        self._run = Run(experiment.replaced(steps=before + steps * (REPEATS + 1)))
        self._run.advance(before)

    def advance(self) -> None:
        """Train on by `steps`."""
        self._run.advance(self._steps)

    def against(self, *theirs: Trained) -> list[Span]:
        """Our rate, then those of others; raises RuntimeError if we diverged meanwhile."""
        rates = rates_in_turn((self.advance, self._steps), *theirs)
        if not self._run.done or self._run.snapshot().contestants[0].diverged:
            raise RuntimeError("our training ended before its measurement did")
        return rates


def against_jax(experiment: Experiment, steps: int, before: int = 0) -> Rates:
    """Ours against the fastest form of a compiled scan over as many steps."""
    modules = peer("jax", "jax.flatten_util")
    if modules is None:
        (alone,) = Ours(experiment, steps, before).against()
        return Rates(alone, None, absent("JAX"))
    training = replayed(experiment, steps)
    theirs = fastest(modules[0], training)
    training.check_same("JAX", theirs.advance())
    mine, other = Ours(experiment, steps, before).against((theirs.advance, len(training.batches)))
    return Rates(mine, other, f"{theirs.form}, compiled in {theirs.compile_seconds:.1f} s before")


def against_torch(
    experiment: Experiment, steps: int, before: int = 0, their_steps: int = COMPARED,
    proof: Experiment | None = None,
) -> Rates:
    """Ours against PyTorch, which takes `their_steps` to a call.

    `proof` is the same without what is random in it; where nothing is, the experiment itself is
    seen to be trained alike.
    """
    modules = peer("torch")
    if modules is None:
        (alone,) = Ours(experiment, steps, before).against()
        return Rates(alone, None, absent("PyTorch"))
    alike = replayed(proof or experiment, COMPARED)
    alike.check_same("PyTorch", TorchTraining(modules[0], alike).advance())
    training = replayed(experiment, their_steps)
    theirs = TorchTraining(modules[0], training)
    mine, other = Ours(experiment, steps, before).against((theirs.advance, len(training.batches)))
    return Rates(mine, other, f"torch {modules[0].__version__}")


def worst(found: Mapping[str, Rates]) -> Figure:
    """The case in which ours leads by least; the note lists them all."""
    name, rates = min(found.items(), key=lambda entry: entry[1].ratio)
    if rates.theirs is None:
        return Figure(rates.ours, None, rates.note)
    listed = ", ".join(f"{case} {one.ratio:.2f}" for case, one in found.items())
    return Figure(rates.ours, rates.theirs, f"worst of {listed}; {name}: {rates.note}")
