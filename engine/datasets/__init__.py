"""Data to learn from, one file each; `datasets["moons"]` is a definition."""

from ..registry import Registry
from .definition import Dataset

datasets: Registry[Dataset] = Registry("dataset", __name__, Dataset)

__all__ = ["Dataset", "datasets"]
