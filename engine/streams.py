"""Randomness by name: one seed feeds separate streams (init, data, order, noise, dropout).

A stream is cut into blocks with a generator each, so any stretch of it can be made again without
what came before: replays, rewinds and threads all see the same numbers. Contestants share streams,
which is what makes a race fair.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

BLOCK = 1024


def generator(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """The generator of one block of the stream `name` under `seed`."""
    return np.random.Generator(np.random.Philox(key=_digest(seed, name), counter=[0, 0, 0, block]))


def key(seed: int, name: str) -> int:
    """A number from -2**63 up for the stream `name` under `seed`, for kernels that count on."""
    return int(_digest(seed, name).view("<i8")[0])


def _digest(seed: int, name: str) -> NDArray[np.uint64]:
    """128 bits that belong to a stream, (2,)."""
    return np.frombuffer(sha256(f"{seed}/{name}".encode()).digest()[:16], dtype="<u8")


def normals(seed: int, name: str, first: int, count: int, width: int) -> NDArray[np.float64]:
    """Rows `first` to `first + count` of an endless table of standard normals, (count, width)."""
    blocks = range(first // BLOCK, (first + count - 1) // BLOCK + 1) if count else range(0)
    rows = [generator(seed, name, block).standard_normal((BLOCK, width)) for block in blocks]
    if not rows:
        return np.empty((0, width))
    offset = first - blocks[0] * BLOCK
    return np.ascontiguousarray(np.concatenate(rows)[offset : offset + count])
