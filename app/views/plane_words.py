"""What is written beside maps of the plane: what they show, and what networks say at a point."""

from __future__ import annotations

from collections.abc import Sequence

from engine.network import decision
from engine.network.rows_now import RowsNow

from ..numbers import number
from . import data_points
from .map_frame import MapFrame
from .panel_grid import percent
from .plane_extent import Plane
from .view import Appearance


def said(frame: MapFrame, plane: Plane, rows: RowsNow, asked: Sequence[Appearance], x: float,
         y: float) -> str:
    """What networks put out at a point of the plane, each with its name if there are several."""
    one = plane.prepared((x, x, y, y))
    names = frame.material.data.classes
    texts = []
    for appearance in asked:
        state = frame.state(appearance)
        inputs = rows.centre[None].copy()
        inputs[0, list(plane.axes[: 1 if plane.single else 2])] = (
            one[0] if plane.single else (one[0], one[2]))
        outputs = state.outputs(inputs)
        if not names:
            texts.append(number(float(outputs[0, 0])))
            continue
        taken = int(decision.predicted(state, outputs)[0])
        split = decision.shares(state, outputs)
        share = "" if split is None else f" {percent(round(float(split[taken, 0]), 3))}"
        owner = "" if len(asked) == 1 else f"{appearance.name}: "
        texts.append(f"{owner}{class_name(names[taken])}{share}")
    where = number(x) if plane.single else f"({number(x)}, {number(y)})"
    return f"{where}   {'   '.join(texts)}"


def about(frame: MapFrame, plane: Plane, maps: int, *, common: bool) -> str:
    """What is to be known about `maps` maps, or about the `common` one."""
    data = frame.material.data
    parts = []
    if len(data.columns) > 2:
        what = f"{data.columns[0]}, {data.columns[1]}" if plane.raw else "the first two axes"
        parts.append(f"slice along {what}, the others at their mean")
    elif not plane.raw:
        parts.append("whitened inputs")
    if len(data.targets) > 1:
        parts.append(data.targets[0])
    left_out = max(len(data.train_x) - data_points.MOST_TRAIN, 0) + max(
        len(data.test_x) - data_points.MOST_TEST, 0)
    if left_out:
        count = len(data.train_x) + len(data.test_x)
        parts.append(f"{count - left_out:,} of {count:,} rows")
    if common:
        parts.append("colour: mean of all")
    elif maps < len(frame.shown):
        parts.append(f"1 of {len(frame.shown)} contestants")
    parts.append("train filled, test rings" if len(data.test_x) else "training rows")
    return " · ".join(parts)


def class_name(name: str) -> str:
    """A class as it is read out: a bare number says that it is one."""
    return f"class {name}" if name.lstrip("-").replace(".", "", 1).isdigit() else name
