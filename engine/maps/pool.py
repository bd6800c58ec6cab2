"""Work in small pieces on threads, which can be called off between any two of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ..at_once import cores

Stop = Callable[[], bool]


def never() -> bool:
    """The `stop` of work that nobody calls off."""
    return False


def in_pieces(count: int, piece: int, work: Callable[[slice], None], stop: Stop = never,
              threads: int | None = None) -> bool:
    """Do `work` on the slices of `piece` that `count` things fall into; whether all were done.

    Pieces know nothing of each other, so it makes no difference how many `threads` there are
    (None: as many as cores). The first error among them is raised.
    """
    slices = [slice(first, min(first + piece, count)) for first in range(0, count, piece)]

    def one(part: slice) -> bool:
        if stop():
            return False
        work(part)
        return True

    threads = min(threads or cores(), len(slices))
    if threads < 2:
        return all(one(part) for part in slices)
    with ThreadPoolExecutor(threads, "trainscope-map") as pool:
        return all(done.result() for done in [pool.submit(one, part) for part in slices])
