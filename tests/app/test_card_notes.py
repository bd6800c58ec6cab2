"""A card's note: what matters most comes first, and what does not fit is left out."""

from __future__ import annotations

import pytest
from PyQt6.QtGui import QFontMetricsF

from app import typefaces
from app.view_head import fitting

NOTE = "loss on 280 training rows · random directions around Eight layers · filter-normalised"


@pytest.fixture
def metrics(qapp):
    typefaces.install()
    return QFontMetricsF(typefaces.font(14, 400))


def test_parts_are_left_out_from_the_last_one_on(metrics):
    parts = NOTE.split(" · ")
    for count in (3, 2, 1):
        wanted = " · ".join(parts[:count])
        assert fitting(NOTE, metrics, metrics.horizontalAdvance(wanted)) == wanted


def test_no_word_is_cut(metrics):
    room = metrics.horizontalAdvance("loss on 280 training r…")
    assert fitting(NOTE, metrics, room) == "loss on 280 training…"
    for room in range(0, 600, 7):
        shown = fitting(NOTE, metrics, room)
        assert metrics.horizontalAdvance(shown) <= room
        assert NOTE.startswith(shown.rstrip("…"))
        rest = NOTE[len(shown.rstrip("…")):]
        assert not shown or not rest or rest[0] == " "


def test_where_there_is_no_room_there_is_no_note(metrics):
    assert fitting(NOTE, metrics, 3) == "" == fitting("", metrics, 100)
