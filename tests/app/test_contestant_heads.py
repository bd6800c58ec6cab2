"""The heads of contestants' cards in the left column."""

from __future__ import annotations

from PyQt6.QtWidgets import QApplication
from scenes import race

from app.controls.card_head import CardHead
from app.theme import LIGHT, Style


def test_a_loss_that_changes_is_never_cut(qapp):
    head = CardHead(0, race().contestants[0], Style(LIGHT))
    head.resize(220, 40)
    head.show()
    QApplication.processEvents()
    for text in ("4.1", "0.00413", "12.3", "4.11×10⁻⁷", "3", "diverged"):
        head.show_standing(text, LIGHT.quiet)
        # Painted before the event loop comes to lay anything out.
        wide = head.standing.fontMetrics().horizontalAdvance(text)
        assert head.standing.contentsRect().width() >= wide, text
        assert head.name.width() >= head.name.minimumWidth()
    head.close()
