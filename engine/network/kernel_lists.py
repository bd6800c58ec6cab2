"""Lists of pointers to kernels, as the compiled passes take them.

Handing a list to a compiled function costs nothing, a kernel 0.2 ms; filling one from Python would
compile 0.12 s for every kernel, so it is done by two functions with spelled-out types.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from ..kernels import (
    BACKWARD,
    FORWARD,
    LOSS,
    UPDATE,
    Kernel,
    Precision,
    Signature,
    compile_function,
    import_numba,
    pointer_type,
)

import_numba()

from numba import types  # noqa: E402
from numba.typed import List  # noqa: E402


def _begin(kernel):
    kernels = List()
    kernels.append(kernel)
    return kernels


def _append(kernels, kernel):
    kernels.append(kernel)


@cache
def _list_makers(signature: Signature, precision: Precision) -> tuple[Any, Any]:
    """Filling a list from Python would compile for each kernel anew; these two never do."""
    pointer = pointer_type(signature, precision)
    kernels = types.ListType(pointer)
    return (compile_function(_begin, kernels(pointer), precision),
            compile_function(_append, types.void(kernels, pointer), precision))


def listed(kernels: Sequence[Kernel], precision: Precision) -> Any:
    """Kernels of one signature as the list of pointers that the passes take."""
    begin, append = _list_makers(kernels[0].signature, precision)
    pointers = begin(kernels[0].compiled(precision))
    for kernel in kernels[1:]:
        append(pointers, kernel.compiled(precision))
    return pointers


def warm(precision: Precision) -> None:
    """Compile what fills lists of layers, or read it from the cache."""
    for signature in (FORWARD, BACKWARD, LOSS, UPDATE):
        _list_makers(signature, precision)
