"""A point of the plane in one line of a panel: its name and two coordinates to be typed."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from .slider import exact


class PointRow(QWidget):
    """Two fields; what is typed is announced and shown once it is in force."""

    typed = pyqtSignal(object)
    """Another point, (x, y)."""
    misread = pyqtSignal(str)
    """A sentence about what is no number."""

    def __init__(self, text: str, owner: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel(text)
        label.setObjectName("small")
        row.addWidget(label)
        row.addStretch()
        self.fields: list[QLineEdit] = []
        for axis in "xy":
            field = QLineEdit()
            field.setAccessibleName(f"{owner} {text} {axis}".strip())
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.setObjectName("coordinate")
            field.editingFinished.connect(self._finished)
            self.fields.append(field)
            row.addWidget(field)

    def show_point(self, point: tuple[float, float]) -> None:
        """Show the point in force, unless another one is being typed."""
        for field, value in zip(self.fields, point, strict=True):
            if not field.hasFocus() or not field.isModified():
                field.setText(exact(value))
                field.setCursorPosition(0)

    def _finished(self) -> None:
        if not any(field.isModified() for field in self.fields):
            return
        try:
            point = as_numbers(self.fields)
        except ValueError as error:
            self.misread.emit(str(error))
        else:
            self.typed.emit(point)


def as_numbers(fields: list[QLineEdit]) -> tuple[float, ...]:
    """What stands in fields, with a comma or a point; raises ValueError with a sentence."""
    values = []
    for field in fields:
        field.setModified(False)
        try:
            values.append(float(field.text().replace("\N{MINUS SIGN}", "-").replace(",", ".")))
        except ValueError:
            raise ValueError(
                f"{field.accessibleName()} must be a number, not {field.text()!r}") from None
    return tuple(values)
