"""The loss landscape of networks, on planes and lines through the space of their weights.

    from engine import Run, landscape, load

    run = Run(load("three-inits.toml")).finish()
    picture = landscape.Survey().picture(run.snapshot())        a plane shared by all paths
    picture.field.heights, picture.plane.explained, picture.paths[0].distance

What a picture is made of can be had by itself: `pca_plane`, `random_plane`, `plane_through`,
`hessian_plane`; `WeightLoss`, `field`, `along`, `between`, `leading`.
"""

from .directions import (
    filter_normalised,
    hessian_plane,
    pca_plane,
    plane_through,
    random_plane,
)
from .field import Field, around, field, refined
from .hessian import Eigenpairs, hessian_product, leading
from .loss import Cancelled, WeightLoss
from .paths import WeightPaths, alike
from .picture import Head, LandscapePicture, PathOnPlane, Wanted
from .plane import Feet, Plane
from .slices import Slice, along, between
from .survey import Survey

__all__ = [
    "Cancelled", "Eigenpairs", "Feet", "Field", "Head", "LandscapePicture", "PathOnPlane", "Plane",
    "Slice", "Survey", "Wanted", "WeightLoss", "WeightPaths", "alike", "along", "around", "between",
    "field", "filter_normalised", "hessian_plane", "hessian_product", "leading", "pca_plane",
    "plane_through", "random_plane", "refined",
]
