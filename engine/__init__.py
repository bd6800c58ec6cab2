"""Trainscope's engine: headless, exact and fast.

    from engine import Experiment, Run, load

Most names are looked up at first use, so that importing the engine starts neither Numba nor
pydantic. The registries are bound at once: each is called like the package or module it lives in,
and Python would otherwise bind that name to the module as soon as anything imports it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .optimizers import optimizers
from .schedules import schedules
from .surfaces import surfaces

if TYPE_CHECKING:
    from .errors import TrainscopeError
    from .experiment import Experiment
    from .lesson import Lesson, load
    from .network.gradient_check import gradient_check
    from .run import Run
    from .snapshot import Snapshot

_HOMES = {
    "Experiment": "experiment",
    "Lesson": "lesson",
    "Run": "run",
    "Snapshot": "snapshot",
    "TrainscopeError": "errors",
    "gradient_check": "network.gradient_check",
    "load": "lesson",
}

__all__ = [
    "Experiment", "Lesson", "Run", "Snapshot", "TrainscopeError", "gradient_check", "load",
    "optimizers", "schedules", "surfaces",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
