"""The golden pictures of all views: how each is drawn, compared with what is stored, and stored.

Modules `*scenes.py` say what is on them, by `golden_names()` and `draw_golden(name)`. After a
deliberate change of looks `python -m tests.app.goldens [NAME ...]` draws them anew; look at them,
and store them with the change.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from PyQt6.QtGui import QImage
from scenes import picture, pixels

FOLDER = Path(__file__).parent / "golden"
# Font hinting and rounding may differ a little between versions of Qt.
MOST_ON_AVERAGE = 1.5
FAR, MOST_FAR = 24, 0.005


@cache
def goldens() -> dict[str, Callable[[str], QImage]]:
    """What draws each picture, by its name, such as loss-curve-dark."""
    found: dict[str, Callable[[str], QImage]] = {}
    for path in sorted(Path(__file__).parent.glob("*scenes.py")):
        module = vars(import_module(path.stem))
        if "draw_golden" in module:
            names = module["golden_names"]()
            assert not found.keys() & set(names), f"{path.stem} has names of others"
            found |= dict.fromkeys(names, module["draw_golden"])
    return found


def assert_as_it_was(name: str, tmp_path: Path) -> None:
    """Within 1.5 levels on average, and 0.5 % of the pixels off by more than 24."""
    path = FOLDER / f"{name}.png"
    assert path.exists(), f"run python -m tests.app.goldens {name}"
    now, before = goldens()[name](name), picture(path)
    drawn = pixels(now)
    assert drawn.shape == before.shape
    off = np.abs(drawn - before)
    far = (off.max(2) > FAR).mean()
    if off.mean() > MOST_ON_AVERAGE or far > MOST_FAR:
        now.save(str(tmp_path / f"{name}.png"))
        raise AssertionError(
            f"{name}: {off.mean():.2f} levels off on average, {far:.2%} of the pixels by more than "
            f"{FAR}; compare {path} with {tmp_path / name}.png")


def main() -> None:
    """Write the named pictures, or all of them."""
    from app.window_start import make_application

    application = make_application()
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or goldens():
        goldens()[name](name).save(str(FOLDER / f"{name}.png"))
        sys.stdout.write(f"{FOLDER / name}.png\n")
    application.quit()


if __name__ == "__main__":
    main()
