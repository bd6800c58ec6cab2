"""The sheet of keyboard shortcuts that F1 shows, made from the commands themselves."""

from __future__ import annotations

from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from .actions import COMMANDS, GROUPS


class ShortcutSheet(QDialog):
    """Keys and what they do, in columns by group."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 24)
        layout.setSpacing(44)
        for groups in (GROUPS[:2], GROUPS[2:3], GROUPS[3:]):
            column = QVBoxLayout()
            for group in groups:
                column.addLayout(self._group(group))
                column.addSpacing(18)
            column.addStretch()
            layout.addLayout(column)

    @staticmethod
    def _group(group: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(7)
        head = QLabel(group.upper())
        head.setObjectName("group")
        grid.addWidget(head, 0, 0, 1, 2)
        for row, command in enumerate((c for c in COMMANDS if c.group == group), start=1):
            keys = "  or  ".join(
                QKeySequence(part).toString(QKeySequence.SequenceFormat.NativeText)
                for part in command.keys.split(", "))
            label = QLabel(keys)
            label.setObjectName("quiet")
            grid.addWidget(QLabel(command.text), row, 0)
            grid.addWidget(label, row, 1)
        return grid
