"""A pass through a network with everything kept: what a lecture looks into, computed when asked.

The pass goes forward and backward over some rows and leaves every layer's numbers where kernels can
count them. It changes nothing: the state's parameters are read and its running statistics copied.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..layers import Activation
from ..streams import generator
from .architecture import Placed
from .blocks import Block, blocks
from .counting import resting_units
from .histogram import Histogram, Range
from .layer_histograms import Depth, What, depth, histograms
from .normalisation import Normalisation, normalisation
from .norms import Norms, gradient_norms, update_ratios, weight_norms
from .plan import DX_ROWS, DY_AT, GRADS, MEMORY, MEMORY_AT, WEIGHTS, X_AT, Y_AT

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]


class Probe:
    """One pass over `rows` rows of a network at one step, as in training (`learning`) or in use.

    Layers are named by their place in `layers`, the output layer last. Arrays have a row for each
    unit and a column for each of the rows; they are views and cannot be written to. `loss` is
    the mean without penalties; it is NaN where no targets were given.
    """

    def __init__(self, state: NetworkState, inputs: Array, targets: Array | None, step: int,
                 learning: bool, reuse: Probe | None = None) -> None:
        """Make the pass; raises RunError where it needs more memory than is used.

        See `NetworkState.probe` for what the arguments mean; `inputs` (n, d) and `targets` (n, t)
        are in the run's precision here.
        """
        training = self._training = state.training
        self.state, self.step, self.learning = state, step, learning
        self.rows = len(inputs)
        self.layers: tuple[Placed, ...] = training.network.layers
        layout = training.plan_for(self.rows)
        self._table = layout.table
        kept = None if reuse is None else reuse._given_up(layout.size)
        self._workspace = layout.workspace() if kept is None else kept
        before, after = training.split(state.state), np.array(training.split(state.state).memory)
        self._params, self._running = before.params, before.memory
        training.forward(self._table, self.rows, inputs, self._params, after, self._workspace,
                         step, learning)
        last = self._table[-1]
        out, given = self._part(Y_AT, last, -1), self._part(DY_AT, last, -1)
        if targets is None:
            self.loss = float("nan")
            random = generator(training.seed, "probe/gradient")
            given[:] = random.standard_normal(out.shape[::-1]).T
        else:
            wanted = np.ascontiguousarray(targets.T)
            self.loss = training.loss_of(out, wanted, given)
        # The weights' gradients are half of the work, and few ask for them.
        table = self._table.copy()
        table[table[:, WEIGHTS] > 0, GRADS] = 0
        self._grads = np.empty(training.network.params_size, training.precision)
        training.backward(table, self.rows, self._params, self._grads, self._workspace, learning)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What a lecture calls the network's layers."""
        return blocks(self._training.network)

    def activation(self, k: int) -> Array:
        """What layer k puts out, (fan_out, n)."""
        return self._seen(Y_AT, k)

    def pre_activation(self, k: int) -> Array:
        """What goes into layer k, (fan_in, n)."""
        return self._seen(X_AT, k)

    def gradient(self, k: int) -> Array:
        """The loss's gradient by what layer k puts out, (fan_out, n).

        The loss is a mean over the n rows, so this is 1/n of each row's own.
        """
        return self._seen(DY_AT, k)

    def weights(self, k: int) -> Array:
        """Layer k's weight matrix, (units, fan_in)."""
        return self._matrix(self._params, k)

    def weight_gradient(self, k: int) -> Array:
        """The loss's gradient by layer k's weight matrix, without penalties, (units, fan_in)."""
        return self._matrix(self.parameter_gradient, k)

    @cached_property
    def parameter_gradient(self) -> Array:
        """The loss's gradient by all that is learnt, (P,), without penalties and unclipped."""
        self._check_kept()
        table = self._table.copy()
        table[:, DX_ROWS] = 0
        self._training.backward(table, self.rows, self._params, self._grads, self._workspace,
                                self.learning)
        self._grads.flags.writeable = False
        return self._grads

    def histograms(self, what: What, bins: int = 64, range: Range = None,
                   by: Literal["block", "layer"] = "block") -> tuple[Histogram, ...]:
        """Histograms of every block, or of every layer, to which `what` applies.

        `what` is "activation", "pre-activation", "gradient" (by activations), "weight" or
        "weight-gradient". Each has a range from its own smallest to its largest number; "shared"
        is one from the smallest to the largest of all; (low, high) is a given one. Raises RunError.
        """
        self._check_kept()
        return histograms(self, what, bins, range, by)

    def depth(self) -> Depth:
        """How large activations and gradients are, block by block."""
        self._check_kept()
        return depth(self)

    def gradient_norms(self) -> Norms:
        """Norms of the gradient by what each layer learns, without penalties and unclipped."""
        return gradient_norms(self._training.network, self.parameter_gradient)

    def weight_norms(self) -> Norms:
        """Norms of the weight matrices."""
        return weight_norms(self._training.network, self._params)

    def update_ratios(self) -> NDArray[np.float64]:
        """‖Δw‖ / ‖w‖ of each layer's weight matrix in the step that follows the state's, (L,).

        NaN for layers without weights.
        """
        return update_ratios(self._training, self.state.state, self.state.step)

    def batch_norm(self, k: int) -> Normalisation:
        """What layer k, a batch norm, did to these rows."""
        layer = self._of_kind(k, "batch-norm")
        running = self._running[layer.state_at : layer.state_at + layer.state_size]
        params = self._params[layer.params_at : layer.params_at + layer.params_size]
        return normalisation(self.pre_activation(k), self.activation(k), self._memory(k), params,
                             running, self.learning)

    def mask(self, k: int) -> NDArray[np.bool_]:
        """What layer k, a dropout, let pass, (units, n); in use that is everything."""
        shape = self._of_kind(k, "dropout").fan_out, self.rows
        if not self.learning:
            return np.ones(shape, bool)
        passed = self._memory(k).reshape(shape) != 0
        passed.flags.writeable = False
        return passed

    def dead_units(self, k: int) -> NDArray[np.intp]:
        """Which units of layer k, a ReLU, are at rest on every one of the rows."""
        definition = self._layer(k).definition
        if not isinstance(definition, Activation) or definition.at_rest is None:
            raise RunError(f"layer {k} ({definition.name}) has no value at which it rests, so "
                           "none of its units can be dead; relu has one")
        return np.flatnonzero(resting_units(self.activation(k), definition.at_rest))

    def _layer(self, k: int) -> Placed:
        if not 0 <= k < len(self.layers):
            raise RunError(f"the network has layers 0 to {len(self.layers) - 1}, not {k}")
        return self.layers[k]

    def _of_kind(self, k: int, name: str) -> Placed:
        layer = self._layer(k)
        if layer.definition.name != name:
            raise RunError(f"layer {k} is a {layer.definition.name} and not a {name}")
        return layer

    def _matrix(self, flat: Array, k: int) -> Array:
        layer = self._layer(k)
        if not layer.weights_size:
            raise RunError(f"layer {k} ({layer.definition.name}) has no weights")
        part = flat[layer.params_at : layer.params_at + layer.weights_size]
        return part.reshape(-1, layer.fan_in)

    def _seen(self, column: int, k: int) -> Array:
        self._layer(k)
        self._check_kept()
        view = self._part(column, self._table[k], k)
        view.flags.writeable = False
        return view

    def _part(self, column: int, row: NDArray[np.int64], k: int) -> Array:
        layer = self.layers[k]
        units = layer.fan_in if column == X_AT else layer.fan_out
        at = row[column]
        return self._workspace[at : at + units * self.rows].reshape(units, self.rows)

    def _memory(self, k: int) -> Array:
        self._check_kept()
        at = self._table[k]
        view = self._workspace[at[MEMORY_AT] : at[MEMORY_AT] + at[MEMORY]]
        view.flags.writeable = False
        return view

    def _check_kept(self) -> None:
        if not self._workspace.size:
            raise RunError("this probe gave its arrays to a later one (reuse); ask that one")

    def _given_up(self, size: int) -> Array | None:
        """The workspace for another pass, if it has the right size; this probe loses it anyway."""
        self._check_kept()
        workspace, self._workspace = self._workspace, self._workspace[:0]
        return workspace if workspace.size == size else None
