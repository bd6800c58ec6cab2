"""Randomness by name: any stretch can be made again, and names are independent."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.streams import BLOCK, normals


@given(first=st.integers(0, 5 * BLOCK), count=st.integers(0, 2 * BLOCK), seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_any_stretch_is_the_same_as_within_the_whole(first, count, seed):
    whole = normals(seed, "noise", 0, first + count, 2)
    assert np.array_equal(normals(seed, "noise", first, count, 2), whole[first:])


def test_the_numbers_are_standard_normal():
    numbers = normals(7, "noise", 0, 100_000, 2)
    assert abs(numbers.mean()) < 0.01
    assert abs(numbers.std() - 1) < 0.01
    assert abs(np.corrcoef(numbers.T)[0, 1]) < 0.01


def test_seeds_and_names_give_other_numbers():
    base = normals(7, "noise", 0, 10, 2)
    assert not np.any(base == normals(8, "noise", 0, 10, 2))
    assert not np.any(base == normals(7, "order", 0, 10, 2))
