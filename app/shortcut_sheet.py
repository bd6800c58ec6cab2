"""The sheet of keyboard shortcuts that F1 shows, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from .actions import COMMANDS, GROUPS
from .drawing_keys import KEYS as DRAWING
from .views.relief_turning import KEYS as TURNING


class ShortcutSheet(QDialog):
    """Keys and what they do, in columns by group."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 24)
        layout.setSpacing(44)
        for groups in (GROUPS[:2], GROUPS[2:4], GROUPS[4:]):
            column = QVBoxLayout()
            for group in groups:
                column.addLayout(_grid(group, [
                    (command.text, "  or  ".join(
                        QKeySequence(part).toString(QKeySequence.SequenceFormat.NativeText)
                        for part in command.keys.split(", ")))
                    for command in COMMANDS if command.group == group]))
                column.addSpacing(18)
                if group == "View":
                    for title, keys in (("While drawing", DRAWING), ("In a 3-D view, once clicked",
                                                                     TURNING)):
                        column.addLayout(_grid(title, keys))
                        column.addSpacing(18)
            column.addStretch()
            layout.addLayout(column)


def _grid(title: str, lines: Sequence[tuple[str, str]]) -> QGridLayout:
    """A group's head, and below it what each key does."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(7)
    head = QLabel(title.upper())
    head.setObjectName("group")
    grid.addWidget(head, 0, 0, 1, 2)
    for row, (text, keys) in enumerate(lines, start=1):
        label = QLabel(keys)
        label.setObjectName("quiet")
        grid.addWidget(QLabel(text), row, 0)
        grid.addWidget(label, row, 1)
    return grid
