"""How long threads work, and how long they queue because other programs have the cores.

On a machine that does other things besides, a frame takes longer than it would alone: by as much
as its thread has queued.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import get_native_id


@dataclass(frozen=True)
class Cores:
    """Seconds that a thread has worked on a core, and that it has queued for one."""

    worked: float
    queued: float

    def since(self, before: Cores) -> Cores:
        """What has come to it since then."""
        return Cores(self.worked - before.worked, self.queued - before.queued)


def cores(thread: int | None = None) -> Cores:
    """Of a thread of this process by its native id, or of this one; NaN where nobody counts."""
    path = Path(f"/proc/self/task/{get_native_id() if thread is None else thread}/schedstat")
    try:
        worked, queued, _ = path.read_text(encoding="ascii").split()
    except OSError:
        return Cores(float("nan"), float("nan"))
    return Cores(int(worked) / 1e9, int(queued) / 1e9)
