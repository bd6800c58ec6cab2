"""Draw the golden pictures anew: `python -m tests.app.make_pictures [NAME ...]`, then look at them.

To be run after a deliberate change of how something looks; the changed pictures belong to the same
commit as the change.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.window_start import make_application

from .scenes import GOLDEN, draw_golden, golden_names


def main() -> None:
    """Write the named pictures, or all of them."""
    application = make_application()
    GOLDEN.mkdir(exist_ok=True)
    for name in sys.argv[1:] or golden_names():
        draw_golden(name).save(str(GOLDEN / f"{name}.png"))
        sys.stdout.write(f"{GOLDEN / name}.png\n")
    application.quit()


if __name__ == "__main__":
    main()
