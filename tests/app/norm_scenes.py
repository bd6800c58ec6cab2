"""Networks with batch norm and dropout for the tests of those views, and their golden pictures.

After a deliberate change of looks the pictures are drawn anew by
`python -m tests.app.norm_scenes`, looked at, and stored with the change.
"""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QFontMetricsF, QImage

from app import typefaces
from app.theme import THEMES
from app.views import Look
from engine.experiment import Experiment
from engine.run import Run
from engine.snapshot import Snapshot

if __package__:
    from .scenes import SVG, Solo, picture, pixels, solo, svg_of
else:
    from scenes import SVG, Solo, picture, pixels, solo, svg_of

NETWORKS = Path(__file__).parent / "golden" / "networks"
NORM, TANH, RELU = {"kind": "batch-norm"}, {"kind": "tanh"}, {"kind": "relu"}
# Texts may come as near as this, in pixels: metrics are wider than what is painted.
TOUCH = 2.0


def dense(width: int) -> dict:
    return {"kind": "dense", "width": width}


def dropped(rate: float = 0.5) -> dict:
    return {"kind": "dropout", "rate": rate}


NORMED = [dense(12), NORM, TANH, dense(6), NORM, TANH]
THINNED = [dense(24), RELU, dropped(0.4), dense(24), RELU, dropped(0.4)]


def experiment(contestants: list[dict], steps: int = 240, **problem: object) -> Experiment:
    """A race on moons; contestants without an optimizer have Adam."""
    usual = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16}
    return Experiment(seed=3, steps=steps, problem={**usual, **problem}, contestants=[
        {"optimizer": {"name": "adam", "lr": 0.02}, **entry} for entry in contestants])


@lru_cache(32)
def finished(made: Experiment) -> Run:
    """An experiment carried out."""
    return Run(made).finish()


def two(**more: object) -> Experiment:
    """One contestant with neither, and one with both layers."""
    return experiment([{"name": "Plain", "layers": [dense(8), TANH]}, {
        "name": "Both", "layers": [*NORMED, dense(8), RELU, dropped(0.3)]}], **more)


SCENES: dict[str, tuple[str, Experiment, tuple[int, int]]] = {
    "batch-norm": ("batch-norm", experiment([
        {"name": "Plain", "layers": [dense(8), TANH]},
        {"name": "With batch norm", "layers": NORMED}]), (640, 400)),
    "dropout": ("dropout", experiment([
        {"name": "Plain", "layers": [dense(8), TANH]},
        {"name": "With dropout", "layers": THINNED}]), (640, 300)),
    "dropout-rows": ("dropout", experiment(
        [{"name": "With dropout", "layers": THINNED}], 60, dataset="digits"), (480, 300)),
    "dropout-curves": ("dropout", experiment(
        [{"name": "With dropout", "layers": THINNED}], dataset="sine", loss="mse"), (480, 280)),
}


def golden_names(view: str) -> list[str]:
    """The golden pictures of a view, such as dropout-rows-dark."""
    return [f"{scene}-{theme}" for scene, (name, _, _) in SCENES.items() if name == view
            for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    view, made, size = SCENES[scene]
    with solo(view, theme, size) as shown:
        return shown.image(finished(made).at(3 * made.steps // 4), Look())


def assert_as_it_was(name: str, tmp_path: Path) -> None:
    """Within 1.5 levels on average, and 0.5 % of the pixels off by more than 24."""
    path = NETWORKS / f"{name}.png"
    assert path.exists(), f"run python -m tests.app.norm_scenes {name}"
    now, before = draw_golden(name), picture(path)
    off = np.abs(pixels(now) - before)
    if off.mean() > 1.5 or (off.max(2) > 24).mean() > 0.005:
        now.save(str(tmp_path / f"{name}.png"))
        raise AssertionError(f"{name}: {off.mean():.2f} levels off on average; compare {path} with "
                             f"{tmp_path / name}.png")


def text_boxes(shown: Solo, snapshot: Snapshot, look: Look) -> list[tuple[str, QRectF]]:
    """Every text that is written, with the rectangle that it takes."""
    shown.view.draw(snapshot, look)
    found: list[tuple[str, QRectF]] = []

    def walk(element, left: float, top: float, scale: float) -> None:
        moved = re.match(r"matrix\(([^)]*)\)", element.get("transform", ""))
        if moved:
            a, _, _, _, e, f = map(float, moved[1].split(","))
            left, top, scale = left + scale * e, top + scale * f, scale * a
        if element.tag == f"{SVG}text":
            size = scale * float(element.get("font-size"))
            metrics = QFontMetricsF(typefaces.font(size, int(element.get("font-weight")),
                                                   tabular=True))
            x = left + scale * float(element.get("x"))
            baseline = top + scale * float(element.get("y"))
            # Without the room that letters with tails need, which numbers do not use.
            tall = metrics.capHeight()
            found.append((element.text, QRectF(
                x, baseline - tall, metrics.horizontalAdvance(element.text), tall)))
        for child in element:
            walk(child, left, top, scale)

    walk(svg_of(shown._render, shown.size), 0.0, 0.0, 1.0)
    return found


def assert_readable(shown: Solo, snapshot: Snapshot, look: Look) -> list[str]:
    """No text reaches out of the view and none lies over another; returns them."""
    boxes = text_boxes(shown, snapshot, look)
    whole = QRectF(0, 0, *shown.size).adjusted(-TOUCH, -TOUCH, TOUCH, TOUCH)
    for place, (text, box) in enumerate(boxes):
        assert whole.contains(box), f"{text!r} at {box} reaches out of {shown.size}"
        inner = box.adjusted(TOUCH / 2, TOUCH / 2, -TOUCH / 2, -TOUCH / 2)
        for other, taken in boxes[:place]:
            assert not inner.intersects(taken), f"{text!r} lies over {other!r} at {shown.size}"
    return [text for text, _ in boxes]


def mouse(x: float, y: float) -> SimpleNamespace:
    """A mouse event at a pixel of the view, with `taken` saying what became of it."""
    event = SimpleNamespace(taken=None, pos=lambda: QPointF(x, y), isExit=lambda: False)
    event.accept = lambda: setattr(event, "taken", True)
    event.ignore = lambda: setattr(event, "taken", False)
    return event


def main() -> None:
    """Write the named pictures, or all of them."""
    from app.window_start import make_application

    application = make_application()
    NETWORKS.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or [*golden_names("batch-norm"), *golden_names("dropout")]:
        draw_golden(name).save(str(NETWORKS / f"{name}.png"))
        sys.stdout.write(f"{NETWORKS / name}.png\n")
    application.quit()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
