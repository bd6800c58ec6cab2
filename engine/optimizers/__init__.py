"""Optimizers, one file each; `optimizers["adam"]` is a definition."""

from ..registry import Registry
from .definition import Anatomy, Moment, Optimizer, Part

optimizers: Registry[Optimizer] = Registry("optimizer", __name__, Optimizer)

__all__ = ["Anatomy", "Moment", "Optimizer", "Part", "optimizers"]
