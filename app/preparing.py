"""Pictures of large networks, prepared on a thread of their own: roughly first, then of all rows.

What is prepared is kept by the states, so that drawing it takes no longer than a frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.network.layer_look import look_rows, looks
from engine.network.state import NetworkState
from engine.run import Run
from engine.snapshot import Snapshot

from .looker import Looker
from .views import Look


@dataclass(frozen=True)
class Prepared:
    """A snapshot that can be drawn at once; `told` where its losses are known too."""

    run: Run
    snapshot: Snapshot
    look: Look
    told: bool


class Preparing:
    """One snapshot after another; of several that wait only the newest is prepared."""

    def __init__(self) -> None:
        self.views: Callable[[Snapshot, Look], None] = lambda snapshot, look: None
        """Works out what the views will need of a snapshot; called on another thread."""
        self.last: Prepared | None = None
        """What was taken last, where it is of the run that is shown."""
        self._looker: Looker[Prepared] = Looker()

    @property
    def busy(self) -> bool:
        """Whether something waits to be prepared or is being prepared."""
        return self._looker.busy

    def ask(self, run: Run, step: int, look: Look, *, playing: bool) -> None:
        """Prepare what a run shows at a step: of all rows, where the look is a thorough one."""
        last = self.last
        # What all rows have been looked at for is not to be seen more roughly again.
        if last is not None and last.look.thorough and last.run is run and (
                last.snapshot.step == step):
            look = replace(look, thorough=True)
        told = look.thorough or playing
        self._looker.ask(lambda: self._prepare(run, step, look, told))

    def take(self, run: Run) -> Prepared | None:
        """The newest that is ready, once; `run` is what is shown by now."""
        found = self._looker.take()
        if found is not None:
            self.last = found if found.run is run else None
        return found

    def take_error(self) -> BaseException | None:
        """What went wrong since this was asked for last."""
        error, self._looker.error = self._looker.error, None
        return error

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until nothing is left to be prepared."""
        self._looker.wait(seconds)

    def close(self) -> None:
        """End the thread and wait for it."""
        self._looker.close()

    def _prepare(self, run: Run, step: int, look: Look, told: bool) -> Prepared | None:
        """What is drawn later, or None where a newer wish has come meanwhile."""
        snapshot = run.at(step, look.chosen)
        states = [state for state in snapshot.contestants if isinstance(state, NetworkState)]
        if look.thorough:
            # An edit that comes meanwhile is not to wait for all of it.
            seen = [state for state, contestant in zip(
                states, run.experiment.contestants, strict=True) if not contestant.muted]
            rows = look_rows(seen, thorough=True)
            for first in range(0, len(seen), 2):
                if self._looker.overtaken:
                    return None
                looks(seen[first : first + 2], rows)
        self.views(snapshot, look)
        for state in states if told else ():
            if look.thorough and self._looker.overtaken:
                return None
            assert state.loss is not None and state.test is not None
        return Prepared(run, snapshot, look, told)
