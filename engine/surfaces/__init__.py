"""Loss surfaces in two parameters, one file each; `surfaces["beale"]` is a definition."""

from ..registry import Registry
from .definition import Surface

surfaces: Registry[Surface] = Registry("surface", __name__, Surface)

__all__ = ["Surface", "surfaces"]
