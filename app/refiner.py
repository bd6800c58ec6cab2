"""The thread that makes rough pictures finer while the window shows them, and gives way at once."""

from __future__ import annotations

from collections.abc import Callable

from .looker import Looker


class Refiner:
    """Asks for finer pictures as long as there are any; `close` ends its thread."""

    def __init__(self) -> None:
        self.unfinished: Callable[[], bool] = lambda: False
        """Whether a view has a picture that is to become finer."""
        self.refine: Callable[[Callable[[], bool]], None] = lambda stop: None
        """Lets the views work at that for a while; called on the thread."""
        self._looker: Looker[bool] = Looker()

    @property
    def busy(self) -> bool:
        """Whether there is something to be done, or being done."""
        return self._looker.busy or self.unfinished()

    def tick(self, *, working: bool = True) -> bool:
        """Go on with what there is to do, if it is `working`; whether there is something to draw.
        """
        found = bool(self._looker.take())
        if working and not self._looker.busy and self.unfinished():
            self._looker.ask(self._work)
        return found

    def _work(self) -> bool:
        self.refine(lambda: self._looker.overtaken)
        return True

    def wait(self, seconds: float) -> None:
        """Wait until what is under way is done."""
        self._looker.wait(seconds)

    def take_error(self) -> BaseException | None:
        """What went wrong meanwhile, once."""
        error, self._looker.error = self._looker.error, None
        return error

    def close(self) -> None:
        """End the thread and wait for it."""
        self._looker.close()
