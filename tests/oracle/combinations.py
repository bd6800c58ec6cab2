"""Pairwise covering: few combinations of many choices, in which every two choices meet.

Most mistakes of a program need no more than two of its features to come together (Cohen, Dalal,
Fredman & Patton 1997, The AETG system). The combinations are built greedily, as AETG builds them.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

Item = tuple[str, str]
"""A factor and one of its values."""

CANDIDATES = 40


def covering(
    slots: Mapping[str, tuple[str, Sequence[str]]],
    possible: Callable[[Item, Item], bool],
    wanted: Callable[[Item, Item], bool],
) -> list[dict[str, str]]:
    """Combinations, a value for every slot, in which all pairs that are wanted and possible occur.

    `slots` has for each slot its factor and the values it takes: several slots may be of one
    factor, as three layers of a network are, and then it makes no difference in which one a value
    stands. Two values that are not `possible` together never are in one combination. The same
    arguments give the same combinations.
    """
    dice = random.Random(0)
    missing = dict.fromkeys(
        pair for one, other in combinations(slots, 2) for pair in _pairs(slots, one, other)
        if possible(*pair) and wanted(*pair)
    )
    found = []
    while missing:
        hardest = next(iter(missing))
        candidates = [_grown(slots, hardest, missing, possible, dice) for _ in range(CANDIDATES)]
        complete = [candidate for candidate in candidates if candidate is not None]
        if not complete:
            raise ValueError(f"nothing goes with {hardest[0]} and {hardest[1]} together")
        best = max(complete, key=lambda chosen: len(missing.keys() & set(_met(slots, chosen))))
        for pair in _met(slots, best):
            missing.pop(pair, None)
        found.append({slot: best[slot] for slot in slots})
    return found


def pair(one: Item, other: Item) -> tuple[Item, Item]:
    """Two items in the one order in which a pair is known."""
    return (one, other) if one < other else (other, one)


def _pairs(slots, one, other) -> Iterator[tuple[Item, Item]]:
    """All pairs that two slots can make; none for slots of one factor."""
    (first, values), (second, others) = slots[one], slots[other]
    if first != second:
        yield from (pair((first, a), (second, b)) for a in values for b in others)


def _met(slots, chosen) -> list[tuple[Item, Item]]:
    """The pairs of items that occur among the slots filled so far."""
    items = [(slots[slot][0], value) for slot, value in chosen.items()]
    return [pair(a, b) for a, b in combinations(items, 2) if a[0] != b[0]]


def _grown(slots, start, missing, possible, dice):
    """A combination with the pair `start`, or None if what was chosen first leaves nothing else."""
    chosen: dict[str, str] = {}
    for factor, value in start:
        homes = [slot for slot, (name, values) in slots.items()
                 if name == factor and value in values and slot not in chosen]
        chosen[dice.choice(homes)] = value
    rest = [slot for slot in slots if slot not in chosen]
    dice.shuffle(rest)
    for slot in rest:
        factor, values = slots[slot]
        items = [(slots[other][0], value) for other, value in chosen.items()]
        fitting = [
            value for value in values if all(possible((factor, value), item) for item in items)]
        if not fitting:
            return None
        dice.shuffle(fitting)
        chosen[slot] = max(fitting, key=lambda value: sum(
            pair((factor, value), item) in missing for item in items))
    return chosen
