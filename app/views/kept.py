"""Results that are kept as long as what they were made of stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


class Kept:
    """One result a slot; the same frame is drawn again and again while a window is resized."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, tuple[object, object]] = {}

    def of(self, slot: Hashable, key: object, make: Callable[[], T]) -> T:
        """The slot's result, made anew where `key` is another one than before."""
        entry = self._entries.get(slot)
        if entry is not None and entry[0] == key:
            return entry[1]  # type: ignore[return-value]
        result = make()
        self._entries[slot] = (key, result)
        return result

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()


class Same:
    """A key that is the same for one object only, which it keeps alive."""

    def __init__(self, held: object) -> None:
        self.held = held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.held is self.held

    def __hash__(self) -> int:
        return id(self.held)
