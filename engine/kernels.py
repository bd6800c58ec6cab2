"""Kernels: plain Python functions of a few fixed signatures, compiled by Numba at first use.

A definition file holds its kernel as ordinary Python; nothing here imports Numba until a kernel is
needed, so listing what the program knows costs no compiler start. The same source serves float32
and float64, and only the precision that is used is compiled. Plug-ins reach the compiled loops as
function pointers of an explicit type, so no combination of them compiles anything new.

A kernel calls no kernel of another file by name: Numba's cache watches only the caller's file.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile, mkdtemp
from threading import RLock
from typing import Any, Literal

Precision = Literal["float32", "float64"]

# NaN and infinity stay visible (no nnan, no ninf): a divergence must be seen, not optimised away.
FAST = {"nsz", "arcp", "contract", "afn", "reassoc"}

# Compiling is not thread-safe for one function: the warm-up thread and the worker share this lock.
_compiling = RLock()


@dataclass(frozen=True)
class Signature:
    """A kernel's type as Numba writes it, with `{f}` standing for the precision.

    UPDATE   (params, grads, slots, hyper, step)   (P,), (P,), (S, P), (H,) float64, counted from 1
    SURFACE  (point, grad) -> float                (2,), (2,) filled in place
    FORWARD  (params, x, y, memory, state, hyper, key, training)
             (P,), (fan_in, n), (fan_out, n) filled, (M,) kept for the way back, (R,), (H,) float64;
             `key` is another number for every step, layer and seed, from which masks are drawn
    BACKWARD (params, x, y, dy, dx, dparams, memory, hyper, training)
             fills dx (fan_in, n), or leaves it where it has no rows, and dparams (P,), or,
             if it has a weight matrix, leaves that where it has no room
    LOSS     (out, target, dout, hyper) -> float   mean over the n rows
             (K, n), (T, n), (K, n) filled, (H,) float64
    """

    name: str
    text: str

    def of(self, precision: Precision) -> str:
        """The signature's text for one precision."""
        return self.text.format(f=precision)


UPDATE = Signature("update", "void({f}[::1], {f}[::1], {f}[:, ::1], float64[::1], int64)")
SURFACE = Signature("surface", "float64(float64[::1], float64[::1])")
FORWARD = Signature("forward", "void({f}[::1], {f}[:, ::1], {f}[:, ::1], {f}[::1], {f}[::1], "
                               "float64[::1], uint64, boolean)")
BACKWARD = Signature("backward", "void({f}[::1], {f}[:, ::1], {f}[:, ::1], {f}[:, ::1], "
                                 "{f}[:, ::1], {f}[::1], {f}[::1], float64[::1], boolean)")
LOSS = Signature("loss", "float64({f}[:, ::1], {f}[:, ::1], {f}[:, ::1], float64[::1])")


class Kernel:
    """A plain function and the compiled forms of it that have been asked for so far."""

    def __init__(self, function: Callable[..., Any], signature: Signature) -> None:
        self.function = function
        self.signature = signature
        self.__doc__ = function.__doc__
        self._compiled: dict[Precision, Any] = {}

    def compiled(self, precision: Precision = "float64") -> Any:
        """The Numba dispatcher for `precision`, compiled or read from the cache at first use."""
        if precision not in self._compiled:
            with _compiling:
                if precision not in self._compiled:
                    text = self.signature.of(precision)
                    self._compiled[precision] = compile_function(self.function, text, precision)
        return self._compiled[precision]


def kernel(signature: Signature) -> Callable[[Callable[..., Any]], Kernel]:
    """Mark a plain function as a kernel of `signature`."""
    return lambda function: Kernel(function, signature)


def compile_function(function: Callable[..., Any], signature: Any, precision: Precision) -> Any:
    """Compile `function` for one explicit signature, without the GIL and cached on disk.

    float64 is the precision of proof and is compiled to the letter (no fast maths), so that trails
    can be compared with other frameworks' to the last digits; float32 is the precision of speed.
    """
    numba = import_numba()
    return numba.njit(
        signature, nogil=True, cache=True, error_model="numpy",
        fastmath=FAST if precision == "float32" else False,
    )(function)


def pointer_type(signature: Signature, precision: Precision = "float64") -> Any:
    """The Numba type of a pointer to any kernel of `signature`."""
    numba = import_numba()
    from numba.core import sigutils

    args, returned = sigutils.normalize_signature(signature.of(precision))
    return numba.types.FunctionType(returned(*args))


@cache
def import_numba() -> Any:
    """Numba, with its cache in a folder named after the engine's sources.

    Numba notices a change in a kernel's own file only; a folder named by all of them also answers
    installs whose folders cannot be written. NUMBA_CACHE_DIR, where set, is respected.
    """
    if "NUMBA_CACHE_DIR" not in os.environ:
        os.environ["NUMBA_CACHE_DIR"] = str(_writable(cache_folder()))
    import numba

    config: Any = numba.config
    config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]
    return numba


def _writable(folder: Path) -> Path:
    """The folder itself, or a temporary one where it cannot be written to.

    Numba refuses to compile at all without a place for its cache; this one goes with the process.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    except OSError:
        temporary = Path(mkdtemp(prefix="trainscope-kernels-"))
        atexit.register(rmtree, temporary, ignore_errors=True)
        return temporary


def cache_folder() -> Path:
    """Where compiled kernels of exactly these sources are kept."""
    from platformdirs import user_cache_path

    digest = sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return user_cache_path("trainscope") / "kernels" / digest.hexdigest()[:16]
