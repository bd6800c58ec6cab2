"""Layers, one file each; activations are layers too. `layers["dense"]` is a definition."""

from ..registry import Registry
from .definition import Activation, Form, Layer, Tensor

layers: Registry[Layer] = Registry("layer", (__name__, "engine.activations"), Layer)

__all__ = ["Activation", "Form", "Layer", "Tensor", "layers"]
