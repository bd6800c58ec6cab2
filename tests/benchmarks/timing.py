"""Taking times: medians of repeats, ours and theirs in turn, so that both meet the same noise."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from time import perf_counter
from typing import Any

from .benchmark import Span

INSTALL = "pip install 'trainscope[oracle]'"


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    began = perf_counter()
    action()
    return perf_counter() - began


def rates_in_turn(
    ours: tuple[Callable[[], object], int], theirs: tuple[Callable[[], object], int], repeats: int
) -> tuple[Span, Span]:
    """Things a second of two actions, each with how many a call does; first calls do not count."""
    measured: tuple[list[float], list[float]] = ([], [])
    for action, _ in (ours, theirs):
        action()
    for _ in range(repeats):
        for (action, count), found in zip((ours, theirs), measured, strict=True):
            found.append(count / seconds(action))
    return Span.of(measured[0]), Span.of(measured[1])


def peer(*names: str) -> tuple[Any, ...] | None:
    """A peer's modules, or None where one of them is not installed."""
    try:
        return tuple(import_module(name) for name in names)
    except ImportError:
        return None


def absent(name: str) -> str:
    """The note of a row whose peer is not there."""
    return f"{name} is not installed: {INSTALL}"
