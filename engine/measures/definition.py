"""What a measure is: something to be worked out of an experiment besides its run, as arrays.

A measure is one file here, whose definition says what it is; the table of its keys, and what works
its arrays out, is elsewhere and is asked for only when a file has one, so that listing costs
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..measure import MeasureTable


@dataclass(frozen=True)
class Measure:
    """A kind of measure. `keys` says of each key of its `[[measures]]` table what it is.

    `arrays` says the same of each array that it leaves in a record, below `measures/NAME/`.
    `kinds` are the kinds of problem that it can be taken of, and `table` gives its table's class.
    """

    name: str
    title: str
    doc: str
    source: str
    keys: Mapping[str, str]
    arrays: Mapping[str, str]
    kinds: frozenset[str]
    table: Callable[[], type[MeasureTable]]
