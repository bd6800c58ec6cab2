"""Activation functions, one file each; `activations["tanh"]` is a definition."""

from ..layers.definition import Activation
from ..registry import Registry

activations: Registry[Activation] = Registry("activation", __name__, Activation)

__all__ = ["Activation", "activations"]
