"""Measures of an experiment, one file each; `measures["basins"]` is a definition."""

from ..registry import Registry
from .definition import Measure

measures: Registry[Measure] = Registry("measure", __name__, Measure)

__all__ = ["Measure", "measures"]
