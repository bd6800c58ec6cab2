"""What to compile before the first run, one kernel at a time, so that a progress bar can count."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from . import heights, polyline, strokes, yuv
from .loop import compiled_descend
from .maps.blocks import compiled_march
from .maps.minima import compiled_polish
from .maps.sweep import compiled_begin, compiled_sweep
from .optimizers import optimizers
from .surfaces import surfaces

Job = tuple[str, Callable[[], object]]


def kernels() -> list[Job]:
    """What the first picture needs: a name to show, and the call that compiles a kernel."""
    from .relief import polygon, projecting, sight, surface

    jobs: list[Job] = [("descent loop", compiled_descend)]
    jobs += [(entry.title, entry.kernel.compiled) for entry in optimizers.values()]
    jobs += [(entry.title, entry.kernel.compiled) for entry in surfaces.values()]
    jobs += [("contour map", heights.warm), ("lines", strokes.warm), ("thinning", polyline.warm),
             ("film colours", yuv.warm), ("maps", compiled_sweep),
             ("maps of starts", compiled_march),
             ("starts of maps", compiled_begin), ("minima", compiled_polish),
             ("surfaces in depth", surface.warm), ("sight", sight.warm),
             ("floors", polygon.warm), ("points in depth", projecting.warm)]
    return jobs


def network_kernels() -> list[Job]:
    """What networks need, in the precision of speed."""
    from . import decision_picture, edges, enlarge, smoothing
    from .layers import layers
    from .losses import losses
    from .network import activation_curves, counting, kernel_lists, passes, unit_descent
    from .network.order import compiled_shuffled

    jobs: list[Job] = [
        ("training loop", lambda: passes.compiled(passes.train, "float32")),
        ("evaluation", lambda: passes.compiled(passes.evaluate, "float32")),
        ("backpropagation", lambda: passes.compiled(passes.there_and_back, "float32")),
        ("losses on planes", lambda: passes.compiled(passes.at_points, "float32")),
        ("forward pass", lambda: passes.compiled(passes.through, "float32")),
        ("backward pass", lambda: passes.compiled(passes.back, "float32")),
        ("histograms", counting.warm),
        ("decision maps", decision_picture.warm),
        ("enlarging", enlarge.warm),
        ("edges", edges.warm),
        ("smoothing", smoothing.warm),
        ("activation functions", activation_curves.warm),
        ("lists of layers", lambda: kernel_lists.warm("float32")),
        ("order of rows", compiled_shuffled),
        ("descent of a linear unit", unit_descent.warm),
    ]
    named = [(layer.title, kernel) for layer in layers.values()
             for kernel in (layer.forward, layer.backward)]
    named += [(loss.title, loss.kernel) for loss in losses.values()]
    named += [(optimizer.title, optimizer.kernel) for optimizer in optimizers.values()]
    return jobs + [(title, partial(kernel.compiled, "float32")) for title, kernel in named]
