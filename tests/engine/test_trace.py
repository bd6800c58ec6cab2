"""The memory of a run: thinned by halves, consistent, and never changed under a reader."""

import numpy as np
import pytest

from engine.trace import Trace


def fill(trace: Trace, steps: int, chunk: int) -> None:
    numbers = np.arange(steps, dtype=float)
    rows = np.stack([numbers, -numbers], axis=1)
    for first in range(0, steps, chunk):
        trace.extend(rows[first : first + chunk])


@pytest.mark.parametrize("capacity", [2, 7, 8, 100])
@pytest.mark.parametrize("chunk", [1, 3, 64, 1000])
def test_kept_rows_belong_to_the_steps_they_say(capacity, chunk):
    trace = Trace(2, capacity)
    fill(trace, 1000, chunk)
    kept = trace.kept
    assert trace.length == 1000
    assert len(kept.rows) <= capacity
    assert np.array_equal(kept.rows[:, 0], kept.steps)
    # Nothing is left out at the end: the next kept step would be beyond the last one.
    assert kept.steps[-1] + kept.stride > 999


def test_every_step_is_kept_while_there_is_room():
    trace = Trace(2, 5000)
    fill(trace, 5000, 333)
    assert trace.kept.stride == 1
    assert len(trace.kept.rows) == 5000


def test_what_was_handed_out_never_changes_and_cannot_be_written_to():
    trace = Trace(2, 64)
    fill(trace, 50, 50)
    seen = trace.kept
    copy = seen.rows.copy()
    trace.extend(np.full((5000, 2), 7.0))
    assert np.array_equal(seen.rows, copy)
    with pytest.raises(ValueError):
        seen.rows[0, 0] = 1.0
